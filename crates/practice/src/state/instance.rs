//! An instance and its data elements, as Altinn has them. How they are written: `altinn/instance.rs`.

use super::stored;
use crate::assessment::Assessment;
use crate::settings::FeedbackVerdict;
use crate::world::Company;
use axum::body::Bytes;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Skatteetaten's organisation number: who `createdBy` names on the feedback files (apis.md 1.4).
pub(crate) const SKD: &str = "974761076";

/// The envelope's data type; the version in it has changed, so clients match the beginning.
pub(crate) const ENVELOPE: &str = "no.skatteetaten.fastsetting.avgift.mva.mvameldinginnsending.v1.0";
/// The return's data type.
pub(crate) const RETURN: &str = "mvamelding";
/// The attachments' data type.
pub(crate) const ATTACHMENT: &str = "binaerVedlegg";

/// A data element.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Element {
    pub(crate) id: String,
    #[serde(deserialize_with = "stored::word")]
    pub(crate) data_type: stored::Word,
    pub(crate) filename: Option<String>,
    pub(crate) content_type: String,
    #[serde(with = "stored::base64")]
    pub(crate) bytes: Bytes,
    pub(crate) locked: bool,
    pub(crate) created: Timestamp,
    pub(crate) created_by: String,
    pub(crate) last_changed: Timestamp,
    pub(crate) last_changed_by: String,
}

/// What the feedback will be, and when.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Pending {
    /// Everything at once, as earlier versions wrote it.
    #[serde(default)]
    pub(crate) at: Option<Timestamp>,
    /// Rejected, as earlier versions wrote it.
    #[serde(default)]
    pub(crate) rejected: bool,
    /// When the payment information comes, if it has not come.
    #[serde(default)]
    pub(crate) payment: Option<Timestamp>,
    /// When the verdict comes.
    #[serde(default)]
    pub(crate) result: Option<Timestamp>,
    /// When the receipt comes.
    #[serde(default)]
    pub(crate) receipt: Option<Timestamp>,
    /// When the process ends.
    #[serde(default)]
    pub(crate) end: Option<Timestamp>,
    /// What the verdict says.
    #[serde(default)]
    pub(crate) verdict: FeedbackVerdict,
    pub(crate) assessment: Assessment,
    /// Who confirmed.
    pub(crate) actor: String,
}

impl Pending {
    /// Whether everything has come.
    pub(crate) fn is_over(&self) -> bool {
        [self.payment, self.result, self.receipt, self.end].iter().all(Option::is_none)
    }
}

/// One row of the process history.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Event {
    #[serde(deserialize_with = "stored::word")]
    pub(crate) kind: stored::Word,
    #[serde(deserialize_with = "stored::word_or_none")]
    pub(crate) element_id: Option<stored::Word>,
    pub(crate) at: Timestamp,
    pub(crate) by: String,
}

/// An instance.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Instance {
    pub(crate) guid: String,
    pub(crate) company: Company,
    pub(crate) created: Timestamp,
    pub(crate) created_by: String,
    pub(crate) last_changed: Timestamp,
    pub(crate) last_changed_by: String,
    /// Where it stands; `None` when the process has ended.
    pub(crate) task: Option<Task>,
    pub(crate) task_started: Timestamp,
    pub(crate) ended: Option<Timestamp>,
    #[serde(deserialize_with = "stored::substatus")]
    pub(crate) substatus: Option<(stored::Word, stored::Word)>,
    pub(crate) confirmed: Option<Timestamp>,
    pub(crate) soft_deleted: Option<Timestamp>,
    pub(crate) hard_deleted: Option<Timestamp>,
    pub(crate) data: Vec<Element>,
    pub(crate) events: Vec<Event>,
    /// What the validation at the end of utfylling said.
    pub(crate) assessment: Option<Assessment>,
    pub(crate) pending: Option<Pending>,
}

impl Instance {
    /// `{partyId}/{guid}`.
    pub(crate) fn id(&self) -> String {
        format!("{}/{}", self.company.party_id, self.guid)
    }

    pub(crate) fn element(&self, id: &str) -> Option<&Element> {
        self.data.iter().find(|element| element.id == id)
    }

    pub(crate) fn of_type(&self, data_type: &str) -> impl Iterator<Item = &Element> {
        self.data.iter().filter(move |element| element.data_type == data_type)
    }

    /// Writes a file of the app or of Skatteetaten.
    pub(crate) fn add(
        &mut self,
        data_type: &'static str,
        filename: Option<String>,
        content_type: &str,
        bytes: Bytes,
        by: &str,
        at: Timestamp,
    ) -> &Element {
        let element = Element {
            id: uuid::Uuid::new_v4().to_string(),
            data_type,
            filename,
            content_type: content_type.into(),
            bytes,
            locked: by == SKD,
            created: at,
            created_by: by.into(),
            last_changed: at,
            last_changed_by: by.into(),
        };
        self.touch(by, at);
        let last = self.data.len();
        self.data.push(element);
        &self.data[last]
    }

    pub(crate) fn touch(&mut self, by: &str, at: Timestamp) {
        self.last_changed = at;
        self.last_changed_by = by.into();
    }

    /// Goes on to a task.
    pub(crate) fn move_to(&mut self, task: Task, by: &str, at: Timestamp) {
        if let Some(before) = self.task {
            self.events.push(Event {
                kind: "process_EndTask",
                element_id: Some(before.element_id()),
                at,
                by: by.into(),
            });
        }
        self.events.push(Event { kind: "process_StartTask", element_id: Some(task.element_id()), at, by: by.into() });
        self.task = Some(task);
        self.task_started = at;
        self.touch(by, at);
    }
}

/// Where an instance stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Task {
    /// Task_1, utfylling.
    Fill,
    /// Task_2, bekreftelse.
    Confirm,
    /// Tilbakemelding: Skatteetaten's turn. Its id is not published; Task_3 is likely.
    Feedback,
}

impl Task {
    pub(crate) fn element_id(self) -> &'static str {
        match self {
            Self::Fill => "Task_1",
            Self::Confirm => "Task_2",
            Self::Feedback => "Task_3",
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Fill => "Utfylling",
            Self::Confirm => "Bekreftelse",
            Self::Feedback => "Tilbakemelding",
        }
    }

    pub(crate) fn kind(self) -> &'static str {
        match self {
            Self::Fill => "data",
            Self::Confirm => "confirmation",
            Self::Feedback => "feedback",
        }
    }

    pub(crate) fn flow(self) -> u8 {
        match self {
            Self::Fill => 2,
            Self::Confirm => 3,
            Self::Feedback => 4,
        }
    }
}
