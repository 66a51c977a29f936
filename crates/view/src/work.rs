//! What the window and the command line show of the work account and the lock.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::{ClientProof, ClockView, SecretState, SignInView};

/// What a rule can permit. Each stands alone, but who may check, prepare or file for a company may see it too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Permission {
    /// Open returns, look at history, archive and deadlines.
    See,
    /// Ask Skatteetaten what it finds.
    Check,
    /// Attachments, new versions, what lies unfinished in Altinn, which deadlines are followed.
    Prepare,
    /// File, go on with filings, give them up.
    File,
    /// Integrations, addresses, folders, the policy itself.
    Administer,
}

impl Permission {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::See, Self::Check, Self::Prepare, Self::File, Self::Administer];
}

/// The firm's rules and how they stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct WorkView {
    /// The firm; none where its rules cannot be read.
    pub firm: Option<String>,
    /// Whom to ask, where the rules say so.
    pub contact: Option<String>,
    /// Whether nothing can be done until a work account has signed in.
    pub locked: bool,
    /// Why, in a sentence.
    pub reason: Option<String>,
    /// The rules cannot be followed: signing in does not help, an administrator must mend them.
    pub unusable: bool,
    /// The rules are the machine's administrator's: no file replaces them.
    pub administrators: bool,
    /// The rules' version.
    pub version: u32,
    /// Who has signed in.
    pub person: Option<WorkPersonView>,
    /// How long she has.
    pub until: Option<ClockView>,
    /// What she may do.
    pub permissions: Vec<PermissionView>,
    /// Her token names twenty groups only, of more perhaps.
    pub groups_cut: bool,
    /// A sign-in that is under way.
    pub sign_in: Option<SignInView>,
    /// Why the last one opened nothing.
    pub problem: Option<WorkProblem>,
    /// The client at Ansattporten; none where the rules cannot be read.
    pub client: Option<WorkClientView>,
}

/// The client at Ansattporten.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct WorkClientView {
    /// Its id.
    pub client_id: String,
    /// How it proves itself.
    pub proof: ClientProof,
    /// The redirect URI as it must be registered.
    pub redirect_uri: String,
    /// Whether it has the secret that it needs.
    pub secret: SecretState,
    /// Whether anybody may enter the secret now, because nobody could sign in without.
    pub open: bool,
}

/// Who has signed in with a work account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct WorkPersonView {
    /// Name, else the account's address; none where the account has neither.
    pub name: Option<String>,
    /// The account's address.
    pub email: Option<String>,
    /// The organisations she acts for.
    pub organisations: Vec<OrganisationView>,
}

/// An organisation that somebody acts for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct OrganisationView {
    /// Nine digits.
    pub org_number: String,
    /// What Ansattporten calls it, where it does.
    pub name: Option<String>,
}

/// Something that is permitted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PermissionView {
    /// What.
    pub permission: Permission,
    /// For which organisation numbers; none: all.
    pub companies: Option<Vec<String>>,
}

/// Why a work account did not get in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct WorkProblem {
    /// Which reason.
    pub kind: WorkFailureKind,
    /// What happened.
    pub title: String,
    /// What it means.
    pub text: String,
    /// What to do next.
    pub todo: String,
    /// The issuer's words, and what else helps an administrator.
    pub details: Vec<String>,
}

/// The reasons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum WorkFailureKind {
    /// Consent was not given, or is an administrator's to give.
    ConsentNeeded,
    /// The administrator of Entra ID has not let Ansattporten in, or not this person.
    Blocked,
    /// The kind of request is not known here: a pilot.
    NotOpen,
    /// An organisation is required and there is none.
    RepresentationMissing,
    /// No Norwegian organisation was named.
    OrganisationUnknown,
    /// She acts for another organisation than the firm's.
    WrongOrganisation,
    /// No rule is for her.
    NoRule,
    /// The same, but her token leaves groups out.
    NoRuleGroupsCut,
    /// There was no second factor.
    SecondFactorMissing,
    /// The answer cannot be trusted.
    Untrusted,
    /// She cancelled in the browser.
    Denied,
    /// Nobody came back.
    TimedOut,
    /// Ansattporten does not answer.
    Unreachable,
    /// The client is not what is registered.
    Setup,
    /// The client proves itself with a secret or a key, and it has not been entered here.
    SecretMissing,
    /// Something else.
    Other,
}
