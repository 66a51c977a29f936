/**
 * Every error code: how bad it looks, what it says about delivery, and what the user can do about it.
 *
 * The texts are `error.{code}.title`, `.text` and `.todo` of the message files, so a code without texts in three
 * languages does not compile; nor does a code that is missing here.
 */
import type { ErrorCode, ErrorView, FilingView } from "./bindings";
import type { TFunction } from "i18next";
import type { MessageKey } from "./i18n";

/** What can be done about an error; who shows it says how. */
export type Remedy =
  | "chooseFiles"
  | "retry"
  | "continue"
  | "signIn"
  | "signInAsAnother"
  | "check"
  | "confirmCorrection"
  | "showHistory"
  | "fetchAgain"
  | "showArchive"
  | "copyForDirector"
  | "openAddresses";

export type Picture =
  | "file"
  | "folder"
  | "person"
  | "lock"
  | "hourglass"
  | "browser"
  | "rejected"
  | "network"
  | "cloud"
  | "clock"
  | "disk"
  | "key"
  | "warning";

/** What an error may have to do with. */
export type About = "filing" | "file" | "signIn" | "apart";

interface Entry {
  severity: "soon" | "bad";
  picture: Picture;
  remedies: readonly Remedy[];
  /**
   * What is said about delivery. `filing`: whether the return was delivered, as the office says; `file`: nothing was
   * changed or filed; `signIn`: nothing was filed; `apart`: it has nothing to do with what was filed.
   */
  about: About;
}

const file = (picture: Picture = "file"): Entry => ({
  severity: "bad",
  picture,
  remedies: ["chooseFiles"],
  about: "file",
});

/** Shown at the attachment itself, which has a button of its own to be taken away. */
const attachment = (): Entry => ({ severity: "bad", picture: "file", remedies: [], about: "file" });

export const errors: Readonly<Record<ErrorCode, Entry>> = {
  fileEmpty: file(),
  fileTooLarge: file(),
  fileOverLimit: { severity: "bad", picture: "file", remedies: ["retry"], about: "apart" },
  sheetTooLarge: file(),
  fileIsFolder: file("folder"),
  fileUnreadable: file("lock"),
  linkLeadsOut: file("folder"),
  filesLeftOut: file("folder"),
  packedUnreadable: file(),
  fileMissing: file(),
  notXml: file(),
  notAReturn: file(),
  notReturns: { severity: "soon", picture: "folder", remedies: ["chooseFiles"], about: "file" },
  unsafeXml: file(),
  schemaInvalid: file(),

  signInDenied: { severity: "soon", picture: "person", remedies: ["signIn"], about: "signIn" },
  signInUntrusted: { severity: "bad", picture: "warning", remedies: ["signIn"], about: "signIn" },
  signInTooLate: { severity: "soon", picture: "hourglass", remedies: ["signIn"], about: "signIn" },
  integrationRefused: { severity: "bad", picture: "key", remedies: ["signIn"], about: "signIn" },
  notAnIntegration: { severity: "bad", picture: "file", remedies: ["retry"], about: "apart" },
  keyUnusable: { severity: "bad", picture: "key", remedies: ["retry"], about: "apart" },
  noBrowser: { severity: "soon", picture: "browser", remedies: ["signIn"], about: "signIn" },
  signInBusy: { severity: "soon", picture: "person", remedies: ["signIn"], about: "signIn" },
  signInTooWeak: { severity: "bad", picture: "person", remedies: ["signIn"], about: "signIn" },

  needsSignIn: { severity: "soon", picture: "person", remedies: ["signIn", "continue"], about: "filing" },
  noAltinnUser: { severity: "bad", picture: "person", remedies: ["signInAsAnother"], about: "filing" },
  scopeMissing: { severity: "bad", picture: "key", remedies: ["signIn"], about: "filing" },
  noRight: {
    severity: "bad",
    picture: "lock",
    remedies: ["copyForDirector", "signInAsAnother", "continue"],
    about: "filing",
  },
  mayNotSign: {
    severity: "soon",
    picture: "lock",
    remedies: ["copyForDirector", "signInAsAnother", "continue"],
    about: "filing",
  },
  companyUnknown: { severity: "bad", picture: "rejected", remedies: ["chooseFiles"], about: "filing" },
  anotherPerson: { severity: "soon", picture: "person", remedies: ["signInAsAnother"], about: "filing" },

  workLocked: { severity: "soon", picture: "lock", remedies: [], about: "apart" },
  workPolicyUnusable: { severity: "bad", picture: "lock", remedies: [], about: "apart" },
  workForbidden: { severity: "bad", picture: "lock", remedies: [], about: "filing" },
  workPolicyRefused: { severity: "bad", picture: "file", remedies: [], about: "apart" },

  returnRefused: { severity: "bad", picture: "rejected", remedies: ["chooseFiles"], about: "filing" },
  returnRejected: { severity: "bad", picture: "rejected", remedies: ["chooseFiles"], about: "filing" },
  answerUnclear: { severity: "soon", picture: "warning", remedies: ["showArchive"], about: "filing" },
  preparing: { severity: "soon", picture: "hourglass", remedies: ["continue"], about: "filing" },
  appMoved: { severity: "bad", picture: "network", remedies: ["openAddresses", "continue"], about: "filing" },
  mayBeDelivered: { severity: "soon", picture: "warning", remedies: ["retry", "continue"], about: "filing" },
  filingRefused: { severity: "bad", picture: "rejected", remedies: ["chooseFiles", "retry"], about: "filing" },
  alreadyFiled: {
    severity: "soon",
    picture: "warning",
    remedies: ["confirmCorrection", "showHistory"],
    about: "filing",
  },
  periodTaken: { severity: "soon", picture: "hourglass", remedies: ["continue", "showHistory"], about: "filing" },
  registerAway: { severity: "soon", picture: "network", remedies: ["continue"], about: "filing" },
  registerRefused: { severity: "bad", picture: "lock", remedies: ["continue"], about: "filing" },
  samePeriod: { severity: "soon", picture: "file", remedies: [], about: "file" },
  filedElsewhere: { severity: "soon", picture: "hourglass", remedies: ["showHistory", "retry"], about: "filing" },
  draftChangedElsewhere: { severity: "soon", picture: "file", remedies: ["retry"], about: "file" },
  notChecked: { severity: "soon", picture: "warning", remedies: ["check"], about: "filing" },
  tooLateToCancel: { severity: "soon", picture: "hourglass", remedies: [], about: "filing" },

  filingUnderWay: { severity: "soon", picture: "hourglass", remedies: ["retry", "showHistory"], about: "apart" },
  addressRefused: { severity: "bad", picture: "network", remedies: [], about: "apart" },
  folderRefused: { severity: "bad", picture: "folder", remedies: ["retry"], about: "apart" },

  unreachable: { severity: "soon", picture: "network", remedies: ["retry", "continue"], about: "filing" },
  authorityFault: { severity: "soon", picture: "cloud", remedies: ["retry", "continue"], about: "filing" },
  busy: { severity: "soon", picture: "hourglass", remedies: ["retry", "continue"], about: "filing" },
  unreadableAnswer: { severity: "bad", picture: "cloud", remedies: ["retry", "continue"], about: "filing" },
  clockWrong: { severity: "bad", picture: "clock", remedies: ["retry", "continue"], about: "filing" },
  diskFull: { severity: "bad", picture: "disk", remedies: ["retry", "continue", "fetchAgain"], about: "filing" },
  dataUnusable: { severity: "bad", picture: "disk", remedies: ["retry"], about: "apart" },
  keyringRefused: { severity: "soon", picture: "key", remedies: ["retry"], about: "apart" },
  attachmentEmpty: attachment(),
  attachmentTooLarge: attachment(),
  attachmentType: attachment(),
  attachmentMismatch: attachment(),
  attachmentTwice: attachment(),
  attachmentTooMany: attachment(),
  attachmentIsReturn: attachment(),
  attachmentAlone: file(),
  attachmentLate: { severity: "soon", picture: "hourglass", remedies: [], about: "filing" },
  ownFiling: { severity: "soon", picture: "lock", remedies: ["showHistory"], about: "apart" },
  otherPeriod: { severity: "bad", picture: "file", remedies: [], about: "file" },
  cannotOpen: { severity: "soon", picture: "file", remedies: ["showArchive"], about: "apart" },
  notFound: { severity: "soon", picture: "file", remedies: ["showHistory"], about: "apart" },
  exportRefused: { severity: "soon", picture: "disk", remedies: ["retry"], about: "apart" },
  archiveUnusable: {
    severity: "soon",
    picture: "disk",
    remedies: ["retry", "continue", "fetchAgain"],
    about: "filing",
  },
  internal: { severity: "bad", picture: "warning", remedies: ["retry"], about: "filing" },
};

/** A code that this window does not know yet is shown as a fault of the program. */
export const known = (code: string): ErrorCode => (code in errors ? (code as ErrorCode) : "internal");

/** What was filed before was rejected: it does not count, and what is sent next replaces nothing. */
export const isRejectedBefore = ({ code, values }: ErrorView): boolean =>
  code === "alreadyFiled" && values.state === "rejected";

export interface ErrorTexts {
  title: string;
  text: string;
  /** Whether anything was delivered. */
  delivered: string;
  todo: string;
}

/**
 * What is said about an error. Values that the office did not give have a word of their own. `place` says what is at stake
 * where it is shown, if that is not a return.
 */
export function errorTexts(error: ErrorView, t: TFunction, place?: About): ErrorTexts {
  const code = known(error.code);
  const values = {
    company: t("value.company"),
    right: t("value.right"),
    count: t("value.unknown"),
    file: t("value.file"),
    other: t("value.file"),
    person: t("value.person"),
    path: t("value.path"),
    desk: t("value.desk"),
    ending: t("value.unknown"),
    limit: t("value.unknown"),
    found: t("value.unknown"),
    period: t("value.unknown"),
    orgNumber: t("value.unknown"),
    foundPeriod: t("value.unknown"),
    foundOrgNumber: t("value.unknown"),
    ...error.values,
  };
  const rejected = isRejectedBefore(error);
  const about = place ?? errors[code].about;
  const delivered: MessageKey = about === "filing" ? `delivered.${error.delivered}` : `delivered.${about}`;
  return {
    title: rejected ? t("rejectedBefore.title") : t(`error.${code}.title`, values),
    text: rejected
      ? t("rejectedBefore.text")
      : code === "periodTaken" && (error.values.since ?? "") === ""
        ? t("error.periodTaken.textNow", values)
        : t(`error.${code}.text`, values),
    delivered: t(delivered),
    todo: rejected ? t("rejectedBefore.todo") : t(`error.${code}.todo`, values),
  };
}

/**
 * What is wrong with a filing, with the name of the one who began it where the office did not give it. Who files the period
 * from another desk is somebody else.
 */
export function problemOf({ problem, row }: FilingView): ErrorView | null {
  if (problem === null || problem.code === "periodTaken" || row.filedBy === null) return problem;
  return { ...problem, values: { person: row.filedBy, ...problem.values } };
}

/** What a supporter needs, ready to copy. */
export function errorDetails(error: ErrorView): string {
  return [`${error.code}: ${error.message}`, ...error.details].join("\n");
}
