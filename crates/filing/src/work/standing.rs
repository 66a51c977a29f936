//! What there is of a policy on this machine, and how another is brought.

use std::path::Path;

use super::{
    Work,
    policy::{InForce, WorkPolicy, signed_by},
    rights::Action,
};
use crate::{
    consent::{Consent, Question},
    problem,
    view::{ErrorCode, ErrorView},
};

/// What there is of a policy.
pub(super) enum Standing {
    None,
    InForce(Box<InForce>),
    Unusable(String),
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
    pub fn import(&self, content: &[u8], consent: &dyn Consent) -> Result<bool, ErrorView> {
        let inner = &self.0;
        let none = matches!(inner.state().policy, Standing::None);
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
pub(super) fn standing(system: &Path, data: &Path) -> Standing {
    match WorkPolicy::in_force(system, data) {
        Ok(None) => Standing::None,
        Ok(Some(in_force)) => Standing::InForce(Box::new(in_force)),
        Err(error) => {
            let cause = std::error::Error::source(&error).map(|cause| format!(": {cause}")).unwrap_or_default();
            Standing::Unusable(format!("{error}{cause}"))
        }
    }
}

/// Whether nothing has changed.
pub(super) fn same(one: &Standing, other: &Standing) -> bool {
    match (one, other) {
        (Standing::None, Standing::None) => true,
        (Standing::Unusable(one), Standing::Unusable(other)) => one == other,
        (Standing::InForce(one), Standing::InForce(other)) => one.policy == other.policy && one.source == other.source,
        _ => false,
    }
}
