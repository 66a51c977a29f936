//! Every question can be answered, and an answer changes the figures where it should; what has come between two files.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

use books::QuestionKind;
use books::compare::{marks, since};
use saf_t::{File, Limits, Problem, Source, Stamp, read_delivery};
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::ops::ControlFlow;
use support::{asked, book, line, read, shown};

#[test]
fn a_voucher_that_is_there_twice_counts_once_when_that_is_answered() {
    let mut book = book();
    let lines = [line("3000", "-1000", "3 1000 250"), line("2700", "-250", ""), line("1500", "1250", "")];
    book.voucher(&lines);
    let mut twice = book.xml();
    let from = twice.find("<Transaction>").unwrap();
    let to = twice.find("</Transaction>").unwrap() + "</Transaction>".len();
    let again = twice[from..to].to_owned();
    twice.insert_str(to, &again);
    let ledger = read(&[("a.xml", twice.into_bytes())]).unwrap();
    let draft = |answers: &[(&str, &str)]| {
        let answers = answers.iter().map(|(id, answer)| ((*id).to_owned(), (*answer).to_owned())).collect();
        let request = books::Request { period: Some(support::march_april()), answers, ..books::Request::default() };
        books::draft(&ledger, &request)
    };
    let open = draft(&[]);
    assert_eq!(asked(&open), ["duplicate_voucher"]);
    assert_eq!(shown(&open), ["3 200000 25 50000"]);
    let id = open.questions[0].id();
    let once = draft(&[(&id, "once")]);
    assert_eq!((asked(&once).len(), shown(&once)), (0, vec!["3 100000 25 25000".to_owned()]));
    assert_eq!(once.difference_ore(), Some(0));
    assert_eq!(shown(&draft(&[(&id, "both")])), ["3 200000 25 50000"]);
}

#[test]
fn vat_that_is_not_known_is_computed_or_is_nothing_as_answered() {
    let mut book = book();
    book.voucher(&[line("3000", "-1000", "3"), line("1500", "1000", "")]);
    let open = book.draft();
    assert_eq!(asked(&open), ["tax_unknown"]);
    assert_eq!(open.questions[0].choices, ["rate", "none"]);
    assert_eq!(shown(&book.answered(&[("tax_unknown", "rate")])), ["3 100000 25 25000"]);
    let none = book.answered(&[("tax_unknown", "none")]);
    assert_eq!((shown(&none), none.difference_ore()), (vec!["3 100000 25 0".to_owned()], Some(0)));
}

#[test]
fn a_remark_that_is_remembered_stands_only_where_the_rules_allow_it() {
    use books::{Answers, Making};
    let sale = |sign: i32, date: &str| {
        let mut book = book();
        let tax = format!("3 {} {}", 1000, 250);
        let lines = [
            line("3000", &(-1000 * sign).to_string(), &tax),
            line("2700", &(-250 * sign).to_string(), ""),
            line("1500", &(1250 * sign).to_string(), ""),
        ];
        book.on(date, "3", "Bilag", &lines);
        book
    };
    let written = |book: &support::Book, answer: &str| {
        let said = [("remark_needed:3", answer)];
        let draft = book.answered(&said);
        let answers: Answers = said.iter().map(|(id, text)| ((*id).to_owned(), (*text).to_owned())).collect();
        let period = support::march_april().period().unwrap();
        let making = Making { period, reference: "a".to_owned(), kid: None };
        let open = asked(&draft);
        (open, books::written(&draft, &answers, &making).unwrap().lines[0].remark.is_some())
    };
    // A credit note's remark is on the credit note, and not on next term's sales.
    assert_eq!(written(&sale(-1, "2025-03-10"), "kreditnota"), (vec![], true));
    assert_eq!(written(&sale(1, "2025-03-10"), "kreditnota"), (vec![], false));
    // A remark of the list that is for other lines is asked about again; words of one's own are taken.
    assert_eq!(written(&sale(-1, "2025-03-10"), "tjenesteeksport"), (vec!["remark_needed"], false));
    assert_eq!(written(&sale(-1, "2025-03-10"), "Rettet for mye fakturert"), (vec![], true));
}

#[test]
fn an_unbalanced_voucher_is_left_out_or_counted_as_answered() {
    let mut book = book();
    book.voucher(&[line("3000", "-1000", "3 1000 250"), line("2700", "-250", ""), line("1500", "1200", "")]);
    let open = book.draft();
    assert_eq!(asked(&open), ["unbalanced_voucher"]);
    let id = open.questions[0].id();
    assert_eq!(shown(&book.answered(&[(&id, "include")])), ["3 100000 25 25000"]);
    let out = book.answered(&[(&id, "leave_out")]);
    assert_eq!((shown(&out).len(), out.difference_ore(), out.questions.len()), (0, Some(0), 0));
}

/// A system that exports one side of its journals made a question of each of them.
#[test]
fn unbalanced_vouchers_are_one_question_with_what_they_give_and_are_answered_together_or_one_by_one() {
    let mut book = book();
    book.voucher(&[line("3000", "-1000", "3 1000 250"), line("2700", "-250", ""), line("1500", "1200", "")]);
    book.voucher(&[line("3000", "-400", "3 400 100"), line("2700", "-100", ""), line("1500", "500", "")]);
    book.voucher(&[line("4300", "2000", "1 2000 500"), line("2710", "500", ""), line("2400", "-2400", "")]);
    let open = book.draft();
    assert_eq!(asked(&open), ["unbalanced_voucher"]);
    let [question] = open.questions.as_slice() else { panic!("{:?}", open.questions) };
    assert_eq!((question.about.as_str(), question.vouchers.as_slice()), ("", [0, 2].as_slice()));
    // 250 are not paid and 500 not got back when both are left out.
    assert_eq!(question.effect, -25_000 + 50_000);
    assert!(open.must(question));
    let out = book.answered(&[("unbalanced_voucher", "leave_out")]);
    assert_eq!((shown(&out), asked(&out).len()), (vec!["3 40000 25 10000".to_owned()], 0));
    assert_eq!((out.sum() - open.sum()) * 100, question.effect);
    // What was answered of one voucher is an answer to that one, and the others are asked about.
    let one = book.answered(&[("unbalanced_voucher:1/1/2025-03-10", "leave_out")]);
    assert_eq!((asked(&one), one.questions[0].vouchers.as_slice()), (vec!["unbalanced_voucher"], [2].as_slice()));
    let each = question.kept_under(&book.ledger());
    assert_eq!(each, ["unbalanced_voucher:1/1/2025-03-10", "unbalanced_voucher:1/3/2025-03-10"]);
    let mut answers = books::Answers::new();
    answers.set(each[0].as_str(), "include");
    assert_eq!(books::given(&answers, question, &book.ledger()), None);
    answers.set(each[1].as_str(), "include");
    assert_eq!(books::given(&answers, question, &book.ledger()), Some("include"));
}

#[test]
fn unbalanced_vouchers_whose_vat_cancels_out_still_have_to_be_answered_and_those_without_vat_not() {
    let mut book = book();
    book.voucher(&[line("3000", "-1000", "3 1000 250"), line("2700", "-250", ""), line("1500", "1200", "")]);
    book.voucher(&[line("4300", "1000", "1 1000 250"), line("2710", "250", ""), line("2400", "-1200", "")]);
    let draft = book.draft();
    assert_eq!((asked(&draft), draft.questions[0].effect), (vec!["unbalanced_voucher"], 0));
    assert!(draft.must(&draft.questions[0]));
    let mut wages = support::book();
    wages.voucher(&[line("3000", "-1000", "3 1000 250"), line("2700", "-250", ""), line("1500", "1250", "")]);
    wages.voucher(&[line("7770", "1000", ""), line("1920", "-900", "")]);
    let draft = wages.draft();
    assert_eq!(asked(&draft), ["unbalanced_voucher"]);
    assert!(!draft.must(&draft.questions[0]), "it gives the return nothing");
}

#[test]
fn books_in_euro_without_kroner_take_the_amount_that_is_answered() {
    let mut book = book();
    book.currency = "EUR";
    book.voucher(&[line("3000", "-100", "3 100 25"), line("2700", "-25", ""), line("1500", "125", "")]);
    let open = book.draft();
    assert_eq!(asked(&open), ["foreign_currency"]);
    let id = open.questions[0].id();
    assert_eq!(shown(&book.answered(&[(&id, "283,50 kr")])), ["3 113400 25 28350"]);
    let out = book.answered(&[(&id, "leave_out")]);
    assert_eq!((shown(&out).len(), out.questions.len()), (0, 0));
}

#[test]
fn every_question_has_words_and_every_choice_has_them_too() {
    for kind in QuestionKind::ALL {
        let question = books::Question {
            kind,
            about: "V9".to_owned(),
            vouchers: vec![],
            effect: 0,
            foreign: false,
            choices: vec![],
            suggestion: None,
        };
        for language in [vat_return::Language::Nb, vat_return::Language::Nn, vat_return::Language::En] {
            assert!(!question.title(language).is_empty() && !question.text(language).is_empty(), "{kind:?}");
        }
    }
}

#[test]
fn what_has_come_gone_and_changed_since_is_told_by_voucher() {
    let sale = |book: &mut support::Book, net: &str, vat: &str| {
        let (net, vat) = (format!("-{net}"), format!("-{vat}"));
        let sum: f64 = -(net.parse::<f64>().unwrap() + vat.parse::<f64>().unwrap());
        book.voucher(&[line("3000", &net, "3"), line("2700", &vat, ""), line("1500", &format!("{sum:.2}"), "")]);
    };
    let of = |amounts: &[(&str, &str)]| {
        let mut book = book();
        amounts.iter().for_each(|(net, vat)| sale(&mut book, net, vat));
        marks(&book.draft(), &book.ledger())
    };
    let before = of(&[("1000", "250"), ("2000", "500")]);
    let same = since(&before, &before);
    assert_eq!((same.added.len(), same.removed.len(), same.changed.len()), (0, 0, 0));
    let after = of(&[("1000", "250"), ("2400", "600"), ("400", "100")]);
    let found = since(&before, &after);
    assert_eq!((found.added.len(), found.removed.len(), found.changed.len()), (1, 0, 1), "{found:#?}");
    assert_eq!(found.added[0].gives[0].2, 10_000);
    let back = since(&after, &before);
    assert_eq!((back.added.len(), back.removed.len(), back.changed.len()), (0, 1, 1));
    let json = serde_json::to_string(&before).unwrap();
    assert!(!json.contains("Kunde"), "no text and no name is kept: {json}");
}

/// A file that somebody writes to while it is read.
struct Written(Cursor<Vec<u8>>, std::cell::Cell<u64>);

impl Read for Written {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

impl Seek for Written {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.0.seek(to)
    }
}

impl Source for Written {
    fn stamp(&self) -> io::Result<Stamp> {
        self.1.set(self.1.get() + 1);
        Ok(Stamp { length: self.0.get_ref().len() as u64 + self.1.get(), modified: None })
    }
}

#[test]
fn a_file_that_changes_while_it_is_read_is_refused() {
    let mut book = book();
    book.voucher(&[line("3000", "-1000", "3"), line("2700", "-250", ""), line("1500", "1250", "")]);
    let mut source = Written(Cursor::new(book.xml().into_bytes()), std::cell::Cell::new(0));
    let mut files = [File { name: "a.xml".to_owned(), source: &mut source }];
    let refusal = read_delivery(&mut files, &Limits::default(), &mut |_| ControlFlow::Continue(())).unwrap_err();
    assert!(matches!(refusal.problem, Problem::Changed), "{refusal}");
}

#[test]
fn two_companies_in_one_file_and_in_two_are_refused_unless_they_are_registered_together() {
    let mut one = book();
    one.voucher(&[line("3000", "-1000", "3"), line("2700", "-250", ""), line("1500", "1250", "")]);
    let both = one.xml().replacen(
        "<RegistrationNumber>999999999</RegistrationNumber>",
        "<RegistrationNumber>999999999</RegistrationNumber><RegistrationNumber>888888888</RegistrationNumber>",
        1,
    );
    let refusal = read(&[("a.xml", both.into_bytes())]).unwrap_err();
    assert!(matches!(refusal.problem, Problem::TwoCompanies(..)), "{refusal}");
    let other = one.xml().replace("999999999", "888888888");
    let files = [("a.xml", one.xml().into_bytes()), ("b.xml", other.into_bytes())];
    assert!(matches!(read(&files).unwrap_err().problem, Problem::DifferentCompanies(..)));
    let joint = support::read_within(&files, &Limits { joint: true, ..Limits::default() }).unwrap();
    let draft = |answers| {
        let request = books::Request { period: Some(support::march_april()), answers, ..books::Request::default() };
        books::draft(&joint, &request)
    };
    let open = draft(books::Answers::new());
    assert!(asked(&open).contains(&"joint_registration"), "{:?}", asked(&open));
    assert_eq!(shown(&open), ["3 200000 25 50000"], "alike, and of two companies: two vouchers");
    let answered = draft([("joint_registration".to_owned(), "888888888".to_owned())].into_iter().collect());
    assert_eq!(answered.company.org_number.as_deref(), Some("888888888"));
    let only = Limits { company: Some("888888888".to_owned()), ..Limits::default() };
    assert_eq!(support::read_within(&files, &only).unwrap().len(), 1, "one of them alone");
    // A file that tells its company last has been taken in by then: it is refused, and not mixed with the other's.
    let late = [("a.xml", support::header_last(&one.xml()).into_bytes()), files[1].clone()];
    assert!(matches!(support::read_within(&late, &only).unwrap_err().problem, Problem::DifferentCompanies(..)));
}

#[test]
fn an_account_that_is_said_to_be_none_of_vat_is_not_counted() {
    let mut book = book();
    book.voucher(&[line("3000", "-1000", "3 1000 250"), line("2700", "-250", ""), line("1500", "1250", "")]);
    assert_eq!(book.draft().movement_ore, Some(-25_000));
    assert_eq!(book.answered(&[("account_mapping:2700", "none")]).movement_ore, Some(0));
}
