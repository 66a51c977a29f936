/**
 * Every remedy of the table of errors is walked in the real window, against the practice authorities, in a step of
 * `tests/window`: it is pressed there, and helps. Where practice cannot bring an error about it is said why; that its remedies are
 * offered and do something is then asked in `remedies.test.tsx` alone.
 *
 * A new code, and a remedy that is given to one, fail here until somebody has said where it is walked.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import type { ErrorCode } from "../bindings";
import { errors, type Remedy } from "../errors";

/** `in` and `step`: pressed there. `as`: the same button of the same place as of another code, which is walked. `not`: why it is not. */
type Walk = { in: string; step: string } | { as: ErrorCode } | { not: string };

const pressed = (file: string, step: string): Walk => ({ in: `${file}.test.mjs`, step });
const as = (code: ErrorCode): Walk => ({ as: code });
const not = (why: string): Walk => ({ not: why });

/** The loops over files and over authorities' faults have their codes in a table of the test. */
const badFile = (code: ErrorCode): Walk => pressed("bad-files", `"${code}"`);
const trouble = (code: ErrorCode): Walk => pressed("remedies", `{ code: "${code}", fault:`);
const DISK = "the practice has no disk or keyring that fails, and a test runs as root, whom no folder refuses";
const NEWS = "said above the content about something else than a filing; pressed with a made-up refusal";

const walks: Record<ErrorCode, Partial<Record<Remedy, Walk>>> = {
  fileEmpty: { chooseFiles: badFile("fileEmpty") },
  fileTooLarge: { chooseFiles: pressed("bad-files", "a file of 200 MB is refused") },
  fileOverLimit: { retry: not(NEWS) },
  sheetTooLarge: { chooseFiles: as("fileTooLarge") },
  fileIsFolder: { chooseFiles: pressed("bad-files", "a folder without returns is named") },
  fileUnreadable: { chooseFiles: pressed("bad-files", "a file that the system will not let be read") },
  linkLeadsOut: { chooseFiles: as("fileIsFolder") },
  filesLeftOut: { chooseFiles: as("fileIsFolder") },
  packedUnreadable: { chooseFiles: badFile("packedUnreadable") },
  fileMissing: { chooseFiles: as("fileUnreadable") },
  notXml: { chooseFiles: badFile("notXml") },
  notAReturn: { chooseFiles: badFile("notAReturn") },
  notReturns: { chooseFiles: as("fileIsFolder") },
  unsafeXml: { chooseFiles: badFile("unsafeXml") },
  schemaInvalid: { chooseFiles: badFile("schemaInvalid") },
  attachmentAlone: { chooseFiles: as("notAReturn") },

  attachmentEmpty: {},
  attachmentTooLarge: {},
  attachmentType: {},
  attachmentMismatch: {},
  attachmentTwice: {},
  attachmentTooMany: {},
  attachmentIsReturn: {},
  attachmentLate: {},

  signInDenied: { signIn: pressed("people", "cancelling on ID-porten's page") },
  signInUntrusted: { signIn: as("signInDenied") },
  signInTooLate: { signIn: as("signInDenied") },
  integrationRefused: { signIn: as("signInDenied") },
  noBrowser: { signIn: as("signInDenied") },
  signInBusy: { signIn: as("signInDenied") },
  signInTooWeak: { signIn: as("signInDenied") },
  notAnIntegration: { retry: not(NEWS) },
  keyUnusable: { retry: not(NEWS) },

  needsSignIn: {
    signIn: pressed("remedies", "an ID-porten token that is taken for expired"),
    continue: as("authorityFault"),
  },
  noAltinnUser: { signInAsAnother: pressed("remedies", "whom Altinn does not know") },
  scopeMissing: { signIn: pressed("remedies", "who came without the scopes") },
  noRight: {
    copyForDirector: pressed("remedies", "who has no right may copy a message"),
    signInAsAnother: pressed("remedies", "who has no right may copy a message"),
    continue: as("authorityFault"),
  },
  mayNotSign: {
    copyForDirector: pressed("refusals", "who may fill in and not sign"),
    signInAsAnother: pressed("refusals", "who may fill in and not sign"),
    continue: as("authorityFault"),
  },
  companyUnknown: { chooseFiles: pressed("refusals", "a return for a company that Altinn does not know") },
  anotherPerson: { signInAsAnother: pressed("refusals", "a filing that somebody began is hers") },

  workLocked: {},
  workPolicyUnusable: {},
  workForbidden: {},
  workPolicyRefused: {},

  returnRefused: { chooseFiles: as("returnRejected") },
  returnRejected: { chooseFiles: pressed("refusals", "a return that was rejected after the delivery") },
  answerUnclear: { showArchive: pressed("refusals", "an answer that nobody understands") },
  preparing: { continue: pressed("waiting", "a slow instance rests after three minutes") },
  appMoved: {
    openAddresses: pressed("remedies", "an app that has moved leads to its address"),
    continue: pressed("remedies", "an app that has moved leads to its address"),
  },
  mayBeDelivered: {
    retry: pressed("lost", "what may have been delivered is asked about"),
    continue: as("authorityFault"),
  },
  filingRefused: {
    chooseFiles: as("companyUnknown"),
    retry: not("the app refuses in words that no published source has: pressed with a made-up refusal"),
  },
  alreadyFiled: {
    confirmCorrection: pressed("register", "what another desk has filed is asked about as a new version"),
    showHistory: pressed("register", "when it is filed the other desk knows"),
  },
  periodTaken: {
    continue: pressed("register", "when it is filed the other desk knows"),
    showHistory: as("alreadyFiled"),
  },
  registerAway: { continue: as("periodTaken") },
  registerRefused: { continue: as("periodTaken") },
  samePeriod: {},
  filedElsewhere: {
    showHistory: as("alreadyFiled"),
    retry: not("two programs with one archive and one moment: crates/cli/tests"),
  },
  draftChangedElsewhere: { retry: not(NEWS) },
  notChecked: { check: not("the button that sends is not there before the check: pressed with a made-up refusal") },
  tooLateToCancel: {},

  filingUnderWay: { retry: not(NEWS), showHistory: as("alreadyFiled") },
  addressRefused: {},
  folderRefused: { retry: not(NEWS) },

  unreachable: { retry: trouble("unreachable"), continue: trouble("unreachable") },
  authorityFault: { retry: trouble("authorityFault"), continue: trouble("authorityFault") },
  busy: { retry: trouble("busy"), continue: trouble("busy") },
  unreadableAnswer: { retry: trouble("unreadableAnswer"), continue: trouble("unreadableAnswer") },
  clockWrong: { retry: as("unreachable"), continue: as("unreachable") },
  diskFull: {
    retry: not(DISK),
    continue: as("authorityFault"),
    fetchAgain: pressed("arrivals", "program.click(ids.fetchAgain)"),
  },
  dataUnusable: { retry: not(DISK) },
  keyringRefused: { retry: not(DISK) },
  ownFiling: { showHistory: as("alreadyFiled") },
  otherPeriod: {},
  cannotOpen: { showArchive: as("answerUnclear") },
  notFound: { showHistory: as("alreadyFiled") },
  exportRefused: { retry: not(DISK) },
  archiveUnusable: { retry: not(DISK), continue: as("authorityFault"), fetchAgain: as("diskFull") },
  internal: { retry: as("unreachable") },
};

const codes = Object.keys(errors) as ErrorCode[];
const tests = path.resolve(import.meta.dirname, "../../../tests/window");

describe("the remedies in the real window", () => {
  it("are each walked, or it is said why not", () => {
    for (const code of codes) {
      expect(Object.keys(walks[code]).toSorted(), code).toEqual(errors[code].remedies.toSorted());
    }
  });

  it("are walked in steps that there are, and as remedies that are walked", () => {
    for (const code of codes) {
      for (const [remedy, walk] of Object.entries(walks[code]) as [Remedy, Walk][]) {
        const about = `${code}: ${remedy}`;
        if ("in" in walk) expect(readFileSync(path.join(tests, walk.in), "utf8"), about).toContain(walk.step);
        else if ("as" in walk) expect(walks[walk.as][remedy], about).toHaveProperty("in");
        else expect(walk.not, about).not.toBe("");
      }
    }
  });
});
