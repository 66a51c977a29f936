//! A return typed the way a person types it.

#![allow(clippy::unwrap_used, clippy::panic)]

use drafts::{Cell, Draft, Edit, Field, LineId, Missing, Note, Origin, Rate, Told, Undo};
use rust_decimal::Decimal;
use vat_return::{Category, Context, Period, PeriodKind, read};

fn term(index: u8) -> Period {
    Period { kind: PeriodKind::TwoMonths, index, year: 2026 }
}

fn fjordlys() -> Draft {
    Draft::new("311797816", term(5), Category::Ordinary)
}

fn type_in(draft: &mut Draft, line: LineId, field: Field, text: &str) -> Vec<Told> {
    draft.apply(&Edit::Type { line, field, text: text.into() }).unwrap()
}

fn vat(draft: &Draft, line: LineId) -> Option<String> {
    draft.vat_of(draft.line(line).unwrap()).map(|vat| vat.to_string())
}

/// What is not chosen is an empty text where drafts are kept, as it has always been: old drafts open, and old programs open new ones.
#[test]
fn what_is_not_chosen_is_kept_as_an_empty_text() {
    let mut draft = fjordlys();
    draft.apply(&Edit::Add { code: Some("  ".into()), after: None }).unwrap();
    assert_eq!(draft.lines[0].code, None);
    assert!(draft.missing().is_empty(), "nothing is typed on it");
    draft.apply(&Edit::Type { line: draft.lines[0].id, field: Field::Base, text: "100".into() }).unwrap();
    assert!(draft.missing().contains(&Missing::Code(draft.lines[0].id)));
    draft.origin = Origin::Sheet { file: None };
    let kept = serde_json::to_value(&draft).unwrap();
    assert_eq!(kept["lines"][0]["code"], "");
    assert_eq!(kept["origin"], serde_json::json!({"kind": "sheet", "file": ""}));
    assert_eq!(serde_json::from_value::<Draft>(kept).unwrap(), draft);

    draft.origin = Origin::Return { file: Some("mva.xml".into()), sha256: "00".into() };
    draft.apply(&Edit::Type { line: draft.lines[0].id, field: Field::Code, text: "3".into() }).unwrap();
    let kept = serde_json::to_value(&draft).unwrap();
    assert_eq!((&kept["lines"][0]["code"], &kept["origin"]["file"]), (&"3".into(), &"mva.xml".into()));
    assert_eq!(serde_json::from_value::<Draft>(kept).unwrap(), draft);
}

#[test]
fn vat_follows_the_base_until_it_is_typed_over() {
    let mut draft = fjordlys();
    let sales = draft.add("3");
    assert_eq!(type_in(&mut draft, sales, Field::Base, "21 240,49"), [Told::Cut("0.49".parse().unwrap())]);
    assert_eq!(draft.line(sales).unwrap().base, Cell::Amount(Decimal::from(21240)));
    assert_eq!(vat(&draft, sales).as_deref(), Some("5310"));
    type_in(&mut draft, sales, Field::Vat, "5 300");
    assert_eq!(draft.typed_over(draft.line(sales).unwrap()), Some(Decimal::from(-10)));
    type_in(&mut draft, sales, Field::Base, "40000");
    assert_eq!(vat(&draft, sales).as_deref(), Some("5300"));
    // Emptied, it follows again.
    type_in(&mut draft, sales, Field::Vat, "");
    assert_eq!(vat(&draft, sales).as_deref(), Some("10000"));
}

#[test]
fn a_deduction_is_negative_however_it_is_typed() {
    let mut draft = fjordlys();
    let purchases = draft.add("1");
    assert_eq!(type_in(&mut draft, purchases, Field::Vat, "1 250"), [Told::MadeNegative]);
    assert_eq!(vat(&draft, purchases).as_deref(), Some("-1250"));
    assert_eq!(type_in(&mut draft, purchases, Field::Vat, "-1 250"), []);
    // A plus is meant.
    assert_eq!(type_in(&mut draft, purchases, Field::Vat, "+1 250"), []);
    assert_eq!(vat(&draft, purchases).as_deref(), Some("1250"));
    // What is paid back is positive by itself.
    type_in(&mut draft, purchases, Field::Specification, "tilbakeføringAvInngåendeMerverdiavgift");
    assert_eq!(type_in(&mut draft, purchases, Field::Vat, "300"), []);
    assert_eq!(draft.sum(), Decimal::from(300));
}

#[test]
fn reverse_charge_makes_its_deduction_and_takes_it_away() {
    let mut draft = fjordlys();
    let told = draft.apply(&Edit::Add { code: Some("86".into()), after: None }).unwrap();
    let [Told::DeductionAdded(deduction)] = *told.as_slice() else { panic!("{told:?}") };
    let services = draft.lines[0].id;
    assert!(draft.is_nothing(), "two lines without anything are no lines");
    type_in(&mut draft, services, Field::Base, "10000");
    assert_eq!((vat(&draft, services).as_deref(), vat(&draft, deduction).as_deref()), (Some("2500"), Some("-2500")));
    assert_eq!(draft.sum(), Decimal::ZERO);
    let made = draft.made().unwrap();
    assert_eq!(made.lines, [services, deduction]);
    assert!(made.read.lines[1].base.is_none() && made.read.lines[1].rate.is_none());
    // Half of it may be deducted.
    type_in(&mut draft, deduction, Field::Vat, "1250");
    assert_eq!(draft.sum(), Decimal::from(1250));
    // Another code without deduction: what was typed stays, what was made goes.
    type_in(&mut draft, deduction, Field::Vat, "");
    type_in(&mut draft, services, Field::Code, "87");
    assert_eq!(draft.lines.len(), 1);
    type_in(&mut draft, services, Field::Code, "88");
    assert_eq!(draft.lines.len(), 2);
    draft.apply(&Edit::Remove(services)).unwrap();
    assert!(draft.lines.is_empty());
    for code in ["82", "84", "87", "89", "92", "3", "1", "5"] {
        draft.add(code);
    }
    assert_eq!(draft.lines.len(), 8, "these have none");
}

#[test]
fn what_is_no_number_stays_and_keeps_the_return_from_being_made() {
    let mut draft = fjordlys();
    let sales = draft.add("3");
    assert_eq!(type_in(&mut draft, sales, Field::Base, "tolv hundre"), [Told::NotAnAmount]);
    assert_eq!(draft.line(sales).unwrap().base, Cell::Text("tolv hundre".into()));
    assert_eq!(draft.made().unwrap_err(), Missing::NotAnAmount(sales));
    type_in(&mut draft, sales, Field::Base, "1200");
    assert!(draft.made().is_ok());
    type_in(&mut draft, sales, Field::Rate, "lav");
    assert_eq!(draft.made().unwrap_err(), Missing::Vat(sales));
    type_in(&mut draft, sales, Field::Rate, "15.0 %");
    assert_eq!(draft.line(sales).unwrap().rate, Rate::Typed("15,0".into()));
    assert_eq!(vat(&draft, sales).as_deref(), Some("180"));
    draft.apply(&Edit::Company("31179781".into())).unwrap();
    assert!(matches!(draft.made(), Err(Missing::Company(_))));
}

#[test]
fn the_rate_is_that_of_the_code_on_the_days_of_the_period() {
    let mut draft =
        Draft::new("311797816", Period { kind: PeriodKind::TwoMonths, index: 3, year: 2020 }, Category::Ordinary);
    let low = draft.add("33");
    type_in(&mut draft, low, Field::Base, "1000");
    // 6 % from 1 April 2020.
    assert_eq!(draft.rate_of(draft.line(low).unwrap()), Some("6"));
    draft.apply(&Edit::Period(Period { kind: PeriodKind::Year, index: 1, year: 2020 })).unwrap();
    assert_eq!(draft.rate_of(draft.line(low).unwrap()), None, "two rates in a year: she chooses");
    let exports = draft.add("52");
    type_in(&mut draft, exports, Field::Base, "500");
    assert_eq!(vat(&draft, exports).as_deref(), Some("0"));
}

#[test]
fn a_draft_without_lines_is_a_nullmelding() {
    let mut draft = fjordlys();
    draft.add("3");
    draft.add("1");
    assert!(draft.is_nothing());
    let made = draft.made().unwrap();
    assert!(made.read.lines.is_empty());
    assert_eq!(made.read.assessed_vat.value, Decimal::ZERO);
}

#[test]
fn as_last_time_has_the_codes_and_no_amounts() {
    let sample = vat_return::samples::ALL.iter().find(|sample| sample.id.starts_with("fjordlys")).unwrap();
    let last = read(sample.bytes).unwrap();
    let mut draft = Draft::as_last(&last, term(6));
    assert_eq!(draft.lines.len(), last.lines.len());
    assert!(draft.is_nothing());
    assert_eq!(draft.period, term(6));
    let first = draft.lines[0].id;
    type_in(&mut draft, first, Field::Base, "1000");
    assert_eq!(draft.filled().count(), 1);
}

#[test]
fn changes_are_taken_back_and_made_again() {
    let mut undo = Undo::new(fjordlys());
    let empty = undo.draft().clone();
    let pasted: Vec<Edit> = ["3", "31", "1"].map(|code| Edit::Add { code: Some(code.into()), after: None }).into();
    undo.apply(&pasted).unwrap();
    let filled = undo.draft().clone();
    assert!(undo.apply(&[Edit::Remove(LineId(0)), Edit::Remove(LineId(77))]).is_err());
    assert_eq!(*undo.draft(), filled, "of several changes none is made");
    assert!(undo.undo());
    assert_eq!(*undo.draft(), empty);
    assert!(undo.redo() && !undo.redo());
    assert_eq!(*undo.draft(), filled);
    for at in 0..30 {
        undo.apply(&[Edit::Kid(Some(format!("{at}").into()))]).unwrap();
    }
    assert_eq!((0..).take_while(|_| undo.undo()).count(), 20);
}

#[test]
fn lines_move_double_and_sort_by_the_code_list() {
    let mut draft = fjordlys();
    let deduction = draft.add("1");
    let services = draft.add("86");
    let sales = draft.add("3");
    type_in(&mut draft, sales, Field::Base, "100");
    draft.apply(&Edit::Duplicate(sales)).unwrap();
    draft.apply(&Edit::Move { line: deduction, before: None }).unwrap();
    assert_eq!(draft.lines.last().unwrap().id, deduction);
    draft.apply(&Edit::Sort).unwrap();
    let codes: Vec<&str> = draft.lines.iter().map(|line| line.written_code()).collect();
    assert_eq!(codes, ["3", "3", "1", "86", "86"]);
    assert_eq!(draft.lines[3].id, services);
    assert_eq!(draft.lines[4].deducts, Some(services));
}

#[test]
fn a_draft_survives_being_stored() {
    let mut draft = fjordlys();
    let sales = draft.add("3");
    type_in(&mut draft, sales, Field::Base, "12x");
    draft.add("86");
    draft.apply(&Edit::Note(Some(Note::Free("Fordi".into())))).unwrap();
    let stored = serde_json::to_string(&draft).unwrap();
    assert_eq!(serde_json::from_str::<Draft>(&stored).unwrap(), draft);
}

#[test]
fn the_rules_speak_of_the_lines_of_the_draft() {
    let mut draft = fjordlys();
    draft.add("31");
    let sales = draft.add("3");
    type_in(&mut draft, sales, Field::Base, "1000");
    type_in(&mut draft, sales, Field::Vat, "900");
    let (report, lines) = draft.checked(&Context::on(jiff::civil::date(2026, 11, 21)));
    let finding = report.findings.iter().find(|finding| finding.rule == "R019").unwrap();
    assert_eq!(lines[finding.line.unwrap()], sales);
    type_in(&mut draft, sales, Field::Vat, "");
    let (report, _) = draft.checked(&Context::on(jiff::civil::date(2026, 11, 21)));
    assert!(report.findings.iter().all(|finding| finding.rule != "R019"));
}

#[test]
fn pasted_lines_get_numbers_of_their_own_and_stand_behind_or_instead() {
    let mut pasted = fjordlys();
    let charge = pasted.add("86");
    type_in(&mut pasted, charge, Field::Base, "24 800");
    let mut draft = fjordlys();
    let sales = draft.add("3");
    draft.add("1");
    type_in(&mut draft, sales, Field::Base, "1000");
    let mut behind = draft.clone();
    behind.take_lines(&pasted, false);
    let codes = |draft: &Draft| draft.lines.iter().map(|line| line.written_code().to_owned()).collect::<Vec<_>>();
    assert_eq!(codes(&behind), ["3", "86", "86"]);
    assert_eq!(behind.sum().to_string(), "250");
    let ids: std::collections::HashSet<LineId> = behind.lines.iter().map(|line| line.id).collect();
    assert_eq!(ids.len(), 3);
    draft.take_lines(&pasted, true);
    assert_eq!(codes(&draft), ["86", "86"]);
    assert_eq!(vat(&draft, draft.lines[1].id).as_deref(), Some("-6200"));
}

#[test]
fn a_draft_is_of_one_return_by_company_category_and_period() {
    let of = |company: &str, index: u8, category: Category| {
        Draft::new(company, Period { kind: PeriodKind::TwoMonths, index, year: 2026 }, category).return_key()
    };
    let key = of("311797816", 2, Category::Ordinary);
    assert!(key.is_some());
    assert_eq!(key, of("311797816", 2, Category::Ordinary));
    assert_ne!(key, of("311797816", 2, Category::ReverseCharge), "two returns of one company and period");
    assert_ne!(key, of("311797816", 3, Category::Ordinary));
    assert_ne!(key, of("315203856", 2, Category::Ordinary));
    assert_eq!(of("", 2, Category::Ordinary), None, "whose it is is not known");
}
