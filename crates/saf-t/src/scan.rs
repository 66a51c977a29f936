//! The streaming reader: XML events to vouchers, with nothing kept but the voucher at hand.

use crate::day::day;
use crate::error::{Place, Problem};
use crate::input::Input;
use crate::names::{At, Value, below};
use crate::namespaces::{NAMESPACE, Namespaces, namespace_of, other_saft};
use crate::number::{NumberError, Rate, ore, rounded_ore, trimmed};
use crate::oddity::Oddity;
use crate::voucher::{Account, Header, Line, Money, Sink, Span, Tax, TaxRow, Voucher};
use quick_xml::events::{BytesRef, BytesStart, Event};
use std::io::Read;

/// Elements within elements. The schema has a dozen.
const DEEPEST: usize = 64;

/// What one file said beside its vouchers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scanned {
    /// Lines of tax in the structure of 1.20, of 1.30 and 1.40, and of what only 1.40 has.
    pub structure: Structure,
    /// `NumberOfEntries`.
    pub said_entries: Option<u64>,
    /// `TotalDebit`.
    pub said_debit: Option<i64>,
    /// `TotalCredit`.
    pub said_credit: Option<i64>,
    /// Vouchers that were read.
    pub entries: u64,
    /// What was odd, each kind once with a count.
    pub oddities: Vec<Oddity>,
    /// Bytes of XML.
    pub bytes: u64,
}

/// By what the version is known (facts, section 1).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Structure {
    /// `TaxAmount`.
    pub v1_20: u64,
    /// `DebitTaxAmount` or `CreditTaxAmount`.
    pub v1_30: u64,
    /// NOK amounts of tax, virtual currencies or countries in amounts.
    pub v1_40: u64,
    /// There is a `StandardAccountID`, which 1.30 took away.
    pub standard_accounts: bool,
}

/// Reads one file and hands on what it says.
///
/// # Errors
/// [`Problem`] at the first thing that cannot be read past.
pub fn scan(input: impl Read, sink: &mut dyn Sink) -> Result<Scanned, Problem> {
    let mut scanner = Scanner {
        sink,
        scanned: Scanned::default(),
        stack: Vec::with_capacity(16),
        at: At::Document,
        skipped: 0,
        text: String::new(),
        header: Header::default(),
        account: Account::default(),
        row: TaxRow::default(),
        party: (String::new(), String::new()),
        voucher: Voucher::default(),
        line: Line::default(),
        tax: Tax::default(),
        money: Amounts::default(),
        namespaces: Namespaces::default(),
        headers: 0,
        last_voucher: None,
        in_voucher: false,
    };
    let mut xml = quick_xml::Reader::from_reader(Input::new(input));
    xml.config_mut().expand_empty_elements = true;
    match scanner.run(&mut xml) {
        Ok(()) => {
            let facts = xml.get_ref().facts;
            if facts.guessed || facts.misdeclared {
                scanner.odd(Oddity::Encoding { guessed: facts.guessed });
            }
            scanner.scanned.bytes = xml.get_ref().taken;
            Ok(scanner.scanned)
        }
        Err(problem) => Err(problem),
    }
}

type Xml<R> = quick_xml::Reader<Input<R>>;

#[derive(Default)]
struct Amounts {
    amount: Option<i64>,
    is_nok: bool,
    currency_amount: Option<i64>,
    /// There is a currency amount that is none.
    unreadable: bool,
}

struct Scanner<'a> {
    sink: &'a mut dyn Sink,
    scanned: Scanned,
    stack: Vec<At>,
    at: At,
    /// Elements open below a skipped one.
    skipped: usize,
    text: String,
    header: Header,
    account: Account,
    row: TaxRow,
    party: (String, String),
    voucher: Voucher,
    line: Line,
    tax: Tax,
    money: Amounts,
    namespaces: Namespaces,
    headers: u32,
    last_voucher: Option<String>,
    in_voucher: bool,
}

impl Scanner<'_> {
    fn run<R: Read>(&mut self, xml: &mut Xml<R>) -> Result<(), Problem> {
        let beginning = xml.get_mut().beginning()?;
        if beginning.is_empty() {
            return Err(Problem::Empty);
        }
        if !beginning.trim_start().starts_with('<') {
            return Err(Problem::NotSaft(beginning));
        }
        let mut buffer = Vec::with_capacity(4096);
        let mut seen_root = false;
        loop {
            buffer.clear();
            xml.get_mut().begin_event();
            match xml.read_event_into(&mut buffer) {
                Ok(Event::Start(tag)) => {
                    if self.at == At::Skipped {
                        self.skipped += 1;
                        if self.skipped > DEEPEST {
                            return Err(Problem::TooLarge(self.place(xml), "elements within elements"));
                        }
                        continue;
                    }
                    if self.at == At::Document {
                        if seen_root {
                            let what = "there is more after the end of AuditFile".to_owned();
                            return Err(Problem::NotWellFormed(self.place(xml), what));
                        }
                        seen_root = true;
                        self.root(&tag)?;
                    }
                    self.open(&tag, xml)?;
                }
                Ok(Event::End(_)) => {
                    if self.skipped > 0 {
                        self.skipped -= 1;
                    } else {
                        self.close(xml)?;
                    }
                }
                Ok(Event::Text(text)) => match self.at {
                    At::Value(_) => self.text.push_str(&text),
                    At::Document if !text.trim_matches([' ', '\t', '\r', '\n', '\u{feff}']).is_empty() => {
                        return Err(Problem::NotWellFormed(self.place(xml), "text outside the root".to_owned()));
                    }
                    _ => {}
                },
                Ok(Event::CData(text)) => {
                    if matches!(self.at, At::Value(_)) {
                        self.text.push_str(&text);
                    }
                }
                Ok(Event::GeneralRef(reference)) => self.reference(&reference, xml)?,
                Ok(Event::DocType(_)) => return Err(Problem::Doctype(self.place(xml))),
                Ok(Event::Eof) => break,
                Ok(_) => {}
                Err(error) => return Err(self.broken(error, xml)),
            }
        }
        if self.at != At::Document || self.skipped > 0 {
            return Err(Problem::Truncated(self.place(xml)));
        }
        if !seen_root {
            return Err(Problem::NotSaft(beginning));
        }
        Ok(())
    }

    fn place<R: Read>(&self, xml: &Xml<R>) -> Place {
        let voucher = match self.in_voucher && !self.voucher.number.is_empty() {
            true => Some(self.voucher.number.clone()),
            false => self.last_voucher.clone(),
        };
        Place { line: xml.get_ref().line(), voucher }
    }

    fn broken<R: Read>(&self, error: quick_xml::Error, xml: &Xml<R>) -> Problem {
        let place = self.place(xml);
        match error {
            quick_xml::Error::Io(error) if error.kind() == std::io::ErrorKind::FileTooLarge => {
                Problem::TooLarge(place, "one value")
            }
            quick_xml::Error::Io(error) => Problem::Io(std::io::Error::new(error.kind(), error.to_string())),
            quick_xml::Error::Syntax(_) if xml.get_ref().is_at_end() => Problem::Truncated(place),
            quick_xml::Error::Syntax(_) if self.stack.is_empty() && self.at == At::Document => {
                Problem::NotSaft("<".to_owned())
            }
            error => Problem::NotWellFormed(place, error.to_string()),
        }
    }

    /// Which file this is.
    fn root(&mut self, tag: &BytesStart<'_>) -> Result<(), Problem> {
        let name = tag.name().into_inner().to_owned();
        let (prefix, local) = name.split_once(':').unwrap_or(("", &name));
        self.namespaces.declare(0, tag, true);
        let namespace = namespace_of(prefix, tag).unwrap_or_default();
        match local {
            "AuditFile" => {}
            // The cash register's root is written in small letters.
            "auditfile" => return Err(Problem::NotFinancial(namespace)),
            // Poland's SAF-T.
            "JPK" => return Err(Problem::OtherCountry("PL".to_owned())),
            _ => return Err(Problem::NotSaft(format!("<{name}"))),
        }
        let namespace = namespace.trim();
        if namespace.is_empty() {
            self.namespaces.none = true;
            self.odd(Oddity::NoNamespace);
        } else if namespace != NAMESPACE {
            return Err(other_saft(namespace));
        }
        Ok(())
    }

    fn open<R: Read>(&mut self, tag: &BytesStart<'_>, xml: &Xml<R>) -> Result<(), Problem> {
        let name = tag.name();
        let name: &str = name.into_inner();
        // Attributes are rare, declarations rarer.
        if tag.len() > name.len() && !self.stack.is_empty() {
            self.namespaces.declare(self.stack.len(), tag, false);
        }
        // A name that is known has no prefix.
        let mut next = if self.namespaces.is_ours("") { below(self.at, name) } else { At::Skipped };
        if next == At::Skipped
            && let Some((prefix, local)) = name.split_once(':')
            && self.namespaces.is_ours(prefix)
        {
            next = below(self.at, local);
        }
        self.stack.push(self.at);
        self.at = next;
        match next {
            At::Value(_) => self.text.clear(),
            At::Line => {
                let at = length(&self.voucher.taxes);
                self.line = Line { taxes: at..at, ..Line::default() };
            }
            At::Debit | At::Credit | At::TaxAmount | At::DebitTax | At::CreditTax => self.money = Amounts::default(),
            At::Tax => self.tax = Tax::default(),
            At::NokTax => self.scanned.structure.v1_40 += 1,
            At::Transaction => {
                self.voucher.clear();
                self.in_voucher = true;
            }
            At::Account => self.account = Account::default(),
            At::TaxDetails => self.row = TaxRow::default(),
            At::Customer | At::Supplier => {
                self.party.0.clear();
                self.party.1.clear();
            }
            At::Header => {
                self.headers += 1;
                if self.headers > 1 {
                    let what = "there are two headers".to_owned();
                    return Err(Problem::NotWellFormed(self.place(xml), what));
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn close<R: Read>(&mut self, xml: &Xml<R>) -> Result<(), Problem> {
        let ended = self.at;
        self.at = self.stack.pop().unwrap_or(At::Document);
        self.namespaces.leave(self.stack.len());
        match ended {
            At::Value(value) => self.value(value, xml)?,
            At::Debit | At::Credit => {
                let money = self.take_money("Amount", xml)?;
                let place = if ended == At::Debit { &mut self.line.debit } else { &mut self.line.credit };
                *place = Some(match *place {
                    Some(before) => Money { amount: before.amount.saturating_add(money.amount), nok: None },
                    None => money,
                });
            }
            At::TaxAmount | At::DebitTax | At::CreditTax => {
                match ended {
                    At::TaxAmount => self.scanned.structure.v1_20 += 1,
                    _ => self.scanned.structure.v1_30 += 1,
                }
                let money = self.take_money("Amount", xml)?;
                self.tax.amount = Some(money);
            }
            At::Tax => {
                self.voucher.taxes.push(std::mem::take(&mut self.tax));
                self.line.taxes.end = length(&self.voucher.taxes);
            }
            At::Line => self.end_line(xml)?,
            At::Transaction => self.end_voucher(xml)?,
            At::Account => self.sink.account(std::mem::take(&mut self.account)),
            At::TaxDetails => self.sink.tax_row(std::mem::take(&mut self.row)),
            At::Customer | At::Supplier => self.sink.party(&self.party.0, &self.party.1),
            At::Header => self.end_header()?,
            At::Root if self.headers == 0 => return Err(Problem::NotSaft("<AuditFile".to_owned())),
            _ => {}
        }
        Ok(())
    }

    fn end_header(&mut self) -> Result<(), Problem> {
        let country = self.header.country.trim();
        if !country.is_empty() && !["NO", "NOR"].iter().any(|name| country.eq_ignore_ascii_case(name)) {
            return Err(Problem::OtherCountry(country.to_owned()));
        }
        self.sink.header(&self.header)
    }

    fn end_line<R: Read>(&mut self, xml: &Xml<R>) -> Result<(), Problem> {
        if self.line.debit.is_some() && self.line.credit.is_some() {
            self.odd(Oddity::DebitAndCredit);
        }
        let (debit, credit) = (self.line.debit.map_or(0, |m| m.amount), self.line.credit.map_or(0, |m| m.amount));
        if debit.checked_sub(credit).is_none() {
            return Err(self.bad_number("Amount", &credit.to_string(), NumberError::TooLarge, xml));
        }
        let line = std::mem::take(&mut self.line);
        self.voucher.lines.push(line);
        if self.voucher.lines.len() > u32::MAX as usize / 2 {
            return Err(Problem::TooMuch);
        }
        Ok(())
    }

    fn end_voucher<R: Read>(&mut self, xml: &Xml<R>) -> Result<(), Problem> {
        if self.voucher.date.is_none() {
            return Err(self.bad_date("TransactionDate", "", xml));
        }
        self.scanned.entries += 1;
        self.sink.voucher(&self.voucher)?;
        self.in_voucher = false;
        match &mut self.last_voucher {
            Some(last) => last.clone_from(&self.voucher.number),
            None => self.last_voucher = Some(self.voucher.number.clone()),
        }
        Ok(())
    }

    fn take_money<R: Read>(&mut self, element: &'static str, xml: &Xml<R>) -> Result<Money, Problem> {
        let money = std::mem::take(&mut self.money);
        let Some(amount) = money.amount else {
            return Err(self.bad_number(element, "", NumberError::Syntax, xml));
        };
        if money.is_nok && money.unreadable {
            self.odd(Oddity::Unreadable { element: "CurrencyAmount" });
        }
        Ok(Money { amount, nok: money.currency_amount.filter(|_| money.is_nok) })
    }

    fn reference<R: Read>(&mut self, reference: &BytesRef<'_>, xml: &Xml<R>) -> Result<(), Problem> {
        let name: &str = reference;
        let character = match name {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "apos" => '\'',
            "quot" => '"',
            _ => {
                let number = name.strip_prefix('#').and_then(|number| match number.strip_prefix('x') {
                    Some(hex) => u32::from_str_radix(hex, 16).ok().filter(|_| !hex.starts_with('+')),
                    None => number.parse().ok().filter(|_| !number.starts_with('+')),
                });
                match number.and_then(char::from_u32).filter(|c| *c >= ' ' || matches!(c, '\t' | '\n' | '\r')) {
                    Some(character) => character,
                    None => return Err(Problem::Entity(self.place(xml), name.chars().take(60).collect())),
                }
            }
        };
        if matches!(self.at, At::Value(_)) {
            self.text.push(character);
        }
        Ok(())
    }

    fn value<R: Read>(&mut self, value: Value, xml: &Xml<R>) -> Result<(), Problem> {
        let text = std::mem::take(&mut self.text);
        let done = self.set(value, trimmed(&text), xml);
        self.text = text;
        done
    }

    fn set<R: Read>(&mut self, value: Value, text: &str, xml: &Xml<R>) -> Result<(), Problem> {
        let header = &mut self.header;
        match value {
            Value::FileVersion => text.clone_into(&mut header.version),
            Value::FileCountry => text.clone_into(&mut header.country),
            Value::FileDate => text.clone_into(&mut header.created),
            Value::SoftwareCompany => text.clone_into(&mut header.software_company),
            Value::Software => text.clone_into(&mut header.software),
            Value::SoftwareVersion => text.clone_into(&mut header.software_version),
            Value::Currency => text.clone_into(&mut header.currency),
            Value::CompanyNumber => {
                if !header.company_number.is_empty() && header.company_number != text && !text.is_empty() {
                    return Err(Problem::TwoCompanies(header.company_number.clone(), text.to_owned()));
                }
                text.clone_into(&mut header.company_number);
            }
            Value::CompanyName => text.clone_into(&mut header.company_name),
            Value::TaxNumber => {
                if header.tax_number.is_empty() {
                    text.clone_into(&mut header.tax_number);
                }
            }
            Value::SelectionStart => self.header.selection.dates.0 = self.optional("SelectionStartDate", text, day),
            Value::SelectionEnd => self.header.selection.dates.1 = self.optional("SelectionEndDate", text, day),
            Value::PeriodStart => self.header.selection.first.0 = self.optional("PeriodStart", text, parsed),
            Value::PeriodStartYear => self.header.selection.first.1 = self.optional("PeriodStartYear", text, parsed),
            Value::PeriodEnd => self.header.selection.last.0 = self.optional("PeriodEnd", text, parsed),
            Value::PeriodEndYear => self.header.selection.last.1 = self.optional("PeriodEndYear", text, parsed),
            Value::AccountId => text.clone_into(&mut self.account.id),
            Value::AccountName => text.clone_into(&mut self.account.name),
            Value::StandardAccount => {
                self.scanned.structure.standard_accounts |= !text.is_empty();
                text.clone_into(&mut self.account.standard);
            }
            Value::GroupingCategory => text.clone_into(&mut self.account.category),
            Value::GroupingCode => text.clone_into(&mut self.account.grouping),
            Value::PartyId => text.clone_into(&mut self.party.0),
            Value::PartyName => text.clone_into(&mut self.party.1),
            Value::TaxCode => text.clone_into(&mut self.row.code),
            Value::EffectiveDate => self.row.from = self.maybe_day("EffectiveDate", text, xml)?,
            Value::ExpirationDate => self.row.to = self.maybe_day("ExpirationDate", text, xml)?,
            Value::TaxName => text.clone_into(&mut self.row.name),
            Value::TaxPercentage => self.row.rate = self.rate(text),
            Value::TaxCountry => text.clone_into(&mut self.row.country),
            Value::StandardCode => text.clone_into(&mut self.row.standard),
            Value::Compensation => {
                self.row.compensation = self.optional("Compensation", text, truth).unwrap_or_default()
            }
            Value::BaseRate => {
                if let Some(share) = self.rate(text) {
                    self.row.shares.push(share);
                }
            }
            Value::NumberOfEntries => self.scanned.said_entries = self.optional("NumberOfEntries", text, parsed),
            Value::TotalDebit => self.scanned.said_debit = self.optional("TotalDebit", text, |text| ore(text).ok()),
            Value::TotalCredit => self.scanned.said_credit = self.optional("TotalCredit", text, |text| ore(text).ok()),
            Value::JournalId => self.sink.journal(text),
            Value::JournalName => {}
            Value::VoucherNumber => text.clone_into(&mut self.voucher.number),
            Value::Period => self.voucher.period = self.optional("Period", text, parsed),
            Value::PeriodYear => self.voucher.period_year = self.optional("PeriodYear", text, parsed),
            Value::VoucherDate => {
                let Some(date) = day(text) else { return Err(self.bad_date("TransactionDate", text, xml)) };
                self.voucher.date = Some(date);
            }
            Value::VoucherText => text.clone_into(&mut self.voucher.text),
            Value::RecordId => self.line.record = self.span(text)?,
            Value::LineAccount => self.line.account = self.span(text)?,
            Value::LineText => self.line.text = self.span(text)?,
            Value::Customer => self.line.customer = self.span(text)?,
            Value::Supplier => self.line.supplier = self.span(text)?,
            Value::Reference => self.line.reference = self.span(text)?,
            Value::Document => self.line.document = self.span(text)?,
            Value::LineCode => self.tax.code = if text.is_empty() { None } else { Some(self.span(text)?) },
            Value::LineRate => self.tax.rate = self.rate(text),
            Value::LineCountry => {}
            Value::LineBase => {
                self.tax.base = match text {
                    "" => None,
                    _ => Some(rounded_ore(text).map_err(|why| self.bad_number("TaxBase", text, why, xml))?),
                };
            }
            Value::DeclaredIn => self.tax.declared = if text.is_empty() { None } else { Some(self.span(text)?) },
            Value::Amount => {
                self.money.amount = Some(ore(text).map_err(|why| self.bad_number("Amount", text, why, xml))?);
            }
            Value::AmountCurrency => self.money.is_nok = text.eq_ignore_ascii_case("NOK"),
            // Up to 38 digits, and needed only where they are kroner: never a reason to stop.
            Value::CurrencyAmount => {
                self.money.currency_amount = rounded_ore(text).ok();
                self.money.unreadable = self.money.currency_amount.is_none() && !text.is_empty();
            }
            Value::Modern => self.scanned.structure.v1_40 += 1,
            Value::NokAmount => {
                self.tax.nok = Some(rounded_ore(text).map_err(|why| self.bad_number("NOKAmount", text, why, xml))?);
            }
            Value::NokBase => {
                self.tax.nok_base =
                    Some(rounded_ore(text).map_err(|why| self.bad_number("NOKTaxBase", text, why, xml))?);
            }
        }
        Ok(())
    }

    fn span(&mut self, text: &str) -> Result<Span, Problem> {
        let words = &mut self.voucher.words;
        let from = u32::try_from(words.len()).map_err(|_| Problem::TooMuch)?;
        words.push_str(text);
        Ok(from..u32::try_from(words.len()).map_err(|_| Problem::TooMuch)?)
    }

    /// A value without which the file can be read: what is written and cannot be understood is noted.
    fn optional<T>(&mut self, element: &'static str, text: &str, read: impl Fn(&str) -> Option<T>) -> Option<T> {
        let value = read(text);
        if value.is_none() && !text.is_empty() {
            self.odd(Oddity::Unreadable { element });
        }
        value
    }

    fn rate(&mut self, text: &str) -> Option<Rate> {
        match Rate::read(text) {
            Ok(rate) => Some(rate),
            Err(_) if text.is_empty() => None,
            Err(_) => {
                self.odd(Oddity::Rate);
                None
            }
        }
    }

    fn maybe_day<R: Read>(
        &self,
        element: &'static str,
        text: &str,
        xml: &Xml<R>,
    ) -> Result<Option<jiff::civil::Date>, Problem> {
        match day(text) {
            None if !text.is_empty() => Err(self.bad_date(element, text, xml)),
            day => Ok(day),
        }
    }

    fn bad_number<R: Read>(&self, element: &'static str, value: &str, why: NumberError, xml: &Xml<R>) -> Problem {
        Problem::BadNumber { place: self.place(xml), element, value: value.chars().take(60).collect(), why }
    }

    fn bad_date<R: Read>(&self, element: &'static str, value: &str, xml: &Xml<R>) -> Problem {
        Problem::BadDate { place: self.place(xml), element, value: value.chars().take(60).collect() }
    }

    fn odd(&mut self, oddity: Oddity) {
        Oddity::note(&mut self.scanned.oddities, oddity);
    }
}

fn parsed<T: std::str::FromStr>(text: &str) -> Option<T> {
    text.parse().ok()
}

/// `xs:boolean`, in any case.
fn truth(text: &str) -> Option<bool> {
    match text {
        "1" => Some(true),
        "0" => Some(false),
        _ if text.eq_ignore_ascii_case("true") => Some(true),
        _ if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

fn length<T>(items: &[T]) -> u32 {
    u32::try_from(items.len()).unwrap_or(u32::MAX)
}
