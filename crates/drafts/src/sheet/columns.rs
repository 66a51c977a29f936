//! What the columns of a sheet are, by their names, else by what they hold.

use super::grid::{Grid, Row, SheetCell, Value};
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Layout {
    /// Column, name, meaning.
    pub columns: Vec<(u32, String, Meaning)>,
}

impl Layout {
    /// Whether a sheet has this layout: the same columns with the same names.
    pub(super) fn fits(&self, names: &[(u32, String)]) -> bool {
        self.columns.len() == names.len()
            && self.columns.iter().zip(names).all(|((at, name, _), (other, called))| at == other && name == called)
    }
}

/// Names of columns, in small letters without anything but letters and digits.
const NAMES: &[(Meaning, &[&str])] = &[
    (
        Meaning::Code,
        &[
            "mvakode",
            "kode",
            "standardkode",
            "standardmvakode",
            "saftkode",
            "saftmvakode",
            "mvakodesaft",
            "avgiftskode",
            "vatcode",
            "taxcode",
            "code",
            "standardtaxcode",
            "standardvatcode",
            "mvk",
        ],
    ),
    (
        Meaning::OwnCode,
        &[
            "egenkode",
            "eigenkode",
            "mvakoderegnskapsystem",
            "mvakoderegnskapssystem",
            "mvakodeiregnskapssystemet",
            "internkode",
            "owncode",
            "systemkode",
            "kodeiregnskapet",
            "internalcode",
        ],
    ),
    (
        Meaning::Base,
        &[
            "grunnlag",
            "avgiftsgrunnlag",
            "mvagrunnlag",
            "grunnlagkr",
            "base",
            "taxbase",
            "vatbase",
            "netto",
            "nettobeløp",
            "beløpeksmva",
            "beløputenmva",
            "beløpeksklmva",
            "omsetning",
            "omsetningutenmva",
            "net",
            "netamount",
            "grunnlagikroner",
        ],
    ),
    (
        Meaning::Rate,
        &[
            "sats",
            "mvasats",
            "avgiftssats",
            "prosent",
            "mvaprosent",
            "mvai",
            "rate",
            "vatrate",
            "taxrate",
            "mvapst",
            "satsi",
        ],
    ),
    (
        Meaning::Vat,
        &[
            "merverdiavgift",
            "meirverdiavgift",
            "mva",
            "mvabeløp",
            "avgift",
            "avgiftsbeløp",
            "beregnetmva",
            "beregnetavgift",
            "moms",
            "momsbeløp",
            "vat",
            "vatamount",
            "tax",
            "taxamount",
            "mvakr",
            "utgåendeinngåendemva",
            "beløpmva",
        ],
    ),
    (Meaning::Specification, &["spesifikasjon", "specification", "spesifisering"]),
    (Meaning::Remark, &["merknad", "remark", "merknadkode"]),
    (
        Meaning::Company,
        &[
            "orgnr",
            "organisasjonsnummer",
            "organisasjonsnr",
            "orgnummer",
            "virksomhet",
            "verksemd",
            "selskap",
            "firma",
            "company",
            "orgnumber",
            "organisationnumber",
            "organizationnumber",
            "companynumber",
        ],
    ),
    (
        Meaning::Period,
        &["periode", "termin", "mvatermin", "mvaperiode", "period", "term", "taxperiod", "skattleggingsperiode"],
    ),
];

/// A name without anything but letters and digits.
pub(super) fn plain(name: &str) -> String {
    name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// What a column of that name holds.
pub(super) fn by_name(name: &str) -> Option<Meaning> {
    let plain = plain(name);
    if plain.is_empty() && name.contains('%') {
        return Some(Meaning::Rate);
    }
    NAMES.iter().find(|(_, names)| names.contains(&plain.as_str())).map(|(meaning, _)| *meaning)
}

/// The row or two rows that name the columns: their places among the rows.
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
    if second { vec![first, first + 1] } else { vec![first] }
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
type Cells<'a> = BTreeMap<u32, Vec<&'a SheetCell>>;

/// The columns, by choice, by name, and what is left by content.
pub(super) fn columns(grid: &Grid, headings: &[usize], layout: Option<&Layout>) -> Vec<Column> {
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
            let decimals = amount::of_column(texts);
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
    if chosen.is_none() {
        once_each(&mut columns);
        by_content(&mut columns, body, &cells);
    }
    columns
}

/// Of two rows of names each alone may say it.
fn name_of(name: &str, headings: &[usize], grid: &Grid, column: u32) -> Option<Meaning> {
    by_name(name).or_else(|| {
        let parts = headings.iter().rev().filter_map(|row| grid.rows.get(*row)?.cell(column));
        parts.map(SheetCell::text).find_map(|part| by_name(&part))
    })
}

/// A second column of one meaning is none: the first has it.
fn once_each(columns: &mut [Column]) {
    let mut seen = std::collections::BTreeSet::new();
    for column in columns {
        if column.meaning != Meaning::Nothing && !seen.insert(column.meaning) {
            column.meaning = Meaning::Nothing;
            column.by = By::Content;
        }
    }
}

/// Whether a cell looks like one of a meaning.
type Looks<'a> = &'a dyn Fn(&SheetCell) -> bool;

/// What unnamed columns hold, as far as their cells tell.
fn by_content(columns: &mut [Column], body: &[Row], cells: &Cells<'_>) {
    let has = |columns: &[Column], meaning| columns.iter().any(|column| column.meaning == meaning);
    let share = |column: &Column, test: Looks<'_>| {
        let cells = cells.get(&column.column).map_or(&[][..], Vec::as_slice);
        let right = cells.iter().filter(|cell| test(cell)).count();
        // Headings and sums stand among them.
        !cells.is_empty() && right * 5 >= cells.len() * 3
    };
    let tests: [(Meaning, Looks<'_>); 3] = [
        (Meaning::Company, &|cell| OrgNumber::parse(&cell.text()).is_ok()),
        (Meaning::Code, &|cell| code(&cell.text()).is_some()),
        (Meaning::Specification, &|cell| specification(&cell.text()).is_some()),
    ];
    for (meaning, test) in tests {
        if !has(columns, meaning)
            && let Some(at) =
                columns.iter().position(|it| it.meaning == Meaning::Nothing && it.name.is_empty() && share(it, test))
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
            Value::Text(text) => amount::read(text.trim_end_matches(['%', ' ']), column.decimals).ok().flatten(),
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

/// A code, alone or with its name behind it: `3`, `3.0`, `03`, `3 – Salg, høy sats`, `Kode 81`.
pub(super) fn code(text: &str) -> Option<vat_return::tables::Code> {
    let text = text.trim();
    let bare = text
        .get(..4)
        .filter(|head| head.eq_ignore_ascii_case("kode"))
        .map_or(text, |_| text.get(4..).unwrap_or(""))
        .trim();
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

/// A specification by its value in the return or its name in any language.
pub fn specification(text: &str) -> Option<vat_return::tables::Specification> {
    use vat_return::Language;
    use vat_return::explain::specification_name;
    use vat_return::tables::Specification;
    let wanted = plain(text);
    Specification::ALL.into_iter().find(|it| {
        plain(it.xml()) == wanted
            || [Language::Nb, Language::Nn, Language::En]
                .into_iter()
                .any(|language| plain(specification_name(*it, language)) == wanted)
    })
}
