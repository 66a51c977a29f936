//! What a folder says of itself: its files with their sums, and everything that the history needs to be built anew.

use std::{collections::BTreeMap, io, path::Path};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use store::database::columns::word;
use view::{SubstatusView, TimelineEvent, ids::FilingId, problem::Problem, texts::whole_moment};

use super::{FolderContents, within};
use crate::filings::Filing;

/// The file's name.
pub(crate) const MANIFEST: &str = "manifest.json";
/// Version of the shape; 1 had no state and timeline, 2 had a payment, which is read from its own file alone now.
const VERSION: u32 = 3;
/// Longest manifest that is read, bytes.
pub(super) const LONGEST_MANIFEST: u64 = 4 * 1024 * 1024;
/// The state of a filing that is about to be delivered: the authority alone knows whether it has been.
pub(crate) const UNDER_WAY: &str = "underveis";

/// What a folder says of itself.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Manifest {
    /// Version of this shape. What a newer one adds is passed over.
    pub(crate) version: u32,
    /// The filing's key.
    pub filing: FilingId,
    /// Place in the order of all filings.
    #[serde(default)]
    pub(crate) number: Option<i64>,
    pub(crate) environment: String,
    pub(crate) org_number: String,
    pub(crate) company: Option<String>,
    pub(crate) category: String,
    /// Name of the element that holds the period in the return.
    #[serde(default)]
    pub(crate) period_element: Option<String>,
    pub(crate) period: String,
    pub(crate) year: i32,
    pub(crate) assessed_vat: String,
    /// Name of the file that was read.
    #[serde(default)]
    pub(crate) file_name: Option<String>,
    pub(crate) instance: Option<String>,
    /// Every version of a manifest has it, and the older ones want a text: what is not known is an empty one there.
    #[serde(with = "or_empty")]
    pub(crate) filed_by: Option<String>,
    /// Who signed, when that was another than the one who filled in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) signed_by: Option<String>,
    pub(crate) begun_at: String,
    pub(crate) delivered_at: Option<String>,
    pub(crate) correction: bool,
    /// Received, rejected after delivery, or delivered with an answer that must be looked at.
    #[serde(default)]
    pub(crate) state: Option<String>,
    /// What Skatteetaten thinks of it; folders of before this was read have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) verdict: Option<String>,
    /// The authority's label.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) substatus: Option<SubstatusView>,
    #[serde(default)]
    pub(crate) problem: Option<Problem>,
    /// What goes with the return.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) attachments: Vec<ManifestAttachment>,
    #[serde(default)]
    pub(crate) timeline: Vec<ManifestEvent>,
    /// By name; those in folders with `/` in between.
    pub files: BTreeMap<String, ManifestFile>,
}

/// A file that goes with the return, as Altinn has it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ManifestAttachment {
    pub(crate) place: u32,
    pub(crate) name: String,
    pub(crate) content_type: String,
    /// Bytes.
    pub(crate) size: u64,
    /// Hexadecimal.
    pub(crate) sha256: String,
}

/// Something that happened.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct ManifestEvent {
    pub(crate) at: String,
    pub(crate) event: String,
}

/// A file with its sum.
#[derive(Debug, Serialize, Deserialize)]
pub struct ManifestFile {
    /// Bytes.
    pub size: u64,
    /// Hexadecimal.
    pub sha256: String,
}

impl Manifest {
    /// The manifest of a filing.
    pub(super) fn of(filing: &Filing, telling: &FolderContents<'_>, files: BTreeMap<String, ManifestFile>) -> Self {
        // Named whole, so that a new field is either here or left out knowingly: what is not outlives no lost database.
        let Filing {
            number,
            id,
            subject,
            company_name,
            assessed_vat,
            file_name,
            filed_by,
            signed_by,
            correction,
            instance,
            problem,
            begun_at,
            delivered_at,
            verdict,
            substatus,
            // Those of the return and of what came back are with their files.
            sha256: _,
            payment: _,
            files: _,
            archive_folder: _,
            // `state` says both.
            state: _,
            delivered: _,
            // What belongs to this computer, or is found out anew.
            authorization: _,
            step: _,
            replaced: _,
        } = filing;
        Self {
            version: VERSION,
            filing: id.clone(),
            number: Some(*number),
            environment: word(&subject.environment),
            org_number: subject.org_number.to_string(),
            company: company_name.clone(),
            category: subject.category.xml().to_owned(),
            period_element: Some(subject.period.xml_element().to_owned()),
            period: subject.period.xml_value().to_string(),
            year: subject.period.year,
            assessed_vat: assessed_vat.to_string(),
            file_name: Some(file_name.clone()),
            instance: instance.as_ref().map(ToString::to_string),
            filed_by: filed_by.clone(),
            signed_by: signed_by.clone(),
            begun_at: whole_moment(*begun_at),
            delivered_at: delivered_at.map(whole_moment),
            correction: *correction,
            state: Some(state(filing)),
            verdict: verdict.as_ref().map(word),
            substatus: substatus.clone(),
            problem: problem.clone(),
            attachments: telling
                .attachments
                .iter()
                .map(|it| ManifestAttachment {
                    place: it.place,
                    name: it.name.clone(),
                    content_type: it.content_type.clone(),
                    size: it.size,
                    sha256: it.sha256.clone(),
                })
                .collect(),
            timeline: timeline(telling.events),
            files,
        }
    }

    /// Says how the filing stands now, and what happened.
    pub(super) fn update(&mut self, filing: &Filing, events: &[(Timestamp, TimelineEvent)]) {
        self.version = VERSION;
        self.state = Some(state(filing));
        self.verdict = filing.verdict.as_ref().map(word);
        self.problem.clone_from(&filing.problem);
        self.timeline = timeline(events);
    }

    /// Whether a newer version of the program has written it, which may say more than is read here.
    pub(super) fn is_newer(&self) -> bool {
        self.version > VERSION
    }

    /// Reads a folder's manifest. A file name in it that leads out of the folder makes it unreadable.
    ///
    /// # Errors
    /// The disk; `InvalidData` when it is no manifest.
    pub fn below(root: &Path, folder: &str) -> io::Result<Self> {
        Self::parse(&disk::tree::read_below(root, &within(folder, MANIFEST), LONGEST_MANIFEST)?)
    }

    #[cfg(test)]
    pub(crate) fn read(folder: &Path) -> io::Result<Self> {
        Self::below(folder, "")
    }

    /// The same of its bytes.
    ///
    /// # Errors
    /// `InvalidData` when it is no manifest.
    pub fn parse(bytes: &[u8]) -> io::Result<Self> {
        let manifest: Self = serde_json::from_slice(bytes)?;
        match manifest.files.keys().find(|name| !stays_within(name)) {
            Some(name) => Err(io::Error::new(io::ErrorKind::InvalidData, format!("it names {name:?}"))),
            None => Ok(manifest),
        }
    }
}

/// Before delivery nothing else can be said: whether it was delivered is found out from the authority.
fn state(filing: &Filing) -> String {
    if filing.is_delivered() { word(&filing.state) } else { UNDER_WAY.to_owned() }
}

fn timeline(events: &[(Timestamp, TimelineEvent)]) -> Vec<ManifestEvent> {
    events.iter().map(|(at, event)| ManifestEvent { at: whole_moment(*at), event: word(event) }).collect()
}

/// The names of the files that a manifest lists, with the key of its filing; nothing for what is no manifest. For who tries
/// any bytes as one.
#[must_use]
pub fn manifest_names(bytes: &[u8]) -> Option<Vec<String>> {
    let manifest = Manifest::parse(bytes).ok()?;
    Some(manifest.files.into_keys().chain([manifest.filing.to_string()]).collect())
}

/// A text that a manifest has always had: what is not known is an empty one there, and none here.
mod or_empty {
    use serde::{Deserialize as _, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(text: &Option<String>, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(text.as_deref().unwrap_or_default())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
        Ok(Some(String::deserialize(deserializer)?).filter(|text| !text.is_empty()))
    }
}

/// Whether a name leads to a file below the folder and nowhere else.
pub(super) fn stays_within(name: &str) -> bool {
    name.split('/').all(disk::place::is_ordinary)
}
