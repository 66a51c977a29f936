//! Rules that need earlier returns, the registers or an account.

use super::{Case, bought, compensation, hit, miss, reverse_charge, taxed};
use crate::context::{Account, Entity, FiledReturn, History, Obligation, Register};
use crate::model::Category::{self, Compensation, Ordinary, PrimaryIndustry, ReverseCharge};
use crate::period::Period;
use crate::period::PeriodKind::{self, Month, TwoMonths, Week, Year};
use crate::rules::made::{line, ordinary};
use jiff::civil::{Date, date};

pub(super) fn cases() -> Vec<Case> {
    [earlier(), claims(), late(), registered(), forms(), accounts()].into_iter().flatten().collect()
}

fn filed(category: Category, kind: PeriodKind, index: u8, year: i32, assessed: i64) -> FiledReturn {
    let period = Period { kind, index, year };
    FiledReturn {
        category,
        period,
        assessed_vat: assessed.into(),
        delivered: period.last_day().saturating_add(jiff::Span::new().days(20)),
    }
}

fn term(index: u8) -> FiledReturn {
    filed(Ordinary, TwoMonths, index, 2026, 0)
}

fn seen<const N: usize>(returns: [FiledReturn; N]) -> History {
    History { returns: returns.into(), complete: false, next_period_open: None }
}

fn complete<const N: usize>(returns: [FiledReturn; N]) -> History {
    History { complete: true, ..seen(returns) }
}

fn earlier() -> Vec<Case> {
    let pays = || ordinary([taxed("3", 400, "25")]);
    let gets = || ordinary([line("1").vat(-100)]);
    let week = |index, year| filed(Ordinary, Week, index, year, 0);
    vec![
        hit("R061", pays()).after(seen([term(1), term(2), term(4)])),
        hit("R061", pays()).after(seen([term(3)])),
        hit("R061", pays())
            .after(seen([filed(Ordinary, TwoMonths, 1, 2020, 0), filed(Ordinary, TwoMonths, 2, 2020, 0)])),
        miss("R061", pays()).after(seen([term(2), term(3), term(4)])),
        // What Momsbud has never seen proves nothing.
        miss("R061", pays()).after(seen([])),
        miss("R061", pays()),
        miss("R061", gets()).after(seen([term(3)])),
        miss("R061", ordinary([])).after(seen([term(3)])),
        miss("R061", pays()).after(seen([term(6)])),
        miss("R061", pays()).after(seen([filed(Ordinary, Month, 1, 2026, 0)])),
        miss("R061", pays()).after(seen([filed(PrimaryIndustry, TwoMonths, 1, 2026, 0)])),
        // Across years of 52 and 53 weeks.
        miss("R061", pays().during(Week, 1, 2026)).after(seen([week(52, 2025)])),
        hit("R061", pays().during(Week, 2, 2026)).after(seen([week(52, 2025)])),
        miss("R061", pays().during(Week, 1, 2027)).after(seen([week(53, 2026)])),
        hit("R061", pays().during(Week, 1, 2027)).after(seen([week(52, 2026)])),
        hit("R062", gets()).after(seen([term(3)])),
        miss("R062", gets()).after(seen([term(4)])),
        miss("R062", pays()).after(seen([term(3)])),
        miss("R062", ordinary([])).after(seen([term(3)])),
    ]
}

fn claims() -> Vec<Case> {
    let claim = |vat: i64| compensation(line("1").base(vat * 4).rate("25").vat(vat));
    let old = |vat: i64| claim(vat).during(TwoMonths, 1, 2025);
    let before = |index, assessed| filed(Compensation, TwoMonths, index, 2025, assessed);
    let year = |index, assessed| filed(Compensation, TwoMonths, index, 2026, assessed);
    let shut = |history| History { next_period_open: Some(false), ..history };
    let nothing = || reverse_charge(bought("86", 0, "25"));
    vec![
        hit("R096", old(-50_000)).on(date(2025, 4, 11)).after(complete([])),
        miss("R096", old(-50_000)).on(date(2025, 4, 10)).after(complete([])),
        miss("R096", old(-50_000)).on(date(2025, 4, 11)).after(complete([before(1, -1)])),
        miss("R096", old(-50_000)).on(date(2025, 4, 11)).after(seen([])),
        miss("R096", old(-50_000)).on(date(2026, 1, 1)).after(complete([])),
        hit("R097", old(-50_001)).on(date(2025, 4, 11)).after(seen([before(1, -50_000)])),
        miss("R097", old(-50_000)).on(date(2025, 4, 11)).after(seen([before(1, -50_000)])),
        miss("R097", old(-50_001)).on(date(2025, 4, 10)).after(seen([before(1, -50_000)])),
        miss("R097", old(-50_001)).on(date(2026, 1, 1)).after(seen([before(1, -50_000)])),
        hit("R098", claim(0)).after(complete([year(4, -1)])),
        miss("R098", claim(0)).after(complete([year(5, -1)])),
        miss("R098", claim(-1)).after(complete([])),
        hit("R099", old(-19_999)).on(date(2025, 4, 10)).after(complete([])),
        hit("R099", old(-19_999)).on(date(2025, 4, 10)).after(complete([before(6, -20_000)])),
        miss("R099", old(-20_000)).on(date(2025, 4, 10)).after(complete([])),
        miss("R099", old(-19_999)).on(date(2025, 4, 11)).after(complete([])),
        miss("R099", old(-19_999)).on(date(2025, 4, 10)).after(complete([before(6, -20_001)])),
        miss("R099", old(0)).on(date(2025, 4, 10)).after(complete([])),
        miss("R099", old(-19_999)).on(date(2025, 4, 10)).after(seen([])),
        hit("R134", claim(-19_999)).after(shut(complete([]))),
        hit("R134", claim(-19_999)).after(shut(complete([year(1, -20_000)]))),
        miss("R134", claim(-20_000)).after(shut(complete([]))),
        miss("R134", claim(-19_999)).after(complete([])),
        miss("R134", claim(-19_999)).after(shut(complete([year(1, -20_001)]))),
        miss("R134", claim(-19_999)).after(shut(complete([year(5, -1)]))),
        hit("R117", reverse_charge(bought("86", 1999, "25"))).after(complete([])),
        miss("R117", reverse_charge(bought("86", 2000, "25"))).after(complete([])),
        miss("R117", reverse_charge(bought("86", 0, "25"))).after(complete([])),
        miss("R117", reverse_charge(bought("86", 1999, "25"))).after(complete([filed(
            ReverseCharge,
            PeriodKind::ThreeMonths,
            1,
            2026,
            9,
        )])),
        miss("R117", reverse_charge(bought("86", 1999, "25"))).after(seen([])),
        // Another category this year, and this category another year.
        hit("R117", reverse_charge(bought("86", 1999, "25")))
            .after(complete([term(1), filed(ReverseCharge, PeriodKind::ThreeMonths, 1, 2025, 9)])),
        hit("R118", nothing()).after(complete([])),
        miss("R118", nothing()).after(complete([filed(ReverseCharge, PeriodKind::ThreeMonths, 3, 2026, 9)])),
        miss("R118", reverse_charge(bought("86", 4, "25"))).after(complete([])),
        hit("R119", reverse_charge(bought("86", 4, "25")).assessed("0")).after(complete([])),
        miss("R119", reverse_charge(bought("86", 4, "25"))).after(complete([])),
        miss("R119", nothing()).after(complete([])),
    ]
}

fn late() -> Vec<Case> {
    // March–April 2021: due 10 June 2021.
    let old = || ordinary([taxed("3", 400, "25")]).during(TwoMonths, 2, 2021);
    let history = || seen([filed(Ordinary, TwoMonths, 2, 2021, 0)]);
    vec![
        hit("R132", old()).on(date(2024, 6, 11)).after(history()),
        hit("R132", old()).on(date(2026, 4, 30)).after(history()),
        miss("R132", old()).on(date(2024, 6, 10)).after(history()),
        miss("R132", old()).on(date(2026, 5, 1)).after(history()),
        miss("R132", old()).on(date(2024, 6, 11)).after(seen([term(1)])),
        hit("R133", old()).on(date(2026, 5, 1)).after(history()),
        miss("R133", old()).on(date(2026, 4, 30)).after(history()),
        miss("R133", old()).on(date(2026, 5, 1)).after(seen([])),
    ]
}

const BEGAN: Date = date(2020, 1, 1);

fn obliged(category: Category, kind: PeriodKind, from: Date, to: Option<Date>) -> Register {
    let obligation = Obligation { category, kind: Some(kind), from, to, one_off: false };
    Register { obligations: vec![obligation], entity: Some(entity("AS")), represented_by_another: false }
}

fn entity(form: &str) -> Entity {
    Entity { form: form.into(), deleted: None, closing: false }
}

fn known(entity: Entity) -> Register {
    Register { entity: Some(entity), ..Register::default() }
}

fn registered() -> Vec<Case> {
    let ordinary = || ordinary([taxed("3", 400, "25")]);
    let primary = || ordinary().of(PrimaryIndustry);
    let quarter = || reverse_charge(bought("86", 4000, "25"));
    let two = |category| obliged(category, TwoMonths, BEGAN, None);
    let (start, end) = (date(2026, 9, 1), date(2026, 10, 31));
    let one_off = || Register {
        obligations: vec![Obligation { category: Ordinary, kind: None, from: BEGAN, to: None, one_off: true }],
        ..two(Ordinary)
    };
    let closing = || known(Entity { closing: true, ..entity("ENK") });
    let deleted = |day| known(Entity { deleted: Some(day), ..entity("AS") });
    let import = || compensation(taxed("81", -400, "25"));
    let claim = || compensation(taxed("1", -400, "25"));
    vec![
        hit("R047", ordinary()).registered(two(PrimaryIndustry)),
        miss("R047", ordinary()).registered(two(Ordinary)),
        miss("R047", ordinary()),
        hit("R048", primary()).registered(two(Ordinary)),
        miss("R048", primary()).registered(two(PrimaryIndustry)),
        hit("R049", ordinary()).registered(obliged(Ordinary, Month, BEGAN, None)),
        miss("R049", ordinary()).registered(two(Ordinary)),
        miss("R049", ordinary()).registered(one_off()),
        hit("R050", primary()).registered(obliged(PrimaryIndustry, Year, BEGAN, None)),
        miss("R050", primary()).registered(two(PrimaryIndustry)),
        hit("R051", ordinary()).registered(Register { represented_by_another: true, ..two(Ordinary) }),
        miss("R051", ordinary()).registered(two(Ordinary)),
        hit("R053", super::ordinary([line("7").vat(1)])).registered(two(Ordinary)),
        miss("R053", super::ordinary([line("7").vat(1)])).registered(Register::default()),
        miss("R053", ordinary()).registered(two(Ordinary)),
        hit("R054", super::ordinary([line("7").vat(1)]).of(PrimaryIndustry)).registered(two(PrimaryIndustry)),
        miss("R054", primary()).registered(two(PrimaryIndustry)),
        hit("R072", ordinary()).registered(obliged(Ordinary, TwoMonths, date(2026, 9, 2), None)),
        hit("R072", ordinary()).registered(obliged(Ordinary, TwoMonths, BEGAN, Some(date(2026, 8, 31)))),
        miss("R072", ordinary()).registered(obliged(Ordinary, TwoMonths, start, Some(start))),
        hit("R073", primary()).registered(obliged(PrimaryIndustry, TwoMonths, date(2026, 9, 2), None)),
        miss("R073", primary()).registered(obliged(PrimaryIndustry, TwoMonths, start, None)),
        hit("R083", super::ordinary([line("1").vat(-1)])).registered(one_off()),
        miss("R083", super::ordinary([line("81").vat(-1)])).registered(one_off()),
        miss("R083", super::ordinary([line("1").vat(-1)])).registered(two(Ordinary)),
        hit("R101", import()).registered(Register::default()),
        hit("R101", import()).registered(obliged(Ordinary, TwoMonths, BEGAN, Some(date(2026, 8, 31)))),
        hit("R101", import()).registered(obliged(Ordinary, TwoMonths, date(2026, 11, 1), None)),
        miss("R101", import()).registered(obliged(Ordinary, TwoMonths, BEGAN, Some(start))),
        miss("R101", import()).registered(obliged(Ordinary, TwoMonths, end, None)),
        miss("R101", claim()).registered(Register::default()),
        hit("R121", quarter()).registered(obliged(Ordinary, TwoMonths, date(2026, 7, 1), Some(date(2026, 9, 30)))),
        miss("R121", quarter()).registered(obliged(Ordinary, TwoMonths, date(2026, 7, 2), None)),
        miss("R121", quarter()).registered(obliged(Compensation, TwoMonths, BEGAN, None)),
        hit("R123", quarter()).registered(obliged(Ordinary, TwoMonths, date(2026, 7, 2), None)),
        hit("R123", quarter()).registered(obliged(Ordinary, TwoMonths, BEGAN, Some(date(2026, 9, 29)))),
        miss("R123", quarter()).registered(obliged(Ordinary, TwoMonths, BEGAN, None)),
        miss("R123", quarter()).registered(obliged(Ordinary, TwoMonths, date(2026, 10, 1), None)),
        hit("R125", claim()).registered(Register::default()),
        hit("R125", claim()).registered(deleted(date(2026, 8, 31))),
        miss("R125", claim()).registered(deleted(start)),
        miss("R125", claim()).registered(known(entity("AS"))),
        hit("R131", ordinary()).registered(deleted(date(2026, 8, 31))),
        miss("R131", ordinary()).registered(deleted(start)),
        hit("R135", claim()).on(end).registered(deleted(date(2026, 11, 1))),
        hit("R135", claim()).on(end).registered(deleted(date(2026, 8, 31))),
        miss("R135", claim()).on(end).registered(deleted(start)),
        miss("R135", claim()).on(end).registered(deleted(end)),
        miss("R135", claim()).on(date(2026, 11, 1)).registered(deleted(date(2026, 8, 31))),
        miss("R135", claim()).on(end).registered(known(entity("AS"))),
        // Who closes down may file from the first day on.
        miss("R059", ordinary()).on(start).registered(closing()),
        hit("R059", ordinary()).on(date(2026, 8, 31)).registered(closing()),
        miss("R060", primary()).on(start).registered(closing()),
        miss("R120", quarter()).on(date(2026, 7, 1)).registered(closing()),
        miss("R120", quarter()).on(date(2026, 7, 1)).registered(deleted(date(2026, 6, 1))),
        hit("R120", quarter()).on(date(2026, 6, 30)).registered(closing()),
    ]
}

fn forms() -> Vec<Case> {
    let claim = || compensation(taxed("1", -400, "25"));
    let of = |form: &str| known(entity(form));
    let mut cases = Vec::new();
    for (rule, form) in [("R094", "KF"), ("R128", "FKF"), ("R129", "ORGL"), ("R130", "BEDR"), ("R126", "UDEF")] {
        cases.push(hit(rule, claim()).registered(of(form)));
        cases.push(miss(rule, claim()).registered(of("KOMM")));
        cases.push(miss(rule, claim()));
    }
    cases.push(hit("R126", reverse_charge(bought("86", 4, "25"))).registered(of("UDEF")));
    cases.push(miss("R094", ordinary([])).registered(of("KF")));
    cases
}

fn accounts() -> Vec<Case> {
    let gets = || ordinary([line("1").vat(-100)]);
    let number = |number: Option<&str>| Account { number: number.map(Into::into) };
    vec![
        hit("R080", gets()).paid_to(number(None)),
        miss("R080", gets()).paid_to(number(Some("12345678903"))),
        miss("R080", gets()),
        miss("R080", ordinary([])).paid_to(number(None)),
    ]
}
