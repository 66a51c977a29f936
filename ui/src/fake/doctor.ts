/** Made-up first aid, for the fake office: a machine that is well, and one that is not. */
import type { DoctorCheckId, DoctorOutcome, DoctorCheck, DoctorReport, LanguageName } from "../bindings";
import { inLanguage, type Said } from "./said";

type Words = Said;
type Row = [id: DoctorCheckId, outcome: DoctorOutcome, title: Words, found: Words, advice?: Words];

const same = (text: string): Words => ({ nb: text, nn: text, en: text });
const good: DoctorOutcome = "good";

const rows: readonly Row[] = [
  [
    "versions",
    good,
    { nb: "Versjoner", nn: "Versjonar", en: "Versions" },
    same("Momsbud 0.1.0 · Debian GNU/Linux 12 (bookworm) · x86_64"),
  ],
  [
    "settings",
    good,
    { nb: "Oppsett", nn: "Oppsett", en: "Settings" },
    { nb: "bare det som følger med", nn: "berre det som følgjer med", en: "only what is built in" },
  ],
  [
    "dataFolder",
    good,
    { nb: "Datamappe", nn: "Datamappe", en: "Data folder" },
    same("~/.local/share/no.momsbud.desktop"),
  ],
  ["database", good, same("Database"), { nb: "hel, 84 kB", nn: "heil, 84 kB", en: "whole, 84 kB" }],
  [
    "keyring",
    good,
    { nb: "Nøkkelring", nn: "Nøkkelring", en: "Keyring" },
    { nb: "tar vare på og gir tilbake", nn: "tek vare på og gjev tilbake", en: "keeps and gives back" },
  ],
  ["browser", good, { nb: "Nettleser", nn: "Nettlesar", en: "Browser" }, same("firefox-esr.desktop")],
  [
    "loopback",
    good,
    { nb: "Maskinens eget nett", nn: "Maskina sitt eige nett", en: "This computer's own network" },
    same("127.0.0.1"),
  ],
  [
    "practice",
    good,
    { nb: "Øvingsmyndighetene", nn: "Øvingsmyndigheitene", en: "Practice authorities" },
    { nb: "127.0.0.1:41233 svarer", nn: "127.0.0.1:41233 svarer", en: "127.0.0.1:41233 answer" },
  ],
  ["clock", good, { nb: "Klokken", nn: "Klokka", en: "Clock" }, same("+0 s")],
];

const faults: Partial<Record<DoctorCheckId, [DoctorOutcome, Words, Words]>> = {
  settings: [
    "bad",
    {
      nb: "~/.local/share/no.momsbud.desktop/environments.json: en verdi passer ikke, linje 4, kolonne 52 (kan være none, client_secret_post, client_secret_basic, private_key_jwt)",
      nn: "~/.local/share/no.momsbud.desktop/environments.json: ein verdi passar ikkje, linje 4, kolonne 52 (kan vere none, client_secret_post, client_secret_basic, private_key_jwt)",
      en: "~/.local/share/no.momsbud.desktop/environments.json: a value does not fit, line 4, column 52 (may be none, client_secret_post, client_secret_basic, private_key_jwt)",
    },
    {
      nb: "Rett eller fjern det som er feil. Momsbud åpner ikke før det er gjort; programmet gjetter ikke på hva som var ment.",
      nn: "Rett eller fjern det som er feil. Momsbud opnar ikkje før det er gjort; programmet gissar ikkje på kva som var meint.",
      en: "Mend or remove what is wrong. Momsbud does not open until then; it does not guess what was meant.",
    },
  ],
  keyring: [
    "note",
    {
      nb: "ingen nøkkelring (Platform failure: zbus error: Failed to connect to address)",
      nn: "ingen nøkkelring (Platform failure: zbus error: Failed to connect to address)",
      en: "there is no keyring (Platform failure: zbus error: Failed to connect to address)",
    },
    {
      nb: "Installer og start en nøkkelring. Uten den varer innloggingen bare til du lukker Momsbud.",
      nn: "Installer og start ein nøkkelring. Utan han varer innlogginga berre til du lukkar Momsbud.",
      en: "Install and start a keyring. Without one a sign-in lasts only until you close Momsbud.",
    },
  ],
  clock: [
    "bad",
    same("-3612 s"),
    {
      nb: "Slå på automatisk tid i systemets innstillinger.",
      nn: "Slå på automatisk tid i innstillingane til systemet.",
      en: "Switch on automatic time in the system's settings.",
    },
  ],
};

function report(language: LanguageName, ill: boolean): DoctorReport {
  const checks = rows.map(([id, outcome, title, found]): DoctorCheck => {
    const fault = ill ? faults[id] : undefined;
    return {
      id,
      outcome: fault?.[0] ?? outcome,
      title: inLanguage(title, language),
      found: inLanguage(fault?.[1] ?? found, language),
      advice: fault ? inLanguage(fault[2], language) : null,
    };
  });
  const text = checks.map(({ title, found }) => `${title}: ${found}`).join("\n");
  return { at: "2026-06-09T16:42:00Z", version: "0.1.0", checks, text };
}

export const well = (language: LanguageName): DoctorReport => report(language, false);
export const ill = (language: LanguageName): DoctorReport => report(language, true);
