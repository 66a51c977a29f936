//! The result of a batch for a spreadsheet.

use std::io;

use filing::{
    filings::Filing,
    table::{Cell, Payable, Table},
};
use rust_decimal::Decimal;
use vat_return::Language;
use view::texts::state_name;

/// One row a filing: company, number, period, KID, account, amount, due date, state.
pub(crate) fn csv(filings: &[Filing], language: Language) -> io::Result<Vec<u8>> {
    let heads: [&str; 9] = [
        "batch.export.company",
        "batch.export.orgNo",
        "batch.export.period",
        "batch.export.kid",
        "batch.export.account",
        "batch.export.amount",
        "batch.export.due",
        "batch.export.state",
        "batch.export.reference",
    ]
    .map(|key| crate::text(language, key));
    let mut out = Vec::new();
    let mut table = Table::new(&mut out, &heads)?;
    for filing in filings {
        let (subject, payable) = (&filing.subject, Payable::of(filing));
        table.row(&[
            Cell::text(filing.company_name.as_deref().unwrap_or_default()),
            Cell::text(subject.org_number.as_str()),
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
