//! The office as commands find it: open, about to open, or shut while its ground is changed.

use crate::fault::fault;
use access::Environment;
use std::{
    io,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::sync::watch;
use view::{ErrorCode, ErrorView};

/// The office, once it is open; every clone is the same one.
#[derive(Clone, Default)]
pub(crate) struct OpenOffice(watch::Sender<Option<Result<Arc<office::Office>, ErrorView>>>);

impl OpenOffice {
    /// Waits until the office is open.
    ///
    /// # Errors
    /// Why it could not be opened; every command then says the same.
    pub(crate) async fn get(&self) -> Result<Arc<office::Office>, ErrorView> {
        let mut opened = self.0.subscribe();
        match opened.wait_for(Option::is_some).await.map(|office| office.clone()) {
            Ok(Some(office)) => office,
            Ok(None) | Err(_) => Err(fault(
                ErrorCode::Internal,
                "The office did not open.",
                &io::Error::from(io::ErrorKind::Interrupted),
            )),
        }
    }

    /// The office, if it is open at this moment.
    pub(crate) fn now(&self) -> Option<Arc<office::Office>> {
        self.0.borrow().as_ref().and_then(|office| office.clone().ok())
    }

    /// The office is open, or this is why it is not: commands that wait go on.
    pub(crate) fn opened(&self, office: Result<Arc<office::Office>, ErrorView>) {
        self.0.send_replace(Some(office));
    }

    /// From now on commands wait until there is an office again; gives back the one there was.
    pub(crate) fn shut(&self) -> Option<Result<Arc<office::Office>, ErrorView>> {
        self.0.send_replace(None)
    }
}

/// The environment that the office was opened with last.
#[derive(Default)]
pub(crate) struct InUse(Mutex<Option<Environment>>);

impl InUse {
    /// From now on this one.
    pub(crate) fn set(&self, environment: Environment) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(environment);
    }

    /// Which; none until one has been chosen.
    pub(crate) fn get(&self) -> Option<Environment> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// One change of the office's ground at a time, and the folder that was chosen for the archive: the window names no
/// paths, it only says yes to the one that the system's dialog gave.
#[derive(Default)]
pub(crate) struct Changing {
    pub(crate) turn: tokio::sync::Mutex<()>,
    pub(crate) folder: Mutex<Option<PathBuf>>,
}
