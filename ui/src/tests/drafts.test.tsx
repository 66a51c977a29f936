/** Drafts in the window: begun, typed with the keyboard, pasted, mended, made into a card. */
import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import * as drafts from "../fake/draftsWorld";
import * as world from "../fake/world";
import { found } from "../places/drafts/CodeBox";
import { testIds } from "../testids";
import { nth, showScene } from "./render";

const find = (id: string) => screen.findByTestId(id);
const cell = (line: number, name: "base" | "vat") =>
  screen
    .getAllByTestId(testIds.draftCell)
    .find((it) => it.dataset.value === name && it.closest("tr")?.dataset.line === String(line)) ?? document.body;

describe("the list of drafts", () => {
  it("says whose each is, how it stands, and is thrown away with a way back", async () => {
    const { backend, user } = await showScene("drafts-list");
    const list = await find(testIds.draftList);
    expect(within(list).getAllByTestId(testIds.draftRow)).toHaveLength(4);
    expect(list).toHaveTextContent(/Fjordlys Interiør AS · skrevet.*2 må rettes/);
    expect(list).toHaveTextContent(/Uten virksomhet.*Ikke fylt ut/);
    await user.click(nth(testIds.draftDiscard, 0));
    expect(backend.calls).toContainEqual(["discardDraft", "draft-2"]);
    expect(screen.getByTestId(testIds.told)).toHaveTextContent(/Utkastet for Fjordlys Interiør AS er slettet/);
    await user.click(screen.getByTestId(testIds.toldDeed));
    expect(backend.calls).toContainEqual(["restoreDraft", "draft-2"]);
  });

  it("has a wastebasket that says how long, and gives back", async () => {
    const { backend, user } = await showScene("drafts-basket");
    expect(await find(testIds.draftGone)).toHaveTextContent(/torsdag 9. juli/);
    await user.click(screen.getByTestId(testIds.draftRestore));
    expect(backend.calls).toContainEqual(["restoreDraft", "draft-9"]);
  });

  it("is begun with Ctrl N from anywhere", async () => {
    const { backend, user } = await showScene("history");
    await user.keyboard("{Control>}n{/Control}");
    expect(backend.calls).toContainEqual(["beginDraft", null]);
    expect(await find(testIds.draftCompany)).toHaveFocus();
  });
});

describe("a draft", () => {
  it("keeps what is typed soon after the last key, and what stands there when the field is left", async () => {
    const { backend, user } = await showScene("draft-empty");
    await find(testIds.draftSteps);
    await user.click(cell(0, "base"));
    await user.keyboard("186 400");
    await waitFor(
      () => {
        expect(backend.calls).toContainEqual([
          "editDraft",
          "draft-1",
          4,
          [{ kind: "type", line: 0, field: "base", text: "186 400" }],
        ]);
      },
      { timeout: 1000 },
    );
    await user.tab();
    expect(cell(0, "vat")).toHaveFocus();
  });

  it("goes from line to line with Enter and the arrows, and at the end to a new one by word", async () => {
    const { backend, user } = await showScene("draft-empty");
    await find(testIds.draftSteps);
    cell(0, "base").focus();
    await user.keyboard("{ArrowDown}");
    expect(cell(1, "vat")).toHaveFocus();
    await user.keyboard("{ArrowUp}");
    expect(cell(0, "vat")).toHaveFocus();
    await user.keyboard("{Enter}{Enter}");
    expect(await find(testIds.draftCode)).toHaveFocus();
    await user.keyboard("utl");
    await waitFor(() => {
      expect(screen.getAllByTestId(testIds.draftCodeChoice).map(({ dataset }) => dataset.value)).toEqual([
        "52",
        "86",
        "87",
      ]);
    });
    await user.keyboard("{ArrowDown}{Enter}");
    expect(backend.calls).toContainEqual(["editDraft", "draft-1", 4, [{ kind: "add", code: "86", after: null }]]);
    await waitFor(() => {
      expect(cell(90, "base")).toHaveFocus();
    });
  });

  it("duplicates, removes and takes back with the keyboard", async () => {
    const { backend, user } = await showScene("draft-clean");
    await find(testIds.draftSteps);
    cell(0, "base").focus();
    await user.keyboard("{Control>}d{/Control}");
    await user.keyboard("{Control>}{Delete}{/Control}");
    await user.keyboard("{Control>}z{/Control}");
    await user.keyboard("{Control>}{Shift>}z{/Shift}{/Control}");
    await waitFor(() => {
      const edits = backend.calls.filter(([name]) => name === "editDraft" || name === "undoDraft");
      expect(edits.map((call) => call.slice(3))).toEqual([
        [[{ kind: "duplicate", line: 0 }]],
        [[{ kind: "remove", line: 0 }]],
        [false],
        [true],
      ]);
    });
  });

  it("shows a finding on its line and in the list, with what clears it", async () => {
    const { backend, user } = await showScene("draft-filled");
    expect(await find(testIds.draftSteps)).toHaveAttribute("data-state", "bad");
    expect(screen.queryByTestId(testIds.draftMake)).toBeNull();
    expect(screen.getAllByTestId(testIds.draftLineFinding)).toHaveLength(2);
    expect(cell(2, "vat")).toHaveAccessibleDescription(/Avvikende: mva stemmer ikke/);
    const [remark, vat] = screen.getAllByTestId(testIds.draftFix);
    expect(remark).toHaveTextContent("Velg «Kreditnota»");
    expect(vat).toHaveTextContent("Bruk 750");
    await user.click(vat ?? document.body);
    expect(backend.calls).toContainEqual([
      "editDraft",
      "draft-1",
      4,
      [{ kind: "type", line: 2, field: "vat", text: "" }],
    ]);
  });

  it("becomes a card when nothing has to be mended, and Skatteetaten is asked at once", async () => {
    const { backend, user } = await showScene("draft-clean");
    await find(testIds.draftSteps);
    await user.keyboard("{Control>}{Enter}{/Control}");
    expect(backend.calls).toContainEqual(["makeDraft", "draft-1"]);
    expect(await find(testIds.cardDraft)).toHaveTextContent(/skrevet i Momsbud/);
    expect(backend.calls).toContainEqual(["check", "card-draft"]);
  });

  it("that another has changed says so, and shows what the other wrote", async () => {
    const { backend, user } = await showScene("draft-clean", {
      will: { editDraft: world.error("draftChangedElsewhere") },
    });
    await find(testIds.draftSteps);
    const asked = () => backend.calls.filter(([name]) => name === "draft").length;
    const before = asked();
    await user.click(nth(testIds.draftRemove, 0));
    expect(await screen.findByText("Noen andre har endret utkastet")).toBeInTheDocument();
    await waitFor(() => {
      expect(asked()).toBe(before + 1);
    });
  });

  it("lists what was mended, before and after", async () => {
    await showScene("draft-mended");
    const band = await find(testIds.draftMended);
    expect(band).toHaveTextContent(/Rettet i Momsbud: 3 endringer. fjordlys-2026-2.xml er uendret/);
    expect(within(band).getAllByTestId(testIds.draftChange)[0]).toHaveTextContent(/sats · Kode 3.*25.0.*25/);
    expect(screen.getByTestId(testIds.draftFiled)).toHaveTextContent(/ny versjon/);
  });
});

describe("a spreadsheet", () => {
  it("that is pasted is looked at first: columns are corrected by choosing, each row says what it becomes", async () => {
    const { backend, user } = await showScene("draft-clean");
    await find(testIds.draftSteps);
    const grid = cell(0, "base");
    act(() => {
      fireEvent.paste(grid, { clipboardData: { getData: () => "3\t1000\n1\t-50\n" } });
    });
    const dialog = await find(testIds.sheetDialog);
    expect(backend.calls).toContainEqual(["pasteSheet", "draft-1", "3\t1000\n1\t-50\n"]);
    expect(
      within(dialog)
        .getAllByTestId(testIds.sheetRow)
        .map(({ dataset }) => dataset.state),
    ).toEqual(["heading", "line", "line", "line", "trouble", "sum"]);
    expect(dialog).toHaveTextContent("A5: kode 2 finnes ikke");
    expect(dialog).toHaveTextContent("1 rad blir ikke med");
    await user.selectOptions(nth(testIds.sheetColumn, 1), "remark");
    expect(backend.calls).toContainEqual(["chooseSheet", 0, ["code", "remark", "base", "vat"]]);
    await user.click(within(dialog).getByTestId(testIds.sheetUse));
    expect(backend.calls).toContainEqual(["useSheet", "draft-1", 4, true, true]);
    expect(screen.queryByTestId(testIds.sheetDialog)).toBeNull();
  });

  it("of one cell is plain text in its field", async () => {
    const { backend } = await showScene("draft-clean");
    await find(testIds.draftSteps);
    fireEvent.paste(cell(0, "base"), { clipboardData: { getData: () => " 1 000 \n" } });
    expect(backend.calls.map(([name]) => name)).not.toContain("pasteSheet");
  });
});

describe("a code", () => {
  it("is found by number, word and rate", () => {
    const numbers = (text: string) => found(drafts.codes, text).map(({ code }) => code);
    expect(numbers("3")).toEqual(["3", "31"]);
    expect(numbers("tjenester utland fradrag")).toEqual(["86", "87"]);
    expect(numbers("15%")).toEqual(["31"]);
    expect(numbers("utx")).toEqual([]);
  });
});
