#![allow(clippy::unwrap_used, clippy::panic)]

use drafts::{Edit, Field, LineId};
use jiff::Timestamp;
use vat_return::{Period, PeriodKind};
use view::{DraftEdit, DraftFieldName, DraftFixKind, ids::DraftId};

use super::*;

fn stored(draft: Draft) -> StoredDraft {
    let at: Timestamp = "2026-06-09T16:44:00Z".parse().unwrap();
    StoredDraft {
        id: DraftId::named("draft"),
        draft,
        revision: 3,
        created: at,
        changed: at,
        discarded: None,
        filed: false,
        dropped: false,
    }
}

fn shown(draft: &Draft) -> DraftView {
    let known = Known {
        lookup: false,
        standing: None,
        company: None,
        last: None,
        attachments: Vec::new(),
        history: None,
        filed: None,
        last_year: None,
        mended: Vec::new(),
        card: None,
        undo: (false, false),
        told: Vec::new(),
    };
    view(&stored(draft.clone()), known, "2026-06-09".parse().unwrap(), Language::Nb)
}

fn typed(draft: &mut Draft, line: LineId, field: Field, text: &str) {
    draft.apply(&Edit::Type { line, field, text: text.into() }).unwrap();
}

/// The draft of picture 31 of the mock-ups.
fn vika() -> Draft {
    let period = Period { kind: PeriodKind::TwoMonths, index: 2, year: 2026 };
    let mut draft = Draft::new("315203856", period, Category::Ordinary);
    for (code, base) in [("31", "5000"), ("3", "186 400"), ("3", "-1200"), ("52", "92 500"), ("86", "24 800")] {
        let line = draft.add(code);
        typed(&mut draft, line, Field::Base, base);
    }
    let input = draft.add("1");
    typed(&mut draft, input, Field::Vat, "21 240,49");
    draft
}

#[test]
fn lines_stand_by_theme_and_what_a_rule_says_names_its_line_and_what_would_clear_it() {
    let mut draft = vika();
    let fish = draft.lines.first().unwrap().id;
    typed(&mut draft, fish, Field::Vat, "705");
    let view = shown(&draft);
    let codes: Vec<&str> =
        view.groups.iter().flat_map(|group| &group.lines).filter_map(|line| line.code.as_deref()).collect();
    assert_eq!(codes, ["3", "3", "31", "52", "1", "86", "86"]);
    assert_eq!(view.sum, "25765");
    let [remark, vat] = view.findings.as_slice() else { panic!("{:?}", view.findings) };
    let rules = |finding: &view::DraftFinding| (finding.rule.clone(), finding.field, finding.severity);
    let (first, second) = (rules(vat), rules(remark));
    assert!([&first, &second].iter().any(|it| it.0.as_deref() == Some("R019") && it.1 == Some(DraftFieldName::Vat)));
    assert!([&first, &second].iter().any(|it| it.0.as_deref() == Some("R020") && it.1 == Some(DraftFieldName::Remark)));
    let kinds: Vec<DraftFixKind> = view.findings.iter().flat_map(|it| &it.fixes).map(|fix| fix.kind).collect();
    assert!(kinds.contains(&DraftFixKind::UseVat) && kinds.contains(&DraftFixKind::ChooseRemark), "{kinds:?}");
    let use_vat = view.findings.iter().flat_map(|it| &it.fixes).find(|fix| fix.kind == DraftFixKind::UseVat).unwrap();
    assert_eq!(use_vat.value, "750");
    assert_eq!(use_vat.edit, DraftEdit::Type { line: fish.0, field: DraftFieldName::Vat, text: String::new() });
    // Both sides of reverse charge, of which one follows.
    let charge: Vec<_> =
        view.groups.last().unwrap().lines.iter().map(|line| (line.deduction, line.vat.clone())).collect();
    assert_eq!(charge.iter().map(|(_, vat)| vat.amount.as_deref().unwrap()).collect::<Vec<_>>(), ["6200", "-6200"]);
    assert!(!charge[0].0 && charge[1].0);
}

#[test]
fn what_may_be_chosen_is_what_the_rules_allow() {
    let view = shown(&vika());
    let line = |code: &str| {
        view.groups.iter().flat_map(|group| &group.lines).find(|line| line.code.as_deref() == Some(code)).unwrap()
    };
    let remarks = |code: &str| -> Vec<&str> {
        view.remark_lists[line(code).remark_list as usize].iter().map(|it| it.words.as_str()).collect()
    };
    assert!(remarks("52").contains(&"Tjenesteeksport"));
    assert!(!remarks("1").contains(&"Tjenesteeksport"));
    assert_eq!(line("3").specifications.iter().map(|it| it.value.as_str()).collect::<Vec<_>>(), ["uttak"]);
    assert!(line("52").specifications.is_empty());
    assert!(!line("1").has_base);
    let codes = codes(&vika(), Language::Nb);
    assert!(codes.iter().any(|code| code.code == "86" && code.rates == ["25"]));
    assert_eq!(codes.first().map(|code| code.code.as_str()), Some("3"));
}

#[test]
fn an_empty_line_asks_for_its_base_and_is_not_part_of_the_return() {
    let mut draft = vika();
    let before = shown(&draft).findings.len();
    let line = draft.add("86");
    let view = shown(&draft);
    assert_eq!(view.findings.len(), before);
    let new = view.groups.iter().flat_map(|group| &group.lines).find(|it| it.id == line.0).unwrap();
    assert!(new.has_base && !new.deduction);
    assert_eq!((new.base.amount.as_deref(), new.rate.as_deref()), (None, Some("25")));
}

#[test]
fn a_period_is_named_with_its_length() {
    let period = Period { kind: PeriodKind::Year, index: 1, year: 2025 };
    assert_eq!(period_of(&key_of(period)), Some(period));
    for wrong in ["twoMonths-2026-7", "twoMonths-2026-0", "fortnight-2026-1", "2026-1", ""] {
        assert_eq!(period_of(wrong), None, "{wrong}");
    }
    let today = "2026-06-09".parse().unwrap();
    assert_eq!(latest_over(PeriodKind::TwoMonths, today), Period { kind: PeriodKind::TwoMonths, index: 2, year: 2026 });
    let offered = shown(&vika()).periods;
    assert_eq!(offered.first().map(|it| it.name.as_str()), Some("Mai–juni 2026"));
}
