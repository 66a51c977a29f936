//! Returns that break each rule, and returns that only just do not.
#![allow(clippy::unwrap_used)]

mod categories;
mod content;
mod known;
mod ordinary;

use super::made::{amount, line, ordinary};
use super::{RULES, Source};
use crate::check::check;
use crate::context::{Account, Context, History, Register};
use crate::language::Language;
use crate::model::{Category, Line, VatReturn};
use jiff::civil::{Date, date};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// The day of filing where a case does not say another: after every period the cases are for.
const TODAY: Date = date(2026, 11, 21);

struct Case {
    rule: &'static str,
    fires: bool,
    ret: VatReturn,
    day: Date,
    history: Option<History>,
    register: Option<Register>,
    account: Option<Account>,
}

fn case(rule: &'static str, fires: bool, ret: VatReturn) -> Case {
    Case { rule, fires, ret, day: TODAY, history: None, register: None, account: None }
}

/// The rule finds something.
fn hit(rule: &'static str, ret: VatReturn) -> Case {
    case(rule, true, ret)
}

/// The rule finds nothing, though little is missing.
fn miss(rule: &'static str, ret: VatReturn) -> Case {
    case(rule, false, ret)
}

impl Case {
    fn on(self, day: Date) -> Self {
        Self { day, ..self }
    }

    fn after(self, history: History) -> Self {
        Self { history: Some(history), ..self }
    }

    fn registered(self, register: Register) -> Self {
        Self { register: Some(register), ..self }
    }

    fn paid_to(self, account: Account) -> Self {
        Self { account: Some(account), ..self }
    }

    fn report(&self) -> crate::check::Report {
        let context = Context {
            submitted: self.day,
            history: self.history.as_ref(),
            register: self.register.as_ref(),
            account: self.account.as_ref(),
        };
        check(&self.ret, &context)
    }
}

/// A line of a code with base, rate and the tax they give.
fn taxed(code: &str, base: i64, rate: &str) -> Line {
    let hundredths = match rate {
        "11,11" => 1111,
        rate => rate.parse::<i64>().unwrap() * 100,
    };
    line(code).base(base).rate(rate).vat(base * hundredths / 10_000)
}

/// A compensation return of one line.
fn compensation(line: Line) -> VatReturn {
    ordinary([line]).of(Category::Compensation)
}

/// A reverse charge return of one line.
fn reverse_charge(line: Line) -> VatReturn {
    ordinary([line]).of(Category::ReverseCharge)
}

/// The usual purchase of a reverse charge return.
fn bought(code: &str, base: i64, rate: &str) -> Line {
    taxed(code, base, rate).specified("kompensasjonsrett")
}

fn all() -> Vec<Case> {
    [content::cases(), ordinary::cases(), categories::cases(), known::cases()].into_iter().flatten().collect()
}

#[test]
fn every_case_comes_out_as_it_says() {
    let mut wrong = Vec::new();
    for (number, case) in all().iter().enumerate() {
        let found: BTreeSet<&str> = case.report().findings.iter().map(|finding| finding.rule).collect();
        if found.contains(case.rule) != case.fires {
            wrong.push(format!(
                "case {number} of {} (fires: {}): found {found:?}\n{:?}",
                case.rule, case.fires, case.ret
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_rule_has_a_hit_and_a_near_miss() {
    let cases = all();
    let of = |fires: bool| -> BTreeSet<&str> {
        cases.iter().filter(|case| case.fires == fires).map(|case| case.rule).collect()
    };
    // R001 is the reader's; what R085 compares with is not published.
    let asked = || {
        RULES.iter().map(|rule| rule.number).filter(|rule| !["R001", "R085"].contains(rule)).collect::<BTreeSet<_>>()
    };
    assert_eq!(of(true), asked());
    assert_eq!(of(false), asked());
}

#[test]
fn only_what_is_not_published_cannot_be_asked() {
    let never: Vec<&str> = RULES.iter().filter(|rule| !rule.can_be_asked()).map(|rule| rule.number).collect();
    assert_eq!(never, ["R085"]);
}

#[test]
fn every_source_is_a_page_of_its_own() {
    let pages = [Source::Ordinary, Source::Compensation, Source::ReverseCharge].map(Source::page);
    let folders = ["mvameldingen", "kompensasjon", "omvendt"];
    assert_eq!(pages.map(str::to_owned), folders.map(|folder| format!("docs/{folder}/forretningsregler/index.md")));
}

#[test]
fn every_finding_can_be_said_in_three_languages() {
    for case in all() {
        for finding in case.report().findings {
            for language in Language::ALL.iter().copied() {
                let text = finding.text(language);
                for part in [&text.title, &text.message, &text.advice] {
                    assert!(!part.is_empty(), "{} {language:?}", finding.rule);
                    assert!(!part.contains(['{', '}']), "{} {language:?}: {part}", finding.rule);
                    assert!(
                        !part.contains("()") && !part.contains("«»") && !part.contains("“”"),
                        "{}: {part}",
                        finding.rule
                    );
                }
            }
        }
    }
}

#[test]
fn a_return_without_blemish_has_no_findings() {
    let ret = ordinary([
        taxed("3", 1000, "25"),
        taxed("31", 1000, "15"),
        taxed("32", 10_000, "11,11"),
        taxed("33", 1000, "12"),
        taxed("5", 1000, "0"),
        taxed("6", 1000, "0"),
        taxed("52", 1000, "0"),
        taxed("81", 1000, "25"),
        line("81").vat(-250),
        taxed("86", 400, "25"),
        line("86").vat(-100),
        line("1").vat(-10),
        line("14").vat(-10),
    ]);
    let report = check(&ret, &Context::on(TODAY));
    assert_eq!(report.findings, []);
    assert_eq!(report.verdict, crate::check::Verdict::Ok);
}

#[test]
fn a_finding_in_words() {
    let ret = ordinary([line("31").base(84_260).rate("15").vat(12_693), line("3").base(-9600).rate("25").vat(-2400)]);
    let said: Vec<String> = check(&ret, &Context::on(TODAY))
        .findings
        .iter()
        .map(|finding| format!("{}: {}", finding.rule, finding.text(Language::Nb).message.replace('\u{a0}', "_")))
        .collect();
    assert_eq!(
        said,
        [
            "R019: Kode 31: 84_260_kr × 15_% er 12_639_kr, ikke 12_693_kr. Avviket er 54_kr. To sifre kan være byttet om.",
            "R020: Kode 3 har grunnlag −9_600_kr og ingen merknad.",
        ]
    );
}

/// What the rule of every hit finds: where, on which line, of which code, and in which words.
///
/// One line a finding, so that a change of any rule or text is seen here by whoever reviews it.
#[test]
fn every_hit_in_words() {
    let mut said = String::new();
    for case in all().iter().filter(|case| case.fires) {
        for finding in case.report().findings.iter().filter(|finding| finding.rule == case.rule) {
            let at = finding.at.map(|at| format!("{}:{}", at.line, at.column)).unwrap_or_default();
            let line = finding.line.map(|line| line.to_string()).unwrap_or_default();
            let code = finding.vat_code.as_deref().unwrap_or_default();
            let message = finding.text(Language::Nb).message.replace('\u{a0}', "_");
            writeln!(said, "{} at {at} line {line:?} code {code:?}: {message}", finding.rule).unwrap();
        }
    }
    insta::assert_snapshot!(said);
}

#[test]
fn only_the_rules_of_the_category_are_asked() {
    let ret = ordinary([line("3").base(-100).rate("25").vat(-25)]);
    for category in [Category::Compensation, Category::ReverseCharge, Category::ECommerce] {
        let found = check(&ret.clone().of(category), &Context::on(TODAY)).findings;
        assert!(found.iter().all(|finding| finding.rule != "R020"), "{category:?}");
    }
    let elsewhere = check(&ret.of(Category::ECommerce), &Context::on(TODAY)).findings;
    assert_eq!(elsewhere.iter().map(|finding| finding.rule).collect::<Vec<_>>(), ["R104"]);
}

#[test]
fn amounts_beyond_all_reason_break_nothing() {
    let most = "79228162514264337593543950335";
    let ret = ordinary([
        line("3").exact_base(most).rate("25").exact_vat(most),
        line("3").exact_base(most).rate("999999999999999999").exact_vat("0"),
    ])
    .assessed(most);
    let report = check(&ret, &Context::on(TODAY));
    for finding in &report.findings {
        assert!(!finding.text(Language::En).message.is_empty());
    }
    assert_eq!(amount(most), ret.assessed_vat.value);
}
