//! Where the rules put what they find.

use super::rule::Rule;
use super::subject::{LineFacts, Subject};
use crate::finding::{Finding, Value};
use crate::model::{Category, Position};
use crate::tables::Code;
use compact_str::ToCompactString;

/// Values for a finding's text, by the name the text has for them.
pub(super) type Values<const N: usize> = [(&'static str, Value); N];

/// The findings of one check, and the rule that is being asked.
#[derive(Debug)]
pub(super) struct Findings {
    rule: &'static Rule,
    category: Category,
    findings: Vec<Finding>,
}

impl Findings {
    pub(super) fn new(rule: &'static Rule, category: Category) -> Self {
        Self { rule, category, findings: Vec::new() }
    }

    pub(super) fn ask(&mut self, rule: &'static Rule) {
        self.rule = rule;
    }

    pub(super) fn into_findings(self) -> Vec<Finding> {
        self.findings
    }

    /// Something about a line.
    pub(super) fn line<const N: usize>(&mut self, line: &LineFacts<'_>, values: Values<N>) {
        self.line_at(line, line.line.at, "", values);
    }

    /// Something about a line, at a place within it, said with a text of its own.
    pub(super) fn line_at<const N: usize>(
        &mut self,
        line: &LineFacts<'_>,
        at: Position,
        variant: &'static str,
        values: Values<N>,
    ) {
        self.findings.push(Finding {
            line: Some(line.index),
            vat_code: Some(line.line.code.value.clone()),
            variant,
            ..self.finding(at, values)
        });
    }

    /// Something about all lines of a code, placed at one of them.
    pub(super) fn code<const N: usize>(&mut self, subject: &Subject<'_>, line: usize, code: Code, values: Values<N>) {
        let at = subject.line(line).map_or(subject.ret.assessed_vat.at, |line| line.line.at);
        self.findings.push(Finding {
            line: Some(line),
            vat_code: Some(code.to_compact_string()),
            ..self.finding(at, values)
        });
    }

    /// Something about the whole return, at the place of what decides it.
    pub(super) fn on_return<const N: usize>(&mut self, at: Position, values: Values<N>) {
        let finding = self.finding(at, values);
        self.findings.push(finding);
    }

    /// The same, said with a text of its own.
    pub(super) fn on_return_as<const N: usize>(&mut self, at: Position, variant: &'static str, values: Values<N>) {
        let finding = Finding { variant, ..self.finding(at, values) };
        self.findings.push(finding);
    }

    fn finding<const N: usize>(&self, at: Position, values: Values<N>) -> Finding {
        Finding {
            rule: self.rule.number,
            identifier: self.rule.identifier,
            severity: self.rule.severity,
            at: Some(at),
            line: None,
            vat_code: None,
            category: self.category,
            variant: "",
            values: values.into(),
        }
    }
}
