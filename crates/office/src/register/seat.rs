//! Where this installation's register is, and the password that lies in the vault for it.

use std::{path::Path, sync::Arc};

use ::register::{Address, AddressError, Desk, Register, RegisterError};
use access::{
    authorizations::{AuthorizationError, Authorizations},
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
use view::{EnvironmentName, Language, problem::Problem};

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
    pub(crate) db: Database,
    authorizations: Authorizations,
    work: Work,
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
        let db = Database::open_or_read(data)?;
        let secrets =
            SecretStore::new(work.vault()?, Arc::new(SystemClock), Arc::new(SystemRandom)).with_keyring(keyring);
        // A register is for all environments; its password is kept beside none of them.
        let authorizations = Authorizations::new(db.connect()?, secrets, EnvironmentName::Practice)?;
        Ok(Self { db, authorizations, work })
    }

    /// What the archive's folders are sealed with, where the keyring gives it.
    pub(crate) fn archive_key(&self) -> Option<ArchiveKey> {
        self.authorizations.secrets().vault().archive_key()
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
        let password = self.authorizations.register_password(&way(&address))?.ok_or(SeatError::NoPassword)?;
        Ok(Register::join(address, password, desk(kept.desk, kept.name)).await?)
    }

    /// Joins a register and keeps where it is, with the password in the vault. A desk that comes again is the same desk.
    ///
    /// # Errors
    /// [`SeatError`]; then everything is as before.
    pub async fn move_in(&self, address: &str, name: String, password: SecretString) -> Result<Register, SeatError> {
        let parsed: Address = address.parse()?;
        let before = self.db.read(kept)?;
        // Another bookkeeper at the same computer is another desk.
        let same = |kept: &Kept| kept.address.parse::<Address>().is_ok_and(|before| way(&before) == way(&parsed));
        let id = before.filter(same).map_or_else(Uuid::new_v4, |kept| kept.desk);
        if !self.authorizations.secrets().vault().is_persistent() {
            return Err(SeatError::NoKeyring);
        }
        let register = Register::join(parsed.clone(), password.clone(), desk(id, name.clone())).await?;
        self.authorizations.set_register_password(&way(&parsed), &password)?;
        let kept = Kept { address: address.trim().to_owned(), desk: id, name };
        let json = serde_json::to_string(&kept)
            .map_err(|error| DatabaseError::Value { column: "value", found: error.to_string() })?;
        self.db.write(|tx| {
            tx.execute("INSERT OR REPLACE INTO preferences (name, value) VALUES (?1, ?2)", params![REGISTER, json])?;
            Ok::<_, DatabaseError>(())
        })?;
        Ok(register)
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

    /// Forgets the register and its password.
    ///
    /// # Errors
    /// [`SeatError`].
    pub fn forget(&self) -> Result<(), SeatError> {
        self.db.write(|tx| {
            tx.execute("DELETE FROM preferences WHERE name = ?1", params![REGISTER])?;
            filings::forget_register(tx)
        })?;
        Ok(self.authorizations.forget_register_password()?)
    }
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
