//! The payment information (`betalingsinformasjon.xml`): what to pay, where, and by when.
//!
//! Comes back with the receipt. Schema: `…skattemeldingformerverdiavgift.betalingsinformasjon.v1.0.xsd`.

use crate::complaint::Rejection;
use crate::kid::PaymentKid;
use crate::model::Position;
use crate::period::{Period, PeriodKind};
use crate::schema::periods::{AMOUNT, ORG_NUMBER, PERIOD, TEXT};
use crate::schema::value::Value;
use crate::schema::{Also, Content, Element, Schema, Simple, Sink, Tag, Type, maybe, one, walk};
use crate::xml::write::Writer;
use jiff::civil::Date;
use rust_decimal::Decimal;

/// `betalingsinformasjon`.
///
/// Numbers are kept as the authority wrote them and not judged: a published example has a KID without a right
/// check digit.
///
/// ```
/// use vat_return::payment_information::PaymentInformation;
/// # use vat_return::{PaymentKid, Period, PeriodKind};
/// # let information = PaymentInformation {
/// #     submission_reference: "51400101/8c6f6c1e-8b1f-4a3d-9d3c-1b7d5f0e2a44".into(), org_number: "311797816".into(),
/// #     period: Period { kind: PeriodKind::TwoMonths, index: 5, year: 2026 }, kid: PaymentKid::new("20260531179784"),
/// #     amount: 79857.into(), payee: "Skatteetaten".into(), due: jiff::civil::date(2026, 12, 10),
/// #     account: "76940514009".into(), swift: None, iban: None, information: None,
/// # };
/// # let xml = information.write();
///
/// let read = PaymentInformation::read(xml.as_bytes())?;
/// assert_eq!(read.amount.to_string(), "79857");
/// assert_eq!(read, information);
/// # Ok::<(), vat_return::Rejection>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentInformation {
    /// `innsendingsreferanse`: `{partyId}/{instanceGuid}`.
    pub submission_reference: String,
    /// `skattepliktig/organisasjonsnummer`: nine digits.
    pub org_number: String,
    /// `skattleggingsperiode`.
    pub period: Period,
    /// `kundeidentifikasjonsnummer`: the KID for paying in, where the authority gives one.
    pub kid: Option<PaymentKid>,
    /// `beloep`, in kroner: what is to be paid, 0 for a refund.
    pub amount: Decimal,
    /// `betaleTil`.
    pub payee: String,
    /// `betalingsfrist`.
    pub due: Date,
    /// `betalesTilKonto/norskKontonummer`.
    pub account: String,
    /// `betalesTilKonto/swiftBIC`.
    pub swift: Option<String>,
    /// `betalesTilKonto/IBAN`.
    pub iban: Option<String>,
    /// `informasjon`.
    pub information: Option<String>,
}

impl PaymentInformation {
    /// Reads a payment information. Elements the schema does not know are passed over.
    ///
    /// # Errors
    /// [`Rejection`] when it is not XML, another document, or something required is missing or malformed.
    pub fn read(bytes: &[u8]) -> Result<Self, Rejection> {
        let mut builder = Builder(Self {
            submission_reference: String::new(),
            org_number: String::new(),
            period: Period { kind: PeriodKind::Year, index: 1, year: 0 },
            kid: None,
            amount: Decimal::ZERO,
            payee: String::new(),
            due: Date::ZERO,
            account: String::new(),
            swift: None,
            iban: None,
            information: None,
        });
        walk::read(bytes, &SCHEMA, &mut builder)?;
        Ok(builder.0)
    }

    /// Whether it is known to be of no real claim: it says that it is of the practice authorities, or names the account of
    /// the published example (apis.md 6.3), which they give too.
    pub fn is_invented(&self) -> bool {
        self.account == "12345678903" || self.information.as_deref().is_some_and(|text| text.starts_with("ØVING"))
    }

    /// The payment information as XML in the order of its schema.
    pub fn write(&self) -> String {
        let mut xml = Writer::new("betalingsinformasjon", Some(SCHEMA.namespace));
        xml.value("innsendingsreferanse", &self.submission_reference);
        xml.open("skattepliktig");
        xml.value("organisasjonsnummer", &self.org_number);
        xml.close();
        xml.period(&self.period);
        xml.value("kundeidentifikasjonsnummer", self.kid.as_ref().map_or("", PaymentKid::as_str));
        xml.value("beloep", &self.amount.to_string());
        xml.value("betaleTil", &self.payee);
        xml.value("betalingsfrist", &self.due.to_string());
        xml.open("betalesTilKonto");
        xml.value("norskKontonummer", &self.account);
        xml.maybe("swiftBIC", self.swift.as_deref());
        xml.maybe("IBAN", self.iban.as_deref());
        xml.close();
        xml.maybe("informasjon", self.information.as_deref());
        xml.finish()
    }
}

struct Builder(PaymentInformation);

impl Sink for Builder {
    fn open(&mut self, _: Tag, _: Position) {}

    fn value(&mut self, tag: Tag, _: Position, value: Value<'_>) {
        let information = &mut self.0;
        match value {
            Value::Text(text) => {
                let text = text.to_owned();
                match tag {
                    Tag::Reference => information.submission_reference = text,
                    Tag::OrgNumber => information.org_number = text,
                    Tag::Kid => information.kid = PaymentKid::new(text),
                    Tag::Payee => information.payee = text,
                    Tag::Account => information.account = text,
                    Tag::Swift => information.swift = Some(text),
                    Tag::Iban => information.iban = Some(text),
                    Tag::Information => information.information = Some(text),
                    _ => {}
                }
            }
            Value::Amount(amount) => information.amount = amount,
            Value::Period(kind, index) => {
                information.period.kind = kind;
                information.period.index = index;
            }
            Value::Year(year) => information.period.year = year,
            Value::Date(date) => information.due = date,
            Value::Listed(_) | Value::Whole(_) | Value::Moment(_) => {}
        }
    }
}

static SCHEMA: Schema = Schema {
    root: &ROOT,
    namespace: "no:skatteetaten:fastsetting:avgift:mva:skattemeldingformerverdiavgift:betalingsinformasjon:v1.0",
    also: Also::NoNamespace,
    lenient: true,
    derived: &[],
};

static ROOT: Element = Element { name: "betalingsinformasjon", tag: Tag::Frame, of: &ROOT_TYPE };
static ROOT_TYPE: Type = Type {
    name: "Betalingsinformasjon",
    base: None,
    content: Content::Children(&[
        one(&[&REFERENCE]),
        one(&[&TAXPAYER]),
        one(&[&PERIOD]),
        one(&[&KID]),
        one(&[&SUM]),
        one(&[&PAYEE]),
        one(&[&DUE]),
        one(&[&PAY_TO]),
        maybe(&[&INFORMATION]),
    ]),
};
static REFERENCE: Element = Element { name: "innsendingsreferanse", tag: Tag::Reference, of: &TEXT };
static TAXPAYER: Element = Element { name: "skattepliktig", tag: Tag::Frame, of: &TAXPAYER_TYPE };
static TAXPAYER_TYPE: Type =
    Type { name: "Skattepliktig", base: None, content: Content::Children(&[one(&[&TAXPAYER_ORG])]) };
static TAXPAYER_ORG: Element = Element { name: "organisasjonsnummer", tag: Tag::OrgNumber, of: &ORG_NUMBER };
static KID: Element = Element { name: "kundeidentifikasjonsnummer", tag: Tag::Kid, of: &TEXT };
static SUM: Element = Element { name: "beloep", tag: Tag::Amount, of: &AMOUNT };
static PAYEE: Element = Element { name: "betaleTil", tag: Tag::Payee, of: &TEXT };
static DUE: Element = Element { name: "betalingsfrist", tag: Tag::Due, of: &DATE };
static DATE: Type = Type { name: "Dato", base: None, content: Content::Value(Simple::Date) };
static PAY_TO: Element = Element { name: "betalesTilKonto", tag: Tag::Frame, of: &PAY_TO_TYPE };
static PAY_TO_TYPE: Type = Type {
    name: "KontonummerTilBetaling",
    base: None,
    content: Content::Children(&[one(&[&ACCOUNT]), maybe(&[&SWIFT]), maybe(&[&IBAN])]),
};
static ACCOUNT: Element = Element { name: "norskKontonummer", tag: Tag::Account, of: &TEXT };
static SWIFT: Element = Element { name: "swiftBIC", tag: Tag::Swift, of: &TEXT };
static IBAN: Element = Element { name: "IBAN", tag: Tag::Iban, of: &TEXT };
static INFORMATION: Element = Element { name: "informasjon", tag: Tag::Information, of: &TEXT };
