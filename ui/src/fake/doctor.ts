/** Made-up first aid, for the fake office: a machine that is well, and one that is not. Its words are the office's own. */
import type { DoctorCheckId, DoctorOutcome, DoctorCheck, DoctorReport, LanguageName } from "../bindings";
import { message } from "./messages";

/** What is found: made of the office's words (`word("machine.whole")`) and of what only this machine has. */
type Found = (word: (key: string) => string) => string;
type Row = [id: DoctorCheckId, title: string, found: Found];

const rows: readonly Row[] = [
  ["versions", "versions", () => "Momsbud 0.1.0 · Debian GNU/Linux 12 (bookworm) · x86_64"],
  ["settings", "settings", (word) => word("settings.onlyWhatIsBuiltIn")],
  ["dataFolder", "dataFolder", () => "~/.local/share/no.momsbud.desktop"],
  ["database", "database", (word) => `${word("machine.whole")}, 84 kB`],
  ["keyring", "keyring", (word) => word("machine.keepsAndGivesBack")],
  ["browser", "browser", () => "firefox-esr.desktop"],
  ["loopback", "thisComputersOwnNetwork", () => "127.0.0.1"],
  ["practice", "practiceAuthorities", (word) => `127.0.0.1:41233 ${word("network.answer")}`],
  ["clock", "clock", () => "+0 s"],
];

const methods = "none, client_secret_post, client_secret_basic, private_key_jwt";
const file = "~/.local/share/no.momsbud.desktop/environments.json";
const faults: Partial<Record<DoctorCheckId, [DoctorOutcome, Found, advice: string]>> = {
  settings: [
    "bad",
    (word) =>
      `${file}: ${word("settings.aValueDoesNotFit")}, ${word("settings.line")} 4, ${word("settings.column")} 52 (${word("settings.mayBe")} ${methods})`,
    "settings.mendOrRemoveWhatIs",
  ],
  keyring: [
    "note",
    (word) => `${word("machine.thereIsNoKeyring")} (Platform failure: zbus error: Failed to connect to address)`,
    "machine.installAndStartAKeyring",
  ],
  clock: ["bad", () => "-3612 s", "network.switchOnAutomaticTimeIn"],
};

function report(language: LanguageName, ill: boolean): DoctorReport {
  const word = (key: string) => message("office", `doctor.${key}`, language);
  const checks = rows.map(([id, title, found]): DoctorCheck => {
    const [outcome, what, advice] = (ill ? faults[id] : undefined) ?? ["good", found, null];
    return { id, outcome, title: word(title), found: what(word), advice: advice === null ? null : word(advice) };
  });
  const text = checks.map(({ title, found }) => `${title}: ${found}`).join("\n");
  return { at: "2026-06-09T16:42:00Z", version: "0.1.0", checks, text };
}

export const well = (language: LanguageName): DoctorReport => report(language, false);
export const ill = (language: LanguageName): DoctorReport => report(language, true);
