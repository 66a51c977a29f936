//! The crate's tables against the official lists in `../shared/skatteetaten/kodelister`, row by row.
#![allow(clippy::unwrap_used, clippy::print_stderr)]

mod official;

use official::official;
use std::collections::BTreeSet;
use vat_return::model::Category;
use vat_return::tables::{Categories, Code, RemarkPlace, Sign, Specification, tables};

/// The `<kode>` elements of a list.
fn list(name: &str) -> Option<Vec<String>> {
    let text = std::fs::read_to_string(official(&format!("kodelister/{name}"))?).unwrap();
    Some(text.split("<kode>").skip(1).map(str::to_owned).collect())
}

/// The text of the first element of that name.
fn text<'a>(element: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = element.split_once(&format!("<{name}>"))?;
    rest.split_once(&format!("</{name}>")).map(|(text, _)| text)
}

fn categories(element: &str, ordinary: &str) -> Categories {
    let flags = [
        (ordinary, Categories::ORDINARY),
        ("kompensasjon", Categories::COMPENSATION),
        ("omvendtAvgiftsplikt", Categories::REVERSE_CHARGE),
    ];
    flags
        .iter()
        .filter(|(name, _)| text(element, name) == Some("SANN"))
        .fold(Categories::NONE, |all, (_, categories)| all.with(*categories))
}

fn order(element: &str, theme: &str, code: &str) -> Option<(u8, u8)> {
    Some((text(element, theme)?.parse().unwrap(), text(element, code)?.parse().unwrap()))
}

#[test]
fn codes() {
    let Some(list) = list("mvaKodeSAFT.xml") else { return };
    assert_eq!(list.len(), tables().codes.len());
    for element in &list {
        let name = text(element, "tekniskNavn").unwrap();
        let row = tables().row(tables().code(name).unwrap()).unwrap();
        assert_eq!(row.categories, categories(element, "alminneligPrimær"), "{name}");
        assert_eq!(Some(row.order), order(element, "temaRekkefoelge", "kodeRekkefoelgeITema"), "{name}");
        let reverse_charge =
            order(element, "omvendtAvgiftspliktTemarekkefølge", "omvendtAvgiftspliktKoderekkefølgeITema");
        assert_eq!(row.reverse_charge_order, reverse_charge, "{name}");
        assert_eq!(row.rate_class.is_some(), text(element, "satstype").is_some(), "{name}");
    }
}

/// For every code and rate, the days on which the rate of its class begins and ends.
#[test]
fn rates() {
    let (Some(rates), Some(codes)) = (list("sats.xml"), list("mvaKodeSAFT.xml")) else { return };
    assert_eq!(rates.len(), tables().rates.len());
    for code in &codes {
        let Some(class) = text(code, "satstype") else { continue };
        let name = text(code, "tekniskNavn").unwrap();
        let known = tables().code(name).unwrap();
        let expected: BTreeSet<(&str, String, String)> = rates
            .iter()
            .filter(|rate| text(rate, "satstype") == Some(class))
            .map(|rate| {
                let day = |name, open: jiff::civil::Date| text(rate, name).map_or(open.to_string(), str::to_owned);
                let (from, to) = (day("fradato", jiff::civil::Date::MIN), day("tildato", jiff::civil::Date::MAX));
                (text(rate, "tekniskNavn").unwrap(), from, to)
            })
            .collect();
        let class = tables().rate_class(known);
        let ours: BTreeSet<(&str, String, String)> = tables()
            .rates
            .iter()
            .filter(|row| Some(row.class) == class)
            .map(|row| (row.rate, row.from.to_string(), row.to.to_string()))
            .collect();
        assert_eq!(ours, expected, "{name}");
    }
}

#[test]
fn specifications() {
    let Some(list) = list("mvaSpesifikasjon.xml") else { return };
    assert_eq!(list.len(), Specification::COUNT);
    for element in &list {
        let name = text(element, "tekniskNavn").unwrap();
        let known = Specification::of_text(name).unwrap();
        assert_eq!(tables().categories_of(known), categories(element, "alminneligPrimær"), "{name}");
    }
}

#[test]
fn remarks() {
    let Some(list) = list("merknad.xml") else { return };
    let names: BTreeSet<&str> = list.iter().map(|element| text(element, "tekniskNavn").unwrap()).collect();
    assert_eq!(names.len(), tables().remarks.len());
    for element in &list {
        let name = text(element, "tekniskNavn").unwrap();
        let row = tables().remark(name).unwrap();
        let level = match text(element, "merknadGjelder").unwrap() {
            "mva kode" => row.on_line,
            _ => row.on_return,
        };
        assert_eq!(level, categories(element, "alminneligPrimær"), "{name}");
    }
}

#[test]
fn remarks_by_code() {
    let Some(list) = list("merknadTilsvarendeMvaKode.xml") else { return };
    assert_eq!(tables().remark_uses.iter().map(|row| row.codes.iter().count()).sum::<usize>(), list.len());
    let sign = |text: &str| if text == "-" { Sign::Minus } else { Sign::Plus };
    for element in &list {
        let remark = text(element, "merknad").unwrap();
        let place = RemarkPlace {
            category: match categories(element, "alminneligprimær") {
                Categories::COMPENSATION => Category::Compensation,
                Categories::REVERSE_CHARGE => Category::ReverseCharge,
                _ => Category::Ordinary,
            },
            specification: text(element, "mvaSpesifikasjon").map(|name| Specification::of_text(name).unwrap()),
            filed: sign(text(element, "levertFortegn").unwrap()),
            expected: sign(text(element, "forventetFortegn").unwrap()),
            code: Code::number(text(element, "mvaKode").unwrap().parse().unwrap()),
        };
        assert!(tables().remark_allowed(remark, &place), "{remark}: {place:?}");
    }
}
