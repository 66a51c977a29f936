//! What a question was answered with: by itself, through what is like it, or voucher by voucher.

use crate::answers::Answers;
use crate::question::{Question, QuestionKind, voucher_name};
use crate::uncoded::pattern;
use saf_t::Ledger;

/// What a question was answered with: itself, all that is like it, or every one of its vouchers alike.
pub fn given<'a>(answers: &'a Answers, question: &Question, ledger: &Ledger) -> Option<&'a str> {
    if answers.is_empty() {
        return None;
    }
    let alike = || match question.kind {
        QuestionKind::UncodedVatPosting => answers.get(question.kind, &pattern(ledger, *question.vouchers.first()?)),
        QuestionKind::UnbalancedVoucher => {
            let mut of = question.vouchers.iter().map(|at| answers.of_unbalanced(&voucher_name(ledger, *at)));
            let first = of.next()??;
            of.all(|other| other == Some(first)).then_some(first)
        }
        _ => None,
    };
    answers.get(question.kind, &question.about).or_else(alike)
}
