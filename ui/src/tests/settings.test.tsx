/** Innstillinger and the first start, against the fake office. */
import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { error } from "../fake/world";
import { testIds } from "../testids";
import { findNth, must, nth, showScene } from "./render";

const find = (id: string) => screen.findByTestId(id);
const calls = (backend: { calls: [string, ...unknown[]][] }, name: string) =>
  backend.calls.filter(([called]) => called === name);
const choice = (value: string) =>
  must(screen.getAllByTestId(testIds.environmentChoice).find((radio) => radio.dataset.value === value));

describe("the first start", () => {
  it("has three pages and ends in a practice filing", async () => {
    const { backend, user } = await showScene("welcome");
    const dialog = await find(testIds.welcome);
    expect(within(dialog).getByRole("heading", { level: 1 })).toHaveFocus();
    expect(dialog).toHaveTextContent("1 av 3");
    await user.click(await find(testIds.welcomeNext));
    expect(screen.getByRole("heading", { name: "Slik går det til" })).toHaveFocus();
    await user.click(await find(testIds.welcomeNext));
    await user.click(nth(testIds.welcomeSample, 1));
    await user.click(await find(testIds.welcomeStart));
    expect(await find(testIds.cardCompany)).toHaveTextContent("Vika Tolketjenester AS");
    expect(screen.queryByTestId(testIds.welcome)).not.toBeInTheDocument();
    expect(calls(backend, "openSample")).toEqual([["openSample", "vika"]]);
    expect(calls(backend, "setPreferences")).toEqual([
      ["setPreferences", expect.objectContaining({ introduced: true })],
    ]);
  });

  it.each([0, 1, 2])("is skipped from page %i, and never shown again", async (page) => {
    const { backend, user } = await showScene("welcome");
    for (let turned = 0; turned < page; turned++) await user.click(await find(testIds.welcomeNext));
    await user.click(await find(testIds.welcomeSkip));
    expect(screen.queryByTestId(testIds.welcome)).not.toBeInTheDocument();
    expect(await find(testIds.dropZone)).toBeInTheDocument();
    expect(calls(backend, "setPreferences")).toEqual([
      ["setPreferences", expect.objectContaining({ introduced: true })],
    ]);
    expect(calls(backend, "openSample")).toEqual([]);
  });

  it("changes the language on its first page", async () => {
    const { user } = await showScene("welcome");
    await user.click(nth(testIds.language, 2));
    expect(await screen.findByRole("heading", { name: "Welcome to Momsbud" })).toBeInTheDocument();
  });

  it("promises no practice where there is none", async () => {
    await showScene("welcome-production");
    expect(screen.queryByTestId(testIds.welcomeSample)).not.toBeInTheDocument();
    expect(await find(testIds.welcomeStart)).toHaveTextContent("Begynn");
  });

  it("is not shown to who has been here before, and can be seen again", async () => {
    const { backend, user } = await showScene("settings");
    expect(screen.queryByTestId(testIds.welcome)).not.toBeInTheDocument();
    await user.click(await find(testIds.showIntro));
    await user.click(await find(testIds.welcomeSkip));
    expect(calls(backend, "setPreferences")).toEqual([]);
  });
});

describe("the environment", () => {
  it("is switched only after a dialog has said what changes", async () => {
    const { backend, user } = await showScene("settings-switch-test");
    const dialog = await find(testIds.switchDialog);
    expect(dialog).toHaveTextContent("3 åpne meldinger lukkes");
    expect(within(dialog).getByTestId(testIds.switchNot)).toHaveFocus();
    expect(choice("practice")).toBeChecked();
    await user.click(await find(testIds.switchConfirm));
    await waitFor(() => {
      expect(screen.getByTestId(testIds.environment)).toHaveTextContent("Test");
    });
    expect(calls(backend, "switchEnvironment")).toEqual([["switchEnvironment", "test"]]);
    expect(screen.queryByTestId(testIds.switchDialog)).not.toBeInTheDocument();
  });

  it("stays when the answer is not now", async () => {
    const { backend, user } = await showScene("settings-switch-production");
    await user.click(await find(testIds.switchNot));
    expect(screen.getByTestId(testIds.environment)).toHaveTextContent("Øving");
    expect(calls(backend, "switchEnvironment")).toEqual([]);
  });

  it("is production only for who has typed it", async () => {
    const { backend, user } = await showScene("settings-switch-production");
    await user.click(await find(testIds.switchConfirm));
    expect(calls(backend, "switchEnvironment")).toEqual([]);
    await user.type(await find(testIds.switchWord), "Produksjon");
    await user.click(await find(testIds.switchConfirm));
    await waitFor(() => {
      expect(screen.getByTestId(testIds.environment)).toHaveTextContent("Produksjon");
    });
  });

  it("is not switched while a filing is under way, and says so", async () => {
    await showScene("settings-switch-refused");
    expect(await find(testIds.switchDialog)).toHaveTextContent("En innsending pågår");
    expect(screen.getByTestId(testIds.environment)).toHaveTextContent("Øving");
  });

  it("cannot be switched where an administrator has named it", async () => {
    await showScene("settings-fixed");
    expect(await screen.findByText(/MOMSBUD_ENVIRONMENT/)).toBeInTheDocument();
    expect(choice("practice")).toBeDisabled();
    expect(screen.queryByTestId(testIds.changeArchive)).not.toBeInTheDocument();
  });
});

describe("the addresses", () => {
  const field = (value: string) =>
    must(screen.getAllByTestId(testIds.address).find((input) => input.dataset.value === value));

  it("are changed one by one and go back", async () => {
    const { backend, user } = await showScene("settings-addresses");
    await user.clear(field("app"));
    await user.type(field("app"), "https://skd.apps.altinn.no/skd/mva-melding-innsending-v2");
    await user.click(await find(testIds.addressSave));
    expect(await screen.findByText(/Endret\. Standard: .*-v1/)).toBeInTheDocument();
    await user.click(await find(testIds.addressReset));
    await waitFor(() => {
      expect(field("app")).toHaveValue("https://skd.apps.altinn.no/skd/mva-melding-innsending-v1");
    });
    expect(calls(backend, "setAddress").map(([, ...rest]) => rest)).toEqual([
      ["production", "app", "https://skd.apps.altinn.no/skd/mva-melding-innsending-v2"],
      ["production", "app", null],
    ]);
  });

  it("that are refused say so at the field, and what was typed stays", async () => {
    const { user } = await showScene("settings-addresses", { will: { setAddress: error("addressRefused") } });
    await user.clear(field("platform"));
    await user.type(field("platform"), "http://altinn.example");
    await user.click(await find(testIds.addressSave));
    expect(await find(testIds.addressProblem)).toHaveTextContent("Adressen kan ikke brukes");
    expect(field("platform")).toHaveValue("http://altinn.example");
  });

  it("of practice are shown and not changed; proxy and certificates are shown as they are", async () => {
    const { user } = await showScene("settings");
    await user.click(await find(testIds.showAddresses));
    expect(field("idPorten")).toHaveAttribute("readonly");
    expect(await findNth(testIds.proxy, 0)).toHaveTextContent("direkte");
    expect(await find(testIds.certificates)).toHaveTextContent("142 rotsertifikater er lest");
  });
});

describe("the archive and the data", () => {
  it.each([
    [testIds.archiveMove, true],
    [testIds.archiveKeep, false],
  ])("a new folder is taken after %s", async (id, moves) => {
    const { backend, user } = await showScene("settings-archive");
    expect(await find(testIds.archiveDialog)).toHaveTextContent("/srv/felles/Kvitteringer");
    await user.click(await find(id));
    await waitFor(() => {
      expect(screen.getByTestId(testIds.archiveFolder)).toHaveTextContent("/srv/felles/Kvitteringer");
    });
    expect(calls(backend, "changeArchiveFolder")).toEqual([["changeArchiveFolder", moves]]);
    expect(screen.queryByText(/Eldre kvitteringer ligger fortsatt/) !== null).toBe(!moves);
  });

  it("what others laid in while it was moved is said", async () => {
    const { backend, user } = await showScene("settings-archive");
    const change = backend.changeArchiveFolder.bind(backend);
    backend.changeArchiveFolder = async (move) => {
      const { archive: before } = await backend.settingsView();
      const view = await change(move);
      return { ...view, archive: { ...view.archive, earlier: [before.folder] } };
    };
    await user.click(await find(testIds.archiveMove));
    expect(await screen.findByText(/ble endret eller lagt til imens/)).toBeInTheDocument();
  });

  it("an export says where it went and how much is in it", async () => {
    const { backend, user } = await showScene("settings-export");
    await user.click(await find(testIds.exportArchive));
    await user.click(await find(testIds.exportChoose));
    expect(
      await screen.findByText(/^2.318 innsendinger er skrevet til \/home\/ingrid\/Momsbud\.zip$/),
    ).toBeInTheDocument();
    expect(calls(backend, "exportData")).toEqual([["exportData", true]]);
  });

  it("the log is shown before it is copied or saved, and exactly that is saved", async () => {
    const { backend, user } = await showScene("settings-log");
    const shown = (await find(testIds.logText)).textContent;
    expect(shown).toContain("[number]");
    await user.click(await find(testIds.logCopy));
    await user.click(await find(testIds.logSave));
    expect(await screen.findByText(/momsbud-logg\.txt/)).toBeInTheDocument();
    expect(calls(backend, "copyText")).toEqual([["copyText", shown]]);
    expect(calls(backend, "saveSupportLog")).toEqual([["saveSupportLog", shown]]);
  });

  it("what one's data lack is said apart from what was written", async () => {
    const { user } = await showScene("settings");
    await user.click(await find(testIds.exportData));
    await user.click(await find(testIds.exportChoose));
    expect(await find(testIds.exportDone)).toHaveTextContent(/skrevet til/);
    expect(screen.queryByTestId(testIds.exportLeftOut)).not.toBeInTheDocument();
    await user.click(await find(testIds.exportArchive));
    await user.click(await find(testIds.exportChoose));
    expect(await find(testIds.exportLeftOut)).toHaveTextContent(/^1 fil mangler i arkivet, .* og er ikke med\./);
  });

  it("the parts and their licences can be searched and read", async () => {
    const { user } = await showScene("settings-about");
    await user.type(await find(testIds.aboutSearch), "unlicense");
    await waitFor(() => {
      expect(screen.getAllByTestId(testIds.aboutPart)).toHaveLength(1);
    });
    await user.click(within(nth(testIds.aboutPart, 0)).getByRole("button"));
    expect(nth(testIds.aboutPart, 0)).toHaveTextContent("released into the public domain");
  });
});

describe("the practice menu", () => {
  it("puts practice into a situation and out of it, and is there in practice only", async () => {
    const { backend, user } = await showScene("settings");
    const switches = await screen.findAllByTestId(testIds.practiceSwitch);
    expect(switches).toHaveLength(23);
    const rejected = must(switches.find(({ dataset }) => dataset.value === "rejected"));
    expect(rejected).not.toBeChecked();
    await user.click(rejected);
    await waitFor(() => {
      expect(rejected).toBeChecked();
    });
    expect(backend.calls).toContainEqual(["switchPractice", "rejected", true]);
  });
});

describe("the office register", () => {
  it("is said to be none where the desk is in none", async () => {
    await showScene("settings");
    expect(await find(testIds.registerPlace)).toHaveTextContent("ikke med i noe kontorregister");
  });

  it("is said with whom one is there, since when it is silent, what waits and what it does not take", async () => {
    await showScene("settings-register-away");
    const place = await find(testIds.registerPlace);
    expect(place).toHaveTextContent("momsbud på db1.solvang.example, db2.solvang.example");
    expect(place).toHaveTextContent("Du er logget på der som ingrid. Denne arbeidsplassen heter Kontor 2.");
    expect(place).toHaveTextContent("Har ikke svart siden i dag kl. 16.12");
    expect(place).toHaveTextContent("3 innsendinger blir meldt");
    expect(place).toHaveTextContent("Ikke godtatt av registeret: Fjordlys Interiør AS, mars–april 2026");
  });

  it("is asked for anew when it answers again", async () => {
    const { backend } = await showScene("settings-register");
    expect(await find(testIds.registerPlace)).toHaveTextContent("Svarer");
    const before = calls(backend, "settingsView").length;
    backend.emit({ kind: "register", register: { away: false, untold: 0, without: false } });
    await waitFor(() => {
      expect(calls(backend, "settingsView").length).toBe(before + 1);
    });
  });
});
