//! Moving in brings what this desk has; leaving takes home what the register shows her.

use std::{
    collections::HashSet,
    io::Write as _,
    path::{Path, PathBuf},
};

use ::register::{Brought, Register, Shared, SharedFiling, Subject};
use disk::WholeFile;
use filing::{
    archive::{Archive, manifest::Manifest, verify::LARGEST},
    filings::{self, Filing},
    table::Payable,
};
use jiff::civil::Date;
use rusqlite::params;
use serde_json::{Value, json};
use shown::Shown;
use store::{
    database::{Database, DatabaseError, columns::word},
    vault::ArchiveKey,
};
use view::{EnvironmentName, ErrorCode, FilingState, ids::FilingId, problem};

use super::{Seat, SeatError, environment, telling::TellError};

/// How many rows are asked for at a time.
const PAGE: i64 = 500;
/// How many rows are taken home at most: a firm of a thousand companies files some hundred thousand in ten years, with some ten
/// documents each.
const MOST_ROWS: usize = 5_000_000;
/// How many bytes of rows are taken home at most.
const MOST_BYTES: usize = 4 << 30;
/// Longest name of a document at home, bytes, without its number.
const LONGEST_NAME: usize = 200;

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
    /// Filings whose folder is not what was put there, or holds what was not: these documents stay away from the register.
    pub changed: Vec<String>,
    /// Filings of which the register says something else; that stays.
    pub conflicts: Vec<String>,
    /// Filings whose period another desk has at this moment: move in once more when that has ended.
    pub busy: Vec<String>,
    /// Filings whose company the rights do not cover.
    pub without_right: Vec<String>,
}

impl Moved {
    /// Filings of which something was not brought, each with why, in words.
    pub fn left(&self, language: view::Language) -> impl Iterator<Item = (&str, &'static str)> {
        let Self { changed, conflicts, busy, without_right, .. } = self;
        let all = [
            (conflicts, "register.conflict"),
            (busy, "register.busy"),
            (without_right, "register.withoutRight"),
            (changed, "register.changed"),
        ];
        all.into_iter().flat_map(move |(filings, key)| {
            filings.iter().map(move |filing| (filing.as_str(), crate::text(language, key)))
        })
    }
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
        verdict,
        // Told by `Payable`, which knows what is owed: what is invented or provisional leaves for nobody.
        payment: _,
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
    let payment = Payable::of(filing).payment().map(|payment| {
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
        filed_by: signed_by.as_ref().or(filed_by.as_ref()).cloned(),
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
/// it is begun again and goes on where it was. `told` hears how many filings have been looked at, and of how many.
///
/// # Errors
/// [`SeatError`].
pub async fn bring(
    seat: &Seat,
    register: &Register,
    archive: &Archive,
    told: impl Fn(usize, usize),
) -> Result<Moved, SeatError> {
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
    let of = seat.db.read(how_many)?;
    let mut looked_at = 0;
    told(looked_at, of);
    for name in [EnvironmentName::Practice, EnvironmentName::Test, EnvironmentName::Production] {
        let all = seat.db.read(|db| filings::many(db, "environment = ?1 ORDER BY number", params![word(&name)]))?;
        for filing in all.iter().filter(|filing| filing.state != FilingState::Abandoned) {
            let id = filing.id.to_string();
            looked_at += 1;
            told(looked_at, of.max(looked_at));
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
            let key = seat.archive_key();
            let brought = bring_documents(&seat.db, key.as_ref(), register, archive, filing).await?;
            moved.documents += brought.documents;
            if brought.differs {
                moved.changed.push(filing.id.to_string());
            }
        }
    }
    if moved.busy.is_empty() {
        seat.has_brought()?;
    }
    Ok(moved)
}

/// How many filings there are to be brought.
fn how_many(db: &rusqlite::Connection) -> Result<usize, DatabaseError> {
    let count = "SELECT count(*) FROM filings WHERE state <> ?1";
    let count: i64 = db.query_row(count, params![word(&FilingState::Abandoned)], |row| row.get(0))?;
    Ok(usize::try_from(count).unwrap_or(usize::MAX))
}

/// What came of bringing a filing's documents.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct BroughtDocuments {
    pub(crate) documents: usize,
    /// Something is not what was put there.
    pub(crate) differs: bool,
}

/// The documents of a filing's folder, where that is ours: what others with access to the archive have laid in or changed
/// would be told the colleagues under this desk's name. One that is not what the folder's list says is left out.
pub(crate) async fn bring_documents(
    db: &Database,
    key: Option<&ArchiveKey>,
    register: &Register,
    archive: &Archive,
    filing: &Filing,
) -> Result<BroughtDocuments, TellError> {
    let mut brought = BroughtDocuments::default();
    let Some(folder) = filing.archive_folder.as_deref().filter(|_| !filing.files.is_empty()) else {
        return Ok(brought);
    };
    // One that is not there (a disk that is gone) says nothing.
    let Ok(sealed) = archive.sealed(folder) else { return Ok(brought) };
    let ours = db.read(|db| sealed.is_ours(db, key))?;
    let Some(manifest) = Manifest::parse(&sealed.manifest).ok().filter(|it| ours && it.filing == filing.id) else {
        let folder = Shown::text(folder).into_string();
        tracing::warn!(filing = %filing.id, folder, "The folder is not what was put there; it is not brought to the register.");
        return Ok(BroughtDocuments { differs: true, ..brought });
    };
    let (environment, id) = (environment(filing.subject.environment), filing.id.to_string());
    let there = register.document_names(environment, &id).await?;
    for (name, listed) in &manifest.files {
        // Folders within a filing's own are part of the name.
        let shared = name.replace('/', " – ");
        if there.contains(&shared) || listed.size > LARGEST {
            continue;
        }
        match archive.listed(folder, name, listed) {
            Some(bytes) => {
                register.keep_document(environment, &id, &shared, &bytes).await?;
                brought.documents += 1;
            }
            None => {
                let name = Shown::text(name).into_string();
                tracing::warn!(filing = %filing.id, name, "A document is not what was put there; it stays away from the register.");
                brought.differs = true;
            }
        }
    }
    Ok(brought)
}

pub(super) fn companies(db: &rusqlite::Connection) -> Result<Vec<(String, String)>, DatabaseError> {
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

/// What was taken home.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TakenHome {
    /// Rows.
    pub rows: usize,
    /// Documents.
    pub documents: usize,
    /// Documents that are listed and were not taken: their key or name is none, the register does not have them as it says, or
    /// the disk does not take them.
    pub left_out: usize,
}

/// Writes everything of the register that its role may see into a folder: a file of JSON lines for each table, and each
/// document under its filing. What a document is called is what somebody with rights in the register has written: it becomes a
/// name that every system takes, and one that cannot be written keeps nobody here.
///
/// # Errors
/// The register, which has no end among it, or the disk.
async fn take_home(register: &Register, folder: &Path) -> Result<TakenHome, TakeHomeError> {
    disk::create_folder(folder)?;
    let mut taken = TakenHome::default();
    let mut bytes = 0_usize;
    for table in Shared::ALL {
        let mut lines = WholeFile::new(&folder.join(format!("{}.jsonl", table.name())))?;
        let (mut after, mut names) = (0, Names::new());
        loop {
            let page = register.page(table, after, PAGE).await?;
            for row in &page {
                let line = row.to_string();
                bytes = bytes.saturating_add(line.len());
                if bytes > MOST_BYTES || taken.rows >= MOST_ROWS {
                    return Err(::register::RegisterError::Odd("its tables have no end".to_owned()).into());
                }
                taken.rows += 1;
                writeln!(lines, "{line}")?;
                if table == Shared::Manifests {
                    match take_document(register, folder, row, &mut names).await? {
                        true => taken.documents += 1,
                        false => taken.left_out += 1,
                    }
                }
            }
            after += PAGE;
            if i64::try_from(page.len()).unwrap_or(PAGE) < PAGE {
                break;
            }
        }
        lines.finish()?;
    }
    Ok(taken)
}

/// Why a copy could not be taken home.
#[derive(Debug, thiserror::Error)]
enum TakeHomeError {
    /// The register.
    #[error(transparent)]
    Register(#[from] ::register::RegisterError),
    /// The disk.
    #[error(transparent)]
    Disk(#[from] std::io::Error),
}

impl From<TakeHomeError> for SeatError {
    fn from(error: TakeHomeError) -> Self {
        match error {
            TakeHomeError::Register(error) => error.into(),
            TakeHomeError::Disk(error) => Self::Copy(error),
        }
    }
}

impl Seat {
    /// Takes a copy home of everything that the register shows her: a file of JSON lines for each table, each document under its
    /// filing.
    ///
    /// # Errors
    /// [`SeatError`].
    pub async fn take_home(&self, register: &Register, folder: &Path) -> Result<TakenHome, SeatError> {
        Ok(take_home(register, folder).await?)
    }
}

/// The names that have been given, by filing and in small letters.
pub(super) type Names = HashSet<(FilingId, String)>;

async fn take_document(
    register: &Register,
    folder: &Path,
    row: &Value,
    names: &mut Names,
) -> Result<bool, TakeHomeError> {
    let text = |name: &str| row.get(name).and_then(Value::as_str).unwrap_or_default();
    let environment = match text("environment") {
        "practice" => ::register::Environment::Practice,
        "test" => ::register::Environment::Test,
        _ => ::register::Environment::Production,
    };
    let (filing, name) = (text("filing"), text("name"));
    let Some((place, file)) = place_at_home(folder, filing, name, names) else { return Ok(false) };
    let bytes = match register.document(environment, filing, name).await {
        Ok(Some(bytes)) => bytes,
        Ok(None) => return Ok(false),
        // One that is not what its sum says, or is larger than a document can be, is told and keeps no other away.
        Err(error @ (::register::RegisterError::Document { .. } | ::register::RegisterError::Odd(_))) => {
            tracing::warn!(%error, "A document of the register is not taken home.");
            return Ok(false);
        }
        Err(error) => return Err(error.into()),
    };
    let written = disk::create_folder(&place).and_then(|()| disk::write(&file, &bytes));
    match written {
        Ok(()) => Ok(true),
        Err(error) if problem::of_io(&error) == ErrorCode::DiskFull => Err(error.into()),
        Err(error) => {
            tracing::warn!(%error, "A document of the register cannot be written.");
            Ok(false)
        }
    }
}

/// The folder and the path of a document that is taken home; nothing for a key that is none: whoever may write to the register
/// chose key and name. Two names that become one are numbered.
pub(super) fn place_at_home(folder: &Path, filing: &str, name: &str, names: &mut Names) -> Option<(PathBuf, PathBuf)> {
    let id: FilingId = filing.parse().ok()?;
    let place = folder.join("documents").join(id.to_string());
    let own = disk::short_name(name, LONGEST_NAME);
    let numbered = |number: u32| match (number, own.rsplit_once('.')) {
        (1, _) => own.clone(),
        (_, Some((stem, ending))) if !stem.is_empty() => format!("{stem} ({number}).{ending}"),
        _ => format!("{own} ({number})"),
    };
    let own = (1..).map(numbered).find(|own| names.insert((id.clone(), own.to_lowercase())))?;
    let file = disk::child(&place, &own).ok()?;
    Some((place, file))
}

#[cfg(test)]
mod tests {
    use std::{collections::HashSet, path::Path};

    use super::{Names, place_at_home};

    const ID: &str = "0b0f7a3e-51c5-4a5c-9d5c-3f6f0f5f2f10";

    #[test]
    fn what_is_taken_home_lies_below_its_filing_whatever_the_register_calls_it() {
        let home = Path::new("/home/hanne/kopi");
        let there = home.join("documents").join(ID);
        for name in ["", ".", "..", "a/b", "/etc/passwd", "../a", "a\\b", "a\0b"] {
            let (place, file) = place_at_home(home, ID, name, &mut Names::new()).unwrap_or_default();
            assert_eq!((place.as_path(), file.parent()), (there.as_path(), Some(there.as_path())), "{name:?}");
        }
        for filing in ["", "..", "1", "0b0f7a3e-51c5-4a5c-9d5c-3f6f0f5f2f10/.."] {
            assert_eq!(place_at_home(home, filing, "kvittering.pdf", &mut Names::new()), None, "{filing:?}");
        }
        let file = there.join("kvittering – fra Skatteetaten.pdf");
        let name = "kvittering – fra Skatteetaten.pdf";
        assert_eq!(place_at_home(home, ID, name, &mut Names::new()), Some((there, file)));
    }

    #[test]
    fn every_name_becomes_one_that_every_system_takes_and_that_no_other_has() {
        let long = format!("{}.pdf", "å".repeat(200));
        let names = [
            "Kvittering\u{202e}fdp.exe",
            "NUL",
            "a:b",
            "a_b",
            "A_B",
            "x.",
            "x",
            "a\nb",
            &long,
            &long,
            "kvittering.pdf",
        ];
        let (mut given, mut files) = (Names::new(), HashSet::new());
        for name in names {
            let (_, file) = place_at_home(Path::new("/kopi"), ID, name, &mut given).unwrap_or_default();
            let own = file.file_name().and_then(|own| own.to_str()).unwrap_or_default().to_owned();
            assert!(own.len() <= 255 && disk::safe_name(&own) == own, "{own:?}");
            assert!(files.insert(own.to_lowercase()), "{own:?}");
        }
        assert!(files.contains("_nul") && files.contains("kvittering_fdp.exe") && files.contains("kvittering.pdf"));
    }
}
