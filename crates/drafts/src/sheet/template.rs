//! The template: one sheet to fill in for a category, and any return written on it.

use crate::draft::{Cell, Draft, Note};
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

const fn words(language: Language) -> Words {
    match language {
        Language::Nb => Words {
            sheet: "Mva-melding",
            codes: "Mva-koder",
            about: ["Organisasjonsnummer", "Periode", "Kategori", "KID", "Merknad"],
            columns: [
                "Mva-kode",
                "Hva koden gjelder",
                "Spesifikasjon",
                "Egen kode",
                "Grunnlag",
                "Sats",
                "Merverdiavgift",
                "Merknad",
            ],
            help: "Fyll ut en linje for hver mva-kode, og åpne filen i Momsbud. Er sats eller merverdiavgift tom, regner Momsbud den ut.",
        },
        Language::Nn => Words {
            sheet: "Mva-melding",
            codes: "Mva-kodar",
            about: ["Organisasjonsnummer", "Periode", "Kategori", "KID", "Merknad"],
            columns: [
                "Mva-kode",
                "Kva koden gjeld",
                "Spesifikasjon",
                "Eigen kode",
                "Grunnlag",
                "Sats",
                "Meirverdiavgift",
                "Merknad",
            ],
            help: "Fyll ut ei linje for kvar mva-kode, og opne fila i Momsbud. Er sats eller meirverdiavgift tom, reknar Momsbud den ut.",
        },
        Language::En => Words {
            sheet: "VAT return",
            codes: "VAT codes",
            about: ["Org. number", "Period", "Category", "KID", "Remark"],
            columns: ["VAT code", "What it is for", "Specification", "Own code", "Base", "Rate", "VAT", "Remark"],
            help: "Fill in a line for each VAT code and open the file in Momsbud. Where rate or VAT is empty, Momsbud computes it.",
        },
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
    let note = match &draft.note {
        Some(Note::Chosen(text) | Note::Free(text)) => text.as_str(),
        None => "",
    };
    let period = format!("{} {}", draft.period.xml_value(), draft.period.year);
    let kid = draft.kid.as_deref().unwrap_or("");
    let values = [draft.org_number.as_str(), period.as_str(), draft.category.xml(), kid, note];
    for (row, (name, value)) in (0..).zip(words.about.into_iter().zip(values)) {
        sheet.write_with_format(row, 0, name, &bold)?;
        sheet.write_with_format(row, 1, value, &text_format())?;
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

fn lines(sheet: &mut Worksheet, draft: &Draft, language: Language) -> Result<(), XlsxError> {
    let text = text_format();
    let money = Format::new().set_num_format("#,##0.########");
    for (row, line) in (HEAD + 1..).zip(draft.filled()) {
        match line.code.parse::<u8>() {
            Ok(number) => sheet.write(row, 0, number)?,
            Err(_) => sheet.write_with_format(row, 0, line.code.as_str(), &text)?,
        };
        if let Some(code) = tables().code(&line.code) {
            sheet.write(row, 1, code_name(code, line.base == Cell::Empty, draft.category, language))?;
        }
        if let Some(specification) = &line.specification {
            let name = Specification::of_text(specification)
                .map_or(specification.as_str(), |it| specification_name(it, language));
            sheet.write(row, 2, name)?;
        }
        if let Some(own) = &line.own_code {
            sheet.write_with_format(row, 3, own.as_str(), &text)?;
        }
        match &line.base {
            Cell::Amount(amount) => number(sheet, row, 4, *amount, &money)?,
            Cell::Text(typed) => {
                sheet.write_with_format(row, 4, typed.as_str(), &text)?;
            }
            Cell::Empty => {}
        }
        if let Some(rate) = draft.rate_of(line) {
            match rate.replace(',', ".").parse::<f64>() {
                Ok(rate) if rate >= 1.0 || rate == 0.0 => sheet.write(row, 5, rate)?,
                _ => sheet.write_with_format(row, 5, rate, &text)?,
            };
        }
        match (&line.vat, draft.vat_of(line)) {
            (Some(Cell::Text(typed)), _) => {
                sheet.write_with_format(row, 6, typed.as_str(), &text)?;
            }
            (_, Some(vat)) => number(sheet, row, 6, vat, &money)?,
            (_, None) => {}
        }
        if let Some(Note::Chosen(remark) | Note::Free(remark)) = &line.note {
            sheet.write_with_format(row, 7, remark.as_str(), &text)?;
        }
    }
    Ok(())
}

/// A number that a spreadsheet holds exactly, else its digits as text.
fn number(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    amount: rust_decimal::Decimal,
    money: &Format,
) -> Result<(), XlsxError> {
    let digits = amount.normalize().mantissa().unsigned_abs().to_string().len();
    match amount.to_f64() {
        Some(float) if digits <= 15 => sheet.write_with_format(row, column, float, money)?,
        _ => sheet.write_with_format(row, column, amount.to_string().replace('.', ","), &text_format())?,
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
