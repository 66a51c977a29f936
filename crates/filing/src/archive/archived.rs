//! A filing as its folder in the archive tells it.

use std::path::{Path, PathBuf};

use rust_decimal::Decimal;
use shown::Shown;
use store::{
    database::{
        Database, DatabaseError,
        columns::{from_word, moment, parse, word},
    },
    digest::sha256,
    vault::ArchiveKey,
};
use vat_return::{Category, OrgNumber, Period};
use view::{ArchivedFile, Delivered, FilingState, StepName, SubstatusView, TimelineEvent};

use super::{
    ATTACHMENTS, Archive, Document, RECEIPT, SENT_ENVELOPE, SENT_RETURN,
    manifest::{MANIFEST, Manifest, UNDER_WAY},
    seal::{self, StoredManifest},
    within,
};
use crate::{
    filings::{self, ENVELOPE, FiledAttachment, Filing, RESULT, RETURN, Subject},
    payment,
};

/// What Skatteetaten thinks of it.
pub const VERDICT: &str = "valideringsresultat.xml";
/// What to pay: the only file that says so.
const PAYMENT: &str = "betalingsinformasjon.xml";
/// Longest document that is read, bytes; a return has some kilobytes.
const LONGEST: u64 = 64 * 1024 * 1024;

/// A filing as its folder tells it.
pub struct Archived {
    /// The filing.
    pub filing: Filing,
    /// What was sent and what came back, by name.
    pub documents: Vec<(&'static str, Vec<u8>)>,
    /// Its attachments.
    pub attachments: Vec<FiledAttachment>,
    /// What happened, the oldest first.
    pub events: Vec<(jiff::Timestamp, TimelineEvent)>,
    /// What its manifest had.
    pub manifest: StoredManifest,
    sealed: bool,
}

/// Where a folder comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// It was written here.
    Ours,
    /// Whoever can write to the archive may have written it.
    Unknown,
}

impl Archived {
    /// Where the folder comes from: by its seal, or because the database has written its manifest.
    ///
    /// # Errors
    /// The database.
    pub fn origin(&self, db: &Database) -> Result<Origin, DatabaseError> {
        let known = self.sealed || db.read(|db| seal::knows(db, &self.manifest.sha256))?;
        Ok(if known { Origin::Ours } else { Origin::Unknown })
    }

    /// The sum of its manifest.
    #[must_use]
    pub fn sum(&self) -> &str {
        &self.manifest.sha256
    }

    /// Whether it says that it was delivered, and where.
    #[must_use]
    pub fn is_said_to_be_delivered(&self) -> bool {
        self.filing.delivered == Delivered::Yes && self.filing.instance.is_some()
    }

    /// What is taken over of a folder that anybody may have written, on the word of a person who says that it is hers: that
    /// there is a return, and in which instance it was delivered. What became of it, and what is to be paid, is asked of Altinn,
    /// as long as that has not answered the folder bears no seal of ours. Nothing for one that was never said to be delivered:
    /// nobody's word makes a return go out.
    #[must_use]
    pub fn by_word(self) -> Option<Self> {
        if !self.is_said_to_be_delivered() {
            return None;
        }
        let Self { filing, documents, attachments, events, manifest, sealed } = self;
        let filing = Filing {
            state: FilingState::WaitingAnswer,
            step: StepName::Feedback,
            problem: None,
            payment: None,
            verdict: None,
            substatus: None,
            files: Vec::new(),
            ..filing
        };
        let documents = documents.into_iter().filter(|(name, _)| *name != RESULT).collect();
        let before = |event: &TimelineEvent| matches!(event, TimelineEvent::Created | TimelineEvent::Confirmed);
        let events = events.into_iter().filter(|(_, event)| before(event)).collect();
        Some(Self { filing, documents, attachments, events, manifest, sealed })
    }
}

/// What is remembered of a manifest.
pub fn remembered(manifest: &[u8], sealed_by: Option<&ArchiveKey>) -> StoredManifest {
    StoredManifest { sha256: sha256(manifest), sealed_by: sealed_by.map(|key| key.name().to_owned()) }
}

/// Whether a manifest is the one that was written for a filing: the very bytes, where they are remembered, and otherwise
/// (of an earlier version of the program) one that says the same as the database, of the filing and of each of its files.
pub fn is_of(manifest: &[u8], filing: &Filing, before: Option<&StoredManifest>) -> bool {
    if let Some(before) = before {
        return before.sha256 == sha256(manifest);
    }
    Manifest::parse(manifest).is_ok_and(|told| {
        told.filing == filing.id
            && told.org_number == filing.subject.org_number.as_str()
            && told.instance == filing.instance.as_ref().map(ToString::to_string)
            && told.files.get(SENT_RETURN).is_some_and(|file| file.sha256 == filing.sha256)
            && told.state.as_ref().is_none_or(|state| *state == word(&filing.state))
            && told.verdict.as_ref().is_none_or(|verdict| Some(verdict) == filing.verdict.as_ref().map(word).as_ref())
            && has_the_same_files(&told, filing)
    })
}

fn has_the_same_files(told: &Manifest, filing: &Filing) -> bool {
    let known = || filing.files.iter().filter(|file| file.name != MANIFEST);
    known().count() == told.files.len()
        && known().all(|file| {
            let told = told.files.get(&file.name);
            told.is_some_and(|told| u32::try_from(told.size).unwrap_or(u32::MAX) == file.size)
        })
}

/// Whether what a folder holds is what the database knows of it, where nothing is remembered of its manifest: the return, the
/// envelope, the verdict, the attachments by their sums, and what is to be paid.
///
/// # Errors
/// The database.
pub fn agrees(
    archive: &Archive,
    folder: &str,
    bytes: &[u8],
    filing: &Filing,
    db: &Database,
) -> Result<bool, DatabaseError> {
    let Ok(manifest) = Manifest::parse(bytes) else { return Ok(false) };
    let file = |name: &str| manifest.files.get(name);
    let whole = manifest
        .files
        .iter()
        .filter(|(name, _)| [SENT_RETURN, SENT_ENVELOPE, VERDICT, PAYMENT].contains(&name.as_str()));
    let mut read = std::collections::BTreeMap::new();
    for (name, listed) in whole {
        let Some(bytes) = archive.listed(folder, name, listed) else { return Ok(false) };
        read.insert(name.as_str(), bytes);
    }
    let payment = read.get(PAYMENT).and_then(|bytes| payment::told(bytes, filing).ok());
    if payment != filing.payment {
        return Ok(false);
    }
    for (name, document) in [(SENT_ENVELOPE, ENVELOPE), (VERDICT, RESULT)] {
        // Of earlier versions the database has no verdict.
        let kept = db.read(|db| filings::document(db, filing.number, document))?;
        if kept.is_some_and(|kept| read.get(name) != Some(&kept)) {
            return Ok(false);
        }
    }
    let attachments = db.read(|db| filings::attachments(db, filing.number))?;
    Ok(attachments.iter().all(|it| {
        let name = Document::attachment(it.place, &it.name, PathBuf::new()).name;
        file(&name).is_some_and(|listed| listed.sha256 == it.sha256)
    }))
}

/// Names of the files of a folder that [`agrees`] compares with nothing: the database does not keep them.
pub fn not_compared(manifest: &Manifest) -> impl Iterator<Item = &str> {
    let compared = [SENT_RETURN, SENT_ENVELOPE, VERDICT, PAYMENT];
    let names = manifest.files.keys().map(String::as_str);
    names.filter(move |name| !compared.contains(name) && !name.starts_with(&format!("{ATTACHMENTS}/")))
}

/// Reads a folder below a root, through no link. Every file that is used has the sum that the manifest gives.
///
/// # Errors
/// Why it cannot be read, in words.
pub fn read(root: &Path, folder: &str, key: Option<&ArchiveKey>) -> Result<Archived, String> {
    let (bytes, sealed) = seal::read(root, folder, key).map_err(|error| error.to_string())?;
    let manifest = Manifest::parse(&bytes).map_err(|error| error.to_string())?;
    let sent = file(root, folder, &manifest, SENT_RETURN)?.ok_or_else(|| format!("{SENT_RETURN} is not there"))?;
    let envelope = file(root, folder, &manifest, SENT_ENVELOPE)?;
    let result = file(root, folder, &manifest, VERDICT)?;
    // What is to be paid stands in Skatteetaten's own file and nowhere else.
    let payment = file(root, folder, &manifest, PAYMENT)?;
    let mut files: Vec<ArchivedFile> = manifest
        .files
        .iter()
        .map(|(name, file)| ArchivedFile { name: name.clone(), size: u32::try_from(file.size).unwrap_or(u32::MAX) })
        .collect();
    files.push(ArchivedFile { name: MANIFEST.to_owned(), size: u32::try_from(bytes.len()).unwrap_or(u32::MAX) });
    let events = events(&manifest).map_err(|error| error.to_string())?;
    let attachments = manifest
        .attachments
        .iter()
        .map(|it| FiledAttachment {
            place: it.place,
            name: Shown::line(&it.name).into(),
            content_type: Shown::line(&it.content_type).into(),
            size: it.size,
            sha256: it.sha256.clone(),
            element: None,
        })
        .collect();
    let remembered = remembered(&bytes, key.filter(|_| sealed));
    let mut filing = filing(manifest, &sent, folder, files).map_err(|error| error.to_string())?;
    filing.payment = payment.and_then(|bytes| payment::told(&bytes, &filing).ok());
    let documents = [(RETURN, Some(sent)), (ENVELOPE, envelope), (RESULT, result)]
        .into_iter()
        .filter_map(|(name, bytes)| Some((name, bytes?)))
        .collect();
    Ok(Archived { filing, documents, attachments, events, manifest: remembered, sealed })
}

/// A file of a folder, as the manifest has it.
fn file(root: &Path, folder: &str, manifest: &Manifest, name: &str) -> Result<Option<Vec<u8>>, String> {
    let Some(wanted) = manifest.files.get(name) else { return Ok(None) };
    let bytes =
        disk::tree::read_below(root, &within(folder, name), LONGEST).map_err(|error| format!("{name}: {error}"))?;
    if sha256(&bytes) == wanted.sha256 { Ok(Some(bytes)) } else { Err(format!("{name} is not what it was")) }
}

fn filing(manifest: Manifest, sent: &[u8], folder: &str, files: Vec<ArchivedFile>) -> Result<Filing, DatabaseError> {
    // The first version of the manifest did not say which kind of period it is; the return does.
    let period =
        manifest.period_element.as_ref().and_then(|element| Period::from_xml(element, &manifest.period, manifest.year));
    let period = period.or_else(|| vat_return::read(sent).ok().map(|read| read.period.value));
    let received = files.iter().any(|file| file.name == RECEIPT);
    let under_way = manifest.state.as_deref() == Some(UNDER_WAY);
    let state = match manifest.state {
        // Found out from the authority, as after a crash.
        Some(_) if under_way => FilingState::Running,
        Some(state) => from_word("state", state)?,
        None if received => FilingState::Received,
        None => FilingState::Refused,
    };
    Ok(Filing {
        number: manifest.number.unwrap_or_default(),
        id: manifest.filing,
        subject: Subject {
            environment: from_word("environment", manifest.environment)?,
            org_number: org_number(manifest.org_number)?,
            category: Category::from_xml(&manifest.category)
                .ok_or(DatabaseError::Value { column: "category", found: manifest.category })?,
            period: period.ok_or(DatabaseError::Value { column: "period", found: manifest.period })?,
        },
        company_name: manifest.company.map(line),
        assessed_vat: parse::<Decimal>("assessed_vat", manifest.assessed_vat)?,
        sha256: sha256(sent),
        file_name: manifest.file_name.map_or_else(|| SENT_RETURN.to_owned(), line),
        // Nobody's: whoever is signed in and may see it fetches the receipt again.
        authorization: None,
        filed_by: manifest.filed_by.map(line),
        signed_by: manifest.signed_by.map(line),
        correction: manifest.correction,
        state,
        step: if under_way { StepName::Confirm } else { StepName::Archive },
        delivered: if under_way { Delivered::Unknown } else { Delivered::Yes },
        instance: manifest.instance.map(|id| parse("instance", id)).transpose()?,
        problem: manifest.problem,
        begun_at: moment("begun_at", manifest.begun_at)?,
        delivered_at: manifest.delivered_at.map(|at| moment("delivered_at", at)).transpose()?,
        payment: None,
        // A word of a newer program is found out anew.
        verdict: manifest.verdict.and_then(|verdict| from_word("verdict", verdict).ok()),
        substatus: manifest.substatus.map(shown),
        archive_folder: Some(folder.to_owned()),
        files: if under_way { Vec::new() } else { files },
        replaced: false,
    })
}

/// What is shown of a folder that a person has taken in on her word.
fn line(text: String) -> String {
    Shown::from(text).into()
}

/// The authority's label, as a folder has it that anybody may have written.
fn shown(SubstatusView { label, description }: SubstatusView) -> SubstatusView {
    SubstatusView { label: line(label), description: Shown::text(&description).into_string() }
}

/// Nine digits; it names the company in lists and folders.
fn org_number(text: String) -> Result<OrgNumber, DatabaseError> {
    let number = OrgNumber::parse(&text).ok().filter(|number| number.as_str() == text);
    number.ok_or(DatabaseError::Value { column: "org_number", found: text })
}

fn events(manifest: &Manifest) -> Result<Vec<(jiff::Timestamp, TimelineEvent)>, DatabaseError> {
    if manifest.timeline.is_empty() {
        let created = moment("begun_at", manifest.begun_at.clone())?;
        let confirmed = manifest.delivered_at.clone().map(|at| moment("delivered_at", at)).transpose()?;
        let confirmed = confirmed.map(|at| (at, TimelineEvent::Confirmed));
        return Ok([Some((created, TimelineEvent::Created)), confirmed].into_iter().flatten().collect());
    }
    // What only a newer program can say is left out.
    let known = manifest.timeline.iter().filter_map(|it| Some((&it.at, from_word("event", it.event.clone()).ok()?)));
    known.map(|(at, event)| Ok((moment("at", at.clone())?, event))).collect()
}
