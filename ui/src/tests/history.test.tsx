/** Historikk and the archive: filtered by period, taken along, verified, and told when it was lost. */
import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { testIds } from "../testids";
import { error } from "../fake/world";
import { showScene } from "./render";

const find = (id: string) => screen.findByTestId(id);

describe("the history", () => {
  it("is filtered by period and by year, and reset", async () => {
    const { user } = await showScene("history", { historyLength: 300 });
    const period = await find(testIds.historyPeriod);
    await waitFor(() => {
      expect(
        within(period)
          .getAllByRole("option")
          .map((option) => option.textContent),
      ).toEqual(["Alle terminer", "Hele 2026", "Mars–april 2026", "Januar–februar 2026"]);
    });
    await user.selectOptions(period, "Mars–april 2026");
    await waitFor(() => {
      expect(screen.getByTestId(testIds.historyCount)).toHaveTextContent("100 innsendinger");
    });
    for (const row of screen.getAllByTestId(testIds.historyRow)) expect(row).toHaveTextContent("Mars–april 2026");
    await user.type(screen.getByTestId(testIds.historySearch), "finnes ikke");
    await user.click(await screen.findByRole("button", { name: "Nullstill søket" }));
    await waitFor(() => {
      expect(screen.getByTestId(testIds.historyCount)).toHaveTextContent("300 innsendinger");
    });
    expect(period).toHaveValue("");
    expect(screen.getByTestId(testIds.historySearch)).toHaveValue("");
  });

  it("is exported as it is shown, and says where it lies and what is not in it", async () => {
    const { backend, user } = await showScene("history", { historyLength: 300 });
    await user.type(await find(testIds.historySearch), "Vika");
    await waitFor(() => {
      expect(screen.getByTestId(testIds.historyCount)).toHaveTextContent("30 innsendinger");
    });
    await user.click(screen.getByTestId(testIds.historyExport));
    expect(await find(testIds.historyExportDialog)).toHaveTextContent("30 innsendinger, de som vises nå");
    await user.click(screen.getByTestId(testIds.exportZip));
    const saved = await find(testIds.exportSaved);
    expect(saved).toHaveTextContent("Lagret i /home/ingrid/Dokumenter/momsbud-historikk.zip");
    expect(saved).toHaveTextContent("3 innsendinger har ingen mappe i arkivet og er ikke med.");
    expect(saved).toHaveTextContent(
      "1 fil mangler i arkivet, er endret eller er lagt dit av andre, og er ikke med. Kontrollér arkivet i innstillingene, så ser du hvilken.",
    );
    expect(backend.calls).toContainEqual([
      "exportHistory",
      {
        kind: "found",
        query: {
          text: "Vika",
          state: null,
          period: null,
          sort: "sent",
          ascending: false,
          offset: 0,
          limit: 0,
        },
      },
      "zip",
      "momsbud-historikk",
    ]);
    await user.click(screen.getByTestId(testIds.exportCsv));
    await waitFor(() => {
      expect(screen.getByTestId(testIds.exportSaved)).toHaveTextContent(/\.csv/);
    });
  });

  it("closes the details when a search does not find their row, and only then", async () => {
    const { user } = await showScene("history-detail", { historyLength: 30 });
    expect(await find(testIds.historyDetail)).toBeInTheDocument();
    const name = (await screen.findAllByTestId(testIds.historyRow))[0]?.querySelector("a")?.textContent ?? "";
    const search = screen.getByTestId(testIds.historySearch);
    await user.type(search, name);
    await waitFor(() => {
      expect(screen.getByTestId(testIds.historyCount)).toHaveAttribute("data-answers", name);
    });
    expect(screen.getByTestId(testIds.historyDetail)).toBeInTheDocument();
    await user.type(search, " finnes ikke");
    expect(await screen.findByRole("button", { name: "Nullstill søket" })).toBeInTheDocument();
    await waitFor(() => {
      expect(screen.queryByTestId(testIds.historyDetail)).not.toBeInTheDocument();
    });
  });

  it("says above the content why an export was refused", async () => {
    const { user } = await showScene("history-export", { will: { exportHistory: error("exportRefused") } });
    await user.click(await find(testIds.exportCsv));
    expect(await screen.findByRole("alert")).toHaveTextContent("Filen ble ikke lagret");
    expect(screen.queryByTestId(testIds.historyExportDialog)).not.toBeInTheDocument();
  });

  it("opens, saves and fetches again the files of one filing", async () => {
    const { backend, user } = await showScene("history-attachments");
    const detail = await find(testIds.historyDetail);
    await user.click(await within(detail).findByRole("button", { name: /^Åpne Avstemming/ }));
    await user.click(within(detail).getByTestId(testIds.exportOne));
    await user.click(within(detail).getByTestId(testIds.fetchAgain));
    await waitFor(() => {
      expect(screen.getByText("Kvitteringen er hentet på nytt", { exact: false })).toBeInTheDocument();
    });
    expect(backend.calls).toEqual(
      expect.arrayContaining([
        ["openArchived", "x3", "attachments/Avstemming av utgående merverdiavgift mars–april 2026.pdf"],
        ["exportHistory", { kind: "filings", ids: ["x3"] }, "zip", "Fjordlys Interiør AS Mars–april 2026"],
        ["fetchReceiptAgain", "x3"],
      ]),
    );
    await user.click(within(detail).getByTestId(testIds.sameCompany));
    expect(screen.getByTestId(testIds.historySearch)).toHaveValue("311797816");
  });

  it("says that a receipt whose archive disk is gone is safe", async () => {
    await showScene("history-archive-gone");
    const detail = await find(testIds.historyDetail);
    expect(await within(detail).findByText(/Momsbud kan ikke skrive til \/media\/ingrid\/ARKIV/)).toBeInTheDocument();
    expect(detail).toHaveTextContent("Kvitteringen ligger trygt hos Skatteetaten");
  });
});

describe("a history that was lost", () => {
  it("is told plainly until somebody has seen it", async () => {
    const { backend, user } = await showScene("history-recovered");
    const told = await find(testIds.recovery);
    expect(told).toHaveTextContent("Den er ikke slettet, men lagt til side i /home/ingrid/");
    expect(told).toHaveTextContent("2310 innsendinger kunne fortsatt leses. 8 innsendinger er hentet fra arkivet");
    expect(told).toHaveTextContent("1 mappe i arkivet kunne ikke leses: Øving/Dalheim");
    expect(told).toHaveTextContent("Se i innboksen i Altinn før du sender den på nytt");
    await user.click(screen.getByTestId(testIds.recoverySeen));
    await waitFor(() => {
      expect(screen.queryByTestId(testIds.recovery)).not.toBeInTheDocument();
    });
    expect(backend.calls).toContainEqual(["dismissRecovery"]);
  });

  it("that was gone is said to have been gone", async () => {
    await showScene("recovered-gone");
    expect(await find(testIds.recovery)).toHaveTextContent("Databasen var borte. 1 innsending er hentet fra arkivet");
  });
});

describe("the archive", () => {
  it("that is as it was says so", async () => {
    await showScene("settings-archive-good");
    expect(await find(testIds.archiveReport)).toHaveTextContent("2 318 innsendinger, 18 544 filer");
  });

  it("names what is changed, missing and surplus, and takes in what the history lacks", async () => {
    await showScene("settings-archive-bad");
    const report = await find(testIds.archiveReport);
    expect(report).toHaveTextContent("4 avvik i arkivet");
    expect(report).toHaveTextContent(/mangler Øving\/Dalheim.*kvittering\.pdf/);
    expect(report).toHaveTextContent(/endret Øving\/Fjordlys.*mva-melding\.xml/);
    expect(report).toHaveTextContent(/til overs Øving\/Fjordlys.*notat\.txt/);
    expect(await screen.findByText("12 innsendinger er hentet inn i historikken.")).toBeInTheDocument();
  });
});
