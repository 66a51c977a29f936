//! What the window and the command line are shown: plain values, ready to print, nothing secret.
//!
//! One place for every shape that crosses from the office to a person. The TypeScript of the window is
//! generated from these types; amounts are text because JavaScript's numbers are not decimals.

mod archive;

pub use archive::{
    ArchiveComplaint, ArchiveFault, ArchiveReport, ExportFormat, ExportSelection, ExportView, RecoveryView,
};
mod deadlines;
mod reminders;
mod work;

pub use deadlines::*;
pub use reminders::*;
use serde::{Deserialize, Serialize};
use specta::Type;
use std::sync::Arc;
pub use work::*;

mod access;

pub use access::*;

/// Whole kroner as decimal digits, with a leading `-` for a refund, e.g. `"-12640"`.
pub type Kroner = String;
/// A moment, ISO 8601 in UTC, e.g. `"2026-06-09T16:42:00Z"`.
pub type Moment = String;
/// A Norwegian calendar date, `"2026-06-10"`.
pub type Day = String;

/// Which set of authorities the program talks to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum EnvironmentName {
    /// The practice authorities within the program.
    Practice,
    /// The authorities' test environment.
    Test,
    /// The real authorities.
    Production,
}

/// Language of the texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum LanguageName {
    /// Bokmål.
    #[default]
    Nb,
    /// Nynorsk.
    Nn,
    /// English.
    En,
}

/// Light or dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Theme {
    /// As the operating system.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
    /// Black and white with borders, light or dark as the operating system.
    Contrast,
}

/// What the user has chosen about the window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Preferences {
    /// Language of window and findings.
    pub language: LanguageName,
    /// Light or dark.
    pub theme: Theme,
    /// Text size in percent, 100 to 200.
    pub text_size: u16,
    /// The short introduction has been seen or skipped.
    pub introduced: bool,
}

/// Everything the window needs to draw itself the first time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct StartView {
    /// The program's version.
    pub version: String,
    /// Current environment.
    pub environment: EnvironmentName,
    /// The user's choices.
    pub preferences: Preferences,
    /// Norwegian date today.
    pub today: Day,
    /// Who is signed in, if anybody.
    pub session: Option<SessionView>,
    /// A sign-in that is under way.
    pub sign_in: Option<SignInView>,
    /// The firm's rules and the lock, where a policy holds.
    pub work: Option<WorkView>,
    /// Whether secrets can be kept between runs.
    pub keyring: KeyringState,
    /// How many minutes this computer's clock differs from the authorities', where that is more than five.
    pub clock_off_minutes: Option<u32>,
    /// The returns that lie open in the window.
    pub cards: Vec<ReturnCard>,
    /// The returns that are being filed in one go, or were until just now.
    pub batch: Option<BatchView>,
    /// The newest filings of this environment, newest first, at most five.
    pub recent: Vec<FilingRow>,
    /// Sample returns the program carries.
    pub samples: Vec<SampleView>,
    /// Where receipts are kept, as shown to the user.
    pub archive_folder: String,
    /// What became of a history that was lost, until it has been taken notice of.
    pub recovery: Option<RecoveryView>,
}

/// Whether the operating system's keyring works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum KeyringState {
    /// Secrets are sealed and kept between runs.
    Available,
    /// There is none: sign-in lasts until the program closes.
    Missing,
    /// It is there but locked.
    Locked,
}

/// A sample return.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SampleView {
    /// Key for `openSample`.
    pub id: String,
    /// Company's name.
    pub company: String,
    /// Period in words.
    pub period: String,
    /// What the sample shows.
    pub about: String,
}

/// A stretch of time that runs out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ClockView {
    /// When it began.
    pub from: Moment,
    /// When it ends.
    pub until: Moment,
}

/// One granted or missing scope.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ScopeView {
    /// The scope as the authorities write it.
    pub scope: String,
    /// Granted.
    pub granted: bool,
}

/// A company the person may act for, as the app's party list tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CompanyView {
    /// Nine digits.
    pub org_number: String,
    /// Name.
    pub name: String,
}

/// Who is signed in, and for how long.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SessionView {
    /// Key of the authorization in this program; says nothing of the person.
    pub authorization_id: String,
    /// The person's name, where ID-porten gave one.
    pub name: Option<String>,
    /// Masked national id, e.g. `"140381 •••••"`.
    pub masked_id: String,
    /// Name of the integration.
    pub integration: String,
    /// Its key.
    pub integration_id: String,
    /// When the person signed in.
    pub signed_in_at: Moment,
    /// Scopes asked for, granted or not.
    pub scopes: Vec<ScopeView>,
    /// The ID-porten access token.
    pub id_porten: ClockView,
    /// The Altinn token; absent when the exchange was refused.
    pub altinn: Option<ClockView>,
    /// Why there is no Altinn token.
    pub altinn_problem: Option<ErrorView>,
    /// The authorization itself.
    pub authorization: ClockView,
    /// Whether the tokens renew themselves.
    pub renews_itself: bool,
    /// Companies the person may file for, where the authority tells.
    pub companies: Vec<CompanyView>,
}

/// A sign-in under way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SignInView {
    /// When it gives up.
    pub gives_up_at: Moment,
    /// False when no browser could be opened: show the link.
    pub browser_opened: bool,
}

/// How a sign-in ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "kind")]
pub enum SignInOutcome {
    /// Signed in.
    SignedIn {
        /// Who.
        session: Box<SessionView>,
    },
    /// The user cancelled here.
    Cancelled,
    /// Five minutes went by.
    TimedOut,
    /// The authority or the answer said no.
    Refused {
        /// Why, and what to do.
        error: ErrorView,
    },
}

/// Whether the authority has the return.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Delivered {
    /// Nothing has been delivered.
    No,
    /// The return has been delivered.
    Yes,
    /// The authority has not said yet; the program finds out before it does anything else.
    Unknown,
}

/// A refusal or a fault: the code decides what the window says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ErrorView {
    /// What it is.
    pub code: ErrorCode,
    /// What happened, in English, for the details.
    pub message: String,
    /// Causes, the authority's own words and what else may help a supporter; one a line.
    pub details: Vec<String>,
    /// Values for the window's texts, e.g. `company`, `right`, `rule`.
    pub values: std::collections::BTreeMap<String, String>,
    /// Whether anything was delivered.
    pub delivered: Delivered,
}

/// Every refusal or fault that something acts on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum ErrorCode {
    // Reading a file.
    /// The file is empty.
    FileEmpty,
    /// The file is larger than a return can be (25 MB).
    FileTooLarge,
    /// A folder without returns, or a folder where a file was wanted.
    FileIsFolder,
    /// The operating system would not let it be read.
    FileUnreadable,
    /// The file is gone.
    FileMissing,
    /// Not XML.
    NotXml,
    /// XML, but not a VAT return.
    NotAReturn,
    /// XML with a document type, which is refused as unsafe.
    UnsafeXml,
    /// A return, but not as the schema wants it; the findings say where.
    SchemaInvalid,
    // Sign-in.
    /// The person or the authority ended the sign-in in the browser.
    SignInDenied,
    /// The answer did not belong to this attempt (state, issuer, nonce) or was not genuine.
    SignInUntrusted,
    /// The code was too old (`invalid_grant`).
    SignInTooLate,
    /// The integration is not known, not allowed or asks for scopes it does not own.
    IntegrationRefused,
    /// A file that was to be an integration is none.
    NotAnIntegration,
    /// The client's private key cannot be used.
    KeyUnusable,
    /// No browser could be opened.
    NoBrowser,
    /// A sign-in is already under way.
    SignInBusy,
    /// The authority trusts the person less than the return needs (acr).
    SignInTooWeak,
    // Tokens and rights.
    /// Nobody is signed in, or the session has run out.
    NeedsSignIn,
    /// Altinn knows no such user (401 at the exchange).
    NoAltinnUser,
    /// The token has no scope that Altinn accepts (403 at the exchange).
    ScopeMissing,
    /// The person may not file for this company.
    NoRight,
    /// The person may fill in but not sign.
    MayNotSign,
    /// Altinn knows no such company.
    CompanyUnknown,
    /// The filing belongs to another person.
    AnotherPerson,
    // The work account.
    /// The program is locked until a work account has signed in.
    WorkLocked,
    /// The firm's rules do not permit this to the work account.
    WorkForbidden,
    /// A file is no policy, or must not replace the one in force.
    WorkPolicyRefused,
    // Filing.
    /// Skatteetaten refuses the return; the findings say why.
    ReturnRefused,
    /// Skatteetaten or Altinn refuses the filing with a text of its own.
    FilingRefused,
    /// The same period has been filed already: this would be a correction.
    AlreadyFiled,
    /// The same return is being filed by another window or program.
    FiledElsewhere,
    /// The return must be checked first, or was changed by the authority's answer.
    NotChecked,
    /// Cancelling came too late.
    TooLateToCancel,
    // Settings.
    /// The environment or the archive cannot be changed while a filing is being delivered.
    FilingUnderWay,
    /// An address that tokens must not travel to, or none at all.
    AddressRefused,
    /// A folder that cannot be used for what it was chosen for.
    FolderRefused,
    // Faults.
    /// No answer: network, proxy or certificate.
    Unreachable,
    /// The authority answered with a fault of its own (5xx).
    AuthorityFault,
    /// The authority asks to wait (429).
    Busy,
    /// The answer could not be understood.
    UnreadableAnswer,
    /// This computer's clock is wrong by more than five minutes.
    ClockWrong,
    /// The disk is full or read-only.
    DiskFull,
    /// The data folder cannot be used.
    DataUnusable,
    /// The keyring is locked or refused.
    KeyringRefused,
    /// No program opens the receipt.
    CannotOpen,
    // Attachments.
    /// The attachment is empty.
    AttachmentEmpty,
    /// The attachment is larger than 25 MB.
    AttachmentTooLarge,
    /// The attachment is of a kind that Skatteetaten does not take.
    AttachmentType,
    /// The attachment's name ends otherwise than its content says.
    AttachmentMismatch,
    /// Another attachment has the same name.
    AttachmentTwice,
    /// There are as many attachments as there may be.
    AttachmentTooMany,
    /// The attachment is itself a VAT return.
    AttachmentIsReturn,
    /// An attachment without a return that it could go with.
    AttachmentAlone,
    /// The filing has begun; its attachments stay as they are.
    AttachmentLate,
    // Other filings.
    /// An open filing of ours owns what was to be touched.
    OwnFiling,
    /// The return is for another company or period than the one it was to replace.
    OtherPeriod,
    /// What was asked for does not exist (any more).
    NotFound,
    /// A file that was to be taken along could not be written where it was wanted.
    ExportRefused,
    /// The archive folder cannot be written: its disk is gone, or there is no right.
    ArchiveUnusable,
    /// A fault of the program itself.
    Internal,
}

/// A return that lies open in the window.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ReturnCard {
    /// Key of the card.
    pub id: String,
    /// Name of the file, without folder.
    pub file_name: String,
    /// When it was read.
    pub read_at: Moment,
    /// What was found in it; absent when it could not be read as a return.
    pub content: Option<ReturnView>,
    /// Why it could not be read.
    pub problem: Option<ErrorView>,
    /// What the check says; the own check is there as soon as the file is read.
    pub check: CheckView,
    /// What goes with it.
    pub attachments: Vec<AttachmentView>,
    /// The version that was delivered before, if there is one: this would be a correction.
    pub earlier: Option<EarlierView>,
    /// The instance in Altinn that is gone on with, `{partyId}/{instanceGuid}`.
    pub instance: Option<String>,
    /// The filing this card has become.
    pub filing: Option<FilingView>,
    /// What else is to be known before it is filed: opened twice, filed before.
    pub notes: Vec<CardNote>,
    /// The lines are left out, because many returns lie open; `card` gives them.
    pub brief: bool,
}

/// What is to be known of a return beside what is in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "kind")]
pub enum CardNote {
    /// The same bytes were opened under another name too; they lie open once.
    SameFile {
        /// Name of the other file.
        file: String,
    },
    /// Another return of the same company, category and period lies open.
    SamePeriod {
        /// Key of the other card.
        card: String,
        /// Name of its file.
        file: String,
    },
    /// The period has been filed before: this would be a new version.
    FiledBefore {
        /// Key of the earlier filing.
        filing: String,
        /// When it was delivered.
        at: Moment,
        /// Who filed it: name or masked id.
        person: String,
    },
}

/// Where a batch stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum BatchState {
    /// Returns are begun as places become free.
    Running,
    /// Nothing new is begun; what is under way goes on. `problem` says why, when it was not the person's wish.
    Paused,
    /// The program ended in the middle. What was under way goes on; the rest waits for a word.
    Interrupted,
    /// Nobody is signed in, or another person than the one whose batch it is. Goes on with the sign-in.
    WaitingSignIn,
    /// Every return has been delivered or has stopped.
    Done,
}

/// Many returns filed in one go.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BatchView {
    /// Key of the batch.
    pub id: String,
    /// Where it stands.
    pub state: BatchState,
    /// Whose authorization: name or masked id.
    pub filed_by: String,
    /// When it was begun.
    pub started_at: Moment,
    /// How many returns.
    pub total: u32,
    /// Not begun.
    pub queued: u32,
    /// Under way, not delivered.
    pub running: u32,
    /// Delivered; the receipt has not come.
    pub answering: u32,
    /// Receipt in the archive.
    pub received: u32,
    /// Stopped until a person does something.
    pub waiting: u32,
    /// Refused by the authority.
    pub refused: u32,
    /// Taken out before anything was delivered.
    pub cancelled: u32,
    /// Sum of what is to be paid for what has been delivered.
    pub to_pay: Kroner,
    /// Sum of what comes back for what has been delivered, negative.
    pub refund: Kroner,
    /// The nearest due date of what is to be paid.
    pub due: Option<Day>,
    /// How long it will take, by what has been done so far.
    pub minutes_left: Option<u32>,
    /// Why it stands still.
    pub problem: Option<ErrorView>,
}

/// What became of the wish to file many returns.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BatchStart {
    /// The batch, when at least one return is in it.
    pub batch: Option<BatchView>,
    /// Returns that are not in it, with the reason.
    pub left_out: Vec<LeftOut>,
}

/// A return that could not be put into a batch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct LeftOut {
    /// Key of its card.
    pub card: String,
    /// Why.
    pub error: ErrorView,
}

/// A file that goes with a return, on its card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AttachmentView {
    /// Key of the attachment.
    pub id: String,
    /// Its name, as Altinn will have it.
    pub name: String,
    /// Bytes.
    pub size: u32,
    /// The usual ending of what is in it, e.g. `"pdf"`; absent when it cannot be attached.
    pub ending: Option<String>,
    /// Why it cannot be attached; nothing is filed before it is removed.
    pub problem: Option<ErrorView>,
}

/// A file that goes with a filing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FiledAttachmentView {
    /// Its name.
    pub name: String,
    /// Bytes.
    pub size: u32,
    /// Altinn has it.
    pub uploaded: bool,
}

/// The version of a return that was delivered before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct EarlierView {
    /// Key of its filing.
    pub filing: String,
    /// When it was delivered.
    pub delivered_at: Moment,
    /// Who filed it.
    pub filed_by: String,
    /// What the new version changes.
    pub difference: DifferenceView,
}

/// What a new version changes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DifferenceView {
    /// Nothing that is filed differs.
    pub none: bool,
    /// The sum before.
    pub assessed_before: Kroner,
    /// The sum after.
    pub assessed_after: Kroner,
    /// The lines of the new version, each after the removed ones that stood before it.
    pub lines: Vec<LineDifferenceView>,
}

/// What has become of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum LineChange {
    /// As it was.
    Same,
    /// The same code with other amounts, rate or remark.
    Changed,
    /// New.
    Added,
    /// Gone.
    Removed,
}

/// A line of the new version beside the same line of the old one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct LineDifferenceView {
    /// What has become of it.
    pub change: LineChange,
    /// As it was; absent when it is new.
    pub before: Option<LineView>,
    /// As it is; absent when it is gone.
    pub after: Option<LineView>,
}

/// Where an instance stands that nobody has finished.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum UnfinishedStage {
    /// The form is being filled in.
    Filling,
    /// Filled in; to be signed.
    Signing,
    /// In a task that this program does not know.
    Unknown,
}

/// Something begun in Altinn and not delivered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct UnfinishedView {
    /// `{partyId}/{instanceGuid}`.
    pub instance: String,
    /// Nine digits.
    pub org_number: String,
    /// When it was made.
    pub created_at: Option<Moment>,
    /// When it last changed.
    pub changed_at: Option<Moment>,
    /// Where it stands.
    pub stage: UnfinishedStage,
    /// Period in words, when a return lies in it.
    pub period: Option<String>,
    /// The sum of that return.
    pub assessed_vat: Option<Kroner>,
    /// How many attachments lie in it.
    pub attachments: u32,
    /// It can be gone on with: a return lies in it, and no filing of ours is in the way.
    pub can_continue: bool,
    /// The open filing of ours that owns it, or may own it.
    pub filing: Option<String>,
}

/// What a return says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ReturnView {
    /// Nine digits, or what stood there.
    pub org_number: String,
    /// The company's name, when known.
    pub company_name: Option<String>,
    /// Period in words in the user's language, e.g. "Mars–april 2026".
    pub period: String,
    /// Kind of period and category in words, e.g. "2-månedlig for alminnelig næring".
    pub kind: String,
    /// Statutory deadline, moved past weekends and holidays.
    pub deadline: Option<Day>,
    /// Sum: positive to pay, negative a refund.
    pub assessed_vat: Kroner,
    /// The accounting system that wrote it, e.g. "Balanse 8.2".
    pub system: Option<String>,
    /// The message's remark.
    pub remark: Option<String>,
    /// Lines grouped by theme in the order of the code list.
    pub groups: Vec<LineGroup>,
    /// SHA-256 of the bytes that will be sent, hexadecimal.
    pub sha256: String,
    /// Size in bytes.
    pub size: u32,
}

/// Lines of one theme.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct LineGroup {
    /// Theme in the user's language.
    pub title: String,
    /// Its lines.
    pub lines: Vec<LineView>,
}

/// One line of the return.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct LineView {
    /// Number of the line in the file, from 1; findings name it.
    pub number: u32,
    /// VAT code.
    pub code: String,
    /// What the code means.
    pub description: String,
    /// Specification in words.
    pub specification: Option<String>,
    /// Remark in words.
    pub remark: Option<String>,
    /// Base in kroner.
    pub base: Option<Kroner>,
    /// Rate as written, without the per-cent sign.
    pub rate: Option<String>,
    /// VAT in kroner.
    pub vat: Kroner,
    /// A deduction that belongs to the line above (same code, no base).
    pub deduction: bool,
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum SeverityName {
    /// The return is refused.
    Invalid,
    /// It may be filed; the authority sees the deviation.
    Deviating,
    /// It may be filed; something is missing.
    Incomplete,
}

/// The verdict over a return.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum VerdictName {
    /// Nothing found.
    Ok,
    /// May be filed, with deviations.
    Deviating,
    /// Cannot be filed.
    Invalid,
}

/// What a check says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CheckView {
    /// The verdict of all findings together.
    pub verdict: VerdictName,
    /// When the authority checked; absent when only Momsbud has.
    pub authority_at: Option<Moment>,
    /// The authority's check is under way.
    pub running: bool,
    /// Why the authority could not be asked.
    pub problem: Option<ErrorView>,
    /// Findings, numbered in the order of the lines.
    pub findings: Vec<FindingView>,
}

/// One rule's complaint.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FindingView {
    /// Number in the list and on the line, from 1.
    pub number: u32,
    /// Rule, e.g. `"R020"`, when known.
    pub rule: Option<String>,
    /// Official identifier.
    pub identifier: String,
    /// How bad.
    pub severity: SeverityName,
    /// A few words.
    pub title: String,
    /// What is wrong, with figures and names.
    pub message: String,
    /// What to do about it.
    pub advice: String,
    /// Number of the line in the file, from 1.
    pub line: Option<u32>,
    /// Line of the XML, from 1.
    pub xml_line: Option<u32>,
    /// Column of the XML, from 1.
    pub xml_column: Option<u32>,
    /// VAT code.
    pub vat_code: Option<String>,
    /// Found by Momsbud.
    pub by_momsbud: bool,
    /// The authority's text, word for word.
    pub authority_text: Option<String>,
}

/// Where a filing stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum FilingState {
    /// Waits for its turn in a batch; nothing has been begun.
    Queued,
    /// Steps are being run.
    Running,
    /// Waits for the person: sign-in, a right, the network; `waiting` says what.
    Waiting,
    /// Filled in; somebody with the right must sign.
    WaitingSignature,
    /// Delivered; the receipt has not come yet.
    WaitingAnswer,
    /// Receipt in the archive.
    Received,
    /// The authority refused it.
    Refused,
    /// Given up by the user before delivery.
    Abandoned,
}

/// The steps of a filing, in their order (apis.md 1.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum StepName {
    /// POST instances.
    Instance,
    /// PUT envelope.
    Envelope,
    /// POST the return.
    Return,
    /// POST attachments.
    Attachments,
    /// First process/next: the form is complete.
    Fill,
    /// Second process/next: confirmed; from here the return is delivered.
    Confirm,
    /// Waiting for Skatteetaten.
    Feedback,
    /// Receipt, payment and result fetched and archived.
    Archive,
}

/// State of one step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum StepState {
    /// Not begun.
    Pending,
    /// Under way.
    Running,
    /// Done.
    Done,
    /// Stopped here.
    Stopped,
    /// Not needed (no attachments).
    Skipped,
}

/// One step of a filing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct StepView {
    /// Which.
    pub step: StepName,
    /// Its state.
    pub state: StepState,
    /// When it was done.
    pub at: Option<Moment>,
}

/// What to pay, and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PaymentView {
    /// Amount; negative when money comes back.
    pub amount: Kroner,
    /// KID, bare digits.
    pub kid: Option<String>,
    /// Account, eleven digits.
    pub account: Option<String>,
    /// Due date.
    pub due: Option<Day>,
}

/// A file in the archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ArchivedFile {
    /// Name within the filing's folder.
    pub name: String,
    /// Size in bytes.
    pub size: u32,
}

/// Something that happened to a filing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TimelineEntry {
    /// When.
    pub at: Moment,
    /// What.
    pub event: TimelineEvent,
}

/// What can happen to a filing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum TimelineEvent {
    /// The file was read.
    Read,
    /// The authority checked it.
    Checked,
    /// An instance was created in Altinn.
    Created,
    /// Envelope and return were uploaded.
    Uploaded,
    /// All attachments were uploaded.
    Attached,
    /// The form was completed.
    Filled,
    /// Confirmed and delivered.
    Confirmed,
    /// Skatteetaten's feedback came.
    Received,
    /// Receipt and payment were fetched.
    Fetched,
    /// The program stopped or lost the answer and went on from what the authority said.
    Resumed,
    /// It had to wait.
    Waited,
    /// The authority refused it.
    Refused,
    /// Given up.
    Abandoned,
}

/// A filing with everything the window shows of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FilingView {
    /// Key of the filing.
    pub id: String,
    /// What a list shows of it.
    pub row: FilingRow,
    /// Steps, in order.
    pub steps: Vec<StepView>,
    /// Key of the authorization it goes on with.
    pub authorization_id: String,
    /// Who signed it, when that was another than the one who filled it in.
    pub signed_by: Option<String>,
    /// It replaces a version that was delivered before.
    pub correction: bool,
    /// What goes with the return.
    pub attachments: Vec<FiledAttachmentView>,
    /// What it waits for or why it was refused.
    pub problem: Option<ErrorView>,
    /// Whether the authority has the return.
    pub delivered: Delivered,
    /// Whether it can still be cancelled.
    pub can_cancel: bool,
    /// What to pay.
    pub payment: Option<PaymentView>,
    /// Files in the archive.
    pub files: Vec<ArchivedFile>,
    /// Archive folder as shown to the user.
    pub archive_folder: Option<String>,
    /// The receipt PDF is in the archive.
    pub has_receipt: bool,
    /// `{partyId}/{instanceGuid}`.
    pub instance: Option<String>,
    /// Timeline, oldest first.
    pub timeline: Vec<TimelineEntry>,
}

/// A filing as a row of a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FilingRow {
    /// Key of the filing.
    pub id: String,
    /// Nine digits.
    pub org_number: String,
    /// Company's name, when known.
    pub company_name: Option<String>,
    /// Period in words.
    pub period: String,
    /// Kind of period and category in words.
    pub kind: String,
    /// Sum: positive to pay, negative a refund.
    pub assessed_vat: Kroner,
    /// State.
    pub state: FilingState,
    /// A later filing of the same period has replaced this one.
    pub replaced: bool,
    /// Who filed it: name or masked id.
    pub filed_by: String,
    /// When it was begun.
    pub begun_at: Moment,
    /// When it was delivered.
    pub delivered_at: Option<Moment>,
    /// KID, for search and copying.
    pub kid: Option<String>,
}

/// What to look for in the history.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct HistoryQuery {
    /// Company, organisation number, KID or amount.
    pub text: String,
    /// Only this state.
    pub state: Option<FilingState>,
    /// Only this period or year: the key of a [`PeriodChoice`].
    pub period: Option<String>,
    /// Rows to pass over.
    pub offset: u32,
    /// Rows wanted, at most 500.
    pub limit: u32,
}

/// A year, or a period of a year, that the history has filings of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PeriodChoice {
    /// Key for [`HistoryQuery::period`].
    pub key: String,
    /// The year.
    pub year: i32,
    /// The period in words; absent for the whole year.
    pub words: Option<String>,
}

/// A stretch of the history.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct HistoryPage {
    /// Rows, newest first.
    pub rows: Vec<FilingRow>,
    /// How many there are in all.
    pub total: u32,
}

/// What the office tells by itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "kind")]
pub enum OfficeEvent {
    /// Cards were opened, changed or closed; all of them, in order.
    Cards {
        // Shared, because there may be a thousand, and everybody who listens is told of them.
        /// The cards.
        cards: Arc<Vec<ReturnCard>>,
    },
    /// One card was changed.
    Card {
        /// The card.
        card: Box<ReturnCard>,
    },
    /// A batch began, moved on or was put away.
    Batch {
        /// The batch, or nothing.
        batch: Option<Box<BatchView>>,
    },
    /// A filing moved on.
    Filing {
        /// The filing.
        filing: Box<FilingView>,
    },
    /// Sign-in began, changed or ended.
    SignIn {
        /// The sign-in, or nothing when it ended.
        sign_in: Option<SignInView>,
    },
    /// A sign-in ended that no command of this run had begun: the link of one that an earlier run began came home.
    SignInEnded {
        /// How.
        outcome: SignInOutcome,
    },
    /// Who is signed in changed, or a token was renewed.
    Session {
        /// The session, or nothing.
        session: Option<Box<SessionView>>,
    },
    /// The keyring was unlocked or missed, or the computer's clock was found to be wrong, or right again.
    Machine {
        /// Whether secrets can be kept between runs.
        keyring: KeyringState,
        /// See [`StartView::clock_off_minutes`].
        clock_off_minutes: Option<u32>,
    },
    /// The work account's sign-in, the lock or the rules have changed.
    Work {
        /// How it stands, or nothing where no policy holds.
        work: Option<Box<WorkView>>,
    },
    /// What the bell and the tray tell has changed.
    Reminders {
        /// All of it.
        reminders: Box<RemindersView>,
    },
    /// A notification was clicked: this is where it leads.
    Go {
        /// The place.
        target: NoticeTarget,
    },
    /// Attachments are being uploaded; told a few times a second.
    Upload {
        /// Key of the filing.
        filing: String,
        /// Bytes handed over so far, of all attachments.
        done: u32,
        /// Bytes of all attachments.
        total: u32,
    },
    /// Files are held over the window, or not any more.
    DropHover {
        /// Where they are held; nothing when they have left.
        at: Option<WindowPoint>,
    },
    /// Files have been let go over the window, which answers with the return that they were let go on.
    Dropped {
        /// Where.
        at: WindowPoint,
    },
}

/// A point of the window's content, in its own (logical) pixels from the upper left corner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct WindowPoint {
    /// To the right.
    pub x: i32,
    /// Down.
    pub y: i32,
}
