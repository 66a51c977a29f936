//! Rules of compensation returns and of reverse charge returns.

use super::{Case, bought, compensation, hit, miss, reverse_charge, taxed};
use crate::model::Category::ReverseCharge;
use crate::rules::made::{line, ordinary};

const ADJUSTED: &str = "justeringMerverdiavgiftskompensasjonFastEiendom";

pub(super) fn cases() -> Vec<Case> {
    [compensations(), reverse_charges()].into_iter().flatten().collect()
}

fn compensations() -> Vec<Case> {
    let back = |code: &str| taxed(code, 100, "25");
    let mut cases = vec![
        hit("R086", compensation(back("1"))),
        hit("R086", compensation(back("11").specified(ADJUSTED))),
        miss("R086", compensation(taxed("1", -100, "25"))),
        miss("R086", compensation(back("1").chosen("kreditnota"))),
        miss("R086", compensation(back("1").described("retur"))),
        miss("R086", compensation(taxed("3", 100, "25"))),
        miss("R086", compensation(line("1").base(100).rate("25").vat(0))),
        hit("R087", compensation(back("13").specified(ADJUSTED))),
        hit("R087", compensation(back("83").specified(ADJUSTED))),
        miss("R087", compensation(back("13"))),
        hit("R088", compensation(taxed("3", 100, "25"))),
        hit("R088", compensation(taxed("12", -100, "11,11"))),
        hit("R088", compensation(taxed("87", 100, "25"))),
        hit("R088", compensation(line("7").vat(1))),
        hit("R093", compensation(line("1").vat(-1))),
        hit("R093", compensation(line("1").base(-4).vat(-1))),
        hit("R093", compensation(line("7").rate("25").vat(-1))),
        miss("R093", compensation(taxed("1", -4, "25"))),
        miss("R093", ordinary([line("1").vat(-1)])),
    ];
    for code in ["1", "14", "81"] {
        cases.push(miss("R086", compensation(back(code).specified(ADJUSTED))));
        cases.push(miss("R087", compensation(back(code).specified(ADJUSTED))));
    }
    for code in ["1", "11", "13", "14", "15", "81", "83", "86", "88", "91"] {
        cases.push(hit("R086", compensation(back(code))));
        cases.push(miss("R088", compensation(taxed(code, -100, "25"))));
    }
    for specification in ["tilbakeføringAvInngåendeMerverdiavgift", "tapPåKrav", "uttak"] {
        cases.push(hit("R091", compensation(taxed("1", -100, "25").specified(specification))));
        cases.push(hit("R110", reverse_charge(taxed("86", 100, "25").specified(specification))));
    }
    for specification in [ADJUSTED, "justering", "Uttak"] {
        cases.push(miss("R091", compensation(taxed("1", -100, "25").specified(specification))));
        cases.push(miss("R110", reverse_charge(taxed("86", 100, "25").specified(specification))));
    }
    cases
}

fn reverse_charges() -> Vec<Case> {
    let two = |first, second| ordinary([first, second]).of(ReverseCharge);
    let mut cases = vec![
        miss("R108", reverse_charge(taxed("87", 100, "25"))),
        miss("R108", reverse_charge(taxed("87", -100, "25").chosen("kreditnota"))),
        miss("R108", reverse_charge(taxed("3", -100, "25"))),
        miss("R109", reverse_charge(line("3").vat(1))),
        hit("R111", reverse_charge(bought("87", 100, "25"))),
        hit("R111", reverse_charge(bought("81", 100, "25"))),
        hit("R112", two(bought("86", 100, "25"), taxed("86", 100, "25"))),
        hit("R112", two(taxed("87", 100, "25"), bought("87", 200, "25"))),
        hit("R112", two(line("7").vat(1), line("7").vat(1).specified("uttak"))),
        miss("R112", two(line("7").vat(1), line("8").vat(1).specified("uttak"))),
        miss("R112", two(bought("86", 100, "25"), bought("86", 100, "25"))),
        miss("R112", two(bought("86", 100, "25"), taxed("87", 100, "25"))),
        miss("R112", two(taxed("87", 100, "25"), taxed("87", 100, "25").specified(" "))),
        hit("R113", reverse_charge(taxed("3", 100, "25"))),
        hit("R113", reverse_charge(line("81").vat(1))),
        hit("R113", reverse_charge(line("7").vat(1))),
        hit("R124", reverse_charge(taxed("86", 100, "25").specified("justering"))),
        miss("R124", reverse_charge(taxed("87", 100, "25"))),
    ];
    for code in ["86", "87", "88", "89", "91", "92"] {
        let full = line(code).base(-100).rate("25").vat(-25);
        cases.push(hit("R108", reverse_charge(full.clone())));
        cases.push(hit("R109", reverse_charge(line(code).rate("25").vat(1))));
        cases.push(hit("R109", reverse_charge(line(code).base(1).vat(1))));
        cases.push(miss("R109", reverse_charge(full.clone())));
        cases.push(miss("R113", reverse_charge(full)));
    }
    for code in ["86", "88", "91"] {
        cases.push(miss("R111", reverse_charge(line(code).vat(1).specified("kompensasjonsrett"))));
        cases.push(hit("R124", reverse_charge(taxed(code, 100, "25"))));
        cases.push(miss("R124", reverse_charge(line(code).vat(1).specified("kompensasjonsrett"))));
    }
    cases
}
