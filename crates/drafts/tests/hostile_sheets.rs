//! Spreadsheets that somebody has made to do harm: a few kilobytes that ask for gigabytes, or for hours.
//!
//! A reader that believed them would be ended by the system, so that none of these could be caught afterwards.

#![allow(clippy::unwrap_used, clippy::panic)]

use drafts::sheet::{
    Defaults, MOST_DRAFTS, MOST_LINES, NotASheet, Outcome, Trouble, Understood, open, pasted, understand,
};
use rust_xlsxwriter::Workbook;
use std::fmt::Write as _;
use std::io::{Cursor, Read as _, Write as _};
use std::time::{Duration, Instant};
use vat_return::{Category, Period, PeriodKind};
use zip::write::SimpleFileOptions;

/// Long enough for any machine that tests, and short beside what is tried here.
const SOON: Duration = Duration::from_secs(120);

fn term(index: u8) -> Period {
    Period { kind: PeriodKind::TwoMonths, index, year: 2026 }
}

fn defaults() -> Defaults {
    Defaults { org_number: Some("311797816".into()), period: term(5), category: Category::Ordinary }
}

fn too_large(bytes: &[u8]) -> bool {
    let begun = Instant::now();
    let found = open(bytes);
    assert!(begun.elapsed() < SOON, "{:?}", begun.elapsed());
    match found {
        Err(NotASheet::TooLarge) => true,
        Err(other) => panic!("{other}"),
        Ok(_) => false,
    }
}

/// A small workbook with one of its parts changed.
fn xlsx(part: &str, change: impl Fn(String) -> String) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write(0, 0, "Mva-kode").unwrap();
    sheet.write(0, 1, "Grunnlag").unwrap();
    sheet.write(1, 0, 3).unwrap();
    sheet.write(1, 1, 1000).unwrap();
    let mut old = zip::ZipArchive::new(Cursor::new(book.save_to_buffer().unwrap())).unwrap();
    let mut new = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..old.len() {
        let mut file = old.by_index(at).unwrap();
        let (name, mut text) = (file.name().unwrap().into_owned(), String::new());
        file.read_to_string(&mut text).unwrap();
        new.start_file(&name, SimpleFileOptions::default()).unwrap();
        new.write_all((if name == part { change(text) } else { text }).as_bytes()).unwrap();
    }
    new.finish().unwrap().into_inner()
}

fn ods(tables: &str) -> Vec<u8> {
    let mut new = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    new.start_file("mimetype", stored).unwrap();
    new.write_all(b"application/vnd.oasis.opendocument.spreadsheet").unwrap();
    new.start_file("META-INF/manifest.xml", SimpleFileOptions::default()).unwrap();
    new.write_all(b"<manifest:manifest xmlns:manifest=\"m\"/>").unwrap();
    new.start_file("content.xml", SimpleFileOptions::default()).unwrap();
    let content = format!(
        "<office:document-content xmlns:office=\"o\" xmlns:table=\"t\" xmlns:text=\"x\"><office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    );
    new.write_all(content.as_bytes()).unwrap();
    new.finish().unwrap().into_inner()
}

fn table(rows: &str) -> String {
    format!("<table:table table:name=\"T\">{rows}</table:table>")
}

/// A workbook of the older kind with one sheet of these records, and these texts.
fn xls(texts: &[&str], records: &[(u16, Vec<u8>)]) -> Vec<u8> {
    let record = |into: &mut Vec<u8>, kind: u16, data: &[u8]| {
        into.extend(kind.to_le_bytes());
        into.extend(u16::try_from(data.len()).unwrap().to_le_bytes());
        into.extend(data);
    };
    let bof = |kind: u16| [0x0600_u16.to_le_bytes(), kind.to_le_bytes(), [0, 0], [0, 0]].concat();
    let mut shared = vec![0; 8];
    for text in texts {
        shared.extend(u16::try_from(text.len()).unwrap().to_le_bytes());
        shared.push(0);
        shared.extend(text.as_bytes());
    }
    let globals = |at: u32| {
        let mut globals = Vec::new();
        record(&mut globals, 0x0809, &bof(5));
        record(&mut globals, 0x0085, &[&at.to_le_bytes()[..], &[0, 0, 1, 0, b'T']].concat());
        if !texts.is_empty() {
            record(&mut globals, 0x00fc, &shared);
        }
        record(&mut globals, 0x000a, &[]);
        globals
    };
    let at = u32::try_from(globals(0).len()).unwrap();
    let mut stream = globals(at);
    record(&mut stream, 0x0809, &bof(0x10));
    for (kind, data) in records {
        record(&mut stream, *kind, data);
    }
    record(&mut stream, 0x000a, &[]);
    // Shorter streams lie elsewhere in the container, where calamine looks for them otherwise.
    stream.resize(stream.len().max(4096), 0);
    let mut container = cfb::CompoundFile::create_with_version(cfb::Version::V3, Cursor::new(Vec::new())).unwrap();
    container.create_stream("/Workbook").unwrap().write_all(&stream).unwrap();
    container.flush().unwrap();
    container.into_inner().into_inner()
}

fn number(row: u16, column: u16) -> (u16, Vec<u8>) {
    (0x0203, [&row.to_le_bytes()[..], &column.to_le_bytes(), &[0, 0], &3_f64.to_le_bytes()].concat())
}

fn shared(row: u16, column: u16, text: u32) -> (u16, Vec<u8>) {
    (0x00fd, [&row.to_le_bytes()[..], &column.to_le_bytes(), &[0, 0], &text.to_le_bytes()].concat())
}

#[test]
fn the_files_that_are_changed_here_can_be_read_unchanged() {
    let (grids, _) = open(&xlsx("", |same| same)).unwrap();
    assert_eq!(understand(&grids[0], "", &defaults(), None).drafts[0].sum().to_string(), "250");
    let row = |cells: &str| format!("<table:table-row>{cells}</table:table-row>");
    let text = |text: &str| {
        format!("<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>")
    };
    let value = |value: u32| format!("<table:table-cell office:value-type=\"float\" office:value=\"{value}\"/>");
    let far = "<table:table-cell table:number-columns-repeated=\"16382\"/>";
    let rows = row(&(text("Mva-kode") + &text("Grunnlag") + far)) + &row(&(value(3) + &value(1000) + far));
    let end = format!("<table:table-row table:number-rows-repeated=\"1048574\">{far}</table:table-row>");
    let (grids, _) = open(&ods(&table(&(rows + &end)))).unwrap();
    assert_eq!(understand(&grids[0], "", &defaults(), None).drafts[0].sum().to_string(), "250");
    let cells = [shared(0, 0, 0), shared(0, 1, 1), number(1, 0), number(1, 1)];
    let (grids, _) = open(&xls(&["Mva-kode", "Grunnlag"], &cells)).unwrap();
    assert_eq!(grids[0].rows[0].cells[1].text(), "Grunnlag");
    assert_eq!(understand(&grids[0], "", &defaults(), None).drafts.len(), 1);
}

/// The same in the other kinds of workbook: a formula without its value, and one that gave an empty text.
#[test]
fn a_formula_without_its_value_is_none_in_any_kind_of_workbook() {
    let cell = |attributes: &str, text: &str| {
        format!("<table:table-cell {attributes}><text:p>{text}</text:p></table:table-cell>")
    };
    let word = |text: &str| cell("office:value-type=\"string\"", text);
    let of_ods = |last: &str| {
        let row = |cells: String| format!("<table:table-row>{cells}</table:table-row>");
        let code = cell("office:value-type=\"float\" office:value=\"3\"", "3");
        open(&ods(&table(&(row(word("Mva-kode") + &word("Grunnlag")) + &row(code + last))))).unwrap().0
    };
    let formula = |value: [u8; 8], tokens: &[u8]| {
        let head = [1_u16.to_le_bytes(), 1_u16.to_le_bytes(), [0, 0]].concat();
        let length = u16::try_from(tokens.len()).unwrap().to_le_bytes();
        (0x0006, [&head[..], &value, &[0, 0], &[0; 4], &length, tokens].concat())
    };
    let of_xls = |last: (u16, Vec<u8>)| {
        open(&xls(&["Mva-kode", "Grunnlag"], &[shared(0, 0, 0), shared(0, 1, 1), number(1, 0), last])).unwrap().0
    };
    let none = [3, 0, 0, 0, 0, 0, 0xff, 0xff];
    // 7 × 2, and IF-less: the text "" alone.
    let (product, empty_text) = ([0x1e, 7, 0, 0x1e, 2, 0, 0x05], [0x17, 0, 0]);
    for (name, grids) in [
        ("ods", of_ods(&cell("table:formula=\"of:=7*2\"", ""))),
        ("ods without a text", of_ods("<table:table-cell table:formula=\"of:=7*2\"/>")),
        ("xls", of_xls(formula(none, &product))),
    ] {
        let got = understand(&grids[0], "", &defaults(), None).rows.pop().unwrap().1;
        let Outcome::Trouble(troubles) = got else { panic!("{name}: {got:?}") };
        assert_eq!((troubles[0].address.as_str(), &troubles[0].trouble), ("B2", &Trouble::FormulaError), "{name}");
    }
    for (name, grids) in [
        ("ods", of_ods(&cell("table:formula=\"of:=&quot;&quot;\" office:value-type=\"string\"", ""))),
        ("xls", of_xls(formula(none, &empty_text))),
    ] {
        let got = understand(&grids[0], "", &defaults(), None).rows.pop().unwrap().1;
        assert_eq!(got, Outcome::Empty, "{name}");
    }
}

/// Programs that compute nothing save formulas so, and a line of them would be taken for an empty one.
#[test]
fn a_formula_that_was_saved_without_its_value_is_no_empty_cell() {
    let outcome = |cell: &str| {
        let bytes = xlsx("xl/worksheets/sheet1.xml", |text| {
            assert!(text.contains(r#"<c r="B2"><v>1000</v></c>"#), "{text}");
            text.replace(r#"<c r="B2"><v>1000</v></c>"#, cell)
        });
        let (grids, _) = open(&bytes).unwrap();
        understand(&grids[0], "bok.xlsx", &defaults(), None).rows.pop().unwrap().1
    };
    for cell in ["<f>100*10</f><v></v>", "<f>100*10</f><v/>", "<f>100*10</f>"] {
        let Outcome::Trouble(all) = outcome(&format!(r#"<c r="B2">{cell}</c>"#)) else { panic!("{cell}") };
        assert_eq!((all[0].address.as_str(), &all[0].trouble), ("B2", &Trouble::FormulaError), "{cell}");
    }
    // One that gave an empty text is as good as none.
    assert_eq!(outcome(r#"<c r="B2" t="str"><f>IF(TRUE,"")</f><v></v></c>"#), Outcome::Empty);
    assert_eq!(outcome(r#"<c r="B2"/>"#), Outcome::Empty);
    // Nor is a row of words what a failed amount has and no code.
    let bytes = xlsx("xl/worksheets/sheet1.xml", |text| {
        text.replace(r#"<c r="A2"><v>3</v></c>"#, "").replace("<v>1000</v>", "<f>100*10</f>")
    });
    let (grids, _) = open(&bytes).unwrap();
    let rows = understand(&grids[0], "bok.xlsx", &defaults(), None).rows;
    assert!(matches!(&rows[1].1, Outcome::Trouble(_)), "{rows:?}");
}

#[test]
fn no_room_is_made_for_texts_that_are_only_promised() {
    for promised in ["1000000000000000000", "30000000000", "99999999999999999999999"] {
        let file = xlsx("xl/sharedStrings.xml", |text| {
            let at = text.find("uniqueCount=\"").unwrap() + 13;
            let end = at + text[at..].find('"').unwrap();
            format!("{}{promised}{}", &text[..at], &text[end..])
        });
        assert!(too_large(&file), "{promised}");
    }
    // So many empty ones that each need only a few letters of what is packed.
    assert!(too_large(
        &xlsx("xl/sharedStrings.xml", |text| text.replace("</sst>", &("<si/>".repeat(2_100_000) + "</sst>")))
    ));
}

#[test]
fn one_long_text_is_not_copied_into_a_million_cells() {
    let long = "A".repeat(1 << 17);
    let mut rows = String::new();
    for row in 0..20_000 {
        write!(rows, "<row r=\"{row}\"><c t=\"s\"><v>0</v></c><c t=\"s\"><v>0</v></c></row>", row = row + 1).unwrap();
    }
    let mut old =
        zip::ZipArchive::new(Cursor::new(xlsx("xl/sharedStrings.xml", |text| text.replace("Mva-kode", &long))))
            .unwrap();
    let mut new = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..old.len() {
        let mut file = old.by_index(at).unwrap();
        let (name, mut text) = (file.name().unwrap().into_owned(), String::new());
        file.read_to_string(&mut text).unwrap();
        if name.ends_with("sheet1.xml") {
            let at = text.find("<sheetData>").unwrap() + 11;
            let end = text.find("</sheetData>").unwrap();
            text = format!("{}{rows}{}", &text[..at], &text[end..]);
        }
        new.start_file(&name, SimpleFileOptions::default()).unwrap();
        new.write_all(text.as_bytes()).unwrap();
    }
    assert!(too_large(&new.finish().unwrap().into_inner()));

    let cell = format!(
        "<table:table-cell office:value-type=\"string\" office:string-value=\"{long}\" table:number-columns-repeated=\"16000\"/>"
    );
    assert!(too_large(&ods(&table(&format!("<table:table-row>{cell}</table:table-row>")))));
    let cell = format!("<table:table-cell office:value-type=\"string\"><text:p>{long}</text:p></table:table-cell>");
    let row = format!("<table:table-row table:number-rows-repeated=\"1000000\">{cell}</table:table-row>");
    assert!(too_large(&ods(&table(&row))));

    let cells: Vec<_> = (0..60_000).map(|row| shared(row, 0, 0)).collect();
    assert!(too_large(&xls(&[&"A".repeat(8_000)], &cells)));
}

#[test]
fn a_sheet_that_is_named_thousands_of_times_is_not_read_as_often() {
    let mut book = zip::ZipArchive::new(Cursor::new(xlsx("xl/workbook.xml", |text| {
        let at = text.find("<sheet ").unwrap();
        let end = at + text[at..].find("/>").unwrap() + 2;
        let mut many = String::new();
        for number in 0..3_000 {
            write!(many, "<sheet name=\"S{number}\" sheetId=\"1\" r:id=\"rId1\"/>").unwrap();
        }
        format!("{}{many}{}", &text[..at], &text[end..])
    })))
    .unwrap();
    let mut new = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..book.len() {
        let mut file = book.by_index(at).unwrap();
        let (name, mut text) = (file.name().unwrap().into_owned(), String::new());
        file.read_to_string(&mut text).unwrap();
        if name.ends_with("sheet1.xml") {
            text = text.replace("<sheetData>", &format!("<sheetData>{}", "<row/>".repeat(1_000_000)));
        }
        new.start_file(&name, SimpleFileOptions::default()).unwrap();
        new.write_all(text.as_bytes()).unwrap();
    }
    assert!(too_large(&new.finish().unwrap().into_inner()));
}

#[test]
fn cells_far_apart_do_not_span_a_sheet_of_gigabytes() {
    let value = "office:value=\"1\"";
    let wide = |value: &str| {
        format!(
            "<table:table-row><table:table-cell {value} table:number-columns-repeated=\"16384\"/></table:table-row>"
        )
    };
    // Whatever makes a cell one that holds something, alone.
    for held in [
        "office:value-type=\"float\" office:value=\"1\"",
        value,
        "table:formula=\"of:=1\"",
        "office:string-value=\"a\"",
    ] {
        let deep = format!(
            "<table:table-row table:number-rows-repeated=\"1000000\"><table:table-cell {held}/></table:table-row>"
        );
        assert!(too_large(&ods(&table(&(wide(held) + &deep)))), "{held}");
    }
    // Each within bounds, and all together not.
    let one = "<table:table-row table:number-rows-repeated=\"1000000\"><table:table-cell office:value=\"1\" table:number-columns-repeated=\"7\"/></table:table-row>";
    let many: String = (0..40).map(|at| table(one).replace("\"T\"", &format!("\"T{at}\""))).collect();
    assert!(too_large(&ods(&many)));
    // A count that is written otherwise.
    let hidden = "<table:table-row table:number-rows-repeated=\"&#49;000000\"><table:table-cell office:value=\"1\"/></table:table-row>";
    assert!(open(&ods(&table(&(wide(value) + hidden)))).is_err());
    // A row within a cell would begin the count anew.
    let within = format!(
        "<table:table-row><table:table-cell {value}/><table:table-cell office:value-type=\"string\" table:number-columns-repeated=\"16000\"><table:table-row/></table:table-cell></table:table-row>"
    );
    assert!(open(&ods(&table(&within))).is_err());

    assert!(too_large(&xls(&[], &[number(0, 0), number(65_535, 65_000)])));
    let wide: Vec<_> = [number(0, 0), number(65_535, 255)].into();
    assert!(too_large(&xls(&[], &wide)));
    // Room is made for what `DIMENSIONS` names.
    let rows = |first: u32, rows: u32, first_column: u16, columns: u16| {
        let numbers = [&first.to_le_bytes()[..], &rows.to_le_bytes(), &first_column.to_le_bytes()].concat();
        (0x0200, [&numbers[..], &columns.to_le_bytes(), &[0, 0]].concat())
    };
    for dimensions in [rows(0, u32::MAX, 0, u16::MAX), rows(9, 3, 0, 2), rows(0, 10_000_000, 0, 60_000)] {
        assert!(open(&xls(&[], &[dimensions, number(0, 0), number(1, 1)])).is_err());
    }
    assert!(open(&xls(&[], &[rows(0, 2, 0, 2), number(0, 0), number(1, 1)])).is_ok());
}

#[test]
fn what_calamine_breaks_off_at_is_a_damaged_file() {
    let file = xlsx("xl/worksheets/sheet1.xml", |text| text.replace("r=\"A1\"", "r=\"ZZZZZZZZZZZZ99999999999\""));
    // It reads something or nothing, and comes back.
    let _ = open(&file);
    for cut in [20, 30, 40, 100, 512, 600, 1024, 2000] {
        let mut file = xls(&["a", "b"], &[shared(0, 0, 0), number(1, 1)]);
        file.truncate(cut);
        assert!(open(&file).is_err(), "{cut}");
    }
}

/// A number that is read by going one call deeper for each digit would end the program.
#[test]
fn a_number_of_endless_digits_ends_nothing() {
    let endless = "0".repeat(1_000_000);
    for number in [endless.clone(), format!("0,{endless}"), format!("0.{endless} %"), format!("25{endless}")] {
        for row in [format!("3;{number};25;250"), format!("3;1.000;{number};250"), format!("3;1000;25;{number}")] {
            let table = format!("Mva-kode;Grunnlag;Sats;Mva\n{row}\n");
            let Ok((tables, ..)) = open(table.as_bytes()) else { continue };
            let understood = understand(&tables[0], "", &defaults(), None);
            for draft in &understood.drafts {
                let _ = (draft.sum(), draft.lines.iter().map(|line| draft.vat_of(line)).collect::<Vec<_>>());
            }
        }
    }
}

#[test]
fn a_table_of_endless_columns_or_companies_takes_no_hours() {
    let begun = Instant::now();
    let mut wide = "Mva-kode;Grunnlag".to_owned() + &";x".repeat(100_000) + "\n3;1000" + &";1".repeat(100_000) + "\n";
    assert_eq!(
        understand(&open(wide.as_bytes()).unwrap().0[0], "", &defaults(), None).drafts[0].sum().to_string(),
        "250"
    );
    wide.push_str(&";".repeat(200_000));
    assert!(open(wide.as_bytes()).is_ok());

    let mut long = String::from("Orgnr\tPeriode\tMva-kode\tGrunnlag\n");
    for at in 0..30_000 {
        let (year, index) = (2000 + at % 100, 1 + at % 6);
        writeln!(long, "{}\t{year}-{index}\t3\t{at}", company(at / 600)).unwrap();
    }
    let understood = understand(&pasted(&long), "", &defaults(), None);
    assert_eq!(understood.drafts.len(), MOST_DRAFTS, "what is made of one sheet is bounded");
    let said = |understood: &Understood, what: Trouble| {
        let is = |outcome: &Outcome| matches!(outcome, Outcome::Trouble(of) if of[0].trouble == what);
        understood.rows.iter().filter(|(_, outcome)| is(outcome)).count()
    };
    assert!(said(&understood, Trouble::TooManyReturns) > 10_000, "and each row that is left out is said");
    assert!(begun.elapsed() < SOON, "{:?}", begun.elapsed());

    let one = "Mva-kode\tGrunnlag\n".to_owned() + &"3\t1000\n".repeat(MOST_LINES + 5);
    let understood = understand(&pasted(&one), "", &defaults(), None);
    assert_eq!((understood.drafts.len(), understood.drafts[0].lines.len()), (1, MOST_LINES));
    assert_eq!(said(&understood, Trouble::TooManyLines), 5);
    assert!(begun.elapsed() < SOON, "{:?}", begun.elapsed());

    let cells = "1;".repeat(5_100_000);
    assert!(too_large(cells.as_bytes()), "more than can be taken is said, not cut off");
}

/// A number that could be a company's.
fn company(at: u32) -> String {
    let digits: Vec<u32> =
        format!("{:08}", 30_000_000 + at * 11).chars().map(|digit| digit.to_digit(10).unwrap()).collect();
    let sum: u32 = digits.iter().zip([3, 2, 7, 6, 5, 4, 3, 2]).map(|(digit, weight)| digit * weight).sum();
    let check = (11 - sum % 11) % 11;
    if check == 10 { company(at + 1_000_000) } else { format!("{:08}{check}", 30_000_000 + at * 11) }
}

#[test]
fn a_cell_holds_no_orders_for_a_terminal() {
    let text = "Mva-kode\tGrunnlag\tMerknad\n3\t1\u{7}000\t\u{1b}[31mA\u{9b}2J\u{7f}B\u{0}\n";
    let file = xlsx("xl/sharedStrings.xml", |strings| strings.replace("Mva-kode", "Mva-kode\u{9b}2J"));
    for (grid, wanted) in [(pasted(text), "[31mA2JB"), (open(&file).unwrap().0.remove(0), "Mva-kode2J")] {
        let texts: Vec<String> = grid.rows.iter().flat_map(|row| &row.cells).map(|cell| cell.text()).collect();
        assert!(texts.contains(&wanted.to_owned()), "{texts:?}");
        assert!(!texts.iter().any(|text| text.contains(char::is_control)), "{texts:?}");
    }
}

#[test]
fn what_is_cut_off_is_not_waited_for() {
    let cell = "<table:table-cell office:value-type=\"string\">";
    let row = format!("<table:table-row>{cell}<text:p>a</text:p></table:table-cell></table:table-row>");
    let cut = [
        format!("<table:table table:name=\"T\">{row}"),
        format!("<table:table table:name=\"T\"><table:table-row>{cell}"),
        table(&format!("<table:table-row>{cell}<office:annotation></table:table-cell></table:table-row>")),
        format!("<table:table table:name=\"T\"><table:table-row>{cell}<office:annotation>"),
    ];
    for cut in cut {
        assert!(open(&ods(&cut)).is_err(), "{cut}");
    }
    let remark = row.replace("<text:p>", "<office:annotation><text:p>b</text:p></office:annotation><text:p>");
    assert_eq!(open(&ods(&table(&remark))).unwrap().0[0].rows[0].cells[0].text(), "a");
    // Blanks that are only counted.
    let blanks = row.replace("<text:p>", "<text:p><text:s text:c=\"1000000000000000\"/>");
    assert!(too_large(&ods(&table(&blanks))));
}

/// What LibreOffice has written, with texts that go on in another record.
#[test]
fn what_an_ordinary_program_has_written_is_within_bounds() {
    for file in ["libreoffice.xls", "libreoffice.ods"] {
        let bytes = std::fs::read(format!("{}/tests/data/{file}", env!("CARGO_MANIFEST_DIR"))).unwrap();
        let (grids, hidden) = open(&bytes).unwrap_or_else(|why| panic!("{file}: {why}"));
        let understood = understand(&grids[0], file, &defaults(), None);
        assert_eq!((understood.drafts.len(), hidden.len()), (1, 0), "{file}");
        assert_eq!(understood.drafts[0].lines.len(), 110, "{file}");
        let last = grids[0].rows.last().unwrap().cells.last().unwrap().text();
        assert!(last.starts_with("Merknad 109 med æøå"), "{file}: {last}");
    }
}
