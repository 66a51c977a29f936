//! Random damage to what lies on the disk, between every two steps of a filing, as often as wanted (`cargo xtask damage`):
//! the program starts, knows the filing that the authority has, and never delivers it again by itself.
//!
//! One filing is taken to its receipt, and everything that lies on the disk is copied at every boundary on the way. Then
//! a copy is laid out, damaged, and opened; the same return is filed once more, as a person would who is told that her
//! history was lost. The authority has had it all the while, so that an early copy is an old copy of the database.

use std::{
    collections::BTreeMap,
    env, fs,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use filing::{Boundaries, Moment};
use office::Office;
use view::{Delivered, ErrorCode, FilingState, HistoryQuery, StepName};

use crate::desk::{Desk, INGRID, checked_sample, setup, sign_in, until};

/// Damages when nobody says how many.
const SAMPLE: u64 = 40;
/// Where the sequence of damages begins; the same for every run.
const SEED: u64 = 0x6d6f_6d73_6275_6421;

/// Random numbers that are the same for the same seed (splitmix).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % sides
    }

    fn place(&mut self, length: usize) -> usize {
        usize::try_from(self.roll(length.max(1) as u64)).unwrap()
    }
}

/// Copies everything at every boundary.
struct Copies {
    data: PathBuf,
    archive: PathBuf,
    into: PathBuf,
    taken: Mutex<Vec<(StepName, Moment, PathBuf)>>,
}

impl Boundaries for Copies {
    fn reached(&self, step: StepName, moment: Moment) {
        let mut taken = self.taken.lock().unwrap();
        let to = self.into.join(taken.len().to_string());
        copy(&self.data, &to.join("data"));
        copy(&self.archive, &to.join("archive"));
        taken.push((step, moment, to));
    }
}

pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).into_iter().flatten().filter_map(Result::ok) {
        let (old, new) = (entry.path(), to.join(entry.file_name()));
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            copy(&old, &new);
        } else {
            // What the program removes meanwhile was on its way out.
            let _ = fs::copy(old, new);
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Bits,
    Byte,
    Rubbish,
    Cut,
    Zeroed,
    Swapped,
    NoLog,
    CutLog,
    OldCopy,
    Gone,
    AllGone,
    Head,
}

const KINDS: [Kind; 12] = [
    Kind::Bits,
    Kind::Byte,
    Kind::Rubbish,
    Kind::Cut,
    Kind::Zeroed,
    Kind::Swapped,
    Kind::NoLog,
    Kind::CutLog,
    Kind::OldCopy,
    Kind::Gone,
    Kind::AllGone,
    Kind::Head,
];

/// Damages a copy; says how.
fn damage(kind: Kind, data: &Path, archive: &Path, before: &Path, dice: &mut Dice) {
    let (file, log) = (data.join("momsbud.db"), data.join("momsbud.db-wal"));
    // Half of the damages hit a file whose log has been written into it.
    if dice.roll(2) == 0 && file.exists() {
        let db = rusqlite::Connection::open(&file).unwrap();
        let _ = db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
    }
    let mut bytes = fs::read(&file).unwrap_or_default();
    let pages = (bytes.len() / 4096).max(1);
    match kind {
        Kind::Bits => {
            for _ in 0..=dice.roll(8) {
                let at = dice.place(bytes.len());
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 1 << dice.roll(8);
                }
            }
        }
        Kind::Byte => {
            let at = dice.place(bytes.len());
            if let Some(byte) = bytes.get_mut(at) {
                *byte = u8::try_from(dice.roll(256)).unwrap();
            }
        }
        Kind::Rubbish => {
            let at = dice.place(bytes.len());
            let end = (at + 1 + dice.place(12_000)).min(bytes.len());
            for byte in bytes.get_mut(at..end).unwrap_or_default() {
                *byte = u8::try_from(dice.roll(256)).unwrap();
            }
        }
        Kind::Cut => bytes.truncate(dice.place(bytes.len() + 1)),
        Kind::Zeroed => {
            let page = dice.place(pages) * 4096;
            let end = (page + 4096).min(bytes.len());
            bytes.get_mut(page..end).unwrap_or_default().fill(0);
        }
        Kind::Swapped => {
            let (one, other) = (dice.place(pages) * 4096, dice.place(pages) * 4096);
            if one != other && one.max(other) + 4096 <= bytes.len() {
                for at in 0..4096 {
                    bytes.swap(one + at, other + at);
                }
            }
        }
        Kind::Head => {
            let at = dice.place(100);
            if let Some(byte) = bytes.get_mut(at) {
                *byte = u8::try_from(dice.roll(256)).unwrap();
            }
        }
        Kind::NoLog => drop(fs::remove_file(&log)),
        Kind::CutLog => {
            let mut log_bytes = fs::read(&log).unwrap_or_default();
            log_bytes.truncate(dice.place(log_bytes.len() + 1));
            fs::write(&log, log_bytes).unwrap();
        }
        Kind::OldCopy => {
            for part in ["momsbud.db", "momsbud.db-wal", "momsbud.db-shm"] {
                let _ = fs::remove_file(data.join(part));
                let _ = fs::copy(before.join("data").join(part), data.join(part));
            }
        }
        Kind::Gone | Kind::AllGone => {
            for part in ["momsbud.db", "momsbud.db-wal", "momsbud.db-shm"] {
                let _ = fs::remove_file(data.join(part));
            }
            if kind == Kind::AllGone {
                let _ = fs::remove_dir_all(archive);
            }
        }
    }
    if !matches!(kind, Kind::NoLog | Kind::CutLog | Kind::OldCopy | Kind::Gone | Kind::AllGone) {
        fs::write(&file, bytes).unwrap();
    }
    let _ = fs::remove_file(data.join("momsbud.db-shm"));
}

/// What a run came to.
#[derive(Debug, Default)]
struct Figures {
    damages: usize,
    told: usize,
    /// How the same return was taken the next time.
    known: usize,
    found_at_altinn: usize,
    went_on: usize,
    refused: BTreeMap<String, usize>,
    failures: Vec<String>,
    by_kind: BTreeMap<Kind, usize>,
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_damaged_nothing_is_lost_and_nothing_delivered_twice() {
    let times = env::var("MOMSBUD_DAMAGES").ok().and_then(|it| it.parse().ok()).unwrap_or(SAMPLE);
    let desk = Desk::quick().await;
    let work = tempfile::tempdir().unwrap();
    let copies = Arc::new(Copies {
        data: desk.data(),
        archive: desk.archive(),
        into: work.path().join("copies"),
        taken: Mutex::default(),
    });
    let mut first = desk.setup();
    first.boundaries = Arc::clone(&copies) as Arc<dyn Boundaries>;
    let office = Office::open(first).await.unwrap();
    sign_in(&office, INGRID).await;
    let card = checked_sample(&office, "fjordlys").await;
    let filing = office.filings().file(&card.id, false).await.unwrap();
    let delivered = until(&office, &filing.id, FilingState::Received).await.instance.unwrap();
    office.close().await;
    drop(office);
    copies.reached(StepName::Archive, Moment::AfterOutcome);
    assert_eq!(desk.deliveries().await.len(), 1);
    let taken = copies.taken.lock().unwrap().clone();
    assert!(taken.len() > 20, "a copy at every boundary: {}", taken.len());

    let mut dice = Dice(SEED);
    let mut figures = Figures::default();
    let began = Instant::now();
    for number in 0..times {
        let kind = KINDS[usize::try_from(number).unwrap() % KINDS.len()];
        let at = dice.place(taken.len());
        let before = &taken[dice.place(at + 1)].2;
        let (step, moment, from) = &taken[at];
        let place = work.path().join("case");
        let _ = fs::remove_dir_all(&place);
        // What was delivered is in the archive from before it was, whatever became of the database.
        copy(&from.join("data"), &place.join("data"));
        copy(&taken.last().unwrap().2.join("archive"), &place.join("archive"));
        if *step <= StepName::Archive && dice.roll(2) == 0 {
            let underway =
                taken.iter().find(|(step, moment, _)| (*step, *moment) == (StepName::Confirm, Moment::AfterIntention));
            let _ = fs::remove_dir_all(place.join("archive"));
            copy(&underway.unwrap().2.join("archive"), &place.join("archive"));
        }
        damage(kind, &place.join("data"), &place.join("archive"), before, &mut dice);
        let about = format!("damage {number}, {kind:?} at {step:?}, {moment:?}");
        // One that went wrong once more, without the others: the same damage, since the dice are thrown for all.
        if env::var("MOMSBUD_DAMAGE").is_ok_and(|only| only != number.to_string()) {
            continue;
        }
        figures.damages += 1;
        *figures.by_kind.entry(kind).or_default() += 1;
        if let Err(failure) = one(&desk, &place, &delivered, &mut figures).await {
            if env::var_os("MOMSBUD_DAMAGES").is_none() {
                panic!("{about}: {failure}");
            }
            // At once, so that it is known whatever comes of the rest.
            println!("WRONG: {about}: {failure}");
            figures.failures.push(format!("{about}: {failure}"));
        }
        let count = desk.deliveries().await.len();
        assert_eq!(count, 1, "{about}: delivered again");
        if number % 100 == 99 {
            println!("{} damages in {:?}", number + 1, began.elapsed());
        }
    }
    println!("{figures:#?}");
    assert!(figures.failures.is_empty());
}

/// Starts on damaged folders and files the same return.
async fn one(desk: &Desk, place: &Path, delivered: &str, figures: &mut Figures) -> Result<(), String> {
    let mut with = setup(&desk.addresses(), &place.join("data"), &place.join("archive"));
    let clock = desk.practice.clock().clone();
    with.clock = Arc::new(move || clock.now());
    let office = Office::open(with).await.map_err(|error| format!("it does not start: {error:?}"))?;
    if office.start_view().recovery.is_some() {
        figures.told += 1;
    }
    let ended = again(&office, delivered, figures).await;
    office.close().await;
    ended
}

async fn again(office: &Arc<Office>, delivered: &str, figures: &mut Figures) -> Result<(), String> {
    // Whoever was signed in may be still, or the sign-in went with the database.
    if office.start_view().session.is_none() {
        sign_in(office, INGRID).await;
    }
    let card = checked_sample(office, "fjordlys").await;
    match office.filings().file(&card.id, false).await {
        Ok(_) => figures.went_on += 1,
        Err(error) if error.code == ErrorCode::AlreadyFiled => figures.known += 1,
        Err(error) => {
            *figures.refused.entry(format!("{:?}", error.code)).or_default() += 1;
            if !matches!(error.code, ErrorCode::AnotherPerson | ErrorCode::FiledElsewhere) {
                return Err(format!("the return is refused: {error:?}"));
            }
        }
    }
    // It is in the history, with its instance, as delivered; its receipt comes.
    let began = Instant::now();
    let all = HistoryQuery { limit: 50, ..HistoryQuery::default() };
    loop {
        let rows = office.filings().history(&all).map_err(|error| format!("no history: {error:?}"))?.rows;
        let filings: Vec<_> = rows.iter().filter_map(|row| office.filings().filing(&row.id).ok()).collect();
        let same = filings.iter().find(|filing| filing.instance.as_deref() == Some(delivered));
        if same.is_some_and(|it| it.delivered == Delivered::Yes && it.row.state == FilingState::Received) {
            return Ok(());
        }
        // One that was begun anew finds out that it has been delivered, and waits for somebody to say that it is a new
        // version.
        let waits = filings.iter().find(|it| it.problem.as_ref().is_some_and(|it| it.code == ErrorCode::AlreadyFiled));
        if waits.is_some() && same.is_some_and(|it| it.delivered == Delivered::Yes) {
            figures.found_at_altinn += 1;
            return Ok(());
        }
        if began.elapsed() > Duration::from_secs(60) {
            return Err(format!("the delivered filing is not known: {filings:#?}"));
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Changes the file of a database that nobody has open.
type Change = fn(&Path);

fn write_through(file: &Path) {
    let db = rusqlite::Connection::open(file).unwrap();
    db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
}

fn in_file(file: &Path, change: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = fs::read(file).unwrap();
    change(&mut bytes);
    fs::write(file, bytes).unwrap();
}

fn root_page(file: &Path, table: &str) -> usize {
    let db = rusqlite::Connection::open(file).unwrap();
    let question = "SELECT rootpage FROM sqlite_schema WHERE name = ?1";
    usize::try_from(db.query_row(question, [table], |row| row.get::<_, i64>(0)).unwrap()).unwrap()
}

fn with_sql(file: &Path, sql: &str) {
    rusqlite::Connection::open(file).unwrap().execute_batch(sql).unwrap();
}

/// Damages that once kept every command from starting, or lost what could be read.
const NAMED: [(&str, Change); 12] = [
    ("a byte of an index's schema text", |file| {
        in_file(file, |bytes| {
            let wanted = b"CREATE INDEX journal_of_a_filing";
            let at = bytes.windows(wanted.len()).position(|it| it == wanted).unwrap();
            bytes[at + 3] ^= 1;
        });
    }),
    ("a byte of a table's schema text", |file| {
        in_file(file, |bytes| {
            let wanted = b"CREATE TABLE filings";
            let at = bytes.windows(wanted.len()).position(|it| it == wanted).unwrap();
            bytes[at + 8] ^= 1;
        });
    }),
    ("a page short", |file| in_file(file, |bytes| bytes.truncate(bytes.len() - 4096))),
    ("half of the file", |file| in_file(file, |bytes| bytes.truncate(bytes.len() / 2))),
    ("the root page of the documents", |file| {
        let page = root_page(file, "documents");
        in_file(file, |bytes| bytes[(page - 1) * 4096..page * 4096].fill(0));
    }),
    ("the root page of the filings", |file| {
        let page = root_page(file, "filings");
        in_file(file, |bytes| bytes[(page - 1) * 4096..page * 4096].fill(0));
    }),
    ("the first page", |file| in_file(file, |bytes| bytes[..4096].fill(0))),
    ("byte 44 of the head", |file| in_file(file, |bytes| bytes[47] = 99)),
    ("the number of its version", |file| in_file(file, |bytes| bytes[63] ^= 0x20)),
    ("a text that is none", |file| with_sql(file, "UPDATE filings SET company_name = CAST(x'ff41fe' AS TEXT)")),
    ("a moment that is none", |file| with_sql(file, "UPDATE filings SET delivered_at = 'i går'")),
    ("a word that is none", |file| with_sql(file, "UPDATE filings SET state = 'recieved'")),
];

#[tokio::test(flavor = "multi_thread")]
async fn each_damage_that_once_kept_every_command_from_starting_costs_no_filing() {
    let desk = Desk::quick().await;
    let office = desk.open_as(INGRID).await;
    let card = checked_sample(&office, "fjordlys").await;
    let filing = office.filings().file(&card.id, false).await.unwrap();
    let delivered = until(&office, &filing.id, FilingState::Received).await.instance.unwrap();
    office.close().await;
    drop(office);
    write_through(&desk.data().join("momsbud.db"));
    for (what, change) in NAMED {
        let place = tempfile::tempdir().unwrap();
        copy(&desk.data(), &place.path().join("data"));
        copy(&desk.archive(), &place.path().join("archive"));
        change(&place.path().join("data/momsbud.db"));
        let mut figures = Figures::default();
        one(&desk, place.path(), &delivered, &mut figures).await.unwrap_or_else(|failure| panic!("{what}: {failure}"));
        assert_eq!(desk.deliveries().await.len(), 1, "{what}");
        assert_eq!(figures.known, 1, "{what}: it is known to be filed");
    }
}
