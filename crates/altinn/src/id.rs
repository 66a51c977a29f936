//! The names Altinn gives to an instance and to the data in it.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use uuid::Uuid;

/// One instance: the party that owns it and its own id, written `{partyId}/{instanceGuid}`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct InstanceId {
    party: u64,
    guid: Uuid,
}

/// One data element of an instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DataId(Uuid);

/// Not an id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{found:?} is not {expected}")]
pub struct IdError {
    found: String,
    expected: &'static str,
}

impl InstanceId {
    /// Puts an id together.
    #[must_use]
    pub fn new(party: u64, guid: Uuid) -> Self {
        Self { party, guid }
    }

    /// The owner's party id.
    #[must_use]
    pub fn party(&self) -> u64 {
        self.party
    }

    /// The instance's own id.
    #[must_use]
    pub fn guid(&self) -> Uuid {
        self.guid
    }
}

impl fmt::Display for InstanceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.party, self.guid)
    }
}

impl FromStr for InstanceId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let read = || {
            let (party, guid) = text.trim().split_once('/')?;
            Some(Self { party: party.parse().ok()?, guid: guid.parse().ok()? })
        };
        read().ok_or_else(|| IdError { found: text.to_owned(), expected: "an instance id {partyId}/{instanceGuid}" })
    }
}

impl Serialize for InstanceId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for InstanceId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

impl DataId {
    /// Wraps an id.
    #[must_use]
    pub fn new(id: Uuid) -> Self {
        Self(id)
    }
}

impl fmt::Display for DataId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for DataId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        text.trim().parse().map(Self).map_err(|_| IdError { found: text.to_owned(), expected: "a data id" })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn an_instance_id_is_read_and_written() {
        let text = "50267437/55604b08-1690-4a8d-bf6b-95c11dc40c58";
        let id: InstanceId = text.parse().unwrap();
        assert_eq!(id.party(), 50_267_437);
        assert_eq!(id.to_string(), text);
    }

    #[test]
    fn anything_else_is_refused() {
        for text in ["", "50267437", "50267437/", "/55604b08-1690-4a8d-bf6b-95c11dc40c58", "a/b", "1/2/3", "1/../../x"]
        {
            assert!(text.parse::<InstanceId>().is_err(), "{text:?}");
        }
    }
}
