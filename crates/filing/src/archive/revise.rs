//! What a folder tells of a filing that is known better now: its state, the verdict, what happened. Its documents stay as they
//! are.

use std::{io, path::Path};

use disk::Folder;
use jiff::Timestamp;
use store::digest::sha256;
use vat_return::Language;
use view::{ArchivedFile, TimelineEvent};

use super::{
    TIMELINE, account,
    manifest::{MANIFEST, Manifest, ManifestFile},
    seal::StoredManifest,
    verify,
};
use crate::filings::Filing;

/// Lets a folder tell what a second look at its own documents has found: manifest and account for people, each whole or as it
/// was. Says what is to be remembered of it, and the sizes of both; nothing for a folder that does not hold what its manifest
/// says, or was written by a newer version: that one stays as it is.
///
/// The old seal does not hold for the new manifest: the folder is sealed anew with the others that bear none.
///
/// The folder lies below a root, and its manifest is the one that has been found to be ours: another that is in its place by
/// now is neither read nor written.
///
/// # Errors
/// The disk; a link on the way to it is no folder. Cut off in between, it is done anew by the same call.
pub fn revise(
    root: &Path,
    folder: &str,
    manifest: &[u8],
    filing: &Filing,
    events: &[(Timestamp, TimelineEvent)],
    language: Language,
) -> io::Result<Option<(StoredManifest, Vec<ArchivedFile>)>> {
    let mut manifest = Manifest::parse(manifest)?;
    if manifest.filing != filing.id || manifest.is_newer() || !verify::is_complete(root, folder, &manifest, TIMELINE) {
        return Ok(None);
    }
    let open = Folder::open(root)?.below(folder)?;
    let account = account::of(filing, events, &[], language).into_bytes();
    open.write(TIMELINE, &account)?;
    let written = ManifestFile { size: account.len() as u64, sha256: sha256(&account) };
    manifest.files.insert(TIMELINE.to_owned(), written);
    manifest.update(filing, events);
    let json = serde_json::to_vec_pretty(&manifest)?;
    open.write(MANIFEST, &json)?;
    let file = |name: &str, bytes: &[u8]| ArchivedFile {
        name: name.to_owned(),
        size: u32::try_from(bytes.len()).unwrap_or(u32::MAX),
    };
    let files = vec![file(TIMELINE, &account), file(MANIFEST, &json)];
    Ok(Some((StoredManifest { sha256: sha256(&json), sealed_by: None }, files)))
}
