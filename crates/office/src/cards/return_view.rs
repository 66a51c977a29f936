//! What the window shows of a return.

use vat_return::{
    FreeText, Language, VatReturn, calendar, explain,
    explain::{ExplainedLine, summary},
};
use view::{FreeTextView, LineGroup, LineView, ReturnView, texts::kroner};

use super::Content;

pub(super) fn of(content: &Content, company_name: Option<String>, language: Language, brief: bool) -> ReturnView {
    let vat_return = &content.vat_return;
    let explained = if brief { summary(vat_return, language) } else { explain(vat_return, language) };
    let number = vat_return.org_number.as_ref().or(vat_return.identification_number.as_ref());
    let groups = explained.groups.iter().map(|group| LineGroup {
        title: group.title.to_owned(),
        lines: group.lines.iter().filter_map(|said| line_of(vat_return, said)).collect(),
    });
    ReturnView {
        org_number: number.map(|number| number.value.to_string()).unwrap_or_default(),
        company_name,
        period: explained.period,
        kind: explained.kind,
        deadline: calendar::deadline(vat_return.category.value, &vat_return.period.value).map(|day| day.to_string()),
        assessed_vat: kroner(vat_return.assessed_vat.value),
        system: vat_return.system.as_ref().map(|system| match &system.version {
            Some(version) => format!("{} {version}", system.name),
            None => system.name.to_string(),
        }),
        remark: explained.remark,
        free_text: explained.free_text.map(free_text),
        groups: groups.collect(),
        sha256: content.sha256.clone(),
        size: u32::try_from(content.bytes.len()).unwrap_or(u32::MAX),
    }
}

fn free_text(said: FreeText) -> FreeTextView {
    FreeTextView { instead: said.instead.into_iter().map(str::to_owned).collect() }
}

/// One line in words.
pub(super) fn line_of(vat_return: &VatReturn, said: &ExplainedLine) -> Option<LineView> {
    let line = vat_return.lines.get(said.index)?;
    Some(LineView {
        number: u32::try_from(said.index + 1).unwrap_or(u32::MAX),
        code: line.code.value.to_string(),
        description: said.description.to_owned(),
        specification: said.specification.clone(),
        own_code: line.own_code.as_ref().map(ToString::to_string),
        remark: said.remark.clone(),
        free_text: said.free_text.clone().map(free_text),
        base: line.base.as_ref().map(|base| kroner(base.value)),
        rate: line.rate.as_ref().map(|rate| rate.value.to_string()),
        vat: kroner(line.vat.value),
        deduction: said.deduction,
    })
}
