//! Work accounts: what Ansattporten is asked for, and what it says of an employee (apis.md section 4).
//!
//! Ansattporten is an issuer of its own beside ID-porten: other discovery, another client, no single sign-on. What it adds
//! is a rich authorization request by which the person chooses the organisation she acts for. The answer has been published
//! in several shapes; [`Organisations::read`] knows them all and no other.

mod organisations;
mod request;

use crate::error::{SignInError, TokenError};
use crate::grant::Grant;
use crate::identity::Identity;
pub use organisations::{
    Organisation, OrganisationNumber, OrganisationNumberError, Organisations, OrganisationsError, RefusedOrganisation,
};
pub use request::{Actions, Booleans, Form, Representation, WorkRequest};
use serde::{Deserialize, Serialize};

/// Ansattporten in production (apis.md section 4.1).
pub const ANSATTPORTEN: &str = "https://ansattporten.no";
/// Ansattporten's test environment (apis.md section 4.1).
pub const ANSATTPORTEN_TEST: &str = "https://test.ansattporten.no";
/// How a sign-in with Entra ID is named in `acr_values` and `acr` (apis.md section 4.2).
pub const ENTRA_ID: &str = "entraid";
/// How many groups a token carries at most (apis.md section 4.2).
pub const MOST_GROUPS: usize = 20;

/// The groups of an employee, as far as they are known.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Groups {
    ids: Vec<String>,
}

/// Whether somebody is in a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Membership {
    /// The token says so.
    Member,
    /// The token names all groups, and not this one.
    NotMember,
    /// The token names the first twenty groups, and not this one: it may be among the others.
    Unknown,
}

impl Groups {
    /// The groups of a token; object ids are compared without regard to case, as Entra ID does.
    #[must_use]
    pub fn new(ids: impl IntoIterator<Item = String>) -> Self {
        Self { ids: ids.into_iter().map(|id| id.trim().to_ascii_lowercase()).filter(|id| !id.is_empty()).collect() }
    }

    /// Whether these are all: a token that is full says nothing about the groups it leaves out.
    #[must_use]
    pub fn are_all(&self) -> bool {
        self.ids.len() < MOST_GROUPS
    }

    /// How many the token names.
    #[must_use]
    pub fn count(&self) -> usize {
        self.ids.len()
    }

    /// Whether a group is among them.
    #[must_use]
    pub fn has(&self, group: &str) -> Membership {
        let group = group.trim().to_ascii_lowercase();
        if self.ids.contains(&group) {
            Membership::Member
        } else if self.are_all() {
            Membership::NotMember
        } else {
            Membership::Unknown
        }
    }
}

/// Who has signed in with a work account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Employee {
    /// Issuer, subject, name, level.
    pub identity: Identity,
    /// The work account's address.
    pub email: Option<String>,
    /// Groups in Entra ID.
    pub groups: Groups,
    /// Whether Entra ID asked for a second factor.
    pub second_factor: bool,
    /// The organisations she acts for.
    pub organisations: Organisations,
}

impl Employee {
    /// Reads the employee out of what a sign-in for `request` brought home.
    ///
    /// # Errors
    /// [`OrganisationsError`]; nothing of the sign-in may be used then.
    pub fn of(grant: &Grant, request: &WorkRequest) -> Result<Self, OrganisationsError> {
        let claims = &grant.work;
        let organisations = Organisations::agreed(
            request,
            claims.authorization_details.as_ref(),
            grant.authorization_details.as_ref(),
        )?;
        Ok(Self {
            identity: grant.identity.clone(),
            email: claims.email.clone(),
            groups: Groups::new(claims.groups.clone().unwrap_or_default()),
            second_factor: claims.amr.iter().any(|way| is_second_factor(way)),
            organisations,
        })
    }
}

/// The documentation writes it in two ways (apis.md section 4.2).
fn is_second_factor(way: &str) -> bool {
    matches!(way, "entraid-mfa" | "entraid_mfa")
}

/// Why a work account did not get in, by whose turn it is to act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum WorkRefusal {
    /// The person has not agreed that Ansattporten may read her account, or must ask somebody to. Remedy: agree, the first
    /// time; where Entra ID shows "needs approval", the firm's administrator does it for everybody.
    ConsentNeeded,
    /// The firm's administrator has not let Ansattporten in, or not this person. Remedy: docs/entra.md.
    Blocked,
    /// The request wants an organisation and the person acts for none. Remedy: the employer ties her to its organisation in
    /// Virksomhetsbroen.
    NothingRepresented,
    /// Ansattporten does not know the kind of organisation request: a pilot that is not open in this environment. Remedy:
    /// try the test environment, or ask Digdir to open it for the client.
    NotOpen,
}

impl WorkRefusal {
    /// Reads what is known of a refusal; none where it is one that every issuer gives. The numbers are Microsoft's own and
    /// stand in its text ("AADSTS65001"); Ansattporten publishes none (apis.md section 4, "Unknown").
    #[must_use]
    pub fn of(error: &SignInError) -> Option<Self> {
        let (error, description) = match error {
            SignInError::Denied { error, description }
            | SignInError::Token(
                TokenError::Refused { error, description } | TokenError::IntegrationRefused { error, description },
            ) => (error.as_str(), description.as_deref().unwrap_or_default()),
            _ => return None,
        };
        let says = |words: &[&str]| words.iter().any(|word| description.contains(word));
        if error == "consent_required" || says(&["AADSTS65001", "AADSTS65004", "AADSTS90094", "AADSTS90008"]) {
            Some(Self::ConsentNeeded)
        } else if says(&["AADSTS50105", "AADSTS53003", "AADSTS7000112", "AADSTS650052", "AADSTS90093"]) {
            Some(Self::Blocked)
        } else if says(&["representation_is_required"]) {
            Some(Self::NothingRepresented)
        } else if error == "invalid_authorization_details" {
            Some(Self::NotOpen)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn twenty_groups_prove_no_absence() {
        let groups = |count: usize| Groups::new((0..count).map(|n| format!("AAAAAAAA-0000-0000-0000-{n:012}")));
        let first = "aaaaaaaa-0000-0000-0000-000000000000";
        for count in [1, 3, 19, 20] {
            assert_eq!(groups(count).has(first), Membership::Member, "{count}, whatever the case of its letters");
        }
        assert_eq!(groups(19).has("aaaaaaaa-0000-0000-0000-000000000099"), Membership::NotMember);
        assert_eq!(groups(20).has("aaaaaaaa-0000-0000-0000-000000000099"), Membership::Unknown);
        assert_eq!(Groups::default().has(first), Membership::NotMember);
    }

    #[test]
    fn a_second_factor_is_known_in_both_spellings() {
        assert!(is_second_factor("entraid-mfa") && is_second_factor("entraid_mfa"));
        assert!(!is_second_factor("entraid_pwd") && !is_second_factor("mfa"));
    }

    #[test]
    fn a_refusal_says_whose_turn_it_is() {
        let denied = |error: &str, text: &str| {
            WorkRefusal::of(&SignInError::Denied { error: error.to_owned(), description: Some(text.to_owned()) })
        };
        assert_eq!(denied("access_denied", "AADSTS65004: User declined to consent"), Some(WorkRefusal::ConsentNeeded));
        assert_eq!(denied("consent_required", ""), Some(WorkRefusal::ConsentNeeded));
        assert_eq!(denied("access_denied", "AADSTS90094: needs admin approval"), Some(WorkRefusal::ConsentNeeded));
        assert_eq!(denied("access_denied", "AADSTS50105: not assigned"), Some(WorkRefusal::Blocked));
        assert_eq!(denied("access_denied", "AADSTS7000112: disabled"), Some(WorkRefusal::Blocked));
        assert_eq!(
            denied("access_denied", "representation_is_required, and there is no organisation"),
            Some(WorkRefusal::NothingRepresented)
        );
        assert_eq!(denied("invalid_authorization_details", "unknown type"), Some(WorkRefusal::NotOpen));
        assert_eq!(denied("access_denied", "The user cancelled the login"), None);
        assert_eq!(WorkRefusal::of(&SignInError::TimedOut), None);
        let pushed = TokenError::Refused { error: "invalid_authorization_details".to_owned(), description: None };
        assert_eq!(WorkRefusal::of(&SignInError::Token(pushed)), Some(WorkRefusal::NotOpen));
    }
}
