//! Who is signed in, for how long, and how a sign-in goes.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::{ErrorView, Moment};

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
    /// Masked national id, e.g. `"140381 •••••"`, where ID-porten gave one.
    pub masked_id: Option<String>,
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
    /// Another person has come back than the one who was expected: nothing is done in her name before that is answered.
    pub another: Option<AnotherPersonView>,
}

/// A person who was not expected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AnotherPersonView {
    /// Who was expected: a name, or several with commas between; none where nothing is known to call them by.
    pub expected: Option<String>,
    /// Who came: name or masked id; none where ID-porten gave neither.
    pub came: Option<String>,
    /// Her masked national id, where ID-porten gave one.
    pub masked_id: Option<String>,
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
