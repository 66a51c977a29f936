//! Every rule that a file can break is broken by typing, and kept again by typing what is wrong: a draft is never a dead end.

#![allow(clippy::unwrap_used)]

use drafts::{Draft, Edit, Field, LineId, Note, Origin};
use jiff::civil::{Date, date};
use std::collections::BTreeSet;
use vat_return::rules::{Needs, RULES};
use vat_return::{Category, Context, Period, PeriodKind, read};

const TODAY: Date = date(2026, 11, 21);

/// What is typed. A line is `code base rate vat specification remark`; `_` is not typed, `+` before VAT keeps its sign, and
/// `~` is a blank within a word. `>` is the deduction that the line before got by itself, `-` takes that away.
#[derive(Clone, Copy)]
struct Typed {
    category: Category,
    period: (PeriodKind, u8, i32),
    kid: &'static str,
    remark: &'static str,
    lines: &'static str,
}

const fn ordinary(lines: &'static str) -> Typed {
    Typed { category: Category::Ordinary, period: (PeriodKind::TwoMonths, 5, 2026), kid: "", remark: "", lines }
}

const fn compensation(lines: &'static str) -> Typed {
    Typed { category: Category::Compensation, ..ordinary(lines) }
}

const fn reverse_charge(lines: &'static str) -> Typed {
    Typed { category: Category::ReverseCharge, period: (PeriodKind::ThreeMonths, 3, 2026), ..ordinary(lines) }
}

impl Typed {
    const fn during(self, kind: PeriodKind, index: u8, year: i32) -> Self {
        Self { period: (kind, index, year), ..self }
    }

    fn period(self) -> Period {
        let (kind, index, year) = self.period;
        Period { kind, index, year }
    }
}

struct Desk {
    draft: Draft,
    lines: Vec<LineId>,
}

impl Desk {
    fn type_in(&mut self, line: LineId, field: Field, text: &str) {
        self.draft.apply(&Edit::Type { line, field, text: text.into() }).unwrap();
    }

    /// Types what differs between what stands there and what shall.
    fn go(&mut self, from: Option<Typed>, to: Typed) {
        let changed = |of: fn(&Typed) -> String| from.as_ref().map(of) != Some(of(&to));
        if changed(|it| it.category.xml().to_owned()) {
            self.draft.apply(&Edit::Category(to.category)).unwrap();
        }
        if changed(|it| format!("{:?}", it.period)) {
            self.draft.apply(&Edit::Period(to.period())).unwrap();
        }
        if changed(|it| it.kid.to_owned()) {
            self.draft.apply(&Edit::Kid(Some(to.kid.into()))).unwrap();
        }
        if changed(|it| it.remark.to_owned()) {
            let note = (!to.remark.is_empty()).then(|| Note::of_text(to.remark));
            self.draft.apply(&Edit::Note(note)).unwrap();
        }
        let split = |typed: Option<Typed>| -> Vec<Vec<String>> {
            let lines = typed.map_or("", |typed| typed.lines).split(" | ").filter(|line| !line.is_empty());
            lines.map(|line| line.split(' ').map(|word| word.replace('~', " ")).collect()).collect()
        };
        let (before, after) = (split(from), split(Some(to)));
        for (at, words) in after.iter().enumerate() {
            let follows =
                |draft: &Draft, output| draft.lines.iter().find(|line| line.deducts == Some(output)).map(|it| it.id);
            if words[0] == "-" {
                let deduction = follows(&self.draft, self.lines[at - 1]).unwrap();
                self.draft.apply(&Edit::Remove(deduction)).unwrap();
                continue;
            }
            let line = match self.lines.get(at) {
                Some(line) => *line,
                None => {
                    let line = match words[0].as_str() {
                        ">" => follows(&self.draft, self.lines[at - 1]).unwrap(),
                        code => self.draft.add(code),
                    };
                    self.lines.push(line);
                    line
                }
            };
            let fields = [Field::Code, Field::Specification, Field::Base, Field::Rate, Field::Vat];
            for (field, place) in fields.into_iter().zip([0, 4, 1, 2, 3]) {
                let word = |words: Option<&Vec<String>>| {
                    words.and_then(|it| it.get(place)).filter(|it| *it != "_").cloned().unwrap_or_default()
                };
                if word(Some(words)) != word(before.get(at)) && word(Some(words)) != ">" {
                    self.type_in(line, field, &word(Some(words)));
                }
            }
            let remark = |words: Option<&Vec<String>>| words.and_then(|it| it.get(5)).cloned();
            if remark(Some(words)) != remark(before.get(at)) {
                let note = remark(Some(words)).map(|text| Note::of_text(&text));
                self.draft.apply(&Edit::LineNote { line, note }).unwrap();
            }
        }
        for line in self.lines.drain(after.len().min(self.lines.len())..).collect::<Vec<_>>() {
            // A deduction may have gone with its line.
            let _ = self.draft.apply(&Edit::Remove(line));
        }
    }

    fn found(&self, day: Date) -> BTreeSet<&'static str> {
        self.draft.checked(&Context::on(day)).0.findings.iter().map(|finding| finding.rule).collect()
    }
}

const REVERSAL: &str = "tilbakeføringAvInngåendeMerverdiavgift";

/// Rule, what breaks it, and what is typed to keep it again.
fn cases() -> Vec<(&'static str, Typed, Typed)> {
    use PeriodKind::{Month, TwoMonths, Year};
    let good = ordinary("3 1000");
    let services = reverse_charge("86 400 _ _ kompensasjonsrett");
    let claim = compensation("1 1000");
    let primary = Typed { category: Category::PrimaryIndustry, ..ordinary("3 1000") };
    let mut cases = vec![
        ("R002", ordinary("7 1000 25"), ordinary("3 1000 25")),
        ("R003", ordinary("3 1000 24"), ordinary("3 1000 25")),
        ("R019", ordinary("3 1000 _ 900"), ordinary("3 1000")),
        ("R020", ordinary("3 -1000"), ordinary("3 -1000 _ _ _ kreditnota")),
        ("R021", ordinary("1 _ _ +10"), ordinary("1 _ _ 10")),
        ("R038", ordinary("14 _ _ -1 tapPåKrav"), ordinary("11 _ _ -1 tapPåKrav")),
        ("R039", ordinary("32 1000 _ _ uttak"), ordinary("31 1000 _ _ uttak")),
        ("R040", ordinary("14 _ _ -1 justering"), ordinary("1 _ _ -1 justering")),
        ("R041", ordinary("14 _ _ -1 tilbakeføringAvInngåendeMerverdiavgift"), ordinary("14 _ _ -1")),
        ("R052", ordinary("3 1200000").during(Year, 1, 2025), ordinary("3 1200000").during(TwoMonths, 5, 2025)),
        ("R059", good.during(TwoMonths, 6, 2026), good),
        ("R060", primary.during(Year, 1, 2026), primary.during(Year, 1, 2025)),
        ("R065", ordinary("1 100 _ -25"), ordinary("1 _ _ -25")),
        ("R066", ordinary("3 _ _ 250"), ordinary("3 1000")),
        ("R069", ordinary("1 _ _ -1 tappåkrav"), ordinary("1 _ _ -1 tapPåKrav")),
        ("R070", ordinary("1 _ _ -1 _ forlis"), ordinary("1 _ _ -1")),
        ("R071", Typed { remark: "periodisering", ..good }, good),
        ("R074", ordinary("3 100 _ _ _ tjenesteeksport"), ordinary("3 100")),
        ("R075", ordinary("1 _ _ +1 _ forsikringsoppgjør"), ordinary("1 _ _ +1 _ kreditnota")),
        ("R076", ordinary("3 100 _ _ uttak kreditnota"), ordinary("3 100 _ _ uttak")),
        ("R077", good.during(Year, 1, 2021), good.during(Year, 1, 2022)),
        ("R079", Typed { kid: "20260531520382", ..good }, Typed { kid: "20260531520381", ..good }),
        ("R081", ordinary("81 _ 25 100"), ordinary("81 400 25 100")),
        ("R086", compensation("1 +1000"), claim),
        ("R087", compensation("13 1000 _ _ justeringMerverdiavgiftskompensasjonFastEiendom"), compensation("13 1000")),
        ("R088", compensation("3 1000"), claim),
        ("R089", claim.during(TwoMonths, 6, 2025), claim.during(TwoMonths, 5, 2025)),
        ("R091", compensation("1 1000 _ _ uttak"), claim),
        ("R092", claim.during(TwoMonths, 6, 2022), claim.during(TwoMonths, 1, 2023)),
        ("R093", compensation("1 _ _ -250"), compensation("1 1000 _ -250")),
        ("R095", claim.during(Month, 1, 2025), claim.during(TwoMonths, 1, 2025)),
        ("R103", services.during(Year, 1, 2022), services),
        ("R104", Typed { category: Category::ECommerce, ..good }, good),
        ("R106", services.during(TwoMonths, 1, 2025), services),
        ("R108", reverse_charge("86 -400 _ _ kompensasjonsrett"), services),
        ("R109", reverse_charge("86 _ _ +100 kompensasjonsrett"), services),
        ("R110", reverse_charge("86 400 _ _ uttak"), services),
        ("R111", reverse_charge("87 400 _ _ kompensasjonsrett"), reverse_charge("87 400")),
        ("R112", reverse_charge("87 400 | 87 100 _ _ kompensasjonsrett"), reverse_charge("87 400 | 87 100")),
        ("R113", reverse_charge("3 400"), services),
        ("R114", ordinary("3 100 _ _ kompensasjonsrett"), ordinary("3 100")),
        ("R116", ordinary("3 100 _ _ kompensasjonsrett"), ordinary("3 100")),
        ("R120", services.during(PeriodKind::ThreeMonths, 4, 2026), services),
        ("R122", ordinary("3 100 _ 100"), ordinary("3 100")),
        ("R124", reverse_charge("86 400"), services),
        ("R127", ordinary("3 1000 _ 0"), ordinary("3 1000")),
    ];
    cases.push(("R078", ordinary_of(REVERSAL, ""), ordinary_of(REVERSAL, " Etter~avtale")));
    for (code, above, output, deduction) in [
        ("81", "R023", "R028", "R033"),
        ("83", "R024", "R029", "R034"),
        ("86", "R025", "R030", "R035"),
        ("88", "R026", "R031", "R036"),
        ("91", "R027", "R032", "R037"),
    ] {
        let lines = |text: String| ordinary(Box::leak(text.into_boxed_str()));
        // More is deducted than there is; the line itself is emptied; what followed it is taken away, until another code
        // brings its own.
        let other = if code == "81" { "86" } else { "81" };
        let whole = lines(format!("{code} 10000 | >"));
        cases.push((above, lines(format!("{code} 10000 | > _ _ -2600")), whole));
        cases.push((output, lines(format!("{code} _ | > _ _ -100")), whole));
        cases.push((deduction, lines(format!("{code} 10000 | -")), lines(format!("{other} 10000"))));
    }
    cases.push((
        "R115",
        ordinary("81 10000 _ _ kompensasjonsrett | 81 10000"),
        ordinary("81 10000 _ _ kompensasjonsrett | 81 8000"),
    ));
    cases
}

fn ordinary_of(specification: &str, remark: &str) -> Typed {
    ordinary(Box::leak(format!("1 _ _ +10 {specification}{remark}").into_boxed_str()))
}

/// What only a file that was dropped can break: amounts that are typed are whole, and the sum is that of the lines.
const ONLY_DROPPED: [&str; 5] = ["R018", "R082", "R084", "R100", "R107"];
/// What is about the day of filing alone, which no rule may be kept by changing a return: 2021, 2022 and January 2023.
const OF_THE_PAST: [&str; 3] = ["R000", "R090", "R105"];
/// What a draft is never: a file against the schema.
const OF_THE_READER: [&str; 1] = ["R001"];

#[test]
fn every_rule_is_broken_and_kept_by_typing() {
    let mut wrong = Vec::new();
    let mut tried: BTreeSet<&str> =
        [ONLY_DROPPED.as_slice(), &OF_THE_PAST, &OF_THE_READER].concat().into_iter().collect();
    for (rule, broken, kept) in cases() {
        let mut desk = Desk { draft: Draft::new("311797816", kept.period(), Category::Ordinary), lines: Vec::new() };
        // R089 is of before the law of 2026.
        let day = if rule == "R089" { date(2025, 12, 31) } else { TODAY };
        desk.go(None, broken);
        let before = desk.found(day);
        desk.go(Some(broken), kept);
        let after = desk.found(day);
        if !before.contains(rule) || after.contains(rule) {
            wrong.push(format!(
                "{rule} «{}»: {before:?}, then {after:?}: {}",
                broken.lines,
                desk.draft.as_it_stands().0.write()
            ));
        }
        tried.insert(rule);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // Of the file alone, or the file and the day: 72, but for the one that is not published.
    let of_files: BTreeSet<&str> = RULES
        .iter()
        .filter(|rule| matches!(rule.needs, Needs::Offline | Needs::Clock) && rule.can_be_asked())
        .map(|rule| rule.number)
        .collect();
    assert_eq!(of_files.difference(&tried).collect::<Vec<_>>(), Vec::<&&str>::new());
    assert_eq!(of_files.len(), 72);
}

#[test]
fn what_only_a_dropped_file_breaks_is_kept_again_by_typing() {
    let file = |category: &str, sum: &str, lines: &str| {
        let period = match category {
            "omvendtAvgiftsplikt" => {
                "<skattleggingsperiodeTreMaaneder>juli-september</skattleggingsperiodeTreMaaneder>"
            }
            _ => "<skattleggingsperiodeToMaaneder>september-oktober</skattleggingsperiodeToMaaneder>",
        };
        let text = format!(
            "<mvaMeldingDto xmlns=\"no:skatteetaten:fastsetting:avgift:mva:skattemeldingformerverdiavgift:v1.0\"><innsending>\
             <regnskapssystemsreferanse>a</regnskapssystemsreferanse></innsending><skattegrunnlagOgBeregnetSkatt>\
             <skattleggingsperiode><periode>{period}</periode><aar>2026</aar></skattleggingsperiode>\
             <fastsattMerverdiavgift>{sum}</fastsattMerverdiavgift>{lines}</skattegrunnlagOgBeregnetSkatt>\
             <betalingsinformasjon/><skattepliktig><organisasjonsnummer>311797816</organisasjonsnummer></skattepliktig>\
             <meldingskategori>{category}</meldingskategori></mvaMeldingDto>"
        );
        Draft::of_return(&read(text.as_bytes()).unwrap(), Origin::Typed)
    };
    let line = "<mvaSpesifikasjonslinje><mvaKode>3</mvaKode><grunnlag>1000</grunnlag><sats>25</sats>\
                <merverdiavgift>250.40</merverdiavgift></mvaSpesifikasjonslinje>";
    for (rule, category, sum, lines) in [
        ("R018", "alminnelig", "251", line),
        ("R082", "alminnelig", "250.40", line),
        ("R084", "alminnelig", "100", ""),
        ("R100", "kompensasjon", "-100", ""),
        ("R107", "omvendtAvgiftsplikt", "100", ""),
    ] {
        let mut desk = Desk { draft: file(category, sum, lines), lines: Vec::new() };
        assert!(desk.found(TODAY).contains(rule), "{rule}: {:?}", desk.found(TODAY));
        let first = desk.draft.lines.first().map(|line| line.id);
        let line = first.unwrap_or_else(|| desk.draft.add("3"));
        desk.type_in(line, Field::Base, "1000");
        desk.type_in(line, Field::Vat, "250");
        assert!(!desk.found(TODAY).contains(rule), "{rule}: {:?}", desk.found(TODAY));
    }
}

#[test]
fn rules_of_the_past_hang_on_the_day_alone() {
    for (rule, typed, day) in [
        ("R000", ordinary("3 1000"), date(2021, 12, 31)),
        ("R090", compensation("1 1000"), date(2022, 12, 31)),
        ("R105", reverse_charge("87 400"), date(2023, 1, 31)),
    ] {
        let mut desk = Desk { draft: Draft::new("311797816", typed.period(), Category::Ordinary), lines: Vec::new() };
        desk.go(None, typed);
        assert!(desk.found(day).contains(rule));
        assert!(!desk.found(day.tomorrow().unwrap()).contains(rule));
    }
}

#[test]
fn only_an_ordinary_return_has_deductions_of_its_own() {
    let mut desk =
        Desk { draft: Draft::new("311797816", ordinary("").period(), Category::Ordinary), lines: Vec::new() };
    desk.go(None, ordinary("86 400"));
    assert_eq!(desk.draft.filled().count(), 2);
    desk.draft.apply(&Edit::Category(Category::ReverseCharge)).unwrap();
    assert_eq!(desk.draft.filled().count(), 1);
    desk.draft.apply(&Edit::Category(Category::Ordinary)).unwrap();
    assert_eq!(desk.draft.filled().count(), 2);
    // What is claimed back is typed as people think of it, and stands with its minus.
    desk.go(None, compensation("1 1000"));
    let (ret, _) = desk.draft.as_it_stands();
    let last = ret.lines.last().unwrap();
    assert_eq!(last.base.as_ref().unwrap().value.to_string(), "-1000");
    assert_eq!((last.rate.as_ref().unwrap().value.as_str(), last.vat.value.to_string().as_str()), ("25", "-250"));
}
