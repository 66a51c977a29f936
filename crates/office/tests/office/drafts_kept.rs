//! Drafts are kept: through kill -9 in the middle of typing, a full disk, a damaged database, and for thirty days in the
//! wastebasket.

use std::{
    env, fs,
    io::{BufRead as _, BufReader, Write as _},
    process::{Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, Instant},
};

use drafts::{Draft, Edit, Field, LineId};
use jiff::SignedDuration;
use office::Office;
use rust_decimal::Decimal;
use vat_return::{Category, Period, PeriodKind};
use view::ErrorCode;

use crate::{
    crash::Work,
    desk::{Desk, setup},
    disk::Disk,
};

/// Kills when nobody says how many (`cargo xtask sheets` takes 200).
const KILLS: u64 = 12;

fn draft() -> Draft {
    let mut draft =
        Draft::new("311797816", Period { kind: PeriodKind::TwoMonths, index: 5, year: 2026 }, Category::Ordinary);
    draft.add("3");
    draft
}

/// The base of the first line: what was typed last.
fn typed(draft: &Draft) -> Decimal {
    draft.lines[0].base.amount().unwrap_or_default()
}

fn type_in(office: &Office, id: &str, number: u64) -> Result<(), view::ErrorView> {
    let stored = office.drafts().get(id)?;
    let mut draft = stored.draft.clone();
    let text = number.to_string();
    draft.apply(&Edit::Type { line: LineId(0), field: Field::Base, text: text.as_str().into() }).unwrap();
    office.drafts().change(id, stored.revision, &draft)?;
    Ok(())
}

/// What a child process does: types one number after another and says each once it is kept. Not a test of its own.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "run by the other tests, in a process of its own"]
async fn child() {
    let Some(work) = Work::from_environment() else { return };
    let office = Office::open(setup(&work.addresses, &work.data, &work.archive)).await.unwrap();
    let id = match office.drafts().list(false).unwrap().first() {
        Some(stored) => stored.id.to_string(),
        None => office.drafts().create(&draft()).unwrap().id.to_string(),
    };
    let begun = u64::try_from(typed(&office.drafts().get(&id).unwrap().draft)).unwrap();
    let mut out = std::io::stdout();
    writeln!(out, "\nfound {begun}").unwrap();
    for number in begun + 1.. {
        type_in(&office, &id, number).unwrap();
        writeln!(out, "kept {number}").unwrap();
        out.flush().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_while_it_is_typed_a_draft_has_all_that_was_kept() {
    let kills = env::var("MOMSBUD_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(KILLS);
    let desk = Desk::new().await;
    let at = desk.addresses();
    let (mut last, mut changes) = (0_u64, 0_u64);
    for round in 0..=kills {
        let mut child = Command::new(env::current_exe().unwrap())
            .args(["--exact", "drafts_kept::child", "--ignored", "--test-threads=1", "--nocapture"])
            .env("CHILD_ID_PORTEN", &at.id_porten)
            .env("CHILD_PLATFORM", &at.altinn_platform)
            .env("CHILD_APP", &at.altinn_app)
            .env("CHILD_SKATTEETATEN", &at.skatteetaten)
            .env("CHILD_DATA", desk.data())
            .env("CHILD_ARCHIVE", desk.archive())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        // Somewhere in the first hundredths of a second after the first key, each time elsewhere.
        let mut until: Option<Instant> = None;
        let mut found = None;
        while let Some(Ok(line)) = lines.next() {
            if let Some(number) = line.strip_prefix("found ") {
                found = Some(number.parse::<u64>().unwrap());
                until = Some(Instant::now() + Duration::from_micros(round * 7_919 % 60_000));
            }
            if let Some(number) = line.strip_prefix("kept ") {
                last = number.parse().unwrap();
                changes += 1;
            }
            if let Some(found) = found.take() {
                // What was said to be kept is there, and at most one change more, whose word was lost with the process.
                assert!(found == last || found == last + 1, "round {round}: {found} after {last}");
                last = found;
            }
            if until.is_some_and(|until| Instant::now() >= until) {
                // SIGKILL on Unix: nothing is said and nothing is closed.
                child.kill().unwrap();
                until = None;
            }
        }
        child.wait().unwrap();
    }
    assert!(changes >= kills, "{changes} changes were kept in {kills} rounds");
    println!("{kills} kills, {changes} changes kept, none lost");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_in_the_middle_of_typing_is_said_and_costs_nothing_that_was_kept() {
    let desk = Desk::new().await;
    let Some(disk) = Disk::mount(desk.data(), 2048) else { return };
    let office = desk.open().await;
    let id = office.drafts().create(&draft()).unwrap().id.to_string();
    type_in(&office, &id, 1).unwrap();
    disk.fill();
    // Small changes may still find room in pages that are there; sooner or later there is none.
    let mut kept = 1;
    let refused = (2..5_000).find_map(|number| match type_in(&office, &id, number) {
        Ok(()) => {
            kept = number;
            None
        }
        Err(error) => Some(error),
    });
    assert_eq!(refused.map(|error| error.code), Some(ErrorCode::DiskFull));
    assert_eq!(typed(&office.drafts().get(&id).unwrap().draft), Decimal::from(kept));
    disk.make_room();
    type_in(&office, &id, kept + 1).unwrap();
    office.close().await;
    let office = desk.open().await;
    assert_eq!(typed(&office.drafts().get(&id).unwrap().draft), Decimal::from(kept + 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_database_gives_its_drafts_back() {
    let desk = Desk::new().await;
    let office = desk.open().await;
    let id = office.drafts().create(&draft()).unwrap().id.to_string();
    let thrown = office.drafts().create(&draft()).unwrap().id.to_string();
    type_in(&office, &id, 4_711).unwrap();
    office.drafts().discard(&thrown, false).unwrap();
    office.close().await;
    drop(office);
    let file = desk.data().join("momsbud.db");
    for damage in ["head", "log"] {
        // The last connection closes a moment later, and writes the log into the database: what is only in a log that is
        // damaged nobody gives back.
        let log = desk.data().join("momsbud.db-wal");
        for _ in 0..500 {
            if fs::metadata(&log).map_or(0, |log| log.len()) == 0 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let mut bytes = fs::read(&file).unwrap();
        match damage {
            // The schema: another program's bytes over the first page's end.
            "head" => bytes[100..200].fill(0xA5),
            _ => fs::write(desk.data().join("momsbud.db-wal"), b"no log").unwrap(),
        }
        fs::write(&file, bytes).unwrap();
        let office = desk.open().await;
        assert_eq!(typed(&office.drafts().get(&id).unwrap().draft), Decimal::from(4_711), "{damage}");
        assert_eq!(office.drafts().list(true).unwrap().len(), 1, "{damage}");
        office.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_wastebasket_keeps_for_thirty_days() {
    let desk = Desk::new().await;
    let hours = Arc::new(AtomicI64::new(0));
    let mut setup = desk.setup();
    let (clock, later) = (Arc::clone(&setup.clock), Arc::clone(&hours));
    setup.clock = Arc::new(move || clock.now() + SignedDuration::from_hours(later.load(Ordering::SeqCst)));
    let office = Office::open(setup).await.unwrap();
    let id = office.drafts().create(&draft()).unwrap().id.to_string();
    type_in(&office, &id, 7).unwrap();
    office.drafts().discard(&id, false).unwrap();
    assert!(office.drafts().list(false).unwrap().is_empty());
    // What lies there is not typed in.
    assert_eq!(type_in(&office, &id, 8).unwrap_err().code, ErrorCode::NotFound);
    hours.store(30 * 24 - 1, Ordering::SeqCst);
    let other = office.drafts().create(&draft()).unwrap().id.to_string();
    assert_eq!(typed(&office.drafts().restore(&id).unwrap().draft), Decimal::from(7));
    office.drafts().discard(&id, false).unwrap();
    hours.store(2 * 30 * 24 + 1, Ordering::SeqCst);
    office.drafts().create(&draft()).unwrap();
    assert!(office.drafts().list(true).unwrap().is_empty());
    assert_eq!(office.drafts().restore(&id).unwrap_err().code, ErrorCode::NotFound);
    // A draft that nobody threw away stays for good.
    assert_eq!(office.drafts().get(&other).unwrap().id.to_string(), other);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_change_one_revision_the_second_is_told() {
    let desk = Desk::new().await;
    let (one, other) = (desk.open().await, desk.open().await);
    let stored = one.drafts().create(&draft()).unwrap();
    type_in(&other, &stored.id.to_string(), 5).unwrap();
    let refused = one.drafts().change(&stored.id.to_string(), stored.revision, &stored.draft).unwrap_err();
    assert_eq!(refused.code, ErrorCode::DraftChangedElsewhere);
    assert_eq!(typed(&one.drafts().get(&stored.id.to_string()).unwrap().draft), Decimal::from(5));
}
