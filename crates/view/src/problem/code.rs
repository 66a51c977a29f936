//! Every refusal and fault that something acts on, and what is done about each: one home for both.

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
    /// The file is larger (`limit`) than what was to be chosen: an integration, a key, rules.
    FileOverLimit,
    /// The spreadsheet has more bytes or more cells than are read of one.
    SheetTooLarge,
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
    /// Several files (`count`) of a folder that are called XML and are no VAT returns; the details name them.
    NotReturns,
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
    /// The firm's rules for the work account cannot be read, or are not believed: nothing is done until they are mended.
    WorkPolicyUnusable,
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
    /// Another desk of the firm files the period at this moment (`person`, `desk`, `at`).
    PeriodTaken,
    /// The office register cannot be reached: nothing is filed before it answers.
    RegisterAway,
    /// The office register does not let this desk in, or not to do this; the details say why.
    RegisterRefused,
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

impl ErrorCode {
    /// It passes by itself: nobody answered, or not well, and what was wanted is tried again.
    #[must_use]
    pub fn passes(self) -> bool {
        matches!(
            self,
            Self::Unreachable
                | Self::AuthorityFault
                | Self::Busy
                | Self::Preparing
                | Self::UnreadableAnswer
                | Self::RegisterAway
        )
    }

    /// It is over as soon as the right person is signed in.
    #[must_use]
    pub fn waits_for_sign_in(self) -> bool {
        matches!(self, Self::NeedsSignIn | Self::AnotherPerson)
    }

    /// It would keep every other return from being filed too, so that a batch stands still.
    pub fn stops_all(self) -> bool {
        matches!(
            self,
            Self::NoAltinnUser
                | Self::ScopeMissing
                | Self::SignInTooWeak
                | Self::IntegrationRefused
                | Self::ClockWrong
                | Self::DiskFull
                | Self::DataUnusable
                | Self::KeyringRefused
                | Self::RegisterRefused
        )
    }

    /// Altinn has refused this person; another may be let.
    pub fn refuses_the_person(self) -> bool {
        matches!(self, Self::NoRight | Self::NoAltinnUser | Self::ScopeMissing)
    }
}
