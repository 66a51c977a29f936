//! Time, as the practice authorities see it: a clock from outside, which `/clock` can move.

use jiff::{SignedDuration, Timestamp};
use std::sync::{Arc, Mutex, PoisonError};

/// Where the time comes from.
pub trait Clock: Send + Sync + 'static {
    /// The moment it is.
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

impl<F: Fn() -> Timestamp + Send + Sync + 'static> Clock for F {
    fn now(&self) -> Timestamp {
        self()
    }
}

/// The clock of all practice authorities together: the given one, moved by an offset, or standing still.
#[derive(Clone)]
pub struct PracticeClock {
    source: Arc<dyn Clock>,
    state: Arc<Mutex<Hands>>,
}

#[derive(Default, Clone, Copy)]
struct Hands {
    offset: SignedDuration,
    frozen: Option<Timestamp>,
}

impl std::fmt::Debug for PracticeClock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PracticeClock").field("now", &self.now()).finish_non_exhaustive()
    }
}

impl PracticeClock {
    /// A clock that follows `source` until it is moved.
    #[must_use]
    pub fn new(source: Arc<dyn Clock>) -> Self {
        Self { source, state: Arc::default() }
    }

    fn hands(&self) -> std::sync::MutexGuard<'_, Hands> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The moment it is for the authorities.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let hands = *self.hands();
        match hands.frozen {
            Some(moment) => moment,
            None => self.source.now().saturating_add(hands.offset).unwrap_or(Timestamp::MAX),
        }
    }

    /// How far the clock is ahead of its source, in seconds; negative when behind.
    #[must_use]
    pub fn offset_seconds(&self) -> i64 {
        self.now().duration_since(self.source.now()).as_secs()
    }

    /// Whether the clock stands still.
    #[must_use]
    pub fn is_frozen(&self) -> bool {
        self.hands().frozen.is_some()
    }

    /// Moves the clock forwards, or backwards when negative.
    pub fn advance(&self, by: SignedDuration) {
        let mut hands = self.hands();
        match &mut hands.frozen {
            Some(moment) => *moment = moment.saturating_add(by).unwrap_or(Timestamp::MAX),
            None => hands.offset = hands.offset.saturating_add(by),
        }
    }

    /// Sets the clock; it goes on from there.
    pub fn set(&self, to: Timestamp) {
        let real = self.source.now();
        let mut hands = self.hands();
        hands.offset = to.duration_since(real);
        if hands.frozen.is_some() {
            hands.frozen = Some(to);
        }
    }

    /// Stops the clock, or lets it go on from where it stands.
    pub fn freeze(&self, frozen: bool) {
        let now = self.now();
        let real = self.source.now();
        let mut hands = self.hands();
        if frozen {
            hands.frozen = Some(now);
        } else if hands.frozen.take().is_some() {
            hands.offset = now.duration_since(real);
        }
    }

    /// Back to the source's time.
    pub fn reset(&self) {
        *self.hands() = Hands::default();
    }
}

/// A moment as ASP.NET writes it in Altinn's answers: UTC with seven decimals (apis.md 1.4, "Finished instance").
#[must_use]
pub fn seven_decimals(moment: Timestamp) -> String {
    let ticks = moment.subsec_nanosecond().unsigned_abs() / 100;
    format!("{}.{ticks:07}Z", moment.strftime("%Y-%m-%dT%H:%M:%S"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn moments_have_seven_decimals() {
        let moment: Timestamp = "2021-05-21T11:28:13.0797162Z".parse().unwrap();
        assert_eq!(seven_decimals(moment), "2021-05-21T11:28:13.0797162Z");
        assert_eq!(seven_decimals("2021-05-21T11:28:14Z".parse().unwrap()), "2021-05-21T11:28:14.0000000Z");
    }

    #[test]
    fn the_clock_moves_freezes_and_resets() {
        let start: Timestamp = "2026-11-21T10:00:00Z".parse().unwrap();
        let clock = PracticeClock::new(Arc::new(move || start));
        clock.advance(SignedDuration::from_hours(1));
        assert_eq!(clock.now(), "2026-11-21T11:00:00Z".parse().unwrap());
        clock.freeze(true);
        clock.advance(SignedDuration::from_secs(5));
        clock.freeze(false);
        assert_eq!(clock.now(), "2026-11-21T11:00:05Z".parse().unwrap());
        assert_eq!(clock.offset_seconds(), 3605);
        clock.reset();
        assert_eq!(clock.now(), start);
    }
}
