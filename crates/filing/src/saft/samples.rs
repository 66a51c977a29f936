//! Sample SAF-T files of the practice companies: made here, by a small ledger of each.
//!
//! One agrees with itself, one asks, and one has a difference. Every period was over on 21 November 2026.

use std::fmt::Write as _;

use bytes::Bytes;
use vat_return::Language;

/// A sample SAF-T file.
#[derive(Debug, Clone, Copy)]
pub struct Sample {
    /// Its key.
    pub id: &'static str,
    /// The company it is about.
    pub company: &'static str,
    pub(crate) org_number: &'static str,
    about: &'static str,
    vouchers: fn(&mut Ledger),
}

/// All of them, the simplest first.
pub const SAMPLES: [Sample; 3] = [
    Sample {
        id: "saft-fjordlys",
        company: "Fjordlys Interiør AS",
        org_number: "311797816",
        about: "saft.samples.everythingAgrees",
        vouchers: clean,
    },
    Sample {
        id: "saft-vika",
        company: "Vika Tolketjenester AS",
        org_number: "315203856",
        about: "saft.samples.withQuestionsToAnswer",
        vouchers: asking,
    },
    Sample {
        id: "saft-ronvik",
        company: "Rønvik Arkitektkontor",
        org_number: "311270419",
        about: "saft.samples.returnAndAccountsDisagree",
        vouchers: differing,
    },
];

impl Sample {
    /// What it shows, in a line.
    pub fn about(&self, language: Language) -> &'static str {
        crate::text(language, self.about)
    }

    /// A name as accounting systems give it.
    pub fn file_name(&self) -> String {
        format!("SAF-T Financial_{}_20261110181422_1_1.xml", self.org_number)
    }

    /// The file.
    pub fn bytes(&self) -> Bytes {
        let mut ledger = Ledger::default();
        (self.vouchers)(&mut ledger);
        ledger.written(self.company, self.org_number).into()
    }
}

/// A line of a voucher: account, debit in øre (or credit with a minus), own code and its VAT in øre.
type Entry = (&'static str, i64, Option<(&'static str, i64)>);

#[derive(Default)]
pub(crate) struct Ledger {
    body: String,
    number: u32,
    debit: i64,
    codes: Vec<&'static str>,
}

const ACCOUNTS: [(&str, &str, &str); 16] = [
    ("1230", "Varebiler", "1230"),
    ("1500", "Kundefordringer", "1500"),
    ("1920", "Bank", "1920"),
    ("2400", "Leverandørgjeld", "2400"),
    ("2700", "Utgående mva, høy sats", "2740"),
    ("2701", "Utgående mva, middels sats", "2740"),
    ("2710", "Inngående mva, høy sats", "2740"),
    ("2711", "Inngående mva, middels sats", "2740"),
    ("2740", "Oppgjørskonto mva", "2740"),
    ("3000", "Salg, høy sats", "3000"),
    ("3060", "Uttak av varer", "3000"),
    ("3100", "Salg, avgiftsfritt", "3100"),
    ("4300", "Varekjøp", "4300"),
    ("6300", "Leie av lokale", "6300"),
    ("6800", "Kontorrekvisita", "6800"),
    ("7140", "Reisekostnad", "7140"),
];

const CODES: [(&str, &str, &str, &str); 6] = [
    ("25U", "Utgående høy sats", "25", "3"),
    ("15U", "Utgående middels sats", "15", "31"),
    ("0U", "Avgiftsfritt salg", "0", "5"),
    ("25I", "Inngående høy sats", "25", "1"),
    ("15I", "Inngående middels sats", "15", "11"),
    ("V9", "Diverse, ikke i bruk", "25", "NA"),
];

const CUSTOMERS: [&str; 6] = [
    "Hotell Skarven AS",
    "Vestre Aker Boligbyggelag",
    "Kontorfellesskapet DA",
    "Brygga Eiendom AS",
    "Nordlys Reklame AS",
    "Østby Tannlegesenter",
];
const SUPPLIERS: [&str; 4] = ["Lampegrossisten AS", "Kystfrakt AS", "Papir og Penn AS", "Sentrum Utleie AS"];

impl Ledger {
    fn voucher(&mut self, date: &str, text: &str, party: Option<(bool, usize)>, lines: &[Entry]) {
        self.number += 1;
        let month: u32 = date.get(5..7).and_then(|month| month.parse().ok()).unwrap_or(1);
        let year = date.get(..4).unwrap_or("2026");
        let out = &mut self.body;
        // Writing to a string cannot fail.
        let _ = write!(
            out,
            "<Transaction><TransactionID>{}</TransactionID><Period>{month}</Period><PeriodYear>{year}</PeriodYear><TransactionDate>{date}</TransactionDate><Description>{text}</Description><SystemEntryDate>{date}</SystemEntryDate><GLPostingDate>{date}</GLPostingDate>",
            10_400 + self.number
        );
        for (record, (account, net, tax)) in lines.iter().enumerate() {
            let (side, amount) = if *net < 0 { ("Credit", -net) } else { ("Debit", *net) };
            self.debit += (*net).max(0);
            let _ = write!(out, "<Line><RecordID>{}</RecordID><AccountID>{account}</AccountID>", record + 1);
            match party {
                Some((true, at)) if *account == "1500" => {
                    let _ = write!(out, "<CustomerID>K{at}</CustomerID>");
                }
                Some((false, at)) if *account == "2400" => {
                    let _ = write!(out, "<SupplierID>L{at}</SupplierID>");
                }
                _ => {}
            }
            let _ = write!(
                out,
                "<Description>{text}</Description><{side}Amount><Amount>{}</Amount></{side}Amount>",
                decimal(amount)
            );
            if let Some((code, vat)) = tax {
                if !self.codes.contains(code) {
                    self.codes.push(code);
                }
                let rate = CODES.iter().find(|(known, ..)| known == code).map_or("0", |(_, _, rate, _)| rate);
                let _ = write!(
                    out,
                    "<TaxInformation><TaxType>MVA</TaxType><TaxCode>{code}</TaxCode><TaxPercentage>{rate}</TaxPercentage><TaxBase>{}</TaxBase><{side}TaxAmount><Amount>{}</Amount></{side}TaxAmount></TaxInformation>",
                    decimal(amount),
                    decimal(*vat)
                );
            }
            out.push_str("</Line>");
        }
        out.push_str("</Transaction>\n");
    }

    fn sale(&mut self, date: &str, customer: usize, net: i64) {
        let vat = net / 4;
        let text = format!("Faktura {}", 2_200 + self.number);
        self.voucher(
            date,
            &text,
            Some((true, customer)),
            &[("1500", net + vat, None), ("3000", -net, Some(("25U", vat))), ("2700", -vat, None)],
        );
    }

    fn purchase(&mut self, date: &str, supplier: usize, account: &'static str, net: i64) {
        let vat = net / 4;
        let text = format!("Inngående faktura {}", 8_100 + self.number);
        self.voucher(
            date,
            &text,
            Some((false, supplier)),
            &[(account, net, Some(("25I", vat))), ("2710", vat, None), ("2400", -net - vat, None)],
        );
    }

    fn written(&self, company: &str, org_number: &str) -> String {
        let mut out = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<AuditFile xmlns=\"urn:StandardAuditFile-Taxation-Financial:NO\"><Header><AuditFileVersion>1.30</AuditFileVersion><AuditFileCountry>NO</AuditFileCountry><AuditFileDateCreated>2026-11-10</AuditFileDateCreated><SoftwareCompanyName>Balanse</SoftwareCompanyName><SoftwareID>Balanse</SoftwareID><SoftwareVersion>8.2</SoftwareVersion><Company><RegistrationNumber>{org_number}</RegistrationNumber><Name>{company}</Name></Company><DefaultCurrencyCode>NOK</DefaultCurrencyCode><SelectionCriteria><SelectionStartDate>2026-07-01</SelectionStartDate><SelectionEndDate>2026-10-31</SelectionEndDate></SelectionCriteria><TaxAccountingBasis>A</TaxAccountingBasis></Header>\n<MasterFiles><GeneralLedgerAccounts>"
        );
        for (id, name, code) in ACCOUNTS {
            let _ = write!(
                out,
                "<Account><AccountID>{id}</AccountID><AccountDescription>{name}</AccountDescription><GroupingCategory>RF-1167</GroupingCategory><GroupingCode>{code}</GroupingCode><AccountType>GL</AccountType></Account>"
            );
        }
        out.push_str("</GeneralLedgerAccounts><Customers>");
        for (at, name) in CUSTOMERS.iter().enumerate() {
            let _ = write!(out, "<Customer><Name>{name}</Name><CustomerID>K{at}</CustomerID></Customer>");
        }
        out.push_str("</Customers><Suppliers>");
        for (at, name) in SUPPLIERS.iter().enumerate() {
            let _ = write!(out, "<Supplier><Name>{name}</Name><SupplierID>L{at}</SupplierID></Supplier>");
        }
        out.push_str(
            "</Suppliers><TaxTable><TaxTableEntry><TaxType>MVA</TaxType><Description>Merverdiavgift</Description>",
        );
        for (code, name, rate, standard) in CODES.iter().filter(|(code, ..)| self.codes.contains(code)) {
            let _ = write!(
                out,
                "<TaxCodeDetails><TaxCode>{code}</TaxCode><Description>{name}</Description><TaxPercentage>{rate}</TaxPercentage><Country>NO</Country><StandardTaxCode>{standard}</StandardTaxCode><BaseRate>100</BaseRate></TaxCodeDetails>"
            );
        }
        let total = decimal(self.debit);
        let _ = write!(
            out,
            "</TaxTableEntry></TaxTable></MasterFiles>\n<GeneralLedgerEntries><NumberOfEntries>{}</NumberOfEntries><TotalDebit>{total}</TotalDebit><TotalCredit>{total}</TotalCredit><Journal><JournalID>HB</JournalID><Description>Hovedbok</Description><Type>GL</Type>\n{}</Journal></GeneralLedgerEntries></AuditFile>\n",
            self.number, self.body
        );
        out
    }
}

fn decimal(ore: i64) -> String {
    format!("{}.{:02}", ore / 100, ore % 100)
}

/// Sales and purchases of two terms, day by day: figures that are not all alike, and the same every time.
fn everyday(ledger: &mut Ledger) {
    let mut seed = 20_261_110_u64;
    let mut next = |below: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below
    };
    for month in 7..=10_u32 {
        for day in [3_u32, 7, 10, 14, 17, 21, 24, 28] {
            let date = format!("2026-{month:02}-{day:02}");
            let customer = usize::try_from(next(6)).unwrap_or(0);
            let net = i64::try_from(next(420)).unwrap_or(0) * 8_000 + 640_000;
            ledger.sale(&date, customer, net);
            if day % 2 == 0 {
                let supplier = usize::try_from(next(3)).unwrap_or(0);
                let net = i64::try_from(next(160)).unwrap_or(0) * 4_000 + 120_000;
                ledger.purchase(&date, supplier, if day == 10 { "6800" } else { "4300" }, net);
            }
        }
        ledger.purchase(&format!("2026-{month:02}-01"), 3, "6300", 1_850_000);
    }
}

fn clean(ledger: &mut Ledger) {
    everyday(ledger);
    ledger.voucher(
        "2026-09-18",
        "Kreditnota 2209",
        Some((true, 2)),
        &[("3000", 640_000, Some(("25U", 160_000))), ("2700", 160_000, None), ("1500", -800_000, None)],
    );
}

fn asking(ledger: &mut Ledger) {
    everyday(ledger);
    ledger.voucher(
        "2026-10-30",
        "Justering varebil, mval. kap. 9",
        None,
        &[("2710", 125_000, None), ("1230", -125_000, None)],
    );
    ledger.voucher(
        "2026-10-12",
        "Uttak av lampe til eget bruk",
        None,
        &[("7140", 500_000, None), ("3060", -400_000, Some(("25U", 100_000))), ("2700", -100_000, None)],
    );
    ledger.voucher(
        "2026-09-25",
        "Diverse kostnader",
        Some((false, 1)),
        &[("6800", 211_000, Some(("V9", 52_750))), ("2710", 52_750, None), ("2400", -263_750, None)],
    );
}

fn differing(ledger: &mut Ledger) {
    everyday(ledger);
    // The invoice says 4 200 of VAT, the account has 4 284.
    ledger.voucher(
        "2026-10-22",
        "Faktura 2270",
        Some((true, 4)),
        &[("1500", 2_108_400, None), ("3000", -1_680_000, Some(("25U", 420_000))), ("2700", -428_400, None)],
    );
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::{io::Cursor, ops::ControlFlow};

    use books::{QuestionKind, Request, Span, draft};
    use saf_t::{File, Limits, read_delivery};
    use vat_return::{OrgNumber, Period, PeriodKind};

    use super::*;

    #[test]
    fn each_sample_is_what_it_says() {
        let expected: [&[QuestionKind]; 3] = [
            &[],
            &[QuestionKind::UnmappedCode, QuestionKind::Specification, QuestionKind::UncodedVatPosting],
            &[QuestionKind::VoucherDifference],
        ];
        for (sample, expected) in SAMPLES.iter().zip(expected) {
            assert!(OrgNumber::parse(sample.org_number).is_ok());
            let mut bytes = Cursor::new(sample.bytes());
            let mut files = [File { name: sample.file_name(), source: &mut bytes }];
            let ledger = read_delivery(&mut files, &Limits::default(), &mut |_| ControlFlow::Continue(())).unwrap();
            let period = Period { kind: PeriodKind::TwoMonths, index: 5, year: 2026 };
            let request = Request { period: Some(Span::of(&period)), ..Request::default() };
            let draft = draft(&ledger, &request);
            let kinds: Vec<QuestionKind> = draft.questions.iter().map(|question| question.kind).collect();
            assert_eq!(kinds, expected, "{}", sample.id);
            assert_eq!(draft.warnings, [], "{}", sample.id);
            assert_eq!(draft.difference_ore() == Some(0), sample.id == "saft-fjordlys", "{}", sample.id);
            assert!(draft.sum() > 0);
        }
    }
}
