//! Where this installation's register is, and the password that lies in the vault for it.

use std::{path::Path, sync::Arc};

use ::register::{Address, AddressError, Desk, Register, RegisterError};
use access::{
    authorizations::{AuthorizationError, Authorizations},
    session::Session,
    work::{Work, rights::Action},
};
use filing::{
    archive::Archive,
    filings::{self, REGISTER},
};
use id_porten::{RandomError, SystemClock, SystemRandom};
use rusqlite::{Connection, OptionalExtension as _, params};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use store::{
    database::{Database, DatabaseError},
    keyring::Keyring,
    vault::{ArchiveKey, SecretStore},
};
use uuid::Uuid;
use view::{
    Delivered, EnvironmentName, ErrorCode, Language,
    problem::{self, Problem},
};

use super::telling::{NotTaken, TellError, not_taken, tell_all, tell_deliveries};

/// What is kept of a register that this desk has moved into.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Kept {
    /// The address, without a password.
    pub(crate) address: String,
    /// This desk's number.
    pub(crate) desk: Uuid,
    /// What it is called to others.
    pub(crate) name: String,
    /// Whether what this desk had before has been brought. Earlier versions moved in with it in one go.
    #[serde(default = "yes")]
    pub(crate) brought: bool,
}

const fn yes() -> bool {
    true
}

/// Why the seat cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SeatError {
    /// The database of this installation.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// The vault.
    #[error(transparent)]
    Vault(#[from] AuthorizationError),
    /// No random bytes.
    #[error(transparent)]
    Random(#[from] RandomError),
    /// This desk has moved into no register.
    #[error("this desk has moved into no register")]
    NotMovedIn,
    /// There is no keyring that would keep the password.
    #[error("there is no keyring to keep the password")]
    NoKeyring,
    /// The password is not there any more: the keyring is another, or is locked.
    #[error("the password is not there any more")]
    NoPassword,
    /// The firm's rules, or the lock.
    #[error("{}", .0.message)]
    Forbidden(Box<Problem>),
    /// The address that is kept.
    #[error(transparent)]
    Address(#[from] AddressError),
    /// The register.
    #[error(transparent)]
    Register(#[from] RegisterError),
    /// The copy that is taken home.
    #[error(transparent)]
    Copy(std::io::Error),
}

impl SeatError {
    /// Whether nothing of the register was there: no host is reached, or there is no register at the address. One that lets nobody
    /// write, is full or does not answer in time is there.
    #[must_use]
    pub fn is_away(&self) -> bool {
        matches!(self, Self::Register(RegisterError::Unreachable { .. } | RegisterError::NoRegister))
    }

    /// What happened and what to do, for a person.
    ///
    /// # Errors
    /// The problem, where it is this installation's and has its own words.
    pub fn text(self, language: Language) -> Result<String, Problem> {
        let say = |key: &'static str| Ok(crate::text(language, key).to_owned());
        match self {
            Self::Register(error) => Ok(error.text(language)),
            Self::Address(error) => Ok(RegisterError::from(error).text(language)),
            Self::NotMovedIn => say("register.none"),
            Self::NoKeyring => say("register.noKeyring"),
            Self::NoPassword => say("register.noPassword"),
            Self::Copy(error) => Ok(files::io_words(&error, language)),
            Self::Forbidden(problem) => Err(*problem),
            Self::Database(error) => Err(error.into()),
            error @ (Self::Vault(_) | Self::Random(_)) => Err(problem::of(ErrorCode::DataUnusable, &error)),
        }
    }
}

impl From<TellError> for SeatError {
    fn from(error: TellError) -> Self {
        match error {
            TellError::Database(error) => error.into(),
            TellError::Register(error) => error.into(),
        }
    }
}

/// This installation's place at a register, or the lack of one.
pub struct Seat {
    /// The database of this installation.
    pub(crate) db: Arc<Database>,
    passwords: Passwords,
    work: Work,
}

/// Where the password lies.
enum Passwords {
    /// In a vault that was opened for this.
    Own(Box<Authorizations>),
    /// In the vault of an office that is open.
    OfOffice(Session),
}

impl Passwords {
    fn store(&self) -> &Authorizations {
        match self {
            Self::Own(authorizations) => authorizations,
            Self::OfOffice(session) => session.store(),
        }
    }
}

/// A register that has let this desk in, of which nothing has been kept yet.
pub struct LetIn {
    /// The register.
    pub register: Register,
    kept: Kept,
    way: String,
    password: SecretString,
}

impl std::fmt::Debug for LetIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LetIn").field("kept", &self.kept).finish_non_exhaustive()
    }
}

/// What was kept of a register before a change.
pub struct KeptBefore(Option<(Kept, Option<SecretString>)>);

impl std::fmt::Debug for KeptBefore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("KeptBefore")
    }
}

/// What is to be looked at before this desk leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaving {
    /// Filings that are under way from here: as long as there are any the desk does not leave.
    pub under_way: Vec<String>,
    /// Filings that the register does not take, of which it would never hear.
    pub untold: Vec<NotTaken>,
}

impl std::fmt::Debug for Seat {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Seat")
    }
}

/// What is kept, if this desk has moved into a register.
pub(crate) fn kept(db: &Connection) -> Result<Option<Kept>, DatabaseError> {
    let value: Option<String> = db
        .query_row("SELECT value FROM preferences WHERE name = ?1", params![REGISTER], |row| row.get(0))
        .optional()?;
    value
        .map(|json| serde_json::from_str(&json).map_err(|_| DatabaseError::Value { column: "value", found: json }))
        .transpose()
}

/// What a password is bound to: whatever else it could be sent to is named, and how who answers proves who he is.
pub(crate) fn way(address: &Address) -> String {
    let proof = address.proof().map(|proof| format!("?{proof}")).unwrap_or_default();
    format!("{}@{}/{}{proof}", address.role(), address.hosts().join(","), address.database())
}

impl Seat {
    /// Opens the database and the vault of an installation. May wait for a keyring that asks a person.
    ///
    /// # Errors
    /// [`SeatError`].
    pub fn open(data: &Path, work: Work, keyring: Arc<dyn Keyring>) -> Result<Self, SeatError> {
        let db = Arc::new(Database::open_or_read(data)?);
        let secrets =
            SecretStore::new(work.vault()?, Arc::new(SystemClock), Arc::new(SystemRandom)).with_keyring(keyring);
        // A register is for all environments; its password is kept beside none of them.
        let authorizations = Authorizations::new(db.connect()?, secrets, EnvironmentName::Practice)?;
        Ok(Self { db, passwords: Passwords::Own(Box::new(authorizations)), work })
    }

    /// The same in an office that is open.
    pub(crate) fn of_office(db: &Arc<Database>, session: &Session, work: &Work) -> Self {
        Self { db: Arc::clone(db), passwords: Passwords::OfOffice(session.clone()), work: work.clone() }
    }

    /// What the archive's folders are sealed with, where the keyring gives it.
    pub(crate) fn archive_key(&self) -> Option<ArchiveKey> {
        self.passwords.store().secrets().vault().archive_key()
    }

    /// Whether the firm's rules let her who is here change where the register is.
    ///
    /// # Errors
    /// [`SeatError::Forbidden`].
    pub fn may_change(&self) -> Result<(), SeatError> {
        self.may(Action::MoveIn, None)
    }

    /// Whether the program is not locked.
    ///
    /// # Errors
    /// [`SeatError::Forbidden`].
    pub fn may_use(&self) -> Result<(), SeatError> {
        self.may(Action::UseRegister, None)
    }

    /// Whether the firm's rules permit an action, for a company where it is for one.
    pub(super) fn may(&self, action: Action, company: Option<&str>) -> Result<(), SeatError> {
        let asked = self.work.may(action, company).map(drop);
        asked.map_err(|refused| SeatError::Forbidden(Box::new(refused.into())))
    }

    /// Whether the firm's rules show her a company.
    pub(super) fn sees(&self, company: &str) -> bool {
        self.work.sees(company)
    }

    /// The address of the register that this desk has moved into.
    ///
    /// # Errors
    /// The database, or an address that was kept and is none.
    pub fn address(&self) -> Result<Option<Address>, SeatError> {
        let kept = self.db.read(kept)?;
        Ok(kept.map(|kept| kept.address.parse()).transpose()?)
    }

    /// Filings of this desk that were delivered without the register, and by others as well.
    ///
    /// # Errors
    /// The database.
    pub fn twice(&self) -> Result<Vec<String>, SeatError> {
        let all = self.db.read(filings::twice)?;
        Ok(all.iter().map(|filing| filing.id.to_string()).collect())
    }

    /// What the register has not been told yet of this desk's filings, or does not take.
    ///
    /// # Errors
    /// The database.
    pub fn not_taken(&self, language: Language) -> Result<Vec<NotTaken>, SeatError> {
        Ok(not_taken(&self.db, language)?)
    }

    /// Joins the register that this desk has moved into.
    ///
    /// # Errors
    /// [`SeatError`].
    pub async fn join(&self) -> Result<Register, SeatError> {
        let kept = self.db.read(kept)?.ok_or(SeatError::NotMovedIn)?;
        let address: Address = kept.address.parse()?;
        let password = self.passwords.store().register_password(&way(&address))?.ok_or(SeatError::NoPassword)?;
        Ok(Register::join(address, password, desk(kept.desk, kept.name)).await?)
    }

    /// Asks a register to let this desk in; nothing is kept. A desk that comes again is the same desk.
    ///
    /// # Errors
    /// [`SeatError`].
    pub async fn ask(&self, address: &str, name: String, password: SecretString) -> Result<LetIn, SeatError> {
        let parsed: Address = address.parse()?;
        let before = self.db.read(kept)?;
        // Another bookkeeper at the same computer is another desk.
        let same = |kept: &Kept| kept.address.parse::<Address>().is_ok_and(|before| way(&before) == way(&parsed));
        let before = before.filter(same);
        let id = before.as_ref().map_or_else(Uuid::new_v4, |kept| kept.desk);
        let brought = before.is_some_and(|kept| kept.brought);
        if !self.passwords.store().secrets().vault().is_persistent() {
            return Err(SeatError::NoKeyring);
        }
        let register = Register::join(parsed.clone(), password.clone(), desk(id, name.clone())).await?;
        let kept = Kept { address: address.trim().to_owned(), desk: id, name, brought };
        Ok(LetIn { register, kept, way: way(&parsed), password })
    }

    /// Keeps where the register is that has let this desk in, with the password in the vault.
    ///
    /// # Errors
    /// [`SeatError`]; see [`Seat::put_back`].
    pub fn keep(&self, let_in: &LetIn) -> Result<(), SeatError> {
        self.passwords.store().set_register_password(&let_in.way, &let_in.password)?;
        Ok(write(&self.db, &let_in.kept)?)
    }

    /// What is kept now, to be put back if a change does not come about.
    ///
    /// # Errors
    /// [`SeatError`].
    pub fn before(&self) -> Result<KeptBefore, SeatError> {
        let Some(kept) = self.db.read(kept)? else { return Ok(KeptBefore(None)) };
        let address: Address = kept.address.parse()?;
        let password = self.passwords.store().register_password(&way(&address))?;
        Ok(KeptBefore(Some((kept, password))))
    }

    /// Puts back what was kept before.
    ///
    /// # Errors
    /// [`SeatError`].
    pub fn put_back(&self, KeptBefore(before): KeptBefore) -> Result<(), SeatError> {
        let Some((kept, password)) = before else { return self.forget() };
        if let (Some(password), Ok(address)) = (password, kept.address.parse::<Address>()) {
            self.passwords.store().set_register_password(&way(&address), &password)?;
        }
        Ok(write(&self.db, &kept)?)
    }

    /// Joins a register and keeps where it is, with the password in the vault.
    ///
    /// # Errors
    /// [`SeatError`]; then everything is as before.
    pub async fn move_in(&self, address: &str, name: String, password: SecretString) -> Result<Register, SeatError> {
        let let_in = self.ask(address, name, password).await?;
        self.keep(&let_in)?;
        Ok(let_in.register)
    }

    /// What this desk had before is with the register now.
    pub(super) fn has_brought(&self) -> Result<(), SeatError> {
        match self.db.read(kept)? {
            Some(kept) if !kept.brought => Ok(write(&self.db, &Kept { brought: true, ..kept })?),
            _ => Ok(()),
        }
    }

    /// Looks at what keeps this desk, or would be lost, if it left; what the register has not heard it is told: what is not told
    /// now is told never.
    ///
    /// # Errors
    /// [`SeatError`]; what was told until then is told.
    pub async fn leaving(
        &self,
        register: &Register,
        archive: &Archive,
        language: Language,
    ) -> Result<Leaving, SeatError> {
        let under_way = register.claimed_here().await?;
        let untold = match under_way.is_empty() {
            true => self.tell_the_rest(register, archive, language).await?,
            false => Vec::new(),
        };
        Ok(Leaving { under_way, untold })
    }

    /// Tells the register what it has not heard of this desk's filings; what it does not take is left, with the reason.
    ///
    /// # Errors
    /// [`SeatError`]; what was told until then is told.
    pub async fn tell_the_rest(
        &self,
        register: &Register,
        archive: &Archive,
        language: Language,
    ) -> Result<Vec<NotTaken>, SeatError> {
        let mut left = tell_deliveries(&self.db, register, language).await?;
        let key = self.archive_key();
        tell_all(&self.db, (archive, key.as_ref()), register, language).await?;
        for untold in self.not_taken(language)? {
            if left.iter().all(|it| it.filing != untold.filing) {
                left.push(untold);
            }
        }
        Ok(left)
    }

    /// What is lost if this desk leaves a register that is gone: what it has not been told, and filings under way, which go on
    /// without it.
    ///
    /// # Errors
    /// The database.
    pub fn leaving_without(&self, language: Language) -> Result<Leaving, SeatError> {
        let mut leaving = Leaving { under_way: Vec::new(), untold: self.not_taken(language)? };
        for environment in [EnvironmentName::Practice, EnvironmentName::Test, EnvironmentName::Production] {
            let open = self.db.read(|db| filings::unfinished(db, environment))?;
            let open = open.iter().filter(|filing| filing.delivered != Delivered::Yes);
            leaving.under_way.extend(open.map(|filing| filing.id.to_string()));
            for filing in self.db.read(|db| filings::untold(db, environment))? {
                let filing = filing.id.to_string();
                if leaving.untold.iter().all(|it| it.filing != filing) {
                    leaving.untold.push(NotTaken { filing, why: None });
                }
            }
        }
        Ok(leaving)
    }

    /// Forgets the register and its password.
    ///
    /// # Errors
    /// [`SeatError`].
    pub fn forget(&self) -> Result<(), SeatError> {
        self.db.write(|tx| {
            tx.execute("DELETE FROM preferences WHERE name = ?1", params![REGISTER])?;
            filings::forget_register(tx)
        })?;
        Ok(self.passwords.store().forget_register_password()?)
    }
}

fn write(db: &Database, kept: &Kept) -> Result<(), DatabaseError> {
    let json = serde_json::to_string(kept)
        .map_err(|error| DatabaseError::Value { column: "value", found: error.to_string() })?;
    db.write(|tx| {
        tx.execute("INSERT OR REPLACE INTO preferences (name, value) VALUES (?1, ?2)", params![REGISTER, json])?;
        Ok(())
    })
}

/// This desk, as others are told of it.
pub(crate) fn desk(id: Uuid, name: String) -> Desk {
    Desk { id, name, program: env!("CARGO_PKG_VERSION").to_owned() }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_password_is_bound_to_who_is_believed_by_what() {
        let way = |text: &str| way(&text.parse().unwrap());
        // As earlier versions have bound it.
        assert_eq!(way("postgresql://kari@db.firma.no/momsbud"), "kari@db.firma.no:5432/momsbud");
        let verified = "postgresql://kari@127.0.0.1/momsbud?sslmode=verify-full&sslrootcert=%2Fetc%2Ffirma.pem";
        let other =
            [verified, "postgresql://kari@127.0.0.1/momsbud", &verified.replace("firma.pem", "other.pem")].map(way);
        assert!(other[0] != other[1] && other[0] != other[2] && other[1] != other[2], "{other:?}");
    }
}
