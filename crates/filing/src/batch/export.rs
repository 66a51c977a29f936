//! The result of a batch for a spreadsheet.
//!
//! UTF-8 with a byte-order mark, semicolons and CRLF: so a Norwegian Excel opens it with a double click. KID and account
//! are written as texts (`="…"`), or Excel would make numbers of them and round them off. Nothing that comes from outside
//! can become a formula. A filing of practice has no KID and no account here: nobody shall pay an invented claim.

use vat_return::Language;

use crate::{
    filings::Filing,
    view::{EnvironmentName, FilingState},
};

const BOM: &str = "\u{feff}";

/// One row a filing: company, number, period, KID, account, amount, due date, state.
pub(crate) fn csv(filings: &[Filing], language: Language) -> String {
    let heads: [&str; 9] = match language {
        Language::Nb => {
            ["Virksomhet", "Org.nr.", "Termin", "KID", "Konto", "Beløp", "Forfall", "Tilstand", "Referanse"]
        }
        Language::Nn => ["Verksemd", "Org.nr.", "Termin", "KID", "Konto", "Beløp", "Forfall", "Tilstand", "Referanse"],
        Language::En => ["Company", "Org. no.", "Period", "KID", "Account", "Amount", "Due", "State", "Reference"],
    };
    let (no_kid, no_account) = match language {
        Language::Nb | Language::Nn => ("\"ØVING, ingen KID\"", "\"ØVING, ingen konto\""),
        Language::En => ("\"PRACTICE, no KID\"", "\"PRACTICE, no account\""),
    };
    let mut table = BOM.to_owned();
    row(&mut table, heads.map(str::to_owned));
    for filing in filings {
        let subject = &filing.subject;
        let payment = filing.payable();
        let number = |digits: Option<&str>, in_practice: &str| match subject.environment {
            EnvironmentName::Practice => in_practice.to_owned(),
            EnvironmentName::Test | EnvironmentName::Production => digits.map(exact).unwrap_or_default(),
        };
        row(
            &mut table,
            [
                text(filing.company_name.as_deref().unwrap_or_default()),
                text(&subject.org_number),
                text(&subject.period.in_words(language)),
                number(payment.and_then(|payment| payment.kid.as_ref()).map(vat_return::PaymentKid::as_str), no_kid),
                number(payment.and_then(|payment| payment.account.as_deref()), no_account),
                payment.map(|payment| payment.amount.normalize().to_string().replace('.', ",")).unwrap_or_default(),
                payment
                    .and_then(|payment| payment.due)
                    .map(|due| due.strftime("%d.%m.%Y").to_string())
                    .unwrap_or_default(),
                text(state(filing.state, language)),
                text(&filing.instance.as_ref().map(ToString::to_string).unwrap_or_default()),
            ],
        );
    }
    table
}

fn row(table: &mut String, fields: [String; 9]) {
    table.push_str(&fields.join(";"));
    table.push_str("\r\n");
}

/// A text as a field. What a spreadsheet would take for a formula gets an apostrophe in front, which makes it a text.
fn text(value: &str) -> String {
    let clean: String = value.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let risky = clean.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    let clean = if risky { format!("'{clean}") } else { clean };
    if clean.contains([';', '"', '\'', ',']) || clean.starts_with(' ') || clean.ends_with(' ') {
        format!("\"{}\"", clean.replace('"', "\"\""))
    } else {
        clean
    }
}

/// Digits that must stay as they are; anything that is no row of digits is a text.
fn exact(value: &str) -> String {
    let plain = !value.is_empty() && value.chars().all(|c| c.is_ascii_digit() || c == '-');
    if plain { format!("\"=\"\"{value}\"\"\"") } else { text(value) }
}

fn state(state: FilingState, language: Language) -> &'static str {
    let [nb, nn, en] = match state {
        FilingState::Queued => ["I kø", "I kø", "Queued"],
        FilingState::Running => ["Pågår", "Går føre seg", "Under way"],
        FilingState::Waiting => ["Venter, ikke levert", "Ventar, ikkje levert", "Waiting, not delivered"],
        FilingState::WaitingSignature => ["Venter på signering", "Ventar på signering", "Waiting to be signed"],
        FilingState::WaitingAnswer => ["Levert, venter på svar", "Levert, ventar på svar", "Delivered, no receipt yet"],
        FilingState::Received => ["Mottatt", "Motteken", "Received"],
        FilingState::Refused => ["Avvist, ikke levert", "Avvist, ikkje levert", "Refused, not delivered"],
        FilingState::Rejected => ["Levert, avvist", "Levert, avvist", "Delivered, rejected"],
        FilingState::Unclear => {
            ["Levert, svaret må ses på", "Levert, svaret må sjåast på", "Delivered, look at the answer"]
        }
        FilingState::Abandoned => ["Avbrutt, ikke levert", "Avbroten, ikkje levert", "Given up, not delivered"],
    };
    match language {
        Language::Nb => nb,
        Language::Nn => nn,
        Language::En => en,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_from_outside_becomes_a_formula() {
        for evil in ["=1+1", "+47", "-2", "@SUM(A1)", "\t=cmd|' /C calc'!A0", " =1", "\r=1", "＝1"] {
            let field = text(evil);
            let inside = field.trim_matches('"');
            assert!(inside.starts_with('\''), "{evil:?} becomes {field:?}");
        }
        assert_eq!(text("Fjordlys Interiør AS"), "Fjordlys Interiør AS");
        assert_eq!(text("Hansen; \"Sønn\"\nAS"), "\"Hansen; \"\"Sønn\"\" AS\"");
    }

    #[test]
    fn digits_are_kept_to_the_last() {
        assert_eq!(exact("00123456789012345678"), "\"=\"\"00123456789012345678\"\"\"");
        assert_eq!(exact("1234567-"), "\"=\"\"1234567-\"\"\"");
        assert_eq!(exact("1);HYPERLINK("), "\"1);HYPERLINK(\"");
        assert_eq!(exact("=2"), "'=2".replace('\'', "\"'").to_owned() + "\"");
    }
}
