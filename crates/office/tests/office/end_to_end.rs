//! A return from the disk to its receipt in the archive.

use std::fs;

use serde_json::Value;
use vat_return::samples;
use view::{
    Delivered, EnvironmentName, ErrorCode, FilingState, FilingView, HistoryQuery, OfficeEvent, StepName, StepState,
    TimelineEvent, VerdictName,
};

use crate::desk::{Desk, INGRID, checked_file, checked_sample, file_sample, heard, sha256, sign_in, until};

#[tokio::test(flavor = "multi_thread")]
async fn a_return_is_filed_and_everything_comes_back() {
    let desk = Desk::new().await;
    let office = desk.open_as(INGRID).await;
    let mut events = office.events();
    let card = checked_sample(&office, "fjordlys").await;
    assert_eq!(card.check.verdict, VerdictName::Ok, "{:#?}", card.check);
    assert!(card.check.authority_at.is_some());
    let content = card.content.as_ref().unwrap();
    assert_eq!(content.company_name.as_deref(), Some("Fjordlys Interiør AS"));
    assert_eq!((content.period.as_str(), content.assessed_vat.as_str()), ("September–oktober 2026", "79857"));

    let begun = office.filings().file(&card.id, false).await.unwrap();
    assert_eq!(begun.row.filed_by.as_deref(), Some("Ingrid Solvang"));
    let filing = until(&office, &begun.id, FilingState::Received).await;

    assert_eq!(filing.delivered, Delivered::Yes);
    assert!(!filing.can_cancel && filing.has_receipt && filing.problem.is_none());
    for step in &filing.steps {
        let wanted = if step.step == StepName::Attachments { StepState::Skipped } else { StepState::Done };
        assert_eq!(step.state, wanted, "{step:?}");
    }
    let payment = filing.payment.clone().unwrap();
    assert_eq!(payment.amount, "79857");
    assert_eq!(payment.due.as_deref(), Some("2026-12-10"));
    // Practice has invented the claim: it says so, and its KID and account leave the archive in no view.
    assert_eq!(payment.invented.as_deref(), Some("ØVING · IKKE BETAL"));
    assert_eq!((payment.kid, payment.account, payment.provisional), (None, None, false));
    assert_eq!((filing.row.environment, filing.row.kid.as_deref()), (EnvironmentName::Practice, None));
    assert!(vat_return::Kid::parse(&kid_in_the_archive(&filing)).is_ok());
    let happened: Vec<TimelineEvent> = filing.timeline.iter().map(|entry| entry.event).collect();
    use TimelineEvent::{Checked, Confirmed, Created, Fetched, Filled, Read, Received, Uploaded};
    assert_eq!(happened, [Read, Checked, Created, Uploaded, Filled, Confirmed, Received, Fetched]);

    // The authorities have it once, byte for byte, from the person who signed.
    let deliveries = desk.deliveries().await;
    assert_eq!(deliveries.len(), 1, "{deliveries:#?}");
    assert_eq!(deliveries[0]["sha256"], sha256(samples::by_id("fjordlys").unwrap().bytes));
    assert_eq!(deliveries[0]["actor"], "Ingrid Solvang");
    // Nothing was asked twice on the way.
    let mut until_delivered: Vec<String> =
        desk.calls().await.into_iter().filter(|call| call != "parties").take(5).collect();
    // These two are sent side by side.
    until_delivered[1..3].sort();
    assert_eq!(until_delivered, ["createInstance", "postReturn", "putEnvelope", "firstNext", "secondNext"]);

    // The window heard of every state in between.
    let states: Vec<FilingState> = heard(&mut events)
        .into_iter()
        .filter_map(|event| match event {
            OfficeEvent::Filing { filing } => Some(filing.row.state),
            _ => None,
        })
        .collect();
    assert!(states.contains(&FilingState::Running) && states.contains(&FilingState::WaitingAnswer), "{states:?}");
    assert_eq!(states.last(), Some(&FilingState::Received));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_archive_holds_what_was_sent_and_what_came_back() {
    let desk = Desk::new().await;
    let office = desk.open_as(INGRID).await;
    let filing = file_sample(&office, "vika").await;
    let folder = office.filings().archive_path(&filing.id).unwrap();
    assert!(folder.starts_with(desk.archive()));
    let shown = folder.strip_prefix(desk.archive()).unwrap().display().to_string();
    assert!(shown.starts_with("Øving/Vika Tolketjenester AS 315203856/2026 september–oktober/1 ("), "{shown}");

    let manifest: Value = serde_json::from_slice(&fs::read(folder.join("manifest.json")).unwrap()).unwrap();
    let mut names = Vec::new();
    for (name, said) in manifest["files"].as_object().unwrap() {
        let bytes = fs::read(folder.join(name)).unwrap();
        assert_eq!(said["sha256"], sha256(&bytes), "{name}");
        assert_eq!(said["size"], bytes.len(), "{name}");
        names.push(name.as_str());
    }
    let wanted = [
        "betalingsinformasjon.xml",
        "instans.json",
        "konvolutt.xml",
        "kvittering.pdf",
        "mva-melding.xml",
        "tidslinje.txt",
        "valideringsresultat.xml",
    ];
    assert_eq!(names, wanted);
    assert_eq!(filing.files.len(), wanted.len() + 1);
    assert_eq!(fs::read(folder.join("mva-melding.xml")).unwrap(), samples::by_id("vika").unwrap().bytes);
    assert!(fs::read(office.filings().receipt_path(&filing.id).unwrap()).unwrap().starts_with(b"%PDF"));
    let account = fs::read_to_string(folder.join("tidslinje.txt")).unwrap();
    for words in [
        "Vika Tolketjenester AS",
        "Meldingen ble bekreftet og levert.",
        "Kvittering og betalingsinformasjon ble hentet.",
    ] {
        assert!(account.contains(words), "{account}");
    }
    let instance: Value = serde_json::from_slice(&fs::read(folder.join("instans.json")).unwrap()).unwrap();
    assert_eq!(instance["id"], filing.instance.clone().unwrap());
    assert_eq!(instance["status"]["isArchived"], true);
    let beside: Vec<_> =
        fs::read_dir(folder.parent().unwrap()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(beside.len(), 1, "nothing half-written lies beside it: {beside:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_return_and_a_second_start_find_everything() {
    let desk = Desk::new().await;
    let office = desk.open_as(INGRID).await;
    let first = file_sample(&office, "fjordlys").await;
    let second = file_sample(&office, "vika").await;
    office.close().await;
    drop(office);

    let office = desk.open().await;
    let start = office.start_view();
    assert_eq!(start.session.as_ref().and_then(|session| session.name.as_deref()), Some("Ingrid Solvang"));
    let recent: Vec<&str> = start.recent.iter().map(|row| row.id.as_str()).collect();
    assert_eq!(recent, [&second.id, &first.id]);
    assert!(office.filings().receipt_path(&first.id).is_ok() && office.filings().receipt_path(&second.id).is_ok());
    let find = |text: &str| {
        let query = HistoryQuery { text: text.into(), limit: 10, ..HistoryQuery::default() };
        office.filings().history(&query).unwrap().rows.into_iter().map(|row| row.id).collect::<Vec<_>>()
    };
    assert_eq!(find("FJORDLYS"), [first.id.as_str()]);
    assert_eq!(find("315 203 856"), [second.id.as_str()]);
    assert_eq!(find("79 857"), [first.id.as_str()]);
    assert_eq!(find(&kid_in_the_archive(&first)), [first.id.as_str()]);
    assert_eq!(find("nobody"), Vec::<String>::new());
    assert_eq!(find("").len(), 2);
    assert_eq!(desk.deliveries().await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_checked_is_what_is_sent_whatever_becomes_of_the_file() {
    let desk = Desk::new().await;
    let office = desk.open_as(INGRID).await;
    let bytes = samples::by_id("fjordlys").unwrap().bytes;
    let path = desk.file("mva.xml", bytes);
    let card = checked_file(&office, path.clone()).await;
    fs::write(&path, samples::by_id("vika").unwrap().bytes).unwrap();
    let filing = office.filings().file(&card.id, false).await.unwrap();
    fs::remove_file(&path).unwrap();
    let filing = until(&office, &filing.id, FilingState::Received).await;
    assert_eq!(desk.deliveries().await[0]["sha256"], sha256(bytes));
    assert_eq!(fs::read(office.filings().archive_path(&filing.id).unwrap().join("mva-melding.xml")).unwrap(), bytes);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_period_is_filed_again_only_when_that_is_meant() {
    let desk = Desk::new().await;
    let office = desk.open_as(INGRID).await;
    let first = file_sample(&office, "fjordlys").await;

    let card = checked_sample(&office, "fjordlys").await;
    let refused = office.filings().file(&card.id, false).await.unwrap_err();
    assert_eq!((refused.code, refused.values["filing"].as_str()), (ErrorCode::AlreadyFiled, first.id.as_str()));
    assert_eq!(desk.deliveries().await.len(), 1);

    let second = office.filings().file(&card.id, true).await.unwrap();
    let second = until(&office, &second.id, FilingState::Received).await;
    assert_eq!(desk.deliveries().await.len(), 2);
    assert!(office.filings().filing(&first.id).unwrap().row.replaced && !second.row.replaced);
    let name =
        |id: &str| office.filings().archive_path(id).unwrap().file_name().unwrap().to_string_lossy().into_owned();
    assert!(name(&first.id).starts_with("1 (") && name(&second.id).starts_with("2 ("));
}

#[tokio::test(flavor = "multi_thread")]
async fn pressing_twice_files_once() {
    let desk = Desk::new().await;
    let office = desk.open_as(INGRID).await;
    let card = checked_sample(&office, "fjordlys").await;
    let (one, two) = tokio::join!(office.filings().file(&card.id, false), office.filings().file(&card.id, false));
    let (one, two) = (one.unwrap(), two.unwrap());
    assert_eq!(one.id, two.id);
    until(&office, &one.id, FilingState::Received).await;
    assert_eq!(desk.deliveries().await.len(), 1);
    assert_eq!(desk.count("createInstance").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_filed_unchecked_or_by_nobody() {
    let desk = Desk::new().await;
    let office = desk.open().await;
    let card = office.returns().open_sample("fjordlys").await.unwrap();
    assert_eq!(office.returns().check(&card.id).await.unwrap_err().code, ErrorCode::NeedsSignIn);
    sign_in(&office, INGRID).await;
    assert_eq!(office.filings().file(&card.id, false).await.unwrap_err().code, ErrorCode::NotChecked);
    let invalid = checked_sample(&office, "fjordlys-ugyldig").await;
    assert_eq!(invalid.check.verdict, VerdictName::Invalid);
    assert_eq!(office.filings().file(&invalid.id, false).await.unwrap_err().code, ErrorCode::ReturnRefused);
    assert_eq!(desk.calls().await.iter().filter(|call| *call != "parties").count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn findings_of_both_checks_are_one_list() {
    let desk = Desk::new().await;
    let office = desk.open_as(INGRID).await;
    for sample in ["vika-avvik", "fjordlys-ugyldig"] {
        let card = office.returns().open_sample(sample).await.unwrap();
        let alone = card.check.findings.len();
        assert!(alone > 0 && card.check.findings.iter().all(|finding| finding.authority_text.is_none()));
        let card = office.returns().check(&card.id).await.unwrap();
        assert_eq!(card.check.findings.len(), alone, "{:#?}", card.check.findings);
        for (number, finding) in (1..).zip(&card.check.findings) {
            assert_eq!(finding.number, number);
            assert!(finding.by_momsbud && finding.authority_text.is_some(), "{finding:#?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outcome_goes_to_the_disk_with_the_next_intention() {
    let desk = Desk::quick().await;
    let office = desk.open_as(INGRID).await;
    file_sample(&office, "fjordlys").await;
    office.close().await;
    let db = rusqlite::Connection::open(desk.data().join("momsbud.db")).unwrap();
    let mut statement = db.prepare("SELECT step, entry, at FROM journal ORDER BY number").unwrap();
    let lines: Vec<(String, String, String)> = statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    let mut writes: Vec<Vec<String>> = Vec::new();
    let mut last = None;
    for (step, entry, at) in &lines {
        if last != Some(at) {
            writes.push(Vec::new());
        }
        last = Some(at);
        writes.last_mut().unwrap().push(format!("{step} {entry}"));
    }
    assert_eq!(
        writes,
        [
            vec!["instance intention"],
            vec!["instance done", "envelope intention", "return intention"],
            vec!["envelope done", "return done", "fill intention"],
            vec!["fill done", "confirm intention"],
            vec!["confirm done"],
            vec!["feedback done", "archive intention"],
            vec!["archive done"],
        ]
    );
}

/// The KID for paying in, as the authority's own file has it.
fn kid_in_the_archive(filing: &FilingView) -> String {
    let folder = filing.archive_folder.as_ref().unwrap();
    let file = std::fs::read_to_string(std::path::Path::new(folder).join("betalingsinformasjon.xml")).unwrap();
    let (_, rest) = file.split_once("<kundeidentifikasjonsnummer>").unwrap();
    rest.split_once('<').unwrap().0.to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refund_is_no_bill_of_nothing() {
    let desk = Desk::new().await;
    let office = desk.open_as(INGRID).await;
    let refund = file_sample(&office, "vika").await;
    assert!(refund.row.assessed_vat.starts_with('-'), "{}", refund.row.assessed_vat);
    // The authority answers 0, with a KID and a day.
    let folder = refund.archive_folder.clone().unwrap();
    let told = std::fs::read_to_string(std::path::Path::new(&folder).join("betalingsinformasjon.xml")).unwrap();
    assert!(told.contains("<beloep>0</beloep>") && told.contains("<betalingsfrist>"), "{told}");
    let payment = refund.payment.clone().unwrap();
    assert_eq!(payment.amount, refund.row.assessed_vat);
    assert_eq!((payment.kid, payment.account, payment.due), (None, None, None));
}
