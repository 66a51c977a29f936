//! `skattleggingsperiode`, which return, envelope and payment information have alike; and types all three share.

use super::{Content, Element, Simple, Tag, Type, one};
use crate::period::PeriodKind;

/// `Tekst`: at most 4 000 characters.
pub(crate) static TEXT: Type = Type { name: "Tekst", base: None, content: Content::Value(Simple::Limited(4000)) };

/// `Organisasjonsnummer`.
pub(crate) static ORG_NUMBER: Type =
    Type { name: "Organisasjonsnummer", base: Some(&TEXT), content: Content::Value(Simple::Digits(9)) };

/// `Identifikasjonsnummer`: of foreign businesses in the simplified scheme (VOEC).
pub(crate) static IDENTIFICATION_NUMBER: Type =
    Type { name: "Identifikasjonsnummer", base: Some(&TEXT), content: Content::Value(Simple::Digits(7)) };

/// `Beloep`, a restriction of `Desimaltall` without facets.
pub(crate) static AMOUNT: Type = Type { name: "Beloep", base: None, content: Content::Value(Simple::Amount) };

/// `Meldingskategori`, in the order of [`crate::Category::ALL`].
pub(crate) static CATEGORY: Type = Type {
    name: "Meldingskategori",
    base: None,
    content: Content::Value(Simple::Listed(&[
        "alminnelig",
        "primaernaering",
        "kompensasjon",
        "omvendtAvgiftsplikt",
        "eHandel",
    ])),
};

macro_rules! period {
    ($element:ident, $of:ident, $kind:ident, $name:literal, $type_name:literal) => {
        static $of: Type =
            Type { name: $type_name, base: None, content: Content::Value(Simple::Period(PeriodKind::$kind)) };
        static $element: Element = Element { name: $name, tag: Tag::PeriodValue, of: &$of };
    };
}

period!(MONTH, MONTH_TYPE, Month, "skattleggingsperiodeMaaned", "SkattleggingsperiodeMaaned");
period!(SIX, SIX_TYPE, SixMonths, "skattleggingsperiodeSeksMaaneder", "SkattleggingsperiodeSeksMaaneder");
period!(TWO, TWO_TYPE, TwoMonths, "skattleggingsperiodeToMaaneder", "SkattleggingsperiodeToMaaneder");
period!(HALF, HALF_TYPE, HalfMonth, "skattleggingsperiodeHalvMaaned", "SkattleggingsperiodeHalvMaaned");
period!(THREE, THREE_TYPE, ThreeMonths, "skattleggingsperiodeTreMaaneder", "SkattleggingsperiodeTreMaaneder");
period!(WEEK, WEEK_TYPE, Week, "skattleggingsperiodeUke", "SkattleggingsperiodeUke");
period!(WHOLE_YEAR, WHOLE_YEAR_TYPE, Year, "skattleggingsperiodeAar", "SkattleggingsperiodeAar");

static DESCRIPTION_TYPE: Type = Type {
    name: "PeriodeBeskrivelse",
    base: None,
    // Two-monthly first: almost every return is, and the order within a choice means nothing.
    content: Content::Children(&[one(&[&TWO, &MONTH, &SIX, &HALF, &THREE, &WEEK, &WHOLE_YEAR])]),
};
static DESCRIPTION: Element = Element { name: "periode", tag: Tag::Frame, of: &DESCRIPTION_TYPE };

static YEAR_TYPE: Type = Type { name: "Aarstall", base: None, content: Content::Value(Simple::Year) };
static YEAR: Element = Element { name: "aar", tag: Tag::Year, of: &YEAR_TYPE };

static PERIOD_TYPE: Type = Type {
    name: "Skattleggingsperiode",
    base: None,
    content: Content::Children(&[one(&[&DESCRIPTION]), one(&[&YEAR])]),
};

/// `skattleggingsperiode`.
pub(crate) static PERIOD: Element = Element { name: "skattleggingsperiode", tag: Tag::Period, of: &PERIOD_TYPE };
