//! The keyring when the office opens: a locked one asks the person for her password, and she may be elsewhere.

use super::OfficeError;
use access::{session::Session, work::Work};
use id_porten::{Random, RandomError};
use std::time::Duration;
use store::{keyring::KeyringError, vault::Vault};
use tokio::task::JoinHandle;

/// The keyring's answer, still to come.
pub(super) type KeyringRequest = JoinHandle<Result<Vault, RandomError>>;

/// The vault, as far as the keyring answers in time; else one that keeps nothing yet, and what is still awaited.
///
/// # Errors
/// No random bytes, or the runtime ends.
pub(super) async fn ask(
    work: &Work,
    random: &dyn Random,
    patience: Option<Duration>,
) -> Result<(Vault, Option<KeyringRequest>), OfficeError> {
    let work = work.clone();
    let mut asked = tokio::task::spawn_blocking(move || work.vault());
    let answered = match patience {
        None => (&mut asked).await,
        Some(patience) => match tokio::time::timeout(patience, &mut asked).await {
            Ok(answered) => answered,
            Err(_) => {
                tracing::info!("The keyring asks somebody, and the office opens without it.");
                let problem = KeyringError::Locked("somebody is asked for its password".into());
                return Ok((Vault::without_keyring(random, problem)?, Some(asked)));
            }
        },
    };
    Ok((answered.map_err(OfficeError::Ended)??, None))
}

/// Takes the answer that came late.
pub(super) async fn adopt_late_vault(asked: KeyringRequest, session: Session) {
    let taken = match asked.await {
        Ok(Ok(vault)) => session.keyring_answered(vault),
        Ok(Err(error)) => return tracing::warn!(%error, "The keyring's key could not be used."),
        // The program ends.
        Err(_) => return,
    };
    if let Err(error) = taken {
        tracing::warn!(%error, "What the keyring gave could not be used.");
    }
}
