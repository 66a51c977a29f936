//! Every permission and every action: nothing can be done without its permission, whatever way it is tried.

use std::{collections::BTreeMap, fs, path::PathBuf, sync::Arc};

use access::work::rights::Action;
use office::Office;
use practice::world::{FJORDLYS, VIKA};
use view::{
    CategoryName, DutyChoice, ExportFormat, ExportSelection, HistoryQuery, IntegrationForm, Language, Pause,
    PeriodKindName, Permission, ReminderSettings, Snooze,
};

use super::{
    HERE,
    firm::{Firm, group, one_rule, policy, signs_in},
};
use crate::desk::{INGRID, file_sample, sign_in, try_sign_in, yes};

const NB: Language = Language::Nb;

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
        Action::OpenPaths => drop(office.returns().open_paths(Vec::new()).await),
        Action::OpenSample => drop(office.returns().open_sample("nothing").await),
        Action::Books => drop(office.books().list()),
        Action::AnswerBooks => drop(office.books().answer("nothing", "nothing", None, false).await),
        Action::MakeReturn => drop(office.books().make_return("nothing").await),
        Action::Drafts => drop(office.drafts().list(false)),
        Action::ChangeDraft => drop(office.drafts().discard("nothing", false)),
        Action::CardView => drop(office.returns().card_view(&it.card)),
        Action::CloseCard => drop(office.returns().close_card("nothing")),
        Action::CloseCards => office.returns().close_cards(&[]),
        Action::ReopenCards => drop(office.returns().reopen_cards()),
        Action::Aim => office.returns().aim(None),
        Action::History => drop(office.filings().history(&HistoryQuery { limit: 5, ..HistoryQuery::default() })),
        Action::HistoryPeriods => drop(office.archive().periods()),
        Action::Filing => drop(office.filings().filing(&it.filing)),
        Action::ReceiptPath => drop(office.filings().receipt_path(&it.filing)),
        Action::ArchivePath => drop(office.filings().archive_path(&it.filing)),
        Action::ArchivedFile => drop(office.archive().file(&it.filing, "kvittering.pdf")),
        Action::ExportFilings => drop(office.archive().export(nothing, ExportFormat::Csv, csv()).await),
        Action::ExportZip => drop(office.archive().export_zip(nothing, it.out.join("x.zip")).await),
        Action::ExportCsv => drop(office.archive().export_csv(nothing, csv()).await),
        Action::Deadlines => drop(office.calendar().year(None)),
        Action::Calendar => drop(office.calendar().text()),
        Action::Reminders => drop(office.reminders().view()),
        Action::ReminderSettings => drop(office.reminders().settings()),
        Action::SetReminderSettings => drop(office.reminders().set_settings(it.reminders.clone())),
        Action::SnoozeNotice => drop(office.reminders().snooze("nothing", Snooze::Hour)),
        Action::DismissNotice => drop(office.reminders().dismiss("nothing")),
        Action::PauseReminders => drop(office.reminders().pause(Pause::None)),
        Action::SignIn => drop(try_sign_in(office, INGRID).await),
        Action::SignOut => drop(office.session().sign_out().await),
        Action::CheckReturn => drop(office.returns().check(&it.card).await),
        Action::CheckAll => drop(office.returns().check_all(&cards).await),
        Action::StopChecking => office.returns().stop_checking(),
        Action::Attach => drop(office.returns().attach(&it.card, Vec::new()).await),
        Action::LookAtAttachment => drop(office.returns().attachment_to_look_at(&it.card, "nothing")),
        Action::Detach => drop(office.returns().detach(&it.card, "nothing")),
        Action::Correct => drop(office.returns().correct(&it.filing, it.out.join("nothing.xml")).await),
        Action::Unfinished => drop(office.returns().unfinished(it.company).await),
        Action::ContinueUnfinished => drop(office.returns().continue_unfinished("nothing").await),
        Action::DeleteUnfinished => drop(office.returns().delete_unfinished("nothing").await),
        Action::ChooseDuty => drop(office.calendar().choose_duty(&duty)),
        Action::UnfollowDuty => drop(office.calendar().unfollow_duty(it.company, CategoryName::Ordinary)),
        Action::PutAside => {
            let key = format!("{}/alminnelig/2026/skattleggingsperiodeToMaaneder/mars-april", it.company);
            drop(office.calendar().put_aside(&key, Some("nedlagt")));
        }
        Action::MuteCompany => drop(office.calendar().mute_company(it.company, false)),
        Action::HandOver => drop(office.calendar().hand_over(&[it.company.to_owned()], None).await),
        Action::SetAway => drop(office.calendar().set_away(None, None).await),
        Action::FileReturn => drop(office.filings().file(&it.card, false).await),
        Action::ContinueFiling => drop(office.filings().continue_filing(&it.filing).await),
        Action::SignFiling => drop(office.filings().sign_filing(&it.filing).await),
        Action::CancelFiling => drop(office.filings().cancel_filing(&it.filing).await),
        Action::FetchReceiptAgain => drop(office.filings().fetch_receipt_again(&it.filing).await),
        Action::StartBatch => drop(office.batch().start(&cards, false)),
        Action::PauseBatch => drop(office.batch().pause()),
        Action::ContinueBatch => drop(office.batch().resume()),
        Action::CancelBatch => drop(office.batch().cancel()),
        Action::CloseBatch => drop(office.batch().close()),
        Action::BatchCsv => drop(office.batch().csv()),
        Action::ExportBatch => drop(office.batch().export(&csv())),
        Action::VerifyArchive => drop(office.archive().verify().await),
        Action::HistoryFromArchive => drop(office.archive().into_history().await),
        Action::DismissRecovery => drop(office.archive().dismiss_recovery()),
        Action::Export => drop(office.export(&it.out.join("x.zip"), &office::settings::Settings::default(), None, &[])),
        Action::SwitchEnvironment
        | Action::ChangeSettings
        | Action::ImportPolicy
        | Action::SetWorkClient
        | Action::UseRegister
        | Action::MoveIn => drop(office.may_change(action)),
        Action::AccessView => drop(access.view()),
        Action::IntegrationForm => drop(access.form(HERE, None, None, NB)),
        Action::SaveIntegration => drop(access.save(HERE, Some("nothing"), &it.form, NB, yes()).await),
        Action::RemoveIntegration => drop(access.remove(HERE, "nothing").await),
        Action::ChooseIntegration => drop(access.choose(HERE, "nothing")),
        Action::SetSecret => drop(access.set_client_secret(HERE, "nothing", &"x".to_owned().into())),
        Action::MakeKey => drop(access.make_client_key(HERE, "nothing").await),
        Action::ImportKey => drop(access.import_client_key(HERE, "nothing", &"x".to_owned().into())),
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
            | Action::HandOver
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
            reminders: office.reminders().settings().unwrap(),
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
