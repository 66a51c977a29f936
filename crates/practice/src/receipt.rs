//! What a delivered return is answered with: payment information (apis.md 6.3) and a receipt as PDF (6.4: no schema).
//!
//! The receipt is the practice's own design, "ØVING" across every page, so that nobody takes it for Skatteetaten's
//! or pays by it.

mod paper;
mod payment;

pub(crate) use payment::Payment;

use crate::assessment::Outcome;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use paper::{Paper, QUIET, Text};
use rust_decimal::Decimal;
use vat_return::{Language, explain};

/// Norway's time zone; UTC on a machine whose tables lack it, which the bundled ones do not.
pub(crate) fn oslo() -> TimeZone {
    TimeZone::get("Europe/Oslo").unwrap_or(TimeZone::UTC)
}

/// `9. juni 2026`.
fn day(date: jiff::civil::Date) -> String {
    explain::day(date, Language::Nb)
}

/// `1 234 567`, with a dash as minus because the standard fonts have no better.
fn kroner(amount: Decimal) -> String {
    explain::amount(amount).replace('\u{2212}', "–")
}

/// Digits in groups of these sizes, the last one repeated: `311 797 816`, `1234 56 78903`.
fn in_groups(digits: &str, sizes: &[usize]) -> String {
    let mut groups = Vec::new();
    let (mut rest, mut sizes) = (digits, sizes.iter().copied().peekable());
    let mut size = digits.len();
    while !rest.is_empty() {
        size = sizes.next().unwrap_or(size).clamp(1, rest.len().max(1));
        let (group, after) = rest.split_at_checked(size).unwrap_or((rest, ""));
        groups.push(group);
        rest = after;
    }
    groups.join(" ")
}

/// The receipt of a return.
pub(crate) fn pdf(payment: &Payment, content: &[u8], actor: &str, received: Timestamp, outcome: Outcome) -> Vec<u8> {
    let received = received.to_zoned(oslo());
    let mut paper = Paper::new(&format!("Øvingskvittering {} {}", payment.company.name, payment.period_words));
    paper.text(Text { x: 56.0, size: 10.0, colour: QUIET, ..Text::default() }, "Kvittering fra øving i Momsbud");
    paper.down(26.0);
    paper.text(Text { x: 56.0, size: 20.0, bold: true, ..Text::default() }, "Mva-melding mottatt i øving");
    paper.down(30.0);
    let facts = [
        ("Virksomhet", payment.company.name.clone()),
        ("Organisasjonsnummer", format!("{} MVA", in_groups(&payment.company.org_number, &[3]))),
        ("Termin", payment.period_words.clone()),
        ("Type melding", payment.category_words.to_owned()),
        ("Mottatt", format!("{} kl. {:02}.{:02}", day(received.date()), received.hour(), received.minute())),
        ("Levert av", actor.to_owned()),
        ("Referanse", payment.reference.clone()),
        ("Kontroll", outcome.current().to_owned()),
    ];
    for (label, value) in &facts {
        paper.row(label, value, false);
    }
    paper.down(6.0);
    paper.rule();
    let sum = if payment.assessed.is_sign_negative() { "Til gode" } else { "Å betale" };
    paper.row(sum, &format!("{} kr", kroner(payment.assessed.abs())), true);
    if payment.has_payment() {
        paper.row("KID", &in_groups(&payment.kid, &[4]), false);
        paper.row("Konto", &in_groups(payment.account, &[4, 2, 5]), false);
        paper.row("Betalingsfrist", &day(payment.due), false);
        paper.row("Betales til", "Skatteetaten (øving – skal ikke betales)", false);
    }
    paper.down(6.0);
    paper.rule();
    lines(&mut paper, content, payment.assessed);
    paper.down(14.0);
    paper.small("Dette er en øvingskvittering. Ingenting er sendt til Skatteetaten, og ingenting skal betales.");
    paper.small("Virksomheten, personene og tallene hører til øvingsverdenen i Momsbud.");
    paper.finish()
}

/// The return's lines and their sum.
fn lines(paper: &mut Paper, content: &[u8], sum: Decimal) {
    let headings = ["Kode", "Beskrivelse", "Grunnlag", "Sats", "Merverdiavgift"];
    paper.table_head(&headings);
    for cells in table(content) {
        if paper.needs_page(60.0) {
            paper.new_page();
            paper.table_head(&headings);
        }
        paper.table_row(&cells, false);
    }
    paper.table_row(&["".into(), "Fastsatt merverdiavgift".into(), "".into(), "".into(), kroner(sum)], true);
}

/// Code, description, base, rate, VAT of every line.
fn table(content: &[u8]) -> Vec<[String; 5]> {
    let Ok(ret) = vat_return::read(content) else { return Vec::new() };
    let explained = explain::explain(&ret, Language::Nb);
    explained
        .groups
        .iter()
        .flat_map(|group| &group.lines)
        .filter_map(|explained| ret.lines.get(explained.index).map(|line| (explained, line)))
        .map(|(explained, line)| {
            let description = match &explained.specification {
                Some(specification) => format!("{} ({specification})", explained.description),
                None => explained.description.to_owned(),
            };
            [
                line.code.value.to_string(),
                description,
                line.base.as_ref().map(|base| kroner(base.value)).unwrap_or_default(),
                line.rate.as_ref().map(|rate| explain::rate(&rate.value, Language::Nb)).unwrap_or_default(),
                kroner(line.vat.value),
            ]
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_for_reading() {
        assert_eq!(kroner(Decimal::from(1_234_567)), "1\u{a0}234\u{a0}567");
        assert_eq!(kroner(Decimal::from(-640)), "–640");
        assert_eq!(in_groups("311797816", &[3]), "311 797 816");
        assert_eq!(in_groups("12345678903", &[4, 2, 5]), "1234 56 78903");
    }
}
