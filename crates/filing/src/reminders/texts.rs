//! What a notice says, in three languages. One place for the operating system's notification, the bell and the tray.

mod waiting;

use jiff::{Timestamp, civil::Date};
use rust_decimal::Decimal;
use vat_return::Language;

use super::facts::{Fact, Matter};
use crate::{
    filings::Filing,
    view::{EnvironmentName, NoticeKind, NoticeTarget, NoticeView, OpenBecause, TargetPlace, Verdict},
    words::{clock, day_in_words, day_in_year, listed, moment, money, norwegian_date, shown_number, weekday},
};

/// How many names a text lists before it says how many more there are.
const NAMED: usize = 3;

/// Chooses by language.
pub(super) fn say(language: Language, nb: String, nn: String, en: String) -> String {
    match language {
        Language::Nb => nb,
        Language::Nn => nn,
        Language::En => en,
    }
}

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
    let Said { title, text, late, target } = match &first.matter {
        Matter::Deadline(open) => deadlines(open.day, facts, today, language),
        Matter::Authorization { person, until } => authorization(person, *until, now, language),
        Matter::SignIn { until, deadline } => sign_in(*until, *deadline, today, language),
        Matter::Waiting { why, .. } => waiting::waiting(*why, facts, language),
        Matter::Receipt { .. } => receipts(facts, language),
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
        action: action(first.matter.kind(), companies.len() == 1, language),
        target,
        org_number,
    })
}

struct Said {
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
        say(
            language,
            format!("Mens Momsbud var av: {n} påminnelser"),
            format!("Medan Momsbud var av: {n} påminningar"),
            format!("While Momsbud was off: {n} reminders"),
        )
    } else {
        say(
            language,
            format!("{n} påminnelser fra Momsbud"),
            format!("{n} påminningar frå Momsbud"),
            format!("{n} reminders from Momsbud"),
        )
    };
    let text: Vec<&str> = notices.iter().map(|notice| notice.title.as_str()).collect();
    NoticeView {
        key: super::SUMMARY.to_owned(),
        kind: notices.iter().map(|notice| notice.kind).min().unwrap_or(NoticeKind::Deadline),
        late: notices.iter().any(|notice| notice.late),
        title,
        text: format!("{}.", text.join(". ")),
        at: moment(now),
        action: say(language, "Åpne Momsbud".into(), "Opne Momsbud".into(), "Open Momsbud".into()),
        target: notices.first().map_or_else(|| to(TargetPlace::Deadlines, None), |notice| notice.target.clone()),
        org_number: None,
    }
}

/// "i dag", "i morgen", a day of this week, or a date.
pub(crate) fn when(day: Date, today: Date, language: Language) -> String {
    match (day - today).get_days() {
        0 => say(language, "i dag".into(), "i dag".into(), "today".into()),
        1 => say(language, "i morgen".into(), "i morgon".into(), "tomorrow".into()),
        2..=6 => {
            let name = weekday(day, language);
            say(language, name.to_owned(), name.to_owned(), format!("on {name}"))
        }
        _ => {
            let date = day_in_words(day, language);
            say(language, date.clone(), date.clone(), format!("on {date}"))
        }
    }
}

/// "om 14 dager", with today and tomorrow by name.
pub(super) fn in_days(day: Date, today: Date, language: Language) -> String {
    match (day - today).get_days() {
        days @ 2.. => say(language, format!("om {days} dager"), format!("om {days} dagar"), format!("in {days} days")),
        _ => when(day, today, language),
    }
}

fn company(name: Option<&String>, org_number: &str) -> String {
    name.cloned().unwrap_or_else(|| shown_number(org_number))
}

fn company_of(filing: &Filing) -> String {
    company(filing.company_name.as_ref(), &filing.subject.org_number)
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
    say(
        language,
        format!("{names} og {rest} til"),
        format!("{names} og {rest} til"),
        format!("{names} and {rest} more"),
    )
}

fn deadlines(day: Date, facts: &[&Fact], today: Date, language: Language) -> Said {
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
    let names: Vec<String> = open.iter().map(|open| company(open.company.as_ref(), &open.org_number)).collect();
    let mut periods: Vec<String> = open.iter().map(|open| open.period.in_words(language)).collect();
    periods.dedup();
    let period = if periods.len() == 1 { periods.pop() } else { None };
    let when = when(day, today, language);
    let title = match (orgs.len(), late) {
        (1, false) => {
            let name = names.first().cloned().unwrap_or_default();
            say(
                language,
                format!("{name} har frist {when}"),
                format!("{name} har frist {when}"),
                format!("{name} has a deadline {when}"),
            )
        }
        (1, true) => {
            let name = names.first().cloned().unwrap_or_default();
            say(
                language,
                format!("{name}: fristen {date} er ute"),
                format!("{name}: fristen {date} er ute"),
                format!("{name}: the deadline {date} has passed"),
            )
        }
        (n, false) => say(
            language,
            format!("{n} virksomheter har frist {when}"),
            format!("{n} verksemder har frist {when}"),
            format!("{n} companies have a deadline {when}"),
        ),
        (n, true) => say(
            language,
            format!("Fristen {date} er ute for {n} virksomheter"),
            format!("Fristen {date} er ute for {n} verksemder"),
            format!("The deadline {date} has passed for {n} companies"),
        ),
    };
    let what = match (period, orgs.len()) {
        (Some(period), 1) => period,
        (Some(period), _) => format!("{period}: {}", named(names, language)),
        (None, _) => named(names, language),
    };
    let all = |because| open.iter().all(|open| open.because == because);
    let some = open.iter().any(|open| matches!(open.because, OpenBecause::Rejected | OpenBecause::Unclear));
    let todo = if all(OpenBecause::Rejected) {
        say(
            language,
            "Levert, men avvist av Skatteetaten. Rett meldingen og send på nytt.".into(),
            "Levert, men avvist av Skatteetaten. Rett meldinga og send på nytt.".into(),
            "Filed, but rejected by the Tax Administration. Correct the return and file it again.".into(),
        )
    } else if all(OpenBecause::Unclear) {
        say(
            language,
            "Levert, men svaret fra Skatteetaten må ses på.".into(),
            "Levert, men svaret frå Skatteetaten må sjåast på.".into(),
            "Filed, but the Tax Administration's answer must be looked at.".into(),
        )
    } else if some {
        say(
            language,
            "Ikke alt er levert og godtatt. Se hva som gjenstår.".into(),
            "Ikkje alt er levert og godteke. Sjå kva som står att.".into(),
            "Not everything has been filed and accepted. See what remains.".into(),
        )
    } else if late {
        say(
            language,
            "Ingenting er levert. Lever så snart du kan.".into(),
            "Ingenting er levert. Lever så snart du kan.".into(),
            "Nothing has been filed. File as soon as you can.".into(),
        )
    } else {
        let full = format!("{} {date}", weekday(day, language));
        say(
            language,
            format!("Ingenting er levert ennå. Fristen er {full}."),
            format!("Ingenting er levert enno. Fristen er {full}."),
            format!("Nothing has been filed yet. The deadline is {full}."),
        )
    };
    Said { title, text: format!("{what}. {todo}"), late, target: to(TargetPlace::Deadlines, None) }
}

fn authorization(person: &str, until: Timestamp, now: Timestamp, language: Language) -> Said {
    let (day, today) = (norwegian_date(until), norwegian_date(now));
    let ended = until <= now;
    let date = day_in_year(day, language);
    let title = if ended {
        say(
            language,
            "Autorisasjonen er gått ut".into(),
            "Autorisasjonen har gått ut".into(),
            "The authorization has ended".into(),
        )
    } else {
        let mut when = in_days(day, today, language);
        if day == today {
            when = format!("{when} {}", clock(until, language));
        }
        say(
            language,
            format!("Autorisasjonen går ut {when}"),
            format!("Autorisasjonen går ut {when}"),
            format!("The authorization ends {when}"),
        )
    };
    let consequence = if ended {
        say(
            language,
            "Du kan fortsatt kontrollere, men ikke sende. Å fornye tar et minutt.".into(),
            "Du kan framleis kontrollere, men ikkje sende. Å fornye tek eit minutt.".into(),
            "You can still check, but not send. Renewing takes a minute.".into(),
        )
    } else {
        say(
            language,
            format!("Etter {date} kan du fortsatt kontrollere, men ikke sende. Å fornye tar et minutt."),
            format!("Etter {date} kan du framleis kontrollere, men ikkje sende. Å fornye tek eit minutt."),
            format!("After {date} you can still check, but not send. Renewing takes a minute."),
        )
    };
    let text = if person.is_empty() { consequence } else { format!("{person}: {}", lower(&consequence)) };
    Said { title, text, late: ended, target: to(TargetPlace::Access, None) }
}

pub(super) fn lower(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

fn sign_in(until: Timestamp, deadline: Date, today: Date, language: Language) -> Said {
    let day = norwegian_date(until);
    let (date, when) = (day_in_words(deadline, language), in_days(day, today, language));
    Said {
        title: say(
            language,
            format!("Du må logge inn på nytt før fristen {date}"),
            format!("Du må logge inn på nytt før fristen {date}"),
            format!("You must sign in again before the deadline {date}"),
        ),
        text: say(
            language,
            format!("Innloggingen varer til {when}. Logg inn igjen nå, så kan du sende når du er klar."),
            format!("Innlogginga varer til {when}. Logg inn igjen no, så kan du sende når du er klar."),
            format!("The sign-in lasts until {when}. Sign in again now, and you can send when you are ready."),
        ),
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

fn receipts(facts: &[&Fact], language: Language) -> Said {
    let filings = filings_of(facts);
    let history = |id| to(TargetPlace::History, id);
    if let [one] = filings.as_slice() {
        let (name, period) = (company_of(one), lower(&one.subject.period.in_words(language)));
        // When money comes back the authority answers 0: the return's sum says what it is.
        let amount = match one.payment.as_ref() {
            Some(payment) if one.assessed_vat > Decimal::ZERO => Some((payment.amount, payment.due)),
            _ => Some((one.assessed_vat, None)),
        };
        let sum = match amount {
            Some((amount, Some(due))) if amount > Decimal::ZERO => {
                let (amount, due) = (money(amount), day_in_words(due, language));
                say(
                    language,
                    format!("{amount} å betale innen {due}."),
                    format!("{amount} å betale innan {due}."),
                    format!("{amount} to pay by {due}."),
                )
            }
            Some((amount, None)) if amount > Decimal::ZERO => {
                let amount = money(amount);
                say(language, format!("{amount} å betale."), format!("{amount} å betale."), format!("{amount} to pay."))
            }
            Some((amount, _)) if amount < Decimal::ZERO => {
                let amount = money(-amount);
                say(
                    language,
                    format!("{amount} til gode."),
                    format!("{amount} til gode."),
                    format!("{amount} to be refunded."),
                )
            }
            _ => say(language, "Ingenting å betale.".into(), "Ingenting å betale.".into(), "Nothing to pay.".into()),
        };
        return Said {
            title: say(
                language,
                "Kvitteringen er kommet".into(),
                "Kvitteringa er komen".into(),
                "The receipt has arrived".into(),
            ),
            text: format!("{name}, {period}: {sum}{}", remarked(&filings, language)),
            late: false,
            target: history(Some(one.id.to_string())),
        };
    }
    let n = filings.len();
    let names = filings.iter().map(|filing| company_of(filing)).collect();
    Said {
        title: say(
            language,
            format!("{n} kvitteringer er kommet"),
            format!("{n} kvitteringar er komne"),
            format!("{n} receipts have arrived"),
        ),
        text: format!("{}.{}", named(names, language), remarked(&filings, language)),
        late: false,
        target: history(None),
    }
}

/// What is to be known besides about receipts that have come: what deviates, and that practice has invented the claim.
fn remarked(filings: &[&Filing], language: Language) -> String {
    let deviates = |filing: &&&Filing| matches!(filing.verdict, Some(Verdict::Deviating | Verdict::Incomplete));
    let deviating: Vec<String> = filings.iter().filter(deviates).map(|filing| company_of(filing)).collect();
    let mut text = match deviating.as_slice() {
        [] => String::new(),
        [_] if filings.len() == 1 => say(
            language,
            " Skatteetaten har godtatt meldingen med avvik. Se dem i Historikk.".into(),
            " Skatteetaten har godteke meldinga med avvik. Sjå dei i Historikk.".into(),
            " The Tax Administration has accepted the return with deviations. See them in History.".into(),
        ),
        _ => {
            let names = named(deviating, language);
            say(
                language,
                format!(" Godtatt med avvik: {names}."),
                format!(" Godteke med avvik: {names}."),
                format!(" Accepted with deviations: {names}."),
            )
        }
    };
    if filings.iter().any(|filing| filing.subject.environment == EnvironmentName::Practice) {
        text += &say(
            language,
            " Øving: ingenting skal betales.".into(),
            " Øving: ingenting skal betalast.".into(),
            " Practice: nothing is to be paid.".into(),
        );
    }
    text
}

fn payments(due: Date, facts: &[&Fact], today: Date, language: Language) -> Said {
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
        let (name, period) = (company_of(one), lower(&one.subject.period.in_words(language)));
        return Said {
            title: say(
                language,
                format!("Betalingen for {name} forfaller {when}"),
                format!("Betalinga for {name} forfell {when}"),
                format!("The payment for {name} is due {when}"),
            ),
            text: say(
                language,
                format!("{sum} for {period}. KID og kontonummer ligger i Historikk."),
                format!("{sum} for {period}. KID og kontonummer ligg i Historikk."),
                format!("{sum} for {period}. KID and account number are in History."),
            ),
            late: false,
            target: to(TargetPlace::History, Some(one.id.to_string())),
        };
    }
    let n = filings.len();
    let names = named(filings.iter().map(|filing| company_of(filing)).collect(), language);
    Said {
        title: say(
            language,
            format!("{n} betalinger forfaller {when}"),
            format!("{n} betalingar forfell {when}"),
            format!("{n} payments are due {when}"),
        ),
        text: say(
            language,
            format!("{names}: {sum} til sammen."),
            format!("{names}: {sum} til saman."),
            format!("{names}: {sum} in all."),
        ),
        late: false,
        target: to(TargetPlace::History, None),
    }
}

/// What the button says that leads to the place.
fn action(kind: NoticeKind, one: bool, language: Language) -> String {
    let (nb, nn, en) = match (kind, one) {
        (NoticeKind::Deadline, true) => ("Se frister", "Sjå fristar", "See deadlines"),
        (NoticeKind::Deadline, false) => ("Se hvem", "Sjå kven", "See who"),
        (NoticeKind::Authorization, _) => ("Forny nå", "Forny no", "Renew now"),
        (NoticeKind::SignIn, _) => ("Logg inn", "Logg inn", "Sign in"),
        (NoticeKind::Waiting, _) => ("Se innsendingen", "Sjå innsendinga", "See the filing"),
        (NoticeKind::Payment, _) => ("Se betalingen", "Sjå betalinga", "See the payment"),
        (NoticeKind::Receipt, _) => ("Se kvitteringen", "Sjå kvitteringa", "See the receipt"),
    };
    say(language, nb.to_owned(), nn.to_owned(), en.to_owned())
}
