//! A history that was lost is built anew from the archive, and the user is told so until she has taken notice.

use rusqlite::{OptionalExtension as _, params};
use rust_decimal::Decimal;
use vat_return::{Category, PaymentKid, Period, payment_information::PaymentInformation};

use crate::{
    archive::{
        Archive, RECEIPT, SENT_ENVELOPE, SENT_RETURN,
        manifest::{MANIFEST, Manifest, ManifestPayment},
        verify::{Found, folders},
    },
    database::{Database, DatabaseError, Found as AtStart},
    engine::sha256,
    filings::{self, ENVELOPE, Filing, Payment, RESULT, RETURN, Subject, from_word, moment, parse},
    view::{ArchivedFile, Delivered, FilingState, RecoveryView, StepName, TimelineEvent},
    words,
};

/// The row of the preferences that holds what the user is to be told.
const TOLD: &str = "recovery";
/// The row that says that the archive has been looked through for what the database does not know.
const LOOKED: &str = "archive-looked-through";
/// What to pay, in folders of the archive whose manifest does not say it.
const PAYMENT: &str = "betalingsinformasjon.xml";

/// What was put back from the archive.
#[derive(Debug, Default)]
pub(crate) struct PutBack {
    pub(crate) filings: u32,
    /// Folders that could not be read, relative to the archive.
    pub(crate) unreadable: Vec<String>,
}

/// Builds the history anew after a start that found none or a damaged one.
///
/// # Errors
/// The new database cannot be written.
pub(crate) fn after(
    found: &AtStart,
    db: &Database,
    archive: &Archive,
    now: jiff::Timestamp,
) -> Result<(), DatabaseError> {
    let set_aside = match found {
        AtStart::Sound if is_set(db, LOOKED)? => return Ok(()),
        // A start that ended before it had come to this counts for nothing.
        AtStart::Sound | AtStart::Nothing => None,
        AtStart::Damaged(place) => Some(place.display().to_string()),
    };
    let saved = if set_aside.is_some() { keep_what_is_sound(db)? } else { 0 };
    let back = from_archive(db, archive)?;
    if set_aside.is_none() && back.filings == 0 {
        // A first start.
        return db.write(|tx| set(tx, LOOKED, "yes"));
    }
    tracing::warn!(saved, from_archive = back.filings, unreadable = back.unreadable.len(), "The history was lost.");
    let view = RecoveryView {
        at: words::moment(now),
        set_aside,
        saved,
        from_archive: back.filings,
        unreadable: back.unreadable,
    };
    let json = serde_json::to_string(&view)
        .map_err(|error| DatabaseError::Value { column: "value", found: error.to_string() })?;
    db.write(|tx| {
        set(tx, LOOKED, "yes")?;
        set(tx, TOLD, &json)
    })
}

fn set(tx: &rusqlite::Transaction<'_>, name: &str, value: &str) -> Result<(), DatabaseError> {
    tx.execute("INSERT OR REPLACE INTO preferences (name, value) VALUES (?1, ?2)", params![name, value])?;
    Ok(())
}

fn is_set(db: &Database, name: &str) -> Result<bool, DatabaseError> {
    let one = "SELECT 1 FROM preferences WHERE name = ?1";
    Ok(db.read(|db| db.query_row(one, params![name], |_| Ok(())).optional())?.is_some())
}

/// What the user has not taken notice of yet.
pub(crate) fn untold(db: &Database) -> Result<Option<RecoveryView>, DatabaseError> {
    let kept: Option<String> = db.read(|db| {
        db.query_row("SELECT value FROM preferences WHERE name = ?1", params![TOLD], |row| row.get(0)).optional()
    })?;
    Ok(kept.and_then(|json| serde_json::from_str(&json).ok()))
}

/// The user has taken notice.
pub(crate) fn told(db: &Database) -> Result<(), DatabaseError> {
    db.write(|tx| {
        tx.execute("DELETE FROM preferences WHERE name = ?1", params![TOLD])?;
        Ok(())
    })
}

/// Takes out what was brought over and cannot be understood, and gives to whoever goes on with it what belonged to a
/// person whose sign-in could not be read. Says how many filings there are.
fn keep_what_is_sound(db: &Database) -> Result<u32, DatabaseError> {
    db.write(|tx| {
        let numbers: Vec<i64> =
            tx.prepare("SELECT number FROM filings")?.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
        let mut sound = 0;
        for number in numbers {
            let readable = filings::one(tx, "number = ?1", params![number]).is_ok()
                && filings::timeline(tx, number).is_ok()
                && filings::journal(tx, number).is_ok();
            // What is sent is in the documents: without it a filing cannot go on, and the archive has those that are done.
            let whole = filings::document(tx, number, RETURN)?.is_some();
            if readable && whole {
                sound += 1;
            } else {
                tx.execute("DELETE FROM filings WHERE number = ?1", params![number])?;
            }
        }
        tx.execute(
            "UPDATE filings SET authorization = '' WHERE authorization NOT IN (SELECT id FROM authorizations)",
            [],
        )?;
        Ok(sound)
    })
}

/// Puts back every filing of the archive that the database does not know.
///
/// # Errors
/// The database cannot be written. A folder that cannot be read is named and passed over.
pub(crate) fn from_archive(db: &Database, archive: &Archive) -> Result<PutBack, DatabaseError> {
    let mut back = PutBack::default();
    // An archive that is not there (a first start, a disk that is gone) has nothing to give.
    let found = archive.roots().filter_map(|root| folders(root).ok()).flatten();
    let mut read = Vec::new();
    for found in found {
        match found {
            Found::Filing(path, folder) => match Kept::read(&path, &folder) {
                Ok(kept) => read.push(kept),
                Err(reason) => {
                    tracing::warn!(folder, reason, "A folder of the archive cannot be read.");
                    back.unreadable.push(folder);
                }
            },
            Found::Unreadable(folder) => back.unreadable.push(folder),
            Found::Unfinished(_) => {}
        }
    }
    read.sort_by_key(|kept| (kept.filing.begun_at, kept.filing.number));
    db.write(|tx| {
        for Kept { filing, documents, events } in &read {
            let instance = filing.instance.as_ref();
            let environment = filing.subject.environment;
            let known = filings::exists(tx, &filing.id)?
                || instance.map_or(Ok(false), |it| filings::has_instance(tx, environment, it))?;
            if !known {
                filings::put_back(tx, filing, documents, events)?;
                back.filings += 1;
            }
        }
        Ok::<_, DatabaseError>(())
    })?;
    Ok(back)
}

/// A filing as its folder tells it.
struct Kept {
    filing: Filing,
    documents: Vec<(&'static str, Vec<u8>)>,
    events: Vec<(jiff::Timestamp, TimelineEvent)>,
}

impl Kept {
    fn read(path: &std::path::Path, folder: &str) -> Result<Self, String> {
        let manifest = Manifest::read(path).map_err(|error| error.to_string())?;
        let sent = std::fs::read(path.join(SENT_RETURN)).map_err(|error| format!("{SENT_RETURN}: {error}"))?;
        let envelope = std::fs::read(path.join(SENT_ENVELOPE)).ok();
        let payment = match &manifest.payment {
            Some(payment) => Some(payment_of(payment).map_err(|error| error.to_string())?),
            None => std::fs::read(path.join(PAYMENT)).ok().and_then(|bytes| payment_in(&bytes)),
        };
        let mut files: Vec<ArchivedFile> = manifest
            .files
            .iter()
            .map(|(name, file)| ArchivedFile { name: name.clone(), size: u32::try_from(file.size).unwrap_or(u32::MAX) })
            .collect();
        let size = path.join(MANIFEST).metadata().map_or(0, |metadata| metadata.len());
        files.push(ArchivedFile { name: MANIFEST.to_owned(), size: u32::try_from(size).unwrap_or(u32::MAX) });
        let events = events(&manifest).map_err(|error| error.to_string())?;
        let filing = filing(manifest, &sent, payment, folder, files).map_err(|error| error.to_string())?;
        let result = std::fs::read(path.join("valideringsresultat.xml")).ok();
        let documents = [(RETURN, Some(sent)), (ENVELOPE, envelope), (RESULT, result)]
            .into_iter()
            .filter_map(|(name, bytes)| Some((name, bytes?)))
            .collect();
        Ok(Self { filing, documents, events })
    }
}

fn filing(
    manifest: Manifest,
    sent: &[u8],
    payment: Option<Payment>,
    folder: &str,
    files: Vec<ArchivedFile>,
) -> Result<Filing, DatabaseError> {
    // The first version of the manifest did not say which kind of period it is; the return does.
    let period =
        manifest.period_element.as_ref().and_then(|element| Period::from_xml(element, &manifest.period, manifest.year));
    let period = period.or_else(|| vat_return::read(sent).ok().map(|read| read.period.value));
    let received = files.iter().any(|file| file.name == RECEIPT);
    let state = match manifest.state {
        Some(state) => from_word("state", state)?,
        None if received => FilingState::Received,
        None => FilingState::Refused,
    };
    Ok(Filing {
        number: manifest.number.unwrap_or_default(),
        id: manifest.filing,
        subject: Subject {
            environment: from_word("environment", manifest.environment)?,
            org_number: manifest.org_number,
            category: Category::from_xml(&manifest.category)
                .ok_or(DatabaseError::Value { column: "category", found: manifest.category })?,
            period: period.ok_or(DatabaseError::Value { column: "period", found: manifest.period })?,
        },
        company_name: manifest.company,
        assessed_vat: parse::<Decimal>("assessed_vat", manifest.assessed_vat)?,
        sha256: sha256(sent),
        file_name: manifest.file_name.unwrap_or_else(|| SENT_RETURN.to_owned()),
        // Nobody's: whoever is signed in and may see it fetches the receipt again.
        authorization: String::new(),
        filed_by: manifest.filed_by,
        signed_by: manifest.signed_by,
        correction: manifest.correction,
        state,
        step: StepName::Archive,
        delivered: Delivered::Yes,
        instance: manifest.instance.map(|id| parse("instance", id)).transpose()?,
        problem: manifest.problem,
        begun_at: moment("begun_at", manifest.begun_at)?,
        delivered_at: manifest.delivered_at.map(|at| moment("delivered_at", at)).transpose()?,
        payment,
        // A word of a newer program is found out anew.
        verdict: manifest.verdict.and_then(|verdict| from_word("verdict", verdict).ok()),
        substatus: manifest.substatus,
        archive_folder: Some(folder.to_owned()),
        files,
        replaced: false,
    })
}

fn events(manifest: &Manifest) -> Result<Vec<(jiff::Timestamp, TimelineEvent)>, DatabaseError> {
    if manifest.timeline.is_empty() {
        let created = moment("begun_at", manifest.begun_at.clone())?;
        let confirmed = manifest.delivered_at.clone().map(|at| moment("delivered_at", at)).transpose()?;
        let confirmed = confirmed.map(|at| (at, TimelineEvent::Confirmed));
        return Ok([Some((created, TimelineEvent::Created)), confirmed].into_iter().flatten().collect());
    }
    // What only a newer program can say is left out.
    let known = manifest.timeline.iter().filter_map(|it| Some((&it.at, from_word("event", it.event.clone()).ok()?)));
    known.map(|(at, event)| Ok((moment("at", at.clone())?, event))).collect()
}

fn payment_of(payment: &ManifestPayment) -> Result<Payment, DatabaseError> {
    Ok(Payment {
        amount: parse("payment_amount", payment.amount.clone())?,
        kid: payment.kid.clone().and_then(PaymentKid::new),
        account: payment.account.clone(),
        due: payment.due.clone().map(|due| parse("payment_due", due)).transpose()?,
    })
}

fn payment_in(bytes: &[u8]) -> Option<Payment> {
    let read = PaymentInformation::read(bytes).ok()?;
    Some(Payment {
        amount: read.amount,
        kid: read.kid,
        account: Some(read.account).filter(|account| !account.is_empty()),
        due: Some(read.due),
    })
}
