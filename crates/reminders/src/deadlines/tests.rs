#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::io::Write as _;
use std::process::{Command, Stdio};

use access::authorizations::Consent;
use jiff::civil::date;
use serde_json::Value;
use tempfile::TempDir;
use view::{CategoryName, DeadlineState, PeriodKindName, ReminderSettings};

use super::{duties::learn_all, *};

mod damaged;
mod elsewhere;
mod late;
mod planted;

const TEST: EnvironmentName = EnvironmentName::Test;
const FIRST: &str = "900000014";

fn company(org_number: &str) -> OrgNumber {
    org_number.parse().unwrap()
}

fn office() -> (TempDir, Database) {
    let folder = tempfile::tempdir().unwrap();
    let db = Database::open(folder.path()).unwrap();
    (folder, db)
}

fn two_months(index: u8, year: i32) -> Period {
    Period { kind: PeriodKind::TwoMonths, index, year }
}

fn learns(db: &Database, org_number: &str, category: Category, period: Period) {
    db.write(|tx| learn_all(tx, TEST, [(&company(org_number), category, period)].into_iter())).unwrap();
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

fn year(db: &Database, year: Option<i32>, today: Date) -> view::DeadlinesView {
    db.read(|db| year_view(db, TEST, year, today, Language::Nb, &|_| true)).unwrap()
}

fn states(view: &view::DeadlinesView) -> Vec<DeadlineState> {
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
        let first = company(FIRST);
        let returns = period.iter().map(|period| (&first, Category::Ordinary, *period));
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
    db.write(|tx| {
        learn_opened(tx, TEST, [(&company(FIRST), Category::Ordinary, month)].into_iter(), date(2026, 11, 22))
    })
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
    db.write(|tx| choose(tx, TEST, (&company(FIRST), Category::Ordinary), PeriodKind::Year, date(2026, 1, 1))).unwrap();
    learns(&db, FIRST, Category::Ordinary, two_months(6, 2026));
    assert_eq!((kind().kind, kind().first_day, kind().chosen), (PeriodKind::Year, date(2026, 1, 1), true));
    db.write(|tx| unfollow(tx, TEST, &company(FIRST), Category::Ordinary)).unwrap();
    learns(&db, FIRST, Category::Ordinary, two_months(6, 2026));
    assert!(db.read(|db| load(db, TEST)).unwrap().is_empty(), "what is not followed is not learnt again");
}

#[test]
fn many_returns_at_once_teach_what_they_teach_one_after_another() {
    let month = |index| Period { kind: PeriodKind::Month, index, year: 2026 };
    // Two begin on the same day: there the last one counts.
    let periods = [month(3), two_months(1, 2026), month(1), two_months(6, 2025)];
    // A list of lists is learnt from one list after the other; what is known then.
    let first = company(FIRST);
    let known_after = |tx: &rusqlite::Transaction<'_>, lists: &[&[Period]]| {
        tx.execute("DELETE FROM duties", [])?;
        for list in lists {
            learn_all(tx, TEST, list.iter().map(|period| (&first, Category::Ordinary, *period)))?;
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
    filed(&db, "f3", "900000022", Category::Ordinary, two_months(1, 2023), "received", "yes");
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
    db.write(|tx| choose(tx, TEST, (&company(FIRST), Category::Ordinary), PeriodKind::Week, date(2025, 1, 1))).unwrap();
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
    calendar_after(db, today, now, authorizations, None)
}

fn calendar_after(
    db: &Database,
    today: Date,
    now: Timestamp,
    authorizations: &[Consent],
    before: Option<&str>,
) -> String {
    let due = db.read(|db| calendar(db, TEST, &load(db, TEST)?, today)).unwrap();
    ics::Calendar {
        environment: TEST,
        language: Language::Nb,
        settings: &ReminderSettings::default(),
        deadlines: &due,
        authorizations,
        before,
        now,
    }
    .write()
}

#[test]
fn an_independent_reader_finds_the_same_days_in_the_calendar() {
    let (_folder, db) = office();
    let (today, now) = (date(2026, 6, 9), "2026-06-09T16:51:00Z".parse().unwrap());
    let long = "Trollheimen Ull, Garn; og Tradisjonshåndverk \\ Samvirkelag av 1897 SA under avvikling og omdanning";
    for (org_number, name) in [(FIRST, "Aasen Rørservice AS"), ("900000022", long)] {
        learns(&db, org_number, Category::Ordinary, two_months(2, 2026));
        db.write(|tx| tx.execute("INSERT INTO companies VALUES ('test', ?1, ?2)", params![org_number, name])).unwrap();
    }
    db.write(|tx| choose(tx, TEST, (&company("900000030"), Category::Ordinary), PeriodKind::Year, date(2026, 1, 1)))
        .unwrap();
    let consent = Consent {
        id: "a1".into(),
        person: Some("Ingrid Solvang".into()),
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
    filed(&db, "f2", "900000022", Category::Ordinary, two_months(2, 2026), "received", "yes");
    let read = read_elsewhere(&calendar_of(&db, today, later, &[]));
    assert_eq!(read["events"][0]["summary"], "Levert: mva-melding for 2 virksomheter");
    assert!(read["events"][0]["alarms"].as_array().unwrap().is_empty(), "nobody is woken for what is done");
}

/// Around midnight, and in the two nights in which Norway sets its clocks: the day is that of Norway.
#[test]
fn the_days_of_the_calendar_are_those_of_norway_in_the_nights_the_clocks_are_set_too() {
    for (ends_at, day, first_alarm) in [
        // The last second of 10 December, and the first of the 11th.
        ("2026-12-10T22:59:59Z", "2026-12-10", "2026-12-10T08:00:00"),
        ("2026-12-10T23:00:00Z", "2026-12-11", "2026-12-11T08:00:00"),
        // Summer time begins at 02:00 on 29 March.
        ("2026-03-28T22:59:59Z", "2026-03-28", "2026-03-28T08:00:00"),
        ("2026-03-28T23:00:00Z", "2026-03-29", "2026-03-29T08:00:00"),
        ("2026-03-29T21:59:59Z", "2026-03-29", "2026-03-29T08:00:00"),
        ("2026-03-29T22:00:00Z", "2026-03-30", "2026-03-30T08:00:00"),
        // It ends at 03:00 on 25 October.
        ("2026-10-24T21:59:59Z", "2026-10-24", "2026-10-24T08:00:00"),
        ("2026-10-25T22:59:59Z", "2026-10-25", "2026-10-25T08:00:00"),
        ("2026-10-25T23:00:00Z", "2026-10-26", "2026-10-26T08:00:00"),
    ] {
        let (_folder, db) = office();
        let consent = Consent {
            id: "a1".into(),
            person: Some("Ingrid Solvang".into()),
            granted_at: "2025-07-02T10:00:00Z".parse().unwrap(),
            ends_at: ends_at.parse().unwrap(),
            current: true,
        };
        let now = "2026-01-02T08:00:00Z".parse().unwrap();
        let read = read_elsewhere(&calendar_of(&db, date(2026, 1, 2), now, &[consent]));
        let event = &read["events"][0];
        assert_eq!((event["day"].as_str(), event["days"].as_i64()), (Some(day), Some(1)), "{ends_at}");
        let alarms = event["alarms"].as_array().unwrap();
        assert!(alarms.iter().any(|alarm| alarm == first_alarm), "{ends_at}: {alarms:?}");
        assert!(alarms.iter().all(|alarm| alarm.as_str().unwrap().ends_with("T08:00:00")), "{ends_at}: {alarms:?}");
    }
    // What is due on a day is still to come in its last minute, and late in the first of the next, by Norway's clock.
    let (_folder, db) = office();
    learns(&db, FIRST, Category::Ordinary, two_months(2, 2026));
    for (now, state) in [("2026-06-10T21:59:59Z", DeadlineState::Near), ("2026-06-10T22:00:00Z", DeadlineState::Late)] {
        let today = view::texts::norwegian_date(now.parse().unwrap());
        assert_eq!(states(&year(&db, None, today))[1], state, "{now}");
    }
}

#[test]
fn a_later_calendar_wins_over_an_earlier_one_whatever_is_in_it() {
    let (_folder, db) = office();
    let (today, now): (_, Timestamp) = (date(2026, 6, 9), "2026-06-09T16:51:00Z".parse().unwrap());
    for company in [FIRST, "900000022"] {
        learns(&db, company, Category::Ordinary, two_months(2, 2026));
    }
    let yearly = company("900000030");
    db.write(|tx| choose(tx, TEST, (&yearly, Category::Ordinary), PeriodKind::Year, date(2026, 1, 1))).unwrap();
    let first = calendar_of(&db, today, now, &[]);
    let events = |text: &str| read_elsewhere(text)["events"].as_array().unwrap().clone();
    let sequence = |text: &str, day: &str| {
        events(text).iter().find(|event| event["day"] == day).map(|event| event["sequence"].as_i64().unwrap()).unwrap()
    };
    // One of two companies is followed no longer: the event has less in it and is the newer one all the same, also where
    // the clock has been set back.
    db.write(|tx| unfollow(tx, TEST, &company(FIRST), Category::Ordinary)).unwrap();
    for at in [now, now.saturating_sub(jiff::SignedDuration::from_hours(48)).unwrap()] {
        let second = calendar_after(&db, today, at, &[], Some(&first));
        assert!(sequence(&second, "2026-06-10") > sequence(&first, "2026-06-10"));
    }
    // The only company of a day is followed no longer: its event is cancelled, not left out.
    db.write(|tx| unfollow(tx, TEST, &company("900000030"), Category::Ordinary)).unwrap();
    let third = calendar_after(&db, today, now, &[], Some(&first));
    let at = third.find("UID:deadline-2027-03-10-test@momsbud.no").unwrap();
    assert!(third[at..].split("END:VEVENT").next().unwrap().contains("STATUS:CANCELLED"), "{third}");
    assert!(sequence(&third, "2027-03-10") > sequence(&first, "2027-03-10"));
    assert_eq!(first.matches("STATUS:CANCELLED").count(), 0);
}

#[test]
fn what_skatteetaten_rejected_is_still_due_and_says_why() {
    use DeadlineState::{Late, Near, Waiting};
    let (folder, db) = office();
    learns(&db, FIRST, Category::Ordinary, two_months(2, 2026));
    let because = |db: &Database, today| year(db, None, today).rows[0].cells[1].because;
    filed(&db, "f1", FIRST, Category::Ordinary, two_months(2, 2026), "rejected", "yes");
    assert_eq!(states(&year(&db, None, date(2026, 6, 9)))[1], Near);
    assert_eq!(states(&year(&db, None, date(2026, 6, 11)))[1], Late);
    assert_eq!(because(&db, date(2026, 6, 9)), Some(OpenBecause::Rejected));
    let view = year(&db, None, date(2026, 6, 9));
    assert_eq!(view.rows[0].cells[1].filing.as_deref(), Some("f1"), "the way to what was rejected");
    assert_eq!((view.next.unwrap().remaining, view.rows[0].cells[1].filed_on.as_deref()), (1, None));
    let listed = due_of(&folder, "2026-06-09T08:00:00Z");
    assert_eq!((listed.len(), listed[0].because, listed[0].filing.as_deref()), (1, OpenBecause::Rejected, Some("f1")));
    assert!(
        calendar_of(&db, date(2026, 6, 9), "2026-06-09T08:00:00Z".parse().unwrap(), &[]).contains("levert\\, avvist")
    );
    // An answer that nobody has understood is no better.
    db.write(|tx| tx.execute("UPDATE filings SET state = 'unclear'", [])).unwrap();
    assert_eq!(states(&year(&db, None, date(2026, 6, 9)))[1], Waiting);
    assert_eq!(states(&year(&db, None, date(2026, 6, 11)))[1], Late);
    assert_eq!(due_of(&folder, "2026-06-09T08:00:00Z")[0].because, OpenBecause::Unclear);
    // A correction that was rejected does not undo what was accepted before.
    db.write(|tx| tx.execute("UPDATE filings SET state = 'received'", [])).unwrap();
    filed(&db, "f2", FIRST, Category::Ordinary, two_months(2, 2026), "rejected", "yes");
    assert_eq!(states(&year(&db, None, date(2026, 6, 9)))[1], DeadlineState::Filed);
    assert!(due_of(&folder, "2026-06-09T08:00:00Z").is_empty());
}

#[test]
fn an_old_period_whose_return_was_rejected_is_open_though_nobody_follows_it() {
    let (folder, db) = office();
    let today = date(2026, 11, 22);
    let old = |id: &str, period, state| filed(&db, id, FIRST, Category::Ordinary, period, state, "yes");
    // Opened, which teaches nothing of the periods before; then delivered.
    let first = company(FIRST);
    let returns = [(&first, Category::Ordinary, two_months(1, 2026))];
    db.write(|tx| learn_opened(tx, TEST, returns.into_iter(), today)).unwrap();
    assert_eq!(due_of(&folder, "2026-11-22T08:00:00Z").len(), 0);
    old("f1", two_months(1, 2026), "rejected");
    old("f2", two_months(3, 2023), "unclear");
    let due: Vec<_> =
        due_of(&folder, "2026-11-22T08:00:00Z").into_iter().map(|due| (due.filing.unwrap(), due.because)).collect();
    let wanted = [("f2".to_owned(), OpenBecause::Unclear), ("f1".to_owned(), OpenBecause::Rejected)];
    assert_eq!(due, wanted);
    assert_eq!(states(&year(&db, None, today))[..2], [DeadlineState::Late, DeadlineState::NotDue]);
    // Filed again, and accepted.
    old("f3", two_months(1, 2026), "received");
    old("f4", two_months(3, 2023), "received");
    assert_eq!(due_of(&folder, "2026-11-22T08:00:00Z").len(), 0);
}

fn due_of(folder: &TempDir, now: &str) -> Vec<DueView> {
    let system = tempfile::tempdir().unwrap();
    let keyring = std::sync::Arc::new(store::keyring::NoKeyring);
    let work = access::work::Work::alone(folder.path(), system.path(), TEST, keyring).unwrap();
    due(&work, folder.path(), TEST, now.parse().unwrap(), 14, Language::Nb).unwrap()
}

#[test]
fn what_is_late_stays_late_until_it_is_filed_or_put_aside_with_a_reason() {
    use DeadlineState::{Late, PutAside};
    let (folder, db) = office();
    learns(&db, FIRST, Category::Ordinary, two_months(6, 2026));
    let late = |today: Date| {
        let open = db.read(|db| open(db, TEST, &load(db, TEST)?, today, 14)).unwrap();
        open.iter().any(|open| open.period == two_months(6, 2026))
    };
    // Due on 10 February 2027: the 366th day, the 367th, and years later.
    for today in [date(2028, 2, 11), date(2028, 2, 12), date(2033, 5, 1)] {
        assert!(late(today), "{today}");
    }
    assert_eq!(states(&year(&db, Some(2026), date(2033, 5, 1)))[5], Late);
    let key = year(&db, Some(2026), date(2033, 5, 1)).rows[0].cells[5].key.clone();
    assert_eq!(key, format!("{FIRST}/alminnelig/2026/skattleggingsperiodeToMaaneder/november-desember"));
    let now = "2033-05-01T08:00:00Z".parse().unwrap();
    let put = |reason: Option<&str>| {
        db.write(|tx| keep_aside(tx, TEST, &key.parse().unwrap(), reason, now)).unwrap();
    };
    put(Some("  avregistrert 1. november  "));
    assert!(!late(date(2028, 2, 12)));
    let cell = year(&db, Some(2026), date(2033, 5, 1)).rows[0].cells[5].clone();
    assert_eq!((cell.state, cell.aside.as_deref()), (PutAside, Some("avregistrert 1. november")));
    assert_eq!(due_of(&folder, "2027-02-11T08:00:00Z")[0].aside.as_deref(), Some("avregistrert 1. november"));
    // Without a reason it is taken back.
    put(Some(" "));
    assert!(late(date(2028, 2, 12)));
    put(Some("levert på papir"));
    filed(&db, "f1", FIRST, Category::Ordinary, two_months(6, 2026), "received", "yes");
    assert_eq!(states(&year(&db, Some(2026), date(2033, 5, 1)))[5], DeadlineState::Filed, "filed after all");
    for wrong in ["", "x", "900000014/alminnelig/2026", "90000000x/alminnelig/2026/skattleggingsperiodeAar/aarlig"] {
        assert!(parse_period(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn the_day_from_which_a_company_is_followed_means_the_period_that_holds_it() {
    use DeadlineState::{Late, Later, NotDue};
    let (_folder, db) = office();
    let today = date(2026, 11, 28);
    learns(&db, FIRST, Category::Ordinary, two_months(5, 2026));
    assert_eq!(states(&year(&db, Some(2026), today)), [NotDue, NotDue, NotDue, NotDue, DeadlineState::Near, Later]);
    // Said to be yearly, with the day that was learnt left as it was: this year is followed.
    db.write(|tx| choose(tx, TEST, (&company(FIRST), Category::Ordinary), PeriodKind::Year, date(2026, 9, 1))).unwrap();
    assert_eq!(states(&year(&db, Some(2026), today)), [Later]);
    assert_eq!(states(&year(&db, Some(2026), date(2027, 4, 1))), [Late]);
    assert_eq!(states(&year(&db, Some(2025), today)), [NotDue]);
}

#[test]
fn every_delivery_teaches_whoever_opened_the_return() {
    let (_folder, db) = office();
    learns(&db, FIRST, Category::Ordinary, two_months(5, 2026));
    filed(&db, "f1", "900000022", Category::Ordinary, two_months(5, 2026), "received", "yes");
    learn_from_history(&db, TEST, date(2026, 11, 28)).unwrap();
    assert_eq!(db.read(|db| load(db, TEST)).unwrap().len(), 2);
    // What is unfollowed stays unfollowed.
    db.write(|tx| unfollow(tx, TEST, &company("900000022"), Category::Ordinary)).unwrap();
    learn_from_history(&db, TEST, date(2026, 11, 28)).unwrap();
    assert_eq!(db.read(|db| load(db, TEST)).unwrap().len(), 1);
}

#[test]
fn a_company_that_is_added_is_known_by_name_and_begins_with_nothing_late() {
    let (_folder, db) = office();
    let today = date(2026, 11, 28);
    // Filed by another person, on a day before duties were kept; unfollowed since.
    filed(&db, "f1", "900000022", Category::Ordinary, two_months(4, 2026), "received", "yes");
    let others = |db: &Database| year(db, Some(2026), today).others;
    assert_eq!(others(&db).iter().map(|it| it.name.as_str()).collect::<Vec<_>>(), ["Aasen AS"]);
    let starts = year(&db, Some(2026), today).starts;
    let from = |kind| {
        let of = |start: &&view::DutyStart| start.category == CategoryName::Ordinary && start.kind == kind;
        starts.iter().find(of).map(|start| start.from.parse::<Date>().unwrap()).unwrap()
    };
    // September–October is due on 10 December; the year on 10 March.
    assert_eq!(from(PeriodKindName::TwoMonths), date(2026, 9, 1));
    assert_eq!(from(PeriodKindName::Year), date(2026, 1, 1));
    for kind in [PeriodKindName::TwoMonths, PeriodKindName::Month, PeriodKindName::Year] {
        db.write(|tx| choose(tx, TEST, (&company("900000022"), Category::Ordinary), kind.into(), from(kind))).unwrap();
        assert!(!states(&year(&db, Some(2026), today)).contains(&DeadlineState::Late), "{kind:?}");
    }
    assert!(others(&db).is_empty(), "what is followed is not proposed");
}
