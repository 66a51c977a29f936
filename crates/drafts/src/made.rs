//! From a draft to a return: written, read back by the ordinary reader, checked by the ordinary rules.

use crate::compute;
use crate::draft::{Cell, Draft, DraftLine, LineId, Note};
use compact_str::CompactString;
use rust_decimal::Decimal;
use std::fmt;
use vat_return::kid::RefundKid;
use vat_return::{
    AccountingSystem, Context, Line, Located, OrgNumber, OrgNumberError, Position, Rejection, Remark, Report, VatReturn,
};

/// A return that a draft gave.
#[derive(Debug, Clone, PartialEq)]
pub struct Made {
    /// What is checked, filed and archived.
    pub xml: String,
    /// The same, read.
    pub read: VatReturn,
    /// Which line of the draft each line of the return is.
    pub lines: Vec<LineId>,
}

/// Why a draft gives no return yet. Nothing of it is lost.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Missing {
    /// No company, or what was typed is none.
    Company(OrgNumberError),
    /// A field holds something that is no amount.
    NotAnAmount(LineId),
    /// A line has no code.
    Code(LineId),
    /// A line has amounts and neither VAT nor what it is computed from.
    Vat(LineId),
    /// The reader refuses what was written: a rate or KID with letters that XML cannot hold, an amount beyond all bounds.
    Unreadable(Box<Rejection>),
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Company(error) => write!(f, "the company: {error}"),
            Self::NotAnAmount(line) => write!(f, "line {}: not an amount", line.0),
            Self::Code(line) => write!(f, "line {}: no code", line.0),
            Self::Vat(line) => write!(f, "line {}: no VAT", line.0),
            Self::Unreadable(rejection) => write!(f, "what was written cannot be read: {rejection}"),
        }
    }
}

impl std::error::Error for Missing {}

impl Draft {
    /// What keeps the draft from being a return, line by line. Empty when nothing does.
    pub fn missing(&self) -> Vec<Missing> {
        let mut missing = Vec::new();
        // A return that was dropped may name its payer otherwise; the rules judge that.
        if self.identification_number.is_none()
            && let Err(error) = OrgNumber::parse(&self.org_number)
        {
            missing.push(Missing::Company(error));
        }
        for line in self.filled() {
            if line.code.is_none() {
                missing.push(Missing::Code(line.id));
            }
            if matches!(line.base, Cell::Text(_)) || matches!(line.vat, Some(Cell::Text(_))) {
                missing.push(Missing::NotAnAmount(line.id));
            } else if self.vat_of(line).is_none() {
                missing.push(Missing::Vat(line.id));
            }
        }
        missing
    }

    /// The return as it stands, whatever is missing: what is no amount is nothing. To be looked at and checked while it is
    /// typed, not to be filed. The second is which line of the draft each line is.
    pub fn as_it_stands(&self) -> (VatReturn, Vec<LineId>) {
        let lines: Vec<&DraftLine> = self.filled().collect();
        let ids = lines.iter().map(|line| line.id).collect();
        let lines = lines.into_iter().map(|line| self.written(line)).collect();
        (self.standing(lines), ids)
    }

    /// All lines, those without anything typed too, as they are shown while they are typed: the n-th is the n-th of
    /// [`Draft::lines`]. A line that has no base yet and waits for one has 0, so that it is told from a deduction.
    pub fn shown(&self) -> VatReturn {
        let lines = self.lines.iter().map(|line| {
            let mut shown = self.written(line);
            if line.deducts.is_none()
                && line.vat.is_none()
                && !compute::is_input(line.written_code(), self.category)
                && shown.base.is_none()
            {
                shown.base = Some(here(Decimal::ZERO));
            }
            shown
        });
        self.standing(lines.collect())
    }

    fn standing(&self, lines: Vec<Line>) -> VatReturn {
        let some = |text: &CompactString| (!text.is_empty()).then(|| here(text.clone()));
        let system = self.system.as_ref().map_or_else(
            || AccountingSystem { name: "Momsbud".into(), version: None },
            |(name, version)| AccountingSystem { name: name.clone(), version: version.clone() },
        );
        VatReturn {
            reference: here(self.reference.clone()),
            system: Some(system),
            period: here(self.period),
            assessed_vat: here(self.stated_sum.unwrap_or_else(|| self.sum())),
            lines,
            kid: self.kid.as_ref().map(|kid| here(RefundKid::new(kid.clone()))),
            org_number: some(&self.org_number),
            identification_number: self.identification_number.clone().map(here),
            category: here(self.category),
            remark: self.note.as_ref().map(remark),
        }
    }

    fn written(&self, line: &DraftLine) -> Line {
        Line {
            at: Position::default(),
            code: here(line.code.clone().unwrap_or_default()),
            specification: line.specification.clone().map(here),
            own_code: line.own_code.clone(),
            base: line.base.amount().map(here),
            rate: self.rate_of(line).map(|rate| here(rate.into())),
            vat: here(self.vat_of(line).unwrap_or(Decimal::ZERO)),
            remark: line.note.as_ref().map(remark),
        }
    }

    /// The return: the only way from a draft to what is filed.
    ///
    /// # Errors
    /// The first of [`Draft::missing`], or [`Missing::Unreadable`].
    pub fn made(&self) -> Result<Made, Missing> {
        if let Some(missing) = self.missing().into_iter().next() {
            return Err(missing);
        }
        let (ret, lines) = self.as_it_stands();
        let xml = ret.write();
        let read = vat_return::read(xml.as_bytes()).map_err(|rejection| Missing::Unreadable(Box::new(rejection)))?;
        Ok(Made { xml, read, lines })
    }

    /// What the rules say of the draft as it stands. A finding's line is an index into the second.
    pub fn checked(&self, context: &Context<'_>) -> (Report, Vec<LineId>) {
        let (ret, lines) = self.as_it_stands();
        (vat_return::check(&ret, context), lines)
    }
}

fn here<T>(value: T) -> Located<T> {
    Located { value, at: Position::default() }
}

fn remark(note: &Note) -> Remark {
    match note {
        Note::Chosen(name) => Remark::Chosen(here(name.clone())),
        Note::Free(text) => Remark::Description(here(text.clone())),
    }
}
