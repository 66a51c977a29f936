//! The authorizations that are in use and last, for whoever tells of their end.

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, params};
use store::database::{DatabaseError, columns::word};
use view::EnvironmentName;

/// An authorization that lasts a day or two is always near its end; nobody needs to be told of it every day.
pub const LONG: SignedDuration = SignedDuration::from_hours(60 * 24);

/// An authorization that is in use.
#[derive(Debug, Clone)]
pub struct Consent {
    /// Key of the authorization it was given with.
    pub id: String,
    /// Who gave it, with the birth number cut; none where ID-porten gave neither name nor number.
    pub person: Option<String>,
    /// When it was given.
    pub granted_at: Timestamp,
    /// When it ends, a year later at most.
    pub ends_at: Timestamp,
    /// It is the newest of that person.
    pub current: bool,
}

/// Authorizations that last long and are in use: signed in, or with tokens kept.
pub fn consents(db: &Connection, environment: EnvironmentName) -> Result<Vec<Consent>, DatabaseError> {
    let mut statement = db.prepare_cached(
        "SELECT id, coalesce(name, masked_id), granted_at, ends_at, current FROM authorizations AS a
         WHERE environment = ?1 AND (current = 1
            OR EXISTS (SELECT 1 FROM secrets AS s WHERE s.purpose = 'tokens' AND s.id = a.id))",
    )?;
    let mut rows = statement.query(params![word(&environment)])?;
    let mut consents = Vec::new();
    while let Some(row) = rows.next()? {
        let (granted_at, ends_at): (String, String) = (row.get(2)?, row.get(3)?);
        let (Ok(granted_at), Ok(ends_at)) = (granted_at.parse::<Timestamp>(), ends_at.parse::<Timestamp>()) else {
            continue;
        };
        if ends_at.duration_since(granted_at) < LONG {
            continue;
        }
        consents.push(Consent { id: row.get(0)?, person: row.get(1)?, granted_at, ends_at, current: row.get(4)? });
    }
    Ok(consents)
}
