//! A return, made a draft and a return again, says the same: of every sample and conformance case, and of random ones.

#![allow(clippy::unwrap_used)]

use compact_str::CompactString;
use drafts::{Draft, Origin};
use proptest::prelude::*;
use rust_decimal::Decimal;
use std::fs;
use std::path::Path;
use vat_return::kid::RefundKid;
use vat_return::{AccountingSystem, Category, Line, Located, Period, PeriodKind, Position, Remark, VatReturn, read};

/// What a return says, wherever it stands: written anew, all places are the same.
fn meaning(read: &VatReturn) -> String {
    read.write()
}

fn again(read: &VatReturn) -> String {
    let draft = Draft::of_return(read, Origin::Typed);
    let (ret, _) = draft.as_it_stands();
    let stored: Draft = serde_json::from_str(&serde_json::to_string(&draft).unwrap()).unwrap();
    assert_eq!(stored, draft);
    ret.write()
}

#[test]
fn every_sample_and_case_says_the_same() {
    let mut count = 0;
    let mut same = |bytes: &[u8], name: &str| {
        if let Ok(read) = read(bytes) {
            // The reader lets a return be without the program that wrote it; a draft names one.
            let read = VatReturn { system: read.system.or_else(|| Some(momsbud())), ..read };
            assert_eq!(again(&read), meaning(&read), "{name}");
            count += 1;
        }
    };
    for sample in &vat_return::samples::ALL {
        same(sample.bytes, sample.id);
    }
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../vat-return/tests/conformance");
    let mut folders = vec![cases];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "xml") {
                same(&fs::read(&path).unwrap(), &path.display().to_string());
            }
        }
    }
    assert!(count > 50, "only {count} returns were read");
}

fn momsbud() -> AccountingSystem {
    AccountingSystem { name: "Momsbud".into(), version: None }
}

fn here<T>(value: T) -> Located<T> {
    Located { value, at: Position::default() }
}

fn lines() -> impl Strategy<Value = Line> {
    const CODES: [&str; 22] = [
        "1", "3", "5", "6", "11", "12", "13", "14", "15", "31", "32", "33", "51", "52", "81", "82", "83", "86", "88",
        "91", "4", "",
    ];
    const SPECIFICATIONS: [&str; 7] = ["", "", "", "uttak", "justering", "tapPåKrav", "annet"];
    let amounts = || (-10_000_000_i64..10_000_000, 0_u32..3).prop_map(|(amount, scale)| Decimal::new(amount, scale));
    (
        prop::sample::select(&CODES[..]),
        prop::sample::select(&SPECIFICATIONS[..]),
        prop::option::of(amounts()),
        prop::sample::select(&["", "25", "15", "12", "11,11", "0", "25.0", "x"][..]),
        prop_oneof![amounts().prop_map(Some), Just(None)],
        0_u8..4,
    )
        .prop_map(|(code, specification, base, rate, vat, remark)| {
            let rate = (!rate.is_empty()).then_some(rate);
            // Half of the lines hold what would be computed.
            let computed = base.and_then(|base| {
                let rate: Decimal = rate?.replace(',', ".").parse().ok()?;
                Some((base * rate / Decimal::ONE_HUNDRED).trunc().normalize())
            });
            Line {
                at: Position::default(),
                code: here(code.into()),
                specification: (!specification.is_empty()).then(|| here(specification.into())),
                own_code: (remark == 3).then(|| CompactString::from("3A")),
                base: base.map(here),
                rate: rate.map(|rate| here(rate.into())),
                vat: here(vat.or(computed).unwrap_or_default()),
                remark: match remark {
                    1 => Some(Remark::Chosen(here("kreditnota".into()))),
                    2 => Some(Remark::Description(here("Etter avtale & <slikt>".into()))),
                    _ => None,
                },
            }
        })
}

fn returns() -> impl Strategy<Value = VatReturn> {
    (
        prop::collection::vec(lines(), 0..9),
        1_u8..7,
        prop::sample::select(&Category::ALL[..]),
        prop::option::of(-5_000_000_i64..5_000_000),
        0_u8..4,
    )
        .prop_map(|(lines, index, category, stated, remark)| {
            let sum: Decimal = lines.iter().map(|line| line.vat.value).sum();
            VatReturn {
                reference: here("id".into()),
                system: Some(momsbud()),
                period: here(Period { kind: PeriodKind::TwoMonths, index, year: 2026 }),
                assessed_vat: here(stated.map_or_else(|| sum.normalize(), Decimal::from)),
                lines,
                kid: (remark > 1).then(|| here(RefundKid::new("2345676"))),
                org_number: (remark != 3).then(|| here("311797816".into())),
                identification_number: (remark == 3).then(|| here("1234567".into())),
                category: here(category),
                remark: (remark == 1).then(|| Remark::Description(here("Hele meldingen".into()))),
            }
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn random_returns_say_the_same(ret in returns()) {
        prop_assert_eq!(again(&ret), meaning(&ret));
    }
}
