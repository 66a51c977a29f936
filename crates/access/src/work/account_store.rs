//! What the work account keeps between runs and beside other programs, sealed: the sign-in, one row for each environment,
//! which window and command line share (who removes it locks them all); the client's secret; and a sign-in that waits for
//! a link to come home.

use std::sync::{Mutex, PoisonError};

use id_porten::{
    EndpointOverrides, Random,
    work::{Groups, Organisation},
};
use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, params};
use serde::{Deserialize, Serialize};
use store::{database::OwnConnection, vault::Vault};
use zeroize::Zeroizing;

use crate::integrations::Destinations;

/// What the sign-in is sealed for.
const PURPOSE: &str = "work account";
/// What the client's secret is sealed for.
pub(super) const CLIENT: &str = "work client";
/// What a sign-in under way is sealed for.
pub(super) const ATTEMPT: &str = "work attempt";

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

/// What a client's secret is kept under: whatever else it could be sent to is named too.
pub(super) fn same_client(environment: &str, issuer: &str, client_id: &str, endpoints: &EndpointOverrides) -> String {
    let own = Destinations::of_endpoints(endpoints);
    let elsewhere = if own.is_empty() { String::new() } else { format!(" {}", own.bound()) };
    format!("{environment} {issuer} {client_id}{elsewhere}")
}

/// The rows.
pub(super) struct WorkAccountStore {
    db: Mutex<OwnConnection>,
    id: String,
}

impl WorkAccountStore {
    pub(super) fn new(db: OwnConnection, environment: String) -> Self {
        Self { db: Mutex::new(db), id: environment }
    }

    /// Whether a sign-in is kept, without opening it.
    pub(super) fn is_there(&self) -> Result<bool, rusqlite::Error> {
        self.has(PURPOSE, &self.id)
    }

    /// The sign-in; none where there is none or this vault did not seal it.
    pub(super) fn read(&self, vault: &Vault) -> Option<Signed> {
        serde_json::from_slice(&self.get(PURPOSE, &self.id, vault)?).ok()
    }

    /// Writes the sign-in; not where the vault's key is forgotten with the program.
    pub(super) fn write(&self, vault: &Vault, random: &dyn Random, signed: &Signed, now: Timestamp) -> bool {
        let Ok(content) = serde_json::to_vec(signed) else { return false };
        self.put(PURPOSE, &self.id, vault, random, &content, now)
    }

    /// Forgets the sign-in.
    pub(super) fn remove(&self) {
        self.delete(PURPOSE, &self.id);
    }

    /// Whether a row is there, without opening it.
    pub(super) fn has(&self, purpose: &str, id: &str) -> Result<bool, rusqlite::Error> {
        Ok(self.sealed(purpose, id)?.is_some())
    }

    fn sealed(&self, purpose: &str, id: &str) -> Result<Option<Vec<u8>>, rusqlite::Error> {
        let db = self.db.lock().unwrap_or_else(PoisonError::into_inner);
        db.query_row("SELECT sealed FROM secrets WHERE purpose = ?1 AND id = ?2", params![purpose, id], |row| {
            row.get(0)
        })
        .optional()
    }

    /// What a row says; none where there is none or this vault did not seal it.
    pub(super) fn get(&self, purpose: &str, id: &str, vault: &Vault) -> Option<Zeroizing<Vec<u8>>> {
        let sealed = self.sealed(purpose, id).ok().flatten()?;
        vault.unseal(purpose, id, &sealed).ok()
    }

    /// Writes a row; not where the vault's key is forgotten with the program. Whether it was written.
    pub(super) fn put(
        &self,
        purpose: &str,
        id: &str,
        vault: &Vault,
        random: &dyn Random,
        content: &[u8],
        now: Timestamp,
    ) -> bool {
        if !vault.is_persistent() {
            return false;
        }
        let Ok(sealed) = vault.seal(random, purpose, id, content) else { return false };
        let db = self.db.lock().unwrap_or_else(PoisonError::into_inner);
        let written = db.execute(
            "INSERT INTO secrets (purpose, id, sealed, stored_at) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (purpose, id) DO UPDATE SET sealed = excluded.sealed, stored_at = excluded.stored_at",
            params![purpose, id, sealed, now.to_string()],
        );
        if let Err(error) = &written {
            tracing::warn!(%error, purpose, "It could not be kept.");
        }
        written.is_ok()
    }

    /// Forgets a row.
    pub(super) fn delete(&self, purpose: &str, id: &str) {
        let db = self.db.lock().unwrap_or_else(PoisonError::into_inner);
        if let Err(error) = db.execute("DELETE FROM secrets WHERE purpose = ?1 AND id = ?2", params![purpose, id]) {
            tracing::error!(%error, purpose, "It could not be forgotten.");
        }
    }

    /// Forgets what has been kept for an hour: longer than any sign-in may take.
    pub(super) fn remove_old(&self, purpose: &str, now: Timestamp) {
        let before = now.saturating_sub(jiff::SignedDuration::from_hours(1)).unwrap_or(Timestamp::MIN);
        let db = self.db.lock().unwrap_or_else(PoisonError::into_inner);
        let gone = db
            .execute("DELETE FROM secrets WHERE purpose = ?1 AND stored_at < ?2", params![purpose, before.to_string()]);
        if let Err(error) = gone {
            tracing::warn!(%error, purpose, "What is no longer in use could not be forgotten.");
        }
    }

    /// Forgets what was kept under other names of the same environment: clients that are no longer in use.
    pub(super) fn remove_others(&self, purpose: &str, id: &str, environment: &str) {
        let db = self.db.lock().unwrap_or_else(PoisonError::into_inner);
        let gone = db.execute(
            "DELETE FROM secrets WHERE purpose = ?1 AND id <> ?2 AND substr(id, 1, length(?3) + 1) = ?3 || ' '",
            params![purpose, id, environment],
        );
        if let Err(error) = gone {
            tracing::error!(%error, purpose, "What is no longer in use could not be forgotten.");
        }
    }
}
