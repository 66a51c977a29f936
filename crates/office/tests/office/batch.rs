//! Many returns at once: each delivered exactly once, a company's in the order of their periods, whatever happens on the
//! way.

use std::{
    collections::{BTreeSet, HashMap},
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

use office::Office;
use practice::world::{ASTRID, World};
use serde_json::{Value, json};
use vat_return::samples;
use view::{BatchState, BatchView, CardNote, ErrorCode, FilingState, HistoryQuery, OfficeEvent};

use crate::desk::{Desk, INGRID, heard, sign_in};

const PERIODS: [&str; 5] = ["januar-februar", "mars-april", "mai-juni", "juli-august", "september-oktober"];

/// How long a batch may take before a test gives up; the machine may be busy.
const PATIENCE: Duration = Duration::from_secs(120);

/// A return of a company for a period of 2026.
fn return_of(org_number: &str, period: &str) -> String {
    let sample = std::str::from_utf8(samples::by_id("fjordlys").unwrap().bytes).unwrap();
    sample.replace("311797816", org_number).replace("september-oktober", period)
}

fn companies() -> Vec<String> {
    World::synthetic().companies.into_iter().map(|company| company.org_number).collect()
}

/// Files of so many companies, so many periods each, the latest first: the order on the disk is not that of the periods.
fn files(desk: &Desk, companies_wanted: usize, periods: usize) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for (n, org_number) in companies().iter().take(companies_wanted).enumerate() {
        for period in PERIODS.iter().take(periods).rev() {
            let name = format!("drop/{n:02}-{}.xml", files.len());
            files.push(desk.file(&name, return_of(org_number, period).as_bytes()));
        }
    }
    files
}

/// Opens files and has them checked; the keys of their cards.
async fn checked(office: &Arc<Office>, files: Vec<PathBuf>) -> Vec<String> {
    let cards: Vec<String> = office.returns().open_paths(files).await.into_iter().map(|card| card.id).collect();
    office.returns().check_all(&cards).await.unwrap();
    cards
}

/// A drop of an office's whole evening, far down in folders and by several names.
#[tokio::test(flavor = "multi_thread")]
async fn f04_none_of_2003_returns_that_are_dropped_is_left_out() {
    let desk = Desk::new().await;
    let office = desk.open_as(INGRID).await;
    let numbers = (31_000_000_u32..).filter_map(with_check_digit);
    let drop_of = |folder: &str, count: usize| {
        for (n, number) in numbers.clone().take(count).enumerate() {
            // Deep, and by other names than .xml.
            let name = format!("{folder}/1/2/3/4/5/6/7/8/9/{}/{n}.{}", n % 7, ["xml", "txt", "XML"][n % 3]);
            desk.file(&name, return_of(&number, "mai-juni").as_bytes());
        }
        desk.data().parent().unwrap().join(folder)
    };
    let folder = drop_of("mange", 2_003);
    let cards = office.returns().open_dropped(vec![folder], None).await;
    assert_eq!(cards.len(), 2_003);
    assert!(cards.iter().all(|card| card.content.is_some() && card.brief));
    // One by itself, as the check of each asks for it.
    assert!(cards.iter().step_by(100).all(|card| office.returns().card_view(&card.id).unwrap().notes.is_empty()));
    // A second version of one of them is told of on both, and only there.
    let second = return_of(&numbers.clone().next().unwrap(), "mai-juni").replace("Balanse", "Vekta");
    let opened = office.returns().open_dropped(vec![desk.file("annen.xml", second.as_bytes())], None).await;
    assert!(
        matches!(&opened[0].notes[..], [CardNote::SamePeriod { file, .. }] if file == "0.xml"),
        "{:?}",
        opened[0].notes
    );
}

/// An organisation number of eight digits and its check digit, if there is one.
fn with_check_digit(body: u32) -> Option<String> {
    let digits = body.to_string();
    let weights = [3, 2, 7, 6, 5, 4, 3, 2];
    let sum: u32 =
        digits.chars().filter_map(|c| c.to_digit(10)).zip(weights).map(|(digit, weight)| digit * weight).sum();
    match (11 - sum % 11) % 11 {
        10 => None,
        check => Some(format!("{digits}{check}")),
    }
}

async fn until_batch(office: &Arc<Office>, what: &str, wanted: impl Fn(&BatchView) -> bool) -> BatchView {
    let began = Instant::now();
    loop {
        let batch = office.batch().view().unwrap();
        if wanted(&batch) {
            return batch;
        }
        assert!(began.elapsed() < PATIENCE, "not {what} in time: {batch:#?}");
        tokio::time::sleep(Duration::from_millis(15)).await;
    }
}

async fn until_received(office: &Arc<Office>, count: u32) -> BatchView {
    until_batch(office, "received", |batch| batch.received == count).await
}

/// What the authorities have: each once, and each company's in the order of its periods.
async fn delivered_once_and_in_order(desk: &Desk, count: usize) {
    let deliveries = desk.deliveries().await;
    let text = |delivery: &Value, name: &str| delivery[name].as_str().unwrap().to_owned();
    let keys: BTreeSet<_> = deliveries.iter().map(|one| (text(one, "orgNumber"), text(one, "period"))).collect();
    assert_eq!((deliveries.len(), keys.len()), (count, count), "each is delivered once");
    let mut last: HashMap<String, usize> = HashMap::new();
    for one in &deliveries {
        let place = PERIODS.iter().position(|period| *period == one["period"]).unwrap();
        if let Some(before) = last.insert(text(one, "orgNumber"), place) {
            assert!(before < place, "{} came out of order: {deliveries:#?}", one["orgNumber"]);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_returns_arrive_once_each_with_faults_on_the_way() {
    let desk = Desk::new().await;
    let office = desk.open_as(ASTRID).await;
    let cards = checked(&office, files(&desk, 8, 3)).await;
    desk.settings(json!({"latencyMs": 5})).await;
    let faults = [
        json!({"kind": "dropBefore"}),
        json!({"kind": "dropAfter"}),
        json!({"kind": "truncate"}),
        json!({"kind": "status", "status": 500, "acted": true}),
        json!({"kind": "status", "status": 503}),
        json!({"kind": "tooManyRequests", "retryAfterSeconds": 0}),
    ];
    for fault in faults {
        desk.fault(json!({"authority": "altinn_app", "probability": 0.0085, "fault": fault})).await;
    }
    // Chance may spare them all: these two strike for certain.
    desk.fault(json!({"call": "secondNext", "nth": 3, "fault": {"kind": "dropAfter"}})).await;
    desk.fault(json!({"call": "createInstance", "nth": 5, "fault": {"kind": "dropAfter"}})).await;
    let started = office.batch().start(&cards, false).unwrap();
    assert_eq!((started.left_out.len(), started.batch.unwrap().total), (0, 24));
    let done = until_received(&office, 24).await;
    assert_eq!(done.state, BatchState::Done);
    assert_eq!(done.to_pay, (79857 * 24).to_string());
    delivered_once_and_in_order(&desk, 24).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn several_companies_at_once_and_no_more_than_wanted() {
    let desk = Desk::new().await;
    desk.settings(json!({"latencyMs": 20})).await;
    let mut setup = desk.setup();
    setup.at_once = 3;
    let office = Office::open(setup).await.unwrap();
    sign_in(&office, ASTRID).await;
    let cards = checked(&office, files(&desk, 10, 1)).await;
    let mut events = office.events();
    office.batch().start(&cards, false).unwrap();
    until_received(&office, 10).await;
    let running = heard(&mut events).into_iter().filter_map(|event| match event {
        OfficeEvent::Batch { batch } => Some(batch?.running),
        _ => None,
    });
    let most = running.max().unwrap();
    assert!((2..=3).contains(&most), "at most three at once, and more than one: {most}");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_bad_return_stops_no_other() {
    let desk = Desk::new().await;
    let office = desk.open_as(INGRID).await;
    // Ingrid may file for the first two companies only.
    let mut all = files(&desk, 4, 1);
    all.push(desk.file("drop/broken.xml", samples::by_id("fjordlys-ugyldig").unwrap().bytes));
    all.push(desk.file("drop/nothing.xml", b"<nothing/>"));
    let cards = checked(&office, all).await;
    let started = office.batch().start(&cards, false).unwrap();
    let reasons: BTreeSet<String> = started.left_out.iter().map(|left| format!("{:?}", left.error.code)).collect();
    assert_eq!(reasons, BTreeSet::from(["NotAReturn".into(), "ReturnRefused".into()]));
    let batch = until_batch(&office, "done", |batch| batch.state == BatchState::Done && batch.answering == 0).await;
    assert_eq!((batch.total, batch.received, batch.waiting), (4, 2, 2));
    let waiting =
        office.filings().history(&HistoryQuery { state: Some(FilingState::Waiting), limit: 9, ..Default::default() });
    for row in waiting.unwrap().rows {
        assert_eq!(office.filings().filing(&row.id).unwrap().problem.unwrap().code, ErrorCode::NoRight);
    }
    delivered_once_and_in_order(&desk, 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_is_paused_gone_on_with_and_given_up() {
    let desk = Desk::new().await;
    desk.settings(json!({"latencyMs": 10})).await;
    let mut setup = desk.setup();
    setup.at_once = 1;
    let office = Office::open(setup).await.unwrap();
    sign_in(&office, ASTRID).await;
    let cards = checked(&office, files(&desk, 8, 1)).await;
    office.batch().start(&cards, false).unwrap();
    office.batch().pause().unwrap();
    let paused = until_batch(&office, "at rest", |batch| batch.running + batch.answering == 0).await;
    assert_eq!(paused.state, BatchState::Paused);
    assert!(paused.queued > 0);
    assert_eq!(desk.deliveries().await.len(), usize::try_from(paused.received).unwrap());

    office.batch().resume().unwrap();
    let cancelled = office.batch().cancel().unwrap();
    assert_eq!(cancelled.queued, 0);
    assert!(cancelled.cancelled > 0);
    let done = until_batch(&office, "done", |batch| batch.running + batch.answering == 0).await;
    assert_eq!((done.state, done.received + done.cancelled), (BatchState::Done, 8));
    delivered_once_and_in_order(&desk, usize::try_from(done.received).unwrap()).await;

    // What was taken out can be filed after all.
    let again: Vec<String> = office
        .start_view()
        .cards
        .into_iter()
        .filter(|card| card.filing.as_ref().is_some_and(|filing| filing.row.state == FilingState::Abandoned))
        .map(|card| card.id)
        .collect();
    office.batch().start(&again, false).unwrap();
    until_received(&office, done.cancelled).await;
    delivered_once_and_in_order(&desk, 8).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_survives_the_program_and_waits_for_a_word() {
    let desk = Desk::new().await;
    desk.settings(json!({"latencyMs": 30})).await;
    let mut setup = desk.setup();
    setup.at_once = 1;
    let office = Office::open(setup).await.unwrap();
    sign_in(&office, ASTRID).await;
    let cards = checked(&office, files(&desk, 6, 3)).await;
    office.batch().start(&cards, false).unwrap();
    until_batch(&office, "on its way", |batch| batch.received >= 1).await;
    office.close().await;
    drop(office);

    desk.settings(json!({"latencyMs": 0})).await;
    let office = desk.open().await;
    let found = office.batch().view().unwrap();
    assert_eq!((found.state, found.total), (BatchState::Interrupted, 18));
    assert!(found.queued > 0);
    assert_eq!(office.start_view().cards.len(), 18, "its returns lie open again");
    // What was under way goes on by itself, the rest does not.
    let resting = until_batch(&office, "at rest", |batch| batch.running + batch.answering == 0).await;
    assert_eq!(resting.queued, found.queued);
    assert_eq!(desk.deliveries().await.len(), usize::try_from(resting.received).unwrap());

    office.batch().resume().unwrap();
    until_received(&office, 18).await;
    delivered_once_and_in_order(&desk, 18).await;
    office.close().await;
    drop(office);
    assert_eq!(desk.open().await.batch().view(), None, "a batch that is done is not offered again");
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_that_die_in_the_middle_are_renewed_once_or_waited_for() {
    let desk = Desk::new().await;
    desk.settings(json!({"latencyMs": 10})).await;
    let office = desk.open_as(ASTRID).await;
    let cards = checked(&office, files(&desk, 10, 1)).await;
    // One refusal is renewed and gone on from.
    desk.fault(json!({"call": "postReturn", "nth": 2, "fault": {"kind": "expiredToken"}})).await;
    // Two in a row mean that somebody must sign in.
    desk.fault(json!({"call": "firstNext", "nth": 5, "times": 8, "fault": {"kind": "expiredToken"}})).await;
    office.batch().start(&cards, false).unwrap();
    let waiting = until_batch(&office, "waiting", |batch| batch.state == BatchState::WaitingSignIn).await;
    assert!(waiting.received < 10);
    assert!(office.start_view().session.is_none());
    desk.no_more_faults().await;
    // Another person's sign-in does not go on with it.
    sign_in(&office, INGRID).await;
    assert_eq!(office.batch().view().unwrap().state, BatchState::WaitingSignIn);
    assert_eq!(office.batch().resume().unwrap_err().code, ErrorCode::AnotherPerson);
    sign_in(&office, ASTRID).await;
    until_received(&office, 10).await;
    delivered_once_and_in_order(&desk, 10).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_lies_there_twice_is_said_and_of_two_versions_neither_is_filed() {
    let desk = Desk::new().await;
    let office = desk.open_as(ASTRID).await;
    let company = &companies()[2];
    let one = return_of(company, "mai-juni");
    let other = one.replace("FI-2026-5", "FI-2026-5b");
    let files = vec![
        desk.file("drop/a.xml", one.as_bytes()),
        desk.file("drop/a-copy.xml", one.as_bytes()),
        desk.file("drop/b.xml", other.as_bytes()),
    ];
    let cards = office.returns().open_paths(files).await;
    assert_eq!(cards.len(), 2, "the same bytes lie there once");
    let [a, b] = [&cards[0], &cards[1]];
    assert!(a.notes.contains(&CardNote::SameFile { file: "a-copy.xml".into() }), "{:?}", a.notes);
    assert!(a.notes.contains(&CardNote::SamePeriod { card: b.id.clone(), file: "b.xml".into() }), "{:?}", a.notes);
    let ids = [a.id.clone(), b.id.clone()];
    office.returns().check_all(&ids).await.unwrap();
    let started = office.batch().start(&ids, false).unwrap();
    let why: Vec<_> = started.left_out.iter().map(|left| left.error.code).collect();
    assert_eq!(why, [ErrorCode::SamePeriod, ErrorCode::SamePeriod], "nobody knows which of them is meant");
    assert_eq!(desk.deliveries().await.len(), 0);
    // She chooses one of them.
    office.returns().close_cards(&ids[1..]);
    assert_eq!(office.batch().start(&ids[..1], false).unwrap().left_out.len(), 0);
    until_received(&office, 1).await;

    let again = office.returns().open_paths(vec![desk.file("drop/later.xml", other.as_bytes())]).await;
    let card = again.iter().find(|card| card.file_name == "b.xml" || card.file_name == "later.xml").unwrap();
    office.returns().check_all(std::slice::from_ref(&card.id)).await.unwrap();
    let started = office.batch().start(std::slice::from_ref(&card.id), false).unwrap();
    assert_eq!(started.left_out[0].error.code, ErrorCode::AlreadyFiled);
    let told = office.returns().card_view(&card.id).unwrap();
    assert!(told.notes.iter().any(|note| matches!(note, CardNote::FiledBefore { .. })), "{:?}", told.notes);
    assert_eq!(desk.deliveries().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_programs_work_on_a_batch_once() {
    let desk = Desk::new().await;
    desk.settings(json!({"latencyMs": 10})).await;
    let office = desk.open_as(ASTRID).await;
    let all = files(&desk, 8, 2);
    let cards = checked(&office, all.clone()).await;
    office.batch().start(&cards, false).unwrap();
    let other = desk.open().await;
    assert_eq!(other.batch().view(), None, "the first one has it");
    let theirs = checked(&other, all).await;
    let started = other.batch().start(&theirs, false).unwrap();
    assert!(started.batch.is_none_or(|batch| batch.total <= 16));
    until_received(&office, 16).await;
    delivered_once_and_in_order(&desk, 16).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_result_can_be_opened_by_a_spreadsheet() {
    let desk = Desk::new().await;
    let office = desk.open_as(ASTRID).await;
    let cards = checked(&office, files(&desk, 2, 1)).await;
    office.batch().start(&cards, false).unwrap();
    until_received(&office, 2).await;
    let file = desk.file("result.csv", b"old");
    office.batch().export(&file).unwrap();
    let table = std::fs::read_to_string(&file).unwrap();
    let lines: Vec<&str> = table.strip_prefix('\u{feff}').unwrap().split_terminator("\r\n").collect();
    assert_eq!(lines.len(), 3);
    assert!(lines[0].starts_with("Virksomhet;Org.nr.;Termin;KID;Konto;Beløp;Forfall"));
    let fields: Vec<&str> = lines[1].split(';').collect();
    assert_eq!(fields.len(), 9);
    assert_eq!(fields[3..5], ["ØVING, ingen KID", "ØVING, ingen konto"], "nobody shall pay an invented claim");
    assert_eq!(fields[5], "79857");
    assert_eq!(fields[7], "Mottatt");
    assert!(office.batch().export(&desk.data().join("nowhere/result.csv")).is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn many_files_are_told_in_brief_and_shown_whole() {
    let desk = Desk::new().await;
    let office = desk.open().await;
    let all = files(&desk, 40, 5);
    let mut events = office.events();
    let cards = office.returns().open_paths(all).await;
    assert_eq!(cards.len(), 200);
    let content = cards[0].content.as_ref().unwrap();
    assert!(cards[0].brief && content.groups.is_empty() && !content.sha256.is_empty());
    let whole = office.returns().card_view(&cards[0].id).unwrap();
    assert!(!whole.brief && !whole.content.unwrap().groups.is_empty());
    assert_eq!(heard(&mut events).len(), 1, "one event for all of them");
}
