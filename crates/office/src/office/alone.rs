//! Parts of the office without an office around them: for signing in, looking and signing out from a command line, where filings
//! that wait must not begin to run.

use std::sync::Arc;

use access::{
    authorizations::Authorizations,
    registering::Access,
    session::{CHECK_EVERY, SIGN_IN_LIMIT, Session, SessionParts},
    work::{self, WayIn, Work},
};
use altinn::Client;
use id_porten::RelyingParty;
use store::{database::Database, vault::SecretStore};
use tokio::sync::broadcast;
use view::OfficeEvent;

use super::{OfficeError, Setup};

/// Opens the session that an office with the same setup would have, and a listener to what happens.
///
/// # Errors
/// The database, or no random bytes.
pub async fn session(setup: Setup) -> Result<(Session, broadcast::Receiver<OfficeEvent>), OfficeError> {
    let Setup { data_dir, system_dir, environment, clock, random, keyring, http, browser, .. } = setup;
    let name = environment.name;
    let renewal_lock = data_dir.join("renewal.lock");
    let (its_clock, its_random) = (Arc::clone(&clock), Arc::clone(&random));
    let party = RelyingParty::new(http.clone(), Arc::clone(&clock)).with_random(Arc::clone(&random));
    let (events, heard) = broadcast::channel(64);
    let way_in = environment.work_issuer.clone().map(|issuer| WayIn {
        issuer,
        party: party.clone(),
        browser: Arc::clone(&browser),
    });
    let its_events = events.clone();
    let endpoints = environment.endpoints.clone();
    // On a thread that may wait: the keyring may ask to be unlocked.
    let opened = tokio::task::spawn_blocking(move || {
        // The connection keeps the database from being set aside as damaged while this session writes to it.
        let db = Database::open_or_read(&data_dir)?;
        let connection = db.connect()?;
        let work = Work::open(work::WorkParts {
            data_dir,
            system_dir,
            environment: name,
            db: db.connect()?,
            keyring: Arc::clone(&keyring),
            random: Arc::clone(&its_random),
            clock: Arc::clone(&its_clock),
            events: its_events,
            way_in,
            patience: None,
        });
        let vault = work.vault()?;
        let secrets = SecretStore::new(vault, its_clock, its_random).with_keyring(keyring);
        Ok::<_, OfficeError>((Authorizations::new(connection, secrets, name)?.with_authorities(endpoints), work))
    });
    let (authorizations, work) = opened.await.map_err(OfficeError::Ended)??;
    let session = Session::open(SessionParts {
        integration: environment.integration,
        authorizations,
        id_porten: party,
        altinn: Client::new(http, environment.endpoints),
        clock,
        random,
        browser,
        renewal_lock,
        sign_in_limit: SIGN_IN_LIMIT,
        check_every: CHECK_EVERY,
        events,
        work,
    })?;
    Ok((session, heard))
}

/// Access without an office around it, with a listener to what happens.
///
/// # Errors
/// The database, or no random bytes.
pub async fn access(setup: Setup) -> Result<(Access, broadcast::Receiver<OfficeEvent>), OfficeError> {
    let (environment, data_dir) = (setup.environment.clone(), setup.data_dir.clone());
    let (session, heard) = session(setup).await?;
    Ok((Access::new(session, environment, data_dir), heard))
}
