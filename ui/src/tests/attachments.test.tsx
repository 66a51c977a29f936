/** Attachments, corrections, another's signature, and what lies unfinished in Altinn: against the fake office. */
import { act, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import { attachments, card, checkedOk, earlier, error, filing, steps } from "../fake/world";
import { testIds } from "../testids";
import { must, showScene } from "./render";

const find = (id: string) => screen.findByTestId(id);
const given = ({ calls }: { calls: [string, ...unknown[]][] }, name: string) =>
  calls.filter(([command]) => command === name).map(([, ...args]) => args);

describe("attachments", () => {
  it("are listed with their size, chosen with a button and taken away", async () => {
    const { backend, user } = await showScene("return-attachments");
    const section = await find(testIds.attachments);
    expect(section).toHaveTextContent("2 av 57");
    expect(section).toHaveTextContent("Kreditnota 10482.pdf184 kB");
    await user.click(within(section).getAllByTestId(testIds.attachmentOpen)[0] ?? section);
    expect(given(backend, "openAttachment")).toEqual([["card-1", "attachment-Kreditnota 10482.pdf"]]);
    await user.click(within(section).getByTestId(testIds.attach));
    expect(within(section).getAllByTestId(testIds.attachment)).toHaveLength(3);
    await user.click(within(section).getByRole("button", { name: "Fjern Avstemming mars–april.xlsx" }));
    await waitFor(() => {
      expect(within(section).getAllByTestId(testIds.attachment)).toHaveLength(2);
    });
    expect(given(backend, "chooseAttachments")).toEqual([["card-1"]]);
    expect(given(backend, "detach")).toEqual([["card-1", "attachment-Avstemming mars–april.xlsx"]]);
  });

  it("are aimed at the return that is shown, and no more when it is left", async () => {
    const { backend, user } = await showScene("return-ready");
    expect(given(backend, "aimDrops").at(-1)).toEqual(["card-1"]);
    await user.click(await find(testIds.placeHistory));
    expect(given(backend, "aimDrops").at(-1)).toEqual([null]);
  });

  it("go to the row that they are let go on, and to none beside the rows", async () => {
    const { backend } = await showScene("batch-practice");
    const row = must((await screen.findAllByTestId(testIds.cardRow)).find(({ dataset }) => dataset.bucket === "ready"));
    const lies = vi.spyOn(document, "elementFromPoint").mockReturnValue(row.querySelector("td"));
    act(() => {
      backend.emit({ kind: "dropHover", at: { x: 300, y: 300 } });
    });
    expect(row).toHaveClass("held");
    const overlay = await find(testIds.dropOverlay);
    expect(overlay).toHaveTextContent(`Legg ved ${row.querySelector(".ell")?.textContent ?? "?"}`);
    act(() => {
      backend.emit({ kind: "dropHover", at: null });
      backend.emit({ kind: "dropped", at: { x: 300, y: 300 } });
    });
    await waitFor(() => {
      expect(row).toHaveTextContent("1 vedlegg");
    });
    expect(screen.queryByTestId(testIds.dropOverlay)).not.toBeInTheDocument();
    lies.mockReturnValue(document.body);
    act(() => {
      backend.emit({ kind: "dropped", at: { x: 5, y: 5 } });
    });
    expect(given(backend, "openDropped")).toEqual([
      [row.dataset.id, false],
      [null, false],
    ]);
  });

  it("that cannot be sent say why, and shut step 2 until they are gone", async () => {
    const { user } = await showScene("return-attachment-refused");
    const section = await find(testIds.attachments);
    expect(section).toHaveTextContent("2 av 57");
    const wrong = within(section)
      .getAllByTestId(testIds.attachment)
      .filter((it) => it.dataset.code !== undefined);
    expect(wrong.map((it) => it.dataset.code)).toEqual(["attachmentMismatch", "attachmentType"]);
    expect(wrong[0]).toHaveTextContent("Skannet bilag.pdf ender på «.pdf», men innholdet er «.png».");
    expect(await find(testIds.step2Reason)).toHaveTextContent("2 vedlegg kan ikke sendes. Fjern dem først.");
    expect(screen.queryByTestId(testIds.file)).not.toBeInTheDocument();
    for (const it of wrong) await user.click(within(it).getByTestId(testIds.detach));
    expect(await find(testIds.file)).toBeInTheDocument();
  });

  it("cannot be changed while the return is being filed, and show how far they have come in bytes", async () => {
    const { backend } = await showScene("running-attachments");
    expect(screen.queryByTestId(testIds.attach)).not.toBeInTheDocument();
    expect(screen.queryByTestId(testIds.detach)).not.toBeInTheDocument();
    const step = must(screen.getAllByTestId(testIds.filingStep).find((it) => it.dataset.step === "attachments"));
    expect(step).toHaveTextContent("Laster opp 2 vedlegg");
    // What Altinn has already counts before anything is told.
    expect(within(step).getByTestId(testIds.upload)).toHaveTextContent("184 kB av 3,2 MB");
    act(() => {
      backend.emit({ kind: "upload", filing: "filing-1", done: 1_400_000, total: 3_196_215 });
    });
    await waitFor(() => {
      expect(within(step).getByTestId(testIds.upload)).toHaveTextContent("1,4 MB av 3,2 MB");
    });
  });

  it("are counted in the step that is still to come", async () => {
    const { backend } = await showScene("running-attachments");
    act(() => {
      backend.emit({
        kind: "cards",
        cards: [
          card("nb", {
            check: checkedOk,
            attachments: attachments(),
            filing: filing("running", {
              steps: steps("return", "running", true),
              attachments: [{ name: "a.pdf", size: 3_196_215, uploaded: false }],
            }),
          }),
        ],
      });
    });
    await waitFor(() => {
      const step = screen.getAllByTestId(testIds.filingStep).find((it) => it.dataset.step === "attachments");
      expect(step).toHaveTextContent("Laste opp 1 vedlegg, venter3,2 MB");
    });
  });
});

describe("a correction", () => {
  it("shows what it changes, line by line, before anything is sent", async () => {
    await showScene("return-correction");
    const changes = await find(testIds.changes);
    expect(changes).toHaveTextContent("Terminen ble levert 6. juni kl. 18.42 av Ingrid Solvang");
    expect(
      within(changes)
        .getAllByTestId(testIds.change)
        .map((row) => row.dataset.change),
    ).toEqual(["changed", "added", "removed"]);
    const changed = must(within(changes).getAllByTestId(testIds.change)[0]);
    expect(changed).toHaveTextContent("−4 800");
    expect(changed).toHaveTextContent("−2 400");
    expect(changes).toHaveTextContent("75 057");
    expect(changes).toHaveTextContent(/\d+ linjer er uendret\./);
  });

  it("that changes nothing says so", async () => {
    await showScene("return-correction-same");
    expect(await find(testIds.changes)).toHaveTextContent("Ingenting er endret");
    expect(screen.queryByTestId(testIds.change)).not.toBeInTheDocument();
  });

  it("is asked about with what it changes", async () => {
    await showScene("correction");
    const dialog = await find(testIds.confirmDialog);
    expect(dialog).toHaveTextContent("3 linjer er endret. Summen går fra 75 057 kr til 77 457 kr.");
    expect(within(dialog).getByTestId(testIds.confirmNot)).toHaveFocus();
  });

  it("begins in Historikk with the choice of its file", async () => {
    const { backend, user } = await showScene("history-detail");
    await user.click(await find(testIds.newVersion));
    expect(await find(testIds.changes)).toBeInTheDocument();
    expect(given(backend, "chooseNewVersion")).toEqual([["h0"]]);
    expect(given(backend, "file")).toEqual([]);
  });

  it("with a file for another period says so and opens nothing", async () => {
    const { user } = await showScene("history-detail", {
      will: {
        chooseNewVersion: error("otherPeriod", {
          values: {
            file: "annen.xml",
            foundPeriod: "Mai–juni 2026",
            foundOrgNumber: "315203857",
            period: "Mars–april 2026",
            orgNumber: "311797816",
          },
        }),
      },
    });
    await user.click(await find(testIds.newVersion));
    expect(await find(testIds.problem)).toHaveTextContent("annen.xml gjelder Mai–juni 2026");
    expect(screen.queryByTestId(testIds.card)).not.toBeInTheDocument();
  });
});

describe("another's preparation", () => {
  it.each(["sign-anothers", "history-sign"])("%s names who prepared it and is signed only when asked", async (name) => {
    const { backend, user } = await showScene(name);
    const panel = await find(testIds.signature);
    expect(panel).toHaveTextContent("Klargjort avJonas Eide");
    expect(panel).toHaveTextContent("Signeres avIngrid Solvang");
    await user.click(within(panel).getByTestId(testIds.sign));
    const dialog = await find(testIds.signDialog);
    expect(dialog).toHaveTextContent("Jonas Eide har fylt ut meldingen.");
    expect(dialog).toHaveTextContent("77 457 kr");
    expect(within(dialog).getByRole("button", { name: "Ikke nå" })).toHaveFocus();
    expect(given(backend, "continueFiling")).toEqual([]);
    await user.click(within(dialog).getByTestId(testIds.confirmSign));
    expect(given(backend, "continueFiling")).toHaveLength(1);
  });

  it("is signed from the bar of a narrow window too, after the same question", async () => {
    const { backend, user } = await showScene("narrow-sign");
    expect(screen.queryByTestId(testIds.signature)).not.toBeInTheDocument();
    await user.click(await find(testIds.sign));
    const dialog = await find(testIds.signDialog);
    expect(dialog).toHaveTextContent("Jonas Eide har fylt ut meldingen.");
    expect(given(backend, "continueFiling")).toEqual([]);
    await user.click(within(dialog).getByTestId(testIds.confirmSign));
    expect(given(backend, "continueFiling")).toHaveLength(1);
  });

  it("is not signed by signing in", async () => {
    const { backend, user } = await showScene("may-not-sign");
    const other = must(
      screen.getAllByTestId(testIds.problemAction).find((it) => it.dataset.remedy === "signInAsAnother"),
    );
    await user.click(other);
    await waitFor(() => {
      expect(given(backend, "signIn")).toEqual([[true]]);
    });
    expect(given(backend, "continueFiling")).toEqual([]);
  });
});

describe("what lies unfinished in Altinn", () => {
  it("is gone on with as a card, deleted after a question, and left alone when a filing owns it", async () => {
    const { backend, user } = await showScene("history-unfinished");
    const rows = await screen.findAllByTestId(testIds.unfinishedRow);
    expect(rows).toHaveLength(3);
    expect(rows[0]).toHaveTextContent("Mars–april 2026");
    expect(rows[1]).toHaveTextContent("Ingen melding lastet opp");
    expect(within(must(rows[1])).queryByTestId(testIds.unfinishedContinue)).not.toBeInTheDocument();
    const owned = within(must(rows[2]));
    expect(owned.queryByTestId(testIds.unfinishedAskDelete)).not.toBeInTheDocument();
    expect(owned.getByTestId(testIds.unfinishedOwner)).toBeInTheDocument();

    const second = within(must(rows[1]));
    await user.click(second.getByTestId(testIds.unfinishedAskDelete));
    expect(given(backend, "deleteUnfinished")).toEqual([]);
    await user.click(second.getByTestId(testIds.unfinishedDelete));
    await waitFor(() => {
      expect(screen.getAllByTestId(testIds.unfinishedRow)).toHaveLength(2);
    });

    await user.click(
      within(must(screen.getAllByTestId(testIds.unfinishedRow)[0])).getByTestId(testIds.unfinishedContinue),
    );
    expect(await find(testIds.card)).toBeInTheDocument();
    expect(screen.queryByTestId(testIds.unfinishedDialog)).not.toBeInTheDocument();
  });

  it("asks to sign in when nobody is", async () => {
    await showScene("history-unfinished-signed-out");
    expect(await find(testIds.unfinishedDialog)).toHaveTextContent("Logg inn for å se hva som ligger i Altinn.");
  });

  it("says what keeps Altinn from answering", async () => {
    await showScene("history-unfinished-problem");
    const dialog = await find(testIds.unfinishedDialog);
    await waitFor(() => {
      expect(within(dialog).getByTestId(testIds.problem)).toHaveAttribute("data-code", "noRight");
    });
  });
});

describe("the earlier version", () => {
  it("is told of in the language of the window", async () => {
    await showScene("return-correction", { language: "en" });
    expect(await find(testIds.changes)).toHaveTextContent("Changes in this version");
    expect(earlier("en").difference.lines.length).toBeGreaterThan(3);
  });
});
