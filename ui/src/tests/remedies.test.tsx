/**
 * Every remedy that the table of errors offers is there where the error is shown, and does something.
 *
 * `shown` says of every code where a person meets it; a code that is missing there does not compile, and a remedy that
 * none of the code's places offers fails.
 */
import { act, cleanup, screen, waitFor, within } from "@testing-library/react";
import type { UserEvent } from "@testing-library/user-event";
import { afterAll, describe, expect, it } from "vitest";
import type { ErrorCode, ErrorView, FilingState, ReturnCard, StartView } from "../bindings";
import { errors, type Remedy } from "../errors";
import type { FakeBackend } from "../fake/fake";
import type { FakeOptions } from "../fake/options";
import * as world from "../fake/world";
import { testIds } from "../testids";
import { must, sendIn, showScene } from "./render";

/**
 * `file`: a file that cannot be used. `attachment`: at the attachment, which is taken away there. `check`: the check was
 * refused. `stopped`: a filing does not go on. `delivered`: something is wrong after the delivery. `answer`: what
 * Skatteetaten answered. `send`: the press of "Send inn" was refused. `signIn`: how a sign-in ended. `altinn`: the person is
 * signed in and Altinn does not know her. `command`: something else was refused, said above the content. `start`: the
 * program cannot start. `lock`: said where the program is locked.
 */
type Where =
  | "file"
  | "attachment"
  | "check"
  | "stopped"
  | "delivered"
  | "answer"
  | "send"
  | "signIn"
  | "altinn"
  | "command"
  | "start"
  | "lock";

const shown: Readonly<Record<ErrorCode, readonly Where[]>> = {
  fileEmpty: ["file"],
  fileTooLarge: ["file"],
  fileOverLimit: ["command"],
  sheetTooLarge: ["file", "command"],
  fileIsFolder: ["file"],
  fileUnreadable: ["file"],
  linkLeadsOut: ["file"],
  filesLeftOut: ["file"],
  packedUnreadable: ["file"],
  fileMissing: ["file"],
  notXml: ["file"],
  notAReturn: ["file"],
  notReturns: ["file"],
  unsafeXml: ["file"],
  schemaInvalid: ["file"],
  attachmentAlone: ["file"],

  attachmentEmpty: ["attachment"],
  attachmentTooLarge: ["attachment"],
  attachmentType: ["attachment"],
  attachmentMismatch: ["attachment"],
  attachmentTwice: ["attachment"],
  attachmentTooMany: ["attachment"],
  attachmentIsReturn: ["attachment"],
  attachmentLate: ["command"],

  signInDenied: ["signIn"],
  signInUntrusted: ["signIn"],
  signInTooLate: ["signIn"],
  integrationRefused: ["signIn"],
  noBrowser: ["signIn"],
  signInBusy: ["signIn"],
  signInTooWeak: ["signIn"],
  notAnIntegration: ["command"],
  keyUnusable: ["command"],

  needsSignIn: ["check", "stopped", "send"],
  noAltinnUser: ["check", "stopped", "altinn"],
  scopeMissing: ["check", "stopped", "altinn"],
  noRight: ["check", "stopped"],
  mayNotSign: ["stopped"],
  companyUnknown: ["check", "stopped", "send"],
  anotherPerson: ["stopped"],

  workLocked: ["lock"],
  workPolicyUnusable: ["lock"],
  workForbidden: ["stopped", "send"],
  workPolicyRefused: ["lock"],

  returnRefused: ["stopped", "send"],
  returnRejected: ["answer"],
  answerUnclear: ["answer"],
  preparing: ["stopped"],
  appMoved: ["check", "stopped"],
  mayBeDelivered: ["stopped", "send"],
  filingRefused: ["stopped"],
  alreadyFiled: ["stopped", "send"],
  periodTaken: ["stopped"],
  registerAway: ["stopped"],
  registerRefused: ["stopped"],
  samePeriod: ["send"],
  filedElsewhere: ["stopped", "send"],
  draftChangedElsewhere: ["command"],
  notChecked: ["send"],
  tooLateToCancel: ["command"],
  filingUnderWay: ["command"],
  addressRefused: ["command"],
  folderRefused: ["command"],

  unreachable: ["check", "stopped"],
  authorityFault: ["check", "stopped"],
  busy: ["check", "stopped"],
  unreadableAnswer: ["check", "stopped"],
  clockWrong: ["check", "stopped"],
  diskFull: ["stopped", "delivered", "command"],
  archiveUnusable: ["stopped", "delivered", "command"],
  dataUnusable: ["start", "command"],
  keyringRefused: ["command"],
  ownFiling: ["command"],
  otherPeriod: ["command"],
  cannotOpen: ["delivered", "command"],
  notFound: ["command"],
  exportRefused: ["command"],
  internal: ["check", "stopped", "command"],
};
const codes = Object.keys(shown) as ErrorCode[];

/** Where these answers have a picture and buttons of their own, and what stands for the table's remedy there. */
const own: Partial<Record<Remedy, string>> = {
  confirmCorrection: testIds.confirmCorrection,
  chooseFiles: testIds.chooseCorrected,
  showArchive: testIds.openAnswer,
  signIn: testIds.signInRetry,
  retry: testIds.doubtRetry,
};

/** What is offered at each place, gathered as the places are walked. */
const offered = new Map<ErrorCode, Set<Remedy>>();
const note = (code: ErrorCode, remedy: Remedy) => offered.set(code, (offered.get(code) ?? new Set()).add(remedy));
const at = (where: Where): ErrorCode[] => codes.filter((code) => shown[code].includes(where));

/** The buttons with which an error is helped, wherever it is shown. */
function buttonsOf(code: ErrorCode): [Remedy, HTMLElement][] {
  const found: [Remedy, HTMLElement][] = screen
    .queryAllByTestId(testIds.problemAction)
    .map((button) => [button.dataset.remedy as Remedy, button]);
  for (const remedy of errors[code].remedies) {
    const id = own[remedy];
    const button = id === undefined ? undefined : document.querySelector<HTMLElement>(`[data-testid="${id}"]`);
    if (button && !found.some(([known]) => known === remedy)) found.push([remedy, button]);
  }
  return found;
}

/** Presses every button that a place has for a code, each in a place that is shown anew. */
async function pressAll(code: ErrorCode, user: UserEvent, backend: FakeBackend, show: () => Promise<void>) {
  await show();
  const names = buttonsOf(code).map(([remedy]) => remedy);
  if (errors[code].remedies.length > 0) expect(names.length, `${code} offers nothing`).toBeGreaterThan(0);
  for (const remedy of names) {
    await show();
    const button = await waitFor(() => must(buttonsOf(code).find(([known]) => known === remedy))[1]);
    const before = backend.calls.length;
    const from = window.location.hash;
    const asked = document.querySelectorAll("dialog").length;
    await user.click(button);
    await waitFor(() => {
      const went = window.location.hash !== from || document.querySelectorAll("dialog").length > asked;
      expect(went || backend.calls.length > before, `${code}: ${remedy} does nothing`).toBe(true);
    });
    note(code, remedy);
  }
}

const ready = (more: Partial<ReturnCard> = {}) => world.card("nb", { check: world.checkedOk, ...more });
const start = (cards: ReturnCard[], more: Partial<StartView> = {}) => world.start("nb", { cards, ...more });

/** A window in which one card follows the other. */
async function cards(where: Where, of: (code: ErrorCode) => ReturnCard, seen: (code: ErrorCode) => void) {
  const { backend, user } = await showScene("return-ready", { start: start([ready()]) });
  for (const code of at(where)) {
    await pressAll(code, user, backend, async () => {
      // What a button has begun is over before the next one is pressed.
      for (const id of [testIds.signInNotNow, testIds.confirmNot]) {
        const open = screen.queryByTestId(id);
        if (open) await user.click(open);
      }
      act(() => {
        window.location.hash = "#/filing";
        backend.emit({ kind: "cards", cards: [] });
      });
      act(() => {
        backend.emit({ kind: "cards", cards: [of(code)] });
      });
      await waitFor(() => {
        seen(code);
      });
    });
  }
}
const coded = (code: ErrorCode, id: string = testIds.problem) => {
  expect(screen.getAllByTestId(id).map(({ dataset }) => dataset.code)).toContain(code);
};

/** A window for each code: something is pressed and refused. */
async function refused(
  where: Where,
  scene: string,
  options: (code: ErrorCode) => Partial<FakeOptions>,
  press: (user: UserEvent) => Promise<void>,
) {
  for (const code of at(where)) {
    // One button a window: what it does changes the window.
    for (let index = 0; index === 0 || index < errors[code].remedies.length; index += 1) {
      cleanup();
      const { backend, user } = await showScene(scene, options(code));
      await press(user);
      const buttons = await waitFor(() => {
        const now = buttonsOf(code);
        if (screen.queryAllByTestId(testIds.problem).length === 0) expect(now.length).toBeGreaterThan(0);
        return now;
      });
      const next = buttons.find(([remedy]) => offered.get(code)?.has(remedy) !== true) ?? buttons[index];
      if (!next) break;
      const [remedy, button] = next;
      const before = backend.calls.length;
      const from = window.location.hash;
      await user.click(button);
      await waitFor(() => {
        const went = window.location.hash !== from;
        expect(went || backend.calls.length > before, `${code}: ${remedy} does nothing`).toBe(true);
      });
      note(code, remedy);
    }
  }
}

describe("the table of errors", () => {
  afterAll(() => {
    offered.clear();
  });

  it("helps with files that cannot be used", async () => {
    await cards(
      "file",
      (code) => world.card("nb", { content: null, problem: world.error(code) }),
      (code) => {
        coded(code, testIds.fileProblem);
      },
    );
  }, 120_000);

  it("has each wrong attachment taken away where it stands", async () => {
    const { backend, user } = await showScene("return-ready", { start: start([ready()]) });
    for (const code of at("attachment")) {
      act(() => {
        const wrong = world.attachment("Bilag 1.pdf", { problem: world.error(code) });
        backend.emit({ kind: "cards", cards: [ready({ attachments: [wrong] })] });
      });
      const row = await waitFor(() => {
        const found = screen.getByTestId(testIds.attachment);
        expect(found).toHaveAttribute("data-code", code);
        return found;
      });
      await user.click(within(row).getByTestId(testIds.detach));
      expect(backend.calls.at(-1)?.[0]).toBe("detach");
    }
  }, 120_000);

  it("helps with a check that was refused", async () => {
    await cards("check", (code) => ready({ check: { ...world.unchecked, problem: world.error(code) } }), coded);
  }, 120_000);

  it("helps with a filing that stands still", async () => {
    await cards("stopped", (code) => ready({ filing: world.filing("waiting", { problem: world.error(code) }) }), coded);
  }, 240_000);

  it("has one filled button where a check or a filing has ended", async () => {
    const { backend } = await showScene("return-ready", { start: start([ready()]) });
    const refused = (code: ErrorCode) => ready({ filing: world.filing("refused", { problem: world.error(code) }) });
    const ended = [
      ...at("check").map((code) => ready({ check: { ...world.unchecked, problem: world.error(code) } })),
      ...(["companyUnknown", "filingRefused", "returnRefused"] as const).map(refused),
    ];
    for (const card of ended) {
      act(() => {
        backend.emit({ kind: "cards", cards: [] });
      });
      act(() => {
        backend.emit({ kind: "cards", cards: [card] });
      });
      const code = (card.check.problem ?? card.filing?.problem)?.code;
      await waitFor(() => {
        expect(screen.getByTestId(testIds.problem)).toHaveAttribute("data-code", code);
      });
      const filled = document.querySelectorAll('[data-steps] .ds-button[data-variant="primary"]');
      expect(filled, `${String(code)} has ${String(filled.length)} filled buttons`).toHaveLength(1);
    }
  }, 120_000);

  it("names the person whose filing it is", async () => {
    await showScene("stopped-anotherPerson");
    expect(await screen.findByTestId(testIds.problem)).toHaveTextContent(/påbegynt av Ingrid Solvang, og bare/);
  });

  it("says since when another desk has the period, where that is known, and nothing of it where it is not", async () => {
    const { backend } = await showScene("stopped-periodTaken");
    const card = await screen.findByTestId(testIds.problem);
    expect(card).toHaveTextContent(/nå av Kari Nordmann fra Resepsjonen, siden i dag kl\. 18\.36\./);
    const stopped = must(must((await backend.startView()).cards[0]).filing ?? undefined);
    act(() => {
      backend.emit({ kind: "filing", filing: { ...stopped, problem: world.error("periodTaken") } });
    });
    await waitFor(() => {
      expect(card).toHaveTextContent(/nå av en annen fra en annen arbeidsplass\. Ingenting/);
    });
  });

  it("shows what came of going on, although the answer is of before", async () => {
    const { backend, user } = await showScene("stopped-periodTaken");
    const stopped = must(must((await backend.startView()).cards[0]).filing ?? undefined);
    const as = (state: FilingState, problem: ErrorView | null) => ({
      ...stopped,
      problem,
      row: { ...stopped.row, state },
    });
    backend.continueFiling = async () => {
      act(() => {
        backend.emit({ kind: "filing", filing: as("abandoned", world.error("alreadyFiled")) });
      });
      await Promise.resolve();
      return as("running", null);
    };
    await user.click(
      await waitFor(() => must(document.querySelector<HTMLElement>('[data-remedy="continue"]') ?? undefined)),
    );
    await waitFor(() => {
      expect(screen.getByTestId(testIds.step2)).toHaveAttribute("data-state", "abandoned");
    });
    // What the answer would show comes after it.
    await act(() => new Promise((done) => setTimeout(done, 50)));
    expect(screen.getByTestId(testIds.step2)).toHaveAttribute("data-state", "abandoned");
    expect(screen.getByTestId(testIds.problem)).toHaveAttribute("data-code", "alreadyFiled");
  });

  it("helps with what goes wrong after the delivery", async () => {
    const files = [{ name: "kvittering.pdf", size: 92_114 }];
    await cards(
      "delivered",
      (code) =>
        ready({ filing: world.filing("waitingAnswer", { problem: world.error(code, { delivered: "yes" }), files }) }),
      coded,
    );
  }, 120_000);

  it("helps with what Skatteetaten answered", async () => {
    await cards(
      "answer",
      (code) =>
        ready({
          filing: world.filing(code === "returnRejected" ? "rejected" : "unclear", {
            problem: world.error(code, { delivered: "yes" }),
          }),
        }),
      () => screen.getByTestId(testIds.answer),
    );
  }, 120_000);

  it("helps with a press of Send inn that was refused", async () => {
    await refused(
      "send",
      "return-ready",
      (code) => ({ will: { file: world.error(code) } }),
      async (user) => {
        await sendIn(user);
      },
    );
  }, 240_000);

  it("helps with a sign-in that failed", async () => {
    await refused(
      "signIn",
      "empty-first",
      (code) => ({ signIn: { kind: "refused", error: world.error(code) } }),
      async (user) => {
        await user.click(must(screen.getAllByTestId(testIds.signIn)[0]));
      },
    );
  }, 120_000);

  it("helps whom Altinn does not know", async () => {
    await refused(
      "altinn",
      "access",
      (code) => ({
        start: start([], { session: { ...world.ingrid, altinn: null, altinnProblem: world.error(code) } }),
      }),
      async () => {
        await screen.findByTestId(testIds.problem);
      },
    );
  }, 120_000);

  it("helps with anything else that was refused", async () => {
    await refused(
      "command",
      "delivered",
      (code) => ({ will: { openReceipt: world.error(code, { delivered: "yes" }) } }),
      async (user) => {
        await user.click(must(screen.getAllByTestId(testIds.openReceipt)[0]));
      },
    );
  }, 240_000);

  it("helps when the program cannot start", async () => {
    const { backend, user } = await showScene("start-failed");
    const before = backend.calls.length;
    await user.click(await screen.findByTestId(testIds.problemAction));
    await waitFor(() => {
      expect(backend.calls.length).toBeGreaterThan(before);
    });
    note("dataUnusable", "retry");
  });

  it("offers every remedy that it names", () => {
    const missing = codes.flatMap((code) =>
      errors[code].remedies
        .filter((remedy) => offered.get(code)?.has(remedy) !== true)
        .map((remedy) => `${code}: ${remedy}`),
    );
    expect(missing).toEqual([]);
  });
});
