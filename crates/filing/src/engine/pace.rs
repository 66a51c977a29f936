//! How often things are tried and asked for.

use std::time::Duration;

use backon::{BackoffBuilder as _, ExponentialBackoff, ExponentialBuilder};

/// How often things are tried and asked for; tests go quicker.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// The first wait after a fault; each one after is about twice as long, with jitter.
    pub retry_first: Duration,
    /// The longest wait after a fault, unless the authority asks for more.
    pub retry_longest: Duration,
    /// How long the authority is left alone after an answer was lost, before its state is read: what was asked may still
    /// be under way there.
    pub settle: Duration,
    /// From this wait on the filing is shown as waiting, with the reason.
    pub shown_from: Duration,
    /// How soon the feedback is asked for again at first. In the documented example it takes some 80 seconds.
    pub poll_first: Duration,
    /// How seldom it is asked for at last; feedback may take days.
    pub poll_longest: Duration,
    /// How long a verdict may be behind the end of its process, or a receipt behind a rejection, before the filing ends
    /// without.
    pub verdict_grace: Duration,
    /// How soon an answer that nobody has understood is looked at again at first.
    pub unclear_first: Duration,
    /// How seldom at last.
    pub unclear_longest: Duration,
    /// How long an instance that has just been made may answer 404 (apis.md 1.9) before its filing rests.
    pub preparing: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            retry_first: Duration::from_millis(400),
            retry_longest: Duration::from_secs(5 * 60),
            settle: Duration::from_secs(2),
            shown_from: Duration::from_secs(3),
            poll_first: Duration::from_secs(1),
            poll_longest: Duration::from_secs(5 * 60),
            verdict_grace: Duration::from_secs(2 * 60),
            unclear_first: Duration::from_secs(5 * 60),
            unclear_longest: Duration::from_secs(6 * 60 * 60),
            preparing: Duration::from_secs(3 * 60),
        }
    }
}

impl Pace {
    /// Waits after one fault after another, without end.
    pub fn retries(&self) -> ExponentialBackoff {
        ExponentialBuilder::default()
            .with_min_delay(self.retry_first)
            .with_max_delay(self.retry_longest)
            .with_factor(2.0)
            .without_max_times()
            .with_jitter()
            .build()
    }

    /// How long to wait before asking again when asking has gone on for so long: a tenth of it, so that an answer is
    /// noticed soon and nobody is asked in vain all night.
    pub(crate) fn poll(&self, since: Duration) -> Duration {
        (since / 10).clamp(self.poll_first, self.poll_longest)
    }

    /// The same for an instance that was made so long ago and is not ready yet: asked for the last time when its filing comes to
    /// rest, neither before nor after.
    pub(crate) fn prepared(&self, since: Duration) -> Duration {
        let left = self.preparing.saturating_sub(since);
        let wait = self.poll(since);
        if left.is_zero() { wait } else { wait.min(left) }
    }

    /// The same for an answer that nobody has understood.
    pub fn unclear(&self, since: Duration) -> Duration {
        (since / 4).clamp(self.unclear_first, self.unclear_longest.max(self.unclear_first))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn asking_begins_quickly_and_grows_rare() {
        let pace = Pace::default();
        let seconds = |since| pace.poll(Duration::from_secs(since)).as_secs();
        assert_eq!([0, 5, 80, 600, 86_400].map(seconds), [1, 1, 8, 60, 300]);
    }

    #[test]
    fn what_is_not_ready_rests_after_three_minutes_and_what_is_gets_noticed_soon() {
        let (pace, mut since) = (Pace::default(), Duration::ZERO);
        while since < pace.preparing {
            let wait = pace.prepared(since);
            assert!(wait <= (since / 10).max(pace.poll_first), "{since:?}: {wait:?}");
            since += wait;
        }
        assert_eq!(since, Duration::from_secs(180));
        assert_eq!(pace.prepared(since), Duration::from_secs(18), "one that Altinn lists is asked for on");
    }

    #[test]
    fn retries_grow_and_never_end() {
        let waits: Vec<Duration> = Pace::default().retries().take(40).collect();
        assert_eq!(waits.len(), 40);
        assert!(waits[0] >= Duration::from_millis(400) && waits[0] < Duration::from_millis(900), "{:?}", waits[0]);
        assert!(waits[39] >= Duration::from_secs(300));
    }
}
