//! The fault plan: what goes wrong, for which call, and when (apis.md section 8, item 7).

use crate::authority::Authority;
use crate::settings::FeedbackVerdict;
use serde::{Deserialize, Serialize};
use std::sync::{Mutex, PoisonError};

/// What goes wrong.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum Fault {
    /// The answer comes this much later.
    Delay {
        /// Milliseconds.
        milliseconds: u64,
    },
    /// 429 with Retry-After; nothing was done.
    TooManyRequests {
        /// Seconds to wait.
        retry_after_seconds: u64,
    },
    /// 500, 502, 503 or another status.
    Status {
        /// HTTP status.
        status: u16,
        /// Whether the server had acted before it failed.
        #[serde(default)]
        acted: bool,
        /// Words of the server's, where it gives any.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        text: Option<String>,
    },
    /// The connection breaks before the server has read the request.
    DropBefore,
    /// The connection breaks after the server has acted: the answer is lost.
    DropAfter,
    /// The server acts, and half of its answer arrives.
    Truncate,
    /// The server acts, and its answer comes a byte at a time.
    Drip {
        /// Milliseconds between two bytes.
        milliseconds: u64,
    },
    /// The token is taken for expired: 401, nothing was done.
    ExpiredToken,
    /// For the second process/next: the feedback takes this long.
    FeedbackDelay {
        /// Seconds by the practice clock.
        seconds: f64,
    },
    /// For the second process/next: the feedback is a rejection, which looks like an approval but for its verdict (apis.md
    /// 1.9).
    LateRejection,
    /// For the second process/next: what the verdict will be.
    Verdict {
        /// What it says.
        verdict: FeedbackVerdict,
    },
    /// 200 with a page of HTML, as of a proxy that asks for a password.
    Html {
        /// Whether the server had acted before.
        #[serde(default)]
        acted: bool,
    },
    /// 200 with nothing in it.
    Empty {
        /// Whether the server had acted before.
        #[serde(default)]
        acted: bool,
    },
    /// The right answer as another content type.
    WrongType,
    /// The server acts, and its answer keeps status and content type over words that are not its own, as of something in
    /// between that reads along.
    Garbled,
}

/// What the second process/next is told beside its call.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Instruction {
    /// The feedback takes this many seconds by the practice clock.
    FeedbackDelay(f64),
    /// What the verdict will be.
    Verdict(FeedbackVerdict),
}

impl Fault {
    /// What it is to the second process/next, where it is an instruction and no fault of the call itself.
    pub(crate) fn instruction(&self) -> Option<Instruction> {
        match self {
            Self::FeedbackDelay { seconds } => Some(Instruction::FeedbackDelay(*seconds)),
            Self::LateRejection => Some(Instruction::Verdict(FeedbackVerdict::Invalid)),
            Self::Verdict { verdict } => Some(Instruction::Verdict(*verdict)),
            Self::Delay { .. }
            | Self::TooManyRequests { .. }
            | Self::Status { .. }
            | Self::DropBefore
            | Self::DropAfter
            | Self::Truncate
            | Self::Drip { .. }
            | Self::ExpiredToken
            | Self::Html { .. }
            | Self::Empty { .. }
            | Self::WrongType
            | Self::Garbled => None,
        }
    }
}

/// When something goes wrong. All conditions that are given must hold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Rule {
    /// Which authority; any when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authority: Option<Authority>,
    /// HTTP method; any when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// Part of the path, `*` for anything; any path when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The call's name as the log writes it, e.g. `secondNext`; any when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call: Option<String>,
    /// Only calls about an instance that has been delivered, or only others; any when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after_delivery: Option<bool>,
    /// The first matching call that fails, from 1.
    #[serde(default = "one")]
    pub nth: u64,
    /// How many fail from there on; 0 is all. When absent: 1, or all with a probability.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u64>,
    /// How likely each of them fails, 0 to 1; always when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probability: Option<f64>,
    /// What goes wrong.
    pub fault: Fault,
    /// How many calls matched so far.
    #[serde(default)]
    pub matched: u64,
    /// How many were hit so far.
    #[serde(default)]
    pub played: u64,
}

fn one() -> u64 {
    1
}

/// A request as the rules see it.
pub(crate) struct CallInfo<'a> {
    pub(crate) authority: Authority,
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    pub(crate) call: &'a str,
    /// It is about an instance that has been delivered.
    pub(crate) delivered: bool,
}

impl Rule {
    fn fits(&self, seen: &CallInfo<'_>) -> bool {
        self.authority.is_none_or(|authority| authority == seen.authority)
            && self.method.as_deref().is_none_or(|method| method.eq_ignore_ascii_case(seen.method))
            && self.call.as_deref().is_none_or(|call| call == seen.call)
            && self.path.as_deref().is_none_or(|pattern| contains(seen.path, pattern))
            && self.after_delivery.is_none_or(|after| after == seen.delivered)
    }

    fn strikes(&mut self) -> bool {
        self.matched += 1;
        let times = self.times.unwrap_or(if self.probability.is_some() { 0 } else { 1 });
        if self.matched < self.nth || (times > 0 && self.matched >= self.nth.saturating_add(times)) {
            return false;
        }
        let struck = self.probability.is_none_or(|chance| {
            #[allow(clippy::cast_precision_loss, reason = "a million steps are exact")]
            let drawn = crate::random::below(1_000_000) as f64 / 1_000_000.0;
            drawn < chance
        });
        self.played += u64::from(struck);
        struck
    }
}

/// Whether `path` contains the pieces of `pattern` in order.
fn contains(path: &str, pattern: &str) -> bool {
    let mut rest = path;
    pattern.split('*').all(|piece| match rest.split_once(piece) {
        Some((_, after)) => {
            rest = after;
            true
        }
        None => false,
    })
}

/// The fault plan of one practice.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    rules: Mutex<Vec<Rule>>,
}

impl Plan {
    fn rules(&self) -> std::sync::MutexGuard<'_, Vec<Rule>> {
        self.rules.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What goes wrong with this request; counts it.
    pub(crate) fn strike(&self, seen: &CallInfo<'_>) -> Vec<Fault> {
        self.rules()
            .iter_mut()
            .filter(|rule| rule.fits(seen))
            .filter_map(|rule| rule.strikes().then(|| rule.fault.clone()))
            .collect()
    }

    pub(crate) fn add(&self, rules: Vec<Rule>) {
        self.rules().extend(rules);
    }

    pub(crate) fn clear(&self) {
        self.rules().clear();
    }

    pub(crate) fn snapshot(&self) -> Vec<Rule> {
        self.rules().clone()
    }
}

/// Faults that a handler plays itself; travels as a request extension.
#[derive(Debug, Clone, Default)]
pub(crate) struct Instructions(pub(crate) Vec<Instruction>);

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn rule(json: &str) -> Rule {
        serde_json::from_str(json).unwrap()
    }

    const NEXT: CallInfo<'_> = CallInfo {
        authority: Authority::AltinnApp,
        method: "PUT",
        path: "/skd/mva-melding-innsending-v1/instances/1/2/process/next",
        call: "secondNext",
        delivered: false,
    };

    #[test]
    fn a_rule_strikes_the_nth_call_and_no_other() {
        let plan = Plan::default();
        plan.add(vec![rule(r#"{"call":"secondNext","nth":2,"fault":{"kind":"dropAfter"}}"#)]);
        let struck: Vec<usize> = (0..4).map(|_| plan.strike(&NEXT).len()).collect();
        assert_eq!(struck, [0, 1, 0, 0]);
        assert_eq!(plan.snapshot()[0].matched, 4);
    }

    #[test]
    fn a_probability_goes_on_and_a_path_may_have_stars() {
        let plan = Plan::default();
        plan.add(vec![
            rule(r#"{"path":"/instances/*/process/next","probability":1.0,"fault":{"kind":"status","status":503}}"#),
            rule(r#"{"path":"/instances/*/data","probability":1.0,"fault":{"kind":"dropBefore"}}"#),
            rule(r#"{"method":"put","probability":0.0,"fault":{"kind":"dropBefore"}}"#),
        ]);
        for _ in 0..3 {
            assert_eq!(plan.strike(&NEXT), [Fault::Status { status: 503, acted: false, text: None }]);
        }
    }
}
