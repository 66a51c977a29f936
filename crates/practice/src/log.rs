//! The request log: every request to every authority, and every return that was delivered.
//!
//! It is a fact that tests read: how often something reached an authority, and what it did there. Paths are
//! kept without their query, because queries carry national ids and codes; bodies and tokens are never kept.

use crate::authority::Authority;
use serde::Serialize;
use std::sync::{Mutex, PoisonError};

/// What a handler knows about the request it has served; travels to the gate as a response extension.
#[derive(Debug, Clone, Default)]
pub(crate) struct Trace {
    /// Who acted, by name.
    pub(crate) actor: Option<String>,
    /// What changed, in a few words.
    pub(crate) effect: Option<String>,
}

/// One request.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// Number, from 1, over all authorities.
    pub n: usize,
    /// When it was answered, by the practice clock.
    pub at: String,
    /// Which authority.
    pub authority: Authority,
    /// The call's name, the word that fault rules use.
    pub call: &'static str,
    /// HTTP method.
    pub method: String,
    /// Path without query.
    pub path: String,
    /// HTTP status as the server meant it; `null` when it did not get that far.
    pub status: Option<u16>,
    /// Whether the answer was on its way to the client: `false` when a fault took it.
    pub answered: bool,
    /// Who acted, by name.
    pub actor: Option<String>,
    /// What changed, in a few words.
    pub effect: Option<String>,
    /// The fault that was played.
    pub fault: Option<String>,
    /// How long the answer took, milliseconds of real time.
    pub milliseconds: u64,
}

/// One return that an authority has: counted when the second process/next acted, answered or not.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Delivery {
    /// When, by the practice clock.
    pub at: String,
    /// `{partyId}/{guid}`.
    pub instance: String,
    /// Organisation number.
    pub org_number: String,
    /// The period's value in the XML, e.g. `mars-april`.
    pub period: String,
    /// Year.
    pub year: String,
    /// `meldingskategori`.
    pub category: String,
    /// SHA-256 of the return as uploaded, hexadecimal.
    pub sha256: String,
    /// How many attachments came along.
    pub attachments: usize,
    /// Who confirmed, by name.
    pub actor: String,
}

/// The log of one practice.
#[derive(Debug, Default)]
pub(crate) struct Log {
    inner: Mutex<Pages>,
}

#[derive(Debug, Default, Clone, Serialize)]
pub(crate) struct Pages {
    pub(crate) requests: Vec<Entry>,
    pub(crate) deliveries: Vec<Delivery>,
}

impl Log {
    fn pages(&self) -> std::sync::MutexGuard<'_, Pages> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn record(&self, mut entry: Entry) {
        let mut pages = self.pages();
        entry.n = pages.requests.len() + 1;
        pages.requests.push(entry);
    }

    pub(crate) fn deliver(&self, delivery: Delivery) {
        self.pages().deliveries.push(delivery);
    }

    pub(crate) fn snapshot(&self) -> Pages {
        self.pages().clone()
    }

    pub(crate) fn clear(&self) {
        *self.pages() = Pages::default();
    }
}
