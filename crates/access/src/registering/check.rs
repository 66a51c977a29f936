//! The self-check: tries an integration from discovery to Altinn's exchange, and says which field to mend.
//!
//! Without a person as far as that goes: ID-porten tells what it thinks of client, redirect and scopes when a request is
//! pushed to it. What only a sign-in shows is taken from one through this integration, if there is one.

use std::collections::BTreeMap;

use altinn::ApiError;
use id_porten::{AuthenticationMethod, Integration, TokenError};
use shown::Shown;
use vat_return::Language;
use view::{
    CheckStepName as Step, CheckStepState as State, CheckStepView, ErrorCode, FieldName, SelfCheckView, SignInOutcome,
    Values, problem::Problem, texts::moment,
};

use super::{Access, text_keys, texts};
use crate::{
    authorizations::Authorization,
    integrations::{IntegrationError, IntegrationSettings},
    session::SessionError,
};

/// A sign-in that lasts longer than this is meant to renew itself.
const A_DAY_SECONDS: u64 = 86_400;

/// The steps so far, in words.
struct Report {
    language: Language,
    steps: Vec<CheckStepView>,
}

impl Report {
    fn add_step(
        &mut self,
        step: Step,
        state: State,
        title: &str,
        text: Option<&str>,
        values: &Values,
    ) -> &mut CheckStepView {
        let shown = |key: &str| texts::filled(key, self.language, values);
        let view = CheckStepView {
            step,
            state,
            title: shown(title),
            text: text.map(shown),
            field: None,
            field_label: None,
            authority_text: None,
        };
        // A step that a sign-in has shown otherwise than the pushed request is said once.
        let at = match self.steps.iter().position(|known| known.step == step) {
            Some(at) => {
                self.steps[at] = view;
                at
            }
            None => {
                self.steps.push(view);
                self.steps.len() - 1
            }
        };
        &mut self.steps[at]
    }

    fn ok(&mut self, step: Step, title: &str, text: Option<&str>, values: &Values) {
        self.add_step(step, State::Ok, title, text, values);
    }

    fn bad(&mut self, step: Step, field: FieldName, title: &str, text: &str, values: &Values) -> &mut CheckStepView {
        let label = texts::text(text_keys::field(field), self.language);
        let view = self.add_step(step, State::Bad, title, Some(text), values);
        view.field = Some(field);
        view.field_label = Some(label);
        view
    }

    fn not_tried(&mut self, step: Step, why: &str) {
        let title = match step {
            Step::Redirect => "check.redirect.ok",
            Step::Refresh => "check.refresh.ok",
            Step::Exchange => "check.exchange.ok",
            Step::Client => "check.client.ok",
            _ => "check.scopes.allowed",
        };
        let values = Values::from([("total", String::from("…"))]);
        self.add_step(step, State::NotTried, title, Some(why), &values);
    }

    fn has(&self, step: Step) -> bool {
        self.steps.iter().any(|known| known.step == step)
    }

    fn is_bad(&self) -> bool {
        self.steps.iter().any(|step| step.state == State::Bad)
    }
}

/// The error code and the words of a refusal.
fn refusal(error: &TokenError) -> Option<(&str, Option<&str>)> {
    match error {
        TokenError::IntegrationRefused { error, description } | TokenError::Refused { error, description } => {
            Some((error, description.as_deref()))
        }
        _ => None,
    }
}

/// Tries an integration, with a sign-in through it when `sign_in` is what that gave.
pub(super) async fn check(
    access: &Access,
    settings: &IntegrationSettings,
    here: bool,
    secret: Option<&str>,
    sign_in: Option<&SignInOutcome>,
    language: Language,
) -> SelfCheckView {
    let mut report = Report { language, steps: Vec::new() };
    let none = Values::new();
    let integration = match settings.with_secret(secret) {
        Ok(integration) => Some(integration),
        Err(error) => {
            report_missing(&mut report, settings, &error);
            None
        }
    };
    // Discovery needs no secret, so it is tried whatever is missing; and it stands first.
    let keyless = integration.clone().unwrap_or_else(|| without_secret(settings));
    let answers = match access.relying_party().probe_issuer(&keyless).await {
        Ok(()) => {
            report.ok(Step::Discovery, "check.discovery.ok", Some("check.discovery.okText"), &none);
            true
        }
        Err(error) => {
            report_discovery(&mut report, settings, &error);
            false
        }
    };
    report.steps.sort_by_key(|step| step.step != Step::Discovery);
    if let Some(minutes) = access.clock_off_minutes() {
        let values = Values::from([("minutes", minutes.to_string())]);
        report.add_step(Step::Clock, State::Bad, "check.clock.bad", Some("check.clock.text"), &values);
    }
    let mut asked = false;
    if let Some(integration) = integration.as_ref().filter(|_| answers) {
        asked = push(access, settings, integration, &mut report).await;
    }
    let authorization = access.signed_in_through(settings).filter(|_| here);
    let mut needs_sign_in = false;
    match (&authorization, sign_in) {
        (Some(authorization), _) => evidence(access, settings, authorization, &mut report).await,
        (None, Some(SignInOutcome::Refused { error })) => sign_in_refused(settings, &error.clone().into(), &mut report),
        (None, Some(SignInOutcome::TimedOut)) if !report.is_bad() => {
            let values = Values::from([("uri", settings.redirect.registered())]);
            report.bad(Step::Redirect, FieldName::Redirect, "check.redirect.bad", "check.redirect.notHome", &values);
        }
        _ => needs_sign_in = here && !report.is_bad(),
    }
    let why = match (report.is_bad(), sign_in.is_some()) {
        (true, _) => "check.blocked",
        (false, true) => "check.signIn.ended",
        (false, false) => "check.signIn.needed",
    };
    for step in [Step::Client, Step::Redirect, Step::Scopes, Step::Refresh, Step::Exchange] {
        if !report.has(step) {
            report.not_tried(step, why);
        }
    }
    report.steps.sort_by_key(|step| step.step as u8);
    // An integration that ID-porten takes no pushed request from is tried by a sign-in alone.
    tracing::info!(asked, bad = report.is_bad(), "An integration has been checked.");
    // What servers say is quoted in errors as it came.
    for words in report.steps.iter_mut().filter_map(|step| step.authority_text.as_mut()) {
        *words = Shown::text(words).into_string();
    }
    let mut fields: Vec<FieldName> = report.steps.iter().filter_map(|step| step.field).collect();
    fields.dedup();
    SelfCheckView {
        at: moment(access.now()),
        to_mend: u32::try_from(fields.len()).unwrap_or(u32::MAX),
        steps: report.steps,
        needs_sign_in,
    }
}

fn without_secret(settings: &IntegrationSettings) -> Integration {
    Integration { endpoints: settings.endpoints.clone(), ..Integration::native(settings.issuer.clone(), "") }
}

fn report_missing(report: &mut Report, settings: &IntegrationSettings, error: &IntegrationError) {
    let key = settings.authentication == AuthenticationMethod::PrivateKeyJwt;
    let (field, text) = match error {
        IntegrationError::NotRegistered => (FieldName::ClientId, "check.client.unregistered"),
        IntegrationError::Key(_) => (FieldName::Secret, "check.client.badKey"),
        _ if key => (FieldName::Secret, "check.client.noKey"),
        _ => (FieldName::Secret, "check.client.noSecret"),
    };
    report.bad(Step::Client, field, "check.client.bad", text, &Values::new());
}

fn report_discovery(report: &mut Report, settings: &IntegrationSettings, error: &TokenError) {
    let (text, values) = match error {
        TokenError::IssuerMismatch { .. } | TokenError::UnreadableAnswer { .. } => {
            ("check.discovery.other", Values::from([("issuer", settings.issuer.to_string())]))
        }
        _ => ("check.discovery.unreachable", Values::new()),
    };
    let own = settings.endpoints != id_porten::EndpointOverrides::default();
    let field = if own { FieldName::Endpoints } else { FieldName::Issuer };
    let view = report.bad(Step::Discovery, field, "check.discovery.bad", text, &values);
    view.authority_text = Some(error.to_string());
}

/// Pushes requests until it is known what ID-porten minds. Returns whether it takes any.
async fn push(access: &Access, settings: &IntegrationSettings, integration: &Integration, report: &mut Report) -> bool {
    let party = access.relying_party();
    let none = Values::new();
    let error = match party.probe_request(integration).await {
        Ok(true) => {
            client_ok(settings, report);
            report.ok(Step::Redirect, "check.redirect.ok", None, &none);
            let values = Values::from([("total", settings.asked_scopes().len().to_string())]);
            report.ok(Step::Scopes, "check.scopes.allowed", None, &values);
            if settings.use_par {
                report.ok(Step::Par, "check.par.ok", None, &none);
            }
            return true;
        }
        Ok(false) => {
            if settings.use_par {
                report.bad(Step::Par, FieldName::UsePar, "check.par.bad", "check.par.text", &none);
            }
            return false;
        }
        Err(error) => error,
    };
    match refusal(&error) {
        Some(("invalid_client", words)) => client_refused(settings, words, report),
        Some(("unauthorized_client", words)) => {
            let view = report.bad(Step::Client, FieldName::GrantTypes, "check.grant.bad", "check.grant.text", &none);
            view.authority_text = words.map(str::to_owned);
        }
        Some((code, words)) => {
            // The client itself is known, or it would have been said first (RFC 9126 section 2.3).
            client_ok(settings, report);
            let words = words.map(str::to_owned);
            let refused = refused_scopes(access, integration).await;
            if code == "invalid_scope" || !refused.is_empty() {
                report.ok(Step::Redirect, "check.redirect.ok", None, &none);
                scopes_refused(report, &refused, words);
            } else {
                let values = Values::from([("uri", settings.redirect.registered())]);
                let view = report.bad(
                    Step::Redirect,
                    FieldName::Redirect,
                    "check.redirect.bad",
                    "check.redirect.text",
                    &values,
                );
                view.authority_text = words;
            }
        }
        None => report_discovery(report, settings, &error),
    }
    true
}

/// Which scopes the client may not ask for, each asked for by itself; none where even `openid` is refused, which then is
/// not about scopes.
async fn refused_scopes(access: &Access, integration: &Integration) -> Vec<String> {
    let party = access.relying_party();
    let with = |scopes: Vec<String>| Integration { scopes, ..integration.clone() };
    if party.probe_request(&with(vec!["openid".into()])).await.is_err() {
        return Vec::new();
    }
    let mut refused = Vec::new();
    for scope in integration.scopes.iter().filter(|scope| *scope != "openid") {
        if party.probe_request(&with(vec!["openid".into(), scope.clone()])).await.is_err() {
            refused.push(scope.clone());
        }
    }
    refused
}

fn scopes_refused(report: &mut Report, scopes: &[String], authority_text: Option<String>) {
    let values = Values::from([("scopes", scopes.join(", "))]);
    let view = report.bad(Step::Scopes, FieldName::Scopes, "check.scopes.bad", "check.scopes.notOwned", &values);
    view.authority_text = authority_text;
}

fn client_ok(settings: &IntegrationSettings, report: &mut Report) {
    let text = match settings.authentication {
        AuthenticationMethod::None => "check.client.okNone",
        AuthenticationMethod::PrivateKeyJwt => "check.client.okKey",
        AuthenticationMethod::ClientSecretPost | AuthenticationMethod::ClientSecretBasic => "check.client.okSecret",
    };
    report.ok(Step::Client, "check.client.ok", Some(text), &Values::new());
}

/// `invalid_client` has one code for an unknown client, another method and a wrong secret (RFC 6749 section 5.2). The
/// authority's words tell them apart where it has any; they are shown in any case.
fn client_refused(settings: &IntegrationSettings, said: Option<&str>, report: &mut Report) {
    let words = said.unwrap_or_default().to_ascii_lowercase();
    let about = |these: &[&str]| these.iter().any(|word| words.contains(word));
    let (field, text) = if about(&["unknown", "ukjent", "not found", "no client"]) {
        (FieldName::ClientId, "check.client.unknown")
    } else if about(&["method", "metode"]) {
        (FieldName::Authentication, "check.client.method")
    } else {
        match settings.authentication {
            AuthenticationMethod::None => (FieldName::Authentication, "check.client.method"),
            AuthenticationMethod::PrivateKeyJwt => (FieldName::Secret, "check.client.keyRefused"),
            AuthenticationMethod::ClientSecretPost | AuthenticationMethod::ClientSecretBasic => {
                (FieldName::Secret, "check.client.secretRefused")
            }
        }
    };
    let view = report.bad(Step::Client, field, "check.client.bad", text, &Values::new());
    view.authority_text = said.map(str::to_owned);
}

/// What a sign-in through the integration has shown.
async fn evidence(access: &Access, settings: &IntegrationSettings, given: &Authorization, report: &mut Report) {
    let none = Values::new();
    if !report.has(Step::Client) {
        client_ok(settings, report);
    }
    if !report.has(Step::Redirect) {
        report.ok(Step::Redirect, "check.redirect.ok", None, &none);
    }
    let asked = settings.asked_scopes();
    let missing: Vec<String> = asked.iter().filter(|scope| !given.scopes.contains(scope)).cloned().collect();
    let already = report.steps.iter().any(|step| step.step == Step::Scopes && step.state == State::Bad);
    if missing.is_empty() {
        if !already {
            let values = Values::from([("granted", asked.len().to_string()), ("total", asked.len().to_string())]);
            report.ok(Step::Scopes, "check.scopes.ok", None, &values);
        }
    } else if !already {
        let values = Values::from([("scopes", missing.join(", "))]);
        report.bad(Step::Scopes, FieldName::Scopes, "check.scopes.bad", "check.scopes.notGranted", &values);
    }
    if access.session.has_refresh_token() == Some(true) {
        report.ok(Step::Refresh, "check.refresh.ok", None, &none);
    } else if settings.lifetimes.authorization.as_secs() > A_DAY_SECONDS {
        report.bad(Step::Refresh, FieldName::GrantTypes, "check.refresh.bad", "check.refresh.badText", &none);
    } else {
        report.add_step(Step::Refresh, State::Note, "check.refresh.bad", Some("check.refresh.note"), &none);
    }
    match access.try_exchange(given).await {
        Ok(()) => report.ok(Step::Exchange, "check.exchange.ok", None, &none),
        Err(Tried::Refused(error)) => exchange_refused(&error, report),
        Err(Tried::NoToken(error)) => {
            let view = report.add_step(
                Step::Exchange,
                State::NotTried,
                "check.exchange.ok",
                Some("check.signIn.needed"),
                &none,
            );
            view.authority_text = Some(error.to_string());
        }
    }
}

/// Why the exchange could not be tried or did not succeed.
pub(super) enum Tried {
    /// Altinn said no, or nothing.
    Refused(ApiError),
    /// There was no token to exchange.
    NoToken(SessionError),
}

fn exchange_refused(error: &ApiError, report: &mut Report) {
    let none = Values::new();
    let words = Some(error.to_string());
    match error {
        ApiError::Forbidden { .. } => {
            report.bad(Step::Exchange, FieldName::Scopes, "check.exchange.bad", "check.exchange.scope", &none)
        }
        ApiError::Unauthorized { .. } => {
            report.add_step(Step::Exchange, State::Note, "check.exchange.bad", Some("check.exchange.person"), &none)
        }
        _ => report.add_step(
            Step::Exchange,
            State::Note,
            "check.exchange.bad",
            Some("check.exchange.unreachable"),
            &none,
        ),
    }
    .authority_text = words;
}

/// A sign-in that ID-porten refused says more than the pushed request did.
fn sign_in_refused(settings: &IntegrationSettings, error: &Problem, report: &mut Report) {
    let none = Values::new();
    let words = Some(error.message.clone());
    match (error.code, error.values.get("error").map(String::as_str)) {
        (ErrorCode::IntegrationRefused, Some("invalid_scope")) => {
            scopes_refused(report, &settings.asked_scopes(), words)
        }
        (ErrorCode::IntegrationRefused, Some("unauthorized_client" | "unsupported_grant_type")) => {
            report
                .bad(Step::Client, FieldName::GrantTypes, "check.grant.bad", "check.grant.text", &none)
                .authority_text = words;
        }
        (ErrorCode::IntegrationRefused, Some("invalid_client")) => client_refused(settings, words.as_deref(), report),
        (ErrorCode::SignInTooWeak, _) => {
            report
                .bad(Step::Level, FieldName::AcrValues, "check.level.bad", "check.level.text", &none)
                .authority_text = words;
        }
        (ErrorCode::ClockWrong, _) => {
            let minutes = error.values.get("minutes").cloned().unwrap_or_default();
            let values = BTreeMap::from([("minutes", minutes)]);
            report.add_step(Step::Clock, State::Bad, "check.clock.bad", Some("check.clock.text"), &values);
        }
        _ => {}
    }
}
