//! The result of a batch for a spreadsheet.

use std::io;

use vat_return::Language;

use crate::{
    filings::Filing,
    table::{Cell, Payable, Table},
    view::FilingState,
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
            payable.amount(),
            payable.due(|due| due.strftime("%d.%m.%Y").to_string()),
            Cell::text(state(filing.state, language)),
            Cell::some(filing.instance.as_ref(), |instance| Cell::text(instance.to_string())),
        ])?;
    }
    table.finish()?;
    Ok(out)
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
