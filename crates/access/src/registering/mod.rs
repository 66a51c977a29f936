//! Access: the integrations, who has given an authorization through them, the guide to registering one, and the
//! self-check. What the place Tilganger and the command line do.

mod check;
mod error;
mod guide;
mod text_keys;
mod texts;

use std::{path::PathBuf, sync::Arc};

use altinn::BearerToken;
use check::Tried;
use error::AccessError;
use id_porten::{AuthenticationMethod, RelyingParty, SigningKey};
use jiff::Timestamp;
use secrecy::{ExposeSecret as _, SecretString};
use shown::Shown;
use view::{
    AccessView, AuthorizationRow, ClockView, EnvironmentName, ErrorCode, FieldFaultView, GuideRequest, GuideView,
    IntegrationForm, IntegrationRow, IntegrationSource, Language, SavedIntegration, SecretState, SelfCheckView,
    consent::{self, Consent, Question},
    problem::{self, Problem},
};

use crate::{
    authorizations::{Authorization, AuthorizationError, AuthorizationId, Authorizations},
    environment::Environment,
    integrations::{
        IntegrationId, IntegrationSettings,
        form::{self, IntegrationFile},
    },
    session::{Session, SessionError, SignInRequest, scope_views},
    work::{Permit, rights::Action},
};

/// A file of this size is no integration and no key.
const LARGEST_FILE: u64 = 256 * 1024;

/// The integrations and authorizations of one installation, seen from one environment.
pub struct Access {
    session: Session,
    environment: Environment,
    data_dir: PathBuf,
}

type Answer<T> = Result<T, Problem>;

impl Access {
    /// Over a session that is open.
    pub fn new(session: Session, environment: Environment, data_dir: PathBuf) -> Self {
        Self { session, environment, data_dir }
    }

    /// The session.
    #[must_use]
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// Everything that is shown of integrations and authorizations.
    ///
    /// # Errors
    /// The database.
    pub fn view(&self) -> Answer<AccessView> {
        let permit = self.may(Action::AccessView)?;
        let chosen = self.session.chosen_integration().map_err(|error| error.problem())?.id;
        let mut integrations = Vec::new();
        let own = &self.environment.integration;
        if own.is_registered() {
            let source = match self.environment.name {
                EnvironmentName::Practice => IntegrationSource::BuiltIn,
                EnvironmentName::Test | EnvironmentName::Production => IntegrationSource::File,
            };
            integrations.push(self.row(permit, self.environment.name, own, source, &chosen)?);
        }
        for stored in stored_answer(self.store(permit).integrations())? {
            integrations.push(self.row(
                permit,
                stored.environment,
                &stored.settings,
                IntegrationSource::Own,
                &chosen,
            )?);
        }
        integrations.sort_by_key(|row| row.environment != self.environment.name);
        Ok(AccessView { integrations, authorizations: self.authorizations(permit)? })
    }

    fn row(
        &self,
        permit: Permit,
        environment: EnvironmentName,
        settings: &IntegrationSettings,
        source: IntegrationSource,
        chosen: &IntegrationId,
    ) -> Answer<IntegrationRow> {
        let store = self.store(permit);
        let marks = stored_answer(store.marks(environment, &settings.id))?;
        let public_key = match settings.authentication {
            AuthenticationMethod::PrivateKeyJwt => stored_answer(store.public_key(environment, settings))?,
            _ => None,
        };
        let secret = match settings.authentication {
            AuthenticationMethod::None => SecretState::NotNeeded,
            _ if stored_answer(store.client_secret_in(environment, settings))?.is_some() => SecretState::Kept,
            _ => SecretState::Missing,
        };
        Ok(IntegrationRow {
            id: settings.id.to_string(),
            environment,
            source,
            chosen: environment == self.environment.name && settings.id == *chosen,
            settings: settings.into(),
            redirect_uri: settings.redirect.registered(),
            secret,
            public_key: public_key.map(|key| key.to_string()),
            persons: stored_answer(store.persons(environment, &settings.id))?,
            checked_at: marks.checked_at,
            to_mend: marks.to_mend,
            destinations: settings.destinations().hosts(),
            foreign: self.foreign(environment, settings),
        })
    }

    fn authorizations(&self, permit: Permit) -> Answer<Vec<AuthorizationRow>> {
        let current = self.session.authorization().map(|authorization| authorization.id);
        let store = self.store(permit);
        let rows = stored_answer(store.all())?.into_iter().map(|authorization| {
            let settings = self.settings(permit, self.environment.name, &authorization.integration).ok();
            AuthorizationRow {
                id: authorization.id.to_string(),
                name: authorization.name.clone(),
                masked_id: authorization.masked_id.clone(),
                integration_id: authorization.integration.to_string(),
                integration: settings.as_ref().map(|settings| settings.name.clone()),
                current: current.as_ref() == Some(&authorization.id),
                // What cannot be looked up is not said to be gone.
                signed_out: matches!(store.has_stored_tokens(&authorization.id), Ok(false)),
                authorization: ClockView {
                    from: view::texts::moment(authorization.granted_at),
                    until: view::texts::moment(authorization.ends_at),
                },
                scopes: settings.map(|settings| scope_views(&settings, &authorization)).unwrap_or_default(),
            }
        });
        Ok(rows.collect())
    }

    /// The form of an integration to change, or of a new one: from a guide's variant, or from the environment's preset.
    ///
    /// # Errors
    /// `NotFound`, or an environment whose addresses are not known here.
    pub fn form(
        &self,
        environment: EnvironmentName,
        id: Option<&str>,
        guide: Option<&GuideRequest>,
        language: Language,
    ) -> Answer<IntegrationForm> {
        let id = id.map(IntegrationId::from);
        let permit = self.may(Action::IntegrationForm)?;
        if let Some(id) = &id {
            return Ok((&self.settings(permit, environment, id)?).into());
        }
        let preset = self.environment_named(environment)?.integration;
        let blank = IntegrationForm { name: String::new(), client_id: String::new(), ..(&preset).into() };
        Ok(match guide {
            Some(request) => guide::form(request, blank, language),
            None => blank,
        })
    }

    /// Keeps an integration, a new one where `id` is none, if every field can be what it says. The first one of an
    /// environment becomes the one that sign-ins go through.
    ///
    /// # Errors
    /// `NotFound` for one that is not ours to change; the database.
    pub async fn save(
        &self,
        environment: EnvironmentName,
        id: Option<&str>,
        form: &IntegrationForm,
        language: Language,
        consent: Arc<dyn Consent>,
    ) -> Answer<SavedIntegration> {
        let id = id.map(IntegrationId::from);
        let permit = self.may(Action::SaveIntegration)?;
        self.save_with_consent(permit, environment, id.as_ref(), form, language, consent, false).await
    }

    #[allow(clippy::too_many_arguments, reason = "a form with all that is asked about it")]
    async fn save_with_consent(
        &self,
        permit: Permit,
        environment: EnvironmentName,
        id: Option<&IntegrationId>,
        form: &IntegrationForm,
        language: Language,
        consent: Arc<dyn Consent>,
        imported: bool,
    ) -> Answer<SavedIntegration> {
        let before = match id {
            Some(id) => Some(self.own(permit, environment, id)?),
            None => None,
        };
        let new = match id {
            Some(id) => id.clone(),
            None => stored_answer(IntegrationId::random(self.session.parts().random.as_ref()).map_err(Into::into))?,
        };
        let settings = match form::settings_in(form, environment, &new) {
            Ok(settings) => settings,
            Err(faults) => {
                let faults = faults.into_iter().map(|fault| FieldFaultView {
                    field: fault.field,
                    reason: fault.reason,
                    text: texts::text(text_keys::fault(fault.reason), language),
                });
                return Ok(SavedIntegration::Faulty { faults: faults.collect() });
            }
        };
        // What was said yes to before is not asked again.
        let known = before.map(|before| self.foreign(environment, &before)).unwrap_or_default();
        let hosts = self.foreign(environment, &settings);
        if hosts.iter().any(|host| !known.contains(host)) {
            let question = Question::TokensGoTo { integration: settings.name.clone(), hosts };
            if !consent::given(consent, question).await {
                return Ok(SavedIntegration::Declined);
            }
        }
        stored_answer(self.store(permit).store_integration(environment, &settings, imported))?;
        if !imported && id.is_none() && self.is_first(permit, environment, &new)? {
            stored_answer(self.store(permit).choose_integration(environment, &new))?;
        }
        if environment == self.environment.name {
            self.session.integration_changed(&new).await;
        }
        Ok(SavedIntegration::Saved { id: new.to_string() })
    }

    /// The hosts that an integration's tokens go to beside the known issuer's own. While practising, what lies on this
    /// machine is nobody else's.
    fn foreign(&self, environment: EnvironmentName, settings: &IntegrationSettings) -> Vec<String> {
        let destinations = settings.destinations();
        let hosts = match self.environment_named(environment) {
            Ok(known) => destinations.foreign(&known.integration.issuer),
            Err(_) => destinations.hosts(),
        };
        let practises = environment == EnvironmentName::Practice;
        let here = |host: &str| loopback::is_loopback(host.rsplit_once(':').map_or(host, |(name, _)| name));
        hosts.into_iter().filter(|host| !(practises && here(host))).collect()
    }

    fn is_first(&self, permit: Permit, environment: EnvironmentName, id: &IntegrationId) -> Answer<bool> {
        let preset = self.environment_named(environment).is_ok_and(|it| it.integration.is_registered());
        let others = stored_answer(self.store(permit).integrations())?;
        Ok(!preset && !others.iter().any(|it| it.environment == environment && it.settings.id != *id))
    }

    /// Removes an integration and every authorization given through it.
    ///
    /// # Errors
    /// `NotFound` for one that is not ours to remove; the database.
    pub async fn remove(&self, environment: EnvironmentName, id: &str) -> Answer<()> {
        let id = &IntegrationId::from(id);
        let permit = self.may(Action::RemoveIntegration)?;
        self.own(permit, environment, id)?;
        if environment == self.environment.name {
            let through = self.store(permit).all().map_err(|error| stored(error).problem())?;
            for authorization in through.into_iter().filter(|it| it.integration == *id) {
                // Its tokens are taken back as far as that goes.
                self.session.forget(&authorization.id).await.map_err(|error| error.problem())?;
            }
        }
        stored_answer(self.store(permit).remove_integration(environment, id))?;
        Ok(())
    }

    /// Sign-ins go through this integration from now on. Who is signed in stays so.
    ///
    /// # Errors
    /// `NotFound`, or the database.
    pub fn choose(&self, environment: EnvironmentName, id: &str) -> Answer<()> {
        let id = &IntegrationId::from(id);
        let permit = self.may(Action::ChooseIntegration)?;
        self.settings(permit, environment, id)?;
        stored_answer(self.store(permit).choose_integration(environment, id))
    }

    /// Keeps a client secret. It is never shown again.
    ///
    /// # Errors
    /// `NotFound`; `KeyringRefused` where nothing could be sealed; the database.
    pub fn set_client_secret(&self, environment: EnvironmentName, id: &str, secret: &SecretString) -> Answer<()> {
        let id = &IntegrationId::from(id);
        let permit = self.may(Action::SetSecret)?;
        let settings = self.settings(permit, environment, id)?;
        let trimmed = SecretString::from(secret.expose_secret().trim().to_owned());
        stored_answer(self.store(permit).set_client_secret_in(environment, &settings, &trimmed))
    }

    /// Makes a key for `private_key_jwt`, in place of an earlier one, and gives its public half to register. Takes a
    /// second or two.
    ///
    /// # Errors
    /// `NotFound`, the database, or no key could be made.
    pub async fn make_client_key(&self, environment: EnvironmentName, id: &str) -> Answer<String> {
        let id = &IntegrationId::from(id);
        let permit = self.may(Action::MakeKey)?;
        let settings = self.settings(permit, environment, id)?;
        let made = tokio::task::spawn_blocking(SigningKey::generate).await;
        let key = match made {
            Ok(Ok(key)) => key,
            Ok(Err(error)) => return Err(problem::of(ErrorCode::Internal, &error)),
            Err(error) => return Err(problem::of(ErrorCode::Internal, &error)),
        };
        self.store_key(permit, environment, &settings, &key)
    }

    /// Takes a private key over from a file in PEM form, and gives its public half to register.
    ///
    /// # Errors
    /// `NotFound`, a file that holds no key that serves, the database.
    pub fn import_client_key(&self, environment: EnvironmentName, id: &str, pem: &SecretString) -> Answer<String> {
        let id = &IntegrationId::from(id);
        let permit = self.may(Action::ImportKey)?;
        let settings = self.settings(permit, environment, id)?;
        let key = SigningKey::from_pem(pem.expose_secret());
        let key = key.map_err(|error| problem::of(ErrorCode::KeyUnusable, &error))?;
        self.store_key(permit, environment, &settings, &key)
    }

    fn store_key(
        &self,
        permit: Permit,
        environment: EnvironmentName,
        settings: &IntegrationSettings,
        key: &SigningKey,
    ) -> Answer<String> {
        let pem = key.to_pem().map_err(|error| problem::of(ErrorCode::Internal, &error))?;
        stored_answer(self.store(permit).set_client_secret_in(environment, settings, &pem))?;
        Ok(key.clone().with_key_id(settings.key_id.as_deref()).public_jwk().to_string())
    }

    /// An integration as a file, without secrets: its name and its content.
    ///
    /// # Errors
    /// `NotFound`, or the database.
    pub fn export(&self, environment: EnvironmentName, id: &str) -> Answer<(String, String)> {
        let id = &IntegrationId::from(id);
        let permit = self.may(Action::ExportIntegration)?;
        let settings = self.settings(permit, environment, id)?;
        let plain: String =
            settings.name.chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).collect::<String>();
        let file = IntegrationFile::new(environment, (&settings).into());
        let content = file.to_json().map_err(|error| problem::of(ErrorCode::Internal, &error))?;
        Ok((format!("{}.momsbud.json", plain.trim_matches('-').to_lowercase()), content))
    }

    /// Takes an integration over from a file's content; its secret is still to be entered, and no sign-in goes through it
    /// before a person has chosen it. Nothing where she did not agree to where its tokens go.
    ///
    /// # Errors
    /// `NotAnIntegration`, or the database.
    pub async fn import(
        &self,
        content: &[u8],
        language: Language,
        consent: Arc<dyn Consent>,
    ) -> Answer<Option<(EnvironmentName, String)>> {
        let permit = self.may(Action::ImportIntegration)?;
        let file = IntegrationFile::parse(content).map_err(|error| problem::of(ErrorCode::NotAnIntegration, &error))?;
        match self.save_with_consent(permit, file.environment, None, &file.integration, language, consent, true).await?
        {
            SavedIntegration::Saved { id } => Ok(Some((file.environment, id))),
            SavedIntegration::Declined => Ok(None),
            SavedIntegration::Faulty { faults } => {
                let words = faults
                    .iter()
                    .map(|fault| format!("{}: {}", texts::text(text_keys::field(fault.field), language), fault.text));
                Err(AccessError::Faulty { fields: words.collect::<Vec<_>>().join(" ") }.into())
            }
        }
    }

    /// Reads a small file that a person has chosen.
    ///
    /// # Errors
    /// It cannot be read, or is too large to be what it should.
    pub async fn read_file(path: PathBuf) -> Answer<Vec<u8>> {
        let file = Shown::file_name(&path);
        let read = tokio::task::spawn_blocking(move || files::open::read(&path, LARGEST_FILE));
        match read.await {
            Ok(Ok(content)) => Ok(content),
            Ok(Err(files::open::Refused::TooLarge { .. })) => Err(AccessError::FileTooLarge { file }.into()),
            Ok(Err(error)) => Err(problem::of(ErrorCode::FileUnreadable, &error).with("file", file)),
            Err(error) => Err(problem::of(ErrorCode::Internal, &error)),
        }
    }

    /// The guide to registering an integration.
    #[must_use]
    pub fn guide(request: &GuideRequest, language: Language) -> GuideView {
        guide::guide(request, language)
    }

    /// Tries an integration. With `sign_in` a person signs in through it first, in her browser, and stays signed in.
    ///
    /// # Errors
    /// `NotFound`, or the database.
    pub async fn check(
        &self,
        environment: EnvironmentName,
        id: &str,
        sign_in: Option<SignInRequest>,
        language: Language,
    ) -> Answer<SelfCheckView> {
        let id = &IntegrationId::from(id);
        let permit = self.may(Action::CheckIntegration)?;
        let settings = self.settings(permit, environment, id)?;
        let here = environment == self.environment.name;
        let outcome = match sign_in.filter(|_| here) {
            Some(request) => {
                let request = SignInRequest { integration: Some(id.clone()), ..request };
                Some(self.session.sign_in(request).await)
            }
            None => None,
        };
        let secret = stored_answer(self.store(permit).client_secret_in(environment, &settings))?;
        let secret = secret.as_ref().map(|secret| secret.as_str());
        let found = check::check(self, &settings, here, secret, outcome.as_ref(), language).await;
        stored_answer(self.store(permit).checked(environment, id, &found.at, found.to_mend))?;
        Ok(found)
    }

    /// Forgets an authorization: everything of it goes, here and as far as possible at ID-porten.
    ///
    /// # Errors
    /// The database.
    pub async fn forget(&self, id: &str) -> Answer<()> {
        self.may(Action::Forget)?;
        self.session.forget(&AuthorizationId::new(id)).await.map_err(|error| error.problem())
    }

    /// Asks the gate.
    fn may(&self, action: Action) -> Answer<Permit> {
        Ok(self.session.parts().work.may(action, None)?)
    }

    fn store(&self, _: Permit) -> &Authorizations {
        &self.session.parts().authorizations
    }

    fn now(&self) -> Timestamp {
        self.session.parts().clock.now()
    }

    fn relying_party(&self) -> &RelyingParty {
        &self.session.parts().id_porten
    }

    fn clock_off_minutes(&self) -> Option<u32> {
        self.session.clock_off_minutes()
    }

    fn environment_named(&self, name: EnvironmentName) -> Answer<Environment> {
        if name == self.environment.name {
            return Ok(self.environment.clone());
        }
        let preset = Environment::preset(name, &self.data_dir);
        let preset = preset.map_err(|error| problem::of(ErrorCode::DataUnusable, &error))?;
        Ok(preset.ok_or(AccessError::NoPractice)?)
    }

    fn settings(
        &self,
        permit: Permit,
        environment: EnvironmentName,
        id: &IntegrationId,
    ) -> Answer<IntegrationSettings> {
        if id.is_standard() {
            return Ok(self.environment_named(environment)?.integration);
        }
        Ok(stored_answer(self.store(permit).integration(environment, id))?.ok_or(AccessError::None)?)
    }

    /// One that was made here, and may be changed.
    fn own(&self, permit: Permit, environment: EnvironmentName, id: &IntegrationId) -> Answer<IntegrationSettings> {
        match stored_answer(self.store(permit).integration(environment, id))? {
            Some(settings) => Ok(settings),
            None => Err(AccessError::NotOurs.into()),
        }
    }

    /// The authorization of the person who is signed in, if she signed in through this integration as it is now.
    fn signed_in_through(&self, settings: &IntegrationSettings) -> Option<Authorization> {
        self.session.authorization().filter(|authorization| authorization.integration == settings.id)
    }

    /// Exchanges the person's token once more.
    async fn try_exchange(&self, authorization: &Authorization) -> Result<(), Tried> {
        let token: BearerToken = self.session.id_porten_token(&authorization.id).await.map_err(Tried::NoToken)?;
        self.session.parts().altinn.exchange(&token).await.map(drop).map_err(Tried::Refused)
    }
}

impl std::fmt::Debug for Access {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Access").field("environment", &self.environment.name).finish_non_exhaustive()
    }
}

fn stored(error: AuthorizationError) -> SessionError {
    SessionError::Store(Arc::new(error))
}

fn stored_answer<T>(answer: Result<T, AuthorizationError>) -> Answer<T> {
    answer.map_err(|error| stored(error).problem())
}
