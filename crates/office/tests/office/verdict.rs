//! What Skatteetaten decided is what the program says: every verdict, however and whenever it arrives, in every place that
//! tells of it (apis.md 1.9).

use std::{fs, path::Path, sync::Arc};

use office::Office;
use practice::world::FJORDLYS;
use reminders::{Announcement, deadlines::due};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use view::{
    ArchiveFault, DeadlineState, EnvironmentName, ErrorCode, ExportSelection, FilingState, FilingView, HistoryQuery,
    NoticeKind, OpenBecause, ReminderSettings, SeverityName, TimelineEvent, Verdict,
};

use crate::desk::{Desk, INGRID, checked_sample, file_sample, reason, sign_in, until, until_it};

const DAY: i64 = 24 * 60 * 60;

/// The practice's word for each verdict, and what comes of it.
const VERDICTS: [(&str, Verdict, FilingState); 8] = [
    ("accepted", Verdict::Accepted, FilingState::Received),
    ("deviating", Verdict::Deviating, FilingState::Received),
    ("incomplete", Verdict::Incomplete, FilingState::Received),
    ("invalid", Verdict::Invalid, FilingState::Rejected),
    ("unknownWord", Verdict::Unknown, FilingState::Unclear),
    ("otherNamespace", Verdict::Unknown, FilingState::Unclear),
    ("unreadable", Verdict::Unreadable, FilingState::Unclear),
    ("missing", Verdict::Missing, FilingState::Unclear),
];

/// Files the sample; the last one of the period counts, so that each is a new version of the one before. Reminders have begun
/// by then, and come at any hour.
async fn begin(desk: &Desk, office: &Arc<Office>, word: &str, altinn: Value) -> FilingView {
    let settings = office.reminders().settings().unwrap();
    office.reminders().set_settings(ReminderSettings { quiet: false, quiet_weekends: false, ..settings }).unwrap();
    desk.settings(json!({"altinn": altinn, "skatteetaten": {"verdict": word}})).await;
    let card = checked_sample(office, "fjordlys").await;
    let filing = office.filings().file(&card.id, true).await.unwrap();
    office.returns().close_card(&card.id).unwrap();
    filing
}

/// Everything that tells of a filing tells the same.
async fn says_the_same_everywhere(
    desk: &Desk,
    office: &Arc<Office>,
    filing: &str,
    verdict: Verdict,
    state: FilingState,
    about: &str,
) {
    // One that must be looked at may still be without its verdict.
    let archived = |view: &FilingView| -> Option<Value> {
        let manifest = fs::read(Path::new(view.archive_folder.as_ref()?).join("manifest.json")).ok()?;
        serde_json::from_slice::<Value>(&manifest).ok()?.get("verdict").cloned()
    };
    let word = serde_json::to_value(verdict).unwrap();
    let said = |view: &FilingView| {
        view.row.state == state && view.row.verdict == Some(verdict) && archived(view).as_ref() == Some(&word)
    };
    let view = until_it(office, filing, about, said).await;
    assert_eq!(
        view.substatus.as_ref().map(|label| label.label.as_str()),
        Some("Mottatt"),
        "{about}: shown, not trusted"
    );
    // Payment.
    let accepted = state == FilingState::Received;
    assert!(
        view.row.kid.is_none() && (view.payment.is_some() || !accepted),
        "{about}: nothing is owed that is rejected"
    );
    if let Some(payment) = &view.payment {
        assert_eq!(payment.provisional, !accepted, "{about}");
        // Practice has invented the claim: accepted or not, nobody is shown how to pay it.
        assert!(payment.kid.is_none() && payment.account.is_none(), "{about}: {payment:?}");
        assert_eq!(payment.invented.as_deref(), Some("ØVING · IKKE BETAL"), "{about}");
    }
    // Reasons.
    let codes: Vec<&str> = view.deviations.iter().map(|finding| finding.identifier.as_str()).collect();
    match verdict {
        Verdict::Invalid => {
            assert_eq!(reason(&view), Some(ErrorCode::ReturnRejected), "{about}");
            assert!(codes.contains(&"MOTTAK_AVVIST"), "{about}: {codes:?}");
            assert!(view.deviations.iter().any(|finding| finding.severity == SeverityName::Invalid), "{about}");
            let details = view.problem.as_ref().unwrap().details.join("\n");
            assert!(details.contains("avvist ved mottak"), "{about}: {details}");
        }
        Verdict::Deviating => assert!(codes.contains(&"MOTTAK_AVVIK"), "{about}: {codes:?}"),
        Verdict::Incomplete => assert!(codes.contains(&"MOTTAK_MANGEL"), "{about}: {codes:?}"),
        Verdict::Accepted => assert!(codes.is_empty() && view.problem.is_none(), "{about}: {codes:?}"),
        Verdict::Unknown | Verdict::Unreadable | Verdict::Missing => {
            assert_eq!(reason(&view), Some(ErrorCode::AnswerUnclear), "{about}");
        }
    }
    let wanted = match state {
        FilingState::Received => TimelineEvent::Received,
        FilingState::Rejected => TimelineEvent::Rejected,
        _ => TimelineEvent::Unclear,
    };
    assert!(view.timeline.iter().any(|entry| entry.event == wanted), "{about}: {:?}", view.timeline);
    // History.
    let query = HistoryQuery { state: Some(state), limit: 100, ..HistoryQuery::default() };
    assert!(office.filings().history(&query).unwrap().rows.iter().any(|row| row.id == filing), "{about}");
    // Archive.
    let folder = office.filings().archive_path(filing).unwrap();
    let manifest: Value = serde_json::from_slice(&fs::read(folder.join("manifest.json")).unwrap()).unwrap();
    assert_eq!(manifest["state"], serde_json::to_value(state).unwrap(), "{about}");
    assert_eq!(manifest["verdict"], serde_json::to_value(verdict).unwrap(), "{about}");
    let kept = folder.join("valideringsresultat.xml").exists();
    assert_eq!(kept, verdict != Verdict::Missing, "{about}");
    // Deadlines: the period is done only where the return counts.
    let year = office.calendar().year(Some(2026)).unwrap();
    let row = year.rows.iter().find(|row| row.org_number == FJORDLYS).unwrap();
    let cell = row.cells.iter().find(|cell| cell.period == view.row.period).unwrap();
    match state {
        FilingState::Received => {
            assert_eq!((cell.state, cell.filing.as_deref()), (DeadlineState::Filed, Some(filing)), "{about}");
        }
        // Open all the same, with the way to what was rejected.
        FilingState::Rejected => {
            assert_ne!(cell.state, DeadlineState::Filed, "{about}");
            assert_eq!(cell.filing.as_deref(), Some(filing), "{about}");
        }
        _ => assert_ne!(cell.state, DeadlineState::Filed, "{about}"),
    }
    // Exports.
    let file = desk.file("eksport.csv", b"");
    let selection = ExportSelection::Filings { ids: vec![filing.to_owned()] };
    office.archive().export_csv(selection, file.clone()).await.unwrap();
    let table = fs::read_to_string(&file).unwrap();
    let words = view::state_name(state, Some(verdict), false, vat_return::Language::Nb);
    assert!(table.contains(words), "{about}: {table}");
}

/// What reminds of it: notices (bell and notification), tray, what is due.
fn reminds_the_same(desk: &Desk, office: &Arc<Office>, filing: &str, state: FilingState, about: &str) {
    let mut announced = office.reminders().announcements();
    // Looks now; the running program does it at every change.
    office.reminders().set_settings(office.reminders().settings().unwrap()).unwrap();
    let told = office.reminders().view().unwrap();
    let notice = told.notices.iter().find(|notice| notice.target.id.as_deref() == Some(filing));
    let notice = notice.unwrap_or_else(|| panic!("{about}: {told:#?}"));
    let (kind, late, words) = match state {
        FilingState::Received => (NoticeKind::Receipt, false, "vittering"),
        FilingState::Rejected => (NoticeKind::Waiting, true, "mva-meldingen er levert, men avvist"),
        _ => (NoticeKind::Waiting, false, "svaret må ses på"),
    };
    assert_eq!((notice.kind, notice.late), (kind, late), "{about}: {notice:?}");
    assert!(notice.title.contains(words), "{about}: {notice:?}");
    let heard: Vec<Announcement> = std::iter::from_fn(|| announced.try_recv().ok()).collect();
    // By itself, or summed up with what else has come.
    let shown = |it: &Announcement| match it {
        Announcement::Show { notice: shown, .. } => shown.key == notice.key || shown.text.contains(words),
        Announcement::Withdraw { .. } => false,
    };
    assert!(heard.iter().any(shown), "{about}: {heard:?}");
    assert_eq!(office.reminders().tray().as_ref(), Some(&told), "{about}");
    // The deadline is in front of the tray and of `due` for as long as nothing counts as filed.
    let data = desk.data();
    let now = desk.practice.clock().now();
    let due = due(office.work(), &data, EnvironmentName::Practice, now, 366, vat_return::Language::Nb).unwrap();
    let of_it = due.iter().find(|due| due.filing.as_deref() == Some(filing));
    let open = office.calendar().year(Some(2026)).unwrap();
    let row = open.rows.iter().find(|row| row.org_number == FJORDLYS).unwrap();
    let cell = row.cells.iter().find(|cell| cell.filing.as_deref() == Some(filing)).unwrap();
    match state {
        FilingState::Received => assert!(of_it.is_none() && cell.state == DeadlineState::Filed, "{about}: {due:?}"),
        FilingState::Rejected => {
            assert_eq!(of_it.map(|due| due.because), Some(OpenBecause::Rejected), "{about}: {due:?}");
            assert_eq!(cell.because, Some(OpenBecause::Rejected), "{about}");
        }
        _ => {
            assert_eq!(of_it.map(|due| due.because), Some(OpenBecause::Unclear), "{about}: {due:?}");
            assert_eq!(cell.because, Some(OpenBecause::Unclear), "{about}");
        }
    }
}

/// The folder's own account and the list for spreadsheets, in words.
fn tells_in_words(office: &Office, filing: &str, verdict: Verdict, about: &str) {
    let folder = office.filings().archive_path(filing).unwrap();
    let account = fs::read_to_string(folder.join("tidslinje.txt")).unwrap();
    let words = match verdict {
        Verdict::Accepted => "godtatt, ingen avvik",
        Verdict::Deviating => "godtatt, med avvik",
        Verdict::Incomplete => "godtatt, mangelfull",
        Verdict::Invalid => "avvist som ugyldig",
        Verdict::Unknown => "sier noe ukjent og må ses på",
        Verdict::Unreadable => "kan ikke leses og må ses på",
        Verdict::Missing => "mangler",
    };
    assert!(account.contains(words), "{about}: {account}");
    for payable in ["KID: ", "Konto: "] {
        assert!(!account.contains(payable), "{about}: {account}");
    }
}

/// All verdicts with one way of arriving.
async fn each_verdict(arrival: &str, altinn: Value, payment_first: bool) {
    for (word, verdict, state) in VERDICTS {
        let own = Desk::new().await;
        let office = own.open_as(INGRID).await;
        let about = format!("{word}, {arrival}");
        let filing = begin(&own, &office, word, altinn.clone()).await;
        if payment_first {
            let paid = until_it(&office, &filing.id, "paid", |filing| filing.payment.is_some()).await;
            let payment = paid.payment.unwrap();
            assert!(payment.provisional && payment.kid.is_none() && payment.account.is_none(), "{about}: {payment:?}");
        }
        says_the_same_everywhere(&own, &office, &filing.id, verdict, state, &about).await;
        reminds_the_same(&own, &office, &filing.id, state, &about);
        tells_in_words(&office, &filing.id, verdict, &about);
        assert_eq!(own.deliveries().await.len(), 1, "{about}");
        office.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_verdict_that_comes_with_the_end() {
    each_verdict("with the end", json!({"feedbackDelaySeconds": 0.3}), false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_verdict_that_comes_before_the_receipt() {
    let altinn = json!({"verdictDelaySeconds": 0.1, "receiptDelaySeconds": 0.3, "feedbackDelaySeconds": 0.3});
    each_verdict("before the receipt", altinn, false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_verdict_that_comes_after_the_receipt() {
    let altinn = json!({"verdictDelaySeconds": 0.4, "receiptDelaySeconds": 0.1, "feedbackDelaySeconds": 0.2});
    each_verdict("after the receipt", altinn, false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_verdict_that_comes_after_the_payment() {
    let altinn = json!({"paymentDelaySeconds": 0.05, "feedbackDelaySeconds": 0.9});
    each_verdict("after the payment", altinn, true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_verdict_that_comes_before_the_payment() {
    let altinn = json!({"paymentDelaySeconds": 0.5, "verdictDelaySeconds": 0.1, "feedbackDelaySeconds": 0.3});
    each_verdict("before the payment", altinn, false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_verdict_that_comes_while_the_program_is_closed() {
    for (word, verdict, state) in VERDICTS {
        let desk = Desk::new().await;
        let office = desk.open_as(INGRID).await;
        let filing =
            begin(&desk, &office, word, json!({"feedbackDelaySeconds": 3600, "paymentDelaySeconds": 40})).await;
        until(&office, &filing.id, FilingState::WaitingAnswer).await;
        office.close().await;
        drop(office);
        desk.control("POST", "/clock", Some(json!({"advanceSeconds": 3601}))).await;
        let office = desk.open_as(INGRID).await;
        says_the_same_everywhere(&desk, &office, &filing.id, verdict, state, &format!("{word}, restart")).await;
        reminds_the_same(&desk, &office, &filing.id, state, &format!("{word}, restart"));
        assert_eq!(desk.deliveries().await.len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_verdict_that_is_days_late_mends_what_was_unclear_without_it() {
    for (word, verdict, state) in VERDICTS.into_iter().filter(|(_, verdict, _)| *verdict != Verdict::Missing) {
        let desk = Desk::new().await;
        let office = desk.open_as(INGRID).await;
        let altinn = json!({"verdictDelaySeconds": 2 * DAY, "receiptDelaySeconds": 0.1, "feedbackDelaySeconds": 0.1});
        let filing = begin(&desk, &office, word, altinn).await;
        let about = format!("{word}, days late");
        says_the_same_everywhere(&desk, &office, &filing.id, Verdict::Missing, FilingState::Unclear, &about).await;
        reminds_the_same(&desk, &office, &filing.id, FilingState::Unclear, &about);
        // A restart changes nothing by itself.
        office.close().await;
        drop(office);
        let office = desk.open_as(INGRID).await;
        assert_eq!(office.filings().filing(&filing.id).unwrap().row.state, FilingState::Unclear, "{about}");
        desk.control("POST", "/clock", Some(json!({"advanceSeconds": 2 * DAY + 1}))).await;
        sign_in(&office, INGRID).await;
        says_the_same_everywhere(&desk, &office, &filing.id, verdict, state, &about).await;
        // Whoever has to look at it has been told when it was without its verdict, and is not told twice.
        if state != FilingState::Unclear {
            reminds_the_same(&desk, &office, &filing.id, state, &about);
        }
        tells_in_words(&office, &filing.id, verdict, &about);
        assert_eq!(desk.deliveries().await.len(), 1, "{about}");
        assert_eq!(office.archive().verify().await.unwrap().complaints, []);
    }
}

/// A verdict that is late, and its receipt later still; the program is closed in between, or is not.
#[tokio::test(flavor = "multi_thread")]
async fn a_late_verdict_that_comes_before_its_receipt_counts_once_that_is_there() {
    for restarts in [false, true] {
        let desk = Desk::new().await;
        let mut office = desk.open_as(INGRID).await;
        let altinn =
            json!({"verdictDelaySeconds": 2 * DAY, "receiptDelaySeconds": 3 * DAY, "feedbackDelaySeconds": 0.1});
        let filing = begin(&desk, &office, "accepted", altinn).await;
        until(&office, &filing.id, FilingState::Unclear).await;
        for _ in 0..2 {
            desk.control("POST", "/clock", Some(json!({"advanceSeconds": DAY + 3_600}))).await;
            sign_in(&office, INGRID).await;
            let before = desk.count("readInstance").await;
            while desk.count("readInstance").await < before + 2 {
                tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            }
            if restarts {
                office.close().await;
                drop(office);
                office = desk.open_as(INGRID).await;
            }
        }
        desk.control("POST", "/clock", Some(json!({"advanceSeconds": DAY}))).await;
        sign_in(&office, INGRID).await;
        let about = format!("late before its receipt, restarts {restarts}");
        says_the_same_everywhere(&desk, &office, &filing.id, Verdict::Accepted, FilingState::Received, &about).await;
        office.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_nobody_understands_is_not_asked_for_without_end() {
    let desk = Desk::new().await;
    let office = desk.open_as(INGRID).await;
    let filing = begin(&desk, &office, "unknownWord", json!({"feedbackDelaySeconds": 0.1})).await;
    until(&office, &filing.id, FilingState::Unclear).await;
    desk.control("POST", "/clock", Some(json!({"advanceSeconds": 15 * DAY}))).await;
    sign_in(&office, INGRID).await;
    tokio::time::sleep(std::time::Duration::from_millis(900)).await;
    let before = desk.count("readInstance").await;
    tokio::time::sleep(std::time::Duration::from_millis(1500)).await;
    assert_eq!(desk.count("readInstance").await, before, "it rests");
    // Asked for by hand it is looked at once more.
    let asked = office.filings().fetch_receipt_again(&filing.id).await.unwrap();
    assert_eq!(asked.row.state, FilingState::Unclear);
    until_it(&office, &filing.id, "read again", |_| true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rejected_period_is_filed_again_when_that_is_confirmed() {
    let desk = Desk::new().await;
    let office = desk.open_as(INGRID).await;
    let filing = begin(&desk, &office, "invalid", json!({"feedbackDelaySeconds": 0.1})).await;
    until(&office, &filing.id, FilingState::Rejected).await;
    desk.settings(json!({"skatteetaten": {"verdict": "assessed"}})).await;
    let card = checked_sample(&office, "fjordlys").await;
    // What was rejected stands nowhere: this replaces nothing, and the card says so.
    let seen = office.returns().card_view(&card.id).unwrap();
    assert!(seen.earlier.is_some_and(|earlier| earlier.rejected));
    // What was delivered is said to have been, rejected or not.
    let asked = office.filings().file(&card.id, false).await.unwrap_err();
    assert_eq!((asked.code, asked.values["state"].as_str()), (ErrorCode::AlreadyFiled, "rejected"));
    let again = office.filings().file(&card.id, true).await.unwrap();
    until(&office, &again.id, FilingState::Received).await;
    assert!(!office.filings().filing(&again.id).unwrap().row.replaced);
    assert_eq!(desk.deliveries().await.len(), 2);
}

/// Makes a folder what the program wrote before it read the verdict.
fn as_of_before(folder: &Path) {
    let path = folder.join("manifest.json");
    let mut manifest: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    let result = fs::read(folder.join("valideringsresultat.xml")).unwrap();
    let sha256: String = Sha256::digest(&result).iter().map(|byte| format!("{byte:02x}")).collect();
    manifest["files"]["valideringsresultat.xml"] = json!({"size": result.len(), "sha256": sha256});
    manifest["state"] = json!("received");
    manifest.as_object_mut().unwrap().remove("verdict");
    fs::write(&path, serde_json::to_vec_pretty(&manifest).unwrap()).unwrap();
    fs::remove_file(folder.join("manifest.hmac")).unwrap();
}

/// A history that is built anew from such an archive is not told before Altinn has been asked.
#[tokio::test(flavor = "multi_thread")]
async fn what_comes_back_from_an_old_archive_is_looked_at_before_it_is_told() {
    let desk = Desk::new().await;
    let office = desk.open_as(INGRID).await;
    let filing = begin(&desk, &office, "invalid", json!({"feedbackDelaySeconds": 0.1})).await;
    let rejected = until(&office, &filing.id, FilingState::Rejected).await;
    let folder = office.filings().archive_path(&rejected.id).unwrap();
    as_of_before(&folder);
    office.close().await;
    drop(office);
    fs::remove_file(desk.data().join("momsbud.db")).unwrap();
    let office = desk.open().await;
    let seen = office.archive().adoptable().await.unwrap();
    office.archive().adopt(&seen).await.unwrap();
    let now = office.filings().filing(&rejected.id).unwrap();
    assert_eq!((now.row.state, now.row.verdict), (FilingState::WaitingAnswer, None));
    sign_in(&office, INGRID).await;
    let now = until(&office, &rejected.id, FilingState::Rejected).await;
    assert_eq!(now.row.verdict, Some(Verdict::Invalid));
    let manifest: Value = serde_json::from_slice(&fs::read(folder.join("manifest.json")).unwrap()).unwrap();
    assert_eq!(manifest["state"], "rejected");
}

/// Whoever can write to the archive lays another verdict into the folder of a filing that has none: alone, or with the folder's
/// list changed. Nothing comes of it.
#[tokio::test(flavor = "multi_thread")]
async fn a_verdict_that_was_laid_in_is_not_believed() {
    let desk = Desk::new().await;
    let office = desk.open_as(INGRID).await;
    let filing = file_sample(&office, "fjordlys").await;
    let folder = office.filings().archive_path(&filing.id).unwrap();
    office.close().await;
    drop(office);
    let without_a_verdict = || {
        let db = rusqlite::Connection::open(desk.data().join("momsbud.db")).unwrap();
        db.execute("UPDATE filings SET verdict = NULL", []).unwrap();
        db.execute("DELETE FROM documents WHERE name = 'result'", []).unwrap();
    };
    let file = folder.join("valideringsresultat.xml");
    let said = fs::read_to_string(&file).unwrap();
    fs::write(&file, said.replace("ingen avvik", "ugyldig skattemelding")).unwrap();
    for with_the_list in [false, true] {
        without_a_verdict();
        if with_the_list {
            as_of_before(&folder);
        }
        let office = desk.open().await;
        let now = office.filings().filing(&filing.id).unwrap();
        assert_eq!((now.row.state, now.row.verdict), (FilingState::Received, None), "with the list: {with_the_list}");
        assert_eq!(office.start_view().review, None);
        let named = office.archive().verify().await.unwrap().complaints;
        assert!(!named.is_empty(), "with the list: {with_the_list}");
        office.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_called_received_is_looked_at_once_more_at_the_upgrade() {
    let desk = Desk::new().await;
    let office = desk.open_as(INGRID).await;
    let (rejected, sound) = (file_sample(&office, "fjordlys").await, file_sample(&office, "vika").await);
    let folder = office.filings().archive_path(&rejected.id).unwrap();
    let file = folder.join("valideringsresultat.xml");
    let said = fs::read_to_string(&file).unwrap();
    fs::write(&file, said.replace("ingen avvik", "ugyldig skattemelding")).unwrap();
    as_of_before(&folder);
    // A delivered one that a status of its reading once ended.
    desk.settings(json!({"altinn": {"feedbackDelaySeconds": 3600}})).await;
    let card = checked_sample(&office, "vika").await;
    let stopped = office.filings().file(&card.id, true).await.unwrap();
    until(&office, &stopped.id, FilingState::WaitingAnswer).await;
    office.close().await;
    drop(office);
    let db = rusqlite::Connection::open(desk.data().join("momsbud.db")).unwrap();
    db.execute("UPDATE filings SET verdict = NULL", []).unwrap();
    db.execute("UPDATE filings SET state = 'refused' WHERE state = 'waitingAnswer'", []).unwrap();
    db.execute("DELETE FROM documents WHERE name = 'result'", []).unwrap();
    db.execute("DELETE FROM manifests", []).unwrap();
    // What it knows of the files is what it had put there.
    let known: String =
        db.query_row("SELECT files FROM filings WHERE id = ?1", [&rejected.id], |row| row.get(0)).unwrap();
    let mut known: Value = serde_json::from_str(&known).unwrap();
    for known in known.as_array_mut().unwrap() {
        known["size"] = json!(fs::metadata(folder.join(known["name"].as_str().unwrap())).unwrap().len());
    }
    db.execute("UPDATE filings SET files = ?1, sum = NULL WHERE id = ?2", [&known.to_string(), &rejected.id]).unwrap();
    drop(db);

    let office = desk.open().await;
    let review = office.start_view().review.unwrap();
    let mut changed: Vec<_> = review.filings.iter().map(|it| (it.now.id.clone(), it.before, it.now.state)).collect();
    changed.sort_by(|a, b| a.0.cmp(&b.0));
    let mut wanted = vec![
        (rejected.id.clone(), FilingState::Received, FilingState::Rejected),
        (stopped.id.clone(), FilingState::Refused, FilingState::WaitingAnswer),
    ];
    wanted.sort_by(|a, b| a.0.cmp(&b.0));
    assert_eq!((review.looked, changed), (3, wanted));
    let now = office.filings().filing(&rejected.id).unwrap();
    assert_eq!((now.row.verdict, reason(&now)), (Some(Verdict::Invalid), Some(ErrorCode::ReturnRejected)));
    assert!(now.timeline.iter().any(|entry| entry.event == TimelineEvent::Reviewed));
    assert_eq!(office.filings().filing(&sound.id).unwrap().row.verdict, Some(Verdict::Accepted));
    // The folder says the same, whole and ours.
    let manifest: Value = serde_json::from_slice(&fs::read(folder.join("manifest.json")).unwrap()).unwrap();
    assert_eq!((&manifest["state"], &manifest["verdict"]), (&json!("rejected"), &json!("invalid")));
    assert_eq!(manifest["timeline"].as_array().unwrap().last().unwrap()["event"], "reviewed");
    let account = fs::read_to_string(folder.join("tidslinje.txt")).unwrap();
    assert!(account.contains("avvist som ugyldig") && account.contains("lest på nytt"), "{account}");
    // But for what nothing remembers of the version before.
    let complaints = office.archive().verify().await.unwrap().complaints;
    assert!(complaints.iter().all(|it| it.what == ArchiveFault::Unvouched), "{complaints:?}");
    office.archive().dismiss_review().unwrap();
    assert_eq!(office.start_view().review, None);
    // What waits again gets its answer, and nothing is delivered once more.
    desk.control("POST", "/clock", Some(json!({"advanceSeconds": 3601}))).await;
    sign_in(&office, INGRID).await;
    until(&office, &stopped.id, FilingState::Received).await;
    assert_eq!(desk.deliveries().await.len(), 3);
}
