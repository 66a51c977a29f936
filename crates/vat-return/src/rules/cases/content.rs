//! Rules for every category, and those about amounts, lists and remarks.

use super::{Case, bought, compensation, hit, miss, reverse_charge, taxed};
use crate::model::Category::{Compensation, ECommerce, PrimaryIndustry, ReverseCharge};
use crate::period::PeriodKind::{HalfMonth, Month, TwoMonths, Week, Year};
use crate::rules::made::{line, ordinary};
use jiff::civil::date;

pub(super) fn cases() -> Vec<Case> {
    [lists(), rates(), sums(), remarks(), kid(), period()].into_iter().flatten().collect()
}

fn lists() -> Vec<Case> {
    vec![
        hit("R002", ordinary([line("7").vat(1)])),
        hit("R002", ordinary([line(" 3").base(4).rate("25").vat(1)])),
        hit("R002", compensation(line("03"))),
        miss("R002", ordinary([taxed("92", 100, "25")])),
        // In the list, though not for this category.
        miss("R002", compensation(taxed("3", 100, "25"))),
        hit("R069", ordinary([line("1").vat(-1).specified("tappåkrav")])),
        hit("R069", ordinary([line("1").vat(-1).specified(" uttak")])),
        hit("R069", compensation(taxed("81", -4, "25").specified("kompensasjonsrett"))),
        hit("R069", ordinary([line("1").vat(-1).specified("justeringMerverdiavgiftskompensasjonFastEiendom")])),
        hit("R069", reverse_charge(taxed("86", 4, "25").specified("uttak"))),
        miss("R069", ordinary([line("1").vat(-1).specified("tapPåKrav")])),
        miss("R069", ordinary([line("1").vat(-1).specified("  ")])),
        miss("R069", ordinary([line("1").vat(-1).specified("justering")]).of(PrimaryIndustry)),
        miss("R069", reverse_charge(bought("86", 4, "25"))),
        hit("R070", ordinary([line("1").vat(-1).chosen("kredittnota")])),
        hit("R070", ordinary([line("1").vat(-1).chosen("forlis")])),
        hit("R070", ordinary([line("1").vat(-1).chosen("kjøp av tjenester")])),
        hit("R070", ordinary([line("1").vat(-1).chosen("fritekstfelt")])),
        miss("R070", ordinary([line("1").vat(-1).chosen("Kreditnota")])),
        miss("R070", ordinary([line("1").vat(-1).chosen("feil i\u{a0}regnskapsprogram")])),
        miss("R070", ordinary([line("1").vat(-1).chosen(" ")])),
        miss("R070", ordinary([line("1").vat(-1).described("kredittnota")])),
        hit("R071", ordinary([taxed("3", 100, "25")]).remarked("periodisering")),
        hit("R071", ordinary([taxed("3", 100, "25")]).of(ReverseCharge).remarked("forlis")),
        miss("R071", ordinary([taxed("3", 100, "25")]).remarked("avvikende fakturering")),
        miss("R071", ordinary([taxed("3", 100, "25")]).of(ReverseCharge).remarked("bfu")),
        miss("R071", ordinary([taxed("3", 100, "25")])),
        miss("R071", ordinary([taxed("3", 100, "25")]).remarked(" ")),
        hit("R104", ordinary([]).of(ECommerce)),
        miss("R104", ordinary([]).of(ReverseCharge)),
    ]
}

fn rates() -> Vec<Case> {
    let mut cases = rates_and_taxes();
    for code in ["3", "5", "31", "32", "33", "51", "52"] {
        cases.push(hit("R052", ordinary([taxed(code, 1_100_000, "0")]).during(Year, 1, 2025)));
    }
    for code in ["6", "82", "86", "87", "92"] {
        cases.push(miss("R052", ordinary([taxed(code, 1_100_000, "0")]).during(Year, 1, 2025)));
    }
    cases
}

fn rates_and_taxes() -> Vec<Case> {
    vec![
        hit("R003", ordinary([line("33").base(100).rate("8").vat(8)])),
        hit("R003", ordinary([line("3").base(100).rate("25.0").vat(25)])),
        hit("R003", ordinary([line("3").base(100).rate("25%").vat(25)])),
        hit("R003", ordinary([line("32").base(10_000).rate("11.11").vat(1111)])),
        hit("R003", ordinary([line("6").base(100).rate("25").vat(25)])),
        hit("R003", ordinary([line("33").base(100).rate("12").vat(12)]).during(TwoMonths, 3, 2020)),
        hit("R003", ordinary([line("7").rate("25")])),
        // The day after the low rate rose again, and the day before.
        miss("R003", ordinary([line("33").base(100).rate("12").vat(12)]).during(Month, 10, 2021)),
        hit("R003", ordinary([line("33").base(100).rate("6").vat(6)]).during(Month, 10, 2021)),
        miss("R003", ordinary([line("33").base(100).rate("6").vat(6)]).during(Month, 9, 2021)),
        miss("R003", ordinary([line("33").base(100).rate("12").vat(12)]).during(TwoMonths, 2, 2020)),
        miss("R003", ordinary([line("33").base(100).rate("6").vat(6)]).during(TwoMonths, 2, 2020)),
        miss("R003", ordinary([line("33").base(100).rate("6").vat(6)]).during(Year, 1, 2021)),
        miss("R003", ordinary([line("6").base(100).rate("0").vat(0)])),
        miss("R003", ordinary([line("3").base(100).rate(" ").vat(25)])),
        miss("R003", ordinary([line("32").base(10_000).rate("11,11").vat(1111)])),
        hit("R019", ordinary([line("3").base(1000).rate("25").vat(261)])),
        hit("R019", ordinary([line("3").base(1000).rate("25").vat(239)])),
        hit("R019", ordinary([line("3").base(1000).rate("25,0").vat(270)])),
        hit("R019", compensation(line("1").base(-1000).rate("25").vat(250))),
        miss("R019", ordinary([line("3").base(1000).rate("25").vat(260)])),
        miss("R019", ordinary([line("3").base(1000).rate("25").vat(240)])),
        miss("R019", ordinary([line("3").base(1000).rate("høy").vat(900)])),
        miss("R019", ordinary([line("3").base(1000).vat(900)])),
        // One krone a line, once there are more than ten.
        hit("R019", ordinary([0; 10].map(|_| line("3").base(1000).rate("25").vat(261)))),
        miss("R019", ordinary([0; 11].map(|_| line("3").base(1000).rate("25").vat(261)))),
        hit("R019", ordinary([0; 11].map(|_| line("3").base(1000).rate("25").vat(262)))),
        // Real filings round half a krone up on a line (apis.md 1.9): one above the truncated product, on every line.
        miss("R019", ordinary([line("3").base(1002).rate("25").vat(251)])),
        miss("R019", ordinary([line("3").base(-1002).rate("25").vat(-251)])),
        miss("R019", ordinary([0; 300].map(|_| line("31").base(10).rate("15").vat(2)))),
        hit("R122", ordinary([line("3").base(100).rate("25").vat(100)])),
        hit("R122", reverse_charge(line("87").base(1).rate("25").vat(2))),
        miss("R122", ordinary([line("3").base(100).rate("25").vat(99)])),
        miss("R122", ordinary([line("3").base(0).rate("25").vat(0)])),
        miss("R122", ordinary([line("3").base(-100).rate("25").vat(-25)])),
        miss("R122", compensation(line("1").base(100).rate("25").vat(100))),
        hit("R127", ordinary([line("3").base(4).rate("25").vat(0)])),
        hit("R127", ordinary([line("32").base(10).rate("11,11").vat(0)])),
        hit("R127", reverse_charge(line("87").base(4).rate("25").vat(0))),
        miss("R127", ordinary([line("3").base(3).rate("25").vat(0)])),
        miss("R127", ordinary([line("3").base(4).rate("25").vat(1)])),
        miss("R127", ordinary([line("3").base(-400).rate("25").vat(0)])),
        miss("R127", ordinary([line("3").base(-400).rate("-25").vat(0)])),
        miss("R127", ordinary([line("52").base(4000).rate("0").vat(0)])),
        miss("R127", ordinary([line("3").base(4000).vat(0)])),
        miss("R127", compensation(line("1").base(4).rate("25").vat(0))),
        hit("R052", ordinary([taxed("3", 600_000, "25"), taxed("52", 500_000, "0")]).during(Year, 1, 2025)),
        miss("R052", ordinary([taxed("3", 600_000, "25"), taxed("52", 499_999, "0")]).during(Year, 1, 2025)),
        miss("R052", ordinary([taxed("3", 600_000, "25"), taxed("6", 500_000, "0")]).during(Year, 1, 2025)),
        miss("R052", ordinary([taxed("3", 2_000_000, "25")])),
        miss("R052", ordinary([taxed("3", 2_000_000, "25")]).of(PrimaryIndustry).during(Year, 1, 2025)),
    ]
}

fn sums() -> Vec<Case> {
    vec![
        hit("R018", ordinary([taxed("3", 100, "25"), line("1").vat(-5)]).assessed("21")),
        hit("R018", ordinary([]).assessed("1")),
        miss("R018", ordinary([taxed("3", 100, "25"), line("1").vat(-5)]).assessed("20.0")),
        miss("R018", ordinary([])),
        hit("R082", ordinary([]).assessed("0.5")),
        hit("R082", ordinary([line("1").exact_vat("-10.01")])),
        hit("R082", ordinary([line("3").exact_base("10.5").rate("25").vat(2)])),
        miss("R082", ordinary([line("3").exact_base("100.00").rate("25").exact_vat("25.0")]).assessed("25.00")),
        hit("R084", ordinary([]).assessed("100")),
        hit("R084", ordinary([]).of(PrimaryIndustry).assessed("-100")),
        miss("R084", ordinary([]).assessed("0")),
        miss("R084", ordinary([line("1").vat(0)]).assessed("100")),
        hit("R100", ordinary([]).of(Compensation).assessed("-1")),
        miss("R100", ordinary([]).of(Compensation)),
        hit("R107", ordinary([]).of(ReverseCharge).assessed("1")),
        miss("R107", ordinary([]).of(ReverseCharge)),
    ]
}

fn remarks() -> Vec<Case> {
    vec![
        // Usual sign.
        hit("R074", ordinary([taxed("3", 100, "25").chosen("tjenesteeksport")])),
        hit("R074", ordinary([line("86").vat(-1).chosen("kreditnota")])),
        hit("R074", ordinary([line("12").vat(-1).chosen("anskaffelser foretatt før mva registrering")])),
        hit("R074", reverse_charge(taxed("92", 4, "25").chosen("kreditnota"))),
        hit("R074", compensation(taxed("1", -4, "25").chosen("kjøp av tjenester"))),
        hit("R074", ordinary([line("7").vat(1).chosen("kreditnota")])),
        miss("R074", ordinary([taxed("52", 100, "0").chosen("tjenesteeksport")])),
        miss("R074", ordinary([taxed("52", 100, "0").chosen("Gjenutførsel\u{a0}eller retur")])),
        miss("R074", ordinary([line("1").vat(-1).chosen("forsikringsoppgjør")])),
        miss("R074", compensation(taxed("86", -4, "25").chosen("Kjøp av tjenester"))),
        miss("R074", ordinary([taxed("3", 100, "25").described("tjenesteeksport")])),
        miss("R074", ordinary([taxed("3", -100, "25").chosen("tjenesteeksport")])),
        // Opposite sign.
        hit("R075", ordinary([taxed("3", -100, "25").chosen("tjenesteeksport")])),
        hit("R075", ordinary([line("1").vat(1).chosen("forsikringsoppgjør")])),
        hit("R075", ordinary([taxed("32", -4000, "11,11").chosen("omsetning før registrering")]).of(PrimaryIndustry)),
        miss("R075", ordinary([taxed("3", -100, "25").chosen("kreditnota")])),
        miss("R075", ordinary([line("86").vat(1).chosen("kreditnota")])),
        miss("R075", compensation(taxed("1", 4, "25").chosen("kreditnota"))),
        miss("R075", ordinary([taxed("3", 100, "25").chosen("tjenesteeksport")])),
        miss("R075", ordinary([taxed("3", -100, "25").specified("uttak").chosen("tjenesteeksport")])),
        // Of a code of both directions, a line with base is expected above zero.
        miss("R075", ordinary([taxed("81", 100, "25").chosen("gjeninnførsel")])),
        hit("R075", ordinary([taxed("81", -100, "25").chosen("gjeninnførsel")])),
        // With a specification.
        hit("R076", ordinary([taxed("3", 100, "25").specified("uttak").chosen("kreditnota")])),
        hit(
            "R076",
            ordinary([line("1").vat(1).specified("tilbakeføringAvInngåendeMerverdiavgift").chosen("kreditnota")]),
        ),
        hit("R076", ordinary([line("1").vat(-1).specified("tapPåKrav").chosen("kreditnota")])),
        hit("R076", ordinary([line("1").vat(-1).specified("uttakk").chosen("kreditnota")])),
        miss("R076", ordinary([taxed("3", 100, "25").specified("uttak").chosen("demobil")])),
        miss("R076", ordinary([taxed("3", -100, "25").specified("uttak").chosen("kreditnota")])),
        miss(
            "R076",
            ordinary([line("1").vat(1).specified("tilbakeføringAvInngåendeMerverdiavgift").chosen("fast eiendom")]),
        ),
        miss("R076", ordinary([line("1").vat(-1).specified("tapPåKrav").chosen("fritekstfelt")])),
        miss("R076", reverse_charge(bought("86", 4, "25").chosen("kreditnota"))),
        miss("R076", ordinary([taxed("3", 100, "25").chosen("tjenesteeksport")])),
        hit("R078", ordinary([line("1").vat(10).specified("tilbakeføringAvInngåendeMerverdiavgift")])),
        hit("R078", ordinary([line("1").vat(10).specified("tilbakeføringAvInngåendeMerverdiavgift").described(" ")])),
        miss(
            "R078",
            ordinary([line("1").vat(10).specified("tilbakeføringAvInngåendeMerverdiavgift").described("hus")]),
        ),
        miss(
            "R078",
            ordinary([line("1").vat(10).specified("tilbakeføringAvInngåendeMerverdiavgift").chosen("fast eiendom")]),
        ),
        miss("R078", ordinary([line("1").vat(-10).specified("justering")])),
    ]
}

fn kid() -> Vec<Case> {
    let with = |kid: &str| ordinary([]).with_kid(kid);
    vec![
        hit("R079", with("20260531520382")),
        hit("R079", with("1")),
        hit("R079", with("12A")),
        hit("R079", with("1-8")),
        hit("R079", with("-")),
        hit("R079", with(&"0".repeat(26))),
        hit("R079", with(" 18")),
        miss("R079", with("18")),
        miss("R079", with("20260531520381")),
        miss("R079", with("6-")),
        miss("R079", with("19")),
        miss("R079", with("")),
        miss("R079", with("  ")),
        miss("R079", ordinary([])),
        miss("R079", with(&"0".repeat(25))),
        hit("R079", with("00")).paid_to(crate::context::Account { number: Some("00".into()) }),
        miss("R079", with("00")).paid_to(crate::context::Account { number: Some("18".into()) }),
    ]
}

fn period() -> Vec<Case> {
    let ordinary = || ordinary([]);
    vec![
        hit("R000", ordinary()).on(date(2021, 12, 31)),
        hit("R000", ordinary().of(PrimaryIndustry)).on(date(2021, 12, 31)),
        miss("R000", ordinary()).on(date(2022, 1, 1)),
        miss("R000", ordinary().of(ReverseCharge)).on(date(2021, 12, 31)),
        hit("R090", ordinary().of(Compensation)).on(date(2022, 12, 31)),
        miss("R090", ordinary().of(Compensation)).on(date(2023, 1, 1)),
        hit("R105", ordinary().of(ReverseCharge)).on(date(2023, 1, 31)),
        miss("R105", ordinary().of(ReverseCharge)).on(date(2023, 2, 1)),
        hit("R077", ordinary().during(Year, 1, 2021)),
        hit("R077", ordinary().during(Week, 1, -5)),
        miss("R077", ordinary().during(Year, 1, 2022)),
        hit("R092", ordinary().of(Compensation).during(TwoMonths, 6, 2022)),
        miss("R092", ordinary().of(Compensation).during(TwoMonths, 1, 2023)),
        hit("R103", ordinary().of(ReverseCharge).during(Year, 1, 2022)),
        miss("R103", ordinary().of(ReverseCharge).during(Year, 1, 2023)),
        hit("R095", ordinary().of(Compensation).during(Month, 1, 2025)),
        miss("R095", ordinary().of(Compensation)),
        hit("R106", ordinary().of(ReverseCharge).during(TwoMonths, 1, 2025)),
        miss("R106", ordinary().of(ReverseCharge)),
        hit("R059", ordinary()).on(date(2026, 10, 31)),
        miss("R059", ordinary()).on(date(2026, 11, 1)),
        hit("R059", ordinary().remarked("forlis")).on(date(2026, 10, 31)),
        hit("R059", ordinary().during(HalfMonth, 1, 2026)).on(date(2026, 1, 15)),
        miss("R059", ordinary().during(HalfMonth, 1, 2026)).on(date(2026, 1, 16)),
        hit("R059", ordinary().during(Week, 53, 2026)).on(date(2027, 1, 3)),
        miss("R059", ordinary().during(Week, 53, 2026)).on(date(2027, 1, 4)),
        hit("R060", ordinary().of(PrimaryIndustry)).on(date(2026, 10, 31)),
        hit("R060", ordinary().of(PrimaryIndustry).remarked("forlis")).on(date(2026, 8, 31)),
        miss("R060", ordinary().of(PrimaryIndustry).remarked("Forlis")).on(date(2026, 9, 1)),
        miss("R060", ordinary().of(PrimaryIndustry)).on(date(2026, 11, 1)),
        hit("R089", ordinary().of(Compensation).during(TwoMonths, 6, 2025)).on(date(2025, 12, 31)),
        miss("R089", ordinary().of(Compensation).during(TwoMonths, 5, 2025)).on(date(2025, 12, 31)),
        miss("R089", ordinary().of(Compensation).during(TwoMonths, 1, 2026)).on(date(2026, 1, 1)),
        hit("R120", ordinary().of(ReverseCharge)).on(date(2026, 9, 30)),
        miss("R120", ordinary().of(ReverseCharge)).on(date(2026, 10, 1)),
    ]
}
