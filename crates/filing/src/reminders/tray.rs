//! What the tray and a notification's button say, in three languages.

use jiff::{Timestamp, civil::Date};
use vat_return::Language;

use super::texts::{in_days, lower, say};
use crate::{
    view::{LanguageName, RemindersView, Snooze, Standing},
    words::{day_in_words, norwegian_date, weekday},
};

/// The words of the tray's menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrayTexts {
    /// How everything stands, e.g. for the icon's tooltip.
    pub standing: String,
    /// The next deadline and how many companies remain; none when nothing is open.
    pub next: Option<String>,
    /// What is left of the authorization.
    pub authorization: Option<String>,
    /// Opens the window.
    pub open: String,
    /// Begins a pause, for how long.
    pub pause: String,
    /// Until the next morning.
    pub today: String,
    /// For a week.
    pub week: String,
    /// Ends the pause.
    pub resume: String,
    /// Ends the program.
    pub quit: String,
}

/// What the tray says of how things stand.
#[must_use]
pub fn tray(view: &RemindersView, language: LanguageName, now: Timestamp) -> TrayTexts {
    let language = Language::from(language);
    let words = |nb: &str, nn: &str, en: &str| say(language, nb.to_owned(), nn.to_owned(), en.to_owned());
    let today = norwegian_date(now);
    let standing = match view.standing {
        Standing::Ok => words("Ingenting haster", "Ingenting hastar", "Nothing is urgent"),
        Standing::Soon => words("Noe haster snart", "Noko hastar snart", "Something is soon due"),
        Standing::Expired => words("Noe er ute på tid", "Noko er ute på tid", "Something has run out"),
    };
    let next = view.next.as_ref().and_then(|next| {
        let day: Date = next.day.parse().ok()?;
        let (date, when, n) = (
            format!("{} {}", weekday(day, language), day_in_words(day, language)),
            in_days(day, today, language),
            next.remaining,
        );
        Some(say(
            language,
            format!("Neste frist {date} ({when}): {n} gjenstår"),
            format!("Neste frist {date} ({when}): {n} står att"),
            format!("Next deadline {date} ({when}): {n} remaining"),
        ))
    });
    let authorization = view.authorization.as_ref().and_then(|left| {
        let until: Timestamp = left.until.parse().ok()?;
        let days = (norwegian_date(until) - today).get_days();
        Some(if until <= now {
            words("Autorisasjonen er gått ut", "Autorisasjonen har gått ut", "The authorization has ended")
        } else if days == 1 {
            words("Autorisasjon: 1 dag igjen", "Autorisasjon: 1 dag att", "Authorization: 1 day left")
        } else {
            say(
                language,
                format!("Autorisasjon: {days} dager igjen"),
                format!("Autorisasjon: {days} dagar att"),
                format!("Authorization: {days} days left"),
            )
        })
    });
    TrayTexts {
        standing: format!("Momsbud: {}", lower(&standing)),
        next,
        authorization,
        open: words("Åpne Momsbud", "Opne Momsbud", "Open Momsbud"),
        pause: words("Sett påminnelser på pause", "Set påminningar på pause", "Pause reminders"),
        today: words("Til i morgen", "Til i morgon", "Until tomorrow"),
        week: words("I en uke", "I ei veke", "For a week"),
        resume: words("Fortsett påminnelser", "Hald fram med påminningar", "Resume reminders"),
        quit: words("Avslutt", "Avslutt", "Quit"),
    }
}

/// What a notification's button says that puts it off.
#[must_use]
pub fn snooze_label(snooze: Snooze, language: LanguageName) -> String {
    let (nb, nn, en) = match snooze {
        Snooze::Hour => ("Utsett en time", "Utset ein time", "Snooze for an hour"),
        Snooze::Tomorrow => ("Utsett til i morgen", "Utset til i morgon", "Snooze until tomorrow"),
        Snooze::ThreeDays => ("Utsett i tre dager", "Utset i tre dagar", "Snooze for three days"),
    };
    say(language.into(), nb.to_owned(), nn.to_owned(), en.to_owned())
}
