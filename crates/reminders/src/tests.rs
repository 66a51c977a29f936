#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]
//! Reminders over a real database, with the time in hand.

mod elsewhere;
mod oracle;
mod year;

use jiff::civil::date;
use store::database::Database;
use tempfile::TempDir;
use vat_return::{Category, Period, PeriodKind};
use view::{NoticeKind, TargetPlace, ids::FilingId};

use super::*;

const OSLO: &str = "Europe/Oslo";
/// The numbers of the first two companies.
const FIRST: &str = "900000006";
const SECOND: &str = "900000014";

/// An office's database with a hand on the clock.
pub(super) struct Room {
    folder: TempDir,
    pub(super) db: Arc<Database>,
    pub(super) watch: Watch,
    pub(super) settings: ReminderSettings,
    pub(super) zone: TimeZone,
    pub(super) signed_in: Option<SignedIn>,
}

impl Room {
    pub(super) fn new() -> Self {
        // A year is tens of thousands of transactions, and what a power cut leaves of them is not the question here.
        let memory = std::path::Path::new("/dev/shm");
        let folder = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.unwrap();
        let (db, watch) = open(&folder);
        let zone = TimeZone::get(OSLO).unwrap();
        Self { folder, db, watch, settings: ReminderSettings::default(), zone, signed_in: None }
    }

    /// The program ends and starts again.
    pub(super) fn restart(&mut self) {
        (self.db, self.watch) = open(&self.folder);
    }

    pub(super) fn look(&self, now: Timestamp) -> Evaluation {
        self.watch
            .look(&Circumstances {
                now,
                zone: &self.zone,
                settings: &self.settings,
                language: Language::Nb,
                signed_in: self.signed_in.as_ref(),
            })
            .unwrap()
    }

    /// What is spoken aloud at a moment, by title.
    fn spoken(&self, now: &str) -> Vec<String> {
        loud(&self.look(now.parse().unwrap())).into_iter().map(|notice| notice.title).collect()
    }

    pub(super) fn company(&self, org_number: &str, name: &str, category: Category, kind: PeriodKind, from: Date) {
        self.db
            .write(|tx| {
                tx.execute(
                    "INSERT OR REPLACE INTO companies (environment, org_number, name) VALUES ('test', ?1, ?2)",
                    params![org_number, name],
                )?;
                deadlines::choose(tx, EnvironmentName::Test, (&org_number.parse().unwrap(), category), kind, from)
            })
            .unwrap();
    }

    /// Writes a filing as the engine would have left it.
    #[allow(clippy::too_many_arguments)]
    pub(super) fn filing(
        &self,
        id: &str,
        org_number: &str,
        category: Category,
        period: Period,
        state: &str,
        delivered: bool,
        at: Timestamp,
        payment: Option<(i64, Date)>,
    ) {
        let id: FilingId = id.parse().unwrap_or_else(|_| FilingId::named(id));
        self.db
            .write(|tx| {
                tx.execute("DELETE FROM filings WHERE id = ?1", params![id])?;
                tx.execute(
                    "INSERT INTO filings (id, environment, org_number, company_name, category, period_element,
                        period_value, period_year, assessed_vat, sha256, file_name, authorization, filed_by, correction,
                        state, step, delivered, begun_at, delivered_at, payment_amount, payment_due, search)
                     VALUES (?1, 'test', ?2, (SELECT name FROM companies WHERE org_number = ?2), ?3, ?4, ?5, ?6, '1', '', '', 'a', 'b', 0, ?7, 'archive', ?8, ?9, ?10,
                        ?11, ?12, '')",
                    params![
                        id,
                        org_number,
                        category.xml(),
                        period.xml_element(),
                        period.xml_value().as_str(),
                        period.year,
                        state,
                        if delivered { "yes" } else { "no" },
                        at.to_string(),
                        delivered.then(|| at.to_string()),
                        payment.map(|(amount, _)| amount.to_string()),
                        payment.map(|(_, due)| due.to_string()),
                    ],
                )?;
                let number = tx.last_insert_rowid();
                let event = if delivered { "fetched" } else { "waited" };
                tx.execute(
                    "INSERT INTO timeline (filing, at, event) VALUES (?1, ?2, ?3)",
                    params![number, at.to_string(), event],
                )?;
                Ok::<_, DatabaseError>(())
            })
            .unwrap();
    }

    pub(super) fn authorization(&self, id: &str, person: &str, current: bool, from: Timestamp, until: Timestamp) {
        self.db
            .write(|tx| {
                tx.execute(
                    "INSERT INTO authorizations (id, environment, integration, person_salt, person, name, scopes,
                        granted_at, ends_at, current) VALUES (?1, 'test', 'i', x'00', x'00', ?2, '', ?3, ?4, ?5)
                     ON CONFLICT (id) DO UPDATE SET granted_at = excluded.granted_at, ends_at = excluded.ends_at",
                    params![id, person, from.to_string(), until.to_string(), current],
                )?;
                tx.execute(
                    "INSERT OR IGNORE INTO secrets (purpose, id, sealed, stored_at) VALUES ('tokens', ?1, x'00', '')",
                    params![id],
                )?;
                Ok::<_, DatabaseError>(())
            })
            .unwrap();
    }

    /// The log: subject, occasion, when it was told, whether a later one spoke for it.
    pub(super) fn log(&self) -> BTreeSet<(String, String, Timestamp, bool)> {
        self.db
            .read(|db| {
                let mut statement = db.prepare("SELECT subject, occasion, told_at, passed_over FROM reminders")?;
                let rows = statement.query_map([], |row| {
                    Ok((row.get(0)?, row.get(1)?, row.get::<_, String>(2)?.parse().unwrap(), row.get(3)?))
                })?;
                rows.collect::<Result<_, _>>()
            })
            .map_err(|error: rusqlite::Error| error)
            .unwrap()
    }
}

fn open(folder: &TempDir) -> (Arc<Database>, Watch) {
    let db = Arc::new(Database::open(folder.path()).unwrap());
    // A year has thousands of looks; whether the disk has them is another test's matter.
    db.read(|db| db.pragma_update(None, "synchronous", "OFF")).unwrap();
    let watch = Watch::new(Arc::clone(&db), EnvironmentName::Test);
    (db, watch)
}

/// What is announced so that it disturbs.
pub(super) fn loud(looked: &Evaluation) -> Vec<NoticeView> {
    let shown = looked.announcements.iter().filter_map(|announcement| match announcement {
        Announcement::Show { notice, quietly: false } => Some(notice.clone()),
        _ => None,
    });
    shown.collect()
}

/// The number of a company.
fn company(index: usize) -> String {
    let numbers = (900_000_000_u32..).map(|number| number.to_string());
    numbers.filter(|number| vat_return::OrgNumber::parse(number).is_ok()).nth(index).unwrap()
}

/// Companies with two-month periods from 2026 on.
fn two_monthly(room: &Room, names: &[&str]) {
    for (index, name) in names.iter().enumerate() {
        let org_number = company(index);
        room.company(&org_number, name, Category::Ordinary, PeriodKind::TwoMonths, date(2026, 3, 1));
    }
}

const MARCH_APRIL: Period = Period { kind: PeriodKind::TwoMonths, index: 2, year: 2026 };

#[test]
fn companies_with_the_same_deadline_share_a_notice_that_replaces_itself() {
    let room = Room::new();
    two_monthly(&room, &["Aasen", "Berg", "Cato", "Dahl", "Eng", "Foss", "Gran"]);
    // Friday 29 May; the deadline is Wednesday 10 June.
    assert!(room.spoken("2026-05-29T10:00:00Z").is_empty());
    // Ten days before is a Sunday, which is quiet: it is told on Monday.
    assert!(room.spoken("2026-05-31T10:00:00Z").is_empty());
    assert_eq!(room.spoken("2026-06-01T06:00:00Z"), ["7 virksomheter har frist 10. juni"]);
    assert!(room.spoken("2026-06-01T06:30:00Z").is_empty(), "once");
    // Three days before is a Sunday again; by Monday evening nothing newer has come.
    assert_eq!(room.spoken("2026-06-08T09:00:00Z"), ["7 virksomheter har frist onsdag"]);
    assert!(room.spoken("2026-06-09T05:30:00Z").is_empty(), "before eight");
    let looked = room.look("2026-06-09T06:00:00Z".parse().unwrap());
    let notice = &loud(&looked)[0];
    assert_eq!(notice.title, "7 virksomheter har frist i morgen");
    assert_eq!(
        notice.text,
        "Mars–april 2026: Aasen, Berg, Cato og 4 til. Ingenting er levert ennå. Fristen er onsdag 10. juni."
    );
    assert_eq!((notice.key.as_str(), notice.target.place), ("deadline:2026-06-10", TargetPlace::Deadlines));
    assert_eq!(looked.view.standing, Standing::Soon);
    let next = looked.view.next.unwrap();
    assert_eq!((next.day.as_str(), next.remaining, next.late), ("2026-06-10", 7, 0));

    // One files: the words change, and nobody is disturbed.
    let at: Timestamp = "2026-06-09T07:00:00Z".parse().unwrap();
    room.filing("f1", FIRST, Category::Ordinary, MARCH_APRIL, "received", true, at, None);
    let looked = room.look(at);
    assert!(loud(&looked).iter().all(|notice| notice.kind == NoticeKind::Receipt));
    assert!(looked.announcements.iter().any(|announcement| matches!(announcement,
        Announcement::Show { notice, quietly: true } if notice.title == "6 virksomheter har frist i morgen")));
    for index in 1..7 {
        let org_number = company(index);
        room.filing(&org_number, &org_number, Category::Ordinary, MARCH_APRIL, "received", true, at, None);
    }
    let looked = room.look("2026-06-09T08:00:00Z".parse().unwrap());
    assert!(looked.announcements.contains(&Announcement::Withdraw { key: "deadline:2026-06-10".into() }));
    assert_eq!(looked.view.standing, Standing::Ok);
}

#[test]
fn nothing_is_told_twice_across_restarts() {
    let mut room = Room::new();
    two_monthly(&room, &["Aasen"]);
    assert_eq!(room.spoken("2026-06-09T06:00:00Z"), ["Aasen har frist i morgen"]);
    for minute in 1..20 {
        room.restart();
        let now = format!("2026-06-09T06:{minute:02}:00Z");
        assert!(room.spoken(&now).is_empty(), "{now}");
    }
    // The bell still has it.
    assert_eq!(room.look("2026-06-09T06:30:00Z".parse().unwrap()).view.notices[0].title, "Aasen har frist i morgen");
    // Neither does a clock that is set back tell it again.
    assert!(room.spoken("2026-06-08T06:00:00Z").is_empty());
    assert!(room.spoken("2026-06-09T06:00:00Z").is_empty());
}

#[test]
fn ten_days_off_are_summed_up_once() {
    let mut room = Room::new();
    two_monthly(&room, &["Aasen", "Berg"]);
    let granted: Timestamp = "2025-06-20T10:00:00Z".parse().unwrap();
    room.authorization("a", "Ingrid Solvang", true, granted, "2026-06-20T10:00:00Z".parse().unwrap());
    assert!(room.spoken("2026-05-29T08:00:00Z")[0].starts_with("Autorisasjonen går ut om 22 dager"));
    room.restart();
    let looked = room.look("2026-06-08T08:00:00Z".parse().unwrap());
    let spoken = loud(&looked);
    assert_eq!(spoken.len(), 1);
    assert_eq!(spoken[0].title, "Mens Momsbud var av: 2 påminnelser");
    assert_eq!(spoken[0].text, "2 virksomheter har frist onsdag. Autorisasjonen går ut om 12 dager.");
    assert_eq!(looked.view.notices.len(), 2, "the bell lists each");
    assert!(room.spoken("2026-06-08T09:00:00Z").is_empty());
    // Of each subject the newest spoke; the older ones count as told.
    let passed: Vec<_> = room.log().into_iter().filter(|(_, _, _, passed)| *passed).collect();
    assert_eq!(passed.len(), 2, "{passed:?}");
}

#[test]
fn a_deadline_that_passed_while_the_computer_was_off_says_so() {
    let mut room = Room::new();
    two_monthly(&room, &["Aasen"]);
    assert!(room.spoken("2026-05-20T08:00:00Z").is_empty());
    room.restart();
    let looked = room.look("2026-06-15T08:00:00Z".parse().unwrap());
    assert_eq!(loud(&looked)[0].title, "Aasen: fristen 10. juni er ute");
    assert!(loud(&looked)[0].late);
    assert_eq!(looked.view.standing, Standing::Expired);
}

#[test]
fn nothing_comes_within_a_day_of_a_renewal() {
    let room = Room::new();
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    // Renewed in the evening for 90 days: the first reminder is 30 days before its end.
    room.authorization("a", "Ingrid Solvang", true, at("2026-03-02T19:00:00Z"), at("2026-05-31T19:00:00Z"));
    assert!(room.spoken("2026-03-03T08:00:00Z").is_empty());
    assert_eq!(room.spoken("2026-05-04T08:00:00Z"), ["Autorisasjonen går ut om 27 dager"]);
    // A renewal that lasts for 61 days, given at noon of the day before a reminder would be due.
    room.authorization("a", "Ingrid Solvang", true, at("2026-05-04T10:00:00Z"), at("2026-07-04T10:00:00Z"));
    let looked = room.look(at("2026-05-04T10:01:00Z"));
    assert!(looked.view.notices.is_empty());
    assert_eq!(looked.announcements, [Announcement::Withdraw { key: "authorization:a".into() }]);
    assert!(room.spoken("2026-05-05T09:59:00Z").is_empty());
    // One that ends in an hour is told of by the clock in the window and not by reminders.
    room.authorization("b", "Kari", false, at("2026-05-05T06:00:00Z"), at("2026-05-05T08:00:00Z"));
    assert!(room.spoken("2026-05-05T07:00:00Z").is_empty());
}

#[test]
fn the_consequence_is_said_plainly() {
    let room = Room::new();
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    room.authorization("a", "Ingrid Solvang", true, at("2025-07-02T10:00:00Z"), at("2026-07-02T10:00:00Z"));
    let looked = room.look(at("2026-06-18T06:00:00Z"));
    let notice = &loud(&looked)[0];
    assert_eq!(notice.title, "Autorisasjonen går ut om 14 dager");
    assert_eq!(
        notice.text,
        "Ingrid Solvang: etter 2. juli 2026 kan du fortsatt kontrollere, men ikke sende. Å fornye tar et minutt."
    );
    assert_eq!(room.look(at("2026-07-02T06:00:00Z")).view.notices[0].title, "Autorisasjonen går ut i dag kl. 12.00");
    let ended = room.look(at("2026-07-02T10:00:00Z"));
    assert_eq!(ended.view.notices[0].title, "Autorisasjonen er utløpt");
    assert_eq!(ended.view.standing, Standing::Expired);
}

#[test]
fn a_sign_in_that_ends_before_a_planned_filing_is_told_of() {
    let mut room = Room::new();
    two_monthly(&room, &["Aasen"]);
    room.settings.deadline = false;
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    let signed_in = |since, until| {
        Some(SignedIn { authorization: AuthorizationIdOf::new("a"), since: at(since), until: at(until) })
    };
    // Ends the day before the deadline.
    room.signed_in = signed_in("2026-06-01T08:00:00Z", "2026-06-09T08:00:00Z");
    assert_eq!(room.spoken("2026-06-08T06:00:00Z"), ["Du må logge inn på nytt før fristen 10. juni"]);
    // Two hours are nobody's plan.
    room.signed_in = signed_in("2026-06-08T06:00:00Z", "2026-06-08T08:00:00Z");
    assert!(room.look(at("2026-06-08T07:00:00Z")).view.notices.is_empty());
}

type AuthorizationIdOf = access::authorizations::AuthorizationId;

#[test]
fn a_snoozed_notice_comes_back_once_and_a_dismissed_one_with_its_next_occasion() {
    let room = Room::new();
    two_monthly(&room, &["Aasen"]);
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    assert_eq!(room.spoken("2026-06-08T08:00:00Z").len(), 1);
    let until = snoozed_until(Snooze::Hour, at("2026-06-08T08:10:00Z"));
    room.watch.snooze("deadline:2026-06-10", until).unwrap();
    let looked = room.look(at("2026-06-08T08:10:00Z"));
    assert!(looked.view.notices.is_empty());
    assert_eq!(looked.announcements, [Announcement::Withdraw { key: "deadline:2026-06-10".into() }]);
    assert!(!room.watch.is_due(at("2026-06-08T09:09:00Z"), &room.zone));
    assert!(room.watch.is_due(at("2026-06-08T09:10:00Z"), &room.zone));
    assert_eq!(room.spoken("2026-06-08T09:10:00Z"), ["Aasen har frist onsdag"]);
    assert!(room.spoken("2026-06-08T09:11:00Z").is_empty());

    room.watch.dismiss("deadline:2026-06-10").unwrap();
    assert!(room.look(at("2026-06-08T10:00:00Z")).view.notices.is_empty());
    assert_eq!(room.spoken("2026-06-09T06:00:00Z"), ["Aasen har frist i morgen"]);
}

#[test]
fn a_company_can_be_left_out_and_a_pause_holds_everything() {
    let mut room = Room::new();
    two_monthly(&room, &["Aasen", "Berg"]);
    room.db.write(|tx| deadlines::mute(tx, EnvironmentName::Test, &FIRST.parse().unwrap(), true)).unwrap();
    room.settings.paused_until = Some("2026-06-09T06:00:00Z".into());
    assert!(room.spoken("2026-06-08T08:00:00Z").is_empty());
    assert_eq!(room.spoken("2026-06-09T06:00:00Z"), ["Berg har frist i morgen"]);
    room.db.write(|tx| deadlines::mute(tx, EnvironmentName::Test, &FIRST.parse().unwrap(), false)).unwrap();
    assert_eq!(room.spoken("2026-06-09T06:10:00Z"), ["2 virksomheter har frist i morgen"]);
}

#[test]
fn old_receipts_are_no_news_when_reminders_begin() {
    let room = Room::new();
    two_monthly(&room, &["Aasen"]);
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    let period = Period { index: 1, ..MARCH_APRIL };
    room.filing("f1", FIRST, Category::Ordinary, period, "received", true, at("2026-04-06T08:00:00Z"), None);
    assert!(room.spoken("2026-04-07T08:00:00Z").is_empty());
    let due = Some((77_457, date(2026, 6, 10)));
    let came = at("2026-04-07T09:00:00Z");
    room.filing("f2", FIRST, Category::Ordinary, MARCH_APRIL, "received", true, came, due);
    let looked = room.look(at("2026-04-07T09:00:30Z"));
    let notice = &loud(&looked)[0];
    assert_eq!(notice.title, "Kvitteringen er kommet");
    assert_eq!(notice.text, "Aasen, mars–april 2026: 77\u{a0}457\u{a0}kr å betale innen 10. juni.");
    // Three days before is a Sunday.
    assert_eq!(room.spoken("2026-06-08T06:00:00Z"), ["Betalingen for Aasen forfaller om 2 dager"]);
    assert_eq!(room.spoken("2026-06-10T06:00:00Z"), ["Betalingen for Aasen forfaller i dag"]);
    assert!(room.look(at("2026-06-11T06:00:00Z")).view.notices.is_empty());
}

#[test]
fn what_waits_is_told_of_once_for_each_reason() {
    let room = Room::new();
    two_monthly(&room, &["Aasen"]);
    assert!(room.spoken("2026-05-04T08:00:00Z").is_empty());
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    let waits = |state: &str, delivered, since: &str| {
        room.filing("f1", FIRST, Category::Ordinary, MARCH_APRIL, state, delivered, at(since), None);
    };
    waits("waiting", false, "2026-05-04T08:00:00Z");
    assert!(room.spoken("2026-05-04T08:59:00Z").is_empty());
    assert_eq!(room.spoken("2026-05-04T09:00:00Z"), ["Innsendingen for Aasen venter"]);
    waits("waitingSignature", false, "2026-05-04T10:00:00Z");
    assert!(room.spoken("2026-05-05T09:00:00Z").is_empty());
    assert_eq!(room.spoken("2026-05-05T10:00:00Z"), ["Aasen venter på signering"]);
    waits("waitingAnswer", true, "2026-05-05T11:00:00Z");
    let looked = room.look(at("2026-05-05T12:00:00Z"));
    let late = &loud(&looked)[0];
    assert_eq!(late.title, "Kvitteringen for Aasen lar vente på seg");
    assert!(late.text.contains("fristen er holdt"));
    waits("refused", false, "2026-05-05T13:00:00Z");
    let looked = room.look(at("2026-05-05T13:00:00Z"));
    let refused = &loud(&looked)[0];
    assert!(refused.title.ends_with("innsendingen ble avvist") && refused.text.contains("Ikke levert"));
}

#[test]
fn what_counts_as_filed_nowhere_is_told_of_whenever_it_is_decided() {
    let room = Room::new();
    two_monthly(&room, &["Aasen", "Berg"]);
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    let of = |id: &str, org_number: &str, state: &str| {
        let begun = at("2026-05-04T07:00:00Z");
        room.filing(id, org_number, Category::Ordinary, MARCH_APRIL, state, true, begun, None);
    };
    let happened = |id: &str, event: &str, when: &str| {
        let write = "INSERT INTO timeline (filing, at, event) SELECT number, ?2, ?3 FROM filings WHERE id = ?1";
        let write = |tx: &Transaction<'_>| {
            Ok::<_, DatabaseError>(tx.execute(write, params![FilingId::named(id), when, event])?)
        };
        assert_eq!(room.db.write(write).unwrap(), 1);
    };
    // A command delivered them before the window was opened for the first time.
    of("f1", FIRST, "rejected");
    of("f2", SECOND, "unclear");
    let said = ["Aasen: mva-meldingen er levert, men avvist", "Berg: svaret må ses på"];
    assert_eq!(room.spoken("2026-05-04T08:00:00Z"), said);
    // The verdict of the other comes three weeks later, and is news then.
    of("f2", SECOND, "rejected");
    happened("f2", "rejected", "2026-05-26T08:00:00Z");
    assert_eq!(room.spoken("2026-05-26T08:00:00Z"), ["Berg: mva-meldingen er levert, men avvist"]);
    // Accepted at last: the receipt that lay there all the time is news when it counts.
    of("f3", FIRST, "unclear");
    assert_eq!(room.spoken("2026-05-26T09:00:00Z"), ["Aasen: svaret må ses på"]);
    of("f3", FIRST, "received");
    happened("f3", "received", "2026-05-27T09:00:00Z");
    let looked = room.look(at("2026-05-27T09:00:00Z"));
    assert_eq!(loud(&looked)[0].title, "Kvitteringen er kommet");
}

#[test]
fn a_receipt_with_deviations_says_so_and_practice_asks_nobody_to_pay() {
    let mut room = Room::new();
    two_monthly(&room, &["Aasen"]);
    assert!(room.spoken("2026-04-07T08:00:00Z").is_empty());
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    let due = Some((77_457, date(2026, 4, 10)));
    let came = at("2026-04-07T09:00:00Z");
    room.filing("f1", FIRST, Category::Ordinary, MARCH_APRIL, "received", true, came, due);
    let set = |what: &str| room.db.write(|tx| Ok::<_, DatabaseError>(tx.execute(what, [])?)).unwrap();
    set("UPDATE filings SET verdict = 'deviating'");
    let looked = room.look(came).view.notices;
    assert_eq!(
        looked.iter().find(|notice| notice.kind == NoticeKind::Receipt).unwrap().text,
        "Aasen, mars–april 2026: 77\u{a0}457\u{a0}kr å betale innen 10. april. Meldingen er godtatt med avvik. Se \
         dem i Historikk."
    );
    assert_eq!(room.spoken("2026-04-10T06:00:00Z"), ["Betalingen for Aasen forfaller i dag"]);
    for table in ["filings", "companies", "duties"] {
        set(&format!("UPDATE {table} SET environment = 'practice'"));
    }
    room.watch = Watch::new(Arc::clone(&room.db), EnvironmentName::Practice);
    let told = room.look(at("2026-04-10T06:00:00Z")).view.notices;
    assert!(told.iter().all(|notice| notice.kind != NoticeKind::Payment), "{told:?}");
}

#[test]
fn a_clock_that_was_years_ahead_costs_no_reminder() {
    let room = Room::new();
    two_monthly(&room, &["Aasen"]);
    assert_eq!(room.spoken("2026-06-09T06:00:00Z").len(), 1);
    // A flat battery, and the year is another for a while.
    assert_eq!(room.spoken("2026-08-31T08:00:00Z").len(), 1);
    assert!(room.spoken("2026-06-09T07:00:00Z").len() <= 1);
    // The real end of August comes, and is told.
    assert_eq!(room.spoken("2026-08-31T08:00:00Z").len(), 1);
}

#[test]
fn the_icon_turns_at_the_moment_the_authorization_ends() {
    let room = Room::new();
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    room.authorization("a", "Ingrid", true, at("2025-07-02T10:00:00Z"), at("2026-07-02T10:00:00Z"));
    assert_eq!(room.look(at("2026-07-02T09:30:00Z")).view.standing, Standing::Soon);
    assert!(!room.watch.is_due(at("2026-07-02T09:59:59Z"), &room.zone));
    assert!(room.watch.is_due(at("2026-07-02T10:00:00Z"), &room.zone));
    assert_eq!(room.look(at("2026-07-02T10:00:00Z")).view.standing, Standing::Expired);
    // A computer in another zone, and a clock that was set back, are looked at anew.
    assert!(room.watch.is_due(at("2026-07-02T10:00:01Z"), &TimeZone::get("Asia/Tokyo").unwrap()));
    assert!(room.watch.is_due(at("2026-07-02T09:59:00Z"), &room.zone));
}
