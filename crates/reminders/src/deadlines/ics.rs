//! The calendar file (RFC 5545): one event a day on which something is due, and one for the end of each authorization.
//!
//! A UID stays with its event for good, so that a calendar which reads the file again replaces what it had: the file that
//! is written later has the higher SEQUENCE, whatever it says. An event that is in it no longer (its last company is not
//! followed, its period is put aside) is cancelled in so many words, for a calendar that keeps what it once read. Deadlines
//! are dates and not moments: they are Norwegian days wherever the calendar is.
//!
//! The crate `icalendar` (0.17) would keep the UIDs, and take over the folding and escaping alone, some forty lines here. It
//! cannot be had without `chrono`, beside `jiff`, nor without a parser of dates that nothing here needs: so it was left.

use std::collections::BTreeSet;

use access::authorizations::Consent;
use jiff::{Timestamp, ToSpan, civil::Date};
use vat_return::Language;
use view::{
    EnvironmentName, FilingState, OpenBecause, ReminderSettings, small_letter,
    texts::{kind, norwegian_date, state_name},
};

use super::OpenDeadline;

/// Octets a line may have, without its end (RFC 5545 section 3.1).
const LINE: usize = 75;
/// When alarms ring, in hours after midnight of their day.
const ALARM_HOUR: i64 = 8;

/// What the file says.
pub struct Calendar<'a> {
    /// Which authorities the deadlines are kept with.
    pub environment: EnvironmentName,
    /// The language.
    pub language: Language,
    /// When reminders come.
    pub settings: &'a ReminderSettings,
    /// Deadlines, filed ones included, by day.
    pub deadlines: &'a [Due],
    /// Who has given an authorization, and till when.
    pub authorizations: &'a [Consent],
    /// The file as it was before, if there is one.
    pub before: Option<&'a str>,
    /// Now.
    pub now: Timestamp,
}

/// A period with its deadline.
#[derive(Debug, Clone)]
pub struct Due {
    /// The deadline.
    pub open: OpenDeadline,
    pub(crate) filed: bool,
}

/// What an earlier file has said.
#[derive(Debug, Default)]
struct Before {
    /// The highest sequence in it.
    sequence: i64,
    /// Its events: key and day.
    events: Vec<(String, Date)>,
}

/// Most events of an earlier file that are told again: a year has some hundred days on which something is due.
const MOST_EVENTS: usize = 1_000;
/// How far the number of an earlier file may be ahead of the clock, in minutes: a clock that was a year wrong. Of one that lies
/// further no calendar would ever take a later file for the later one.
const AHEAD: i64 = 366 * 24 * 60;

impl Before {
    /// Reads a file that [`Calendar::write`] wrote. The archive may lie where others write: of what lies there only events that
    /// are named as ours are taken over, so that nobody's meetings are cancelled, a bounded number of them.
    fn read(text: &str, clock: i64, environment: &str) -> Self {
        let mut before = Self::default();
        let mut uid = None;
        for line in text.replace("\r\n ", "").lines() {
            match line.split_once(':') {
                Some(("BEGIN", "VEVENT")) => uid = None,
                Some(("UID", value)) => uid = is_own(value, environment).then(|| value.to_owned()),
                Some(("SEQUENCE", value)) => {
                    let sequence = value.parse::<i32>().map_or(0, i64::from);
                    if sequence <= clock.saturating_add(AHEAD) {
                        before.sequence = before.sequence.max(sequence);
                    }
                }
                Some(("DTSTART;VALUE=DATE", value)) => {
                    if let (Some(uid), Ok(day)) = (uid.take(), Date::strptime("%Y%m%d", value))
                        && before.events.len() < MOST_EVENTS
                    {
                        before.events.push((uid, day));
                    }
                }
                _ => {}
            }
        }
        before
    }
}

/// Whether a UID is one of ours: `deadline-2026-06-10-test@momsbud.no`, or `authorization-` and a key.
fn is_own(uid: &str, environment: &str) -> bool {
    let Some(name) = uid.strip_suffix("@momsbud.no") else { return false };
    if let Some(rest) = name.strip_prefix("deadline-") {
        let day = rest.strip_suffix(environment).and_then(|rest| rest.strip_suffix('-'));
        // Written again as it is written, or it is another text.
        return day.is_some_and(|day| day.parse::<Date>().is_ok_and(|read| read.to_string() == day));
    }
    name.strip_prefix("authorization-").is_some_and(|key| {
        (1..=64).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    })
}

/// Sequences count the minutes since then: a later file has the higher one, on whichever machine it is written.
const SINCE: i64 = 1_577_836_800;

impl Calendar<'_> {
    /// The file.
    pub fn write(&self) -> String {
        let clock = (self.now.as_second() - SINCE) / 60;
        let before = self.before.map(|text| Before::read(text, clock, self.environment_word())).unwrap_or_default();
        // A clock that was set back must not make the file an older one.
        let sequence = clock.max(before.sequence + 1).clamp(0, i64::from(i32::MAX));
        let mut lines = Lines { sequence, ..Lines::default() };
        lines.add("BEGIN:VCALENDAR");
        lines.add("VERSION:2.0");
        lines.add("PRODID:-//Momsbud//Frister//NO");
        lines.add("CALSCALE:GREGORIAN");
        lines.add("METHOD:PUBLISH");
        lines.text("X-WR-CALNAME", &self.name());
        lines.add("X-WR-TIMEZONE:Europe/Oslo");
        lines.add("REFRESH-INTERVAL;VALUE=DURATION:PT12H");
        lines.add("X-PUBLISHED-TTL:PT12H");
        for due in self.deadlines.chunk_by(|a, b| a.open.day == b.open.day) {
            self.deadline(&mut lines, due);
        }
        for consent in self.authorizations {
            self.authorization(&mut lines, consent);
        }
        for (uid, day) in before.events {
            // What lies so far back that it would not be shown is told no more.
            if !lines.uids.contains(&uid) && (day - norwegian_date(self.now)).get_days() >= -super::CALENDAR_BACK {
                self.cancelled(&mut lines, &uid, day);
            }
        }
        lines.add("END:VCALENDAR");
        lines.text
    }

    /// An event that was in an earlier file and holds no longer.
    fn cancelled(&self, lines: &mut Lines, uid: &str, day: Date) {
        let stamp = self.now.strftime("%Y%m%dT%H%M%SZ").to_string();
        lines.add("BEGIN:VEVENT");
        lines.add(&format!("UID:{uid}"));
        lines.add(&format!("DTSTAMP:{stamp}"));
        lines.add(&format!("SEQUENCE:{}", lines.sequence));
        lines.add(&format!("DTSTART;VALUE=DATE:{}", day.strftime("%Y%m%d")));
        lines.add(&format!("DTEND;VALUE=DATE:{}", day.saturating_add(1.day()).strftime("%Y%m%d")));
        let summary = crate::text(self.language, "deadlines.ics.theDeadlineIsNoLonger").to_owned();
        lines.text("SUMMARY", &summary);
        lines.text("DESCRIPTION", &summary);
        lines.add("STATUS:CANCELLED");
        lines.add("TRANSP:TRANSPARENT");
        lines.add("END:VEVENT");
    }

    fn name(&self) -> String {
        let which = match self.environment {
            EnvironmentName::Production => "",
            EnvironmentName::Practice => crate::text(self.language, "deadlines.ics.practice"),
            EnvironmentName::Test => crate::text(self.language, "deadlines.ics.test"),
        };
        crate::filled(self.language, "deadlines.ics.momsbudDeadlines", &[("which", &which)])
    }

    /// All companies that are due on a day.
    fn deadline(&self, lines: &mut Lines, due: &[Due]) {
        let Some(first) = due.first() else { return };
        let day = first.open.day;
        let open: Vec<&Due> = due.iter().filter(|due| !due.filed).collect();
        let name = |due: &Due| due.open.company.clone().unwrap_or_else(|| due.open.org_number.grouped());
        let summary = match (due, open.as_slice()) {
            ([one], []) => {
                let name = name(one);
                crate::filled(self.language, "deadlines.ics.filedVatReturnFor", &[("name", &name)])
            }
            (all, []) => {
                let n = all.len();
                crate::filled(self.language, "deadlines.ics.filedVatReturnsForCompanies", &[("n", &n)])
            }
            (_, [one]) => {
                let name = name(one);
                crate::filled(self.language, "deadlines.ics.vatReturnDue", &[("name", &name)])
            }
            (_, open) => {
                let n = open.len();
                crate::filled(self.language, "deadlines.ics.vatReturnsDueCompanies", &[("n", &n)])
            }
        };
        let filed = crate::text(self.language, "deadlines.ics.filed").to_owned();
        let state = |state| small_letter(state_name(state, None, false, self.language));
        let (rejected, unclear) = (state(FilingState::Rejected), state(FilingState::Unclear));
        let description: Vec<String> = due
            .iter()
            .map(|due| {
                let (period, kind) =
                    (due.open.period.in_words(self.language), kind(due.open.category, due.open.period, self.language));
                let state = match due.open.because {
                    _ if due.filed => format!(" ({filed})"),
                    OpenBecause::Rejected => format!(" ({rejected})"),
                    OpenBecause::Unclear => format!(" ({unclear})"),
                    OpenBecause::NothingFiled | OpenBecause::UnderWay => String::new(),
                };
                format!("{}: {period}, {kind}{state}", name(due))
            })
            .collect();
        let event = Event {
            uid: format!("deadline-{day}-{}@momsbud.no", self.environment_word()),
            day,
            summary: &summary,
            description: &description.join("\n"),
        };
        let days: &[u16] = if open.is_empty() { &[] } else { &self.settings.deadline_days };
        self.event(lines, &event, days);
    }

    fn authorization(&self, lines: &mut Lines, consent: &Consent) {
        let day = norwegian_date(consent.ends_at);
        let person = consent.person.as_ref().map(|person| format!(": {person}")).unwrap_or_default();
        let summary =
            crate::filled(self.language, "deadlines.ics.theAuthorizationForMomsbudEnds", &[("person", &person)]);
        let description = crate::text(self.language, "deadlines.ics.afterThisDayYouCan").to_owned();
        let event = Event {
            uid: format!("authorization-{}@momsbud.no", consent.id),
            day,
            summary: &summary,
            description: &description,
        };
        self.event(lines, &event, &self.settings.authorization_days);
    }

    fn environment_word(&self) -> &'static str {
        match self.environment {
            EnvironmentName::Practice => "practice",
            EnvironmentName::Test => "test",
            EnvironmentName::Production => "production",
        }
    }

    fn event(&self, lines: &mut Lines, event: &Event<'_>, alarms: &[u16]) {
        let stamp = self.now.strftime("%Y%m%dT%H%M%SZ").to_string();
        let next = event.day.saturating_add(1.day());
        lines.add("BEGIN:VEVENT");
        lines.add(&format!("UID:{}", event.uid));
        lines.add(&format!("DTSTAMP:{stamp}"));
        lines.uids.insert(event.uid.clone());
        lines.add(&format!("SEQUENCE:{}", lines.sequence));
        lines.add(&format!("DTSTART;VALUE=DATE:{}", event.day.strftime("%Y%m%d")));
        lines.add(&format!("DTEND;VALUE=DATE:{}", next.strftime("%Y%m%d")));
        lines.text("SUMMARY", event.summary);
        lines.text("DESCRIPTION", event.description);
        lines.add("TRANSP:TRANSPARENT");
        lines.add("CATEGORIES:Momsbud");
        for days in alarms {
            lines.add("BEGIN:VALARM");
            lines.add("ACTION:DISPLAY");
            lines.text("DESCRIPTION", event.summary);
            lines.add(&format!("TRIGGER:{}", trigger(*days)));
            lines.add("END:VALARM");
        }
        lines.add("END:VEVENT");
    }
}

struct Event<'a> {
    uid: String,
    day: Date,
    summary: &'a str,
    description: &'a str,
}

/// The morning so many days before: a duration from the first moment of the event's day.
fn trigger(days: u16) -> String {
    let hours = ALARM_HOUR - i64::from(days) * 24;
    if hours >= 0 { format!("PT{hours}H") } else { format!("-P{}DT{}H", -hours / 24, -hours % 24) }
}

/// Lines of a calendar: folded, ended by CRLF.
#[derive(Default)]
struct Lines {
    text: String,
    /// That of every event in the file.
    sequence: i64,
    /// The events that are in it.
    uids: BTreeSet<String>,
}

impl Lines {
    fn add(&mut self, line: &str) {
        let mut length = 0;
        for letter in line.chars() {
            // A fold must not split a letter; the blank that begins the next line counts.
            if length + letter.len_utf8() > LINE {
                self.text.push_str("\r\n ");
                length = 1;
            }
            self.text.push(letter);
            length += letter.len_utf8();
        }
        self.text.push_str("\r\n");
    }

    /// A property whose value is text (RFC 5545 section 3.3.11).
    fn text(&mut self, name: &str, value: &str) {
        let mut escaped = String::new();
        for letter in value.chars() {
            match letter {
                '\\' | ';' | ',' => {
                    escaped.push('\\');
                    escaped.push(letter);
                }
                '\n' => escaped.push_str("\\n"),
                letter if letter.is_control() => {}
                letter => escaped.push(letter),
            }
        }
        self.add(&format!("{name}:{escaped}"));
    }
}

/// Whether two files say the same, whenever they were written.
pub fn same(a: &str, b: &str) -> bool {
    let told = |file: &str| -> Vec<String> {
        let counts = |line: &&str| !line.starts_with("DTSTAMP:") && !line.starts_with("SEQUENCE:");
        file.lines().filter(counts).map(str::to_owned).collect()
    };
    told(a) == told(b)
}
