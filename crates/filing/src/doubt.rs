//! After a history was lost: what a company has delivered is read from Altinn before anything of it is filed again.
//!
//! Nobody knows what stood in a history that is gone. What the archive has is put back (`office::recovery`); but an
//! archive can be gone as well, or be somebody else's. So from then on each company is in doubt until its own instances
//! at Altinn have been read, each return that was delivered there is in the history, or a person has said to go on.

use access::{
    authorizations::AuthorizationId,
    session::{CallError, Session},
};
use altinn::{Client, Instance, InstanceId, Stage};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, params};
use store::{
    database::{Database, DatabaseError, columns::word},
    digest::sha256,
};
use uuid::Uuid;
use vat_return::{OrgNumber, VatReturn};
use view::{Delivered, EnvironmentName, FilingState, StepName, TimelineEvent, ids::FilingId};

use crate::{
    archive::{
        Archive, archived,
        verify::{ArchiveEntry, folders},
    },
    filings::{self, Filing, RETURN, Subject},
};

/// The row of the preferences that says since when companies are in doubt.
const SINCE: &str = "history-doubted";

/// Why a company is in doubt still.
#[derive(Debug, thiserror::Error)]
pub enum Unresolved {
    /// Its instances could not be read.
    #[error(transparent)]
    Call(#[from] CallError),
    /// What was found could not be written down.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// Something was delivered, and what it was cannot be told: it may be the very period that is to be filed.
    #[error("What was delivered in instance {0} cannot be read as a return.")]
    Unreadable(InstanceId),
}

/// From now on every company is in doubt.
///
/// # Errors
/// The database.
pub fn begin(db: &Database, now: Timestamp) -> Result<(), DatabaseError> {
    db.write(|tx| {
        tx.execute("DELETE FROM settled", [])?;
        tx.execute(
            "INSERT OR REPLACE INTO preferences (name, value) VALUES (?1, ?2)",
            params![SINCE, now.to_string()],
        )?;
        Ok(())
    })
}

/// Whether it is not known what a company has delivered.
///
/// # Errors
/// The database.
pub(crate) fn is_about(db: &Connection, environment: EnvironmentName, org_number: &str) -> Result<bool, DatabaseError> {
    let question = "SELECT 1 FROM preferences WHERE name = ?1
        AND NOT EXISTS (SELECT 1 FROM settled WHERE environment = ?2 AND org_number = ?3)";
    Ok(db.query_row(question, params![SINCE, word(&environment), org_number], |_| Ok(())).optional()?.is_some())
}

/// It is known now, or a person has said to go on.
///
/// # Errors
/// The database.
pub fn set_resolved(db: &Database, environment: EnvironmentName, org_number: &str) -> Result<(), DatabaseError> {
    db.write(|tx| {
        tx.execute(
            "INSERT OR IGNORE INTO settled (environment, org_number) VALUES (?1, ?2)",
            params![word(&environment), org_number],
        )?;
        Ok(())
    })
}

/// What is needed to find out.
pub struct Inquiry<'a> {
    /// The database.
    pub db: &'a Database,
    /// The archive.
    pub archive: &'a Archive,
    /// Altinn.
    pub client: &'a Client,
    /// The session of the person.
    pub session: &'a Session,
    /// In whose name it is asked.
    pub person: &'a AuthorizationId,
    /// Which authorities are asked.
    pub environment: EnvironmentName,
}

impl Inquiry<'_> {
    /// Reads what a company has delivered, if that is in doubt, and puts what the history does not know into it. Their
    /// receipts are then fetched as those of every filing that waits for one. Says how many were put there.
    ///
    /// # Errors
    /// [`Unresolved`]; then the company is in doubt still.
    pub async fn resolve(&self, org_number: &OrgNumber) -> Result<u32, Unresolved> {
        if !self.db.read(|db| is_about(db, self.environment, org_number.as_str()))? {
            return Ok(0);
        }
        let client = self.client;
        let call = |token| async move { client.list_instances(&token, org_number.as_str(), &[]).await };
        let listed = self.session.with_altinn(self.person, call).await?;
        let (mut put, mut unreadable) = (0, None);
        for instance in listed.iter().filter(|it| matches!(it.stage(), Stage::Feedback | Stage::Ended)) {
            if self.db.read(|db| filings::has_instance(db, self.environment, &instance.id))? {
                continue;
            }
            let Some(element) = instance.of_type("mvamelding").last().cloned() else {
                unreadable = Some(instance.id.clone());
                continue;
            };
            let (id, element) = (&instance.id, &element);
            let call = |token| async move { client.download(&token, id, element).await };
            let bytes = self.session.with_altinn(self.person, call).await?;
            let Ok(read) = vat_return::read(&bytes) else {
                unreadable = Some(instance.id.clone());
                continue;
            };
            let filing = self.filing(instance, org_number, &read, &bytes);
            let events = [(filing.begun_at, TimelineEvent::Created), (filing.begun_at, TimelineEvent::Resumed)];
            self.db.write(|tx| filings::put_back(tx, &filing, &[(RETURN, bytes.to_vec())], &[], &events).map(drop))?;
            put += 1;
        }
        // The others are in the history all the same; the next look begins with what is left.
        if let Some(instance) = unreadable {
            return Err(Unresolved::Unreadable(instance));
        }
        set_resolved(self.db, self.environment, org_number.as_str())?;
        tracing::info!(put, "What a company has delivered was read from Altinn.");
        Ok(put)
    }

    /// A delivered instance as a filing. What Altinn says counts; what a folder of the archive says of the same instance
    /// and the same return beside it (who filed it, when, under which name) is taken from there.
    fn filing(&self, instance: &Instance, org_number: &OrgNumber, read: &VatReturn, bytes: &[u8]) -> Filing {
        let sum = sha256(bytes);
        let archived = self.archived(instance, &sum);
        let begun_at = instance.created.or(instance.last_changed).unwrap_or(Timestamp::UNIX_EPOCH);
        let from_altinn = Filing {
            number: 0,
            id: FilingId::from(Uuid::new_v4()),
            subject: Subject {
                environment: self.environment,
                org_number: org_number.clone(),
                category: read.category.value,
                period: read.period.value,
            },
            company_name: None,
            assessed_vat: read.assessed_vat.value,
            sha256: sum,
            file_name: "mva-melding.xml".to_owned(),
            authorization: None,
            filed_by: None,
            signed_by: None,
            correction: false,
            state: FilingState::WaitingAnswer,
            step: StepName::Feedback,
            delivered: Delivered::Yes,
            instance: Some(instance.id.clone()),
            problem: None,
            begun_at,
            delivered_at: instance.status.archived.or(instance.last_changed),
            payment: None,
            verdict: None,
            substatus: None,
            archive_folder: None,
            files: Vec::new(),
            replaced: false,
        };
        match archived {
            Some(archived) => Filing {
                id: archived.id,
                company_name: archived.company_name,
                file_name: archived.file_name,
                filed_by: archived.filed_by,
                signed_by: archived.signed_by,
                correction: archived.correction,
                begun_at: archived.begun_at,
                delivered_at: archived.delivered_at.or(from_altinn.delivered_at),
                archive_folder: archived.archive_folder,
                ..from_altinn
            },
            None => from_altinn,
        }
    }

    /// A folder of the archive that tells of that instance and has that return, and whose filing the history does not
    /// know.
    fn archived(&self, instance: &Instance, sum: &str) -> Option<Filing> {
        let all = self.archive.roots().filter_map(|root| folders(root).ok()).flatten();
        let filings = all.filter_map(|found| match found {
            ArchiveEntry::Filing(root, folder) => archived::read(&root, &folder, None).ok().map(|it| it.filing),
            ArchiveEntry::Unfinished(_) | ArchiveEntry::Link(_) | ArchiveEntry::Unreadable(_) => None,
        });
        let mut same = filings.filter(|filing| filing.instance.as_ref() == Some(&instance.id) && filing.sha256 == sum);
        same.find(|filing| self.db.read(|db| filings::exists(db, &filing.id)).is_ok_and(|known| !known))
    }
}
