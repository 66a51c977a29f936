//! What the columns of a sheet are, by their names, else by what they hold.

use super::decimals;
use super::grid::{Grid, Row, SheetCell, Value};
pub(super) use super::names::{by_name, plain};
use super::repeated::{self, Repeated};
use crate::amount::{self, Decimals};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use vat_return::OrgNumber;
use vat_return::tables::{Direction, tables};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Meaning {
    /// `mvaKode`.
    Code,
    /// The accounting system's own code.
    OwnCode,
    /// `grunnlag`.
    Base,
    /// `sats`.
    Rate,
    /// `merverdiavgift`.
    Vat,
    /// `spesifikasjon`.
    Specification,
    /// `merknad`.
    Remark,
    /// The company's number.
    Company,
    /// The period.
    Period,
    /// Nothing of a return.
    Nothing,
}

/// Why a column was taken for what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// Its name says so.
    Name,
    /// What it holds looks so.
    Content,
    /// The person chose it, now or for an earlier sheet of the same layout.
    Choice,
}

/// A column.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// From 0.
    pub column: u32,
    /// Its name; empty where it has none.
    pub name: String,
    /// What it holds.
    pub meaning: Meaning,
    /// Why.
    pub by: By,
    /// How its numbers separate decimals.
    pub(super) decimals: Decimals,
}

/// The columns of a layout, to be remembered and recognised.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Layout {
    /// Column, name, meaning.
    pub columns: Vec<(u32, String, Meaning)>,
    /// How its numbers separate decimals, where a person has said it.
    #[serde(default)]
    pub decimals: Option<Decimals>,
}

impl Layout {
    /// Whether a sheet has this layout: the same columns with the same names.
    pub(super) fn fits(&self, names: &[(u32, String)]) -> bool {
        self.columns.len() == names.len()
            && self.columns.iter().zip(names).all(|((at, name, _), (other, called))| at == other && name == called)
    }
}

/// The rows that name the columns, two of them as a rule at most: their places among the rows.
pub(super) fn headings(grid: &Grid) -> Vec<usize> {
    let known = |row: &Row| row.cells.iter().filter(|cell| is_name(cell)).count();
    // A block above the table has names too, each with its value beside it.
    let first =
        grid.rows.iter().take(40).position(|row| known(row) >= 2 && row.cells.iter().all(|cell| !is_amount(cell)));
    let Some(first) = first else { return Vec::new() };
    let second = grid.rows.get(first + 1).is_some_and(|row| {
        known(row) >= 1
            && row
                .cells
                .iter()
                .all(|cell| matches!(&cell.value, Value::Text(text) if amount::read(text, Decimals::Comma).is_err()))
    });
    let above = first.checked_sub(1).filter(|at| names_above(grid, *at, first));
    above.into_iter().chain([first]).chain(second.then_some(first + 1)).collect()
}

/// Whether the row above the names tells what a column holds that they do not, as `Kode` above `Nr`. Company, period and
/// remark stand there with their value beside them, and are of the whole return.
fn names_above(grid: &Grid, above: usize, below: usize) -> bool {
    let (Some(above), Some(below)) = (grid.rows.get(above), grid.rows.get(below)) else { return false };
    let of = |row: &Row| -> Vec<(u32, Meaning)> {
        row.cells.iter().filter_map(|cell| Some((cell.column, by_name(&cell.text())?))).collect()
    };
    let known = of(below);
    let tells = |(column, meaning): &(u32, Meaning)| {
        !matches!(meaning, Meaning::Company | Meaning::Period | Meaning::Remark)
            && known.iter().all(|(other, known)| other != column && known != meaning)
    };
    above.number + 1 == below.number
        && above.cells.iter().all(|cell| matches!(cell.value, Value::Text(_)) && !is_amount(cell))
        && of(above).iter().any(tells)
}

fn is_name(cell: &SheetCell) -> bool {
    matches!(&cell.value, Value::Text(text) if by_name(text).is_some())
}

fn is_amount(cell: &SheetCell) -> bool {
    match &cell.value {
        Value::Number(_) => true,
        Value::Text(text) => matches!(amount::read(text, Decimals::Comma), Ok(Some(_))),
        Value::Day(_) | Value::Error(_) => false,
    }
}

/// Columns that are looked at, from the left. No table of returns has as many; each is held against every line.
const LOOKED_AT: usize = 500;

/// The cells of a sheet's columns below their names.
pub(super) type Cells<'a> = BTreeMap<u32, Vec<&'a SheetCell>>;

/// The columns, by choice, by name, and what is left by content; and those that are left out because another has their
/// meaning.
pub(super) fn columns(grid: &Grid, headings: &[usize], layout: Option<&Layout>) -> (Vec<Column>, Vec<Repeated>) {
    let mut at: Vec<u32> = grid.rows.iter().flat_map(|row| row.cells.iter().map(|cell| cell.column)).collect();
    at.sort_unstable();
    at.dedup();
    at.truncate(LOOKED_AT);
    let names: Vec<(u32, String)> = at
        .iter()
        .map(|column| {
            let parts = headings.iter().filter_map(|row| grid.rows.get(*row)?.cell(*column)).map(SheetCell::text);
            (*column, parts.collect::<Vec<_>>().join(" "))
        })
        .collect();
    let chosen = layout.filter(|layout| layout.fits(&names));
    let first = headings.last().map_or(0, |last| last + 1);
    let body = grid.rows.get(first..).unwrap_or(&[]);
    let mut cells = Cells::new();
    for cell in body.iter().flat_map(|row| &row.cells) {
        cells.entry(cell.column).or_default().push(cell);
    }
    let mut columns: Vec<Column> = names
        .into_iter()
        .enumerate()
        .map(|(index, (column, name))| {
            let texts = cells.get(&column).into_iter().flatten().filter_map(|cell| match &cell.value {
                Value::Text(text) => Some(text.as_str()),
                _ => None,
            });
            let decimals = amount::told_by(texts).unwrap_or(grid.decimals);
            let (meaning, by) = match chosen.and_then(|layout| layout.columns.get(index)) {
                Some((_, _, meaning)) => (*meaning, By::Choice),
                None => match name_of(&name, headings, grid, column) {
                    Some(meaning) => (meaning, By::Name),
                    None => (Meaning::Nothing, By::Content),
                },
            };
            Column { column, name, meaning, by, decimals }
        })
        .collect();
    let mut again = Vec::new();
    if chosen.is_none() {
        again = once_each(&mut columns, &cells);
        by_content(&mut columns, body, &cells);
        again.extend(codes_without_name(&columns, &cells));
    }
    let said = grid.said.or_else(|| chosen.and_then(|layout| layout.decimals));
    decimals::settle(&mut columns, grid, body, &cells, said);
    let again = repeated::that_tell_more(&columns, body, &again);
    (columns, again)
}

/// Of two rows of names each alone may say it.
fn name_of(name: &str, headings: &[usize], grid: &Grid, column: u32) -> Option<Meaning> {
    by_name(name).or_else(|| {
        let parts = headings.iter().rev().filter_map(|row| grid.rows.get(*row)?.cell(column));
        parts.map(SheetCell::text).find_map(|part| by_name(&part))
    })
}

/// A second column of one meaning is none: the first has it. Companies and codes are meant by the column that has most of
/// their numbers, where another has their names, or codes of its own. Answers which column was which meaning's too.
fn once_each(columns: &mut [Column], cells: &Cells<'_>) -> Vec<(u32, Meaning)> {
    let meant: Vec<(Meaning, u32)> = [Meaning::Company, Meaning::Code]
        .into_iter()
        .filter_map(|meaning| {
            let numbers = |column: &Column| {
                let cells = cells.get(&column.column).map_or(&[][..], Vec::as_slice);
                let is = |cell: &&&SheetCell| match meaning {
                    Meaning::Company => company(&cell.text()).is_some(),
                    _ => code(&cell.text()).is_some(),
                };
                cells.iter().filter(is).count()
            };
            let of = columns.iter().filter(|column| column.meaning == meaning);
            // Of several that are alike the first.
            of.rev().max_by_key(|column| numbers(column)).map(|column| (meaning, column.column))
        })
        .collect();
    let mut seen = std::collections::BTreeSet::new();
    let mut again = Vec::new();
    for column in columns {
        let other = meant.iter().any(|(meaning, at)| *meaning == column.meaning && *at != column.column);
        if column.meaning != Meaning::Nothing && (other || !seen.insert(column.meaning)) {
            again.push((column.column, column.meaning));
            column.meaning = Meaning::Nothing;
            column.by = By::Content;
        }
    }
    again
}

/// Columns without a name that look like codes beside the one that has them: the second of two tables side by side.
fn codes_without_name(columns: &[Column], cells: &Cells<'_>) -> Vec<(u32, Meaning)> {
    let left = columns.iter().filter(|it| it.meaning == Meaning::Nothing && it.name.is_empty());
    left.filter(|it| share(it, cells, &|cell| code(&cell.text()).is_some()))
        .map(|it| (it.column, Meaning::Code))
        .collect()
}

/// Whether most cells of a column look so. Headings and sums stand among them.
fn share(column: &Column, cells: &Cells<'_>, test: Looks<'_>) -> bool {
    let cells = cells.get(&column.column).map_or(&[][..], Vec::as_slice);
    let right = cells.iter().filter(|cell| test(cell)).count();
    !cells.is_empty() && right * 5 >= cells.len() * 3
}

/// Whether a cell looks like one of a meaning.
type Looks<'a> = &'a dyn Fn(&SheetCell) -> bool;

/// What unnamed columns hold, as far as their cells tell.
fn by_content(columns: &mut [Column], body: &[Row], cells: &Cells<'_>) {
    let has = |columns: &[Column], meaning| columns.iter().any(|column| column.meaning == meaning);
    let tests: [(Meaning, Looks<'_>); 3] = [
        (Meaning::Company, &|cell| company(&cell.text()).is_some()),
        (Meaning::Code, &|cell| code(&cell.text()).is_some()),
        (Meaning::Specification, &|cell| specification(&cell.text()).is_some()),
    ];
    for (meaning, test) in tests {
        if !has(columns, meaning)
            && let Some(at) = columns
                .iter()
                .position(|it| it.meaning == Meaning::Nothing && it.name.is_empty() && share(it, cells, test))
            && let Some(column) = columns.get_mut(at)
        {
            column.meaning = meaning;
        }
    }
    let Some(codes) = columns.iter().find(|column| column.meaning == Meaning::Code).map(|column| column.column) else {
        return;
    };
    amounts_by_content(columns, body, codes);
}

/// Unnamed columns of numbers: the rate by its few values, base and VAT by how they hang together.
fn amounts_by_content(columns: &mut [Column], body: &[Row], codes: u32) {
    let number = |column: &Column, row: &Row| {
        let cell = row.cell(column.column)?;
        match &cell.value {
            Value::Number(number) => Some(*number),
            Value::Text(text) => {
                let text = text.trim_end_matches(['%', ' ']);
                // What may be read in two ways is a number all the same.
                amount::read(text, column.decimals).or_else(|_| amount::read(text, Decimals::Point)).ok().flatten()
            }
            Value::Day(_) | Value::Error(_) => None,
        }
    };
    let lines: Vec<&Row> =
        body.iter().filter(|row| row.cell(codes).is_some_and(|cell| code(&cell.text()).is_some())).collect();
    let free = |columns: &[Column]| -> Vec<usize> {
        (0..columns.len())
            .filter(|at| {
                columns.get(*at).is_some_and(|it| {
                    it.meaning == Meaning::Nothing
                        && it.name.is_empty()
                        && lines.iter().any(|row| number(it, row).is_some())
                })
            })
            .collect()
    };
    let set = |columns: &mut [Column], at: usize, meaning: Meaning| {
        if !columns.iter().any(|column| column.meaning == meaning)
            && let Some(column) = columns.get_mut(at)
        {
            column.meaning = meaning;
        }
    };
    let is_rate = |column: &Column| {
        lines.iter().filter_map(|row| number(column, row)).all(|number| {
            let written = number.normalize().to_string().replace('.', ",");
            number.is_zero() || tables().rates.iter().any(|row| row.rate == written)
        })
    };
    if let Some(at) = free(columns).into_iter().find(|at| columns.get(*at).is_some_and(is_rate)) {
        set(columns, at, Meaning::Rate);
    }
    match *free(columns).as_slice() {
        [] => {}
        [one] => {
            // Where every code asks for VAT alone, it is VAT.
            let vat_alone = lines.iter().all(|row| {
                let row = row.cell(codes).and_then(|cell| code(&cell.text())).and_then(|code| tables().row(code));
                row.is_some_and(|row| row.direction == Direction::Input)
            });
            let base_known = columns.iter().any(|column| column.meaning == Meaning::Base);
            set(columns, one, if vat_alone || base_known { Meaning::Vat } else { Meaning::Base });
        }
        [one, other, ..] => {
            let larger = lines
                .iter()
                .filter_map(|row| {
                    Some((number(columns.get(one)?, row)?.abs(), number(columns.get(other)?, row)?.abs()))
                })
                .filter(|(one, other)| one >= other)
                .count();
            let both = lines
                .iter()
                .filter(|row| {
                    columns.get(one).and_then(|it| number(it, row)).is_some()
                        && columns.get(other).and_then(|it| number(it, row)).is_some()
                })
                .count();
            let (base, vat) = if larger * 2 >= both { (one, other) } else { (other, one) };
            set(columns, base, Meaning::Base);
            set(columns, vat, Meaning::Vat);
        }
    }
}

/// A code, alone or with its name behind it: `3`, `3.0`, `03`, `3 – Salg, høy sats`, `Kode 81`, `MVA: 3`.
pub(super) fn code(text: &str) -> Option<vat_return::tables::Code> {
    // An apostrophe keeps a number a text in a spreadsheet.
    let text = text.trim().trim_start_matches('\'');
    let after = |word: &str| {
        let head = text.get(..word.len()).filter(|head| head.eq_ignore_ascii_case(word));
        head.and_then(|_| text.get(word.len()..))
    };
    let bare = after("kode").or_else(|| after("mva")).unwrap_or(text).trim_start_matches([':', '.', ' ', '\u{a0}']);
    let digits: &str = bare.split(|letter: char| !letter.is_ascii_digit()).next().unwrap_or("");
    let rest = bare.get(digits.len()..).unwrap_or("");
    // `3.5` and `81 000` are amounts.
    let alone = rest.is_empty()
        || [",0", ".0", ",00", ".00"].contains(&rest)
        || rest
            .trim_start()
            .chars()
            .next()
            .is_some_and(|letter| !letter.is_ascii_digit() && !matches!(letter, ',' | '.'));
    if !alone {
        return None;
    }
    tables().code(digits.trim_start_matches('0'))
}

/// Bytes of a cell that names a company; longer ones are not looked through.
const LONGEST: usize = 400;

/// A company's number, alone or among other words: `NO 311 797 816 MVA`, `Fjordlys AS (311797816)`.
pub(super) fn company(text: &str) -> Option<OrgNumber> {
    // Most cells are something else, and there may be millions.
    if text.len() > LONGEST || text.bytes().filter(u8::is_ascii_digit).take(9).count() < 9 {
        return None;
    }
    if let Ok(number) = OrgNumber::parse(text) {
        return Some(number);
    }
    // A number that went through a spreadsheet as one.
    let text = [",0", ".0", ",00", ".00"].iter().find_map(|end| text.strip_suffix(end)).unwrap_or(text);
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let whole = digits(text);
    if whole.len() == 9 {
        return OrgNumber::parse(&whole).ok();
    }
    // Other digits stand beside it: it is the only group of nine, or the only three of three.
    let groups: Vec<&str> =
        text.split(|letter: char| !letter.is_ascii_digit()).filter(|group| !group.is_empty()).collect();
    let nines = groups.iter().filter(|group| group.len() == 9).map(|group| (*group).to_owned());
    let threes = groups.windows(3).filter(|three| three.iter().all(|group| group.len() == 3)).map(<[&str]>::concat);
    let mut found: Vec<OrgNumber> = nines.chain(threes).filter_map(|it| OrgNumber::parse(&it).ok()).collect();
    found.dedup();
    match found.as_slice() {
        [only] => Some(only.clone()),
        _ => None,
    }
}

/// A specification by its value in the return or its name in any language.
pub fn specification(text: &str) -> Option<vat_return::tables::Specification> {
    use vat_return::Language;
    use vat_return::explain::specification_name;
    use vat_return::tables::Specification;
    let wanted = plain(text);
    Specification::ALL.into_iter().find(|it| {
        plain(it.xml()) == wanted
            || Language::ALL.iter().any(|&language| plain(specification_name(*it, language)) == wanted)
    })
}
