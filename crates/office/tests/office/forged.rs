//! An archive that somebody else can write to: what is laid into it is not believed, and leads nowhere.

use std::{fs, path::Path, sync::Arc};

use access::work::Work;
use serde_json::{Value, json};
use store::keyring::{Keyring, NoKeyring};
use view::{ArchiveFault, ErrorCode, HistoryQuery};

use crate::desk::{Desk, INGRID, SameKey, file_sample, sign_in};

fn all() -> HistoryQuery {
    HistoryQuery { limit: 50, ..HistoryQuery::default() }
}

fn remove_database(data: &Path) {
    for part in ["momsbud.db", "momsbud.db-wal", "momsbud.db-shm"] {
        let _ = fs::remove_file(data.join(part));
    }
}

/// Lays a folder into the archive as one who can write there does: a copy of a true one, changed at will.
fn forge(desk: &Desk, of: &Path, change: impl FnOnce(&mut Value)) {
    let to = desk.archive().join("Øving/Fremmed AS 999999999/2026 januar–februar/1 (2026-03-01)");
    fs::create_dir_all(&to).unwrap();
    for entry in fs::read_dir(of).unwrap().map(Result::unwrap).filter(|it| it.file_type().unwrap().is_file()) {
        fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
    let file = to.join("manifest.json");
    let mut manifest: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    change(&mut manifest);
    fs::write(file, serde_json::to_vec(&manifest).unwrap()).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_manifest_that_names_a_folder_removes_nothing_and_locks_nothing() {
    let desk = Desk::new().await;
    let office = desk.open_as(INGRID).await;
    let done = file_sample(&office, "fjordlys").await;
    let own = office.filings().archive_path(&done.id).unwrap();
    office.close().await;
    drop(office);
    remove_database(&desk.data());
    // A folder of hers, and one that the data folder leads to.
    let (hers, beside) = (desk.file("hers/brev.txt", b"hers"), desk.file("beside/brev.txt", b"hers"));
    for target in [hers.parent().unwrap().to_str().unwrap(), "../../beside", "..", "/"] {
        for state in ["waitingAnswer", "received", "underveis"] {
            forge(&desk, &own, |manifest| {
                manifest["filing"] = json!(target);
                manifest["state"] = json!(state);
                manifest["instance"] = Value::Null;
            });
            let office = desk.open_as(INGRID).await;
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
            for row in office.filings().history(&all()).unwrap().rows {
                let _ = office.filings().fetch_receipt_again(&row.id).await;
            }
            let _ = office.archive().adopt().await;
            assert_eq!(office.filings().fetch_receipt_again(target).await.unwrap_err().code, ErrorCode::NotFound);
            assert_eq!(office.filings().cancel_filing(target).await.unwrap_err().code, ErrorCode::NotFound);
            office.close().await;
            drop(office);
            remove_database(&desk.data());
        }
    }
    assert!(hers.exists() && beside.exists(), "nothing outside is removed");
    let locks = fs::read_dir(hers.parent().unwrap().parent().unwrap()).unwrap();
    let locks: Vec<_> =
        locks.filter(|it| it.as_ref().unwrap().path().extension().is_some_and(|it| it == "lock")).collect();
    assert!(locks.is_empty(), "{locks:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_bears_no_seal_of_ours_is_shown_as_not_from_here_and_never_among_ours() {
    let desk = Desk::new().await;
    let office = desk.open_as(INGRID).await;
    let done = file_sample(&office, "fjordlys").await;
    let own = office.filings().archive_path(&done.id).unwrap();
    assert_eq!(office.archive().verify().await.unwrap().complaints, []);
    forge(&desk, &own, |manifest| {
        manifest["filing"] = json!("0d9e1b5c-3c7f-4a52-9d5e-6a1f0c2b7e44");
        manifest["instance"] = json!("51400101/9576a5d7-8757-4275-bd84-308a11cfe56e");
        manifest["payment"] = json!({"amount": "1", "kid": "stranger", "account": "12345678903", "due": null});
        manifest["company"] = json!("Fremmed AS\nKonto: 1234 56 78903\u{1b}[2J\u{202e}");
        manifest["filedBy"] = json!("Kari\nKID: 1");
        manifest["number"] = json!(i64::MAX);
    });
    let report = office.archive().verify().await.unwrap();
    let foreign: Vec<_> = report.complaints.iter().filter(|it| it.what == ArchiveFault::NotFromHere).collect();
    assert_eq!(foreign.len(), 1, "{report:?}");
    assert_eq!(office.archive().into_history().await.unwrap(), 0);
    assert_eq!(office.filings().history(&all()).unwrap().total, 1);
    // The true one, once its manifest is another, is not what was written.
    office.close().await;
    drop(office);
    remove_database(&desk.data());
    let office = desk.open().await;
    let told = office.start_view().recovery.unwrap();
    assert_eq!((told.from_archive, told.foreign.len()), (1, 1), "{told:?}");
    let rows = office.filings().history(&all()).unwrap().rows;
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].id, done.id);
    // By the word of a person who may give it, it is taken in; what is to be paid comes from Skatteetaten's own file.
    assert_eq!(office.archive().adopt().await.unwrap(), 1);
    assert_eq!(office.archive().foreign_folders().await.unwrap(), Vec::<String>::new());
    let adopted = office.filings().filing("0d9e1b5c-3c7f-4a52-9d5e-6a1f0c2b7e44").unwrap();
    assert_ne!(adopted.payment.and_then(|it| it.kid).as_deref(), Some("stranger"));
    // Its words are one line each, and it leaves room for the next one.
    assert_eq!(adopted.row.company_name.as_deref(), Some("Fremmed AS Konto: 1234 56 78903[2J"));
    sign_in(&office, INGRID).await;
    let next = file_sample(&office, "vika").await;
    assert_eq!(office.filings().history(&all()).unwrap().rows[0].id, next.id, "the latest comes first");
}

/// The database is lost, and the person looks what she still has before she starts the program: by `momsbud-cli archive
/// verify`, which opens no office.
#[tokio::test(flavor = "multi_thread")]
async fn ones_own_folders_are_known_by_the_keyring_after_the_database_was_lost() {
    let desk = Desk::new().await;
    let office = desk.open_as(INGRID).await;
    let done = file_sample(&office, "fjordlys").await;
    let own = office.filings().archive_path(&done.id).unwrap();
    let environment = office.environment();
    office.close().await;
    drop(office);
    remove_database(&desk.data());
    let named = |keyring: Arc<dyn Keyring>| {
        let work = Work::alone(&desk.data(), &desk.data().join("../system"), environment, keyring).unwrap();
        let found = office::verify_archive(&work, &desk.data(), &desk.archive()).unwrap().complaints;
        found.into_iter().map(|it| (it.folder, it.what)).collect::<Vec<_>>()
    };
    assert_eq!(named(Arc::new(SameKey)), []);
    forge(&desk, &own, |manifest| manifest["filing"] = json!("0d9e1b5c-3c7f-4a52-9d5e-6a1f0c2b7e44"));
    let strangers = desk.archive().join("Øving/Fremmed AS 999999999/2026 januar–februar/1 (2026-03-01)");
    let below = |path: &Path| path.strip_prefix(desk.archive()).unwrap().to_str().unwrap().to_owned();
    // Nobody reads the files that a stranger lists, which could take hours: that it is none of ours says enough.
    fs::write(strangers.join("kvittering.pdf"), "another").unwrap();
    assert_eq!(named(Arc::new(SameKey)), [(below(&strangers), ArchiveFault::NotFromHere)]);
    // Without the keyring nobody can say whose a sealed folder is; one without a seal is nobody's either way.
    let unread = |path: &Path| (below(path), ArchiveFault::SealUnread);
    let both = named(Arc::new(NoKeyring));
    assert!(both.contains(&unread(&own)) && both.contains(&unread(&strangers)), "{both:?}");
    fs::remove_file(strangers.join("manifest.hmac")).unwrap();
    let both = named(Arc::new(NoKeyring));
    assert!(both.contains(&unread(&own)) && both.contains(&(below(&strangers), ArchiveFault::NotFromHere)), "{both:?}");
    // Nor does it say that all is well while there is no database at all.
    remove_database(&desk.data());
    assert_eq!(named(Arc::new(SameKey)), [(below(&strangers), ArchiveFault::NotFromHere)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_of_another_keyring_is_adopted_once_altinn_has_the_same() {
    let desk = Desk::new().await;
    let office = desk.open_as(INGRID).await;
    let done = file_sample(&office, "fjordlys").await;
    let own = office.filings().archive_path(&done.id).unwrap();
    office.close().await;
    drop(office);
    remove_database(&desk.data());
    // As one that was sealed elsewhere.
    fs::remove_file(own.join("manifest.hmac")).unwrap();
    let office = desk.open().await;
    let told = office.start_view().recovery.unwrap();
    assert_eq!((told.from_archive, told.foreign.len()), (0, 1));
    assert_eq!(office.filings().history(&all()).unwrap().total, 0);
    sign_in(&office, INGRID).await;
    let card = crate::desk::checked_sample(&office, "fjordlys").await;
    // It is found at Altinn; what is on its way is followed, and what has come is filed already.
    match office.filings().file(&card.id, false).await {
        Ok(followed) => assert_eq!(followed.id, done.id),
        Err(error) => assert_eq!(error.code, ErrorCode::AlreadyFiled),
    }
    let again = crate::desk::until(&office, &done.id, view::FilingState::Received).await;
    assert_eq!((again.instance, again.row.filed_by), (done.instance, done.row.filed_by));
    assert_eq!(again.payment, done.payment);
    assert_eq!(office.archive().verify().await.unwrap().complaints, []);
    assert_eq!(desk.deliveries().await.len(), 1);
}

/// Whoever can write to the archive lays a copy beside a folder of ours, seal and all, or puts a link in the place of one.
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_copy_of_a_folder_and_one_behind_a_link_are_named() {
    let desk = Desk::new().await;
    let office = desk.open_as(INGRID).await;
    let done = file_sample(&office, "fjordlys").await;
    let own = office.filings().archive_path(&done.id).unwrap();
    assert_eq!(office.archive().verify().await.unwrap().complaints, []);
    let copy = own.with_file_name("7 (2026-11-21)");
    fs::create_dir(&copy).unwrap();
    for file in fs::read_dir(&own).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), copy.join(file.file_name())).unwrap();
    }
    let named = async || {
        let found = office.archive().verify().await.unwrap().complaints;
        found.into_iter().map(|it| (it.folder, it.file, it.what)).collect::<Vec<_>>()
    };
    let below = |path: &Path| path.strip_prefix(desk.archive()).unwrap().to_str().unwrap().to_owned();
    assert_eq!(named().await, [(below(&copy), None, ArchiveFault::Surplus)]);
    // Where ours is gone, its copy is no stranger; ours is missing.
    let hers = desk.archive().parent().unwrap().join("hers");
    fs::rename(&own, &hers).unwrap();
    assert_eq!(named().await, [(below(&own), None, ArchiveFault::FolderMissing)]);
    fs::remove_dir_all(&copy).unwrap();
    std::os::unix::fs::symlink(&hers, &own).unwrap();
    let mut found = named().await;
    found.sort_by_key(|it| it.2 == ArchiveFault::FolderMissing);
    let both = [ArchiveFault::Surplus, ArchiveFault::FolderMissing];
    assert_eq!(found, both.map(|what| (below(&own), None, what)));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_of_the_version_before_is_taken_over_without_a_word() {
    let desk = Desk::new().await;
    let office = desk.open_as(INGRID).await;
    let done = file_sample(&office, "fjordlys").await;
    let own = office.filings().archive_path(&done.id).unwrap();
    office.close().await;
    drop(office);
    // As the version before left it: no seal, and nothing remembered of it.
    fs::remove_file(own.join("manifest.hmac")).unwrap();
    let db = rusqlite::Connection::open(desk.data().join("momsbud.db")).unwrap();
    db.execute_batch("DELETE FROM manifests; UPDATE filings SET sum = NULL").unwrap();
    drop(db);
    let office = desk.open().await;
    assert_eq!(office.start_view().recovery, None);
    let began = std::time::Instant::now();
    while !own.join("manifest.hmac").exists() {
        assert!(began.elapsed() < std::time::Duration::from_secs(20), "it is not sealed");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    office.close().await;
    drop(office);
    remove_database(&desk.data());
    let office = desk.open().await;
    let told = office.start_view().recovery.unwrap();
    assert_eq!((told.from_archive, told.foreign), (1, Vec::new()));
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn nobody_else_on_the_machine_may_read_data_and_archive() {
    use std::os::unix::fs::PermissionsExt as _;
    fn open_to_others(folder: &Path, found: &mut Vec<String>) {
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let mode = fs::symlink_metadata(entry.path()).unwrap().permissions().mode() & 0o077;
            if mode != 0 {
                found.push(format!("{} {mode:o}", entry.path().display()));
            }
            if entry.file_type().unwrap().is_dir() {
                open_to_others(&entry.path(), found);
            }
        }
    }
    let desk = Desk::new().await;
    let office = desk.open_as(INGRID).await;
    file_sample(&office, "fjordlys").await;
    let mut found = Vec::new();
    open_to_others(&desk.data(), &mut found);
    open_to_others(&desk.archive(), &mut found);
    assert_eq!(found, Vec::<String>::new());
    // What an earlier version left open is mended at the next start.
    fs::set_permissions(desk.data(), fs::Permissions::from_mode(0o755)).unwrap();
    fs::set_permissions(desk.data().join("momsbud.db"), fs::Permissions::from_mode(0o644)).unwrap();
    office.close().await;
    drop(office);
    let _office = desk.open().await;
    let began = std::time::Instant::now();
    loop {
        let mut found = Vec::new();
        open_to_others(desk.data().parent().unwrap(), &mut found);
        found.retain(|it| it.contains("data"));
        if found.is_empty() {
            return;
        }
        assert!(began.elapsed() < std::time::Duration::from_secs(20), "{found:?}");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}
