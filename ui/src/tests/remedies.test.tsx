/** Every remedy that the table of errors offers is there where the error is shown, and does something. */
import { act, screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { ErrorCode } from "../bindings";
import { errors, type Remedy } from "../errors";
import * as world from "../fake/world";
import { testIds } from "../testids";
import { showScene } from "./render";

const codes = Object.keys(errors) as ErrorCode[];

/** What stops a filing, as the engine can say it. */
const ofFilings = codes.filter((code) => errors[code].about === "filing" && errors[code].remedies.length > 0);
/** These are answers to a press of "Send inn", in a dialog or a note of their own, and never stop a filing that has begun. */
const asked: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "alreadyFiled",
  "mayBeDelivered",
  "notChecked",
  "filedElsewhere",
  "returnRejected",
  "answerUnclear",
]);
/** Those that need something that this filing has not: a receipt to fetch, a folder to show. */
const elsewhere: ReadonlySet<Remedy> = new Set<Remedy>(["fetchAgain", "showArchive", "retry"]);

describe("what stops a filing", () => {
  it("offers what helps, and every button does something", async () => {
    const filing = world.filing("waiting", { problem: world.error("unreachable") });
    const { backend, user } = await showScene("no-right", {
      start: world.start("nb", { cards: [world.card("nb", { check: world.checkedOk, filing })] }),
    });
    for (const code of ofFilings.filter((each) => !asked.has(each))) {
      const { remedies } = errors[code];
      const wanted = remedies.filter((remedy) => !elsewhere.has(remedy));
      for (const remedy of wanted) {
        act(() => {
          window.location.hash = "#/filing";
          backend.emit({
            kind: "cards",
            cards: [
              world.card("nb", {
                check: world.checkedOk,
                filing: world.filing("waiting", { problem: world.error(code) }),
              }),
            ],
          });
        });
        const button = await waitFor(() => {
          expect(screen.getByTestId(testIds.problem)).toHaveAttribute("data-code", code);
          const found = screen.getAllByTestId(testIds.problemAction).find(({ dataset }) => dataset.remedy === remedy);
          if (!found) throw new Error(`${code} does not offer ${remedy}`);
          return found;
        });
        const before = backend.calls.length;
        const at = window.location.hash;
        await user.click(button);
        await waitFor(() => {
          const went = window.location.hash !== at;
          expect(went || backend.calls.length > before, `${code}: ${remedy} does nothing`).toBe(true);
        });
      }
    }
  }, 120_000);
});
