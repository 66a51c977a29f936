//! What a correction changes: two returns of the same period, line by line.

use crate::model::{Line, Remark, VatReturn};
use rust_decimal::Decimal;

/// What a correction changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The sum before, in kroner; positive to pay.
    pub assessed_before: Decimal,
    /// The sum after.
    pub assessed_after: Decimal,
    /// The lines of the new return in their order, each after the removed lines that stood before it.
    pub lines: Vec<LineDifference>,
}

impl Difference {
    /// Whether nothing that is filed has changed.
    pub fn is_none(&self) -> bool {
        self.assessed_before == self.assessed_after
            && self.lines.iter().all(|line| matches!(line, LineDifference::Same { .. }))
    }
}

/// What has become of a line. `before` and `after` are places in [`VatReturn::lines`] of the two returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineDifference {
    /// As it was.
    Same {
        /// Place in the earlier return.
        before: usize,
        /// Place in the new return.
        after: usize,
    },
    /// The same code and specification with other amounts, rate or remark.
    Changed {
        /// Place in the earlier return.
        before: usize,
        /// Place in the new return.
        after: usize,
    },
    /// New.
    Added {
        /// Place in the new return.
        after: usize,
    },
    /// Gone.
    Removed {
        /// Place in the earlier return.
        before: usize,
    },
}

/// What `after` changes against `before`. Lines of the same code and specification, with a base or without,
/// belong together: first those that are the same, then the others in their order.
pub fn difference(before: &VatReturn, after: &VatReturn) -> Difference {
    let mut taken = vec![None; before.lines.len()];
    let mut found = vec![None; after.lines.len()];
    pair(&before.lines, &after.lines, &mut taken, &mut found, says_the_same);
    pair(&before.lines, &after.lines, &mut taken, &mut found, |old, new| key(old) == key(new));

    let mut lines = Vec::with_capacity(after.lines.len());
    let mut removed =
        taken.iter().enumerate().filter(|(_, partner)| partner.is_none()).map(|(place, _)| place).peekable();
    for (after_place, partner) in found.iter().enumerate() {
        let before_place = partner.unwrap_or(after_place);
        while let Some(gone) = removed.next_if(|gone| *gone < before_place) {
            lines.push(LineDifference::Removed { before: gone });
        }
        lines.push(match *partner {
            None => LineDifference::Added { after: after_place },
            Some(place) => {
                let same = before.lines.get(place).zip(after.lines.get(after_place));
                if same.is_some_and(|(old, new)| says_the_same(old, new)) {
                    LineDifference::Same { before: place, after: after_place }
                } else {
                    LineDifference::Changed { before: place, after: after_place }
                }
            }
        });
    }
    lines.extend(removed.map(|gone| LineDifference::Removed { before: gone }));
    Difference { assessed_before: before.assessed_vat.value, assessed_after: after.assessed_vat.value, lines }
}

/// Gives every line of `after` that has none a partner of `before` that has none.
fn pair(
    before: &[Line],
    after: &[Line],
    taken: &mut [Option<usize>],
    found: &mut [Option<usize>],
    fits: impl Fn(&Line, &Line) -> bool,
) {
    for (after_place, (new, found)) in
        after.iter().zip(found.iter_mut()).enumerate().filter(|(_, (_, found))| found.is_none())
    {
        let free =
            before.iter().zip(taken.iter_mut()).enumerate().find(|(_, (old, taken))| taken.is_none() && fits(old, new));
        if let Some((place, (_, taken))) = free {
            *taken = Some(after_place);
            *found = Some(place);
        }
    }
}

fn key(line: &Line) -> (&str, Option<&str>, bool) {
    let specification = line.specification.as_ref().map(|text| text.value.as_str());
    (&line.code.value, specification, line.base.is_some())
}

/// Everything that is filed is the same; places in the file do not matter.
fn says_the_same(old: &Line, new: &Line) -> bool {
    let base = |line: &Line| line.base.as_ref().map(|base| base.value);
    key(old) == key(new)
        && base(old) == base(new)
        && old.rate.as_ref().map(|rate| &rate.value) == new.rate.as_ref().map(|rate| &rate.value)
        && old.vat.value == new.vat.value
        && remark(old) == remark(new)
}

fn remark(line: &Line) -> Option<(bool, &str)> {
    line.remark.as_ref().map(|remark| match remark {
        Remark::Description(text) => (false, text.value.as_str()),
        Remark::Chosen(text) => (true, text.value.as_str()),
    })
}

#[cfg(test)]
mod tests {
    use super::LineDifference::{Added, Changed, Removed, Same};
    use super::*;
    use crate::rules::made::{line, ordinary};

    #[test]
    fn a_correction_is_told_line_by_line() {
        let before = ordinary([
            line("3").base(1000).rate("25").vat(250),
            line("31").base(100).rate("15").vat(15),
            line("1").vat(-100),
            line("11").vat(-15),
        ]);
        let after = ordinary([
            line("3").base(1000).rate("25").vat(250),
            line("33").base(100).rate("12").vat(12),
            line("11").vat(-20),
            line("1").vat(-100),
        ]);
        let difference = difference(&before, &after);
        assert_eq!(
            difference.lines,
            [
                Same { before: 0, after: 0 },
                Added { after: 1 },
                Removed { before: 1 },
                Changed { before: 3, after: 2 },
                Same { before: 2, after: 3 },
            ]
        );
        assert!(!difference.is_none());
    }

    #[test]
    fn the_same_return_differs_in_nothing() {
        let ret = ordinary([line("3").base(1000).rate("25").vat(250), line("3").base(2000).rate("25").vat(500)]);
        assert!(difference(&ret, &ret).is_none());
        let turned = ordinary([line("3").base(2000).rate("25").vat(500), line("3").base(1000).rate("25").vat(250)]);
        assert!(difference(&ret, &turned).is_none());
    }

    #[test]
    fn a_line_and_its_deduction_are_two_lines() {
        let before = ordinary([line("81").base(1000).rate("25").vat(250), line("81").vat(-250)]);
        let after = ordinary([line("81").vat(-200), line("81").base(800).rate("25").vat(200)]);
        let lines = difference(&before, &after).lines;
        assert_eq!(lines, [Changed { before: 1, after: 0 }, Changed { before: 0, after: 1 }]);
    }

    #[test]
    fn a_remark_is_a_change() {
        let before = ordinary([line("3").base(-1000).rate("25").vat(-250)]);
        let after = ordinary([line("3").base(-1000).rate("25").vat(-250).chosen("kreditnota")]);
        assert_eq!(difference(&before, &after).lines, [Changed { before: 0, after: 0 }]);
    }
}
