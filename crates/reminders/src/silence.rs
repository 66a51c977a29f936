//! When nothing is told: quiet hours, weekends, a pause.

use jiff::{Timestamp, ToSpan, civil::Weekday, tz::TimeZone};
use view::ReminderSettings;

/// Until when nothing is told at a moment, in the zone the person is in; none when it may be.
pub(crate) fn silent_until(now: Timestamp, zone: &TimeZone, settings: &ReminderSettings) -> Option<Timestamp> {
    let paused = settings.paused_until.as_deref().and_then(|until| until.parse::<Timestamp>().ok());
    let mut at = paused.map_or(now, |until| until.max(now));
    // Hour by hour: a weekend between two nights is 59 hours; twice a year an hour is missing or comes twice.
    for _ in 0..24 * 4 {
        let local = at.to_zoned(zone.clone());
        if !is_quiet(local.hour(), local.weekday(), settings) {
            break;
        }
        let hour = local.with().minute(0).second(0).subsec_nanosecond(0).build();
        at = match hour.and_then(|hour| hour.checked_add(1.hour())) {
            Ok(next) => next.timestamp(),
            Err(_) => break,
        };
    }
    (at > now).then_some(at)
}

fn is_quiet(hour: i8, weekday: Weekday, settings: &ReminderSettings) -> bool {
    if !settings.quiet {
        return false;
    }
    let (from, to) = (settings.quiet_from, settings.quiet_to);
    let Ok(hour) = u8::try_from(hour) else { return false };
    let night = if from <= to { (from..to).contains(&hour) } else { hour >= from || hour < to };
    night || (settings.quiet_weekends && matches!(weekday, Weekday::Saturday | Weekday::Sunday))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn until(now: &str, zone: &str, settings: &ReminderSettings) -> Option<String> {
        silent_until(now.parse().unwrap(), &TimeZone::get(zone).unwrap(), settings).map(|at| at.to_string())
    }

    #[test]
    fn nights_and_weekends_are_quiet_where_the_person_is() {
        let settings = ReminderSettings::default();
        // Tuesday 9 June 2026, 18.42 and 20.00 in Norway.
        assert_eq!(until("2026-06-09T16:42:00Z", "Europe/Oslo", &settings), None);
        assert_eq!(until("2026-06-09T18:00:00Z", "Europe/Oslo", &settings).unwrap(), "2026-06-10T05:00:00Z");
        // The same moment is afternoon in New York.
        assert_eq!(until("2026-06-09T18:00:00Z", "America/New_York", &settings), None);
        // Friday evening lasts until Monday morning.
        assert_eq!(until("2026-06-12T19:30:00Z", "Europe/Oslo", &settings).unwrap(), "2026-06-15T05:00:00Z");
        // Zones with odd offsets have their own whole hours.
        assert_eq!(until("2026-06-09T20:15:00Z", "Asia/Kathmandu", &settings).unwrap(), "2026-06-10T01:15:00Z");
    }

    #[test]
    fn a_night_that_loses_an_hour_ends_in_time() {
        let settings = ReminderSettings { quiet_weekends: false, ..ReminderSettings::default() };
        // 29 March 2026: 02.00 becomes 03.00 in Norway.
        assert_eq!(until("2026-03-28T20:00:00Z", "Europe/Oslo", &settings).unwrap(), "2026-03-29T05:00:00Z");
        // 25 October: 03.00 becomes 02.00.
        assert_eq!(until("2026-10-24T20:00:00Z", "Europe/Oslo", &settings).unwrap(), "2026-10-25T06:00:00Z");
    }

    #[test]
    fn a_pause_that_ends_at_night_lasts_until_the_morning() {
        let paused =
            |until: &str| ReminderSettings { paused_until: Some(until.to_owned()), ..ReminderSettings::default() };
        let until = |pause: &str| until("2026-06-09T10:00:00Z", "Europe/Oslo", &paused(pause));
        assert_eq!(until("2026-06-09T14:00:00Z").unwrap(), "2026-06-09T14:00:00Z");
        assert_eq!(until("2026-06-09T22:00:00Z").unwrap(), "2026-06-10T05:00:00Z");
        assert_eq!(until("2026-06-09T09:00:00Z"), None);
        assert_eq!(until("not a moment"), None);
    }

    #[test]
    fn hours_that_are_all_quiet_do_not_hang() {
        let always = ReminderSettings { quiet_from: 0, quiet_to: 24, ..ReminderSettings::default() };
        assert!(until("2026-06-09T10:00:00Z", "Europe/Oslo", &always).is_some());
    }
}
