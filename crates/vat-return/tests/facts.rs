//! The tables against `docs/facts`: the rules field by field, the codes of each remark.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};
use vat_return::rules::{Needs, RULES};
use vat_return::tables::Categories;

#[test]
fn the_rule_table_is_the_facts_table() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/facts/validation-rules.tsv");
    let facts = std::fs::read_to_string(path).unwrap();
    let rows: Vec<Vec<&str>> =
        facts.lines().filter(|line| !line.starts_with('#')).skip(1).map(|line| line.split('\t').collect()).collect();
    assert_eq!(rows.len(), RULES.len());
    for (row, rule) in rows.iter().zip(&RULES) {
        let [number, identifier, applies_to, severity, category, needs, ..] = *row.as_slice() else {
            panic!("{row:?}");
        };
        assert_eq!(rule.number, number);
        assert_eq!(rule.identifier, identifier, "{number}");
        assert_eq!(rule.severity.word(), severity, "{number}");
        assert_eq!(rule.group, category, "{number}");
        let wanted = match needs {
            "offline" => Needs::Offline,
            "clock" => Needs::Clock,
            "register" => Needs::Register,
            "history" => Needs::History,
            "account" => Needs::Account,
            other => panic!("{number}: {other}"),
        };
        assert_eq!(rule.needs, wanted, "{number}");
        let wanted = match applies_to {
            // Of the rules for all, only R104 is about the category that is filed elsewhere.
            "all" if number == "R104" => Categories::EVERY,
            "all" => Categories::ALL,
            "alminnelig" => Categories::GENERAL,
            "primaernaering" => Categories::PRIMARY,
            "alminnelig,primaernaering" => Categories::ORDINARY,
            "alminnelig,primaernaering,omvendtAvgiftsplikt" => Categories::ORDINARY.with(Categories::REVERSE_CHARGE),
            "kompensasjon" => Categories::COMPENSATION,
            "omvendtAvgiftsplikt" => Categories::REVERSE_CHARGE,
            other => panic!("{number}: {other}"),
        };
        assert_eq!(rule.applies_to, wanted, "{number}");
        // The only rule that compares with something that is published nowhere.
        assert_eq!(rule.can_be_asked(), number != "R085", "{number}");
    }
    let alone = RULES.iter().filter(|rule| rule.can_be_asked() && matches!(rule.needs, Needs::Offline | Needs::Clock));
    assert_eq!(alone.count(), 72);
}

/// The rows of a list: no comments, no headings, cells between tabs.
fn rows(path: &str) -> Vec<Vec<String>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let text = std::fs::read_to_string(path).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with('#')).skip(1);
    lines.map(|line| line.split('\t').map(str::to_owned).collect()).collect()
}

#[test]
fn the_codes_of_each_remark_are_those_of_the_facts() {
    // By remark and category; `alminnelig` stands for primary industry too, and the sign narrows it further (R074–R076).
    type Codes = BTreeMap<(String, String), BTreeSet<String>>;
    let (mut ours, mut facts) = (Codes::new(), Codes::new());
    for row in rows("data/remark-codes.tsv") {
        // Free text, which may stand anywhere, is none of the facts' remarks.
        for category in row[1].split(',').filter(|it| *it != "primaernaering" && row[0] != "fritekstfelt") {
            let codes = ours.entry((row[0].clone(), category.to_owned())).or_default();
            codes.extend(row[5].split(',').map(str::to_owned));
        }
    }
    for row in rows("../../docs/facts/remarks.tsv").iter().filter(|row| row[2] == "line") {
        for part in row[5].split_whitespace() {
            let (category, codes) = part.split_once(':').unwrap();
            let codes = codes.split(',').map(str::to_owned).collect();
            facts.insert((row[0].to_lowercase(), category.to_owned()), codes);
        }
    }
    assert!(ours.len() > 20);
    assert_eq!(ours, facts);
}
