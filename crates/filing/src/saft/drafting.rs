//! The draft of a delivery: made anew whenever a person chooses or answers, with an index of the vouchers behind each line.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{Arc, Mutex, PoisonError},
};

use books::{Answers, Draft, Making, Question, QuestionKind, Request, Span, candidates, draft};
use jiff::civil::Date;
use vat_return::{Category, Period, PeriodKind, VatReturn, calendar};

use super::{
    Book, Choice,
    found::{Found, Kept},
};

/// Vouchers times drafts up to which the effect of every question is computed at once; of more, when it is opened.
const AT_ONCE: usize = 400_000;

/// A draft with what is needed to show it.
#[derive(Debug)]
pub struct Drafted {
    /// The draft.
    pub draft: Draft,
    /// Its period.
    pub period: Period,
    /// What was answered for it.
    pub answers: Answers,
    /// The return as it stands.
    pub(crate) written: VatReturn,
    /// Postings of each line, the latest voucher first, with what is said of all of them.
    pub(crate) by_line: Vec<Arc<Found>>,
    /// Questions that were answered, by id.
    pub answered: BTreeMap<String, Question>,
    /// What the likeliest answer of an open question changes, in øre.
    pub(crate) effects: HashMap<String, i128>,
    /// What is counted of the vouchers, once for every look at it.
    pub(crate) figures: Figures,
    /// The vouchers that were found last, for leafing through them.
    pub(crate) found: Mutex<Kept>,
}

/// What is counted of the vouchers of a draft.
#[derive(Debug, Default)]
pub(crate) struct Figures {
    /// Vouchers in all.
    pub(crate) vouchers: usize,
    /// Of each line: its vouchers, and by own code vouchers, base and VAT in øre.
    pub(crate) lines: Vec<(usize, Vec<OwnShare>)>,
    /// Debit minus credit of each account in the period, in øre.
    pub(crate) moved: BTreeMap<usize, i128>,
}

/// An own code's share in a line: the code's index, vouchers, base and VAT in øre.
pub(crate) type OwnShare = (Option<usize>, usize, i128, i128);

impl Figures {
    fn of(book: &Book, draft: &Draft, period: Period, by_line: &[Arc<Found>]) -> Self {
        let distinct = |mut vouchers: Vec<u32>| {
            vouchers.sort_unstable();
            vouchers.dedup();
            vouchers.len()
        };
        let lines = by_line.iter().map(|of| {
            let postings = || of.postings().filter_map(|at| draft.postings.get(at as usize));
            let mut by_own: BTreeMap<Option<usize>, (Vec<u32>, i128, i128)> = BTreeMap::new();
            for posting in postings() {
                let (vouchers, base, vat) = by_own.entry(posting.own(&book.ledger)).or_default();
                vouchers.push(posting.voucher);
                *base += i128::from(posting.base);
                *vat += i128::from(posting.vat);
            }
            let own = by_own.into_iter().map(|(own, (vouchers, base, vat))| (own, distinct(vouchers), base, vat));
            (distinct(postings().map(|posting| posting.voucher).collect()), own.collect())
        });
        let span = Span::of(&period);
        let left_out: BTreeSet<usize> = draft.left_out.iter().copied().collect();
        let mut moved: BTreeMap<usize, i128> = BTreeMap::new();
        for (voucher, row) in book.ledger.vouchers() {
            if !span.has(row.date) || left_out.contains(&voucher) {
                continue;
            }
            for line in book.ledger.lines_of(voucher) {
                let (account, net) = book.ledger.line(line);
                *moved.entry(account).or_default() += i128::from(net);
            }
        }
        Self {
            vouchers: distinct(draft.postings.iter().map(|posting| posting.voucher).collect()),
            lines: lines.collect(),
            moved,
        }
    }
}

impl Drafted {
    /// How many vouchers it is made of.
    pub fn vouchers(&self) -> usize {
        self.figures.vouchers
    }

    /// Everything that was asked, open or answered.
    pub fn question(&self, id: &str) -> Option<&Question> {
        self.draft.questions.iter().find(|question| question.id() == id).or_else(|| self.answered.get(id))
    }

    pub(crate) fn kept(&self) -> std::sync::MutexGuard<'_, Kept> {
        self.found.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What the return is called in the accounting system's place.
pub fn making(book: &Book, period: Period, answers: &Answers) -> Making {
    let number = books::company(&book.ledger, answers).org_number.unwrap_or_default();
    let kid = answers.get(QuestionKind::RefundKid, "").filter(|kid| *kid != "none").map(str::to_owned);
    Making { period, reference: format!("momsbud-saft-{number}-{}-{}", period.year, period.index), kid }
}

/// The draft that a request asks for. What only filing wants to know is asked too.
pub(crate) fn draft_of(book: &Book, period: Period, category: Category, answers: &Answers) -> Draft {
    let request = Request { period: Some(Span::of(&period)), category, answers: answers.clone() };
    let mut draft = draft(&book.ledger, &request);
    if draft.sum() < 0 && answers.get(QuestionKind::RefundKid, "").is_none() {
        draft.questions.push(Question {
            kind: QuestionKind::RefundKid,
            about: String::new(),
            vouchers: Vec::new(),
            effect: 0,
            foreign: false,
            choices: vec!["none".to_owned()],
            suggestion: None,
        });
    }
    draft
}

/// Makes everything anew after a choice: what each period gives, the proposed period, the draft.
pub fn choose(book: &Book, today: Date, is_filed: &dyn Fn(Period, Category) -> bool) {
    let (kind, category, answers, period) = {
        let choice = book.choice();
        (choice.kind, choice.category, choice.answers.clone(), choice.period)
    };
    let mut periods = Vec::new();
    for candidate in candidates(&book.ledger, kind) {
        if candidate.by_date == 0 {
            continue;
        }
        let sum = draft_of(book, candidate.period, category, &answers).sum();
        periods.push((candidate, sum));
    }
    let known = period.filter(|period| periods.iter().any(|(candidate, _)| candidate.period == *period));
    let period = known.or_else(|| proposed(&periods, category, today, is_filed));
    let drafted = period.map(|period| Arc::new(drafted(book, period, category, &answers, &BTreeMap::new())));
    let mut choice = book.choice();
    (choice.periods, choice.period, choice.drafted) = (periods, period, drafted);
}

/// The period that is due: the earliest that is over and has not been filed; else the only one there is.
fn proposed(
    periods: &[(books::Candidate, i128)],
    category: Category,
    today: Date,
    is_filed: &dyn Fn(Period, Category) -> bool,
) -> Option<Period> {
    let due = |period: &Period| period.last_day() < today && !is_filed(*period, category);
    // What is long past was filed elsewhere: the one whose deadline is nearest is meant.
    let nearest = periods
        .iter()
        .map(|(candidate, _)| candidate.period)
        .filter(due)
        .max_by_key(|period| calendar::deadline(category, period).unwrap_or(Date::MIN));
    nearest.or(match periods {
        [(only, _)] => Some(only.period),
        _ => None,
    })
}

/// Takes an answer, or takes one back, and makes the draft anew.
pub fn answer(book: &Book, id: &str, answer: Option<&str>) {
    let (period, category, mut answers, before) = {
        let choice = book.choice();
        (choice.period, choice.category, choice.answers.clone(), choice.drafted.clone())
    };
    let mut known = before.as_ref().map(|drafted| drafted.answered.clone()).unwrap_or_default();
    if let Some(question) = before.as_ref().and_then(|drafted| drafted.question(id)) {
        known.insert(id.to_owned(), question.clone());
    }
    let asked = before.as_ref().and_then(|drafted| drafted.question(id));
    let kept = asked.map_or_else(|| vec![id.to_owned()], |question| question.kept_under(&book.ledger));
    for id in kept {
        answers.set(id, answer.unwrap_or_default());
    }
    let drafted = period.map(|period| Arc::new(drafted(book, period, category, &answers, &known)));
    let mut choice = book.choice();
    let sum = drafted.as_ref().map(|drafted| drafted.draft.sum());
    for (candidate, known) in &mut choice.periods {
        if Some(candidate.period) == period
            && let Some(sum) = sum
        {
            *known = sum;
        }
    }
    (choice.answers, choice.drafted) = (answers, drafted);
}

pub(super) fn drafted(
    book: &Book,
    period: Period,
    category: Category,
    answers: &Answers,
    known: &BTreeMap<String, Question>,
) -> Drafted {
    let draft = draft_of(book, period, category, answers);
    let open: BTreeSet<String> = draft.questions.iter().map(Question::id).collect();
    let mut answered = known.clone();
    if !answers.is_empty() {
        // What would be asked without an answer has been answered.
        for question in draft_of(book, period, category, &Answers::new()).questions {
            if question.kind == QuestionKind::UnbalancedVoucher {
                // All of them, those that were answered for an earlier file too.
                answered.insert(question.id(), question);
            } else {
                answered.entry(question.id()).or_insert(question);
            }
        }
    }
    answered.retain(|id, question| {
        !open.contains(id)
            && books::given(answers, question, &book.ledger).is_some()
            && question.kind != QuestionKind::ChoosePeriod
    });
    let mut by_line = vec![Vec::new(); draft.lines.len()];
    for (at, posting) in draft.postings.iter().enumerate() {
        if let Some(of) = by_line.get_mut(usize::from(posting.line)) {
            of.push(u32::try_from(at).unwrap_or(u32::MAX));
        }
    }
    let day = |at: &u32| {
        let posting = draft.postings.get(*at as usize)?;
        book.ledger.voucher(posting.voucher as usize).map(|row| row.date)
    };
    for of in &mut by_line {
        // Nearly always in order already, and then this is one look at each.
        of.sort_by_key(day);
        of.reverse();
    }
    let by_line = by_line.into_iter().enumerate();
    let by_line: Vec<_> = by_line.map(|(line, rows)| Arc::new(Found::of_line(&draft, line, rows))).collect();
    // Amounts may be beyond what a return can have.
    let written = books::written(&draft, answers, &making(book, period, answers))
        .unwrap_or_else(|_| VatReturn::without_lines(category, period));
    let effects = effects(book, &draft, period, category, answers);
    let figures = Figures::of(book, &draft, period, &by_line);
    let answers = answers.clone();
    Drafted { draft, period, answers, written, by_line, answered, effects, figures, found: Mutex::default() }
}

/// What each open question may change: by the answer that is suggested, else by the one that changes most.
fn effects(book: &Book, draft: &Draft, period: Period, category: Category, answers: &Answers) -> HashMap<String, i128> {
    let drafts: usize = draft.questions.iter().map(|question| question.choices.len()).sum();
    if drafts.saturating_mul(book.ledger.len()) > AT_ONCE {
        return HashMap::new();
    }
    let sum = draft.sum();
    let effect = |question: &Question| {
        let mut with = answers.clone();
        let of = |answer: &String, with: &mut Answers| {
            with.set(question.id(), answer.clone());
            (draft_of(book, period, category, with).sum() - sum) * 100
        };
        match &question.suggestion {
            Some(answer) => of(answer, &mut with),
            None => {
                let all = question.choices.iter().map(|answer| of(answer, &mut with));
                all.max_by_key(|effect| effect.unsigned_abs()).unwrap_or_default()
            }
        }
    };
    draft.questions.iter().map(|question| (question.id(), effect(question))).collect()
}

/// A period by its key: `2026-2`.
pub fn period_of(choice: &Choice, key: &str) -> Option<Period> {
    choice.periods.iter().map(|(candidate, _)| candidate.period).find(|period| key_of(*period) == key)
}

/// A period's key.
pub fn key_of(period: Period) -> String {
    format!("{}-{}", period.year, period.index)
}

/// What was learnt of the company's periods and category, if anything.
pub fn learn(book: &Book, learnt: Option<(PeriodKind, Category)>, answers: Answers) {
    let mut choice = book.choice();
    if let Some((kind, category)) = learnt {
        (choice.kind, choice.category, choice.learnt) = (kind, category, true);
    }
    choice.remembered = answers.clone();
    choice.answers = answers;
}
