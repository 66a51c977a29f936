//! From a draft without open questions to a return, read back by the ordinary reader.

use crate::answers::Answers;
use crate::draft::Draft;
use crate::remarks;
use compact_str::CompactString;
use rust_decimal::Decimal;
use std::fmt;
use vat_return::kid::RefundKid;
use vat_return::tables::tables;
use vat_return::{AccountingSystem, Line, Located, Period, Position, Rejection, Remark, VatReturn};

/// What a return needs beside the draft.
#[derive(Debug, Clone)]
pub struct Making {
    /// The period, of the kind the company has.
    pub period: Period,
    /// `regnskapssystemsreferanse`: what the return is known by here.
    pub reference: String,
    /// KID for money back.
    pub kid: Option<String>,
}

/// Why no return can be made.
#[derive(Debug)]
#[non_exhaustive]
pub enum NotMade {
    /// Questions are open that must be answered first.
    Open,
    /// An amount is too large for a return.
    TooLarge,
    /// The return that was written cannot be read. That would be a fault of this program.
    Unreadable(Rejection),
}

impl fmt::Display for NotMade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Open => f.write_str("questions are open that must be answered first"),
            Self::TooLarge => f.write_str("an amount is too large for a return"),
            Self::Unreadable(rejection) => write!(f, "the return that was written cannot be read: {rejection}"),
        }
    }
}

impl std::error::Error for NotMade {}

/// Makes the return: XML in the order of the schema, read back by the ordinary reader.
///
/// # Errors
/// [`NotMade`] while a question is open that changes what is to be paid, or stands in the way of filing.
pub fn build(draft: &Draft, answers: &Answers, making: &Making) -> Result<(String, VatReturn), NotMade> {
    if draft.must_be_answered() > 0 {
        return Err(NotMade::Open);
    }
    let xml = written(draft, answers, making)?.write();
    let read = vat_return::read(xml.as_bytes()).map_err(NotMade::Unreadable)?;
    Ok((xml, read))
}

/// The return as it stands, whatever is open: to be looked at, not to be filed. Its lines are those of the draft that are
/// something in whole kroner ([`Draft::shown_lines`]), in order.
///
/// # Errors
/// [`NotMade::TooLarge`].
pub fn written(draft: &Draft, answers: &Answers, making: &Making) -> Result<VatReturn, NotMade> {
    let decimal = |amount: i128| Decimal::try_from_i128_with_scale(amount, 0).map_err(|_| NotMade::TooLarge);
    let mut lines = Vec::with_capacity(draft.lines.len());
    for line in draft.shown_lines().filter_map(|at| draft.lines.get(at)) {
        let own = match line.own_codes.iter().collect::<Vec<_>>().as_slice() {
            [one] => Some(CompactString::from(one.as_str())),
            _ => None,
        };
        lines.push(Line {
            at: Position::default(),
            code: here(line.key.code.to_string().into()),
            specification: line.key.specification.map(|specification| here(specification.xml().into())),
            own_code: own,
            base: line.base().map(decimal).transpose()?.map(here),
            rate: line.base_ore.is_some().then(|| here(line.key.rate.written().into())),
            vat: here(decimal(line.vat())?),
            remark: remarks::answered(line, draft.category, answers).map(remark),
        });
    }
    let (vendor, name, version) = &draft.company.system;
    let name = if name.is_empty() { vendor } else { name };
    Ok(VatReturn {
        reference: here(making.reference.as_str().into()),
        system: Some(AccountingSystem {
            name: name.as_str().into(),
            version: (!version.is_empty()).then(|| version.as_str().into()),
        }),
        period: here(making.period),
        assessed_vat: here(decimal(draft.sum())?),
        lines,
        kid: making.kid.as_ref().map(|kid| here(RefundKid::new(kid.as_str()))),
        org_number: draft.company.org_number.as_ref().map(|number| here(number.as_str().into())),
        identification_number: None,
        category: here(draft.category),
        remark: None,
    })
}

fn here<T>(value: T) -> Located<T> {
    Located { value, at: Position::default() }
}

/// A remark of the list where the answer is one, else the person's own words.
fn remark(answer: &str) -> Remark {
    match tables().remark(answer) {
        Some(row) => Remark::Chosen(here(row.name.into())),
        None => Remark::Description(here(answer.into())),
    }
}
