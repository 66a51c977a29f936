//! What a draft is: the company, the period, and lines as they were typed.

use crate::amount::{self, Decimals};
use compact_str::CompactString;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use vat_return::{Category, Period, Remark};

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
    /// `mvaKode`, where one is chosen.
    #[serde(with = "chosen")]
    pub code: Option<CompactString>,
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
    pub(crate) fn new(id: LineId, code: Option<CompactString>) -> Self {
        Self {
            id,
            code,
            specification: None,
            own_code: None,
            base: Cell::Empty,
            rate: Rate::Usual,
            vat: None,
            deducts: None,
            note: None,
        }
    }

    /// The code as it is written and looked up: nothing where none is chosen.
    pub fn written_code(&self) -> &str {
        self.code.as_deref().unwrap_or_default()
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
        #[serde(with = "chosen")]
        file: Option<String>,
        /// Of its bytes, in hexadecimal digits.
        sha256: String,
    },
    /// SAF-T files, which a return was made from.
    Books {
        /// The name of the first of them.
        #[serde(with = "chosen")]
        file: Option<String>,
    },
    /// A spreadsheet, or what was pasted from one.
    Sheet {
        /// Its name; none for what was pasted.
        #[serde(with = "chosen")]
        file: Option<String>,
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

    /// Which return it is a draft of: company, category and period. Two drafts of one return are two versions or two halves of
    /// it, and one of them is filed. None while the company is not known.
    #[must_use]
    pub fn return_key(&self) -> Option<(CompactString, Category, Period)> {
        (!self.org_number.is_empty()).then(|| (self.org_number.clone(), self.category, self.period))
    }

    /// A number for a new line.
    pub(crate) fn number(&mut self) -> LineId {
        let id = LineId(self.next_line);
        self.next_line = self.next_line.saturating_add(1);
        id
    }

    /// A line by its number.
    pub fn line(&self, id: LineId) -> Option<&DraftLine> {
        // Lines that were never moved stand where their number says.
        let place = usize::try_from(id.0).ok().and_then(|at| self.lines.get(at)).filter(|line| line.id == id);
        place.or_else(|| self.lines.iter().find(|line| line.id == id))
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

/// A text that may be missing. Drafts that are kept have an empty one there.
mod chosen {
    use compact_str::CompactString;
    use serde::{Deserialize as _, Deserializer, Serializer};

    pub(super) fn serialize<T: AsRef<str>, S: Serializer>(text: &Option<T>, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(text.as_ref().map_or("", AsRef::as_ref))
    }

    pub(super) fn deserialize<'de, T: From<CompactString>, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<T>, D::Error> {
        let text = CompactString::deserialize(from)?;
        Ok((!text.is_empty()).then(|| text.into()))
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
