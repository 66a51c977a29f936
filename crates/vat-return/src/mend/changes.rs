//! The values: how rates and amounts are written, what stands on the wrong line, and what is no KID.

use super::tree::{Child, Node, blanks};
use crate::amount::{Percent, Sum};
use crate::kid::Kid;
use crate::language::Language;
use crate::model::{Category, Position};
use crate::period::Period;
use crate::rules::has_content;
use crate::tables::{Categories, Code, CodeSet, tables};
use crate::texts;
use rust_decimal::Decimal;
use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};

/// Codes of deductions, without base and rate.
const INPUT: CodeSet = CodeSet::of(&[1, 11, 12, 13, 14, 15]);
/// Codes that are output tax with a base and the deduction without one.
const BOTH: CodeSet = CodeSet::of(&[81, 83, 86, 88, 91]);

/// Something that was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What kind of thing it is.
    pub kind: ChangeKind,
    /// Where it stood in the file.
    pub at: Position,
    /// The element; none where it is about the whole file.
    pub element: Option<String>,
    /// What stood there, if anything did.
    pub before: Option<String>,
    /// What stands there now, if anything does.
    pub after: Option<String>,
    /// The line of the return, from 0, where it is about one.
    pub line: Option<usize>,
    /// Its code.
    pub vat_code: Option<String>,
}

/// What is mended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum ChangeKind {
    /// The file has its byte order mark twice.
    ByteOrderMark,
    /// The namespace of the return is missing or misspelt.
    Namespace,
    /// Elements stand in another order than the schema has.
    Order,
    /// `betalingsinformasjon` is missing, and may be empty.
    PaymentMissing,
    /// An amount is written with decimals that are nought.
    Amount,
    /// A rate is right, and written in another way than the list has it.
    Rate,
    /// A deduction has base or rate, which belong to output tax.
    InputBase,
    /// Reverse charge on one line, with a negative base and the deduction in the sum only.
    ReverseCharge,
    /// The KID is none.
    Kid,
}

impl ChangeKind {
    /// Its name for programs.
    pub fn word(self) -> &'static str {
        match self {
            Self::ByteOrderMark => "byte-order-mark",
            Self::Namespace => "namespace",
            Self::Order => "order",
            Self::PaymentMissing => "payment-missing",
            Self::Amount => "amount",
            Self::Rate => "rate",
            Self::InputBase => "input-base",
            Self::ReverseCharge => "reverse-charge",
            Self::Kid => "kid",
        }
    }
}

/// A change while the document is being mended.
#[derive(Debug)]
pub(super) struct LocatedChange {
    pub(super) offset: usize,
    change: Change,
}

impl LocatedChange {
    pub(super) fn new(
        offset: usize,
        kind: ChangeKind,
        element: Option<&str>,
        before: Option<&str>,
        after: Option<&str>,
    ) -> Self {
        let [element, before, after] = [element, before, after].map(|text| text.map(str::to_owned));
        let at = Position::default();
        Self { offset, change: Change { kind, at, element, before, after, line: None, vat_code: None } }
    }

    fn on(mut self, line: usize, code: &str) -> Self {
        self.change.line = Some(line);
        self.change.vat_code = Some(code.to_owned());
        self
    }

    pub(super) fn placed(self, at: Position) -> Change {
        Change { at, ..self.change }
    }
}

pub(super) fn mend(root: &mut Node<'_>, found: &mut Vec<LocatedChange>) {
    let category = root.child("meldingskategori").and_then(Node::text).and_then(|text| Category::from_xml(&text));
    // Deductions are without base and rate, and reverse charge has one, in the ordinary return only (R065, R023): a return
    // of compensation has base and rate on code 1 (R093), one of reverse charge no deductions.
    let ordinary = category.is_some_and(|category| Categories::ORDINARY.has(category));
    if let Some(assessment) = root.child_mut("skattegrunnlagOgBeregnetSkatt") {
        amounts(assessment, &["fastsattMerverdiavgift"], None, found);
        let period = period_of(assessment);
        let split = if ordinary { reverse_charges(assessment) } else { HashSet::new() };
        let mut index = 0;
        let mut children = Vec::with_capacity(assessment.children.len() + split.len());
        for mut child in std::mem::take(&mut assessment.children) {
            let line = child.node.as_mut().filter(|node| node.ours && node.local == "mvaSpesifikasjonslinje");
            let mut deduction = None;
            if let Some(line) = line {
                let code = line.child("mvaKode").and_then(Node::text).unwrap_or_default().into_owned();
                let known = tables().code(&code);
                if ordinary && known.is_some_and(|known| INPUT.has(known)) {
                    input_base(line, index, &code, found);
                }
                amounts(line, &["grunnlag", "merverdiavgift"], Some((index, &code)), found);
                if let (Some(known), Some(period)) = (known, &period) {
                    rate(line, known, period, index, found);
                }
                if split.contains(&index) {
                    deduction = split_in_two(line, index, &code, found);
                }
                index += 1;
            }
            // Comments before the line stay with it.
            let gap = deduction.as_ref().map(|_| blanks(&child.gap).to_owned());
            children.push(child);
            if let (Some(gap), Some(node)) = (gap, deduction) {
                children.push(Child { gap: gap.into(), node: Some(node) });
            }
        }
        assessment.children = children;
    }
    kid(root, found);
}

/// `1250.0` is `1250`; `1250.50` stays.
fn whole(text: &str) -> Option<String> {
    let (number, fraction) = text.split_once(['.', ','])?;
    let digits = number.strip_prefix(['-', '+']).unwrap_or(number);
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit()) && !(digits.is_empty() && fraction.is_empty());
    let whole = plain && fraction.bytes().all(|byte| byte == b'0');
    whole.then(|| if digits.is_empty() { format!("{number}0") } else { number.to_owned() })
}

fn amounts(node: &mut Node<'_>, names: &[&str], line: Option<(usize, &str)>, found: &mut Vec<LocatedChange>) {
    let children = node.children.iter_mut().filter_map(|child| child.node.as_mut());
    for amount in children.filter(|child| child.ours && names.contains(&child.local)) {
        let Some(written) = amount.value().map(Cow::into_owned) else { continue };
        if let Some(number) = whole(&written) {
            let change =
                LocatedChange::new(amount.at, ChangeKind::Amount, Some(amount.local), Some(&written), Some(&number));
            amount.set_value(&number, true);
            found.push(match line {
                Some((line, code)) => change.on(line, code),
                None => change,
            });
        }
    }
}

fn period_of(assessment: &Node<'_>) -> Option<Period> {
    let period = assessment.child("skattleggingsperiode")?;
    let year = period.child("aar")?.value()?.parse().ok()?;
    let value = period.child("periode")?.known().next()?;
    Period::from_xml(value.local, &value.text()?, year)
}

/// The rate as the list writes it, where it is a rate of the code in another spelling.
fn rate(line: &mut Node<'_>, code: Code, period: &Period, index: usize, found: &mut Vec<LocatedChange>) {
    let Some(rate) = line.child_mut("sats") else { return };
    let Some(written) = rate.text().map(Cow::into_owned) else { return };
    if let Some(right) = as_listed(&written, code, period)
        && right != written
    {
        let change = LocatedChange::new(rate.at, ChangeKind::Rate, Some("sats"), Some(&written), Some(right));
        found.push(change.on(index, &code.to_string()));
        rate.set_value(right, false);
    }
}

/// The spelling of the list for a rate of the code that applies in the period; `0.25` may stand for 25 per cent.
pub(crate) fn as_listed(written: &str, code: Code, period: &Period) -> Option<&'static str> {
    let plain = written.trim().trim_end_matches('%').trim_end_matches([' ', '\u{a0}']);
    let number = Percent::read(plain)?;
    let (first, last) = (period.first_day(), period.last_day());
    let listed = |number: Percent| {
        let mut rates = tables().rates_of(code, first, last);
        rates.find(|right| Percent::read(right).is_some_and(|right| right.equals(number)))
    };
    listed(number).or_else(|| listed(number.of_share()?))
}

/// Whether a rate was written as another number than the list has, as a share of one.
pub(crate) fn was_a_share(before: &str, after: &str) -> bool {
    let number = |text: &str| Percent::read(text.trim().trim_end_matches('%'));
    number(before).zip(number(after)).is_some_and(|(before, after)| !before.equals(after))
}

/// A deduction without base and rate.
fn input_base(line: &mut Node<'_>, index: usize, code: &str, found: &mut Vec<LocatedChange>) {
    if line.child("merverdiavgift").is_none_or(Node::is_empty) {
        return;
    }
    for name in ["grunnlag", "sats"] {
        let of_name = || line.known().filter(|node| node.local == name);
        // A rate that says nothing disturbs no rule, and is left.
        let disturbs = of_name().any(|node| name == "grunnlag" || !node.is_empty());
        if !disturbs || of_name().any(|node| !node.children.is_empty()) {
            continue;
        }
        for value in of_name() {
            let written = value.value();
            let change = LocatedChange::new(value.at, ChangeKind::InputBase, Some(name), written.as_deref(), None);
            found.push(change.on(index, code));
        }
        line.remove(name);
    }
}

/// The lines of reverse charge that stand for two, where the sum proves it to the krone.
fn reverse_charges(assessment: &Node<'_>) -> HashSet<usize> {
    let amount = |node: &Node<'_>, name: &str| {
        let text = node.child(name)?.value()?;
        crate::number(whole(&text).as_deref().unwrap_or(&text))
    };
    let code_of = |line: &Node<'_>| line.child("mvaKode").and_then(Node::text).and_then(|code| tables().code(&code));
    let lines: Vec<&Node<'_>> = assessment.known().filter(|node| node.local == "mvaSpesifikasjonslinje").collect();
    // One whose deduction stands already is none.
    let deducted: HashSet<Code> =
        lines.iter().filter(|line| line.child("grunnlag").is_none()).filter_map(|line| code_of(line)).collect();
    let stands_for_two = |line: &Node<'_>| {
        code_of(line).filter(|code| BOTH.has(*code) && !deducted.contains(code))?;
        let (base, vat) = (amount(line, "grunnlag")?, amount(line, "merverdiavgift")?);
        let percent = Percent::read(&line.child("sats")?.value()?)?;
        let plain = line.child("spesifikasjon").is_none() && line.child("merknad").is_none();
        let fits = base < Decimal::ZERO && vat > Decimal::ZERO && !percent.misses(-base, vat, 1);
        (plain && fits).then_some(vat)
    };
    let found: Vec<(usize, Decimal)> =
        lines.iter().enumerate().filter_map(|(index, line)| Some((index, stands_for_two(line)?))).collect();
    let all: Option<Sum> = lines.iter().map(|line| amount(line, "merverdiavgift")).collect();
    let Some((mut over, assessed)) = all.zip(amount(assessment, "fastsattMerverdiavgift")) else {
        return HashSet::new();
    };
    over.add(-assessed);
    proven_by(over, &found)
}

/// Steps that are taken to find which lines the sum proves; each line takes some. A return has a handful of such lines.
const STEPS: usize = 200_000;

/// The lines whose deductions together are exactly what the lines are over the sum. Where several choices would do, the sum
/// proves none of them.
fn proven_by(over: Sum, found: &[(usize, Decimal)]) -> HashSet<usize> {
    let nothing = Sum::default();
    let total: Sum = found.iter().map(|(_, vat)| *vat).collect();
    if over <= nothing || over > total {
        return HashSet::new();
    }
    // Each is more than nothing, so that all of them is one choice and no other.
    if over == total {
        return found.iter().map(|(index, _)| *index).collect();
    }
    // What can be reached, by the last line of the choice and where that came from; none where several choices reach it.
    let mut reached: BTreeMap<Sum, Option<usize>> = BTreeMap::from([(nothing, Some(0))]);
    let mut chosen: Vec<(usize, usize)> = vec![(usize::MAX, 0)];
    let mut steps = 0;
    for (index, vat) in found {
        let before: Vec<(Sum, Option<usize>)> = reached.iter().map(|(sum, way)| (*sum, *way)).collect();
        steps += before.len();
        if steps > STEPS {
            return HashSet::new();
        }
        for (mut sum, way) in before {
            sum.add(*vat);
            if sum > over {
                break;
            }
            let new = way.map(|from| {
                chosen.push((*index, from));
                chosen.len() - 1
            });
            reached.entry(sum).and_modify(|known| *known = None).or_insert(new);
        }
    }
    let mut lines = HashSet::new();
    let mut at = reached.get(&over).copied().flatten().unwrap_or(0);
    while let Some((index, from)) = chosen.get(at).copied().filter(|_| at > 0) {
        lines.insert(index);
        at = from;
    }
    lines
}

/// Turns the base of a line round, and gives the line of its deduction: the same line without base and rate.
fn split_in_two<'a>(line: &mut Node<'a>, index: usize, code: &str, found: &mut Vec<LocatedChange>) -> Option<Node<'a>> {
    const KEPT: [&str; 3] = ["mvaKode", "mvaKodeRegnskapsystem", "merverdiavgift"];
    let vat = line.child("merverdiavgift")?.value()?.trim_start_matches('+').to_owned();
    let (at, base) = (line.at, line.child_mut("grunnlag")?);
    let written = base.value()?.into_owned();
    let positive = written.strip_prefix('-')?;
    let turned =
        LocatedChange::new(base.at, ChangeKind::ReverseCharge, Some("grunnlag"), Some(&written), Some(positive));
    found.push(turned.on(index, code));
    base.set_value(positive, true);
    let negative = format!("-{vat}");
    let kept = line.children.iter().filter_map(|child| {
        let mut node = child.node.as_ref().filter(|node| node.ours && KEPT.contains(&node.local))?.uncommented();
        if node.local == "merverdiavgift" {
            node.set_value(&negative, true);
        }
        Some(Child { gap: blanks(&child.gap).to_owned().into(), node: Some(node) })
    });
    let children = kept.collect();
    let deduction = line.with(children, blanks(&line.tail).to_owned());
    let added =
        LocatedChange::new(at, ChangeKind::ReverseCharge, Some("mvaSpesifikasjonslinje"), None, Some(&negative));
    found.push(added.on(index, code));
    Some(deduction)
}

/// A KID that is none is left out: money is paid back without one. One with spaces in it loses these and nothing else.
fn kid(root: &mut Node<'_>, found: &mut Vec<LocatedChange>) {
    const NAME: &str = "kundeIdentifikasjonsnummer";
    let Some(payment) = root.child_mut("betalingsinformasjon") else { return };
    let Some(kid) = payment.child_mut(NAME) else { return };
    let Some(written) = kid.text().map(Cow::into_owned).filter(|kid| has_content(kid)) else { return };
    if Kid::parse(&written).is_ok() {
        return;
    }
    let bare: String = written.chars().filter(|letter| !letter.is_whitespace()).collect();
    if bare != written && Kid::parse(&bare).is_ok() {
        found.push(LocatedChange::new(kid.at, ChangeKind::Kid, Some(NAME), Some(&written), Some(&bare)));
        kid.set_value(&bare, false);
        return;
    }
    found.push(LocatedChange::new(kid.at, ChangeKind::Kid, Some(NAME), Some(written.trim()), None));
    payment.remove(NAME);
    if payment.children.is_empty() && payment.tail.trim().is_empty() {
        payment.tail = "".into();
    }
}

/// Letters of a value that are quoted; what is in the file may be as long as anybody likes.
const MOST: usize = 200;

/// The change as one sentence.
pub(super) fn text(change: &Change, language: Language) -> String {
    let Change { kind, element, before, after, vat_code, .. } = change;
    let on = match vat_code.as_deref().filter(|code| !code.is_empty()) {
        None => String::new(),
        Some(code) => crate::filled(language, "mend.changes.onCode", &[("code", &code)]),
    };
    let shown = |text: &str| match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", texts::revealed(text.get(..end).unwrap_or(text))),
        None => texts::revealed(text),
    };
    let (adds, removes) = (before.is_none(), after.is_none());
    let element = element.as_deref().unwrap_or_default();
    let [before, after] = [before, after].map(|text| text.as_deref().map(shown).unwrap_or_default());
    match kind {
        ChangeKind::ByteOrderMark => crate::text(language, "mend.changes.anInvisibleCharacterTooMany").to_owned(),
        ChangeKind::Namespace => {
            crate::filled(language, "mend.changes.theNamespaceOfIsNow", &[("element", &element), ("after", &after)])
        }
        ChangeKind::Order => {
            crate::filled(language, "mend.changes.theElementsOfNowStand", &[("element", &element), ("after", &after)])
        }
        ChangeKind::PaymentMissing => {
            crate::text(language, "mend.changes.anEmptyBetalingsinformasjonWasPut").to_owned()
        }
        ChangeKind::InputBase => crate::filled(
            language,
            "mend.changes.wasRemoved",
            &[("element", &element), ("before", &before), ("on", &on)],
        ),
        ChangeKind::ReverseCharge if adds => {
            crate::filled(language, "mend.changes.theDeductionHasALine", &[("after", &after), ("on", &on)])
        }
        ChangeKind::Kid if removes => crate::filled(language, "mend.changes.theKidWasRemoved", &[("before", &before)]),
        ChangeKind::Amount | ChangeKind::Rate | ChangeKind::ReverseCharge | ChangeKind::Kid => crate::filled(
            language,
            "mend.changes.elementOnBeforeAfter",
            &[("element", &element), ("on", &on), ("before", &before), ("after", &after)],
        ),
    }
}
