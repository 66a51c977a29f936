//! What is shown of the archive: how it was verified, what was exported, and how a lost history was built anew.

use serde::{Deserialize, Serialize};
use shown::Shown;
use specta::Type;

use super::{FilingRow, FilingState, HistoryQuery, Moment};

/// What verifying the archive found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ArchiveReport {
    /// Folders of filings that were looked through.
    pub folders: u32,
    /// Files whose sums were compared.
    pub files: u32,
    /// What is not as it was when it was put away; empty when all is well.
    pub complaints: Vec<ArchiveComplaint>,
}

/// Something in the archive that is not as it was when it was put away.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ArchiveComplaint {
    /// The filing's folder, relative to the archive, `/` between folders.
    pub folder: String,
    /// The file in it; absent when it concerns the folder.
    pub file: Option<String>,
    /// What is wrong.
    pub what: ArchiveFault,
}

impl ArchiveComplaint {
    /// The names are to be shown, and anybody who can write to the archive may have given them.
    pub fn new(folder: &str, file: Option<&str>, what: ArchiveFault) -> Self {
        let name = |name: &str| Shown::text(name).into_string();
        Self { folder: name(folder), file: file.map(name), what }
    }
}

/// What can be wrong with a file or folder of the archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum ArchiveFault {
    /// Its content is another.
    Changed,
    /// It is not there.
    Missing,
    /// It is there, and nobody put it there.
    Surplus,
    /// It cannot be read.
    Unreadable,
    /// The folder's list of files is gone or cannot be read, so that nothing in it can be verified.
    NoManifest,
    /// The folder bears no seal of this keyring's, and the history does not know it: anybody who can write to the archive
    /// may have put it there.
    NotFromHere,
    /// The folder bears a seal, the history does not know it, and the keyring does not open: nobody can say where it comes
    /// from.
    SealUnread,
    /// The history came to know its folder after an earlier version had written it, and does not keep this file itself: nobody can
    /// say whether it was changed before.
    Unvouched,
    /// The history knows a filing whose folder is not there.
    FolderMissing,
    /// Half of a folder that was being written when the program was ended; the next try replaces it.
    Unfinished,
}

/// Which filings are taken along.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "kind")]
pub enum ExportSelection {
    /// These.
    Filings {
        /// Their keys.
        ids: Vec<String>,
    },
    /// Whatever a search finds; its page does not count.
    Found {
        /// The search.
        query: HistoryQuery,
    },
    /// Every filing that an answer has come for, rejected ones too.
    Answered,
}

/// As what filings are taken along.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum ExportFormat {
    /// Their folders in the archive.
    Zip,
    /// A list for a spreadsheet.
    Csv,
}

/// What was written for somebody to take along.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ExportView {
    /// Where it lies, as shown to the user.
    pub path: String,
    /// Filings in it.
    pub filings: u32,
    /// Filings that were asked for and have no folder in the archive (not delivered, or removed).
    pub without_folder: u32,
    /// Files of their folders that are not in it: links and pipes, which are not followed, and what the folder's list of
    /// files names and the folder does not hold.
    pub left_out: u32,
}

/// What became of a history that was lost; told until the user has taken notice.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct RecoveryView {
    /// When.
    pub at: Moment,
    /// Where the damaged database lies; absent when there was none at all.
    pub set_aside: Option<String>,
    /// Filings that could still be read from the damaged database.
    pub saved: u32,
    /// Filings that were built anew from the archive.
    pub from_archive: u32,
    /// Folders of the archive that could not be read, relative to it.
    pub unreadable: Vec<String>,
    /// Folders of the archive that were not written here, as far as can be told: they are taken in when their instances
    /// have been compared with Altinn's, or when a person says that they are hers.
    pub foreign: Vec<String>,
    /// Rows of the database that were damaged and set aside, as far as they can be told.
    pub rows: Vec<String>,
}

/// What came of looking once more at filings of before the verdict was read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ReviewView {
    /// When.
    pub at: Moment,
    /// How many filings were looked at.
    pub looked: u32,
    /// Those that stand otherwise than had been said.
    pub filings: Vec<ReviewedFiling>,
}

/// A filing that stands otherwise than had been said.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ReviewedFiling {
    /// How it stood.
    pub before: FilingState,
    /// How it stands.
    pub now: FilingRow,
}
