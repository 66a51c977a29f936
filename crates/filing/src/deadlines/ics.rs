//! The calendar file (RFC 5545): one event a day on which something is due, and one for the end of each authorization.
//!
//! A UID stays with its event for good, so that a calendar which reads the file again replaces what it had. Deadlines
//! are dates and not moments: they are Norwegian days wherever the calendar is.

use jiff::{Timestamp, ToSpan, civil::Date};
use vat_return::Language;

use super::OpenDeadline;
use crate::{
    reminders::Consent,
    view::{EnvironmentName, ReminderSettings},
    words::{kind, norwegian_date, shown_number},
};

/// Octets a line may have, without its end (RFC 5545 section 3.1).
const LINE: usize = 75;
/// When alarms ring, in hours after midnight of their day.
const ALARM_HOUR: i64 = 8;

/// What the file says.
pub(crate) struct Calendar<'a> {
    pub(crate) environment: EnvironmentName,
    pub(crate) language: Language,
    pub(crate) settings: &'a ReminderSettings,
    /// Deadlines, filed ones included, by day.
    pub(crate) deadlines: &'a [Due],
    pub(crate) authorizations: &'a [Consent],
    pub(crate) now: Timestamp,
}

/// A period with its deadline.
#[derive(Debug, Clone)]
pub(crate) struct Due {
    pub(crate) open: OpenDeadline,
    pub(crate) filed: bool,
}

impl Calendar<'_> {
    /// The file.
    pub(crate) fn write(&self) -> String {
        let mut lines = Lines::default();
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
        lines.add("END:VCALENDAR");
        lines.0
    }

    fn say(&self, nb: String, nn: String, en: String) -> String {
        match self.language {
            Language::Nb => nb,
            Language::Nn => nn,
            Language::En => en,
        }
    }

    fn name(&self) -> String {
        let which = match self.environment {
            EnvironmentName::Production => "",
            EnvironmentName::Practice => " (øving)",
            EnvironmentName::Test => " (test)",
        };
        self.say(
            format!("Momsbud: frister{which}"),
            format!("Momsbud: fristar{which}"),
            format!("Momsbud: deadlines{which}"),
        )
    }

    /// All companies that are due on a day.
    fn deadline(&self, lines: &mut Lines, due: &[Due]) {
        let Some(first) = due.first() else { return };
        let day = first.open.day;
        let open: Vec<&Due> = due.iter().filter(|due| !due.filed).collect();
        let name = |due: &Due| due.open.company.clone().unwrap_or_else(|| shown_number(&due.open.org_number));
        let summary = match (due, open.as_slice()) {
            ([one], []) => {
                let name = name(one);
                self.say(
                    format!("Levert: mva-melding for {name}"),
                    format!("Levert: mva-melding for {name}"),
                    format!("Filed: VAT return for {name}"),
                )
            }
            (all, []) => {
                let n = all.len();
                self.say(
                    format!("Levert: mva-melding for {n} virksomheter"),
                    format!("Levert: mva-melding for {n} verksemder"),
                    format!("Filed: VAT returns for {n} companies"),
                )
            }
            (_, [one]) => {
                let name = name(one);
                self.say(
                    format!("Frist mva-melding: {name}"),
                    format!("Frist mva-melding: {name}"),
                    format!("VAT return due: {name}"),
                )
            }
            (_, open) => {
                let n = open.len();
                self.say(
                    format!("Frist mva-melding: {n} virksomheter"),
                    format!("Frist mva-melding: {n} verksemder"),
                    format!("VAT returns due: {n} companies"),
                )
            }
        };
        let filed = self.say("levert".into(), "levert".into(), "filed".into());
        let description: Vec<String> = due
            .iter()
            .map(|due| {
                let (period, kind) =
                    (due.open.period.in_words(self.language), kind(due.open.category, due.open.period, self.language));
                let state = if due.filed { format!(" ({filed})") } else { String::new() };
                format!("{}: {period}, {kind}{state}", name(due))
            })
            .collect();
        // Grows as companies are added and as they file: a later file wins over an earlier one.
        let sequence = due.len() + due.iter().filter(|due| due.filed).count();
        let event = Event {
            uid: format!("deadline-{day}-{}@momsbud.no", self.environment_word()),
            day,
            sequence,
            summary: &summary,
            description: &description.join("\n"),
        };
        let days: &[u16] = if open.is_empty() { &[] } else { &self.settings.deadline_days };
        self.event(lines, &event, days);
    }

    fn authorization(&self, lines: &mut Lines, consent: &Consent) {
        let day = norwegian_date(consent.ends_at);
        let person = if consent.person.is_empty() { String::new() } else { format!(": {}", consent.person) };
        let summary = self.say(
            format!("Momsbud-autorisasjonen går ut{person}"),
            format!("Momsbud-autorisasjonen går ut{person}"),
            format!("The authorization for Momsbud ends{person}"),
        );
        let description = self.say(
            "Etter denne dagen kan du fortsatt kontrollere, men ikke sende. Å fornye tar et minutt.".into(),
            "Etter denne dagen kan du framleis kontrollere, men ikkje sende. Å fornye tek eit minutt.".into(),
            "After this day you can still check, but not send. Renewing takes a minute.".into(),
        );
        // A renewal moves the event: the later end has the higher number.
        let sequence = usize::try_from(day.since(Date::constant(2020, 1, 1)).map_or(0, |span| span.get_days()));
        let event = Event {
            uid: format!("authorization-{}@momsbud.no", consent.id),
            day,
            sequence: sequence.unwrap_or_default(),
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
        lines.add(&format!("SEQUENCE:{}", event.sequence));
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
    sequence: usize,
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
struct Lines(String);

impl Lines {
    fn add(&mut self, line: &str) {
        let mut length = 0;
        for letter in line.chars() {
            // A fold must not split a letter; the blank that begins the next line counts.
            if length + letter.len_utf8() > LINE {
                self.0.push_str("\r\n ");
                length = 1;
            }
            self.0.push(letter);
            length += letter.len_utf8();
        }
        self.0.push_str("\r\n");
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
pub(crate) fn same(a: &str, b: &str) -> bool {
    let told = |file: &str| -> Vec<String> {
        file.lines().filter(|line| !line.starts_with("DTSTAMP:")).map(str::to_owned).collect()
    };
    told(a) == told(b)
}
