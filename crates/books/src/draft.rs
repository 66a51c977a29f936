//! The draft: lines, sum, questions, and what the return was held against.

use crate::accounts;
use crate::analyse::{Analysis, Difference, LumpSums};
use crate::answers::Answers;
use crate::codes::{Codes, Meaning};
use crate::controls::{self, BaseTimesRate, Revenue};
use crate::header::{self, Company};
use crate::item::times;
use crate::line::DraftLine;
use crate::period::{self, DeclaredAs, Span};
use crate::posting::{Evidence, LineKey, Posting};
use crate::question::{Asked, Question, QuestionKind};
use crate::remarks;
use crate::warning::Warning;
use saf_t::{Ledger, Version};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use vat_return::Category;

/// What is asked of a ledger.
#[derive(Debug, Clone)]
pub struct Request {
    /// The days the return is for; the only two-month term of the file where none are given.
    pub period: Option<Span>,
    /// Category of the return.
    pub category: Category,
    /// What the user has answered.
    pub answers: Answers,
}

impl Default for Request {
    fn default() -> Self {
        Self { period: None, category: Category::Ordinary, answers: Answers::new() }
    }
}

/// An own code with postings that stay out of the return.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotReported {
    /// The own code.
    pub own_code: String,
    /// What the table maps it to.
    pub code: String,
}

/// What a delivery gives.
#[derive(Debug, Clone)]
pub struct Draft {
    /// By structure.
    pub version: Option<Version>,
    /// Whose books they are.
    pub company: Company,
    /// Two-month terms with vouchers that carry a VAT code, by date.
    pub periods_found: Vec<(i16, i8)>,
    /// The days the answer is for; none where the user must choose.
    pub period: Option<Span>,
    /// Days of the period that no file covers.
    pub missing_days: Vec<Span>,
    /// The lines.
    pub lines: Vec<DraftLine>,
    /// Debit minus credit of the VAT accounts in øre, without settlements and opening balances; none where the books are
    /// kept in another currency.
    pub movement_ore: Option<i128>,
    /// Own codes that stay out.
    pub not_reported: Vec<NotReported>,
    /// VAT that was stated on them, in øre.
    pub dropped_ore: i128,
    /// What the user must decide.
    pub questions: Vec<Question>,
    /// What the user should know.
    pub warnings: Vec<Warning>,
    /// Which voucher gives what to which line.
    pub postings: Vec<Posting>,
    /// Where return and movement differ, voucher by voucher.
    pub differences: Vec<Difference>,
    /// Settlements, payments and opening balances that were left out.
    pub left_out: Vec<usize>,
    /// Second control: base times rate against VAT.
    pub base_times_rate: Vec<BaseTimesRate>,
    /// Third control: income accounts against bases.
    pub revenue: Revenue,
    /// How many postings were taken from where.
    pub evidence: BTreeMap<Evidence, usize>,
    /// Answers that were asked for.
    pub category: Category,
}

impl Draft {
    /// The sum of the lines in whole kroner: what is to be paid, or with a minus got back.
    pub fn sum(&self) -> i128 {
        self.lines.iter().map(DraftLine::vat).sum()
    }

    /// The exact VAT of the lines plus the movement: nothing when the return agrees with the ledger.
    pub fn difference_ore(&self) -> Option<i128> {
        self.movement_ore.map(|movement| movement + self.lines.iter().map(|line| line.vat_ore).sum::<i128>())
    }

    /// The postings of a line.
    pub fn postings_of(&self, line: usize) -> impl Iterator<Item = &Posting> {
        self.postings.iter().filter(move |posting| usize::from(posting.line) == line)
    }

    /// Indices of the lines that are something in whole kroner.
    pub fn shown_lines(&self) -> impl Iterator<Item = usize> {
        self.lines.iter().enumerate().filter(|(_, line)| !line.is_nothing()).map(|(at, _)| at)
    }

    /// Whether a question keeps the return from being made: its answer changes what is to be paid, or without it there is
    /// nothing to file. The others may stay open.
    pub fn must(&self, question: &Question) -> bool {
        use QuestionKind::{
            AccountMapping, BaseTimesRate, BaseUnknown, ChoosePeriod, CodeDirection, ForeignCurrency,
            JointRegistration, MissingPart, NoEntries, NokBaseMissing, OrgnrMissing, PeriodIncomplete, RateNotValid,
            RefundKid, RemarkNeeded, Specification, TaxTableMissing, ZeroRatedInvisible,
        };
        match question.kind {
            ChoosePeriod | PeriodIncomplete | MissingPart | NoEntries | OrgnrMissing | TaxTableMissing
            | RemarkNeeded | ForeignCurrency | JointRegistration => true,
            // They move amounts between lines, or only have to be known.
            Specification | BaseUnknown | RateNotValid | BaseTimesRate | ZeroRatedInvisible | CodeDirection
            | AccountMapping | RefundKid | NokBaseMissing => false,
            kind => {
                let of: HashSet<usize> = question.vouchers.iter().copied().collect();
                let differs = |difference: &Difference| difference.cause == kind && of.contains(&difference.voucher);
                // What two of them give may cancel out, and each matter by itself.
                let gives = |posting: &Posting| {
                    kind == QuestionKind::UnbalancedVoucher
                        && posting.vat != 0
                        && of.contains(&(posting.voucher as usize))
                };
                question.effect != 0 || self.differences.iter().any(differs) || self.postings.iter().any(gives)
            }
        }
    }

    /// How many open questions keep the return from being made.
    pub fn must_be_answered(&self) -> usize {
        self.questions.iter().filter(|question| self.must(question)).count()
    }

    /// Whether an open question may change what is to be paid, or stands in the way of filing.
    pub fn is_open(&self) -> bool {
        !self.questions.is_empty()
    }
}

/// Makes the draft that a request asks of a ledger. Nothing is guessed silently: what the file cannot know is a question,
/// and what was assumed is counted.
pub fn draft(ledger: &Ledger, request: &Request) -> Draft {
    let answers = &request.answers;
    let codes = Codes::of(ledger, answers);
    let kinds = accounts::kinds(ledger, answers, request.category);
    let found = FileSummary::of(ledger, &codes, &kinds);
    let only = match found.terms.iter().collect::<Vec<_>>().as_slice() {
        [only] => Some(period::term_span(**only)),
        _ => None,
    };
    let period = request.period.or(only);
    let must_choose = period.is_none() && found.terms.len() > 1;
    let shift = period::fiscal_shift(ledger);
    let mut analysis = Analysis {
        ledger,
        codes: &codes,
        kinds: &kinds,
        answers,
        foreign: ledger.currency() != "NOK",
        category: request.category,
        keys: Vec::new(),
        postings: Vec::new(),
        asked: Asked::default(),
        not_reported: BTreeSet::new(),
        dropped: 0,
        told: BTreeSet::new(),
        movement: 0,
        differences: Vec::new(),
        lump_sums: LumpSums::default(),
        left_out: Vec::new(),
        vat_line_style: found.vat_line_style,
        applied: HashSet::new(),
    };
    let mut inside = inside(&mut analysis, period, shift);
    once(&analysis, &mut inside);
    for voucher in &inside {
        analysis.voucher(*voucher);
    }
    lump_sums(&mut analysis);
    repeated(&mut analysis, &inside);
    let lines = lines(&mut analysis);
    let base_times_rate = controls::base_times_rate(&lines);
    line_questions(&mut analysis, &lines, &base_times_rate);
    let revenue = controls::revenue(&analysis, &inside);
    let mut warnings = Warning::of(ledger, &kinds, &inside);
    let company = header::company(ledger, answers);
    if company.check_digit_wrong {
        warnings.push(Warning::OrgNumberInvalid);
    }
    // What hangs on the period is not asked before there is one.
    if must_choose {
        analysis.asked = Asked::default();
        analysis.asked.ask(QuestionKind::ChoosePeriod, "", None, 0);
    }
    let missing_days = delivery_questions(&mut analysis, &company, period, shift);
    let mut evidence = BTreeMap::new();
    for posting in &analysis.postings {
        *evidence.entry(posting.evidence).or_default() += 1;
    }
    Draft {
        version: ledger.version(),
        company,
        periods_found: found.terms.into_iter().collect(),
        period,
        missing_days,
        lines,
        movement_ore: (!analysis.foreign).then_some(analysis.movement),
        not_reported: analysis
            .not_reported
            .into_iter()
            .map(|(own_code, code)| NotReported { own_code, code })
            .collect(),
        dropped_ore: analysis.dropped,
        questions: analysis.asked.all(analysis.foreign),
        warnings,
        postings: analysis.postings,
        differences: analysis.differences,
        left_out: analysis.left_out,
        base_times_rate,
        revenue,
        evidence,
        category: request.category,
    }
}

/// What the whole file tells, whatever the period.
struct FileSummary {
    terms: BTreeSet<(i16, i8)>,
    vat_line_style: bool,
}

impl FileSummary {
    fn of(ledger: &Ledger, codes: &Codes, kinds: &[accounts::Kind]) -> Self {
        let mut terms = BTreeSet::new();
        let (mut vat_lines, mut base_lines) = (0_usize, 0_usize);
        for (index, row) in ledger.vouchers() {
            for tax in ledger.taxes_of(index).filter_map(|tax| ledger.tax(tax)) {
                let Some(own) = tax.code() else { continue };
                terms.insert(period::term(row.date));
                if vat_lines > 0 && base_lines > 0 {
                    continue;
                }
                // 14 and 15 stand on the VAT account in every style.
                if let Meaning::Code { code, .. } = codes.meaning(own, row.date, tax.rate())
                    && !matches!(code, 14 | 15)
                {
                    let (account, _) = ledger.line(tax.line as usize);
                    if kinds.get(account).is_some_and(|kind| kind.vat.is_some()) {
                        vat_lines += 1;
                    } else {
                        base_lines += 1;
                    }
                }
            }
        }
        Self { terms, vat_line_style: vat_lines > 0 && base_lines == 0 }
    }
}

/// The vouchers of the period, by date unless the user has answered otherwise; asks where that is not the same.
fn inside(analysis: &mut Analysis<'_>, period: Option<Span>, shift: Option<i32>) -> Vec<usize> {
    let ledger = analysis.ledger;
    let Some(period) = period else { return (0..ledger.len()).collect() };
    let declared_as = DeclaredAs::of(ledger);
    let by_accounting = analysis.answers.get(QuestionKind::PeriodMismatch, "").map(|answer| answer == "accounting");
    let by_declared = analysis.answers.get(QuestionKind::DeclarationPeriod, "").map(|answer| answer == "declared");
    let mut inside = Vec::new();
    for (index, row) in ledger.vouchers() {
        let by_date = period.has(row.date);
        let mut is_inside = by_date;
        let coded = || ledger.taxes_of(index).filter_map(|tax| ledger.tax(tax)).any(|tax| tax.code().is_some());
        let accounting = || {
            let month = period::accounting_month(row.period?, row.period_year, shift?)?;
            Some((month.meets(&period), period.covers(&month)))
        };
        if let Some((meets, covered)) = accounting()
            && (by_date && !meets || !by_date && covered)
            && coded()
        {
            match by_accounting {
                Some(true) => is_inside = meets,
                Some(false) => {}
                None => {
                    let effect = movement(analysis, index);
                    let question = analysis.asked.ask(QuestionKind::PeriodMismatch, "", Some(index), effect);
                    question.choices = vec!["date".to_owned(), "accounting".to_owned()];
                    question.suggestion = Some("date".to_owned());
                }
            }
        }
        let declared = ledger
            .taxes_of(index)
            .filter_map(|tax| ledger.tax(tax)?.declared())
            .filter_map(|at| declared_as.span(ledger.declared.get(at)?, row.date))
            .find(|span| !span.has(row.date));
        if let Some(declared) = declared
            && (by_date || declared.meets(&period))
        {
            match by_declared {
                Some(true) => is_inside = declared.meets(&period),
                Some(false) => {}
                None => {
                    let effect = movement(analysis, index);
                    let question = analysis.asked.ask(QuestionKind::DeclarationPeriod, "", Some(index), effect);
                    question.choices = vec!["date".to_owned(), "declared".to_owned()];
                    question.suggestion = Some("date".to_owned());
                }
            }
        }
        if is_inside {
            inside.push(index);
        }
    }
    inside
}

/// What a voucher moves on VAT accounts, without sign; for the effect of a question.
fn movement(analysis: &Analysis<'_>, voucher: usize) -> i128 {
    let lines = analysis.ledger.lines_of(voucher).map(|line| analysis.ledger.line(line));
    let vat = lines.filter(|(account, _)| analysis.kind(*account).vat.is_some());
    vat.map(|(_, net)| i128::from(net)).sum::<i128>().abs()
}

/// VAT posted in lump sums without codes confirms what was computed, or both are asked about.
fn lump_sums(analysis: &mut Analysis<'_>) {
    let lump = std::mem::take(&mut analysis.lump_sums);
    let tolerance = lump.vouchers.len() as i128;
    let same = |one: i128, other: i128| (one - other).abs() <= tolerance;
    let confirmed =
        !lump.vouchers.is_empty() && same(lump.expected.0, lump.posted.0) && same(lump.expected.1, lump.posted.1);
    if confirmed {
        let of: BTreeSet<u32> = lump.vouchers.iter().filter_map(|(voucher, _)| u32::try_from(*voucher).ok()).collect();
        for posting in analysis.postings.iter_mut().filter(|posting| of.contains(&posting.voucher)) {
            if posting.evidence == Evidence::Assumed {
                posting.evidence = Evidence::LumpSum;
            }
        }
        analysis.differences.retain(|difference| {
            difference.cause != QuestionKind::TaxUnknown
                || !u32::try_from(difference.voucher).is_ok_and(|voucher| of.contains(&voucher))
        });
        return;
    }
    match analysis.answers.get(QuestionKind::TaxUnknown, "") {
        Some("none") => {
            let of: BTreeSet<usize> = lump.vouchers.iter().map(|(voucher, _)| *voucher).collect();
            for posting in analysis.postings.iter_mut().filter(|posting| posting.evidence == Evidence::Assumed) {
                if of.contains(&(posting.voucher as usize)) {
                    posting.vat = 0;
                    posting.evidence = Evidence::Answer;
                }
            }
            analysis
                .differences
                .retain(|difference| difference.cause != QuestionKind::TaxUnknown || !of.contains(&difference.voucher));
        }
        Some(_) => {}
        None => {
            for (voucher, effect) in lump.vouchers {
                let question = analysis.asked.ask(QuestionKind::TaxUnknown, "", Some(voucher), effect);
                question.choices = vec!["rate".to_owned(), "none".to_owned()];
            }
        }
    }
    for (voucher, amount) in lump.lumps {
        let name = analysis.name(voucher);
        let suggestion = analysis.suggested(voucher);
        let choices = crate::uncoded::choices(amount, analysis.category);
        let question = analysis.asked.ask(QuestionKind::UncodedVatPosting, &name, Some(voucher), amount.abs());
        question.suggestion = suggestion.filter(|suggestion| choices.contains(suggestion));
        question.choices = choices;
        let cause = QuestionKind::UncodedVatPosting;
        analysis.differences.push(Difference { voucher, cause, amount });
    }
}

/// Takes out the second of two vouchers that are alike, where the user has answered that it counts once.
fn once(analysis: &Analysis<'_>, inside: &mut Vec<usize>) {
    if analysis.answers.is_empty() || analysis.ledger.repeated.is_empty() {
        return;
    }
    let again: BTreeSet<usize> = analysis
        .ledger
        .repeated
        .iter()
        .map(|(later, _)| *later as usize)
        .filter(|later| analysis.answers.is(QuestionKind::DuplicateVoucher, &analysis.name(*later), "once"))
        .collect();
    inside.retain(|voucher| !again.contains(voucher));
}

fn repeated(analysis: &mut Analysis<'_>, inside: &[usize]) {
    for (later, _) in &analysis.ledger.repeated {
        let later = *later as usize;
        if inside.binary_search(&later).is_ok() {
            let name = analysis.name(later);
            if analysis.answers.get(QuestionKind::DuplicateVoucher, &name).is_none() {
                let effect = movement(analysis, later);
                let question = analysis.asked.ask(QuestionKind::DuplicateVoucher, &name, Some(later), effect);
                question.choices = vec!["both".to_owned(), "once".to_owned()];
            }
        }
    }
}

/// Adds the postings up, each line exactly, and sorts the lines.
fn lines(analysis: &mut Analysis<'_>) -> Vec<DraftLine> {
    let mut order: Vec<usize> = (0..analysis.keys.len()).collect();
    order.sort_by_key(|at| analysis.keys.get(*at).map(LineKey::order));
    let mut place = vec![0_u16; order.len()];
    let mut lines = Vec::with_capacity(order.len());
    for (new, old) in order.iter().enumerate() {
        let Some(key) = analysis.keys.get(*old) else { continue };
        if let Some(place) = place.get_mut(*old) {
            *place = u16::try_from(new).unwrap_or(u16::MAX);
        }
        lines.push(DraftLine {
            key: *key,
            own_codes: BTreeSet::new(),
            base_ore: (!key.deduction).then_some(0),
            vat_ore: 0,
        });
    }
    let mut seen = BTreeSet::new();
    for posting in &mut analysis.postings {
        posting.line = place.get(usize::from(posting.line)).copied().unwrap_or(u16::MAX);
        let Some(line) = lines.get_mut(usize::from(posting.line)) else { continue };
        if let Some(base) = &mut line.base_ore {
            *base += i128::from(posting.base);
        }
        line.vat_ore += i128::from(posting.vat);
        if let Some(own) = posting.own(analysis.ledger)
            && seen.insert((posting.line, own))
            && let Some(code) = analysis.ledger.codes.get(own)
        {
            line.own_codes.insert(code.text.clone());
        }
    }
    lines
}

/// Questions about whole lines: those that turned round, and those whose VAT is not base times rate.
fn line_questions(analysis: &mut Analysis<'_>, lines: &[DraftLine], controls: &[BaseTimesRate]) {
    for line in lines {
        let name = line.name();
        if remarks::is_needed(line, analysis.category)
            && remarks::answered(line, analysis.category, analysis.answers).is_none()
        {
            let question = analysis.asked.ask(QuestionKind::RemarkNeeded, &name, None, line.vat_ore.abs());
            question.choices = remarks::choices(line, analysis.category);
            question.suggestion = question.choices.iter().find(|choice| *choice == "kreditnota").cloned();
        }
    }
    for control in controls.iter().filter(|control| control.misses) {
        let Some(line) = lines.get(control.line) else { continue };
        let name = line.name();
        if analysis.answers.get(QuestionKind::BaseTimesRate, &name).is_none() {
            let effect = line.base_ore.map_or(0, |base| (times(base, line.key.rate) - line.vat_ore).abs());
            let question = analysis.asked.ask(QuestionKind::BaseTimesRate, &name, None, effect);
            question.choices = vec!["keep".to_owned()];
        }
    }
}

/// Questions about the delivery as a whole. Gives the days of the period that no file covers.
fn delivery_questions(
    analysis: &mut Analysis<'_>,
    company: &Company,
    period: Option<Span>,
    shift: Option<i32>,
) -> Vec<Span> {
    let ledger = analysis.ledger;
    let mut parts: Vec<saf_t::Part> = ledger.files.iter().filter_map(|file| file.part).collect();
    // Of parts without vouchers one may be the same as another, and is there for all that.
    let is_empty = |name: &String| ledger.files.iter().any(|file| file.name == *name && file.entries == 0);
    parts.extend(ledger.oddities.iter().filter_map(|odd| match odd {
        saf_t::Oddity::DuplicateFile { file, of } if is_empty(of) => saf_t::Part::of_name(file),
        _ => None,
    }));
    for part in saf_t::Part::missing(&parts) {
        let about = format!("{}/{}", part.number, part.of);
        if analysis.answers.get(QuestionKind::MissingPart, &about).is_none() {
            analysis.asked.ask(QuestionKind::MissingPart, &about, None, 0).choices = vec!["without".to_owned()];
        }
    }
    if company.org_number.is_none() {
        analysis.asked.ask(QuestionKind::OrgnrMissing, "", None, 0);
    }
    if company.several.len() > 1 && analysis.answers.get(QuestionKind::JointRegistration, "").is_none() {
        analysis.asked.ask(QuestionKind::JointRegistration, "", None, 0).choices.clone_from(&company.several);
    }
    if ledger.is_empty() {
        if analysis.answers.get(QuestionKind::NoEntries, "").is_none() {
            analysis.asked.ask(QuestionKind::NoEntries, "", None, 0).choices = vec!["without".to_owned()];
        }
        return Vec::new();
    }
    let Some(period) = period else { return Vec::new() };
    let selected: Option<Vec<Span>> =
        ledger.files.iter().map(|file| period::selected(&file.header.selection, shift.unwrap_or(0))).collect();
    let missing = selected.map(|selected| period::missing_days(period, &selected)).unwrap_or_default();
    if !missing.is_empty() && analysis.answers.get(QuestionKind::PeriodIncomplete, "").is_none() {
        analysis.asked.ask(QuestionKind::PeriodIncomplete, "", None, 0).choices = vec!["without".to_owned()];
    }
    missing
}
