//! The integrations of every environment, as they are stored: settings in the open, secrets sealed.

use id_porten::SigningKey;
use rusqlite::{Connection, OptionalExtension as _, TransactionBehavior, params};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;
use store::vault::OpenedSecret;
use view::{EnvironmentName, IntegrationForm, NameKey};
use zeroize::Zeroizing;

use super::{AuthorizationError, AuthorizationId, Authorizations, CLIENT_SECRET, OF_AN_INTEGRATION, TOKENS, word};
use crate::integrations::{IntegrationId, IntegrationSettings, form};

/// What the stored settings of one say that came in a file.
const IMPORTED: &str = "imported";

/// A stored integration and what is known of it.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredIntegration {
    /// Which set of authorities it is registered with.
    pub environment: EnvironmentName,
    /// Its settings.
    pub settings: IntegrationSettings,
    /// It came in a file from somebody, and nobody has chosen or changed it since: no sign-in goes through it by itself.
    pub imported: bool,
}

/// What is known of an integration beside its settings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Marks {
    /// Sign-ins go through it.
    pub chosen: bool,
    /// When its self-check was run last, ISO 8601.
    pub checked_at: Option<String>,
    /// How many fields the self-check found to mend.
    pub to_mend: u32,
}

impl Authorizations {
    /// Every integration that was made here, of all environments, by name.
    ///
    /// # Errors
    /// The database.
    pub fn integrations(&self) -> Result<Vec<StoredIntegration>, AuthorizationError> {
        let db = self.db();
        let mut statement = db.prepare("SELECT environment, id, settings FROM integrations")?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        let mut found = Vec::new();
        for row in rows {
            let (environment, id, settings): (String, IntegrationId, String) = row?;
            if let Some(stored) = read(&environment, &id, &settings) {
                found.push(stored);
            }
        }
        found.sort_by_cached_key(|stored| (NameKey::of(&stored.settings.name), stored.settings.id.clone()));
        Ok(found)
    }

    /// One of them.
    ///
    /// # Errors
    /// The database.
    pub fn integration(
        &self,
        environment: EnvironmentName,
        id: &IntegrationId,
    ) -> Result<Option<IntegrationSettings>, AuthorizationError> {
        Ok(find(&self.db(), environment, id)?)
    }

    /// Stores an integration. What was got through another client or issuer of the same key, or would go elsewhere now, is
    /// dropped: tokens and the client's secret.
    ///
    /// # Errors
    /// See [`AuthorizationError`]; then nothing has changed.
    pub fn store_integration(
        &self,
        environment: EnvironmentName,
        settings: &IntegrationSettings,
        imported: bool,
    ) -> Result<(), AuthorizationError> {
        let id = &settings.id;
        let mut json = serde_json::to_value(IntegrationForm::from(settings))?;
        if imported {
            json[IMPORTED] = Value::Bool(true);
        }
        let json = json.to_string();
        let mut db = self.db();
        let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let before = find(&tx, environment, id)?;
        tx.execute(
            "INSERT INTO integrations (environment, id, settings) VALUES (?1, ?2, ?3)
             ON CONFLICT (environment, id) DO UPDATE SET settings = excluded.settings",
            params![word(environment), id, json],
        )?;
        if let Some(before) = before {
            let elsewhere = settings.destinations() != before.destinations();
            if elsewhere || settings.is_another_client_than(&before) {
                for authorization in authorizations_of(&tx, environment, id)? {
                    self.secrets.delete(&tx, TOKENS, authorization.as_str())?;
                }
            }
            if elsewhere {
                self.delete_secrets(&tx, environment, id)?;
            }
        }
        tx.commit()?;
        Ok(())
    }

    /// Removes an integration with everything that hangs on it: its secret, and every authorization given through it.
    ///
    /// # Errors
    /// The database; then nothing has changed.
    pub fn remove_integration(
        &self,
        environment: EnvironmentName,
        id: &IntegrationId,
    ) -> Result<(), AuthorizationError> {
        let mut db = self.db();
        let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for authorization in authorizations_of(&tx, environment, id)? {
            self.secrets.delete(&tx, TOKENS, authorization.as_str())?;
        }
        self.delete_secrets(&tx, environment, id)?;
        for table in [
            "authorizations WHERE environment = ?1 AND integration",
            "integrations WHERE environment = ?1 AND id",
            "integration_marks WHERE environment = ?1 AND id",
        ] {
            tx.execute(&format!("DELETE FROM {table} = ?2"), params![word(environment), id])?;
        }
        tx.commit()?;
        self.checkpoint(&db)
    }

    fn delete_secrets(
        &self,
        tx: &Connection,
        environment: EnvironmentName,
        id: &IntegrationId,
    ) -> Result<(), AuthorizationError> {
        for purpose in OF_AN_INTEGRATION {
            self.secrets.delete(tx, purpose, &key(environment, id))?;
        }
        Ok(())
    }

    /// What is known of an integration beside its settings.
    ///
    /// # Errors
    /// The database.
    pub fn marks(&self, environment: EnvironmentName, id: &IntegrationId) -> Result<Marks, AuthorizationError> {
        let marks = self.db().query_row(
            "SELECT chosen, checked_at, coalesce(to_mend, 0) FROM integration_marks WHERE environment = ?1 AND id = ?2",
            params![word(environment), id],
            |row| Ok(Marks { chosen: row.get(0)?, checked_at: row.get(1)?, to_mend: row.get(2)? }),
        );
        Ok(marks.optional()?.unwrap_or_default())
    }

    /// The key of the integration that sign-ins go through, where one has been chosen.
    ///
    /// # Errors
    /// The database.
    pub fn chosen_integration(&self) -> Result<Option<IntegrationId>, AuthorizationError> {
        let sql = "SELECT id FROM integration_marks WHERE environment = ?1 AND chosen = 1";
        Ok(self.db().query_row(sql, params![self.environment], |row| row.get(0)).optional()?)
    }

    /// Sign-ins go through this integration from now on.
    ///
    /// # Errors
    /// The database.
    pub fn choose_integration(
        &self,
        environment: EnvironmentName,
        id: &IntegrationId,
    ) -> Result<(), AuthorizationError> {
        let mut db = self.db();
        let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        tx.execute("UPDATE integration_marks SET chosen = 0 WHERE environment = ?1", params![word(environment)])?;
        tx.execute(
            "INSERT INTO integration_marks (environment, id, chosen) VALUES (?1, ?2, 1)
             ON CONFLICT (environment, id) DO UPDATE SET chosen = 1",
            params![word(environment), id],
        )?;
        tx.commit()?;
        Ok(())
    }

    /// Remembers how a self-check went.
    ///
    /// # Errors
    /// The database.
    pub fn checked(
        &self,
        environment: EnvironmentName,
        id: &IntegrationId,
        at: &str,
        to_mend: u32,
    ) -> Result<(), AuthorizationError> {
        self.db().execute(
            "INSERT INTO integration_marks (environment, id, checked_at, to_mend) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (environment, id) DO UPDATE SET checked_at = excluded.checked_at, to_mend = excluded.to_mend",
            params![word(environment), id, at, to_mend],
        )?;
        Ok(())
    }

    /// The client's secret or private key of an integration.
    ///
    /// # Errors
    /// See [`AuthorizationError`].
    pub fn client_secret_in(
        &self,
        environment: EnvironmentName,
        integration: &IntegrationSettings,
    ) -> Result<Option<Zeroizing<String>>, AuthorizationError> {
        let (mut db, row) = (self.db(), key(environment, &integration.id));
        let bound = integration.destinations().bound();
        let Some(OpenedSecret { secret, unbound }) = self.secrets.get(&db, CLIENT_SECRET, &row, &bound)? else {
            return Ok(None);
        };
        if unbound {
            // Of an earlier version: taken over once, if nothing but the issuer itself says where it goes.
            if !self.is_by_the_issuer(integration) {
                tracing::warn!(
                    "A client's secret of an earlier version is dropped: it cannot be told where it belongs."
                );
                self.secrets.delete(&db, CLIENT_SECRET, &row)?;
                return Ok(None);
            }
            let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
            self.secrets.put(&tx, CLIENT_SECRET, &row, &bound, &secret)?;
            tx.commit()?;
        }
        Ok(String::from_utf8(secret.to_vec()).ok().map(Zeroizing::new))
    }

    /// Stores the client's secret or private key of an integration.
    ///
    /// # Errors
    /// See [`AuthorizationError`].
    pub fn set_client_secret_in(
        &self,
        environment: EnvironmentName,
        integration: &IntegrationSettings,
        secret: &SecretString,
    ) -> Result<(), AuthorizationError> {
        let mut db = self.db();
        let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let (row, bound) = (key(environment, &integration.id), integration.destinations().bound());
        self.secrets.put(&tx, CLIENT_SECRET, &row, &bound, secret.expose_secret().as_bytes())?;
        tx.commit()?;
        Ok(())
    }

    /// The public half of an integration's key as a JSON Web Key, where it has a key.
    ///
    /// # Errors
    /// See [`AuthorizationError`].
    pub fn public_key(
        &self,
        environment: EnvironmentName,
        integration: &IntegrationSettings,
    ) -> Result<Option<Value>, AuthorizationError> {
        let secret = self.client_secret_in(environment, integration)?;
        let key = secret.and_then(|pem| SigningKey::from_pem(&pem).ok());
        Ok(key.map(|key| key.with_key_id(integration.key_id.as_deref()).public_jwk()))
    }

    /// Who has given an authorization through an integration: names, or masked ids.
    ///
    /// # Errors
    /// The database.
    pub fn persons(
        &self,
        environment: EnvironmentName,
        integration: &IntegrationId,
    ) -> Result<Vec<String>, AuthorizationError> {
        let db = self.db();
        let mut statement = db.prepare(
            "SELECT coalesce(name, masked_id, '') FROM authorizations WHERE environment = ?1 AND integration = ?2
             ORDER BY granted_at",
        )?;
        let rows = statement.query_map(params![word(environment), integration], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

fn key(environment: EnvironmentName, integration: &IntegrationId) -> String {
    format!("{}/{integration}", word(environment))
}

fn find(
    db: &Connection,
    environment: EnvironmentName,
    id: &IntegrationId,
) -> rusqlite::Result<Option<IntegrationSettings>> {
    let sql = "SELECT settings FROM integrations WHERE environment = ?1 AND id = ?2";
    let settings: Option<String> = db.query_row(sql, params![word(environment), id], |row| row.get(0)).optional()?;
    Ok(settings.and_then(|settings| read(word(environment), id, &settings)).map(|stored| stored.settings))
}

fn authorizations_of(
    db: &Connection,
    environment: EnvironmentName,
    integration: &IntegrationId,
) -> rusqlite::Result<Vec<AuthorizationId>> {
    let mut statement = db.prepare("SELECT id FROM authorizations WHERE environment = ?1 AND integration = ?2")?;
    let rows = statement.query_map(params![word(environment), integration], |row| row.get(0).map(AuthorizationId))?;
    rows.collect()
}

/// A row that a newer program wrote and this one does not understand is passed over, and stays as it is.
fn read(environment: &str, id: &IntegrationId, settings: &str) -> Option<StoredIntegration> {
    let environment = [EnvironmentName::Practice, EnvironmentName::Test, EnvironmentName::Production]
        .into_iter()
        .find(|name| word(*name) == environment)?;
    let its = form::stored(settings).ok()?;
    let imported = serde_json::from_str::<Value>(settings).is_ok_and(|stored| stored[IMPORTED] == Value::Bool(true));
    match form::settings_in(&its, environment, id) {
        Ok(settings) => Some(StoredIntegration { environment, settings, imported }),
        Err(faults) => {
            tracing::warn!(%id, ?faults, "A stored integration is not as it must be and is passed over.");
            None
        }
    }
}
