//! What the practice authorities share: where they are, the time, the keys, the world, and each one's state.

use crate::clock::PracticeClock;
use crate::faults::Plan;
use crate::jwt::SigningKeys;
use crate::log::Log;
use crate::memory::Memory;
use crate::settings::Settings;
use crate::world::World;
use crate::{Options, altinn, id_porten};
use serde::{Deserialize, Serialize};
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock};

/// Base addresses, without a slash at the end; the documented paths are below them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Addresses {
    /// ID-porten; also its issuer.
    pub id_porten: String,
    /// Ansattporten; also its issuer.
    pub ansattporten: String,
    /// Altinn's platform: `/authentication`, `/storage`, `/accessmanagement`.
    pub altinn_platform: String,
    /// The app, with its path `/skd/mva-melding-innsending-v1`.
    pub altinn_app: String,
    /// Skatteetaten: `/api/mva/grensesnittstoette/mva-melding/valider`.
    pub skatteetaten: String,
    /// Control: `/log`, `/faults`, `/clock`, `/settings`, `/world`, `/clients`, `/keys`.
    pub control: String,
}

impl Addresses {
    /// The port of the n-th authority.
    pub(crate) fn port(&self, n: usize) -> Option<u16> {
        let bases = [
            &self.id_porten,
            &self.ansattporten,
            &self.altinn_platform,
            &self.altinn_app,
            &self.skatteetaten,
            &self.control,
        ];
        url::Url::parse(bases.get(n)?).ok()?.port()
    }

    pub(crate) fn from_bases(bases: Vec<String>) -> Self {
        let mut bases = bases.into_iter();
        let mut next = || bases.next().unwrap_or_default();
        Self {
            id_porten: next(),
            ansattporten: next(),
            altinn_platform: next(),
            altinn_app: format!("{}{}", next(), altinn::APP_PATH),
            skatteetaten: next(),
            control: next(),
        }
    }
}

/// Making RSA keys takes both cores of a small machine; they belong to the window while it opens.
const AFTER_START: std::time::Duration = std::time::Duration::from_secs(2);

/// Everything the authorities share.
#[derive(Debug)]
pub(crate) struct Authorities {
    pub(crate) addresses: Addresses,
    pub(crate) clock: PracticeClock,
    pub(crate) log: Log,
    pub(crate) plan: Plan,
    pub(crate) id_porten_keys: SigningKeys,
    pub(crate) ansattporten_keys: SigningKeys,
    pub(crate) altinn_keys: SigningKeys,
    settings: RwLock<Settings>,
    world: RwLock<World>,
    id_porten: Mutex<id_porten::Office>,
    ansattporten: Mutex<id_porten::Office>,
    altinn: Mutex<altinn::Storage>,
    issued: Mutex<Vec<String>>,
    memory: Option<Memory>,
}

impl Authorities {
    pub(crate) fn new(addresses: Addresses, options: &Options, memory: Option<Memory>) -> Self {
        Self {
            addresses,
            clock: PracticeClock::new(options.clock.clone()),
            log: Log::default(),
            plan: Plan::default(),
            id_porten_keys: SigningKeys::default(),
            ansattporten_keys: SigningKeys::default(),
            altinn_keys: SigningKeys::default(),
            settings: RwLock::new(options.settings.clone()),
            world: RwLock::new(options.world.clone()),
            id_porten: Mutex::new(id_porten::Office::new(id_porten::Which::IdPorten)),
            ansattporten: Mutex::new(id_porten::Office::new(id_porten::Which::Ansattporten)),
            altinn: Mutex::default(),
            issued: Mutex::default(),
            memory,
        }
    }

    /// Knows again what was known in the last run.
    pub(crate) fn restore(&self) {
        if let Some(memory) = &self.memory {
            memory.restore(self);
        }
    }

    /// Remembers a secret that leaves for a client, in this run's memory only: a test looks for it where it must not lie.
    pub(crate) fn issue(&self, secret: &str) {
        self.issued.lock().unwrap_or_else(PoisonError::into_inner).push(secret.to_owned());
    }

    /// Every code and token that has been given out in this run.
    pub(crate) fn issued(&self) -> Vec<String> {
        self.issued.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Writes down what has happened, before it is answered.
    pub(crate) fn save(&self) {
        if let Some(memory) = &self.memory {
            memory.save(self);
        }
    }

    /// Makes the keys in the background, so that starting is quick and the first sign-in too.
    pub(crate) fn prepare_keys(&self) {
        for keys in [&self.id_porten_keys, &self.altinn_keys, &self.ansattporten_keys] {
            let keys = keys.clone();
            tokio::spawn(async move {
                tokio::time::sleep(AFTER_START).await;
                let made = tokio::task::spawn_blocking(move || keys.prepare()).await;
                if let Ok(Err(error)) = made {
                    tracing::error!(%error, "A practice signing key could not be made.");
                }
            });
        }
    }

    pub(crate) fn settings(&self) -> Settings {
        self.settings.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn set_settings(&self, settings: Settings) {
        *self.settings.write().unwrap_or_else(PoisonError::into_inner) = settings;
    }

    pub(crate) fn world(&self) -> std::sync::RwLockReadGuard<'_, World> {
        self.world.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn change_world<T>(&self, change: impl FnOnce(&mut World) -> T) -> T {
        change(&mut self.world.write().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn id_porten(&self) -> MutexGuard<'_, id_porten::Office> {
        self.id_porten.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn ansattporten(&self) -> MutexGuard<'_, id_porten::Office> {
        self.ansattporten.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn altinn(&self) -> MutexGuard<'_, altinn::Storage> {
        self.altinn.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
