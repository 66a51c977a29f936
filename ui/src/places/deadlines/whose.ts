/** Whose companies the year shows, and what each person of the office has to do this morning. */
import type { DeadlineRow, DeadlinesView } from "../../bindings";

/** Everybody's, those of the person at this desk, nobody's, or one colleague's: `of:` and her role. */
export type Whose = "all" | "mine" | "nobody" | `of:${string}`;

export const belongs = ({ responsible }: DeadlineRow, whose: Whose): boolean => {
  if (whose === "all") return true;
  if (whose === "mine") return responsible?.mine === true;
  if (whose === "nobody") return responsible === null;
  return responsible?.role === whose.slice(3);
};

/** One a company: what is handed over is a company, whatever it files. */
export function companiesOf(rows: readonly DeadlineRow[]): DeadlineRow[] {
  return [...new Map(rows.map((row) => [row.orgNumber, row])).values()];
}

/** What a person's companies have open in the year that is shown. */
export interface Morning {
  whose: Whose;
  name: string | null;
  companies: number;
  late: number;
  near: number;
  waiting: number;
}

/** A line for each person who is responsible for something, in the order of their names; then what is nobody's. */
export function morningOf({ rows, staff }: DeadlinesView): Morning[] {
  const line = (whose: Whose, name: string | null): Morning => {
    const hers = rows.filter((row) => belongs(row, whose));
    const count = (state: "late" | "near" | "waiting") =>
      hers.reduce((sum, { cells }) => sum + cells.filter((cell) => cell.state === state).length, 0);
    return {
      whose,
      name,
      companies: companiesOf(hers).length,
      late: count("late"),
      near: count("near"),
      waiting: count("waiting"),
    };
  };
  return [...staff.map(({ role, name }) => line(`of:${role}`, name)), line("nobody", null)].filter(
    ({ companies }) => companies > 0,
  );
}
