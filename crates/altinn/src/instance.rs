//! An instance as Altinn describes it, in the shapes of app library 7 and 8 (apis.md 2.2, 2.3).

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, de};
use shown::Shown;

use crate::{DataId, InstanceId};

/// One instance: one filing as the authority sees it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Instance {
    /// `{partyId}/{instanceGuid}`.
    pub id: InstanceId,
    /// Whose it is.
    #[serde(default, deserialize_with = "or_default")]
    pub instance_owner: InstanceOwner,
    /// Owner and name of the app, e.g. `skd/mva-melding-innsending-v1`.
    #[serde(default, deserialize_with = "or_default")]
    pub app_id: String,
    /// Where its process stands; absent in lists of some versions.
    #[serde(default)]
    pub process: Option<ProcessState>,
    /// Archived, deleted, and what the app's owner says of it.
    #[serde(default, deserialize_with = "or_default")]
    pub status: Status,
    /// Its data elements.
    #[serde(default, deserialize_with = "elements")]
    pub data: Vec<DataElement>,
    /// When it was made.
    #[serde(default, deserialize_with = "moment")]
    pub created: Option<Timestamp>,
    /// When it last changed.
    #[serde(default, deserialize_with = "moment")]
    pub last_changed: Option<Timestamp>,
    /// The JSON it was read from, for the archive.
    #[serde(skip)]
    pub json: String,
}

/// Whose an instance is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InstanceOwner {
    /// The owner's party id; text in some answers, a number in others.
    #[serde(default, deserialize_with = "text_or_number")]
    pub party_id: Option<String>,
    /// Nine digits, when the owner is an organisation.
    #[serde(default)]
    pub organisation_number: Option<String>,
}

/// Archived, deleted, and what the app's owner says of it.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Status {
    /// The process has ended and nothing can be changed any more.
    #[serde(default, deserialize_with = "or_default")]
    pub is_archived: bool,
    /// When it was archived.
    #[serde(default, deserialize_with = "moment")]
    pub archived: Option<Timestamp>,
    /// In Altinn's wastebasket.
    #[serde(default, deserialize_with = "or_default")]
    pub is_soft_deleted: bool,
    /// Gone for good.
    #[serde(default, deserialize_with = "or_default")]
    pub is_hard_deleted: bool,
    /// Skatteetaten's own word for it; `Mottatt` when received (apis.md 6.7).
    #[serde(default)]
    pub substatus: Option<Substatus>,
}

/// The app owner's word for where an instance stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Substatus {
    /// A word or two, e.g. `Mottatt`.
    #[serde(default, deserialize_with = "or_default")]
    pub label: Shown,
    /// A sentence.
    #[serde(default, deserialize_with = "or_default")]
    pub description: Shown,
}

/// One data element of an instance.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DataElement {
    /// Its id.
    pub id: DataId,
    /// What it is, e.g. `mvamelding`, `kvittering`.
    #[serde(default, deserialize_with = "or_default")]
    pub data_type: String,
    /// Its file name; the envelope has none.
    #[serde(default)]
    pub filename: Option<String>,
    /// Its media type.
    #[serde(default)]
    pub content_type: Option<String>,
    /// Its size in bytes.
    #[serde(default, deserialize_with = "or_default")]
    pub size: u64,
    /// Whether it can still be changed.
    #[serde(default, deserialize_with = "or_default")]
    pub locked: bool,
    /// When it was made.
    #[serde(default, deserialize_with = "moment")]
    pub created: Option<Timestamp>,
    /// When it last changed.
    #[serde(default, deserialize_with = "moment")]
    pub last_changed: Option<Timestamp>,
}

/// Where a process stands; the same reading for `instance.process` (v7) and `AppProcessState` (v8).
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ProcessState {
    /// When it began.
    #[serde(default, deserialize_with = "moment")]
    pub started: Option<Timestamp>,
    /// The task it stands in; none before the start and after the end.
    #[serde(default)]
    pub current_task: Option<CurrentTask>,
    /// When it ended.
    #[serde(default, deserialize_with = "moment")]
    pub ended: Option<Timestamp>,
    /// The event that ended it.
    #[serde(default)]
    pub end_event: Option<String>,
}

/// The task a process stands in.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CurrentTask {
    /// Its id in the process file, e.g. `Task_1`.
    #[serde(default, deserialize_with = "or_default")]
    pub element_id: String,
    /// Its name, e.g. `Utfylling`, `Bekreftelse`, `Tilbakemelding`.
    #[serde(default, deserialize_with = "or_default")]
    pub name: String,
    /// `data`, `confirmation`, `feedback`, …
    #[serde(default, deserialize_with = "or_default")]
    pub altinn_task_type: String,
}

/// What a process waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Stage {
    /// Not begun.
    NotStarted,
    /// The form is being filled in: the first process/next belongs here.
    Filling,
    /// To be confirmed: the second process/next belongs here.
    Confirming,
    /// Delivered; Skatteetaten has the word.
    Feedback,
    /// Ended.
    Ended,
    /// A task this program does not know; nothing may be done to it blindly.
    Unknown,
}

impl ProcessState {
    /// What the process waits for, judged by the task's type, then its name, then its id: names and ids beyond
    /// `Tilbakemelding`, `Task_1` and `Task_2` are not documented (apis.md 1.4, 9).
    #[must_use]
    pub fn stage(&self) -> Stage {
        let Some(task) = &self.current_task else {
            return if self.ended.is_some() || self.end_event.is_some() { Stage::Ended } else { Stage::NotStarted };
        };
        let is = |text: &str, word: &str| text.eq_ignore_ascii_case(word);
        match task.altinn_task_type.to_ascii_lowercase().as_str() {
            "data" => Stage::Filling,
            "confirmation" | "signing" => Stage::Confirming,
            "feedback" => Stage::Feedback,
            _ if is(&task.name, "Tilbakemelding") => Stage::Feedback,
            _ if is(&task.name, "Bekreftelse") || task.element_id == "Task_2" => Stage::Confirming,
            _ if is(&task.name, "Utfylling") || task.element_id == "Task_1" => Stage::Filling,
            _ => Stage::Unknown,
        }
    }
}

/// How the envelope's data type begins; the version at its end has differed between page and practice (apis.md 1.4).
const ENVELOPE_PREFIX: &str = "no.skatteetaten.fastsetting.avgift.mva.mvameldinginnsending.";

impl Instance {
    /// What its process waits for; an archived instance has ended whatever else it says.
    #[must_use]
    pub fn stage(&self) -> Stage {
        match &self.process {
            _ if self.status.is_archived => Stage::Ended,
            Some(process) => process.stage(),
            None => Stage::Unknown,
        }
    }

    /// The prefilled envelope element.
    #[must_use]
    pub fn envelope(&self) -> Option<&DataElement> {
        self.data.iter().find(|element| element.data_type.starts_with(ENVELOPE_PREFIX))
    }

    /// The elements of a type, in the authority's order.
    pub fn of_type<'a>(&'a self, data_type: &'a str) -> impl Iterator<Item = &'a DataElement> + 'a {
        self.data.iter().filter(move |element| element.data_type == data_type)
    }

    /// Whether Skatteetaten's feedback is complete: the process has ended and a receipt is there (apis.md 1.4). It says
    /// nothing of whether the return is accepted: a rejected one has both (1.9).
    #[must_use]
    pub fn has_feedback(&self) -> bool {
        self.stage() == Stage::Ended && self.of_type("kvittering").next().is_some()
    }

    /// Whether it lies in the wastebasket or is gone.
    #[must_use]
    pub fn is_deleted(&self) -> bool {
        self.status.is_soft_deleted || self.status.is_hard_deleted
    }

    pub(crate) fn read(json: &[u8]) -> Result<Self, serde_json::Error> {
        let mut instance: Self = serde_json::from_slice(json)?;
        instance.json = String::from_utf8_lossy(json).into_owned();
        Ok(instance)
    }

    pub(crate) fn from_value(value: &serde_json::Value) -> Result<Self, serde_json::Error> {
        let mut instance = Self::deserialize(value)?;
        instance.json = value.to_string();
        Ok(instance)
    }
}

/// Null counts as absent: the authority writes `null` where it has nothing.
pub(crate) fn or_default<'de, D: Deserializer<'de>, T: Default + Deserialize<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    Ok(Option::<T>::deserialize(deserializer)?.unwrap_or_default())
}

/// Most data elements that an instance has: the attachments (apis.md 1.4), what is sent and what comes back, and room to spare. Each may be
/// fetched, so an answer that lists them without end would fill the disk.
const MOST_ELEMENTS: usize = 256;

fn elements<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<DataElement>, D::Error> {
    let elements: Vec<DataElement> = or_default(deserializer)?;
    if elements.len() > MOST_ELEMENTS {
        return Err(de::Error::custom(format_args!("it has more than {MOST_ELEMENTS} data elements")));
    }
    Ok(elements)
}

/// A moment with up to nine decimals; one without a zone is UTC, as everywhere in Altinn; an unreadable one is nothing
/// rather than a reason to lose the whole answer.
fn moment<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    Ok(text.and_then(|text| text.parse().or_else(|_| format!("{text}Z").parse()).ok()))
}

fn text_or_number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    match Option::<serde_json::Value>::deserialize(deserializer)? {
        None | Some(serde_json::Value::Null) => Ok(None),
        Some(serde_json::Value::String(text)) => Ok(Some(text)),
        Some(serde_json::Value::Number(number)) => Ok(Some(number.to_string())),
        Some(other) => Err(de::Error::custom(format!("a party id was expected, not {other}"))),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use super::*;

    fn stage(process: serde_json::Value) -> Stage {
        ProcessState::deserialize(process).unwrap().stage()
    }

    #[test]
    fn a_stage_is_read_from_type_name_or_id() {
        assert_eq!(stage(json!({"currentTask": {"elementId": "Task_1", "altinnTaskType": "data"}})), Stage::Filling);
        assert_eq!(stage(json!({"currentTask": {"elementId": "Task_2", "altinnTaskType": null}})), Stage::Confirming);
        assert_eq!(stage(json!({"currentTask": {"elementId": "Task_9", "name": "Tilbakemelding"}})), Stage::Feedback);
        assert_eq!(stage(json!({"currentTask": {"elementId": "Task_7", "altinnTaskType": "payment"}})), Stage::Unknown);
        assert_eq!(stage(json!({"currentTask": null, "ended": "2021-05-21T11:29:35.5242382Z"})), Stage::Ended);
        assert_eq!(stage(json!({"currentTask": null, "ended": null})), Stage::NotStarted);
    }

    #[test]
    fn version_8_process_state_is_read() {
        let state = json!({
            "started": "2026-11-01T10:00:00Z",
            "currentTask": {"actions": {"write": true, "confirm": false}, "userActions": [], "read": true, "write": true,
                "elementType": "Task", "flow": 2, "elementId": "Task_2", "name": "Bekreftelse", "altinnTaskType": "confirmation"},
            "processTasks": [{"elementId": "Task_1", "elementType": "Task", "altinnTaskType": "data"}],
            "ended": null, "endEvent": null
        });
        assert_eq!(stage(state), Stage::Confirming);
    }

    #[test]
    fn an_instance_with_nulls_numbers_and_unknown_fields_is_read() {
        let text = json!({
            "id": "51001/55604b08-1690-4a8d-bf6b-95c11dc40c58",
            "instanceOwner": {"partyId": 51001, "username": null, "party": {"unitType": "AS"}},
            "appId": null, "status": null, "data": null, "created": "2026-11-01T10:00:00.123456", "lastChanged": "yesterday"
        });
        let instance = Instance::read(text.to_string().as_bytes()).unwrap();
        assert_eq!(instance.instance_owner.party_id.as_deref(), Some("51001"));
        assert!(instance.data.is_empty());
        assert_eq!(instance.created.unwrap().to_string(), "2026-11-01T10:00:00.123456Z");
        assert_eq!(instance.last_changed, None);
        assert_eq!(instance.stage(), Stage::Unknown);
        assert_eq!(instance.json, text.to_string());
    }
}
