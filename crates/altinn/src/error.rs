//! What an authority's "no" means, and what a missing answer means.

use std::{fmt, time::Duration};

use jiff::Timestamp;
use vat_return::validation_result::ValidationResult;

use crate::answer::PAGE;

/// Why a call did not give what it was made for.
///
/// The texts are the authority's own words where it gave any: bounded, printable, without tokens and whole national
/// ids. Two kinds must be told apart by whoever writes: in every variant but [`ApiError::NoAnswer`],
/// [`ApiError::Unreadable`], [`ApiError::Fault`], [`ApiError::Source`] and a 408 the authority has answered and has *not*
/// done what was asked; in those it may have: see [`ApiError::may_have_happened`].
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ApiError {
    /// 401: the token is not accepted. At the exchange also: the person has no Altinn user (apis.md 2.1).
    #[error("the authority does not accept the sign-in (401){}", after_colon(text))]
    Unauthorized {
        /// The authority's words; mostly empty.
        text: String,
    },
    /// 403: the person or the token has no right to this.
    #[error("the authority refuses (403){}", after_colon(text))]
    Forbidden {
        /// The authority's words; mostly empty.
        text: String,
        /// The authentication level that was asked for, when that is the reason (apis.md 2.2, `failedObligations`).
        needs_level: Option<u8>,
    },
    /// 404: there is no such company, instance, data or address.
    #[error("the authority knows nothing of it (404){}", after_colon(text))]
    NotFound {
        /// The authority's words.
        text: String,
    },
    /// 409: the process or the return does not allow it. Bodies as in apis.md 1.4: text, a JSON string, problem+json,
    /// a validation result.
    #[error("the authority refuses it as it stands (409){}", after_colon(text))]
    Conflict {
        /// The authority's words, without the validation result.
        text: String,
        /// The validation result, when the body holds one.
        validation: Option<Box<ValidationResult>>,
        /// The app's own issues, when the body lists them.
        issues: Vec<ValidationIssue>,
    },
    /// 400 and every other 4xx.
    #[error("the authority refuses the request ({status}){}", after_colon(text))]
    BadRequest {
        /// The HTTP status.
        status: u16,
        /// The authority's words.
        text: String,
    },
    /// 429: too many requests.
    #[error("the authority asks to wait (429)")]
    TooManyRequests {
        /// How long, when it says.
        retry_after: Option<RetryAfter>,
    },
    /// 5xx: a fault of the authority's own.
    #[error("the authority has a fault ({status}){}", after_colon(text))]
    Fault {
        /// The HTTP status.
        status: u16,
        /// The authority's words, with its correlation id.
        text: String,
        /// How long to wait, when it says (503).
        retry_after: Option<RetryAfter>,
    },
    /// No answer, or not all of it.
    #[error("no answer from {host} ({kind}): {causes}")]
    NoAnswer {
        /// What went wrong.
        kind: NoAnswerKind,
        /// Whether the request may have reached the authority: then it may have done what was asked.
        sent: bool,
        /// Who did not answer.
        host: String,
        /// The whole chain of causes.
        causes: String,
    },
    /// An answer that cannot be understood.
    #[error("the answer of {host} cannot be understood: {reason}")]
    Unreadable {
        /// Who answered.
        host: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The file to be sent could not be read to its end, or is not as long as it was.
    #[error("the file {name} could not be sent: {reason}")]
    Source {
        /// The file's name.
        name: String,
        /// What went wrong.
        reason: String,
    },
}

/// How the app begins when it refuses a return (apis.md 1.4).
const REFUSES: [&str; 3] = ["Valideringsfeil", "Validation error", "Ugyldig mva-melding"];

const BAD_REQUEST: u16 = 400;
const REQUEST_TIMEOUT: u16 = 408;
const GONE: u16 = 410;
const TOO_LARGE: u16 = 413;
const WRONG_MEDIA: u16 = 415;
const TEAPOT: u16 = 418;
const UNPROCESSABLE: u16 = 422;
const TOO_EARLY: u16 = 425;

/// Whether a text says more than a status does: several words, and no page of somebody in between.
fn is_a_sentence(text: &str) -> bool {
    !text.starts_with(PAGE) && text.split_whitespace().count() >= 3
}

impl ApiError {
    /// Whether the authority may have done what was asked although no good answer came. Then its state must be read
    /// before anything is tried again.
    #[must_use]
    pub fn may_have_happened(&self) -> bool {
        match self {
            Self::NoAnswer { sent, .. } => *sent,
            Self::Fault { .. } | Self::Unreadable { .. } | Self::Source { .. } => true,
            // Somebody in between has given up waiting for the authority, or for us.
            Self::BadRequest { status: REQUEST_TIMEOUT, .. } => true,
            _ => false,
        }
    }

    /// Whether the same call may succeed later without anybody doing anything.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match self {
            Self::NoAnswer { kind, .. } => *kind != NoAnswerKind::Certificate,
            Self::Fault { .. } | Self::TooManyRequests { .. } => true,
            Self::BadRequest { status: REQUEST_TIMEOUT | TOO_EARLY, .. } => true,
            _ => false,
        }
    }

    /// Whether the address is out of date: Altinn answers 418 for an app that has moved (apis.md 1.9), others 410.
    #[must_use]
    pub fn has_moved(&self) -> bool {
        matches!(self, Self::BadRequest { status: TEAPOT | GONE, .. })
    }

    /// Whether the answer says what is wrong with what was sent, in words of the app: only that is a refusal of a return. A
    /// bare status may come from anything between here and the authority.
    #[must_use]
    pub fn says_why(&self) -> bool {
        match self {
            Self::Conflict { text, validation, issues } => {
                // Where the process stands is no word about the return, however it is said.
                validation.is_some() || !issues.is_empty() || REFUSES.iter().any(|words| text.contains(words))
            }
            Self::NotFound { text } => is_a_sentence(text),
            Self::BadRequest { status: BAD_REQUEST | TOO_LARGE | WRONG_MEDIA | UNPROCESSABLE, text } => {
                is_a_sentence(text)
            }
            _ => false,
        }
    }

    /// Whether it is a status and nothing else, of one of the kinds that refuse: then nobody knows who has answered, and what
    /// was asked may have been done. A bare 401 or 403 is how the app itself refuses.
    #[must_use]
    pub fn is_bare(&self) -> bool {
        matches!(self, Self::BadRequest { .. } | Self::Conflict { .. } | Self::NotFound { .. }) && !self.says_why()
    }

    /// How long the authority asks to wait, if it does.
    #[must_use]
    pub fn retry_after(&self) -> Option<RetryAfter> {
        match self {
            Self::TooManyRequests { retry_after } | Self::Fault { retry_after, .. } => *retry_after,
            _ => None,
        }
    }

    /// The authority's own words, if it gave any.
    #[must_use]
    pub fn authority_text(&self) -> Option<&str> {
        let text = match self {
            Self::Unauthorized { text }
            | Self::Forbidden { text, .. }
            | Self::NotFound { text }
            | Self::Conflict { text, .. }
            | Self::BadRequest { text, .. }
            | Self::Fault { text, .. } => text,
            _ => return None,
        };
        (!text.is_empty()).then_some(text.as_str())
    }
}

/// One issue of an app's own validation (apis.md 2.2).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ValidationIssue {
    /// 1 error, 2 warning, 3 information, 4 mended, 5 success, 0 not said.
    pub severity: u8,
    /// The app's code.
    pub code: Option<String>,
    /// What is wrong.
    pub description: String,
    /// The field.
    pub field: Option<String>,
}

/// What kept an answer from coming.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NoAnswerKind {
    /// No connection: no network, name not found, refused, or a proxy in the way.
    Connect,
    /// The time was up.
    Timeout,
    /// The connection broke before the whole answer was there.
    Lost,
    /// The certificate is not trusted; behind a company's proxy its certificate authority may be missing.
    Certificate,
}

impl fmt::Display for NoAnswerKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Connect => "no connection",
            Self::Timeout => "time is up",
            Self::Lost => "the connection broke",
            Self::Certificate => "certificate not trusted",
        })
    }
}

/// How long an authority asks to wait (RFC 9110, section 10.2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetryAfter {
    /// For so long.
    In(Duration),
    /// Until then.
    At(Timestamp),
}

/// For longer than this nobody is left alone who asks for it: a header that is wrong, or hostile, would have a return miss
/// its deadline.
const LONGEST_WAIT: Duration = Duration::from_secs(60 * 60);

impl RetryAfter {
    /// Reads the header: seconds or an HTTP date. A date is turned into a duration by the authority's own clock when
    /// its Date header is there, because this computer's may be wrong.
    pub(crate) fn read(header: &str, server_time: Option<Timestamp>) -> Option<Self> {
        let header = header.trim();
        if let Ok(seconds) = header.parse::<u64>() {
            return Some(Self::In(Duration::from_secs(seconds)));
        }
        let at = http_date(header)?;
        Some(match server_time {
            Some(now) => Self::In(until(now, at)),
            None => Self::At(at),
        })
    }

    /// How long that is from now, at most an hour; nothing when it has passed.
    #[must_use]
    pub fn wait(&self, now: Timestamp) -> Duration {
        let asked = match self {
            Self::In(duration) => *duration,
            Self::At(at) => until(now, *at),
        };
        asked.min(LONGEST_WAIT)
    }
}

fn until(now: Timestamp, at: Timestamp) -> Duration {
    Duration::try_from(at.duration_since(now)).unwrap_or_default()
}

/// An HTTP date in its only current form, e.g. `Sun, 06 Nov 1994 08:49:37 GMT`.
pub(crate) fn http_date(text: &str) -> Option<Timestamp> {
    static PARSER: jiff::fmt::rfc2822::DateTimeParser = jiff::fmt::rfc2822::DateTimeParser::new().relaxed_weekday(true);
    PARSER.parse_timestamp(text.trim()).ok()
}

fn after_colon(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!(": {text}") }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn retry_after_is_read_as_seconds_and_as_date_and_asks_for_an_hour_at_most() {
        let server: Timestamp = "2026-11-21T10:00:00Z".parse().unwrap();
        assert_eq!(RetryAfter::read(" 17 ", None), Some(RetryAfter::In(Duration::from_secs(17))));
        let date = "Sat, 21 Nov 2026 10:01:30 GMT";
        assert_eq!(RetryAfter::read(date, Some(server)), Some(RetryAfter::In(Duration::from_secs(90))));
        let at = RetryAfter::read(date, None).unwrap();
        assert_eq!(at.wait(server), Duration::from_secs(90));
        assert_eq!(at.wait("2026-11-22T00:00:00Z".parse().unwrap()), Duration::ZERO);
        for endless in ["86400", "18446744073709551615", "Sun, 21 Nov 9998 10:00:00 GMT"] {
            for told in [None, Some(server)] {
                let wait = RetryAfter::read(endless, told).map(|after| after.wait(server));
                assert_eq!(wait, Some(LONGEST_WAIT), "{endless}");
            }
        }
        assert_eq!(RetryAfter::read("soon", None), None);
        assert_eq!(RetryAfter::read("-5", None), None);
    }
}
