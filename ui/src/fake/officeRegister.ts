/** An office register that is not there: joined with any password but one, moved into, and left. */
import type {
  BringAnswer,
  JoinAnswer,
  LanguageName,
  LeaveAnswer,
  MirrorAnswer,
  RegisterPlace,
  RegisterWish,
  SettingsView,
} from "../bindings";
import { inLanguage, type Said } from "./said";

/** A password that the register does not know. */
export const WRONG = "feil";

/** How this desk stands with the register after it has joined; why not, where it is refused. */
export function joined(
  view: SettingsView,
  wish: RegisterWish,
  password: string,
  language: LanguageName,
): [JoinAnswer, RegisterPlace | null] {
  if (password === WRONG) return [{ kind: "refused", why: inLanguage(wrongPassword, language) }, view.register];
  const place = /^(?:postgresql:\/\/)?([^/]+)\/(\w+)$/.exec(wish.address.trim());
  if (place === null) return [{ kind: "refused", why: inLanguage(noAddress, language) }, view.register];
  const [, hosts = "", database = ""] = place;
  return [
    { kind: "joined" },
    {
      database,
      hosts: hosts.split(","),
      role: wish.role,
      desk: wish.desk,
      brought: view.register?.brought ?? false,
      awaySince: null,
      waiting: 0,
      notTaken: [],
    },
  ];
}

export const broughtAll: BringAnswer = {
  kind: "brought",
  moved: {
    filings: 2315,
    there: 2,
    documents: 13_890,
    left: [
      {
        filing: "0197-5e1c",
        company: "Fjordlys Interiør AS",
        period: "mars–april 2026",
        why: "kontorregisteret sier noe annet om den; det står",
      },
    ],
  },
};

/** What becomes of fetching the others' documents: one was changed in the register. */
export function mirrored(place: RegisterPlace | null, language: LanguageName): MirrorAnswer {
  if (place === null) return { kind: "refused", why: inLanguage(notIn, language) };
  const left = {
    filing: "0197-5e1c",
    company: "Fjordlys Interiør AS",
    name: "kvittering.pdf",
    why: inLanguage(changed, language),
  };
  return {
    kind: "mirrored",
    folder: "/home/ingrid/Dokumenter/Kontorregister",
    fetched: 1204,
    there: 12_697,
    left: 1,
    named: [left],
  };
}

/** What becomes of leaving: what the register has not heard of is asked about first. */
export function leaving(place: RegisterPlace | null, anyway: boolean, language: LanguageName): LeaveAnswer {
  if (place === null) return { kind: "refused", why: inLanguage(notIn, language) };
  if (place.notTaken.length > 0 && !anyway) return { kind: "untold", filings: place.notTaken };
  const folder = "/home/ingrid/Dokumenter/Kontorregister momsbud 2026-06-09";
  return { kind: "left", folder, rows: 9214, documents: 13_902, leftOut: 1 };
}

const wrongPassword: Said = {
  nb: "Kontorregisteret godtar ikke passordet. Skriv det inn på nytt, eller be administratoren om et nytt.",
  nn: "Kontorregisteret godtek ikkje passordet. Skriv det inn på nytt, eller be administratoren om eit nytt.",
  en: "The office register does not accept the password. Enter it again, or ask the administrator for another.",
};
const noAddress: Said = {
  nb: "Adressen til kontorregisteret kan ikke brukes. Den skrives slik: postgresql://ROLLE@TJENER/DATABASE.",
  nn: "Adressa til kontorregisteret kan ikkje brukast. Ho blir skriven slik: postgresql://ROLLE@TENAR/DATABASE.",
  en: "The address of the office register cannot be used. It is written like this: postgresql://ROLE@SERVER/DATABASE.",
};
const changed: Said = {
  nb: "det kontorregisteret har, er ikke det kontrollsummen sier: noen har endret det der. Det ble ikke hentet.",
  nn: "det kontorregisteret har, er ikkje det kontrollsummen seier: nokon har endra det der. Det vart ikkje henta.",
  en: "what the office register has is not what its checksum says: somebody has changed it there. It was not fetched.",
};
const notIn: Said = {
  nb: "Denne arbeidsplassen er ikke med i noe kontorregister.",
  nn: "Denne arbeidsplassen er ikkje med i noko kontorregister.",
  en: "This desk is in no office register.",
};
