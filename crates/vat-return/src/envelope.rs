//! The envelope (`mvaMeldingInnsending`): the submission's metadata, which Altinn keeps beside the return.
//!
//! Schema: `no.skatteetaten.fastsetting.avgift.mva.mvameldinginnsending.v1.0.xsd`. The published examples leave the
//! namespace out that the schema requires, and one puts `endringstidspunkt` before `vedlegg`: both are read.

use crate::complaint::Rejection;
use crate::model::{Category, Position, VatReturn};
use crate::period::{Period, PeriodKind};
use crate::schema::periods::{CATEGORY, IDENTIFICATION_NUMBER, ORG_NUMBER, PERIOD, TEXT};
use crate::schema::value::Value;
use crate::schema::{Also, Content, Element, Schema, Simple, Sink, Tag, Type, any, maybe, one, walk};
use crate::xml::write::Writer;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// `mvaMeldingInnsending`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// `norskIdentifikator`: whom the return is for.
    pub taxpayer: Taxpayer,
    /// `skattleggingsperiode`.
    pub period: Period,
    /// `meldingskategori`.
    pub category: Category,
    /// `innsendingstype`.
    pub submission_type: Option<SubmissionType>,
    /// `instansstatus`.
    pub instance_status: Option<String>,
    /// `opprettetAv`: name of the person or system that made the submission.
    pub created_by: String,
    /// `opprettingstidspunkt`.
    pub created_at: Option<Timestamp>,
    /// `vedlegg`: the return itself and what is attached to it.
    pub attachments: Vec<Attachment>,
    /// `endringstidspunkt`.
    pub changed_at: Option<Timestamp>,
}

/// `norskIdentifikator`, one of three.
#[derive(Clone, PartialEq, Eq)]
pub enum Taxpayer {
    /// `organisasjonsnummer`: nine digits, check digit not judged.
    OrgNumber(String),
    /// `identifikasjonsnummer`: seven digits, of foreign businesses in the simplified scheme.
    IdentificationNumber(String),
    /// `foedselsnummer`: eleven digits. Debug output hides them.
    BirthNumber(String),
}

impl std::fmt::Debug for Taxpayer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::OrgNumber(number) => f.debug_tuple("OrgNumber").field(number).finish(),
            Self::IdentificationNumber(number) => f.debug_tuple("IdentificationNumber").field(number).finish(),
            Self::BirthNumber(_) => f.write_str("BirthNumber([secret])"),
        }
    }
}

/// `innsendingstype`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubmissionType {
    /// `komplett`.
    Complete,
    /// `ikke komplett`.
    Incomplete,
}

/// `vedlegg`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// `vedleggstype`.
    pub kind: AttachmentKind,
    /// `kildegruppe`.
    pub source: AttachmentSource,
    /// `opprettetAv`.
    pub created_by: String,
    /// `opprettingstidspunkt`.
    pub created_at: Option<Timestamp>,
    /// `vedleggsfil`.
    pub name: AttachmentName,
}

/// `vedleggstype`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttachmentKind {
    /// `mva-melding`: the return itself.
    VatReturn,
    /// `binaerVedlegg`: anything else.
    Binary,
}

/// `kildegruppe`: where a file comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttachmentSource {
    /// `etat`: the authority.
    Authority,
    /// `sluttbrukersystem`: an accounting system.
    EndUserSystem,
    /// `sluttbruker`: a person.
    EndUser,
}

/// `vedleggsfil`: a file's name in three parts.
///
/// ```
/// use vat_return::envelope::AttachmentName;
///
/// let name = AttachmentName::of_file("Kreditnota 10482.pdf", "Kreditnota");
/// assert_eq!((name.name.as_str(), name.extension.as_str()), ("Kreditnota 10482", "pdf"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttachmentName {
    /// `filnavn`, without extension as in the published examples.
    pub name: String,
    /// `filekstensjon`, without the dot.
    pub extension: String,
    /// `filinnhold`: what the file contains, in words.
    pub content: String,
}

impl AttachmentName {
    /// Splits a file's name at its last dot. A name without a dot, or beginning with its only one, has no extension.
    pub fn of_file(file_name: &str, content: &str) -> Self {
        let (name, extension) = match file_name.rsplit_once('.') {
            Some((name, extension)) if !name.is_empty() => (name, extension),
            _ => (file_name, ""),
        };
        Self { name: name.into(), extension: extension.into(), content: content.into() }
    }
}

impl Envelope {
    /// The envelope for a return and its attachments: complete, with the return as its first file.
    ///
    /// `created_by` is the name of the person who files. Whom the return is for is taken from the return as it
    /// stands there; a return that names nobody gives an empty organisation number, which the authority refuses.
    ///
    /// ```
    /// use vat_return::{envelope::Envelope, read, samples};
    ///
    /// let at = "2026-11-21T10:00:00Z".parse().unwrap();
    /// let envelope = Envelope::for_return(&read(samples::ALL[0].bytes)?, "Ingrid Solvang", at, &[]);
    /// assert_eq!(Envelope::read(envelope.write(true).as_bytes())?, envelope);
    /// # Ok::<(), vat_return::Rejection>(())
    /// ```
    pub fn for_return(
        vat_return: &VatReturn,
        created_by: &str,
        created_at: Timestamp,
        attachments: &[AttachmentName],
    ) -> Self {
        let taxpayer = match (&vat_return.org_number, &vat_return.identification_number) {
            (None, Some(number)) => Taxpayer::IdentificationNumber(number.value.to_string()),
            (number, _) => {
                Taxpayer::OrgNumber(number.as_ref().map(|number| number.value.to_string()).unwrap_or_default())
            }
        };
        let file = |kind, source, name| Attachment {
            kind,
            source,
            created_by: created_by.to_owned(),
            created_at: Some(created_at),
            name,
        };
        // The names and the status that a client in production sends (apis.md 1.8); the app wants a status and the
        // documentation does not say which.
        let own = AttachmentName { name: "melding_xml".into(), extension: "xml".into(), content: "-".into() };
        let mut files = vec![file(AttachmentKind::VatReturn, AttachmentSource::EndUserSystem, own)];
        files.extend(
            attachments.iter().map(|name| file(AttachmentKind::Binary, AttachmentSource::EndUser, name.clone())),
        );
        Self {
            taxpayer,
            period: vat_return.period.value,
            category: vat_return.category.value,
            submission_type: Some(SubmissionType::Complete),
            instance_status: Some("default".into()),
            created_by: created_by.to_owned(),
            created_at: Some(created_at),
            attachments: files,
            changed_at: None,
        }
    }

    /// Reads an envelope, with or without its namespace. Elements the schema does not know are passed over.
    ///
    /// # Errors
    /// [`Rejection`] when it is not XML, another document, or something required is missing or malformed.
    pub fn read(bytes: &[u8]) -> Result<Self, Rejection> {
        let mut builder = Builder(Self {
            taxpayer: Taxpayer::OrgNumber(String::new()),
            period: Period { kind: PeriodKind::Year, index: 1, year: 0 },
            category: Category::Ordinary,
            submission_type: None,
            instance_status: None,
            created_by: String::new(),
            created_at: None,
            attachments: Vec::new(),
            changed_at: None,
        });
        walk::read(bytes, &SCHEMA, &mut builder)?;
        Ok(builder.0)
    }

    /// The envelope as XML in the order of its schema; moments in Norwegian time.
    ///
    /// The schema wants the namespace; what Skatteetaten's own examples send is without.
    pub fn write(&self, namespace: bool) -> String {
        let mut xml = Writer::new("mvaMeldingInnsending", namespace.then_some(SCHEMA.namespace));
        xml.open("norskIdentifikator");
        match &self.taxpayer {
            Taxpayer::OrgNumber(number) => xml.value("organisasjonsnummer", number),
            Taxpayer::IdentificationNumber(number) => xml.value("identifikasjonsnummer", number),
            Taxpayer::BirthNumber(number) => xml.value("foedselsnummer", number),
        }
        xml.close();
        xml.period(&self.period);
        xml.value("meldingskategori", self.category.xml());
        xml.maybe("innsendingstype", self.submission_type.map(|kind| listed(&SUBMISSION_TYPES, kind as usize)));
        xml.maybe("instansstatus", self.instance_status.as_deref());
        xml.value("opprettetAv", &self.created_by);
        xml.maybe("opprettingstidspunkt", self.created_at.map(norwegian).as_deref());
        for attachment in &self.attachments {
            xml.open("vedlegg");
            xml.value("vedleggstype", listed(&KINDS, attachment.kind as usize));
            xml.value("kildegruppe", listed(&SOURCES, attachment.source as usize));
            xml.value("opprettetAv", &attachment.created_by);
            xml.maybe("opprettingstidspunkt", attachment.created_at.map(norwegian).as_deref());
            xml.open("vedleggsfil");
            xml.value("filnavn", &attachment.name.name);
            xml.value("filekstensjon", &attachment.name.extension);
            xml.value("filinnhold", &attachment.name.content);
            xml.close();
            xml.close();
        }
        xml.maybe("endringstidspunkt", self.changed_at.map(norwegian).as_deref());
        xml.finish()
    }
}

fn listed(values: &[&'static str], place: usize) -> &'static str {
    values.get(place).copied().unwrap_or_default()
}

/// A moment as `xsd:dateTime` with Norway's offset.
fn norwegian(moment: Timestamp) -> String {
    let norway = TimeZone::get("Europe/Oslo").unwrap_or(TimeZone::UTC);
    moment.display_with_offset(norway.to_offset(moment)).to_string()
}

struct Builder(Envelope);

impl Sink for Builder {
    fn open(&mut self, tag: Tag, _: Position) {
        if tag == Tag::Attachment {
            self.0.attachments.push(Attachment {
                kind: AttachmentKind::Binary,
                source: AttachmentSource::EndUser,
                created_by: String::new(),
                created_at: None,
                name: AttachmentName { name: String::new(), extension: String::new(), content: String::new() },
            });
        }
    }

    fn value(&mut self, tag: Tag, _: Position, value: Value<'_>) {
        let envelope = &mut self.0;
        match value {
            Value::Text(text) => Self::text(envelope, tag, text.to_owned()),
            Value::Period(kind, index) => {
                envelope.period.kind = kind;
                envelope.period.index = index;
            }
            Value::Year(year) => envelope.period.year = year,
            Value::Moment(moment) => match (tag, envelope.attachments.last_mut()) {
                (Tag::CreatedAt, _) => envelope.created_at = Some(moment),
                (Tag::ChangedAt, _) => envelope.changed_at = Some(moment),
                (Tag::AttachmentCreatedAt, Some(attachment)) => attachment.created_at = Some(moment),
                _ => {}
            },
            Value::Listed(place) => match (tag, envelope.attachments.last_mut()) {
                (Tag::Category, _) => {
                    envelope.category = Category::ALL.get(place).copied().unwrap_or(Category::Ordinary);
                }
                (Tag::SubmissionType, _) => {
                    envelope.submission_type =
                        Some(if place == 0 { SubmissionType::Complete } else { SubmissionType::Incomplete });
                }
                (Tag::AttachmentKind, Some(attachment)) => {
                    attachment.kind = if place == 0 { AttachmentKind::VatReturn } else { AttachmentKind::Binary };
                }
                (Tag::AttachmentSource, Some(attachment)) => {
                    attachment.source = match place {
                        0 => AttachmentSource::Authority,
                        1 => AttachmentSource::EndUserSystem,
                        _ => AttachmentSource::EndUser,
                    };
                }
                _ => {}
            },
            Value::Amount(_) | Value::Whole(_) | Value::Date(_) => {}
        }
    }
}

impl Builder {
    fn text(envelope: &mut Envelope, tag: Tag, text: String) {
        match (tag, envelope.attachments.last_mut()) {
            (Tag::OrgNumber, _) => envelope.taxpayer = Taxpayer::OrgNumber(text),
            (Tag::IdentificationNumber, _) => envelope.taxpayer = Taxpayer::IdentificationNumber(text),
            (Tag::BirthNumber, _) => envelope.taxpayer = Taxpayer::BirthNumber(text),
            (Tag::InstanceStatus, _) => envelope.instance_status = Some(text),
            (Tag::CreatedBy, _) => envelope.created_by = text,
            (Tag::AttachmentCreatedBy, Some(attachment)) => attachment.created_by = text,
            (Tag::FileName, Some(attachment)) => attachment.name.name = text,
            (Tag::FileExtension, Some(attachment)) => attachment.name.extension = text,
            (Tag::FileContent, Some(attachment)) => attachment.name.content = text,
            _ => {}
        }
    }
}

static SCHEMA: Schema = Schema {
    root: &ROOT,
    namespace: "no:skatteetaten:fastsetting:avgift:mva:mvameldinginnsending:v1.0",
    also: Also::NoNamespace,
    lenient: true,
    derived: &[],
};

// The order is that of the enums above, whose places the values are.
const SUBMISSION_TYPES: [&str; 2] = ["komplett", "ikke komplett"];
const KINDS: [&str; 2] = ["mva-melding", "binaerVedlegg"];
const SOURCES: [&str; 3] = ["etat", "sluttbrukersystem", "sluttbruker"];

const fn simple(name: &'static str, simple: Simple) -> Type {
    Type { name, base: None, content: Content::Value(simple) }
}

const fn element(name: &'static str, tag: Tag, of: &'static Type) -> Element {
    Element { name, tag, of }
}

static ROOT: Element = element("mvaMeldingInnsending", Tag::Frame, &ROOT_TYPE);
static ROOT_TYPE: Type = Type {
    name: "MvaMeldingInnsending",
    base: None,
    content: Content::Children(&[
        one(&[&TAXPAYER]),
        one(&[&PERIOD]),
        one(&[&MESSAGE_CATEGORY]),
        maybe(&[&SUBMISSION_TYPE]),
        maybe(&[&INSTANCE_STATUS]),
        one(&[&CREATED_BY]),
        maybe(&[&CREATED_AT]),
        // Where a published example has it; the schema has it last.
        maybe(&[&CHANGED_AT]),
        any(&[&ATTACHMENT]),
        maybe(&[&CHANGED_AT]),
    ]),
};
static TAXPAYER: Element = element("norskIdentifikator", Tag::Frame, &TAXPAYER_TYPE);
static TAXPAYER_TYPE: Type =
    Type { name: "Identifikator", base: None, content: Content::Children(&[one(&[&ORG, &IDENTIFICATION, &BIRTH])]) };
static ORG: Element = element("organisasjonsnummer", Tag::OrgNumber, &ORG_NUMBER);
static IDENTIFICATION: Element = element("identifikasjonsnummer", Tag::IdentificationNumber, &IDENTIFICATION_NUMBER);
static BIRTH: Element = element("foedselsnummer", Tag::BirthNumber, &BIRTH_TYPE);
static BIRTH_TYPE: Type = simple("Foedselsnummer", Simple::Digits(11));
static MESSAGE_CATEGORY: Element = element("meldingskategori", Tag::Category, &CATEGORY);
static SUBMISSION_TYPE: Element = element("innsendingstype", Tag::SubmissionType, &SUBMISSION_TYPE_TYPE);
static SUBMISSION_TYPE_TYPE: Type = simple("Innsendingstype", Simple::Listed(&SUBMISSION_TYPES));
static INSTANCE_STATUS: Element = element("instansstatus", Tag::InstanceStatus, &TEXT);
static CREATED_BY: Element = element("opprettetAv", Tag::CreatedBy, &TEXT);
static CREATED_AT: Element = element("opprettingstidspunkt", Tag::CreatedAt, &MOMENT);
static CHANGED_AT: Element = element("endringstidspunkt", Tag::ChangedAt, &MOMENT);
static MOMENT: Type = simple("DatoKlokkeslett", Simple::Moment);
static ATTACHMENT: Element = element("vedlegg", Tag::Attachment, &ATTACHMENT_TYPE);
static ATTACHMENT_TYPE: Type = Type {
    name: "Vedlegg",
    base: None,
    content: Content::Children(&[one(&[&KIND]), one(&[&SOURCE]), one(&[&FILE_BY]), maybe(&[&FILE_AT]), one(&[&FILE])]),
};
static KIND: Element = element("vedleggstype", Tag::AttachmentKind, &KIND_TYPE);
static KIND_TYPE: Type = simple("Vedleggstype", Simple::Listed(&KINDS));
static SOURCE: Element = element("kildegruppe", Tag::AttachmentSource, &SOURCE_TYPE);
static SOURCE_TYPE: Type = simple("Kildegruppe", Simple::Listed(&SOURCES));
static FILE_BY: Element = element("opprettetAv", Tag::AttachmentCreatedBy, &TEXT);
static FILE_AT: Element = element("opprettingstidspunkt", Tag::AttachmentCreatedAt, &MOMENT);
static FILE: Element = element("vedleggsfil", Tag::Frame, &FILE_TYPE);
static FILE_TYPE: Type = Type {
    name: "Vedleggsfil",
    base: None,
    content: Content::Children(&[one(&[&FILE_NAME]), one(&[&FILE_EXTENSION]), one(&[&FILE_CONTENT])]),
};
static FILE_NAME: Element = element("filnavn", Tag::FileName, &TEXT);
static FILE_EXTENSION: Element = element("filekstensjon", Tag::FileExtension, &TEXT);
static FILE_CONTENT: Element = element("filinnhold", Tag::FileContent, &TEXT);
