//! A filing: where it stands, its steps, what to pay, what has happened.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::{Day, Delivered, EnvironmentName, ErrorView, FindingView, Kroner, Moment};

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

/// Where a filing stands. What follows from it (is it finished, does its period count as filed) is said by the methods of
/// this type and by nothing else.
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
    /// Delivered and accepted by Skatteetaten; what came back is in the archive.
    Received,
    /// An authority refused it before delivery.
    Refused,
    /// Given up by the user before delivery.
    Abandoned,
    /// Delivered, and rejected by Skatteetaten as invalid: the period is still open, and its deadline runs.
    Rejected,
    /// Delivered, and Skatteetaten's verdict is missing, unreadable or unknown: a person must look at it. It is looked at
    /// again for some days, and a verdict that can be read mends it.
    Unclear,
}

/// What Skatteetaten thinks of a delivered return (`valideringsresultat`, `avvikVedMeldingslevering`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Verdict {
    /// `ingen avvik`.
    Accepted,
    /// `avvikende skattemelding`: accepted, with deviations.
    Deviating,
    /// `mangelfull skattemelding`: accepted, with something missing.
    Incomplete,
    /// `ugyldig skattemelding`: rejected.
    Invalid,
    /// It says something that this program does not know: another word, another namespace, or a contradiction.
    Unknown,
    /// It cannot be read.
    Unreadable,
    /// The process has ended without one.
    Missing,
}

impl Verdict {
    /// All verdicts.
    pub const ALL: [Self; 7] = [
        Self::Accepted,
        Self::Deviating,
        Self::Incomplete,
        Self::Invalid,
        Self::Unknown,
        Self::Unreadable,
        Self::Missing,
    ];
}

/// The label that the authority has put on a filing. Shown as it is; nothing is concluded from it (apis.md 1.9).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SubstatusView {
    /// A word, e.g. "Mottatt".
    pub label: String,
    /// A sentence.
    pub description: String,
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
    /// It has come before Skatteetaten has accepted the return: wait for the answer. KID and account are left out.
    pub provisional: bool,
    /// Practice and the test environment have invented it: what is to be said beside it.
    pub invented: Option<String>,
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
    /// Skatteetaten's feedback came, and it accepts the return.
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
    /// Skatteetaten rejected it after delivery.
    Rejected,
    /// Skatteetaten's answer is missing or cannot be understood.
    Unclear,
    /// What had been called received before was looked at once more, and another verdict was found.
    Reviewed,
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
    /// Key of the authorization it goes on with; none where whose it was went with a lost database.
    pub authorization_id: Option<String>,
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
    /// What Skatteetaten has found in the delivered return, on its lines.
    pub deviations: Vec<FindingView>,
    /// The authority's label.
    pub substatus: Option<SubstatusView>,
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
    /// Which authorities it went to.
    pub environment: EnvironmentName,
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
    /// What Skatteetaten thinks of the delivered return, once that is known.
    pub verdict: Option<Verdict>,
    /// A later filing of the same period has replaced this one.
    pub replaced: bool,
    /// Who filed it: name or masked id, where that is known.
    pub filed_by: Option<String>,
    /// When it was begun.
    pub begun_at: Moment,
    /// When it was delivered.
    pub delivered_at: Option<Moment>,
    /// KID for paying in, for search and copying; only when the return has been accepted.
    pub kid: Option<String>,
}
