//! What must never change the answer: the order of vouchers, how a file is split, prefix, and the style of export.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

use books::{Request, draft, json::Answer};
use proptest::prelude::*;
use support::{Book, book, line, march_april};

/// A document: what it is, sign, base in øre, day, whether it states VAT.
type Document = (u8, bool, i64, u32);

fn documents() -> impl Strategy<Value = Vec<Document>> {
    prop::collection::vec((0..6_u8, any::<bool>(), 100..5_000_000_i64, 1..=60_u32), 1..12)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Style {
    BaseLines,
    BothLines,
    AmountsUnstated,
    NothingButCodes,
    TwoSided,
}

fn kroner(ore: i64) -> String {
    let sign = if ore < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", ore.abs() / 100, ore.abs() % 100)
}

/// The lines of a document in a style. Every style says the same.
fn posted(document: &Document, style: Style) -> Vec<String> {
    let (kind, back, base, _) = *document;
    let (code, rate, account, vat_account) = match kind {
        0 => ("3", 25, "3000", "2700"),
        1 => ("31", 15, "3000", "2701"),
        2 => ("1", 25, "4300", "2710"),
        3 => ("11", 15, "4300", "2711"),
        _ => ("86", 25, "6790", "2704"),
    };
    let vat = (base * rate + 50) / 100;
    let sign = if back { -1 } else { 1 };
    let tax = |with_base: bool| {
        let base = if with_base && style != Style::NothingButCodes { kroner(base) } else { "-".to_owned() };
        let amount = if matches!(style, Style::AmountsUnstated | Style::NothingButCodes) {
            "0.00".to_owned()
        } else {
            kroner(vat)
        };
        format!("{code} {base} {amount}")
    };
    let amount = |ore: i64| kroner(sign * ore);
    let on_vat = |account: &str, ore: i64| {
        line(account, &amount(ore), &if style == Style::BothLines { tax(false) } else { String::new() })
    };
    match code {
        "3" | "31" => vec![
            line(account, &amount(-base), &tax(true)),
            on_vat(vat_account, -vat),
            line("1500", &amount(base + vat), ""),
        ],
        "1" | "11" => vec![
            line(account, &amount(base), &tax(true)),
            on_vat(vat_account, vat),
            line("2400", &amount(-base - vat), ""),
        ],
        _ if style == Style::TwoSided => vec![
            line("7786", &amount(base), &tax(true)),
            line("7787", &amount(-base), &tax(true)),
            line("2704", &amount(-vat), ""),
            line("2714", &amount(vat), ""),
        ],
        _ => vec![
            line(account, &amount(base), &tax(true)),
            line("2400", &amount(-base), ""),
            on_vat("2704", -vat),
            on_vat("2714", vat),
        ],
    }
}

fn add(book: &mut Book, number: usize, document: &Document, style: Style) {
    let day = document.3;
    let (month, day) = if day > 31 { (4, day - 31) } else { (3, day) };
    book.number = number;
    book.on(&format!("2025-{month:02}-{:02}", day.min(30)), &month.to_string(), "Bilag", &posted(document, style));
}

fn written(documents: &[(usize, Document)], style: Style) -> String {
    let mut book = book();
    for (number, document) in documents {
        add(&mut book, *number, document, style);
    }
    book.xml()
}

/// The answer without what names vouchers in an order.
fn answer(files: &[(&str, Vec<u8>)]) -> serde_json::Value {
    let ledger = support::read(files).unwrap();
    let made = draft(&ledger, &Request { period: Some(march_april()), ..Request::default() });
    let mut answer = serde_json::to_value(Answer::of(&made, &ledger)).unwrap();
    for question in answer["open_questions"].as_array_mut().unwrap() {
        question.as_object_mut().unwrap().remove("vouchers");
    }
    answer
}

fn one(xml: &str) -> serde_json::Value {
    answer(&[("a.xml", xml.as_bytes().to_vec())])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn the_order_of_vouchers_changes_nothing(documents in documents(), seed in any::<u64>()) {
        let mut numbered: Vec<(usize, Document)> = documents.into_iter().enumerate().collect();
        let first = one(&written(&numbered, Style::BaseLines));
        let mut state = seed;
        for at in (1..numbered.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let other = usize::try_from(state >> 33).unwrap() % (at + 1);
            numbered.swap(at, other);
        }
        prop_assert_eq!(one(&written(&numbered, Style::BaseLines)), first);
    }

    #[test]
    fn splitting_the_file_changes_nothing(documents in documents(), at in any::<prop::sample::Index>()) {
        let numbered: Vec<(usize, Document)> = documents.into_iter().enumerate().collect();
        let whole = one(&written(&numbered, Style::BaseLines));
        let (first, second) = numbered.split_at(at.index(numbered.len()));
        // The table stands in the second only, and the second comes first.
        let first = written(first, Style::BaseLines);
        let bare = first.find("<TaxTable>").unwrap()..first.find("</TaxTable>").unwrap() + "</TaxTable>".len();
        let first = first.replace(&first[bare], "");
        let second = written(second, Style::BaseLines);
        let split = answer(&[("s_2_2.xml", second.into_bytes()), ("s_1_2.xml", first.into_bytes())]);
        prop_assert_eq!(split, whole);
    }

    #[test]
    fn the_style_of_export_changes_nothing(documents in documents()) {
        let numbered: Vec<(usize, Document)> = documents.into_iter().enumerate().collect();
        let first = one(&written(&numbered, Style::BaseLines));
        for style in [Style::BothLines, Style::AmountsUnstated, Style::NothingButCodes, Style::TwoSided] {
            prop_assert_eq!(one(&written(&numbered, style)), first.clone(), "{:?}", style);
        }
    }

    #[test]
    fn the_prefix_changes_nothing(documents in documents(), prefix in "[a-z][a-z0-9]{0,4}") {
        let numbered: Vec<(usize, Document)> = documents.into_iter().enumerate().collect();
        let xml = written(&numbered, Style::BaseLines);
        let first = one(&xml);
        let prefixed = xml
            .replace("</", &format!("<//{prefix}:"))
            .replace('<', &format!("<{prefix}:"))
            .replace(&format!("<{prefix}://{prefix}:"), &format!("</{prefix}:"))
            .replace(&format!("<{prefix}:?xml"), "<?xml")
            .replace("xmlns=", &format!("xmlns:{prefix}="));
        prop_assert_eq!(one(&prefixed), first);
    }
}
