//! How the practice authorities behave where the documentation leaves a choice, or where it changed over time.
//!
//! Each setting names the section of apis.md that leaves it open. `/settings` reads and changes them.

use serde::{Deserialize, Serialize};

/// All settings.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Settings {
    /// ID-porten's.
    pub id_porten: IdPortenSettings,
    /// Ansattporten's.
    pub ansattporten: AnsattportenSettings,
    /// Altinn's, platform and app.
    pub altinn: AltinnSettings,
    /// Skatteetaten's.
    pub skatteetaten: SkatteetatenSettings,
    /// Added to every answer of every authority, milliseconds.
    pub latency_ms: u64,
}

/// ID-porten's settings (apis.md 3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct IdPortenSettings {
    /// Public clients get and may use refresh tokens. The documentation contradicts itself (3.5).
    pub public_refresh_tokens: bool,
    /// The id_token carries `at_hash` (3.6 lists it; newer ID-porten no longer sends it).
    pub at_hash: bool,
    /// How long an authorization code lives, seconds. Short; the value is not published (3.5).
    pub code_lifetime_seconds: i64,
    /// How long a pushed request lives, seconds (3.4).
    pub pushed_request_lifetime_seconds: i64,
    /// How long the browser's session lives, seconds. Not published (3.7).
    pub session_lifetime_seconds: i64,
    /// Replaces every client's `access_token_lifetime`, seconds.
    pub access_token_lifetime_seconds: Option<i64>,
    /// Replaces every client's `refresh_token_lifetime`, seconds.
    pub refresh_token_lifetime_seconds: Option<i64>,
    /// Replaces every client's `authorization_lifetime`, seconds.
    pub authorization_lifetime_seconds: Option<i64>,
    /// The level that sign-ins reach, instead of `idporten-loa-high`.
    pub granted_acr: Option<String>,
    /// Mistakes in an otherwise trusted request (no PKCE, no state) are shown on ID-porten's own page instead of
    /// being sent back to the client (3.3 says only what happens before the redirect can be trusted).
    pub own_page_for_every_error: bool,
    /// Another person than the one who is chosen comes back: the browser's session was hers (1.9).
    pub another_person: bool,
    /// Scopes that begin with `altinn:` are refused, and with them the whole sign-in: Altinn has not granted them to the
    /// organisation, though everybody may tick them (1.2, 1.9).
    pub altinn_scopes_refused: bool,
    /// Access tokens are as Maskinporten's: right in every way, and they name an organisation and no person (1.9).
    pub machine_tokens: bool,
}

impl Default for IdPortenSettings {
    fn default() -> Self {
        Self {
            public_refresh_tokens: true,
            at_hash: false,
            code_lifetime_seconds: 60,
            pushed_request_lifetime_seconds: 120,
            session_lifetime_seconds: 7200,
            access_token_lifetime_seconds: None,
            refresh_token_lifetime_seconds: None,
            authorization_lifetime_seconds: None,
            granted_acr: None,
            another_person: false,
            altinn_scopes_refused: false,
            machine_tokens: false,
            own_page_for_every_error: false,
        }
    }
}

/// Shapes of `authorization_details` in answers (apis.md 4.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum OrgnoShape {
    /// `authorized_parties` with `orgno {authority, ID}`, `name`, `rights`.
    #[default]
    AuthorizedParties,
    /// The early single object, `orgno {authority, ID}`.
    Single,
    /// The early single object as the documentation misprints it: key `orgno:`, `{Authority, ID}`.
    SingleCapitalised,
    /// An identifier of another country's register: what a client must refuse.
    ForeignScheme,
    /// A number whose check digit is wrong: what a client must refuse.
    WrongCheckDigit,
    /// Nothing at all, not even the type.
    Missing,
}

/// Ansattporten's settings (apis.md 4).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct AnsattportenSettings {
    /// Shape of `authorization_details` in token response and id_token.
    pub orgno_shape: OrgnoShape,
    /// No organisation is ever returned: the pilot is off, or the organisation is unknown to Digdir.
    pub organisations_unknown: bool,
    /// `amr` is written `entraid_mfa` instead of `entraid-mfa` (4.2).
    pub amr_with_underscore: bool,
    /// Who says that Ansattporten may read the account.
    pub consent: Consent,
    /// Entra ID sends a blocked employee back instead of keeping her on its own page; which it does is not published.
    pub blocked_sends_back: bool,
    /// `ansattporten:orgno` is not known here: a pilot that is open elsewhere (4.2).
    pub pilot_closed: bool,
    /// Entra ID asks for a password and nothing more.
    pub password_only: bool,
}

/// Who says that Ansattporten may read a work account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Consent {
    /// Each employee, the first time.
    #[default]
    FirstTime,
    /// The administrator has, for everybody.
    Given,
    /// The administrator could, and has not.
    AdministratorOnly,
}

/// Which generation of Altinn's app library answers (apis.md 2.2: which one the skd app runs is not known).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum AppVersion {
    /// Version 7.
    V7,
    /// Version 8.
    #[default]
    V8,
}

/// How the app words a 409 at process/next (apis.md 1.4 and 2.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ConflictShape {
    /// text/plain.
    Text,
    /// A JSON string, quoted as the documentation prints it.
    #[default]
    JsonString,
    /// application/problem+json with `validationIssues`.
    Problem,
}

/// What the 409 for an invalid return holds (apis.md 1.4: "+ valideringsresultat XML as the content"; 1.9: raw).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum InvalidReturnShape {
    /// The sentence, a line break, then the XML; wrapped as [`ConflictShape`] says.
    TextAndXml,
    /// The XML alone, application/xml.
    #[default]
    XmlOnly,
}

/// Altinn's settings (apis.md 2).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct AltinnSettings {
    /// Generation of the app library.
    pub app_version: AppVersion,
    /// How a 409 is worded.
    pub conflict_shape: ConflictShape,
    /// What the 409 for an invalid return holds.
    pub invalid_return_shape: InvalidReturnShape,
    /// `feedback` and `feedback/status` exist; the newest documentation no longer names them (1.4).
    pub feedback_endpoints: bool,
    /// From the second process/next to the end of the process, seconds. In the documented example about 80.
    pub feedback_delay_seconds: f64,
    /// From the second process/next to `betalingsinformasjon`, seconds; seen after 30 to 45, before the verdict (1.9).
    pub payment_delay_seconds: f64,
    /// From the second process/next to `valideringsresultat`, seconds; with the end when absent. May be later than it.
    pub verdict_delay_seconds: Option<f64>,
    /// From the second process/next to `kvittering`, seconds; with the end when absent. May be later than it.
    pub receipt_delay_seconds: Option<f64>,
    /// So long after `POST /instances` the instance's data and process addresses answer 404, seconds; 25 to 120 have been
    /// seen (1.9).
    pub instance_delay_seconds: f64,
    /// The instance's own address does so too.
    pub instance_unread: bool,
    /// `GET …/feedback` waits for the feedback, as the old documentation says, instead of answering 409 (1.9).
    pub feedback_waits: bool,
    /// The app refuses at the first process/next what the validation took: 409 with the result (1.4, 1.9).
    pub refuses_returns: bool,
    /// The app is no longer at its address: 418 (1.9).
    pub app_moved: bool,
    /// What is delivered is never processed: no payment, no verdict, no receipt, no end (1.9, a system user's).
    pub never_processed: bool,
    /// A return with a remark in free text is handled by hand: its verdict comes days after the receipt (1.9).
    pub free_text_by_hand: bool,
    /// An envelope without `instansstatus` is refused, as documented (1.4); one has been accepted (1.9).
    pub status_required: bool,
    /// The exchange answers with a quoted JSON string whatever `Accept` says (2.1).
    pub quoted_exchange_token: bool,
    /// The app demands `altinn:instances.read` and `.write` (2.2: only where an app defines `apiScopes`).
    pub api_scopes_enforced: bool,
    /// Complaints about uploads come as a JSON list (2.2: `JsonObjectInDataResponse`).
    pub upload_errors_as_json: bool,
    /// PUT of the envelope answers 200 `{"changedFields":{}}` (2.2) instead of 201 with the element.
    pub changed_fields: bool,
    /// The period of envelope and return are compared too (section 8, item 4; no text is published).
    pub period_compared: bool,
}

impl Default for AltinnSettings {
    fn default() -> Self {
        Self {
            app_version: AppVersion::default(),
            conflict_shape: ConflictShape::default(),
            invalid_return_shape: InvalidReturnShape::default(),
            feedback_endpoints: true,
            feedback_delay_seconds: 4.0,
            payment_delay_seconds: 0.0,
            verdict_delay_seconds: None,
            receipt_delay_seconds: None,
            instance_delay_seconds: 0.0,
            instance_unread: false,
            feedback_waits: false,
            never_processed: false,
            free_text_by_hand: false,
            refuses_returns: false,
            app_moved: false,
            status_required: false,
            quoted_exchange_token: false,
            api_scopes_enforced: false,
            upload_errors_as_json: false,
            changed_fields: false,
            period_compared: true,
        }
    }
}

/// The two published shapes of a validation result (apis.md 1.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ResultShape {
    /// As the XSD of 2022 says.
    #[default]
    Current,
    /// As the HTML documentation still prints.
    Old,
}

/// What `valideringsresultat` says of a delivered return (apis.md 1.9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum FeedbackVerdict {
    /// What the validation finds.
    #[default]
    Assessed,
    /// `ingen avvik`, whatever the validation finds.
    Accepted,
    /// `avvikende skattemelding`.
    Deviating,
    /// `mangelfull skattemelding`.
    Incomplete,
    /// `ugyldig skattemelding`: rejected after delivery, and all the rest as if it were accepted.
    Invalid,
    /// A word that no schema has.
    UnknownWord,
    /// The namespace of another version.
    OtherNamespace,
    /// Half a file.
    Unreadable,
    /// None at all.
    Missing,
}

/// Skatteetaten's settings (apis.md 1.3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct SkatteetatenSettings {
    /// Shape of the result.
    pub result_shape: ResultShape,
    /// A deviation without a VAT code says `null` in `mvaKode`, as has been seen.
    pub null_vat_code: bool,
    /// The token must carry `skatteetaten:mvameldingvalidering`; whether it must is not published (section 9).
    pub scope_required: bool,
    /// What becomes of a delivered return.
    pub verdict: FeedbackVerdict,
    /// A rejection shows in the label too, and there is no receipt: what was believed before it had been seen (section 9).
    pub rejection_shows: bool,
    /// Money back is held: the return of an earlier period is missing (R062), and no account is known (R080; 1.9).
    pub refunds_held: bool,
}

impl Default for SkatteetatenSettings {
    fn default() -> Self {
        Self {
            result_shape: ResultShape::default(),
            null_vat_code: false,
            scope_required: true,
            verdict: FeedbackVerdict::default(),
            rejection_shows: false,
            refunds_held: false,
        }
    }
}
