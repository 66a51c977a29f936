/** Who at the office is responsible for whom, in Frister, against the fake office. */
import { screen, waitFor, within } from "@testing-library/react";
import type { UserEvent } from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { testIds } from "../testids";
import { must, showScene } from "./render";

const find = (id: string) => screen.findByTestId(id);
const rows = () => screen.getAllByTestId(testIds.deadlineRow).map(({ dataset }) => dataset.org);
const choose = async (user: UserEvent, id: string, value: string) => user.selectOptions(await find(id), value);
const one = (org: string) =>
  must(screen.getAllByTestId(testIds.handOverOne).find(({ dataset }) => dataset.org === org));
const asked = (backend: { calls: readonly (readonly unknown[])[] }, command: string) =>
  backend.calls.filter(([name]) => name === command);

describe("who is responsible", () => {
  it("is nothing that a single user sees", async () => {
    await showScene("deadlines");
    await find(testIds.deadlineTable);
    expect(screen.queryByTestId(testIds.whose)).not.toBeInTheDocument();
  });

  it("narrows the year to what is mine, what I stand in for with it, and to what is nobody's", async () => {
    const { user } = await showScene("deadlines-office");
    expect(await find(testIds.whose)).toHaveTextContent(/Alle \(16\)Mine \(8\)Uten ansvarlig \(4\)/);
    await choose(user, testIds.whose, "mine");
    // Hers are every fourth; Ola is away, and his are hers meanwhile.
    expect(rows()).toHaveLength(8);
    expect(await find(testIds.deadlineTable)).toHaveTextContent("To måneder · Ola Nordmann");
    await choose(user, testIds.whose, "nobody");
    expect(rows()).toEqual(["900000003", "900000007", "900000011", "900000015"]);
    await choose(user, testIds.whose, "of:kari");
    expect(rows()).toEqual(["900000001", "900000005", "900000009", "900000013"]);
    // The chips count what is shown.
    expect(screen.getByText(/^Alle/, { selector: "label" })).toHaveTextContent("Alle 4");
  });

  it("hands many over at once, but for those that were taken out", async () => {
    const { backend, user } = await showScene("deadlines-office");
    await choose(user, testIds.whose, "nobody");
    await user.click(await find(testIds.handOver));
    const dialog = await find(testIds.handOverDialog);
    await user.click(within(dialog).getByTestId(testIds.handOverConfirm));
    expect(asked(backend, "handOver")).toEqual([]);
    await choose(user, testIds.handOverTo, "kari");
    await user.click(one("900000003"));
    expect(dialog).toHaveTextContent("3 av 4 virksomheter er valgt");
    await user.click(within(dialog).getByTestId(testIds.handOverConfirm));
    await waitFor(() => {
      expect(screen.queryByTestId(testIds.handOverDialog)).not.toBeInTheDocument();
    });
    expect(asked(backend, "handOver")).toEqual([["handOver", ["900000007", "900000011", "900000015"], "kari"]]);
    await waitFor(() => {
      expect(rows()).toEqual(["900000003"]);
    });
    expect(await screen.findByText("Kari Nordmann har ansvaret for de 3 virksomhetene.")).toBeInTheDocument();
  });

  it("says why the register refuses, and stays open", async () => {
    const { user } = await showScene("deadlines-hand-over");
    await choose(user, testIds.handOverTo, "per");
    await user.click(await find(testIds.handOverConfirm));
    expect(await find(testIds.registerSaysNo)).toHaveTextContent(/ikke rett til å se alle disse.*Ingenting er endret/);
    expect(await find(testIds.handOverDialog)).toBeInTheDocument();
    await user.click(await find(testIds.handOverAll));
    await user.click(one("900000002"));
    await user.click(await find(testIds.handOverConfirm));
    await waitFor(() => {
      expect(screen.queryByTestId(testIds.handOverDialog)).not.toBeInTheDocument();
    });
  });

  it("says who is away and who stands in, and takes it back", async () => {
    const { backend, user } = await showScene("deadlines-away");
    await user.click(await find(testIds.awaySave));
    expect(asked(backend, "setAway")).toEqual([]);
    await choose(user, testIds.awayUntil, "2026-07-24");
    await choose(user, testIds.awayStandIn, "kari");
    await user.click(await find(testIds.awaySave));
    await waitFor(async () => {
      expect(await find(testIds.away)).toHaveTextContent(
        "Du er borte til og med 24. juli. Kari Nordmann er stedfortreder",
      );
    });
    await user.click(await find(testIds.away));
    await user.click(await find(testIds.awayBack));
    await waitFor(async () => {
      expect(await find(testIds.away)).toHaveTextContent("Jeg blir borte");
    });
    expect(asked(backend, "setAway")).toEqual([
      ["setAway", "2026-07-24", "kari"],
      ["setAway", null, null],
    ]);
  });

  it("names the year of a last day that is in another", async () => {
    const { backend, user } = await showScene("deadlines-hand-over");
    await backend.setAway("2027-01-04", "kari");
    await choose(user, testIds.handOverTo, "kari");
    await user.click(await find(testIds.handOverConfirm));
    await waitFor(async () => {
      expect(await find(testIds.away)).toHaveTextContent("Du er borte til og med 4. januar 2027. Kari Nordmann");
    });
    await user.click(await find(testIds.away));
    expect(await find(testIds.awayUntil)).toHaveTextContent(/fredag 24\. juli[^ ].*mandag 4\. januar 2027$/);
  });

  it("has a morning list of everybody, which leads to each one's companies", async () => {
    const { user } = await showScene("deadlines-morning");
    const lines = (await screen.findAllByTestId(testIds.morningRow)).map((line) =>
      [...line.children].map((it) => it.textContent),
    );
    expect(lines.map(([who]) => who)).toEqual([
      "Ingrid Solvang",
      "Kari Nordmann",
      "Ola Nordmann borte til og med 19. juni, Ingrid Solvang er stedfortreder",
      "Uten ansvarlig",
    ]);
    expect(lines.map(([, companies]) => companies)).toEqual(["8", "8", "8", "8"]);
    expect(lines.reduce((sum, [, , late]) => sum + Number(late), 0)).toBeGreaterThan(1);
    await user.click(must(screen.getAllByTestId(testIds.morningShow)[3]));
    expect(screen.queryByTestId(testIds.morningDialog)).not.toBeInTheDocument();
    expect(await find(testIds.whose)).toHaveValue("nobody");
    expect(rows()).toHaveLength(8);
  });

  it("follows a stand-in who is away to hers, and says where nobody is there", async () => {
    const { user } = await showScene("deadlines-away");
    const ola = async () => {
      await user.click(await find(testIds.morning));
      const row = (await screen.findAllByTestId(testIds.morningRow)).find(({ dataset }) => dataset.value === "of:ola");
      const said = must(row).firstElementChild?.textContent;
      await user.keyboard("{Escape}");
      return said;
    };
    // Ingrid stands in for Ola, and Kari for Ingrid.
    await choose(user, testIds.awayUntil, "2026-07-24");
    await choose(user, testIds.awayStandIn, "kari");
    await user.click(await find(testIds.awaySave));
    await waitFor(async () => {
      expect(await find(testIds.away)).toHaveTextContent("Kari Nordmann er stedfortreder");
    });
    expect(await ola()).toBe("Ola Nordmann borte til og med 19. juni, Kari Nordmann er stedfortreder");
    // And nobody for Ingrid.
    await user.click(await find(testIds.away));
    await choose(user, testIds.awayStandIn, "");
    await user.click(await find(testIds.awaySave));
    await waitFor(async () => {
      expect(await find(testIds.away)).not.toHaveTextContent("stedfortreder");
    });
    expect(await ola()).toBe("Ola Nordmann borte til og med 19. juni, ingen på plass");
  });
});
