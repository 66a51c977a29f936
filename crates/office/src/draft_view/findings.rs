//! What the rules say of a draft, what is missing in it, and what would clear either.

use drafts::{Cell, Draft, LineId, Missing, Rate};
use rust_decimal::Decimal;
use vat_return::{Context, Finding, Language, Period, explain};
use view::{
    CompanyStanding, DraftEdit, DraftFieldName, DraftFinding, DraftFix, DraftFixKind, DraftGroup, DraftRemark,
    SeverityName, texts::kroner,
};

/// Puts findings in the order of the lines as they are shown, and numbers them; what is about none comes first.
pub(super) fn in_order(found: &mut [DraftFinding], groups: &[DraftGroup]) {
    let shown: Vec<u32> = groups.iter().flat_map(|group| &group.lines).map(|line| line.id).collect();
    let place = |line: Option<u32>| line.and_then(|id| shown.iter().position(|it| *it == id));
    found.sort_by_key(|finding| (place(finding.line), finding.severity != SeverityName::Invalid));
    for (number, finding) in (1..).zip(found) {
        finding.number = number;
    }
}

/// Everything, as it is found.
pub(super) fn of(draft: &Draft, context: &Context<'_>, language: Language) -> Vec<DraftFinding> {
    let (report, ids) = draft.checked(context);
    let mut found: Vec<DraftFinding> = draft.missing().iter().map(|it| missing(draft, it)).collect();
    for finding in &report.findings {
        let line = finding.line.and_then(|at| ids.get(at)).copied();
        // What is no amount yet is said as such; that it is taken for nothing meanwhile would be noise.
        let unread = line.is_some_and(|line| {
            found.iter().any(|it| it.rule.is_none() && it.line == Some(line.0) && it.identifier != "company")
        });
        // A line that is being begun has nothing yet that a rule could judge.
        if !unread {
            found.push(of_rule(draft, finding, line, language));
        }
    }
    found
}

/// That the sum is more than ten times that of the last return: a figure too many may have been typed. It stops nothing.
pub(super) fn tenfold(draft: &Draft, period: Period, before: Decimal, language: Language) -> Option<DraftFinding> {
    let sum = draft.stated_sum.unwrap_or_else(|| draft.sum()).abs();
    let limit = before.abs().checked_mul(Decimal::TEN)?;
    if before.is_zero() || sum <= limit {
        return None;
    }
    let (sum, before) = (explain::amount(sum), explain::amount(before.abs()));
    let period = period.in_words(language);
    let title = crate::filled(language, "drafts.tenfold.title", &[("sum", &sum)]);
    let message = crate::filled(language, "drafts.tenfold.message", &[("before", &before), ("period", &period)]);
    Some(DraftFinding {
        number: 0,
        rule: None,
        identifier: "tenfold".to_owned(),
        severity: SeverityName::Deviating,
        title: Some(title),
        message: Some(message),
        line: None,
        field: None,
        fixes: Vec::new(),
    })
}

/// What Enhetsregisteret says of the company, where that speaks against filing for it: a title, and what follows from it.
pub(crate) fn standing_words(standing: CompanyStanding, language: Language) -> Option<(String, String)> {
    let (title, message) = match standing {
        CompanyStanding::Registered => return None,
        CompanyStanding::Deleted => ("drafts.standing.deleted.title", "drafts.standing.deleted.message"),
        CompanyStanding::Bankrupt => ("drafts.standing.bankrupt.title", "drafts.standing.bankrupt.message"),
        CompanyStanding::WindingUp => ("drafts.standing.windingUp.title", "drafts.standing.windingUp.message"),
        CompanyStanding::NotRegisteredForVat => {
            ("drafts.standing.notForVat.title", "drafts.standing.notForVat.message")
        }
    };
    Some((crate::text(language, title).to_owned(), crate::text(language, message).to_owned()))
}

/// The same as a finding on the company. It stops nothing: the authority decides.
pub(super) fn standing(standing: CompanyStanding, language: Language) -> Option<DraftFinding> {
    let (title, message) = standing_words(standing, language)?;
    Some(DraftFinding {
        number: 0,
        rule: None,
        identifier: "standing".to_owned(),
        severity: SeverityName::Deviating,
        title: Some(title),
        message: Some(message),
        line: None,
        field: Some(DraftFieldName::Company),
        fixes: Vec::new(),
    })
}

fn missing(draft: &Draft, missing: &Missing) -> DraftFinding {
    let (identifier, line, field) = match missing {
        Missing::Company(_) => ("company", None, Some(DraftFieldName::Company)),
        Missing::NotAnAmount(line) => {
            let in_base = draft.line(*line).is_some_and(|it| matches!(it.base, Cell::Text(_)));
            let field = if in_base { DraftFieldName::Base } else { DraftFieldName::Vat };
            ("notAnAmount", Some(line.0), Some(field))
        }
        Missing::Code(line) => ("code", Some(line.0), Some(DraftFieldName::Code)),
        Missing::Vat(line) => ("vat", Some(line.0), Some(DraftFieldName::Vat)),
        _ => ("unreadable", None, None),
    };
    DraftFinding {
        number: 0,
        rule: None,
        identifier: identifier.to_owned(),
        severity: SeverityName::Invalid,
        title: None,
        message: None,
        line,
        field,
        fixes: Vec::new(),
    }
}

fn of_rule(draft: &Draft, finding: &Finding, line: Option<LineId>, language: Language) -> DraftFinding {
    let text = finding.text(language);
    DraftFinding {
        number: 0,
        rule: Some(finding.rule.to_owned()),
        identifier: finding.identifier.to_owned(),
        severity: finding.severity.into(),
        title: Some(text.title),
        message: Some(text.message),
        line: line.map(|line| line.0),
        field: Some(field(finding.rule)),
        fixes: fixes(draft, finding, line, language),
    }
}

/// The field in which a rule's complaint is cleared.
fn field(rule: &str) -> DraftFieldName {
    match rule {
        "R002" | "R053" | "R054" | "R088" | "R101" | "R113" => DraftFieldName::Code,
        "R003" => DraftFieldName::Rate,
        "R020" | "R021" | "R070" | "R071" | "R074" | "R075" | "R076" | "R078" | "R086" | "R108" => {
            DraftFieldName::Remark
        }
        "R038" | "R039" | "R040" | "R041" | "R069" | "R087" | "R091" | "R110" | "R111" | "R112" | "R114" | "R115"
        | "R124" => DraftFieldName::Specification,
        "R065" | "R066" | "R081" | "R085" | "R093" | "R109" | "R116" => DraftFieldName::Base,
        "R079" => DraftFieldName::Kid,
        "R047" | "R048" | "R104" | "R094" => DraftFieldName::Category,
        "R000" | "R049" | "R050" | "R052" | "R059" | "R060" | "R061" | "R062" | "R077" | "R089" | "R090" | "R092"
        | "R095" | "R103" | "R105" | "R106" | "R120" | "R132" | "R133" | "R135" => DraftFieldName::Period,
        "R126" | "R131" => DraftFieldName::Company,
        _ => DraftFieldName::Vat,
    }
}

/// What a person may choose with one press. What would decide something about tax for her is not among it: a remark is
/// offered where the rule's own advice names it.
fn fixes(draft: &Draft, finding: &Finding, line: Option<LineId>, language: Language) -> Vec<DraftFix> {
    if finding.rule == "R079" {
        let edit = DraftEdit::Kid { text: String::new() };
        return vec![DraftFix { kind: DraftFixKind::RemoveKid, value: String::new(), edit }];
    }
    let Some(typed) = line.and_then(|id| draft.line(id)) else { return Vec::new() };
    let id = typed.id.0;
    match field(finding.rule) {
        DraftFieldName::Remark => {
            let advice = finding.text(Language::Nb).advice;
            let shown = draft.shown();
            let at = draft.lines.iter().position(|it| it.id == typed.id);
            let Some(stands) = at.and_then(|at| shown.lines.get(at)) else { return Vec::new() };
            let named = explain::remarks_of_line(stands, draft.category, language);
            let named = named.into_iter().filter(|(name, _)| advice.contains(&format!("«{name}»")));
            let fix = |(name, words): (&'static str, &'static str)| DraftFix {
                kind: DraftFixKind::ChooseRemark,
                value: words.to_owned(),
                edit: DraftEdit::Remark {
                    line: Some(id),
                    remark: Some(DraftRemark { text: name.to_owned(), chosen: true }),
                },
            };
            named.map(fix).collect()
        }
        DraftFieldName::Specification if typed.specification.is_some() => {
            let edit = DraftEdit::Type { line: id, field: DraftFieldName::Specification, text: String::new() };
            vec![DraftFix { kind: DraftFixKind::RemoveSpecification, value: String::new(), edit }]
        }
        DraftFieldName::Rate => match (&typed.rate, draft.usual_rate(typed.written_code())) {
            (Rate::Typed(_) | Rate::Absent, Some(usual)) => {
                let edit = DraftEdit::Type { line: id, field: DraftFieldName::Rate, text: String::new() };
                vec![DraftFix { kind: DraftFixKind::UseRate, value: usual.to_owned(), edit }]
            }
            _ => Vec::new(),
        },
        DraftFieldName::Vat => match (draft.typed_over(typed), draft.computed_vat(typed)) {
            (Some(_), Some(computed)) => {
                let edit = DraftEdit::Type { line: id, field: DraftFieldName::Vat, text: String::new() };
                vec![DraftFix { kind: DraftFixKind::UseVat, value: kroner(computed), edit }]
            }
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}
