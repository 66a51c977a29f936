//! Moving in brings what this desk has; leaving takes home what the register shows her.

use std::path::{Path, PathBuf};

use ::register::{Brought, Register, Shared, SharedFiling, Subject};
use filing::{
    archive::{Archive, manifest::Manifest},
    filings::{self, Filing},
};
use jiff::civil::Date;
use rusqlite::params;
use serde_json::{Value, json};
use store::{
    database::{Database, DatabaseError, columns::word},
    digest::sha256,
};
use view::{EnvironmentName, FilingState, ids::FilingId};

use super::{Seat, SeatError, environment};

/// How many rows are asked for at a time.
const PAGE: i64 = 500;

/// What moving in has brought.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Moved {
    /// Companies that were named.
    pub companies: usize,
    /// Duties to file.
    pub duties: usize,
    /// Filings that are there now.
    pub filings: usize,
    /// Filings that were there already.
    pub there: usize,
    /// Documents of the archive.
    pub documents: usize,
    /// Filings of which the register says something else; that stays.
    pub conflicts: Vec<String>,
    /// Filings whose period another desk has at this moment: move in once more when that has ended.
    pub busy: Vec<String>,
    /// Filings whose company the rights do not cover.
    pub without_right: Vec<String>,
}

/// A filing as the desks share it.
pub(crate) fn shared(db: &Database, filing: &Filing) -> Result<SharedFiling, DatabaseError> {
    // Named whole, so that a new field is either shared or left out knowingly.
    let Filing {
        number,
        id,
        assessed_vat,
        sha256,
        filed_by,
        signed_by,
        correction,
        state,
        delivered,
        instance,
        begun_at,
        delivered_at,
        payment,
        verdict,
        // Shared by `subject`, and by the companies.
        subject: _,
        company_name: _,
        // With the documents.
        file_name: _,
        files: _,
        substatus: _,
        // This desk's own.
        authorization: _,
        step: _,
        problem: _,
        archive_folder: _,
        // Asked of the other filings.
        replaced: _,
    } = filing;
    let timeline = db.read(|db| filings::timeline(db, *number))?;
    let timeline: Vec<Value> = timeline.iter().map(|(at, event)| json!({"at": at, "event": event})).collect();
    let payment = payment.as_ref().map(|payment| {
        json!({
            "amount": payment.amount,
            "kid": payment.kid.as_ref().map(vat_return::PaymentKid::as_str),
            "account": payment.account,
            "due": payment.due,
        })
    });
    Ok(SharedFiling {
        id: id.to_string(),
        subject: subject(filing),
        state: word(state),
        delivered: word(delivered),
        is_correction: *correction,
        verdict: verdict.as_ref().map(word),
        instance: instance.as_ref().map(ToString::to_string),
        sum: *assessed_vat,
        return_sha256: sha256.clone(),
        timeline: timeline.into(),
        payment,
        filed_by: signed_by.as_ref().unwrap_or(filed_by).clone(),
        began_at: *begun_at,
        delivered_at: *delivered_at,
    })
}

/// What a filing is about, as the register has it.
pub(crate) fn subject(filing: &Filing) -> Subject {
    Subject {
        environment: environment(filing.subject.environment),
        company: filing.subject.org_number.clone(),
        category: filing.subject.category,
        period: filing.subject.period,
    }
}

/// Brings companies, duties, filings and the archive's documents into the register. What is there already stays; broken off,
/// it is begun again and goes on where it was.
///
/// # Errors
/// [`SeatError`].
pub async fn bring(seat: &Seat, register: &Register, archive: &Archive) -> Result<Moved, SeatError> {
    let mut moved = Moved::default();
    for (company, name) in seat.db.read(companies)? {
        match register.bring_company(&company, &name).await {
            Ok(()) => moved.companies += 1,
            Err(::register::RegisterError::NotPermitted(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    for duty in seat.db.read(duties)? {
        let (name, company, category, term, since) = duty;
        match register.bring_duty(environment(name), &company, &category, &term, since).await {
            Ok(()) => moved.duties += 1,
            Err(::register::RegisterError::NotPermitted(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    for name in [EnvironmentName::Practice, EnvironmentName::Test, EnvironmentName::Production] {
        let all = seat.db.read(|db| filings::many(db, "environment = ?1 ORDER BY number", params![word(&name)]))?;
        for filing in all.iter().filter(|filing| filing.state != FilingState::Abandoned) {
            let id = filing.id.to_string();
            match register.bring(&shared(&seat.db, filing)?).await {
                Ok(Brought::Done) => moved.filings += 1,
                Ok(Brought::There) => moved.there += 1,
                Ok(Brought::Other) => {
                    moved.conflicts.push(id);
                    continue;
                }
                Ok(Brought::Busy) => {
                    moved.busy.push(id);
                    continue;
                }
                Err(::register::RegisterError::NotPermitted(_)) => {
                    moved.without_right.push(id);
                    continue;
                }
                Err(error) => return Err(error.into()),
            }
            moved.documents += bring_documents(register, archive, filing).await?;
        }
    }
    Ok(moved)
}

/// The documents of a filing's folder. One that cannot be read, or is not what its sum says, is left out.
pub(crate) async fn bring_documents(
    register: &Register,
    archive: &Archive,
    filing: &Filing,
) -> Result<usize, ::register::RegisterError> {
    let Some(folder) = filing.archive_folder.as_deref().and_then(|folder| archive.path(folder).ok()) else {
        return Ok(0);
    };
    let Ok(manifest) = Manifest::read(&folder) else { return Ok(0) };
    let (environment, id) = (environment(filing.subject.environment), filing.id.to_string());
    let there = register.document_names(environment, &id).await?;
    let mut brought = 0;
    for (name, told) in &manifest.files {
        // Folders within a filing's own are part of the name.
        let shared = name.replace('/', " – ");
        if there.contains(&shared) {
            continue;
        }
        let Ok(bytes) = files::open::read(&folder.join(name), files::LARGEST) else { continue };
        if sha256(&bytes) != told.sha256 {
            continue;
        }
        register.keep_document(environment, &id, &shared, &bytes).await?;
        brought += 1;
    }
    Ok(brought)
}

fn companies(db: &rusqlite::Connection) -> Result<Vec<(String, String)>, DatabaseError> {
    let mut statement = db.prepare(
        "SELECT org_number, max(name) FROM (SELECT org_number, name FROM companies
            UNION SELECT org_number, company_name FROM filings WHERE company_name IS NOT NULL)
         GROUP BY org_number ORDER BY org_number",
    )?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

type DutyRow = (EnvironmentName, String, String, String, Date);

fn duties(db: &rusqlite::Connection) -> Result<Vec<DutyRow>, DatabaseError> {
    let mut statement = db.prepare(
        "SELECT environment, org_number, category, kind, first_day FROM duties WHERE followed = 1
         ORDER BY environment, org_number, category",
    )?;
    let mut rows = statement.query([])?;
    let mut duties = Vec::new();
    while let Some(row) = rows.next()? {
        let (environment, first_day): (String, String) = (row.get(0)?, row.get(4)?);
        // A row that cannot be read is set aside elsewhere, and teaches nobody anything.
        let name = serde_json::from_value(environment.into());
        if let (Ok(name), Ok(first_day)) = (name, first_day.parse()) {
            duties.push((name, row.get(1)?, row.get(2)?, row.get(3)?, first_day));
        }
    }
    Ok(duties)
}

/// Writes everything of the register that its role may see into a folder: a file of JSON lines for each table, and each
/// document under its filing. Says how many rows and documents.
///
/// # Errors
/// The register, or the disk.
pub async fn take_home(register: &Register, folder: &Path) -> Result<(usize, usize), TakeHomeError> {
    disk::create_folder(folder)?;
    let (mut rows, mut documents) = (0, 0);
    for table in Shared::ALL {
        let mut lines = String::new();
        let mut after = 0;
        loop {
            let page = register.page(table, after, PAGE).await?;
            for row in &page {
                lines.push_str(&row.to_string());
                lines.push('\n');
                if table == Shared::Manifests {
                    documents += take_document(register, folder, row).await?;
                }
            }
            rows += page.len();
            after += PAGE;
            if i64::try_from(page.len()).unwrap_or(PAGE) < PAGE {
                break;
            }
        }
        disk::write(&folder.join(format!("{}.jsonl", table.name())), lines.as_bytes())?;
    }
    Ok((rows, documents))
}

/// Why a copy could not be taken home.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TakeHomeError {
    /// The register.
    #[error(transparent)]
    Register(#[from] ::register::RegisterError),
    /// The disk.
    #[error(transparent)]
    Disk(#[from] std::io::Error),
}

async fn take_document(register: &Register, folder: &Path, row: &Value) -> Result<usize, TakeHomeError> {
    let text = |name: &str| row.get(name).and_then(Value::as_str).unwrap_or_default();
    let environment = match text("environment") {
        "practice" => ::register::Environment::Practice,
        "test" => ::register::Environment::Test,
        _ => ::register::Environment::Production,
    };
    let (filing, name) = (text("filing"), text("name"));
    let Some((place, file)) = place_at_home(folder, filing, name) else { return Ok(0) };
    let Some(bytes) = register.document(environment, filing, name).await? else { return Ok(0) };
    disk::create_folder(&place)?;
    disk::write(&file, &bytes)?;
    Ok(1)
}

/// The folder and the path of a document that is taken home; nothing for a key or a name that is none: whoever may write to
/// the register chose them.
fn place_at_home(folder: &Path, filing: &str, name: &str) -> Option<(PathBuf, PathBuf)> {
    let id: FilingId = filing.parse().ok()?;
    let place = folder.join("documents").join(id.to_string());
    let file = disk::child(&place, name).ok()?;
    Some((place, file))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::place_at_home;

    #[test]
    fn what_is_taken_home_lies_below_its_filing_whatever_the_register_calls_it() {
        let id = "0b0f7a3e-51c5-4a5c-9d5c-3f6f0f5f2f10";
        let home = Path::new("/home/hanne/kopi");
        for name in ["", ".", "..", "a/b", "/etc/passwd", "../a", "a\\b", "a\0b"] {
            assert_eq!(place_at_home(home, id, name), None, "{name:?}");
        }
        for filing in ["", "..", "1", "0b0f7a3e-51c5-4a5c-9d5c-3f6f0f5f2f10/.."] {
            assert_eq!(place_at_home(home, filing, "kvittering.pdf"), None, "{filing:?}");
        }
        let there = home.join("documents").join(id);
        let file = there.join("kvittering – fra Skatteetaten.pdf");
        assert_eq!(place_at_home(home, id, "kvittering – fra Skatteetaten.pdf"), Some((there, file)));
    }
}
