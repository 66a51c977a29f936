//! Tables for spreadsheets: every list of filings that leaves the program as CSV is written here.
//!
//! UTF-8 with a byte-order mark, semicolons and CRLF: so a Norwegian Excel opens it with a double click. Digits that are
//! no number (a KID, an account) are written as texts (`="…"`), or Excel would make numbers of them and round them off
//! after fifteen. Nothing that comes from outside can become a formula. What cannot be paid (an invented claim of
//! practice or test, a claim that Skatteetaten has not confirmed) is not in it.

use std::io::{self, Write};

use jiff::civil::Date;
use rust_decimal::Decimal;
use shown::cell::{exact, inert};
use vat_return::Language;
use view::EnvironmentName;

use crate::filings::{Filing, Payment};

/// What Excel knows UTF-8 by.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// What is in a field.
#[derive(Debug, Clone)]
pub enum Cell {
    /// Words, from wherever.
    Text(String),
    /// Digits that must stay as they are.
    Digits(String),
    /// An amount to calculate with.
    Amount(Decimal),
    /// Øre, written as kroner with two decimals.
    Ore(i64),
    /// Nothing.
    Empty,
}

impl Cell {
    /// Words.
    #[must_use]
    pub fn text(words: impl Into<String>) -> Self {
        Self::Text(words.into())
    }

    /// What there may be none of.
    pub fn some<T>(value: Option<T>, cell: impl FnOnce(T) -> Self) -> Self {
        value.map_or(Self::Empty, cell)
    }

    fn written(&self) -> String {
        match self {
            Self::Text(text) => inert(text),
            Self::Digits(digits) => exact(digits),
            Self::Amount(amount) => amount.normalize().to_string().replace('.', ","),
            Self::Ore(ore) => {
                let sign = if *ore < 0 { "-" } else { "" };
                format!("{sign}{},{:02}", ore.unsigned_abs() / 100, ore.unsigned_abs() % 100)
            }
            Self::Empty => String::new(),
        }
    }
}

/// A table that is being written.
#[derive(Debug)]
pub struct Table<W: Write> {
    csv: csv::Writer<W>,
}

impl<W: Write> Table<W> {
    /// Begins one with its headings.
    ///
    /// # Errors
    /// What it is written to.
    pub fn new(mut out: W, headings: &[&str]) -> io::Result<Self> {
        out.write_all(BYTE_ORDER_MARK.as_bytes())?;
        let mut csv = csv::WriterBuilder::new().delimiter(b';').terminator(csv::Terminator::CRLF).from_writer(out);
        csv.write_record(headings)?;
        Ok(Self { csv })
    }

    /// Adds a row, of as many cells as there are headings.
    ///
    /// # Errors
    /// What it is written to, or another number of cells.
    pub fn row(&mut self, cells: &[Cell]) -> io::Result<()> {
        Ok(self.csv.write_record(cells.iter().map(Cell::written))?)
    }

    /// Writes what is still held back.
    ///
    /// # Errors
    /// What it is written to.
    pub fn finish(mut self) -> io::Result<()> {
        self.csv.flush()
    }
}

/// What of a filing's payment may leave the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Payable<'a> {
    /// It is owed as Skatteetaten has said, and can be paid.
    Yes(&'a Payment),
    /// Nothing (yet): what came before Skatteetaten's verdict is provisional.
    No,
    /// It is invented, by practice or by the authorities' test environment.
    Invented(EnvironmentName, &'a Payment),
}

impl<'a> Payable<'a> {
    /// What of a filing may be paid.
    pub fn of(filing: &'a Filing) -> Self {
        match (filing.payable(), filing.subject.environment) {
            (None, _) => Self::No,
            (Some(payment), EnvironmentName::Production) => Self::Yes(payment),
            (Some(payment), invented) => Self::Invented(invented, payment),
        }
    }

    /// The payment, if it can be paid.
    pub fn payment(self) -> Option<&'a Payment> {
        match self {
            Self::Yes(payment) => Some(payment),
            Self::No | Self::Invented(..) => None,
        }
    }

    /// The KID, or why there is none.
    pub fn kid(self, language: Language) -> Cell {
        self.number(|payment| payment.kid.as_ref().map(ToString::to_string), "table.noKid", language)
    }

    /// The account, or why there is none.
    pub fn account(self, language: Language) -> Cell {
        self.number(|payment| payment.account.clone(), "table.noAccount", language)
    }

    /// How much: of an invented claim too, since nobody can pay it by that.
    pub fn amount(self) -> Cell {
        match self {
            Self::Yes(payment) | Self::Invented(_, payment) => Cell::Amount(payment.amount),
            Self::No => Cell::Empty,
        }
    }

    /// The last day to pay, written as asked.
    pub fn due(self, day: impl FnOnce(Date) -> String) -> Cell {
        Cell::some(self.payment().and_then(|payment| payment.due), |due| Cell::Text(day(due)))
    }

    fn number(self, of: impl FnOnce(&Payment) -> Option<String>, none: &'static str, language: Language) -> Cell {
        match self {
            Self::Yes(payment) => Cell::some(of(payment), Cell::Digits),
            Self::No => Cell::Empty,
            Self::Invented(environment, _) => {
                let none = crate::text(language, none);
                Cell::Text(format!("{}, {none}", invented(environment, language)))
            }
        }
    }
}

/// What stands before anything that is invented.
pub fn invented(environment: EnvironmentName, language: Language) -> &'static str {
    match environment {
        EnvironmentName::Practice => crate::text(language, "table.practice"),
        EnvironmentName::Test | EnvironmentName::Production => crate::text(language, "table.test"),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::archive::tests::filing;
    use view::FilingState;

    fn table(rows: &[&[Cell]]) -> String {
        let mut out = Vec::new();
        let mut table = Table::new(&mut out, &["A", "B"]).unwrap();
        rows.iter().for_each(|row| table.row(row).unwrap());
        table.finish().unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_table_is_read_by_a_norwegian_spreadsheet() {
        let written = table(&[
            &[Cell::text("a;b \"c\""), Cell::Digits("00123456789012345678".into())],
            &[Cell::Amount("-1000.50".parse().unwrap()), Cell::Empty],
            &[Cell::Ore(-5), Cell::Ore(i64::MIN)],
        ]);
        assert_eq!(
            written,
            "\u{feff}A;B\r\n\"a;b \"\"c\"\"\";\"=\"\"00123456789012345678\"\"\"\r\n-1000,5;\r\n-0,05;-92233720368547758,08\r\n"
        );
    }

    #[test]
    fn nothing_from_outside_becomes_a_formula() {
        for evil in shown::cell::FORMULAS {
            for cell in [Cell::text(evil), Cell::Digits(evil.into())] {
                let field = cell.written();
                assert!(field.starts_with('\'') || cell.written() == "=\"-2\"", "{evil:?} becomes {field:?}");
            }
        }
        assert_eq!(Cell::text("Fjordlys Interiør AS").written(), "Fjordlys Interiør AS");
        assert_eq!(Cell::text("Hansen\nSønn").written(), "Hansen Sønn");
        assert_eq!(Cell::Digits("1234567-".into()).written(), "=\"1234567-\"");
        assert_eq!(Cell::Digits("1);HYPERLINK(".into()).written(), "1);HYPERLINK(");
    }

    #[test]
    fn only_what_is_owed_can_be_paid() {
        let payment = Payment {
            amount: 100.into(),
            kid: vat_return::PaymentKid::new("0311797816202605"),
            account: Some("12345678903".into()),
            due: None,
        };
        let of = |environment, state| {
            let mut filing = filing("one");
            filing.subject.environment = environment;
            filing.state = state;
            filing.payment = Some(payment.clone());
            let payable = Payable::of(&filing);
            [payable.kid(Language::Nb), payable.account(Language::Nb), payable.amount()].map(|cell| cell.written())
        };
        let owed = ["=\"0311797816202605\"", "=\"12345678903\"", "100"];
        assert_eq!(of(EnvironmentName::Production, FilingState::Received), owed);
        assert_eq!(of(EnvironmentName::Production, FilingState::WaitingAnswer), ["", "", ""]);
        assert_eq!(of(EnvironmentName::Production, FilingState::Refused), ["", "", ""]);
        let practice = ["ØVING, ingen KID", "ØVING, ingen konto", "100"];
        assert_eq!(of(EnvironmentName::Practice, FilingState::Received), practice);
        assert_eq!(of(EnvironmentName::Test, FilingState::Received), ["TEST, ingen KID", "TEST, ingen konto", "100"]);
    }
}
