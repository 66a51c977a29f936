//! Integrations made, tried and removed against the practice authorities; every way in which one can be wrong is told,
//! with the field to mend.

use std::sync::Arc;

use access::session::SignInRequest;
use office::Office;
use serde_json::{Value, json};
use view::{
    CheckStepName as Step, CheckStepState as State, CheckStepView, ClientProof, EndpointsForm, EnvironmentName,
    ErrorCode, FieldName, GuideRequest, GuideVariant, IntegrationForm, IntegrationSource, Language, RedirectForm,
    SavedIntegration, SecretState, SelfCheckView,
    consent::{Consent, Question},
};

use crate::desk::{Desk, INGRID, ODD, setup, sign_in, yes};

const HERE: EnvironmentName = EnvironmentName::Practice;
const NB: Language = Language::Nb;

/// A form that fits what practice has registered as `momsbud-practice-web`.
fn web(desk: &Desk) -> IntegrationForm {
    IntegrationForm {
        name: "Solvang Regnskap, web".into(),
        issuer: desk.addresses().id_porten,
        client_id: "momsbud-practice-web".into(),
        authentication: ClientProof::ClientSecretPost,
        redirect: RedirectForm::LoopbackAnyPort { path: "/callback".into() },
        scopes: [
            "openid",
            "profile",
            "skatteetaten:mvameldingvalidering",
            "altinn:instances.read",
            "altinn:instances.write",
        ]
        .map(str::to_owned)
        .to_vec(),
        ..IntegrationForm::default()
    }
}

fn said(step: &CheckStepView) -> &str {
    step.text.as_deref().unwrap_or_default()
}

async fn save(office: &Office, form: &IntegrationForm) -> String {
    match office.access().save(HERE, None, form, NB, yes()).await.unwrap() {
        SavedIntegration::Saved { id } => id,
        other => panic!("{other:?}"),
    }
}

async fn made(office: &Office, form: &IntegrationForm, secret: Option<&str>) -> String {
    let id = save(office, form).await;
    if let Some(secret) = secret {
        office.access().set_client_secret(HERE, &id, &secret.to_owned().into()).unwrap();
    }
    id
}

fn as_person(pid: &str) -> Option<SignInRequest> {
    Some(SignInRequest { login_hint: Some(format!("testid:{pid}_idporten-loa-high")), ..SignInRequest::default() })
}

async fn check(office: &Office, id: &str, sign_in: Option<SignInRequest>) -> SelfCheckView {
    office.access().check(HERE, id, sign_in, Language::En).await.unwrap()
}

/// The one step that is bad, and its field.
fn bad(found: &SelfCheckView) -> (Step, FieldName) {
    let bad: Vec<_> = found.steps.iter().filter(|step| step.state == State::Bad).collect();
    assert_eq!(bad.len(), 1, "{found:#?}");
    assert!(!bad[0].title.starts_with("check.") && bad[0].text.is_some(), "{bad:?}");
    assert!(bad[0].field_label.as_deref().is_some_and(|label| !label.starts_with("field.")), "{bad:?}");
    assert_eq!(found.to_mend, 1);
    (bad[0].step, bad[0].field.unwrap())
}

fn state(found: &SelfCheckView, step: Step) -> State {
    found.steps.iter().find(|it| it.step == step).map(|it| it.state).unwrap()
}

async fn register(desk: &Desk, client: Value) {
    desk.control("POST", "/clients", Some(client)).await;
}

async fn office(desk: &Desk) -> Arc<Office> {
    desk.open().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_integration_that_fits_is_in_order_from_discovery_to_altinn() {
    let desk = Desk::new().await;
    let office = office(&desk).await;
    let id = made(&office, &web(&desk), Some("practice-secret")).await;
    let before = check(&office, &id, None).await;
    for step in [Step::Discovery, Step::Client, Step::Redirect, Step::Scopes] {
        assert_eq!(state(&before, step), State::Ok, "{before:#?}");
    }
    for step in [Step::Refresh, Step::Exchange] {
        assert_eq!(state(&before, step), State::NotTried, "{before:#?}");
    }
    assert!(before.needs_sign_in);
    let after = check(&office, &id, as_person(INGRID)).await;
    assert!(after.steps.iter().all(|step| step.state == State::Ok), "{after:#?}");
    assert!(!after.needs_sign_in && after.to_mend == 0);
    let row = office.access().view().unwrap().integrations.into_iter().find(|row| row.id == id).unwrap();
    assert_eq!((row.checked_at.as_deref(), row.to_mend), (Some(after.at.as_str()), 0));
    assert_eq!(row.persons, ["Ingrid Solvang"]);
    assert_eq!(office.start_view().session.unwrap().integration, "Solvang Regnskap, web");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_issuer_that_does_not_answer_or_is_another_is_told() {
    let desk = Desk::new().await;
    let office = office(&desk).await;
    let silent = IntegrationForm { issuer: "http://127.0.0.1:9".into(), ..web(&desk) };
    let id = made(&office, &silent, Some("x")).await;
    assert_eq!(bad(&check(&office, &id, None).await), (Step::Discovery, FieldName::Issuer));
    // Altinn's platform answers, and knows nothing of OpenID Connect at this address.
    let wrong = IntegrationForm { issuer: desk.addresses().skatteetaten, ..web(&desk) };
    let id = made(&office, &wrong, Some("x")).await;
    assert_eq!(bad(&check(&office, &id, None).await), (Step::Discovery, FieldName::Issuer));
    let mut elsewhere = web(&desk);
    elsewhere.endpoints.discovery =
        format!("{}/.well-known/openid-configuration", desk.practice.addresses().ansattporten);
    let id = made(&office, &elsewhere, Some("x")).await;
    assert_eq!(bad(&check(&office, &id, None).await), (Step::Discovery, FieldName::Endpoints));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_is_not_accepted_is_told_by_what_is_wrong_with_it() {
    let desk = Desk::new().await;
    let office = office(&desk).await;
    let unknown = IntegrationForm { client_id: "nobody".into(), ..web(&desk) };
    let id = made(&office, &unknown, Some("practice-secret")).await;
    assert_eq!(bad(&check(&office, &id, None).await), (Step::Client, FieldName::ClientId));

    let id = made(&office, &web(&desk), None).await;
    assert_eq!(bad(&check(&office, &id, None).await), (Step::Client, FieldName::Secret));
    office.access().set_client_secret(HERE, &id, &"wrong".to_owned().into()).unwrap();
    let found = check(&office, &id, None).await;
    assert_eq!(bad(&found), (Step::Client, FieldName::Secret));
    assert!(found.steps.iter().any(|step| step.authority_text.is_some()), "the authority's words are shown");

    let other_method = IntegrationForm { authentication: ClientProof::None, ..web(&desk) };
    let id = made(&office, &other_method, None).await;
    assert_eq!(bad(&check(&office, &id, None).await), (Step::Client, FieldName::Authentication));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_made_here_serves_once_its_public_half_is_registered() {
    let desk = Desk::new().await;
    let office = office(&desk).await;
    let form = IntegrationForm {
        client_id: "momsbud-practice-jwt".into(),
        authentication: ClientProof::PrivateKeyJwt,
        // Where keys are registered under names of their own, and not by their thumbprint.
        key_id: "firma-2026".into(),
        ..web(&desk)
    };
    let id = made(&office, &form, None).await;
    assert_eq!(bad(&check(&office, &id, None).await), (Step::Client, FieldName::Secret));
    let jwk: Value = serde_json::from_str(&office.access().make_client_key(HERE, &id).await.unwrap()).unwrap();
    assert!(jwk.get("d").is_none() && jwk["kty"] == "RSA", "only the public half");
    assert_eq!(jwk["kid"], "firma-2026");
    assert_eq!(bad(&check(&office, &id, None).await), (Step::Client, FieldName::Secret), "not registered yet");
    register(&desk, json!({"client_id": "momsbud-practice-jwt", "jwks": {"keys": [jwk]}})).await;
    assert_eq!(state(&check(&office, &id, as_person(INGRID)).await, Step::Exchange), State::Ok);
    let row = office.access().view().unwrap().integrations.into_iter().find(|row| row.id == id).unwrap();
    assert_eq!(row.secret, SecretState::Kept);
    assert!(row.public_key.is_some_and(|shown| shown.contains(jwk["n"].as_str().unwrap())));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_that_is_not_registered_is_told_with_the_one_to_register() {
    let desk = Desk::new().await;
    let office = office(&desk).await;
    let form = IntegrationForm { redirect: RedirectForm::LoopbackAnyPort { path: "/annet".into() }, ..web(&desk) };
    let id = made(&office, &form, Some("practice-secret")).await;
    let found = check(&office, &id, None).await;
    assert_eq!(bad(&found), (Step::Redirect, FieldName::Redirect));
    let step = found.steps.iter().find(|step| step.step == Step::Redirect).unwrap();
    assert!(said(step).contains("http://127.0.0.1:0/annet"), "{}", said(step));
    assert_eq!(state(&found, Step::Client), State::Ok);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scope_that_the_client_does_not_own_is_named() {
    let desk = Desk::new().await;
    let office = office(&desk).await;
    let mut form = web(&desk);
    form.scopes.push("skatteetaten:noe-annet".into());
    let id = made(&office, &form, Some("practice-secret")).await;
    let found = check(&office, &id, None).await;
    assert_eq!(bad(&found), (Step::Scopes, FieldName::Scopes));
    let step = found.steps.iter().find(|step| step.step == Step::Scopes).unwrap();
    assert!(said(step).contains("skatteetaten:noe-annet") && !said(step).contains("altinn:"), "{}", said(step));
    assert_eq!(state(&found, Step::Redirect), State::Ok);
}

#[tokio::test(flavor = "multi_thread")]
async fn grant_types_that_are_missing_are_named() {
    let desk = Desk::new().await;
    let office = office(&desk).await;
    register(&desk, json!({"client_id": "momsbud-practice-web", "grant_types": ["authorization_code"]})).await;
    let id = made(&office, &web(&desk), Some("practice-secret")).await;
    assert_eq!(bad(&check(&office, &id, as_person(INGRID)).await), (Step::Refresh, FieldName::GrantTypes));
    // Meant for one working day, it need not renew itself: something to know, nothing to mend.
    let day = IntegrationForm { authorization_seconds: 28_800, ..web(&desk) };
    assert!(matches!(
        office.access().save(HERE, Some(&id), &day, NB, yes()).await.unwrap(),
        SavedIntegration::Saved { .. }
    ));
    let found = check(&office, &id, as_person(INGRID)).await;
    assert_eq!((state(&found, Step::Refresh), found.to_mend), (State::Note, 0), "{found:#?}");
    office.session().sign_out().await.unwrap();
    register(&desk, json!({"client_id": "momsbud-practice-web", "grant_types": ["refresh_token"]})).await;
    assert_eq!(bad(&check(&office, &id, as_person(INGRID)).await), (Step::Client, FieldName::GrantTypes));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_level_that_is_too_low_and_a_token_that_altinn_refuses_are_told() {
    let desk = Desk::new().await;
    let office = office(&desk).await;
    let high = IntegrationForm { acr_values: vec!["idporten-loa-high".into()], ..web(&desk) };
    let id = made(&office, &high, Some("practice-secret")).await;
    desk.settings(json!({"idPorten": {"grantedAcr": "idporten-loa-substantial"}})).await;
    assert_eq!(bad(&check(&office, &id, as_person(INGRID)).await), (Step::Level, FieldName::AcrValues));
    desk.settings(json!({"idPorten": {"grantedAcr": null}})).await;

    let narrow = IntegrationForm { scopes: vec!["openid".into(), "profile".into()], ..web(&desk) };
    let id = made(&office, &narrow, Some("practice-secret")).await;
    assert_eq!(bad(&check(&office, &id, as_person(INGRID)).await), (Step::Exchange, FieldName::Scopes));

    // A person without an Altinn user is nothing to mend in the integration.
    let id = made(&office, &web(&desk), Some("practice-secret")).await;
    let found = check(&office, &id, as_person(ODD)).await;
    assert_eq!((state(&found, Step::Exchange), found.to_mend), (State::Note, 0), "{found:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_hours_wrong_is_told() {
    let desk = Desk::new().await;
    let mut setup = setup(&desk.addresses(), &desk.data(), &desk.archive());
    setup.clock = Arc::new(|| jiff::Timestamp::now() + jiff::SignedDuration::from_hours(3));
    let office = Office::open(setup).await.unwrap();
    let id = made(&office, &web(&desk), Some("practice-secret")).await;
    let found = check(&office, &id, None).await;
    let step = found.steps.iter().find(|step| step.step == Step::Clock).unwrap();
    assert_eq!(step.state, State::Bad);
    assert!(said(step).contains("180") || said(step).contains("179"), "{}", said(step));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_guide_says_is_what_a_client_needs() {
    let desk = Desk::new().await;
    let office = office(&desk).await;
    for (variant, page) in [(GuideVariant::Simple, ""), (GuideVariant::Yearly, "https://solvang.example/momsbud/")] {
        let request = GuideRequest {
            variant,
            firm: "Solvang Regnskap".into(),
            org_number: "310 856 312".into(),
            page: page.into(),
        };
        // Digdir gives id and secret; the rest is the guide's.
        let guide = access::registering::Access::guide(&request, NB);
        let mut client: Value = serde_json::from_str(&guide.json).unwrap();
        client["client_id"] = json!(format!("{variant:?}"));
        client["client_secret"] = json!("from-digdir");
        register(&desk, client).await;
        let form = office.access().form(HERE, None, Some(&request), NB).unwrap();
        let form = IntegrationForm { client_id: format!("{variant:?}"), ..form };
        assert_eq!(form.name, "Solvang Regnskap");
        let id = made(&office, &form, Some("from-digdir").filter(|_| variant == GuideVariant::Yearly)).await;
        // Nobody follows the hosted page here; the pushed request shows that it is registered.
        let person = as_person(INGRID).filter(|_| variant == GuideVariant::Simple);
        let found = check(&office, &id, person).await;
        assert_eq!(found.to_mend, 0, "{found:#?}");
        for step in [Step::Client, Step::Redirect, Step::Scopes] {
            assert_eq!(state(&found, step), State::Ok, "{found:#?}");
        }
    }
    assert!(office.start_view().session.is_some(), "the simple variant has signed somebody in");
}

#[tokio::test(flavor = "multi_thread")]
async fn integrations_are_chosen_changed_exported_imported_and_removed() {
    let desk = Desk::new().await;
    let office = office(&desk).await;
    sign_in(&office, INGRID).await;
    let access = office.access();
    let id = made(&office, &web(&desk), Some("practice-secret")).await;
    let rows = access.view().unwrap().integrations;
    assert_eq!(rows.len(), 2);
    assert_eq!(rows.iter().find(|row| row.chosen).unwrap().source, IntegrationSource::BuiltIn);
    assert!(
        access.save(HERE, Some("standard"), &web(&desk), NB, yes()).await.is_err(),
        "practice's own stays as it is"
    );

    access.choose(HERE, &id).unwrap();
    sign_in(&office, INGRID).await;
    let session = office.start_view().session.unwrap();
    assert_eq!((session.integration_id.as_str(), session.renews_itself), (id.as_str(), true));
    // The same person through another integration has another authorization.
    assert_eq!(access.view().unwrap().authorizations.len(), 2);

    let (name, content) = access.export(HERE, &id).unwrap();
    assert_eq!(name, "solvang-regnskap--web.momsbud.json");
    assert!(!content.contains("practice-secret"));
    let (environment, copy) = access.import(content.as_bytes(), NB, yes()).await.unwrap().unwrap();
    assert_eq!(environment, HERE);
    let row = access.view().unwrap().integrations.into_iter().find(|row| row.id == copy).unwrap();
    assert_eq!((row.settings, row.secret), (web(&desk), SecretState::Missing));

    // A new name changes nothing for who is signed in; another client ends it.
    let renamed = IntegrationForm { name: "Annet navn".into(), ..web(&desk) };
    access.save(HERE, Some(&id), &renamed, NB, yes()).await.unwrap();
    assert_eq!(office.start_view().session.unwrap().integration, "Annet navn");
    let another = IntegrationForm { client_id: "another".into(), ..web(&desk) };
    access.save(HERE, Some(&id), &another, NB, yes()).await.unwrap();
    assert!(office.start_view().session.is_none());

    access.remove(HERE, &id).await.unwrap();
    let view = access.view().unwrap();
    assert!(view.integrations.iter().all(|row| row.id != id));
    assert!(view.authorizations.iter().all(|row| row.integration_id != id));
    assert!(view.integrations.iter().any(|row| row.chosen), "the environment's own is in use again");
}

#[tokio::test(flavor = "multi_thread")]
async fn integrations_of_other_environments_are_kept_for_them() {
    let desk = Desk::new().await;
    let office = office(&desk).await;
    let access = office.access();
    let blank = access.form(EnvironmentName::Test, None, None, NB).unwrap();
    assert_eq!(blank.issuer, "https://test.idporten.no");
    let form = IntegrationForm { name: "Test".into(), client_id: "23cc".into(), ..blank };
    let SavedIntegration::Saved { id } = access.save(EnvironmentName::Test, None, &form, NB, yes()).await.unwrap()
    else {
        panic!("not saved")
    };
    access.set_client_secret(EnvironmentName::Test, &id, &"hemmelig".to_owned().into()).unwrap();
    let row = access.view().unwrap().integrations.into_iter().find(|row| row.id == id).unwrap();
    assert_eq!((row.environment, row.chosen), (EnvironmentName::Test, false));
    assert!(access.form(HERE, Some(&id), None, NB).is_err(), "it is not one of this environment");
}

/// Answers as told, and remembers what was asked.
struct Asked {
    answer: bool,
    questions: std::sync::Mutex<Vec<Question>>,
}

impl Consent for Asked {
    fn gives(&self, question: &Question) -> bool {
        self.questions.lock().unwrap().push(question.clone());
        self.answer
    }
}

fn asked(answer: bool) -> Arc<Asked> {
    Arc::new(Asked { answer, questions: std::sync::Mutex::default() })
}

/// The file that somebody hands over: the real issuer, and a token endpoint of his own.
fn forged() -> Vec<u8> {
    let form = IntegrationForm {
        name: "Solvang regnskap".into(),
        issuer: "https://idporten.no".into(),
        client_id: "23cc".into(),
        scopes: vec!["openid".into()],
        endpoints: EndpointsForm { token: "https://evil.example/token".into(), ..EndpointsForm::default() },
        ..IntegrationForm::default()
    };
    let content = json!({"format": "momsbud-integration/1", "environment": "production", "integration": form});
    serde_json::to_vec(&content).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_imported_integration_says_where_tokens_go_is_asked_about_and_never_chosen_by_itself() {
    let desk = Desk::new().await;
    let office = desk.open().await;
    let access = office.access();
    let no = asked(false);
    assert!(access.import(&forged(), NB, no.clone()).await.unwrap().is_none());
    let hosts = vec!["evil.example".to_owned()];
    let question = Question::TokensGoTo { integration: "Solvang regnskap".into(), hosts: hosts.clone() };
    assert_eq!(no.questions.lock().unwrap().as_slice(), std::slice::from_ref(&question));
    assert!(question.words(NB).text.contains("evil.example"));
    assert!(access.view().unwrap().integrations.iter().all(|row| row.environment != EnvironmentName::Production));

    let (environment, id) = access.import(&forged(), NB, yes()).await.unwrap().expect("she has agreed");
    assert_eq!(environment, EnvironmentName::Production);
    let row = access.view().unwrap().integrations.into_iter().find(|row| row.id == id).unwrap();
    assert_eq!((&row.foreign, row.destinations.len()), (&hosts, 2));
    let marked = |id: &str| access.view().unwrap().integrations.iter().any(|row| row.id == id && row.chosen);
    assert!(!marked(&id));

    // Of this environment and the only one besides its own: still nobody's choice but a person's.
    let content = IntegrationForm { name: "Importert".into(), ..web(&desk) };
    let file = json!({"format": "momsbud-integration/1", "environment": "practice", "integration": content});
    let nothing = asked(false);
    let (_, here) = access.import(&serde_json::to_vec(&file).unwrap(), NB, nothing.clone()).await.unwrap().unwrap();
    assert!(nothing.questions.lock().unwrap().is_empty(), "while practising this machine is nobody else's");
    assert!(!marked(&here));
    access.choose(HERE, &here).unwrap();
    assert!(marked(&here));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_endpoint_is_asked_about_once_and_drops_the_secret() {
    let desk = Desk::new().await;
    let office = desk.open().await;
    let access = office.access();
    let there = EnvironmentName::Test;
    let mut form = access.form(there, None, None, NB).unwrap();
    form.name = "Test".into();
    form.client_id = "23cc".into();
    form.authentication = view::ClientProof::ClientSecretPost;
    let none = asked(false);
    let SavedIntegration::Saved { id } = access.save(there, None, &form, NB, none.clone()).await.unwrap() else {
        panic!("not kept")
    };
    assert!(none.questions.lock().unwrap().is_empty(), "ID-porten's own address");
    access.set_client_secret(there, &id, &"hemmelig".to_owned().into()).unwrap();
    let secret = || access.view().unwrap().integrations.into_iter().find(|row| row.id == id).unwrap().secret;
    assert_eq!(secret(), SecretState::Kept);
    form.endpoints.token = "https://evil.example/token".into();
    let no = asked(false);
    let saved = access.save(there, Some(&id), &form, NB, no.clone()).await.unwrap();
    assert_eq!(saved, SavedIntegration::Declined);
    assert_eq!(secret(), SecretState::Kept, "nothing has changed");
    access.save(there, Some(&id), &form, NB, yes()).await.unwrap();
    assert_eq!(secret(), SecretState::Missing, "it belongs to another address");
    form.name = "Nytt navn".into();
    let no = asked(false);
    let saved = access.save(there, Some(&id), &form, NB, no.clone()).await.unwrap();
    assert!(matches!(saved, SavedIntegration::Saved { .. }) && no.questions.lock().unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn production_takes_https_alone() {
    let desk = Desk::new().await;
    let office = desk.open().await;
    let mut form = web(&desk);
    assert!(form.issuer.starts_with("http://127.0.0.1"));
    let saved = office.access().save(EnvironmentName::Production, None, &form, NB, yes()).await.unwrap();
    assert!(matches!(saved, SavedIntegration::Faulty { .. }), "{saved:?}");
    form.issuer = "https://idporten.no".into();
    form.endpoints.jwks = "http://localhost:1/jwks".into();
    let saved = office.access().save(EnvironmentName::Production, None, &form, NB, yes()).await.unwrap();
    assert!(matches!(saved, SavedIntegration::Faulty { .. }), "{saved:?}");
    assert!(matches!(
        office.access().save(EnvironmentName::Test, None, &form, NB, yes()).await.unwrap(),
        SavedIntegration::Saved { .. }
    ));
}

#[tokio::test]
async fn a_chosen_file_that_is_too_large_is_said_to_be_larger_than_its_own_limit() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("integrasjon.json");
    std::fs::write(&path, vec![b' '; 256 * 1024 + 1]).unwrap();
    let refused = access::registering::Access::read_file(path.clone()).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::FileOverLimit);
    assert_eq!((refused.values["limit"].as_str(), refused.values["file"].as_str()), ("256 kB", "integrasjon.json"));
    std::fs::write(&path, vec![b' '; 256 * 1024]).unwrap();
    assert_eq!(access::registering::Access::read_file(path).await.unwrap().len(), 256 * 1024);
}
