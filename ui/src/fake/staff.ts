/** The colleagues of an invented office, and who is responsible for whom: refused where the office register refuses it. */
import type { ColleagueView, DeadlinesView, LanguageName, ResponsibleView } from "../bindings";
import { inLanguage, type Said } from "./said";

const ME = "ingrid";

export class FakeStaff {
  private colleagues: Omit<ColleagueView, "acting">[] = [
    { role: ME, name: "Ingrid Solvang", awayUntil: null, standIn: null, me: true },
    { role: "kari", name: "Kari Nordmann", awayUntil: null, standIn: null, me: false },
    { role: "ola", name: "Ola Nordmann", awayUntil: "2026-06-19", standIn: ME, me: false },
    // Sees the first ten companies only.
    { role: "per", name: "Per Vikar", awayUntil: null, standIn: null, me: false },
  ];
  private readonly changed = new Map<string, string | null>();

  private role(orgNumber: string): string | null {
    const said = this.changed.get(orgNumber);
    if (said !== undefined) return said;
    const index = Number(orgNumber.slice(1));
    return [ME, "kari", "ola", null][index % 4] ?? null;
  }

  /** Who acts for somebody: a stand-in who is away is followed to hers, and nobody twice. */
  private acting(role: string): string | null {
    let her = this.colleagues.find((it) => it.role === role);
    for (let turn = 0; her !== undefined && turn < this.colleagues.length; turn += 1) {
      if (her.awayUntil === null) return her.role;
      const { standIn }: { standIn: string | null } = her;
      her = this.colleagues.find((it) => it.role === standIn);
    }
    return null;
  }

  private responsible(orgNumber: string): ResponsibleView | null {
    const her = this.colleagues.find(({ role }) => role === this.role(orgNumber));
    if (her === undefined) return null;
    const acting = this.acting(her.role);
    const standIn = this.colleagues.find(({ role }) => role === acting && role !== her.role);
    return { role: her.role, name: her.name, mine: her.me || standIn?.me === true, standIn: standIn?.name ?? null };
  }

  in(view: DeadlinesView): DeadlinesView {
    const rows = view.rows.map((row) => ({ ...row, responsible: this.responsible(row.orgNumber) }));
    const staff = this.colleagues.map((her) => ({ ...her, acting: this.acting(her.role) }));
    return { ...view, rows, staff };
  }

  /** All of them or none; why not, where the register refuses. */
  handOver(companies: string[], to: string | null, language: LanguageName): string | null {
    if (to !== null && !this.colleagues.some(({ role }) => role === to)) return inLanguage(nobody, language);
    if (to === "per" && companies.some((company) => Number(company.slice(1)) >= 10))
      return inLanguage(seesNot, language);
    for (const company of companies) this.changed.set(company, to);
    return null;
  }

  setAway(until: string | null, standIn: string | null, language: LanguageName): string | null {
    if (standIn !== null && (standIn === ME || !this.colleagues.some(({ role }) => role === standIn))) {
      return inLanguage(nobody, language);
    }
    this.colleagues = this.colleagues.map((her) =>
      her.me ? { ...her, awayUntil: until, standIn: until === null ? null : standIn } : her,
    );
    return null;
  }
}

const nobody: Said = {
  nb: "Det er ingen regnskapsfører med den rollen i kontorregisteret. Ingenting er endret.",
  nn: "Det er ingen rekneskapsførar med den rolla i kontorregisteret. Ingenting er endra.",
  en: "The office register has no bookkeeper with that role. Nothing has been changed.",
};
const seesNot: Said = {
  nb: "Den du valgte, har ikke rett til å se alle disse virksomhetene. Ingenting er endret. Be administratoren gi retten først.",
  nn: "Den du valde, har ikkje rett til å sjå alle desse verksemdene. Ingenting er endra. Be administratoren gi retten først.",
  en: "Whoever you chose may not see all of these companies. Nothing has been changed. Ask the administrator to give the right first.",
};
export const noRegister: Said = {
  nb: "Denne arbeidsplassen er ikke med i noe kontorregister.",
  nn: "Denne arbeidsplassen er ikkje med i noko kontorregister.",
  en: "This desk is in no office register.",
};
