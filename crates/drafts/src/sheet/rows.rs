//! From rows to lines of returns: each row says what became of it.

use super::columns::{self, Column, Layout, Meaning};
use super::grid::{Grid, Row, SheetCell, Value, address};
use super::period;
use super::repeated::{self, Names, Repeated};
use super::text::NO_RATE;
use crate::amount::{self, Decimals, NotAnAmount, whole_kroner};
use crate::compute;
use crate::draft::{Cell, Draft, DraftLine, LineId, Note, Origin, Rate};
use compact_str::CompactString;
use rust_decimal::Decimal;
use std::collections::HashMap;
use vat_return::{Category, Period};

/// What holds for rows that do not say it themselves.
#[derive(Debug, Clone, PartialEq)]
pub struct Defaults {
    /// Nine digits, where the person has chosen.
    pub org_number: Option<CompactString>,
    /// The period; its kind is what a bare number in the sheet counts.
    pub period: Period,
    /// The category.
    pub category: Category,
}

/// What is wrong with a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Trouble {
    /// A formula gave an error.
    FormulaError,
    /// No amount.
    NotAnAmount(NotAnAmount),
    /// A day where an amount belongs.
    Day,
    /// No code of the list.
    UnknownCode,
    /// No specification of the list.
    UnknownSpecification,
    /// No organisation number.
    Company,
    /// No period.
    Period,
    /// Amounts and no code.
    NoCode,
    /// Another table, whose columns stand otherwise than those above.
    OtherColumns,
    /// A figure in a column that nothing names, where commas separate the cells: most likely the decimals of another figure.
    SurplusCell,
    /// The sheet has more returns ([`MOST_DRAFTS`]) than are made of one.
    TooManyReturns,
    /// Its return has more lines ([`MOST_LINES`]) than are taken into one.
    TooManyLines,
}

/// Returns that are made of one sheet: a large accountant's clients, each for some periods. A sheet with a number and a month
/// in every row would else fill the database with drafts.
pub const MOST_DRAFTS: usize = 2_000;

/// Lines that are taken into one return; the largest ones have some hundreds.
pub const MOST_LINES: usize = 10_000;

/// A cell with what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellTrouble {
    /// `B17`.
    pub address: String,
    /// What it holds.
    pub text: String,
    /// What is wrong.
    pub trouble: Trouble,
}

/// What became of a row.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// A line.
    Line {
        /// Which of the drafts.
        draft: usize,
        /// Which line of it.
        line: LineId,
        /// Øre that were cut.
        cut: Vec<Decimal>,
        /// A deduction that got its minus.
        made_negative: bool,
    },
    /// It names the columns.
    Heading,
    /// It says something of the whole return: company, period, KID.
    About,
    /// A sum of others.
    Sum,
    /// It has no code and no amount.
    Words,
    /// A code without any amount.
    Empty,
    /// It is not a line until this is mended.
    Trouble(Vec<CellTrouble>),
}

/// A sheet, understood.
#[derive(Debug, Clone)]
pub struct Understood {
    /// The columns.
    pub columns: Vec<Column>,
    /// Each row's number in the sheet, and what became of it.
    pub rows: Vec<(u32, Outcome)>,
    /// One for each company and period.
    pub drafts: Vec<Draft>,
    /// The columns, to be remembered.
    pub layout: Layout,
    /// Columns that are not read, because another one has their meaning.
    pub repeated: Vec<Repeated>,
}

/// Understands a sheet, with the columns as a layout has them where it fits.
pub fn understand(grid: &Grid, file: &str, defaults: &Defaults, layout: Option<&Layout>) -> Understood {
    let headings = columns::headings(grid);
    let (columns, repeated) = columns::columns(grid, &headings, layout);
    let decimals = grid.said.or_else(|| {
        let fits = columns.iter().all(|column| column.by == columns::By::Choice);
        layout.filter(|_| fits).and_then(|layout| layout.decimals)
    });
    let first = headings.first().copied().unwrap_or(0);
    let mut about = About::new(defaults);
    // What stands above the table says what is in it.
    let told: Vec<bool> = grid.rows.iter().take(first).map(|row| about.read(row)).collect();
    let mut reading = Reading {
        grid,
        columns: &columns,
        drafts: Vec::new(),
        places: HashMap::new(),
        signed: has_signed_deductions(grid, &columns, &headings, about.category),
        // What was pasted has no name.
        file: Some(file).filter(|file| !file.is_empty()),
        above: Above { company: Ok(about.org_number.clone()), period: Ok(about.period) },
    };
    let mut rows = Vec::with_capacity(grid.rows.len());
    // `3,1234,50` is a code, a base and decimals that became a cell of their own. Whoever has chosen the columns has seen it.
    let by_commas = grid.decimals == Decimals::PointPerhaps;
    let surplus: Vec<u32> = columns
        .iter()
        .filter(|it| by_commas && it.name.is_empty() && it.meaning == Meaning::Nothing && it.by != columns::By::Choice)
        .map(|it| it.column)
        .collect();
    let is_surplus = |cell: &&SheetCell| surplus.contains(&cell.column) && repeated::is_figure(cell);
    // Below names that stand otherwise no amount is what the columns above say.
    let mut other_columns = false;
    for (at, row) in grid.rows.iter().enumerate() {
        let outcome = if headings.contains(&at) {
            Outcome::Heading
        } else if let Some(told) = told.get(at) {
            if *told { Outcome::About } else { Outcome::Words }
        } else {
            match repeated::names(row, &columns, &repeated) {
                Names::Same => {
                    other_columns = false;
                    Outcome::Heading
                }
                Names::Other(cells) => {
                    other_columns = true;
                    in_the_way(row, &cells, &Trouble::OtherColumns)
                }
                Names::None if other_columns => match row.cells.iter().find(|cell| repeated::is_figure(cell)) {
                    Some(cell) => in_the_way(row, &[cell], &Trouble::OtherColumns),
                    None => Outcome::Words,
                },
                Names::None => match row.cells.iter().find(is_surplus) {
                    Some(cell) => in_the_way(row, &[cell], &Trouble::SurplusCell),
                    None => reading.row(row, &about),
                },
            }
        };
        rows.push((row.number, outcome));
    }
    let mut drafts = reading.drafts;
    if drafts.is_empty() && about.said {
        drafts.push(about.draft(Some(file).filter(|file| !file.is_empty())));
    }
    for draft in &mut drafts {
        draft.loosen_all();
    }
    let layout =
        Layout { columns: columns.iter().map(|it| (it.column, it.name.clone(), it.meaning)).collect(), decimals };
    Understood { columns, rows, drafts, layout, repeated }
}

/// A row that is no line because of these cells.
fn in_the_way(row: &Row, cells: &[&SheetCell], why: &Trouble) -> Outcome {
    let trouble = |cell: &&SheetCell| CellTrouble {
        address: address(row.number, cell.column),
        text: cell.text(),
        trouble: why.clone(),
    };
    Outcome::Trouble(cells.iter().map(trouble).collect())
}

/// What the rows above the table say.
#[derive(Debug, Clone)]
struct About {
    /// As a draft has it: what is there of it so far.
    org_number: CompactString,
    period: Period,
    category: Category,
    kid: Option<CompactString>,
    note: Option<Note>,
    said: bool,
}

impl About {
    fn new(defaults: &Defaults) -> Self {
        let Defaults { org_number, period, category } = defaults.clone();
        let org_number = org_number.unwrap_or_default();
        Self { org_number, period, category, kid: None, note: None, said: false }
    }

    /// Reads a name and the value beside it.
    fn read(&mut self, row: &Row) -> bool {
        let mut cells = row.cells.iter();
        let (Some(name), Some(value)) = (cells.next(), cells.next()) else { return false };
        let (name, value) = (name.text(), value);
        let text = value.text();
        let understood = match (columns::by_name(&name), columns::plain(&name).as_str()) {
            (Some(Meaning::Company), _) => {
                // One whose check digit is wrong is kept as it stands, for the draft to say.
                let digits: String = text.chars().filter(char::is_ascii_digit).collect();
                match columns::company(&text) {
                    Some(number) => self.org_number = number.as_str().into(),
                    None if digits.len() == 9 => self.org_number = digits.into(),
                    None => return false,
                }
                true
            }
            (Some(Meaning::Period), _) => match period_of(value, self.period) {
                Some(period) => {
                    self.period = period;
                    true
                }
                None => false,
            },
            (Some(Meaning::Remark), _) => {
                self.note = Some(Note::of_text(&text));
                true
            }
            (_, "kategori" | "meldingskategori" | "category") => {
                match Category::ALL.into_iter().find(|it| it.xml() == text) {
                    Some(category) => {
                        self.category = category;
                        true
                    }
                    None => false,
                }
            }
            (_, "kid") => {
                self.kid = Some(text.as_str().into());
                true
            }
            _ => false,
        };
        self.said |= understood;
        understood
    }

    fn draft(&self, file: Option<&str>) -> Draft {
        let mut draft = Draft::new(&self.org_number, self.period, self.category);
        draft.kid.clone_from(&self.kid);
        draft.note.clone_from(&self.note);
        draft.origin = Origin::Sheet { file: file.map(str::to_owned) };
        draft
    }
}

fn period_of(cell: &SheetCell, usual: Period) -> Option<Period> {
    match &cell.value {
        Value::Day(day) => period::of_day(*day, usual.kind),
        Value::Number(_) | Value::Text(_) => {
            let text = cell.text();
            // A bare number is one of the same year.
            period::read(&text, usual.kind).or_else(|| period::read(&format!("{}-{text}", usual.year), usual.kind))
        }
        Value::Error(_) => None,
    }
}

/// Deductions with a minus anywhere: then those without one are meant so. In a return of compensation every line is one, and
/// its base too.
fn has_signed_deductions(grid: &Grid, columns: &[Column], headings: &[usize], category: Category) -> bool {
    let of = |meaning| columns.iter().find(|column| column.meaning == meaning);
    let Some(codes) = of(Meaning::Code) else { return false };
    let claims = category == Category::Compensation;
    let amounts: Vec<&Column> =
        [of(Meaning::Vat), of(Meaning::Base).filter(|_| claims)].into_iter().flatten().collect();
    grid.rows.iter().enumerate().any(|(at, row)| {
        !headings.contains(&at)
            && row
                .cell(codes.column)
                .and_then(|cell| columns::code(&cell.text()))
                .is_some_and(|code| claims || compute::is_input(&code.to_string(), category))
            && amounts.iter().any(|column| {
                row.cell(column.column)
                    .is_some_and(|cell| matches!(number(cell, column), Ok(Some(amount)) if amount < Decimal::ZERO))
            })
    })
}

fn number(cell: &SheetCell, column: &Column) -> Result<Option<Decimal>, Trouble> {
    match &cell.value {
        Value::Number(number) => Ok(Some(*number)),
        Value::Text(text) => amount::read(text, column.decimals).map_err(Trouble::NotAnAmount),
        Value::Day(_) => Err(Trouble::Day),
        Value::Error(_) => Err(Trouble::FormulaError),
    }
}

struct Reading<'a> {
    grid: &'a Grid,
    columns: &'a [Column],
    drafts: Vec<Draft>,
    /// Which of them is of a company and a period.
    places: HashMap<(CompactString, Period), usize>,
    signed: bool,
    file: Option<&'a str>,
    above: Above,
}

/// Whose the rows are and for which period, as it stood last.
struct Above {
    company: Result<CompactString, Trouble>,
    period: Result<Period, Trouble>,
}

impl Reading<'_> {
    fn cell<'r>(&self, row: &'r Row, meaning: Meaning) -> Option<(&'r SheetCell, &Column)> {
        let column = self.columns.iter().find(|column| column.meaning == meaning)?;
        Some((row.cell(column.column)?, column))
    }

    /// What stands once for several rows is left out in those below it: whose they are, and for which period.
    fn look_above(&mut self, row: &Row, about: &About) {
        if let Some((cell, _)) = self.cell(row, Meaning::Company) {
            let company = columns::company(&cell.text()).map(|number| number.as_str().into());
            self.above.company = company.ok_or(Trouble::Company);
        }
        if let Some((cell, _)) = self.cell(row, Meaning::Period) {
            self.above.period = period_of(cell, about.period).ok_or(Trouble::Period);
        }
    }

    fn row(&mut self, row: &Row, about: &About) -> Outcome {
        self.look_above(row, about);
        let mut troubles = Vec::new();
        let mut wrong = |cell: &SheetCell, trouble: Trouble| {
            troubles.push(CellTrouble { address: address(row.number, cell.column), text: cell.text(), trouble });
        };
        let mut amount = |meaning| {
            let (cell, column) = self.cell(row, meaning)?;
            number(cell, column).unwrap_or_else(|trouble| {
                wrong(cell, trouble);
                None
            })
        };
        let (base, vat) = (amount(Meaning::Base), amount(Meaning::Vat));
        let has_amount = base.is_some() || vat.is_some();
        // A formula that failed, and what may be read in two ways, is an amount that nobody knows.
        let unknown = |cell: &SheetCell, column: &Column| {
            let found = number(cell, column);
            let two_ways = Trouble::NotAnAmount(NotAnAmount::Ambiguous);
            let too_large = Trouble::NotAnAmount(NotAnAmount::TooLarge);
            found.is_err_and(|it| it == Trouble::FormulaError || it == two_ways || it == too_large)
        };
        let failed = [Meaning::Base, Meaning::Vat]
            .into_iter()
            .any(|meaning| self.cell(row, meaning).is_some_and(|(cell, column)| unknown(cell, column)));
        let means_amount = has_amount || failed;
        if self.is_sum(row, means_amount) {
            return Outcome::Sum;
        }
        let code = match self.cell(row, Meaning::Code) {
            None if !means_amount => return Outcome::Words,
            None => {
                let place = row.cells.first();
                if let Some(cell) = place {
                    wrong(cell, Trouble::NoCode);
                }
                None
            }
            Some((cell, _)) => {
                let code = columns::code(&cell.text());
                if code.is_none() {
                    if !means_amount {
                        return Outcome::Words;
                    }
                    let trouble = if matches!(cell.value, Value::Error(_)) {
                        Trouble::FormulaError
                    } else {
                        Trouble::UnknownCode
                    };
                    wrong(cell, trouble);
                }
                code
            }
        };
        let specification = self.cell(row, Meaning::Specification).and_then(|(cell, _)| {
            let found = columns::specification(&cell.text());
            if found.is_none() {
                wrong(cell, Trouble::UnknownSpecification);
            }
            found
        });
        let (org_number, period) = match (&self.above.company, &self.above.period) {
            (Ok(company), Ok(period)) => (company.clone(), *period),
            (company, period) => {
                for (meaning, trouble) in
                    [(Meaning::Company, company.as_ref().err()), (Meaning::Period, period.as_ref().err())]
                {
                    // What is not understood above is not understood here either.
                    let cell = self.cell(row, meaning).map(|(cell, _)| cell).or(row.cells.first());
                    if let (Some(cell), Some(trouble)) = (cell, trouble) {
                        wrong(cell, trouble.clone());
                    }
                }
                (about.org_number.clone(), about.period)
            }
        };
        let plus = |meaning| {
            let cell = self.cell(row, meaning).map(|(cell, _)| &cell.value);
            matches!(cell, Some(Value::Text(text)) if text.trim_start().starts_with('+'))
        };
        let (base_is_meant, vat_is_meant) = (plus(Meaning::Base), plus(Meaning::Vat));
        let remark = self.cell(row, Meaning::Remark).map(|(cell, _)| Note::of_text(&cell.text()));
        let rate = match self.cell(row, Meaning::Rate) {
            Some((cell, _)) if base.is_some() && cell.text() == NO_RATE => Rate::Absent,
            Some((cell, _)) if base.is_some() => Rate::Typed(rate_text(cell)),
            _ => Rate::Usual,
        };
        let own_code = self.cell(row, Meaning::OwnCode).map(|(cell, _)| cell.text().into());
        let Some(code) = code.filter(|_| troubles.is_empty()) else { return Outcome::Trouble(troubles) };
        if !has_amount {
            return Outcome::Empty;
        }
        let too_many = |trouble| {
            let cell = row.cells.first();
            let at = address(row.number, cell.map_or(1, |cell| cell.column));
            let text = cell.map(SheetCell::text).unwrap_or_default();
            Outcome::Trouble(vec![CellTrouble { address: at, text, trouble }])
        };
        let Some(draft) = self.draft_of(&org_number, period, about) else { return too_many(Trouble::TooManyReturns) };
        let Some(into) = self.drafts.get_mut(draft) else { return Outcome::Words };
        if into.lines.len() >= MOST_LINES {
            return too_many(Trouble::TooManyLines);
        }
        let id = into.number();
        let mut line = DraftLine::new(id, Some(code.to_string().into()));
        let mut cut = Vec::new();
        let mut whole = |amount: Decimal| {
            let (amount, rest) = whole_kroner(amount);
            cut.extend(rest);
            Cell::Amount(amount.normalize())
        };
        // Input tax has no base in a return, though a sheet tells it.
        let is_input = compute::is_input(line.written_code(), about.category);
        let deduction = base.is_none() && compute::deducts(line.written_code(), about.category);
        line.base = if is_input && vat.is_some() { Cell::Empty } else { base.map_or(Cell::Empty, &mut whole) };
        line.rate = if line.base == Cell::Empty { Rate::Usual } else { rate };
        line.vat = vat.map(&mut whole);
        line.specification = specification.map(|it| it.xml().into());
        line.own_code = own_code;
        line.note = remark;
        let mut made_negative = false;
        if !self.signed && line.specification.is_none() {
            let claimed = compute::is_claimed(&line, about.category);
            let base = Some(&mut line.base).filter(|_| claimed && !base_is_meant);
            let vat = line.vat.as_mut().filter(|_| (claimed || is_input || deduction) && !vat_is_meant);
            for cell in base.into_iter().chain(vat) {
                if let Cell::Amount(amount) = cell
                    && *amount > Decimal::ZERO
                {
                    *amount = -*amount;
                    made_negative = true;
                }
            }
        }
        into.lines.push(line);
        Outcome::Line { draft, line: id, cut, made_negative }
    }

    /// A row of sums: it has amounts and no code, and says so, or is the last of all.
    fn is_sum(&self, row: &Row, has_amount: bool) -> bool {
        let names = [
            "sum",
            "totalt",
            "total",
            "totalsum",
            "åbetale",
            "tilgode",
            "åbetaletilgode",
            "fastsattmerverdiavgift",
            "iallt",
            "ialt",
        ];
        let said = row
            .cells
            .iter()
            .any(|cell| matches!(&cell.value, Value::Text(text) if names.contains(&columns::plain(text).as_str())));
        let no_code = self.cell(row, Meaning::Code).is_none_or(|(cell, _)| columns::code(&cell.text()).is_none());
        let last = self.grid.rows.last().is_some_and(|last| last.number == row.number);
        let only_amounts = row.cells.iter().all(|cell| matches!(cell.value, Value::Number(_)));
        no_code && has_amount && (said || (last && only_amounts && !self.drafts.is_empty()))
    }

    /// The draft of a company and a period; none where it would be one too many.
    fn draft_of(&mut self, org_number: &CompactString, period: Period, about: &About) -> Option<usize> {
        let Self { drafts, places, file, .. } = self;
        let place = (org_number.clone(), period);
        if let Some(known) = places.get(&place) {
            return Some(*known);
        }
        if drafts.len() >= MOST_DRAFTS {
            return None;
        }
        let mut draft = about.draft(*file);
        draft.org_number.clone_from(org_number);
        draft.period = period;
        drafts.push(draft);
        places.insert(place, drafts.len() - 1);
        Some(drafts.len() - 1)
    }
}

/// `25 %`, `0,25` formatted as per cent, `25.0`.
pub(super) fn rate_text(cell: &SheetCell) -> CompactString {
    match &cell.value {
        // A cell formatted in per cent holds the fraction.
        Value::Number(number) if !number.is_zero() && number.abs() < Decimal::ONE => {
            (*number * Decimal::ONE_HUNDRED).round_dp(2).normalize().to_string().replace('.', ",").into()
        }
        _ => rate_of(&cell.text()),
    }
}

/// A rate as text, without the sign or word for per cent. Without either a fraction is one hundredth as much: no rate is
/// below one per cent.
fn rate_of(text: &str) -> CompactString {
    let bare =
        ["%", "prosent", "per cent", "percent", "pst.", "pst"].iter().find_map(|end| text.trim().strip_suffix(end));
    let rate = bare.unwrap_or(text).trim().replace('.', ",");
    match vat_return::number(&rate.replace(',', ".")) {
        Some(number) if bare.is_none() && number > Decimal::ZERO && number < Decimal::ONE => {
            (number * Decimal::ONE_HUNDRED).normalize().to_string().replace('.', ",").into()
        }
        // Decimals that say nothing are how a column is shown.
        Some(number) if rate.contains(',') => number.normalize().to_string().replace('.', ",").into(),
        _ => rate.into(),
    }
}
