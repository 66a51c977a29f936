//! The archive's documents in the register: each content once, by its SHA-256, and what it is called in which filing.

use sha2::{Digest as _, Sha256};

use crate::{claims::Environment, error::RegisterError, register::Register};

/// What came of keeping a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DocumentState {
    /// It is there, now or since before.
    There,
    /// Another content is there under the name; it stays.
    Other,
}

impl Register {
    /// Keeps a document of a filing. The same again is no fault.
    ///
    /// # Errors
    /// [`RegisterError`].
    pub async fn keep_document(
        &self,
        environment: Environment,
        filing: &str,
        name: &str,
        bytes: &[u8],
    ) -> Result<DocumentState, RegisterError> {
        let sum = Sha256::digest(bytes);
        let row = self
            .query_one(
                "SELECT register.keep_document($1, $2, $3, $4, $5)",
                &[&environment.name(), &filing, &name, &sum.as_slice(), &bytes],
            )
            .await?;
        match row.try_get::<_, String>(0).map_err(RegisterError::row)?.as_str() {
            "done" => Ok(DocumentState::There),
            "other" => Ok(DocumentState::Other),
            answer => Err(RegisterError::Odd(answer.to_owned())),
        }
    }

    /// What the documents of a filing are called, in order.
    ///
    /// # Errors
    /// [`RegisterError`].
    pub async fn document_names(&self, environment: Environment, filing: &str) -> Result<Vec<String>, RegisterError> {
        let rows = self
            .query(
                "SELECT name FROM register.manifests WHERE environment = $1 AND filing = $2 ORDER BY name",
                &[&environment.name(), &filing],
            )
            .await?;
        let all: Result<_, tokio_postgres::Error> = rows.iter().map(|row| row.try_get(0)).collect();
        all.map_err(RegisterError::row)
    }

    /// The document of a filing by its name, compared with its sum; none where there is none, or none to be seen.
    ///
    /// # Errors
    /// [`RegisterError::Document`] where the content is not what its sum says; [`RegisterError`].
    pub async fn document(
        &self,
        environment: Environment,
        filing: &str,
        name: &str,
    ) -> Result<Option<Vec<u8>>, RegisterError> {
        let rows = self
            .query(
                "SELECT d.sha256, d.bytes FROM register.manifests m JOIN register.documents d USING (sha256) \
                 WHERE m.environment = $1 AND m.filing = $2 AND m.name = $3",
                &[&environment.name(), &filing, &name],
            )
            .await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let read = |at: usize| row.try_get::<_, Vec<u8>>(at).map_err(RegisterError::row);
        let (sum, bytes) = (read(0)?, read(1)?);
        if Sha256::digest(&bytes).as_slice() != sum {
            return Err(RegisterError::Document { filing: filing.to_owned(), name: name.to_owned() });
        }
        Ok(Some(bytes))
    }
}
