//! Rules of ordinary returns.

use super::{Case, hit, miss, taxed};
use crate::model::Category::PrimaryIndustry;
use crate::rules::made::{line, ordinary};

/// A code of both directions with the rules about it: deduction above output, output missing, deduction missing.
const TURNED: [(&str, &str, [&str; 3]); 5] = [
    ("81", "25", ["R023", "R028", "R033"]),
    ("83", "15", ["R024", "R029", "R034"]),
    ("86", "25", ["R025", "R030", "R035"]),
    ("88", "12", ["R026", "R031", "R036"]),
    ("91", "25", ["R027", "R032", "R037"]),
];

pub(super) fn cases() -> Vec<Case> {
    [turned(), signs(), base_and_rate(), specifications()].into_iter().flatten().collect()
}

fn turned() -> Vec<Case> {
    let mut cases = Vec::new();
    for (code, rate, [above, output_missing, deduction_missing]) in TURNED {
        let output = || taxed(code, 10_000, rate);
        let tax = i64::try_from(output().vat.value).unwrap();
        let deduction = |vat: i64| line(code).vat(vat);
        let with_right = || taxed(code, 10_000, rate).specified("kompensasjonsrett");
        cases.extend([
            hit(above, ordinary([output(), deduction(-tax - 1)])),
            hit(above, ordinary([deduction(-1)])),
            hit(above, ordinary([deduction(1)]).of(PrimaryIndustry)),
            miss(above, ordinary([output(), deduction(-tax)])),
            miss(above, ordinary([output(), deduction(tax)])),
            miss(above, ordinary([output()])),
            // A deduction of nothing is not above nothing.
            miss(above, ordinary([deduction(0)])),
            hit(output_missing, ordinary([output(), deduction(-1), deduction(-1)])),
            hit(output_missing, ordinary([deduction(-1)])),
            hit(output_missing, ordinary([output(), deduction(-1), deduction(-1).specified("justering")])),
            miss(output_missing, ordinary([output(), output(), deduction(-1)])),
            miss(output_missing, ordinary([output(), deduction(-1)])),
            miss(output_missing, ordinary([deduction(-1).specified("justering")])),
            hit(deduction_missing, ordinary([output()])),
            hit(deduction_missing, ordinary([output(), deduction(-1).specified("justering")])),
            miss(deduction_missing, ordinary([output(), deduction(-1)])),
            miss(deduction_missing, ordinary([with_right()])),
            miss(deduction_missing, ordinary([deduction(-1)])),
        ]);
    }
    // Another code does not help.
    for (code, _, [above, ..]) in TURNED {
        for (other, rate, _) in TURNED.into_iter().filter(|(other, ..)| *other != code) {
            cases.push(hit(above, ordinary([taxed(other, 10_000, rate), line(code).vat(-1)])));
        }
    }
    cases
}

fn signs() -> Vec<Case> {
    let negative = || taxed("3", -100, "25");
    let mut cases = vec![
        hit("R020", ordinary([negative()])),
        hit("R020", ordinary([negative().described("  ")])),
        hit("R020", ordinary([negative().chosen("  ")])),
        miss("R020", ordinary([negative().described("retur")])),
        miss("R020", ordinary([negative().chosen("kreditnota")])),
        miss("R020", ordinary([line("3").base(0).rate("25").vat(0)])),
        // The published list has no code 5.
        miss("R020", ordinary([taxed("5", -100, "0")])),
        miss("R020", ordinary([line("7").base(-100).rate("25").vat(-25)])),
        hit("R021", ordinary([line("1").vat(1)])),
        hit("R021", ordinary([line("81").vat(1)])),
        hit("R021", ordinary([line("14").vat(1).specified("tilbakeføringAvInngåendeMerverdiavgift")])),
        hit("R021", ordinary([line("14").vat(1).specified("justering")])),
        hit("R021", ordinary([line("81").vat(1).specified("tapPåKrav")])),
        miss("R021", ordinary([line("1").vat(0)])),
        miss("R021", ordinary([line("1").vat(-1)])),
        miss("R021", ordinary([line("1").vat(1).chosen("kreditnota")])),
        miss("R021", ordinary([taxed("81", 4, "25")])),
        miss("R021", ordinary([line("3").vat(1)])),
        miss("R021", ordinary([line("1").vat(1).specified("tilbakeføringAvInngåendeMerverdiavgift")])),
        miss("R021", ordinary([line("81").vat(1).specified("justering")])),
    ];
    for (code, rate) in [
        ("6", "0"),
        ("31", "15"),
        ("32", "11,11"),
        ("33", "12"),
        ("51", "0"),
        ("52", "0"),
        ("81", "25"),
        ("82", "25"),
        ("83", "15"),
        ("84", "15"),
        ("85", "0"),
        ("86", "25"),
        ("87", "25"),
        ("88", "12"),
        ("89", "12"),
        ("91", "25"),
        ("92", "25"),
    ] {
        cases.push(hit("R020", ordinary([taxed(code, -10_000, rate)])));
    }
    for code in ["11", "12", "13", "14", "15", "83", "86", "88", "91"] {
        cases.push(hit("R021", ordinary([line(code).vat(1)])));
    }
    for code in ["1", "11", "12", "13"] {
        cases.push(miss("R021", ordinary([line(code).vat(1).specified("tapPåKrav")])));
    }
    cases
}

fn base_and_rate() -> Vec<Case> {
    let mut cases = vec![
        miss("R065", ordinary([line("1").vat(-1).rate(" ")])),
        miss("R065", ordinary([taxed("81", 4, "25")])),
        miss("R066", ordinary([line("1").vat(-1)])),
        miss("R066", ordinary([line("81").vat(-1)])),
        hit("R066", ordinary([line("3").base(100).rate("").vat(25)])),
        hit("R066", ordinary([line("3").vat(25)])),
        miss("R081", ordinary([line("3").base(100).vat(25)])),
    ];
    for code in ["1", "11", "12", "13", "14", "15"] {
        cases.push(hit("R065", ordinary([line(code).base(0).vat(-1)])));
        cases.push(hit("R065", ordinary([line(code).rate("25").vat(-1)])));
        cases.push(miss("R065", ordinary([line(code).vat(-1)])));
    }
    for code in ["3", "5", "6", "31", "32", "33", "51", "52", "82", "84", "85", "87", "89", "92"] {
        cases.push(hit("R066", ordinary([line(code).base(100).vat(25)])));
        cases.push(hit("R066", ordinary([line(code).rate("25").vat(25)])));
        cases.push(miss("R066", ordinary([line(code).base(100).rate("25").vat(25)])));
    }
    for code in ["81", "83", "86", "88", "91"] {
        cases.push(hit("R081", ordinary([line(code).base(100).vat(25)])));
        cases.push(hit("R081", ordinary([line(code).rate("25").vat(25)])));
        cases.push(miss("R081", ordinary([line(code).base(100).rate("25").vat(25)])));
        cases.push(miss("R081", ordinary([line(code).vat(-25)])));
    }
    cases
}

fn specifications() -> Vec<Case> {
    let on = |code: &str, specification: &str| ordinary([line(code).vat(-1).specified(specification)]);
    let reversal = "tilbakeføringAvInngåendeMerverdiavgift";
    let right = |code: &str, vat: i64| line(code).base(10_000).rate("25").vat(vat).specified("kompensasjonsrett");
    let mut cases = vec![
        hit("R038", on("14", "tapPåKrav")),
        hit("R038", on("7", "tapPåKrav")),
        hit("R039", on("32", "uttak")),
        hit("R039", on("1", "uttak")),
        hit("R040", on("14", "justering")),
        hit("R041", on("14", reversal)),
        hit("R114", on("3", "kompensasjonsrett")),
        hit("R114", on("87", "kompensasjonsrett")),
        miss("R038", on("14", "justering")),
        miss("R114", ordinary([line("87").vat(-1)])),
        hit("R115", ordinary([right("81", 2500), line("81").vat(2500)])),
        hit("R115", ordinary([right("81", 2500), line("81").exact_vat("2500.00")])),
        hit("R115", ordinary([line("91").base(10).rate("25").vat(7), line("91").vat(3), right("91", 3)])),
        // Another sign, another amount, another code, another specification.
        miss("R115", ordinary([right("81", 2500), line("81").vat(-2500)])),
        miss("R115", ordinary([right("81", 2500), line("81").vat(2501)])),
        miss("R115", ordinary([right("81", 2500), line("86").vat(2500)])),
        miss("R115", ordinary([right("81", 2500), line("81").vat(2500).specified("justering")])),
        miss("R115", ordinary([line("81").base(10_000).rate("25").vat(2500), line("81").vat(2500)])),
        hit("R116", ordinary([line("81").vat(1).specified("kompensasjonsrett")])),
        hit("R116", ordinary([line("81").base(4).vat(1).specified("kompensasjonsrett")])),
        hit("R116", ordinary([line("87").base(4).rate("25").vat(1).specified("kompensasjonsrett")])),
        miss("R116", ordinary([right("81", 2500)])),
        miss("R116", ordinary([line("81").vat(1)])),
    ];
    for code in ["1", "11", "12", "13"] {
        cases.push(miss("R038", on(code, "tapPåKrav")));
    }
    for code in ["3", "5", "31", "33"] {
        cases.push(miss("R039", on(code, "uttak")));
    }
    for code in ["1", "81"] {
        cases.push(miss("R040", on(code, "justering")));
        cases.push(miss("R041", on(code, reversal)));
    }
    for code in ["81", "83", "86", "88", "91"] {
        cases.push(miss("R114", on(code, "kompensasjonsrett")));
    }
    cases
}
