//! What the practice authorities share: where they are, the time, the keys, the world, and each one's state.

mod memory;

pub(crate) use memory::Memory;

use crate::addresses::Addresses;
use crate::clock::PracticeClock;
use crate::faults::Plan;
use crate::jwt::SigningKeys;
use crate::log::Log;
use crate::settings::Settings;
use crate::world::World;
use crate::{Options, state};
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock};

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
    id_porten: Mutex<state::Office>,
    ansattporten: Mutex<state::Office>,
    altinn: Mutex<state::Storage>,
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
            id_porten: Mutex::new(state::Office::new(state::Which::IdPorten)),
            ansattporten: Mutex::new(state::Office::new(state::Which::Ansattporten)),
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

    pub(crate) fn id_porten(&self) -> MutexGuard<'_, state::Office> {
        self.id_porten.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn ansattporten(&self) -> MutexGuard<'_, state::Office> {
        self.ansattporten.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn altinn(&self) -> MutexGuard<'_, state::Storage> {
        self.altinn.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
