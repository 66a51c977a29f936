//! The VAT return as typed values, each with the place it was read from.
//!
//! Nothing here judges: a code that no list knows, an organisation number with a wrong check digit and a
//! rate of "25 %" all survive reading, because the rules want to say what is wrong with them.

use crate::kid::RefundKid;
use crate::period::Period;
use compact_str::CompactString;
use rust_decimal::Decimal;

/// The largest amount that is kept apart, in kroner: 10²⁷.
///
/// `xsd:decimal` has no bounds, a [`Decimal`] has. An amount at this limit, or at its negative, means "at least so
/// much", and is shown so; nothing else about the return suffers.
/// Decimals beyond the ninth are cut off when the amount has more than 18 digits in all, and those that do not fit beside
/// a very long whole part; a fraction never becomes none by that.
pub const AMOUNT_LIMIT: Decimal = Decimal::from_parts(0xE800_0000, 0x9FD0_803C, 0x033B_2E3C, false, 0);

/// A place in the file: line and column from 1, the column counted in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

/// A value and the start tag it was read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Located<T> {
    /// The value.
    pub value: T,
    /// Where its start tag begins.
    pub at: Position,
}

/// `mvaMeldingDto` (return XSD v1.0).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VatReturn {
    /// `innsending/regnskapssystemsreferanse`.
    pub reference: Located<CompactString>,
    /// `innsending/regnskapssystem`.
    pub system: Option<AccountingSystem>,
    /// `skattegrunnlagOgBeregnetSkatt/skattleggingsperiode`.
    pub period: Located<Period>,
    /// `fastsattMerverdiavgift`: positive is to pay, negative a refund.
    pub assessed_vat: Located<Decimal>,
    /// `mvaSpesifikasjonslinje`, in the order of the file.
    pub lines: Vec<Line>,
    /// `betalingsinformasjon/kundeIdentifikasjonsnummer`, as written; may be empty.
    pub kid: Option<Located<RefundKid>>,
    /// `skattepliktig/organisasjonsnummer`: nine digits, check digit not judged.
    pub org_number: Option<Located<CompactString>>,
    /// `skattepliktig/identifikasjonsnummer`: seven digits.
    pub identification_number: Option<Located<CompactString>>,
    /// `meldingskategori`.
    pub category: Located<Category>,
    /// `merknad` of the whole return.
    pub remark: Option<Remark>,
}

impl VatReturn {
    /// A return in which nothing stands but what it is for.
    #[must_use]
    pub fn without_lines(category: Category, period: Period) -> Self {
        fn nowhere<T>(value: T) -> Located<T> {
            Located { value, at: Position::default() }
        }
        Self {
            reference: nowhere(CompactString::default()),
            system: None,
            period: nowhere(period),
            assessed_vat: nowhere(Decimal::ZERO),
            lines: Vec::new(),
            kid: None,
            org_number: None,
            identification_number: None,
            category: nowhere(category),
            remark: None,
        }
    }
}

/// `regnskapssystem`: the program that wrote the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountingSystem {
    /// `systemnavn`.
    pub name: CompactString,
    /// `systemversjon`.
    pub version: Option<CompactString>,
}

/// `mvaSpesifikasjonslinje`: one line of the return.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Where the line's start tag begins.
    pub at: Position,
    /// `mvaKode`, exactly as written.
    pub code: Located<CompactString>,
    /// `spesifikasjon`.
    pub specification: Option<Located<CompactString>>,
    /// `mvaKodeRegnskapsystem`: the accounting system's own code.
    pub own_code: Option<CompactString>,
    /// `grunnlag`, in kroner.
    pub base: Option<Located<Decimal>>,
    /// `sats`, as written, e.g. `25` or `11,11`.
    pub rate: Option<Located<CompactString>>,
    /// `merverdiavgift`, in kroner.
    pub vat: Located<Decimal>,
    /// `merknad` of the line.
    pub remark: Option<Remark>,
}

/// `merknad`: free text, or one of the code list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remark {
    /// `beskrivelse`.
    Description(Located<CompactString>),
    /// `utvalgtMerknad`.
    Chosen(Located<CompactString>),
}

/// `meldingskategori`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Category {
    /// `alminnelig`: ordinary business.
    Ordinary,
    /// `primaernaering`: primary industry.
    PrimaryIndustry,
    /// `kompensasjon`: VAT compensation.
    Compensation,
    /// `omvendtAvgiftsplikt`: reverse charge.
    ReverseCharge,
    /// `eHandel`: the simplified scheme for e-commerce.
    ECommerce,
}

impl Category {
    /// All categories, in the order of the XSD.
    pub const ALL: [Self; 5] =
        [Self::Ordinary, Self::PrimaryIndustry, Self::Compensation, Self::ReverseCharge, Self::ECommerce];

    /// The category of a value as the XSD spells it.
    pub fn from_xml(value: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|category| category.xml() == value)
    }

    /// The value in the XML of return and envelope.
    pub fn xml(self) -> &'static str {
        match self {
            Self::Ordinary => "alminnelig",
            Self::PrimaryIndustry => "primaernaering",
            Self::Compensation => "kompensasjon",
            Self::ReverseCharge => "omvendtAvgiftsplikt",
            Self::ECommerce => "eHandel",
        }
    }
}
