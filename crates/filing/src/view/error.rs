//! Refusals and faults: a code for everything that something acts on.

use serde::{Deserialize, Serialize};
use specta::Type;

/// Whether the authority has the return.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
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
    /// A link that leads out of the folder it lies in.
    LinkLeadsOut,
    /// More files, or deeper folders, than are looked at.
    FilesLeftOut,
    /// A zip or gzip file, or something in it, that cannot be unpacked.
    PackedUnreadable,
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
    /// Skatteetaten has rejected the delivered return; the deviations say why. It must be corrected and filed again.
    ReturnRejected,
    /// The return is delivered, and Skatteetaten's answer is missing or cannot be understood: a person must look at it.
    AnswerUnclear,
    /// Altinn is still making the new instance ready.
    Preparing,
    /// The address of Skatteetaten's app is out of date (418): it is changed among the settings.
    AppMoved,
    /// The period may have been delivered already: the authority's own list must be read first, and could not be.
    MayBeDelivered,
    /// Skatteetaten or Altinn refuses the filing with a text of its own.
    FilingRefused,
    /// The same period has been filed already: this would be a correction.
    AlreadyFiled,
    /// The same return is being filed by another window or program.
    FiledElsewhere,
    /// Another window or program has changed the draft since it was read.
    DraftChangedElsewhere,
    /// The return must be checked first, or was changed by the authority's answer.
    NotChecked,
    /// Another return of the same company and period lies open: neither is filed before one is put away.
    SamePeriod,
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
