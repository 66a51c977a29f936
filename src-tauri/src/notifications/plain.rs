//! Windows and macOS, through Tauri's plugin: shown, but neither replaced nor withdrawn.

use office::Office;
use reminders::Announcement;
use shown::Shown;
use std::sync::Arc;
use tauri::AppHandle;
use tauri_plugin_notification::NotificationExt;
use tokio::sync::broadcast::{Receiver, error::RecvError};

pub(super) async fn say(app: AppHandle, title: &'static str, text: String) {
    if let Err(error) = app.notification().builder().title(title).body(text).show() {
        tracing::warn!(%error, "The notification could not be shown.");
    }
}

pub(super) async fn show(app: AppHandle, office: Arc<Office>, mut announcements: Receiver<Announcement>) {
    // The office lives as long as it is shown for.
    let _office = office;
    loop {
        match announcements.recv().await {
            // What only changes its words would be a second notification here.
            Ok(Announcement::Show { notice, quietly: false }) => {
                let shown = app
                    .notification()
                    .builder()
                    .title(Shown::line(&notice.title))
                    .body(Shown::text(&notice.text))
                    .show();
                if let Err(error) = shown {
                    tracing::warn!(%error, "The notification could not be shown.");
                }
            }
            Ok(_) => {}
            Err(RecvError::Lagged(missed)) => tracing::warn!(missed, "Notifications were missed."),
            Err(RecvError::Closed) => return,
        }
    }
}
