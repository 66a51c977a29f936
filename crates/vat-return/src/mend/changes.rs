//! The values: how rates and amounts are written, what stands on the wrong line, and what is no KID.

use super::tree::{Child, Node};
use crate::amount::Percent;
use crate::kid::Kid;
use crate::language::Language;
use crate::model::Position;
use crate::period::Period;
use crate::rules::has_content;
use crate::tables::{Code, CodeSet, tables};
use crate::texts;
use rust_decimal::Decimal;

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
    /// The element.
    pub element: String,
    /// What stood there; empty where nothing did.
    pub before: String,
    /// What stands there now; empty where nothing does.
    pub after: String,
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
pub(super) struct Found {
    pub(super) offset: usize,
    change: Change,
}

impl Found {
    pub(super) fn new(
        offset: usize,
        kind: ChangeKind,
        element: impl Into<String>,
        before: impl Into<String>,
        after: impl Into<String>,
    ) -> Self {
        let (element, before, after) = (element.into(), before.into(), after.into());
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

pub(super) fn mend(root: &mut Node<'_>, found: &mut Vec<Found>) {
    if let Some(assessment) = root.child_mut("skattegrunnlagOgBeregnetSkatt") {
        amounts(assessment, &["fastsattMerverdiavgift"], None, found);
        let period = period_of(assessment);
        let split = reverse_charges(assessment);
        let mut index = 0;
        let mut place = 0;
        while let Some(child) = assessment.children.get_mut(place) {
            place += 1;
            let gap = child.gap.clone();
            let Some(line) = child.node.as_mut().filter(|node| node.local == "mvaSpesifikasjonslinje") else {
                continue;
            };
            let code = line.child("mvaKode").and_then(Node::value).unwrap_or_default().to_owned();
            amounts(line, &["grunnlag", "merverdiavgift"], Some((index, &code)), found);
            if let Some(known) = tables().code(&code) {
                if INPUT.has(known) {
                    input_base(line, index, &code, found);
                } else if let Some(period) = &period {
                    rate(line, known, period, index, found);
                }
            }
            if split.contains(&index)
                && let Some(deduction) = split_in_two(line, index, &code, found)
            {
                // Comments before the line stay with it.
                let gap = gap.rsplit("-->").next().unwrap_or_default().to_owned();
                assessment.children.insert(place, Child { gap: gap.into(), node: Some(deduction) });
                place += 1;
            }
            index += 1;
        }
    }
    kid(root, found);
}

/// `1250.0` is `1250`; `1250.50` stays.
fn whole(text: &str) -> Option<&str> {
    let (number, fraction) = text.split_once(['.', ','])?;
    let digits = number.strip_prefix(['-', '+']).unwrap_or(number);
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    (plain && fraction.bytes().all(|byte| byte == b'0')).then_some(number)
}

fn amounts(node: &mut Node<'_>, names: &[&str], line: Option<(usize, &str)>, found: &mut Vec<Found>) {
    for name in names {
        let Some(amount) = node.child_mut(name) else { continue };
        let Some(written) = amount.value().map(str::to_owned) else { continue };
        if let Some(number) = whole(&written) {
            let change = Found::new(amount.at, ChangeKind::Amount, *name, written.clone(), number);
            amount.set_value(number.to_owned());
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
    let value = period.child("periode")?.children.first()?.node.as_ref()?;
    Period::from_xml(value.local, value.value()?, year)
}

/// The rate as the list writes it, where it is a rate of the code in another spelling.
fn rate(line: &mut Node<'_>, code: Code, period: &Period, index: usize, found: &mut Vec<Found>) {
    let Some(rate) = line.child_mut("sats") else { return };
    let Some(written) = rate.raw_value().map(str::to_owned) else { return };
    if let Some(right) = as_listed(&written, code, period)
        && right != written
    {
        found.push(Found::new(rate.at, ChangeKind::Rate, "sats", written, right).on(index, &code.to_string()));
        rate.set_value(right.to_owned());
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
fn input_base(line: &mut Node<'_>, index: usize, code: &str, found: &mut Vec<Found>) {
    if line.child("merverdiavgift").and_then(Node::value).is_none() {
        return;
    }
    for name in ["grunnlag", "sats"] {
        let Some(value) = line.child(name) else { continue };
        let (at, written) = (value.at, value.value().unwrap_or_default().to_owned());
        // What was changed about it before does not matter any more.
        found.retain(|change| change.offset != at);
        if name != "sats" || has_content(&written) {
            found.push(Found::new(at, ChangeKind::InputBase, name, written, "").on(index, code));
        }
        line.remove(name);
    }
}

/// The lines of reverse charge that stand for two, where the sum proves it to the krone.
fn reverse_charges(assessment: &Node<'_>) -> Vec<usize> {
    let amount = |node: &Node<'_>, name: &str| {
        let text = node.child(name)?.value()?;
        whole(text).unwrap_or(text).parse::<Decimal>().ok()
    };
    let lines: Vec<&Node<'_>> = assessment
        .children
        .iter()
        .filter_map(|child| child.node.as_ref())
        .filter(|node| node.local == "mvaSpesifikasjonslinje")
        .collect();
    let code_of = |line: &Node<'_>| line.child("mvaKode").and_then(Node::value).and_then(|code| tables().code(code));
    let stands_for_two = |line: &Node<'_>| {
        let code = code_of(line).filter(|code| BOTH.has(*code))?;
        let (base, vat) = (amount(line, "grunnlag")?, amount(line, "merverdiavgift")?);
        let percent = Percent::read(line.child("sats")?.value()?)?;
        let plain = line.child("spesifikasjon").is_none() && line.child("merknad").is_none();
        let fits = base < Decimal::ZERO && vat > Decimal::ZERO && !percent.misses(-base, vat, 1);
        // One whose deduction stands already is none.
        let alone = !lines.iter().any(|other| code_of(other) == Some(code) && other.child("grunnlag").is_none());
        (plain && fits && alone).then_some(vat)
    };
    let found: Vec<(usize, Decimal)> =
        lines.iter().enumerate().filter_map(|(index, line)| Some((index, stands_for_two(line)?))).collect();
    let add = |sum: Decimal, amount: Option<Decimal>| sum.checked_add(amount?);
    let all = lines.iter().map(|line| amount(line, "merverdiavgift")).try_fold(Decimal::ZERO, add);
    let deducted = found.iter().map(|(_, vat)| Some(*vat)).try_fold(Decimal::ZERO, add);
    let assessed = amount(assessment, "fastsattMerverdiavgift");
    let proven = match (all, deducted, assessed) {
        (Some(all), Some(deducted), Some(assessed)) => all.checked_sub(deducted) == Some(assessed),
        _ => false,
    };
    if proven { found.into_iter().map(|(index, _)| index).collect() } else { Vec::new() }
}

/// Turns the base of a line round, and gives the line of its deduction.
fn split_in_two<'a>(line: &mut Node<'a>, index: usize, code: &str, found: &mut Vec<Found>) -> Option<Node<'a>> {
    let prefix = line.prefix().to_owned();
    let own_code = line.child("mvaKodeRegnskapsystem").and_then(Node::raw_value).map(str::to_owned);
    let vat = line.child("merverdiavgift")?.value()?.trim_start_matches('+').to_owned();
    let gap = line.children.first().map(|child| child.gap.clone()).unwrap_or_default();
    let inner = gap.rsplit("-->").next().unwrap_or_default().to_owned();
    let end = line.tail.rsplit("-->").next().unwrap_or_default().to_owned();
    let (at, base) = (line.at, line.child_mut("grunnlag")?);
    let written = base.value()?.to_owned();
    let positive = written.strip_prefix('-')?.to_owned();
    found.push(Found::new(base.at, ChangeKind::ReverseCharge, "grunnlag", written, positive.clone()).on(index, code));
    base.set_value(positive);
    let values = [("mvaKode", Some(code.to_owned())), ("mvaKodeRegnskapsystem", own_code)];
    let deduction = format!("-{vat}");
    let mut text = String::new();
    let mut value = |name: &str, value: &str| {
        let name = if prefix.is_empty() { name.to_owned() } else { format!("{prefix}:{name}") };
        text.push_str(&format!("{inner}<{name}>{value}</{name}>"));
    };
    for (name, known) in values {
        if let Some(known) = known {
            value(name, &known);
        }
    }
    value("merverdiavgift", &deduction);
    text.push_str(&end);
    found.push(Found::new(at + 1, ChangeKind::ReverseCharge, "mvaSpesifikasjonslinje", "", deduction).on(index, code));
    Some(Node::new(&prefix, "mvaSpesifikasjonslinje", &text, at))
}

/// A KID that is none is left out: money is paid back without one. One with spaces in it loses these and nothing else.
fn kid(root: &mut Node<'_>, found: &mut Vec<Found>) {
    const NAME: &str = "kundeIdentifikasjonsnummer";
    let Some(payment) = root.child_mut("betalingsinformasjon") else { return };
    let Some(kid) = payment.child(NAME) else { return };
    let Some(written) = kid.raw_value().filter(|kid| has_content(kid)) else { return };
    if Kid::parse(written).is_ok() {
        return;
    }
    let closed_up: String = written.chars().filter(|letter| !letter.is_whitespace()).collect();
    if Kid::parse(&closed_up).is_ok() {
        found.push(Found::new(kid.at, ChangeKind::Kid, NAME, written, closed_up.clone()));
        if let Some(kid) = payment.child_mut(NAME) {
            kid.set_value(closed_up);
        }
        return;
    }
    found.push(Found::new(kid.at, ChangeKind::Kid, NAME, written.trim(), ""));
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
    let code = vat_code.as_deref().unwrap_or_default();
    let on = |nb: &str, en: &str| match (language, code) {
        (_, "") => String::new(),
        (Language::Nb | Language::Nn, code) => format!(" {nb} {code}"),
        (Language::En, code) => format!(" {en} {code}"),
    };
    let on = on("på kode", "on code");
    let shown = |text: &str| match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", texts::revealed(text.get(..end).unwrap_or(text))),
        None => texts::revealed(text),
    };
    let (before, after) = (shown(before), shown(after));
    let [nb, nn, en] = match kind {
        ChangeKind::ByteOrderMark => [
            "Et usynlig tegn for mye (U+FEFF) først i filen er tatt bort.".to_owned(),
            "Eit usynleg teikn for mykje (U+FEFF) først i fila er teke bort.".to_owned(),
            "An invisible character too many (U+FEFF) at the beginning of the file was removed.".to_owned(),
        ],
        ChangeKind::Namespace => [
            format!("Navnerommet til «{element}» er satt til «{after}»."),
            format!("Namnerommet til «{element}» er sett til «{after}»."),
            format!("The namespace of “{element}” is now “{after}”."),
        ],
        ChangeKind::Order => [
            format!("I «{element}» står elementene nå i skjemaets rekkefølge: {after}."),
            format!("I «{element}» står elementa no i rekkjefølgja til skjemaet: {after}."),
            format!("The elements of “{element}” now stand in the order of the schema: {after}."),
        ],
        ChangeKind::PaymentMissing => [
            "En tom «betalingsinformasjon» er satt inn.".to_owned(),
            "Ein tom «betalingsinformasjon» er sett inn.".to_owned(),
            "An empty “betalingsinformasjon” was put in.".to_owned(),
        ],
        ChangeKind::InputBase => [
            format!("«{element}» {before}{on} er tatt bort."),
            format!("«{element}» {before}{on} er teke bort."),
            format!("“{element}” {before}{on} was removed."),
        ],
        ChangeKind::ReverseCharge if before.is_empty() => [
            format!("Fradraget {after}{on} har fått sin egen linje."),
            format!("Frådraget {after}{on} har fått si eiga linje."),
            format!("The deduction {after}{on} has a line of its own."),
        ],
        ChangeKind::Kid if after.is_empty() => [
            format!("KID «{before}» er tatt bort."),
            format!("KID «{before}» er teken bort."),
            format!("The KID “{before}” was removed."),
        ],
        ChangeKind::Amount | ChangeKind::Rate | ChangeKind::ReverseCharge | ChangeKind::Kid => [
            format!("«{element}»{on}: {before} → {after}."),
            format!("«{element}»{on}: {before} → {after}."),
            format!("“{element}”{on}: {before} → {after}."),
        ],
    };
    match language {
        Language::Nb => nb,
        Language::Nn => nn,
        Language::En => en,
    }
}
