//! A person's own file that is kept in a filing's folder, as the SAF-T file that a return was made of.

use std::{
    fs::File,
    io::{self, Read},
    path::Path,
};

use disk::Folder;

use super::{copy, manifest::ManifestFile};

/// Copies a person's own file into a folder, wherever a link of hers leads; nothing where it cannot be read any more or is not
/// what it was. That must keep no receipt away.
pub(super) fn keep(folder: &Folder, name: &str, from: &Path, sha256: &str) -> io::Result<Option<(File, ManifestFile)>> {
    let file = match files::open::open(from) {
        Ok((file, _)) => file,
        Err(error) => {
            tracing::warn!(%error, "A file that was to be kept with a filing cannot be read.");
            return Ok(None);
        }
    };
    let mut source = Noted { file, refused: None };
    let mut kept = folder.create_new(name)?;
    let copied = copy(&mut source, &mut kept);
    let why = match (source.refused, copied) {
        (Some(kind), _) => format!("it cannot be read: {kind}"),
        (None, Ok(written)) if written.sha256 == sha256 => return Ok(Some((kept, written))),
        (None, Ok(_)) => "it has changed since".to_owned(),
        (None, Err(error)) => return Err(error),
    };
    tracing::warn!(why, "A file that was to be kept with a filing is not.");
    drop(kept);
    folder.remove(name)?;
    Ok(None)
}

/// A file that is read; why it could not be is noted.
struct Noted {
    file: File,
    refused: Option<io::ErrorKind>,
}

impl Read for Noted {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(into);
        // Interrupted is tried again, and the next answer counts.
        self.refused = read.as_ref().err().map(io::Error::kind);
        read
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::{fs, path::PathBuf};

    use crate::archive::{
        Archive, Document,
        manifest::Manifest,
        tests::{filing, plain},
    };
    use store::digest::sha256;

    /// Two files of one name out of two folders, a name that is a path elsewhere, one that was chosen through a link, one that
    /// has changed, one that is gone, and a pipe: none keeps the receipt away.
    #[cfg(unix)]
    #[test]
    fn what_cannot_be_kept_keeps_no_receipt_away_and_is_told() {
        let root = tempfile::tempdir().unwrap();
        let archive = Archive::new(root.path().join("Momsbud"));
        let at = |name: &str, text: &str| {
            let path = root.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, text).unwrap();
            path
        };
        std::os::unix::fs::symlink(at("hers/real.xml", "linked"), root.path().join("link.xml")).unwrap();
        let pipe = root.path().join("pipe.xml");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let files: [(&str, PathBuf, &str); 8] = [
            ("regnskap.xml", at("one/regnskap.xml", "1"), "1"),
            ("Regnskap.xml", at("two/regnskap.xml", "2"), "2"),
            ("a\\b.xml", at("a\\b.xml", "3"), "3"),
            ("../../x.xml", at("x.xml", "4"), "4"),
            ("link.xml", root.path().join("link.xml"), "linked"),
            ("changed.xml", at("changed.xml", "another"), "was"),
            ("gone.xml", root.path().join("gone.xml"), "gone"),
            ("pipe.xml", pipe, ""),
        ];
        let mut documents = vec![Document::new("kvittering.pdf", "receipt")];
        for (name, path, was) in files {
            documents.push(Document::kept("saf-t", name, path, sha256(was.as_bytes()), &documents));
        }
        let own = filing("one");
        let folder = archive.choose(&own).unwrap();
        let stored = archive.put(&own, &folder, &documents, &plain()).unwrap();
        let path = archive.path(&stored.folder).unwrap();
        let kept: Vec<_> =
            stored.files.iter().map(|it| it.name.as_str()).filter(|it| it.starts_with("saf-t/")).collect();
        let wanted =
            ["saf-t/regnskap.xml", "saf-t/Regnskap (2).xml", "saf-t/a_b.xml", "saf-t/_.._.._x.xml", "saf-t/link.xml"];
        assert_eq!(kept, wanted);
        for (name, text) in wanted.iter().zip(["1", "2", "3", "4", "linked"]) {
            assert_eq!(fs::read_to_string(path.join(name)).unwrap(), text);
        }
        assert!(path.join("kvittering.pdf").exists());
        let account = fs::read_to_string(path.join("tidslinje.txt")).unwrap();
        for name in ["changed.xml", "gone.xml", "pipe.xml"] {
            assert!(account.contains(&format!("saf-t/{name}")), "{account}");
        }
        let listed = Manifest::read(&path).unwrap().files;
        assert!(!listed.keys().any(|name| name.contains("changed") || name.contains("gone")), "{listed:?}");
        let lying = fs::read_dir(path.join("saf-t")).unwrap().count();
        assert_eq!(lying, 5, "nothing half is left");
        assert_eq!(crate::archive::verify::verify(archive.root()).unwrap().complaints, []);
    }
}
