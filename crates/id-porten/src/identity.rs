//! Who signed in, as far as the program may know it.

use serde::{Deserialize, Serialize};

/// The person of an authorization, from the validated id_token.
///
/// The national id (`pid`) is not here and is nowhere else: [`Identity::masked_id`] is computed while the id_token is
/// read, and the claim is dropped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// The issuer who says so; `sub` means something only together with it (OpenID Connect Core 1.0 section 2).
    pub issuer: String,
    /// The person's identifier at this issuer, pairwise for the integration.
    pub sub: String,
    /// The display name, where the integration asked for the scope `profile` and the issuer gave it.
    pub name: Option<String>,
    /// The national id with all but the date of birth hidden, for example `140381 •••••`.
    pub masked_id: Option<String>,
    /// How strongly the person proved who she is, for example `idporten-loa-substantial`.
    pub acr: Option<String>,
    /// When the person did so; earlier than the sign-in where single sign-on let her through.
    pub auth_time: Option<jiff::Timestamp>,
    /// The session at the issuer, for logging out.
    pub sid: Option<String>,
}

/// `140381 •••••` of an eleven-digit national id; nothing of anything else, so that no unforeseen form leaks.
pub(crate) fn masked(pid: &str) -> Option<String> {
    if pid.len() == 11 && pid.bytes().all(|b| b.is_ascii_digit()) {
        Some(format!("{} •••••", pid.get(..6)?))
    } else {
        None
    }
}

/// What an id_token of Ansattporten says beside [`Identity`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WorkClaims {
    /// The work account's address.
    pub email: Option<String>,
    /// Object ids of groups in Entra ID, at most [`crate::work::MOST_GROUPS`]; none where the token says nothing of groups.
    pub groups: Option<Vec<String>>,
    /// How the person proved who she is, for example `entraid_pwd` and `entraid-mfa`.
    pub amr: Vec<String>,
    /// The organisations as the id_token has them.
    pub authorization_details: Option<serde_json::Value>,
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn only_the_first_six_digits_stay() {
        assert_eq!(masked("14838112345").as_deref(), Some("148381 •••••"));
        assert_eq!(masked("1483811234"), None);
        assert_eq!(masked("1483811234x"), None);
        assert_eq!(masked("æøåæøå"), None);
    }
}
