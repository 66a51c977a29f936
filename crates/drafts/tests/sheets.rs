//! Spreadsheets as people have them.

#![allow(clippy::unwrap_used, clippy::panic)]

use drafts::sheet::{
    Defaults, Grid, Layout, MOST_LINES, Meaning, NotASheet, Outcome, Trouble, open, pasted, template, understand,
    workbook,
};
use drafts::{Draft, Edit, Field, Note, Origin};
use rust_decimal::Decimal;
use rust_xlsxwriter::{Format, Formula, Workbook};
use vat_return::{Category, Language, Period, PeriodKind, read};

fn term(index: u8) -> Period {
    Period { kind: PeriodKind::TwoMonths, index, year: 2026 }
}

fn defaults() -> Defaults {
    Defaults { org_number: Some("311797816".into()), period: term(5), category: Category::Ordinary }
}

fn lines(draft: &Draft) -> Vec<String> {
    let (ret, _) = draft.as_it_stands();
    ret.lines
        .iter()
        .map(|line| {
            let base = line.base.as_ref().map_or(String::new(), |base| base.value.to_string());
            let rate = line.rate.as_ref().map_or("", |rate| rate.value.as_str());
            format!("{} {base} {rate} {}", line.code.value, line.vat.value)
        })
        .collect()
}

fn understood(text: &str) -> drafts::sheet::Understood {
    understand(&pasted(text), "", &defaults(), None)
}

#[test]
fn a_pasted_table_with_names_becomes_lines() {
    let got = understood(
        "Mva-kode\tTekst\tGrunnlag\tSats\tMva\n\
         3\tSalg\t100 000,00\t25 %\t25 000,00\n\
         31\tMat\t2 000\t15\t300\n\
         1\tKjøp\t\t\t1 250,75\n\
         \tSum\t\t\t24 049,25\n",
    );
    let meanings: Vec<Meaning> = got.columns.iter().map(|column| column.meaning).collect();
    assert_eq!(meanings, [Meaning::Code, Meaning::Nothing, Meaning::Base, Meaning::Rate, Meaning::Vat]);
    let [draft] = got.drafts.as_slice() else { panic!("{:?}", got.rows) };
    assert_eq!(lines(draft), ["3 100000 25 25000", "31 2000 15 300", "1   -1250"]);
    assert_eq!(draft.sum(), Decimal::from(24_050));
    assert_eq!(got.rows[0].1, Outcome::Heading);
    assert_eq!(got.rows[4].1, Outcome::Sum);
    let Outcome::Line { cut, made_negative, .. } = &got.rows[3].1 else { panic!() };
    assert!(*made_negative && cut.len() == 1);
    assert!(draft.made().is_ok());
}

#[test]
fn columns_without_names_are_told_by_what_they_hold() {
    let got = understood("3\t100000\t25\t25000\n31\t2000\t15\t300\n81\t1000\t25\t250\n");
    let meanings: Vec<Meaning> = got.columns.iter().map(|column| column.meaning).collect();
    assert_eq!(meanings, [Meaning::Code, Meaning::Base, Meaning::Rate, Meaning::Vat]);
    assert_eq!(lines(&got.drafts[0]), ["3 100000 25 25000", "31 2000 15 300", "81 1000 25 250"]);
    let got = understood("1\t-1250\n11\t-300\n");
    assert_eq!(lines(&got.drafts[0]), ["1   -1250", "11   -300"]);
}

#[test]
fn rate_and_vat_are_computed_where_they_are_not_told() {
    let got = understood("kode;grunnlag\n3;1000\n52;500\n86;400\n".replace(';', "\t").as_str());
    assert_eq!(lines(&got.drafts[0]), ["3 1000 25 250", "52 500 0 0", "86 400 25 100"]);
}

#[test]
fn several_companies_and_periods_become_several_drafts() {
    let got = understood(
        "Orgnr\tTermin\tMva-kode\tGrunnlag\n311797816\t5\t3\t1000\n312434276\t2026-5\t3\t2000\n311797816\t4/2026\t3\t3000\n\
         12\t5\t3\t1\n311797816\tsnart\t3\t1\n",
    );
    let about: Vec<(&str, u8, String)> = got
        .drafts
        .iter()
        .map(|draft| (draft.org_number.as_str(), draft.period.index, draft.sum().to_string()))
        .collect();
    let Outcome::Trouble(company) = &got.rows[4].1 else { panic!("{:?}", got.rows) };
    assert_eq!((company[0].address.as_str(), &company[0].trouble), ("A5", &Trouble::Company));
    let Outcome::Trouble(period) = &got.rows[5].1 else { panic!("{:?}", got.rows) };
    assert_eq!((period[0].address.as_str(), &period[0].trouble), ("B6", &Trouble::Period));
    assert_eq!(about[0], ("311797816", 5, "250".into()));
    assert!(about.contains(&("311797816", 4, "750".into())), "{about:?}");
}

#[test]
fn what_is_wrong_has_its_cell() {
    let got =
        understood("Mva-kode\tGrunnlag\tMva\n3\ttolv\t\n77\t100\t25\n3\t1,234\t\n3\t100\t25\n\t50\t\nTjenester\t\t\n");
    let trouble = |row: usize| match &got.rows[row].1 {
        Outcome::Trouble(all) => all.iter().map(|it| (it.address.clone(), it.trouble.clone())).collect::<Vec<_>>(),
        other => panic!("{row}: {other:?}"),
    };
    assert!(matches!(trouble(1).as_slice(), [(at, Trouble::NotAnAmount(_))] if at == "B2"));
    assert_eq!(trouble(2), [("A3".to_owned(), Trouble::UnknownCode)]);
    assert!(matches!(trouble(3).as_slice(), [(at, Trouble::NotAnAmount(_))] if at == "B4"));
    assert!(matches!(trouble(5).as_slice(), [(at, Trouble::NoCode)] if at == "B6"));
    assert_eq!(got.rows[6].1, Outcome::Words);
    assert_eq!(got.drafts[0].lines.len(), 1);
}

#[test]
fn what_the_person_chose_is_remembered_for_the_layout() {
    let layout = Layout {
        columns: vec![
            (0, "A".into(), Meaning::Code),
            (1, "B".into(), Meaning::Base),
            (2, "C".into(), Meaning::Nothing),
        ],
        decimals: None,
    };
    let named = "Kode\tB\tNetto\n3\t1000\t999\n";
    let first = understood(named);
    assert!(first.layout.columns.iter().any(|(_, name, _)| name == "B"));
    let stored: Layout = serde_json::from_str(&serde_json::to_string(&first.layout).unwrap()).unwrap();
    assert_eq!(stored, first.layout);
    let chosen = Layout {
        columns: vec![
            (0, "Kode".into(), Meaning::Code),
            (1, "B".into(), Meaning::Base),
            (2, "Netto".into(), Meaning::Nothing),
        ],
        decimals: None,
    };
    let got = understand(&pasted(named), "", &defaults(), Some(&chosen));
    assert_eq!(lines(&got.drafts[0]), ["3 1000 25 250"]);
    // One that does not fit is not used.
    let got = understand(&pasted(named), "", &defaults(), Some(&layout));
    assert_eq!(lines(&got.drafts[0]), ["3 999 25 249"]);
}

fn cells(fill: impl FnOnce(&mut Workbook)) -> Vec<u8> {
    let mut book = Workbook::new();
    fill(&mut book);
    book.save_to_buffer().unwrap()
}

#[test]
fn a_workbook_is_read_with_its_formulas_errors_days_and_hidden_sheets() {
    let bytes = cells(|book| {
        let sheet = book.add_worksheet();
        sheet.set_name("Termin").unwrap();
        for (column, name) in ["Mva-kode", "Grunnlag", "Sats", "Mva"].into_iter().enumerate() {
            sheet.write(0, u16::try_from(column).unwrap(), name).unwrap();
        }
        sheet.write(1, 0, 3).unwrap();
        sheet.write_formula(1, 1, Formula::new("=500*2").set_result("1000")).unwrap();
        sheet.write_with_format(1, 2, 0.25, &Format::new().set_num_format("0%")).unwrap();
        sheet.write(1, 3, 250.000_000_000_1).unwrap();
        sheet.write(2, 0, 3).unwrap();
        sheet.write_formula(2, 1, Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
        sheet.write(3, 0, 3).unwrap();
        let day = rust_xlsxwriter::ExcelDateTime::from_ymd(2026, 1, 1).unwrap();
        sheet.write_with_format(3, 1, &day, &Format::new().set_num_format("yyyy-mm-dd")).unwrap();
        sheet.merge_range(5, 0, 5, 3, "Slått sammen", &Format::new()).unwrap();
        let hidden = book.add_worksheet();
        hidden.set_name("Gjemt").unwrap();
        hidden.set_hidden(true);
        hidden.write(0, 0, "Mva-kode").unwrap();
    });
    let (grids, hidden) = open(&bytes).unwrap();
    assert_eq!(grids.iter().map(|grid| grid.name.as_str()).collect::<Vec<_>>(), ["Termin"]);
    assert_eq!(hidden, ["Gjemt"]);
    let got = understand(&grids[0], "bok.xlsx", &defaults(), None);
    assert_eq!(lines(&got.drafts[0]), ["3 1000 25 250"]);
    assert_eq!(got.drafts[0].origin, Origin::Sheet { file: Some("bok.xlsx".into()) });
    let trouble = |row: usize| match &got.rows[row].1 {
        Outcome::Trouble(all) => (all[0].address.clone(), all[0].trouble.clone()),
        other => panic!("{row}: {other:?}"),
    };
    assert!(
        matches!(trouble(2), (at, Trouble::FormulaError | Trouble::NotAnAmount(_)) if at == "B3"),
        "{:?}",
        got.rows[2]
    );
    assert_eq!(trouble(3), ("B4".into(), Trouble::Day));
    assert_eq!(got.rows[4].1, Outcome::Words);
}

#[test]
fn two_cells_far_apart_cost_nothing() {
    let bytes = cells(|book| {
        let sheet = book.add_worksheet();
        sheet.write(0, 0, "Mva-kode").unwrap();
        sheet.write(0, 1, "Grunnlag").unwrap();
        sheet.write(1_048_575, 16_383, 1).unwrap();
    });
    let (grids, _) = open(&bytes).unwrap();
    assert_eq!(grids[0].rows.len(), 2);
}

fn a_return_with_everything() -> Draft {
    let mut draft = Draft::new("311797816", term(5), Category::Ordinary);
    let sales = draft.add("3");
    let services = draft.add("86");
    let purchases = draft.add("1");
    let mut set = |line, field, text: &str| draft.apply(&Edit::Type { line, field, text: text.into() }).unwrap();
    set(sales, Field::Base, "1000");
    set(sales, Field::Specification, "uttak");
    set(sales, Field::OwnCode, "03");
    set(services, Field::Base, "400");
    set(purchases, Field::Vat, "77");
    draft.apply(&Edit::LineNote { line: purchases, note: Some(Note::Free("Etter avtale".into())) }).unwrap();
    draft.apply(&Edit::Kid(Some("0002345676".into()))).unwrap();
    draft
}

fn through(draft: &Draft, language: Language) -> Draft {
    let bytes = workbook(draft, language).unwrap();
    let (grids, _) = open(&bytes).unwrap();
    let other = Defaults { org_number: None, period: term(1), category: Category::Compensation };
    let got = understand(&grids[0], "", &other, None);
    let [draft] = got.drafts.as_slice() else { panic!("{:?}", got.rows) };
    draft.clone()
}

/// What a draft says, whatever its lines are numbered.
fn said(draft: &Draft) -> String {
    draft.as_it_stands().0.write()
}

#[test]
fn a_return_comes_back_from_the_template_as_it_was() {
    for language in [Language::Nb, Language::Nn, Language::En] {
        let draft = a_return_with_everything();
        assert_eq!(said(&through(&draft, language)), said(&draft));
    }
    for sample in &vat_return::samples::ALL {
        let ret = read(sample.bytes).unwrap();
        let draft =
            Draft { reference: "".into(), system: None, stated_sum: None, ..Draft::of_return(&ret, Origin::Typed) };
        assert_eq!(said(&through(&draft, Language::Nb)), said(&draft), "{}", sample.id);
    }
}

/// Whoever hands over the spreadsheet that a draft is made of writes its words.
#[test]
fn a_draft_is_written_with_nothing_that_computes() {
    let kid = "0311797816202605123456789";
    for evil in shown::cell::FORMULAS {
        let mut draft = a_return_with_everything();
        let line = draft.lines[0].id;
        draft.apply(&Edit::LineNote { line, note: Some(Note::Free(evil.into())) }).unwrap();
        draft.apply(&Edit::Kid(Some(kid.into()))).unwrap();
        let written = drafts::sheet::csv(&draft, Language::Nb).unwrap();
        let mut reader =
            csv::ReaderBuilder::new().delimiter(b';').flexible(true).has_headers(false).from_reader(&written[3..]);
        let cells: Vec<String> =
            reader.records().flat_map(|row| row.unwrap().iter().map(str::to_owned).collect::<Vec<_>>()).collect();
        assert!(cells.contains(&format!("=\"{kid}\"")), "{cells:?}");
        for cell in &cells {
            let amount = cell
                .strip_prefix(['+', '-'])
                .is_some_and(|rest| rest.chars().all(|it| it.is_ascii_digit() || it == ','));
            let text = cell
                .strip_prefix("=\"")
                .is_some_and(|rest| rest.trim_end_matches('"').chars().all(|it| it.is_ascii_digit()));
            assert!(amount || text || !shown::cell::begins_formula(cell), "{evil:?}: {cell:?}");
        }
        // And it comes back.
        let (grids, _) = open(&written).unwrap();
        let got = understand(&grids[0], "", &defaults(), None);
        let [back] = got.drafts.as_slice() else { panic!("{:?}", got.rows) };
        assert_eq!(back.kid.as_deref(), Some(kid));
        assert!(matches!(&back.lines[0].note, Some(Note::Free(note)) if note.trim() == evil.trim()), "{evil:?}");
    }
}

#[test]
fn an_empty_template_is_a_nullmelding_of_its_company() {
    let bytes = template(&a_return_with_everything(), Language::Nb).unwrap();
    let (grids, _) = open(&bytes).unwrap();
    let got = understand(&grids[0], "", &defaults(), None);
    assert!(got.drafts[0].is_nothing());
    assert_eq!(got.drafts[0].org_number, "311797816");
}

#[test]
fn what_is_no_spreadsheet_is_said() {
    assert!(matches!(open(b""), Err(NotASheet::Empty)));
    assert!(matches!(open(b"PK\x03\x04rubbish"), Err(NotASheet::Damaged(_))));
    assert!(matches!(open(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0, 0]), Err(NotASheet::Damaged(_))));
}

#[test]
fn a_sheet_of_two_hundred_columns_and_two_heads_is_read() {
    let mut text = String::from("Mva-kode");
    for _ in 0..199 {
        text.push_str("\tannet");
    }
    text.push_str("\tGrunnlag\nSAF-T\t\n3");
    for _ in 0..199 {
        text.push_str("\tx");
    }
    text.push_str("\t1000\n");
    let got = understood(&text);
    assert_eq!(lines(&got.drafts[0]), ["3 1000 25 250"], "{:?}", got.rows);
}

/// The whole million in `cargo xtask sheets`, a part of it in everybody's run.
#[test]
fn a_million_rows_are_read() {
    let count = if std::env::var_os("MOMSBUD_RETURNS").is_some() { 1_000_000 } else { 50_000 };
    let text = format!("kode\tgrunnlag\n{}", "3\t1\n".repeat(count));
    let got = understood(&text);
    // As many lines as one return takes; every other row is named as left out.
    assert_eq!(got.drafts[0].lines.len(), MOST_LINES);
    let left_out = |row: &&(u32, Outcome)| matches!(row.1, Outcome::Trouble(_));
    assert_eq!(got.rows.iter().filter(left_out).count(), count - MOST_LINES);
    let _: &Grid = &pasted(&text);
    // As many companies.
    let text = format!("orgnr\tkode\tgrunnlag\n{}", "311797816\t3\t1\n315203856\t3\t1\n".repeat(count / 2));
    assert_eq!(understood(&text).drafts.len(), 2);
}

#[test]
fn macros_are_not_read_and_a_binary_workbook_is_named() {
    use std::io::{Cursor, Write as _};
    let with = |name: &str| {
        let mut archive =
            zip::ZipWriter::new_append(Cursor::new(workbook(&a_return_with_everything(), Language::Nb).unwrap()))
                .unwrap();
        archive.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(b"Sub Auto_Open()").unwrap();
        archive.finish().unwrap().into_inner()
    };
    let (grids, _) = open(&with("xl/vbaProject.bin")).unwrap();
    let got = understand(&grids[0], "", &defaults(), None);
    assert_eq!(said(&got.drafts[0]), said(&a_return_with_everything()));
    assert!(matches!(open(&with("xl/workbook.bin")), Err(NotASheet::Binary)));
}

#[test]
fn what_unfolds_to_more_than_a_spreadsheet_is_refused() {
    use std::io::{Cursor, Write as _};
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, megabytes) in [("xl/workbook.xml", 1), ("xl/sharedStrings.xml", 130)] {
        archive.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        for _ in 0..megabytes {
            archive.write_all(&vec![b' '; 1 << 20]).unwrap();
        }
    }
    let bytes = archive.finish().unwrap().into_inner();
    assert!(bytes.len() < 1 << 20);
    assert!(matches!(open(&bytes), Err(NotASheet::TooLarge)));
}

#[test]
fn a_merged_company_is_that_of_all_its_rows_and_an_amount_is_not_repeated() {
    let bytes = cells(|book| {
        let sheet = book.add_worksheet();
        for (column, name) in ["Orgnr", "Mva-kode", "Grunnlag"].into_iter().enumerate() {
            sheet.write(0, u16::try_from(column).unwrap(), name).unwrap();
        }
        sheet.merge_range(1, 0, 2, 0, "311797816", &Format::new()).unwrap();
        sheet.merge_range(3, 0, 4, 0, "315203856", &Format::new()).unwrap();
        sheet.merge_range(3, 2, 4, 2, "", &Format::new()).unwrap();
        for (row, code) in [(1, 3), (2, 31), (3, 3), (4, 31)] {
            sheet.write(row, 1, code).unwrap();
        }
        sheet.write(1, 2, 1000).unwrap();
        sheet.write(2, 2, 2000).unwrap();
        sheet.write(3, 2, 3000).unwrap();
    });
    let (grids, _) = open(&bytes).unwrap();
    let other = Defaults { org_number: None, ..defaults() };
    let got = understand(&grids[0], "", &other, None);
    let about: Vec<(&str, Vec<String>)> =
        got.drafts.iter().map(|draft| (draft.org_number.as_str(), lines(draft))).collect();
    assert_eq!(
        about,
        [
            ("311797816", vec!["3 1000 25 250".to_owned(), "31 2000 15 300".into()]),
            ("315203856", vec!["3 3000 25 750".into()])
        ]
    );
    assert_eq!(got.rows[4].1, Outcome::Empty);
}

#[test]
fn what_is_claimed_back_has_its_base_and_its_minus() {
    let compensation = Defaults { category: Category::Compensation, ..defaults() };
    let got = understand(&pasted("kode\tgrunnlag\tmva\n1\t1000\t250\n13\t100\t12\n"), "", &compensation, None);
    assert_eq!(lines(&got.drafts[0]), ["1 -1000 25 -250", "13 -100 12 -12"]);
    // With a minus anywhere they are meant as they stand.
    let got = understand(&pasted("kode\tgrunnlag\n1\t-1000\n13\t100\n"), "", &compensation, None);
    assert_eq!(lines(&got.drafts[0]), ["1 -1000 25 -250", "13 100 12 12"]);
}

#[test]
fn as_many_lines_of_reverse_charge_as_a_return_takes_find_their_deductions() {
    let text = format!(
        "kode\tgrunnlag\tmva\n{}{}",
        "86\t100\t25\n".repeat(MOST_LINES / 2),
        "86\t\t-25\n".repeat(MOST_LINES / 2)
    );
    let got = understood(&text);
    assert_eq!(got.drafts[0].sum(), Decimal::ZERO);
    assert_eq!(got.drafts[0].lines.iter().filter(|line| line.deducts.is_some()).count(), MOST_LINES / 2);
}
