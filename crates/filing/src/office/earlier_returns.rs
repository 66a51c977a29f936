//! The returns a company has filed with Momsbud before, as the rules ask for them (R061, R062, R132, R133).
//!
//! They are not all that the authority has: the company may have filed elsewhere. The rules are told so, and conclude
//! nothing from the absence of a return but a gap between two that were seen.

use jiff::Timestamp;
use rusqlite::{Connection, params};
use vat_return::{Context, FiledReturn, History, VatReturn};

use super::desk::Desk;
use crate::{
    cards::Card,
    database::DatabaseError,
    filings::{self, word},
    view::EnvironmentName,
    words::norwegian_date,
};

impl Desk {
    /// Checks a return again, now with what its company has filed before.
    pub(super) fn check_with_history(&self, card: &mut Card, at: Timestamp) {
        let Ok(content) = &card.content else { return };
        match self.db.read(|db| before(db, self.environment, &content.vat_return)) {
            // Of no earlier return there is nothing to conclude.
            Ok(history) if history.returns.is_empty() => {}
            Ok(history) => {
                let context = Context { history: Some(&history), ..Context::on(norwegian_date(at)) };
                card.check.own = Some(vat_return::check(&content.vat_return, &context));
            }
            // The return is checked all the same, only not by these rules.
            Err(error) => tracing::error!(%error, "Earlier returns could not be read."),
        }
    }
}

/// What the company of a return has filed in its category; nothing when the return names no company.
///
/// # Errors
/// The database.
fn before(db: &Connection, environment: EnvironmentName, vat_return: &VatReturn) -> Result<History, DatabaseError> {
    let Some(org_number) = &vat_return.org_number else { return Ok(History::default()) };
    let filed = filings::many(
        db,
        "environment = ?1 AND org_number = ?2 AND category = ?3 AND delivered = 'yes' AND state <> 'refused'",
        params![word(&environment), org_number.value.as_str(), vat_return.category.value.xml()],
    )?;
    let returns = filed.into_iter().map(|filing| FiledReturn {
        category: filing.subject.category,
        period: filing.subject.period,
        assessed_vat: filing.assessed_vat,
        delivered: norwegian_date(filing.delivered_at.unwrap_or(filing.begun_at)),
    });
    Ok(History { returns: returns.collect(), complete: false, next_period_open: None })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use rust_decimal::Decimal;
    use vat_return::{Category, Period, PeriodKind, Verdict, check, read, samples};

    use super::*;
    use crate::{
        database::Database,
        filings::{NewFiling, Subject, begin, save},
        view::{Delivered, FilingState},
    };

    /// A filing of the sample's company for a two-month period of 2026.
    fn filed(db: &Database, vat_return: &VatReturn, index: u8, environment: EnvironmentName, state: FilingState) {
        let subject = Subject {
            environment,
            org_number: vat_return.org_number.as_ref().unwrap().value.to_string(),
            category: Category::Ordinary,
            period: Period { kind: PeriodKind::TwoMonths, index, year: 2026 },
        };
        let at: Timestamp = "2026-04-10T21:59:59Z".parse().unwrap();
        let new = NewFiling {
            id: format!("{index} {environment:?}"),
            subject: &subject,
            company_name: None,
            assessed_vat: Decimal::from(1000),
            sha256: "",
            file_name: "mva.xml",
            authorization: "a",
            filed_by: "Ingrid Solvang",
            correction: false,
            queued: false,
            instance: None,
            bytes: b"",
            at,
        };
        db.write(|tx| {
            let mut filing = begin(tx, &new)?;
            filing.state = state;
            filing.delivered = Delivered::Yes;
            filing.delivered_at = Some(at);
            save(tx, &filing)
        })
        .unwrap();
    }

    #[test]
    fn a_gap_in_what_was_filed_is_found() {
        let sample = samples::by_id("fjordlys").unwrap();
        let vat_return = read(sample.bytes).unwrap();
        // The sample is for September and October: periods 3 and 4 lie between.
        assert_eq!(vat_return.period.value, Period { kind: PeriodKind::TwoMonths, index: 5, year: 2026 });
        let folder = tempfile::tempdir().unwrap();
        let db = Database::open(folder.path()).unwrap();
        let rules = || {
            let history = db.read(|db| before(db, EnvironmentName::Production, &vat_return)).unwrap();
            let context =
                Context { history: Some(&history), ..Context::on("2026-11-21".parse::<jiff::civil::Date>().unwrap()) };
            let report = check(&vat_return, &context);
            let rules: Vec<&str> = report.findings.iter().map(|finding| finding.rule).collect();
            (rules, report.verdict, history.returns.len())
        };
        assert_eq!(rules(), (vec![], Verdict::Ok, 0));
        filed(&db, &vat_return, 2, EnvironmentName::Practice, FilingState::Received);
        filed(&db, &vat_return, 1, EnvironmentName::Production, FilingState::Refused);
        assert_eq!(rules(), (vec![], Verdict::Ok, 0), "another environment and a refused return tell nothing");
        filed(&db, &vat_return, 3, EnvironmentName::Production, FilingState::Received);
        assert_eq!(rules(), (vec!["R061"], Verdict::Deviating, 1));
        filed(&db, &vat_return, 4, EnvironmentName::Production, FilingState::Received);
        assert_eq!(rules(), (vec![], Verdict::Ok, 2));
    }
}
