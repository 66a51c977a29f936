//! What is shown of integrations, authorizations, the guide and the self-check.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use specta::Type;

use super::{ClockView, EnvironmentName, FaultReason, FieldName, IntegrationForm, Moment, ScopeView};

/// Everything of the place Tilganger but the person who is signed in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AccessView {
    /// Integrations of all environments, this one's first.
    pub integrations: Vec<IntegrationRow>,
    /// Authorizations of this environment, the newest first.
    pub authorizations: Vec<AuthorizationRow>,
}

/// Where an integration comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum IntegrationSource {
    /// Made here: it can be changed and removed.
    Own,
    /// Practice's own.
    BuiltIn,
    /// The file `environments.json` of the data folder says it.
    File,
}

/// Whether an integration has the secret that it needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum SecretState {
    /// It needs none.
    NotNeeded,
    /// It needs one, and there is none.
    Missing,
    /// There is one.
    Kept,
}

/// An integration in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct IntegrationRow {
    /// Key within its environment.
    pub id: String,
    /// Which set of authorities it is registered with.
    pub environment: EnvironmentName,
    /// Where it comes from.
    pub source: IntegrationSource,
    /// Sign-ins of this environment go through it.
    pub chosen: bool,
    /// Its settings.
    pub settings: IntegrationForm,
    /// The redirect URI as it must be registered.
    pub redirect_uri: String,
    /// Whether it has the secret that it needs.
    pub secret: SecretState,
    /// The public key to register, a JWK as text.
    pub public_key: Option<String>,
    /// Who has given an authorization through it.
    pub persons: Vec<String>,
    /// When its self-check was run last.
    pub checked_at: Option<Moment>,
    /// How many fields it found to mend.
    pub to_mend: u32,
    /// The hosts that its tokens and secrets go to.
    pub destinations: Vec<String>,
    /// Those of them that are not the known issuer's own.
    pub foreign: Vec<String>,
}

/// A person's authorization in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AuthorizationRow {
    /// Its key.
    pub id: String,
    /// The person's name, where ID-porten gave one.
    pub name: Option<String>,
    /// Masked national id, where ID-porten gave one.
    pub masked_id: Option<String>,
    /// The key of the integration.
    pub integration_id: String,
    /// Its name; none where it cannot be read, or is gone.
    pub integration: Option<String>,
    /// She is signed in.
    pub current: bool,
    /// She has signed out: her tokens are gone and taken back, and nothing is done in her name before she signs in anew.
    pub signed_out: bool,
    /// From when until when it was given.
    pub authorization: ClockView,
    /// Scopes asked for, granted or not.
    pub scopes: Vec<ScopeView>,
}

/// A field that must be mended, with the words for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FieldFaultView {
    /// Which.
    pub field: FieldName,
    /// What is wrong with it.
    pub reason: FaultReason,
    /// The same in words.
    pub text: String,
}

/// What became of an integration that was filled in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "kind")]
pub enum SavedIntegration {
    /// Kept.
    Saved {
        /// Its key.
        id: String,
    },
    /// Not kept: the person did not agree, in the operating system's dialog, to where its tokens go.
    Declined,
    /// Not kept.
    Faulty {
        /// Every field to mend.
        faults: Vec<FieldFaultView>,
    },
}

/// The two ways to register.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum GuideVariant {
    /// A web client with a secret, a hosted page and refresh tokens: one sign-in a year.
    #[default]
    Yearly,
    /// A native client on loopback: one sign-in each working day.
    Simple,
}

/// What the guide is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct GuideRequest {
    /// Which way.
    pub variant: GuideVariant,
    /// The firm's name, if it has been given.
    pub firm: String,
    /// The firm's organisation number, if it has been given.
    pub org_number: String,
    /// Where the firm hosts the page, if it has been given.
    pub page: String,
}

/// The guide: the self-service form, field by field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct GuideView {
    /// Which way.
    pub variant: GuideVariant,
    /// Its name.
    pub title: String,
    /// What it is.
    pub about: String,
    /// What it costs in comfort.
    pub comfort: String,
    /// What it costs in security.
    pub security: String,
    /// The fields, in the form's order.
    pub fields: Vec<GuideField>,
    /// The same registration for Digdir's self-service API.
    pub json: String,
}

/// One field of the self-service form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct GuideField {
    /// Its key.
    pub key: String,
    /// Its Norwegian name.
    pub norwegian: String,
    /// Its English name.
    pub english: String,
    /// What to enter; none where nothing may stand.
    pub value: Option<String>,
    /// The value is an example until something has been filled in.
    pub example: bool,
    /// It is chosen in a list rather than written.
    pub pick: bool,
    /// What else is worth knowing.
    pub note: Option<String>,
}

/// What the self-check tries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum CheckStepName {
    /// ID-porten answers, as itself.
    Discovery,
    /// This computer's clock.
    Clock,
    /// The client and its proof.
    Client,
    /// The pushed request.
    Par,
    /// The redirect.
    Redirect,
    /// The scopes.
    Scopes,
    /// The level of assurance.
    Level,
    /// The refresh token.
    Refresh,
    /// Altinn's exchange.
    Exchange,
}

/// How a step of the self-check went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum CheckStepState {
    /// In order.
    Ok,
    /// Something must be mended.
    Bad,
    /// It works, and there is something to know.
    Note,
    /// Not tried.
    NotTried,
}

/// One step of the self-check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CheckStepView {
    /// Which.
    pub step: CheckStepName,
    /// How it went.
    pub state: CheckStepState,
    /// A few words.
    pub title: String,
    /// What to do, or what was found, where there is more to say.
    pub text: Option<String>,
    /// The field to mend.
    pub field: Option<FieldName>,
    /// What the self-service form calls it.
    pub field_label: Option<String>,
    /// The authority's own words.
    pub authority_text: Option<String>,
}

/// What the self-check found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SelfCheckView {
    /// When.
    pub at: Moment,
    /// The steps, in order.
    pub steps: Vec<CheckStepView>,
    /// How many fields are to be mended.
    pub to_mend: u32,
    /// Some steps need a sign-in through the integration.
    pub needs_sign_in: bool,
}

/// Values of a text.
pub type Values = BTreeMap<&'static str, String>;
