//! Drafts that begin with a return: to mend it, or with the codes of the last one.

use crate::compute;
use crate::draft::{Cell, Draft, DraftLine, LineId, Note, Origin, Rate};
use compact_str::CompactString;
use std::collections::{HashMap, VecDeque};
use vat_return::{Line, Period, VatReturn};

fn code(line: &Line) -> Option<CompactString> {
    Some(line.code.value.clone()).filter(|code| !code.is_empty())
}

impl Draft {
    /// A draft with the lines of an earlier return, for another period: codes, specifications and own codes, no amounts.
    pub fn as_last(last: &VatReturn, period: Period) -> Self {
        let org_number = last.org_number.as_ref().map_or("", |number| number.value.as_str());
        let mut draft = Self { origin: Origin::AsLast, ..Self::new(org_number, period, last.category.value) };
        let mut outputs: HashMap<Option<CompactString>, VecDeque<LineId>> = HashMap::new();
        for line in &last.lines {
            let id = draft.number();
            let mut new = DraftLine::new(id, code(line));
            new.own_code.clone_from(&line.own_code);
            // The deduction follows its line by itself.
            if compute::deducts(new.written_code(), draft.category) && line.specification.is_none() {
                let waiting = outputs.entry(new.code.clone()).or_default();
                if line.base.is_some() {
                    waiting.push_back(id);
                } else {
                    new.deducts = waiting.pop_front();
                }
            }
            draft.lines.push(new);
        }
        draft
    }

    /// A draft that says what a return says: making it again gives the same values.
    pub fn of_return(read: &VatReturn, origin: Origin) -> Self {
        let text = |located: &vat_return::Located<CompactString>| located.value.clone();
        let mut draft = Self::new("", read.period.value, read.category.value);
        draft.org_number = read.org_number.as_ref().map(text).unwrap_or_default();
        draft.identification_number = read.identification_number.as_ref().map(text);
        draft.reference = text(&read.reference);
        draft.system = read.system.as_ref().map(|system| (system.name.clone(), system.version.clone()));
        draft.kid = read.kid.as_ref().map(|kid| kid.value.as_str().into());
        draft.note = read.remark.as_ref().map(Note::of);
        draft.origin = origin;
        for line in &read.lines {
            let id = draft.number();
            draft.lines.push(DraftLine {
                id,
                code: code(line),
                specification: line.specification.as_ref().map(text),
                own_code: line.own_code.clone(),
                base: line.base.as_ref().map_or(Cell::Empty, |base| Cell::Amount(base.value)),
                rate: line.rate.as_ref().map_or(Rate::Absent, |rate| Rate::Typed(rate.value.clone())),
                vat: Some(Cell::Amount(line.vat.value)),
                deducts: None,
                note: line.remark.as_ref().map(Note::of),
            });
        }
        // What would be computed just so need not be held as typed: it may follow when something else is changed.
        draft.loosen_all();
        // Also where it is only written otherwise.
        let stated = read.assessed_vat.value;
        draft.stated_sum = (draft.sum().to_string() != stated.to_string()).then_some(stated);
        draft
    }

    /// Lets rates and VAT be computed where that gives what stands there.
    pub(crate) fn loosen_all(&mut self) {
        // Outputs that nothing deducts yet, by code, in their order: a file may have a hundred thousand lines.
        let mut outputs: HashMap<Option<CompactString>, VecDeque<LineId>> = HashMap::new();
        for line in self.lines.iter().filter(|line| line.base != Cell::Empty && line.specification.is_none()) {
            outputs.entry(line.code.clone()).or_default().push_back(line.id);
        }
        for at in 0..self.lines.len() {
            let Some(loose) = self.lines.get(at).map(|line| self.loosened(line, &outputs)) else { continue };
            if loose.deducts.is_some()
                && let Some(queue) = outputs.get_mut(&loose.code)
            {
                queue.pop_front();
            }
            if let Some(place) = self.lines.get_mut(at) {
                *place = loose;
            }
        }
    }

    /// A line with rate and VAT computed where that gives what stands there.
    fn loosened(&self, line: &DraftLine, outputs: &HashMap<Option<CompactString>, VecDeque<LineId>>) -> DraftLine {
        let mut loose = line.clone();
        let stated_rate = match &line.rate {
            Rate::Typed(rate) => Some(rate.as_str()),
            Rate::Usual | Rate::Absent => None,
        };
        let usual = if line.base == Cell::Empty { None } else { self.usual_rate(line.written_code()) };
        if usual == stated_rate {
            loose.rate = Rate::Usual;
        }
        let deducts = line.base == Cell::Empty && stated_rate.is_none() && line.specification.is_none();
        if deducts && compute::deducts(line.written_code(), self.category) {
            loose.deducts = outputs.get(&line.code).and_then(VecDeque::front).copied();
        }
        let stated = line.vat.as_ref().and_then(Cell::amount);
        let computed = self.computed_vat(&DraftLine { vat: None, ..loose.clone() });
        // `-0` and `10.0` stay as they were written.
        if stated.is_some() && computed.map(|it| it.to_string()) == stated.map(|it| it.to_string()) {
            loose.vat = None;
        } else {
            loose.deducts = None;
        }
        loose
    }
}
