//! Commands without a window: what they ask of the desktop, and what becomes of its answers.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::{access, archive, batch, books, deadlines, drafts, filing as filings, practice, register, settings, work};
use crate::{
    dialogs::Typed,
    fault::{Answer, fault},
    host::{
        Shell,
        test_host::{Program, work_account_required},
    },
};
use ::practice::world::INGRID;
use office::settings::{AddressName, JoinAnswer, LeaveAnswer, MirrorAnswer, RegisterWish};
use std::{fs, path::PathBuf, time::Duration};
use view::{
    BooksOrder, BooksQuery, DraftForm, EnvironmentName, ErrorCode, ExportFormat, ExportSelection, FilingState,
    HistoryQuery, ReminderSettings,
};

/// A register at an address that a person must say yes to.
fn elsewhere() -> RegisterWish {
    let [address, role, desk] = ["db.elsewhere.example/momsbud", "kari", "pc"].map(str::to_owned);
    RegisterWish { address, role, desk }
}

fn typed(text: &str) -> Typed {
    serde_json::from_value(text.into()).unwrap()
}

/// Every command that opens a dialog, with things that there are, and what it answers.
async fn with_dialogs(shell: &Shell) -> Vec<(&'static str, Answer<bool>)> {
    let it = || shell.clone();
    let all = ExportSelection::Filings { ids: Vec::new() };
    let nothing = |answered: Answer<Option<String>>| answered.map(|it| it.is_some());
    vec![
        ("choose_attachments", filings::choose_attachments(it(), "none".into()).await.map(|it| it.is_some())),
        ("export_history", {
            archive::export_history(it(), all, ExportFormat::Csv, "a".into()).await.map(|it| it.is_some())
        }),
        ("export_batch", nothing(batch::export_batch(it(), "batch.csv".into()).await)),
        ("choose_books_files", books::choose_books_files(it(), None).await.map(|()| false)),
        ("save_calendar", deadlines::save_calendar(it()).await),
        ("choose_sheet_file", drafts::choose_sheet_file(it(), None).await.map(|it| it.is_some())),
        ("attach_to_draft", drafts::attach_to_draft(it(), "none".into()).await.map(|it| it.is_some())),
        ("export_data", settings::export_data(it(), false).await.map(|it| it.is_some())),
        ("choose_archive_folder", nothing(settings::choose_archive_folder(it()).await)),
        ("import_integration", access::import_integration(it()).await.map(|it| it.is_some())),
        ("choose_client_key", {
            nothing(access::choose_client_key(it(), EnvironmentName::Practice, "none".into()).await)
        }),
        ("export_books_vouchers", {
            let query =
                BooksQuery { line: 0, question: None, own: None, search: String::new(), order: BooksOrder::Newest };
            books::export_books_vouchers(it(), "none".into(), query, "a".into()).await.map(|it| it.is_some())
        }),
        ("set_address", {
            let to = Some("https://elsewhere.example".to_owned());
            settings::set_address(it(), EnvironmentName::Test, AddressName::App, to).await.map(|it| it.is_some())
        }),
        ("join_register", {
            let answer = register::join_register(it(), elsewhere(), typed("x")).await;
            answer.map(|it| it == JoinAnswer::Joined)
        }),
        ("mirror_register", {
            register::mirror_register(it()).await.map(|it| matches!(it, MirrorAnswer::Mirrored { .. }))
        }),
        ("leave_register", {
            register::leave_register(it(), true).await.map(|it| matches!(it, LeaveAnswer::Left { .. }))
        }),
        ("choose_files", filings::choose_files(it()).await.map(|()| false)),
        ("choose_folder", filings::choose_folder(it()).await.map(|()| false)),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_is_told_before_a_dialog_opens() {
    let program = Program::start_with(Some(work_account_required())).await;
    for (command, answer) in with_dialogs(&program.shell).await {
        assert_eq!(answer.unwrap_err().code, ErrorCode::WorkLocked, "{command}");
    }
    assert_eq!(program.desktop.calls(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dialog_that_is_closed_changes_nothing() {
    let program = Program::start().await;
    for (command, answer) in with_dialogs(&program.shell).await {
        match answer {
            Ok(done) => assert!(!done, "{command}"),
            // There is no such card, and no batch.
            Err(error) => assert_eq!(error.code, ErrorCode::NotFound, "{command}: {error:?}"),
        }
    }
    let asked = program.desktop.calls();
    assert!(asked.iter().any(|it| it == "save as zip") && asked.iter().any(|it| it == "pick Json"), "{asked:?}");
    assert!(!asked.iter().any(|it| it.starts_with("show") || it.starts_with("take in 1")), "{asked:?}");
    assert!(!program.desktop.folder("data").join("settings.json").exists(), "an address was kept without a yes");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_is_saved_where_the_person_chose_and_shown_from_there() {
    let program = Program::start().await;
    let it = || program.shell.clone();
    let refused = batch::show_saved(it()).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::NotFound, "nothing has been saved yet");
    let draft = drafts::begin_draft(it(), None).await.unwrap();
    let to = program.desktop.folder("mine");
    fs::create_dir(&to).unwrap();
    program.desktop.chooses(to.clone());
    assert!(drafts::export_draft(it(), draft.id.clone(), DraftForm::Template).await.unwrap());
    let files: Vec<_> = fs::read_dir(&to).unwrap().map(|entry| entry.unwrap().path()).collect();
    let [file] = files.as_slice() else { panic!("{files:?}") };
    assert!(fs::read(file).unwrap().starts_with(b"PK"), "no spreadsheet");
    program.desktop.calls();
    batch::show_saved(it()).await.unwrap();
    assert_eq!(program.desktop.calls(), [format!("show {}", file.display())]);
    // Nothing is chosen: nothing is written.
    assert!(!drafts::export_draft(it(), draft.id, DraftForm::Sheet).await.unwrap());
    assert_eq!(fs::read_dir(&to).unwrap().count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_lies_on_the_clipboard_is_looked_at_only_when_the_window_gives_no_text() {
    let program = Program::start().await;
    let it = || program.shell.clone();
    "Kode\tGrunnlag\tAvgift\n3\t1000\t250\n".clone_into(&mut program.desktop.clipboard.lock().unwrap());
    let pasted = drafts::paste_sheet(it(), None, None).await.unwrap();
    assert_eq!(pasted.rows.len(), 2, "{pasted:?}");
    assert_eq!(program.desktop.calls(), ["read the clipboard"]);
    drafts::paste_sheet(it(), None, Some("3\t1000\t250".into())).await.unwrap();
    assert_eq!(program.desktop.calls(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_is_changed_only_by_a_yes_outside_the_window() {
    let program = Program::start().await;
    let it = || program.shell.clone();
    let to = Some("https://elsewhere.example".to_owned());
    let wish = || settings::set_address(it(), EnvironmentName::Test, AddressName::App, to.clone());
    assert!(wish().await.unwrap().is_none());
    *program.desktop.says_yes.lock().unwrap() = true;
    let view = wish().await.unwrap().unwrap();
    let test = view.addresses.iter().find(|it| it.environment == EnvironmentName::Test).unwrap();
    assert!(test.rows.iter().any(|row| row.value == "https://elsewhere.example"), "{test:?}");
    assert_eq!(program.desktop.calls().len(), 2, "asked each time");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_register_elsewhere_is_asked_only_after_a_yes_outside_the_window() {
    let program = Program::start().await;
    let it = || program.shell.clone();
    let join = |address: &str| {
        let wish = RegisterWish { address: address.to_owned(), ..elsewhere() };
        register::join_register(it(), wish, typed("fjell"))
    };
    assert_eq!(join("db.elsewhere.example/momsbud").await.unwrap(), JoinAnswer::Declined);
    let asked = program.desktop.calls();
    assert_eq!(asked.len(), 1, "{asked:?}");
    *program.desktop.says_yes.lock().unwrap() = true;
    for (address, words) in [
        ("mysql://db.elsewhere.example/momsbud", "Adressen"),
        ("postgresql://kari:fjell@127.0.0.1/momsbud", "Passordet skal ikke"),
        ("db.elsewhere.example/momsbud?sslmode=disable", "bevise hvem"),
        // Nobody listens there.
        ("127.0.0.1:1/momsbud?connect_timeout=2", "kan ikke nås"),
    ] {
        let answer = join(address).await.unwrap();
        assert!(matches!(&answer, JoinAnswer::Refused { why } if why.contains(words)), "{address}: {answer:?}");
        let now = settings::settings_view(it()).await.unwrap();
        assert_eq!((now.register, now.register_wish.address.as_str()), (None, ""), "{address}");
    }
    let left = register::leave_register(it(), true).await.unwrap();
    assert!(matches!(&left, LeaveAnswer::Refused { why } if why.contains("ikke med i noe kontorregister")), "{left:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_archive_moves_to_the_folder_of_the_dialog_and_the_office_opens_there() {
    let program = Program::start().await;
    let it = || program.shell.clone();
    let before = program.shell.office().await.unwrap();
    let refused = settings::change_archive_folder(it(), true).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::NotFound, "no folder has been chosen");
    let to = program.desktop.folder("elsewhere");
    fs::create_dir(&to).unwrap();
    program.desktop.chooses(to.clone());
    assert_eq!(settings::choose_archive_folder(it()).await.unwrap(), Some(to.display().to_string()));
    let view = settings::change_archive_folder(it(), true).await.unwrap();
    assert_eq!(view.archive.folder, to.display().to_string());
    let after = program.shell.office().await.unwrap();
    assert!(!std::sync::Arc::ptr_eq(&before, &after), "the office was not opened anew");
    // One choice serves once.
    settings::change_archive_folder(it(), true).await.unwrap_err();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sample_goes_from_its_card_to_its_receipt() {
    let program = Program::start().await;
    let it = || program.shell.clone();
    program.signs_in(INGRID).await;
    let samples = super::program::start_view(it()).await.unwrap().samples;
    assert!(samples.iter().any(|sample| sample.id == "vika"), "{samples:?}");
    let card = filings::open_sample(it(), "vika".into()).await.unwrap();
    filings::check(it(), card.id.clone()).await.unwrap();
    let begun = filings::file(it(), card.id, false).await.unwrap();
    let began = std::time::Instant::now();
    loop {
        let filing = super::history::filing(it(), begun.id.clone()).await.unwrap();
        if filing.row.state == FilingState::Received {
            break;
        }
        assert!(began.elapsed() < Duration::from_secs(60), "{filing:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    super::history::open_receipt(it(), begun.id.clone()).await.unwrap();
    let asked = program.desktop.calls();
    assert!(asked.last().is_some_and(|it| it.starts_with("open ") && it.ends_with(".pdf")), "{asked:?}");
    // Whoever can write to the archive puts a program in its place.
    let receipt = PathBuf::from(asked.last().unwrap().trim_start_matches("open "));
    let name = receipt.file_name().unwrap().to_str().unwrap();
    fs::write(&receipt, b"MZ\x90\0").unwrap();
    super::history::open_receipt(it(), begun.id.clone()).await.unwrap();
    super::archive::open_archived(it(), begun.id.clone(), name.to_owned()).await.unwrap();
    let asked = program.desktop.calls();
    assert_eq!(asked, [format!("show {}", receipt.display()), format!("show {}", receipt.display())]);
    fs::remove_file(&receipt).unwrap();
    fs::write(receipt.with_file_name("Kvittering.pdf.exe"), b"MZ").unwrap();
    let unlisted = super::archive::open_archived(it(), begun.id.clone(), "Kvittering.pdf.exe".into()).await;
    assert_eq!(unlisted.unwrap_err().code, ErrorCode::NotFound);
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("/bin/true", &receipt).unwrap();
        super::history::open_receipt(it(), begun.id.clone()).await.unwrap_err();
        assert_eq!(program.desktop.calls(), [""; 0]);
    }
    let page = super::history::history(it(), HistoryQuery { limit: 5, ..HistoryQuery::default() }).await.unwrap();
    assert_eq!(page.total, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_keeps_the_program_running_is_told_to_the_desktop() {
    let program = Program::start().await;
    let wish =
        ReminderSettings { keep_running: true, ..deadlines::reminder_settings(program.shell.clone()).await.unwrap() };
    assert!(deadlines::set_reminder_settings(program.shell.clone(), wish).await.unwrap().keep_running);
    assert_eq!(program.desktop.calls(), ["keep running true"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_practice_is_switched_and_the_page_for_administrators_opened() {
    let program = Program::start().await;
    let it = || program.shell.clone();
    let all = practice::practice_situations(it()).await.unwrap();
    let switched = practice::switch_practice(it(), practice::PracticeSituation::Rejected, true).await.unwrap();
    assert_eq!(all.len(), switched.len());
    assert_ne!(all, switched);
    work::show_work_guide(it()).await.unwrap();
    let asked = program.desktop.calls();
    assert!(asked.last().is_some_and(|it| it.starts_with("browse https://")), "{asked:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_office_that_does_not_open_is_said_by_every_command() {
    let program = Program::start().await;
    let office = program.shell.office().await.unwrap();
    program.shell.open.shut();
    office.close().await;
    fs::create_dir_all(program.desktop.folder("data").join("logs")).unwrap();
    let error = fault(ErrorCode::DataUnusable, "The database cannot be read.", &std::fmt::Error);
    program.shell.open.opened(Err(error.clone()));
    for (command, answer) in with_dialogs(&program.shell).await {
        // From here it is mended.
        if ["choose_archive_folder", "set_address"].contains(&command) {
            assert!(!answer.unwrap(), "{command}");
            continue;
        }
        assert_eq!(answer.unwrap_err().code, error.code, "{command}");
    }
    // First aid is there all the same.
    assert!(settings::support_log(program.shell.clone()).await.is_ok());
}
