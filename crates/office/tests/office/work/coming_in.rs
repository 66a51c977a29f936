//! Every way not to get in, each with its reason.

use std::{fs, sync::Arc, time::Duration};

use access::work::WorkSignInRequest;
use office::Office;
use practice::world::{INGRID, VIKA};
use serde_json::{Value, json};
use view::{ErrorCode, HistoryQuery, Language, WorkFailureKind, WorkProblem};

use super::firm::{Firm, Still, fails, group, one_rule, policy, signs_in};

#[tokio::test(flavor = "multi_thread")]
async fn every_way_not_to_get_in_has_its_reason() {
    use WorkFailureKind as K;
    let firm = Firm::new().await;
    let of = |change: fn(&mut Value)| {
        let mut policy = policy(one_rule(&group("nora-lund", 3), &["see"], &["all"]));
        change(&mut policy);
        policy
    };
    firm.decides(&of(|_| {}));
    let office = firm.open().await;
    assert!(!signs_in(&office, "nora-lund").await.locked);
    office.work_account().lock().await;
    assert_eq!(fails(&office, "leo-moen").await, K::NoRule);
    let decide = |change: fn(&mut Value)| {
        firm.decides(&of(change));
        office.work().look();
    };
    // In twenty groups of twenty-five, none of which has a rule.
    decide(|it| it["rules"][0]["groups"] = json!(["9f0e0000-0000-4000-8000-00000000ffff"]));
    assert_eq!(fails(&office, "maja-berg").await, K::NoRuleGroupsCut);
    assert_eq!(fails(&office, "nora-lund").await, K::NoRule);
    decide(|it| it["organisations"] = json!([VIKA]));
    assert_eq!(fails(&office, "nora-lund").await, K::WrongOrganisation);
    assert_eq!(fails(&office, "leo-moen").await, K::OrganisationUnknown);
    decide(|it| it["signIn"]["request"] = json!({"required": true}));
    assert_eq!(fails(&office, "leo-moen").await, K::RepresentationMissing);
    for shape in ["foreignScheme", "wrongCheckDigit", "missing"] {
        firm.desk.settings(json!({"ansattporten": {"consent": "given", "orgnoShape": shape}})).await;
        assert_eq!(fails(&office, "nora-lund").await, K::OrganisationUnknown, "{shape}");
    }
    let refused = office.work().view().unwrap().problem.unwrap();
    assert!(refused.todo.contains("it@fjordlys.example"), "{refused:?}");
    decide(|it| it["signIn"]["clients"]["practice"] = json!("nobody"));
    assert_eq!(fails(&office, "nora-lund").await, K::Setup);
    decide(|it| it["signIn"]["issuers"] = json!({"practice": "http://127.0.0.1:9"}));
    assert_eq!(fails(&office, "nora-lund").await, K::Unreachable);
    // A policy that cannot be read locks, whatever it was before.
    fs::write(firm.system().join("policy.json"), r#"{"work": {"version": 1}}"#).unwrap();
    office.work().look();
    let view = office.work().view().unwrap();
    assert!(view.locked && view.unusable && view.reason.unwrap().contains("policy.json"), "its reason names the file");
    let refused = office.filings().history(&HistoryQuery::default()).unwrap_err();
    assert_eq!(refused.code, ErrorCode::WorkPolicyUnusable, "nobody is told to sign in, which would not help");
    assert!(refused.message.contains("policy.json"), "{}", refused.message);
    // Whatever stands in it, what is said of it is one line that no terminal obeys, in the window, the log and the terminal.
    for name in ["x\u{1b}[2J\nmomsbud-cli: Alt er i orden.\u{202e}", "\u{9b}31m", "a\u{2028}b"] {
        let content = serde_json::json!({"work": {"version": name, (name): 1}}).to_string();
        fs::write(firm.system().join("policy.json"), content).unwrap();
        office.work().look();
        let reason = office.work().view().unwrap().reason.unwrap();
        let refused = office.filings().history(&HistoryQuery::default()).unwrap_err();
        let details = refused.details.iter().chain(refused.values.values());
        for said in details.chain([&reason, &refused.message]) {
            assert!(!said.chars().any(|it| it == '\n' || it == '\u{2028}' || shown::is_unseen(it)), "{said:?}");
            assert!(!said.contains("orden"), "{said:?}");
        }
    }
    // The administrator's way back.
    firm.decides(&of(|_| {}));
    office.work().look();
    firm.desk.settings(json!({"ansattporten": {"consent": "given"}})).await;
    assert!(!signs_in(&office, "nora-lund").await.locked);
    fs::remove_file(firm.system().join("policy.json")).unwrap();
    office.work().look();
    assert!(office.work().view().is_none());
}

/// An employee at Ansattporten's pages.
struct Pages {
    office: Arc<Office>,
    browser: Arc<Still>,
}

impl Pages {
    async fn of(firm: &Firm) -> Self {
        let browser = Arc::new(Still::default());
        let mut setup = firm.setup();
        setup.browser = browser.clone();
        Self { office: Office::open(setup).await.unwrap(), browser }
    }

    /// Signs in by pressing these buttons (name and value) one after the other; then gives up in the program if nobody has
    /// come home. Why she was not let in, if she was not.
    async fn press(&self, presses: &[(&str, &str)]) -> Option<WorkProblem> {
        let sent = self.browser.count();
        let office = Arc::clone(&self.office);
        let waiting = tokio::spawn(async move { office.work_account().sign_in(WorkSignInRequest::default()).await });
        let authorize = loop {
            if let Some(url) = self.browser.sent(sent) {
                break url;
            }
            if waiting.is_finished() {
                // Refused before anybody was asked.
                return waiting.await.unwrap().unwrap().problem;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        };
        let http = reqwest::Client::new();
        let mut answer = http.get(authorize).send().await.unwrap();
        for (name, value) in presses {
            let at = answer.url().clone();
            let page = answer.text().await.unwrap();
            let attempt = hidden(&page, "attempt").unwrap_or_else(|| panic!("no “{name}” to press at {at}: {page}"));
            let mut form = vec![("attempt", attempt)];
            if *name != "person" {
                form.extend(hidden(&page, "person").map(|person| ("person", person)));
            }
            if !value.is_empty() {
                assert!(page.contains(&format!("value=\"{value}\"")), "no “{value}” on the page: {page}");
                form.push((name, (*value).to_owned()));
            }
            answer = http.post(at.join("/login").unwrap()).form(&form).send().await.unwrap();
        }
        if answer.url().path() != "/callback" {
            // She is kept on a page that leads nowhere.
            self.office.work().cancel_sign_in();
        }
        waiting.await.unwrap().unwrap().problem
    }
}

fn hidden(page: &str, name: &str) -> Option<String> {
    let rest = page.split(&format!("type=\"hidden\" name=\"{name}\" value=\"")).nth(1)?;
    rest.split('"').next().map(str::to_owned)
}

const WORK: (&str, &str) = ("way", "entraid");
const NORA: (&str, &str) = ("person", "entraid:nora-lund");

/// What Ansattporten and Entra ID say no to on their own pages: each of them with a kind, words and a next step of its own.
#[tokio::test(flavor = "multi_thread")]
async fn what_ansattportens_pages_refuse_is_told_apart() {
    use WorkFailureKind as K;
    let firm = Firm::new().await;
    let mut rules = policy(one_rule(&group("nora-lund", 3), &["see"], &["all"]));
    rules["signIn"]["secondFactor"] = json!(true);
    firm.decides(&rules);
    let pages = Pages::of(&firm).await;
    let kind = |problem: Option<WorkProblem>| problem.map(|problem| problem.kind);
    // What is not named is as in a fresh practice.
    let at = |change: Value| {
        let mut settings = json!({
            "consent": "firstTime", "blockedSendsBack": false, "pilotClosed": false, "passwordOnly": false
        });
        for (name, value) in change.as_object().unwrap() {
            settings[name] = value.clone();
        }
        firm.desk.settings(json!({ "ansattporten": settings }))
    };

    at(json!({})).await;
    // First-time consent that is refused, then one that only an administrator can give, then one that is given.
    let declined = pages.press(&[WORK, NORA, ("consent", "no")]).await;
    assert_eq!(kind(declined), Some(K::ConsentNeeded));
    at(json!({"consent": "administratorOnly"})).await;
    let problem = pages.press(&[WORK, NORA, ("consent", "no")]).await.unwrap();
    assert_eq!(problem.kind, K::ConsentNeeded);
    assert!(problem.details.iter().any(|line| line.contains("AADSTS90094")), "{problem:?}");
    at(json!({})).await;
    assert_eq!(pages.press(&[WORK, NORA, ("consent", "yes")]).await, None);
    assert!(!pages.office.work().is_locked());
    pages.office.work_account().lock().await;

    // A tenant that is blocked: sent back, or kept on a page that leads nowhere until the time is up.
    let blocked = [WORK, ("person", "entraid:tiril-aas")];
    at(json!({"consent": "given", "blockedSendsBack": true})).await;
    assert_eq!(kind(pages.press(&blocked).await), Some(K::Blocked));
    at(json!({"consent": "given"})).await;
    assert_eq!(pages.press(&blocked).await, None, "she gave it up herself, and nothing is claimed");
    assert!(pages.office.work().is_locked());
    let limit = Some(Duration::from_millis(200));
    let waited = pages.office.work_account().sign_in(WorkSignInRequest { login_hint: None, limit }).await.unwrap();
    assert_eq!(waited.problem.map(|problem| problem.kind), Some(K::TimedOut));

    // A pilot that is open in test only.
    at(json!({"consent": "given", "pilotClosed": true})).await;
    let problem = pages.press(&[WORK, NORA]).await.unwrap();
    assert_eq!(problem.kind, K::NotOpen);
    assert!(problem.text.contains("pilot") && problem.todo.contains("it@fjordlys.example"), "{problem:?}");

    // A password and nothing more, where the rules want a second factor.
    at(json!({"consent": "given", "passwordOnly": true})).await;
    assert_eq!(kind(pages.press(&[WORK, NORA]).await), Some(K::SecondFactorMissing));

    // "Avbryt" on Ansattporten's page, and an electronic id where a work account was asked for.
    at(json!({"consent": "given"})).await;
    assert_eq!(kind(pages.press(&[("avbryt", "")]).await), Some(K::Denied));
    let hint = Some(format!("testid:{INGRID}_idporten-loa-high"));
    let request = WorkSignInRequest { login_hint: hint, limit: Some(Duration::from_secs(30)) };
    let office = firm.open().await;
    let another = office.work_account().sign_in(request).await.unwrap();
    assert_eq!(another.problem.map(|problem| problem.kind), Some(K::Untrusted));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reason_is_told_in_the_users_language() {
    let firm = Firm::new().await;
    firm.decides(&policy(one_rule("9f0e0000-0000-4000-8000-00000000ffff", &["see"], &["all"])));
    let office = firm.open().await;
    fails(&office, "nora-lund").await;
    let title = |language| {
        office.work().speak(language);
        office.work().view().unwrap().problem.unwrap().title
    };
    let titles = [Language::Nb, Language::Nn, Language::En].map(title);
    assert_eq!(titles[2], "Your work account has no access");
    assert_eq!(titles[0], "Jobbkontoen din har ingen tilgang");
}
