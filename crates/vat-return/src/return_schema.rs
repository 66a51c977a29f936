//! The return's schema: `no.skatteetaten.fastsetting.avgift.mva.skattemeldingformerverdiavgift.v1.0.xsd`, generated
//! 2022-11-28, as tables.

use crate::schema::periods::{AMOUNT, CATEGORY, IDENTIFICATION_NUMBER, ORG_NUMBER, PERIOD, TEXT};
use crate::schema::{Also, Content, Element, Schema, Simple, Tag, Type, any, maybe, one};

/// `mvaMeldingDto`.
pub(crate) static RETURN: Schema = Schema {
    root: &ROOT,
    namespace: NAMESPACE,
    also: Also::Nothing,
    lenient: false,
    derived: &[&ORG_NUMBER, &IDENTIFICATION_NUMBER],
};

/// Target namespace of the return.
pub(crate) const NAMESPACE: &str = "no:skatteetaten:fastsetting:avgift:mva:skattemeldingformerverdiavgift:v1.0";

const fn text(name: &'static str) -> Type {
    Type { name, base: None, content: Content::Value(Simple::Text) }
}

const fn complex(name: &'static str, content: Content) -> Type {
    Type { name, base: None, content }
}

const fn element(name: &'static str, tag: Tag, of: &'static Type) -> Element {
    Element { name, tag, of }
}

static ROOT: Element = element("mvaMeldingDto", Tag::Frame, &ROOT_TYPE);
static ROOT_TYPE: Type = complex(
    "MvaMeldingDto",
    Content::Children(&[
        one(&[&SUBMISSION]),
        one(&[&ASSESSMENT]),
        one(&[&PAYMENT]),
        one(&[&TAXPAYER]),
        one(&[&MESSAGE_CATEGORY]),
        maybe(&[&REMARK]),
    ]),
);

static SUBMISSION: Element = element("innsending", Tag::Frame, &SUBMISSION_TYPE);
static SUBMISSION_TYPE: Type = complex("Innsending", Content::Children(&[one(&[&REFERENCE]), maybe(&[&SYSTEM])]));
static REFERENCE: Element = element("regnskapssystemsreferanse", Tag::Reference, &TEXT);
static SYSTEM: Element = element("regnskapssystem", Tag::Frame, &SYSTEM_TYPE);
static SYSTEM_TYPE: Type =
    complex("Kildesystem", Content::Children(&[one(&[&SYSTEM_NAME]), maybe(&[&SYSTEM_VERSION])]));
static SYSTEM_NAME: Element = element("systemnavn", Tag::SystemName, &TEXT);
static SYSTEM_VERSION: Element = element("systemversjon", Tag::SystemVersion, &TEXT);

static ASSESSMENT: Element = element("skattegrunnlagOgBeregnetSkatt", Tag::Frame, &ASSESSMENT_TYPE);
static ASSESSMENT_TYPE: Type = complex(
    "SkattegrunnlagOgBeregnetSkatt",
    Content::Children(&[one(&[&PERIOD]), one(&[&ASSESSED_VAT]), any(&[&LINE])]),
);
static ASSESSED_VAT: Element = element("fastsattMerverdiavgift", Tag::AssessedVat, &AMOUNT);

static LINE: Element = element("mvaSpesifikasjonslinje", Tag::Line, &LINE_TYPE);
static LINE_TYPE: Type = complex(
    "MvaSpesifikasjonslinje",
    Content::Children(&[
        one(&[&LINE_CODE]),
        maybe(&[&LINE_SPECIFICATION]),
        maybe(&[&LINE_OWN_CODE]),
        maybe(&[&LINE_BASE]),
        maybe(&[&LINE_RATE]),
        one(&[&LINE_VAT]),
        maybe(&[&LINE_REMARK]),
    ]),
);
static CODE_TYPE: Type = text("MvaKode");
static SPECIFICATION_TYPE: Type = text("MvaSpesifikasjon");
static RATE_TYPE: Type = text("Sats");
static LINE_CODE: Element = element("mvaKode", Tag::LineCode, &CODE_TYPE);
static LINE_SPECIFICATION: Element = element("spesifikasjon", Tag::LineSpecification, &SPECIFICATION_TYPE);
static LINE_OWN_CODE: Element = element("mvaKodeRegnskapsystem", Tag::LineOwnCode, &TEXT);
static LINE_BASE: Element = element("grunnlag", Tag::LineBase, &AMOUNT);
static LINE_RATE: Element = element("sats", Tag::LineRate, &RATE_TYPE);
static LINE_VAT: Element = element("merverdiavgift", Tag::LineVat, &AMOUNT);
static LINE_REMARK: Element = element("merknad", Tag::Frame, &LINE_REMARK_TYPE);

// The same type as the whole return's remark; two tables, so that the values say whose they are.
static LINE_REMARK_TYPE: Type = complex("Merknad", Content::Children(&[one(&[&LINE_DESCRIPTION, &LINE_CHOSEN])]));
static LINE_DESCRIPTION: Element = element("beskrivelse", Tag::LineDescription, &TEXT);
static LINE_CHOSEN: Element = element("utvalgtMerknad", Tag::LineChosen, &CHOSEN_TYPE);
static CHOSEN_TYPE: Type = text("UtvalgtMerknad");

static PAYMENT: Element = element("betalingsinformasjon", Tag::Frame, &PAYMENT_TYPE);
static PAYMENT_TYPE: Type = complex("Betalingsinformasjon", Content::Children(&[maybe(&[&KID])]));
static KID: Element = element("kundeIdentifikasjonsnummer", Tag::Kid, &TEXT);

static TAXPAYER: Element = element("skattepliktig", Tag::Frame, &TAXPAYER_TYPE);
static TAXPAYER_TYPE: Type =
    complex("Skattepliktig", Content::Children(&[maybe(&[&TAXPAYER_ORG]), maybe(&[&TAXPAYER_ID])]));
static TAXPAYER_ORG: Element = element("organisasjonsnummer", Tag::OrgNumber, &ORG_NUMBER);
static TAXPAYER_ID: Element = element("identifikasjonsnummer", Tag::IdentificationNumber, &IDENTIFICATION_NUMBER);

static MESSAGE_CATEGORY: Element = element("meldingskategori", Tag::Category, &CATEGORY);

static REMARK: Element = element("merknad", Tag::Frame, &REMARK_TYPE);
static REMARK_TYPE: Type = complex("Merknad", Content::Children(&[one(&[&DESCRIPTION, &CHOSEN])]));
static DESCRIPTION: Element = element("beskrivelse", Tag::Description, &TEXT);
static CHOSEN: Element = element("utvalgtMerknad", Tag::Chosen, &CHOSEN_TYPE);
