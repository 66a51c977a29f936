//! A return in words: its lines by theme, in the order of the official code list, with names of our own.

use crate::free_text::{self, FreeText};
use crate::language::Language;
use crate::model::{Category, Line, Remark, VatReturn};
use crate::rules::has_content;
use crate::tables::{Code, CodeRow, CodeSet, Specification, Theme, tables};
use crate::texts;
use rust_decimal::Decimal;
use shown::Shown;

/// The codes whose lines without base are the deduction of those with.
const WITH_DEDUCTION: CodeSet = CodeSet::of(&[81, 83, 86, 88, 91]);

/// A return in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// Kind of period and category, e.g. `alminnelig næring, to måneder`.
    pub kind: String,
    /// The period, e.g. `Mars–april 2026`.
    pub period: String,
    /// Whether the sum is to be paid (also when it is nothing); otherwise it comes back.
    pub to_pay: bool,
    /// `Å betale` or `Til gode`.
    pub sum_label: &'static str,
    /// The sum without its sign, e.g. `77 511 kr`.
    pub sum: String,
    /// The remark of the whole return, as one line that can be shown.
    pub remark: Option<String>,
    /// It is free text: the return goes to manual handling.
    pub free_text: Option<FreeText>,
    /// The lines by theme.
    pub groups: Vec<Group>,
}

/// The lines of a theme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The theme.
    pub title: &'static str,
    /// Its lines, by code.
    pub lines: Vec<ExplainedLine>,
}

/// A line in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExplainedLine {
    /// Place in [`VatReturn::lines`].
    pub index: usize,
    /// What the code stands for, e.g. `Salg og uttak av varer og tjenester`.
    pub description: &'static str,
    /// The specification in words, or as written, as one line that can be shown, when the list does not have it.
    pub specification: Option<String>,
    /// The remark in words, or as written, as one line that can be shown, when it is free text or not in the list.
    pub remark: Option<String>,
    /// It is free text: the return goes to manual handling.
    pub free_text: Option<FreeText>,
    /// The deduction that belongs to a line of the same code with a base.
    pub deduction: bool,
}

/// The return in words.
pub fn explain(ret: &VatReturn, language: Language) -> Explanation {
    Explanation { groups: groups(ret, language), ..summary(ret, language) }
}

/// The return in words without its lines: for a list of many returns.
pub fn summary(ret: &VatReturn, language: Language) -> Explanation {
    let category = ret.category.value;
    let assessed = ret.assessed_vat.value;
    let to_pay = assessed >= Decimal::ZERO;
    Explanation {
        kind: texts::kind(category, &ret.period.value, language),
        period: ret.period.value.in_words(language),
        to_pay,
        sum_label: texts::words(if to_pay { "to pay" } else { "refund" }, language),
        sum: texts::kroner(assessed.abs()),
        remark: remark(ret.remark.as_ref(), language),
        free_text: free_text::of_return(ret, language),
        groups: Vec::new(),
    }
}

fn groups(ret: &VatReturn, language: Language) -> Vec<Group> {
    let category = ret.category.value;
    let mut places: Vec<Place> =
        ret.lines.iter().enumerate().map(|(index, line)| place(index, line, category)).collect();
    // Stable: lines of one code stay in the order of the file, but for deductions, which come last.
    places.sort_by_key(|place| (place.order, place.deduction));
    let mut groups: Vec<Group> = Vec::new();
    for place in places {
        let title = texts::theme(place.theme, language);
        let Some(line) = ret.lines.get(place.index) else { continue };
        let explained = ExplainedLine {
            index: place.index,
            description: texts::code_name(place.code, category, place.deduction, language),
            specification: specification(line, language),
            remark: remark(line.remark.as_ref(), language),
            free_text: free_text::of_line(line, category, language),
            deduction: place.deduction,
        };
        match groups.last_mut() {
            Some(group) if group.title == title => group.lines.push(explained),
            _ => groups.push(Group { title, lines: vec![explained] }),
        }
    }
    groups
}

/// An amount of kroner as people write it, e.g. `−9 600`: for columns, without `kr`.
pub fn amount(amount: Decimal) -> String {
    texts::amount(amount)
}

/// What a code stands for on a line, or on the deduction of a reverse charge.
pub fn code_name(code: Code, deduction: bool, category: Category, language: Language) -> &'static str {
    let deduction = deduction && WITH_DEDUCTION.has(code);
    texts::code_name(Some(code), category, deduction, language)
}

/// A specification in words, where it is one of the list.
pub fn specification_name(specification: Specification, language: Language) -> &'static str {
    texts::specification(specification.xml(), language).unwrap_or(specification.xml())
}

/// The remarks that may stand on a line as it is, each by its name in the list and in words.
pub fn remarks_of_line(line: &Line, category: Category, language: Language) -> Vec<(&'static str, &'static str)> {
    free_text::remarks_of_line(line, category, language)
}

/// The remarks that a whole return of a category may have, each by its name in the list and in words.
pub fn remarks_of_return(category: Category, language: Language) -> Vec<(&'static str, &'static str)> {
    free_text::remarks_of_return(category, language)
}

/// A rate as people write it, e.g. `15 %`.
pub fn rate(rate: &str, language: Language) -> String {
    texts::percent(rate, language)
}

/// A day as people write it, e.g. `10. juni 2026`.
pub fn day(day: jiff::civil::Date, language: Language) -> String {
    texts::day(day, language)
}

/// Where a line belongs.
struct Place {
    index: usize,
    code: Option<Code>,
    theme: &'static str,
    /// Theme and code within it; unknown codes last.
    order: (u8, u8),
    deduction: bool,
}

fn place(index: usize, line: &Line, category: Category) -> Place {
    let code = tables().code(&line.code.value);
    let both = category != Category::Compensation && category != Category::ReverseCharge;
    let deduction = both && line.base.is_none() && code.is_some_and(|code| WITH_DEDUCTION.has(code));
    let (theme, order) = match code.and_then(|code| tables().row(code)) {
        Some(row) => theme(row, category),
        None => ("unknown", (u8::MAX, 0)),
    };
    Place { index, code, theme, order, deduction }
}

fn theme(row: &CodeRow, category: Category) -> (&'static str, (u8, u8)) {
    // Codes that the category does not have come after those it has, under their ordinary themes.
    let strange = |(theme, code): (u8, u8)| (theme + 100, code);
    match (category, row.theme, row.reverse_charge_order) {
        (Category::ReverseCharge, _, Some(order @ (1, _))) => ("reverse charge plain", order),
        (Category::ReverseCharge, _, Some(order)) => ("reverse charge compensation", order),
        (Category::ReverseCharge, theme, None) => (name(theme), strange(row.order)),
        (Category::Compensation, Theme::Purchases, _) => ("compensation purchases", row.order),
        (Category::Compensation, Theme::GoodsFromAbroad, _) => ("compensation goods", row.order),
        (Category::Compensation, Theme::ServicesFromAbroad, _) => ("compensation services", row.order),
        (_, theme, _) => (name(theme), row.order),
    }
}

fn name(theme: Theme) -> &'static str {
    match theme {
        Theme::Sales => "sales",
        Theme::Exports => "exports",
        Theme::Purchases => "purchases",
        Theme::GoodsFromAbroad => "goods",
        Theme::ServicesFromAbroad => "services",
        Theme::Fish => "fish",
        Theme::AllowancesAndGold => "allowances",
    }
}

fn specification(line: &Line, language: Language) -> Option<String> {
    let text = line.specification.as_ref().map(|text| text.value.as_str()).filter(|text| has_content(text))?;
    Some(texts::specification(text, language).map_or_else(|| own_words(text), str::to_owned))
}

fn remark(remark: Option<&Remark>, language: Language) -> Option<String> {
    let (text, chosen) = match remark? {
        Remark::Description(text) => (&text.value, None),
        Remark::Chosen(text) => (&text.value, texts::remark(&text.value, language)),
    };
    has_content(text).then(|| chosen.map_or_else(|| own_words(text), str::to_owned))
}

/// What somebody has written himself, in a file or a spreadsheet: fit for a terminal, a list and the window.
fn own_words(text: &str) -> String {
    Shown::text(text).into_string()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::rules::made::{line, ordinary};

    #[test]
    fn what_somebody_has_written_himself_is_a_line_that_no_terminal_obeys() {
        let mut hostile = ordinary([line("3").base(1000).rate("25").vat(250)]);
        let words = "l1\u{1b}[31m\u{202e}\u{9b}2J\n  Konto: 9999\u{7}".to_owned() + &"a".repeat(300_000);
        let located = |text: &str| crate::Located { value: text.into(), at: crate::Position::default() };
        hostile.remark = Some(Remark::Description(located(&words)));
        hostile.lines[0].remark = Some(Remark::Chosen(located(&words)));
        hostile.lines[0].specification = Some(located(&words));
        let explained = explain(&hostile, Language::Nb);
        let first = &explained.groups[0].lines[0];
        for shown in [&explained.remark, &first.remark, &first.specification] {
            let shown = shown.as_deref().unwrap();
            assert!(shown.starts_with("l1[31m2J Konto: 9999a"), "{}", &shown[..40]);
            assert!(shown.chars().count() <= shown::LONGEST_TEXT && !shown.contains(['\u{202e}', '\u{9b}']));
        }
    }

    #[test]
    fn lines_stand_by_theme_in_the_order_of_the_code_list() {
        let ret = ordinary([
            line("81").vat(-9600),
            line("1").vat(-56310),
            line("52").base(46000).rate("0").vat(0).chosen("tjenesteeksport"),
            line("31").base(84260).rate("15").vat(12639),
            line("81").base(38400).rate("25").vat(9600),
            line("3").base(512_480).rate("25").vat(128_120),
            line("7").vat(1),
        ]);
        let explanation = explain(&ret, Language::Nb);
        let shown: Vec<(&str, Vec<(usize, bool)>)> = explanation
            .groups
            .iter()
            .map(|group| (group.title, group.lines.iter().map(|line| (line.index, line.deduction)).collect()))
            .collect();
        assert_eq!(
            shown,
            [
                ("Salg av varer og tjenester i Norge", vec![(5, false), (3, false)]),
                ("Salg av varer og tjenester til utlandet (eksport)", vec![(2, false)]),
                ("Kjøp av varer og tjenester i Norge", vec![(1, false)]),
                ("Kjøp av varer fra utlandet (import)", vec![(4, false), (0, true)]),
                ("Koder som ikke er i kodelisten", vec![(6, false)]),
            ]
        );
        assert_eq!(explanation.groups[1].lines[0].remark.as_deref(), Some("Tjenesteeksport"));
        assert_eq!(explanation.groups[3].lines[1].description, "Fradrag på kjøp av varer fra utlandet");
        assert_eq!(explanation.kind, "alminnelig næring, to måneder");
        assert_eq!((explanation.to_pay, explanation.sum_label), (true, "Å betale"));
    }

    #[test]
    fn a_reverse_charge_return_has_themes_of_its_own() {
        let ret = ordinary([
            line("86").base(1000).rate("25").vat(250).specified("kompensasjonsrett"),
            line("92").base(100).rate("25").vat(25),
            line("87").base(100).rate("25").vat(25),
        ])
        .of(Category::ReverseCharge);
        let explanation = explain(&ret, Language::En);
        let titles: Vec<&str> = explanation.groups.iter().map(|group| group.title).collect();
        assert_eq!(titles, ["Purchases without deduction", "Purchases with right to compensation"]);
        assert_eq!(explanation.groups[0].lines.iter().map(|line| line.index).collect::<Vec<_>>(), [2, 1]);
        assert_eq!(
            explanation.groups[1].lines[0].specification.as_deref(),
            Some("Purchase with right to compensation")
        );
    }
}
