//! Questions of a draft, in words, with what each answer would change.

use books::{Answers, Question, QuestionKind, options::Free};
use vat_return::Language;
use view::{BooksOption, BooksQuestion, BooksQuestionView, FreeAnswer};

use super::{
    Book, Drafted,
    drafting::draft_of,
    vouchers::{clean, exact, short, voucher},
};

/// Vouchers that are shown with a question.
const SHOWN: usize = 5;
/// Questions that are shown; a file with more is mended in the accounting system.
const MOST: usize = 300;

/// Answers about a thing that comes again in the next file, not about one voucher.
fn lasts(kind: QuestionKind) -> bool {
    matches!(
        kind,
        QuestionKind::UnmappedCode
            | QuestionKind::AmbiguousCode
            | QuestionKind::TaxTableMissing
            | QuestionKind::CodeDirection
            | QuestionKind::RateNotValid
            | QuestionKind::TaxOnUntaxedCode
            | QuestionKind::ZeroRatedInvisible
            | QuestionKind::PeriodMismatch
            | QuestionKind::DeclarationPeriod
            | QuestionKind::TaxUnknown
            | QuestionKind::BaseUnknown
            | QuestionKind::NokBaseMissing
            | QuestionKind::RemarkNeeded
            | QuestionKind::OrgnrMissing
            | QuestionKind::JointRegistration
            | QuestionKind::AccountMapping
            | QuestionKind::RefundKid
            | QuestionKind::UncodedVatPosting
    )
}

/// What a lasting answer is kept under; nothing where an answer is for this file only.
pub fn lasting_id(book: &Book, question: &Question) -> Option<String> {
    match question.kind {
        QuestionKind::UncodedVatPosting => {
            let pattern = books::pattern(&book.ledger, *question.vouchers.first()?);
            Some(Question::id_of(question.kind, &pattern))
        }
        kind if lasts(kind) => Some(question.id()),
        _ => None,
    }
}

/// What is remembered, in words.
fn lasting_words(book: &Book, question: &Question, company: &str, language: Language) -> Option<String> {
    lasting_id(book, question)?;
    let said = match question.kind {
        QuestionKind::UncodedVatPosting => {
            let pattern = books::pattern(&book.ledger, *question.vouchers.first()?);
            let (first, rest) = pattern.split_once(' ').unwrap_or((pattern.as_str(), ""));
            let rest = rest.replace(' ', ", ");
            crate::filled(
                language,
                "saft.questions.doTheSameTheNext",
                &[("first", &first), ("rest", &rest), ("company", &company)],
            )
        }
        _ => crate::filled(language, "saft.questions.rememberTheAnswerForAnd", &[("company", &company)]),
    };
    Some(said)
}

/// All questions: open ones by what they change, then what was answered.
pub(super) fn all(book: &Book, drafted: &Drafted, remembered: &Answers, language: Language) -> Vec<BooksQuestion> {
    let mut open: Vec<&Question> = drafted.draft.questions.iter().collect();
    let weight = |question: &Question| {
        (
            drafted.draft.must(question),
            drafted.effects.get(&question.id()).copied().or(question.kroner()).unwrap_or_default().unsigned_abs(),
        )
    };
    open.sort_by_key(|question| std::cmp::Reverse(weight(question)));
    let answered = drafted.answered.values();
    open.into_iter()
        .chain(answered)
        .take(MOST)
        .map(|question| shown(book, drafted, question, remembered, language))
        .collect()
}

fn shown(
    book: &Book,
    drafted: &Drafted,
    question: &Question,
    remembered: &Answers,
    language: Language,
) -> BooksQuestion {
    let id = question.id();
    let given = given(book, drafted, question);
    let effect = drafted.effects.get(&id).copied().or(question.kroner()).unwrap_or_default();
    let numbers: Vec<String> =
        question.vouchers.iter().take(3).map(|voucher| clean(book.ledger.number(*voucher))).collect();
    let text = question.text(language);
    // A question about a voucher names it already.
    let text = if numbers.is_empty() || question.about.contains('/') {
        text
    } else {
        let several = question.vouchers.len() > 1;
        let word = crate::text(language, if several { "saft.questions.vouchers" } else { "saft.questions.voucher" });
        let more = question.vouchers.len().saturating_sub(numbers.len());
        let more = if more == 0 { String::new() } else { format!(" (+{more})") };
        format!("{text} {word}: {}{more}", numbers.join(", "))
    };
    BooksQuestion {
        kind: question.kind.name().to_owned(),
        title: question.title(language).to_owned(),
        text: clean(&text),
        effect: exact(effect),
        must: given.is_none() && drafted.draft.must(question),
        answer: given.as_deref().map(|answer| clean(&question.option(answer, language).title)),
        remembered: given.is_some() && was_remembered(book, question, remembered),
        vouchers: short(question.vouchers.len()),
        id,
    }
}

fn was_remembered(book: &Book, question: &Question, remembered: &Answers) -> bool {
    books::given(remembered, question, &book.ledger).is_some()
}

/// The answer that was given: about the very thing, or about all that is alike.
fn given(book: &Book, drafted: &Drafted, question: &Question) -> Option<String> {
    if drafted.draft.questions.iter().any(|open| open.kind == question.kind && open.about == question.about) {
        return None;
    }
    books::given(&drafted.answers, question, &book.ledger).map(str::to_owned)
}

/// A question, opened: its vouchers, and what each answer would change.
pub fn opened(book: &Book, drafted: &Drafted, id: &str, language: Language) -> Option<BooksQuestionView> {
    let question = drafted.question(id)?;
    let (category, remembered) = {
        let choice = book.choice();
        (choice.category, choice.remembered.clone())
    };
    let given = given(book, drafted, question);
    // What an answer changes is told from how it was without one.
    let mut without = drafted.answers.clone();
    without.set(id, "");
    for kept in question.kept_under(&book.ledger) {
        without.set(kept, "");
    }
    if let Some(lasting) = lasting_id(book, question) {
        without.set(lasting, "");
    }
    let before =
        if given.is_some() { draft_of(book, drafted.period, category, &without).sum() } else { drafted.draft.sum() };
    let mut choices = question.choices.clone();
    if let Some(suggestion) = &question.suggestion
        && !choices.contains(suggestion)
    {
        choices.insert(0, suggestion.clone());
    }
    let mut options = Vec::new();
    for answer in choices {
        let mut with = without.clone();
        with.set(id, answer.clone());
        let sum = draft_of(book, drafted.period, category, &with).sum();
        let words = question.option(&answer, language);
        options.push(BooksOption {
            title: clean(&words.title),
            detail: clean(&words.detail),
            effect: (sum - before).to_string(),
            sum: sum.to_string(),
            suggested: question.suggestion.as_ref() == Some(&answer),
            answer,
        });
    }
    let company = books::company(&book.ledger, &drafted.answers).name;
    Some(BooksQuestionView {
        question: shown(book, drafted, question, &remembered, language),
        vouchers: question
            .vouchers
            .iter()
            .take(SHOWN)
            .filter_map(|at| voucher(book, u32::try_from(*at).ok()?))
            .collect(),
        options,
        free: free(question.free()),
        given,
        lasting: lasting_words(book, question, &clean(&company), language),
    })
}

fn free(free: Free) -> FreeAnswer {
    match free {
        Free::None => FreeAnswer::None,
        Free::Code => FreeAnswer::Code,
        Free::OrgNumber => FreeAnswer::OrgNumber,
        Free::Remark => FreeAnswer::Remark,
        Free::Amount => FreeAnswer::Amount,
        Free::Kid => FreeAnswer::Kid,
        Free::Share => FreeAnswer::Share,
    }
}
