//! What is said of filings that wait for a person or for an authority.

use vat_return::Language;
use view::{Delivered, TargetPlace};

use super::{NoticeText, company_of, filings_of, named, to};
use crate::facts::{Fact, WaitingReason};

pub(super) fn waiting(why: WaitingReason, facts: &[&Fact], language: Language) -> NoticeText {
    let filings = filings_of(facts);
    let n = filings.len();
    let names: Vec<String> = filings.iter().map(|filing| company_of(filing)).collect();
    let unknown = filings.iter().any(|filing| filing.delivered == Delivered::Unknown);
    let (title, text, target) = match filings.as_slice() {
        [one] => {
            let (name, period) = (company_of(one), one.subject.period.in_words(language));
            let title = match why {
                WaitingReason::Refused => {
                    crate::filled(language, "reminders.waiting.theFilingWasRefused", &[("name", &name)])
                }
                WaitingReason::Rejected => {
                    crate::filled(language, "reminders.waiting.theTaxAdministrationRejectedThe", &[("name", &name)])
                }
                WaitingReason::Unclear => {
                    crate::filled(language, "reminders.waiting.theTaxAdministrationsAnswerMust", &[("name", &name)])
                }
                WaitingReason::Signature => {
                    crate::filled(language, "reminders.waiting.waitsForASignature", &[("name", &name)])
                }
                WaitingReason::SignIn => {
                    crate::filled(language, "reminders.waiting.waitsForYouToSign", &[("name", &name)])
                }
                WaitingReason::Answer => {
                    crate::filled(language, "reminders.waiting.theReceiptForIsLate", &[("name", &name)])
                }
                WaitingReason::Other => {
                    crate::filled(language, "reminders.waiting.theFilingForWaits", &[("name", &name)])
                }
            };
            let text = consequence(why, unknown, language);
            (title, format!("{period}. {text}"), to(TargetPlace::History, Some(one.id.to_string())))
        }
        _ => {
            let what = match why {
                WaitingReason::Refused => crate::filled(language, "reminders.waiting.filingsWereRefused", &[("n", &n)]),
                WaitingReason::Rejected => {
                    crate::filled(language, "reminders.waiting.skatteetatenRejectedReturns", &[("n", &n)])
                }
                WaitingReason::Unclear => {
                    crate::filled(language, "reminders.waiting.ofTheTaxAdministrationsAnswers", &[("n", &n)])
                }
                WaitingReason::Signature => {
                    crate::filled(language, "reminders.waiting.filingsWaitForASignature", &[("n", &n)])
                }
                WaitingReason::SignIn => crate::filled(language, "reminders.waiting.filingsWaitForYouTo", &[("n", &n)]),
                WaitingReason::Answer => crate::filled(language, "reminders.waiting.receiptsAreLate", &[("n", &n)]),
                WaitingReason::Other => crate::filled(language, "reminders.waiting.filingsWait", &[("n", &n)]),
            };
            let text = consequence(why, unknown, language);
            (what, format!("{}. {text}", named(names, language)), to(TargetPlace::History, None))
        }
    };
    NoticeText { title, text, late: matches!(why, WaitingReason::Refused | WaitingReason::Rejected), target }
}

/// Whether anything was delivered, and what to do.
fn consequence(why: WaitingReason, unknown: bool, language: Language) -> String {
    match why {
        WaitingReason::Answer => crate::text(language, "reminders.waiting.filedAndTheDeadlineIs").to_owned(),
        WaitingReason::Rejected => crate::text(language, "reminders.waiting.deliveredButRejectedThePeriod").to_owned(),
        WaitingReason::Unclear => crate::text(language, "reminders.waiting.deliveredButItIsNot").to_owned(),
        _ if unknown => crate::text(language, "reminders.waiting.itIsNotSettledWhether").to_owned(),
        WaitingReason::Refused => crate::text(language, "reminders.waiting.notFiledSeeWhatMust").to_owned(),
        WaitingReason::Signature => crate::text(language, "reminders.waiting.filledInButNotFiled").to_owned(),
        WaitingReason::SignIn => crate::text(language, "reminders.waiting.notFiledMomsbudGoesOn").to_owned(),
        WaitingReason::Other => crate::text(language, "reminders.waiting.notFiledSeeWhatIs").to_owned(),
    }
}
