import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { errors, errorDetails, errorTexts } from "../errors";
import type { ErrorCode, LanguageName } from "../bindings";
import { error } from "../fake/world";
import { createTexts, languages, messages, withPlurals } from ".";

const others = languages.filter((language) => language !== "nb");
const placeholders = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();
const all = (language: LanguageName) => Object.entries(messages[language]);

describe("the message files", () => {
  it("are of the languages that Rust has", () => {
    const root = path.resolve(import.meta.dirname, "../../..");
    const rust = ["crates/messages/messages", "translations"].flatMap((folder) => readdirSync(path.join(root, folder)));
    const files = rust.filter((file) => file.endsWith(".json"));
    expect(languages.map((code) => `${code}.json`).toSorted()).toEqual(files.toSorted());
  });

  it.each(others)("%s has the keys of bokmål, and forms of number that only it has", (language) => {
    const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    const own = new RegExp(`_(${forms.filter((form) => form !== "one" && form !== "other").join("|")})$`);
    const keys = Object.keys(messages[language]).filter((key) => !own.test(key));
    expect(keys.sort()).toEqual(Object.keys(messages.nb).sort());
  });

  it.each([...languages, "se", "ar", "cy"])("are there for every number in %s", (language) => {
    const texts = createTexts("nb");
    texts.addResourceBundle(language, "translation", withPlurals(language, messages.nb));
    const t = texts.getFixedT(language);
    for (const count of [0, 1, 2, 3, 5, 6, 11, 100]) {
      expect(t("access.companies", { count }), String(count)).toContain(String(count));
    }
  });

  it.each(languages)("%s has no empty text, and no double spaces", (language) => {
    for (const [key, text] of all(language)) {
      expect(text.trim(), key).not.toBe("");
      expect(text, key).not.toMatch(/ {2}/);
      expect(text.replaceAll(/\{\w+\}/g, ""), `${key}: a placeholder is {name}`).not.toMatch(/[{}]/);
    }
  });

  it.each(others)("%s has the placeholders of bokmål", (language) => {
    for (const [key, text] of all(language)) {
      const known = key in messages.nb ? key : key.replace(/_\w+$/, "_other");
      expect(placeholders(text), key).toEqual(placeholders(messages.nb[known as keyof typeof messages.nb]));
    }
  });

  it.each(languages)("%s calls the length of a period as the return's own words do", (language) => {
    const words = new Map(everywhere(language));
    const elements = {
      month: "Maaned",
      twoMonths: "ToMaaneder",
      threeMonths: "TreMaaneder",
      sixMonths: "SeksMaaneder",
      year: "Aar",
      halfMonth: "HalvMaaned",
      week: "Uke",
    } as const;
    for (const [kind, element] of Object.entries(elements) as [keyof typeof elements, string][]) {
      const told = messages[language][`duty.kind.${kind}`];
      expect(words.get(`label.period skattleggingsperiode${element}`), kind).toBe(told.toLowerCase());
    }
  });

  it("has a singular for every plural", () => {
    const keys = new Set(Object.keys(messages.nb));
    for (const key of keys) {
      if (key.endsWith("_other")) expect(keys, key).toContain(key.replace("_other", "_one"));
    }
  });

  it("fills a period that stands within a sentence in with a small letter, wherever it does", () => {
    const source = sources(path.resolve(import.meta.dirname, ".."));
    const within = all("nb").filter(([key, text]) => /\p{Ll} \{period\}/u.test(text) && source.includes(`"${key}"`));
    expect(within.length).toBeGreaterThan(5);
    const capital = within.filter(([key]) => {
      const [, ...calls] = source.split(`"${key}"`);
      return calls.some((call) => !/^[^;]{0,400}?period: midSentence\(/.test(call));
    });
    expect(capital.map(([key]) => key)).toEqual([]);
  });

  it("holds no text that the window never says", () => {
    const source = sources(path.resolve(import.meta.dirname, ".."));
    const unused = Object.keys(messages.nb).filter((key) => {
      const base = key.replace(/_(one|other)$/, "");
      if (source.includes(`"${base}"`)) return false;
      // Keys that are put together, as `error.${code}.title`: the prefix, and a suffix if there is one.
      const [head = "", , ...tail] = base.split(".");
      const parts = base.split(".");
      const made = [
        `\`${head}.\${`,
        parts.length > 2 ? `\`${parts.slice(0, -1).join(".")}.\${` : "",
        tail.length > 0 ? `.${tail.join(".")}\`` : "",
      ].filter((part) => part !== "");
      return !made.some((part) => source.includes(part));
    });
    expect(unused).toEqual([]);
  });
});

/** One form where the language allows several, and the words that were chosen against: `[what is written, what is not]`. */
const forms: Partial<Record<LanguageName, [string, RegExp][]>> = {
  nb: [
    ["Kontrollér", /(?<!\p{L})Kontroller (?=\p{L})/u],
    [
      "Hvis …, which nobody reads as translated",
      /(?<=^|[.:;] )(Er|Vil|Gjør|Prøver|Svarer|Kommer|Står|Har) (du|de|den|det)\P{L}[^.?:]*, /u,
    ],
  ],
  nn: [
    [
      "Om …, which nobody reads as translated",
      /(?<=^|[.:;] )(Er|Vil|Gjer|Prøver|Svarer|Kjem|Står|Har) (du|dei|den|det|han|ho)\P{L}[^.?:]*, /u,
    ],
    ["herfrå", /herifrå/],
    ["svarer", /(?<!\p{L})svarar(?!\p{L})/u],
    ["derfor", /(?<!\p{L})difor(?!\p{L})/u],
    ["gir, oppgir, oppgitt", /oppgjev|(?<!\p{L})gjev/u],
    ["behandling", /handsam/],
    ["vart", /(?<!\p{L})blei(?!\p{L})/u],
    ["allereie", /(?<!\p{L})(er|var|blir) alt (?=\p{L}+(t|d|a|en) (?!som)|ei |i )/u],
    ["ho, of a thing", /(opne|sender|avbryt|pakk|last|slepp|rett|legg|send) henne/iu],
  ],
  en: [["straight apostrophes", /’/]],
};

/** The texts of a language everywhere: the window's, and those of the crates. */
function everywhere(language: LanguageName): [string, string][] {
  const root = path.resolve(import.meta.dirname, "../../..");
  const crates = readdirSync(path.join(root, "crates")).map((crate) => path.join(root, "crates", crate, "messages"));
  const files = [...crates, path.join(root, "src-tauri/messages")].map((folder) =>
    path.join(folder, `${language}.json`),
  );
  const texts = files
    .filter((file) => existsSync(file))
    .flatMap((file) => Object.entries<string>(JSON.parse(readFileSync(file, "utf8")) as Record<string, string>));
  const translation = path.join(root, "translations", `${language}.json`);
  if (!existsSync(translation)) return [...all(language), ...texts];
  const sections = JSON.parse(readFileSync(translation, "utf8")) as Record<string, Record<string, string>>;
  return Object.values(sections).flatMap((section) => Object.entries(section));
}

describe("the words", () => {
  it.each(languages)("of %s are one form each, in the window and in Rust", (language) => {
    const texts = everywhere(language);
    expect(texts.length).toBeGreaterThan(all(language).length);
    for (const [wanted, unwanted] of forms[language] ?? []) {
      expect(
        texts.filter(([, text]) => unwanted.test(text)),
        wanted,
      ).toEqual([]);
    }
  });
});

function sources(folder: string): string {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((file) => file.isFile() && /\.tsx?$/.test(file.name) && !file.name.includes(".test."))
    .map((file) => readFileSync(path.join(file.parentPath, file.name), "utf8"))
    .join("\n");
}

/** The codes that Rust can give, read from where they are declared: nothing generated stands between. */
function rustCodes(): string[] {
  const source = readFileSync(path.resolve(import.meta.dirname, "../../../crates/view/src/problem/code.rs"), "utf8");
  const body = /pub enum ErrorCode \{(.*?)\n\}/s.exec(source)?.[1] ?? "";
  return [...body.matchAll(/^ {4}(\w+),$/gm)].map(([, name = ""]) => name.charAt(0).toLowerCase() + name.slice(1));
}

describe("errors", () => {
  const codes = Object.keys(errors) as ErrorCode[];

  it("have an entry and texts for every code of Rust, and for no other", () => {
    const declared = rustCodes();
    expect(declared.length).toBeGreaterThan(30);
    expect(codes.toSorted()).toEqual(declared.toSorted());
    for (const language of languages) {
      for (const part of ["title", "text", "todo"]) {
        expect(declared.filter((code) => !(`error.${code}.${part}` in messages[language]))).toEqual([]);
      }
      const told = Object.keys(messages[language]).filter((key) => /^error\.\w+\.title$/.test(key));
      expect(told.map((key) => key.split(".")[1]).toSorted()).toEqual(declared.toSorted());
    }
  });

  it.each(languages)("say in %s what happened, whether anything was delivered, and what to do", (language) => {
    const { t } = createTexts(language);
    for (const code of codes) {
      for (const delivered of ["no", "yes", "unknown"] as const) {
        const texts = errorTexts(error(code, { delivered }), t);
        for (const text of Object.values<string>({ ...texts })) {
          expect(text, code).not.toContain("{");
          expect(text, code).not.toMatch(/^(error|delivered)\./);
          expect(text.length, code).toBeGreaterThan(3);
        }
      }
    }
  });

  it("never says that nothing is filed when a receipt cannot be opened", () => {
    const { t } = createTexts("nb");
    expect(errorTexts(error("cannotOpen"), t).delivered).toBe("Det endrer ikke noe av det som er sendt.");
  });

  it("treats a code it does not know as a fault of the program", () => {
    const { t } = createTexts("nb");
    const strange = { ...error("internal"), code: "brandNew" as ErrorCode };
    expect(errorTexts(strange, t).title).toBe("En feil i Momsbud");
    expect(errorDetails(strange)).toMatch(/^brandNew: /);
  });

  it("names the company and the right where the office gives them", () => {
    const { t } = createTexts("nb");
    const texts = errorTexts(error("noRight", { values: { company: "Vika AS", right: "Kontaktperson NUF" } }), t);
    expect(texts.text).toContain("Vika AS");
    expect(texts.todo).toContain("«Kontaktperson NUF»");
  });
});
