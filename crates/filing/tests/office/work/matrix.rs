//! Every permission and every action: nothing can be done without its permission, whatever way it is tried.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use filing::{
    Office,
    view::{
        CategoryName, DutyChoice, ExportFormat, ExportSelection, HistoryQuery, IntegrationForm, LanguageName, Pause,
        PeriodKindName, Permission, ReminderSettings, Snooze,
    },
    work::rights::Action,
};
use practice::world::{FJORDLYS, VIKA};

use super::{
    HERE,
    firm::{Firm, group, one_rule, policy, signs_in},
};
use crate::desk::{INGRID, file_sample, sign_in, try_sign_in, yes};

const NB: LanguageName = LanguageName::Nb;

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
        Action::Books => drop(office.books()),
        Action::AnswerBooks => drop(office.answer_books("nothing", "nothing", None, false).await),
        Action::MakeReturn => drop(office.make_return("nothing").await),
        Action::Drafts => drop(office.drafts(false)),
        Action::ChangeDraft => drop(office.discard_draft("nothing", false)),
        Action::CardView => drop(office.card_view(&it.card)),
        Action::CloseCard => drop(office.close_card("nothing")),
        Action::CloseCards => office.close_cards(&[]),
        Action::ReopenCards => drop(office.reopen_cards()),
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
        Action::PutAside => {
            let key = format!("{}/alminnelig/2026/skattleggingsperiodeToMaaneder/mars-april", it.company);
            drop(office.put_aside(&key, Some("nedlagt")));
        }
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
        Action::SwitchEnvironment | Action::ChangeSettings | Action::ImportPolicy | Action::SetWorkClient => {
            drop(office.may_change(action))
        }
        Action::AccessView => drop(access.view()),
        Action::IntegrationForm => drop(access.form(HERE, None, None, NB)),
        Action::SaveIntegration => drop(access.save(HERE, Some("nothing"), &it.form, NB, yes()).await),
        Action::RemoveIntegration => drop(access.remove(HERE, "nothing").await),
        Action::ChooseIntegration => drop(access.choose(HERE, "nothing")),
        Action::SetSecret => drop(access.set_secret(HERE, "nothing", &"x".to_owned().into())),
        Action::MakeKey => drop(access.make_key(HERE, "nothing").await),
        Action::ImportKey => drop(access.import_key(HERE, "nothing", &"x".to_owned().into())),
        Action::ExportIntegration => drop(access.export(HERE, "nothing")),
        Action::ImportIntegration => drop(access.import(b"nothing", NB, yes()).await),
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
            | Action::PutAside
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
        ("expects", "says of a link whether a sign-in waits for it"),
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
        ("may_with_card", "the gate"),
        ("may_with_filing", "the gate"),
        ("set_work_secret", "the gate; tested in client.rs"),
        ("make_work_key", "the gate; tested in client.rs"),
        ("import_work_key", "the gate; tested in client.rs"),
        ("tray_reminders", "reminders work although it is locked (mock 11), and are filtered"),
        ("work_sign_in", "the gate"),
        ("work_lock", "the gate"),
        ("work_import", "the gate"),
        ("open_quietly", "opens"),
        ("halt", "ends something"),
        ("may_export_batch", "tries whether a file can be written, and leaves nothing"),
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
            let asks = asks || body.contains("self.desk.session.sign_out()") || body.contains("self.open_all(");
            // What is done with a draft is asked for where the draft is found.
            let found = ["self.draft(", "self.drafts(", "self.revision(", "self.restore_draft("];
            let asks = asks || found.iter().any(|call| body.contains(call));
            let exempt = EXEMPT.iter().any(|(known, _)| *known == name);
            assert!(asks || exempt, "{name} in {} does not ask the gate", file.display());
        }
    }
    assert_eq!(unused, [""; 0], "exempt and not there");
    let session = fs::read_to_string(source.join("session/mod.rs")).unwrap()
        + &fs::read_to_string(source.join("session/sign_in.rs")).unwrap();
    all.push_str(&session);
    let rest = ["SwitchEnvironment", "ChangeSettings", "ImportPolicy", "SetWorkClient"];
    for action in Action::ALL {
        let asked = all.contains(&format!("Action::{action:?}")) || rest.contains(&format!("{action:?}").as_str());
        assert!(asked, "nobody asks for {action:?}");
    }
}
