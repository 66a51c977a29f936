//! Updates of the program itself.
//!
//! Nothing is looked for unless a person asks, nothing is installed while a return is being filed, and an administrator can
//! switch it off ([`access::machine_policy`]). What comes from the network is installed only when it is signed with the key that
//! this build carries, for the version that was announced, and when that version is newer; tauri-plugin-updater sees to
//! all three. A program from a Linux package is left to the package manager.

mod fetching;

use self::fetching::{FETCHING, FetchError, GivenUp, PATIENCE};
use crate::open_office::OpenOffice;
use access::machine_policy::{self, Policy, Updates};
use office::Office;
use serde::Serialize;
use shown::Shown;
use specta::Type;
use std::{env, error::Error, sync::Arc};
use tauri::{AppHandle, Manager};
use tauri_plugin_updater::{Update, UpdaterExt};
use tokio::sync::{Mutex, watch};
use url::Url;
use view::BatchState;

/// Where releases can be fetched by hand.
const RELEASES: &str = "https://github.com/momsbud/momsbud/releases";

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
        notes: Option<String>,
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
pub(crate) struct AvailableUpdate(Mutex<Option<Update>>);

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
    if !is_private(&address) {
        return Err(UpdateView::Refused { details: "The list of versions must be fetched over https.".to_owned() });
    }
    Ok(Source { address, ..source })
}

/// Whether nobody between here and there reads and changes what comes: https. A debug build takes this machine itself for
/// such a place, so that a test can be it.
fn is_private(address: &Url) -> bool {
    address.scheme() == "https" || (cfg!(debug_assertions) && address.host_str() == Some("127.0.0.1"))
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
    let by_itself = if cfg!(target_os = "linux") {
        env::var_os("APPIMAGE").is_some()
    } else {
        // The installer for one user leaves its uninstaller beside the program; the one for all users does not, and there an
        // administrator updates (packaging/windows).
        !cfg!(windows) || env::current_exe().is_ok_and(|program| program.with_file_name("uninstall.exe").is_file())
    };
    if by_itself { Installed::Itself } else { Installed::Package }
}

/// Looks for an update.
pub(crate) async fn look(app: &AppHandle) -> UpdateView {
    let said = env::var(machine_policy::UPDATES_VARIABLE).ok();
    let policy = match Policy::load(&machine_policy::folder(), said.as_deref()) {
        Ok(policy) => policy,
        // A rule that cannot be read may be the one that forbids it.
        Err(error) => {
            tracing::error!(
                error = without_queries(&chain(&error)),
                "The administrator's policy cannot be read: no updates."
            );
            return UpdateView::Off;
        }
    };
    let source = match may_look(&policy, installed(), built_in()) {
        Ok(source) => source,
        Err(standing) => return standing,
    };
    let closing = app.clone();
    let only_https = source.address.scheme() == "https";
    let listed = match fetching::list(source.address.clone(), only_https).await {
        Ok(listed) => listed,
        Err(error) => return not_listed(&error),
    };
    let updater = app.updater_builder().endpoints(vec![source.address]).map(|builder| {
        builder
            .pubkey(source.key)
            .timeout(PATIENCE)
            .configure_client(move |client| fetching::fetching_client(client, only_https))
            .on_before_exit(move || {
                // Windows' installer ends this program; what is under way is put down first.
                tauri::async_runtime::block_on(close(&closing));
            })
    });
    // As the updater's own search would find it, but that the version must be among what is signed.
    let found = updater.and_then(|builder| builder.build()).and_then(|updater| match listed {
        Some(listed) => updater.restore_update(listed),
        None => Ok(None),
    });
    let mut found = match found {
        Ok(found) => found,
        Err(error) => return failed(&error),
    };
    if let Some(update) = &mut found {
        if !is_private(&update.download_url) {
            return refused("The new version must be fetched over https.");
        }
        update.timeout = Some(FETCHING);
    }
    let view = found.as_ref().map_or(UpdateView::Newest, |update| UpdateView::Available {
        version: Shown::line(&update.version).into(),
        // Whoever keeps the list writes them; only the program itself is signed.
        notes: update.body.as_deref().map(shown::lines).filter(|notes| !notes.is_empty()),
    });
    *app.state::<AvailableUpdate>().0.lock().await = found;
    view
}

/// Installs what was found, and starts the program anew; comes back only when it has not.
pub(crate) async fn install(app: &AppHandle, office: &Arc<Office>) -> UpdateView {
    let state = app.state::<AvailableUpdate>();
    let mut found = state.0.lock().await;
    let Some(update) = found.as_ref() else { return UpdateView::Newest };
    if is_filing(office) {
        return UpdateView::Later;
    }
    let bytes = match fetch(update).await {
        Ok(bytes) => bytes,
        Err(view) => {
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

/// Fetches an update, and no more than an installer can be.
async fn fetch(update: &Update) -> Result<Vec<u8>, UpdateView> {
    let ((announces, announced), (counts, arrived)) = (watch::channel(0_u64), watch::channel(0_u64));
    let arriving = update.download(
        move |part, length| {
            let part = u64::try_from(part).unwrap_or(u64::MAX);
            counts.send_modify(|sum| *sum = sum.saturating_add(part));
            announces.send_modify(|sum| *sum = sum.saturating_add(part).max(length.unwrap_or_default()));
        },
        || {},
    );
    match fetching::within_bounds(announced, arrived, arriving).await {
        Ok(bytes) => bytes.map_err(|error| failed(&error)),
        Err(GivenUp::TooLarge) => Err(refused("It is larger than an installer can be.")),
        Err(GivenUp::TooSlow) => Err(unreachable("The new version comes so slowly that it was given up.".to_owned())),
    }
}

/// Without a list there is nothing to be had.
fn not_listed(error: &FetchError) -> UpdateView {
    match error {
        FetchError::NoAnswer(_) | FetchError::Status(_) => unreachable(without_queries(&chain(error))),
        FetchError::TooLong | FetchError::Unreadable(_) => refused(&without_queries(&chain(error))),
    }
}

fn unreachable(details: String) -> UpdateView {
    tracing::warn!(details, "No update.");
    UpdateView::Unreachable { details }
}

fn refused(details: &str) -> UpdateView {
    tracing::warn!(details, "No update.");
    UpdateView::Refused { details: details.to_owned() }
}

/// Whether a return is on its way at this moment, or a batch is begun whose next return may be. One that has been delivered
/// and waits for its receipt goes on after a restart.
fn is_filing(office: &Office) -> bool {
    let batch = office.batch().view().is_some_and(|batch| batch.state == BatchState::Running);
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
    let details = without_queries(&chain(error));
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

/// A text without what follows `?` in the addresses in it, and without names and passwords in them: a firm may keep its
/// copies behind a token.
fn without_queries(text: &str) -> String {
    let mut told = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let (before, address) = rest.split_at(at + 3);
        told.push_str(before);
        let ends = |c: char| c.is_whitespace() || matches!(c, ')' | '"' | '\'' | '>' | ',' | ';');
        let (address, after) = address.split_at(address.find(ends).unwrap_or(address.len()));
        let path = address.split(['?', '#']).next().unwrap_or_default();
        let host = path.split('/').next().unwrap_or_default();
        // Of `user:password@host` the host.
        told.push_str(path.get(host.rfind('@').map_or(0, |sign| sign + 1)..).unwrap_or_default());
        if path.len() < address.len() {
            told.push_str("?…");
        }
        rest = after;
    }
    told.push_str(rest);
    told
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
    fn nothing_is_looked_for_over_plain_http() {
        for address in ["http://intern.example/momsbud.json", "http://127.0.0.1.example/x", "ftp://intern.example/x"] {
            let firm = Policy { updates_from: Some(address.parse().unwrap()), ..Policy::default() };
            let said = may_look(&firm, Installed::Itself, Some(source()));
            assert!(matches!(said, Err(UpdateView::Refused { .. })), "{address}: {said:?}");
        }
    }

    #[test]
    fn a_token_in_the_firms_address_is_told_to_nobody() {
        let text = "error sending request for url (https://kari:hemmelig@intern.example/latest.json?token=hemmelig#x): \
                    connection refused; see https://intern.example/a?b=hemmelig, or http://x.example/y";
        let told = without_queries(text);
        assert!(!told.contains("hemmelig") && !told.contains("kari"), "{told}");
        assert_eq!(
            told,
            "error sending request for url (https://intern.example/latest.json?…): connection refused; see \
             https://intern.example/a?…, or http://x.example/y"
        );
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
