//! A filing as a row of the database.
//!
//! A disk changes bytes without a word. What a filing must not lose (what it is about, whether and where it was
//! delivered, what is to be paid) has a sum in its row; where it does not agree the row is damaged, and is not taken for
//! another filing. The rest is read as far as it can be: a name that is no text any more costs the name and nothing else.

use std::sync::LazyLock;

use access::authorizations::AuthorizationId;
use jiff::Timestamp;
use rusqlite::{Connection, Row, types::ValueRef};
use shown::Shown;
use store::{
    database::{
        DatabaseError,
        columns::{from_word, moment, parse, word},
    },
    digest::sha256,
};
use vat_return::{Category, PaymentKid, Period};
use view::state::sql;

use super::{Filing, Payment, Subject};

pub(super) static COLUMNS: LazyLock<String> = LazyLock::new(|| {
    format!(
        "{PLAIN},
        EXISTS (SELECT 1 FROM filings AS later WHERE later.environment = f.environment
            AND later.org_number = f.org_number AND later.category = f.category AND later.period_year = f.period_year
            AND later.period_element = f.period_element AND later.period_value = f.period_value
            AND later.number > f.number AND later.delivered = 'yes' AND later.state IN {})",
        *sql::COUNTS_AS_FILED
    )
});

/// Those that stand in the row itself.
const PLAIN: &str = "number, id, environment, org_number, company_name, category, period_element, period_value,
    period_year, assessed_vat, sha256, file_name, authorization, filed_by, correction, state, step, delivered, instance,
    problem, begun_at, delivered_at, payment_amount, payment_kid, payment_account, payment_due, archive_folder, files,
    signed_by, verdict, substatus, sum";

/// Reads a row of [`COLUMNS`].
///
/// # Errors
/// A value that was never written.
pub(super) fn read(row: &Row<'_>) -> Result<Filing, DatabaseError> {
    let filing = read_plain(row)?;
    // It stands behind those of the row itself.
    Ok(Filing { replaced: row.get(row.as_ref().column_count() - 1)?, ..filing })
}

fn read_plain(row: &Row<'_>) -> Result<Filing, DatabaseError> {
    let (category, element, value): (String, String, String) = (exact(row, 5)?, exact(row, 6)?, exact(row, 7)?);
    let payment = match exact_or_none(row, 22)? {
        None => None,
        Some(amount) => Some(Payment {
            amount: parse("payment_amount", amount)?,
            kid: exact_or_none(row, 23)?.and_then(PaymentKid::new),
            account: exact_or_none(row, 24)?,
            due: exact_or_none(row, 25)?.map(|due| parse("payment_due", due)).transpose()?,
        }),
    };
    let filing = Filing {
        number: row.get(0)?,
        id: parse("id", exact(row, 1)?)?,
        subject: Subject {
            environment: from_word("environment", exact(row, 2)?)?,
            org_number: parse("org_number", exact(row, 3)?)?,
            category: Category::from_xml(&category)
                .ok_or(DatabaseError::Value { column: "category", found: category })?,
            period: Period::from_xml(&element, &value, row.get(8)?)
                .ok_or_else(|| DatabaseError::Value { column: "period", found: format!("{element} {value}") })?,
        },
        company_name: shown_or_none(row, 4)?.map(|name| line(&name)),
        assessed_vat: parse("assessed_vat", exact(row, 9)?)?,
        sha256: exact(row, 10)?,
        file_name: line(&shown(row, 11)?),
        authorization: filled(shown(row, 12)?).map(AuthorizationId::new),
        filed_by: filled(line(&shown(row, 13)?)),
        correction: row.get(14)?,
        state: from_word("state", exact(row, 15)?)?,
        step: from_word("step", exact(row, 16)?)?,
        delivered: from_word("delivered", exact(row, 17)?)?,
        instance: exact_or_none(row, 18)?.map(|id| parse("instance", id)).transpose()?,
        // A problem of a newer program is dropped rather than the filing: what it waits for is found out anew.
        problem: shown_or_none(row, 19)?.and_then(|json| serde_json::from_str(&json).ok()),
        begun_at: moment("begun_at", exact(row, 20)?)?,
        // When it was delivered is less than that it was.
        delivered_at: shown_or_none(row, 21)?.and_then(|at| moment("delivered_at", at).ok()),
        payment,
        // What Skatteetaten thinks of it is read again from its answer.
        verdict: shown_or_none(row, 29)?.and_then(|word| from_word("verdict", word).ok()),
        // A label is shown and nothing more: one that cannot be read costs only itself.
        substatus: shown_or_none(row, 30)?.and_then(|json| serde_json::from_str(&json).ok()),
        archive_folder: exact_or_none(row, 26)?,
        // The list of files is shown; the folder itself has them.
        files: serde_json::from_str(&shown(row, 27)?).unwrap_or_default(),
        replaced: false,
        signed_by: shown_or_none(row, 28)?.map(|name| line(&name)),
    };
    match exact_or_none(row, 31)? {
        Some(sum) if sum != sum_of(&filing) => Err(DatabaseError::Value { column: "sum", found: sum }),
        _ => Ok(filing),
    }
}

/// The sum of what a filing must not lose.
pub(super) fn sum_of(filing: &Filing) -> String {
    // Named whole, so that a new field is either in the sum or left out knowingly. With one more in it the stored sums fit no
    // row any more: the migration takes them away (`UPDATE filings SET sum = NULL`).
    let Filing {
        id,
        subject,
        assessed_vat,
        sha256: return_sha256,
        correction,
        delivered,
        instance,
        begun_at,
        payment,
        archive_folder,
        // Names: they cost themselves and nothing else.
        company_name: _,
        file_name: _,
        filed_by: _,
        signed_by: _,
        // What is found out anew.
        number: _,
        authorization: _,
        state: _,
        step: _,
        problem: _,
        delivered_at: _,
        verdict: _,
        substatus: _,
        files: _,
        replaced: _,
    } = filing;
    let payment = payment.as_ref();
    let parts = [
        id.to_string(),
        word(&subject.environment),
        subject.org_number.to_string(),
        subject.category.xml().to_owned(),
        subject.period.xml_element().to_owned(),
        subject.period.xml_value().to_string(),
        subject.period.year.to_string(),
        assessed_vat.to_string(),
        return_sha256.clone(),
        correction.to_string(),
        word(delivered),
        instance.as_ref().map(ToString::to_string).unwrap_or_default(),
        begun_at.to_string(),
        payment.map(|it| it.amount.to_string()).unwrap_or_default(),
        payment.and_then(|it| it.kid.as_ref()).map(ToString::to_string).unwrap_or_default(),
        payment.and_then(|it| it.account.clone()).unwrap_or_default(),
        payment.and_then(|it| it.due).map(|due| due.to_string()).unwrap_or_default(),
        archive_folder.clone().unwrap_or_default(),
    ];
    let mut sum = sha256(parts.join("\0").as_bytes());
    sum.truncate(16);
    sum
}

/// A row that cannot be read as a filing.
#[derive(Debug)]
pub struct BadRow {
    pub number: i64,
    pub why: DatabaseError,
}

/// Looks through all rows for those that cannot be read.
///
/// # Errors
/// The database itself.
pub fn bad_rows(db: &Connection) -> Result<Vec<BadRow>, DatabaseError> {
    let mut statement = db.prepare(&format!("SELECT {PLAIN} FROM filings"))?;
    let mut rows = statement.query([])?;
    let mut bad = Vec::new();
    while let Some(row) = rows.next()? {
        if let Err(why) = read_plain(row) {
            bad.push(BadRow { number: row.get(0)?, why });
        }
    }
    Ok(bad)
}

/// Puts a damaged row out of everybody's way, with all that can be told of it. Says what it seems to have been.
///
/// # Errors
/// The database.
pub fn set_aside(tx: &Connection, bad: &BadRow, at: Timestamp) -> Result<String, DatabaseError> {
    let (what, content) = {
        let mut statement = tx.prepare("SELECT * FROM filings WHERE number = ?1")?;
        let names: Vec<String> = statement.column_names().into_iter().map(str::to_owned).collect();
        let mut rows = statement.query([bad.number])?;
        let Some(row) = rows.next()? else { return Ok(String::new()) };
        let mut content = serde_json::Map::new();
        for (place, name) in names.into_iter().enumerate() {
            content.insert(name, lossy(row.get_ref(place)?).into());
        }
        let told = |name: &str| content.get(name).and_then(|it| it.as_str()).unwrap_or_default().to_owned();
        let what = ["company_name", "org_number", "period_value", "period_year"].map(told).join(" ");
        (what.trim().to_owned(), serde_json::Value::Object(content).to_string())
    };
    tx.execute(
        "INSERT INTO set_aside (at, what, content) VALUES (?1, ?2, ?3)",
        rusqlite::params![at.to_string(), format!("{what}: {}", bad.why), content],
    )?;
    tx.execute("DELETE FROM filings WHERE number = ?1", [bad.number])?;
    Ok(what)
}

fn lossy(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null => String::new(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => number.to_string(),
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// A text that must be as it was written.
fn exact(row: &Row<'_>, place: usize) -> Result<String, DatabaseError> {
    let found = row.get_ref(place)?;
    found.as_str().map(str::to_owned).map_err(|_| DatabaseError::Value { column: "a text", found: lossy(found) })
}

fn exact_or_none(row: &Row<'_>, place: usize) -> Result<Option<String>, DatabaseError> {
    if row.get_ref(place)? == ValueRef::Null { Ok(None) } else { exact(row, place).map(Some) }
}

/// A name as it can be shown: it may come from a manifest, or from a program that did not look at it yet.
fn line(name: &str) -> String {
    Shown::line(name).into()
}

/// The columns that have always been there take no NULL: what is not known stands in them as an empty text, and nowhere else.
pub(super) fn or_empty(text: Option<&str>) -> &str {
    text.unwrap_or_default()
}

/// What [`or_empty`] has written.
fn filled(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

/// A text that is shown, as far as it can be read.
fn shown(row: &Row<'_>, place: usize) -> Result<String, DatabaseError> {
    Ok(lossy(row.get_ref(place)?))
}

fn shown_or_none(row: &Row<'_>, place: usize) -> Result<Option<String>, DatabaseError> {
    if row.get_ref(place)? == ValueRef::Null { Ok(None) } else { shown(row, place).map(Some) }
}
