//! What other desks do, heard within a second: a connection of its own that listens. Once a minute it is asked whether anybody is
//! there; what could not be heard for a while is to be looked at.

use std::time::Duration;

use tokio::{
    sync::mpsc,
    time::{Instant, timeout},
};
use tokio_util::sync::CancellationToken;

use crate::{error::RegisterError, register::Register};

/// How often the connection is tried when nothing is heard. While the server answers, nothing is missed: that costs one empty
/// question, and nothing is looked at.
const LOOK: Duration = Duration::from_secs(60);
/// How long after a lost connection the next is tried; doubled up to [`LOOK`].
const AGAIN: Duration = Duration::from_millis(250);
/// How many changes may lie unread. One more is no loss: who reads then looks at everything.
const UNREAD: usize = 256;

/// What may have changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// A table of this name.
    Table(String),
    /// Anything: for a while nothing could be heard.
    Anything,
    /// The register cannot be reached, and why.
    Away(String),
}

/// Changes as they come. Dropped, it listens no more.
#[derive(Debug)]
pub struct Changes {
    changes: mpsc::Receiver<Change>,
    _ends: tokio_util::sync::DropGuard,
}

impl Changes {
    /// The next.
    pub async fn next(&mut self) -> Option<Change> {
        self.changes.recv().await
    }
}

impl Register {
    /// Listens from now on. The first change is [`Change::Anything`], as soon as the register is reached.
    ///
    /// # Errors
    /// [`RegisterError::Roots`].
    pub fn changes(&self) -> Result<Changes, RegisterError> {
        let connector = self.connector()?;
        let (tell, changes) = mpsc::channel(UNREAD);
        let ends = CancellationToken::new();
        let ended = ends.clone();
        tokio::spawn(async move {
            let mut again = AGAIN;
            let listen = async {
                loop {
                    let (notified, mut heard) = mpsc::channel::<String>(UNREAD);
                    let reason = match connector.connect(Some(notified)).await {
                        Ok(connected) => match connected.client.batch_execute("LISTEN momsbud_register").await {
                            Ok(()) => {
                                again = AGAIN;
                                follow(&connected.client, &mut heard, &tell).await
                            }
                            Err(error) => RegisterError::of(&error).to_string(),
                        },
                        Err(error) => error.to_string(),
                    };
                    tracing::info!(%reason, "The register cannot be heard.");
                    if tell.send(Change::Away(reason)).await.is_err() {
                        return;
                    }
                    tokio::time::sleep(again).await;
                    again = (again * 2).min(LOOK);
                }
            };
            tokio::select! {
                () = ended.cancelled() => {}
                () = listen => {}
            }
        });
        Ok(Changes { changes, _ends: ends.drop_guard() })
    }
}

/// Until the connection ends; then why.
async fn follow(
    client: &tokio_postgres::Client,
    heard: &mut mpsc::Receiver<String>,
    tell: &mpsc::Sender<Change>,
) -> String {
    let mut looked = Instant::now();
    let mut change = Some(Change::Anything);
    loop {
        // Who does not read has something to look at already.
        if let Some(change) = change.take()
            && matches!(tell.try_send(change), Err(mpsc::error::TrySendError::Closed(_)))
        {
            return "nobody reads".to_owned();
        }
        match timeout(LOOK.saturating_sub(looked.elapsed()), heard.recv()).await {
            Ok(Some(table)) => change = Some(Change::Table(table)),
            Ok(None) => return "the connection has ended".to_owned(),
            Err(_) => {
                looked = Instant::now();
                // A connection that only listens does not notice that nobody is there.
                match timeout(Duration::from_secs(10), client.batch_execute("")).await {
                    Ok(Ok(())) => {}
                    Ok(Err(error)) => return RegisterError::of(&error).to_string(),
                    Err(_) => return "no answer".to_owned(),
                }
            }
        }
    }
}
