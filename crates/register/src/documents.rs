//! The archive's documents in the register: each content once, by its SHA-256, and what it is called in which filing.

use sha2::{Digest as _, Sha256};
use tokio_postgres::Row;

use crate::{claims::Environment, error::RegisterError, register::Register};

/// What came of keeping a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DocumentState {
    /// It is there, now or since before.
    There,
    /// Another content is there under the name; it stays.
    Other,
}

/// A document as the register lists it. What it is called was chosen by whoever brought it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Of which authorities' filing.
    pub environment: Environment,
    /// The filing's key.
    pub filing: String,
    /// The company's organisation number.
    pub company: String,
    /// What it is called.
    pub name: String,
    /// SHA-256 of its content.
    pub sha256: Vec<u8>,
}

impl Register {
    /// Documents that this role sees, of one filing or of all, after the one that is named (environment, filing, name), in
    /// their order.
    ///
    /// # Errors
    /// [`RegisterError`].
    pub async fn documents_after(
        &self,
        filing: Option<&str>,
        (environment, of, name): (&str, &str, &str),
        most: i64,
    ) -> Result<Vec<Listed>, RegisterError> {
        let rows = self
            .query(
                "SELECT m.environment::text, m.filing, m.org_number::text, m.name, m.sha256 FROM register.manifests m \
                 WHERE ($1::text IS NULL OR m.filing = $1::text) \
                 AND (m.environment, m.filing, m.name) > ($2::text, $3::text, $4::text) \
                 ORDER BY m.environment, m.filing, m.name LIMIT $5",
                &[&filing, &environment, &of, &name, &most],
            )
            .await?;
        rows.iter().map(listed).collect()
    }

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

fn listed(row: &Row) -> Result<Listed, RegisterError> {
    let text = |at: usize| row.try_get::<_, String>(at).map_err(RegisterError::row);
    let named = text(0)?;
    let all = [Environment::Practice, Environment::Test, Environment::Production];
    let environment = all.into_iter().find(|it| it.name() == named);
    Ok(Listed {
        environment: environment.ok_or(RegisterError::Odd(named))?,
        filing: text(1)?,
        company: text(2)?,
        name: text(3)?,
        sha256: row.try_get(4).map_err(RegisterError::row)?,
    })
}
