//! What an administrator decides for everybody on a machine.
//!
//! Two files in [`folder`]: `policy.json`, read here, and `environments.json`, over which the user's own goes
//! ([`crate::environment::Overrides`]). Both are written by whoever administers the machine; where anybody else could have
//! written one, it is refused and said ([`crate::machine_policy::PolicyError::File`]).

use std::{
    env, io,
    path::{Path, PathBuf},
};

use serde::Deserialize;
use url::Url;

use crate::{misread::Misread, trusted};

/// The name of the file.
pub const POLICY_FILE: &str = "policy.json";
/// Switches the search for updates off, whatever the file says: `off`.
pub const UPDATES_VARIABLE: &str = "MOMSBUD_UPDATES";
/// Names another folder than the operating system's, for tests: a release does not look at it, or everybody could choose
/// an administrator.
pub const FOLDER_VARIABLE: &str = "MOMSBUD_SYSTEM_DIR";

/// Where an administrator's files lie: `/etc/momsbud`, `%ProgramData%\Momsbud`, `/Library/Application Support/Momsbud`.
#[must_use]
pub fn folder() -> PathBuf {
    let given = env::var_os(FOLDER_VARIABLE).filter(|given| cfg!(debug_assertions) && !given.is_empty());
    if let Some(given) = given {
        return PathBuf::from(given);
    }
    trusted::system_folder()
}

/// What has been decided.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Policy {
    /// Whether the program may look for updates of itself.
    pub updates: Updates,
    /// Where it looks instead of the address that is built in: a copy within the firm. The signature is the same.
    pub updates_from: Option<Url>,
    /// Who may do what; read by [`crate::work::policy`].
    pub work: Option<serde::de::IgnoredAny>,
    /// The firm's office register.
    pub register: Option<RegisterPolicy>,
}

/// What has been decided about the office register.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct RegisterPolicy {
    /// Where it is: the address without a role, which each bookkeeper has of her own, or with one.
    pub address: Option<String>,
    /// What happens to filings while it does not answer.
    pub without: WithoutRegister,
}

/// What happens to filings while the office register does not answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum WithoutRegister {
    /// They wait.
    #[default]
    Wait,
    /// They go on when a person says so, who has been told of the risk.
    Ask,
}

/// Whether the program may look for updates of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Updates {
    /// When a person asks for it.
    #[default]
    On,
    /// Never.
    Off,
}

/// A policy that cannot be followed.
#[derive(Debug, thiserror::Error)]
pub enum PolicyError {
    /// The file cannot be read, or others than administrators could have written it; the cause says which. Remedy: mend its
    /// owner and its permissions.
    #[error("{} cannot be read", .0.display())]
    File(PathBuf, #[source] io::Error),
    /// The file is not what it should be. Remedy: mend it; the cause says where.
    #[error("{} is not as expected", .0.display())]
    Content(PathBuf, #[source] Misread),
}

impl Policy {
    /// Reads the policy in a folder; none is no error, and forbids nothing. `said` is what [`UPDATES_VARIABLE`] says.
    ///
    /// # Errors
    /// A file that cannot be read or has a name in it that is not known: a misspelt rule must not pass for one.
    pub fn load(folder: &Path, said: Option<&str>) -> Result<Self, PolicyError> {
        let file = folder.join(POLICY_FILE);
        let mut policy = match trusted::read(&file) {
            Ok(Some(content)) => {
                serde_json::from_slice(&content).map_err(|error| PolicyError::Content(file, error.into()))?
            }
            Ok(None) => Self::default(),
            Err(error) => return Err(PolicyError::File(file, error)),
        };
        if said.is_some_and(|said| said.eq_ignore_ascii_case("off")) {
            policy.updates = Updates::Off;
        }
        Ok(policy)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn without_a_policy_nothing_is_forbidden() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(Policy::load(folder.path(), None).unwrap(), Policy::default());
        assert_eq!(Policy::load(&folder.path().join("not there"), Some("on")).unwrap().updates, Updates::On);
    }

    #[test]
    fn updates_are_off_by_file_and_by_variable() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(Policy::load(folder.path(), Some("off")).unwrap().updates, Updates::Off);
        std::fs::write(folder.path().join(POLICY_FILE), r#"{"updates": "off"}"#).unwrap();
        assert_eq!(Policy::load(folder.path(), None).unwrap().updates, Updates::Off);
        assert_eq!(Policy::load(folder.path(), Some("on")).unwrap().updates, Updates::Off, "the file stands");
    }

    #[test]
    fn a_misspelt_rule_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        for content in [r#"{"update": "off"}"#, r#"{"updates": "of"}"#, r#"{"updatesFrom": "nowhere"}"#, "off"] {
            std::fs::write(folder.path().join(POLICY_FILE), content).unwrap();
            let refused = Policy::load(folder.path(), Some("off"));
            assert!(matches!(refused, Err(PolicyError::Content(..))), "{content}: {refused:?}");
        }
    }

    #[test]
    fn the_example_that_is_installed_is_a_policy() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(POLICY_FILE), include_str!("../../../packaging/examples/policy.json"))
            .unwrap();
        assert_eq!(Policy::load(folder.path(), None).unwrap().updates, Updates::Off);
    }

    #[test]
    fn the_example_with_everything_has_everything_in_it() {
        let folder = tempfile::tempdir().unwrap();
        let example = include_str!("../../../packaging/examples/policy-with-work.json");
        std::fs::write(folder.path().join(POLICY_FILE), example).unwrap();
        let policy = Policy::load(folder.path(), None).unwrap();
        assert_eq!(policy.updates, Updates::On);
        assert!(policy.updates_from.is_some());
        let none = tempfile::tempdir().unwrap();
        let work = crate::work::policy::WorkPolicy::in_force(folder.path(), none.path()).unwrap();
        assert!(work.is_some());
        let documented = include_str!("../../../docs/work-policy.example.json");
        let example: serde_json::Value = serde_json::from_str(example).unwrap();
        assert_eq!(example["work"], serde_json::from_str::<serde_json::Value>(documented).unwrap());
    }
}
