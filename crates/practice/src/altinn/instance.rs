//! An instance and its data elements, and how Altinn writes them: fields and order as in the published example of a
//! finished instance (apis.md 1.4), with what version 8 adds (2.2, 2.3).

use super::APP_ID;
use crate::addresses::Addresses;
use crate::clock::seven_decimals;
use crate::settings::AppVersion;
use crate::state::{Element, Instance, Task};
use serde::Serialize;
use serde_json::{Value, json};

/// Where addresses in answers point, and in which generation's shape.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shape<'a> {
    pub(crate) addresses: &'a Addresses,
    pub(crate) version: AppVersion,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Links {
    apps: String,
    platform: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Owner {
    party_id: String,
    person_number: Option<String>,
    organisation_number: String,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    newer: Option<NewerOwner>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct NewerOwner {
    username: Option<String>,
    external_identifier: Option<String>,
    party: Value,
}

/// The process state, as version 7 writes it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Process {
    started: String,
    start_event: &'static str,
    current_task: Option<CurrentTask>,
    ended: Option<String>,
    end_event: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    process_tasks: Option<Value>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CurrentTask {
    flow: u8,
    started: String,
    element_id: &'static str,
    name: &'static str,
    altinn_task_type: &'static str,
    ended: Option<String>,
    validated: Option<Value>,
    flow_type: &'static str,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    newer: Option<NewerTask>,
}

/// What version 8 says about the current task and the one who asks.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NewerTask {
    pub(crate) actions: Value,
    pub(crate) user_actions: Value,
    pub(crate) read: bool,
    pub(crate) write: bool,
    pub(crate) element_type: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Substatus {
    label: &'static str,
    description: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Status {
    is_archived: bool,
    archived: Option<String>,
    is_soft_deleted: bool,
    soft_deleted: Option<String>,
    is_hard_deleted: bool,
    hard_deleted: Option<String>,
    read_status: u8,
    substatus: Option<Substatus>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Confirmation {
    stakeholder_id: &'static str,
    confirmed_on: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ElementJson {
    id: String,
    instance_guid: String,
    data_type: &'static str,
    filename: Option<String>,
    content_type: String,
    blob_storage_path: String,
    self_links: Links,
    size: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_hash: Option<Value>,
    locked: bool,
    refs: [String; 0],
    is_read: bool,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    newer: Option<NewerElement>,
    created: String,
    created_by: String,
    last_changed: String,
    last_changed_by: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct NewerElement {
    tags: [String; 0],
    user_defined_metadata: Option<Value>,
    metadata: Option<Value>,
    delete_status: Option<Value>,
    file_scan_result: &'static str,
    references: Option<Value>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct InstanceJson {
    id: String,
    instance_owner: Owner,
    app_id: &'static str,
    org: &'static str,
    self_links: Links,
    due_before: Option<String>,
    visible_after: String,
    process: Process,
    status: Status,
    complete_confirmations: Option<Vec<Confirmation>>,
    data: Vec<ElementJson>,
    presentation_texts: Option<Value>,
    data_values: Option<Value>,
    created: String,
    created_by: String,
    last_changed: String,
    last_changed_by: String,
}

impl Shape<'_> {
    fn newer<T>(self, value: impl FnOnce() -> T) -> Option<T> {
        (self.version == AppVersion::V8).then(value)
    }

    fn links(self, path: &str) -> Links {
        Links {
            apps: format!("{}/instances/{path}", self.addresses.altinn_app),
            platform: format!("{}/storage/api/v1/instances/{path}", self.addresses.altinn_platform),
        }
    }

    /// Where the app has this instance or element.
    pub(crate) fn location(self, path: &str) -> String {
        self.links(path).apps
    }

    /// The process state within an instance.
    pub(crate) fn process(self, instance: &Instance) -> Process {
        self.process_with(instance, None)
    }

    /// The process state with what version 8 tells the one who asks.
    pub(crate) fn process_with(self, instance: &Instance, newer: Option<NewerTask>) -> Process {
        let process_tasks = newer.is_some().then(|| {
            let tasks: Vec<Value> = [Task::Fill, Task::Confirm, Task::Feedback]
                .iter()
                .map(|task| json!({ "elementId": task.element_id(), "elementType": "Task", "altinnTaskType": task.kind() }))
                .collect();
            json!(tasks)
        });
        Process {
            started: seven_decimals(instance.created),
            start_event: "StartEvent_1",
            current_task: instance.task.map(|task| CurrentTask {
                flow: task.flow(),
                started: seven_decimals(instance.task_started),
                element_id: task.element_id(),
                name: task.name(),
                altinn_task_type: task.kind(),
                ended: None,
                validated: None,
                flow_type: "CompleteCurrentMoveToNext",
                newer,
            }),
            ended: instance.ended.map(seven_decimals),
            end_event: instance.ended.map(|_| "EndEvent_1"),
            process_tasks,
        }
    }

    fn element_json(self, instance: &Instance, element: &Element) -> ElementJson {
        ElementJson {
            id: element.id.clone(),
            instance_guid: instance.guid.clone(),
            data_type: element.data_type,
            filename: element.filename.clone(),
            content_type: element.content_type.clone(),
            blob_storage_path: format!("{APP_ID}/{}/data/{}", instance.guid, element.id),
            self_links: self.links(&format!("{}/data/{}", instance.id(), element.id)),
            size: element.bytes.len(),
            content_hash: self.newer(|| Value::Null),
            locked: element.locked,
            refs: [],
            is_read: true,
            newer: self.newer(|| NewerElement {
                tags: [],
                user_defined_metadata: None,
                metadata: None,
                delete_status: None,
                file_scan_result: "NotApplicable",
                references: None,
            }),
            created: seven_decimals(element.created),
            created_by: element.created_by.clone(),
            last_changed: seven_decimals(element.last_changed),
            last_changed_by: element.last_changed_by.clone(),
        }
    }

    /// A data element.
    pub(crate) fn element(self, instance: &Instance, element: &Element) -> impl Serialize {
        self.element_json(instance, element)
    }

    /// An instance.
    pub(crate) fn instance(self, instance: &Instance, with_data: bool) -> impl Serialize {
        InstanceJson {
            id: instance.id(),
            instance_owner: Owner {
                party_id: instance.company.party_id.to_string(),
                person_number: None,
                organisation_number: instance.company.org_number.clone(),
                newer: self.newer(|| NewerOwner {
                    username: None,
                    external_identifier: None,
                    party: super::parties::party(&instance.company),
                }),
            },
            app_id: APP_ID,
            org: "skd",
            self_links: self.links(&instance.id()),
            due_before: None,
            visible_after: seven_decimals(instance.created),
            process: self.process(instance),
            status: Status {
                is_archived: instance.ended.is_some(),
                archived: instance.ended.map(seven_decimals),
                is_soft_deleted: instance.soft_deleted.is_some(),
                soft_deleted: instance.soft_deleted.map(seven_decimals),
                is_hard_deleted: instance.hard_deleted.is_some(),
                hard_deleted: instance.hard_deleted.map(seven_decimals),
                read_status: 1,
                substatus: instance.substatus.map(|(label, description)| Substatus { label, description }),
            },
            complete_confirmations: instance
                .confirmed
                .map(|moment| vec![Confirmation { stakeholder_id: "skd", confirmed_on: seven_decimals(moment) }]),
            data: match with_data {
                true => instance.data.iter().map(|element| self.element_json(instance, element)).collect(),
                false => Vec::new(),
            },
            presentation_texts: None,
            data_values: None,
            created: seven_decimals(instance.created),
            created_by: instance.created_by.clone(),
            last_changed: seven_decimals(instance.last_changed),
            last_changed_by: instance.last_changed_by.clone(),
        }
    }
}
