//! A SAF-T file of as many lines as are wanted, for the measurements.

use std::error::Error;
use std::fs;
use std::io::{BufWriter, Write};
use std::path::Path;

/// Writes a year's vouchers, three or four lines each, indented as exporters write them: some 600 bytes a line.
pub(crate) fn write(path: &Path, lines: usize) -> Result<(), Box<dyn Error>> {
    let mut xml = BufWriter::with_capacity(1 << 20, fs::File::create(path)?);
    writeln!(xml, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(
        xml,
        "<AuditFile xmlns=\"urn:StandardAuditFile-Taxation-Financial:NO\">\n  <Header>\n    <AuditFileVersion>1.30</AuditFileVersion>"
    )?;
    writeln!(
        xml,
        "    <AuditFileCountry>NO</AuditFileCountry>\n    <Company>\n      <RegistrationNumber>999999999</RegistrationNumber>\n      <Name>Hamna Rør AS</Name>\n    </Company>\n    <DefaultCurrencyCode>NOK</DefaultCurrencyCode>\n  </Header>\n  <MasterFiles>\n    <GeneralLedgerAccounts>"
    )?;
    for (id, name) in [
        ("1500", "Kundefordringer"),
        ("2400", "Leverandørgjeld"),
        ("2700", "Utgående mva 25 %"),
        ("2710", "Inngående mva 25 %"),
        ("3000", "Salg"),
        ("4300", "Varekjøp"),
    ] {
        let code = if id.starts_with("27") { "2740" } else { id };
        writeln!(
            xml,
            "      <Account>\n        <AccountID>{id}</AccountID>\n        <AccountDescription>{name}</AccountDescription>\n        <GroupingCategory>x</GroupingCategory>\n        <GroupingCode>{code}</GroupingCode>\n      </Account>"
        )?;
    }
    writeln!(xml, "    </GeneralLedgerAccounts>\n    <TaxTable>\n      <TaxTableEntry>")?;
    for (own, code) in [("K1", 1), ("S3", 3)] {
        writeln!(
            xml,
            "        <TaxCodeDetails>\n          <TaxCode>{own}</TaxCode>\n          <TaxPercentage>25</TaxPercentage>\n          <Country>NO</Country>\n          <StandardTaxCode>{code}</StandardTaxCode>\n          <BaseRate>100</BaseRate>\n        </TaxCodeDetails>"
        )?;
    }
    writeln!(
        xml,
        "      </TaxTableEntry>\n    </TaxTable>\n  </MasterFiles>\n  <GeneralLedgerEntries>\n    <Journal>\n      <JournalID>1</JournalID>"
    )?;
    let mut state = 1_u64;
    for voucher in 0..lines / 3 {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let base = 10_000 + (state >> 40) % 1_000_000 * 4;
        let day = voucher % 365;
        let (month, day) = (day / 31 + 1, day % 28 + 1);
        let sale = state >> 63 == 0;
        let (account, vat, party, code, side, other) = if sale {
            ("3000", "2700", "1500", "S3", "Credit", "Debit")
        } else {
            ("4300", "2710", "2400", "K1", "Debit", "Credit")
        };
        let text = if sale { "Faktura til kunde" } else { "Inngående faktura" };
        writeln!(
            xml,
            "      <Transaction>\n        <TransactionID>{voucher}</TransactionID>\n        <Period>{month}</Period>\n        <PeriodYear>2025</PeriodYear>\n        <TransactionDate>2025-{month:02}-{day:02}</TransactionDate>\n        <Description>{text} {voucher}</Description>\n        <SystemEntryDate>2025-{month:02}-{day:02}</SystemEntryDate>\n        <GLPostingDate>2025-{month:02}-{day:02}</GLPostingDate>"
        )?;
        let kroner = |ore: u64| format!("{}.{:02}", ore / 100, ore % 100);
        let tax = base / 4;
        for (record, (account, side, amount, taxed)) in
            [(account, side, base, true), (vat, side, tax, false), (party, other, base + tax, false)]
                .into_iter()
                .enumerate()
        {
            writeln!(
                xml,
                "        <Line>\n          <RecordID>{}</RecordID>\n          <AccountID>{account}</AccountID>\n          <ValueDate>2025-{month:02}-{day:02}</ValueDate>\n          <SourceDocumentID>{voucher}</SourceDocumentID>\n          <CustomerID>{}</CustomerID>\n          <Description>{text} {voucher}</Description>\n          <{side}Amount>\n            <Amount>{}</Amount>\n          </{side}Amount>",
                record + 1,
                voucher % 977,
                kroner(amount)
            )?;
            if taxed {
                writeln!(
                    xml,
                    "          <TaxInformation>\n            <TaxType>MVA</TaxType>\n            <TaxCode>{code}</TaxCode>\n            <TaxPercentage>25</TaxPercentage>\n            <Country>NO</Country>\n            <TaxBase>{}</TaxBase>\n            <{side}TaxAmount>\n              <Amount>{}</Amount>\n            </{side}TaxAmount>\n          </TaxInformation>",
                    kroner(base),
                    kroner(tax)
                )?;
            }
            writeln!(xml, "          <ReferenceNumber>{voucher}</ReferenceNumber>\n        </Line>")?;
        }
        writeln!(xml, "      </Transaction>")?;
    }
    writeln!(xml, "    </Journal>\n  </GeneralLedgerEntries>\n</AuditFile>")?;
    xml.flush()?;
    Ok(())
}
