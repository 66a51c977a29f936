//! The template: one sheet to fill in for a category, and any return written on it.

use super::text;
use crate::compute;
use crate::draft::{Cell, Draft, DraftLine, Note, Rate};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use rust_xlsxwriter::{
    DataValidation, DataValidationRule, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};
use std::fmt;
use vat_return::explain::{code_name, specification_name};
use vat_return::tables::{Direction, Specification, tables};
use vat_return::{Category, Language};

/// The row of the column names, from 0.
const HEAD: u32 = 7;
/// Rows to fill in.
const LINES: u32 = 200;

/// The workbook could not be written.
#[derive(Debug)]
pub struct NotWritten(XlsxError);

impl fmt::Display for NotWritten {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the workbook cannot be written: {}", self.0)
    }
}

impl std::error::Error for NotWritten {}

impl From<XlsxError> for NotWritten {
    fn from(error: XlsxError) -> Self {
        Self(error)
    }
}

/// The words of the template. The names of columns are the ones that are recognised.
struct Words {
    sheet: &'static str,
    codes: &'static str,
    about: [&'static str; 5],
    columns: [&'static str; 8],
    help: &'static str,
}

fn words(language: Language) -> Words {
    let text = |key| crate::text(language, key);
    Words {
        sheet: text("template.sheet"),
        codes: text("template.codes"),
        about: [
            "template.about.orgNumber",
            "template.about.period",
            "template.about.category",
            "template.about.kid",
            "template.about.remark",
        ]
        .map(text),
        columns: [
            "template.column.code",
            "template.column.name",
            "template.column.specification",
            "template.column.ownCode",
            "template.column.base",
            "template.column.rate",
            "template.column.vat",
            "template.column.remark",
        ]
        .map(text),
        help: text("template.help"),
    }
}

/// An empty template of a draft's category, for its company and period.
///
/// # Errors
/// [`NotWritten`].
pub fn template(draft: &Draft, language: Language) -> Result<Vec<u8>, NotWritten> {
    let empty = Draft { lines: Vec::new(), kid: None, note: None, ..draft.clone() };
    workbook(&empty, language)
}

/// A draft on the template. Opening it again gives the same draft.
///
/// # Errors
/// [`NotWritten`].
pub fn workbook(draft: &Draft, language: Language) -> Result<Vec<u8>, NotWritten> {
    let words = words(language);
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name(words.sheet)?;
    head(sheet, draft, &words)?;
    lines(sheet, draft, language)?;
    validation(sheet, draft.category)?;
    let codes = book.add_worksheet();
    codes.set_name(words.codes)?;
    code_list(codes, draft, language, &words)?;
    Ok(book.save_to_buffer()?)
}

fn text_format() -> Format {
    // Numbers that are names stay as they are written.
    Format::new().set_num_format("@")
}

fn head(sheet: &mut Worksheet, draft: &Draft, words: &Words) -> Result<(), XlsxError> {
    let bold = Format::new().set_bold();
    for (row, (name, value)) in (0..).zip(words.about.into_iter().zip(about(draft))) {
        sheet.write_with_format(row, 0, name, &bold)?;
        sheet.write_string_with_format(row, 1, value, &text_format())?;
    }
    sheet.write_with_format(HEAD - 2, 0, words.help, &Format::new().set_italic())?;
    let title = Format::new().set_bold().set_border_bottom(FormatBorder::Thin).set_align(FormatAlign::Left);
    for (column, name) in (0..).zip(words.columns) {
        sheet.write_with_format(HEAD, column, name, &title)?;
    }
    for (column, width) in (0..).zip([22.0, 48.0, 26.0, 12.0, 16.0, 8.0, 16.0, 40.0]) {
        sheet.set_column_width(column, width)?;
    }
    sheet.set_freeze_panes(HEAD + 1, 0)?;
    Ok(())
}

/// What stands in a cell.
enum Written {
    Nothing,
    Number(Decimal),
    Text(String),
}

/// The cells of a line, in the order of the columns.
fn cells(draft: &Draft, line: &DraftLine, language: Language) -> [Written; 8] {
    let word = |text: &str| if text.is_empty() { Written::Nothing } else { Written::Text(text.to_owned()) };
    let about = tables()
        .code(line.written_code())
        .map(|code| code_name(code, line.base == Cell::Empty, draft.category, language).to_owned());
    let specification = line.specification.as_deref().unwrap_or_default();
    let specification =
        Specification::of_text(specification).map_or(specification, |it| specification_name(it, language));
    let amount = |cell: &Cell| match cell {
        Cell::Amount(amount) => Written::Number(*amount),
        Cell::Text(typed) => word(typed),
        Cell::Empty => Written::Nothing,
    };
    let rate = match (draft.rate_of(line), &line.base) {
        (Some(rate), _) => match vat_return::number(&rate.replace(',', ".")) {
            Some(number) if number >= Decimal::ONE || number.is_zero() => Written::Number(number),
            // A fraction alone would be read as one hundredth.
            Some(_) => word(&format!("{rate} %")),
            None => word(rate),
        },
        (None, Cell::Empty) => Written::Nothing,
        // An empty one would be computed.
        (None, _) if line.rate == Rate::Absent => word(text::NO_RATE),
        (None, _) => Written::Nothing,
    };
    // A plus keeps the sign of what is usually negative, as where it is typed.
    let alone = line.base == Cell::Empty && compute::deducts(line.written_code(), draft.category);
    let is_deduction = alone || compute::is_deduction(line, draft.category);
    let signed = |cell: &Cell| match amount(cell) {
        Written::Number(number) if number > Decimal::ZERO && is_deduction => {
            Written::Text(format!("+{number}").replace('.', ","))
        }
        other => other,
    };
    let base = if compute::is_claimed(line, draft.category) { signed(&line.base) } else { amount(&line.base) };
    let vat = match (&line.vat, draft.vat_of(line)) {
        (Some(typed @ Cell::Text(_)), _) => amount(typed),
        (_, Some(vat)) => signed(&Cell::Amount(vat)),
        (_, None) => Written::Nothing,
    };
    let note = match &line.note {
        Some(Note::Chosen(text) | Note::Free(text)) => text.as_str(),
        None => "",
    };
    let code = match line.written_code().parse::<u8>() {
        Ok(number) if number.to_string() == line.written_code() => Written::Number(number.into()),
        _ => word(line.written_code()),
    };
    [
        code,
        word(about.as_deref().unwrap_or_default()),
        word(specification),
        word(line.own_code.as_deref().unwrap_or_default()),
        base,
        rate,
        vat,
        word(note),
    ]
}

fn lines(sheet: &mut Worksheet, draft: &Draft, language: Language) -> Result<(), XlsxError> {
    let (money, broken) = (Format::new().set_num_format("#,##0"), Format::new().set_num_format("#,##0.00######"));
    for (row, line) in (HEAD + 1..).zip(draft.filled()) {
        for (column, cell) in (0..).zip(cells(draft, line, language)) {
            match cell {
                Written::Nothing => {}
                Written::Number(amount) if matches!(column, 4 | 6) => {
                    let format = if amount.fract().is_zero() { &money } else { &broken };
                    number(sheet, row, column, amount, format)?;
                }
                Written::Number(amount) => number(sheet, row, column, amount, &Format::new())?,
                Written::Text(text) => {
                    sheet.write_string_with_format(row, column, text, &text_format())?;
                }
            }
        }
    }
    Ok(())
}

/// A draft as text for a spreadsheet, as [`workbook`] has it on its first sheet: in UTF-8 with its mark, set apart by
/// semicolons, with decimal commas. What a spreadsheet would take for a formula gets an apostrophe, which reading takes off.
///
/// # Errors
/// [`csv::Error`], which writing to memory does not give.
pub fn csv(draft: &Draft, language: Language) -> Result<Vec<u8>, csv::Error> {
    let words = words(language);
    let mut writer = csv::WriterBuilder::new().delimiter(b';').flexible(true).from_writer(b"\xEF\xBB\xBF".to_vec());
    let about = about(draft);
    for (at, (name, value)) in words.about.into_iter().zip(&about).enumerate() {
        // As a number a KID would be rounded off after fifteen digits.
        let value = if at == KID { shown::cell::exact(value) } else { text::guarded(value) };
        writer.write_record([name, &value])?;
    }
    writer.write_record([""])?;
    writer.write_record(words.columns)?;
    for line in draft.filled() {
        let cells = cells(draft, line, language).map(|cell| match cell {
            Written::Nothing => String::new(),
            Written::Number(number) => number.to_string().replace('.', ","),
            Written::Text(text) => text::guarded(&text),
        });
        writer.write_record(cells)?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

/// Where the KID is in what is said above the table.
const KID: usize = 3;

/// What is said above the table: company, period, category, KID, remark.
fn about(draft: &Draft) -> [String; 5] {
    let note = match &draft.note {
        Some(Note::Chosen(text) | Note::Free(text)) => text.to_string(),
        None => String::new(),
    };
    let period = format!("{} {}", draft.period.xml_value(), draft.period.year);
    let kid = draft.kid.as_deref().unwrap_or_default().to_owned();
    [draft.org_number.to_string(), period, draft.category.xml().to_owned(), kid, note]
}

/// A number that a spreadsheet holds exactly, else its digits as text.
fn number(sheet: &mut Worksheet, row: u32, column: u16, amount: Decimal, money: &Format) -> Result<(), XlsxError> {
    let digits = amount.normalize().mantissa().unsigned_abs().to_string().len();
    match amount.to_f64() {
        Some(float) if digits <= 15 => sheet.write_with_format(row, column, float, money)?,
        _ => sheet.write_string_with_format(row, column, amount.to_string().replace('.', ","), &text_format())?,
    };
    Ok(())
}

/// Only codes of the category, and whole kroner.
fn validation(sheet: &mut Worksheet, category: Category) -> Result<(), XlsxError> {
    let codes: Vec<String> =
        tables().codes.iter().filter(|row| row.categories.has(category)).map(|row| row.code.to_string()).collect();
    if !codes.is_empty() {
        let list = DataValidation::new().allow_list_strings(&codes)?;
        sheet.add_data_validation(HEAD + 1, 0, HEAD + LINES, 0, &list)?;
    }
    let whole = || DataValidation::new().allow_decimal_number(DataValidationRule::Between(-1e15, 1e15));
    sheet.add_data_validation(HEAD + 1, 4, HEAD + LINES, 4, &whole())?;
    sheet.add_data_validation(HEAD + 1, 6, HEAD + LINES, 6, &whole())?;
    Ok(())
}

fn code_list(sheet: &mut Worksheet, draft: &Draft, language: Language, words: &Words) -> Result<(), XlsxError> {
    let bold = Format::new().set_bold();
    let [code, about, _, _, _, rate, ..] = words.columns;
    for (column, name) in (0..).zip([code, about, rate]) {
        sheet.write_with_format(0, column, name, &bold)?;
    }
    let rows = tables().codes.iter().filter(|row| row.categories.has(draft.category));
    for (at, row) in (1..).zip(rows) {
        let code = row.code.to_string();
        sheet.write(at, 0, code.as_str())?;
        sheet.write(at, 1, code_name(row.code, row.direction == Direction::Input, draft.category, language))?;
        sheet.write(at, 2, draft.usual_rate(&code).unwrap_or(""))?;
    }
    sheet.set_column_width(1, 60)?;
    Ok(())
}
