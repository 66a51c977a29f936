/** Names of the elements that have to do with the office register (see `testids.ts`, which takes them in). */
export const registerTestIds = {
  elsewhere: "elsewhere",
  registerAway: "register-away",
  registerPlace: "register-place",
  withoutRegister: "without-register",
  withoutRegisterDialog: "without-register-dialog",
  withoutRegisterConfirm: "without-register-confirm",

  // Joining, and leaving
  registerJoin: "register-join",
  registerPassword: "register-password",
  registerLeave: "register-leave",
  registerLeft: "register-left",
  joinDialog: "join-dialog",
  joinShares: "join-shares",
  joinAddress: "join-address",
  joinRole: "join-role",
  joinPassword: "join-password",
  joinDesk: "join-desk",
  joinConfirm: "join-confirm",
  /** What the desk had before; `data-value` says whether it has been brought. */
  bring: "bring",
  bringDo: "bring-do",
  bringProgress: "bring-progress",
  leaveDialog: "leave-dialog",
  leaveUntold: "leave-untold",
  mirrorDo: "mirror-do",
  mirrored: "mirrored",
  leaveConfirm: "leave-confirm",

  // Who is responsible for whom
  /** Narrows the year to one person's companies. */
  whose: "whose",
  handOver: "hand-over",
  handOverDialog: "hand-over-dialog",
  handOverTo: "hand-over-to",
  /** One a company; `data-org` names it. */
  handOverOne: "hand-over-one",
  handOverAll: "hand-over-all",
  handOverConfirm: "hand-over-confirm",
  morning: "morning",
  morningDialog: "morning-dialog",
  /** One a person; `data-value` names her role. */
  morningRow: "morning-row",
  morningShow: "morning-show",
  away: "away",
  awayDialog: "away-dialog",
  awayUntil: "away-until",
  awayStandIn: "away-stand-in",
  awaySave: "away-save",
  awayBack: "away-back",
  /** Why the office register has not done what was asked. */
  registerSaysNo: "register-says-no",
} as const;
