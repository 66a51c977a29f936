//! Documents that other desks filed, fetched from the register: those of a filing, or all of them, as a mirror that is brought up
//! to date when it is asked for again.
//!
//! What is fetched is compared with its SHA-256 before it is written. What lies in the mirror already is compared as well, and
//! never written over: a register whose rows somebody has changed changes no copy that was made before.

use std::{io::ErrorKind, path::Path};

use ::register::{Listed, Register, RegisterError};
use access::work::rights::Action;
use disk::read_regular;
use filing::archive::verify::LARGEST;
use sha2::{Digest as _, Sha256};
use vat_return::OrgNumber;
use view::{ErrorCode, Language, ids::FilingId, problem};

use super::{
    Seat, SeatError,
    moving::{Names, place_at_home},
};

/// How many documents are listed at a time.
const PAGE: i64 = 500;
/// How many are listed at most: a register that lists more has no end.
const MOST: usize = 5_000_000;

/// What came of fetching documents.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mirrored {
    /// Fetched now, each what its sum says.
    pub fetched: usize,
    /// There since before, and what the register lists.
    pub there: usize,
    /// What is not there as it should be.
    pub left: Vec<Left>,
}

/// A document that was not fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    /// Of which filing.
    pub filing: String,
    /// The company's organisation number, as the register gives it.
    pub company: String,
    /// What it is called.
    pub name: String,
    /// Why.
    pub why: WhyLeft,
}

/// Why a document was not fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub enum WhyLeft {
    /// What the register has is not what its sum says: it was changed there.
    Changed,
    /// The register lists it, and does not have it.
    Missing,
    /// Another content lies in the folder: one of the two was changed. It stays.
    Differs,
    /// Key, company or name is none, or the disk does not take it.
    NotWritten,
}

impl WhyLeft {
    /// The same for a person.
    #[must_use]
    pub fn text(self, language: Language) -> &'static str {
        crate::text(
            language,
            match self {
                Self::Changed => "register.mirror.changed",
                Self::Missing => "register.mirror.missing",
                Self::Differs => "register.mirror.differs",
                Self::NotWritten => "register.mirror.notWritten",
            },
        )
    }
}

enum Got {
    Fetched,
    There,
    Left(WhyLeft),
}

impl Seat {
    /// Whether the firm's rules let her who is here take filings along.
    ///
    /// # Errors
    /// [`SeatError::Forbidden`].
    pub fn may_mirror(&self) -> Result<(), SeatError> {
        self.may(Action::ExportFilings, None)
    }

    /// Fetches the documents of a filing, or of all filings, that this role and the firm's rules show her, into a folder:
    /// one for each company, in it one for each filing. Broken off, or called again, it goes on where it was.
    ///
    /// # Errors
    /// [`SeatError`]; what was fetched until then is there.
    pub async fn mirror(
        &self,
        register: &Register,
        filing: Option<&FilingId>,
        folder: &Path,
    ) -> Result<Mirrored, SeatError> {
        self.may_mirror()?;
        let wanted = filing.map(ToString::to_string);
        let (mut mirrored, mut names, mut listed) = (Mirrored::default(), Names::new(), 0_usize);
        let mut last: Option<Listed> = None;
        loop {
            let after = last.as_ref().map_or(("", "", ""), |it| (it.environment.name(), &it.filing, &it.name));
            let page = register.documents_after(wanted.as_deref(), after, PAGE).await?;
            listed = listed.saturating_add(page.len());
            if listed > MOST {
                return Err(RegisterError::Odd("its documents have no end".to_owned()).into());
            }
            for document in page.iter().filter(|it| self.sees(&it.company)) {
                match got(register, folder, document, &mut names).await? {
                    Got::Fetched => mirrored.fetched += 1,
                    Got::There => mirrored.there += 1,
                    Got::Left(why) => {
                        let Listed { filing, company, name, .. } = document.clone();
                        mirrored.left.push(Left { filing, company, name, why });
                    }
                }
            }
            if i64::try_from(page.len()).unwrap_or(PAGE) < PAGE {
                return Ok(mirrored);
            }
            last = page.into_iter().next_back();
        }
    }
}

async fn got(register: &Register, folder: &Path, document: &Listed, names: &mut Names) -> Result<Got, SeatError> {
    let Listed { environment, filing, company, name, sha256 } = document;
    // Whoever may write to the register chose them.
    let company = OrgNumber::parse(company).ok();
    let place = company.and_then(|company| place_at_home(&folder.join(company.as_str()), filing, name, names));
    let Some((place, file)) = place else { return Ok(Got::Left(WhyLeft::NotWritten)) };
    match read_regular(&file, LARGEST) {
        Ok(bytes) if Sha256::digest(&bytes).as_slice() == sha256.as_slice() => return Ok(Got::There),
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Ok(_) | Err(_) => return Ok(Got::Left(WhyLeft::Differs)),
    }
    let bytes = match register.document(*environment, filing, name).await {
        Ok(Some(bytes)) => bytes,
        Ok(None) => return Ok(Got::Left(WhyLeft::Missing)),
        Err(error @ (RegisterError::Document { .. } | RegisterError::Odd(_))) => {
            tracing::warn!(%error, "A document of the register is not fetched.");
            return Ok(Got::Left(WhyLeft::Changed));
        }
        Err(error) => return Err(error.into()),
    };
    // Listed and fetched are two questions.
    if Sha256::digest(&bytes).as_slice() != sha256.as_slice() {
        return Ok(Got::Left(WhyLeft::Changed));
    }
    match disk::create_folder(&place).and_then(|()| disk::write(&file, &bytes)) {
        Ok(()) => Ok(Got::Fetched),
        Err(error) if problem::of_io(&error) == ErrorCode::DiskFull => Err(SeatError::Copy(error)),
        Err(error) => {
            tracing::warn!(%error, "A document of the register cannot be written.");
            Ok(Got::Left(WhyLeft::NotWritten))
        }
    }
}
