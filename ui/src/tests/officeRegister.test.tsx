/** Joining, moving into and leaving an office register in Innstillinger, against the fake office. */
import { screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { WRONG } from "../fake/officeRegister";
import { testIds } from "../testids";
import { showScene } from "./render";

const find = (id: string) => screen.findByTestId(id);
const asked = (backend: { calls: readonly (readonly unknown[])[] }, command: string) =>
  backend.calls.filter(([name]) => name === command);

describe("the office register", () => {
  it("says what is shared and what never is, before it is joined", async () => {
    await showScene("settings-register-join");
    const shares = await find(testIds.joinShares);
    expect(shares).toHaveTextContent(/Dette deles med dem på kontoret.*innsendinger.*kvitteringer/);
    expect(shares).toHaveTextContent(/Dette deles aldri: fødselsnumre, passord, tokener/);
  });

  it("is joined with address, role and password, once all three are there", async () => {
    const { backend, user } = await showScene("settings-register-join");
    await user.type(await find(testIds.joinAddress), "postgresql://db1.firma.no,db2.firma.no/momsbud");
    await user.type(await find(testIds.joinPassword), "fjell");
    await user.click(await find(testIds.joinConfirm));
    expect(asked(backend, "joinRegister")).toEqual([]);
    await user.type(await find(testIds.joinRole), "kari");
    await user.click(await find(testIds.joinConfirm));
    await waitFor(() => {
      expect(screen.queryByTestId(testIds.joinDialog)).not.toBeInTheDocument();
    });
    const address = "postgresql://db1.firma.no,db2.firma.no/momsbud";
    expect(asked(backend, "joinRegister")).toEqual([["joinRegister", { address, role: "kari", desk: "Kontor 2" }]]);
    expect(await find(testIds.registerPlace)).toHaveTextContent("momsbud på db1.firma.no, db2.firma.no");
    // What was done here before is offered to be brought.
    expect(await find(testIds.bring)).toHaveTextContent("Ikke flyttet inn ennå");
    await user.click(await find(testIds.bringDo));
    expect(await find(testIds.bring)).toHaveTextContent(/Innsendinger: 2\s315\. Dokumenter: 13\s890/);
    expect(await find(testIds.bring)).toHaveAttribute("data-value", "brought");
  });

  it("is not joined with a wrong password, which is said, and what was written stays", async () => {
    const { user } = await showScene("settings-register-join");
    await user.type(await find(testIds.joinAddress), "db1.firma.no/momsbud");
    await user.type(await find(testIds.joinRole), "kari");
    await user.type(await find(testIds.joinPassword), WRONG);
    await user.click(await find(testIds.joinConfirm));
    expect(await find(testIds.registerSaysNo)).toHaveTextContent("godtar ikke passordet");
    expect(await find(testIds.joinAddress)).toHaveValue("db1.firma.no/momsbud");
    expect(await find(testIds.registerPlace)).toHaveTextContent("er ikke med i noe kontorregister");
  });

  it("asks only for the password where the administrator's file says the rest", async () => {
    const { backend, user } = await showScene("settings-register-join-preset");
    expect(screen.queryByTestId(testIds.joinAddress)).not.toBeInTheDocument();
    expect(screen.queryByTestId(testIds.joinRole)).not.toBeInTheDocument();
    await user.type(await find(testIds.joinPassword), "fjell{Enter}");
    await waitFor(() => {
      expect(asked(backend, "joinRegister")).toHaveLength(1);
    });
    expect(asked(backend, "joinRegister")[0]?.[1]).toMatchObject({ role: "ingrid" });
  });

  it("takes another password for the register that the desk is in", async () => {
    const { user } = await showScene("settings-register-password");
    expect(screen.queryByTestId(testIds.joinShares)).not.toBeInTheDocument();
    await user.type(await find(testIds.joinPassword), "fjell");
    await user.click(await find(testIds.joinConfirm));
    await waitFor(() => {
      expect(screen.queryByTestId(testIds.joinDialog)).not.toBeInTheDocument();
    });
    expect(await find(testIds.bring)).toHaveAttribute("data-value", "brought");
  });

  it("shows how far moving in has come", async () => {
    await showScene("settings-register-bringing");
    const bar = await find(testIds.bringProgress);
    expect(bar).toHaveAttribute("value", "1158");
    expect(bar).toHaveAttribute("max", "2317");
  });

  it("fetches the others' documents, and names what it did not fetch", async () => {
    const { backend, user } = await showScene("settings-register");
    await user.click(await find(testIds.mirrorDo));
    const said = await find(testIds.mirrored);
    expect(said).toHaveTextContent(/Hentet til .*: 1\s204\. Lå der fra før: 12\s697.*1 dokument ble ikke hentet/);
    expect(said).toHaveTextContent(/Fjordlys Interiør AS, kvittering\.pdf.*noen har endret det der/);
    expect(asked(backend, "mirrorRegister")).toHaveLength(1);
  });

  it("asks before it is left with something untold, and says where the copy lies", async () => {
    const { backend, user } = await showScene("settings-register-leave");
    expect(await find(testIds.leaveUntold)).toHaveTextContent("Fjordlys Interiør AS, mars–april 2026");
    await user.click(await find(testIds.leaveConfirm));
    expect(await find(testIds.registerLeft)).toHaveTextContent(
      /rader: 9\s214, dokumenter: 13\s902.*1 dokument ble ikke med/,
    );
    expect(asked(backend, "leaveRegister")).toEqual([
      ["leaveRegister", false],
      ["leaveRegister", true],
    ]);
    expect(await find(testIds.registerJoin)).toBeInTheDocument();
  });
});
