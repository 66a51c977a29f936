//! The client at Ansattporten: how it proves itself, and its secret or key, sealed as those of the integrations are.
//!
//! The rules name the client and never its secret. Who is locked out can enter one that is missing or that Ansattporten
//! refuses, because without it nobody could ever sign in who may: it opens nothing by itself. One that works is the
//! administrator's to change.

use id_porten::{AuthenticationMethod, ClientAuthentication, SigningKey};
use secrecy::{ExposeSecret as _, SecretString};
use store::{database::columns::word, vault::Vault};
use view::{
    ErrorCode, SecretState, WorkClientView, WorkFailureKind,
    problem::{self, Problem},
};

use super::{
    PolicyState, Work,
    account_store::{CLIENT, same_client},
    failure::Failure,
    policy::WorkClient,
    rights::Action,
};
use crate::integrations::form::client_proof;
use crate::integrations::{IntegrationError, proof};

impl Work {
    /// Keeps the secret of the client that the rules name. It is never shown again.
    ///
    /// May wait for a person whose keyring is locked.
    ///
    /// # Errors
    /// `NotFound` where the client here has no secret, `WorkLocked` or `WorkForbidden`.
    pub fn set_client_secret(&self, secret: &SecretString) -> Result<(), Problem> {
        use AuthenticationMethod as M;
        let row = self.may_set_client(&[M::ClientSecretPost, M::ClientSecretBasic])?;
        self.store_client_secret(row, SecretString::from(secret.expose_secret().trim().to_owned()))
    }

    /// Makes a key for `private_key_jwt`, in place of an earlier one, and gives its public half to register. Takes a
    /// second or two, and may wait for a person whose keyring is locked.
    ///
    /// # Errors
    /// As [`Work::set_client_secret`]; no key could be made.
    pub fn make_client_key(&self) -> Result<String, Problem> {
        let row = self.may_set_client(&[AuthenticationMethod::PrivateKeyJwt])?;
        let key = SigningKey::generate().map_err(|error| problem::of(ErrorCode::Internal, &error))?;
        self.store_client_key(row, &key)
    }

    /// Takes a private key over from a file in PEM form, and gives its public half to register.
    ///
    /// # Errors
    /// As [`Work::set_client_secret`]; a file that holds no key that serves.
    pub fn import_client_key(&self, pem: &SecretString) -> Result<String, Problem> {
        let row = self.may_set_client(&[AuthenticationMethod::PrivateKeyJwt])?;
        let key = SigningKey::from_pem(pem.expose_secret());
        self.store_client_key(row, &key.map_err(|error| problem::of(ErrorCode::KeyUnusable, &error))?)
    }

    /// Whether the client's key may be set now; asked before a file is chosen.
    ///
    /// # Errors
    /// As [`Work::set_client_secret`].
    pub fn may_set_client_key(&self) -> Result<(), Problem> {
        self.may_set_client(&[AuthenticationMethod::PrivateKeyJwt]).map(drop)
    }

    fn store_client_key(&self, row: String, key: &SigningKey) -> Result<String, Problem> {
        let pem = key.to_pem().map_err(|error| problem::of(ErrorCode::Internal, &error))?;
        self.store_client_secret(row, pem)?;
        Ok(key.public_jwk().to_string())
    }

    fn store_client_secret(&self, row: String, secret: SecretString) -> Result<(), Problem> {
        let inner = &self.0;
        let random = inner.random.as_ref();
        let vault = Vault::open(inner.keyring.as_ref(), random);
        let vault = vault.map_err(|error| problem::of(ErrorCode::Internal, &error))?;
        let now = inner.clock.now();
        let kept = inner.kept.put(CLIENT, &row, &vault, random, secret.expose_secret().as_bytes(), now);
        if kept {
            inner.kept.remove_others(CLIENT, &row, &word(&inner.environment));
        }
        {
            let mut state = inner.state();
            // Without a keyring until the program closes.
            state.client_secret = (!kept).then_some((row, secret));
            if matches!(&state.problem, Some(failure) if is_about_the_client(failure)) {
                state.problem = None;
            }
        }
        self.publish();
        Ok(())
    }

    /// Whether the client's secret may be set; then what it is kept under.
    fn may_set_client(&self, methods: &[AuthenticationMethod]) -> Result<String, Problem> {
        let Some((client, row)) = self.client().filter(|(client, _)| methods.contains(&client.authentication)) else {
            let message = "The rules name no client here that proves itself in that way.";
            return Err(problem::says(ErrorCode::NotFound, message));
        };
        if !self.client_is_open(&client, &row) {
            self.may(Action::SetWorkClient, None)?;
        }
        Ok(row)
    }

    /// Whether anybody may enter the client's secret now: nobody could sign in without.
    fn client_is_open(&self, client: &WorkClient, row: &str) -> bool {
        let refused = || self.0.state().problem.as_ref().is_some_and(is_about_the_client);
        self.is_locked() && (self.secret_state(client, row) == SecretState::Missing || refused())
    }

    /// The client that the rules name for this environment, and what its secret is kept under: another client's or another
    /// issuer's is never sent there.
    fn client(&self) -> Option<(WorkClient, String)> {
        let inner = &self.0;
        let state = inner.state();
        let PolicyState::InForce(in_force) = &state.policy else { return None };
        let at = inner.environment.into();
        let sign_in = &in_force.policy.sign_in;
        let client = sign_in.clients.get(&at).filter(|_| in_force.policy.governs(inner.environment))?;
        let published = inner.way_in.as_ref().map(|way_in| &way_in.issuer);
        let issuer = sign_in.issuers.get(&at).or(published).map_or("", |issuer| issuer.as_str());
        // The practice authorities have another port each time, and no secrets.
        let issuer = if inner.environment == view::EnvironmentName::Practice { "practice" } else { issuer };
        Some((client.clone(), same_client(&word(&inner.environment), issuer, &client.client_id, &sign_in.endpoints)))
    }

    fn secret_state(&self, client: &WorkClient, row: &str) -> SecretState {
        let inner = &self.0;
        let in_memory = || inner.state().client_secret.as_ref().is_some_and(|(its, _)| its == row);
        match client.authentication {
            AuthenticationMethod::None => SecretState::NotNeeded,
            _ if in_memory() || inner.kept.has(CLIENT, row).unwrap_or(false) => SecretState::Kept,
            _ => SecretState::Missing,
        }
    }

    /// How the client proves itself, with its secret. May wait for a person whose keyring is locked.
    pub(super) fn client_proof(&self) -> Result<ClientAuthentication, Failure> {
        let inner = &self.0;
        let Some((client, row)) = self.client() else { return Ok(ClientAuthentication::None) };
        let in_memory = inner.state().client_secret.clone().filter(|(its, _)| *its == row).map(|(_, secret)| secret);
        let secret = match in_memory {
            Some(secret) => Some(secret),
            None if client.authentication == AuthenticationMethod::None => None,
            None if !inner.kept.has(CLIENT, &row).unwrap_or(false) => None,
            None => Vault::open(inner.keyring.as_ref(), inner.random.as_ref())
                .ok()
                .and_then(|vault| inner.kept.get(CLIENT, &row, &vault))
                .and_then(|bytes| std::str::from_utf8(&bytes).ok().map(|text| SecretString::from(text.to_owned()))),
        };
        proof(client.authentication, secret.as_ref().map(|secret| secret.expose_secret())).map_err(
            |error| match error {
                IntegrationError::SecretMissing(_) => Failure::of_client(WorkFailureKind::SecretMissing, None),
                error => Failure::of_client(WorkFailureKind::Setup, Some(&error)),
            },
        )
    }

    /// What is shown of the client; none where the rules name none here.
    pub(super) fn client_view(&self) -> Option<WorkClientView> {
        let (client, row) = self.client()?;
        let redirect_uri = match &self.0.state().policy {
            PolicyState::InForce(in_force) => in_force.policy.sign_in.redirect.registered(),
            _ => return None,
        };
        let secret = self.secret_state(&client, &row);
        let open = secret != SecretState::NotNeeded && self.client_is_open(&client, &row);
        let proof = client_proof(client.authentication);
        Some(WorkClientView { client_id: client.client_id, proof, redirect_uri, secret, open })
    }
}

fn is_about_the_client(failure: &Failure) -> bool {
    matches!(failure.kind, WorkFailureKind::SecretMissing | WorkFailureKind::Setup)
}
