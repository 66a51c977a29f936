//! The periods a draft may be for.

use jiff::civil::Date;
use reminders::deadlines::periods;
use vat_return::{Language, Period, PeriodKind};
use view::DraftPeriod;

/// So many years back are offered; older ones a return must not be for, or is mended for.
const YEARS_BACK: i32 = 3;
/// Lengths that are offered beside the draft's own, the usual ones first.
const OFFERED: [PeriodKind; 5] =
    [PeriodKind::TwoMonths, PeriodKind::Year, PeriodKind::Month, PeriodKind::ThreeMonths, PeriodKind::SixMonths];

/// A period's key, with its length: `twoMonths-2026-2`.
pub(crate) fn key_of(period: Period) -> String {
    format!("{}-{}-{}", word(period.kind), period.year, period.index)
}

/// The period of a key.
pub(crate) fn period_of(key: &str) -> Option<Period> {
    let mut parts = key.split('-');
    let (kind, year, index) = (parts.next()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    let kind = PeriodKind::ALL.into_iter().find(|known| word(*known) == kind)?;
    let period = Period { kind, index, year };
    (index >= 1 && index <= kind.count() && period.exists()).then_some(period)
}

fn word(kind: PeriodKind) -> &'static str {
    match kind {
        PeriodKind::Month => "month",
        PeriodKind::TwoMonths => "twoMonths",
        PeriodKind::ThreeMonths => "threeMonths",
        PeriodKind::SixMonths => "sixMonths",
        PeriodKind::HalfMonth => "halfMonth",
        PeriodKind::Week => "week",
        PeriodKind::Year => "year",
    }
}

/// The last period of a length that was over before a day.
pub(crate) fn latest_over(kind: PeriodKind, today: Date) -> Period {
    let year = i32::from(today.year());
    let all = (year - 1..=year).flat_map(|year| periods(kind, year)).filter(|period| period.last_day() < today);
    all.max_by_key(Period::last_day).unwrap_or(Period { kind, index: 1, year })
}

/// The periods that may be chosen: those that have begun, the newest first, and the one that stands there.
pub(super) fn around(now: Period, today: Date, language: Language) -> Vec<DraftPeriod> {
    let own = std::iter::once(now.kind);
    let others = OFFERED.into_iter().filter(|kind| *kind != now.kind);
    let this = i32::from(today.year());
    let mut all = Vec::new();
    for kind in own.chain(others) {
        let back = if kind == now.kind { YEARS_BACK } else { 1 };
        let mut some: Vec<Period> =
            (this - back..=this).flat_map(|year| periods(kind, year)).filter(|it| it.first_day() <= today).collect();
        if kind == now.kind && !some.contains(&now) {
            some.push(now);
        }
        some.sort_by_key(|period| std::cmp::Reverse(period.first_day()));
        all.extend(some.into_iter().map(|period| DraftPeriod {
            key: key_of(period),
            name: period.in_words(language),
            kind: kind.into(),
        }));
    }
    all
}
