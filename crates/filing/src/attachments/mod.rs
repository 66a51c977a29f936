//! Attachments: files that go with a return (apis.md 1.4, step 5; 2.2, "Upload checks").
//!
//! Up to `MOST_ATTACHMENTS` of them, each at most 25 MB, of the kinds in [`attachable`](files::attachable), with names that differ. All of it is looked at when
//! a file is put on a card, and a file that fails is shown there with the reason; nothing is filed before it is gone.

pub(crate) mod store;

pub use store::{Store, StoreFileError, StoredFile};
use view::{
    AttachmentView, ErrorCode,
    ids::AttachmentId,
    problem::{self, Problem},
};

/// The largest attachment: 25 MB as the app counts them, in bytes.
pub(crate) const LARGEST: u64 = 25 * 1024 * 1024;
/// The most attachments of one filing.
pub const MOST_ATTACHMENTS: usize = 57;
/// What the return itself is called in the instance; no attachment may be called so.
const RETURN_NAME: &str = "mvaMelding.xml";

/// A file on a card.
#[derive(Debug, Clone)]
pub struct CardAttachment {
    /// Its key.
    pub id: AttachmentId,
    /// As it will be called at Altinn.
    pub name: String,
    /// Bytes, as far as they are known.
    pub size: u64,
    /// What it holds, or why it cannot be taken.
    pub content: Result<StoredFile, Problem>,
}

impl CardAttachment {
    /// A file for a card on which others lie already, as it was kept or not. `None` when the very same file lies there.
    pub fn of(
        store: &Store,
        id: AttachmentId,
        name: &str,
        size: u64,
        kept: Result<StoredFile, StoreFileError>,
        others: &[Self],
    ) -> Option<Self> {
        let name = safe(name);
        let content = kept.map_err(|why| refused(&why, &name)).and_then(|kept| {
            let namesake = others.iter().find(|other| other.content.is_ok() && same_name(&other.name, &name));
            if let Some(Self { content: Ok(other), .. }) = namesake
                && other.sha256 == kept.sha256
            {
                store.discard(&kept);
                return Ok(None);
            }
            let fits = fits(&name, &kept, namesake.is_some(), others.iter().filter(|it| it.content.is_ok()).count());
            if fits.is_err() {
                store.discard(&kept);
            }
            fits.map(|()| Some(kept)).map_err(|misfit| misfit.of(&name))
        });
        let content = match content {
            Ok(None) => return None,
            Ok(Some(kept)) => Ok(kept),
            Err(view) => Err(view),
        };
        let size = content.as_ref().map_or(size, |kept: &StoredFile| kept.size);
        Some(Self { id, name, size, content })
    }

    /// What the window shows of it.
    pub fn view(&self) -> AttachmentView {
        AttachmentView {
            id: self.id.to_string(),
            name: self.name.clone(),
            size: u32::try_from(self.size).unwrap_or(u32::MAX),
            ending: self.content.as_ref().ok().map(|kept| kept.kind.ending().to_owned()),
            problem: self.content.as_ref().err().cloned().map(Into::into),
        }
    }
}

/// Whether two files would have the same name at Altinn, which does not tell great letters from small.
pub fn same_name(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

/// A file's name as the app keeps it: what it does not take becomes `_` here already, so that a file is found again
/// under the name it was sent under.
fn safe(name: &str) -> String {
    let kept: String =
        name.chars().map(|c| if shown::is_unseen(c) || "\\/:*?\"<>|;".contains(c) { '_' } else { c }).collect();
    kept.trim().to_owned()
}

/// Why a file that could be kept does not go with a return.
#[derive(Debug, thiserror::Error)]
enum Misfit {
    /// An ending says one thing, the content another.
    #[error("The file's name and its content do not agree.")]
    Ending { ending: String, found: &'static str },
    /// The authority tells attachments apart by their names.
    #[error("Another file has that name.")]
    Twice,
    /// As many as there may be.
    #[error("There are {} attachments already.", MOST_ATTACHMENTS)]
    TooMany,
}

impl Misfit {
    fn of(self, name: &str) -> Problem {
        let message = self.to_string();
        match self {
            Self::Ending { ending, found } => {
                problem::says(ErrorCode::AttachmentMismatch, message).with("ending", ending).with("found", found)
            }
            Self::Twice => problem::says(ErrorCode::AttachmentTwice, message),
            Self::TooMany => {
                problem::says(ErrorCode::AttachmentTooMany, message).with("limit", MOST_ATTACHMENTS.to_string())
            }
        }
        .with("file", name)
    }
}

fn fits(name: &str, kept: &StoredFile, named_before: bool, others: usize) -> Result<(), Misfit> {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending).unwrap_or_default();
    if !kept.kind.fits(ending) {
        return Err(Misfit::Ending { ending: ending.to_owned(), found: kept.kind.ending() });
    }
    if named_before || same_name(name, RETURN_NAME) {
        return Err(Misfit::Twice);
    }
    if others >= MOST_ATTACHMENTS {
        return Err(Misfit::TooMany);
    }
    Ok(())
}

/// What is shown of a file that is not kept.
pub fn refused(why: &StoreFileError, name: &str) -> Problem {
    let code = match why {
        StoreFileError::Empty => ErrorCode::AttachmentEmpty,
        StoreFileError::TooLarge(_) => ErrorCode::AttachmentTooLarge,
        StoreFileError::Other => ErrorCode::AttachmentType,
        StoreFileError::Return => ErrorCode::AttachmentIsReturn,
        StoreFileError::Unreadable(error) if error.kind() == std::io::ErrorKind::NotFound => ErrorCode::FileMissing,
        StoreFileError::Unreadable(_) => ErrorCode::FileUnreadable,
        StoreFileError::Unwritable(error) => problem::of_io(error),
    };
    let view = problem::of(code, why).with("file", name);
    match why {
        StoreFileError::TooLarge(size) => view.with("size", size.to_string()),
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
            let kept = store.store(&path, &id);
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
        for n in 1..MOST_ATTACHMENTS {
            assert_eq!(put(&format!("{n}.pdf"), b"%PDF-4"), Some(None), "{n}");
        }
        assert_eq!(put("en til.pdf", b"%PDF-5"), Some(Some(ErrorCode::AttachmentTooMany)));
        let kept = card.iter().filter(|attachment| attachment.content.is_ok()).count();
        assert_eq!(kept, MOST_ATTACHMENTS);
    }

    #[test]
    fn as_many_as_the_source_says() {
        let source = include_str!("../../../../docs/facts/apis.md");
        assert!(source.contains(&format!("0..{MOST_ATTACHMENTS} × `POST {{instansUrl}}/data?datatype=binaerVedlegg`")));
    }

    #[test]
    fn a_name_is_as_altinn_will_have_it() {
        assert_eq!(safe("Årsoppgjør; 1/2?.pdf"), "Årsoppgjør_ 1_2_.pdf");
    }
}
