//! What there is of a policy on this machine, and how another is brought.

use std::path::Path;

use shown::Shown;
use view::{
    ErrorCode,
    consent::{Consent, Question},
    problem::{self, Problem},
};

use super::{
    Work,
    policy::{InForce, WorkPolicy, signed_by},
    rights::Action,
};

/// What there is of a policy.
pub(super) enum PolicyState {
    None,
    InForce(Box<InForce>),
    /// Why.
    Unusable(Shown),
}

impl Work {
    /// Takes a signed policy over. While one is in force its own key decides; a person who may administer may bring
    /// another. Where none is, she is asked whether the key is the one that the administrator has given her; whether she has
    /// said yes, and the policy holds.
    ///
    /// May wait for her.
    ///
    /// # Errors
    /// `WorkForbidden` when an administrator's policy is in force or another key has signed it, `WorkPolicyRefused` with the
    /// reason.
    pub fn import(&self, content: &[u8], consent: &dyn Consent) -> Result<bool, Problem> {
        let inner = &self.0;
        let none = matches!(inner.state().policy, PolicyState::None);
        // Another key than that of an earlier one, withdrawn or not, is as new as a first one.
        let refused = |error| problem::of(ErrorCode::WorkPolicyRefused, &error);
        if none && !WorkPolicy::is_by_the_key_of(&inner.data_dir, content).map_err(refused)? {
            let (firm, fingerprint) = signed_by(content).map_err(refused)?;
            if !consent.gives(&Question::PolicyIsFrom { firm, fingerprint }) {
                return Ok(false);
            }
        }
        let administers = none || (!self.is_locked() && self.may(Action::ImportPolicy, None).is_ok());
        WorkPolicy::import(&inner.system_dir, &inner.data_dir, content, administers)
            .map_err(|error| problem::of(ErrorCode::WorkPolicyRefused, &error))?;
        tracing::info!("A policy for work accounts has been imported.");
        self.look();
        Ok(true)
    }
}

/// Reads it.
pub(super) fn read_policy(system: &Path, data: &Path) -> PolicyState {
    match WorkPolicy::in_force(system, data) {
        Ok(None) => PolicyState::None,
        Ok(Some(in_force)) => PolicyState::InForce(Box::new(in_force)),
        Err(error) => {
            let cause = std::error::Error::source(&error).map(|cause| format!(": {cause}")).unwrap_or_default();
            PolicyState::Unusable(Shown::text(&format!("{error}{cause}")))
        }
    }
}

/// Whether nothing has changed.
pub(super) fn is_same_policy(one: &PolicyState, other: &PolicyState) -> bool {
    match (one, other) {
        (PolicyState::None, PolicyState::None) => true,
        (PolicyState::Unusable(one), PolicyState::Unusable(other)) => one == other,
        (PolicyState::InForce(one), PolicyState::InForce(other)) => {
            one.policy == other.policy && one.source == other.source
        }
        _ => false,
    }
}
