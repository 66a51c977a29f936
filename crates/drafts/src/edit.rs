//! Changes to a draft, each as small as a person makes it.

use crate::amount::whole_kroner;
use crate::compute;
use crate::draft::{Cell, Draft, DraftLine, LineId, Note, Rate};
use compact_str::CompactString;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::fmt;
use vat_return::{Category, Period};

/// A field of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Field {
    /// `mvaKode`.
    Code,
    /// `spesifikasjon`.
    Specification,
    /// `mvaKodeRegnskapsystem`.
    OwnCode,
    /// `grunnlag`.
    Base,
    /// `sats`; an empty text lets it be computed.
    Rate,
    /// `merverdiavgift`; an empty text lets it be computed.
    Vat,
}

/// A change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    /// The company, as typed.
    Company(CompactString),
    /// The period.
    Period(Period),
    /// The category.
    Category(Category),
    /// KID for money back; none takes it away.
    Kid(Option<CompactString>),
    /// The remark of the whole return.
    Note(Option<Note>),
    /// What was typed in a field of a line, when the person left it.
    Type {
        /// The line.
        line: LineId,
        /// The field.
        field: Field,
        /// As typed.
        text: CompactString,
    },
    /// The remark of a line.
    LineNote {
        /// The line.
        line: LineId,
        /// The remark.
        note: Option<Note>,
    },
    /// A new line after another, or at the end.
    Add {
        /// Its code, where one is chosen.
        code: Option<CompactString>,
        /// After which line.
        after: Option<LineId>,
    },
    /// A line again, after itself.
    Duplicate(LineId),
    /// A line goes, and the deduction that followed it.
    Remove(LineId),
    /// A line comes to stand before another, or last.
    Move {
        /// The line.
        line: LineId,
        /// Before which.
        before: Option<LineId>,
    },
    /// All lines in the order of the code list.
    Sort,
}

/// What the person should be told of a change that did more than she typed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Told {
    /// Øre were cut: these.
    Cut(Decimal),
    /// A deduction was typed without its minus and got one.
    MadeNegative,
    /// What was typed is no amount; it stands as it is.
    NotAnAmount,
    /// A line that deducts was made.
    DeductionAdded(LineId),
}

/// The draft has no such line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unknown(pub LineId);

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the draft has no line {}", self.0.0)
    }
}

impl std::error::Error for Unknown {}

impl Draft {
    /// Adds a line at the end, with its deduction where the code has one.
    pub fn add(&mut self, code: &str) -> LineId {
        self.insert(self.lines.len(), Some(code))
    }

    /// Makes a change; what is told is to be said beside the field.
    ///
    /// # Errors
    /// [`Unknown`]; nothing is changed.
    pub fn apply(&mut self, edit: &Edit) -> Result<Vec<Told>, Unknown> {
        // The sum of a file holds until something it stands for is changed.
        if !matches!(edit, Edit::Kid(_) | Edit::Note(_) | Edit::LineNote { .. } | Edit::Company(_)) {
            self.stated_sum = None;
        }
        match edit {
            Edit::Company(text) => self.org_number = text.trim().into(),
            Edit::Period(period) => self.period = *period,
            Edit::Category(category) => return Ok(self.recategorize(*category)),
            Edit::Kid(kid) => {
                self.kid = kid.as_ref().map(|kid| kid.trim().into()).filter(|kid: &CompactString| !kid.is_empty())
            }
            Edit::Note(note) => self.note.clone_from(note),
            Edit::Type { line, field, text } => return self.type_in(*line, *field, text),
            Edit::LineNote { line, note } => self.line_mut(*line).ok_or(Unknown(*line))?.note.clone_from(note),
            Edit::Add { code, after } => {
                let at = match after {
                    Some(after) => self.place(*after)? + 1,
                    None => self.lines.len(),
                };
                let id = self.insert(at, code.as_deref());
                return Ok(self.deduction_of(id).map(Told::DeductionAdded).into_iter().collect());
            }
            Edit::Duplicate(line) => self.duplicate(*line)?,
            Edit::Remove(line) => {
                self.place(*line)?;
                self.lines.retain(|it| it.id != *line && !(it.deducts == Some(*line) && it.vat.is_none()));
                self.loose_ends();
            }
            Edit::Move { line, before } => {
                let to = before.map(|before| self.place(before)).transpose()?.unwrap_or(self.lines.len());
                let from = self.place(*line)?;
                let moved = self.lines.remove(from);
                self.lines.insert(if to > from { to - 1 } else { to }.min(self.lines.len()), moved);
            }
            Edit::Sort => self.sort(),
        }
        Ok(Vec::new())
    }

    fn place(&self, id: LineId) -> Result<usize, Unknown> {
        self.lines.iter().position(|line| line.id == id).ok_or(Unknown(id))
    }

    fn insert(&mut self, at: usize, code: Option<&str>) -> LineId {
        let id = self.number();
        let code = code.map(str::trim).filter(|code| !code.is_empty()).map(CompactString::from);
        self.lines.insert(at.min(self.lines.len()), DraftLine::new(id, code));
        self.add_deduction(id);
        id
    }

    fn deduction_of(&self, id: LineId) -> Option<LineId> {
        self.lines.iter().find(|line| line.deducts == Some(id)).map(|line| line.id)
    }

    /// Gives a line of reverse charge the line that deducts it, where it has none.
    fn add_deduction(&mut self, id: LineId) -> Option<LineId> {
        let line = self.line(id)?;
        if !compute::deducts(line.written_code(), self.category)
            || line.deducts.is_some()
            || self.deduction_of(id).is_some()
        {
            return None;
        }
        let code = line.code.clone();
        let at = self.place(id).ok()? + 1;
        let deduction = self.number();
        self.lines.insert(at, DraftLine { deducts: Some(id), ..DraftLine::new(deduction, code) });
        Some(deduction)
    }

    /// Another category: deductions that follow their lines are in an ordinary return only.
    fn recategorize(&mut self, category: Category) -> Vec<Told> {
        self.category = category;
        self.lines.retain(|line| {
            line.deducts.is_none() || line.vat.is_some() || compute::deducts(line.written_code(), category)
        });
        // Lines of reverse charge that no other line of their code deducts.
        let deducted: HashSet<Option<CompactString>> =
            self.lines.iter().filter(|line| line.base == Cell::Empty).map(|line| line.code.clone()).collect();
        let lines = self.lines.iter().filter(|line| line.specification.is_none() && !deducted.contains(&line.code));
        let lines: Vec<LineId> = lines.map(|line| line.id).collect();
        lines.into_iter().filter_map(|line| self.add_deduction(line)).map(Told::DeductionAdded).collect()
    }

    fn type_in(&mut self, id: LineId, field: Field, text: &str) -> Result<Vec<Told>, Unknown> {
        let text = text.trim();
        let mut told = Vec::new();
        let category = self.category;
        let line = self.line_mut(id).ok_or(Unknown(id))?;
        let optional = || (!text.is_empty()).then(|| CompactString::from(text));
        match field {
            Field::Code => {
                let code = optional();
                if line.code != code {
                    line.code = code;
                    // A rate that was typed for another code says nothing of this one.
                    line.rate = Rate::Usual;
                    line.deducts = None;
                    self.recode(id, &mut told);
                }
            }
            Field::Specification => line.specification = optional(),
            Field::OwnCode => line.own_code = optional(),
            Field::Rate => {
                let rate = text.trim_end_matches(['%', ' ', '\u{a0}']).replace('.', ",");
                line.rate = if rate.is_empty() { Rate::Usual } else { Rate::Typed(rate.into()) };
            }
            Field::Base => {
                let mut cell = whole(Cell::typed(text), &mut told);
                if compute::is_claimed(line, category) {
                    negative(&mut cell, text, &mut told);
                }
                line.base = cell;
            }
            Field::Vat => {
                let mut cell = whole(Cell::typed(text), &mut told);
                if compute::is_deduction(line, category) {
                    negative(&mut cell, text, &mut told);
                }
                line.vat = (cell != Cell::Empty).then_some(cell);
            }
        }
        Ok(told)
    }

    /// The deduction of a line whose code was changed goes with the old code, and the new one gets its own.
    fn recode(&mut self, id: LineId, told: &mut Vec<Told>) {
        self.lines.retain(|line| !(line.deducts == Some(id) && line.vat.is_none()));
        self.loose_ends();
        told.extend(self.add_deduction(id).map(Told::DeductionAdded));
    }

    /// Lines that deduct one that is gone stand for themselves, with what they had.
    fn loose_ends(&mut self) {
        let ids: Vec<LineId> = self.lines.iter().map(|line| line.id).collect();
        let codes: Vec<(LineId, Option<CompactString>)> =
            self.lines.iter().map(|line| (line.id, line.code.clone())).collect();
        for line in &mut self.lines {
            if line.deducts.is_some_and(|output| {
                !ids.contains(&output) || codes.iter().any(|(id, code)| *id == output && *code != line.code)
            }) {
                line.deducts = None;
            }
        }
    }

    fn duplicate(&mut self, id: LineId) -> Result<(), Unknown> {
        let at = self.place(id)?;
        let new = self.number();
        let Some(mut copy) = self.lines.get(at).cloned() else { return Err(Unknown(id)) };
        copy.id = new;
        if copy.deducts.is_some() {
            // Two lines cannot follow one: the copy holds what the first one shows.
            let vat = self.vat_of(&copy).map(Cell::Amount);
            copy.vat = copy.vat.or(vat);
            copy.deducts = None;
        }
        let after = self.deduction_of(id).and_then(|deduction| self.place(deduction).ok()).unwrap_or(at).max(at);
        self.lines.insert(after + 1, copy);
        self.add_deduction(new);
        Ok(())
    }

    fn sort(&mut self) {
        use vat_return::tables::tables;
        let category = self.category;
        let order = |code: &str| {
            let row = tables().code(code).and_then(|code| tables().row(code))?;
            let special = (category == Category::ReverseCharge).then_some(row.reverse_charge_order).flatten();
            Some(special.unwrap_or(row.order))
        };
        // What the list does not have comes last, in the order it stood; a deduction keeps behind its line.
        self.lines
            .sort_by_key(|line| (order(line.written_code()).unwrap_or((u8::MAX, u8::MAX)), line.deducts.is_some()));
    }
}

/// What is usually negative and typed without its minus gets one, but for what begins with a plus.
fn negative(cell: &mut Cell, text: &str, told: &mut Vec<Told>) {
    if let Cell::Amount(amount) = cell
        && *amount > Decimal::ZERO
        && !text.starts_with('+')
    {
        *amount = -*amount;
        told.push(Told::MadeNegative);
    }
}

/// A return has whole kroner; what is cut is told.
fn whole(cell: Cell, told: &mut Vec<Told>) -> Cell {
    match cell {
        Cell::Amount(amount) => {
            let (amount, cut) = whole_kroner(amount);
            told.extend(cut.map(Told::Cut));
            Cell::Amount(amount)
        }
        Cell::Text(text) => {
            told.push(Told::NotAnAmount);
            Cell::Text(text)
        }
        Cell::Empty => Cell::Empty,
    }
}
