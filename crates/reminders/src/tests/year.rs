//! A year of a bookkeeper with 40 companies and a colleague: computers that sleep, clocks that jump, programs that are
//! started again. What was told is compared with what the oracle says.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
};

use jiff::civil::date;
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use vat_return::{Category, Period, PeriodKind};

use super::{
    oracle::{self, Expected, Oracle, by_days, start_of},
    *,
};

const COMPANIES: usize = 40;
const DAYS: [i32; 4] = [10, 3, 1, 0];
const ENDS: [i32; 6] = [30, 14, 7, 3, 1, 0];
const NEVER: Timestamp = Timestamp::MIN;

/// Every kind of period there is, as the office and as the oracle call it.
const KINDS: [(Category, PeriodKind, &str, &str, i32); 12] = [
    (Category::Ordinary, PeriodKind::TwoMonths, "ordinary", "two", 6),
    (Category::Ordinary, PeriodKind::Month, "ordinary", "month", 12),
    (Category::Ordinary, PeriodKind::Year, "ordinary", "year", 1),
    (Category::Ordinary, PeriodKind::Week, "ordinary", "week", 53),
    (Category::Ordinary, PeriodKind::HalfMonth, "ordinary", "half", 24),
    (Category::Ordinary, PeriodKind::SixMonths, "ordinary", "six", 2),
    (Category::PrimaryIndustry, PeriodKind::Year, "primary", "year", 1),
    (Category::PrimaryIndustry, PeriodKind::TwoMonths, "primary", "two", 6),
    (Category::ReverseCharge, PeriodKind::ThreeMonths, "reverse", "three", 4),
    (Category::Compensation, PeriodKind::TwoMonths, "compensation", "two", 6),
    (Category::Compensation, PeriodKind::Year, "compensation", "year", 1),
    (Category::ECommerce, PeriodKind::ThreeMonths, "commerce", "three", 4),
];

/// Something that happens in the world at a true time.
enum Event {
    Begun { id: String, company: usize, period: Period, state: &'static str },
    Delivered { id: String, company: usize, period: Period, due: Date, amount: i64 },
    Renewed { person: usize, days: i64 },
}

struct World {
    room: RefCell<Room>,
    /// What holds now, by subject: the oracle's own books.
    facts: RefCell<BTreeMap<String, Expected>>,
    oracle: RefCell<Oracle>,
    changed: Cell<bool>,
}

impl World {
    fn forget(&self, prefix: &str) {
        self.facts.borrow_mut().retain(|subject, _| !subject.starts_with(prefix));
        self.changed.set(true);
    }

    fn expect(&self, subject: String, notice: String, occasions: Vec<(String, Timestamp, Timestamp)>) {
        self.facts.borrow_mut().insert(subject.clone(), Expected { subject, notice, occasions });
        self.changed.set(true);
    }

    fn happen(&self, event: &Event, now: Timestamp) {
        let room = self.room.borrow();
        let once = |due, until| vec![("once".to_owned(), due, until)];
        match event {
            Event::Begun { id, company, period, state } => {
                let (category, ..) = KINDS[company % KINDS.len()];
                room.filing(id, &number(*company), category, *period, state, false, now, None);
                let (why, hours) = match *state {
                    "waitingSignature" => ("signature", 24),
                    "refused" => ("refused", 0),
                    _ => ("other", 1),
                };
                self.expect(
                    format!("waiting:{id}:{why}"),
                    format!("waiting:{why}"),
                    once(now + SignedDuration::from_hours(hours), Timestamp::MAX),
                );
            }
            Event::Delivered { id, company, period, due, amount } => {
                let (category, ..) = KINDS[company % KINDS.len()];
                let payment = Some((*amount, *due));
                room.filing(id, &number(*company), category, *period, "received", true, now, payment);
                self.forget(&format!("waiting:{id}:"));
                self.forget(&deadline_subject(*company, *period));
                let came = now.to_zoned(TimeZone::get(OSLO).unwrap()).date();
                self.expect(
                    format!("receipt:{id}"),
                    format!("receipt:{came}"),
                    once(now, now + SignedDuration::from_hours(7 * 24)),
                );
                if *amount > 0 {
                    let until = start_of(due.tomorrow().unwrap());
                    self.expect(
                        format!("payment:{id}:{due}"),
                        format!("payment:{due}"),
                        by_days(*due, &[3, 0], until, NEVER),
                    );
                }
            }
            Event::Renewed { person, days } => {
                let ends = now + SignedDuration::from_hours(days * 24);
                room.authorization(&format!("p{person}"), ["Ingrid", "Jonas"][*person], *person == 0, now, ends);
                self.forget(&format!("authorization:p{person}:"));
                let day = ends.to_zoned(TimeZone::get(OSLO).unwrap()).date();
                let quiet_to = now + SignedDuration::from_hours(24);
                self.expect(
                    format!("authorization:p{person}:{day}"),
                    format!("authorization:p{person}"),
                    by_days(day, &ENDS, start_of(day + 8.days()), quiet_to),
                );
            }
        }
    }

    /// The running program looks, if it finds that it should; the oracle looks always.
    fn tick(&self, now: Timestamp) {
        let room = self.room.borrow();
        let expected = self.oracle.borrow_mut().look(&self.facts.borrow(), now, &room.zone);
        let spoken: BTreeSet<String> = if self.changed.replace(false) || room.watch.is_due(now, &room.zone) {
            loud(&room.look(now)).into_iter().map(|notice| notice.key).collect()
        } else {
            BTreeSet::new()
        };
        if expected.len() > TOGETHER || spoken.contains(SUMMARY) {
            assert_eq!(spoken, BTreeSet::from([SUMMARY.to_owned()]), "{now}");
            assert!(expected.len() > 1, "{now}: {expected:?}");
        } else {
            assert_eq!(spoken, expected, "{now}");
        }
    }
}

/// Of eight digits in eleven no ninth follows; then those of the next series serve.
fn number(company: usize) -> String {
    let all = (91..99).flat_map(|series| (0..10).map(move |last| format!("{series}{company:06}{last}")));
    all.into_iter().find(|number| vat_return::OrgNumber::parse(number).is_ok()).unwrap()
}

fn deadline_subject(company: usize, period: Period) -> String {
    let (category, ..) = KINDS[company % KINDS.len()];
    format!("deadline:{}:{}:{}:{}:{}", number(company), category.xml(), period.xml_element(), period.index, period.year)
}

/// One year in the daily run; `cargo xtask year` plays as many as it is told.
#[allow(clippy::print_stdout)]
#[test]
fn a_year_tells_every_reminder_once_and_none_wrong() {
    let years: u64 = std::env::var("MOMSBUD_YEARS").ok().and_then(|years| years.parse().ok()).unwrap_or(1);
    for seed in (0..years).map(|n| 20_260_610 + n) {
        let told = play(seed);
        println!("seed {seed}: {} reminders, each as the oracle says", told.len());
        // Far more than a handful of each, or the year has proven nothing.
        for (kind, least) in
            [("deadline", 400), ("authorization", 5), ("receipt", 200), ("payment", 100), ("waiting", 5)]
        {
            let n = told.iter().filter(|(subject, ..)| subject.starts_with(kind)).count();
            assert!(n >= least, "seed {seed}: only {n} of {kind}");
        }
        let passed = told.iter().filter(|(.., passed)| *passed).count();
        assert!(passed > 20, "seed {seed}: only {passed} passed over");
    }
}

/// Plays a year and gives back the log, which is the oracle's.
fn play(seed: u64) -> BTreeSet<(String, String, Timestamp, bool)> {
    let mut random = StdRng::seed_from_u64(seed);
    let world = World {
        room: RefCell::new(Room::new()),
        facts: RefCell::default(),
        oracle: RefCell::default(),
        changed: Cell::new(true),
    };
    let begin: Timestamp = "2026-01-02T06:00:00Z".parse().unwrap();
    let end: Timestamp = "2027-01-02T06:00:00Z".parse().unwrap();
    let mut events = events(&world, &mut random, begin, end);
    events.sort_by_key(|(at, _)| *at);
    let mut events = events.into_iter().peekable();
    // Reminders begin before anything has happened.
    world.tick(begin);

    let zones = [OSLO, OSLO, "America/New_York", "Asia/Tokyo", "Pacific/Auckland"];
    let (mut at, mut ahead) = (begin, SignedDuration::ZERO);
    while at < end {
        at += SignedDuration::from_mins(30);
        // Most half-hours are like the one before.
        match random.random_range(0..400) {
            // Asleep or switched off: an hour to twelve days.
            0..=5 => at += SignedDuration::from_mins(random.random_range(60..24 * 60)),
            6 => at += SignedDuration::from_hours(random.random_range(24..12 * 24)),
            7..=9 => {
                world.room.borrow_mut().restart();
                world.changed.set(true);
            }
            // The clock is set: a little either way, or by days; mended at the next turn.
            10 => ahead = SignedDuration::from_mins(random.random_range(-180..180)),
            11 => ahead = SignedDuration::from_hours(random.random_range(-72..72)),
            12..=14 => ahead = SignedDuration::ZERO,
            15 => {
                let zone = zones[random.random_range(0..zones.len())];
                world.room.borrow_mut().zone = TimeZone::get(zone).unwrap();
            }
            _ => {}
        }
        let clock = at + ahead;
        while let Some((_, event)) = events.next_if(|(when, _)| *when <= at) {
            // Whatever the program does is stamped by the computer's clock.
            world.happen(&event, clock);
        }
        world.tick(clock);
    }
    let (told, expected) = (world.room.borrow().log(), world.oracle.borrow().log.clone());
    let missing: Vec<_> = expected.difference(&told).take(5).collect();
    let wrong: Vec<_> = told.difference(&expected).take(5).collect();
    assert!(missing.is_empty() && wrong.is_empty(), "seed {seed}\nmissing {missing:#?}\nwrong {wrong:#?}");
    told
}

/// What happens in the year: filings in time, late and never, some of which wait; renewals.
fn events(world: &World, random: &mut StdRng, begin: Timestamp, end: Timestamp) -> Vec<(Timestamp, Event)> {
    let mut events = Vec::new();
    for company in 0..COMPANIES {
        let (category, kind, shown_category, shown_kind, count) = KINDS[company % KINDS.len()];
        let followed = date(2025, 10, 27);
        let room = world.room.borrow();
        room.company(&number(company), &format!("Firma {company}"), category, kind, followed);
        drop(room);
        for year in [2025, 2026, 2027] {
            for index in 1..=count {
                let (_, day) = oracle::deadline(shown_category, shown_kind, index, year);
                // The period that holds the day from which is followed is followed.
                let over = |next| oracle::deadline(shown_category, shown_kind, next, year).0 <= followed;
                // 2025 has 52 weeks.
                if (shown_kind, index, year) == ("week", 53, 2025) || (year == 2025 && index < count && over(index + 1))
                {
                    continue;
                }
                let period = Period { kind, index: index.try_into().unwrap(), year: year.into() };
                world.expect(
                    deadline_subject(company, period),
                    format!("deadline:{day}"),
                    by_days(day, &DAYS, start_of(day + 31.days()), NEVER),
                );
                let due = start_of(day);
                if due > end {
                    continue;
                }
                let minutes = |random: &mut StdRng, from: i64, to: i64| {
                    SignedDuration::from_mins(random.random_range(from * 24 * 60..to * 24 * 60))
                };
                let id = FilingId::named(&format!("{company}-{year}-{index}")).to_string();
                let amount = random.random_range(-50_000..100_000);
                let delivered = |id: String| Event::Delivered { id, company, period, due: day, amount };
                let at = match random.random_range(0..20) {
                    // Never.
                    0 | 1 => continue,
                    // Late.
                    2..=4 => due + minutes(random, 1, 45),
                    _ => due - minutes(random, 0, 14),
                };
                if at <= begin {
                    // Delivered before reminders began: nobody is told of it.
                    let early = begin - SignedDuration::from_hours(30 * 24);
                    let room = world.room.borrow();
                    room.filing(&id, &number(company), category, period, "received", true, early, None);
                    drop(room);
                    world.forget(&deadline_subject(company, period));
                    continue;
                }
                if random.random_range(0..12) == 0 {
                    let state = ["waiting", "waitingSignature", "refused"][random.random_range(0..3)];
                    let waits = if state == "refused" { minutes(random, 1, 9) } else { minutes(random, 0, 3) };
                    let begun = Event::Begun { id: id.clone(), company, period, state };
                    events.push((at, begun));
                    events.push((at + waits, delivered(id)));
                } else {
                    events.push((at, delivered(id)));
                }
            }
        }
    }
    for person in 0..2 {
        let mut at = begin + SignedDuration::from_hours(1);
        while at < end {
            let days = random.random_range(65..140);
            events.push((at, Event::Renewed { person, days }));
            // Renewed in good time, at the last moment, or some days too late.
            let next = days - random.random_range(-12..40);
            at += SignedDuration::from_mins(next * 24 * 60 + random.random_range(0..24 * 60));
        }
    }
    events
}
