//! SAF-T files of a few lines, for tests.
#![allow(dead_code, reason = "every test file uses some of it")]

use books::{Answers, Draft, Request, Span, draft};
use saf_t::{File, Ledger, Limits, Refusal, Source, read_delivery};
use std::fmt::Write as _;
use std::io::Cursor;
use std::ops::ControlFlow;

pub(crate) const NAMESPACE: &str = "urn:StandardAuditFile-Taxation-Financial:NO";

/// What a file says beside its vouchers. Rows of the tax table are `own:standard:rate` with `:share` after it; `!` before
/// the standard code is compensation.
pub(crate) struct Book {
    pub(crate) version: &'static str,
    pub(crate) currency: &'static str,
    pub(crate) selection: String,
    pub(crate) table: Vec<String>,
    pub(crate) accounts: Vec<(String, String, String)>,
    pub(crate) vouchers: String,
    pub(crate) number: usize,
    pub(crate) header: String,
    pub(crate) extra_rows: String,
}

pub(crate) fn book() -> Book {
    let table = [
        "3:3:25",
        "31:31:15",
        "5:5:0",
        "6:6:0",
        "52:52:0",
        "1:1:25",
        "11:11:15",
        "14:14:25",
        "81:81:25",
        "82:82:25",
        "86:86:25",
        "87:87:25",
        "85:85:0",
        "21:21:25",
        "NA:NA:25",
        "K1:!1:25",
        "K86:!86:25",
        "D:1:25:60",
        "D86:86:25:50",
    ];
    let accounts = [
        ("1500", "Kundefordringer"),
        ("1580", "Avsetning tap på fordringer"),
        ("1650", "Mva-kompensasjon"),
        ("1920", "Bank"),
        ("2064", "Privatuttak"),
        ("2400", "Leverandørgjeld"),
        ("2700", "Utgående mva 25 %"),
        ("2701", "Utgående mva 15 %"),
        ("2704", "Utgående mva tjenester fra utlandet"),
        ("2710", "Inngående mva 25 %"),
        ("2711", "Inngående mva 15 %"),
        ("2714", "Inngående mva tjenester fra utlandet"),
        ("2740", "Oppgjørskonto mva"),
        ("3000", "Salg"),
        ("3120", "Salg fritatt"),
        ("4300", "Varekjøp"),
        ("6790", "Fremmedtjeneste"),
        ("7786", "Grunnlag tjenester"),
        ("7787", "Grunnlag tjenester, motkonto"),
        ("7770", "Øreavrunding"),
        ("7830", "Tap på fordringer"),
    ];
    Book {
        version: "1.30",
        currency: "NOK",
        selection: "<SelectionStartDate>2025-01-01</SelectionStartDate><SelectionEndDate>2025-12-31</SelectionEndDate>"
            .to_owned(),
        table: table.map(str::to_owned).to_vec(),
        accounts: accounts.map(|(id, name)| (id.to_owned(), name.to_owned(), String::new())).to_vec(),
        vouchers: String::new(),
        number: 0,
        header: "<Company><RegistrationNumber>999999999</RegistrationNumber><Name>Hamna Rør AS</Name></Company>"
            .to_owned(),
        extra_rows: String::new(),
    }
}

/// A line: account, debit minus credit, and what it says of tax: `code base amount`, each but the code may be left out.
pub(crate) fn line(account: &str, amount: &str, tax: &str) -> String {
    lines(account, amount, if tax.is_empty() { &[] } else { std::slice::from_ref(&tax) })
}

pub(crate) fn lines(account: &str, amount: &str, taxes: &[&str]) -> String {
    let (side, amount) = amount.strip_prefix('-').map_or(("Debit", amount), |amount| ("Credit", amount));
    let mut xml = format!(
        "<Line><RecordID>1</RecordID><AccountID>{account}</AccountID><Description>x</Description>\
         <{side}Amount><Amount>{amount}</Amount></{side}Amount>"
    );
    for tax in taxes {
        let parts: Vec<&str> = tax.split(' ').collect();
        let code = parts[0];
        xml.push_str("<TaxInformation><TaxType>MVA</TaxType>");
        if code != "-" {
            write!(xml, "<TaxCode>{code}</TaxCode>").unwrap();
        }
        if let Some(rate) = parts.get(3) {
            write!(xml, "<TaxPercentage>{rate}</TaxPercentage>").unwrap();
        }
        if let Some(base) = parts.get(1).filter(|base| **base != "-") {
            write!(xml, "<TaxBase>{base}</TaxBase>").unwrap();
        }
        let amount = parts.get(2).copied().unwrap_or("0.00");
        write!(xml, "<{side}TaxAmount><Amount>{amount}</Amount></{side}TaxAmount>").unwrap();
        if let Some(declared) = parts.get(4) {
            write!(xml, "<TaxDeclarationPeriod>{declared}</TaxDeclarationPeriod>").unwrap();
        }
        xml.push_str("</TaxInformation>");
    }
    xml + "</Line>"
}

impl Book {
    /// Adds a voucher of March 2025.
    pub(crate) fn voucher(&mut self, lines: &[String]) -> &mut Self {
        self.on("2025-03-10", "3", "Bilag", lines)
    }

    pub(crate) fn on(&mut self, date: &str, period: &str, text: &str, lines: &[String]) -> &mut Self {
        self.number += 1;
        let number = self.number;
        let year = &date[..4];
        write!(
            self.vouchers,
            "<Transaction><TransactionID>{number}</TransactionID><Period>{period}</Period><PeriodYear>{year}</PeriodYear>\
             <TransactionDate>{date}</TransactionDate><Description>{text}</Description>{}</Transaction>",
            lines.concat()
        )
        .unwrap();
        self
    }

    pub(crate) fn xml(&self) -> String {
        let mut rows = self.extra_rows.clone();
        for row in &self.table {
            let parts: Vec<&str> = row.split(':').collect();
            let (compensation, standard) =
                parts[1].strip_prefix('!').map_or(("", parts[1]), |code| ("<Compensation>true</Compensation>", code));
            write!(
                rows,
                "<TaxCodeDetails><TaxCode>{}</TaxCode><Description>x</Description><TaxPercentage>{}</TaxPercentage><Country>NO</Country>\
                 <StandardTaxCode>{standard}</StandardTaxCode>{compensation}<BaseRate>100</BaseRate>",
                parts[0], parts[2]
            )
            .unwrap();
            if let Some(share) = parts.get(3) {
                write!(rows, "<BaseRate>{share}</BaseRate>").unwrap();
            }
            rows.push_str("</TaxCodeDetails>");
        }
        let table = if rows.is_empty() {
            String::new()
        } else {
            format!("<TaxTable><TaxTableEntry><TaxType>MVA</TaxType>{rows}</TaxTableEntry></TaxTable>")
        };
        let mut accounts = String::new();
        for (id, name, grouping) in &self.accounts {
            let grouping = match grouping.as_str() {
                "" if matches!(id.get(..3), Some("270" | "271" | "274")) => "2740",
                "" => id,
                grouping => grouping,
            };
            write!(
                accounts,
                "<Account><AccountID>{id}</AccountID><AccountDescription>{name}</AccountDescription>\
                 <GroupingCategory>x</GroupingCategory><GroupingCode>{grouping}</GroupingCode></Account>"
            )
            .unwrap();
        }
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><AuditFile xmlns=\"{NAMESPACE}\"><Header>\
             <AuditFileVersion>{}</AuditFileVersion><AuditFileCountry>NO</AuditFileCountry>{}\
             <DefaultCurrencyCode>{}</DefaultCurrencyCode><SelectionCriteria>{}</SelectionCriteria></Header>\
             <MasterFiles><GeneralLedgerAccounts>{accounts}</GeneralLedgerAccounts>{table}</MasterFiles>\
             <GeneralLedgerEntries><Journal><JournalID>1</JournalID>{}</Journal></GeneralLedgerEntries></AuditFile>",
            self.version, self.header, self.currency, self.selection, self.vouchers
        )
    }

    pub(crate) fn ledger(&self) -> Ledger {
        read(&[("a.xml", self.xml().into_bytes())]).unwrap()
    }

    /// The draft for March and April 2025.
    pub(crate) fn draft(&self) -> Draft {
        self.answered(&[])
    }

    pub(crate) fn answered(&self, answers: &[(&str, &str)]) -> Draft {
        let answers: Answers = answers.iter().map(|(id, answer)| ((*id).to_owned(), (*answer).to_owned())).collect();
        draft(&self.ledger(), &Request { period: Some(march_april()), answers, ..Request::default() })
    }
}

pub(crate) fn march_april() -> Span {
    Span { from: "2025-03-01".parse().unwrap(), to: "2025-04-30".parse().unwrap() }
}

/// The same file with its header behind everything else.
pub(crate) fn header_last(xml: &str) -> String {
    let (begin, end) = (xml.find("<Header>").unwrap(), xml.find("</Header>").unwrap() + "</Header>".len());
    let (header, rest) = (&xml[begin..end], xml[end..].replace("</AuditFile>", ""));
    format!("{}{rest}{header}</AuditFile>", &xml[..begin])
}

pub(crate) fn read(files: &[(&str, Vec<u8>)]) -> Result<Ledger, Refusal> {
    read_within(files, &Limits::default())
}

pub(crate) fn read_within(files: &[(&str, Vec<u8>)], limits: &Limits) -> Result<Ledger, Refusal> {
    let mut open: Vec<(String, Cursor<Vec<u8>>)> =
        files.iter().map(|(name, bytes)| ((*name).to_owned(), Cursor::new(bytes.clone()))).collect();
    let mut files: Vec<File<'_>> =
        open.iter_mut().map(|(name, file)| File { name: name.clone(), source: file as &mut dyn Source }).collect();
    read_delivery(&mut files, limits, &mut |_| ControlFlow::Continue(()))
}

/// The lines as `code base rate vat`, in øre.
pub(crate) fn shown(draft: &Draft) -> Vec<String> {
    draft
        .lines
        .iter()
        .map(|line| {
            let specification = line.key.specification.map(|it| format!(" {}", it.xml())).unwrap_or_default();
            match line.base_ore {
                Some(base) => {
                    format!("{}{specification} {base} {} {}", line.key.code, line.key.rate.written(), line.vat_ore)
                }
                None => format!("{}{specification} {}", line.key.code, line.vat_ore),
            }
        })
        .collect()
}

/// The kinds of question that are open.
pub(crate) fn asked(draft: &Draft) -> Vec<&'static str> {
    let mut kinds: Vec<&str> = draft.questions.iter().map(|question| question.kind.name()).collect();
    kinds.dedup();
    kinds
}
