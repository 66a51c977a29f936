//! The firm's own record of what was refused: one line of JSON each, in the data folder. It names the action, what it
//! needed and for whom, and the account by its pairwise identifier: no name, no address, no groups.

use std::{
    fs,
    io::{self, Write as _},
    path::PathBuf,
    sync::{Mutex, PoisonError},
};

use jiff::Timestamp;
use serde::Serialize;
use view::EnvironmentName;

use super::rights::{Action, Permission};

/// The record's name in the data folder; the one before it has `.1` after it.
pub const REFUSALS_FILE: &str = "work-refusals.jsonl";
/// From this size on a new record is begun.
const LARGEST: u64 = 1_000_000;

/// One refusal.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Line<'a> {
    at: String,
    environment: EnvironmentName,
    action: &'a str,
    needs: Option<Permission>,
    company: Option<&'a str>,
    /// Locked; otherwise the permission was missing.
    locked: bool,
    /// The account's pairwise identifier at Ansattporten.
    account: Option<&'a str>,
}

pub(super) struct Refusals {
    file: PathBuf,
    turn: Mutex<()>,
}

impl Refusals {
    pub(super) fn new(data_dir: &std::path::Path) -> Self {
        Self { file: data_dir.join(REFUSALS_FILE), turn: Mutex::default() }
    }

    pub(super) fn note(
        &self,
        at: Timestamp,
        environment: EnvironmentName,
        action: Action,
        company: Option<&str>,
        account: Option<&str>,
        locked: bool,
    ) {
        let line = Line {
            at: view::texts::moment(at),
            environment,
            action: action.name(),
            needs: action.needs(),
            company,
            locked,
            account,
        };
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        if let Err(error) = self.append(&line) {
            tracing::error!(%error, action = action.name(), "A refusal could not be written down.");
        }
    }

    fn append(&self, line: &Line<'_>) -> io::Result<()> {
        if fs::metadata(&self.file).is_ok_and(|file| file.len() > LARGEST) {
            fs::rename(&self.file, self.file.with_extension("jsonl.1"))?;
        }
        let mut file = disk::private::append(&self.file)?;
        writeln!(file, "{}", serde_json::to_string(line)?)
    }
}
