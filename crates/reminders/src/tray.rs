//! What the tray and a notification's button say.

use jiff::{Timestamp, civil::Date};
use view::{
    Language, RemindersView, Snooze, Standing, small_letter,
    texts::{day_in_words, norwegian_date, weekday},
};

use super::texts::in_days;

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
pub fn tray(view: &RemindersView, language: Language, now: Timestamp) -> TrayTexts {
    let words = |key| crate::text(language, key).to_owned();
    let today = norwegian_date(now);
    let standing = match view.standing {
        Standing::Ok => words("reminders.tray.nothingIsUrgent"),
        Standing::Soon => words("reminders.tray.somethingIsSoonDue"),
        Standing::Expired => words("reminders.tray.somethingHasRunOut"),
    };
    let next = view.next.as_ref().and_then(|next| {
        let day: Date = next.day.parse().ok()?;
        let (date, when, n) = (
            format!("{} {}", weekday(day, language), day_in_words(day, language)),
            in_days(day, today, language),
            next.remaining,
        );
        Some(crate::filled(
            language,
            "reminders.tray.nextDeadlineRemaining",
            &[("date", &date), ("when", &when), ("n", &n)],
        ))
    });
    let authorization = view.authorization.as_ref().and_then(|left| {
        let until: Timestamp = left.until.parse().ok()?;
        let days = (norwegian_date(until) - today).get_days();
        Some(if until <= now {
            words("reminders.tray.theAuthorizationHasEnded")
        } else if days == 1 {
            words("reminders.tray.authorization1DayLeft")
        } else {
            crate::filled(language, "reminders.tray.authorizationDaysLeft", &[("days", &days)])
        })
    });
    TrayTexts {
        standing: format!("Momsbud: {}", small_letter(&standing)),
        next,
        authorization,
        open: words("reminders.tray.openMomsbud"),
        pause: words("reminders.tray.pauseReminders"),
        today: words("reminders.tray.untilTomorrow"),
        week: words("reminders.tray.forAWeek"),
        resume: words("reminders.tray.resumeReminders"),
        quit: words("reminders.tray.quit"),
    }
}

/// What a notification's button says that puts it off.
#[must_use]
pub fn snooze_label(snooze: Snooze, language: Language) -> String {
    let key = match snooze {
        Snooze::Hour => "reminders.tray.snoozeForAnHour",
        Snooze::Tomorrow => "reminders.tray.snoozeUntilTomorrow",
        Snooze::ThreeDays => "reminders.tray.snoozeForThreeDays",
    };
    crate::text(language, key).to_owned()
}
