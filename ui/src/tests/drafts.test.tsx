/** Drafts in the window: begun, typed with the keyboard, pasted, mended, made into a card. */
import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import * as drafts from "../fake/draftsWorld";
import * as world from "../fake/world";
import { found } from "../places/drafts/CodeBox";
import { testIds } from "../testids";
import { must, nth, showScene } from "./render";

const find = (id: string) => screen.findByTestId(id);
const cell = (line: number, name: "base" | "vat") =>
  screen
    .getAllByTestId(testIds.draftCell)
    .find((it) => it.dataset.value === name && it.closest("tr")?.dataset.line === String(line)) ?? document.body;

describe("the company of a draft", () => {
  it("is looked up in Enhetsregisteret when a person asks for it, by name and with the keyboard", async () => {
    const { backend, user } = await showScene("draft-empty");
    const box = await find(testIds.draftCompany);
    await user.clear(box);
    await user.type(box, "Lakselv");
    expect(backend.calls.filter(([name]) => name === "findCompanies")).toEqual([]);
    expect(screen.getByTestId(testIds.companyFind)).toHaveTextContent("Søk etter «Lakselv» i Enhetsregisteret");
    await user.keyboard("{ArrowDown}{Enter}");
    expect(backend.calls).toContainEqual(["findCompanies", "Lakselv"]);
    expect(await find(testIds.draftCompanyChoice)).toHaveTextContent("LAKSELV TREVARE AS310 029 211");
    await user.keyboard("{ArrowDown}{Enter}");
    await waitFor(() => {
      expect(backend.calls.find(([name]) => name === "editDraft")?.[3]).toEqual([
        { kind: "company", text: "310029211" },
      ]);
    });
  });

  it("says when the register has nobody, and when it does not answer", async () => {
    const { backend, user } = await showScene("draft-empty");
    const box = await find(testIds.draftCompany);
    await user.clear(box);
    await user.type(box, "Qwx");
    await user.click(screen.getByTestId(testIds.companyFind));
    expect(await find(testIds.companyFound)).toHaveTextContent("Ingen treff i Enhetsregisteret.");
    backend.findCompanies = () => Promise.reject(new Error("no answer"));
    await user.type(box, "y");
    await user.click(screen.getByTestId(testIds.companyFind));
    expect(await find(testIds.companyFound)).toHaveTextContent(/svarte ikke/);
  });
});

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

  it("is one stop of the tab key, however many there are, and arrows go through it", async () => {
    const rows = ["Fjordlys", "Vika", "Solvang"].map((name, at) =>
      drafts.row({ id: `d-${String(at)}`, companyName: `${name} AS`, invalid: 0 }),
    );
    const { user } = await showScene("drafts-list", { drafts: { open: rows, discarded: [] } });
    const list = await find(testIds.draftList);
    const stops = [...list.querySelectorAll<HTMLElement>("tbody :is(a, button, input)")].filter(
      ({ tabIndex }) => tabIndex >= 0,
    );
    expect(stops.map((each) => each.textContent)).toEqual(["Fjordlys AS"]);
    must(stops[0]).focus();
    await user.keyboard("{ArrowDown}");
    expect(document.activeElement).toHaveTextContent("Vika AS");
    await user.keyboard("{ArrowLeft} ");
    expect(nth(testIds.draftTick, 1)).toBeChecked();
    await user.keyboard("{Control>}a{/Control}");
    expect(nth(testIds.draftTick, 2)).toBeChecked();
    await user.keyboard("{ArrowRight}{ArrowRight}{Enter}");
    expect(screen.getByTestId(testIds.told)).toHaveTextContent(/Utkastet for Vika AS er slettet/);
  });

  it("has a wastebasket that says how long, and gives back", async () => {
    const { backend, user } = await showScene("drafts-basket");
    expect(await find(testIds.draftGone)).toHaveTextContent(/torsdag 9. juli/);
    await user.click(screen.getByTestId(testIds.draftRestore));
    expect(backend.calls).toContainEqual(["restoreDraft", "draft-9"]);
  });

  it("is looked for by word and by state, and keeps what was looked for and ticked while one is elsewhere", async () => {
    const rows = ["Fjordlys", "Vika", "Solvang", "Nordavind", "Bekk", "Fjellheim", "Havn"].map((name, at) =>
      drafts.row({ id: `d-${String(at)}`, companyName: `${name} AS`, invalid: at === 0 ? 2 : 0 }),
    );
    const { user } = await showScene("drafts-list", { drafts: { open: rows, discarded: [] } });
    const shown = () => screen.getAllByTestId(testIds.draftRow).map(({ dataset }) => dataset.id);
    await user.type(await find(testIds.draftLook), "fj");
    expect(shown()).toEqual(["d-0", "d-5"]);
    await user.selectOptions(screen.getByTestId(testIds.draftFilter), "ready");
    expect(shown()).toEqual(["d-5"]);
    await user.click(screen.getByTestId(testIds.draftTick));
    act(() => {
      window.location.hash = "#/history";
    });
    await waitFor(() => {
      expect(screen.queryByTestId(testIds.draftList)).toBeNull();
    });
    act(() => {
      window.location.hash = "#/draft";
    });
    expect(await find(testIds.draftLook)).toHaveValue("fj");
    expect(shown()).toEqual(["d-5"]);
    expect(screen.getByTestId(testIds.draftTick)).toBeChecked();
  });

  it("checks those that are ticked together, and leaves what must be mended out", async () => {
    const rows = [0, 1, 2].map((at) => drafts.row({ id: `d-${String(at)}`, invalid: at === 1 ? 1 : 0 }));
    const { backend, user } = await showScene("drafts-list", { drafts: { open: rows, discarded: [] } });
    await user.click(await find(testIds.draftTickAll));
    expect(screen.getAllByTestId(testIds.draftTick).map((it) => (it as HTMLInputElement).checked)).toEqual([
      true,
      false,
      true,
    ]);
    await user.click(screen.getByTestId(testIds.draftMakeAll));
    await waitFor(() => {
      expect(backend.calls).toContainEqual(["checkAll", ["card-d-0", "card-d-2"]]);
    });
    expect(backend.calls.filter(([name]) => name === "makeDraft")).toEqual([
      ["makeDraft", "d-0"],
      ["makeDraft", "d-2"],
    ]);
  });

  it("opens a file that was dropped as the file it is", async () => {
    const rows = [drafts.row({ id: "d-0", origin: "return", dropped: true, file: "eksport.xml" })];
    const { backend, user } = await showScene("drafts-list", { drafts: { open: rows, discarded: [] } });
    const row = await find(testIds.draftRow);
    expect(row).toHaveTextContent(/fra fil/);
    await user.click(within(row).getByRole("link"));
    expect(backend.calls).toContainEqual(["makeDraft", "d-0"]);
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

  it("draws only the lines that an answer changes", async () => {
    const { backend, user } = await showScene("draft-empty");
    const lines = () => screen.getAllByTestId(testIds.draftLine);
    await find(testIds.draftSum);
    const edited = cell(0, "base").closest("tr");
    const deductions = new Set(lines().filter(({ dataset }) => dataset.code === edited?.dataset.code));
    // React touches the names of fields that it draws again.
    const touched = new Set<string>();
    const watcher = new MutationObserver((changes) => {
      for (const { target } of changes) {
        const row = target instanceof Element ? target.closest<HTMLElement>("tr") : null;
        if (row?.dataset.line !== undefined && !deductions.has(row)) touched.add(row.dataset.line);
      }
    });
    watcher.observe(document.body, { subtree: true, childList: true, attributes: true });
    await user.type(cell(0, "base"), "7");
    await waitFor(() => {
      expect(backend.calls.some(([name]) => name === "editDraft")).toBe(true);
    });
    await act(() => new Promise((go) => setTimeout(go, 50)));
    watcher.disconnect();
    expect([...touched]).toEqual([]);
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

  it("is moved in with the arrows until a figure is edited with F2, and Esc gives up what was typed", async () => {
    const { user } = await showScene("draft-clean");
    await find(testIds.draftSteps);
    cell(0, "base").focus();
    await user.keyboard("{ArrowRight}");
    expect(cell(0, "vat")).toHaveFocus();
    await user.keyboard("{ArrowLeft}");
    expect(cell(0, "base")).toHaveFocus();
    const kept = (cell(0, "base") as HTMLInputElement).value;
    await user.keyboard("{F2}{ArrowLeft}");
    expect(cell(0, "base")).toHaveFocus();
    await user.keyboard("9");
    expect(cell(0, "base")).not.toHaveValue(kept);
    await user.keyboard("{Escape}");
    await waitFor(() => {
      expect(cell(0, "base")).toHaveValue(kept);
    });
    expect(await find(testIds.draft)).toBeInTheDocument();
    await user.keyboard("{ArrowRight}");
    expect(cell(0, "vat")).toHaveFocus();
  });

  it("has files that go with it, kept with the draft", async () => {
    const { backend, user } = await showScene("draft-clean");
    await user.click(await find(testIds.draftAttach));
    expect(await find(testIds.draftAttachment)).toHaveTextContent(/faktura 1\.pdf/);
    await user.click(screen.getByTestId(testIds.draftDetach));
    expect(backend.calls).toContainEqual(["detachFromDraft", "draft-1", "file-0"]);
    expect(screen.queryByTestId(testIds.draftAttachment)).toBeNull();
  });

  it("says which codes it began with, and that the period has not been filed", async () => {
    await showScene("draft-empty");
    const steps = await find(testIds.draftSteps);
    expect(steps).toHaveTextContent("Kodene er de Vika Tolketjenester AS brukte i januar–februar 2026.");
    expect(steps).toHaveTextContent("Terminen er ikke levert med Momsbud før");
  });

  it("is asked for anew when another window or the command line has changed it", async () => {
    const { backend } = await showScene("draft-clean");
    await find(testIds.draftSteps);
    const before = backend.calls.filter(([name]) => name === "draft").length;
    act(() => {
      backend.emit({ kind: "drafts" });
    });
    await waitFor(() => {
      expect(backend.calls.filter(([name]) => name === "draft")).toHaveLength(before + 1);
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
    expect(backend.calls).toContainEqual(["chooseSheet", 0, ["code", "remark", "base", "vat"], null]);
    await user.click(within(dialog).getByTestId(testIds.sheetUse));
    expect(backend.calls).toContainEqual(["useSheet", "draft-1", 4, [], true, true]);
    expect(screen.queryByTestId(testIds.sheetDialog)).toBeNull();
  });

  it("says which columns and sheets are not read, and asks how numbers are written where nothing tells", async () => {
    const { backend, user } = await showScene("draft-clean");
    await find(testIds.draftSteps);
    vi.spyOn(backend, "pasteSheet").mockResolvedValue(
      drafts.sheet({
        repeated: [
          { column: "E", name: "Grunnlag", first: "C" },
          { column: "F", name: null, first: "A" },
        ],
        others: ["Kjøp"],
        ambiguous: true,
      }),
    );
    act(() => {
      fireEvent.paste(cell(0, "base"), { clipboardData: { getData: () => "3\t1000\n1\t-50\n" } });
    });
    const dialog = await find(testIds.sheetDialog);
    expect(
      within(dialog)
        .getAllByTestId(testIds.sheetWarning)
        .map(({ textContent }) => textContent),
    ).toEqual([
      "Kolonne E («Grunnlag») er ikke lest: kolonne C er brukt. Velg hvilken som gjelder.",
      "Kolonne F er ikke lest: kolonne A er brukt. Velg hvilken som gjelder.",
      "Andre ark har også linjer: Kjøp. De kan settes inn etterpå.",
    ]);
    const asks = within(dialog).getByTestId(testIds.sheetDecimals);
    expect(asks).toHaveValue("");
    await user.selectOptions(asks, "point");
    expect(backend.calls).toContainEqual(["chooseSheet", 0, ["code", "nothing", "base", "vat"], "point"]);
    expect(within(dialog).getByTestId(testIds.sheetDecimals)).toHaveValue("point");
  });

  it("says which of its drafts are of a return that has one already", async () => {
    const { backend } = await showScene("draft-clean");
    await find(testIds.draftSteps);
    const [one] = drafts.sheet().drafts;
    if (one === undefined) throw new Error("the sheet gives no draft");
    vi.spyOn(backend, "pasteSheet").mockResolvedValue(
      drafts.sheet({
        drafts: [
          { ...one, another: true },
          { ...one, period: "Mai–juni 2026" },
        ],
      }),
    );
    act(() => {
      fireEvent.paste(cell(0, "base"), { clipboardData: { getData: () => "3\t1000\n1\t-50\n" } });
    });
    const dialog = await find(testIds.sheetDialog);
    expect(
      within(dialog)
        .getAllByTestId(testIds.sheetWarning)
        .map(({ textContent }) => textContent),
    ).toEqual([
      "Det ligger allerede et utkast for Vika Tolketjenester AS, Mars–april 2026. Dette blir ett til; behold bare ett av dem.",
    ]);
  });

  it("of a return that has a draft goes into a new one or into that one, with its sum before and after", async () => {
    const { backend, user } = await showScene("sheet-there");
    const dialog = await find(testIds.sheetDialog);
    const warnings = () => within(dialog).queryAllByTestId(testIds.sheetWarning);
    const where = (value: string) =>
      within(dialog)
        .getAllByTestId(testIds.sheetWhere)
        .find((it) => it.dataset.value === value) ?? dialog;
    expect(where("new")).toBeChecked();
    expect(warnings()).toHaveLength(1);
    expect(within(dialog).getByTestId(testIds.sheetUse)).toHaveTextContent("Lag 1 utkast");
    await user.click(where("replace"));
    expect(dialog).toHaveTextContent("utkastet går fra 12 000 til 25 360 kr");
    await user.click(where("behind"));
    expect(dialog).toHaveTextContent("utkastet går fra 12 000 til 37 360 kr");
    expect(warnings()).toHaveLength(0);
    await user.click(within(dialog).getByTestId(testIds.sheetUse));
    const into = [{ id: "draft-1", revision: 4 }];
    expect(backend.calls).toContainEqual(["useSheet", null, 0, into, false, true]);
    expect(await find(testIds.draftSteps)).toBeInTheDocument();
  });

  it("of another company than the draft that is written makes a draft of its own", async () => {
    const { backend, user } = await showScene("draft-clean");
    await find(testIds.draftSteps);
    const [one] = drafts.sheet().drafts;
    if (one === undefined) throw new Error("the sheet gives no draft");
    vi.spyOn(backend, "pasteSheet").mockResolvedValue(drafts.sheet({ drafts: [{ ...one, elsewhere: true }] }));
    act(() => {
      fireEvent.paste(cell(0, "base"), { clipboardData: { getData: () => "3\t1000\n1\t-50\n" } });
    });
    const dialog = await find(testIds.sheetDialog);
    expect(dialog).toHaveTextContent("Vika Tolketjenester AS");
    await user.click(within(dialog).getByTestId(testIds.sheetUse));
    expect(backend.calls).toContainEqual(["useSheet", null, 4, [], false, true]);
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
