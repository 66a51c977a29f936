//! The validation result (`valideringsresultat`): what Skatteetaten thinks of a return.
//!
//! Two shapes are published: that of `no.skatteetaten.fastsetting.avgift.mva.valideringsresultat.v1.xsd`
//! (2022-11-18), which the service and the receipt have, and an older one that the documentation of the validation
//! API still prints. Both are read.

use crate::complaint::{ComplaintKind, Rejection};
use crate::model::Position;
use crate::schema::periods::TEXT;
use crate::schema::value::Value;
use crate::schema::{Also, Content, Element, Schema, Simple, Sink, Tag, Type, any, maybe, one, some, walk};
use crate::xml::write::Writer;

/// `valideringsresultat`.
///
/// ```
/// use vat_return::validation_result::{Outcome, ValidationResult};
///
/// let xml = "<valideringsresultat xmlns='no:skatteetaten:fastsetting:avgift:mva:valideringsresultat:v1'>
///     <avvikVedMeldingslevering>ingen avvik</avvikVedMeldingslevering></valideringsresultat>";
/// assert_eq!(ValidationResult::read(xml.as_bytes())?.outcome, Outcome::NoDeviations);
/// # Ok::<(), vat_return::Rejection>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValidationResult {
    /// `avvikVedMeldingslevering`, or `status`: the worst of the deviations.
    pub outcome: Outcome,
    /// `avvik`, or `valideringsfeil`.
    pub deviations: Vec<Deviation>,
}

/// `Avvikstype`: what a deviation means for the return.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// `ingen avvik`.
    NoDeviations,
    /// `avvikende skattemelding`: may be submitted.
    Deviating,
    /// `mangelfull skattemelding`: may be submitted.
    Incomplete,
    /// `ugyldig skattemelding`: is refused.
    Invalid,
}

impl Outcome {
    /// All outcomes, the mildest first, as the schema lists them.
    pub const ALL: [Self; 4] = [Self::NoDeviations, Self::Deviating, Self::Incomplete, Self::Invalid];

    /// The value of the schema, e.g. `ugyldig skattemelding`.
    pub fn xml(self) -> &'static str {
        OUTCOMES[self as usize]
    }

    /// The value of the older shape, e.g. `UGYLDIG_SKATTEMELDING`.
    pub fn old_xml(self) -> &'static str {
        OLD_OUTCOMES[self as usize]
    }
}

/// `avvik`: one place in the return, and what is wrong there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deviation {
    /// `stiTilAvvik`, or `stiTilFeil`.
    pub path: String,
    /// `mvaKode`. The literal text `null`, which has been seen, counts as none.
    pub vat_code: Option<String>,
    /// `xmlLinjenummer`: line in the file, from 1. A number below 0 counts as none.
    pub line: Option<u64>,
    /// `xmlPosisjonPaaLinje`: column. A number below 0 counts as none.
    pub column: Option<u64>,
    /// `avviksinformasjon`, or `valideringsDetaljer`.
    pub details: Vec<Detail>,
}

/// `avviksinformasjon`: one rule's complaint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detail {
    /// `begrunnelse`. The older shape has none.
    pub reason: String,
    /// `avvikstype`, or `alvorlighetsgrad`.
    pub kind: Outcome,
    /// `avvikKode`: the rule's identifier.
    pub code: String,
    /// `regelDefinisjon`, or `feilmelding`: the rule in words.
    pub rule_definition: String,
    /// `detaljer`, or `informasjon`.
    pub detail: Option<String>,
}

/// Which of the two published shapes to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// That of the schema.
    Current,
    /// That of the older documentation.
    Old,
}

impl ValidationResult {
    /// Reads a validation result of either shape. Elements neither shape knows are passed over.
    ///
    /// # Errors
    /// [`Rejection`] when it is not XML, another document, or something required is missing or malformed.
    pub fn read(bytes: &[u8]) -> Result<Self, Rejection> {
        let mut builder = Builder::default();
        let current = walk::read(bytes, &SCHEMA, &mut builder);
        let Err(rejection) = current else { return Ok(builder.result) };
        let lacks_outcome = |rejection: &Rejection| {
            rejection.complaints().iter().any(|complaint| {
                complaint.kind == ComplaintKind::Missing && complaint.expected.starts_with("avvikVedMeldingslevering")
            })
        };
        if !lacks_outcome(&rejection) {
            return Err(rejection);
        }
        let mut builder = Builder::default();
        // If it is neither, the complaints about the current shape say more.
        match walk::read(bytes, &OLD_SCHEMA, &mut builder) {
            Ok(()) => Ok(builder.result),
            Err(_) => Err(rejection),
        }
    }

    /// The same of a result whose outcome is what counts: what is wrong with the places and texts of its deviations costs
    /// only these. The outcome must stand there once, in a word of the schema, and so must every other word of its list.
    ///
    /// # Errors
    /// [`Rejection`] when it is not XML, another document, or says no outcome that is known.
    pub fn read_outcome(bytes: &[u8]) -> Result<Self, Rejection> {
        let rejection = match Self::read(bytes) {
            Ok(result) => return Ok(result),
            Err(Rejection::Structure(complaints)) => Rejection::Structure(complaints),
            Err(other) => return Err(other),
        };
        let foreign_word = |complaints: &[crate::complaint::Complaint]| {
            complaints.iter().any(|complaint| complaint.kind == ComplaintKind::NotListed)
        };
        for schema in [&SCHEMA, &OLD_SCHEMA] {
            let mut builder = Builder::default();
            if let Err(Rejection::Structure(complaints)) = walk::read(bytes, schema, &mut builder)
                && builder.outcomes == 1
                && complaints.len() < Rejection::MOST_COMPLAINTS
                && !foreign_word(&complaints)
            {
                return Ok(builder.result);
            }
        }
        Err(rejection)
    }

    /// Whether the file says another outcome beside this one, in the words of the other shape or in one that is in no list.
    pub(crate) fn is_contradicted(&self, bytes: &[u8]) -> bool {
        [&SCHEMA, &OLD_SCHEMA].into_iter().any(|schema| {
            let mut builder = Builder::default();
            // What else is wrong with it in that shape is no question here.
            let unlisted = walk::read(bytes, schema, &mut builder)
                .is_err_and(|it| it.complaints().iter().any(|complaint| complaint.kind == ComplaintKind::NotListed));
            unlisted || (builder.outcomes > 0 && builder.result.outcome != self.outcome)
        })
    }

    /// The result as XML in the given shape. The older shape has no place for code, line and column.
    pub fn write(&self, shape: Shape) -> String {
        match shape {
            Shape::Current => self.write_current(),
            Shape::Old => self.write_old(),
        }
    }

    fn write_current(&self) -> String {
        let mut xml = Writer::new("valideringsresultat", Some(SCHEMA.namespace));
        xml.value("avvikVedMeldingslevering", self.outcome.xml());
        for deviation in &self.deviations {
            xml.open("avvik");
            xml.value("stiTilAvvik", &deviation.path);
            xml.maybe("mvaKode", deviation.vat_code.as_deref());
            xml.maybe("xmlLinjenummer", deviation.line.map(|line| line.to_string()).as_deref());
            xml.maybe("xmlPosisjonPaaLinje", deviation.column.map(|column| column.to_string()).as_deref());
            for detail in &deviation.details {
                xml.open("avviksinformasjon");
                xml.value("begrunnelse", &detail.reason);
                xml.value("avvikstype", detail.kind.xml());
                xml.value("avvikKode", &detail.code);
                xml.value("regelDefinisjon", &detail.rule_definition);
                xml.maybe("detaljer", detail.detail.as_deref());
                xml.close();
            }
            xml.close();
        }
        xml.finish()
    }

    fn write_old(&self) -> String {
        let mut xml = Writer::new("valideringsresultat", None);
        xml.value("status", self.outcome.old_xml());
        for deviation in &self.deviations {
            xml.open("valideringsfeil");
            xml.value("stiTilFeil", &deviation.path);
            for detail in &deviation.details {
                xml.open("valideringsDetaljer");
                xml.value("feilmelding", &detail.rule_definition);
                xml.value("alvorlighetsgrad", detail.kind.old_xml());
                xml.value("avvikKode", &detail.code);
                xml.maybe("informasjon", detail.detail.as_deref());
                xml.close();
            }
            xml.close();
        }
        xml.finish()
    }
}

struct Builder {
    result: ValidationResult,
    /// How many times the outcome of the whole has been read.
    outcomes: u32,
}

impl Default for Builder {
    fn default() -> Self {
        Self { result: ValidationResult { outcome: Outcome::NoDeviations, deviations: Vec::new() }, outcomes: 0 }
    }
}

impl Sink for Builder {
    fn open(&mut self, tag: Tag, _: Position) {
        match tag {
            Tag::Deviation => self.result.deviations.push(Deviation {
                path: String::new(),
                vat_code: None,
                line: None,
                column: None,
                details: Vec::new(),
            }),
            Tag::Detail => {
                let outcome = self.result.outcome;
                if let Some(deviation) = self.result.deviations.last_mut() {
                    deviation.details.push(Detail {
                        reason: String::new(),
                        // The older shape may leave it out; then it is as bad as the whole.
                        kind: outcome,
                        code: String::new(),
                        rule_definition: String::new(),
                        detail: None,
                    });
                }
            }
            _ => {}
        }
    }

    fn value(&mut self, tag: Tag, _: Position, value: Value<'_>) {
        let deviation = self.result.deviations.last_mut();
        match (value, deviation) {
            (Value::Listed(place), deviation) => {
                // The one word that has no place of its own among the outcomes is another for the first.
                let outcome = Outcome::ALL.get(place).copied().unwrap_or(Outcome::NoDeviations);
                match (tag, deviation.and_then(|deviation| deviation.details.last_mut())) {
                    (Tag::Outcome, _) => {
                        self.result.outcome = outcome;
                        self.outcomes += 1;
                    }
                    (Tag::DetailOutcome, Some(detail)) => detail.kind = outcome,
                    _ => {}
                }
            }
            (Value::Whole(number), Some(deviation)) => match tag {
                Tag::XmlLine => deviation.line = u64::try_from(number).ok(),
                Tag::XmlColumn => deviation.column = u64::try_from(number).ok(),
                _ => {}
            },
            (Value::Text(text), Some(deviation)) => match (tag, deviation.details.last_mut()) {
                (Tag::Path, _) => deviation.path = text.to_owned(),
                (Tag::VatCode, _) => deviation.vat_code = Some(text.to_owned()).filter(|code| code != "null"),
                (Tag::Reason, Some(detail)) => detail.reason = text.to_owned(),
                (Tag::Code, Some(detail)) => detail.code = text.to_owned(),
                (Tag::RuleDefinition, Some(detail)) => detail.rule_definition = text.to_owned(),
                (Tag::Elaboration, Some(detail)) => detail.detail = Some(text.to_owned()),
                _ => {}
            },
            _ => {}
        }
    }
}

const OUTCOMES: [&str; 4] =
    ["ingen avvik", "avvikende skattemelding", "mangelfull skattemelding", "ugyldig skattemelding"];
/// The older shape's word for a return without deviations is published nowhere: either of the likely ones is read.
const OLD_OUTCOMES: [&str; 5] = [
    "INGEN_AVVIK",
    "AVVIKENDE_SKATTEMELDING",
    "MANGELFULL_SKATTEMELDING",
    "UGYLDIG_SKATTEMELDING",
    OLD_NO_DEVIATIONS_TOO,
];
const OLD_NO_DEVIATIONS_TOO: &str = "GYLDIG_SKATTEMELDING";

static SCHEMA: Schema = Schema {
    root: &ROOT,
    namespace: "no:skatteetaten:fastsetting:avgift:mva:valideringsresultat:v1",
    also: Also::NoNamespace,
    lenient: true,
    derived: &[],
};

const fn element(name: &'static str, tag: Tag, of: &'static Type) -> Element {
    Element { name, tag, of }
}

const fn complex(name: &'static str, content: Content) -> Type {
    Type { name, base: None, content }
}

static ROOT: Element = element("valideringsresultat", Tag::Frame, &ROOT_TYPE);
static ROOT_TYPE: Type = complex("Valideringsresultat", Content::Children(&[one(&[&OUTCOME]), any(&[&DEVIATION])]));
static OUTCOME: Element = element("avvikVedMeldingslevering", Tag::Outcome, &OUTCOME_TYPE);
static OUTCOME_TYPE: Type = complex("Avvikstype", Content::Value(Simple::Listed(&OUTCOMES)));
static DEVIATION: Element = element("avvik", Tag::Deviation, &DEVIATION_TYPE);
static DEVIATION_TYPE: Type = complex(
    "Avvik",
    Content::Children(&[
        one(&[&PATH]),
        maybe(&[&VAT_CODE]),
        maybe(&[&XML_LINE]),
        maybe(&[&XML_COLUMN]),
        some(&[&DETAIL]),
    ]),
);
static PATH: Element = element("stiTilAvvik", Tag::Path, &TEXT);
static VAT_CODE: Element = element("mvaKode", Tag::VatCode, &TEXT);
static WHOLE: Type = complex("Heltall", Content::Value(Simple::Whole));
static XML_LINE: Element = element("xmlLinjenummer", Tag::XmlLine, &WHOLE);
static XML_COLUMN: Element = element("xmlPosisjonPaaLinje", Tag::XmlColumn, &WHOLE);
static DETAIL: Element = element("avviksinformasjon", Tag::Detail, &DETAIL_TYPE);
static DETAIL_TYPE: Type = complex(
    "Avviksinformasjon",
    Content::Children(&[one(&[&REASON]), one(&[&DETAIL_OUTCOME]), one(&[&CODE]), one(&[&DEFINITION]), maybe(&[&MORE])]),
);
static REASON: Element = element("begrunnelse", Tag::Reason, &REASON_TYPE);
static REASON_TYPE: Type = complex("MvameldingAvvik", Content::Value(Simple::Text));
static DETAIL_OUTCOME: Element = element("avvikstype", Tag::DetailOutcome, &OUTCOME_TYPE);
static CODE: Element = element("avvikKode", Tag::Code, &TEXT);
static DEFINITION: Element = element("regelDefinisjon", Tag::RuleDefinition, &TEXT);
static MORE: Element = element("detaljer", Tag::Elaboration, &TEXT);

// The older shape, as Skatteetaten's documentation of the validation API prints it (docs/documentation/api).
static OLD_SCHEMA: Schema = Schema {
    root: &OLD_ROOT,
    namespace: "no:skatteetaten:fastsetting:avgift:mva:valideringsresultat:v1",
    also: Also::NoNamespace,
    lenient: true,
    derived: &[],
};
static OLD_ROOT: Element = element("valideringsresultat", Tag::Frame, &OLD_ROOT_TYPE);
static OLD_ROOT_TYPE: Type = complex("", Content::Children(&[one(&[&OLD_OUTCOME]), any(&[&OLD_DEVIATION])]));
static OLD_OUTCOME: Element = element("status", Tag::Outcome, &OLD_OUTCOME_TYPE);
static OLD_OUTCOME_TYPE: Type = complex("", Content::Value(Simple::Listed(&OLD_OUTCOMES)));
static OLD_DEVIATION: Element = element("valideringsfeil", Tag::Deviation, &OLD_DEVIATION_TYPE);
static OLD_DEVIATION_TYPE: Type = complex("", Content::Children(&[maybe(&[&OLD_PATH]), any(&[&OLD_DETAIL])]));
static OLD_PATH: Element = element("stiTilFeil", Tag::Path, &TEXT);
static OLD_DETAIL: Element = element("valideringsDetaljer", Tag::Detail, &OLD_DETAIL_TYPE);
static OLD_DETAIL_TYPE: Type = complex(
    "",
    Content::Children(&[
        maybe(&[&OLD_DEFINITION]),
        maybe(&[&OLD_DETAIL_OUTCOME]),
        maybe(&[&CODE]),
        maybe(&[&OLD_MORE]),
    ]),
);
static OLD_DEFINITION: Element = element("feilmelding", Tag::RuleDefinition, &TEXT);
static OLD_DETAIL_OUTCOME: Element = element("alvorlighetsgrad", Tag::DetailOutcome, &OLD_OUTCOME_TYPE);
static OLD_MORE: Element = element("informasjon", Tag::Elaboration, &TEXT);
