//! A history that is damaged or gone comes back: from what can still be read, and from the archive.

use std::{fs, path::Path};

use office::verify_archive;
use serde_json::json;
use view::{ArchiveFault, Delivered, ErrorCode, ExportSelection, FilingState, FilingView, HistoryQuery};

use crate::desk::{Desk, INGRID, JONAS, checked_sample, file_sample, reason, sign_in, until, until_it};

/// What must be the same afterwards.
fn kept(filing: &FilingView) -> serde_json::Value {
    json!({
        "row": filing.row, "payment": filing.payment, "files": filing.files, "folder": filing.archive_folder,
        "receipt": filing.has_receipt, "instance": filing.instance, "timeline": filing.timeline,
        "delivered": filing.delivered, "problem": filing.problem,
    })
}

fn all() -> HistoryQuery {
    HistoryQuery { limit: 50, ..HistoryQuery::default() }
}

fn remove_database(data: &Path) {
    for part in ["momsbud.db", "momsbud.db-wal", "momsbud.db-shm"] {
        let _ = fs::remove_file(data.join(part));
    }
    assert!(!data.join("momsbud.db").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_history_that_is_gone_is_built_anew_from_the_archive() {
    let desk = Desk::new().await;
    let office = desk.open_as(INGRID).await;
    assert_eq!(office.start_view().recovery, None, "a first start has lost nothing");
    let first = file_sample(&office, "fjordlys").await;
    let again = checked_sample(&office, "fjordlys").await;
    let again = office.filings().file(&again.id, true).await.unwrap();
    let again = until(&office, &again.id, FilingState::Received).await;
    let other = file_sample(&office, "vika").await;
    // One that was rejected late is in the archive too.
    desk.fault(json!({"call": "secondNext", "fault": {"kind": "lateRejection"}})).await;
    let refused = checked_sample(&office, "vika").await;
    let refused = office.filings().file(&refused.id, true).await.unwrap();
    let refused = until(&office, &refused.id, FilingState::Rejected).await;
    // Fetched twice, the folder tells of both times.
    office.filings().fetch_receipt_again(&other.id).await.unwrap();
    let before: Vec<_> = [&first, &again, &other, &refused]
        .map(|it| office.filings().filing(&it.id).unwrap())
        .iter()
        .map(kept)
        .collect();
    let rows = office.filings().history(&all()).unwrap();
    office.close().await;
    drop(office);
    remove_database(&desk.data());

    let office = desk.open().await;
    let told = office.start_view().recovery.unwrap();
    assert_eq!((told.from_archive, told.set_aside, told.saved), (4, None, 0));
    assert_eq!(told.unreadable, Vec::<String>::new());
    let after: Vec<_> = [&first, &again, &other, &refused]
        .map(|it| office.filings().filing(&it.id).unwrap())
        .iter()
        .map(kept)
        .collect();
    assert_eq!(after, before);
    assert_eq!(office.filings().history(&all()).unwrap(), rows, "in the same order, the replaced one still replaced");
    assert_eq!(rows.rows.iter().filter(|row| row.replaced).count(), 1);
    assert_eq!(office.archive().verify().await.unwrap().complaints, []);
    // Told until somebody has taken notice.
    office.close().await;
    drop(office);
    let office = desk.open().await;
    assert!(office.start_view().recovery.is_some());
    office.archive().dismiss_recovery().unwrap();
    assert_eq!(office.start_view().recovery, None);

    // What was filed is known to be filed, and the receipt can be fetched by whoever may see it.
    sign_in(&office, INGRID).await;
    let card = checked_sample(&office, "fjordlys").await;
    assert_eq!(office.filings().file(&card.id, false).await.unwrap_err().code, ErrorCode::AlreadyFiled);
    fs::remove_dir_all(office.filings().archive_path(&first.id).unwrap()).unwrap();
    let fetched = office.filings().fetch_receipt_again(&first.id).await.unwrap();
    assert!(fetched.has_receipt && office.filings().receipt_path(&first.id).is_ok());
    assert_eq!(desk.deliveries().await.len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_history_is_set_aside_and_what_is_under_way_still_arrives_once() {
    let desk = Desk::new().await;
    let office = desk.open_as(INGRID).await;
    let done = file_sample(&office, "fjordlys").await;
    desk.fault(json!({"call": "secondNext", "times": 0, "fault": {"kind": "status", "status": 503}})).await;
    let card = checked_sample(&office, "vika").await;
    let open = office.filings().file(&card.id, false).await.unwrap();
    until(&office, &open.id, FilingState::Waiting).await;
    office.close().await;
    drop(office);
    damage_table(&desk.data(), "timeline");
    desk.no_more_faults().await;

    let office = desk.open().await;
    let told = office.start_view().recovery.unwrap();
    let aside = told.set_aside.unwrap();
    assert!(Path::new(&aside).join("momsbud.db").exists(), "{aside}");
    assert_eq!((told.saved, told.from_archive), (2, 0), "both filings were still to be read");
    until(&office, &open.id, FilingState::Received).await;
    assert_eq!(office.filings().filing(&done.id).unwrap().payment, done.payment);
    assert_eq!(desk.deliveries().await.len(), 2);
    office.close().await;
    drop(office);
    // Once is enough.
    let office = desk.open().await;
    assert_eq!(office.filings().history(&all()).unwrap().total, 2);
    assert_eq!(fs::read_dir(desk.data().join("damaged")).unwrap().count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_under_way_and_has_lost_its_person_waits_for_one_who_says_go_on() {
    let desk = Desk::new().await;
    let office = desk.open_as(INGRID).await;
    desk.fault(json!({"call": "firstNext", "times": 0, "fault": {"kind": "status", "status": 503}})).await;
    let card = checked_sample(&office, "fjordlys").await;
    let open = office.filings().file(&card.id, false).await.unwrap();
    until(&office, &open.id, FilingState::Waiting).await;
    office.close().await;
    drop(office);
    damage_table(&desk.data(), "authorizations");
    desk.no_more_faults().await;
    let office = desk.open().await;
    assert_eq!(office.start_view().recovery.unwrap().saved, 1);
    // Another person signs in: it does not become hers by that.
    sign_in(&office, JONAS).await;
    let waiting = until_it(&office, &open.id, "told", |it| reason(it) == Some(ErrorCode::NeedsSignIn)).await;
    assert_eq!(waiting.delivered, Delivered::No);
    sign_in(&office, INGRID).await;
    office.filings().continue_filing(&open.id).await.unwrap();
    until(&office, &open.id, FilingState::Received).await;
    assert_eq!(desk.deliveries().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_that_comes_later_is_taken_in_when_asked() {
    let desk = Desk::new().await;
    let office = desk.open_as(INGRID).await;
    let filing = file_sample(&office, "fjordlys").await;
    office.close().await;
    drop(office);
    remove_database(&desk.data());
    // The disk is not there when the history is lost.
    let away = desk.archive().with_extension("away");
    fs::rename(desk.archive(), &away).unwrap();
    let office = desk.open().await;
    assert_eq!(office.filings().history(&all()).unwrap().total, 0);
    assert_eq!(office.archive().into_history().await.unwrap_err().code, ErrorCode::ArchiveUnusable);
    fs::rename(&away, desk.archive()).unwrap();
    assert_eq!(office.archive().into_history().await.unwrap(), 1);
    assert_eq!(office.archive().into_history().await.unwrap(), 0);
    assert_eq!(office.filings().filing(&filing.id).unwrap().payment, filing.payment);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_archive_is_compared_with_the_history_and_taken_along() {
    let desk = Desk::new().await;
    let office = desk.open_as(INGRID).await;
    let one = file_sample(&office, "fjordlys").await;
    let _two = file_sample(&office, "vika").await;
    let to = desk.data().join("ut.zip");
    let export =
        office.archive().export_zip(ExportSelection::Filings { ids: vec![one.id.clone()] }, to.clone()).await.unwrap();
    assert_eq!((export.filings, export.without_folder, export.left_out), (1, 0, 0));
    assert!(fs::read(&to).unwrap().starts_with(b"PK"));
    let found = HistoryQuery { text: "fjordlys".into(), ..HistoryQuery::default() };
    let to = desk.data().join("ut.csv");
    assert_eq!(
        office.archive().export_csv(ExportSelection::Found { query: found }, to.clone()).await.unwrap().filings,
        1
    );
    let csv = fs::read_to_string(&to).unwrap();
    assert!(csv.lines().count() == 2 && csv.contains("ØVING, ingen KID"), "{csv}");
    assert!(
        !csv.chars().collect::<String>().split(|c: char| !c.is_ascii_digit()).any(|digits| digits.len() > 11),
        "{csv}"
    );

    let periods = office.archive().periods().unwrap();
    assert_eq!(
        periods.iter().map(|it| it.words.as_deref()).collect::<Vec<_>>(),
        [None, Some("September–oktober 2026")]
    );
    let of =
        |period: &str| office.filings().history(&HistoryQuery { period: Some(period.into()), ..all() }).unwrap().total;
    assert_eq!((of(&periods[0].key), of(&periods[1].key), of("2025")), (2, 2, 0));

    let file = office.archive().file(&one.id, "konvolutt.xml").unwrap();
    assert!(file.exists());
    assert_eq!(office.archive().file(&one.id, "../../../momsbud.db").unwrap_err().code, ErrorCode::NotFound);

    fs::remove_dir_all(office.filings().archive_path(&one.id).unwrap()).unwrap();
    let report = office.archive().verify().await.unwrap();
    assert_eq!(report.complaints.iter().map(|it| it.what).collect::<Vec<_>>(), [ArchiveFault::FolderMissing]);
    let system = desk.data().join("../system");
    let keyring = std::sync::Arc::new(store::keyring::NoKeyring);
    let work = access::work::Work::alone(&desk.data(), &system, office.environment(), keyring).unwrap();
    assert_eq!(verify_archive(&work, &desk.data(), &desk.archive()).unwrap(), report);
}

/// Writes rubbish over the page at the root of a table, as a failing disk does.
fn damage_table(data: &Path, table: &str) {
    let path = data.join("momsbud.db");
    let (page, size) = {
        let db = rusqlite::Connection::open(&path).unwrap();
        db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
        let number =
            |question: &str| usize::try_from(db.query_row(question, [], |row| row.get::<_, i64>(0)).unwrap()).unwrap();
        (number(&format!("SELECT rootpage FROM sqlite_master WHERE name = '{table}'")), number("PRAGMA page_size"))
    };
    let mut bytes = fs::read(&path).unwrap();
    bytes[(page - 1) * size..page * size].fill(0x5A);
    fs::write(&path, bytes).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_delivered_and_cannot_be_read_keeps_its_company_in_doubt() {
    let desk = Desk::new().await;
    let office = desk.open_as(INGRID).await;
    file_sample(&office, "fjordlys").await;
    office.close().await;
    drop(office);
    // The archive goes with the database: only Altinn knows now.
    remove_database(&desk.data());
    fs::remove_dir_all(desk.archive()).unwrap();
    fs::create_dir(desk.archive()).unwrap();

    let office = desk.open_as(INGRID).await;
    let card = checked_sample(&office, "fjordlys").await;
    desk.fault(json!({"call": "download", "times": 2, "fault": {"kind": "garbled"}})).await;
    for _ in 0..2 {
        let refused = office.filings().file(&card.id, false).await.unwrap_err();
        assert_eq!(refused.code, ErrorCode::MayBeDelivered, "{refused:?}");
    }
    assert_eq!(desk.deliveries().await.len(), 1, "nothing is delivered on a guess");
    // Readable after all, it is known to be this very return: its receipt is fetched.
    let found = office.filings().file(&card.id, false).await.unwrap();
    until(&office, &found.id, FilingState::Received).await;
    assert_eq!(desk.deliveries().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_looked_in_altinn_herself_may_file_beside_what_cannot_be_read() {
    let desk = Desk::new().await;
    let office = desk.open_as(INGRID).await;
    file_sample(&office, "fjordlys").await;
    office.close().await;
    drop(office);
    remove_database(&desk.data());
    fs::remove_dir_all(desk.archive()).unwrap();
    fs::create_dir(desk.archive()).unwrap();

    let office = desk.open_as(INGRID).await;
    let card = checked_sample(&office, "fjordlys").await;
    desk.fault(json!({"call": "download", "fault": {"kind": "garbled"}})).await;
    assert_eq!(office.filings().file(&card.id, false).await.unwrap_err().code, ErrorCode::MayBeDelivered);
    office.filings().file_without_altinn(&card.id).unwrap();
    let again = office.filings().file(&card.id, false).await.unwrap();
    until(&office, &again.id, FilingState::Received).await;
    assert_eq!(desk.deliveries().await.len(), 2);
}
