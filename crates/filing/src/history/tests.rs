#![allow(clippy::unwrap_used)]

use rust_decimal::Decimal;
use vat_return::{Category, Period, PeriodKind};

use super::*;
use crate::{
    database::Database,
    filings::{NewFiling, Subject, begin, save},
    view::{Delivered, FilingState},
};

/// A history of so many filings, a hundred companies, all received.
fn fill(db: &Database, filings: usize) {
    db.write(|tx| {
        for n in 0..filings {
            let subject = Subject {
                environment: EnvironmentName::Production,
                org_number: format!("{:09}", 300_000_000 + n % 100),
                category: Category::Ordinary,
                period: Period {
                    kind: PeriodKind::TwoMonths,
                    index: (n / 100 % 6 + 1) as u8,
                    year: 2020 + (n / 600) as i32,
                },
            };
            let mut filing = begin(
                tx,
                &NewFiling {
                    id: format!("filing-{n}"),
                    subject: &subject,
                    company_name: Some(&format!("Ærlig Bedrift nr-{:02} AS", n % 100)),
                    assessed_vat: Decimal::from(n),
                    sha256: "",
                    file_name: "mva.xml",
                    authorization: "a",
                    filed_by: "Ingrid Solvang",
                    correction: false,
                    bytes: b"<mvaMeldingDto/>",
                    at: "2026-11-21T10:00:00Z".parse().unwrap(),
                    queued: false,
                },
            )?;
            filing.state = FilingState::Received;
            filing.delivered = Delivered::Yes;
            save(tx, &filing)?;
        }
        Ok::<_, DatabaseError>(())
    })
    .unwrap();
}

fn find(db: &Database, text: &str, state: Option<FilingState>, offset: u32, limit: u32) -> (Vec<String>, u32) {
    let query = HistoryQuery { text: text.into(), state, offset, limit };
    let (filings, total) = db.read(|db| search(db, EnvironmentName::Production, &query)).unwrap();
    (filings.into_iter().map(|filing| filing.id).collect(), total)
}

#[test]
fn a_page_is_found_by_words_numbers_and_state() {
    let folder = tempfile::tempdir().unwrap();
    let db = Database::open(folder.path()).unwrap();
    fill(&db, 250);
    assert_eq!(find(&db, "ÆRLIG as nr-07 ", None, 0, 2), (vec!["filing-207".into(), "filing-107".into()], 3));
    assert_eq!(find(&db, "300 000 007", None, 0, 9).0, ["filing-207", "filing-107", "filing-7"]);
    assert_eq!(find(&db, "", Some(FilingState::Waiting), 0, 9), (vec![], 0));
    assert_eq!(find(&db, "", Some(FilingState::Received), 249, 9), (vec!["filing-0".into()], 250));
    assert_eq!(find(&db, "%", None, 0, 9).1, 0, "no character is a wildcard");
    let other =
        db.read(|db| search(db, EnvironmentName::Practice, &HistoryQuery { limit: 9, ..HistoryQuery::default() }));
    assert_eq!(other.unwrap().1, 0, "every environment has a history of its own");
}

#[test]
fn a_hundred_thousand_filings_are_searched() {
    let folder = tempfile::tempdir().unwrap();
    let db = Database::open(folder.path()).unwrap();
    fill(&db, 100_000);
    for (text, wanted) in [("", 100_000), ("bedrift nr-42 as", 1_000), ("99 999", 1), ("finnes ikke", 0)] {
        assert_eq!(find(&db, text, None, 0, 50).1, wanted, "{text:?}");
    }
}
