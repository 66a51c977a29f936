//! What only the entity register and the VAT register can tell.

use super::findings::Findings;
use super::subject::{INPUT, Subject};
use crate::context::{Entity, Obligation, Register};
use crate::finding::Value;
use crate::model::Position;
use crate::tables::{Categories, CodeSet};

/// No obligation of category alminnelig.
pub(super) fn r047(subject: &Subject<'_>, register: &Register, found: &mut Findings) {
    no_obligation(subject, register, found);
}

/// No obligation of category primaernaering.
pub(super) fn r048(subject: &Subject<'_>, register: &Register, found: &mut Findings) {
    no_obligation(subject, register, found);
}

fn no_obligation(subject: &Subject<'_>, register: &Register, found: &mut Findings) {
    if own(subject, register).next().is_none() {
        found.on_return(subject.ret.category.at, [category(subject)]);
    }
}

/// Another kind of period than the one registered (alminnelig).
pub(super) fn r049(subject: &Subject<'_>, register: &Register, found: &mut Findings) {
    other_kind(subject, register, found);
}

/// Another kind of period than the one registered (primaernaering).
pub(super) fn r050(subject: &Subject<'_>, register: &Register, found: &mut Findings) {
    other_kind(subject, register, found);
}

fn other_kind(subject: &Subject<'_>, register: &Register, found: &mut Findings) {
    let period = subject.ret.period.value;
    let kinds = || own(subject, register).filter_map(|obligation| obligation.kind);
    if let Some(registered) = kinds().next()
        && !kinds().any(|kind| kind == period.kind)
    {
        found.on_return(
            subject.ret.period.at,
            [("period", Value::Period(period)), ("registered", Value::Kind(registered))],
        );
    }
}

/// The payer belongs to a joint registration that another reports for.
pub(super) fn r051(subject: &Subject<'_>, register: &Register, found: &mut Findings) {
    if register.represented_by_another {
        found.on_return(payer_at(subject), []);
    }
}

/// A code outside the list for alminnelig, when a category is registered.
pub(super) fn r053(subject: &Subject<'_>, register: &Register, found: &mut Findings) {
    code_not_allowed(subject, register, found);
}

/// A code outside the list for primaernaering, when a category is registered.
pub(super) fn r054(subject: &Subject<'_>, register: &Register, found: &mut Findings) {
    code_not_allowed(subject, register, found);
}

/// The published list of allowed codes is the whole code list.
fn code_not_allowed(subject: &Subject<'_>, register: &Register, found: &mut Findings) {
    if register.obligations.is_empty() {
        return;
    }
    for line in subject.lines(subject.tables.known.others()).iter() {
        found.line_at(line, line.line.code.at, "", []);
    }
}

/// The first day of the period is outside the obligation (alminnelig).
pub(super) fn r072(subject: &Subject<'_>, register: &Register, found: &mut Findings) {
    outside_obligation(subject, register, found);
}

/// The first day of the period is outside the obligation (primaernaering).
pub(super) fn r073(subject: &Subject<'_>, register: &Register, found: &mut Findings) {
    outside_obligation(subject, register, found);
}

fn outside_obligation(subject: &Subject<'_>, register: &Register, found: &mut Findings) {
    let day = subject.first_day;
    let holds = |obligation: &Obligation| obligation.from <= day && obligation.to.is_none_or(|to| to >= day);
    if let Some(obligation) = own(subject, register).next()
        && !own(subject, register).any(holds)
    {
        found.on_return(
            subject.ret.period.at,
            [("period", Value::Period(subject.ret.period.value)), ("from", Value::Day(obligation.from))],
        );
    }
}

/// A one-off registration, and a code of input tax.
pub(super) fn r083(subject: &Subject<'_>, register: &Register, found: &mut Findings) {
    if own(subject, register).any(|obligation| obligation.one_off) {
        for line in subject.lines(INPUT).iter() {
            found.line(line, []);
        }
    }
}

/// A municipal enterprise claims compensation.
pub(super) fn r094(subject: &Subject<'_>, register: &Register, found: &mut Findings) {
    form("KF", subject, register, found);
}

/// A county enterprise claims compensation.
pub(super) fn r128(subject: &Subject<'_>, register: &Register, found: &mut Findings) {
    form("FKF", subject, register, found);
}

/// An organisational unit claims compensation.
pub(super) fn r129(subject: &Subject<'_>, register: &Register, found: &mut Findings) {
    form("ORGL", subject, register, found);
}

/// A sub-unit claims compensation.
pub(super) fn r130(subject: &Subject<'_>, register: &Register, found: &mut Findings) {
    form("BEDR", subject, register, found);
}

/// The payer's organisation form is not known.
pub(super) fn r126(subject: &Subject<'_>, register: &Register, found: &mut Findings) {
    form("UDEF", subject, register, found);
}

fn form(form: &str, subject: &Subject<'_>, register: &Register, found: &mut Findings) {
    if register.entity.as_ref().is_some_and(|entity| entity.form == form) {
        found.on_return(payer_at(subject), [payer(subject)]);
    }
}

/// No VAT obligation for the period, and a code of import.
pub(super) fn r101(subject: &Subject<'_>, register: &Register, found: &mut Findings) {
    const IMPORT: CodeSet = CodeSet::of(&[81, 83]);
    if !obliged(register).any(|obligation| touches(obligation, subject)) {
        for line in subject.lines(IMPORT).iter() {
            found.line(line, []);
        }
    }
}

/// A VAT obligation for the whole period of a reverse charge return.
pub(super) fn r121(subject: &Subject<'_>, register: &Register, found: &mut Findings) {
    if obliged(register).any(|obligation| covers(obligation, subject)) {
        found.on_return(subject.ret.period.at, [("period", Value::Period(subject.ret.period.value))]);
    }
}

/// A VAT obligation for a part of the period of a reverse charge return.
pub(super) fn r123(subject: &Subject<'_>, register: &Register, found: &mut Findings) {
    if !obliged(register).any(|obligation| covers(obligation, subject))
        && obliged(register).any(|obligation| touches(obligation, subject))
    {
        found.on_return(subject.ret.period.at, [("period", Value::Period(subject.ret.period.value))]);
    }
}

/// A payer of compensation is not, or no longer, in the entity register for the period.
pub(super) fn r125(subject: &Subject<'_>, register: &Register, found: &mut Findings) {
    not_registered(subject, register, found);
}

/// A payer is not, or no longer, in the entity register for the period.
pub(super) fn r131(subject: &Subject<'_>, register: &Register, found: &mut Findings) {
    not_registered(subject, register, found);
}

/// The published condition contradicts itself; read as deleted before the period began.
fn not_registered(subject: &Subject<'_>, register: &Register, found: &mut Findings) {
    let gone = |entity: &Entity| entity.deleted.is_some_and(|day| day < subject.first_day);
    if register.entity.as_ref().is_none_or(gone) {
        found.on_return(payer_at(subject), [payer(subject)]);
    }
}

/// The obligations of the return's own category.
fn own<'r>(subject: &Subject<'_>, register: &'r Register) -> impl Iterator<Item = &'r Obligation> {
    let category = subject.category();
    register.obligations.iter().filter(move |obligation| obligation.category == category)
}

/// The obligations to file ordinary returns.
fn obliged(register: &Register) -> impl Iterator<Item = &Obligation> {
    register.obligations.iter().filter(|obligation| Categories::ORDINARY.has(obligation.category))
}

fn touches(obligation: &Obligation, subject: &Subject<'_>) -> bool {
    obligation.from <= subject.last_day && obligation.to.is_none_or(|to| to >= subject.first_day)
}

fn covers(obligation: &Obligation, subject: &Subject<'_>) -> bool {
    obligation.from <= subject.first_day && obligation.to.is_none_or(|to| to >= subject.last_day)
}

fn payer_at(subject: &Subject<'_>) -> Position {
    subject.ret.org_number.as_ref().map_or(subject.ret.category.at, |number| number.at)
}

fn payer(subject: &Subject<'_>) -> (&'static str, Value) {
    let number = subject.ret.org_number.as_ref().map(|number| number.value.clone()).unwrap_or_default();
    ("payer", Value::Payer(number))
}

fn category(subject: &Subject<'_>) -> (&'static str, Value) {
    ("kind", Value::Category(subject.category()))
}
