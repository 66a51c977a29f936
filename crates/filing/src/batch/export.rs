//! The result of a batch for a spreadsheet.

use std::io;

use rust_decimal::Decimal;
use vat_return::Language;

use crate::{
    filings::Filing,
    table::{Cell, Payable, Table},
    words::state_name,
};

/// One row a filing: company, number, period, KID, account, amount, due date, state.
pub(crate) fn csv(filings: &[Filing], language: Language) -> io::Result<Vec<u8>> {
    let heads: [&str; 9] = match language {
        Language::Nb => {
            ["Virksomhet", "Org.nr.", "Termin", "KID", "Konto", "Beløp", "Forfall", "Tilstand", "Referanse"]
        }
        Language::Nn => ["Verksemd", "Org.nr.", "Termin", "KID", "Konto", "Beløp", "Forfall", "Tilstand", "Referanse"],
        Language::En => ["Company", "Org. no.", "Period", "KID", "Account", "Amount", "Due", "State", "Reference"],
    };
    let mut out = Vec::new();
    let mut table = Table::new(&mut out, &heads)?;
    for filing in filings {
        let (subject, payable) = (&filing.subject, Payable::of(filing));
        table.row(&[
            Cell::text(filing.company_name.as_deref().unwrap_or_default()),
            Cell::text(&subject.org_number),
            Cell::text(subject.period.in_words(language)),
            payable.kid(language),
            payable.account(language),
            amount(filing, payable),
            payable.due(|due| due.strftime("%d.%m.%Y").to_string()),
            Cell::text(state_name(filing.state, filing.verdict, filing.replaced, language)),
            Cell::some(filing.instance.as_ref(), |instance| Cell::text(instance.to_string())),
        ])?;
    }
    table.finish()?;
    Ok(out)
}

/// What is to be paid; negative, what comes back. The authority's own answer to a refund is 0.
fn amount(filing: &Filing, payable: Payable<'_>) -> Cell {
    if filing.state.is_accepted() && filing.assessed_vat <= Decimal::ZERO {
        Cell::Amount(filing.assessed_vat)
    } else {
        payable.amount()
    }
}
