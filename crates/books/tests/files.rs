//! What the facts say of files as files: refused, cut short, packed, missing (docs/facts/saf-t.md).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

use support::{asked, book, line, read, shown};

macro_rules! none {
    () => {
        Vec::<&str>::new()
    };
}

#[test]
fn refusals() {
    let kind = |files: &[(&str, Vec<u8>)]| read(files).err().map(|refusal| refusal.problem.kind());
    let one = |xml: &str| kind(&[("a.xml", xml.as_bytes().to_vec())]);
    let mut book = book();
    book.voucher(&[line("3000", "-1000", "3 1000 250.00"), line("2700", "-250", ""), line("1500", "1250", "")]);
    let good = book.xml();
    assert_eq!(one(&good), None);
    let with = |from: &str, to: &str| one(&good.replacen(from, to, 1));
    assert_eq!(one(""), Some("empty"));
    assert_eq!(one("  \n"), Some("not_saft"));
    assert_eq!(one("%PDF-1.7"), Some("not_saft"));
    assert_eq!(one("<mvaMeldingDto/>"), Some("not_saft"));
    assert_eq!(one("<html><body/></html>"), Some("not_saft"));
    assert_eq!(one(&good[..good.len() - 400]), Some("truncated"));
    assert_eq!(one(&good[..good.len() - 1]), Some("truncated"));
    assert_eq!(with("</Journal>", "</Jurnal>"), Some("not_well_formed"));
    assert_eq!(with("<AuditFile", "<!DOCTYPE AuditFile><AuditFile"), Some("doctype"));
    assert_eq!(with("Hamna", "&hamna;"), Some("entity"));
    assert_eq!(with("Hamna", "&#0;"), Some("entity"));
    assert_eq!(with(":NO", ":DK"), Some("other_country"));
    assert_eq!(with("<AuditFileCountry>NO", "<AuditFileCountry>SE"), Some("other_country"));
    assert_eq!(with("Taxation-Financial:NO", "Taxation-CashRegister:NO"), Some("not_financial"));
    for bad in ["1 000", "1.000,00", "1e3", "", "100.005", "NaN", "99999999999999999999", "١٠٠٠"] {
        assert_eq!(with("<Amount>1000</Amount>", &format!("<Amount>{bad}</Amount>")), Some("bad_number"), "{bad}");
    }
    for bad in ["2025-02-30", "10.03.2025", "", "2025-3-10", "20250310", "2025-13-01"] {
        assert_eq!(with("<TransactionDate>2025-03-10", &format!("<TransactionDate>{bad}")), Some("bad_date"), "{bad}");
    }
    let other = good.replace("999999999", "888888888");
    assert_eq!(
        kind(&[("a.xml", good.clone().into_bytes()), ("b.xml", other.into_bytes())]),
        Some("different_companies")
    );
    let dressed = good.replace(">999999999<", ">NO 999 999 999 MVA<").replace("<TransactionID>1<", "<TransactionID>2<");
    assert_eq!(kind(&[("a.xml", good.clone().into_bytes()), ("b.xml", dressed.into_bytes())]), None);
    let again = good.replace("Hamna", "Havna");
    assert_eq!(kind(&[("a.xml", good.clone().into_bytes()), ("b.xml", again.into_bytes())]), Some("overlapping_parts"));
    let ledger = read(&[("a.xml", good.clone().into_bytes()), ("b.xml", good.clone().into_bytes())]).unwrap();
    assert_eq!(ledger.len(), 1);
    assert!(ledger.oddities.iter().any(|oddity| oddity.kind() == "duplicate_file"));
}

#[test]
fn the_line_and_the_voucher_where_a_file_ends_are_named() {
    let mut book = book();
    for _ in 0..3 {
        book.voucher(&[line("3000", "-1000", "3 1000 250.00"), line("2700", "-250", ""), line("1500", "1250", "")]);
    }
    let xml = book.xml().replace("<Transaction>", "\n<Transaction>");
    let cut = xml.find("<TransactionID>3").unwrap() + 200;
    let refusal = read(&[("a.xml", xml.as_bytes()[..cut].to_vec())]).unwrap_err();
    assert_eq!(
        books::texts::refusal(&refusal, vat_return::Language::Nb),
        "a.xml: Filen slutter for tidlig, ved linje 4, bilag 3. Eksporter på nytt."
    );
}

#[test]
fn values_in_every_dress_of_xml() {
    let mut book = book();
    book.voucher(&[line("3000", "-1000", "3 1000 250.00"), line("2700", "-250", ""), line("1500", "1250", "")]);
    let dressed = book
        .xml()
        .replace("<Amount>1000</Amount>", "<Amount><!-- a --><![CDATA[10]]>00&#46;0<?x?>0 </Amount>")
        .replace("<TaxCode>3</TaxCode>", "<TaxCode>\n&#x33;</TaxCode>")
        .replace("2025-03-10</TransactionDate>", "<!-- -->2025-03-10+01:00</TransactionDate>");
    let ledger = read(&[("a.xml", dressed.into_bytes())]).unwrap();
    let draft = books::draft(&ledger, &books::Request::default());
    assert_eq!((shown(&draft), asked(&draft)), (vec!["3 100000 25 25000".to_owned()], none!()));
}

#[test]
fn elements_of_other_namespaces_are_passed_over() {
    let mut book = book();
    book.voucher(&[line("3000", "-1000", "3 1000 250.00"), line("2700", "-250", ""), line("1500", "1250", "")]);
    let extended = book
        .xml()
        .replace(
            "<TransactionDate>",
            "<x:TransactionDate xmlns:x=\"urn:x\">1999-01-01</x:TransactionDate><TransactionDate>",
        )
        .replace("<Journal>", "<y:Journal xmlns:y=\"urn:StandardAuditFile-Taxation-Financial:NO\"/><Journal>");
    let ledger = read(&[("a.xml", extended.into_bytes())]).unwrap();
    assert_eq!(shown(&books::draft(&ledger, &books::Request::default())), ["3 100000 25 25000"]);
}

#[test]
fn a_zip_is_opened_bounded_and_told_from_a_bomb() {
    use std::io::Write as _;
    let mut book = book();
    book.voucher(&[line("3000", "-1000", "3 1000 250.00"), line("2700", "-250", ""), line("1500", "1250", "")]);
    let zip = |entries: &[(&str, &[u8])]| {
        let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for (name, bytes) in entries {
            zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
            zip.write_all(bytes).unwrap();
        }
        zip.finish().unwrap().into_inner()
    };
    let good = book.xml();
    let packed = zip(&[
        ("les meg.txt", b"hei"),
        ("2025/a.XML", good.as_bytes()),
        ("__MACOSX/._a.xml", b"x"),
        ("annet.xml", b"<x/>"),
    ]);
    // Whatever the file is called.
    let ledger = read(&[("a.xml", packed.clone())]).unwrap();
    assert_eq!(ledger.len(), 1);
    assert_eq!(read(&[("a.zip", packed[..packed.len() - 30].to_vec())]).unwrap_err().problem.kind(), "unreadable_zip");
    assert_eq!(read(&[("a.zip", zip(&[("les meg.txt", b"hei")]))]).unwrap_err().problem.kind(), "unreadable_zip");
    let mut many = good.replace("<Journal>", &"<Journal></Journal>\n".repeat(100_000));
    many.push(' ');
    let limits = saf_t::Limits { free: 1 << 20, ratio: 20, ..saf_t::Limits::default() };
    let bomb = zip(&[("a.xml", many.as_bytes())]);
    assert_eq!(support::read_within(&[("a.zip", bomb)], &limits).unwrap_err().problem.kind(), "zip_bomb");
}

#[test]
fn a_gzip_file_is_opened_like_what_it_packs() {
    use std::io::Write as _;
    let mut book = book();
    book.voucher(&[line("3000", "-1000", "3 1000 250.00"), line("2700", "-250", ""), line("1500", "1250", "")]);
    let gzip = |bytes: &[u8]| {
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        gzip.write_all(bytes).unwrap();
        gzip.finish().unwrap()
    };
    let packed = gzip(book.xml().as_bytes());
    assert_eq!(read(&[("a.xml.gz", packed.clone())]).unwrap().len(), 1);
    // A part by its name, as unpacked; several members, as `cat a.gz b.gz` makes them.
    let part = "SAF-T Financial_999999999_20260203120000_1_3.xml.gz";
    let ledger = read(&[(part, packed.clone())]).unwrap();
    assert_eq!(ledger.files[0].part, Some(saf_t::Part { number: 1, of: 3 }));
    let xml = book.xml();
    let (one, two) = xml.as_bytes().split_at(500);
    assert_eq!(read(&[("a.gz", [gzip(one), gzip(two)].concat())]).unwrap().len(), 1);
    let kind = |bytes: Vec<u8>| read(&[("a.xml.gz", bytes)]).unwrap_err().problem.kind();
    assert_eq!(kind(packed[..packed.len() / 2].to_vec()), "unreadable_zip");
    assert_eq!(kind([&packed[..packed.len() - 8], [0; 8].as_slice()].concat()), "unreadable_zip");
    assert_eq!(kind(gzip(b"")), "empty");
    assert_eq!(kind(gzip(b"<mvaMeldingDto/>")), "not_saft");
    assert_eq!(kind(gzip(&packed)), "not_saft");
    let many = book.xml().replace("<Journal>", &"<Journal></Journal>\n".repeat(100_000));
    let limits = saf_t::Limits { free: 1 << 20, ratio: 20, ..saf_t::Limits::default() };
    let bomb = gzip(many.as_bytes());
    assert_eq!(support::read_within(&[("a.xml.gz", bomb)], &limits).unwrap_err().problem.kind(), "zip_bomb");
}

/// Whatever may be left out and is written so that nobody can read it is said, and no reason to stop.
#[test]
fn what_cannot_be_read_and_need_not_be_is_said() {
    let mut book = book();
    book.voucher(&[line("3000", "-1000", "3 1000 250.00"), line("2700", "-250", ""), line("1500", "1250", "")]);
    let good = book.xml();
    let odd = |xml: &str| -> Vec<String> {
        let ledger = read(&[("a.xml", xml.as_bytes().to_vec())]).unwrap();
        let unread = |oddity: &saf_t::Oddity| match oddity {
            saf_t::Oddity::Unreadable { element } => Some((*element).to_owned()),
            saf_t::Oddity::Rate => Some("rate".to_owned()),
            _ => None,
        };
        ledger.oddities.iter().filter_map(unread).collect()
    };
    assert_eq!(odd(&good), none!());
    let selection =
        "<SelectionStartDate>2025-01-01</SelectionStartDate><SelectionEndDate>2025-12-31</SelectionEndDate>";
    let currency = "<CurrencyCode>NOK</CurrencyCode><CurrencyAmount>ti</CurrencyAmount></CreditAmount>";
    for (from, to, said) in [
        ("<SelectionStartDate>2025-01-01", "<SelectionStartDate>01.01.2025".to_owned(), "SelectionStartDate"),
        ("<SelectionEndDate>2025-12-31", "<SelectionEndDate>2025-12-32".to_owned(), "SelectionEndDate"),
        (selection, "<PeriodStart>januar</PeriodStart>".to_owned(), "PeriodStart"),
        (selection, "<PeriodStartYear>-</PeriodStartYear>".to_owned(), "PeriodStartYear"),
        (selection, "<PeriodEnd>1.0</PeriodEnd>".to_owned(), "PeriodEnd"),
        (selection, "<PeriodEndYear>99999</PeriodEndYear>".to_owned(), "PeriodEndYear"),
        (
            "<GeneralLedgerEntries>",
            "<GeneralLedgerEntries><NumberOfEntries>en</NumberOfEntries>".to_owned(),
            "NumberOfEntries",
        ),
        ("<GeneralLedgerEntries>", "<GeneralLedgerEntries><TotalDebit>1 250</TotalDebit>".to_owned(), "TotalDebit"),
        (
            "<GeneralLedgerEntries>",
            "<GeneralLedgerEntries><TotalCredit>1250,00</TotalCredit>".to_owned(),
            "TotalCredit",
        ),
        ("<Period>3<", "<Period>mars<".to_owned(), "Period"),
        ("<PeriodYear>2025<", "<PeriodYear>25,0<".to_owned(), "PeriodYear"),
        ("<Compensation>true", "<Compensation>ja".to_owned(), "Compensation"),
        ("</CreditAmount>", currency.to_owned(), "CurrencyAmount"),
        ("<TaxPercentage>25<", "<TaxPercentage>25 %<".to_owned(), "rate"),
        ("<BaseRate>100<", "<BaseRate>hele<".to_owned(), "rate"),
    ] {
        let xml = good.replacen(from, &to, 1);
        assert_ne!(xml, good, "{from}");
        assert_eq!(odd(&xml), [said], "{to}");
    }
    // And what is empty says nothing.
    assert_eq!(odd(&good.replacen("<SelectionStartDate>2025-01-01", "<SelectionStartDate>", 1)), none!());
}

/// The same in words, with the name of what it is.
#[test]
fn what_could_not_be_read_is_named() {
    let mut book = book();
    book.voucher(&[line("3000", "-1000", "3 1000 250.00"), line("2700", "-250", ""), line("1500", "1250", "")]);
    let xml = book.xml().replacen("<SelectionStartDate>2025-01-01", "<SelectionStartDate>01.01.2025", 1);
    let ledger = read(&[("a.xml", xml.into_bytes())]).unwrap();
    let draft = books::draft(&ledger, &books::Request::default());
    let said: Vec<String> = draft.warnings.iter().map(|warning| warning.text(vat_return::Language::Nb)).collect();
    assert!(
        said.contains(&"«SelectionStartDate» i filen kunne ikke leses, og er regnet som ikke oppgitt.".to_owned()),
        "{said:?}"
    );
}

#[test]
fn a_missing_part_and_an_empty_file_are_asked_about() {
    let mut book = book();
    book.voucher(&[line("3000", "-1000", "3 1000 250.00"), line("2700", "-250", ""), line("1500", "1250", "")]);
    let ledger = read(&[("SAF-T Financial_999999999_20260203120000_1_3.xml", book.xml().into_bytes())]).unwrap();
    let draft = books::draft(&ledger, &books::Request::default());
    let missing: Vec<&str> = draft.questions.iter().map(|question| question.about.as_str()).collect();
    assert_eq!((asked(&draft), missing), (vec!["missing_part"], vec!["2/3", "3/3"]));
    assert_eq!(asked(&support::book().draft()), ["no_entries"]);
}

/// Months without vouchers are alike byte for byte, and none of them is missing. A copy of one that has some is no other part.
#[test]
fn parts_without_vouchers_that_are_alike_are_not_missing() {
    let mut full = book();
    full.voucher(&[line("3000", "-1000", "3 1000 250.00"), line("2700", "-250", ""), line("1500", "1250", "")]);
    let (full, empty) = (full.xml().into_bytes(), book().xml().into_bytes());
    let name = |at: usize| format!("SAF-T Financial_999999999_20260203120000_{at}_3.xml");
    let asks = |contents: [&Vec<u8>; 3]| {
        let names = [name(1), name(2), name(3)];
        let files: Vec<(&str, Vec<u8>)> = names.iter().map(String::as_str).zip(contents.into_iter().cloned()).collect();
        asked(&books::draft(&read(&files).unwrap(), &books::Request::default()))
    };
    assert_eq!(asks([&full, &empty, &empty]), Vec::<&str>::new());
    assert_eq!(asks([&full, &full, &empty]), ["missing_part"]);
}

#[test]
fn a_reading_that_is_cancelled_stops_at_once_in_a_file_and_in_a_zip() {
    use std::io::Write as _;
    let mut book = book();
    for _ in 0..20_000 {
        book.voucher(&[line("3000", "-1000", "3 1000 250.00"), line("2700", "-250", ""), line("1500", "1250", "")]);
    }
    let plain = book.xml().into_bytes();
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file("a.xml", zip::write::SimpleFileOptions::default()).unwrap();
    zip.write_all(&plain).unwrap();
    for bytes in [plain, zip.finish().unwrap().into_inner()] {
        let mut source = std::io::Cursor::new(bytes);
        let mut files = [saf_t::File { name: "a.xml".into(), source: &mut source }];
        let mut last = 0;
        let mut progress = |read: u64| {
            last = read;
            if read > 10_000 { std::ops::ControlFlow::Break(()) } else { std::ops::ControlFlow::Continue(()) }
        };
        let refusal = saf_t::read_delivery(&mut files, &saf_t::Limits::default(), &mut progress).unwrap_err();
        assert_eq!(refusal.problem.kind(), "cancelled");
        assert!((10_000..2_000_000).contains(&last), "{last}");
    }
}
