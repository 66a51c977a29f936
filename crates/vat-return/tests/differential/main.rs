//! Holds the reader against an independent schema validator: `xmllint --schema` (libxml2) on Skatteetaten's XSD.
//!
//! Official examples, our samples and a few documents with rarer markup are changed in small ways, always the same
//! for the same seed, and both must say the same of every one: valid or not. Where they may differ is listed in
//! [`disagreements`], each with its reason.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    missing_docs
)]

mod disagreements;
mod mutate;
#[path = "../official/mod.rs"]
mod official;
mod random;
mod seeds;
mod xmllint;

use std::collections::BTreeMap;
use vat_return::{Rejection, read};

/// How many changed documents are compared, and the seed. A longer search for a person's machine:
/// `MUTANTS=500000 SEED=7 cargo test --test differential`.
const MUTANTS: usize = 24_000;
const SEED: u64 = 20_261_121;

fn setting<T: std::str::FromStr>(name: &str, otherwise: T) -> T {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(otherwise)
}

#[test]
fn the_reader_and_xmllint_agree_on_every_mutant() {
    let Some(xmllint) = xmllint::Xmllint::find() else { return };
    let seeds = seeds::all(&xmllint.examples);
    let count = setting("MUTANTS", MUTANTS);
    let mut random = random::Random::new(setting("SEED", SEED));
    let mutants: Vec<mutate::Mutant> =
        (0..count).map(|number| mutate::mutant(&seeds[number % seeds.len()], &seeds, &mut random)).collect();
    let theirs = xmllint.validate(mutants.iter().map(|mutant| mutant.bytes.as_slice()));

    let mut valid = 0;
    let mut excused: BTreeMap<&str, usize> = BTreeMap::new();
    let mut by_change: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut unexplained = Vec::new();
    for (mutant, theirs) in mutants.iter().zip(theirs) {
        let ours = read(&mutant.bytes);
        let count = by_change.entry(mutant.change).or_default();
        count.0 += 1;
        count.1 += usize::from(theirs.valid);
        valid += usize::from(theirs.valid);
        if ours.is_ok() == theirs.valid {
            continue;
        }
        match disagreements::reason(&ours, &theirs, &mutant.bytes) {
            Some(reason) => *excused.entry(reason).or_default() += 1,
            None => unexplained.push((mutant, ours.map(|_| ()), theirs)),
        }
    }
    println!("{count} mutants of {} documents, {valid} of them valid", seeds.len());
    for (change, (all, valid)) in &by_change {
        println!("  {change}: {all}, {valid} valid");
    }
    for (reason, count) in &excused {
        println!("  documented disagreement, {count}: {reason}");
    }
    for (mutant, ours, theirs) in unexplained.iter().take(10) {
        println!("--- {} of {}: ours {ours:?}, theirs {theirs:?}", mutant.change, mutant.of);
        println!("{}", String::from_utf8_lossy(&mutant.bytes));
    }
    assert!(unexplained.is_empty(), "{} unexplained disagreements", unexplained.len());
    // A comparison in which everything is invalid, or nothing, would compare nothing.
    assert!(valid > count / 10 && valid < count * 9 / 10, "{valid}");
    assert!(excused.values().sum::<usize>() < count / 50, "{excused:?}");
}

#[test]
fn every_official_example_that_is_valid_reads_and_comes_back_the_same() {
    let Some(xmllint) = xmllint::Xmllint::find() else { return };
    let examples = seeds::official(&xmllint.examples);
    assert!(examples.len() >= 26, "{}", examples.len());
    let verdicts = xmllint.validate(examples.iter().map(|example| example.bytes.as_slice()));
    for (example, verdict) in examples.iter().zip(verdicts) {
        let ours = read(&example.bytes);
        assert_eq!(ours.is_ok(), verdict.valid, "{}: {ours:?}", example.name);
        if let Ok(vat_return) = ours {
            let written = vat_return.write();
            assert!(read(written.as_bytes()).is_ok(), "{}", example.name);
        }
    }
}

#[test]
fn the_known_disagreements_are_still_there() {
    let Some(xmllint) = xmllint::Xmllint::find() else { return };
    let cases = disagreements::cases();
    let theirs = xmllint.validate(cases.iter().map(|case| case.bytes.as_slice()));
    for (case, theirs) in cases.iter().zip(theirs) {
        let ours: Result<_, Rejection> = read(&case.bytes);
        assert_ne!(ours.is_ok(), theirs.valid, "{}: both say {}", case.name, theirs.valid);
        assert!(disagreements::reason(&ours, &theirs, &case.bytes).is_some(), "{}: {ours:?} {theirs:?}", case.name);
    }
}
