//! An archive that somebody else can write to: what is laid into it is not believed, and leads nowhere.

use std::{fs, path::Path, sync::Arc};

use access::work::Work;
use office::Office;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use store::keyring::{Keyring, NoKeyring};
use view::{ArchiveFault, ErrorCode, ExportSelection, FilingState, HistoryQuery};

use crate::desk::{Desk, INGRID, SameKey, file_sample, sign_in};

fn all() -> HistoryQuery {
    HistoryQuery { limit: 50, ..HistoryQuery::default() }
}

fn remove_database(data: &Path) {
    for part in ["momsbud.db", "momsbud.db-wal", "momsbud.db-shm"] {
        let _ = fs::remove_file(data.join(part));
    }
}

/// Takes in all that could be, as a person does who has looked at it.
async fn adopt(office: &Office) -> u32 {
    let seen = office.archive().adoptable().await.unwrap();
    office.archive().adopt(&seen).await.unwrap()
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
            let _ = adopt(&office).await;
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
    // By the word of a person who may give it, it is taken in: that it was delivered, and where. What is to be paid and what
    // became of it comes from Altinn, and until then the folder is a stranger's.
    let seen = office.archive().adoptable().await.unwrap();
    let [folder] = seen.as_slice() else { panic!("{seen:?}") };
    assert_eq!(folder.filing.company_name.as_deref(), Some("Fremmed AS Konto: 1234 56 78903[2J"));
    assert!(folder.folder.starts_with("Øving/Fremmed AS") && folder.filing.kid.is_none(), "{folder:?}");
    // What is another by the time she has given her word is not what she has seen.
    let of = desk.archive().join(&folder.folder).join("manifest.json");
    let was = fs::read(&of).unwrap();
    fs::write(&of, String::from_utf8(was.clone()).unwrap().replace("311797816", "315203856")).unwrap();
    assert_eq!(office.archive().adopt(&seen).await.unwrap(), 0);
    fs::write(&of, was).unwrap();
    assert_eq!(office.archive().adopt(&seen).await.unwrap(), 1);
    assert_eq!(office.archive().foreign_folders().await.unwrap().len(), 1);
    let adopted = office.filings().filing("0d9e1b5c-3c7f-4a52-9d5e-6a1f0c2b7e44").unwrap();
    assert_eq!((adopted.payment, adopted.row.state, adopted.row.verdict), (None, FilingState::WaitingAnswer, None));
    // Its words are one line each, and it leaves room for the next one.
    assert_eq!(adopted.row.company_name.as_deref(), Some("Fremmed AS Konto: 1234 56 78903[2J"));
    sign_in(&office, INGRID).await;
    let next = file_sample(&office, "vika").await;
    assert_eq!(office.filings().history(&all()).unwrap().rows[0].id, next.id, "the latest comes first");
}

/// Changes a file of a folder, and what the folder's list says of it.
fn change(folder: &Path, name: &str, bytes: &[u8]) {
    fs::write(folder.join(name), bytes).unwrap();
    let file = folder.join("manifest.json");
    let mut manifest: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    let sum: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    manifest["files"][name] = json!({"size": bytes.len(), "sha256": sum});
    fs::write(file, serde_json::to_vec_pretty(&manifest).unwrap()).unwrap();
}

/// The same amount, due on the same day, to another's account.
fn anothers_payment(folder: &Path) -> Vec<u8> {
    let told = fs::read_to_string(folder.join("betalingsinformasjon.xml")).unwrap();
    let account = told.split("ontonummer>").nth(1).and_then(|it| it.split('<').next()).unwrap().to_owned();
    assert!(account.chars().filter(char::is_ascii_digit).count() >= 11, "{told}");
    let others: String = account.chars().map(|it| if it.is_ascii_digit() { '7' } else { it }).collect();
    told.replace(&account, &others).into_bytes()
}

/// Whoever can write to the archive changes what is to be paid in an old folder of hers, list and all. The keyring is lost, and
/// she takes her archive in.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_taken_in_by_a_word_is_paid_by_altinns_answer_alone() {
    let desk = Desk::new().await;
    let office = desk.open_as(INGRID).await;
    let done = file_sample(&office, "fjordlys").await;
    let own = office.filings().archive_path(&done.id).unwrap();
    office.close().await;
    drop(office);
    remove_database(&desk.data());
    fs::remove_file(own.join("manifest.hmac")).unwrap();
    change(&own, "betalingsinformasjon.xml", &anothers_payment(&own));
    let office = desk.open().await;
    assert_eq!(adopt(&office).await, 1);
    let adopted = office.filings().filing(&done.id).unwrap();
    assert_eq!((adopted.payment, adopted.row.state), (None, FilingState::WaitingAnswer));
    assert!(!own.join("manifest.hmac").exists());
    let list = desk.data().join("liste.csv");
    office.archive().export_csv(ExportSelection::Found { query: all() }, list.clone()).await.unwrap();
    assert!(!fs::read_to_string(&list).unwrap().contains("7777777"));
    // Altinn says what is to be paid; then the folder is hers, and says the same.
    sign_in(&office, INGRID).await;
    let again = crate::desk::until(&office, &done.id, FilingState::Received).await;
    assert_eq!(again.payment, done.payment);
    assert_eq!(office.archive().verify().await.unwrap().complaints, []);
    assert!(own.join("manifest.hmac").exists());
    office.close().await;
    drop(office);

    // Another return than the one that was delivered in the instance that it names: nothing comes of it.
    remove_database(&desk.data());
    fs::remove_file(own.join("manifest.hmac")).unwrap();
    let sent = fs::read_to_string(own.join("mva-melding.xml")).unwrap();
    change(&own, "mva-melding.xml", sent.replacen("79857", "79858", 1).as_bytes());
    let office = desk.open().await;
    assert_eq!(adopt(&office).await, 1);
    sign_in(&office, INGRID).await;
    let before = desk.count("readInstance").await;
    while desk.count("readInstance").await < before + 2 {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let adopted = office.filings().filing(&done.id).unwrap();
    assert_eq!((adopted.payment, adopted.row.verdict), (None, None));
    assert_ne!(adopted.row.state, FilingState::Received);
    assert!(!own.join("manifest.hmac").exists());
    assert_eq!(desk.deliveries().await.len(), 1);
}

/// The same in a folder of an earlier version, which nobody has sealed yet: it is not sealed, and so is not believed when the
/// database is lost.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_changed_before_it_was_sealed_is_not_sealed() {
    let desk = Desk::new().await;
    let office = desk.open_as(INGRID).await;
    let (first, second) = (file_sample(&office, "fjordlys").await, file_sample(&office, "vika").await);
    let folder = |id: &str| office.filings().archive_path(id).unwrap();
    let (changed, as_it_was) = (folder(&first.id), folder(&second.id));
    office.close().await;
    drop(office);
    for folder in [&changed, &as_it_was] {
        fs::remove_file(folder.join("manifest.hmac")).unwrap();
    }
    change(&changed, "betalingsinformasjon.xml", &anothers_payment(&changed));
    let db = rusqlite::Connection::open(desk.data().join("momsbud.db")).unwrap();
    db.execute_batch("DELETE FROM manifests; UPDATE filings SET sum = NULL").unwrap();
    drop(db);
    let office = desk.open().await;
    let began = std::time::Instant::now();
    while !as_it_was.join("manifest.hmac").exists() {
        assert!(began.elapsed() < std::time::Duration::from_secs(20), "it is not sealed");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    // They are sealed one after the other, the oldest first.
    assert!(!changed.join("manifest.hmac").exists());
    // What the database does not keep itself it cannot vouch for, until it is fetched again.
    let unvouched = async |office: &Office| {
        let complaints = office.archive().verify().await.unwrap().complaints;
        let names = complaints.into_iter().filter(|it| it.what == ArchiveFault::Unvouched).map(|it| it.file.unwrap());
        names.collect::<Vec<_>>()
    };
    assert!(unvouched(&office).await.contains(&"kvittering.pdf".to_owned()));
    let compared = ["mva-melding.xml", "konvolutt.xml", "valideringsresultat.xml", "betalingsinformasjon.xml"];
    assert!(!unvouched(&office).await.iter().any(|name| compared.contains(&&**name)));
    sign_in(&office, INGRID).await;
    office.filings().fetch_receipt_again(&second.id).await.unwrap();
    crate::desk::until(&office, &second.id, FilingState::Received).await;
    assert_eq!(unvouched(&office).await, Vec::<String>::new());
    office.close().await;
    drop(office);
    remove_database(&desk.data());
    let office = desk.open().await;
    let told = office.start_view().recovery.unwrap();
    assert_eq!((told.from_archive, told.foreign.len()), (1, 1));
}

/// What another desk, or whoever can write to the archive, notes as the last filing puts nobody in doubt; what this keyring has
/// noted does, once.
#[tokio::test(flavor = "multi_thread")]
async fn only_ones_own_mark_says_that_the_history_is_of_an_earlier_day() {
    let desk = Desk::new().await;
    let office = desk.open_as(INGRID).await;
    file_sample(&office, "fjordlys").await;
    office.close().await;
    drop(office);
    let doubted = || {
        let db = rusqlite::Connection::open(desk.data().join("momsbud.db")).unwrap();
        let doubted = "SELECT count(*) FROM preferences WHERE name = 'history-doubted'";
        let doubted: i64 = db.query_row(doubted, [], |row| row.get(0)).unwrap();
        db.execute("DELETE FROM preferences WHERE name = 'history-doubted'", []).unwrap();
        doubted == 1
    };
    let opened = async || {
        let office = desk.open().await;
        office.close().await;
        drop(office);
        doubted()
    };
    let _ = doubted();
    let own = fs::read_dir(desk.archive()).unwrap().map(|it| it.unwrap().path());
    let own =
        own.into_iter().find(|it| it.file_name().unwrap().to_str().unwrap().starts_with(".momsbud-latest-")).unwrap();
    let stranger = "0d9e1b5c-3c7f-4a52-9d5e-6a1f0c2b7e44";
    fs::write(desk.archive().join(".momsbud-latest"), format!("{stranger}\n")).unwrap();
    let seal = fs::read_to_string(&own).unwrap();
    fs::write(desk.archive().join(".momsbud-latest-0123456789abcdef"), seal.replace(&seal[..36], stranger)).unwrap();
    assert!(!opened().await, "of a stranger, and of another desk");
    fs::write(&own, seal.replace(&seal[..36], stranger)).unwrap();
    assert!(!opened().await, "another's line under our seal");
    // A copy of the database of before the last filing; the folder of that is gone.
    let copy = desk.data().join("../before.db");
    let db = rusqlite::Connection::open(desk.data().join("momsbud.db")).unwrap();
    db.execute("VACUUM INTO ?1", [copy.to_str().unwrap()]).unwrap();
    drop(db);
    let office = desk.open_as(INGRID).await;
    let last = file_sample(&office, "vika").await;
    let folder = office.filings().archive_path(&last.id).unwrap();
    office.close().await;
    drop(office);
    fs::remove_dir_all(folder).unwrap();
    remove_database(&desk.data());
    fs::rename(&copy, desk.data().join("momsbud.db")).unwrap();
    assert!(opened().await, "ours");
    assert!(!opened().await, "it has been dealt with");
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
