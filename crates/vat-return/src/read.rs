//! Bytes to [`VatReturn`].

use crate::complaint::Rejection;
use crate::kid::RefundKid;
use crate::model::{AccountingSystem, Category, Line, Located, Position, Remark, VatReturn};
use crate::period::{Period, PeriodKind};
use crate::return_schema::RETURN;
use crate::schema::value::Value;
use crate::schema::{Sink, Tag, walk};
use compact_str::CompactString;
use rust_decimal::Decimal;

/// Reads a VAT return (`mvaMeldingDto`, XSD v1.0), strictly as its schema has it.
///
/// Encodings are UTF-8 with or without byte order mark, UTF-16, ISO-8859-1, ISO-8859-15 and Windows-1252, as
/// declared. What the schema leaves open (codes, rates, specifications, remarks, check digits) is read as it
/// stands; the rules judge it. Amounts are bounded as [`AMOUNT_LIMIT`](crate::model::AMOUNT_LIMIT) says.
///
/// # Errors
/// [`Rejection`] with every complaint about the structure, or the first about the XML itself.
///
/// ```
/// use vat_return::{Category, read, samples};
///
/// let fjordlys = read(samples::ALL[0].bytes)?;
/// assert_eq!(fjordlys.category.value, Category::Ordinary);
/// assert_eq!(fjordlys.lines[0].code.value, "3");
/// assert_eq!((fjordlys.lines[0].at.line, fjordlys.lines[0].at.column), (18, 5));
/// # Ok::<(), vat_return::Rejection>(())
/// ```
pub fn read(bytes: &[u8]) -> Result<VatReturn, Rejection> {
    // A line is seldom written in fewer than 150 bytes. What is set aside for lines that do not come is never touched, and
    // costs nothing; growing a hundred thousand lines piece by piece does.
    let mut builder = Builder { vat_return: blank(bytes.len().min(walk::MOST_BYTES) / 150) };
    walk::read(bytes, &RETURN, &mut builder)?;
    Ok(builder.vat_return)
}

/// A return to be filled in. The schema sees to it that all that is required is.
fn blank(lines: usize) -> VatReturn {
    fn nowhere<T>(value: T) -> Located<T> {
        Located { value, at: Position::default() }
    }
    VatReturn {
        reference: nowhere(CompactString::default()),
        system: None,
        period: nowhere(Period { kind: PeriodKind::Year, index: 1, year: 0 }),
        assessed_vat: nowhere(Decimal::ZERO),
        lines: Vec::with_capacity(lines),
        kid: None,
        org_number: None,
        identification_number: None,
        category: nowhere(Category::Ordinary),
        remark: None,
    }
}

struct Builder {
    vat_return: VatReturn,
}

impl Sink for Builder {
    #[inline]
    fn open(&mut self, tag: Tag, at: Position) {
        match tag {
            Tag::Line => self.vat_return.lines.push(Line {
                at,
                code: Located { value: CompactString::default(), at },
                specification: None,
                own_code: None,
                base: None,
                rate: None,
                vat: Located { value: Decimal::ZERO, at },
                remark: None,
            }),
            Tag::Period => self.vat_return.period.at = at,
            _ => {}
        }
    }

    #[inline]
    fn value(&mut self, tag: Tag, at: Position, value: Value<'_>) {
        let vat_return = &mut self.vat_return;
        match value {
            Value::Text(text) => Self::text(vat_return, tag, at, text),
            Value::Amount(value) => {
                let amount = Located { value, at };
                match (tag, vat_return.lines.last_mut()) {
                    (Tag::AssessedVat, _) => vat_return.assessed_vat = amount,
                    (Tag::LineBase, Some(line)) => line.base = Some(amount),
                    (Tag::LineVat, Some(line)) => line.vat = amount,
                    _ => {}
                }
            }
            Value::Period(kind, index) => {
                vat_return.period.value.kind = kind;
                vat_return.period.value.index = index;
            }
            Value::Year(year) => vat_return.period.value.year = year,
            Value::Listed(place) => {
                if let Some(category) = Category::ALL.get(place) {
                    vat_return.category = Located { value: *category, at };
                }
            }
            Value::Whole(_) | Value::Date(_) | Value::Moment(_) => {}
        }
    }
}

impl Builder {
    #[inline]
    fn text(vat_return: &mut VatReturn, tag: Tag, at: Position, text: &str) {
        let text = CompactString::from(text);
        let line = vat_return.lines.last_mut();
        match (tag, line) {
            (Tag::LineCode, Some(line)) => line.code = Located { value: text, at },
            (Tag::LineRate, Some(line)) => line.rate = Some(Located { value: text, at }),
            (Tag::LineSpecification, Some(line)) => line.specification = Some(Located { value: text, at }),
            (Tag::LineOwnCode, Some(line)) => line.own_code = Some(text),
            (Tag::LineDescription, Some(line)) => {
                line.remark = Some(Remark::Description(Located { value: text, at }));
            }
            (Tag::LineChosen, Some(line)) => line.remark = Some(Remark::Chosen(Located { value: text, at })),
            (Tag::Reference, _) => vat_return.reference = Located { value: text, at },
            (Tag::SystemName, _) => vat_return.system = Some(AccountingSystem { name: text, version: None }),
            (Tag::SystemVersion, _) => {
                if let Some(system) = &mut vat_return.system {
                    system.version = Some(text);
                }
            }
            (Tag::Kid, _) => vat_return.kid = Some(Located { value: RefundKid::new(text), at }),
            (Tag::OrgNumber, _) => vat_return.org_number = Some(Located { value: text, at }),
            (Tag::IdentificationNumber, _) => vat_return.identification_number = Some(Located { value: text, at }),
            (Tag::Description, _) => vat_return.remark = Some(Remark::Description(Located { value: text, at })),
            (Tag::Chosen, _) => vat_return.remark = Some(Remark::Chosen(Located { value: text, at })),
            _ => {}
        }
    }
}
