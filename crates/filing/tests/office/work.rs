//! The work account: nothing can be done without its permission, whatever way it is tried.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use filing::{
    Office, OfficeError, Setup,
    view::{
        CategoryName, DutyChoice, EnvironmentName, ErrorCode, ExportFormat, ExportSelection, HistoryQuery,
        IntegrationForm, LanguageName, OfficeEvent, Pause, PeriodKindName, Permission, ReminderSettings, Snooze,
        WorkFailureKind, WorkView,
    },
    work::{REFUSALS_FILE, WorkSignInRequest, policy, rights::Action},
};
use jiff::SignedDuration;
use practice::world::{FJORDLYS, VIKA, World};
use serde_json::{Value, json};

use crate::desk::{Desk, INGRID, file_sample, sign_in, try_sign_in};

const HERE: EnvironmentName = EnvironmentName::Practice;
const NB: LanguageName = LanguageName::Nb;

/// The nth group of an employee of the practice world.
fn group(key: &str, nth: usize) -> String {
    World::synthetic().employee(key).unwrap().groups[nth - 1].clone()
}

/// A policy for practice with these rules.
fn policy(rules: Value) -> Value {
    json!({
        "version": 1, "firm": "Fjordlys Interiør AS", "contact": "it@fjordlys.example", "environments": ["practice"],
        "signIn": {"clients": {"practice": "momsbud-practice", "test": "t", "production": "p"}},
        "rules": rules,
    })
}

fn one_rule(group: &str, permissions: &[&str], companies: &[&str]) -> Value {
    json!([{"groups": [group], "permissions": permissions, "companies": companies}])
}

/// A desk whose administrator may say who may do what.
struct Firm {
    desk: Desk,
}

impl Firm {
    async fn new() -> Self {
        let desk = Desk::new().await;
        desk.settings(json!({"ansattporten": {"consent": "given"}})).await;
        Self { desk }
    }

    fn system(&self) -> PathBuf {
        self.desk.data().join("../system")
    }

    fn setup(&self) -> Setup {
        let mut setup = self.desk.setup();
        setup.environment = setup.environment.with_ansattporten(&self.desk.practice.addresses().ansattporten).unwrap();
        setup.system_dir = self.system();
        setup
    }

    async fn open(&self) -> Arc<Office> {
        Office::open(self.setup()).await.unwrap()
    }

    /// The administrator's file.
    fn decides(&self, policy: &Value) {
        fs::create_dir_all(self.system()).unwrap();
        fs::write(self.system().join("policy.json"), json!({"work": policy}).to_string()).unwrap();
    }

    /// What was refused since the last time, by action.
    fn refused(&self) -> Vec<Value> {
        let file = self.desk.data().join(REFUSALS_FILE);
        let lines = fs::read_to_string(&file).unwrap_or_default();
        let _ = fs::remove_file(file);
        lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

async fn signs_in(office: &Office, key: &str) -> WorkView {
    let hint = Some(format!("entraid:{key}"));
    office.work_sign_in(WorkSignInRequest { login_hint: hint, limit: Some(Duration::from_secs(30)) }).await.unwrap()
}

async fn fails(office: &Office, key: &str) -> WorkFailureKind {
    let view = signs_in(office, key).await;
    assert!(view.locked, "{view:?}");
    let problem = view.problem.unwrap_or_else(|| panic!("no reason for {key}"));
    assert!(!problem.title.is_empty() && !problem.text.is_empty() && !problem.todo.is_empty());
    problem.kind
}

/// What the matrix works with: delivered filings and their cards, for the company of the rule and for another.
struct Things {
    filing: String,
    card: String,
    company: &'static str,
    out: PathBuf,
    form: IntegrationForm,
    reminders: ReminderSettings,
}

/// Does one thing. What comes of it does not matter here: whether it was refused stands in the firm's record.
async fn act(office: &Arc<Office>, action: Action, it: &Things) {
    let access = office.access();
    let nothing = ExportSelection::Filings { ids: Vec::new() };
    let csv = || it.out.join("x.csv");
    let duty = DutyChoice {
        org_number: it.company.to_owned(),
        category: CategoryName::Ordinary,
        kind: PeriodKindName::TwoMonths,
        from: "2026-01-01".to_owned(),
    };
    let cards = [it.card.clone()];
    match action {
        Action::OpenPaths => drop(office.open_paths(Vec::new()).await),
        Action::OpenSample => drop(office.open_sample("nothing").await),
        Action::CardView => drop(office.card_view(&it.card)),
        Action::CloseCard => drop(office.close_card("nothing")),
        Action::CloseCards => office.close_cards(&[]),
        Action::Aim => office.aim(None),
        Action::History => drop(office.history(&HistoryQuery { limit: 5, ..HistoryQuery::default() })),
        Action::HistoryPeriods => drop(office.history_periods()),
        Action::Filing => drop(office.filing(&it.filing)),
        Action::ReceiptPath => drop(office.receipt_path(&it.filing)),
        Action::ArchivePath => drop(office.archive_path(&it.filing)),
        Action::ArchivedFile => drop(office.archived_file(&it.filing, "kvittering.pdf")),
        Action::ExportFilings => drop(office.export_filings(nothing, ExportFormat::Csv, csv()).await),
        Action::ExportZip => drop(office.export_zip(nothing, it.out.join("x.zip")).await),
        Action::ExportCsv => drop(office.export_csv(nothing, csv()).await),
        Action::Deadlines => drop(office.deadlines(None)),
        Action::Calendar => drop(office.calendar()),
        Action::Reminders => drop(office.reminders()),
        Action::ReminderSettings => drop(office.reminder_settings()),
        Action::SetReminderSettings => drop(office.set_reminder_settings(it.reminders.clone())),
        Action::SnoozeNotice => drop(office.snooze_notice("nothing", Snooze::Hour)),
        Action::DismissNotice => drop(office.dismiss_notice("nothing")),
        Action::PauseReminders => drop(office.pause_reminders(Pause::None)),
        Action::SignIn => drop(try_sign_in(office, INGRID).await),
        Action::SignOut => drop(office.sign_out().await),
        Action::CheckReturn => drop(office.check(&it.card).await),
        Action::CheckAll => drop(office.check_all(&cards).await),
        Action::StopChecking => office.stop_checking(),
        Action::Attach => drop(office.attach(&it.card, Vec::new()).await),
        Action::Detach => drop(office.detach(&it.card, "nothing")),
        Action::Correct => drop(office.correct(&it.filing, it.out.join("nothing.xml")).await),
        Action::Unfinished => drop(office.unfinished(it.company).await),
        Action::ContinueUnfinished => drop(office.continue_unfinished("nothing").await),
        Action::DeleteUnfinished => drop(office.delete_unfinished("nothing").await),
        Action::ChooseDuty => drop(office.choose_duty(&duty)),
        Action::UnfollowDuty => drop(office.unfollow_duty(it.company, CategoryName::Ordinary)),
        Action::MuteCompany => drop(office.mute_company(it.company, false)),
        Action::FileReturn => drop(office.file(&it.card, false).await),
        Action::ContinueFiling => drop(office.continue_filing(&it.filing).await),
        Action::SignFiling => drop(office.sign_filing(&it.filing).await),
        Action::CancelFiling => drop(office.cancel_filing(&it.filing).await),
        Action::FetchReceiptAgain => drop(office.fetch_receipt_again(&it.filing).await),
        Action::StartBatch => drop(office.start_batch(&cards, false)),
        Action::PauseBatch => drop(office.pause_batch()),
        Action::ContinueBatch => drop(office.continue_batch()),
        Action::CancelBatch => drop(office.cancel_batch()),
        Action::CloseBatch => drop(office.close_batch()),
        Action::BatchCsv => drop(office.batch_csv()),
        Action::ExportBatch => drop(office.export_batch(&csv())),
        Action::VerifyArchive => drop(office.verify_archive().await),
        Action::HistoryFromArchive => drop(office.history_from_archive().await),
        Action::DismissRecovery => drop(office.dismiss_recovery()),
        Action::Export => drop(office.export(&it.out.join("x.zip"), &filing::settings::Settings::default(), None, &[])),
        Action::SwitchEnvironment | Action::ChangeSettings | Action::ImportPolicy => drop(office.may_change(action)),
        Action::AccessView => drop(access.view()),
        Action::IntegrationForm => drop(access.form(HERE, None, None, NB)),
        Action::SaveIntegration => drop(access.save(HERE, Some("nothing"), &it.form, NB).await),
        Action::RemoveIntegration => drop(access.remove(HERE, "nothing").await),
        Action::ChooseIntegration => drop(access.choose(HERE, "nothing")),
        Action::SetSecret => drop(access.set_secret(HERE, "nothing", &"x".to_owned().into())),
        Action::MakeKey => drop(access.make_key(HERE, "nothing").await),
        Action::ImportKey => drop(access.import_key(HERE, "nothing", &"x".to_owned().into())),
        Action::ExportIntegration => drop(access.export(HERE, "nothing")),
        Action::ImportIntegration => drop(access.import(b"nothing", NB).await),
        Action::CheckIntegration => drop(access.check(HERE, "nothing", None, NB).await),
        Action::Forget => drop(access.forget("nothing").await),
    }
}

/// Whether an action is about one company: then it is refused for another one than the rule's.
fn is_of_a_company(action: Action) -> bool {
    matches!(
        action,
        Action::CardView
            | Action::Filing
            | Action::ReceiptPath
            | Action::ArchivePath
            | Action::ArchivedFile
            | Action::CheckReturn
            | Action::CheckAll
            | Action::Attach
            | Action::Detach
            | Action::Correct
            | Action::Unfinished
            | Action::ChooseDuty
            | Action::UnfollowDuty
            | Action::MuteCompany
            | Action::FileReturn
            | Action::ContinueFiling
            | Action::SignFiling
            | Action::CancelFiling
            | Action::FetchReceiptAgain
            | Action::StartBatch
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn no_action_is_possible_without_its_permission() {
    let firm = Firm::new().await;
    let office = firm.open().await;
    sign_in(&office, INGRID).await;
    let out = firm.desk.data().join("../out");
    fs::create_dir_all(&out).unwrap();
    let mut things = Vec::new();
    for (sample, company) in [("fjordlys", FJORDLYS), ("vika", VIKA)] {
        let filing = file_sample(&office, sample).await.row.id;
        let cards = office.start_view().cards;
        let card = cards.iter().find(|card| card.filing.as_ref().is_some_and(|it| it.row.id == filing)).unwrap();
        things.push(Things {
            card: card.id.clone(),
            filing,
            company,
            out: out.clone(),
            form: office.access().form(HERE, None, None, NB).unwrap(),
            reminders: office.reminder_settings().unwrap(),
        });
    }
    let [ours, other] = things.as_slice() else { panic!() };

    // Columns: without a policy, locked, and with each permission alone, for the one company.
    let mut matrix: BTreeMap<Action, Vec<&str>> = BTreeMap::new();
    let columns = ["no policy", "locked", "see", "check", "prepare", "file", "administer"];
    let emils = group("emil-dahl", 4);
    for column in columns {
        match column {
            "no policy" => {}
            "locked" => {
                firm.decides(&policy(one_rule(&emils, &["see"], &[FJORDLYS])));
                office.work().look();
                assert!(office.work().is_locked());
            }
            permission => {
                firm.decides(&policy(one_rule(&emils, &[permission], &[FJORDLYS])));
                office.work().look();
                let view = signs_in(&office, "emil-dahl").await;
                assert!(!view.locked, "{view:?}");
            }
        }
        for action in Action::ALL {
            firm.refused();
            act(&office, *action, ours).await;
            let refused = firm.refused();
            let allowed = refused.is_empty();
            let expected = match (column, action.needs()) {
                ("no policy", _) => true,
                ("locked", _) => false,
                (_, None) => true,
                (granted, Some(Permission::See)) => granted != "administer",
                (granted, Some(needs)) => serde_json::to_value(needs).unwrap() == granted,
            };
            assert_eq!(allowed, expected, "{} with {column}: {refused:?}", action.name());
            if allowed && *action == Action::SignOut {
                sign_in(&office, INGRID).await;
            }
            assert!(
                refused.iter().all(|line| line["action"] == action.name() && line["locked"] == (column == "locked"))
            );
            let mut cell = if allowed { "yes" } else { "-" };
            if allowed && !["no policy", "locked"].contains(&column) && is_of_a_company(*action) {
                act(&office, *action, other).await;
                let refused = firm.refused();
                assert!(!refused.is_empty(), "{} for another company, with {column}", action.name());
                assert_eq!(refused.last().unwrap()["company"], other.company);
                cell = "own";
            }
            matrix.entry(*action).or_default().push(cell);
        }
    }
    println!("{:<24}{}", "action", columns.map(|column| format!("{column:>11}")).concat());
    for (action, cells) in &matrix {
        println!("{:<24}{}", action.name(), cells.iter().map(|cell| format!("{cell:>11}")).collect::<String>());
    }
    assert_eq!(matrix.len(), Action::ALL.len());
    // Nobody filed anything meanwhile.
    assert_eq!(firm.desk.deliveries().await.len(), 2);
}

#[test]
fn every_function_of_the_office_asks_the_gate_or_says_why_not() {
    // What shows nothing of a filing and changes nothing, or filters what it shows, or is asked by others that ask.
    const EXEMPT: &[(&str, &str)] = &[
        ("open", "the office itself"),
        ("look", "the office itself"),
        ("new", "a setup"),
        ("practice", "a setup"),
        ("http_client", "a setup"),
        ("start_view", "shows only what may be seen; tested below"),
        ("access", "asks in each function"),
        ("work", "the gate"),
        ("language", "no secret"),
        ("speak", "no secret"),
        ("set_preferences", "how the window looks"),
        ("events", "the window hears `told` only"),
        ("told", "filters; tested below"),
        ("announcements", "reminders work although it is locked (mock 11)"),
        ("keep_reminding", "the same"),
        ("keeps_running", "how the window closes"),
        ("calendar_path", "a name"),
        ("write_calendar", "the user's own file; the shell asks before it shows it"),
        ("sign_in_hinted", "the session asks"),
        ("cancel_sign_in", "ends something"),
        ("unlock_keyring", "a key that is withheld stays so"),
        ("reopen_browser", "of a sign-in that was permitted"),
        ("sign_in_link", "of a sign-in that was permitted"),
        ("deliver", "the session asks"),
        ("close", "ends something"),
        ("batch", "filters"),
        ("under_way", "a number"),
        ("until_closed", "waits"),
        ("environment", "a name"),
        ("addresses", "the authorities'"),
        ("network", "the proxy's"),
        ("may_change", "the gate"),
        ("work_sign_in", "the gate"),
        ("work_lock", "the gate"),
        ("work_import", "the gate"),
        ("verify_folder", "any folder that the person can read herself"),
        // Access and session.
        ("alone", "opens"),
        ("session", "asks in its functions"),
        ("read_file", "a file that the person has chosen"),
        ("guide", "texts"),
    ];
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files: Vec<PathBuf> =
        fs::read_dir(source.join("office")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.push(source.join("access/mod.rs"));
    let mut all = String::new();
    let mut unused: Vec<&str> = EXEMPT.iter().map(|(name, _)| *name).collect();
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        all.push_str(&text);
        for part in text.split("\n    pub ").chain(text.split("\npub ")).skip(1) {
            let declaration = part.strip_prefix("async fn ").or_else(|| part.strip_prefix("fn "));
            let Some(name) = declaration.and_then(|rest| rest.split(['(', '<']).next()) else { continue };
            // To the end of the function: the brace in its own column.
            let body = part.split("\n    }\n").next().unwrap_or_default();
            let body =
                if text.contains(&format!("\npub fn {name}")) { part.split("\n}\n").next().unwrap() } else { body };
            unused.retain(|known| *known != name);
            let asks = body.contains("Action::") || body.contains("self.sign_in_hinted");
            let asks = asks || body.contains("self.desk.session.sign_out()") || body.contains("self.open_dropped(");
            let exempt = EXEMPT.iter().any(|(known, _)| *known == name);
            assert!(asks || exempt, "{name} in {} does not ask the gate", file.display());
        }
    }
    assert_eq!(unused, [""; 0], "exempt and not there");
    let session = fs::read_to_string(source.join("session/mod.rs")).unwrap()
        + &fs::read_to_string(source.join("session/sign_in.rs")).unwrap();
    all.push_str(&session);
    let rest = ["SwitchEnvironment", "ChangeSettings", "ImportPolicy"];
    for action in Action::ALL {
        let asked = all.contains(&format!("Action::{action:?}")) || rest.contains(&format!("{action:?}").as_str());
        assert!(asked, "nobody asks for {action:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_may_be_seen_is_shown_and_told() {
    let firm = Firm::new().await;
    let office = firm.open().await;
    sign_in(&office, INGRID).await;
    let filing = file_sample(&office, "fjordlys").await;
    file_sample(&office, "vika").await;
    let before = office.start_view();
    assert_eq!((before.cards.len(), before.recent.len(), before.work), (2, 2, None));

    firm.decides(&policy(one_rule(&group("nora-lund", 3), &["see"], &[VIKA])));
    assert!(office.work().look());
    let locked = office.start_view();
    assert_eq!((locked.cards.len(), locked.recent.len()), (0, 0));
    assert!(locked.session.is_none() && locked.batch.is_none() && locked.work.unwrap().locked);
    let event = || OfficeEvent::Filing { filing: Box::new(filing.clone()) };
    assert!(office.told(event()).is_none());
    assert!(office.told(OfficeEvent::Cards { cards: before.cards.clone() }).is_none());

    let view = signs_in(&office, "nora-lund").await;
    assert_eq!(view.person.unwrap().name, "Nora Lund");
    let open = office.start_view();
    assert_eq!(open.cards.len(), 1);
    assert_eq!(open.recent.iter().map(|row| row.org_number.as_str()).collect::<Vec<_>>(), [VIKA]);
    assert_eq!(open.session.unwrap().companies.len(), 1);
    let page = office.history(&HistoryQuery { limit: 9, ..HistoryQuery::default() }).unwrap();
    assert_eq!((page.rows.len(), page.total), (1, 1));
    assert!(office.told(event()).is_none(), "of a company she may not see");
    let Some(OfficeEvent::Cards { cards }) = office.told(OfficeEvent::Cards { cards: before.cards.clone() }) else {
        panic!()
    };
    assert_eq!(cards.len(), 1);
    assert!(office.deadlines(Some(2026)).unwrap().rows.iter().all(|row| row.org_number == VIKA));
    // A return of another company is a card that says why, without what is in it.
    let refused = office.open_sample("fjordlys").await.unwrap();
    assert_eq!(refused.problem.map(|problem| problem.code), Some(ErrorCode::WorkForbidden));
    assert!(refused.content.is_none());
    let out = firm.desk.data().join("../all.csv");
    let all = ExportSelection::Found { query: HistoryQuery::default() };
    assert_eq!(office.export_csv(all, out).await.unwrap().filings, 1);
}

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
    office.work_lock().await;
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
    assert_eq!(office.history(&HistoryQuery::default()).unwrap_err().code, ErrorCode::WorkLocked);
    // The administrator's way back.
    firm.decides(&of(|_| {}));
    office.work().look();
    firm.desk.settings(json!({"ansattporten": {"consent": "given"}})).await;
    assert!(!signs_in(&office, "nora-lund").await.locked);
    fs::remove_file(firm.system().join("policy.json")).unwrap();
    office.work().look();
    assert!(office.work().view().is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_lasts_as_long_as_the_policy_says_and_is_shared() {
    let firm = Firm::new().await;
    let mut rules = policy(one_rule(&group("nora-lund", 3), &["see"], &["all"]));
    rules["lock"] = json!({"sessionMinutes": 60, "idleMinutes": 15});
    firm.decides(&rules);
    let office = firm.open().await;
    let clock = firm.desk.practice.clock().clone();
    let pass = |minutes: i64| clock.advance(SignedDuration::from_mins(minutes));
    let allowed = || office.history(&HistoryQuery::default()).is_ok();
    assert!(!allowed());
    signs_in(&office, "nora-lund").await;
    // Another program on the same data need not sign in.
    let second = Office::look(firm.setup()).await.unwrap();
    assert!(!second.work().is_locked());
    for _ in 0..4 {
        pass(12);
        office.work().touch();
        assert!(allowed(), "in use");
    }
    pass(11);
    assert!(allowed());
    pass(2);
    assert!(!allowed(), "an hour is an hour");
    assert!(office.work().view().unwrap().reason.unwrap().contains("varte til"));
    signs_in(&office, "nora-lund").await;
    pass(16);
    assert!(!allowed());
    assert!(office.work().view().unwrap().reason.unwrap().starts_with("Låst etter 15 minutter uten bruk"));
    // Locked here is locked there.
    signs_in(&office, "nora-lund").await;
    second.work().look();
    assert!(!second.work().is_locked());
    second.work_lock().await;
    office.work().look();
    assert!(office.work().is_locked());
    assert_eq!(office.open_sample("fjordlys").await.unwrap_err().code, ErrorCode::WorkLocked);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_vaults_key_is_had_only_after_the_work_account() {
    let firm = Firm::new().await;
    {
        let office = firm.open().await;
        sign_in(&office, INGRID).await;
        office.close().await;
    }
    let mut rules = policy(one_rule(&group("nora-lund", 3), &["check"], &["all"]));
    rules["lock"] = json!({"vaultAfterSignIn": true});
    firm.decides(&rules);
    let office = firm.open().await;
    assert!(office.access().session().authorization().is_none(), "her tokens cannot be opened");
    signs_in(&office, "nora-lund").await;
    assert!(office.access().session().authorization().is_some(), "and now they can");
    office.work_lock().await;
    assert!(office.access().session().authorization().is_none());
    signs_in(&office, "nora-lund").await;
    assert!(office.access().session().authorization().is_some(), "nothing was lost by it");
    office.close().await;
    // In practice anybody is whoever she likes: a policy for real environments keeps its key from there.
    rules["environments"] = json!(["practice", "production"]);
    firm.decides(&rules);
    let office = firm.open().await;
    signs_in(&office, "nora-lund").await;
    assert!(!office.work().is_locked() && office.access().session().authorization().is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn practice_decides_nothing_about_the_rest() {
    let firm = Firm::new().await;
    let all = ["see", "check", "prepare", "file", "administer"];
    let mut rules = policy(one_rule(&group("nora-lund", 3), &all, &["all"]));
    rules["environments"] = json!(["practice", "production"]);
    firm.decides(&rules);
    let office = firm.open().await;
    signs_in(&office, "nora-lund").await;
    assert!(office.open_sample("fjordlys").await.is_ok());
    assert_eq!(office.access().form(HERE, None, None, NB).unwrap_err().code, ErrorCode::WorkForbidden);
    // Where it does not hold at all, everything is as before but for what is the administrator's.
    rules["environments"] = json!(["production"]);
    firm.decides(&rules);
    office.work().look();
    assert!(office.work().view().is_none() && !office.work().is_locked());
    assert!(office.history(&HistoryQuery::default()).is_ok());
    assert_eq!(office.may_change(Action::ChangeSettings).unwrap_err().code, ErrorCode::WorkForbidden);
    assert!(office.may_change(Action::SwitchEnvironment).is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_imported_policy_locks_and_its_own_key_opens() -> Result<(), OfficeError> {
    let firm = Firm::new().await;
    let office = Office::open(firm.setup()).await?;
    let key = policy::new_key().unwrap();
    let signed = |rules: &Value, key: &[u8]| policy::sign(rules.to_string().as_bytes(), key).unwrap();
    let mut rules = policy(one_rule(&group("nora-lund", 3), &["see"], &["all"]));
    office.work_import(signed(&rules, &key).as_bytes()).await.unwrap();
    assert!(office.work().is_locked());
    // Another key is not hers to bring, locked or not: she may not administer.
    let others = policy::new_key().unwrap();
    rules["version"] = json!(2);
    rules["rules"] = one_rule(&group("nora-lund", 3), &["see", "file", "administer"], &["all"]);
    let refused = office.work_import(signed(&rules, &others).as_bytes()).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::WorkPolicyRefused);
    signs_in(&office, "nora-lund").await;
    assert_eq!(
        office.work_import(signed(&rules, &others).as_bytes()).await.unwrap_err().code,
        ErrorCode::WorkPolicyRefused
    );
    // The firm's own key: taken, though locked, and what she may do changes with it.
    office.work_lock().await;
    office.work_import(signed(&rules, &key).as_bytes()).await.unwrap();
    let view = signs_in(&office, "nora-lund").await;
    assert_eq!((view.version, view.permissions.len()), (2, 3));
    // Now she may administer, and bring another key.
    rules["version"] = json!(1);
    office.work_import(signed(&rules, &others).as_bytes()).await.unwrap();
    rules["withdrawn"] = json!(true);
    office.work_import(signed(&rules, &others).as_bytes()).await.unwrap();
    assert!(office.work().view().is_none());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_record_names_no_person() {
    let firm = Firm::new().await;
    firm.decides(&policy(one_rule(&group("nora-lund", 3), &["see"], &[FJORDLYS])));
    let office = firm.open().await;
    assert!(office.history(&HistoryQuery::default()).is_err());
    signs_in(&office, "nora-lund").await;
    assert!(office.unfinished(FJORDLYS).await.is_err());
    let text = fs::read_to_string(firm.desk.data().join(REFUSALS_FILE)).unwrap();
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 2);
    assert_eq!(
        (&lines[0]["action"], &lines[0]["locked"], &lines[0]["account"]),
        (&json!("history"), &json!(true), &Value::Null)
    );
    assert_eq!((&lines[1]["needs"], &lines[1]["company"]), (&json!("prepare"), &json!(FJORDLYS)));
    assert!(lines[1]["account"].is_string());
    assert!(!text.contains("Nora") && !text.contains('@') && !text.contains(&group("nora-lund", 3)), "{text}");
}
