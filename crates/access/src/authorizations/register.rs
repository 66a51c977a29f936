//! The password of this desk at the office register, sealed for the way it goes.

use secrecy::{ExposeSecret as _, SecretString};

use super::{AuthorizationError, Authorizations};
use rusqlite::TransactionBehavior;

/// What it is sealed for.
const REGISTER: &str = "register";
/// One desk, one register.
const ROW: &str = "desk";

impl Authorizations {
    /// The password for this way (a role, hosts, a database); none where none is kept, or it was kept for another.
    ///
    /// # Errors
    /// See [`AuthorizationError`].
    pub fn register_password(&self, way: &str) -> Result<Option<SecretString>, AuthorizationError> {
        let kept = self.secrets.get(&self.db(), REGISTER, ROW, way)?;
        Ok(kept.and_then(|kept| String::from_utf8(kept.secret.to_vec()).ok()).map(SecretString::from))
    }

    /// Keeps the password for this way, in place of another.
    ///
    /// # Errors
    /// See [`AuthorizationError`].
    pub fn set_register_password(&self, way: &str, password: &SecretString) -> Result<(), AuthorizationError> {
        let mut db = self.db();
        let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        self.secrets.put(&tx, REGISTER, ROW, way, password.expose_secret().as_bytes())?;
        tx.commit()?;
        Ok(())
    }

    /// Forgets it, in the database's file too.
    ///
    /// # Errors
    /// See [`AuthorizationError`].
    pub fn forget_register_password(&self) -> Result<(), AuthorizationError> {
        let db = self.db();
        self.secrets.delete(&db, REGISTER, ROW)?;
        self.checkpoint(&db)
    }
}
