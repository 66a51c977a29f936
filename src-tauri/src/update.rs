//! Updates of the program itself.
//!
//! Nothing is looked for unless a person asks, nothing is installed while a return is being filed, and an administrator can
//! switch it off ([`filing::policy`]). What comes from the network is installed only when it is signed with the key that
//! this build carries, for the version that was announced, and when that version is newer; tauri-plugin-updater sees to
//! all three. A program from a Linux package is left to the package manager.

use crate::open_office::OpenOffice;
use filing::{
    Office,
    policy::{self, Policy, Updates},
    view::BatchState,
};
use serde::Serialize;
use shown::Shown;
use specta::Type;
use std::{env, error::Error, sync::Arc, time::Duration};
use tauri::{AppHandle, Manager};
use tauri_plugin_updater::{Update, UpdaterExt};
use tokio::sync::Mutex;
use url::Url;

/// Where releases can be fetched by hand.
const RELEASES: &str = "https://github.com/momsbud/momsbud/releases";
/// How long a search may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// How it stands with updates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub(crate) enum UpdateView {
    /// An administrator has switched them off.
    Off,
    /// This build knows no place to look.
    Unset {
        /// Where releases are.
        address: String,
    },
    /// The program came from a Linux package, and is updated as it was installed.
    Packaged {
        /// Where packages are.
        address: String,
    },
    /// There is nothing newer.
    Newest,
    /// A newer version can be had.
    Available {
        /// Which.
        version: String,
        /// What is new, as its makers wrote it.
        notes: String,
    },
    /// A return is being filed; afterwards.
    Later,
    /// No answer.
    Unreachable {
        /// Why, for whoever helps.
        details: String,
    },
    /// What came is not genuine or does not fit. Nothing was installed.
    Refused {
        /// Why, for whoever helps.
        details: String,
    },
}

/// How the program came here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Installed {
    /// By a package manager.
    Package,
    /// By itself: an installer, a disk image, an AppImage.
    Itself,
}

/// Where to look, and whom to believe.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Source {
    address: Url,
    key: String,
}

/// What was found last, to be installed.
#[derive(Default)]
pub(crate) struct Found(Mutex<Option<Update>>);

/// Whether to look at all, and where.
fn may_look(policy: &Policy, installed: Installed, built_in: Option<Source>) -> Result<Source, UpdateView> {
    if policy.updates == Updates::Off {
        return Err(UpdateView::Off);
    }
    if installed == Installed::Package {
        return Err(UpdateView::Packaged { address: RELEASES.to_owned() });
    }
    let source = built_in.ok_or_else(|| UpdateView::Unset { address: RELEASES.to_owned() })?;
    // An administrator may keep copies within the firm. Whose they are the signature says, not the address.
    let address = policy.updates_from.clone().unwrap_or(source.address);
    Ok(Source { address, ..source })
}

/// What the build was given: the release workflow sets both, other builds have neither. A debug build takes them from the
/// environment, so that a test can be the place; a release takes a key from nobody.
fn built_in() -> Option<Source> {
    let (mut address, mut key) = (
        option_env!("MOMSBUD_UPDATE_ADDRESS").map(str::to_owned),
        option_env!("MOMSBUD_UPDATE_KEY").map(str::to_owned),
    );
    if cfg!(debug_assertions) {
        address = env::var("MOMSBUD_UPDATE_ADDRESS").ok().or(address);
        key = env::var("MOMSBUD_UPDATE_KEY").ok().or(key);
    }
    let given = |text: Option<String>| text.filter(|text| !text.is_empty());
    Some(Source { address: given(address)?.parse().ok()?, key: given(key)? })
}

fn installed() -> Installed {
    if cfg!(target_os = "linux") && env::var_os("APPIMAGE").is_none() { Installed::Package } else { Installed::Itself }
}

/// Looks for an update.
pub(crate) async fn look(app: &AppHandle) -> UpdateView {
    let said = env::var(policy::UPDATES_VARIABLE).ok();
    let policy = match Policy::load(&policy::folder(), said.as_deref()) {
        Ok(policy) => policy,
        // A rule that cannot be read may be the one that forbids it.
        Err(error) => {
            tracing::error!(error = chain(&error), "The administrator's policy cannot be read: no updates.");
            return UpdateView::Off;
        }
    };
    let source = match may_look(&policy, installed(), built_in()) {
        Ok(source) => source,
        Err(standing) => return standing,
    };
    let closing = app.clone();
    let updater = app.updater_builder().endpoints(vec![source.address]).map(|builder| {
        builder.pubkey(source.key).timeout(PATIENCE).on_before_exit(move || {
            // Windows' installer ends this program; what is under way is put down first.
            tauri::async_runtime::block_on(close(&closing));
        })
    });
    let found = match updater.and_then(|builder| builder.build()) {
        Ok(updater) => updater.check().await,
        Err(error) => Err(error),
    };
    let found = match found {
        Ok(found) => found,
        Err(error) => return failed(&error),
    };
    let view = found.as_ref().map_or(UpdateView::Newest, |update| UpdateView::Available {
        version: Shown::line(&update.version).into(),
        // Whoever keeps the list writes them; only the program itself is signed.
        notes: shown::lines(update.body.as_deref().unwrap_or_default()),
    });
    *app.state::<Found>().0.lock().await = found;
    view
}

/// Installs what was found, and starts the program anew; comes back only when it has not.
pub(crate) async fn install(app: &AppHandle, office: &Arc<Office>) -> UpdateView {
    let state = app.state::<Found>();
    let mut found = state.0.lock().await;
    let Some(update) = found.as_ref() else { return UpdateView::Newest };
    if is_filing(office) {
        return UpdateView::Later;
    }
    let bytes = match update.download(|_, _| {}, || {}).await {
        Ok(bytes) => bytes,
        Err(error) => {
            let view = failed(&error);
            // What was not genuine is not offered again.
            if matches!(view, UpdateView::Refused { .. }) {
                *found = None;
            }
            return view;
        }
    };
    // A filing may have begun while it was being fetched.
    if is_filing(office) {
        return UpdateView::Later;
    }
    if let Err(error) = update.install(bytes) {
        return failed(&error);
    }
    tracing::info!(version = update.version, "Updated; the program starts anew.");
    close(app).await;
    app.restart()
}

/// Whether a return is on its way at this moment, or a batch is begun whose next return may be. One that has been delivered
/// and waits for its receipt goes on after a restart.
fn is_filing(office: &Office) -> bool {
    let batch = office.batch().is_some_and(|batch| batch.state == BatchState::Running);
    // If the history cannot be read, nothing is known, and nothing is replaced.
    batch || office.under_way().map_or(true, |filings| filings > 0)
}

async fn close(app: &AppHandle) {
    if let Ok(office) = app.state::<OpenOffice>().get().await {
        office.close().await;
    }
}

fn failed(error: &tauri_plugin_updater::Error) -> UpdateView {
    use tauri_plugin_updater::Error as Complaint;
    let details = chain(error);
    tracing::warn!(details, "No update.");
    match error {
        Complaint::Reqwest(_) | Complaint::Network(_) | Complaint::ReleaseNotFound => {
            UpdateView::Unreachable { details }
        }
        _ => UpdateView::Refused { details },
    }
}

fn chain(error: &dyn Error) -> String {
    let mut words = vec![error.to_string()];
    let mut cause = error.source();
    while let Some(error) = cause {
        words.push(error.to_string());
        cause = error.source();
    }
    words.join(": ")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn source() -> Source {
        Source { address: "https://updates.example/latest.json".parse().unwrap(), key: "key".into() }
    }

    #[test]
    fn an_administrator_can_switch_updates_off() {
        let off = Policy { updates: Updates::Off, ..Policy::default() };
        assert_eq!(may_look(&off, Installed::Itself, Some(source())), Err(UpdateView::Off));
        assert_eq!(may_look(&off, Installed::Package, None), Err(UpdateView::Off));
    }

    #[test]
    fn a_linux_package_is_left_to_the_package_manager() {
        let said = may_look(&Policy::default(), Installed::Package, Some(source()));
        assert_eq!(said, Err(UpdateView::Packaged { address: RELEASES.to_owned() }));
    }

    #[test]
    fn a_build_without_a_key_looks_nowhere() {
        let said = may_look(&Policy::default(), Installed::Itself, None);
        assert_eq!(said, Err(UpdateView::Unset { address: RELEASES.to_owned() }));
    }

    #[test]
    fn a_firm_may_have_its_own_copies_but_not_its_own_key() {
        let firm =
            Policy { updates_from: Some("https://intern.example/momsbud.json".parse().unwrap()), ..Policy::default() };
        let chosen = may_look(&firm, Installed::Itself, Some(source())).unwrap();
        assert_eq!((chosen.address.host_str(), chosen.key.as_str()), (Some("intern.example"), "key"));
        assert_eq!(may_look(&Policy::default(), Installed::Itself, Some(source())), Ok(source()));
    }
}
