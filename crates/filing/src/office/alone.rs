//! Parts of the office without an office around them: for signing in, looking and signing out from a command line, where filings
//! that wait must not begin to run.

use std::{path::Path, sync::Arc};

use altinn::Client;
use id_porten::RelyingParty;
use tokio::sync::broadcast;

use super::{OfficeError, Setup};
use crate::{
    access::Access,
    authorizations::Authorizations,
    database::Database,
    keyring::Keyring,
    session::{CHECK_EVERY, Parts, SIGN_IN_LIMIT, Session},
    vault::SecretStore,
    view::{EnvironmentName, OfficeEvent},
    work::{self, WayIn, Work},
};

impl Session {
    /// Opens the session that an office with the same setup would have, and a listener to what happens.
    ///
    /// # Errors
    /// The database, or no random bytes.
    pub async fn alone(setup: Setup) -> Result<(Self, broadcast::Receiver<OfficeEvent>), OfficeError> {
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
            let work = Work::open(work::Parts {
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
        let session = Self::open(Parts {
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
}

impl Access {
    /// Without an office around it, for the command line; with a listener to what happens.
    ///
    /// # Errors
    /// The database, or no random bytes.
    pub async fn alone(setup: Setup) -> Result<(Self, broadcast::Receiver<OfficeEvent>), OfficeError> {
        let (environment, data_dir) = (setup.environment.clone(), setup.data_dir.clone());
        let (session, heard) = Session::alone(setup).await?;
        Ok((Self::new(session, environment, data_dir), heard))
    }
}

impl Work {
    /// The gate of a data folder, to be asked and not to be signed in through.
    ///
    /// # Errors
    /// The database.
    pub fn alone(
        data_dir: &Path,
        system_dir: &Path,
        environment: EnvironmentName,
        keyring: Arc<dyn Keyring>,
    ) -> Result<Self, OfficeError> {
        Ok(Self::open(work::Parts {
            data_dir: data_dir.to_owned(),
            system_dir: system_dir.to_owned(),
            environment,
            db: Database::open_or_read(data_dir)?.connect()?,
            keyring,
            random: Arc::new(id_porten::SystemRandom),
            clock: Arc::new(id_porten::SystemClock),
            events: broadcast::channel(1).0,
            way_in: None,
            patience: None,
        }))
    }
}
