/** Many returns in the window: chosen, filed, paused, given up, exported. */
import { act, cleanup, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { OfficeEvent } from "../bindings";
import * as world from "../fake/world";
import { latestOf } from "../office";
import { testIds } from "../testids";
import { nth, showScene } from "./render";

const find = (id: string) => screen.findByTestId(id);
const chip = (filter: string) =>
  screen.getAllByTestId(testIds.batchFilter).find((known) => known.dataset.filter === filter) ?? document.body;

describe("many returns", () => {
  it("say before anything is sent how many, whose authorization, which environment and how much", async () => {
    await showScene("batch-practice");
    expect(await find(testIds.batchFoot)).toHaveTextContent(
      /33 valgt · sendes av Ingrid Solvang i øving.*Å betale.*kr/,
    );
    expect(await find(testIds.batchSend)).toHaveTextContent("Send inn klare i øving (33)");
  });

  it("say what comes back without its minus, and afterwards who sent them", async () => {
    const { user } = await showScene("batch-done");
    await user.click(await find(testIds.batchTickAll));
    const foot = await find(testIds.batchFoot);
    expect(foot).toHaveTextContent(/Til gode\s*12 640 kr/);
    expect(foot).toHaveTextContent("sendt av Ingrid Solvang i øving");
    cleanup();
    await showScene("batch-running");
    expect(await find(testIds.batchFoot)).toHaveTextContent("sendes av Ingrid Solvang");
  });

  it("are filed when they are ticked, and only those", async () => {
    const { backend, user } = await showScene("batch-practice");
    const first = screen.getAllByTestId<HTMLInputElement>(testIds.batchTick).find(({ checked }) => checked);
    if (!first) throw new Error("none is ready");
    await user.click(first);
    const left = first.closest("tr")?.dataset.id;
    expect(await find(testIds.batchSend)).toHaveTextContent("(32)");
    await user.click(await find(testIds.batchSend));
    await user.click(await find(testIds.confirmFile));
    const [, ids] = backend.calls.find(([command]) => command === "startBatch") ?? [];
    expect(ids).toHaveLength(32);
    expect(ids).not.toContain(left);
    expect(await find(testIds.batchPause)).toBeInTheDocument();
  });

  it("are all unticked and ticked with the box at the top", async () => {
    const { user } = await showScene("batch-practice");
    await user.click(await find(testIds.batchTickAll));
    expect(await find(testIds.batchSend)).toHaveAttribute("aria-disabled", "true");
    expect(await find(testIds.batchFoot)).toHaveTextContent("Ingen er valgt");
    await user.click(await find(testIds.batchTickAll));
    expect(await find(testIds.batchSend)).toHaveTextContent("(33)");
  });

  it("are asked about once in production, starting on 'Ikke nå'", async () => {
    const { backend, user } = await showScene("batch-confirm");
    const dialog = await find(testIds.confirmDialog);
    expect(dialog).toHaveTextContent("Sende inn 33 mva-meldinger?");
    expect(dialog).toHaveTextContent("33 virksomheter");
    expect(dialog).toHaveTextContent("Ingrid Solvang");
    expect(within(dialog).getByTestId(testIds.confirmNot)).toHaveFocus();
    expect(backend.calls.map(([command]) => command)).not.toContain("startBatch");
    await user.click(within(dialog).getByTestId(testIds.confirmFile));
    await waitFor(() => {
      expect(backend.calls.map(([command]) => command)).toContain("startBatch");
    });
  });

  it("that deviate are amber, have a filter of their own, and are sent only when somebody ticks them", async () => {
    const { backend, user } = await showScene("batch-practice");
    expect(chip("odd")).toHaveTextContent("Avvikende 1");
    await user.click(within(chip("odd")).getByRole("radio"));
    const row = nth(testIds.cardRow, 0);
    expect(row).toHaveTextContent("Avvikende");
    const box = within(row).getByTestId(testIds.batchTick);
    expect(box).not.toBeChecked();
    await user.click(box);
    expect(await find(testIds.batchSend)).toHaveTextContent("(34)");
    await user.click(await find(testIds.batchSend));
    expect(await find(testIds.confirmDialog)).toHaveTextContent("1 har avvik. De følger med.");
    await user.click(await find(testIds.confirmFile));
    const [, ids] = backend.calls.find(([command]) => command === "startBatch") ?? [];
    expect(ids).toContain(row.dataset.id);
  });

  it("say on the row what is the matter", async () => {
    const { user } = await showScene("batch-practice");
    await user.click(within(chip("double")).getByRole("radio"));
    const rows = screen.getAllByTestId(testIds.cardRow).map(({ textContent }) => textContent);
    expect(rows).toHaveLength(2);
    expect(rows.join()).toContain("samme virksomhet og termin som granas-ny.xml");
    expect(chip("before")).toHaveTextContent("Levert før 1");
    await user.click(within(chip("before")).getByRole("radio"));
    const before = screen.getAllByTestId(testIds.cardRow).map(({ textContent }) => textContent);
    expect(before).toHaveLength(1);
    expect(before[0]).toContain("Levert før");
    await user.click(within(chip("noRight")).getByRole("radio"));
    expect(screen.getAllByTestId(testIds.cardRow)).toHaveLength(2);
  });

  it("are found by name", async () => {
    const { user } = await showScene("batch-practice");
    await user.type(await find(testIds.batchSearch), "granås");
    await waitFor(() => {
      expect(screen.getAllByTestId(testIds.cardRow)).toHaveLength(2);
    });
    await user.type(await find(testIds.batchSearch), "xyz");
    expect(await screen.findByText("Ingen meldinger passer.")).toBeInTheDocument();
  });

  it("are checked together, and the check can be stopped", async () => {
    const { backend, user } = await showScene("batch-unchecked", { pace: 30 });
    await user.click(await find(testIds.check));
    expect(await find(testIds.batchStopChecking)).toBeInTheDocument();
    await user.click(await find(testIds.batchStopChecking));
    await waitFor(() => {
      expect(backend.calls.map(([command]) => command)).toContain("stopChecking");
    });
  });

  it("draw only the rows in view, and say how many there are", async () => {
    const { backend } = await showScene("batch-practice");
    const many = Array.from({ length: 1000 }, (_, n) => world.card("nb", { id: `n${String(n)}`, brief: true }));
    act(() => {
      backend.emit({ kind: "cards", cards: many });
    });
    await waitFor(async () => {
      expect(await find(testIds.cardList)).toHaveAttribute("aria-rowcount", "1001");
    });
    expect(screen.getAllByTestId(testIds.cardRow).length).toBeLessThan(80);
  });

  it("are counted as files when not all of them are returns", async () => {
    await showScene("batch-practice");
    expect(screen.getByRole("heading", { level: 1 })).toHaveTextContent("42 filer, 41 mva-meldinger");
    expect(chip("all")).toHaveTextContent("Alle 42");
  });

  it("say on the card too that Altinn does not list the company, and what is needed", async () => {
    const { backend, user } = await showScene("batch-not-listed");
    const warning = await find(testIds.notListed);
    expect(warning).toHaveTextContent("Du har ikke tilgang til virksomheten i Altinn");
    expect(warning).toHaveTextContent("«Merverdiavgift» for Østbyen Trykkeri AS");
    // The list may lack what was given a moment ago: it warns, and does not forbid.
    expect(await find(testIds.file)).toBeEnabled();
    await user.click(within(warning).getByRole("button", { name: "Logg inn som en annen" }));
    expect(backend.calls).toContainEqual(["signIn", true]);
  });

  it("say in a narrow window's bar that the right is missing", async () => {
    await showScene("narrow-batch-not-listed");
    expect(screen.getByRole("group", { name: "Steg og handlinger" })).toHaveTextContent("Mangler tilgang");
  });

  it("warn of the version that was delivered before, however many are open", async () => {
    const { user } = await showScene("batch-correction", { will: { file: world.error("alreadyFiled") } });
    const changes = await find(testIds.changes);
    expect(changes).toHaveTextContent("Endringer i denne versjonen");
    expect(within(changes).getAllByTestId(testIds.change).length).toBeGreaterThan(1);
    await user.click(await find(testIds.file));
    expect(await find(testIds.confirmDialog)).toHaveTextContent(
      /Sende inn en ny versjon\?.*linjer er endret\. Summen går fra/,
    );
  });

  it("ask for the lines of the one that is opened", async () => {
    const { backend, user } = await showScene("batch-practice");
    await user.click(nth(testIds.cardOpen, 8));
    expect((await screen.findAllByTestId(testIds.line)).length).toBeGreaterThan(3);
    expect(backend.calls.map(([command]) => command)).toContain("card");
  });
});

describe("a batch", () => {
  it("is paused, gone on with, and the rest of it given up", async () => {
    const { backend, user } = await showScene("batch-running");
    await user.click(await find(testIds.batchPause));
    await user.click(await find(testIds.batchContinue));
    await user.click(await find(testIds.batchCancel));
    await find(testIds.batchTidy);
    const commands = backend.calls.map(([command]) => command);
    expect(commands).toEqual(expect.arrayContaining(["pauseBatch", "continueBatch", "cancelBatch"]));
  });

  it("that was left in the middle asks before it goes on", async () => {
    const { backend } = await showScene("batch-interrupted");
    expect(screen.getByText(/Momsbud ble avsluttet midt i bunken/)).toBeInTheDocument();
    expect(await find(testIds.batchContinue)).toHaveTextContent("Fortsett (13)");
    expect(backend.calls.map(([command]) => command)).not.toContain("continueBatch");
  });

  it("that stopped says why, and whether anything was delivered", async () => {
    await showScene("batch-stopped");
    expect(screen.getByRole("heading", { name: /[Dd]isk/ })).toBeInTheDocument();
  });

  it("of which nothing is received is not said to be finished", async () => {
    await showScene("batch-receipts-none");
    expect(screen.getByRole("heading", { level: 1 })).toHaveTextContent("33 mva-meldinger er levert");
    expect(await find(testIds.batchSummary)).toHaveTextContent("Venter på 33 kvitteringer.");
    expect(screen.getByRole("progressbar", { name: "Innsending" })).toHaveAttribute("aria-valuenow", "0");
    expect(screen.getByText(/de hentes neste gang du åpner det/)).toBeInTheDocument();
    expect(screen.queryByTestId(testIds.batchTidy)).not.toBeInTheDocument();
    expect(screen.queryByText(/Alt ligger i Historikk/)).not.toBeInTheDocument();
    expect(nth(testIds.cardRow, 0)).toHaveAttribute("data-bucket", "answering");
  });

  it("of which one was received is not called unsent, and none that is ready is counted as 0", async () => {
    await showScene("several");
    const summary = await find(testIds.batchSummary);
    expect(summary).toHaveTextContent("1 mottatt");
    expect(summary).not.toHaveTextContent("Ingenting er sendt");
    cleanup();
    await showScene("narrow-several");
    expect(await find(testIds.batchSend)).toHaveTextContent("Ingen er valgt");
    expect(await find(testIds.batchSummary)).toHaveTextContent("Ingenting er sendt.");
  });

  it("whose receipts have come in part clears those away, and goes on with the others", async () => {
    const { backend, user } = await showScene("batch-receipts");
    const tidy = await find(testIds.batchTidy);
    expect(tidy).toHaveAttribute("data-variant", "secondary");
    const receivedChip = () => screen.getAllByTestId(testIds.batchFilter).map(({ dataset }) => dataset.filter);
    expect(receivedChip()).toContain("received");
    await user.click(tidy);
    await waitFor(() => {
      expect(receivedChip()).not.toContain("received");
    });
    const commands = backend.calls.map(([command]) => command);
    expect(commands).toContain("closeCards");
    expect(commands).not.toContain("closeBatch");
    expect(await find(testIds.batchSummary)).toHaveTextContent("venter på 18 kvitteringer");
  });

  it("says what was rejected after delivery and what must be looked at, apart from what was received", async () => {
    const { user } = await showScene("batch-verdicts");
    const summary = await find(testIds.batchSummary);
    expect(summary).toHaveTextContent("2 avvist");
    expect(summary).toHaveTextContent("1 levert, svaret må ses på");
    expect(screen.getByRole("heading", { level: 1 })).toHaveTextContent(/^\d+ gjenstår$/);
    await user.click(within(chip("fix")).getByRole("radio"));
    const rejected = screen
      .getAllByTestId(testIds.cardRow)
      .filter(({ textContent }) => textContent.includes("Levert, avvist"));
    expect(rejected).toHaveLength(2);
    await user.click(within(chip("unclear")).getByRole("radio"));
    expect(nth(testIds.cardRow, 0)).toHaveTextContent("Levert, svaret må ses på");
    await user.click(within(chip("received")).getByRole("radio"));
    expect(
      screen
        .getAllByTestId(testIds.cardRow)
        .map(({ textContent }) => textContent)
        .join(),
    ).not.toContain("avvist");
  });

  it("gives its result to a spreadsheet, and says where it lies", async () => {
    const { backend, user } = await showScene("batch-done");
    await user.click(await find(testIds.batchExport));
    await waitFor(() => {
      expect(backend.calls).toContainEqual(["exportBatch", "momsbud-2026-06-09.csv"]);
    });
    const told = await find(testIds.told);
    expect(told).toHaveTextContent("Lagret i /home/ingrid/Dokumenter/momsbud-2026-06-09.csv");
    await user.click(within(told).getByTestId(testIds.toldDeed));
    expect(backend.calls.map(([command]) => command)).toContain("showSaved");
    await user.click(await find(testIds.batchTidy));
    await waitFor(() => {
      expect(backend.calls.map(([command]) => command)).toEqual(expect.arrayContaining(["closeCards", "closeBatch"]));
    });
  });
});

describe("events of many returns", () => {
  it("are gathered, and the last of each counts", () => {
    const filing = (id: string, state: "running" | "received"): OfficeEvent => ({
      kind: "filing",
      filing: world.filing(state, { id }),
    });
    const kept = latestOf([filing("a", "running"), filing("b", "running"), filing("a", "received")]);
    expect(kept.map((event) => event.kind === "filing" && [event.filing.id, event.filing.row.state])).toEqual([
      ["b", "running"],
      ["a", "received"],
    ]);
  });
});
