import { registerTestIds } from "./registerTestIds.ts";

/**
 * Names of the elements that tests of the real window look for (`data-testid`).
 *
 * One list, so that a test and the window cannot disagree. A row, card or step carries its key in a second attribute:
 * `data-id` (filing, card, sample), `data-step` and `data-state` (step of a filing), `data-number` (finding, line).
 */
export const testIds = {
  ...registerTestIds,
  // Frame
  window: "window",
  main: "main",
  environment: "environment",
  company: "company",
  placeFiling: "place-filing",
  placeHistory: "place-history",
  placeDeadlines: "place-deadlines",
  placeAccess: "place-access",
  placeSettings: "place-settings",
  signIn: "sign-in",
  who: "who",
  clockIdPorten: "clock-id-porten",
  clockAltinn: "clock-altinn",
  clockAuthorization: "clock-authorization",
  notices: "notices",
  noticeList: "notice-list",
  /** One a notice; `data-id` is its key. */
  notice: "notice",
  noticeOpen: "notice-open",
  noticeOverdue: "notice-overdue",
  /** `data-value`: hour, tomorrow, threeDays. */
  noticeSnooze: "notice-snooze",
  noticeMute: "notice-mute",
  noticeDismiss: "notice-dismiss",
  passedDialog: "passed-dialog",
  passedCopy: "passed-copy",
  fileNames: "file-names",
  nextDeadline: "next-deadline",
  dropOverlay: "drop-overlay",
  problem: "problem",
  problemAction: "problem-action",
  problemDetails: "problem-details",
  problemClose: "problem-close",
  shortcuts: "shortcuts",
  /** What the window says in passing, and what can be done about it. */
  told: "told",
  toldDeed: "told-deed",
  contextMenu: "context-menu",
  /** `data-value`: copy, copyRow, copyKid, copyAmount, open, archive, print. */
  contextItem: "context-item",

  // First start
  welcome: "welcome",
  welcomePage: "welcome-page",
  welcomeNext: "welcome-next",
  welcomeBack: "welcome-back",
  welcomeSkip: "welcome-skip",
  welcomeStart: "welcome-start",
  /** One a sample; `data-id`. */
  welcomeSample: "welcome-sample",

  // Innsending, empty
  dropZone: "drop-zone",
  chooseFiles: "choose-files",
  chooseFolder: "choose-folder",
  /** One button a sample; `data-id` is the sample's id. */
  sample: "sample",
  /** One row a recent filing; `data-id` is the filing's id. */
  recent: "recent",

  // SAF-T files
  chooseSaft: "choose-saft",
  /** One a sample file; `data-id`. */
  saftSample: "saft-sample",
  /** One delivery; `data-id`, `data-state`. */
  books: "books",
  booksRow: "books-row",
  booksJoin: "books-join",
  booksClose: "books-close",
  booksProgress: "books-progress",
  booksProblem: "books-problem",
  booksMore: "books-more",
  booksAsked: "books-asked",
  /** One a period; `data-value` is its key. */
  booksPeriod: "books-period",
  booksKind: "books-kind",
  booksCategory: "books-category",
  booksKeep: "books-keep",
  booksReview: "books-review",
  booksSwap: "books-swap",
  booksSum: "books-sum",
  /** One a line; `data-value` is its code. */
  booksLine: "books-line",
  booksVouchers: "books-vouchers",
  booksOwn: "books-own",
  booksControl: "books-control",
  booksWhy: "books-why",
  booksWhyDialog: "books-why-dialog",
  booksWhyClose: "books-why-close",
  booksChangeAccounts: "books-change-accounts",
  /** One a question; `data-value` is its kind, `data-state` open or answered. */
  booksQuestion: "books-question",
  booksQuestionDialog: "books-question-dialog",
  /** One an answer; `data-value`. */
  booksOption: "books-option",
  booksFree: "books-free",
  booksRemember: "books-remember",
  booksUse: "books-use",
  booksUndo: "books-undo",
  booksMake: "books-make",
  booksSince: "books-since",
  booksRow2: "books-voucher-row",
  booksVoucher: "books-voucher",
  booksSearch: "books-search",
  booksCopy: "books-copy",
  booksSave: "books-save",
  booksBack: "books-back",
  cardOrigin: "card-origin",
  memory: "books-memory",
  memoryForget: "books-memory-forget",
  memoryExport: "books-memory-export",

  // Innsending, several returns
  cardList: "card-list",
  /** One row a card; `data-id`. */
  cardRow: "card-row",
  cardOpen: "card-open",
  backToList: "back-to-list",

  /** All of them together; `data-state`: the batch's state, or none. */
  batch: "batch",
  batchSummary: "batch-summary",
  batchSearch: "batch-search",
  /** `data-filter`. */
  batchFilter: "batch-filter",
  batchTick: "batch-tick",
  batchTickAll: "batch-tick-all",
  batchSend: "batch-send",
  batchStopChecking: "batch-stop-checking",
  batchPause: "batch-pause",
  batchContinue: "batch-continue",
  batchCancel: "batch-cancel",
  batchExport: "batch-export",
  batchTidy: "batch-tidy",
  /** The filters in a narrow window: one box. */
  batchFilterPick: "batch-filter-pick",
  batchFoot: "batch-foot",

  // Innsending, one return
  /** The return; `data-id` is the card's id. */
  card: "card",
  cardCompany: "card-company",
  cardPeriod: "card-period",
  cardKind: "card-kind",
  cardSum: "card-sum",
  cardClose: "card-close",
  closeAll: "close-all",
  closeDialog: "close-dialog",
  closeConfirm: "close-confirm",
  /** One row a line; `data-number` is its number in the file. */
  line: "line",
  lineFinding: "line-finding",
  lineSum: "line-sum",
  attachments: "attachments",
  attach: "attach",
  /** One an attachment; `data-name` is its name, `data-code` why it cannot be attached. */
  attachment: "attachment",
  attachmentOpen: "attachment-open",
  detach: "detach",
  changes: "changes",
  /** One a changed line; `data-change`: changed, added, removed. */
  change: "change",
  /** The card's problem: the file cannot be read; `data-code` is the error code. */
  fileProblem: "file-problem",
  /** The file is something else than a return; `data-kind` says what. */
  neighbour: "neighbour",
  /** What it says; `data-verdict` where it is a verdict. */
  neighbourFacts: "neighbour-facts",
  neighbourHistory: "neighbour-history",

  // Step 1
  /** `data-state`: todo, running, done, deviating, bad, problem. */
  step1: "step-1",
  check: "check",
  checkAgain: "check-again",
  checkState: "check-state",
  chooseCorrected: "choose-corrected",
  stepSignIn: "step-sign-in",
  findingList: "finding-list",
  /** One a finding; `data-number`. */
  finding: "finding",
  findingJump: "finding-jump",
  causeList: "cause-list",
  /** One mistake behind findings; `data-mend`: Momsbud can mend it. */
  cause: "cause",
  causeFindings: "cause-findings",
  causeMend: "cause-mend",
  showFindings: "show-findings",

  // Step 2
  /** `data-state`: shut, open, or the filing's state (running, waiting, waitingSignature, waitingAnswer, received, rejected, unclear, refused, abandoned). */
  step2: "step-2",
  step2Reason: "step-2-reason",
  /** Altinn's list of companies does not hold the return's. */
  notListed: "not-listed",
  file: "file",
  confirmFile: "confirm-file",
  confirmNot: "confirm-not",
  confirmDialog: "confirm-dialog",
  confirmCorrection: "confirm-correction",
  /** One a step of a filing; `data-step` is the step's name, `data-state` its state. */
  filingStep: "filing-step",
  upload: "upload",
  cancelFiling: "cancel-filing",
  continueFiling: "continue-filing",
  signature: "signature",
  sign: "sign",
  signDialog: "sign-dialog",
  confirmSign: "confirm-sign",
  fetchAgain: "fetch-again",

  // Delivered
  received: "received",
  /** What Skatteetaten answered, when it is more than "ingen avvik"; `data-verdict`: deviating, incomplete, invalid or rejected, unclear. */
  answer: "answer",
  /** Beside a remark in free text: what it leads to, and what would do instead. */
  freeText: "free-text",
  openAnswer: "open-answer",
  payment: "payment",
  payAmount: "pay-amount",
  payKid: "pay-kid",
  /** In practice: that nothing is to be paid. */
  payPractice: "pay-practice",
  /** Before Skatteetaten has accepted the return: that the payment is provisional. */
  payProvisional: "pay-provisional",
  payAccount: "pay-account",
  payDue: "pay-due",
  copyAmount: "copy-amount",
  copyKid: "copy-kid",
  copyAccount: "copy-account",
  copyDue: "copy-due",
  copyAll: "copy-all",
  openReceipt: "open-receipt",
  showArchive: "show-archive",
  newReturn: "new-return",

  // Sign-in
  signInDialog: "sign-in-dialog",
  signInReopen: "sign-in-reopen",
  whoCame: "who-came",
  whoCameYes: "who-came-yes",
  whoCameNo: "who-came-no",
  whoCameCancel: "who-came-cancel",
  signInCopyLink: "sign-in-copy-link",
  signInCancel: "sign-in-cancel",
  /** How it ended; `data-outcome`: cancelled, timedOut, refused. */
  signInOutcome: "sign-in-outcome",
  signInRetry: "sign-in-retry",
  signInNotNow: "sign-in-not-now",

  // A history that was lost
  doubtDialog: "doubt-dialog",
  doubtRetry: "doubt-retry",
  doubtFile: "doubt-file",
  doubtLooked: "doubt-looked",
  recovery: "recovery",
  recoverySeen: "recovery-seen",
  /** Filings of before that stand otherwise than had been said. */
  review: "review",
  reviewSeen: "review-seen",
  practiceMenu: "practice-menu",
  /** One a situation; `data-value` names it. */
  practiceSwitch: "practice-switch",

  // Historikk
  historySearch: "history-search",
  historyState: "history-state",
  historyPeriod: "history-period",
  historyExport: "history-export",
  historyExportDialog: "history-export-dialog",
  exportZip: "export-zip",
  exportCsv: "export-csv",
  exportSaved: "export-saved",
  exportOne: "export-one",
  sameCompany: "same-company",
  historyTable: "history-table",
  /** One a column; `data-value`: company, period, amount, state, sent. */
  historySort: "history-sort",
  showSaved: "show-saved",
  /** One row a filing; `data-id`. */
  historyRow: "history-row",
  historyCount: "history-count",
  historyDetail: "history-detail",
  timeline: "timeline",
  archiveFile: "archive-file",
  newVersionBand: "new-version-band",
  confirmDifference: "confirm-difference",
  nilReturn: "nil-return",
  newVersion: "new-version",
  unfinished: "unfinished",
  unfinishedDialog: "unfinished-dialog",
  unfinishedCompany: "unfinished-company",
  /** One an instance; `data-id`. */
  unfinishedRow: "unfinished-row",
  unfinishedContinue: "unfinished-continue",
  unfinishedAskDelete: "unfinished-ask-delete",
  unfinishedDelete: "unfinished-delete",
  unfinishedOwner: "unfinished-owner",
  unfinishedClose: "unfinished-close",

  // Frister
  deadlineSummary: "deadline-summary",
  deadlineTable: "deadline-table",
  /** One row a company and category; `data-org`, `data-category`. */
  deadlineRow: "deadline-row",
  /** One a period; `data-state`: filed, waiting, near, late, later, notDue. */
  deadlineCell: "deadline-cell",
  /** `data-value`: all, remaining, late, waiting. */
  deadlineFilter: "deadline-filter",
  deadlineFilterPick: "deadline-filter-pick",
  deadlineSearch: "deadline-search",
  deadlinesEmpty: "deadlines-empty",
  yearBefore: "year-before",
  yearAfter: "year-after",
  saveCalendar: "save-calendar",
  addDuty: "add-duty",
  editDuty: "edit-duty",
  dutyDialog: "duty-dialog",
  dutyCompany: "duty-company",
  /** One a company that is proposed; `data-value` is its number. */
  dutyChoice: "duty-choice",
  dutyKind: "duty-kind",
  dutyCategory: "duty-category",
  dutyFrom: "duty-from",
  dutyMuted: "duty-muted",
  dutySave: "duty-save",
  dutyUnfollow: "duty-unfollow",
  periodDialog: "period-dialog",
  asideReason: "aside-reason",
  asidePut: "aside-put",
  asideTake: "aside-take",

  // Tilganger
  accessPerson: "access-person",
  accessName: "access-name",
  accessMaskedId: "access-masked-id",
  /** One a scope; `data-scope`, `data-granted`. */
  scope: "scope",
  /** One a company; `data-org`. */
  companyRow: "company-row",
  renew: "renew",
  signOut: "sign-out",
  unlockKeyring: "unlock-keyring",
  signInAsAnother: "sign-in-as-another",
  scopesMissing: "scopes-missing",
  forget: "forget",
  forgetDialog: "forget-dialog",
  forgetConfirm: "forget-confirm",
  forgetNot: "forget-not",
  authorizationRow: "authorization-row",
  signInAsOther: "sign-in-as-other",
  integrationTable: "integration-table",
  integrationRow: "integration-row",
  integrationOpen: "integration-open",
  newIntegration: "new-integration",
  openGuide: "open-guide",
  importIntegration: "import-integration",
  chooseIntegration: "choose-integration",
  signInThrough: "sign-in-through",
  selfCheck: "self-check",
  selfCheckSignIn: "self-check-sign-in",
  selfCheckResult: "self-check-result",
  selfCheckStep: "self-check-step",
  selfCheckField: "self-check-field",
  /** One a step; `data-step`, `data-state`: done, now, later. */
  guideStep: "guide-step",
  guideMail: "guide-mail",
  guideCallback: "guide-callback",
  guideVariant: "guide-variant",
  guideFirm: "guide-firm",
  guideOrgNumber: "guide-org-number",
  guidePage: "guide-page",
  guideField: "guide-field",
  guideCopy: "guide-copy",
  guideJson: "guide-json",
  guideComfort: "guide-comfort",
  guideSecurity: "guide-security",
  guideEnter: "guide-enter",
  integrationEnvironment: "integration-environment",
  formName: "form-name",
  formClientId: "form-client-id",
  formAuthentication: "form-authentication",
  formSecret: "form-secret",
  formRedirect: "form-redirect",
  formPage: "form-page",
  formPath: "form-path",
  formHost: "form-host",
  formPort: "form-port",
  formScopes: "form-scopes",
  formOldScope: "form-old-scope",
  formAuthorizationSeconds: "form-authorization-seconds",
  formAccessSeconds: "form-access-seconds",
  formRefreshSeconds: "form-refresh-seconds",
  formMore: "form-more",
  formIssuer: "form-issuer",
  formAcr: "form-acr",
  formKeyId: "form-key-id",
  formDestinations: "form-destinations",
  formRefreshKind: "form-refresh-kind",
  formPar: "form-par",
  formPostLogout: "form-post-logout",
  formEndpoint: "form-endpoint",
  formSave: "form-save",
  formCancel: "form-cancel",
  formState: "form-state",
  formRedirectUri: "form-redirect-uri",
  fieldFault: "field-fault",
  publicKey: "public-key",
  copyKey: "copy-key",
  makeKey: "make-key",
  importKey: "import-key",
  exportIntegration: "export-integration",
  removeIntegration: "remove-integration",
  removeDialog: "remove-dialog",
  removeConfirm: "remove-confirm",
  removeNot: "remove-not",

  // Innstillinger
  settingsSearch: "settings-search",
  /** One a section; `data-value` is its key. */
  settingsSection: "settings-section",
  /** `data-value`: nb, nn, en. */
  language: "language",
  /** `data-value`: system, light, dark, contrast. */
  theme: "theme",
  /** `data-value`: 100, 115, 130, 150, 200. */
  textSize: "text-size",
  archiveFolder: "archive-folder",
  /** First aid in Innstillinger. */
  doctor: "doctor",
  doctorRun: "doctor-run",
  doctorEverywhere: "doctor-everywhere",
  /** One a thing that was looked at; `data-check`, `data-outcome`. */
  doctorCheck: "doctor-check",
  doctorText: "doctor-text",
  doctorCopy: "doctor-copy",
  /** How it stands with updates; `data-kind`. */
  update: "update",
  updateLook: "update-look",
  updateInstall: "update-install",
  verifyArchive: "verify-archive",
  /** What verifying found; `data-complaints` is how many. */
  archiveReport: "archive-report",
  restoreHistory: "restore-history",
  /** `data-value`: deadline, authorization, payment, receipt, waiting, quiet, weekends. */
  reminder: "reminder",
  /** `data-value`: deadline, authorization. */
  reminderDays: "reminder-days",
  showCalendar: "show-calendar",
  /** `data-value`: autostart, keep. */
  startup: "startup",
  version: "version",
  /** `data-value`: practice, test, production. */
  environmentChoice: "environment-choice",
  switchDialog: "switch-dialog",
  switchWord: "switch-word",
  switchConfirm: "switch-confirm",
  switchNot: "switch-not",
  showAddresses: "show-addresses",
  addressDialog: "address-dialog",
  /** One an address; `data-value`: idPorten, validation, platform, app. */
  address: "address",
  addressSave: "address-save",
  addressReset: "address-reset",
  addressProblem: "address-problem",
  /** One a host; `data-host`. */
  proxy: "proxy",
  certificates: "certificates",
  changeArchive: "change-archive",
  archiveDialog: "archive-dialog",
  archiveMove: "archive-move",
  archiveKeep: "archive-keep",
  exportData: "export-data",
  exportDialog: "export-dialog",
  exportArchive: "export-archive",
  exportChoose: "export-choose",
  exportDone: "export-done",
  exportLeftOut: "export-left-out",
  showLog: "show-log",
  logDialog: "log-dialog",
  logText: "log-text",
  logCopy: "log-copy",
  logSave: "log-save",
  showIntro: "show-intro",
  showShortcuts: "show-shortcuts",
  showAbout: "show-about",
  aboutDialog: "about-dialog",
  aboutSearch: "about-search",
  lock: "lock",
  lockNow: "lock-now",
  workSignIn: "work-sign-in",
  workWaiting: "work-waiting",
  workCancel: "work-cancel",
  /** `data-code`: why a work account did not get in. */
  workProblem: "work-problem",
  workClient: "work-client",
  workSecret: "work-secret",
  workSecretSave: "work-secret-save",
  /** Why something is not offered: the firm's rules. */
  mayNot: "may-not",
  workImport: "work-import",
  workGuide: "work-guide",
  draftBegin: "draft-begin",
  draftLook: "draft-look",
  draftFilter: "draft-filter",
  /** One a draft that can be checked or not; `data-id`. */
  draftTick: "draft-tick",
  draftTickAll: "draft-tick-all",
  draftMakeAll: "draft-make-all",
  draftAttach: "draft-attach",
  /** One a file that goes with a draft; `data-id`. */
  draftAttachment: "draft-attachment",
  draftDetach: "draft-detach",
  draftList: "draft-list",
  draftsLink: "drafts-link",
  /** One a draft; `data-id`. */
  draftRow: "draft-row",
  draftDiscard: "draft-discard",
  draftBasket: "draft-basket",
  /** One a draft in the wastebasket; `data-id`. */
  draftGone: "draft-gone",
  draftRestore: "draft-restore",
  /** The draft that is written; `data-id`, `data-revision`. */
  draft: "draft",
  draftBack: "draft-back",
  draftUnfold: "draft-unfold",
  draftCompany: "draft-company",
  /** `data-value`: the number. */
  draftCompanyChoice: "draft-company-choice",
  companyFind: "company-find",
  companyFound: "company-found",
  draftPeriod: "draft-period",
  draftCategory: "draft-category",
  draftSum: "draft-sum",
  draftTotal: "draft-total",
  draftFiled: "draft-filed",
  draftMended: "draft-mended",
  /** One a change; `data-value`: its kind. */
  draftChange: "draft-change",
  /** One a line; `data-line`, `data-code`. */
  draftLine: "draft-line",
  /** `data-value`: base, vat. */
  draftCell: "draft-cell",
  draftLineRemark: "draft-line-remark",
  draftMore: "draft-more",
  draftRemove: "draft-remove",
  draftSpecification: "draft-specification",
  draftAdd: "draft-add",
  draftPaste: "draft-paste",
  draftCode: "draft-code",
  /** `data-value`: the code. */
  draftCodeChoice: "draft-code-choice",
  /** `data-rule`. */
  draftLineFinding: "draft-line-finding",
  draftRemark: "draft-remark",
  draftKid: "draft-kid",
  /** `data-state`: bad, soon, ok. */
  draftSteps: "draft-steps",
  /** `data-rule`. */
  draftFinding: "draft-finding",
  /** `data-value`: useVat, useRate, chooseRemark, removeKid, removeSpecification. */
  draftFix: "draft-fix",
  draftGoTo: "draft-go-to",
  draftZero: "draft-zero",
  draftMake: "draft-make",
  draftSaved: "draft-saved",
  /** `data-value`: xml, sheet. */
  draftExport: "draft-export",
  sheetChoose: "sheet-choose",
  sheetOfCard: "sheet-of-card",
  sheetDecimals: "sheet-decimals",
  sheetDialog: "sheet-dialog",
  /** One a column; `data-value`: what it was taken for. */
  sheetColumn: "sheet-column",
  /** One a row; `data-state`: what became of it. */
  sheetRow: "sheet-row",
  sheetWarning: "sheet-warning",
  sheetDrafts: "sheet-drafts",
  sheetUse: "sheet-use",
  sheetWhere: "sheet-where",
  /** On a card: makes a draft of it. */
  mend: "mend",
  keepDraft: "keep-draft",
  cardDraft: "card-draft",
  /** One a part. */
  aboutPart: "about-part",
} as const;

export type TestId = (typeof testIds)[keyof typeof testIds];
