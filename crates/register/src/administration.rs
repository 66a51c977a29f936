//! What administrators do: admit, revoke, rights, policy. The database asks whether they may.

use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;
use vat_return::OrgNumber;

use crate::{error::RegisterError, register::Register};

/// What a bookkeeper may do for a company, as in docs/work-policy.md.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Permission {
    /// See.
    See,
    /// Ask Skatteetaten what it finds.
    Check,
    /// Prepare: drafts, notes, duties, who is responsible.
    Prepare,
    /// File.
    File,
}

impl Permission {
    /// As the database has it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::See => "see",
            Self::Check => "check",
            Self::Prepare => "prepare",
            Self::File => "file",
        }
    }
}

/// For which company.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum For {
    /// All of them.
    All,
    /// One.
    One(OrgNumber),
}

/// Something in the register that does not hold together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    /// Which kind: `sum`, `unreferenced`, `company`, `undelivered`, `role`.
    pub kind: String,
    /// Of what: a checksum, a filing, a role.
    pub of: String,
}

impl Register {
    /// Admits a bookkeeper, or gives her another password. She has no right until [`Register::set_rights`] gives her one.
    /// The password does not go over the wire, only what the server verifies it with.
    ///
    /// # Errors
    /// [`RegisterError`].
    pub async fn admit(&self, role: &str, name: &str, password: &SecretString) -> Result<(), RegisterError> {
        let verifier = postgres_protocol::password::scram_sha_256(password.expose_secret().as_bytes());
        self.query("SELECT register.admit($1, $2, $3)", &[&role, &name, &verifier]).await.map(drop)
    }

    /// Revokes a bookkeeper: at once, and in sessions that are open.
    ///
    /// # Errors
    /// [`RegisterError`].
    pub async fn revoke(&self, role: &str) -> Result<(), RegisterError> {
        self.query("SELECT register.revoke($1)", &[&role]).await.map(drop)
    }

    /// Gives a bookkeeper exactly these rights. Who may do something may see it.
    ///
    /// # Errors
    /// [`RegisterError`].
    pub async fn set_rights(&self, role: &str, rights: &[(Permission, For)]) -> Result<(), RegisterError> {
        let entry = |(permission, company): &(Permission, For)| {
            let company = match company {
                For::All => "all",
                For::One(number) => number.as_str(),
            };
            json!({"permission": permission.name(), "company": company})
        };
        let rights: serde_json::Value = rights.iter().map(entry).collect();
        self.query("SELECT register.set_rights($1, $2)", &[&role, &rights]).await.map(drop)
    }

    /// Makes a bookkeeper an administrator, or ends that.
    ///
    /// # Errors
    /// [`RegisterError`].
    pub async fn set_administers(&self, role: &str, administers: bool) -> Result<(), RegisterError> {
        self.query("SELECT register.set_administers($1, $2)", &[&role, &administers]).await.map(drop)
    }

    /// Said after a backup has been restored: what was claimed since may be lost, so every period is looked at anew.
    ///
    /// # Errors
    /// [`RegisterError`].
    pub async fn restored(&self) -> Result<(), RegisterError> {
        self.query("SELECT register.restored()", &[]).await.map(drop)
    }

    /// What does not hold together.
    ///
    /// # Errors
    /// [`RegisterError`].
    pub async fn check(&self) -> Result<Vec<Complaint>, RegisterError> {
        let rows = self.query("SELECT complaint, of FROM register.check_up()", &[]).await?;
        let read = |row: &tokio_postgres::Row| Ok(Complaint { kind: row.try_get(0)?, of: row.try_get(1)? });
        let all: Result<_, tokio_postgres::Error> = rows.iter().map(read).collect();
        all.map_err(RegisterError::row)
    }
}
