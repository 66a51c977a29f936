//! Where a company's name comes from: what the authority says to whoever is signed in, else what it said once, which is stored
//! in the table `companies`, as it is registered; shown is `view::readable_name` of it. A card of a sample brings its own. A source
//! more writes into the table: [`Desk::company_name`], which is asked for one, and [`Desk::known_names`], which is asked for all,
//! read it.
//!
//! Deadlines are asked for without a desk and join the same table: `crates/reminders/src/deadlines/duties.rs` and `year.rs`.

use std::collections::HashMap;

use rusqlite::{OptionalExtension as _, params};
use store::database::{DatabaseError, columns::word};
use vat_return::samples;
use view::readable_name;

use super::desk::Desk;

impl Desk {
    /// The names of all companies that the authority has ever given, as they are shown.
    pub(super) fn known_names(&self) -> HashMap<String, String> {
        let mut names = self.stored_names();
        names.extend(self.companies());
        for name in names.values_mut() {
            *name = readable_name(name);
        }
        names
    }

    /// Names of the companies the person who is signed in may file for, as they are registered.
    pub(super) fn companies(&self) -> HashMap<String, String> {
        let session = self.session.view();
        session.iter().flat_map(|s| &s.companies).map(|c| (c.org_number.clone(), c.name.clone())).collect()
    }

    /// A company's name as it is shown: as the authority gives it now, or gave it once.
    pub(super) fn company_name(&self, org_number: &str, companies: &HashMap<String, String>) -> Option<String> {
        if let Some(name) = companies.get(org_number) {
            return Some(readable_name(name));
        }
        let kept = self.db.read(|db| {
            db.query_row(
                "SELECT name FROM companies WHERE environment = ?1 AND org_number = ?2",
                params![word(&self.environment), org_number],
                |row| row.get::<_, String>(0),
            )
            .optional()
        });
        match kept {
            Ok(name) => name.as_deref().map(readable_name),
            Err(error) => {
                tracing::error!(%error, "The name of a company could not be read.");
                None
            }
        }
    }

    /// All names that are stored.
    fn stored_names(&self) -> HashMap<String, String> {
        let read = self.db.read(|db| {
            let mut statement = db.prepare_cached("SELECT org_number, name FROM companies WHERE environment = ?1")?;
            let rows = statement.query_map(params![word(&self.environment)], |row| Ok((row.get(0)?, row.get(1)?)))?;
            rows.collect::<Result<HashMap<String, String>, rusqlite::Error>>()
        });
        read.unwrap_or_else(|error| {
            tracing::error!(%error, "The names of the companies could not be read.");
            HashMap::new()
        })
    }

    /// Remembers the companies' names, for when nobody is signed in.
    pub(super) fn store_companies(&self) {
        let companies = self.companies();
        if companies.is_empty() {
            return;
        }
        let kept = self.db.write(|tx| {
            for (org_number, name) in &companies {
                tx.execute(
                    "INSERT INTO companies (environment, org_number, name) VALUES (?1, ?2, ?3)
                     ON CONFLICT (environment, org_number) DO UPDATE SET name = excluded.name
                        WHERE name <> excluded.name",
                    params![word(&self.environment), org_number, name],
                )?;
            }
            Ok::<_, DatabaseError>(())
        });
        if let Err(error) = kept {
            tracing::warn!(%error, "The names of the companies could not be kept.");
        }
    }

    /// A sample's company, when the bytes are a sample's.
    pub(super) fn sample_company(id: &str) -> Option<String> {
        samples::by_id(id).map(|sample| sample.company.to_owned())
    }
}
