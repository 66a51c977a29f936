//! Attachments: files that go with a return (apis.md 1.4, step 5; 2.2, "Upload checks").
//!
//! Up to 57 of them, each at most 25 MB, of the kinds in [`attachable`](files::attachable), with names that differ. All of it is looked at when
//! a file is put on a card, and a file that fails is shown there with the reason; nothing is filed before it is gone.

pub(crate) mod store;

pub(crate) use store::{Kept, NotKept, Store};

use crate::{
    ids::AttachmentId,
    problem,
    view::{AttachmentView, ErrorCode, ErrorView},
};

/// The largest attachment: 25 MB as the app counts them, in bytes.
pub(crate) const LARGEST: u64 = 25 * 1024 * 1024;
/// The most attachments of one filing.
pub(crate) const MOST: usize = 57;
/// What the return itself is called in the instance; no attachment may be called so.
const RETURN_NAME: &str = "mvaMelding.xml";

/// A file on a card.
#[derive(Debug, Clone)]
pub(crate) struct CardAttachment {
    pub(crate) id: AttachmentId,
    /// As it will be called at Altinn.
    pub(crate) name: String,
    /// Bytes, as far as they are known.
    pub(crate) size: u64,
    pub(crate) content: Result<Kept, ErrorView>,
}

impl CardAttachment {
    /// A file for a card on which others lie already, as it was kept or not. `None` when the very same file lies there.
    pub(crate) fn of(
        store: &Store,
        id: AttachmentId,
        name: &str,
        size: u64,
        kept: Result<Kept, NotKept>,
        others: &[Self],
    ) -> Option<Self> {
        let name = safe(name);
        let content = kept.map_err(|why| refused(&why, &name)).and_then(|kept| {
            let namesake = others.iter().find(|other| other.content.is_ok() && same_name(&other.name, &name));
            if let Some(Self { content: Ok(other), .. }) = namesake
                && other.sha256 == kept.sha256
            {
                store.forget(&kept);
                return Ok(None);
            }
            let fits = fits(&name, &kept, namesake.is_some(), others.iter().filter(|it| it.content.is_ok()).count());
            if fits.is_err() {
                store.forget(&kept);
            }
            fits.map(|()| Some(kept))
        });
        let content = match content {
            Ok(None) => return None,
            Ok(Some(kept)) => Ok(kept),
            Err(view) => Err(view),
        };
        let size = content.as_ref().map_or(size, |kept: &Kept| kept.size);
        Some(Self { id, name, size, content })
    }

    /// What the window shows of it.
    pub(crate) fn view(&self) -> AttachmentView {
        AttachmentView {
            id: self.id.to_string(),
            name: self.name.clone(),
            size: u32::try_from(self.size).unwrap_or(u32::MAX),
            ending: self.content.as_ref().ok().map(|kept| kept.kind.ending().to_owned()),
            problem: self.content.as_ref().err().cloned(),
        }
    }
}

/// Whether two files would have the same name at Altinn, which does not tell great letters from small.
pub(crate) fn same_name(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

/// A file's name as the app keeps it: what it does not take becomes `_` here already, so that a file is found again
/// under the name it was sent under.
fn safe(name: &str) -> String {
    let kept: String =
        name.chars().map(|c| if shown::is_unseen(c) || "\\/:*?\"<>|;".contains(c) { '_' } else { c }).collect();
    kept.trim().to_owned()
}

fn fits(name: &str, kept: &Kept, named_before: bool, others: usize) -> Result<(), ErrorView> {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending).unwrap_or_default();
    if !kept.kind.fits(ending) {
        return Err(problem::says(ErrorCode::AttachmentMismatch, "The file's name and its content do not agree.")
            .with("file", name)
            .with("ending", ending)
            .with("found", kept.kind.ending()));
    }
    if named_before || same_name(name, RETURN_NAME) {
        return Err(problem::says(ErrorCode::AttachmentTwice, "Another file has that name.").with("file", name));
    }
    if others >= MOST {
        return Err(problem::says(ErrorCode::AttachmentTooMany, "There are 57 attachments already.").with("file", name));
    }
    Ok(())
}

/// What is shown of a file that is not kept.
pub(crate) fn refused(why: &NotKept, name: &str) -> ErrorView {
    let code = match why {
        NotKept::Empty => ErrorCode::AttachmentEmpty,
        NotKept::TooLarge(_) => ErrorCode::AttachmentTooLarge,
        NotKept::Other => ErrorCode::AttachmentType,
        NotKept::Return => ErrorCode::AttachmentIsReturn,
        NotKept::Unreadable(error) if error.kind() == std::io::ErrorKind::NotFound => ErrorCode::FileMissing,
        NotKept::Unreadable(_) => ErrorCode::FileUnreadable,
        NotKept::Unwritable(error) => problem::of_io(error),
    };
    let view = problem::of(code, why).with("file", name);
    match why {
        NotKept::TooLarge(size) => view.with("size", size.to_string()),
        _ => view,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn names_endings_and_numbers_are_looked_at() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::new(folder.path(), "one".into());
        let mut card: Vec<CardAttachment> = Vec::new();
        let mut put = |name: &str, bytes: &[u8]| {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, bytes).unwrap();
            let (id, name) =
                (AttachmentId::named(&card.len().to_string()), path.file_name().unwrap().to_str().unwrap().to_owned());
            let kept = store.keep(&path, &id);
            let new = CardAttachment::of(&store, id, &name, bytes.len() as u64, kept, &card)?;
            let code = new.content.as_ref().err().map(|view| view.code);
            card.push(new);
            Some(code)
        };
        assert_eq!(put("Bilag.pdf", b"%PDF-1"), Some(None));
        assert_eq!(put("Bilag.pdf", b"%PDF-1"), None, "the same file twice is one");
        assert_eq!(put("annet/bilag.PDF", b"%PDF-2"), Some(Some(ErrorCode::AttachmentTwice)));
        assert_eq!(put("mvamelding.xml", b"<a/>"), Some(Some(ErrorCode::AttachmentTwice)));
        assert_eq!(put("bilde.pdf", b"\x89PNG\r\n\x1a\n"), Some(Some(ErrorCode::AttachmentMismatch)));
        assert_eq!(put("uten ending", b"%PDF-3"), Some(Some(ErrorCode::AttachmentMismatch)));
        assert_eq!(put("notat.txt", b"Husk"), Some(Some(ErrorCode::AttachmentType)));
        for n in 1..MOST {
            assert_eq!(put(&format!("{n}.pdf"), b"%PDF-4"), Some(None), "{n}");
        }
        assert_eq!(put("en til.pdf", b"%PDF-5"), Some(Some(ErrorCode::AttachmentTooMany)));
        let kept = card.iter().filter(|attachment| attachment.content.is_ok()).count();
        assert_eq!(kept, MOST);
    }

    #[test]
    fn a_name_is_as_altinn_will_have_it() {
        assert_eq!(safe("Årsoppgjør; 1/2?.pdf"), "Årsoppgjør_ 1_2_.pdf");
    }
}
