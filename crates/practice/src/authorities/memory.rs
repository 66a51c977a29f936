//! What the practice authorities remember between two runs: instances, grants and signing keys, in a folder.
//!
//! Real authorities do not forget when somebody closes a program, so neither do these when they are given a folder.
//! Refresh tokens are kept as hashes only. A folder that cannot be read or written costs the memory, not the practice.

use super::Authorities;
use crate::addresses::Addresses;
use crate::jwt::StoredKeys;
use crate::state::{MOST_BYTES, StoredProvider};
use jiff::Timestamp;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

const OFFICE: &str = "office.json";
const INSTANCES: &str = "instances";

/// Everything but the instances.
#[derive(Serialize, Deserialize)]
struct StoredPractice {
    addresses: Addresses,
    id_porten: StoredProvider,
    ansattporten: StoredProvider,
    id_porten_keys: StoredKeys,
    ansattporten_keys: StoredKeys,
    altinn_keys: StoredKeys,
}

/// The folder, and which state of each instance lies in it.
#[derive(Debug)]
pub(crate) struct Memory {
    folder: PathBuf,
    written: Mutex<HashMap<String, Mark>>,
}

/// Tells two states of an instance apart without comparing what is in it.
type Mark = (Timestamp, usize, Option<Timestamp>);

impl Memory {
    pub(crate) fn new(folder: PathBuf) -> Self {
        Self { folder, written: Mutex::default() }
    }

    /// Where the authorities were the last time; a client that was registered there finds them again.
    pub(crate) fn addresses(&self) -> Option<Addresses> {
        read::<StoredPractice>(&self.folder.join(OFFICE)).map(|kept| kept.addresses)
    }

    /// Tells the authorities what they knew. Grants and keys belong to an issuer, so they are of no use elsewhere.
    pub(crate) fn restore(&self, authorities: &Authorities) {
        if let Some(kept) = read::<StoredPractice>(&self.folder.join(OFFICE)) {
            authorities.altinn_keys.restore(&kept.altinn_keys);
            if kept.addresses == authorities.addresses {
                authorities.id_porten_keys.restore(&kept.id_porten_keys);
                authorities.ansattporten_keys.restore(&kept.ansattporten_keys);
                authorities.id_porten().restore(kept.id_porten);
                authorities.ansattporten().restore(kept.ansattporten);
            }
        }
        let Ok(files) = disk::entries(&self.folder.join(INSTANCES)) else { return };
        for file in files.into_iter().filter(|file| file.path().extension().is_some_and(|it| it == "json")) {
            if let Some(instance) = read(&file.path()) {
                authorities.altinn().restore(instance, &self.folder.join(INSTANCES));
            }
        }
    }

    /// Writes down what has changed.
    pub(crate) fn save(&self, authorities: &Authorities) {
        if let Err(error) = self.try_to_save(authorities) {
            tracing::warn!(%error, "The practice authorities could not write down what happened.");
        }
    }

    fn try_to_save(&self, authorities: &Authorities) -> io::Result<()> {
        let instances = self.folder.join(INSTANCES);
        disk::create_folder(&instances)?;
        // One writer at a time, or an older state could overwrite a newer one.
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        let changed: Vec<_> = {
            let storage = authorities.altinn();
            let marked = storage.instances().map(|instance| {
                let mark = (instance.last_changed, instance.data.len(), instance.ended);
                (mark, instance)
            });
            marked
                .filter(|(mark, instance)| written.get(&instance.guid) != Some(mark))
                .map(|(mark, instance)| (mark, instance.clone()))
                .collect()
        };
        for (mark, mut instance) in changed {
            instance.put_aside(&instances)?;
            write(&instances.join(format!("{}.json", instance.guid)), &instance)?;
            written.insert(instance.guid, mark);
        }
        let kept = StoredPractice {
            addresses: authorities.addresses.clone(),
            id_porten: authorities.id_porten().stored(),
            ansattporten: authorities.ansattporten().stored(),
            id_porten_keys: authorities.id_porten_keys.stored(),
            ansattporten_keys: authorities.ansattporten_keys.stored(),
            altinn_keys: authorities.altinn_keys.stored(),
        };
        write(&self.folder.join(OFFICE), &kept)
    }
}

fn read<T: DeserializeOwned>(file: &Path) -> Option<T> {
    let bytes = disk::read_regular(file, MOST_BYTES).ok()?;
    serde_json::from_slice(&bytes)
        .inspect_err(|error| tracing::warn!(%error, file = %file.display(), "Not what the practice wrote; left alone."))
        .ok()
}

/// Whole or not at all: a run that is killed leaves the state before.
fn write<T: Serialize>(file: &Path, content: &T) -> io::Result<()> {
    disk::write(file, &serde_json::to_vec(content)?)
}
