//! Every instance that Altinn has.

use super::instance::{Instance, Task};
use jiff::Timestamp;
use std::collections::HashMap;

/// Every instance, by its guid.
#[derive(Debug, Default)]
pub(crate) struct Storage {
    pub(crate) instances: HashMap<String, Instance>,
}

impl Storage {
    pub(crate) fn insert(&mut self, instance: Instance) {
        self.instances.insert(instance.guid.clone(), instance);
    }

    /// One that was kept in a folder, with what was put aside there.
    pub(crate) fn restore(&mut self, mut instance: Instance, folder: &std::path::Path) {
        instance.bring_back(folder);
        self.insert(instance);
    }

    /// All of them, as they were last seen.
    pub(crate) fn instances(&self) -> impl Iterator<Item = &Instance> {
        self.instances.values()
    }

    /// Whether Skatteetaten has what is in an instance.
    pub(crate) fn is_delivered(&self, guid: &str) -> bool {
        let instance = self.instances.get(guid);
        instance.is_some_and(|it| it.ended.is_some() || it.task == Some(Task::Feedback))
    }

    /// When an instance was made.
    pub(crate) fn created(&self, guid: &str) -> Option<Timestamp> {
        Some(self.instances.get(guid)?.created)
    }

    /// Where an instance stands.
    pub(crate) fn task(&self, guid: &str) -> Option<Task> {
        self.instances.get(guid)?.task
    }
}
