//! What a draft is: the company, the period, and lines as they were typed.

use crate::amount::{self, Decimals};
use crate::compute;
use compact_str::CompactString;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use vat_return::{Category, Period, Remark, VatReturn};

/// A line of a draft, known by a number that is never used again in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LineId(pub u32);

/// An amount of a line: nothing, a number, or what was typed and is none.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Cell {
    /// Nothing.
    #[default]
    Empty,
    /// Kroner, with whatever decimals a file has; typed ones are whole.
    Amount(Decimal),
    /// As it was typed. It is no amount, and a draft with one cannot be filed.
    Text(CompactString),
}

impl Cell {
    /// The amount, where it is one.
    pub fn amount(&self) -> Option<Decimal> {
        match self {
            Self::Amount(amount) => Some(*amount),
            Self::Empty | Self::Text(_) => None,
        }
    }

    /// What a person typed, øre kept.
    pub(crate) fn typed(text: &str) -> Self {
        match amount::read(text, Decimals::Comma) {
            Ok(None) => Self::Empty,
            Ok(Some(amount)) => Self::Amount(amount),
            Err(_) => Self::Text(text.into()),
        }
    }
}

/// The rate of a line.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Rate {
    /// That of code and period, where the line has a base.
    #[default]
    Usual,
    /// None, though there is a base: so a file that was dropped has it.
    Absent,
    /// As typed.
    Typed(CompactString),
}

/// A remark, of a line or of the whole return.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Note {
    /// One of the list, by its name there.
    Chosen(CompactString),
    /// Free text: the return goes to manual handling.
    Free(CompactString),
}

impl Note {
    /// One of the list where the text names one, else the person's own words.
    pub fn of_text(text: &str) -> Self {
        match vat_return::tables::tables().remark(text) {
            Some(row) => Self::Chosen(row.name.into()),
            None => Self::Free(text.into()),
        }
    }

    pub(crate) fn of(remark: &Remark) -> Self {
        match remark {
            Remark::Chosen(name) => Self::Chosen(name.value.clone()),
            Remark::Description(text) => Self::Free(text.value.clone()),
        }
    }
}

/// A line. What is not typed is computed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DraftLine {
    /// Which line it is.
    pub id: LineId,
    /// `mvaKode`; empty where none is chosen.
    pub code: CompactString,
    /// `spesifikasjon`.
    pub specification: Option<CompactString>,
    /// The accounting system's own code.
    pub own_code: Option<CompactString>,
    /// `grunnlag`.
    pub base: Cell,
    /// `sats`.
    pub rate: Rate,
    /// `merverdiavgift`, where it was typed; else base × rate, or the other side's with a minus.
    pub vat: Option<Cell>,
    /// The line this one deducts, in reverse charge.
    pub deducts: Option<LineId>,
    /// `merknad`.
    pub note: Option<Note>,
}

impl DraftLine {
    pub(crate) fn new(id: LineId, code: &str) -> Self {
        Self {
            id,
            code: code.into(),
            specification: None,
            own_code: None,
            base: Cell::Empty,
            rate: Rate::Usual,
            vat: None,
            deducts: None,
            note: None,
        }
    }

    /// Whether nothing has been typed on it but its code: such a line is not part of the return.
    pub fn is_empty(&self) -> bool {
        self.base == Cell::Empty && self.vat.is_none() && self.note.is_none() && self.specification.is_none()
    }
}

/// Where a draft came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum Origin {
    /// Typed from nothing.
    Typed,
    /// The lines of an earlier return of the company.
    AsLast,
    /// A return that was dropped and is being mended; the file itself is kept as it was.
    Return {
        /// Its name.
        file: String,
        /// Of its bytes, in hexadecimal digits.
        sha256: String,
    },
    /// A spreadsheet, or what was pasted from one.
    Sheet {
        /// Its name; empty for what was pasted.
        file: String,
    },
}

/// A return in the making.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Draft {
    /// Nine digits, or what was typed so far.
    pub org_number: CompactString,
    /// `identifikasjonsnummer`, which only a return that was dropped may have.
    pub identification_number: Option<CompactString>,
    /// The period.
    #[serde(with = "period")]
    pub period: Period,
    /// The category.
    #[serde(with = "category")]
    pub category: Category,
    /// The lines, in the order they are shown and written.
    pub lines: Vec<DraftLine>,
    /// `kundeIdentifikasjonsnummer`: for money back.
    pub kid: Option<CompactString>,
    /// `merknad` of the whole return.
    pub note: Option<Note>,
    /// The sum where it was stated by a file and is not that of the lines; else it is computed.
    pub stated_sum: Option<Decimal>,
    /// `regnskapssystemsreferanse`.
    pub reference: CompactString,
    /// The program that wrote the return that is being mended: its name and version.
    pub system: Option<(CompactString, Option<CompactString>)>,
    /// Where it came from.
    pub origin: Origin,
    /// The number the next line gets.
    pub next_line: u32,
}

impl Draft {
    /// An empty draft: without lines it is a nullmelding.
    pub fn new(org_number: &str, period: Period, category: Category) -> Self {
        Self {
            org_number: org_number.into(),
            identification_number: None,
            period,
            category,
            lines: Vec::new(),
            kid: None,
            note: None,
            stated_sum: None,
            reference: CompactString::default(),
            system: None,
            origin: Origin::Typed,
            next_line: 0,
        }
    }

    /// A draft with the lines of an earlier return, for another period: codes, specifications and own codes, no amounts.
    pub fn as_last(last: &VatReturn, period: Period) -> Self {
        let org_number = last.org_number.as_ref().map_or("", |number| number.value.as_str());
        let mut draft = Self { origin: Origin::AsLast, ..Self::new(org_number, period, last.category.value) };
        for line in &last.lines {
            let id = draft.number();
            let mut new = DraftLine::new(id, &line.code.value);
            new.own_code.clone_from(&line.own_code);
            // The deduction follows its line by itself.
            if compute::deducts(&new.code) && line.base.is_none() && line.specification.is_none() {
                new.deducts = draft.output_of(&new.code, |_| true);
            }
            draft.lines.push(new);
        }
        draft
    }

    /// A draft that says what a return says: making it again gives the same values.
    pub fn of_return(read: &VatReturn, origin: Origin) -> Self {
        let text = |located: &vat_return::Located<CompactString>| located.value.clone();
        let mut draft = Self::new("", read.period.value, read.category.value);
        draft.org_number = read.org_number.as_ref().map(text).unwrap_or_default();
        draft.identification_number = read.identification_number.as_ref().map(text);
        draft.reference = text(&read.reference);
        draft.system = read.system.as_ref().map(|system| (system.name.clone(), system.version.clone()));
        draft.kid = read.kid.as_ref().map(|kid| kid.value.as_str().into());
        draft.note = read.remark.as_ref().map(Note::of);
        draft.origin = origin;
        for line in &read.lines {
            let id = draft.number();
            draft.lines.push(DraftLine {
                id,
                code: text(&line.code),
                specification: line.specification.as_ref().map(text),
                own_code: line.own_code.clone(),
                base: line.base.as_ref().map_or(Cell::Empty, |base| Cell::Amount(base.value)),
                rate: line.rate.as_ref().map_or(Rate::Absent, |rate| Rate::Typed(rate.value.clone())),
                vat: Some(Cell::Amount(line.vat.value)),
                deducts: None,
                note: line.remark.as_ref().map(Note::of),
            });
        }
        // What would be computed just so need not be held as typed: it may follow when something else is changed.
        draft.loosen_all();
        // Also where it is only written otherwise.
        let stated = read.assessed_vat.value;
        draft.stated_sum = (draft.sum().to_string() != stated.to_string()).then_some(stated);
        draft
    }

    /// Lets rates and VAT be computed where that gives what stands there.
    pub(crate) fn loosen_all(&mut self) {
        for at in 0..self.lines.len() {
            self.loosen(at);
        }
    }

    /// Lets rate and VAT of a line be computed where that gives what stands there.
    fn loosen(&mut self, at: usize) {
        let Some(line) = self.lines.get(at).cloned() else { return };
        let mut loose = line.clone();
        let stated_rate = match &line.rate {
            Rate::Typed(rate) => Some(rate.as_str()),
            Rate::Usual | Rate::Absent => None,
        };
        let usual = if line.base == Cell::Empty { None } else { self.usual_rate(&line.code) };
        if usual == stated_rate {
            loose.rate = Rate::Usual;
        }
        if line.base == Cell::Empty
            && stated_rate.is_none()
            && compute::deducts(&line.code)
            && line.specification.is_none()
        {
            loose.deducts = self.output_of(&line.code, |output| output.base != Cell::Empty);
        }
        let stated = line.vat.as_ref().and_then(Cell::amount);
        let computed = self.computed_vat(&DraftLine { vat: None, ..loose.clone() });
        // `-0` and `10.0` stay as they were written.
        if stated.is_some() && computed.map(|it| it.to_string()) == stated.map(|it| it.to_string()) {
            loose.vat = None;
        } else {
            loose.deducts = None;
        }
        if let Some(place) = self.lines.get_mut(at) {
            *place = loose;
        }
    }

    /// The first line of a code that no other line deducts yet.
    fn output_of(&self, code: &str, also: impl Fn(&DraftLine) -> bool) -> Option<LineId> {
        self.lines
            .iter()
            .filter(|line| line.code == code && line.deducts.is_none() && line.specification.is_none() && also(line))
            .map(|line| line.id)
            .find(|id| !self.lines.iter().any(|line| line.deducts == Some(*id)))
    }

    /// A number for a new line.
    pub(crate) fn number(&mut self) -> LineId {
        let id = LineId(self.next_line);
        self.next_line = self.next_line.saturating_add(1);
        id
    }

    /// A line by its number.
    pub fn line(&self, id: LineId) -> Option<&DraftLine> {
        self.lines.iter().find(|line| line.id == id)
    }

    pub(crate) fn line_mut(&mut self, id: LineId) -> Option<&mut DraftLine> {
        self.lines.iter_mut().find(|line| line.id == id)
    }

    /// The lines that are part of the return, with their place in it.
    pub fn filled(&self) -> impl Iterator<Item = &DraftLine> {
        self.lines.iter().filter(|line| !self.is_left_out(line))
    }

    /// Lines without anything typed, and deductions of such, are not part of the return.
    fn is_left_out(&self, line: &DraftLine) -> bool {
        line.is_empty() && line.deducts.and_then(|output| self.line(output)).is_none_or(DraftLine::is_empty)
    }

    /// The sum of what the lines give: positive is to pay, negative a refund.
    pub fn sum(&self) -> Decimal {
        self.filled()
            .filter_map(|line| self.vat_of(line))
            .fold(Decimal::ZERO, |sum, vat| sum.checked_add(vat).unwrap_or(sum))
            .normalize()
    }

    /// Whether it is a return without anything to tell.
    pub fn is_nothing(&self) -> bool {
        self.filled().next().is_none()
    }
}

mod period {
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
    use vat_return::Period;

    #[derive(Serialize, Deserialize)]
    struct Written {
        element: String,
        value: String,
        year: i32,
    }

    pub(super) fn serialize<S: Serializer>(period: &Period, to: S) -> Result<S::Ok, S::Error> {
        let (element, value) = (period.xml_element().to_owned(), period.xml_value().to_string());
        Written { element, value, year: period.year }.serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Period, D::Error> {
        let written = Written::deserialize(from)?;
        Period::from_xml(&written.element, &written.value, written.year)
            .ok_or_else(|| de::Error::custom("no period of that name"))
    }
}

mod category {
    use serde::{Deserialize, Deserializer, Serializer, de};
    use vat_return::Category;

    pub(super) fn serialize<S: Serializer>(category: &Category, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(category.xml())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Category, D::Error> {
        let name = String::deserialize(from)?;
        Category::from_xml(&name).ok_or_else(|| de::Error::custom("no category of that name"))
    }
}
