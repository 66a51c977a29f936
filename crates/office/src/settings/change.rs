//! Changing the ground an office stands on: environment, addresses, archive folder.
//!
//! The office is shut, the change is made, and an office is opened again, in the same process: windows, commands and practice
//! authorities live on. If no office opens afterwards, the change is taken back and the old one opens.

use std::{fs, future::Future, io, path::Path, sync::Arc};

use access::environment::OVERRIDES_FILE;
use view::{
    ErrorCode,
    problem::{self, Problem},
};

use super::SETTINGS_FILE;
use crate::Office;

/// Where whoever needs the office finds it.
pub trait Door {
    /// What whoever opens the door says where none opens.
    type Refused: From<Problem>;

    /// The office that is open, if one is; waits while one is being opened.
    fn office(&self) -> impl Future<Output = Option<Arc<Office>>>;

    /// From now on whoever needs the office waits.
    fn shut(&self);

    /// Opens an office on what the data folder says now, and lets those in who wait: with the reason if none opens.
    ///
    /// # Errors
    /// Why none opens.
    fn open(&self) -> impl Future<Output = Result<(), Self::Refused>>;
}

/// Shuts the office, makes a change in the data folder, and opens an office again. Ask for one change at a time. What `make`
/// changes beside the files of settings, `take_back` changes back.
///
/// # Errors
/// `FilingUnderWay` while a filing is being delivered; why the change could not be made; why no office opened with it. In every
/// case the files of settings are as they were, and an office is open if one was.
pub async fn change<D: Door>(
    data: &Path,
    door: &D,
    make: impl FnOnce() -> Result<(), D::Refused>,
    take_back: impl FnOnce(),
) -> Result<(), D::Refused> {
    let office = door.office().await;
    if let Some(office) = &office
        && office.under_way()? > 0
    {
        return Err(problem::says(ErrorCode::FilingUnderWay, "A filing is being delivered.").into());
    }
    let before = Before::of(data)?;
    door.shut();
    if let Some(office) = office {
        office.session().cancel();
        office.close().await;
    }
    if let Err(refused) = make() {
        before.put_back();
        take_back();
        // It was open a moment ago; if it does not open now, everybody who waits is told why.
        let _ = door.open().await;
        return Err(refused);
    }
    let Err(refused) = door.open().await else { return Ok(()) };
    before.put_back();
    take_back();
    door.shut();
    let _ = door.open().await;
    Err(refused)
}

/// The files of settings as they were.
struct Before(Vec<(std::path::PathBuf, Option<Vec<u8>>)>);

impl Before {
    fn of(data: &Path) -> Result<Self, Problem> {
        let read = |name: &str| {
            let file = data.join(name);
            match files::open::read(&file, files::open::SMALL).map_err(io::Error::from) {
                Ok(content) => Ok((file, Some(content))),
                Err(error) if error.kind() == io::ErrorKind::NotFound => Ok((file, None)),
                // What cannot be read could not be put back.
                Err(error) => Err(problem::of(problem::of_io(&error), &error)),
            }
        };
        [SETTINGS_FILE, OVERRIDES_FILE].into_iter().map(read).collect::<Result<_, _>>().map(Self)
    }

    fn put_back(&self) {
        for (file, content) in &self.0 {
            let back = match content {
                Some(content) => disk::write(file, content),
                None => fs::remove_file(file).or_else(|error| match error.kind() {
                    io::ErrorKind::NotFound => Ok(()),
                    _ => Err(error),
                }),
            };
            if let Err(error) = back {
                tracing::error!(%error, file = %file.display(), "A change could not be taken back.");
            }
        }
    }
}
