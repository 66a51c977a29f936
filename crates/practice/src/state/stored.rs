//! How instances are written down between two runs of the practice (`authorities/memory.rs`).
//!
//! Names that the authorities give (data types, events, tasks) are words of the program; reading them back finds the
//! same word again and refuses what is none.

use super::instance::{ATTACHMENT, ENVELOPE, Element, Instance, RETURN};
use axum::body::Bytes;
use serde::{Deserialize, Deserializer, de::Error};
use std::io;
use std::path::Path;

/// No file of the practice's is larger, bytes.
pub(crate) const MOST_BYTES: u64 = 1_000_000_000;

/// Elements with more bytes than this are kept in files of their own, so that an instance with large attachments is not
/// written anew, attachments and all, whenever it moves.
const LARGE: usize = 64 * 1024;

impl Instance {
    /// Writes large elements into files of their own below `folder`, once each, and leaves them out of the instance.
    pub(crate) fn put_aside(&mut self, folder: &Path) -> io::Result<()> {
        let beside = folder.join(&self.guid);
        for element in self.data.iter_mut().filter(|element| element.bytes.len() > LARGE) {
            let file = beside.join(aside(element));
            if !file.exists() {
                disk::write(&file, &element.bytes)?;
            }
            element.bytes = Bytes::new();
        }
        Ok(())
    }

    /// Reads what was put aside.
    pub(super) fn bring_back(&mut self, folder: &Path) {
        let beside = folder.join(&self.guid);
        for element in self.data.iter_mut().filter(|element| element.bytes.is_empty()) {
            if let Ok(bytes) = disk::read_regular(&beside.join(aside(element)), MOST_BYTES) {
                element.bytes = bytes.into();
            }
        }
    }
}

/// A file's name for one state of an element.
fn aside(element: &Element) -> String {
    format!("{}-{}", element.id, element.last_changed.as_nanosecond())
}

/// One of [`WORDS`]. An alias, because serde takes a plain `&'static str` for a borrow from what is read.
pub(crate) type Word = &'static str;

const WORDS: &[&str] = &[
    ENVELOPE,
    RETURN,
    ATTACHMENT,
    "utfyllingslogg",
    "signeringslogg",
    "valideringsresultat",
    "betalingsinformasjon",
    "kvittering",
    "StartEvent_1",
    "Task_1",
    "Task_2",
    "Task_3",
    "EndEvent_1",
    "process_StartEvent",
    "process_StartTask",
    "process_EndTask",
    "process_EndEvent",
    "Mottatt",
    "Mva-meldingen er levert og mottatt av Skatteetaten.",
    "Avvist",
    "Mva-meldingen er avvist av Skatteetaten.",
];

fn known<E: Error>(text: &str) -> Result<&'static str, E> {
    WORDS.iter().find(|word| **word == text).copied().ok_or_else(|| E::custom(format!("{text:?} is no word of ours")))
}

/// One of [`WORDS`].
pub(super) fn word<'de, D: Deserializer<'de>>(source: D) -> Result<Word, D::Error> {
    known(&String::deserialize(source)?)
}

/// One of [`WORDS`], or nothing.
pub(super) fn word_or_none<'de, D: Deserializer<'de>>(source: D) -> Result<Option<&'static str>, D::Error> {
    Option::<String>::deserialize(source)?.map(|text| known(&text)).transpose()
}

/// A substatus: label and description.
#[allow(clippy::type_complexity)] // serde asks for the field's own type.
pub(super) fn substatus<'de, D: Deserializer<'de>>(
    source: D,
) -> Result<Option<(&'static str, &'static str)>, D::Error> {
    let both = Option::<(String, String)>::deserialize(source)?;
    both.map(|(label, description)| Ok((known(&label)?, known(&description)?))).transpose()
}

/// Bytes as base64, because JSON has none.
pub(super) mod base64 {
    use super::{Bytes, Deserialize, Deserializer, Error};
    use ::base64::{Engine as _, engine::general_purpose::STANDARD};
    use serde::Serializer;

    pub(in crate::state) fn serialize<S: Serializer>(bytes: &Bytes, sink: S) -> Result<S::Ok, S::Error> {
        sink.serialize_str(&STANDARD.encode(bytes))
    }

    pub(in crate::state) fn deserialize<'de, D: Deserializer<'de>>(source: D) -> Result<Bytes, D::Error> {
        STANDARD.decode(String::deserialize(source)?).map(Bytes::from).map_err(D::Error::custom)
    }
}
