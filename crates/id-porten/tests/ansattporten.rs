//! The relying party and the practice Ansattporten: every shape of its answers, and every way in which it says no, through
//! the pages that an employee sees.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use id_porten::work::{
    Actions, Booleans, Employee, Form, Membership, OrganisationNumberError, OrganisationsError, Representation,
    WorkRefusal, WorkRequest,
};
use id_porten::{Integration, Issuer, RelyingParty, SignInError, SignInOptions, SystemClock, TokenError};
use practice::{Options, Practice};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

struct Stage {
    practice: Practice,
    party: RelyingParty,
    browser: reqwest::Client,
}

/// What the sign-in ended in, and the last page.
type Ended = (Result<Result<Employee, OrganisationsError>, SignInError>, String);

impl Stage {
    async fn set(settings: Value) -> Self {
        let practice = Practice::start(Options::default()).await.unwrap();
        let stage = Self {
            practice,
            party: RelyingParty::new(id_porten::client_builder().build().unwrap(), Arc::new(SystemClock)),
            browser: reqwest::Client::builder().cookie_store(true).build().unwrap(),
        };
        stage.settings(settings).await;
        stage
    }

    async fn settings(&self, settings: Value) {
        let address = format!("{}/settings", self.practice.addresses().control);
        let answer =
            reqwest::Client::new().post(address).json(&json!({ "ansattporten": settings })).send().await.unwrap();
        assert!(answer.status().is_success(), "{}", answer.text().await.unwrap());
    }

    fn integration(&self, request: &WorkRequest) -> Integration {
        let issuer = Issuer::parse(&self.practice.addresses().ansattporten).unwrap();
        request.through(Integration::native(issuer, "momsbud-practice"))
    }

    /// Signs in as the employee does: presses these buttons (name and value) one after the other.
    async fn press(&self, request: &WorkRequest, presses: &[(&str, &str)]) -> Ended {
        let integration = self.integration(request);
        // Where the employee is kept on a page of her own, nobody comes home; the limit is how the program notices.
        let options = SignInOptions { limit: Duration::from_secs(20), ..SignInOptions::default() };
        let attempt = match self.party.begin(&integration, options).await {
            Ok(attempt) => attempt,
            Err(error) => return (Err(error), String::new()),
        };
        let (url, cancel) = (attempt.url().clone(), CancellationToken::new());
        let surf = async {
            let mut answer = self.browser.get(url).send().await.unwrap();
            let (mut page, mut home);
            let mut presses = presses.iter();
            loop {
                let at = answer.url().clone();
                home = at.path() == "/callback";
                page = answer.text().await.unwrap();
                let Some((name, value)) = presses.next() else { break };
                assert!(!home, "home before “{value}” was pressed: {page}");
                assert!(page.contains(&format!("value=\"{value}\"")), "no “{value}” on the page: {page}");
                let mut form = vec![("attempt", hidden(&page, "attempt").expect("a page without an attempt"))];
                if *name != "person"
                    && let Some(person) = hidden(&page, "person")
                {
                    form.push(("person", person));
                }
                form.push((name, (*value).to_owned()));
                answer = self.browser.post(at.join("/login").unwrap()).form(&form).send().await.unwrap();
            }
            if !home {
                // Nobody goes home from here: she gives up.
                cancel.cancel();
            }
            page
        };
        let (outcome, page) = tokio::join!(attempt.finish(cancel.clone()), surf);
        (outcome.map(|grant| Employee::of(&grant, request)), page)
    }

    /// The same, through to the organisations.
    async fn employee(&self, request: &WorkRequest, key: &str) -> Employee {
        let account = format!("entraid:{key}");
        let (outcome, page) = self.press(request, &[("way", "entraid"), ("person", &account)]).await;
        outcome.unwrap_or_else(|error| panic!("{error}: {page}")).unwrap()
    }
}

fn hidden(page: &str, name: &str) -> Option<String> {
    let rest = page.split(&format!("type=\"hidden\" name=\"{name}\" value=\"")).nth(1)?;
    rest.split('"').next().map(str::to_owned)
}

fn numbers(employee: &Employee) -> Vec<&str> {
    employee.organisations.known.iter().map(|known| known.number.as_str()).collect()
}

/// Consent is the subject of one test; the others have it given.
fn given() -> Value {
    json!({ "consent": "given" })
}

const FJORDLYS: &str = practice::world::FJORDLYS;
const VIKA: &str = practice::world::VIKA;

#[tokio::test]
async fn an_employee_says_who_she_is() {
    let stage = Stage::set(given()).await;
    let nora = stage.employee(&WorkRequest::default(), "nora-lund").await;
    assert_eq!(nora.identity.name.as_deref(), Some("Nora Lund"));
    assert_eq!(nora.identity.acr.as_deref(), Some("entraid"));
    assert_eq!(nora.identity.masked_id, None, "a work account has no national id");
    assert_eq!(nora.email.as_deref(), Some("nora.lund@fjordlys.example"));
    assert!(nora.second_factor);
    assert_eq!(numbers(&nora), [FJORDLYS]);
    assert_eq!(nora.organisations.known[0].name.as_deref(), Some("Fjordlys Interiør AS"));
    stage.settings(json!({ "consent": "given", "amrWithUnderscore": true })).await;
    assert!(stage.employee(&WorkRequest::default(), "nora-lund").await.second_factor);
}

#[tokio::test]
async fn three_twenty_and_twenty_five_groups() {
    let stage = Stage::set(given()).await;
    let request = WorkRequest::default();
    let world = practice::world::World::synthetic();
    let group = |key: &str, at: usize| world.employee(key).unwrap().groups[at].clone();
    let nora = stage.employee(&request, "nora-lund").await;
    assert_eq!(nora.groups.count(), 3);
    assert_eq!(nora.groups.has(&group("nora-lund", 2).to_uppercase()), Membership::Member);
    assert_eq!(nora.groups.has(&group("emil-dahl", 19)), Membership::NotMember);
    let emil = stage.employee(&request, "emil-dahl").await;
    assert_eq!((emil.groups.count(), emil.groups.are_all()), (20, false));
    let maja = stage.employee(&request, "maja-berg").await;
    assert_eq!(maja.groups.count(), 20);
    assert_eq!(maja.groups.has(&group("maja-berg", 19)), Membership::Member);
    assert_eq!(maja.groups.has(&group("maja-berg", 24)), Membership::Unknown, "she is in it, and the token cannot say");
}

#[tokio::test]
async fn every_shape_of_an_organisation() {
    let stage = Stage::set(given()).await;
    let request = WorkRequest { organisation_form: Some(Form::Enterprise), ..WorkRequest::default() };
    for shape in ["authorizedParties", "single", "singleCapitalised"] {
        stage.settings(json!({ "consent": "given", "orgnoShape": shape })).await;
        assert_eq!(numbers(&stage.employee(&request, "nora-lund").await), [FJORDLYS], "{shape}");
    }
    for (shape, reason) in [
        ("foreignScheme", OrganisationNumberError::Scheme("0007".to_owned())),
        ("wrongCheckDigit", OrganisationNumberError::CheckDigit),
    ] {
        stage.settings(json!({ "consent": "given", "orgnoShape": shape })).await;
        let nora = stage.employee(&request, "nora-lund").await;
        assert_eq!(nora.organisations.known, []);
        assert_eq!(nora.organisations.refused[0].reason, reason);
    }
    for nothing in [
        json!({ "consent": "given", "orgnoShape": "missing" }),
        json!({ "consent": "given", "organisationsUnknown": true }),
    ] {
        stage.settings(nothing).await;
        assert_eq!(numbers(&stage.employee(&request, "nora-lund").await), [""; 0]);
    }
}

#[tokio::test]
async fn several_organisations_one_of_them_and_none() {
    let stage = Stage::set(given()).await;
    let several = WorkRequest { booleans: Booleans::Text, ..WorkRequest::default() };
    assert_eq!(numbers(&stage.employee(&several, "maja-berg").await).len(), 5);
    assert_eq!(numbers(&stage.employee(&several, "leo-moen").await).len(), 0, "none is asked for, none is there");
    let one = WorkRequest { allow_multiple: false, ..WorkRequest::default() };
    for (choice, chosen) in [(VIKA, vec![VIKA]), ("ingen", Vec::new())] {
        let presses = [("way", "entraid"), ("person", "entraid:emil-dahl"), ("organisation", choice)];
        let employee = stage.press(&one, &presses).await.0.unwrap().unwrap();
        assert_eq!(numbers(&employee), chosen);
    }
    for booleans in [Booleans::Json, Booleans::Text] {
        let required = WorkRequest { required: true, booleans, ..WorkRequest::default() };
        let (outcome, _) = stage.press(&required, &[("way", "entraid"), ("person", "entraid:leo-moen")]).await;
        let error = outcome.unwrap_err();
        assert_eq!(WorkRefusal::of(&error), Some(WorkRefusal::NothingRepresented), "{error}");
    }
}

#[tokio::test]
async fn rights_in_altinn() {
    let stage = Stage::set(given()).await;
    for written in [Actions::Text, Actions::List] {
        let request = WorkRequest {
            representation: Representation::AltinnResource {
                resources: vec!["mva".to_owned(), "regnskap".to_owned()],
                actions: vec!["read".to_owned(), "write".to_owned()],
                written,
            },
            ..WorkRequest::default()
        };
        let emil = stage.employee(&request, "emil-dahl").await;
        assert_eq!(numbers(&emil), [FJORDLYS, VIKA], "{written:?}");
        assert_eq!(emil.organisations.known[0].rights, ["read", "write"], "{written:?}");
    }
}

#[tokio::test]
async fn consent_is_asked_for_once_and_can_be_refused_or_be_the_administrators() {
    let stage = Stage::set(json!({})).await;
    let request = WorkRequest::default();
    let nora = [("way", "entraid"), ("person", "entraid:nora-lund"), ("consent", "no")];
    let error = stage.press(&request, &nora).await.0.unwrap_err();
    assert_eq!(WorkRefusal::of(&error), Some(WorkRefusal::ConsentNeeded), "{error}");
    let nora = [("way", "entraid"), ("person", "entraid:nora-lund"), ("consent", "yes")];
    stage.press(&request, &nora).await.0.unwrap().unwrap();
    // The second time nobody asks.
    stage.employee(&request, "nora-lund").await;
    stage.settings(json!({ "consent": "administratorOnly" })).await;
    let emil = [("way", "entraid"), ("person", "entraid:emil-dahl"), ("consent", "no")];
    let (outcome, _) = stage.press(&request, &emil).await;
    assert_eq!(WorkRefusal::of(&outcome.unwrap_err()), Some(WorkRefusal::ConsentNeeded));
}

#[tokio::test]
async fn a_blocked_tenant_sends_back_or_keeps_the_employee() {
    let stage = Stage::set(given()).await;
    let (request, tiril) = (WorkRequest::default(), [("way", "entraid"), ("person", "entraid:tiril-aas")]);
    let (outcome, page) = stage.press(&request, &tiril).await;
    assert!(matches!(outcome, Err(SignInError::Cancelled)), "she gives up: {outcome:?}");
    assert!(page.contains("Administratoren i virksomheten din har ikke godkjent Ansattporten"), "{page}");
    stage.settings(json!({ "consent": "given", "blockedSendsBack": true })).await;
    let error = stage.press(&request, &tiril).await.0.unwrap_err();
    assert_eq!(WorkRefusal::of(&error), Some(WorkRefusal::Blocked), "{error}");
}

#[tokio::test]
async fn a_person_may_cancel_and_another_level_is_not_a_work_account() {
    let stage = Stage::set(given()).await;
    let integration = stage.integration(&WorkRequest::default());
    // The issuer lets a person in with an electronic id although a work account was asked for: the client must notice.
    let options = SignInOptions {
        login_hint: Some(format!("testid:{}_idporten-loa-high", practice::world::INGRID)),
        ..SignInOptions::default()
    };
    let attempt = stage.party.begin(&integration, options).await.unwrap();
    let (url, browser) = (attempt.url().clone(), stage.browser.clone());
    let surf = async move { browser.get(url).send().await.unwrap().text().await.unwrap() };
    let (outcome, _) = tokio::join!(attempt.finish(CancellationToken::new()), surf);
    assert!(matches!(outcome, Err(SignInError::Token(TokenError::AcrTooLow { .. }))), "{outcome:?}");
    // And where either will do, it does; a person with an electronic id has neither groups nor organisations here.
    let either = WorkRequest { or_level: Some("idporten-loa-substantial".to_owned()), ..WorkRequest::default() };
    let (outcome, page) = stage.press(&either, &[("way", "eid"), ("person", "ingrid-solvang")]).await;
    let ingrid = outcome.unwrap_or_else(|error| panic!("{error}: {page}")).unwrap();
    assert_eq!((ingrid.identity.acr.as_deref(), ingrid.groups.count()), (Some("idporten-loa-high"), 0));
    assert!(!ingrid.second_factor);
}

#[tokio::test]
async fn what_is_mixed_or_unknown_is_refused_before_anybody_is_asked() {
    let stage = Stage::set(given()).await;
    for details in [
        json!([{"type": "ansattporten:orgno"}, {"type": "ansattporten:altinn:resource"}]),
        json!([{"type": "ansattporten:next-year"}]),
    ] {
        let mut integration = stage.integration(&WorkRequest::default());
        integration.authorization_details = Some(details);
        let error = stage.party.begin(&integration, SignInOptions::default()).await.unwrap_err();
        assert_eq!(WorkRefusal::of(&error), Some(WorkRefusal::NotOpen), "{error}");
    }
}
