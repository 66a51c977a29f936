#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::io::Write as _;
use std::process::{Command, Stdio};

use jiff::civil::date;
use serde_json::Value;
use tempfile::TempDir;

use super::{duties::learn_all, *};
use crate::{
    reminders::Consent,
    view::{DeadlineState, ReminderSettings},
};

const TEST: EnvironmentName = EnvironmentName::Test;
const FIRST: &str = "900000001";

fn office() -> (TempDir, Database) {
    let folder = tempfile::tempdir().unwrap();
    let db = Database::open(folder.path()).unwrap();
    (folder, db)
}

fn two_months(index: u8, year: i32) -> Period {
    Period { kind: PeriodKind::TwoMonths, index, year }
}

fn learns(db: &Database, org_number: &str, category: Category, period: Period) {
    db.write(|tx| learn_all(tx, TEST, [(org_number, category, period)].into_iter())).unwrap();
}

fn filed(db: &Database, id: &str, org_number: &str, category: Category, period: Period, state: &str, delivered: &str) {
    db.write(|tx| {
        tx.execute(
            "INSERT INTO filings (id, environment, org_number, company_name, category, period_element, period_value,
                period_year, assessed_vat, sha256, file_name, authorization, filed_by, correction, state, step,
                delivered, begun_at, delivered_at, search)
             VALUES (?1, 'test', ?2, 'Aasen AS', ?3, ?4, ?5, ?6, '1', '', '', 'a', 'b', 0, ?7, 'archive', ?8,
                '2026-04-08T08:00:00Z', ?9, '')",
            params![
                id,
                org_number,
                category.xml(),
                period.xml_element(),
                period.xml_value().as_str(),
                period.year,
                state,
                delivered,
                (delivered == "yes").then_some("2026-04-08T22:30:00Z"),
            ],
        )?;
        Ok::<_, DatabaseError>(())
    })
    .unwrap();
}

fn year(db: &Database, year: Option<i32>, today: Date) -> crate::view::DeadlinesView {
    db.read(|db| year_view(db, TEST, year, today, Language::Nb, &|_| true)).unwrap()
}

fn states(view: &crate::view::DeadlinesView) -> Vec<DeadlineState> {
    view.rows[0].cells.iter().map(|cell| cell.state).collect()
}

#[test]
fn a_year_shows_what_is_filed_near_late_later_and_not_followed() {
    use DeadlineState::{Filed, Late, Later, Near, NotDue, Waiting};
    let (_folder, db) = office();
    learns(&db, FIRST, Category::Ordinary, two_months(2, 2026));
    let today = date(2026, 6, 9);
    assert_eq!(states(&year(&db, None, today)), [NotDue, Near, Later, Later, Later, Later]);
    let next = year(&db, None, today).next.unwrap();
    assert_eq!((next.day.as_str(), next.remaining, next.near, next.late), ("2026-06-10", 1, 1, 0));
    assert_eq!(states(&year(&db, None, date(2026, 6, 10)))[1], Near, "the day itself");
    assert_eq!(states(&year(&db, None, date(2026, 6, 11)))[1], Late);

    filed(&db, "f1", FIRST, Category::Ordinary, two_months(2, 2026), "waitingSignature", "no");
    assert_eq!(states(&year(&db, None, today))[1], Waiting);
    assert_eq!(states(&year(&db, None, date(2026, 6, 11)))[1], Late, "what waits is not delivered");
    assert_eq!(year(&db, None, today).next.unwrap().remaining, 1);
    filed(&db, "f2", FIRST, Category::Ordinary, two_months(3, 2026), "refused", "no");
    assert_eq!(states(&year(&db, None, today))[2], Later, "what was refused is not filed");
    db.write(|tx| {
        tx.execute("UPDATE filings SET sum = NULL, state = 'received', delivered = 'yes' WHERE id = 'f1'", [])
    })
    .unwrap();
    db.write(|tx| tx.execute("UPDATE filings SET delivered_at = '2026-06-08T22:30:00Z' WHERE id = 'f1'", [])).unwrap();
    let view = year(&db, None, today);
    assert_eq!(states(&view)[1], Filed);
    // Half past midnight in Norway.
    assert_eq!(view.rows[0].cells[1].filed_on.as_deref(), Some("2026-06-09"));
    assert_eq!(view.rows[0].cells[1].filing.as_deref(), Some("f1"));
    assert_eq!(view.rows[0].company_name.as_deref(), Some("Aasen AS"));
    // A correction under way does not undo it.
    filed(&db, "f3", FIRST, Category::Ordinary, two_months(2, 2026), "waiting", "no");
    assert_eq!(states(&year(&db, None, today))[1], Filed);
}

#[test]
fn an_old_return_makes_nothing_overdue_that_nobody_knows_of() {
    use DeadlineState::{Late, Later, NotDue};
    let opened = |period: &[Period]| {
        let (folder, db) = office();
        let returns = period.iter().map(|period| (FIRST, Category::Ordinary, *period));
        db.write(|tx| learn_opened(tx, TEST, returns, date(2026, 11, 22))).unwrap();
        (folder, db)
    };
    let shown = |db: &Database| states(&year(db, None, date(2026, 11, 22)));
    let (_folder, old) = opened(&[two_months(3, 2019)]);
    assert_eq!(shown(&old), [NotDue, NotDue, NotDue, NotDue, Later, Later]);
    let (_folder, last) = opened(&[two_months(4, 2026)]);
    assert_eq!(
        shown(&last),
        [NotDue, NotDue, NotDue, Late, Later, Later],
        "the newest that was opened is overdue itself"
    );
    let (_folder, both) = opened(&[two_months(1, 2026), two_months(4, 2026)]);
    assert_eq!(shown(&both), shown(&last));
    // What is known is not learnt anew from an old one: not how long its periods are, nor since when it is followed.
    db_learns_old(&last);
    assert_eq!(shown(&last), [NotDue, NotDue, NotDue, Late, Later, Later]);
}

fn db_learns_old(db: &Database) {
    let month = Period { kind: PeriodKind::Month, index: 1, year: 2024 };
    db.write(|tx| learn_opened(tx, TEST, [(FIRST, Category::Ordinary, month)].into_iter(), date(2026, 11, 22)))
        .unwrap();
}

#[test]
fn january_shows_the_year_whose_last_deadline_is_near() {
    let (_folder, db) = office();
    learns(&db, FIRST, Category::Ordinary, two_months(6, 2025));
    assert_eq!(year(&db, None, date(2026, 2, 5)).year, 2025);
    assert_eq!(year(&db, Some(2026), date(2026, 2, 5)).year, 2026);
    filed(&db, "f1", FIRST, Category::Ordinary, two_months(6, 2025), "received", "yes");
    assert_eq!(year(&db, None, date(2026, 2, 5)).year, 2026);
}

#[test]
fn the_newest_return_decides_the_kind_unless_the_user_has() {
    let (_folder, db) = office();
    let kind = || db.read(|db| load(db, TEST)).unwrap()[0].clone();
    learns(&db, FIRST, Category::Ordinary, two_months(5, 2025));
    learns(&db, FIRST, Category::Ordinary, Period { kind: PeriodKind::Month, index: 1, year: 2026 });
    // An older one that is opened again changes where it begins and nothing else.
    learns(&db, FIRST, Category::Ordinary, two_months(4, 2025));
    assert_eq!((kind().kind, kind().first_day), (PeriodKind::Month, date(2025, 7, 1)));
    db.write(|tx| choose(tx, TEST, (FIRST, Category::Ordinary), PeriodKind::Year, date(2026, 1, 1))).unwrap();
    learns(&db, FIRST, Category::Ordinary, two_months(6, 2026));
    assert_eq!((kind().kind, kind().first_day, kind().chosen), (PeriodKind::Year, date(2026, 1, 1), true));
    db.write(|tx| unfollow(tx, TEST, FIRST, Category::Ordinary)).unwrap();
    learns(&db, FIRST, Category::Ordinary, two_months(6, 2026));
    assert!(db.read(|db| load(db, TEST)).unwrap().is_empty(), "what is not followed is not learnt again");
}

#[test]
fn many_returns_at_once_teach_what_they_teach_one_after_another() {
    let month = |index| Period { kind: PeriodKind::Month, index, year: 2026 };
    // Two begin on the same day: there the last one counts.
    let periods = [month(3), two_months(1, 2026), month(1), two_months(6, 2025)];
    // A list of lists is learnt from one list after the other; what is known then.
    let known_after = |tx: &rusqlite::Transaction<'_>, lists: &[&[Period]]| {
        tx.execute("DELETE FROM duties", [])?;
        for list in lists {
            learn_all(tx, TEST, list.iter().map(|period| (FIRST, Category::Ordinary, *period)))?;
        }
        let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
        let known: (String, String, String) = tx.query_row("SELECT kind, first_day, learnt_to FROM duties", [], row)?;
        Ok::<_, DatabaseError>(known)
    };
    let (_folder, db) = office();
    let seen = db.write(|tx| {
        let mut seen = std::collections::BTreeSet::new();
        for order in 0..4_usize.pow(4) {
            // Four of the four, any of them more than once; the first is known before.
            let chosen: Vec<Period> = (0..4).map(|place| periods[order / 4_usize.pow(place) % 4]).collect();
            let one_by_one: Vec<&[Period]> = chosen.chunks(1).collect();
            let known = known_after(tx, &one_by_one)?;
            assert_eq!(known_after(tx, &[&chosen])?, known, "{chosen:?}");
            assert_eq!(known_after(tx, &[&chosen[..1], &chosen[1..]])?, known, "{chosen:?}");
            seen.insert(known);
        }
        Ok::<_, DatabaseError>(seen)
    });
    assert!(seen.unwrap().len() > 5);
}

#[test]
fn what_was_filed_before_is_learnt_once_and_old_clients_are_left_alone() {
    let (_folder, db) = office();
    filed(&db, "f1", FIRST, Category::Ordinary, two_months(1, 2026), "received", "yes");
    filed(
        &db,
        "f2",
        FIRST,
        Category::ReverseCharge,
        Period { kind: PeriodKind::ThreeMonths, index: 1, year: 2026 },
        "received",
        "yes",
    );
    filed(&db, "f3", "900000002", Category::Ordinary, two_months(1, 2023), "received", "yes");
    learn_from_history(&db, TEST, date(2026, 6, 9)).unwrap();
    let duties = db.read(|db| load(db, TEST)).unwrap();
    let known: Vec<_> = duties.iter().map(|duty| (duty.org_number.as_str(), duty.category, duty.kind)).collect();
    assert_eq!(
        known,
        [(FIRST, Category::Ordinary, PeriodKind::TwoMonths), (FIRST, Category::ReverseCharge, PeriodKind::ThreeMonths)]
    );
}

#[test]
fn weeks_have_their_months_and_a_year_of_52_has_no_53rd() {
    let (_folder, db) = office();
    db.write(|tx| choose(tx, TEST, (FIRST, Category::Ordinary), PeriodKind::Week, date(2025, 1, 1))).unwrap();
    let view = year(&db, Some(2025), date(2026, 6, 9));
    assert_eq!(view.rows[0].cells.len(), 52);
    let view = year(&db, Some(2026), date(2026, 6, 9));
    assert_eq!(view.rows[0].cells.len(), 53);
    let months: Vec<u8> = view.rows[0].cells.iter().map(|cell| cell.month).collect();
    assert!(months.is_sorted(), "{months:?}");
    assert_eq!((months[0], months[52]), (1, 12));
    assert!(view.rows[0].cells.iter().all(|cell| cell.months == 0));
}

/// Reads a calendar with the Python package icalendar, which is nobody's of ours.
fn read_elsewhere(text: &str) -> Value {
    const READER: &str = r#"
import datetime, json, sys
from icalendar import Calendar
calendar = Calendar.from_ical(sys.stdin.buffer.read())
events = []
for event in calendar.walk("VEVENT"):
    start, end = event.decoded("DTSTART"), event.decoded("DTEND")
    assert type(start) is datetime.date and type(end) is datetime.date
    midnight = datetime.datetime.combine(start, datetime.time())
    events.append({
        "uid": str(event["UID"]), "day": start.isoformat(), "days": (end - start).days,
        "summary": str(event["SUMMARY"]), "description": str(event["DESCRIPTION"]), "sequence": int(event["SEQUENCE"]),
        "alarms": [(midnight + alarm.decoded("TRIGGER")).isoformat() for alarm in event.walk("VALARM")],
    })
print(json.dumps({"name": str(calendar["X-WR-CALNAME"]), "events": events}))
"#;
    let mut python = Command::new("/usr/bin/python3")
        .args(["-c", READER])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    python.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = python.wait_with_output().unwrap();
    assert!(output.status.success(), "icalendar does not read it (is python3-icalendar installed?):\n{text}");
    serde_json::from_slice(&output.stdout).unwrap()
}

fn calendar_of(db: &Database, today: Date, now: Timestamp, authorizations: &[Consent]) -> String {
    let due = db.read(|db| calendar(db, TEST, &load(db, TEST)?, today)).unwrap();
    ics::Calendar {
        environment: TEST,
        language: Language::Nb,
        settings: &ReminderSettings::default(),
        deadlines: &due,
        authorizations,
        now,
    }
    .write()
}

#[test]
fn an_independent_reader_finds_the_same_days_in_the_calendar() {
    let (_folder, db) = office();
    let (today, now) = (date(2026, 6, 9), "2026-06-09T16:51:00Z".parse().unwrap());
    let long = "Trollheimen Ull, Garn; og Tradisjonshåndverk \\ Samvirkelag av 1897 SA under avvikling og omdanning";
    for (org_number, name) in [(FIRST, "Aasen Rørservice AS"), ("900000002", long)] {
        learns(&db, org_number, Category::Ordinary, two_months(2, 2026));
        db.write(|tx| tx.execute("INSERT INTO companies VALUES ('test', ?1, ?2)", params![org_number, name])).unwrap();
    }
    db.write(|tx| choose(tx, TEST, ("900000003", Category::Ordinary), PeriodKind::Year, date(2026, 1, 1))).unwrap();
    let consent = Consent {
        id: "a1".into(),
        person: "Ingrid Solvang".into(),
        granted_at: "2025-07-02T10:00:00Z".parse().unwrap(),
        // Half past midnight on 3 July in Norway.
        ends_at: "2026-07-02T22:30:00Z".parse().unwrap(),
        current: true,
    };
    let text = calendar_of(&db, today, now, std::slice::from_ref(&consent));
    for line in text.split_inclusive("\r\n") {
        assert!(
            line.ends_with("\r\n") && line.len() <= 77 && !line.trim_end_matches("\r\n").contains(['\r', '\n']),
            "{line:?}"
        );
    }
    let read = read_elsewhere(&text);
    assert_eq!(read["name"], "Momsbud: frister (test)");
    let events = read["events"].as_array().unwrap();
    let days: Vec<&str> = events.iter().map(|event| event["day"].as_str().unwrap()).collect();
    assert_eq!(
        days,
        [
            "2026-06-10",
            "2026-08-31",
            "2026-10-12",
            "2026-12-10",
            "2027-02-10",
            "2027-03-10",
            "2027-04-12",
            "2027-06-10",
            "2026-07-03"
        ]
    );
    let first = &events[0];
    assert_eq!((first["uid"].as_str(), first["days"].as_i64()), (Some("deadline-2026-06-10-test@momsbud.no"), Some(1)));
    assert_eq!(first["summary"], "Frist mva-melding: 2 virksomheter");
    let description = first["description"].as_str().unwrap();
    assert!(description.contains(long) && description.contains("Mars–april 2026"), "{description}");
    assert_eq!(
        first["alarms"].as_array().unwrap(),
        &["2026-05-31T08:00:00", "2026-06-07T08:00:00", "2026-06-09T08:00:00", "2026-06-10T08:00:00"]
    );
    let last = events.last().unwrap();
    assert_eq!(last["uid"], "authorization-a1@momsbud.no");
    assert_eq!(last["alarms"].as_array().unwrap().len(), 6);
    assert_eq!(events.iter().map(|event| &event["uid"]).collect::<std::collections::HashSet<_>>().len(), events.len());

    // The same again is the same file but for its stamp; one that has filed keeps its event, with a higher number.
    let later = now.saturating_add(jiff::SignedDuration::from_hours(1)).unwrap();
    assert!(ics::same(&text, &calendar_of(&db, today, later, std::slice::from_ref(&consent))));
    filed(&db, "f1", FIRST, Category::Ordinary, two_months(2, 2026), "received", "yes");
    let changed = calendar_of(&db, today, later, &[consent]);
    assert!(!ics::same(&text, &changed));
    let read = read_elsewhere(&changed);
    let again = &read["events"][0];
    assert_eq!(again["uid"], first["uid"]);
    assert!(again["sequence"].as_i64() > first["sequence"].as_i64());
    assert!(again["description"].as_str().unwrap().contains("(levert)"));
    filed(&db, "f2", "900000002", Category::Ordinary, two_months(2, 2026), "received", "yes");
    let read = read_elsewhere(&calendar_of(&db, today, later, &[]));
    assert_eq!(read["events"][0]["summary"], "Levert: mva-melding for 2 virksomheter");
    assert!(read["events"][0]["alarms"].as_array().unwrap().is_empty(), "nobody is woken for what is done");
}

#[test]
fn what_is_due_is_told_from_a_folder_alone() {
    let (folder, db) = office();
    learns(&db, FIRST, Category::Ordinary, two_months(2, 2026));
    let system = tempfile::tempdir().unwrap();
    let keyring = std::sync::Arc::new(crate::keyring::NoKeyring);
    let work = crate::work::Work::alone(folder.path(), system.path(), TEST, keyring).unwrap();
    let due = |now: &str, within| due(&work, folder.path(), TEST, now.parse().unwrap(), within, Language::Nb).unwrap();
    assert!(due("2026-05-27T08:00:00Z", 13).is_empty());
    let near = due("2026-05-27T08:00:00Z", 14);
    assert_eq!((near[0].deadline.as_str(), near[0].days), ("2026-06-10", 14));
    assert_eq!(due("2026-06-12T08:00:00Z", 14)[0].days, -2);
    drop(db);
}
