/** First aid and updates in Innstillinger. */
import { screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { testIds } from "../testids";
import { showScene } from "./render";

const find = (id: string) => screen.findByTestId(id);

describe("first aid", () => {
  it("looks only when asked, and at the authorities in use unless told", async () => {
    const { backend, user } = await showScene("settings");
    expect(screen.queryAllByTestId(testIds.doctorCheck)).toHaveLength(0);
    await user.click(await find(testIds.doctorRun));
    await find(testIds.doctorText);
    expect(backend.calls).toContainEqual(["doctorReport", false]);
    await user.click(await find(testIds.doctorEverywhere));
    await user.click(await find(testIds.doctorRun));
    expect(backend.calls).toContainEqual(["doctorReport", true]);
  });

  it("says how many things are wrong, and for each what to do", async () => {
    await showScene("settings-doctor-faults");
    expect(await screen.findByText("2 ting må rettes.")).toBeInTheDocument();
    const checks = screen.getAllByTestId(testIds.doctorCheck);
    const clock = checks.find((check) => check.dataset.check === "clock");
    expect(clock).toHaveAttribute("data-outcome", "bad");
    expect(clock).toHaveTextContent("Slå på automatisk tid");
    expect(checks.find((check) => check.dataset.check === "keyring")).toHaveTextContent("Merk");
  });

  it("copies exactly what it shows", async () => {
    const { backend, user } = await showScene("settings-doctor");
    const text = (await find(testIds.doctorText)).textContent;
    await user.click(screen.getByText("Rapporten"));
    await user.click(await find(testIds.doctorCopy));
    expect(backend.calls).toContainEqual(["copyText", text]);
  });
});

describe("updates", () => {
  it("are not looked for until somebody asks", async () => {
    const { backend } = await showScene("settings");
    expect(backend.calls.map(([command]) => command)).not.toContain("lookForUpdate");
  });

  it("show what is new before anything is installed", async () => {
    const { backend } = await showScene("settings-update-available");
    expect(await find(testIds.update)).toHaveTextContent("Momsbud 0.2.0 kan installeres.");
    expect(screen.getByText(/Vedlegg kan legges ved/)).toBeInTheDocument();
    expect(backend.calls.map(([command]) => command)).not.toContain("installUpdate");
  });

  it.each([
    ["settings-update-refused", "Momsbud er uendret."],
    ["settings-update-later", "En mva-melding er på vei."],
    ["settings-update-off", "har slått av oppdateringer"],
    ["settings-update-packaged", "github.com/momsbud/momsbud/releases"],
  ])("%s says so, and offers nothing to install", async (name, words) => {
    await showScene(name);
    expect(await find(testIds.update)).toHaveTextContent(words);
    expect(screen.queryByTestId(testIds.updateInstall)).not.toBeInTheDocument();
  });
});
