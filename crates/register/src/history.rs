//! What a desk had before it moved in, and what it takes home when it leaves.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::{
    claims::{Environment, Subject, days},
    error::RegisterError,
    register::Register,
    row,
};

/// A filing as the desks share it.
#[derive(Debug, Clone, PartialEq)]
pub struct SharedFiling {
    /// Its key.
    pub id: String,
    /// What it is about.
    pub subject: Subject,
    /// Its state, in a word.
    pub state: String,
    /// Whether the authority has it: `no`, `unknown`, `yes`.
    pub delivered: String,
    /// Whether an earlier return of the period had been delivered.
    pub is_correction: bool,
    /// What Skatteetaten thinks of it, in a word.
    pub verdict: Option<String>,
    /// Its instance at Altinn.
    pub instance: Option<String>,
    /// The sum of the return.
    pub sum: Decimal,
    /// SHA-256 of the return, hexadecimal.
    pub return_sha256: String,
    /// What has happened, and when.
    pub timeline: Value,
    /// What is to be paid.
    pub payment: Option<Value>,
    /// Who filed it, as her desk calls her, where it knows that.
    pub filed_by: Option<String>,
    /// When it was begun.
    pub began_at: Timestamp,
    /// When it was delivered.
    pub delivered_at: Option<Timestamp>,
}

/// What came of bringing a filing along.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Brought {
    /// It is there now.
    Done,
    /// It was there already.
    There,
    /// The register says something else of it; that stays.
    Other,
    /// Another desk has the period at this moment: bring it again when that has ended.
    Busy,
}

impl SharedFiling {
    pub(crate) fn row(&self) -> Value {
        let (from, to) = days(&self.subject);
        json!({
            "environment": self.subject.environment.name(),
            "id": self.id,
            "org_number": self.subject.company.as_str(),
            "category": self.subject.category.xml(),
            "period_from": from,
            "period_to": to,
            "state": self.state,
            "delivered": self.delivered,
            "is_correction": self.is_correction,
            "verdict": self.verdict,
            "instance": self.instance,
            "sum": self.sum.to_string(),
            "return_sha256": format!("\\x{}", self.return_sha256),
            "timeline": self.timeline,
            "payment": self.payment,
            "filed_by": self.filed_by,
            "began_at": self.began_at,
            "delivered_at": self.delivered_at,
        })
    }
}

impl Register {
    /// Brings a filing of this desk's history along. The same again is no fault.
    ///
    /// # Errors
    /// [`RegisterError`].
    pub async fn bring(&self, filing: &SharedFiling) -> Result<Brought, RegisterError> {
        let row = self.query_one("SELECT register.bring_filing($1)", &[&filing.row()]).await?;
        match row.try_get::<_, String>(0).map_err(RegisterError::row)?.as_str() {
            "done" => Ok(Brought::Done),
            "there" => Ok(Brought::There),
            "other" => Ok(Brought::Other),
            "busy" => Ok(Brought::Busy),
            answer => Err(RegisterError::Odd(answer.to_owned())),
        }
    }

    /// Adds a company with its name, where it is not there.
    ///
    /// # Errors
    /// [`RegisterError`].
    pub async fn bring_company(&self, company: &str, name: &str) -> Result<(), RegisterError> {
        self.query(
            "INSERT INTO register.companies (org_number, name) VALUES ($1::text, left($2::text, 300)) ON CONFLICT DO NOTHING",
            &[&company, &name],
        )
        .await
        .map(drop)
    }

    /// Adds a duty to file, where there is none of its category.
    ///
    /// # Errors
    /// [`RegisterError`].
    pub async fn bring_duty(
        &self,
        environment: Environment,
        company: &str,
        category: &str,
        term: &str,
        since: jiff::civil::Date,
    ) -> Result<(), RegisterError> {
        self.query(
            "INSERT INTO register.duties (environment, org_number, category, term, since) \
             SELECT $1::text, $2::text, $3::text, $4::text, $5::date WHERE NOT EXISTS (SELECT FROM register.duties d \
             WHERE d.environment = $1 AND d.org_number = $2 AND d.category = $3) ON CONFLICT DO NOTHING",
            &[&environment.name(), &company, &category, &term, &since],
        )
        .await
        .map(drop)
    }

    /// Whether this desk has a period at this moment: which filings.
    ///
    /// # Errors
    /// [`RegisterError`].
    pub async fn claimed_here(&self) -> Result<Vec<String>, RegisterError> {
        let desk = self.desk().id;
        let rows = self
            .query("SELECT filing FROM register.claims WHERE desk = $1 AND phase <> 'free' ORDER BY filing", &[&desk])
            .await?;
        let all: Result<_, tokio_postgres::Error> = rows.iter().map(|row| row::name(row, 0)).collect();
        all.map_err(|error| RegisterError::Odd(error.to_string()))
    }

    /// A page of a shared table as this role sees it, each row as JSON, in the order of the rows themselves; without the
    /// bytes of documents.
    ///
    /// # Errors
    /// [`RegisterError`].
    pub async fn page(&self, table: Shared, after: i64, most: i64) -> Result<Vec<Value>, RegisterError> {
        let rows = self.query(table.sql(), &[&after, &most]).await?;
        let all: Result<_, tokio_postgres::Error> = rows.iter().map(|row| row.try_get(0)).collect();
        all.map_err(RegisterError::row)
    }
}

/// The tables that a desk takes home.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Shared {
    Companies,
    Duties,
    Responsibles,
    Filings,
    Deliveries,
    Drafts,
    Learnt,
    Notes,
    PaymentFiles,
    Manifests,
}

impl Shared {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Companies,
        Self::Duties,
        Self::Responsibles,
        Self::Filings,
        Self::Deliveries,
        Self::Drafts,
        Self::Learnt,
        Self::Notes,
        Self::PaymentFiles,
        Self::Manifests,
    ];

    /// The table's name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Companies => "companies",
            Self::Duties => "duties",
            Self::Responsibles => "responsibles",
            Self::Filings => "filings",
            Self::Deliveries => "deliveries",
            Self::Drafts => "drafts",
            Self::Learnt => "learnt",
            Self::Notes => "notes",
            Self::PaymentFiles => "payment_files",
            Self::Manifests => "manifests",
        }
    }

    const fn sql(self) -> &'static str {
        macro_rules! page {
            ($table:literal, $order:literal) => {
                concat!("SELECT to_jsonb(t) FROM register.", $table, " t ORDER BY ", $order, " OFFSET $1 LIMIT $2")
            };
        }
        match self {
            Self::Companies => page!("companies", "org_number"),
            Self::Duties => page!("duties", "environment, org_number, category, since"),
            Self::Responsibles => page!("responsibles", "org_number, role"),
            Self::Filings => page!("filings", "environment, id"),
            Self::Deliveries => {
                page!("deliveries", "environment, org_number, category, period_from, period_to, instance")
            }
            Self::Drafts => page!("drafts", "id"),
            Self::Learnt => page!("learnt", "org_number, kind, key"),
            Self::Notes => page!("notes", "id"),
            Self::PaymentFiles => page!("payment_files", "id"),
            Self::Manifests => page!("manifests", "environment, filing, name"),
        }
    }
}
