//! Filings as the database keeps them: what is being delivered, how far it has come, and the journal of the way.

mod claimed;
mod documents;
#[cfg(test)]
mod formats;
mod outbox;
mod row;
mod staff;
mod verdict;

use access::authorizations::AuthorizationId;
use altinn::{DataId, InstanceId};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Transaction, params};
use rust_decimal::Decimal;
use store::database::{DatabaseError, columns::word};
use vat_return::{Category, OrgNumber, PaymentKid, Period};
use view::{
    ArchivedFile, Delivered, EnvironmentName, FilingState, StepName, SubstatusView, TimelineEvent, Verdict,
    ids::FilingId, problem::Problem, state::sql,
};

pub use self::{
    claimed::{goes_without, has_seen, is_to_be_told, twice, untold},
    documents::{
        attachments, document, journal, record_event, store_attachment, store_document, timeline, write_journal,
    },
    outbox::{
        FiledElsewhere, REGISTER, ReceiptElsewhere, Untold, claim_of, filed_elsewhere, forget_register, has_looked,
        is_not_taken, is_told, keep_seen, of_outbox, outbox, receipts_elsewhere, seen_count, seen_until, with_states,
    },
    row::{bad_rows, set_aside},
    staff::{Staff, keep_staff, staff},
    verdict::verdict,
};
pub(crate) use self::{
    claimed::{is_twice, is_untold, may_go_without, seen},
    outbox::{has_claim, looked},
};

/// The document that is sent: the return.
pub const RETURN: &str = "return";
/// The envelope as it was sent.
pub(crate) const ENVELOPE: &str = "envelope";
/// What Skatteetaten has answered: the `valideringsresultat` that came back.
pub const RESULT: &str = "result";

/// One filing.
#[derive(Debug, Clone)]
pub struct Filing {
    /// Counts the filings of this database.
    pub number: i64,
    /// Its key.
    pub id: FilingId,
    /// What it is about.
    pub subject: Subject,
    /// The company's name, where it is known.
    pub company_name: Option<String>,
    /// The sum of the return in whole kroner: to pay, or to get back where negative.
    pub assessed_vat: Decimal,
    /// SHA-256 of the return, hexadecimal.
    pub sha256: String,
    /// The name of the file it came from.
    pub file_name: String,
    /// Whose it is; nobody's where that went with a lost database.
    pub authorization: Option<AuthorizationId>,
    /// Who filled it in, where that is known.
    pub filed_by: Option<String>,
    /// Who signed it, when that was another than the one who filled it in.
    pub signed_by: Option<String>,
    /// An earlier return of the period had been delivered.
    pub correction: bool,
    /// Where it stands.
    pub state: FilingState,
    /// The step it is at.
    pub step: StepName,
    /// Whether the authority has it.
    pub delivered: Delivered,
    /// Its instance at Altinn, once there is one.
    pub instance: Option<InstanceId>,
    /// What it waits for or ended with.
    pub problem: Option<Problem>,
    /// When it was begun.
    pub begun_at: Timestamp,
    /// When it was delivered.
    pub delivered_at: Option<Timestamp>,
    /// What there is to pay, once that has come.
    pub payment: Option<Payment>,
    /// What Skatteetaten thinks of the delivered return, once that has been read.
    pub verdict: Option<Verdict>,
    /// The label that Skatteetaten has put on it; shown, and nothing concluded from it.
    pub substatus: Option<SubstatusView>,
    /// Its folder in the archive.
    pub archive_folder: Option<String>,
    /// What lies in that folder.
    pub files: Vec<ArchivedFile>,
    /// A later filing of the same period has been delivered; read only.
    pub replaced: bool,
}

/// What a filing is about: one of these is delivered at a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// Which authorities.
    pub environment: EnvironmentName,
    /// The company.
    pub org_number: OrgNumber,
    /// The kind of return.
    pub category: Category,
    /// The period.
    pub period: Period,
}

/// What to pay, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    /// Whole kroner.
    pub amount: Decimal,
    /// The KID to pay with.
    pub kid: Option<PaymentKid>,
    /// The account to pay to.
    pub account: Option<String>,
    /// The last day to pay.
    pub due: Option<jiff::civil::Date>,
}

/// A file that goes with a filing's return.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FiledAttachment {
    /// 1, 2, 3 … in the order they are sent.
    pub place: u32,
    /// Its name, as it was sent.
    pub name: String,
    /// What it is sent as.
    pub content_type: String,
    /// Bytes.
    pub size: u64,
    /// Hexadecimal.
    pub sha256: String,
    /// The data element at Altinn, once it is there.
    pub element: Option<DataId>,
}

/// What the journal says of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Entry {
    /// About to be done.
    Intention,
    /// The authority has done it.
    Done,
    /// The authority has not done it, and says so.
    Refused,
    /// No answer, or none that can be understood.
    Unknown,
    /// The authority's own state shows that it was done.
    Found,
}

/// One line of the journal.
#[derive(Debug, Clone)]
pub struct JournalLine {
    /// When.
    pub at: Timestamp,
    /// At which step.
    pub step: StepName,
    /// What was written.
    pub entry: Entry,
}

/// What a new filing begins with.
pub struct NewFiling<'a> {
    /// Its key.
    pub id: FilingId,
    /// What it is about.
    pub subject: &'a Subject,
    /// The company's name, where it is known.
    pub company_name: Option<&'a str>,
    /// The sum of the return in whole kroner.
    pub assessed_vat: Decimal,
    /// SHA-256 of the return, hexadecimal.
    pub sha256: &'a str,
    /// The name of the file it came from.
    pub file_name: &'a str,
    /// Whose authorization it goes by.
    pub authorization: &'a AuthorizationId,
    /// Who fills it in: name or masked id, where ID-porten gave one.
    pub filed_by: Option<&'a str>,
    /// An earlier return of the period has been delivered.
    pub correction: bool,
    /// An instance that lies in Altinn already and is gone on with.
    pub instance: Option<&'a InstanceId>,
    /// The return, byte for byte.
    pub bytes: &'a [u8],
    /// When it is begun.
    pub at: Timestamp,
    /// It waits for its turn in a batch.
    pub queued: bool,
}

impl Filing {
    /// Nothing remains to be done.
    pub fn is_finished(&self) -> bool {
        self.state.is_finished()
    }

    /// The authority has the return, whatever it thinks of it.
    pub fn is_delivered(&self) -> bool {
        self.delivered == Delivered::Yes || self.state.is_delivered()
    }

    /// What is to be paid. What came before the verdict is provisional, and what a rejected return came to is owed by
    /// nobody: neither leaves the program. The return's sum says whether there is anything to pay: when money comes back
    /// the authority answers 0 with a KID and a day all the same.
    pub(crate) fn payable(&self) -> Option<&Payment> {
        self.payment.as_ref().filter(|_| self.state.is_accepted() && self.assessed_vat > Decimal::ZERO)
    }

    /// Whether it can still be cancelled: the confirmation has not been sent, or was refused.
    pub fn can_cancel(&self) -> bool {
        !self.is_finished() && self.delivered == Delivered::No
    }

    /// What a search looks at, in lower case.
    fn searched(&self) -> String {
        let mut words = vec![self.subject.org_number.to_string()];
        words.extend(self.company_name.clone());
        words.push(self.assessed_vat.to_string());
        if let Some(payment) = &self.payment {
            words.extend(payment.kid.as_ref().map(ToString::to_string));
            words.push(payment.amount.to_string());
        }
        words.join(" ").to_lowercase()
    }
}

/// Writes a new filing with the document it delivers.
///
/// # Errors
/// The database; a constraint when another undelivered filing has the same subject.
pub fn begin(tx: &Transaction<'_>, new: &NewFiling<'_>) -> Result<Filing, DatabaseError> {
    let filing = Filing {
        number: 0,
        id: new.id.clone(),
        subject: new.subject.clone(),
        company_name: new.company_name.map(str::to_owned),
        assessed_vat: new.assessed_vat,
        sha256: new.sha256.to_owned(),
        file_name: new.file_name.to_owned(),
        authorization: Some(new.authorization.clone()),
        filed_by: new.filed_by.map(str::to_owned),
        signed_by: None,
        correction: new.correction,
        state: if new.queued { FilingState::Queued } else { FilingState::Running },
        step: StepName::Instance,
        delivered: Delivered::No,
        instance: new.instance.cloned(),
        problem: None,
        begun_at: new.at,
        delivered_at: None,
        payment: None,
        verdict: None,
        substatus: None,
        archive_folder: None,
        files: Vec::new(),
        replaced: false,
    };
    claimed::forget_superseded(tx, new.subject)?;
    let filing = Filing { number: insert(tx, &filing, None)?, ..filing };
    store_document(tx, &filing, RETURN, new.bytes)?;
    Ok(filing)
}

/// The highest number that a filing of an archive keeps.
const HIGHEST_NUMBER: i64 = 1_000_000_000;

/// Adds a filing, at this place in the order or after all others, and says where.
fn insert(tx: &Transaction<'_>, filing: &Filing, number: Option<i64>) -> Result<i64, DatabaseError> {
    // Named whole, so that a new field is either stored at the beginning or left to `save` knowingly.
    let Filing {
        number: _,
        id,
        subject: Subject { environment, org_number, category, period },
        company_name,
        assessed_vat,
        sha256,
        file_name,
        authorization,
        filed_by,
        correction,
        state,
        step,
        delivered,
        instance,
        begun_at,
        // What comes later.
        signed_by: _,
        problem: _,
        delivered_at: _,
        payment: _,
        verdict: _,
        substatus: _,
        archive_folder: _,
        files: _,
        // Asked of the other filings.
        replaced: _,
    } = filing;
    tx.prepare_cached(
        "INSERT INTO filings (id, environment, org_number, company_name, category, period_element, period_value,
            period_year, assessed_vat, sha256, file_name, authorization, filed_by, correction, state, step, delivered,
            begun_at, search, number, instance)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21)",
    )?
    .execute(params![
        id,
        word(environment),
        org_number.as_str(),
        company_name,
        category.xml(),
        period.xml_element(),
        period.xml_value().as_str(),
        period.year,
        assessed_vat.to_string(),
        sha256,
        file_name,
        row::or_empty(authorization.as_ref().map(AuthorizationId::as_str)),
        row::or_empty(filed_by.as_deref()),
        correction,
        word(state),
        word(step),
        word(delivered),
        begun_at.to_string(),
        filing.searched(),
        number,
        instance.as_ref().map(ToString::to_string),
    ])?;
    let number = tx.last_insert_rowid();
    tx.prepare_cached("UPDATE filings SET sum = ?2 WHERE number = ?1")?
        .execute(params![number, row::sum_of(filing)])?;
    outbox::is_to_be_shared(tx, id)?;
    Ok(number)
}

/// Puts back a filing that was delivered before and lost here, at its place in the order if that is free.
///
/// # Errors
/// The database; a constraint when there is one of that key or instance.
pub fn put_back(
    tx: &Transaction<'_>,
    filing: &Filing,
    documents: &[(&str, Vec<u8>)],
    attachments: &[FiledAttachment],
    events: &[(Timestamp, TimelineEvent)],
) -> Result<i64, DatabaseError> {
    let taken =
        tx.query_row("SELECT 1 FROM filings WHERE number = ?1", params![filing.number], |_| Ok(())).optional()?;
    // A number that no counting comes to leaves no room for the next one.
    let fits = taken.is_none() && (1..=HIGHEST_NUMBER).contains(&filing.number);
    let number = insert(tx, filing, fits.then_some(filing.number))?;
    let filing = Filing { number, ..filing.clone() };
    save(tx, &filing)?;
    for (name, bytes) in documents {
        store_document(tx, &filing, name, bytes)?;
    }
    for attachment in attachments {
        store_attachment(tx, &filing, attachment)?;
    }
    for (at, event) in events {
        record_event(tx, &filing, *at, *event)?;
    }
    Ok(number)
}

/// Whether a filing of this key is there, in whatever environment.
pub(crate) fn exists(db: &Connection, id: &FilingId) -> Result<bool, DatabaseError> {
    Ok(db.query_row("SELECT 1 FROM filings WHERE id = ?1", params![id], |_| Ok(())).optional()?.is_some())
}

/// Writes everything about a filing that can change.
pub fn save(tx: &Transaction<'_>, filing: &Filing) -> Result<(), DatabaseError> {
    // Named whole, so that a new field is either here or knowingly none that changes.
    let Filing {
        number,
        id,
        company_name,
        authorization,
        filed_by,
        signed_by,
        state,
        step,
        delivered,
        instance,
        problem,
        delivered_at,
        payment,
        verdict,
        substatus,
        archive_folder,
        files,
        // Said once, in `insert`.
        subject: _,
        assessed_vat: _,
        sha256: _,
        file_name: _,
        correction: _,
        begun_at: _,
        // Asked of the other filings.
        replaced: _,
    } = filing;
    let payment = payment.as_ref();
    let problem = problem.as_ref().map(serde_json::to_string).transpose().map_err(unwritable)?;
    tx.prepare_cached(
        "UPDATE filings SET company_name = ?2, authorization = ?3, state = ?4, step = ?5, delivered = ?6, instance = ?7,
            problem = ?8, delivered_at = ?9, payment_amount = ?10, payment_kid = ?11, payment_account = ?12,
            payment_due = ?13, archive_folder = ?14, files = ?15, search = ?16, signed_by = ?17, verdict = ?18,
            substatus = ?19, sum = ?20, filed_by = ?21
         WHERE number = ?1",
    )?
    .execute(params![
        number,
        company_name,
        row::or_empty(authorization.as_ref().map(AuthorizationId::as_str)),
        word(state),
        word(step),
        word(delivered),
        instance.as_ref().map(ToString::to_string),
        problem,
        delivered_at.map(|at| at.to_string()),
        payment.map(|payment| payment.amount.to_string()),
        payment.and_then(|payment| payment.kid.as_ref()).map(PaymentKid::as_str),
        payment.and_then(|payment| payment.account.as_deref()),
        payment.and_then(|payment| payment.due).map(|due| due.to_string()),
        archive_folder,
        serde_json::to_string(files).map_err(unwritable)?,
        filing.searched(),
        signed_by,
        verdict.as_ref().map(word),
        substatus.as_ref().map(serde_json::to_string).transpose().map_err(unwritable)?,
        row::sum_of(filing),
        row::or_empty(filed_by.as_deref()),
    ])?;
    outbox::is_to_be_shared(tx, id)
}

/// A filing by its key.
pub fn find(db: &Connection, environment: EnvironmentName, id: &FilingId) -> Result<Option<Filing>, DatabaseError> {
    one(db, "environment = ?1 AND id = ?2", params![word(&environment), id])
}

/// The undelivered filing of a subject, if one is open.
pub fn undelivered(db: &Connection, subject: &Subject) -> Result<Option<Filing>, DatabaseError> {
    of_subject(db, subject, &format!("delivered <> 'yes' AND state IN {}", *sql::BLOCKS_NEW_FILING))
}

/// The last filing of a subject that was delivered, whatever Skatteetaten thinks of it.
pub fn delivered(db: &Connection, subject: &Subject) -> Result<Option<Filing>, DatabaseError> {
    of_subject(db, subject, "delivered = 'yes'")
}

/// The delivered filing of a subject that another return of it would replace: the last that Skatteetaten has not rejected,
/// and the last of all where it has rejected each.
pub fn to_be_replaced(db: &Connection, subject: &Subject) -> Result<Option<Filing>, DatabaseError> {
    match of_subject(db, subject, &format!("delivered = 'yes' AND state NOT IN {}", *sql::REJECTED))? {
        Some(stands) => Ok(Some(stands)),
        None => delivered(db, subject),
    }
}

/// The last filing of a subject that counts and came before another one.
pub fn delivered_before(db: &Connection, filing: &Filing) -> Result<Option<Filing>, DatabaseError> {
    of_subject(
        db,
        &filing.subject,
        &format!("delivered = 'yes' AND state IN {} AND number < {}", *sql::COUNTS_AS_FILED, filing.number),
    )
}

fn of_subject(db: &Connection, subject: &Subject, which: &str) -> Result<Option<Filing>, DatabaseError> {
    let Subject { environment, org_number, category, period } = subject;
    one(
        db,
        &format!(
            "environment = ?1 AND org_number = ?2 AND category = ?3 AND period_element = ?4 AND period_value = ?5
                AND period_year = ?6 AND {which}
             ORDER BY number DESC LIMIT 1"
        ),
        params![
            word(environment),
            org_number.as_str(),
            category.xml(),
            period.xml_element(),
            period.xml_value().as_str(),
            period.year
        ],
    )
}

/// Filings on which something remains to be done, oldest first.
pub fn unfinished(db: &Connection, environment: EnvironmentName) -> Result<Vec<Filing>, DatabaseError> {
    many(db, &format!("environment = ?1 AND state IN {} ORDER BY number", *sql::UNDER_WAY), params![word(&environment)])
}

/// Whether a filing of ours has this instance.
pub fn has_instance(
    db: &Connection,
    environment: EnvironmentName,
    instance: &InstanceId,
) -> Result<bool, DatabaseError> {
    Ok(db
        .query_row(
            "SELECT 1 FROM filings WHERE environment = ?1 AND instance = ?2",
            params![word(&environment), instance.to_string()],
            |_| Ok(()),
        )
        .optional()?
        .is_some())
}

/// The filing of ours that an instance belongs to.
pub fn of_instance(
    db: &Connection,
    environment: EnvironmentName,
    instance: &InstanceId,
) -> Result<Option<Filing>, DatabaseError> {
    one(db, "environment = ?1 AND instance = ?2", params![word(&environment), instance.to_string()])
}

/// An open filing of a company that has no instance yet, or does not know which: any of the company's may be its.
pub fn without_instance(
    db: &Connection,
    environment: EnvironmentName,
    org_number: &str,
) -> Result<Option<Filing>, DatabaseError> {
    one(
        db,
        &format!("environment = ?1 AND org_number = ?2 AND instance IS NULL AND state IN {}", *sql::UNDER_WAY),
        params![word(&environment), org_number],
    )
}

/// The filing that a condition is true of.
///
/// # Errors
/// The database, or a row that is damaged.
pub fn one(db: &Connection, which: &str, values: impl rusqlite::Params) -> Result<Option<Filing>, DatabaseError> {
    Ok(many(db, which, values)?.into_iter().next())
}

/// All filings that a condition is true of.
///
/// # Errors
/// The database, or a row that is damaged.
pub fn many(db: &Connection, which: &str, values: impl rusqlite::Params) -> Result<Vec<Filing>, DatabaseError> {
    let mut filings = Vec::new();
    each(db, which, values, |filing| {
        filings.push(filing);
        Ok::<_, DatabaseError>(())
    })?;
    Ok(filings)
}

/// The same, one at a time.
pub fn each<E: From<DatabaseError>>(
    db: &Connection,
    which: &str,
    values: impl rusqlite::Params,
    mut take: impl FnMut(Filing) -> Result<(), E>,
) -> Result<(), E> {
    let mut statement = db
        .prepare_cached(&format!("SELECT {} FROM filings AS f WHERE {which}", *row::COLUMNS))
        .map_err(DatabaseError::from)?;
    let mut rows = statement.query(values).map_err(DatabaseError::from)?;
    while let Some(row) = rows.next().map_err(DatabaseError::from)? {
        match row::read(row) {
            Ok(filing) => take(filing)?,
            // It was written so by nobody. The start looks for such rows and sets them aside; one that was damaged since
            // must not keep all the others from being read.
            Err(error @ DatabaseError::Value { .. }) => tracing::error!(%error, "A row of the history is damaged."),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

fn unwritable(error: serde_json::Error) -> DatabaseError {
    DatabaseError::Value { column: "json", found: error.to_string() }
}
