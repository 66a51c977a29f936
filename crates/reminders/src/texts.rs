//! What a notice says. One place for the operating system's notification, the bell and the tray.

mod waiting;

use filing::filings::{Filing, ReceiptElsewhere};
use jiff::{Timestamp, civil::Date};
use rust_decimal::Decimal;
use vat_return::{Language, OrgNumber};
use view::{
    EnvironmentName, NoticeKind, NoticeTarget, NoticeView, OpenBecause, TargetPlace, Verdict, small_letter,
    texts::{clock, day_in_words, day_in_year, listed, moment, money, norwegian_date, weekday},
};

use super::facts::{Fact, Matter};

/// How many names a text lists before it says how many more there are.
const NAMED: usize = 3;

/// The notice of some facts that share a key.
pub(super) fn notice(
    key: &str,
    facts: &[&Fact],
    at: Timestamp,
    now: Timestamp,
    language: Language,
) -> Option<NoticeView> {
    let first = facts.first()?;
    let today = norwegian_date(now);
    let NoticeText { title, text, late, target } = match &first.matter {
        Matter::Deadline(open) => deadlines(open.day, facts, today, language),
        Matter::Authorization { person, until } => authorization(person.as_deref(), *until, now, language),
        Matter::SignIn { until, deadline } => sign_in(*until, *deadline, today, language),
        Matter::Waiting { why, .. } => waiting::waiting(*why, facts, language),
        Matter::Receipt { .. } => receipts(facts, language),
        Matter::ReceiptElsewhere { .. } => receipts_elsewhere(facts, language),
        Matter::Payment { due, .. } => payments(*due, facts, today, language),
    };
    let mut companies: Vec<&str> = facts.iter().filter_map(|fact| fact.matter.org_number()).collect();
    companies.dedup();
    let mutable = matches!(first.matter.kind(), NoticeKind::Deadline | NoticeKind::Payment | NoticeKind::Receipt);
    let org_number = match companies.as_slice() {
        [one] if mutable => Some((*one).to_owned()),
        _ => None,
    };
    Some(NoticeView {
        key: key.to_owned(),
        kind: first.matter.kind(),
        late,
        title,
        text,
        at: moment(at),
        action: match first.matter {
            // What another desk has archived is seen among the deadlines.
            Matter::ReceiptElsewhere { .. } => action(NoticeKind::Deadline, true, language),
            _ => action(first.matter.kind(), companies.len() == 1, language),
        },
        target,
        org_number,
    })
}

struct NoticeText {
    title: String,
    text: String,
    late: bool,
    target: NoticeTarget,
}

fn to(place: TargetPlace, id: Option<String>) -> NoticeTarget {
    NoticeTarget { place, id }
}

/// One notice for everything that was missed or came at once.
pub(super) fn summary(notices: &[&NoticeView], away: bool, now: Timestamp, language: Language) -> NoticeView {
    let n = notices.len();
    let title = if away {
        crate::filled(language, "reminders.whileMomsbudWasOffReminders", &[("n", &n)])
    } else {
        crate::filled(language, "reminders.remindersFromMomsbud", &[("n", &n)])
    };
    let text: Vec<&str> = notices.iter().map(|notice| notice.title.as_str()).collect();
    NoticeView {
        key: super::SUMMARY.to_owned(),
        kind: notices.iter().map(|notice| notice.kind).min().unwrap_or(NoticeKind::Deadline),
        late: notices.iter().any(|notice| notice.late),
        title,
        text: format!("{}.", text.join(". ")),
        at: moment(now),
        action: crate::text(language, "reminders.openMomsbud").to_owned(),
        target: notices.first().map_or_else(|| to(TargetPlace::Deadlines, None), |notice| notice.target.clone()),
        org_number: None,
    }
}

/// "i dag", "i morgen", a day of this week, or a date.
pub(crate) fn when(day: Date, today: Date, language: Language) -> String {
    match (day - today).get_days() {
        0 => crate::text(language, "reminders.today").to_owned(),
        1 => crate::text(language, "reminders.tomorrow").to_owned(),
        2..=6 => crate::filled(language, "reminders.onDay", &[("day", &weekday(day, language))]),
        _ => crate::filled(language, "reminders.onDay", &[("day", &day_in_words(day, language))]),
    }
}

/// "om 14 dager", with today and tomorrow by name.
pub(super) fn in_days(day: Date, today: Date, language: Language) -> String {
    match (day - today).get_days() {
        days @ 2.. => crate::filled(language, "reminders.inDays", &[("days", &days)]),
        _ => when(day, today, language),
    }
}

fn company(name: Option<&String>, org_number: &str) -> String {
    name.cloned().unwrap_or_else(|| OrgNumber::shown(org_number))
}

fn company_of(filing: &Filing) -> String {
    company(filing.company_name.as_ref(), filing.subject.org_number.as_str())
}

/// "A, B, C og 4 til".
fn named(mut names: Vec<String>, language: Language) -> String {
    names.dedup();
    let rest = names.len().saturating_sub(NAMED);
    if rest <= 1 {
        return listed(&names, language);
    }
    names.truncate(NAMED);
    let names = names.join(", ");
    crate::filled(language, "reminders.andMore", &[("names", &names), ("rest", &rest)])
}

fn deadlines(day: Date, facts: &[&Fact], today: Date, language: Language) -> NoticeText {
    let open = facts.iter().filter_map(|fact| match &fact.matter {
        Matter::Deadline(open) => Some(open),
        _ => None,
    });
    let open: Vec<_> = open.collect();
    let late = day < today;
    let date = day_in_words(day, language);
    let mut orgs: Vec<&str> = open.iter().map(|open| open.org_number.as_str()).collect();
    orgs.sort_unstable();
    orgs.dedup();
    let names: Vec<String> = open.iter().map(|open| company(open.company.as_ref(), open.org_number.as_str())).collect();
    let mut periods: Vec<String> = open.iter().map(|open| open.period.in_words(language)).collect();
    periods.dedup();
    let period = if periods.len() == 1 { periods.pop() } else { None };
    let when = when(day, today, language);
    let title = match (orgs.len(), late) {
        (1, false) => {
            let name = names.first().cloned().unwrap_or_default();
            crate::filled(language, "reminders.hasADeadline", &[("name", &name), ("when", &when)])
        }
        (1, true) => {
            let name = names.first().cloned().unwrap_or_default();
            crate::filled(language, "reminders.theDeadlineHasPassed", &[("name", &name), ("date", &date)])
        }
        (n, false) => crate::filled(language, "reminders.companiesHaveADeadline", &[("n", &n), ("when", &when)]),
        (n, true) => crate::filled(language, "reminders.theDeadlineHasPassedFor", &[("date", &date), ("n", &n)]),
    };
    let what = match (period, orgs.len()) {
        (Some(period), 1) => period,
        (Some(period), _) => format!("{period}: {}", named(names, language)),
        (None, _) => named(names, language),
    };
    let all = |because| open.iter().all(|open| open.because == because);
    let some = open.iter().any(|open| matches!(open.because, OpenBecause::Rejected | OpenBecause::Unclear));
    let todo = if all(OpenBecause::Rejected) {
        crate::text(language, "reminders.filedButRejectedByThe").to_owned()
    } else if all(OpenBecause::Unclear) {
        crate::text(language, "reminders.filedButTheTaxAdministrations").to_owned()
    } else if some {
        crate::text(language, "reminders.notEverythingHasBeenFiled").to_owned()
    } else if late {
        crate::text(language, "reminders.nothingHasBeenFiledFile").to_owned()
    } else {
        let full = format!("{} {date}", weekday(day, language));
        crate::filled(language, "reminders.nothingHasBeenFiledYet", &[("full", &full)])
    };
    NoticeText { title, text: format!("{what}. {todo}"), late, target: to(TargetPlace::Deadlines, None) }
}

fn authorization(person: Option<&str>, until: Timestamp, now: Timestamp, language: Language) -> NoticeText {
    let (day, today) = (norwegian_date(until), norwegian_date(now));
    let ended = until <= now;
    let date = day_in_year(day, language);
    let title = if ended {
        crate::text(language, "reminders.theAuthorizationHasEnded").to_owned()
    } else {
        let mut when = in_days(day, today, language);
        if day == today {
            when = format!("{when} {}", clock(until, language));
        }
        crate::filled(language, "reminders.theAuthorizationEnds", &[("when", &when)])
    };
    let consequence = if ended {
        crate::text(language, "reminders.youCanStillCheckBut").to_owned()
    } else {
        crate::filled(language, "reminders.afterYouCanStillCheck", &[("date", &date)])
    };
    let text = match person {
        None => consequence,
        Some(person) => format!("{person}: {}", small_letter(&consequence)),
    };
    NoticeText { title, text, late: ended, target: to(TargetPlace::Access, None) }
}

fn sign_in(until: Timestamp, deadline: Date, today: Date, language: Language) -> NoticeText {
    let day = norwegian_date(until);
    let (date, when) = (day_in_words(deadline, language), in_days(day, today, language));
    NoticeText {
        title: crate::filled(language, "reminders.youMustSignInAgain", &[("date", &date)]),
        text: crate::filled(language, "reminders.theSignInLastsUntil", &[("when", &when)]),
        late: false,
        target: to(TargetPlace::Access, None),
    }
}

fn filings_of<'a>(facts: &[&'a Fact]) -> Vec<&'a Filing> {
    facts
        .iter()
        .filter_map(|fact| match &fact.matter {
            Matter::Waiting { filing, .. } | Matter::Receipt { filing } | Matter::Payment { filing, .. } => {
                Some(filing.as_ref())
            }
            _ => None,
        })
        .collect()
}

fn receipts(facts: &[&Fact], language: Language) -> NoticeText {
    let filings = filings_of(facts);
    let history = |id| to(TargetPlace::History, id);
    if let [one] = filings.as_slice() {
        let (name, period) = (company_of(one), small_letter(&one.subject.period.in_words(language)));
        // When money comes back the authority answers 0: the return's sum says what it is.
        let amount = match one.payment.as_ref() {
            Some(payment) if one.assessed_vat > Decimal::ZERO => Some((payment.amount, payment.due)),
            _ => Some((one.assessed_vat, None)),
        };
        let sum = match amount {
            Some((amount, Some(due))) if amount > Decimal::ZERO => {
                let (amount, due) = (money(amount), day_in_words(due, language));
                crate::filled(language, "reminders.toPayBy", &[("amount", &amount), ("due", &due)])
            }
            Some((amount, None)) if amount > Decimal::ZERO => {
                let amount = money(amount);
                crate::filled(language, "reminders.toPay", &[("amount", &amount)])
            }
            Some((amount, _)) if amount < Decimal::ZERO => {
                let amount = money(-amount);
                crate::filled(language, "reminders.toBeRefunded", &[("amount", &amount)])
            }
            _ => crate::text(language, "reminders.nothingToPay").to_owned(),
        };
        return NoticeText {
            title: crate::text(language, "reminders.theReceiptHasArrived").to_owned(),
            text: format!("{name}, {period}: {sum}{}", remarked(&filings, language)),
            late: false,
            target: history(Some(one.id.to_string())),
        };
    }
    let n = filings.len();
    let names = filings.iter().map(|filing| company_of(filing)).collect();
    NoticeText {
        title: crate::filled(language, "reminders.receiptsHaveArrived", &[("n", &n)]),
        text: format!("{}.{}", named(names, language), remarked(&filings, language)),
        late: false,
        target: history(None),
    }
}

/// Receipts that colleagues have got.
fn receipts_elsewhere(facts: &[&Fact], language: Language) -> NoticeText {
    let receipts: Vec<&ReceiptElsewhere> = facts
        .iter()
        .filter_map(|fact| match &fact.matter {
            Matter::ReceiptElsewhere { receipt } => Some(receipt.as_ref()),
            _ => None,
        })
        .collect();
    let name = |receipt: &ReceiptElsewhere| company(receipt.company_name.as_ref(), receipt.subject.org_number.as_str());
    let (title, text) = if let [one] = receipts.as_slice() {
        let (company, period) = (name(one), small_letter(&one.subject.period.in_words(language)));
        let values: [(&str, &dyn std::fmt::Display); 3] =
            [("company", &company), ("period", &period), ("person", &one.person)];
        (
            crate::text(language, "reminders.theReceiptHasArrived").to_owned(),
            crate::filled(language, "reminders.filedByColleague", &values),
        )
    } else {
        let n = receipts.len();
        let names = named(receipts.iter().map(|receipt| name(receipt)).collect(), language);
        (
            crate::filled(language, "reminders.receiptsHaveArrived", &[("n", &n)]),
            crate::filled(language, "reminders.filedByColleagues", &[("names", &names)]),
        )
    };
    NoticeText { title, text, late: false, target: to(TargetPlace::Deadlines, None) }
}

/// What is to be known besides about receipts that have come: what deviates, and that practice has invented the claim.
fn remarked(filings: &[&Filing], language: Language) -> String {
    let deviates = |filing: &&&Filing| matches!(filing.verdict, Some(Verdict::Deviating | Verdict::Incomplete));
    let deviating: Vec<String> = filings.iter().filter(deviates).map(|filing| company_of(filing)).collect();
    let mut text = match deviating.as_slice() {
        [] => String::new(),
        [_] if filings.len() == 1 => crate::text(language, "reminders.theTaxAdministrationHasAccepted").to_owned(),
        _ => {
            let names = named(deviating, language);
            crate::filled(language, "reminders.acceptedWithDeviations", &[("names", &names)])
        }
    };
    if filings.iter().any(|filing| filing.subject.environment == EnvironmentName::Practice) {
        text += crate::text(language, "reminders.practiceNothingIsToBe");
    }
    text
}

fn payments(due: Date, facts: &[&Fact], today: Date, language: Language) -> NoticeText {
    let filings = filings_of(facts);
    let sum: Decimal = facts
        .iter()
        .filter_map(|fact| match &fact.matter {
            Matter::Payment { amount, .. } => Some(*amount),
            _ => None,
        })
        .fold(Decimal::ZERO, Decimal::saturating_add);
    let (sum, when) = (money(sum), in_days(due, today, language));
    if let [one] = filings.as_slice() {
        let (name, period) = (company_of(one), small_letter(&one.subject.period.in_words(language)));
        return NoticeText {
            title: crate::filled(language, "reminders.thePaymentForIsDue", &[("name", &name), ("when", &when)]),
            text: crate::filled(language, "reminders.forKidAndAccountNumber", &[("sum", &sum), ("period", &period)]),
            late: false,
            target: to(TargetPlace::History, Some(one.id.to_string())),
        };
    }
    let n = filings.len();
    let names = named(filings.iter().map(|filing| company_of(filing)).collect(), language);
    NoticeText {
        title: crate::filled(language, "reminders.paymentsAreDue", &[("n", &n), ("when", &when)]),
        text: crate::filled(language, "reminders.inAll", &[("names", &names), ("sum", &sum)]),
        late: false,
        target: to(TargetPlace::History, None),
    }
}

/// What the button says that leads to the place.
fn action(kind: NoticeKind, one: bool, language: Language) -> String {
    let key = match (kind, one) {
        (NoticeKind::Deadline, true) => "reminders.seeDeadlines",
        (NoticeKind::Deadline, false) => "reminders.seeWho",
        (NoticeKind::Authorization, _) => "reminders.renewNow",
        (NoticeKind::SignIn, _) => "reminders.signIn",
        (NoticeKind::Waiting, _) => "reminders.seeTheFiling",
        (NoticeKind::Payment, _) => "reminders.seeThePayment",
        (NoticeKind::Receipt, _) => "reminders.seeTheReceipt",
    };
    crate::text(language, key).to_owned()
}
