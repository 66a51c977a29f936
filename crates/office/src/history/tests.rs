#![allow(clippy::unwrap_used)]

use filing::filings::{NewFiling, Subject, begin, save};
use rust_decimal::Decimal;
use store::database::Database;
use vat_return::{Category, OrgNumber, Period, PeriodKind};
use view::{Delivered, ErrorCode, FilingState, ids::FilingId, problem};

use super::*;

/// Numbers of companies; none holds a figure that is searched for.
fn numbers() -> impl Iterator<Item = OrgNumber> {
    let all = (300_000_000..).map(|number: u32| number.to_string());
    all.filter(|number| !number.contains("207")).filter_map(|number| number.parse().ok())
}

/// A history of so many filings, a hundred companies, all received.
fn fill(db: &Database, filings: usize) {
    let companies: Vec<OrgNumber> = numbers().take(100).collect();
    db.write(|tx| {
        for n in 0..filings {
            let subject = Subject {
                environment: EnvironmentName::Production,
                org_number: companies[n % 100].clone(),
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
                    id: FilingId::named(&format!("filing-{n}")),
                    subject: &subject,
                    company_name: Some(&format!("Ærlig Bedrift nr-{:02} AS", n % 100)),
                    assessed_vat: Decimal::from(n),
                    sha256: "",
                    file_name: "mva.xml",
                    authorization: &access::authorizations::AuthorizationId::new("a"),
                    filed_by: Some("Ingrid Solvang"),
                    correction: false,
                    instance: None,
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

/// Makes the first hundred filings of a history into so many, one year after another: SQLite copies rows far quicker than
/// they are begun one by one.
fn multiply(db: &Database, filings: u32) {
    fill(db, 100);
    db.write(|tx| {
        let columns: Vec<String> = tx
            .prepare("SELECT name FROM pragma_table_info('filings')")?
            .query_map([], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        let values: Vec<&str> = columns
            .iter()
            .map(|column| match column.as_str() {
                "number" => "i + 1",
                "id" => "printf('%08x-0000-4000-8000-%012x', i, i)",
                "sum" => "NULL",
                "assessed_vat" => "CAST(i AS TEXT)",
                "period_year" => "2020 + i / 100",
                "search" => "substr(search, 1, length(search) - length(assessed_vat)) || i",
                same => same,
            })
            .collect();
        tx.execute(
            &format!(
                "WITH RECURSIVE counted(i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM counted WHERE i + 1 < ?1)
                 INSERT INTO filings ({}) SELECT {} FROM counted JOIN filings ON number = i % 100 + 1",
                columns.join(", "),
                values.join(", "),
            ),
            [filings],
        )?;
        Ok::<_, DatabaseError>(())
    })
    .unwrap();
}

fn find(db: &Database, text: &str, state: Option<FilingState>, offset: u32, limit: u32) -> (Vec<String>, u32) {
    let query = HistoryQuery { text: text.into(), state, offset, limit, ..HistoryQuery::default() };
    let (filings, total) = db.read(|db| search(db, EnvironmentName::Production, &query, None)).unwrap();
    (filings.into_iter().map(|filing| filing.id.name()).collect(), total)
}

#[test]
fn a_page_is_found_by_words_numbers_and_state() {
    let folder = tempfile::tempdir().unwrap();
    let db = Database::open(folder.path()).unwrap();
    fill(&db, 250);
    assert_eq!(find(&db, "ÆRLIG as nr-07 ", None, 0, 2), (vec!["filing-207".into(), "filing-107".into()], 3));
    assert_eq!(find(&db, &numbers().nth(7).unwrap().grouped(), None, 0, 9).0, ["filing-207", "filing-107", "filing-7"]);
    assert_eq!(find(&db, "", Some(FilingState::Waiting), 0, 9), (vec![], 0));
    assert_eq!(find(&db, "", Some(FilingState::Received), 249, 9), (vec!["filing-0".into()], 250));
    assert_eq!(find(&db, "%", None, 0, 9).1, 0, "no character is a wildcard");
    let other = db
        .read(|db| search(db, EnvironmentName::Practice, &HistoryQuery { limit: 9, ..HistoryQuery::default() }, None));
    assert_eq!(other.unwrap().1, 0, "every environment has a history of its own");
}

#[test]
fn what_was_delivered_last_stands_first_whatever_was_begun_first() {
    let folder = tempfile::tempdir().unwrap();
    let db = Database::open(folder.path()).unwrap();
    fill(&db, 5);
    let sent = |id: &str, begun: &str, delivered: Option<&str>| {
        db.write(|tx| {
            let row = (begun, delivered, FilingId::named(id));
            tx.execute("UPDATE filings SET sum = NULL, begun_at = ?1, delivered_at = ?2 WHERE id = ?3", row)?;
            Ok::<_, DatabaseError>(())
        })
        .unwrap();
    };
    sent("filing-0", "2026-11-21T10:00:00Z", Some("2026-11-21T10:41:02Z"));
    sent("filing-1", "2026-11-21T10:01:00Z", Some("2026-11-21T10:35:00.5Z"));
    sent("filing-2", "2026-11-21T10:40:00Z", None);
    sent("filing-3", "2026-11-21T10:03:00Z", Some("2026-11-21T10:41:03Z"));
    sent("filing-4", "2026-11-21T10:04:00Z", Some("2026-11-21T10:35:00.5Z"));
    let order = ["filing-3", "filing-0", "filing-2", "filing-4", "filing-1"];
    for (text, state) in [("", None), ("bedrift", None), ("", Some(FilingState::Received))] {
        assert_eq!(find(&db, text, state, 0, 9).0, order, "{text:?} {state:?}");
        let leafed: Vec<String> = (0..5).flat_map(|place| find(&db, text, state, place, 1).0).collect();
        assert_eq!(leafed, order, "a row at a time: {text:?} {state:?}");
    }
}

#[test]
fn a_page_is_read_in_the_order_of_an_index_and_never_sorted() {
    let folder = tempfile::tempdir().unwrap();
    let db = Database::open(folder.path()).unwrap();
    fill(&db, 1);
    let period = Some("2020/skattleggingsperiodeToMaaneder/januar-februar".to_owned());
    for (text, state, period) in [
        ("", None, None),
        ("bedrift", None, None),
        ("bedrift", Some(FilingState::Received), None),
        ("", Some(FilingState::Received), None),
        ("", None, period),
    ] {
        let query = HistoryQuery { text: text.into(), state, period, limit: 9, ..HistoryQuery::default() };
        let Condition { index, sql, values } = Condition::of(EnvironmentName::Production, &query);
        let plan: Vec<String> = db
            .read(|db| {
                db.prepare(&format!(
                    "EXPLAIN QUERY PLAN SELECT number FROM filings {index} WHERE {sql} ORDER BY {ORDER} LIMIT 9"
                ))?
                .query_map(params_from_iter(&values), |row| row.get("detail"))?
                .collect::<Result<_, _>>()
            })
            .unwrap();
        assert!(plan.len() == 1 && plan[0].contains("COVERING INDEX"), "{query:?}: {plan:?}");
    }
}

#[test]
fn a_period_is_chosen_from_those_that_are_there() {
    let folder = tempfile::tempdir().unwrap();
    let db = Database::open(folder.path()).unwrap();
    fill(&db, 800);
    let choices = db.read(|db| periods(db, EnvironmentName::Production, Language::Nb, None)).unwrap();
    let words: Vec<_> = choices.iter().map(|choice| (choice.year, choice.words.as_deref())).collect();
    assert_eq!(
        words[..5],
        [
            (2021, None),
            (2021, Some("Mars–april 2021")),
            (2021, Some("Januar–februar 2021")),
            (2020, None),
            (2020, Some("November–desember 2020"))
        ]
    );
    let of = |text: &str, state, key: &str| {
        let query =
            HistoryQuery { text: text.into(), state, period: Some(key.into()), limit: 9, ..HistoryQuery::default() };
        db.read(|db| search(db, EnvironmentName::Production, &query, None)).unwrap().1
    };
    assert_eq!((of("", None, &choices[0].key), of("", None, &choices[1].key)), (200, 100));
    assert_eq!(of("nr-07", None, &choices[3].key), 6);
    assert_eq!(of("nr-07", Some(FilingState::Waiting), &choices[3].key), 0);
    assert_eq!(of("", None, "2021'; DROP TABLE filings"), 200, "a year is a number and nothing else");
    assert_eq!(of("", None, "no year"), 0);
}

#[test]
fn the_last_page_is_counted_as_the_first_ones_are() {
    let folder = tempfile::tempdir().unwrap();
    let db = Database::open(folder.path()).unwrap();
    fill(&db, 250);
    for (offset, rows) in [(0, 100), (200, 50), (250, 0), (300, 0)] {
        let (found, total) = find(&db, "bedrift", None, offset, 100);
        assert_eq!((found.len(), total), (rows, 250), "{offset}");
    }
    let all = HistoryQuery { text: "bedrift".into(), ..HistoryQuery::default() };
    let mut each_of = Vec::new();
    db.read(|db| {
        each(db, EnvironmentName::Production, &all, |filing| {
            each_of.push(filing.id.name());
            Ok::<_, DatabaseError>(())
        })
    })
    .unwrap();
    assert_eq!((each_of.len(), each_of[0].as_str()), (250, "filing-249"));
}

#[test]
fn a_hundred_thousand_filings_are_searched() {
    let folder = tempfile::tempdir().unwrap();
    let db = Database::open(folder.path()).unwrap();
    multiply(&db, 100_000);
    for (text, wanted) in [("", 100_000), ("bedrift nr-42 as", 1_000), ("99 999", 1), ("finnes ikke", 0)] {
        assert_eq!(find(&db, text, None, 0, 50).1, wanted, "{text:?}");
    }
}

#[test]
fn it_answers_as_people_ask() {
    let folder = tempfile::tempdir().unwrap();
    let db = Database::open(folder.path()).unwrap();
    // A hundred companies; the first hundred filings are of January–February 2020, the next of March–April, and so on.
    fill(&db, 700);
    let found = |text: &str| find(&db, text, None, 0, 500);
    for (question, filing) in [
        ("nr-07 mars 2020", "filing-107"),
        ("nr-07 Mars–april 2020", "filing-107"),
        ("mars - april nr-07", "filing-107"),
        ("nr-07 mar.", "filing-107"),
        ("nr-07 march", "filing-107"),
        ("nr-07 termin 2", "filing-107"),
        ("2. termin nr-07", "filing-107"),
        ("nr-07 2021", "filing-607"),
        ("207 kr", "filing-207"),
        ("kr 207,00", "filing-207"),
        ("-207,-", "filing-207"),
        ("nr-07 desember", "filing-507"),
    ] {
        assert_eq!(found(question).0, [filing], "{question}");
    }
    assert_eq!(found("april").1, 100, "a month finds the periods that hold it");
    assert_eq!(found("2021").1, 100, "a year alone");
    assert_eq!(found("termin 2").1, 100);
    assert_eq!(found("januar-juni").1, 400, "periods within the months");
    assert_eq!(found("uke 9").1, 0);
    assert_eq!(found("nr-07 mi").1, 0, "two letters name no month");
}

#[test]
fn it_is_sorted_by_any_column_both_ways() {
    let folder = tempfile::tempdir().unwrap();
    let db = Database::open(folder.path()).unwrap();
    fill(&db, 250);
    let by = |sort, ascending| {
        let query = HistoryQuery { sort, ascending, limit: 2, ..HistoryQuery::default() };
        let (filings, total) = db.read(|db| search(db, EnvironmentName::Production, &query, None)).unwrap();
        assert_eq!(total, 250);
        filings.into_iter().map(|filing| filing.id.name()).collect::<Vec<_>>()
    };
    assert_eq!(by(HistorySort::Amount, true), ["filing-0", "filing-1"]);
    assert_eq!(by(HistorySort::Amount, false), ["filing-249", "filing-248"]);
    assert_eq!(by(HistorySort::Company, true), ["filing-200", "filing-100"], "within a company the latest first");
    assert_eq!(by(HistorySort::Company, false), ["filing-199", "filing-99"]);
    assert_eq!(by(HistorySort::Period, true), ["filing-99", "filing-98"]);
    assert_eq!(by(HistorySort::Period, false), ["filing-249", "filing-248"]);
    assert_eq!(by(HistorySort::Sent, true), ["filing-0", "filing-1"]);
}

/// Each try of a period that another desk has filed left a row that says so.
#[test]
fn a_period_that_others_have_filed_stands_once_however_often_it_is_tried() {
    let folder = tempfile::tempdir().unwrap();
    let db = Database::open(folder.path()).unwrap();
    let subject = |index| Subject {
        environment: EnvironmentName::Production,
        org_number: numbers().next().unwrap(),
        category: Category::Ordinary,
        period: Period { kind: PeriodKind::TwoMonths, index, year: 2026 },
    };
    let tried = |name: &str, index, state: FilingState, code: Option<ErrorCode>, instance: Option<&str>| {
        db.write(|tx| {
            let mut filing = begin(
                tx,
                &NewFiling {
                    id: FilingId::named(name),
                    subject: &subject(index),
                    company_name: None,
                    assessed_vat: Decimal::ONE,
                    sha256: name,
                    file_name: "mva.xml",
                    authorization: &access::authorizations::AuthorizationId::new("a"),
                    filed_by: Some("Ingrid Solvang"),
                    correction: false,
                    instance: None,
                    bytes: b"<mvaMeldingDto/>",
                    at: "2026-11-21T10:00:00Z".parse().unwrap(),
                    queued: false,
                },
            )?;
            filing.state = state;
            filing.instance = instance.map(|id| id.parse().unwrap());
            filing.problem = code.map(|code| problem::says(code, "Kari has filed it."));
            save(tx, &filing)
        })
        .unwrap();
    };
    let all = || find(&db, "", None, 0, 99).0;
    let filed = Some(ErrorCode::AlreadyFiled);
    tried("given up", 1, FilingState::Abandoned, None, None);
    tried("in Altinn", 1, FilingState::Abandoned, filed, Some("1/00000000-0000-4000-8000-000000000001"));
    tried("another period", 2, FilingState::Abandoned, filed, None);
    for name in ["first", "second", "third"] {
        tried(name, 1, FilingState::Abandoned, filed, None);
    }
    let mut kept = all();
    kept.sort();
    assert_eq!(kept, ["another period", "given up", "in Altinn", "third"]);
    tried("a correction", 1, FilingState::Received, None, None);
    let mut kept = all();
    kept.sort();
    assert_eq!(kept, ["a correction", "another period", "given up", "in Altinn"]);
}
