//! A return, made a draft and a return again, says the same: of every sample and conformance case, and of random ones.

#![allow(clippy::unwrap_used, clippy::print_stderr)]

#[path = "../../vat-return/tests/official/mod.rs"]
mod official;

use compact_str::CompactString;
use drafts::sheet::{Defaults, csv, open, understand, workbook};
use drafts::{Draft, Origin};
use proptest::prelude::*;
use rust_decimal::Decimal;
use std::fs;
use std::path::Path;
use vat_return::Language;
use vat_return::kid::RefundKid;
use vat_return::tables::Categories;
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

/// How many random returns: `cargo xtask sheets` takes twenty thousand, everybody's run a part of them.
fn cases(few: u32) -> ProptestConfig {
    let told = std::env::var("MOMSBUD_RETURNS").ok().and_then(|number| number.parse().ok());
    ProptestConfig::with_cases(told.unwrap_or(few))
}

/// A line as a spreadsheet can hold it: a code of the category, whole kroner.
fn sheet_lines(category: Category) -> impl Strategy<Value = Vec<Line>> {
    let codes: &[&str] = match category {
        Category::Compensation => &["1", "11", "13", "14", "81", "86"],
        Category::ReverseCharge => &["86", "87", "88", "92"],
        _ => &["1", "3", "5", "6", "11", "14", "31", "32", "52", "81", "82", "86", "91"],
    };
    let specifications: &[&str] = match category {
        Category::Compensation => &["", "", "justeringMerverdiavgiftskompensasjonFastEiendom"],
        Category::ReverseCharge => &["", "kompensasjonsrett"],
        _ => &["", "", "", "uttak", "justering", "tapPåKrav", "tilbakeføringAvInngåendeMerverdiavgift"],
    };
    let line = (
        prop::sample::select(codes),
        prop::sample::select(specifications),
        prop::option::of(-10_000_000_i64..10_000_000),
        prop::sample::select(&["25", "15", "12", "11,11", "0", ""][..]),
        prop::option::of(-9_999_i64..9_999),
        prop::sample::select(&["", "03", "=1+1", "+x", "-@a", "'=b", "A\tB", "3;4", "\"", "Øl"][..]),
        0_u8..5,
    );
    let line = line.prop_map(move |(code, specification, base, rate, vat, own, remark)| {
        let input = ["1", "11", "14"].contains(&code) && Categories::ORDINARY.has(category);
        let base = base.filter(|_| !input).map(Decimal::from);
        let rate = Some(rate).filter(|rate| base.is_some() && !rate.is_empty());
        let computed = base.and_then(|base| {
            let rate: Decimal = rate?.replace(',', ".").parse().ok()?;
            Some((base * rate / Decimal::ONE_HUNDRED).trunc().normalize())
        });
        Line {
            at: Position::default(),
            code: here(code.into()),
            specification: (!specification.is_empty()).then(|| here(specification.into())),
            own_code: (!own.is_empty()).then(|| own.into()),
            base: base.map(here),
            rate: rate.map(|rate| here(rate.into())),
            vat: here(computed.filter(|_| vat.is_none()).or(vat.map(Decimal::from)).unwrap_or_default()),
            remark: match remark {
                1 => Some(Remark::Chosen(here("kreditnota".into()))),
                2 => Some(Remark::Description(here("Etter avtale; «slik»\nog så".into()))),
                3 => Some(Remark::Description(here("=HYPERLINK(\"http://x\")".into()))),
                _ => None,
            },
        }
    });
    prop::collection::vec(line, 0..9)
}

fn sheet_returns() -> impl Strategy<Value = VatReturn> {
    let categories = [Category::Ordinary, Category::PrimaryIndustry, Category::Compensation, Category::ReverseCharge];
    (prop::sample::select(categories.to_vec()), prop::sample::select(PeriodKind::ALL.to_vec()), 0_u8..3)
        .prop_flat_map(|(category, kind, more)| (Just((category, kind, more)), sheet_lines(category), 1..=kind.count()))
        .prop_map(|((category, kind, more), lines, index)| VatReturn {
            reference: here("".into()),
            system: Some(momsbud()),
            period: here(Period { kind, index: index.min(52), year: 2026 }),
            assessed_vat: here(lines.iter().map(|line| line.vat.value).sum::<Decimal>().normalize()),
            lines,
            kid: (more > 0).then(|| here(RefundKid::new("0002345676"))),
            org_number: Some(here("311797816".into())),
            identification_number: None,
            category: here(category),
            remark: (more > 1).then(|| Remark::Description(here("+4 = alt".into()))),
        })
}

/// What a file gives, opened as one that was dropped, where nothing else says anything.
fn opened(bytes: &[u8]) -> String {
    let (grids, _) = open(bytes).unwrap();
    let other = Defaults {
        org_number: None,
        period: Period { kind: PeriodKind::TwoMonths, index: 1, year: 2020 },
        category: Category::ECommerce,
    };
    let understood = understand(&grids[0], "", &other, None);
    let drafts: Vec<String> = understood.drafts.iter().map(|draft| draft.as_it_stands().0.write()).collect();
    assert_eq!(drafts.len(), 1, "{:?}", understood.rows);
    drafts.into_iter().collect()
}

/// Every official example says the same after it was a draft, and on the template in three languages.
#[test]
fn official_examples_say_the_same() {
    let Some(folder) = official::official("eksempler/melding") else { return };
    let mut count = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let Ok(read) = read(&fs::read(&path).unwrap()) else { continue };
        let read = VatReturn { system: read.system.or_else(|| Some(momsbud())), ..read };
        assert_eq!(again(&read), meaning(&read), "{}", path.display());
        let draft = Draft { reference: "".into(), system: None, ..Draft::of_return(&read, Origin::Typed) };
        // Some examples have a sum that is not that of their lines; a sheet has none.
        let draft = Draft { stated_sum: None, ..draft };
        // Of a free text that is the word of a coded remark a sheet makes that remark: it has one column for both.
        let (free, coded) = ("<beskrivelse>BFU</beskrivelse>", "<utvalgtMerknad>BFU</utvalgtMerknad>");
        let said = draft.as_it_stands().0.write().replace(free, coded);
        for language in [Language::Nb, Language::Nn, Language::En] {
            assert_eq!(opened(&workbook(&draft, language).unwrap()), said, "{}", path.display());
            assert_eq!(opened(&csv(&draft, language).unwrap()), said, "{}", path.display());
        }
        count += 1;
    }
    assert!(count > 20, "only {count} examples were read");
}

proptest! {
    #![proptest_config(cases(500))]

    #[test]
    fn random_returns_come_back_from_spreadsheets(ret in sheet_returns()) {
        let draft = Draft::of_return(&ret, Origin::Typed);
        let said = draft.as_it_stands().0.write();
        prop_assert_eq!(opened(&workbook(&draft, Language::Nb).unwrap()), &*said);
        let text = csv(&draft, Language::En).unwrap();
        prop_assert_eq!(opened(&text), &*said, "{}", String::from_utf8_lossy(&text));
    }
}

proptest! {
    #![proptest_config(cases(2_000))]

    #[test]
    fn random_returns_say_the_same(ret in returns()) {
        prop_assert_eq!(again(&ret), meaning(&ret));
    }
}
