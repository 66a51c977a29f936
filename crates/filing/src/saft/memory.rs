//! Answers that are remembered for the next file, by company and accounting system.

use books::{Answers, Question, QuestionKind};
use jiff::Timestamp;
use rusqlite::{Connection, Transaction, params};
use store::database::{DatabaseError, columns::word};
use vat_return::Language;
use view::{BooksRemembered, EnvironmentName};

/// One remembered answer.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StoredAnswers {
    /// The company it was answered for.
    pub org_number: String,
    /// The system whose file asked.
    pub system: String,
    /// What was asked.
    pub question: String,
    /// The period it was answered for; none where it holds for every one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
    /// What was answered.
    pub answer: String,
}

impl StoredAnswers {
    /// The same in words.
    pub fn view(&self, language: Language) -> BooksRemembered {
        let (kind, about) = match self.question.split_once(':') {
            Some((kind, about)) => (kind, Some(about)),
            None => (self.question.as_str(), None),
        };
        let question = QuestionKind::of_name(kind).map(|kind| Question {
            kind,
            about: about.unwrap_or_default().to_owned(),
            vouchers: Vec::new(),
            effect: 0,
            foreign: false,
            choices: Vec::new(),
            suggestion: None,
        });
        let line = |text: &str| String::from(shown::Shown::line(text));
        BooksRemembered {
            id: self.question.clone(),
            title: question.as_ref().map_or_else(|| line(kind), |question| question.title(language).to_owned()),
            about: about.map(line),
            answer: question
                .as_ref()
                .map_or_else(|| line(&self.answer), |question| line(&question.option(&self.answer, language).title)),
            period: self.period.clone(),
        }
    }
}

/// What is remembered for a company and its system: for every period, and for this one.
///
/// # Errors
/// The database.
pub fn answers(
    db: &Connection,
    environment: EnvironmentName,
    org_number: &str,
    system: &str,
    period: Option<&str>,
) -> Result<Answers, DatabaseError> {
    let mut statement = db.prepare_cached(
        "SELECT question, answer FROM books_answers
         WHERE environment = ?1 AND org_number = ?2 AND system = ?3 AND period IN ('', ?4) ORDER BY period",
    )?;
    let rows = statement
        .query_map(params![word(&environment), org_number, system, period.unwrap_or_default()], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
        })?;
    Ok(rows.collect::<Result<Vec<_>, _>>()?.into_iter().collect())
}

/// A period as the table has it: its key has one, empty for an answer that holds for every period.
fn of_every(column: String) -> Option<String> {
    Some(column).filter(|period| !period.is_empty())
}

/// Everything that is remembered in an environment.
///
/// # Errors
/// The database.
pub fn all(db: &Connection, environment: EnvironmentName) -> Result<Vec<StoredAnswers>, DatabaseError> {
    let mut statement = db.prepare_cached(
        "SELECT org_number, system, question, period, answer FROM books_answers WHERE environment = ?1
         ORDER BY org_number, system, period, question",
    )?;
    let rows = statement.query_map(params![word(&environment)], |row| {
        Ok(StoredAnswers {
            org_number: row.get(0)?,
            system: row.get(1)?,
            question: row.get(2)?,
            period: row.get::<_, String>(3).map(of_every)?,
            answer: row.get(4)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Keeps an answer, or takes it away when there is none any more.
///
/// # Errors
/// The database.
pub fn keep(
    tx: &Transaction<'_>,
    environment: EnvironmentName,
    of: &StoredAnswers,
    at: Timestamp,
) -> Result<(), DatabaseError> {
    let StoredAnswers { org_number, system, question, period, answer } = of;
    let period = period.as_deref().unwrap_or_default();
    if answer.trim().is_empty() {
        tx.execute(
            "DELETE FROM books_answers
             WHERE environment = ?1 AND org_number = ?2 AND system = ?3 AND question = ?4 AND period = ?5",
            params![word(&environment), org_number, system, question, period],
        )?;
    } else {
        tx.execute(
            "INSERT INTO books_answers (environment, org_number, system, question, period, answer, at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT DO UPDATE SET answer = excluded.answer, at = excluded.at",
            params![word(&environment), org_number, system, question, period, answer, at.to_string()],
        )?;
    }
    Ok(())
}

/// Forgets one answer of a company and system, or all of them.
///
/// # Errors
/// The database.
pub fn forget(
    tx: &Transaction<'_>,
    environment: EnvironmentName,
    org_number: &str,
    system: &str,
    question: Option<&str>,
) -> Result<(), DatabaseError> {
    tx.execute(
        "DELETE FROM books_answers
         WHERE environment = ?1 AND org_number = ?2 AND system = ?3 AND (?4 IS NULL OR question = ?4)",
        params![word(&environment), org_number, system, question],
    )?;
    Ok(())
}
