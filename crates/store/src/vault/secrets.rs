//! Where sealed secrets lie: a table of the database, or memory when there is no keyring.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard},
};

use id_porten::{Clock, Random};
use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension as _, Transaction, params};
use zeroize::Zeroizing;

use super::{Vault, VaultError};
use crate::keyring::Keyring;

/// Secrets by purpose and row.
pub struct SecretStore {
    vault: RwLock<Vault>,
    keyring: Option<Arc<dyn Keyring>>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    in_memory: Mutex<HashMap<(String, String), InMemory>>,
}

/// A secret that is kept for this run only: sealed, and what it is bound to.
struct InMemory {
    sealed: Vec<u8>,
    bound: String,
}

/// A secret that was opened.
pub struct OpenedSecret {
    /// The secret.
    pub secret: Zeroizing<Vec<u8>>,
    /// It was sealed by an earlier version of the program, which bound it to no way. Whoever takes it over looks first at
    /// where it would go, and stores it anew.
    pub unbound: bool,
}

/// Why a secret could not be stored or read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SecretStoreError {
    /// It could not be sealed or opened.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The database did not take or give it.
    #[error("the database: {0}")]
    Database(#[from] rusqlite::Error),
}

impl SecretStore {
    /// Puts a store together.
    #[must_use]
    pub fn new(vault: Vault, clock: Arc<dyn Clock>, random: Arc<dyn Random>) -> Self {
        Self { vault: RwLock::new(vault), keyring: None, clock, random, in_memory: Mutex::default() }
    }

    /// The same with the keyring that the vault's key comes from, for [`SecretStore::try_keyring_again`].
    #[must_use]
    pub fn with_keyring(mut self, keyring: Arc<dyn Keyring>) -> Self {
        self.keyring = Some(keyring);
        self
    }

    /// The vault.
    pub fn vault(&self) -> RwLockReadGuard<'_, Vault> {
        self.vault.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tries the keyring again that was missing or locked when the vault was opened: a person may have unlocked it
    /// meanwhile, or does so now, when she is asked. May wait for her. The vault it gives is for [`SecretStore::adopt`];
    /// none where the one in use keeps its secrets.
    ///
    /// # Errors
    /// No random bytes.
    pub fn try_keyring_again(&self) -> Result<Option<Vault>, SecretStoreError> {
        match &self.keyring {
            Some(keyring) if !self.vault().is_persistent() && !self.vault().is_withheld() => {
                Ok(Some(Vault::open(keyring.as_ref(), self.random.as_ref()).map_err(VaultError::from)?))
            }
            _ => Ok(None),
        }
    }

    /// Asks the keyring for the key that was withheld; for [`SecretStore::adopt`]. None where it was not withheld. May wait
    /// for a person.
    ///
    /// # Errors
    /// No random bytes.
    pub fn released(&self) -> Result<Option<Vault>, SecretStoreError> {
        match &self.keyring {
            Some(keyring) if self.vault().is_withheld() => {
                Ok(Some(Vault::open(keyring.as_ref(), self.random.as_ref()).map_err(VaultError::from)?))
            }
            _ => Ok(None),
        }
    }

    /// Forgets the key and what is in memory: from now on nothing that is sealed can be opened.
    ///
    /// # Errors
    /// No random bytes.
    pub fn withhold(&self) -> Result<(), SecretStoreError> {
        let vault = Vault::withheld(self.random.as_ref()).map_err(VaultError::from)?;
        *self.vault.write().unwrap_or_else(PoisonError::into_inner) = vault;
        self.in_memory.lock().unwrap_or_else(PoisonError::into_inner).clear();
        Ok(())
    }

    /// Changes over to a vault that keeps its secrets, and stores what was in memory until now. Of one that does not,
    /// only the reason is taken over. Returns whether secrets are kept now.
    ///
    /// # Errors
    /// See [`SecretStoreError`]; then everything is as before.
    pub fn adopt(&self, db: &mut Connection, vault: Vault) -> Result<bool, SecretStoreError> {
        if !vault.is_persistent() {
            self.vault.write().unwrap_or_else(PoisonError::into_inner).has_problem_of(&vault);
            return Ok(false);
        }
        let mut memory = self.in_memory.lock().unwrap_or_else(PoisonError::into_inner);
        let tx = db.transaction()?;
        for ((purpose, id), InMemory { sealed, bound }) in memory.iter() {
            let secret = self.vault().unseal_for(purpose, id, bound, sealed)?;
            self.insert(&tx, purpose, id, &vault.seal_for(self.random.as_ref(), purpose, id, bound, &secret)?)?;
        }
        tx.commit()?;
        memory.clear();
        *self.vault.write().unwrap_or_else(PoisonError::into_inner) = vault;
        Ok(true)
    }

    fn insert(&self, tx: &Transaction<'_>, purpose: &str, id: &str, sealed: &[u8]) -> Result<(), SecretStoreError> {
        tx.execute(
            "INSERT INTO secrets (purpose, id, sealed, stored_at) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (purpose, id) DO UPDATE SET sealed = excluded.sealed, stored_at = excluded.stored_at",
            params![purpose, id, sealed, self.clock.now().to_string()],
        )?;
        Ok(())
    }

    /// Stores a secret in place of an earlier one, as part of a transaction: until it is committed the earlier one
    /// stands. It opens for the way it is bound to and for no other.
    ///
    /// # Errors
    /// See [`SecretStoreError`].
    pub fn put(
        &self,
        tx: &Transaction<'_>,
        purpose: &str,
        id: &str,
        bound: &str,
        secret: &[u8],
    ) -> Result<(), SecretStoreError> {
        let vault = self.vault();
        let sealed = vault.seal_for(self.random.as_ref(), purpose, id, bound, secret)?;
        if vault.is_persistent() {
            return self.insert(tx, purpose, id, &sealed);
        }
        let mut memory = self.in_memory.lock().unwrap_or_else(PoisonError::into_inner);
        memory.insert((purpose.to_owned(), id.to_owned()), InMemory { sealed, bound: bound.to_owned() });
        Ok(())
    }

    /// Whether a secret is there, without opening it.
    ///
    /// # Errors
    /// The database.
    pub fn has(&self, db: &Connection, purpose: &str, id: &str) -> Result<bool, SecretStoreError> {
        let memory = self.in_memory.lock().unwrap_or_else(PoisonError::into_inner);
        if memory.contains_key(&(purpose.to_owned(), id.to_owned())) {
            return Ok(true);
        }
        let sql = "SELECT EXISTS (SELECT 1 FROM secrets WHERE purpose = ?1 AND id = ?2)";
        Ok(db.query_row(sql, params![purpose, id], |row| row.get(0))?)
    }

    /// Whether a secret is there and opens for this way, or was bound to none; it stays as it is.
    ///
    /// # Errors
    /// The database.
    pub fn opens(&self, db: &Connection, purpose: &str, id: &str, bound: &str) -> Result<bool, SecretStoreError> {
        let Some(sealed) = self.sealed(db, purpose, id)? else { return Ok(false) };
        Ok(Vault::is_unbound(&sealed) || self.vault().unseal_for(purpose, id, bound, &sealed).is_ok())
    }

    fn sealed(&self, db: &Connection, purpose: &str, id: &str) -> Result<Option<Vec<u8>>, SecretStoreError> {
        if !self.vault().is_persistent() {
            let memory = self.in_memory.lock().unwrap_or_else(PoisonError::into_inner);
            return Ok(memory.get(&(purpose.to_owned(), id.to_owned())).map(|kept| kept.sealed.clone()));
        }
        let sql = "SELECT sealed FROM secrets WHERE purpose = ?1 AND id = ?2";
        Ok(db.query_row(sql, params![purpose, id], |row| row.get(0)).optional()?)
    }

    /// Removes what has been stored for a purpose for an hour.
    ///
    /// # Errors
    /// The database.
    pub fn delete_old(&self, db: &Connection, purpose: &str) -> Result<(), SecretStoreError> {
        let before = self.clock.now().saturating_sub(SignedDuration::from_hours(1)).unwrap_or(Timestamp::MIN);
        let sql = "DELETE FROM secrets WHERE purpose = ?1 AND stored_at < ?2";
        db.execute(sql, params![purpose, before.to_string()])?;
        Ok(())
    }

    /// Reads a secret; one that this vault cannot open, or that was sealed for another way, is not there, and is removed.
    ///
    /// # Errors
    /// See [`SecretStoreError`].
    pub fn get(
        &self,
        db: &Connection,
        purpose: &str,
        id: &str,
        bound: &str,
    ) -> Result<Option<OpenedSecret>, SecretStoreError> {
        let Some(sealed) = self.sealed(db, purpose, id)? else { return Ok(None) };
        let unbound = Vault::is_unbound(&sealed);
        let opened = if unbound {
            self.vault().unseal(purpose, id, &sealed)
        } else {
            self.vault().unseal_for(purpose, id, bound, &sealed)
        };
        match opened {
            Ok(secret) => Ok(Some(OpenedSecret { secret, unbound })),
            Err(VaultError::NotOurs) => {
                tracing::warn!(
                    purpose,
                    "A sealed secret does not open and is dropped: the keyring's key has changed, or where it would go."
                );
                self.delete(db, purpose, id)?;
                Ok(None)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Changes the keyring's key when nothing is sealed with it any more, so that nothing that is left anywhere, an old
    /// backup for one, can be opened. A keyring that refuses keeps its key: it opens nothing that is there. May wait for
    /// a person.
    ///
    /// # Errors
    /// See [`SecretStoreError`].
    pub fn change_unused_key(&self, db: &Connection) -> Result<(), SecretStoreError> {
        let Some(keyring) = &self.keyring else { return Ok(()) };
        let left: i64 = db.query_row("SELECT count(*) FROM secrets", [], |row| row.get(0))?;
        if left > 0 || !self.vault().is_persistent() {
            return Ok(());
        }
        if let Err(error) = keyring.delete() {
            tracing::warn!(%error, "The keyring keeps a key that opens nothing any more.");
            return Ok(());
        }
        let fresh = Vault::open(keyring.as_ref(), self.random.as_ref()).map_err(VaultError::from)?;
        *self.vault.write().unwrap_or_else(PoisonError::into_inner) = fresh;
        Ok(())
    }

    /// Removes a secret, from the database's file too.
    ///
    /// # Errors
    /// The database.
    pub fn delete(&self, db: &Connection, purpose: &str, id: &str) -> Result<(), SecretStoreError> {
        self.in_memory.lock().unwrap_or_else(PoisonError::into_inner).remove(&(purpose.to_owned(), id.to_owned()));
        db.execute("DELETE FROM secrets WHERE purpose = ?1 AND id = ?2", params![purpose, id])?;
        Ok(())
    }
}
