//! The desktop notifications specification 1.2 over D-Bus.

use super::{escaped, is_urgent};
use crate::window;
use futures_util::StreamExt as _;
use office::Office;
use reminders::{Announcement, snooze_label};
use shown::Shown;
use std::{collections::HashMap, sync::Arc};
use tauri::AppHandle;
use tokio::sync::broadcast::{Receiver, error::RecvError};
use view::{NoticeView, Snooze};
use zbus::{Connection, proxy, zvariant::Value};

/// The name that services show and sort by.
const NAME: &str = "Momsbud";
/// The desktop entry, by which services find the icon and the settings.
const DESKTOP_ENTRY: &str = "Momsbud";
/// A click on the notification itself.
const DEFAULT: &str = "default";
const OPEN: &str = "open";
const SNOOZE: &str = "snooze";
/// Urgency of the specification: low is not shown anew, critical stays until it is seen.
const LOW: u8 = 0;
const NORMAL: u8 = 1;
const CRITICAL: u8 = 2;
/// The service decides how long.
const AS_USUAL: i32 = -1;

#[proxy(
    interface = "org.freedesktop.Notifications",
    default_service = "org.freedesktop.Notifications",
    default_path = "/org/freedesktop/Notifications",
    gen_blocking = false
)]
trait Service {
    #[allow(clippy::too_many_arguments, reason = "as the specification has it")]
    fn notify(
        &self,
        app_name: &str,
        replaces_id: u32,
        app_icon: &str,
        summary: &str,
        body: &str,
        actions: &[&str],
        hints: HashMap<&str, Value<'_>>,
        expire_timeout: i32,
    ) -> zbus::Result<u32>;

    fn close_notification(&self, id: u32) -> zbus::Result<()>;

    fn get_capabilities(&self) -> zbus::Result<Vec<String>>;

    #[zbus(signal)]
    fn action_invoked(&self, id: u32, action_key: String) -> zbus::Result<()>;

    #[zbus(signal)]
    fn notification_closed(&self, id: u32, reason: u32) -> zbus::Result<()>;
}

pub(super) async fn say(_: AppHandle, title: &'static str, text: String) {
    let said = async {
        let service = ServiceProxy::new(&Connection::session().await?).await?;
        let markup = service.get_capabilities().await?.iter().any(|capability| capability == "body-markup");
        let body = if markup { escaped(&text) } else { text };
        let hints = HashMap::from([("urgency", Value::from(NORMAL)), ("desktop-entry", Value::from(DESKTOP_ENTRY))]);
        service.notify(NAME, 0, "momsbud", title, &body, &[], hints, AS_USUAL).await
    };
    let said: zbus::Result<u32> = said.await;
    if let Err(error) = said {
        tracing::warn!(%error, "The notification could not be shown.");
    }
}

pub(super) async fn show(app: AppHandle, office: Arc<Office>, mut announcements: Receiver<Announcement>) {
    loop {
        match serve(&app, &office, &mut announcements).await {
            Ok(()) => return,
            // No session bus, or it went away. Whatever is announced meanwhile the bell tells.
            Err(error) => tracing::warn!(%error, "The system's notifications do not work."),
        }
        // Tried again with the next announcement and not before: nothing runs in vain.
        match announcements.recv().await {
            Ok(_) | Err(RecvError::Lagged(_)) => {}
            Err(RecvError::Closed) => return,
        }
    }
}

/// What is on display, by the service's number.
#[derive(Default)]
struct Displayed(HashMap<u32, NoticeView>);

impl Displayed {
    fn id(&self, key: &str) -> Option<u32> {
        self.0.iter().find(|(_, notice)| notice.key == key).map(|(id, _)| *id)
    }
}

/// Until the office closes.
async fn serve(app: &AppHandle, office: &Arc<Office>, announcements: &mut Receiver<Announcement>) -> zbus::Result<()> {
    let connection = Connection::session().await?;
    let service = ServiceProxy::new(&connection).await?;
    let mut clicked = service.receive_action_invoked().await?;
    let mut closed = service.receive_notification_closed().await?;
    let mut displayed = Displayed::default();
    loop {
        tokio::select! {
            announced = announcements.recv() => match announced {
                Ok(announcement) => {
                    // A service that is not there now may be there for the next one.
                    if let Err(error) = tell(&service, office, &mut displayed, announcement).await {
                        tracing::warn!(%error, "The notification could not be shown.");
                    }
                }
                Err(RecvError::Lagged(missed)) => tracing::warn!(missed, "Notifications were missed."),
                Err(RecvError::Closed) => return Ok(()),
            },
            Some(click) = clicked.next() => {
                let Ok(click) = click.args() else { continue };
                if let Some(notice) = displayed.0.get(&click.id) {
                    act(app, office, notice, &click.action_key);
                }
            }
            Some(gone) = closed.next() => {
                if let Ok(gone) = gone.args() {
                    displayed.0.remove(&gone.id);
                }
            }
            else => return Ok(()),
        }
    }
}

async fn tell(
    service: &ServiceProxy<'_>,
    office: &Office,
    displayed: &mut Displayed,
    announcement: Announcement,
) -> zbus::Result<()> {
    match announcement {
        Announcement::Withdraw { key } => {
            if let Some(id) = displayed.id(&key) {
                displayed.0.remove(&id);
                service.close_notification(id).await?;
            }
        }
        Announcement::Show { notice, quietly } => {
            let before = displayed.id(&notice.key);
            if quietly && before.is_none() {
                // The person has closed it: new words are no reason to bring it back.
                return Ok(());
            }
            let capabilities = service.get_capabilities().await?;
            let can = |what: &str| capabilities.iter().any(|capability| capability == what);
            let (title, text) = (Shown::line(&notice.title), Shown::text(&notice.text));
            let body = if can("body-markup") { escaped(&text) } else { text.into() };
            let snooze = snooze_label(snooze_of(&notice), office.language());
            let actions: &[&str] =
                if can("actions") { &[DEFAULT, &notice.action, OPEN, &notice.action, SNOOZE, &snooze] } else { &[] };
            let urgency = match (quietly, is_urgent(&notice)) {
                (true, _) => LOW,
                (false, true) => CRITICAL,
                (false, false) => NORMAL,
            };
            let hints = HashMap::from([
                ("urgency", Value::from(urgency)),
                ("desktop-entry", Value::from(DESKTOP_ENTRY)),
                ("suppress-sound", Value::from(quietly)),
            ]);
            let id =
                service.notify(NAME, before.unwrap_or(0), "momsbud", &title, &body, actions, hints, AS_USUAL).await?;
            if let Some(before) = before {
                displayed.0.remove(&before);
            }
            displayed.0.insert(id, notice);
        }
    }
    Ok(())
}

/// Later the same day for what is urgent, else tomorrow.
fn snooze_of(notice: &NoticeView) -> Snooze {
    if notice.late { Snooze::Hour } else { Snooze::Tomorrow }
}

fn act(app: &AppHandle, office: &Office, notice: &NoticeView, action: &str) {
    match action {
        SNOOZE => {
            if let Err(error) = office.reminders().snooze(&notice.key, snooze_of(notice)) {
                tracing::warn!(?error, "The notice could not be put off.");
            }
        }
        _ => window::go(app, notice.target.clone()),
    }
}
