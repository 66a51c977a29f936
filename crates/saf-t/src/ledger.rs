//! All vouchers of a delivery, compactly: six bytes a line, sixteen more for what it says of tax, sixteen a voucher and its
//! number.

use crate::compact::{Amounts, Indices, Once};
use crate::error::{Problem, Refusal};
use crate::hints::Hints;
use crate::limits::{Limits, company_digits, is_wanted};
use crate::number::Rate;
use crate::oddity::Oddity;
use crate::part::Part;
use crate::scan::Scanned;
use crate::version::Version;
use crate::voucher::{Account, Header, Sink, TaxRow, Voucher};
use jiff::civil::Date;
use std::collections::HashMap;
use std::ops::Range;

mod repeated;

/// One file of the delivery.
#[derive(Debug, Clone)]
pub struct FileFacts {
    /// Its name, with the path within a zip.
    pub name: String,
    /// Its header.
    pub header: Header,
    /// Its version, by structure.
    pub version: Version,
    /// Which part of a split set its name says it is.
    pub part: Option<Part>,
    /// Vouchers in it.
    pub entries: u64,
    /// Bytes of XML.
    pub bytes: u64,
}

/// An own code of the accounting system, with the rows that the tax table has for it.
#[derive(Debug, Clone, Default)]
pub struct OwnCode {
    /// As written.
    pub text: String,
    /// Rows of the tax table, each once.
    pub rows: Vec<TaxRow>,
}

/// What is said of a voucher beside its number and its lines. Many have the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct VoucherRow {
    /// `TransactionDate`.
    pub date: Date,
    /// `Period`, if it can be read.
    pub period: Option<u16>,
    /// `PeriodYear`.
    pub period_year: i16,
    /// Index of the file.
    pub file: u16,
    /// Index of the journal.
    pub journal: u32,
    /// What its text hints at.
    pub hints: Hints,
}

/// Where a voucher is found.
#[derive(Debug, Clone, Copy)]
struct At {
    row: u32,
    number: u32,
    first_line: u32,
    first_tax: u32,
}

/// What a line says of tax.
#[derive(Debug, Clone, Copy)]
pub struct TaxLine {
    /// `TaxBase` in øre, 0 where there is none.
    pub base: i64,
    /// The amount of tax in øre, 0 where there is none: the two cannot be told apart (facts, section 1).
    pub amount: i64,
    /// Index of the line among all lines.
    pub line: u32,
    /// What the line's text hints at.
    pub hints: Hints,
    said: Said,
}

/// What is said of tax beside the amounts. Many lines say the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Said {
    code: u32,
    rate: i32,
    declared: u16,
    hints: Hints,
    credit: bool,
}

/// A line of tax as it is kept: the line it belongs to, and what it says.
#[derive(Debug, Clone, Copy)]
struct Kept {
    line: u32,
    said: u32,
}

const NONE: u32 = u32::MAX;
/// Places for accounts that come often.
const OFTEN: usize = 256;
const NO_RATE: i32 = i32::MIN;
const NOT_DECLARED: u16 = u16::MAX;

impl TaxLine {
    /// Index of the own code.
    pub fn code(&self) -> Option<usize> {
        (self.said.code != NONE).then_some(self.said.code as usize)
    }

    /// `TaxPercentage`.
    pub fn rate(&self) -> Option<Rate> {
        (self.said.rate != NO_RATE).then_some(Rate::of_parts(self.said.rate))
    }

    /// Index of the text of `TaxDeclarationPeriod`.
    pub fn declared(&self) -> Option<usize> {
        (self.said.declared != NOT_DECLARED).then_some(usize::from(self.said.declared))
    }

    /// Whether its line stands on the credit side.
    pub fn is_credit(&self) -> bool {
        self.said.credit
    }
}

/// What there is in kroner, where the books are kept in another currency (facts, section 6).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Kroner {
    /// VAT: `NOKAmount`, else the currency amount of the tax in NOK.
    pub vat: Option<i64>,
    /// Base: `NOKTaxBase`.
    pub base: Option<i64>,
    /// The line's own currency amount in NOK, without sign.
    pub line: Option<i64>,
}

/// A delivery's vouchers and what belongs to them.
#[derive(Debug, Default)]
pub struct Ledger {
    /// The files, as they were read.
    pub files: Vec<FileFacts>,
    /// Accounts: those of the chart and those that only lines have.
    pub accounts: Vec<Account>,
    /// Own codes: those of the table and those that only lines have.
    pub codes: Vec<OwnCode>,
    /// Texts of `TaxDeclarationPeriod`.
    pub declared: Vec<String>,
    /// Journals.
    pub journals: Vec<String>,
    /// Vouchers that are the same as one before them, in the same file: (the later, the earlier).
    pub repeated: Vec<(u32, u32)>,
    /// What was odd.
    pub oddities: Vec<Oddity>,
    vouchers: Vec<At>,
    rows: Once<VoucherRow>,
    numbers: String,
    line_accounts: Indices,
    line_amounts: Amounts,
    taxes: Vec<Kept>,
    tax_bases: Amounts,
    tax_amounts: Amounts,
    said: Once<Said>,
    kroner: HashMap<u32, Kroner>,
}

/// The vouchers of a ledger, by index.
pub type Vouchers = Range<usize>;

impl Ledger {
    /// How many vouchers there are.
    pub fn len(&self) -> usize {
        self.vouchers.len()
    }

    /// Whether there is no voucher.
    pub fn is_empty(&self) -> bool {
        self.vouchers.is_empty()
    }

    /// How many lines there are.
    pub fn line_count(&self) -> usize {
        self.line_accounts.len()
    }

    /// How many lines of tax there are.
    pub fn tax_count(&self) -> usize {
        self.taxes.len()
    }

    /// The vouchers, in the order in which they were read.
    pub fn vouchers(&self) -> impl Iterator<Item = (usize, &VoucherRow)> {
        self.vouchers.iter().filter_map(|at| self.rows.get(at.row)).enumerate()
    }

    /// A voucher.
    pub fn voucher(&self, index: usize) -> Option<&VoucherRow> {
        self.rows.get(self.vouchers.get(index)?.row)
    }

    /// A voucher's number.
    pub fn number(&self, index: usize) -> &str {
        let from = self.vouchers.get(index).map_or(0, |row| row.number as usize);
        let to = self.vouchers.get(index + 1).map_or(self.numbers.len(), |row| row.number as usize);
        self.numbers.get(from..to).unwrap_or_default()
    }

    /// Indices of a voucher's lines.
    pub fn lines_of(&self, index: usize) -> Range<usize> {
        let from = self.vouchers.get(index).map_or(0, |row| row.first_line as usize);
        let to = self.vouchers.get(index + 1).map_or(self.line_accounts.len(), |row| row.first_line as usize);
        from..to
    }

    /// Indices of what a voucher's lines say of tax.
    pub fn taxes_of(&self, index: usize) -> Range<usize> {
        let from = self.vouchers.get(index).map_or(0, |row| row.first_tax as usize);
        let to = self.vouchers.get(index + 1).map_or(self.taxes.len(), |row| row.first_tax as usize);
        from..to
    }

    /// A line's account, and debit minus credit in øre.
    pub fn line(&self, line: usize) -> (usize, i64) {
        (self.line_accounts.get(line).unwrap_or(usize::MAX), self.line_amounts.get(line).unwrap_or(0))
    }

    /// What a line says of tax.
    pub fn tax(&self, index: usize) -> Option<TaxLine> {
        let kept = self.taxes.get(index)?;
        let said = *self.said.get(kept.said)?;
        Some(TaxLine {
            base: self.tax_bases.get(index)?,
            amount: self.tax_amounts.get(index)?,
            line: kept.line,
            hints: said.hints,
            said,
        })
    }

    /// What there is of it in kroner, in books of another currency.
    pub fn kroner(&self, tax: usize) -> Kroner {
        u32::try_from(tax).ok().and_then(|tax| self.kroner.get(&tax)).copied().unwrap_or_default()
    }

    /// The currency of the books, in capitals; NOK where the header says none.
    pub fn currency(&self) -> String {
        let said = self.files.iter().map(|file| file.header.currency.trim()).find(|currency| !currency.is_empty());
        said.map_or_else(|| "NOK".to_owned(), str::to_ascii_uppercase)
    }

    /// The highest version among the files.
    pub fn version(&self) -> Option<Version> {
        self.files.iter().map(|file| file.version).max()
    }
}

/// Fills a ledger.
#[derive(Default)]
pub(crate) struct Builder {
    pub(crate) ledger: Ledger,
    accounts: HashMap<String, u32>,
    often: Vec<u32>,
    codes: HashMap<String, u32>,
    declared: HashMap<String, u16>,
    journals: HashMap<String, u32>,
    journal: u32,
    header: Option<Header>,
    /// Something of the file was taken in before its header was read.
    early: bool,
    only: Option<String>,
    joint: bool,
    foreign: bool,
    debit: i128,
    credit: i128,
}

impl Builder {
    /// For files within these limits.
    pub(crate) fn new(limits: &Limits) -> Self {
        Self { only: limits.company.clone(), joint: limits.joint, often: vec![NONE; OFTEN], ..Self::default() }
    }

    /// A file begins.
    pub(crate) fn begin(&mut self) {
        self.journal = NONE;
        self.header = None;
        self.early = false;
        self.debit = 0;
        self.credit = 0;
    }

    /// A file has ended well.
    pub(crate) fn end(&mut self, name: &str, scanned: Scanned) {
        let header = self.header.take().unwrap_or_default();
        let version = Version::of(&scanned.structure, header.version.trim());
        let odd = &mut self.ledger.oddities;
        for oddity in scanned.oddities {
            Oddity::note(odd, oddity);
        }
        if Version::said(header.version.trim()) != Some(version) {
            Oddity::note(odd, Oddity::Version { said: header.version.clone(), is: version.text() });
        }
        let totals = [
            scanned.said_entries.is_none_or(|said| said == scanned.entries),
            scanned.said_debit.is_none_or(|said| i128::from(said) == self.debit),
            scanned.said_credit.is_none_or(|said| i128::from(said) == self.credit),
        ];
        if totals.contains(&false) {
            Oddity::note(odd, Oddity::Totals { file: name.to_owned() });
        }
        if let Some(first) = self.ledger.files.first()
            && !first.header.currency.trim().eq_ignore_ascii_case(header.currency.trim())
        {
            Oddity::note(odd, Oddity::Currencies);
        }
        self.ledger.files.push(FileFacts {
            name: name.to_owned(),
            header,
            version,
            part: Part::of_name(name),
            entries: scanned.entries,
            bytes: scanned.bytes,
        });
    }

    /// All files are read.
    ///
    /// # Errors
    /// When files are of different companies, or hold the same voucher.
    pub(crate) fn finish(mut self) -> Result<Ledger, Refusal> {
        self.repeated()?;
        self.ledger.repeated.sort_unstable();
        self.ledger.rows.finish();
        self.ledger.said.finish();
        Ok(self.ledger)
    }

    fn account_index(&mut self, id: &str) -> Result<u32, Problem> {
        // A few accounts have most of the lines: they are found by their last characters, and looked at again.
        let ending = id.bytes().rev().take(3).fold(0_usize, |ending, byte| ending * 7 + usize::from(byte));
        let place = ending % OFTEN;
        if let Some(often) = self.often.get(place)
            && self.ledger.accounts.get(*often as usize).is_some_and(|account| account.id == id)
        {
            return Ok(*often);
        }
        let index = self.account_anywhere(id)?;
        if let Some(often) = self.often.get_mut(place) {
            *often = index;
        }
        Ok(index)
    }

    fn account_anywhere(&mut self, id: &str) -> Result<u32, Problem> {
        if let Some(index) = self.accounts.get(id) {
            return Ok(*index);
        }
        let index = u32::try_from(self.ledger.accounts.len()).map_err(|_| Problem::TooMuch)?;
        self.ledger.accounts.push(Account { id: id.to_owned(), ..Account::default() });
        self.accounts.insert(id.to_owned(), index);
        Ok(index)
    }

    fn code_index(&mut self, text: &str) -> u32 {
        if let Some(index) = self.codes.get(text) {
            return *index;
        }
        let index = u32::try_from(self.ledger.codes.len()).unwrap_or(NONE);
        self.ledger.codes.push(OwnCode { text: text.to_owned(), rows: Vec::new() });
        self.codes.insert(text.to_owned(), index);
        index
    }

    fn declared_index(&mut self, text: &str) -> u16 {
        if let Some(index) = self.declared.get(text) {
            return *index;
        }
        // Beyond that many they are no periods.
        let index = u16::try_from(self.ledger.declared.len()).unwrap_or(NOT_DECLARED);
        if index != NOT_DECLARED {
            self.ledger.declared.push(text.to_owned());
            self.declared.insert(text.to_owned(), index);
        }
        index
    }
}

impl Sink for Builder {
    fn header(&mut self, header: &Header) -> Result<(), Problem> {
        if let Err(other) = is_wanted(header, self.only.as_deref()) {
            return Err(match (&self.only, company_digits(header)) {
                // It cannot be passed over any more.
                (Some(only), Some(number)) if self.early => Problem::DifferentCompanies(only.clone(), number),
                _ => other,
            });
        }
        let currency = header.currency.trim();
        self.foreign = !currency.is_empty() && !currency.eq_ignore_ascii_case("NOK");
        let number = company_digits(header);
        let before = self.ledger.files.iter().filter_map(|file| company_digits(&file.header)).next();
        if let (Some(number), Some(before)) = (&number, before)
            && *number != before
            && !self.joint
        {
            return Err(Problem::DifferentCompanies(before, number.clone()));
        }
        self.header = Some(header.clone());
        Ok(())
    }

    fn account(&mut self, account: Account) {
        self.early |= self.header.is_none();
        let Ok(index) = self.account_index(&account.id) else { return };
        if let Some(known) = self.ledger.accounts.get_mut(index as usize) {
            // In a split set one part may have the chart and another half of it.
            let fill = |known: &mut String, new: String| {
                if known.is_empty() {
                    *known = new;
                }
            };
            fill(&mut known.name, account.name);
            fill(&mut known.standard, account.standard);
            fill(&mut known.category, account.category);
            fill(&mut known.grouping, account.grouping);
        }
    }

    fn tax_row(&mut self, row: TaxRow) {
        self.early |= self.header.is_none();
        let index = self.code_index(&row.code);
        if let Some(code) = self.ledger.codes.get_mut(index as usize)
            && !code.rows.contains(&row)
        {
            code.rows.push(row);
        }
    }

    fn journal(&mut self, id: &str) {
        self.journal = match self.journals.get(id) {
            Some(index) => *index,
            None => {
                let index = u32::try_from(self.ledger.journals.len()).unwrap_or(NONE);
                self.ledger.journals.push(id.to_owned());
                self.journals.insert(id.to_owned(), index);
                index
            }
        };
    }

    fn voucher(&mut self, voucher: &Voucher) -> Result<(), Problem> {
        self.early |= self.header.is_none();
        let count = |length: usize| u32::try_from(length).map_err(|_| Problem::TooMuch);
        let Some(date) = voucher.date else { return Ok(()) };
        let row = VoucherRow {
            date,
            period: voucher.period,
            period_year: voucher.period_year.unwrap_or(i16::MIN),
            file: u16::try_from(self.ledger.files.len()).map_err(|_| Problem::TooMuch)?,
            journal: self.journal,
            hints: Hints::of(&voucher.text),
        };
        let at = At {
            row: self.ledger.rows.index(row).ok_or(Problem::TooMuch)?,
            number: count(self.ledger.numbers.len())?,
            first_line: count(self.ledger.line_accounts.len())?,
            first_tax: count(self.ledger.taxes.len())?,
        };
        self.ledger.numbers.push_str(&voucher.number);
        self.ledger.vouchers.push(at);
        for line in &voucher.lines {
            let account = self.account_index(voucher.words(&line.account))?;
            let at = count(self.ledger.line_accounts.len())?;
            let net = line.net();
            self.debit += i128::from(line.debit.map_or(0, |money| money.amount));
            self.credit += i128::from(line.credit.map_or(0, |money| money.amount));
            self.ledger.line_accounts.push(account);
            self.ledger.line_amounts.push(net);
            for tax in voucher.taxes.get(line.taxes.start as usize..line.taxes.end as usize).unwrap_or_default() {
                let code = match &tax.code {
                    Some(code) => self.code_index(voucher.words(code)),
                    None => NONE,
                };
                let declared = match &tax.declared {
                    Some(text) => self.declared_index(voucher.words(text)),
                    None => NOT_DECLARED,
                };
                // Until the header has been read nobody knows: it may stand last.
                if self.foreign || self.header.is_none() {
                    let kroner = Kroner {
                        vat: tax.nok.or_else(|| tax.amount.and_then(|amount| amount.nok)),
                        base: tax.nok_base,
                        line: line.net_nok().map(|nok| nok.saturating_abs()),
                    };
                    self.kroner_of(kroner)?;
                }
                let amount = tax.amount.map_or(0, |amount| amount.amount);
                let said = Said {
                    code,
                    rate: tax.rate.map_or(NO_RATE, Rate::parts),
                    declared,
                    hints: Hints::of(voucher.words(&line.text)),
                    credit: line.is_credit(),
                };
                let said = self.ledger.said.index(said).ok_or(Problem::TooMuch)?;
                self.ledger.taxes.push(Kept { line: at, said });
                self.ledger.tax_bases.push(tax.base.unwrap_or(0));
                self.ledger.tax_amounts.push(amount);
            }
        }
        Ok(())
    }
}

impl Builder {
    fn kroner_of(&mut self, kroner: Kroner) -> Result<(), Problem> {
        if kroner != Kroner::default() {
            let tax = u32::try_from(self.ledger.taxes.len()).map_err(|_| Problem::TooMuch)?;
            self.ledger.kroner.insert(tax, kroner);
        }
        Ok(())
    }
}
