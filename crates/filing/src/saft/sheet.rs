//! The reconciliation of a return, to keep with it: as a table for a spreadsheet, and as a page that prints.

use std::fmt::Write as _;

use bytes::Bytes;
use jiff::Timestamp;
use vat_return::{Language, explain};
use view::{
    BooksControls, BooksQuestion, CauseName,
    texts::{clock, day_in_year, norwegian_date},
};

use super::{Book, Drafted, File, questions, showing};
use crate::table::{Cell, Table};

/// What is on the sheet.
struct Sheet {
    title: String,
    facts: Vec<(String, String)>,
    lines: Vec<[String; 6]>,
    controls: Vec<(String, String)>,
    causes: Vec<(String, String, String)>,
    answers: Vec<(String, String, String)>,
    notes: Vec<String>,
}

/// The sheet as a table and as a page.
pub fn of(book: &Book, drafted: &Drafted, files: &[File], at: Timestamp, language: Language) -> (Bytes, Bytes) {
    let sheet = sheet(book, drafted, files, at, language);
    (csv(&sheet, language).into(), html(&sheet, language).into())
}

pub(super) fn cause_words(cause: CauseName, language: Language) -> &'static str {
    let key = match cause {
        CauseName::NoCode => "saft.sheet.postedOnAVatAccount",
        CauseName::OtherPeriod => "saft.sheet.voucherDateInAnotherPeriod",
        CauseName::Ore => "saft.sheet.reThatFallAway",
        CauseName::NoVat => "saft.sheet.aCodeWithoutVatPosted",
        CauseName::Rate => "saft.sheet.anotherAmountThanTheCode",
        CauseName::Unmapped => "saft.sheet.ownCodesThatLeadNowhere",
        CauseName::Settled => "saft.sheet.settlementsLeftOut",
    };
    crate::text(language, key)
}

fn sheet(book: &Book, drafted: &Drafted, files: &[File], at: Timestamp, language: Language) -> Sheet {
    let say = |key| crate::text(language, key).to_owned();
    let company = books::company(&book.ledger, &drafted.answers);
    let controls = showing::controls(book, drafted);
    let remembered = book.choice().remembered.clone();
    let asked = questions::all(book, drafted, &remembered, language);
    let made = format!("{} {}", day_in_year(norwegian_date(at), language), clock(at, language));
    let mut facts = vec![
        (say("saft.sheet.company"), company.name.clone()),
        (say("saft.sheet.organisationNumber"), company.org_number.clone().unwrap_or_default()),
        (say("saft.sheet.period"), drafted.period.in_words(language)),
        (say("saft.sheet.accountingSystem"), {
            let (vendor, name, version) = &company.system;
            format!("{} {version}", if name.is_empty() { vendor } else { name }).trim().to_owned()
        }),
        (say("saft.sheet.madeByMomsbud"), made),
        (say("saft.sheet.vouchers"), drafted.vouchers().to_string()),
    ];
    for file in files {
        facts.push((say("saft.sheet.file"), file.name.clone()));
        facts.extend(file.sha256.clone().map(|sum| ("SHA-256".to_owned(), sum)));
    }
    Sheet {
        title: say("saft.sheet.reconciliationOfAVatReturn"),
        facts,
        lines: lines(drafted, language),
        controls: control_rows(&controls, language),
        causes: controls
            .causes
            .iter()
            .map(|cause| {
                (cause_words(cause.cause, language).to_owned(), cause.vouchers.to_string(), cause.amount.clone())
            })
            .collect(),
        answers: asked.into_iter().map(|asked| answer_row(asked, language)).collect(),
        notes: drafted
            .draft
            .evidence
            .iter()
            .map(|(evidence, count)| format!("{count}: {}", books::texts::evidence(*evidence, language)))
            .chain(drafted.draft.warnings.iter().map(|warning| warning.text(language)))
            .collect(),
    }
}

fn lines(drafted: &Drafted, language: Language) -> Vec<[String; 6]> {
    let explained = explain(&drafted.written, language);
    let groups = explained.groups.iter().flat_map(|group| &group.lines);
    groups
        .filter_map(|said| {
            let line = drafted.written.lines.get(said.index)?;
            let mut words = said.description.to_owned();
            for more in [&said.specification, &said.remark].into_iter().flatten() {
                words.push_str(" · ");
                words.push_str(more);
            }
            Some([
                line.code.value.to_string(),
                words,
                line.own_code.as_ref().map(ToString::to_string).unwrap_or_default(),
                line.base.as_ref().map(|base| base.value.to_string()).unwrap_or_default(),
                line.rate.as_ref().map(|rate| rate.value.to_string()).unwrap_or_default(),
                line.vat.value.to_string(),
            ])
        })
        .collect()
}

fn control_rows(controls: &BooksControls, language: Language) -> Vec<(String, String)> {
    let say = |key| crate::text(language, key).to_owned();
    let mut rows = vec![(say("saft.sheet.theReturn"), controls.vat.clone())];
    if let (Some(movement), Some(difference)) = (&controls.movement, &controls.difference) {
        rows.push((say("saft.sheet.vatAccountsWithoutSettlements"), movement.clone()));
        rows.push((say("saft.sheet.difference"), difference.clone()));
        rows.push((say("saft.sheet.notExplained"), controls.unexplained.clone()));
    }
    rows.push((say("saft.sheet.baseRateAgainstVat"), controls.rate_difference.clone()));
    rows.push((say("saft.sheet.incomeAccounts"), controls.sales.clone()));
    rows.push((say("saft.sheet.basesOfSales"), controls.bases.clone()));
    rows
}

fn answer_row(asked: BooksQuestion, language: Language) -> (String, String, String) {
    let open = crate::text(language, "saft.sheet.notAnswered").to_owned();
    (asked.title, asked.text, asked.answer.unwrap_or(open))
}

/// Writes what is in memory: it cannot fail, and an empty table is none the worse.
fn csv(sheet: &Sheet, language: Language) -> Vec<u8> {
    let mut out = Vec::new();
    let write = |out: &mut Vec<u8>| -> std::io::Result<()> {
        let heads = [
            "saft.sheet.part",
            "saft.sheet.what",
            "saft.sheet.detail",
            "saft.sheet.ownCode",
            "saft.sheet.base",
            "saft.sheet.rate",
            "saft.sheet.amount",
        ]
        .map(|key| crate::text(language, key));
        let mut table = Table::new(out, &heads)?;
        let amount = |text: &str| match vat_return::number(text) {
            Some(amount) => Cell::Amount(amount),
            None if text.is_empty() => Cell::Empty,
            None => Cell::text(text),
        };
        let mut row = |part: &str, what: &str, detail: &str, amounts: [&str; 4]| {
            let [own, base, rate, sum] = amounts;
            table.row(&[
                Cell::text(part),
                Cell::text(what),
                Cell::text(detail),
                Cell::text(own),
                amount(base),
                Cell::text(rate),
                amount(sum),
            ])
        };
        let none = ["", "", "", ""];
        let part = |key| crate::text(language, key);
        for (what, value) in &sheet.facts {
            row(part("saft.sheet.facts"), what, value, none)?;
        }
        for [code, words, own, base, rate, vat] in &sheet.lines {
            row(part("saft.sheet.line"), code, words, [own, base, rate, vat])?;
        }
        for (what, value) in &sheet.controls {
            row(part("saft.sheet.control"), what, "", ["", "", "", value])?;
        }
        for (what, count, value) in &sheet.causes {
            row(part("saft.sheet.cause"), what, count, ["", "", "", value])?;
        }
        for (title, text, answer) in &sheet.answers {
            row(part("saft.sheet.answer"), &format!("{title}. {text}"), answer, none)?;
        }
        for note in &sheet.notes {
            row(part("saft.sheet.note"), note, "", none)?;
        }
        table.finish()
    };
    if let Err(error) = write(&mut out) {
        tracing::error!(%error, "A reconciliation could not be written.");
    }
    out
}

fn escaped(text: &str) -> String {
    String::from(shown::Shown::line(text))
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// A number as people write it.
fn money(text: &str) -> String {
    vat_return::number(text).map_or_else(|| escaped(text), |amount| escaped(&explain::amount(amount.normalize())))
}

const STYLE: &str = "body{font:14px/1.45 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#202d36}\
h1{font-size:1.4rem}h2{font-size:1rem;margin:1.5rem 0 .25rem}table{border-collapse:collapse;width:100%}\
td,th{text-align:left;padding:.25rem .5rem;border-bottom:1px solid #d8dadc;vertical-align:top;overflow-wrap:anywhere}\
.r{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}\
@media print{body{margin:0;max-width:none}h2{break-after:avoid}tr{break-inside:avoid}}";

fn html(sheet: &Sheet, language: Language) -> String {
    let say = |key| crate::text(language, key);
    let lang = language.code();
    let title = escaped(&sheet.title);
    let mut page = format!(
        "<!doctype html>\n<html lang=\"{lang}\"><head><meta charset=\"utf-8\"><title>{title}</title><style>{STYLE}</style></head>\n<body><h1>{title}</h1>\n"
    );
    // Writing to a string cannot fail.
    let mut section = |heading: &str, rows: Vec<Vec<(String, bool)>>| {
        let _ = write!(page, "<h2>{}</h2><table>", escaped(heading));
        for row in rows {
            page.push_str("<tr>");
            for (text, right) in row {
                let _ = write!(page, "<td{}>{text}</td>", if right { " class=\"r\"" } else { "" });
            }
            page.push_str("</tr>\n");
        }
        page.push_str("</table>\n");
    };
    let text = |text: &str| (escaped(text), false);
    let number = |text: &str| (money(text), true);
    section(
        say("saft.sheet.whatItIsMadeOf"),
        sheet.facts.iter().map(|(what, value)| vec![text(what), text(value)]).collect(),
    );
    section(
        say("saft.sheet.lines"),
        sheet
            .lines
            .iter()
            .map(|[code, words, own, base, rate, vat]| {
                vec![text(code), text(words), text(own), number(base), text(rate), number(vat)]
            })
            .collect(),
    );
    section(
        say("saft.sheet.controls"),
        sheet.controls.iter().map(|(what, value)| vec![text(what), number(value)]).collect(),
    );
    section(
        say("saft.sheet.causesOfTheDifference"),
        sheet.causes.iter().map(|(what, count, value)| vec![text(what), text(count), number(value)]).collect(),
    );
    if !sheet.answers.is_empty() {
        section(
            say("saft.sheet.answers"),
            sheet.answers.iter().map(|(title, about, answer)| vec![text(title), text(about), text(answer)]).collect(),
        );
    }
    section(say("saft.sheet.takenFromAndElseTo"), sheet.notes.iter().map(|note| vec![text(note)]).collect());
    page.push_str("</body></html>\n");
    page
}
