//! What this desk does is told the register: from the outbox, which is written with each change of a filing.

use ::register::{Brought, Register, RegisterError, Told};
use filing::{
    archive::Archive,
    filings::{self, Untold},
};
use store::{
    database::{Database, DatabaseError},
    vault::ArchiveKey,
};
use view::{Delivered, EnvironmentName, Language};

use super::moving::{bring_documents, shared};

/// Why what is to be told could not be.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TellError {
    /// The database of this installation.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// The register: everything that is left is told later.
    #[error(transparent)]
    Register(#[from] RegisterError),
}

/// Why the register has not taken a filing of this desk. What the register says stays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotTaken {
    /// Which filing.
    pub filing: String,
    /// Why, for a person; none where it waits to be told.
    pub why: Option<String>,
}

/// Why a filing is not taken where another desk has written of it.
const STALE: &str = "stale";

/// Tells everything that lies in the outbox, the first first. Told twice it changes nothing. What the register does not take is
/// kept with the reason, and what comes after it is told all the same.
///
/// # Errors
/// [`TellError`]; what was told until then is told.
pub(crate) async fn tell_all(
    db: &Database,
    (archive, key): (&Archive, Option<&ArchiveKey>),
    register: &Register,
    language: Language,
) -> Result<(), TellError> {
    for untold in db.read(filings::outbox)? {
        match tell(db, (archive, key), register, &untold).await {
            Ok(Told::Done) => db.write(|tx| filings::is_told(tx, &untold))?,
            Ok(Told::Stale) => db.write(|tx| filings::is_not_taken(tx, &untold, STALE))?,
            Err(TellError::Register(
                error @ (RegisterError::NotPermitted(_) | RegisterError::NationalId | RegisterError::Refused { .. }),
            )) => {
                let why = error.text(language);
                db.write(|tx| filings::is_not_taken(tx, &untold, &why))?;
            }
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Tells what has been delivered from here and is not known there, of all environments; which of it the register does not take.
///
/// # Errors
/// [`TellError`]; what was told until then is told.
pub(crate) async fn tell_deliveries(
    db: &Database,
    register: &Register,
    language: Language,
) -> Result<Vec<NotTaken>, TellError> {
    let mut not_taken = Vec::new();
    for environment in [EnvironmentName::Practice, EnvironmentName::Test, EnvironmentName::Production] {
        for filing in db.read(|db| filings::untold(db, environment))? {
            let why = match register.bring(&shared(db, &filing)?).await {
                Ok(Brought::Done | Brought::There) => {
                    db.write(|tx| filings::is_to_be_told(tx, &filing.id, false))?;
                    continue;
                }
                Ok(Brought::Other | Brought::Busy) => crate::text(language, "register.stale").to_owned(),
                Err(error @ (RegisterError::NotPermitted(_) | RegisterError::NationalId)) => error.text(language),
                Err(error) => return Err(error.into()),
            };
            not_taken.push(NotTaken { filing: filing.id.to_string(), why: Some(why) });
        }
    }
    Ok(not_taken)
}

async fn tell(
    db: &Database,
    (archive, key): (&Archive, Option<&ArchiveKey>),
    register: &Register,
    untold: &Untold,
) -> Result<Told, TellError> {
    let Some(filing) = db.read(|db| filings::of_outbox(db, untold))? else { return Ok(Told::Done) };
    let token = db.read(|db| filings::claim_of(db, &filing.id))?;
    let told = register.tell(&shared(db, &filing)?, filing.company_name.as_deref(), token).await?;
    if told == Told::Done && filing.delivered == Delivered::Yes && filing.is_finished() {
        bring_documents(db, key, register, archive, &filing).await?;
    }
    Ok(told)
}

/// What the register has not been told yet, or does not take.
///
/// # Errors
/// The database.
pub(crate) fn not_taken(db: &Database, language: Language) -> Result<Vec<NotTaken>, DatabaseError> {
    let all = db.read(filings::outbox)?;
    Ok(all.into_iter().map(|it| NotTaken { filing: it.filing, why: it.refused.map(|it| why(it, language)) }).collect())
}

/// Why the register does not take a filing, as it was kept, for a person.
pub(crate) fn why(refused: String, language: Language) -> String {
    match refused.as_str() {
        STALE => crate::text(language, "register.stale").to_owned(),
        _ => refused,
    }
}
