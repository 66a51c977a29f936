//! Opens the office and passes on what it tells.

use crate::{
    background::KeepRunning,
    browser::SystemBrowser,
    environment, news, notifications,
    open_office::{InUse, OpenOffice},
    places::Places,
    tray,
};
use office::{Office, Setup};
use std::{env, sync::Arc, time::Duration};
use tauri::{AppHandle, Manager};
use tokio::sync::broadcast::{self, error::RecvError};
use view::{ErrorView, OfficeEvent, Problem};

/// How long the window waits for the keyring: one that answers at all does so in a blink, one that is locked asks a person,
/// who may look at the window meanwhile.
const KEYRING_PATIENCE: Duration = Duration::from_secs(2);

/// Opens the office and hands it to the commands that wait.
pub(crate) async fn open_office(app: AppHandle, places: Places) {
    let office = open(&app, &places).await;
    if let Ok(office) = &office {
        match office.reminders().keeps_running() {
            Ok(keeps) => app.state::<KeepRunning>().set(keeps),
            Err(error) => tracing::warn!(?error, "The settings of the reminders could not be read."),
        }
        tauri::async_runtime::spawn(pass_on(app.clone(), office.clone(), office.events()));
        // Who listens does so before anything is announced: each reminder is announced once.
        tauri::async_runtime::spawn(notifications::show(
            app.clone(),
            office.clone(),
            office.reminders().announcements(),
        ));
        office.run_reminders();
    }
    app.state::<OpenOffice>().opened(office);
}

async fn open(app: &AppHandle, places: &Places) -> Result<Arc<Office>, ErrorView> {
    let environment = environment::chosen(app, places).await?;
    app.state::<InUse>().set(environment.clone());
    let mut setup = Setup::new(&places.data, &places.archive, environment, Arc::new(SystemBrowser(app.clone())))
        .map_err(Problem::from)?;
    setup.earlier_archives.clone_from(&places.earlier_archives);
    setup.keyring_patience = Some(KEYRING_PATIENCE);
    let wished = env::var("MOMSBUD_CONCURRENCY").ok().and_then(|number| number.parse().ok());
    if let Some(at_once) = wished.filter(|number| (1..=16).contains(number)) {
        setup.at_once = at_once;
    }
    Ok(Office::open(setup).await.map_err(Problem::from)?)
}

/// Hands the office's events to the window.
async fn pass_on(app: AppHandle, office: Arc<Office>, mut events: broadcast::Receiver<OfficeEvent>) {
    loop {
        let event = tokio::select! {
            event = events.recv() => event,
            () = office.until_closed() => break,
        };
        let Some(event) = told(event) else { break };
        if let OfficeEvent::Reminders { .. } | OfficeEvent::Work { .. } | OfficeEvent::Missed = &event {
            tray::update(&app, &office);
        }
        // What the work account may not see is not told.
        if let Some(event) = office.visible_event(event) {
            news::publish(&app, event);
        }
    }
}

/// What the window is told of what came; nothing when nothing comes any more. A lock may be among events that were lost: only
/// the window knows everything that it shows, and asks anew.
fn told(received: Result<OfficeEvent, RecvError>) -> Option<OfficeEvent> {
    match received {
        Ok(event) => Some(event),
        Err(RecvError::Lagged(missed)) => {
            tracing::warn!(missed, "The window missed events and asks for everything anew.");
            Some(OfficeEvent::Missed)
        }
        Err(RecvError::Closed) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn events_that_were_lost_are_told_to_be_lost() {
        let (office, mut window) = broadcast::channel(1);
        // A lock would be the first of them.
        for _ in 0..3 {
            let _ = office.send(OfficeEvent::DropHover { at: None });
        }
        assert!(matches!(told(window.recv().await), Some(OfficeEvent::Missed)));
        assert!(matches!(told(window.recv().await), Some(OfficeEvent::DropHover { .. })), "and it goes on");
        drop(office);
        assert!(told(window.recv().await).is_none());
    }
}
