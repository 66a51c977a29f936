//! What accounting systems and spreadsheets of other countries export, and what people paste of it.

#![allow(clippy::unwrap_used, clippy::panic)]

use drafts::amount::{Decimals, read};
use drafts::sheet::{Defaults, Meaning, Outcome, Trouble, Understood, open, pasted, understand};
use drafts::{Draft, Edit, Field};
use rust_decimal::Decimal;
use std::str::FromStr;
use vat_return::{Category, Period, PeriodKind};

fn term(index: u8) -> Period {
    Period { kind: PeriodKind::TwoMonths, index, year: 2026 }
}

fn defaults() -> Defaults {
    Defaults { org_number: Some("311797816".into()), period: term(5), category: Category::Ordinary }
}

fn lines(draft: &Draft) -> Vec<String> {
    let (ret, _) = draft.as_it_stands();
    let base = |line: &vat_return::Line| line.base.as_ref().map_or(String::new(), |base| base.value.to_string());
    let rate = |line: &vat_return::Line| line.rate.as_ref().map_or(String::new(), |rate| rate.value.to_string());
    ret.lines
        .iter()
        .map(|line| format!("{} {} {} {}", line.code.value, base(line), rate(line), line.vat.value))
        .collect()
}

fn of_text(text: &str) -> Understood {
    understand(&pasted(text), "", &defaults(), None)
}

fn of_file(bytes: &[u8]) -> Understood {
    let (grids, _) = open(bytes).unwrap();
    understand(&grids[0], "a.csv", &defaults(), None)
}

fn meanings(got: &Understood) -> Vec<Meaning> {
    got.columns.iter().map(|column| column.meaning).collect()
}

#[test]
fn amounts_with_the_currency_inside_the_minus_are_read() {
    for (text, value) in [
        ("-kr 1 234,50", "-1234.50"),
        ("−kr\u{a0}1\u{a0}234,50", "-1234.50"),
        ("kr -1 234,50", "-1234.50"),
        ("kr −1 234,50", "-1234.50"),
        ("(kr 1 234,50)", "-1234.50"),
        ("kr (1 234,50)", "-1234.50"),
        ("(1 234,50 kr)", "-1234.50"),
        ("-NOK 500", "-500"),
        ("NOK -500,00", "-500.00"),
        ("-500 kr", "-500"),
        ("- kr 500,-", "-500"),
        ("kr 1.234,50-", "-1234.50"),
        ("1 234,50- kr", "-1234.50"),
        ("\u{2012}500", "-500"),
        ("\u{fe63}500", "-500"),
        ("1\u{2009}234\u{2007}567,00", "1234567.00"),
        ("1\u{ad}234", "1234"),
        ("\u{202d}1 234,00\u{202c}", "1234.00"),
        ("\u{2066}-500\u{2069}", "-500"),
        ("1\u{b4}234\u{b4}567", "1234567"),
        ("1`234,5", "1234.5"),
        ("kr\u{a0}- ", "0"),
        ("-   kr", "0"),
        ("–", "0"),
        ("1 234,-", "1234"),
        ("1 234,- kr", "1234"),
        ("1 000,00 NOK", "1000.00"),
        ("kroner 500", "500"),
        ("500 kroner", "500"),
    ] {
        assert_eq!(read(text, Decimals::Comma), Ok(Some(Decimal::from_str(value).unwrap())), "{text:?}");
    }
    for text in ["kr kr 5", "-kr-5", "(-kr 5)", "kr", "- -", "5 kr 6", "$5", "5 €", "5 %"] {
        assert!(read(text, Decimals::Comma).is_err(), "{text:?}");
    }
}

#[test]
fn every_encoding_and_line_ending_gives_the_same_lines() {
    let text =
        "Mva-kode;Beskrivelse;Grunnlag;Mva\r\n3;Salg høy sats på åpne dører;1 000,00;250,00\r\n1;Kjøp;;–100,00\r\n";
    let utf16 = |text: &str, big: bool| -> Vec<u8> {
        text.encode_utf16().flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
    };
    // The dash is 0x96 in windows-1252, and none in ISO-8859-1.
    let one_byte = |letter: char| if letter == '–' { 0x96 } else { u8::try_from(u32::from(letter)).unwrap() };
    let windows: Vec<u8> = text.chars().map(one_byte).collect();
    let old_mac = text.replace("\r\n", "\r");
    let files = [
        ("utf-8", text.as_bytes().to_vec()),
        ("utf-8 with its mark", [b"\xef\xbb\xbf", text.as_bytes()].concat()),
        ("utf-16 le with its mark", [vec![0xff, 0xfe], utf16(text, false)].concat()),
        ("utf-16 be with its mark", [vec![0xfe, 0xff], utf16(text, true)].concat()),
        ("utf-16 le", utf16(text, false)),
        ("utf-16 be", utf16(text, true)),
        ("windows-1252", windows),
        ("unix", text.replace("\r\n", "\n").into_bytes()),
        ("old mac", old_mac.into_bytes()),
        ("sep=", format!("sep=;\r\n{text}").into_bytes()),
        ("sep= with its mark", format!("\u{feff}sep=;\r\n{text}").into_bytes()),
        ("blank lines first", format!("\r\n\r\n{text}").into_bytes()),
        ("a null byte at the end", format!("{text}\0").into_bytes()),
        ("the end of a file of DOS", format!("{text}\u{1a}").into_bytes()),
    ];
    for (name, bytes) in files {
        let got = of_file(&bytes);
        assert_eq!(lines(&got.drafts[0]), ["3 1000 25 250", "1   -100"], "{name}: {:?}", got.rows);
    }
}

#[test]
fn nordic_letters_of_an_older_dos_file_do_not_hide_the_columns() {
    // Code page 865: å is 0x86, ø 0x9b. What a column is called must not depend on them alone.
    let bytes = b"Kode;Bel\x9bp eks mva;Mva\r\n3;1000;250\r\n";
    let got = of_file(bytes);
    assert_eq!(lines(&got.drafts[0]), ["3 1000 25 250"], "{:?} {:?}", got.columns, got.rows);
}

#[test]
fn english_and_swiss_numbers_are_told_by_their_column() {
    for (base, vat) in [
        ("1,234.50", "308.00"),
        ("1'234.50", "308.00"),
        ("1’234.50", "308"),
        ("1.234,50", "308,00"),
        ("1 234,50", "308,00"),
        ("1234.5", "308"),
        ("1234,5", "308"),
        ("\"1 234,50\"", "\"308,00\""),
        ("kr 1 234,50", "kr 308,00"),
        ("NOK 1,234.50", "NOK 308.00"),
    ] {
        let text = format!("Mva-kode\tGrunnlag\tMva\n3\t{base}\t{vat}\n");
        let got = of_text(&text);
        assert_eq!(lines(&got.drafts[0]), ["3 1234 25 308"], "{base}: {:?}", got.rows);
    }
    // Thousands alone, in a column whose other numbers say how they are written.
    let got = of_text("Mva-kode\tGrunnlag\n3\t12,345\n31\t1,234.50\n");
    assert_eq!(lines(&got.drafts[0]), ["3 12345 25 3086", "31 1234 15 185"], "{:?}", got.rows);
    let got = of_text("Mva-kode\tGrunnlag\n3\t12.345\n31\t1.234,50\n");
    assert_eq!(lines(&got.drafts[0]), ["3 12345 25 3086", "31 1234 15 185"], "{:?}", got.rows);
}

/// Numbers of three digits behind one separator: thousands of the one language and decimals of the other.
#[test]
fn what_may_be_thousands_or_decimals_is_read_where_something_tells() {
    let trouble = |got: &Understood| {
        got.rows.iter().any(|(_, it)| {
            matches!(it, Outcome::Trouble(all) if all.iter().any(|one| {
                one.trouble == Trouble::NotAnAmount(drafts::amount::NotAnAmount::Ambiguous)
            }))
        })
    };
    let head = "Mva-kode\tGrunnlag\tSats\tMva\n";
    // The other column tells; so does one row in which base times rate is VAT in one reading only.
    for (rows, wanted) in [
        ("3\t1,234\t25\t308.50\n", vec!["3 1234 25 308"]),
        ("3\t123,450\t25\t30,862\n31\t2,000\t15\t300\n", vec!["3 123450 25 30862", "31 2000 15 300"]),
        ("3\t2,500\t\t625\n", vec!["3 2500 25 625"]),
        ("32\t9,000\t11.11\t999\n", vec!["32 9000 11,11 999"]),
        ("3\t4,000\t25\t1\n", vec!["3 4 25 1"]),
        ("3\t-2,500\t25\t-625\n1\t\t\t1,250\n", vec!["3 -2500 25 -625", "1   -1250"]),
    ] {
        let got = of_text(&format!("{head}{rows}"));
        assert_eq!(
            got.drafts.first().map(lines),
            Some(wanted.into_iter().map(str::to_owned).collect()),
            "{rows} {:?}",
            got.rows
        );
    }
    // Nothing tells, or one says this and another that.
    for rows in [
        "3\t12,000\t25\t3,000\n",
        "3\t1,234\t25\t\n",
        "3\t2,500\t25\t0\n",
        "3\t1,234\t25\t\n3\t12,5\t25\t\n3\t12.5\t25\t\n",
    ] {
        let got = of_text(&format!("{head}{rows}"));
        assert!(trouble(&got), "{rows} {:?}", got.rows);
    }
    // In a file whose cells commas set apart, one within a cell is of thousands; a point may be either.
    let got = of_file(b"Mva-kode,Grunnlag,Mva\n3,\"12,000\",\"3,000\"\n");
    assert_eq!(lines(&got.drafts[0]), ["3 12000 25 3000"]);
    let got = of_file(b"Mva-kode,Grunnlag,Mva\n3,12.000,3.000\n");
    assert!(trouble(&got), "{:?}", got.rows);
    let got = of_file(b"Mva-kode,Grunnlag,Mva\n3,\"1.234,50\",\"308,62\"\n31,2.000,300\n");
    assert_eq!(lines(&got.drafts[0]), ["3 1234 25 308", "31 2000 15 300"]);
    // A row without a known code is not passed over because its amount may be read in two ways.
    let got = of_text("Mva-kode\tGrunnlag\nX3\t1,234\n3\t5\n");
    assert!(matches!(got.rows[1].1, Outcome::Trouble(_)), "{:?}", got.rows);
}

#[test]
fn what_a_person_says_of_decimals_holds_and_is_remembered_with_the_columns() {
    let text = "Mva-kode\tGrunnlag\tMva\n3\t12,000\t3,000\n";
    for (said, wanted) in [(Decimals::Point, "3 12000 25 3000"), (Decimals::CommaForCertain, "3 12 25 3")] {
        let mut grid = pasted(text);
        grid.said = Some(said);
        let got = understand(&grid, "", &defaults(), None);
        assert_eq!(lines(&got.drafts[0]), [wanted]);
        let layout = serde_json::from_str(&serde_json::to_string(&got.layout).unwrap()).unwrap();
        let again = understand(&pasted(text), "", &defaults(), Some(&layout));
        assert_eq!((lines(&again.drafts[0]), again.layout), (vec![wanted.to_owned()], layout));
    }
    // A layout that an earlier version remembered has nothing of it.
    let old = r#"{"columns":[[0,"Mva-kode","code"],[1,"Grunnlag","base"],[2,"Mva","nothing"]]}"#;
    let got = understand(
        &pasted("Mva-kode\tGrunnlag\tMva\n3\t100\t3\n"),
        "",
        &defaults(),
        Some(&serde_json::from_str(old).unwrap()),
    );
    assert_eq!(lines(&got.drafts[0]), ["3 100 25 25"]);
}

/// Two tables side by side, and columns of one name: the second is not lost without a word.
#[test]
fn a_column_that_is_there_twice_is_said() {
    let found = |text: &str| {
        let got = of_text(text);
        got.repeated.iter().map(|it| (it.column, it.meaning, it.first)).collect::<Vec<_>>()
    };
    let pair = "Kode\tGrunnlag\tMva\tKode\tGrunnlag\tMva\n3\t1000\t250\t81\t400\t100\n";
    assert_eq!(found(pair), [(3, Meaning::Code, 0), (4, Meaning::Base, 1), (5, Meaning::Vat, 2)]);
    let amounts = "Kode\tGrunnlag\tMva\tGrunnlag\tMva\n3\t1000\t250\t\t\n1\t\t\t400\t100\n";
    assert_eq!(found(amounts), [(3, Meaning::Base, 1), (4, Meaning::Vat, 2)]);
    assert_eq!(
        found("3\t1000\t250\t81\t400\t100\n31\t200\t30\t86\t8\t2\n").first().map(|it| it.1),
        Some(Meaning::Code)
    );
    assert_eq!(found("Termin\tPeriode\tKode\tGrunnlag\n4\t5\t3\t1\n"), [(1, Meaning::Period, 0)]);
    assert_eq!(
        found("Kode\tSpesifikasjon\tSpesifisering\tGrunnlag\n3\t\tuttak\t1\n"),
        [(2, Meaning::Specification, 1)]
    );
    assert_eq!(found("Orgnr\tForetaksnr\tKode\tGrunnlag\n311797816\t315203856\t3\t1\n"), [(1, Meaning::Company, 0)]);
    // What says the same, or nothing, takes nothing away.
    for text in [
        "Kode\tGrunnlag\tNetto\n3\t1000\t1 000,00\n",
        "Kode\tGrunnlag\tMva\tNetto\n3\t1000\t250\t\n",
        "Kode\tSats\tMva %\tGrunnlag\n3\t25\t25 %\t1000\n",
        "Orgnr\tVirksomhet\tKode\tGrunnlag\n311797816\tFjordlys\t3\t1\n",
        "Kode\tGrunnlag\tMva\tKode\tGrunnlag\tMva\n3\t1000\t250\t\t\t\n",
    ] {
        assert_eq!(found(text), [], "{text}");
    }
    // Of a code of the system's and one of the list the latter is meant.
    let got = of_text("Kode\tStandardkode\tGrunnlag\nS25\t3\t1000\nF\t5\t10\n");
    assert_eq!(
        (lines(&got.drafts[0]), got.repeated),
        (vec!["3 1000 25 250".to_owned(), "5 10 0 0".to_owned()], vec![])
    );
}

/// Below a sum, or some empty rows, another table begins.
#[test]
fn a_table_below_the_first_is_read_where_its_columns_are_the_same_and_else_said() {
    let same = "Kode\tGrunnlag\tMva\n3\t1000\t250\nSum\t1000\t250\n\nKjøp\nKode\tGrunnlag\tMva\n1\t\t-50\n\tSum\t-50\n";
    let got = of_text(same);
    assert_eq!(lines(&got.drafts[0]), ["3 1000 25 250", "1   -50"], "{:?}", got.rows);
    assert_eq!(got.rows[4].1, Outcome::Heading);
    for other in ["Kode\tMva\tGrunnlag\n3\t250\t1000\n", "\t\t\tKode\tGrunnlag\tMva\n\t\t\t3\t1000\t250\n"] {
        let got = of_text(&format!("Kode\tGrunnlag\tMva\n31\t100\t15\nSum\t100\t15\n{other}"));
        assert_eq!(lines(&got.drafts[0]), ["31 100 15 15"], "{:?}", got.rows);
        for row in &got.rows[3..] {
            let Outcome::Trouble(all) = &row.1 else { panic!("{row:?}") };
            assert!(all.iter().all(|one| one.trouble == Trouble::OtherColumns), "{all:?}");
        }
    }
}

#[test]
fn rates_are_read_however_they_are_shown() {
    for rate in ["25", "25%", "25 %", "25\u{a0}%", "25,00", "25.00 %", "25,0", "0,25", "0.25", "25 prosent", "25 pst."]
    {
        let got = of_text(&format!("Mva-kode\tGrunnlag\tSats\n3\t1 000\t{rate}\n"));
        assert_eq!(lines(&got.drafts[0]), ["3 1000 25 250"], "{rate}");
    }
    let got = of_text("Mva-kode\tGrunnlag\tSats\n32\t1 000\t11,11 %\n52\t500\t0 %\n");
    assert_eq!(lines(&got.drafts[0]), ["32 1000 11,11 111", "52 500 0 0"]);
}

#[test]
fn codes_are_read_however_they_are_written() {
    for code in
        ["3", "3.0", "03", "3 - Salg", "Kode 3", "kode: 3", "\u{a0}3\u{a0}", "3)", "3 (25 %)", "'3", "=\"3\"", "MVA 3"]
    {
        let got = of_text(&format!("Mva-kode\tGrunnlag\n{code}\t1 000\n"));
        assert_eq!(got.drafts.first().map(lines), Some(vec!["3 1000 25 250".to_owned()]), "{code}: {:?}", got.rows);
    }
    for code in ["", "0", "2", "99", "3,5", "-3", "3000", "tre"] {
        let got = of_text(&format!("Mva-kode\tGrunnlag\n{code}\t1 000\n3\t5\n"));
        assert!(matches!(got.rows[1].1, Outcome::Trouble(_)), "{code}: {:?}", got.rows);
    }
}

#[test]
fn companies_are_read_however_they_are_written() {
    for number in [
        "311797816",
        "311 797 816",
        "311.797.816",
        "311\u{a0}797\u{a0}816",
        "NO311797816MVA",
        "NO 311 797 816 MVA",
        "311797816MVA",
        "Org.nr. 311 797 816",
        "=\"311797816\"",
        "'311797816",
        "311797816,0",
        "311797816 Fjordlys Interiør AS",
        "Fjordlys Interiør AS (311 797 816)",
    ] {
        let got = of_text(&format!("Orgnr\tMva-kode\tGrunnlag\n{number}\t3\t1 000\n"));
        let company = got.drafts.first().map(|draft| draft.org_number.to_string());
        assert_eq!(company.as_deref(), Some("311797816"), "{number}: {:?}", got.rows);
    }
}

#[test]
fn periods_are_read_however_they_are_written() {
    for text in [
        "T5-2026",
        "2026T5",
        "2026/5",
        "5-2026",
        "05/2026",
        "5.termin 2026",
        "Termin 5 2026",
        "sept-okt 2026",
        "sept./okt. 2026",
        "sep/okt 26",
        "september og oktober 2026",
        "september t.o.m. oktober 2026",
        "01.09.2026-31.10.2026",
        "01.09.2026 – 31.10.2026",
        "1.9.2026 til 31.10.2026",
        "2026-09-01 - 2026-10-31",
        "15.09.2026",
        "31.10.2026",
        "2026-10-31",
        "2026-10-31 00:00:00",
        "SEPTEMBER-OKTOBER 2026",
    ] {
        let got = of_text(&format!("Periode\tMva-kode\tGrunnlag\n{text}\t3\t1 000\n"));
        assert_eq!(got.drafts.first().map(|draft| draft.period), Some(term(5)), "{text}: {:?}", got.rows);
    }
    // The fifth of two months, or May: nothing is guessed.
    for text in ["202605", "oktober 2026 - november 2026", "01.09.2026-30.11.2026", "32.13.2026"] {
        let got = of_text(&format!("Periode\tMva-kode\tGrunnlag\n{text}\t3\t1 000\n"));
        assert!(matches!(got.rows[1].1, Outcome::Trouble(_)), "{text}: {:?}", got.rows);
    }
}

#[test]
fn a_company_that_stands_once_for_several_rows_is_that_of_all_of_them() {
    let got = of_text(
        "Orgnr\tTermin\tMva-kode\tGrunnlag\n315203856\t4/2026\t3\t1000\n\t\t31\t2000\n\t\tSum\t3000\n311797816\t\t3\t500\n\t\t33\t100\n",
    );
    let about: Vec<(String, u8, usize)> = got
        .drafts
        .iter()
        .map(|draft| (draft.org_number.to_string(), draft.period.index, draft.filled().count()))
        .collect();
    assert_eq!(
        about,
        [("315203856".to_owned(), 4, 2), ("311797816".to_owned(), 4, 2)],
        "a blank cell is the one above it: {:?}",
        got.rows
    );
}

#[test]
fn columns_are_known_by_the_names_that_programs_give_them() {
    for (name, meaning) in [
        ("MVA-kode", Meaning::Code),
        ("Mva kode", Meaning::Code),
        ("Mva.kode", Meaning::Code),
        ("MVAkode", Meaning::Code),
        ("Kode (SAF-T)", Meaning::Code),
        ("StandardTaxCode", Meaning::Code),
        ("VAT code", Meaning::Code),
        ("Skattekode", Meaning::Code),
        ("Mva-type", Meaning::Code),
        ("Grunnlag", Meaning::Base),
        ("Grunnlag (NOK)", Meaning::Base),
        ("Grunnlag i NOK", Meaning::Base),
        ("Mva-grunnlag", Meaning::Base),
        ("Beløp eks. mva", Meaning::Base),
        ("Beløp ekskl. mva.", Meaning::Base),
        ("Beløp u/mva", Meaning::Base),
        ("Nettobeløp", Meaning::Base),
        ("Net amount", Meaning::Base),
        ("Taxable amount", Meaning::Base),
        ("Sats", Meaning::Rate),
        ("Sats (%)", Meaning::Rate),
        ("Mva-sats", Meaning::Rate),
        ("Mva %", Meaning::Rate),
        ("% mva", Meaning::Rate),
        ("Prosent", Meaning::Rate),
        ("VAT rate", Meaning::Rate),
        ("Rate", Meaning::Rate),
        ("Mva", Meaning::Vat),
        ("MVA (kr)", Meaning::Vat),
        ("Mva-beløp", Meaning::Vat),
        ("Mva beløp (NOK)", Meaning::Vat),
        ("Merverdiavgift", Meaning::Vat),
        ("Beregnet mva", Meaning::Vat),
        ("Avgift", Meaning::Vat),
        ("VAT amount", Meaning::Vat),
        ("Tax", Meaning::Vat),
        ("Org.nr.", Meaning::Company),
        ("Orgnr", Meaning::Company),
        ("Organisasjonsnummer", Meaning::Company),
        ("Org. number", Meaning::Company),
        ("Foretaksnummer", Meaning::Company),
        ("Termin", Meaning::Period),
        ("Periode", Meaning::Period),
        ("Mva-termin", Meaning::Period),
        ("Spesifikasjon", Meaning::Specification),
        ("Merknad", Meaning::Remark),
        ("Merknad til linjen", Meaning::Remark),
        ("Remark", Meaning::Remark),
        ("Note to the line", Meaning::Remark),
        ("Intern kode", Meaning::OwnCode),
        ("Egen mva-kode", Meaning::OwnCode),
        ("Regnskapets kode", Meaning::OwnCode),
    ] {
        // Beside two that are known for certain.
        let known = [("Mva-kode", Meaning::Code), ("Grunnlag", Meaning::Base), ("Mva", Meaning::Vat)];
        let beside: Vec<&str> = known.into_iter().filter(|(_, it)| *it != meaning).map(|(name, _)| name).collect();
        let text = format!("{name}\t{}\n1\t2{}\n", beside.join("\t"), "\t3".repeat(beside.len() - 1));
        assert_eq!(meanings(&of_text(&text))[0], meaning, "{name}");
    }
}

#[test]
fn a_name_that_stands_a_row_above_the_others_is_one() {
    let text = "Termin\t2026-4\nKode\t\tBeløp\nNr\tTekst\tGrunnlag\tSats\tAvgift\n3\tSalg\t1000\t25\t250\n";
    let got = of_text(text);
    assert_eq!(meanings(&got), [Meaning::Code, Meaning::Nothing, Meaning::Base, Meaning::Rate, Meaning::Vat]);
    assert_eq!((lines(&got.drafts[0]), got.drafts[0].period), (vec!["3 1000 25 250".to_owned()], term(4)));
    // What is said of the whole return stays that, directly above the names too.
    let about = of_text("Termin\t2026-4\nMva-kode\tGrunnlag\tMva\n3\t1000\t250\n");
    assert_eq!((lines(&about.drafts[0]), about.drafts[0].period), (vec!["3 1000 25 250".to_owned()], term(4)));
}

#[test]
fn what_is_no_table_is_no_lines() {
    for text in [
        "<html><body><table><tr><td>3</td><td>1000</td></tr></table></body></html>",
        "Hei, her er tallene for mai: omsetning 3 000 kr.",
        "{\"kode\": 3, \"grunnlag\": 1000}",
        "3",
        "1000\n2000\n3000\n",
    ] {
        let got = of_text(text);
        let made: usize = got.drafts.iter().map(|draft| draft.filled().count()).sum();
        assert_eq!(made, 0, "{text}: {:?}", got.rows);
    }
}

#[test]
fn what_is_typed_in_a_field_is_read_as_what_is_pasted() {
    let mut draft = Draft::new("311797816", term(5), Category::Ordinary);
    let line = draft.add("3");
    for (text, sum) in [("-kr 1 000,00", "-250"), ("kr\u{a0}1\u{a0}000,00", "250"), ("\u{2212}1\u{202f}000", "-250")] {
        draft.apply(&Edit::Type { line, field: Field::Base, text: text.into() }).unwrap();
        assert_eq!(draft.sum().to_string(), sum, "{text}");
    }
}

/// A workbook with a password is called that, and never damaged, whatever program has written it.
#[test]
fn a_password_is_said_of_every_kind_of_spreadsheet() {
    use std::io::{Cursor, Write as _};
    let mut excel = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    for (name, bytes) in [("/EncryptionInfo", [4; 64].as_slice()), ("/EncryptedPackage", &[7; 5000])] {
        excel.create_stream(name).unwrap().write_all(bytes).unwrap();
    }
    excel.flush().unwrap();
    let ods = |part: &str| {
        let manifest = format!(
            "<manifest:manifest xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\"><manifest:file-entry \
             manifest:full-path=\"{part}\"><manifest:encryption-data manifest:checksum=\"x\"/></manifest:file-entry>\
             </manifest:manifest>"
        );
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let mimetype = "application/vnd.oasis.opendocument.spreadsheet";
        for (name, bytes) in [
            ("mimetype", mimetype.as_bytes()),
            (part, &[0xE1, 7, 0xFF]),
            ("META-INF/manifest.xml", manifest.as_bytes()),
        ] {
            zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
            zip.write_all(bytes).unwrap();
        }
        zip.finish().unwrap().into_inner()
    };
    // LibreOffice 24.8 and later packs all parts into one.
    for bytes in [excel.into_inner().into_inner(), ods("content.xml"), ods("encrypted-package")] {
        let found = drafts::sheet::open(&bytes);
        assert!(matches!(found, Err(drafts::sheet::NotASheet::Password)), "{:?}", found.err());
    }
}

#[test]
fn an_english_table_tells_its_decimals_by_its_rates_and_by_vat_that_is_rounded() {
    // As LibreOffice in English writes a return: figures with a thousand's comma between semicolons.
    let of = |text: &str| of_text(&format!("Code;Base;Rate;VAT\n{text}"));
    assert_eq!(lines(&of("3;123,450;25;30,862\n").drafts[0]), ["3 123450 25 30862"]);
    assert_eq!(lines(&of("32;12,000;11.11;\n5;1,000;0;\n").drafts[0]), ["32 12000 11,11 1333", "5 1000 0 0"]);
    // Either is right: ten thousand, and ten kroner.
    for either in ["3;10,000;25;2,500\n", "3;12,000;25;\n", "32;12,000;11,11;\n"] {
        assert!(matches!(of(either).rows[1].1, Outcome::Trouble(_)), "{either}");
    }
}

#[test]
fn a_comma_between_cells_and_before_decimals_is_said() {
    for text in ["kode,grunnlag,mva\n3,1234,50,308,63\n", "3,1234,50,308,63\n31,100,00,15,00\n"] {
        let got = of_text(text);
        let Outcome::Trouble(all) = &got.rows.last().unwrap().1 else { panic!("{:?}", got.rows) };
        assert!(all.iter().all(|one| one.trouble == Trouble::SurplusCell), "{all:?}");
        assert!(got.drafts.is_empty(), "{:?}", got.drafts);
    }
    // A column that has a name, and words beside the table, are no decimals.
    let got = of_text("kode,grunnlag,mva,saldo\n3,1234,308,7\n31,100,15,,se bilag\n");
    assert_eq!(lines(&got.drafts[0]), ["3 1234 25 308", "31 100 15 15"]);
}
