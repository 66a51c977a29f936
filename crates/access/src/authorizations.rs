//! Authorizations: each one person's consent through one integration, with its sealed tokens.
//!
//! A person is known by her pairwise `sub`, of which only a salted hash is stored, and by name or masked national id.
//! Whatever replaces a token is committed before the old one is gone: a program killed in between loses at most the
//! sign-in, never the knowledge of whose it was.

pub mod consents;
mod integrations;
mod register;
mod tokens;

use base16ct::lower::encode_string;
use std::{
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
};
use store::{
    database::OwnConnection,
    vault::{OpenedSecret, SecretStore, SecretStoreError, Vault},
};
use view::EnvironmentName;

use altinn::Endpoints;
pub use consents::{Consent, LONG, consents};
use id_porten::{Identity, Random, RandomError};
pub use integrations::{Marks, StoredIntegration};
use jiff::Timestamp;
use rusqlite::{
    Connection, OptionalExtension as _, Row, ToSql, Transaction, TransactionBehavior, params, types::ToSqlOutput,
};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
pub use tokens::{AltinnToken, Tokens};
use tokens::{StoredTokens, TokensToStore};
use zeroize::Zeroizing;

use crate::integrations::{IntegrationId, IntegrationSettings};

/// What tokens are sealed for.
const TOKENS: &str = "tokens";
/// What a client's secret or private key is sealed for.
const CLIENT_SECRET: &str = "client-secret";
/// What is sealed for an integration itself, and goes when it goes or what it is sent to changes. A secret more of a client
/// stands here, and is removed with the others.
const OF_AN_INTEGRATION: [&str; 1] = [CLIENT_SECRET];
/// What a sign-in under way is sealed for.
const SIGN_IN: &str = "sign-in";

/// Key of an authorization; random, so that it says nothing of the person.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AuthorizationId(String);

impl AuthorizationId {
    /// Takes a key that was stored earlier.
    #[must_use]
    pub fn new(id: impl Into<String>) -> Self {
        Self(id.into())
    }

    /// The key.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl ToSql for AuthorizationId {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        self.0.to_sql()
    }
}

impl fmt::Display for AuthorizationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One person's consent through one integration. Nothing here is secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authorization {
    /// Its key.
    pub id: AuthorizationId,
    /// The integration's key.
    pub integration: IntegrationId,
    /// The person's name, where ID-porten gave one.
    pub name: Option<String>,
    /// Her national id with its last five digits hidden.
    pub masked_id: Option<String>,
    /// What she granted.
    pub scopes: Vec<String>,
    /// When she signed in.
    pub granted_at: Timestamp,
    /// When her consent ends.
    pub ends_at: Timestamp,
}

impl Authorization {
    /// What the person is called in lists: name, else masked id; none where ID-porten gave neither.
    #[must_use]
    pub fn person(&self) -> Option<String> {
        self.name.clone().or_else(|| self.masked_id.clone())
    }
}

/// Why the store did not serve.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AuthorizationError {
    /// The database did not take or give it. Cause: disk full, read-only, damaged.
    #[error("the database: {0}")]
    Database(#[from] rusqlite::Error),
    /// A secret could not be stored or read.
    #[error(transparent)]
    Secrets(#[from] SecretStoreError),
    /// No randomness.
    #[error(transparent)]
    Random(#[from] RandomError),
    /// Tokens could not be put into a row.
    #[error("tokens could not be written: {0}")]
    Form(#[from] serde_json::Error),
}

/// The store of one environment's authorizations.
pub struct Authorizations {
    db: Mutex<OwnConnection>,
    secrets: SecretStore,
    environment: &'static str,
    name: EnvironmentName,
    /// Altinn and Skatteetaten, who get the tokens too.
    authorities: Option<Endpoints>,
}

impl Authorizations {
    /// A store on a connection of its own to the database, in which the migrations have been run.
    ///
    /// # Errors
    /// The database.
    pub fn new(
        db: impl Into<OwnConnection>,
        secrets: SecretStore,
        environment: EnvironmentName,
    ) -> Result<Self, AuthorizationError> {
        let db = db.into();
        db.busy_timeout(std::time::Duration::from_secs(10))?;
        // A new refresh token must have reached the disk before anything else is done; a deleted one must not stay
        // behind in a free page.
        db.pragma_update(None, "synchronous", "FULL")?;
        db.pragma_update(None, "secure_delete", "ON")?;
        let environment_name = word(environment);
        Ok(Self { db: Mutex::new(db), secrets, environment: environment_name, name: environment, authorities: None })
    }

    /// The same with Altinn's and Skatteetaten's addresses: tokens are bound to them as to the issuer's.
    #[must_use]
    pub fn with_authorities(mut self, endpoints: Endpoints) -> Self {
        self.authorities = Some(endpoints);
        self
    }

    /// Where the tokens of an integration go, as they are bound to it.
    #[must_use]
    pub fn destinations(&self, integration: &IntegrationSettings) -> String {
        let own = integration.destinations();
        match &self.authorities {
            Some(endpoints) => own.with_altinn(endpoints),
            None => own,
        }
        .bound()
    }

    /// Which set of authorities it is for.
    #[must_use]
    pub fn environment(&self) -> EnvironmentName {
        self.name
    }

    /// Where secrets are kept.
    #[must_use]
    pub fn secrets(&self) -> &SecretStore {
        &self.secrets
    }

    /// Tries a keyring again that was missing or locked; see [`SecretStore::try_keyring_again`]. May wait for a person.
    ///
    /// # Errors
    /// See [`AuthorizationError`].
    pub fn try_keyring_again(&self) -> Result<bool, AuthorizationError> {
        // The database is not held while a person looks for her password.
        match self.secrets.try_keyring_again()? {
            Some(vault) => Ok(self.secrets.adopt(&mut self.db(), vault)?),
            None => Ok(self.secrets.vault().is_persistent()),
        }
    }

    /// Takes a vault into use whose keyring answered late. One that keeps its secrets already, or whose key is withheld
    /// meanwhile, stays. Returns whether secrets are kept now.
    ///
    /// # Errors
    /// See [`AuthorizationError`].
    pub(crate) fn keyring_answered(&self, vault: Vault) -> Result<bool, AuthorizationError> {
        let mut db = self.db();
        let (keeps, withheld) = {
            let used = self.secrets.vault();
            (used.is_persistent(), used.is_withheld())
        };
        if keeps || withheld {
            return Ok(keeps);
        }
        Ok(self.secrets.adopt(&mut db, vault)?)
    }

    /// Takes the key into use that was withheld until a work account had signed in; see [`SecretStore::released`]. May wait
    /// for a person.
    ///
    /// # Errors
    /// See [`AuthorizationError`].
    pub fn release_key(&self) -> Result<bool, AuthorizationError> {
        match self.secrets.released()? {
            Some(vault) => Ok(self.secrets.adopt(&mut self.db(), vault)?),
            None => Ok(self.secrets.vault().is_persistent()),
        }
    }

    /// Stores what a sign-in gave, and makes it the current authorization: the person's earlier one through the same
    /// integration, renewed, or a new one.
    ///
    /// # Errors
    /// See [`AuthorizationError`]; then nothing has changed.
    pub fn signed_in(
        &self,
        random: &dyn Random,
        integration: &IntegrationSettings,
        authorization: &NewAuthorization<'_>,
        tokens: &Tokens,
    ) -> Result<Authorization, AuthorizationError> {
        let mut db = self.db();
        let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let known = self.find_person(&tx, &integration.id, &tokens.identity)?;
        let id = match known {
            Some(id) => id,
            None => {
                let (mut id, mut salt) = ([0_u8; 16], [0_u8; 16]);
                random.fill(&mut id)?;
                random.fill(&mut salt)?;
                let id = encode_string(&id);
                tx.execute(
                    "INSERT INTO authorizations (id, environment, integration, person_salt, person, scopes, granted_at, ends_at)
                     VALUES (?1, ?2, ?3, ?4, ?5, '', '', '')",
                    params![id, self.environment, integration.id, salt, person(&salt, &tokens.identity)],
                )?;
                AuthorizationId(id)
            }
        };
        let identity = &tokens.identity;
        tx.execute("UPDATE authorizations SET current = 0 WHERE environment = ?1", params![self.environment])?;
        tx.execute(
            "UPDATE authorizations SET current = 1, name = coalesce(?2, name), masked_id = coalesce(?3, masked_id),
                scopes = ?4, granted_at = ?5, ends_at = ?6 WHERE id = ?1",
            params![
                id.as_str(),
                identity.name,
                identity.masked_id,
                authorization.scopes.join(" "),
                authorization.granted_at.to_string(),
                authorization.ends_at.to_string()
            ],
        )?;
        self.put_tokens(&tx, &id, integration, tokens)?;
        let stored = tx.query_row(&format!("{SELECT} WHERE id = ?1"), params![id.as_str()], read)?;
        tx.commit()?;
        Ok(stored)
    }

    /// Stores renewed tokens in place of the old ones.
    ///
    /// # Errors
    /// See [`AuthorizationError`]; then the old ones still stand.
    pub fn renewed(
        &self,
        id: &AuthorizationId,
        integration: &IntegrationSettings,
        ends_at: Timestamp,
        tokens: &Tokens,
    ) -> Result<(), AuthorizationError> {
        let mut db = self.db();
        let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        tx.execute("UPDATE authorizations SET ends_at = ?2 WHERE id = ?1", params![id.as_str(), ends_at.to_string()])?;
        self.put_tokens(&tx, id, integration, tokens)?;
        tx.commit()?;
        Ok(())
    }

    /// The authorization of the person who is signed in.
    ///
    /// # Errors
    /// The database.
    pub fn current(&self) -> Result<Option<Authorization>, AuthorizationError> {
        let sql = format!("{SELECT} WHERE environment = ?1 AND current = 1");
        Ok(self.db().query_row(&sql, params![self.environment], |row| Ok(read_if_sound(row))).optional()?.flatten())
    }

    /// All authorizations, the newest first.
    ///
    /// # Errors
    /// The database.
    pub fn all(&self) -> Result<Vec<Authorization>, AuthorizationError> {
        let db = self.db();
        let mut statement = db.prepare(&format!("{SELECT} WHERE environment = ?1 ORDER BY granted_at DESC"))?;
        let rows = statement.query_map(params![self.environment], |row| Ok(read_if_sound(row)))?;
        Ok(rows.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
    }

    /// The tokens of an authorization, as far as they are stored, can be opened, and were got where this integration would
    /// send them.
    ///
    /// # Errors
    /// See [`AuthorizationError`].
    pub fn tokens(
        &self,
        id: &AuthorizationId,
        integration: &IntegrationSettings,
    ) -> Result<Option<Tokens>, AuthorizationError> {
        let mut db = self.db();
        // The practice authorities have other ports after every start, and what is sealed is of no use then; another
        // program may still practise with those that it belongs to.
        if self.name == EnvironmentName::Practice && !self.opens(&db, id, integration)? {
            return Ok(None);
        }
        let bound = self.destinations(integration);
        let Some(OpenedSecret { secret, unbound }) = self.secrets.get(&db, TOKENS, id.as_str(), &bound)? else {
            return Ok(None);
        };
        let Some(tokens) = serde_json::from_slice::<StoredTokens>(&secret).ok().map(StoredTokens::into_tokens) else {
            return Ok(None);
        };
        if unbound {
            // Of an earlier version: taken over once, if nothing but the issuer itself says where they go.
            let same = tokens.identity.issuer == integration.issuer.as_str() && self.is_by_the_issuer(integration);
            if !same {
                tracing::warn!("Tokens of an earlier version are dropped: it cannot be told where they were got.");
                self.secrets.delete(&db, TOKENS, id.as_str())?;
                return Ok(None);
            }
            let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
            self.put_tokens(&tx, id, integration, &tokens)?;
            tx.commit()?;
        }
        Ok(Some(tokens))
    }

    fn opens(
        &self,
        db: &Connection,
        id: &AuthorizationId,
        integration: &IntegrationSettings,
    ) -> Result<bool, AuthorizationError> {
        Ok(self.secrets.opens(db, TOKENS, id.as_str(), &self.destinations(integration))?)
    }

    /// Whether all that an integration is trusted with goes to its issuer's own hosts.
    fn is_by_the_issuer(&self, integration: &IntegrationSettings) -> bool {
        integration.destinations().foreign(&integration.issuer).is_empty()
    }

    /// Whether tokens of an authorization are stored, or in memory, without opening them. Another program that signs out
    /// removes them.
    ///
    /// # Errors
    /// The database.
    pub fn has_stored_tokens(&self, id: &AuthorizationId) -> Result<bool, AuthorizationError> {
        Ok(!self.secrets.vault().is_persistent() || self.secrets.has(&self.db(), TOKENS, id.as_str())?)
    }

    /// The authorization that a person has given through an integration, where she has.
    ///
    /// # Errors
    /// The database.
    pub fn of_person(
        &self,
        integration: &IntegrationId,
        identity: &Identity,
    ) -> Result<Option<AuthorizationId>, AuthorizationError> {
        self.find_person(&self.db(), integration, identity)
    }

    /// Drops the tokens and signs the person out; what is known of her authorization stays.
    ///
    /// # Errors
    /// The database.
    pub fn signed_out(&self, id: &AuthorizationId) -> Result<(), AuthorizationError> {
        let db = self.db();
        self.secrets.delete(&db, TOKENS, id.as_str())?;
        db.execute("UPDATE authorizations SET current = 0 WHERE id = ?1", params![id.as_str()])?;
        self.checkpoint(&db)
    }

    /// Forgets an authorization altogether. Was it the last secret there is, the keyring's key goes too, and with it
    /// whatever could open an old copy of the database. May wait for a person who is asked to unlock the keyring.
    ///
    /// # Errors
    /// See [`AuthorizationError`].
    pub fn forget(&self, id: &AuthorizationId) -> Result<(), AuthorizationError> {
        let db = self.db();
        self.secrets.delete(&db, TOKENS, id.as_str())?;
        db.execute("DELETE FROM authorizations WHERE id = ?1", params![id.as_str()])?;
        self.checkpoint(&db)?;
        Ok(self.secrets.change_unused_key(&db)?)
    }

    /// Keeps what another run of the program needs to take the answer of the sign-in with this key, and forgets what an hour
    /// ago was one.
    ///
    /// # Errors
    /// See [`AuthorizationError`].
    pub fn store_sign_in(&self, key: &str, kept: &SecretString) -> Result<(), AuthorizationError> {
        let mut db = self.db();
        let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        self.secrets.delete_old(&tx, SIGN_IN)?;
        self.secrets.put(&tx, SIGN_IN, &self.sign_in_row(key), "", kept.expose_secret().as_bytes())?;
        tx.commit()?;
        Ok(())
    }

    /// Takes out what [`Authorizations::store_sign_in`] kept: it serves once.
    ///
    /// # Errors
    /// See [`AuthorizationError`].
    pub fn take_sign_in(&self, key: &str) -> Result<Option<Zeroizing<String>>, AuthorizationError> {
        let (db, row) = (self.db(), self.sign_in_row(key));
        let kept = self.secrets.get(&db, SIGN_IN, &row, "")?;
        if kept.is_some() {
            self.secrets.delete(&db, SIGN_IN, &row)?;
        }
        Ok(kept.and_then(|kept| String::from_utf8(kept.secret.to_vec()).ok()).map(Zeroizing::new))
    }

    /// Whether a sign-in with this key is kept, without opening it.
    ///
    /// # Errors
    /// The database.
    pub fn has_stored_sign_in(&self, key: &str) -> Result<bool, AuthorizationError> {
        Ok(self.secrets.has(&self.db(), SIGN_IN, &self.sign_in_row(key))?)
    }

    fn sign_in_row(&self, key: &str) -> String {
        format!("{} {key}", self.environment)
    }

    /// The client's secret or private key of an integration of this environment.
    ///
    /// # Errors
    /// See [`AuthorizationError`].
    pub fn client_secret(
        &self,
        integration: &IntegrationSettings,
    ) -> Result<Option<Zeroizing<String>>, AuthorizationError> {
        self.client_secret_in(self.name, integration)
    }

    /// Stores the client's secret or private key of an integration of this environment.
    ///
    /// # Errors
    /// See [`AuthorizationError`].
    pub fn set_client_secret(
        &self,
        integration: &IntegrationSettings,
        secret: &SecretString,
    ) -> Result<(), AuthorizationError> {
        self.set_client_secret_in(self.name, integration, secret)
    }

    fn db(&self) -> MutexGuard<'_, OwnConnection> {
        self.db.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn put_tokens(
        &self,
        tx: &Transaction<'_>,
        id: &AuthorizationId,
        integration: &IntegrationSettings,
        tokens: &Tokens,
    ) -> Result<(), AuthorizationError> {
        // Room enough that the buffer never moves and leaves a copy behind.
        let mut buffer = Zeroizing::new(Vec::with_capacity(64 * 1024));
        serde_json::to_writer(&mut *buffer, &TokensToStore::from(tokens))?;
        Ok(self.secrets.put(tx, TOKENS, id.as_str(), &self.destinations(integration), &buffer)?)
    }

    fn find_person(
        &self,
        db: &Connection,
        integration: &IntegrationId,
        identity: &Identity,
    ) -> Result<Option<AuthorizationId>, AuthorizationError> {
        let mut statement = db.prepare(
            "SELECT id, person_salt, person FROM authorizations WHERE environment = ?1 AND integration = ?2",
        )?;
        let mut rows = statement.query(params![self.environment, integration])?;
        while let Some(row) = rows.next()? {
            let (id, salt, stored): (String, Vec<u8>, Vec<u8>) = (row.get(0)?, row.get(1)?, row.get(2)?);
            if person(&salt, identity) == stored {
                return Ok(Some(AuthorizationId(id)));
            }
        }
        Ok(None)
    }

    /// Old pages of the write-ahead log may still hold what was deleted; another reader may keep it from being emptied,
    /// and then the next one empties it.
    fn checkpoint(&self, db: &Connection) -> Result<(), AuthorizationError> {
        db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        Ok(())
    }
}

impl fmt::Debug for Authorizations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authorizations").field("environment", &self.environment).finish_non_exhaustive()
    }
}

/// What a sign-in says of the authorization itself.
#[derive(Debug, Clone, Copy)]
pub struct NewAuthorization<'a> {
    /// What was granted.
    pub scopes: &'a [String],
    /// When.
    pub granted_at: Timestamp,
    /// When it ends.
    pub ends_at: Timestamp,
}

const SELECT: &str = "SELECT id, integration, name, masked_id, scopes, granted_at, ends_at FROM authorizations";

/// A row that is damaged is nobody's authorization: she signs in anew, and nothing else stops.
fn read_if_sound(row: &Row<'_>) -> Option<Authorization> {
    read(row).inspect_err(|error| tracing::error!(%error, "An authorization is damaged.")).ok()
}

fn read(row: &Row<'_>) -> rusqlite::Result<Authorization> {
    let moment = |index: usize| -> rusqlite::Result<Timestamp> {
        let text: String = row.get(index)?;
        text.parse().map_err(|error| {
            rusqlite::Error::FromSqlConversionFailure(index, rusqlite::types::Type::Text, Box::new(error))
        })
    };
    Ok(Authorization {
        id: AuthorizationId(row.get(0)?),
        integration: row.get(1)?,
        name: row.get(2)?,
        masked_id: row.get(3)?,
        scopes: row.get::<_, String>(4)?.split_ascii_whitespace().map(str::to_owned).collect(),
        granted_at: moment(5)?,
        ends_at: moment(6)?,
    })
}

/// The person as the database knows her. The salt keeps the same person from being recognised in another database.
/// A `sub` means something only together with its issuer; the issuer is not hashed with it, because an integration has
/// one, and the practice ID-porten is the same one at a new address after every start.
fn person(salt: &[u8], identity: &Identity) -> Vec<u8> {
    let mut hash = Sha256::new();
    hash.update(salt);
    hash.update(identity.sub.as_bytes());
    hash.finalize().to_vec()
}

/// The environment as the database spells it.
fn word(environment: EnvironmentName) -> &'static str {
    match environment {
        EnvironmentName::Practice => "practice",
        EnvironmentName::Test => "test",
        EnvironmentName::Production => "production",
    }
}
