//! The returns a company has filed with Momsbud before, as the rules ask for them (R061, R062, R132, R133).
//!
//! They are not all that the authority has: the company may have filed elsewhere. The rules are told so, and conclude
//! nothing from the absence of a return but a gap between two that were seen.

use std::{
    collections::{HashMap, hash_map::Entry},
    sync::Arc,
};

use filing::filings::{self, FiledElsewhere, Filing};
use jiff::Timestamp;
use rusqlite::{Connection, params};
use store::database::{DatabaseError, columns::word};
use vat_return::{Category, Context, FiledReturn, History};
use view::{
    CardNote, EnvironmentName,
    texts::{moment, norwegian_date},
};

use super::desk::Desk;
use crate::cards::Card;

impl Desk {
    /// Checks returns again, now with what their companies have filed before, and notes on them that their period has
    /// been. Each company is looked for once.
    pub(super) fn check_against_history(&self, cards: &mut [Card], at: Timestamp) {
        let mut known: HashMap<(String, Category), Vec<Filing>> = HashMap::new();
        for card in cards {
            let (Ok(content), Some(org_number)) = (&card.content, card.org_number()) else { continue };
            let (category, period) = (content.vat_return.category.value, content.vat_return.period.value);
            let filed = match known.entry((org_number, category)) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(unknown) => {
                    let found = self.db.read(|db| filed_by(db, self.environment, &unknown.key().0, category));
                    // The return is checked all the same, only not by these rules; and filing asks again, and then it
                    // counts.
                    let found =
                        found.inspect_err(|error| tracing::error!(%error, "Earlier returns could not be read."));
                    unknown.insert(found.unwrap_or_default())
                }
            };
            // Of no earlier return there is nothing to conclude.
            if filed.is_empty() {
                continue;
            }
            let history = history(filed);
            let context = Context { history: Some(&history), ..Context::on(norwegian_date(at)) };
            card.check.own = Some(Arc::new(vat_return::check(&content.vat_return, &context)));
            // One that stands is told of before one that was rejected, however late that was.
            let same = filed
                .iter()
                .filter(|filing| filing.subject.period == period)
                .max_by_key(|it| (!it.state.is_rejected(), it.number));
            card.earlier = same.map(filed_before);
        }
    }
}

/// What a card says of a filing that has delivered its period.
pub(super) fn filed_before(earlier: &Filing) -> CardNote {
    CardNote::FiledBefore {
        at: moment(earlier.delivered_at.unwrap_or(earlier.begun_at)),
        filing: earlier.id.to_string(),
        state: earlier.state,
        person: earlier.filed_by.clone(),
    }
}

/// The same of another desk's filing.
pub(super) fn filed_elsewhere(earlier: &FiledElsewhere) -> CardNote {
    CardNote::FiledBefore {
        at: moment(earlier.delivered_at),
        filing: earlier.id.clone(),
        state: earlier.state,
        person: earlier.person.clone(),
    }
}

/// What a company has delivered in a category, whatever became of it.
///
/// # Errors
/// The database.
pub(super) fn filed_by(
    db: &Connection,
    environment: EnvironmentName,
    org_number: &str,
    category: Category,
) -> Result<Vec<Filing>, DatabaseError> {
    filings::many(
        db,
        "environment = ?1 AND org_number = ?2 AND category = ?3 AND delivered = 'yes'",
        params![word(&environment), org_number, category.xml()],
    )
}

/// The same as the rules ask for it.
pub(super) fn history(filed: &[Filing]) -> History {
    let returns = filed.iter().filter(|filing| filing.state.counts_as_filed()).map(|filing| FiledReturn {
        category: filing.subject.category,
        period: filing.subject.period,
        assessed_vat: filing.assessed_vat,
        delivered: norwegian_date(filing.delivered_at.unwrap_or(filing.begun_at)),
    });
    History { returns: returns.collect(), complete: false, next_period_open: None }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use rust_decimal::Decimal;
    use vat_return::{Period, PeriodKind, VatReturn, Verdict, check, read, samples};

    use super::*;
    use filing::filings::{NewFiling, Subject, begin, save};
    use store::database::Database;
    use view::{Delivered, FilingState, ids::FilingId};

    /// A filing of the sample's company for a two-month period of 2026.
    fn filed(db: &Database, vat_return: &VatReturn, index: u8, environment: EnvironmentName, state: FilingState) {
        let subject = Subject {
            environment,
            org_number: vat_return.org_number.as_ref().unwrap().value.parse().unwrap(),
            category: Category::Ordinary,
            period: Period { kind: PeriodKind::TwoMonths, index, year: 2026 },
        };
        let at: Timestamp = "2026-04-10T21:59:59Z".parse().unwrap();
        let new = NewFiling {
            id: FilingId::named(&format!("{index} {environment:?}")),
            subject: &subject,
            company_name: None,
            assessed_vat: Decimal::from(1000),
            sha256: "",
            file_name: "mva.xml",
            authorization: &access::authorizations::AuthorizationId::new("a"),
            filed_by: Some("Ingrid Solvang"),
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
            let number = vat_return.org_number.as_ref().unwrap().value.to_string();
            let filed = db.read(|db| filed_by(db, EnvironmentName::Production, &number, Category::Ordinary)).unwrap();
            let history = history(&filed);
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
