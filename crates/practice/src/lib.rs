//! Practice authorities on loopback: ID-porten, Ansattporten, Altinn and Skatteetaten as they are documented to behave.
//!
//! A fresh installation of Momsbud starts among them, its tests run against them, and any other client written
//! against the public documentation can file here unchanged but for the host names. What is documented is done
//! as documented, with the section of `facts/apis.md` beside it; where the documentation leaves a choice there is
//! a [`settings::Settings`] for it. State is in memory, and in a
//! folder where it is given one; every listener is on 127.0.0.1.
//!
//! ```no_run
//! # async fn run() -> Result<(), practice::StartError> {
//! let practice = practice::Practice::start(practice::Options::default()).await?;
//! let sign_in_at = &practice.addresses().id_porten;
//! # let _ = sign_in_at;
//! practice.stop().await;
//! # Ok(())
//! # }
//! ```

#![cfg_attr(not(test), deny(clippy::disallowed_methods))]

mod addresses;
pub mod altinn;
mod assessment;
mod authorities;
mod authority;
pub mod clock;
mod control;
mod entity_register;
pub mod faults;
mod gate;
pub mod id_porten;
pub mod jwt;
pub mod log;
mod pages;
mod random;
mod receipt;
mod reply;
pub mod settings;
mod situations;
mod skatteetaten;
mod state;
pub mod world;
mod xml;

pub use addresses::Addresses;
pub use authority::Authority;
pub use clock::{Clock, SystemClock};
pub use settings::Settings;
pub use situations::Situation;

use authorities::{Authorities, Memory};
use std::io;
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How to start.
pub struct Options {
    /// First of six consecutive ports, in the order of [`Addresses`]; any free ports when absent.
    pub port_base: Option<u16>,
    /// Where the time comes from.
    pub clock: Arc<dyn Clock>,
    /// How the authorities behave to begin with.
    pub settings: Settings,
    /// Persons and companies.
    pub world: world::World,
    /// Where to remember instances, grants and keys between two runs; without it everything is forgotten.
    pub memory: Option<PathBuf>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port_base: None,
            clock: Arc::new(SystemClock),
            settings: Settings::default(),
            world: world::World::synthetic(),
            memory: None,
        }
    }
}

impl std::fmt::Debug for Options {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Options").field("port_base", &self.port_base).finish_non_exhaustive()
    }
}

/// Why the practice authorities could not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// A port of 127.0.0.1 cannot be listened on; another program has it, or `port_base` is too high.
    #[error("cannot listen on 127.0.0.1:{port}")]
    Port {
        /// The port; 0 when any would do.
        port: u16,
        /// The operating system's reason.
        source: io::Error,
    },
}

/// Running practice authorities. Dropping them stops them too, without waiting.
#[derive(Debug)]
pub struct Practice {
    authorities: Arc<Authorities>,
    stop: CancellationToken,
    tasks: TaskTracker,
}

impl Practice {
    /// Listens on six ports of 127.0.0.1 and begins to answer.
    ///
    /// # Errors
    /// When a port cannot be listened on.
    pub async fn start(options: Options) -> Result<Self, StartError> {
        let memory = options.memory.clone().map(Memory::new);
        let before = memory.as_ref().and_then(Memory::addresses);
        let mut listeners = Vec::new();
        let mut bases = Vec::new();
        let mut ports = Vec::new();
        for n in 0..6_u16 {
            let port = match options.port_base {
                Some(base) => base.checked_add(n).ok_or_else(|| StartError::Port {
                    port: base,
                    source: io::Error::new(io::ErrorKind::InvalidInput, "there are no six ports from here"),
                })?,
                None => 0,
            };
            let refused = |source| StartError::Port { port, source };
            // The port of the last run, if it is free: grants are bound to the issuer's address.
            let same = before.as_ref().and_then(|before| before.port(usize::from(n))).filter(|_| port == 0);
            let again = match same {
                Some(same) => TcpListener::bind((Ipv4Addr::LOCALHOST, same)).await.ok(),
                None => None,
            };
            let listener = match again {
                Some(listener) => listener,
                None => TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(refused)?,
            };
            let here = listener.local_addr().map_err(refused)?;
            bases.push(format!("http://{here}"));
            ports.push(here.port());
            listeners.push(listener);
        }
        let authorities = Arc::new(Authorities::new(Addresses::from_bases(bases), &options, memory));
        authorities.restore();
        let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
        for ((listener, port), authority) in listeners.into_iter().zip(ports).zip(Authority::ALL) {
            let router = match authority {
                Authority::IdPorten => id_porten::router(&authorities),
                Authority::Ansattporten => id_porten::ansattporten_router(&authorities),
                Authority::AltinnPlatform => altinn::platform_router(&authorities),
                Authority::AltinnApp => altinn::app_router(&authorities),
                Authority::Skatteetaten => {
                    skatteetaten::router(&authorities).merge(entity_register::router(&authorities))
                }
                Authority::Control => control::router(&authorities),
            };
            let gate = gate::Gate { authority, port, authorities: Arc::clone(&authorities), router };
            tasks.spawn(gate.serve(listener, stop.clone(), tasks.clone()));
        }
        authorities.prepare_keys();
        Ok(Self { authorities, stop, tasks })
    }

    /// Where each authority is.
    #[must_use]
    pub fn addresses(&self) -> &Addresses {
        &self.authorities.addresses
    }

    /// The clock the authorities go by; the same that `/clock` moves.
    #[must_use]
    pub fn clock(&self) -> &clock::PracticeClock {
        &self.authorities.clock
    }

    /// How the authorities behave.
    #[must_use]
    pub fn settings(&self) -> Settings {
        self.authorities.settings()
    }

    /// The situations that the practice can be put into, and whether it is.
    #[must_use]
    pub fn situations(&self) -> Vec<(Situation, bool)> {
        let settings = self.authorities.settings();
        Situation::ALL.into_iter().map(|situation| (situation, situation.is_on(&settings))).collect()
    }

    /// Puts the practice into a situation, or takes it out.
    pub fn switch(&self, situation: Situation, on: bool) {
        let mut settings = self.authorities.settings();
        situation.switch(&mut settings, on);
        self.authorities.set_settings(settings);
    }

    /// Stops listening, lets answers under way finish, and returns when all is quiet.
    pub async fn stop(self) {
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }
}

impl Drop for Practice {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}
