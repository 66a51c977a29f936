/** What a user does, from end to end, against the fake office. */
import { act, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { CardNote, FilingState } from "../bindings";
import * as world from "../fake/world";
import { card, checkedOk, error, EVENING, filing, findings, ingrid } from "../fake/world";
import { testIds } from "../testids";
import { findNth, must, nth, sendIn, showScene } from "./render";

const find = (id: string) => screen.findByTestId(id);
const commands = ({ calls }: { calls: [string, ...unknown[]][] }) =>
  // What the window tells of itself is no wish of the user's.
  calls
    .map(([name]) => name)
    .filter((name) => !["startView", "uiReady", "setBadge", "aimDrops", "reminders"].includes(name));

describe("the first filing", () => {
  it("goes from a sample return through sign-in and check to the receipt", async () => {
    const { backend, user } = await showScene("empty-first", { pace: 1 });
    await user.click(await findNth(testIds.sample, 0));
    expect(await find(testIds.cardCompany)).toHaveTextContent("Fjordlys Interiør AS");

    await user.click(await find(testIds.stepSignIn));
    // Signing in from the step checks at once: that is what the button says.
    await waitFor(() => {
      expect(screen.getByTestId(testIds.step1)).toHaveAttribute("data-state", "done");
    });
    expect(screen.getByTestId(testIds.who)).toHaveTextContent("Ingrid Solvang");

    await sendIn(user);
    expect(await find(testIds.received)).toHaveTextContent("Mottatt");
    expect(commands(backend)).toEqual(["openSample", "signIn", "check", "file"]);

    await user.click(await find(testIds.openReceipt));
    await user.click(await find(testIds.showArchive));
    expect(commands(backend).slice(-2)).toEqual(["openReceipt", "showArchive"]);

    await user.click(await find(testIds.newReturn));
    expect(await find(testIds.dropZone)).toBeInTheDocument();
    expect(screen.getAllByTestId(testIds.recent)[0]).toHaveTextContent("Fjordlys Interiør AS");
  });

  it("copies bare digits", async () => {
    const { backend, user } = await showScene("delivered-production");
    for (const id of [testIds.copyAmount, testIds.copyKid, testIds.copyAccount]) await user.click(await find(id));
    const copied = backend.calls.filter(([name]) => name === "copyText").map(([, text]) => text);
    expect(copied).toEqual(["77457", "3126415570260201", "12345678903"]);
    expect(await screen.findByText("kontonummer er kopiert")).toBeInTheDocument();
  });
});

describe("a filing that stops at once", () => {
  it("is shown as it stands, although its stop was told before the command answered", async () => {
    const { backend, user } = await showScene("return-ready");
    const begun = filing("running", {}, { id: "filing-9" });
    const stopped = filing("waiting", { problem: error("noRight") }, { id: "filing-9" });
    backend.file = () => {
      backend.emit({ kind: "filing", filing: stopped });
      return Promise.resolve(begun);
    };
    await sendIn(user);
    await waitFor(() => {
      expect(screen.getByTestId(testIds.step2)).toHaveAttribute("data-state", "waiting");
    });
  });
});

describe("practice", () => {
  it("rehearses production's question, in its own name: who files what for whom, and the sum", async () => {
    const { backend, user } = await showScene("return-ready");
    await user.click(await find(testIds.file));
    const dialog = await find(testIds.confirmDialog);
    expect(dialog).toHaveAttribute("data-env", "practice");
    for (const said of ["Sende inn i øving?", "77 457 kr", "Fjordlys Interiør AS", "Ingrid Solvang"]) {
      expect(dialog).toHaveTextContent(said);
    }
    expect(within(dialog).getByTestId(testIds.confirmNot)).toHaveFocus();
    expect(commands(backend)).toEqual([]);
  });
});

describe("production", () => {
  it("asks once, with the sum, and begins on the careful answer", async () => {
    const { backend, user } = await showScene("confirm");
    const dialog = await find(testIds.confirmDialog);
    expect(dialog).toHaveTextContent("77 457 kr");
    expect(dialog).toHaveTextContent("Dette er produksjon");
    expect(within(dialog).getByTestId(testIds.confirmNot)).toHaveFocus();
    // The shortcut of the filled button never answers this question.
    await user.keyboard("{Control>}{Enter}{/Control}");
    expect(commands(backend)).toEqual([]);
    await user.click(within(dialog).getByTestId(testIds.confirmFile));
    expect(commands(backend)).toEqual(["file"]);
  });

  it("sends nothing when the answer is not now", async () => {
    const { backend, user } = await showScene("confirm");
    await user.click(await find(testIds.confirmNot));
    expect(screen.queryByTestId(testIds.confirmDialog)).not.toBeInTheDocument();
    expect(commands(backend)).toEqual([]);
  });
});

describe("a correction", () => {
  it("is sent only after it was confirmed", async () => {
    const { backend, user } = await showScene("correction");
    expect(await find(testIds.confirmDialog)).toHaveTextContent("Det er allerede levert en mva-melding");
    await user.click(await find(testIds.confirmCorrection));
    expect(backend.calls.filter(([name]) => name === "file")).toEqual([["file", "card-1", true]]);
  });
});

describe("a return after one that was rejected", () => {
  it("is nowhere said to replace or to be compared with one that stands", async () => {
    const { user } = await showScene("return-after-rejected");
    const band = await find(testIds.newVersionBand);
    expect(band).toHaveTextContent("Ny melding etter en som ble avvist");
    expect(band).toHaveTextContent("2 400 kr mer enn i den avviste");
    const changes = await find(testIds.changes);
    expect(changes).toHaveTextContent("Endringer siden den som ble avvist");
    expect(changes).toHaveTextContent("ble avvist av Skatteetaten og gjelder ikke. Denne sendes i stedet.");
    expect(changes).toHaveTextContent("Vis den som ble avvist");
    await user.click(await find(testIds.file));
    const dialog = await find(testIds.confirmDialog);
    expect(dialog).toHaveTextContent("Sende inn på nytt?");
    expect(await find(testIds.confirmDifference)).toHaveTextContent("mer enn i den avviste");
    for (const part of [band, changes, dialog]) expect(part).not.toHaveTextContent(/enn levert|ny versjon/i);
  });

  it("is known as that where another desk filed it, of which no lines are known", async () => {
    const note = (filing: string, state: FilingState): CardNote => ({
      kind: "filedBefore",
      filing,
      at: "2026-06-01T10:00:00Z",
      state,
      person: "Kari Nygård",
    });
    const cards = (...notes: CardNote[]) => [world.card("nb", { check: world.checkedOk, notes })];
    const { backend } = await showScene("return-ready", {
      start: world.start("nb", { cards: cards(note("f1", "rejected")) }),
    });
    expect(await find(testIds.file)).toHaveTextContent("Send inn i øving");
    act(() => {
      backend.emit({ kind: "cards", cards: cards(note("f1", "rejected"), note("f2", "received")) });
    });
    await waitFor(() => {
      expect(screen.getByTestId(testIds.file)).toHaveTextContent("Send ny versjon");
    });
  });
});

describe("signing in", () => {
  it("shows how long it waits, opens the browser again, copies the link, and can always be cancelled", async () => {
    const { backend, user } = await showScene("signin-waiting");
    const dialog = await find(testIds.signInDialog);
    expect(within(dialog).getByRole("timer", { hidden: true })).toHaveTextContent("4 min");
    await user.click(await find(testIds.signInReopen));
    await user.click(await find(testIds.signInCopyLink));
    expect(commands(backend)).toEqual(["signIn", "reopenBrowser", "signInLink", "copyText"]);
    await user.click(await find(testIds.signInCancel));
    const note = await find(testIds.signInOutcome);
    expect(note).toHaveAttribute("data-outcome", "cancelled");
    expect(note).toHaveTextContent("Ingenting er sendt.");
    expect(screen.queryByTestId(testIds.signInDialog)).not.toBeInTheDocument();
    // The return is as it was.
    expect(await find(testIds.cardCompany)).toHaveTextContent("Fjordlys Interiør AS");
  });

  it.each(["signin-signInTooLate", "signin-signInUntrusted", "signin-timed-out"])(
    "%s can be tried again",
    async (name) => {
      const { backend, user } = await showScene(name);
      expect(await find(testIds.signInOutcome)).toHaveTextContent("Ingenting er sendt.");
      await user.click(await find(testIds.signInRetry));
      await waitFor(() => {
        expect(backend.calls.filter(([command]) => command === "signIn")).toHaveLength(2);
      });
    },
  );

  it("shows the new person when the office says so", async () => {
    const { backend } = await showScene("empty-first");
    act(() => {
      backend.emit({ kind: "session", session: { ...ingrid, name: "Jonas Eide" } });
    });
    expect(await find(testIds.who)).toHaveTextContent("Jonas Eide");
    act(() => {
      backend.emit({ kind: "session", session: null });
    });
    expect(await find(testIds.signIn)).toBeInTheDocument();
  });
});

describe("what the office tells", () => {
  it("is kept when it comes before the start view", async () => {
    const { backend } = await showScene("empty");
    act(() => {
      backend.emit({ kind: "cards", cards: [card("nb")] });
    });
    expect(await find(testIds.card)).toBeInTheDocument();
  });

  it("brings a dropped return to the front from another place, and several as a list", async () => {
    const { backend, user } = await showScene("settings");
    act(() => {
      backend.emit({ kind: "dropHover", at: { x: 5, y: 5 } });
    });
    expect(await find(testIds.dropOverlay)).toBeInTheDocument();
    act(() => {
      backend.emit({ kind: "dropHover", at: null });
      backend.emit({ kind: "cards", cards: [card("nb")] });
    });
    expect(await find(testIds.card)).toBeInTheDocument();
    expect(screen.queryByTestId(testIds.dropOverlay)).not.toBeInTheDocument();
    act(() => {
      backend.emit({ kind: "cards", cards: [card("nb"), card("nb", { id: "b" }), card("nb", { id: "c" })] });
    });
    expect(await find(testIds.cardList)).toBeInTheDocument();
    await user.click(nth(testIds.cardOpen, 1));
    expect(await find(testIds.card)).toHaveAttribute("data-id", "b");
    await user.click(await find(testIds.backToList));
    expect(await find(testIds.cardList)).toBeInTheDocument();
  });

  it("says how much of a folder was not opened, since it has no row", async () => {
    const { backend, user } = await showScene("empty");
    const pass = (others: number, ...files: string[]) => {
      const named = files.map((file) => ({ file, what: "Word-dokument" }));
      act(() => {
        backend.emit({ kind: "passed", passed: { hidden: 1, again: 0, others, leftOut: 0, named } });
      });
    };
    pass(2, "Klienter/brev.docx", "Klienter/notat.docx");
    const told = await find(testIds.told);
    expect(told).toHaveTextContent("2 andre filer er ikke mva-meldinger og er ikke åpnet.");
    expect(told).toHaveTextContent("1 skjult fil eller mappe er ikke sett på.");
    pass(3, "Flere/brev.docx");
    await user.click(within(await find(testIds.told)).getByRole("button", { name: "Lukk" }));
    // The note is gone; the bell has it, with both folders, until it is put away.
    await user.click(await find(testIds.notices));
    const notice = () => screen.queryAllByTestId(testIds.notice).find(({ dataset }) => dataset.id === "passed");
    await user.click(within(must(notice())).getByTestId(testIds.noticeOpen));
    const dialog = await find(testIds.passedDialog);
    expect(dialog).toHaveTextContent("5 andre filer");
    expect(
      within(dialog)
        .getAllByRole("listitem")
        .map((item) => item.textContent),
    ).toEqual([
      "Klienter/brev.docx Word-dokument",
      "Klienter/notat.docx Word-dokument",
      "Flere/brev.docx Word-dokument",
    ]);
    expect(dialog).toHaveTextContent("2 til er ikke nevnt her.");
    await user.click(await find(testIds.passedCopy));
    expect(backend.calls.find(([command]) => command === "copyText")?.[1]).toBe(
      "Klienter/brev.docx\tWord-dokument\nKlienter/notat.docx\tWord-dokument\nFlere/brev.docx\tWord-dokument",
    );
    await user.click(within(dialog).getByRole("button", { name: "Lukk" }));
    await user.click(await find(testIds.notices));
    await user.click(within(must(notice())).getByTestId(testIds.noticeDismiss));
    expect(notice()).toBeUndefined();
  });

  it("moves a filing on, step by step, to the receipt", async () => {
    const { backend } = await showScene("running");
    act(() => {
      backend.emit({ kind: "filing", filing: filing("waitingAnswer") });
    });
    await waitFor(() => {
      expect(screen.getByTestId(testIds.step2)).toHaveAttribute("data-state", "waitingAnswer");
    });
    act(() => {
      backend.emit({ kind: "filing", filing: filing("received") });
    });
    expect(await find(testIds.received)).toBeInTheDocument();
    expect(await find(testIds.payKid)).toHaveTextContent("ØVING, ingen KID");
  });
});

describe("findings", () => {
  it("stand on their line and in the list, and lead from one to the other", async () => {
    const { user } = await showScene("return-findings");
    const line = screen.getAllByTestId(testIds.line).find((row) => row.dataset.number === "2");
    await user.click(nth(testIds.findingJump, 0));
    expect(line).toHaveFocus();
    await user.click(nth(testIds.lineFinding, 1));
    expect(document.activeElement).toHaveTextContent("Avvikende");
    await user.keyboard("{Alt>}{ArrowDown}{/Alt}");
    expect(document.activeElement).toHaveTextContent("Ugyldig");
  });

  it("have the reader's attention after a check that failed", async () => {
    const { user } = await showScene("return-todo", {
      verdict: () => ({ ...checkedOk, verdict: "invalid", findings: findings("nb") }),
    });
    await user.click(await find(testIds.check));
    await waitFor(() => {
      expect(document.activeElement).toHaveAttribute("id", "finding-1");
    });
  });
});

describe("a refusal", () => {
  it("that has no place of its own is shown above the content, and can be tried again or put away", async () => {
    const { backend, user } = await showScene("problem");
    const problem = await find(testIds.problem);
    expect(problem).toHaveTextContent("Det endrer ikke noe av det som er sendt.");
    await user.click(within(problem).getByTestId(testIds.problemDetails));
    const copied = backend.calls.find(([name]) => name === "copyText")?.[1];
    expect(copied).toContain("cannotOpen:");
    await user.click(within(problem).getByTestId(testIds.problemClose));
    expect(screen.queryByTestId(testIds.problem)).not.toBeInTheDocument();
  });

  it("of the start can be tried again", async () => {
    await showScene("start-failed");
    expect(await screen.findByText("Momsbuds data kan ikke brukes")).toBeInTheDocument();
    expect(screen.getByRole("button", { name: "Prøv igjen" })).toBeInTheDocument();
  });

  it("of a check is said in step 1, and only there", async () => {
    const { user } = await showScene("return-todo", { will: { check: error("unreachable") } });
    await user.click(await find(testIds.check));
    await waitFor(() => {
      expect(screen.getByTestId(testIds.step1)).toHaveAttribute("data-state", "problem");
    });
    expect(screen.getAllByTestId(testIds.problem)).toHaveLength(1);
    expect(within(await find(testIds.step1)).getByTestId(testIds.problem)).toHaveTextContent("Ingen svar");
  });

  it("while filing keeps the return and its button", async () => {
    const { user } = await showScene("return-ready", { will: { file: error("unreachable") } });
    await sendIn(user);
    expect(await find(testIds.problem)).toHaveTextContent("Meldingen er ikke levert.");
    expect(await find(testIds.file)).toBeInTheDocument();
  });
});

describe("the filing that waits for a right", () => {
  it("offers another person, and the words for the director", async () => {
    const { backend, user } = await showScene("may-not-sign");
    await user.click(screen.getByRole("button", { name: "Kopier melding til daglig leder" }));
    const text = String(backend.calls.find(([name]) => name === "copyText")?.[1]);
    expect(text).toContain("Fjordlys Interiør AS (311\u00a0797\u00a0816)");
    expect(text).toContain("«Merverdiavgift»");
    await user.click(screen.getByRole("button", { name: "Logg inn som en annen" }));
    await waitFor(() => {
      expect(backend.calls).toContainEqual(["signIn", true]);
    });
    // Signing in is not signing: that takes a button of its own, under whose preparation it is.
    expect(backend.calls).not.toContainEqual(["continueFiling", "filing-1"]);
  });

  it("can be cancelled before it is delivered", async () => {
    const { backend, user } = await showScene("running");
    await user.click(await find(testIds.cancelFiling));
    await waitFor(() => {
      expect(screen.getByTestId(testIds.step2)).toHaveAttribute("data-state", "abandoned");
    });
    expect(backend.calls).toContainEqual(["cancelFiling", "filing-1"]);
  });
});

describe("history", () => {
  it("is searched by the office, filtered by state, and reset", async () => {
    const { backend, user } = await showScene("history", { historyLength: 300 });
    await waitFor(() => {
      expect(screen.getByTestId(testIds.historyCount)).toHaveTextContent("300 innsendinger");
    });
    await user.type(screen.getByTestId(testIds.historySearch), "Vika");
    await waitFor(() => {
      expect(screen.getByTestId(testIds.historyCount)).toHaveTextContent("30 innsendinger");
    });
    for (const row of screen.getAllByTestId(testIds.historyRow)) expect(row).toHaveTextContent("Vika");
    await user.selectOptions(screen.getByTestId(testIds.historyState), "refused");
    await waitFor(() => {
      expect(backend.calls.at(-1)).toEqual([
        "history",
        { text: "Vika", state: "refused", period: null, sort: "sent", ascending: false, offset: 0, limit: 100 },
      ]);
    });
  });

  it("draws only what is in view of a hundred thousand filings", async () => {
    await showScene("history", { historyLength: 100_000 });
    await waitFor(() => {
      expect(screen.getAllByTestId(testIds.historyRow).length).toBeGreaterThan(10);
    });
    expect(screen.getAllByTestId(testIds.historyRow).length).toBeLessThan(120);
    expect(screen.getByTestId(testIds.historyTable)).toHaveAttribute("aria-rowcount", "100001");
  });

  it("opens a filing with its payment, files and timeline", async () => {
    const { user } = await showScene("history");
    await user.click(await findNth(testIds.historyRow, 0));
    const detail = await find(testIds.historyDetail);
    await within(detail).findByTestId(testIds.timeline);
    expect(within(detail).getAllByTestId(testIds.archiveFile)).toHaveLength(4);
    expect(within(detail).getByTestId(testIds.payKid)).toBeInTheDocument();
    expect(detail).toHaveTextContent("Kvittering og betaling hentet");
  });
});

describe("settings and the keyboard", () => {
  it("change the language of the whole window, and keep it", async () => {
    const { backend, user } = await showScene("settings");
    const en = (await screen.findAllByTestId(testIds.language)).find((button) => button.dataset.value === "en");
    await user.click(must(en));
    expect(await screen.findByRole("heading", { name: "Settings" })).toBeInTheDocument();
    expect(document.documentElement).toHaveAttribute("lang", "en");
    expect(backend.calls.find(([name]) => name === "setPreferences")?.[1]).toMatchObject({ language: "en" });
    // Periods and line texts come from the office: they are asked for again.
    await waitFor(() => {
      expect(backend.calls.filter(([name]) => name === "startView").length).toBeGreaterThan(1);
    });
  });

  it("change theme and text size", async () => {
    const { user } = await showScene("settings");
    await user.click(await findNth(testIds.theme, 2));
    expect(document.documentElement.dataset.colorScheme).toBe("dark");
    await user.keyboard("{Control>}+{/Control}");
    expect(document.documentElement.style.fontSize).toBe("115%");
    await user.keyboard("{Control>}0{/Control}");
    expect(document.documentElement.style.fontSize).toBe("100%");
  });

  it("go everywhere and do everything without a mouse", async () => {
    const { backend, user } = await showScene("return-todo");
    await user.keyboard("{Control>}2{/Control}");
    expect(await find(testIds.historyTable)).toBeInTheDocument();
    await user.keyboard("{Control>}f{/Control}");
    expect(screen.getByTestId(testIds.historySearch)).toHaveFocus();
    await user.keyboard("{Control>}1{/Control}");
    await find(testIds.check);
    await user.keyboard("{Control>}k{/Control}");
    await find(testIds.file);
    await user.keyboard("{Control>}{Enter}{/Control}");
    // The shortcut opens the question and never answers it.
    await user.keyboard("{Control>}{Enter}{/Control}");
    expect(commands(backend)).not.toContain("file");
    await user.click(await find(testIds.confirmFile));
    await waitFor(() => {
      expect(commands(backend)).toContain("file");
    });
    await user.keyboard("{Control>}o{/Control}");
    expect(commands(backend)).toContain("chooseFiles");
    await user.keyboard("?");
    expect(await find(testIds.shortcuts)).toBeInTheDocument();
  });

  it("skip to the content", async () => {
    const { user } = await showScene("empty");
    await user.tab();
    expect(document.activeElement).toHaveTextContent("Til innholdet");
    await user.keyboard("{Enter}");
    expect(screen.getByRole("main")).toHaveFocus();
  });
});

describe("clocks", () => {
  it("turn at the moment, without asking the office for anything", async () => {
    let now = EVENING;
    const { backend } = await showScene("empty", { now: () => now });
    expect(screen.getByTestId(testIds.clockIdPorten)).toHaveTextContent("1 t 42 min");
    for (const [minutes, text, urgency] of [
      [88, "14 min", "soon"],
      [100.5, "1:30", "bad"],
      [102, "utløpt", "expired"],
    ] as const) {
      now = EVENING + minutes * 60_000;
      // The announcement is made when the effects have run.
      await act(async () => {
        window.dispatchEvent(new Event("focus"));
        await Promise.resolve();
      });
      const clock = screen.getByTestId(testIds.clockIdPorten);
      expect(clock).toHaveTextContent(text);
      expect(within(clock).getByRole("timer")).toHaveAttribute("data-urgency", urgency);
    }
    expect(commands(backend)).toEqual([]);
    await waitFor(() => {
      expect(screen.getAllByRole("status").map(({ textContent }) => textContent)).toContain(
        "ID-porten er utløpt. Altinn er utløpt",
      );
    });
  });

  it("shut the second step when the sign-in ends and does not renew itself", async () => {
    let now = EVENING;
    const session = { ...ingrid, renewsItself: false };
    await showScene("return-ready", {
      now: () => now,
      start: {
        ...(await import("../fake/world")).start("nb", { session, cards: [card("nb", { check: checkedOk })] }),
      },
    });
    expect(screen.getByTestId(testIds.file)).toBeInTheDocument();
    now = EVENING + 102 * 60_000;
    act(() => {
      window.dispatchEvent(new Event("focus"));
    });
    expect(screen.queryByTestId(testIds.file)).not.toBeInTheDocument();
    expect(screen.getByTestId(testIds.step2)).toHaveAttribute("data-state", "shut");
  });
});

it("a company whose name nobody knows has its number said once above, beside the period", async () => {
  await showScene("return-nameless");
  const above = await screen.findByTestId(testIds.company);
  expect(above).toHaveTextContent(/^Org\.nr\. 311 797 816\s*Mars–april 2026$/);
});
