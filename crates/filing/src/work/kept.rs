//! The work account's sign-in between runs and beside other programs: one sealed row for each environment, which window and
//! command line share. Who removes it locks them all.

use std::sync::{Mutex, PoisonError};

use id_porten::{
    Random,
    work::{Groups, Organisation},
};
use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, params};
use serde::{Deserialize, Serialize};

use crate::{database::OwnConnection, vault::Vault};

/// What the row is sealed for.
const PURPOSE: &str = "work account";

/// Who has signed in, and until when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Signed {
    pub(super) issuer: String,
    pub(super) sub: String,
    pub(super) name: Option<String>,
    pub(super) email: Option<String>,
    pub(super) groups: Groups,
    pub(super) organisations: Vec<Organisation>,
    pub(super) since: Timestamp,
    pub(super) until: Timestamp,
    /// When anything was last done; programs that share the row tell each other so.
    pub(super) used: Timestamp,
}

/// The row.
pub(super) struct Kept {
    db: Mutex<OwnConnection>,
    id: String,
}

impl Kept {
    pub(super) fn new(db: OwnConnection, environment: String) -> Self {
        Self { db: Mutex::new(db), id: environment }
    }

    /// Whether there is a row, without opening it.
    pub(super) fn is_there(&self) -> Result<bool, rusqlite::Error> {
        Ok(self.sealed()?.is_some())
    }

    fn sealed(&self) -> Result<Option<Vec<u8>>, rusqlite::Error> {
        let db = self.db.lock().unwrap_or_else(PoisonError::into_inner);
        db.query_row("SELECT sealed FROM secrets WHERE purpose = ?1 AND id = ?2", params![PURPOSE, self.id], |row| {
            row.get(0)
        })
        .optional()
    }

    /// What the row says; none where there is none or this vault did not seal it.
    pub(super) fn read(&self, vault: &Vault) -> Option<Signed> {
        let sealed = self.sealed().ok().flatten()?;
        let opened = vault.unseal(PURPOSE, &self.id, &sealed).ok()?;
        serde_json::from_slice(&opened).ok()
    }

    /// Writes the row; not where the vault's key is forgotten with the program.
    pub(super) fn write(&self, vault: &Vault, random: &dyn Random, signed: &Signed, now: Timestamp) -> bool {
        if !vault.keeps() {
            return false;
        }
        let Ok(content) = serde_json::to_vec(signed) else { return false };
        let Ok(sealed) = vault.seal(random, PURPOSE, &self.id, &content) else { return false };
        let db = self.db.lock().unwrap_or_else(PoisonError::into_inner);
        let written = db.execute(
            "INSERT INTO secrets (purpose, id, sealed, stored_at) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (purpose, id) DO UPDATE SET sealed = excluded.sealed, stored_at = excluded.stored_at",
            params![PURPOSE, self.id, sealed, now.to_string()],
        );
        if let Err(error) = &written {
            tracing::warn!(%error, "The work account's sign-in could not be kept.");
        }
        written.is_ok()
    }

    pub(super) fn remove(&self) {
        let db = self.db.lock().unwrap_or_else(PoisonError::into_inner);
        if let Err(error) = db.execute("DELETE FROM secrets WHERE purpose = ?1 AND id = ?2", params![PURPOSE, self.id])
        {
            tracing::error!(%error, "The work account's sign-in could not be forgotten.");
        }
    }
}
