//! Access: the integrations, who has given an authorization through them, the guide to registering one, and the
//! self-check. What the place Tilganger and the command line do.

mod check;
mod guide;
mod texts;
mod words;

use std::{path::PathBuf, sync::Arc};

use altinn::BearerToken;
use check::Tried;
use id_porten::{AuthenticationMethod, RelyingParty, SigningKey};
use jiff::Timestamp;
use secrecy::{ExposeSecret as _, SecretString};

use crate::{
    authorizations::{Authorization, AuthorizationError, AuthorizationId, Authorizations},
    consent::{self, Consent, Question},
    environment::Environment,
    integrations::{IntegrationSettings, STANDARD, form::IntegrationFile},
    problem,
    session::{Session, SessionError, SignInRequest, scope_views},
    view::{
        AccessView, AuthorizationRow, ClockView, EnvironmentName, ErrorCode, ErrorView, FieldFaultView, GuideRequest,
        GuideView, IntegrationForm, IntegrationRow, IntegrationSource, LanguageName, SavedIntegration, SecretState,
        SelfCheckView,
    },
    work::rights::Action,
};

/// A file of this size is no integration and no key.
const LARGEST_FILE: u64 = 256 * 1024;

/// The integrations and authorizations of one installation, seen from one environment.
pub struct Access {
    session: Session,
    environment: Environment,
    data_dir: PathBuf,
}

type Answer<T> = Result<T, ErrorView>;

impl Access {
    /// Over a session that is open.
    pub(crate) fn new(session: Session, environment: Environment, data_dir: PathBuf) -> Self {
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
        self.may(Action::AccessView)?;
        let chosen = self.session.chosen_integration().map_err(|error| error.view())?.id;
        let mut integrations = Vec::new();
        let own = &self.environment.integration;
        if own.is_registered() {
            let source = match self.environment.name {
                EnvironmentName::Practice => IntegrationSource::BuiltIn,
                EnvironmentName::Test | EnvironmentName::Production => IntegrationSource::File,
            };
            integrations.push(self.row(self.environment.name, own, source, &chosen)?);
        }
        for stored in kept(self.store().integrations())? {
            integrations.push(self.row(stored.environment, &stored.settings, IntegrationSource::Own, &chosen)?);
        }
        integrations.sort_by_key(|row| row.environment != self.environment.name);
        Ok(AccessView { integrations, authorizations: self.authorizations()? })
    }

    fn row(
        &self,
        environment: EnvironmentName,
        settings: &IntegrationSettings,
        source: IntegrationSource,
        chosen: &str,
    ) -> Answer<IntegrationRow> {
        let store = self.store();
        let marks = kept(store.marks(environment, &settings.id))?;
        let public_key = match settings.authentication {
            AuthenticationMethod::PrivateKeyJwt => kept(store.public_key(environment, settings))?,
            _ => None,
        };
        let secret = match settings.authentication {
            AuthenticationMethod::None => SecretState::NotNeeded,
            _ if kept(store.client_secret_in(environment, settings))?.is_some() => SecretState::Kept,
            _ => SecretState::Missing,
        };
        Ok(IntegrationRow {
            id: settings.id.clone(),
            environment,
            source,
            chosen: environment == self.environment.name && settings.id == chosen,
            settings: settings.into(),
            redirect_uri: settings.redirect.registered(),
            secret,
            public_key: public_key.map(|key| key.to_string()),
            persons: kept(store.persons(environment, &settings.id))?,
            checked_at: marks.checked_at,
            to_mend: marks.to_mend,
            destinations: settings.destinations().hosts(),
            foreign: self.foreign(environment, settings),
        })
    }

    fn authorizations(&self) -> Answer<Vec<AuthorizationRow>> {
        let current = self.session.authorization().map(|authorization| authorization.id);
        let rows = kept(self.store().all())?.into_iter().map(|authorization| {
            let settings = self.settings(self.environment.name, &authorization.integration).ok();
            AuthorizationRow {
                id: authorization.id.to_string(),
                name: authorization.name.clone(),
                masked_id: authorization.masked_id.clone().unwrap_or_default(),
                integration_id: authorization.integration.clone(),
                integration: settings.as_ref().map(|settings| settings.name.clone()).unwrap_or_default(),
                current: current.as_ref() == Some(&authorization.id),
                authorization: ClockView {
                    from: crate::words::moment(authorization.granted_at),
                    until: crate::words::moment(authorization.ends_at),
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
        language: LanguageName,
    ) -> Answer<IntegrationForm> {
        self.may(Action::IntegrationForm)?;
        if let Some(id) = id {
            return Ok((&self.settings(environment, id)?).into());
        }
        let preset = self.environment_named(environment)?.integration;
        let blank = IntegrationForm { name: String::new(), client_id: String::new(), ..(&preset).into() };
        Ok(match guide {
            Some(request) => guide::form(request, blank, language.into()),
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
        language: LanguageName,
        consent: Arc<dyn Consent>,
    ) -> Answer<SavedIntegration> {
        self.may(Action::SaveIntegration)?;
        self.keep(environment, id, form, language, consent, false).await
    }

    async fn keep(
        &self,
        environment: EnvironmentName,
        id: Option<&str>,
        form: &IntegrationForm,
        language: LanguageName,
        consent: Arc<dyn Consent>,
        imported: bool,
    ) -> Answer<SavedIntegration> {
        let before = match id {
            Some(id) => Some(self.own(environment, id)?),
            None => None,
        };
        let settings = match form.settings_in(environment, id.unwrap_or_default()) {
            Ok(settings) => settings,
            Err(faults) => {
                let faults = faults.into_iter().map(|fault| FieldFaultView {
                    field: fault.field,
                    reason: fault.reason,
                    text: texts::text(words::fault(fault.reason), language.into()),
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
        let random = self.session.parts().random.as_ref();
        let new = kept(self.store().keep_integration(random, environment, id, &settings, imported))?;
        if !imported && id.is_none() && self.is_first(environment, &new)? {
            kept(self.store().choose_integration(environment, &new))?;
        }
        if environment == self.environment.name {
            self.session.integration_changed(&new).await;
        }
        Ok(SavedIntegration::Saved { id: new })
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

    fn is_first(&self, environment: EnvironmentName, id: &str) -> Answer<bool> {
        let preset = self.environment_named(environment).is_ok_and(|it| it.integration.is_registered());
        let others = kept(self.store().integrations())?;
        Ok(!preset && !others.iter().any(|it| it.environment == environment && it.settings.id != id))
    }

    /// Removes an integration and every authorization given through it.
    ///
    /// # Errors
    /// `NotFound` for one that is not ours to remove; the database.
    pub async fn remove(&self, environment: EnvironmentName, id: &str) -> Answer<()> {
        self.may(Action::RemoveIntegration)?;
        self.own(environment, id)?;
        if environment == self.environment.name {
            let through = self.store().all().map_err(|error| stored(error).view())?;
            for authorization in through.into_iter().filter(|it| it.integration == id) {
                // Its tokens are taken back as far as that goes.
                self.session.forget(&authorization.id).await.map_err(|error| error.view())?;
            }
        }
        kept(self.store().remove_integration(environment, id))?;
        Ok(())
    }

    /// Sign-ins go through this integration from now on. Who is signed in stays so.
    ///
    /// # Errors
    /// `NotFound`, or the database.
    pub fn choose(&self, environment: EnvironmentName, id: &str) -> Answer<()> {
        self.may(Action::ChooseIntegration)?;
        self.settings(environment, id)?;
        kept(self.store().choose_integration(environment, id))
    }

    /// Keeps a client secret. It is never shown again.
    ///
    /// # Errors
    /// `NotFound`; `KeyringRefused` where nothing could be sealed; the database.
    pub fn set_secret(&self, environment: EnvironmentName, id: &str, secret: &SecretString) -> Answer<()> {
        self.may(Action::SetSecret)?;
        let settings = self.settings(environment, id)?;
        let trimmed = SecretString::from(secret.expose_secret().trim().to_owned());
        kept(self.store().set_client_secret_in(environment, &settings, &trimmed))
    }

    /// Makes a key for `private_key_jwt`, in place of an earlier one, and gives its public half to register. Takes a
    /// second or two.
    ///
    /// # Errors
    /// `NotFound`, the database, or no key could be made.
    pub async fn make_key(&self, environment: EnvironmentName, id: &str) -> Answer<String> {
        self.may(Action::MakeKey)?;
        let settings = self.settings(environment, id)?;
        let made = tokio::task::spawn_blocking(SigningKey::generate).await;
        let key = match made {
            Ok(Ok(key)) => key,
            Ok(Err(error)) => return Err(problem::of(ErrorCode::Internal, &error)),
            Err(error) => return Err(problem::of(ErrorCode::Internal, &error)),
        };
        self.keep_key(environment, &settings, &key)
    }

    /// Takes a private key over from a file in PEM form, and gives its public half to register.
    ///
    /// # Errors
    /// `NotFound`, a file that holds no key that serves, the database.
    pub fn import_key(&self, environment: EnvironmentName, id: &str, pem: &SecretString) -> Answer<String> {
        self.may(Action::ImportKey)?;
        let settings = self.settings(environment, id)?;
        let key = SigningKey::from_pem(pem.expose_secret());
        let key = key.map_err(|error| problem::of(ErrorCode::KeyUnusable, &error))?;
        self.keep_key(environment, &settings, &key)
    }

    fn keep_key(
        &self,
        environment: EnvironmentName,
        settings: &IntegrationSettings,
        key: &SigningKey,
    ) -> Answer<String> {
        let pem = key.to_pem().map_err(|error| problem::of(ErrorCode::Internal, &error))?;
        kept(self.store().set_client_secret_in(environment, settings, &pem))?;
        Ok(key.clone().with_key_id(&settings.key_id).public_jwk().to_string())
    }

    /// An integration as a file, without secrets: its name and its content.
    ///
    /// # Errors
    /// `NotFound`, or the database.
    pub fn export(&self, environment: EnvironmentName, id: &str) -> Answer<(String, String)> {
        self.may(Action::ExportIntegration)?;
        let settings = self.settings(environment, id)?;
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
        language: LanguageName,
        consent: Arc<dyn Consent>,
    ) -> Answer<Option<(EnvironmentName, String)>> {
        self.may(Action::ImportIntegration)?;
        let file = IntegrationFile::parse(content).map_err(|error| problem::of(ErrorCode::NotAnIntegration, &error))?;
        match self.keep(file.environment, None, &file.integration, language, consent, true).await? {
            SavedIntegration::Saved { id } => Ok(Some((file.environment, id))),
            SavedIntegration::Declined => Ok(None),
            SavedIntegration::Faulty { faults } => {
                let words = faults.iter().map(|fault| {
                    format!("{}: {}", texts::text(words::field(fault.field), language.into()), fault.text)
                });
                let text = words.collect::<Vec<_>>().join(" ");
                Err(problem::says(ErrorCode::NotAnIntegration, "A field of the file cannot be.").detail(text))
            }
        }
    }

    /// Reads a small file that a person has chosen.
    ///
    /// # Errors
    /// It cannot be read, or is too large to be what it should.
    pub async fn read_file(path: PathBuf) -> Answer<Vec<u8>> {
        let read = tokio::task::spawn_blocking(move || files::open::read(&path, LARGEST_FILE));
        match read.await {
            Ok(Ok(content)) => Ok(content),
            Ok(Err(files::open::Refused::TooLarge { .. })) => {
                Err(problem::says(ErrorCode::FileTooLarge, "The file is larger than 256 kB."))
            }
            Ok(Err(error)) => Err(problem::of(ErrorCode::FileUnreadable, &error)),
            Err(error) => Err(problem::of(ErrorCode::Internal, &error)),
        }
    }

    /// The guide to registering an integration.
    #[must_use]
    pub fn guide(request: &GuideRequest, language: LanguageName) -> GuideView {
        guide::guide(request, language.into())
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
        language: LanguageName,
    ) -> Answer<SelfCheckView> {
        self.may(Action::CheckIntegration)?;
        let settings = self.settings(environment, id)?;
        let here = environment == self.environment.name;
        let outcome = match sign_in.filter(|_| here) {
            Some(request) => {
                let request = SignInRequest { integration: Some(id.to_owned()), ..request };
                Some(self.session.sign_in(request).await)
            }
            None => None,
        };
        let secret = kept(self.store().client_secret_in(environment, &settings))?;
        let secret = secret.as_ref().map(|secret| secret.as_str());
        let found = check::check(self, &settings, here, secret, outcome.as_ref(), language.into()).await;
        kept(self.store().checked(environment, id, &found.at, found.to_mend))?;
        Ok(found)
    }

    /// Forgets an authorization: everything of it goes, here and as far as possible at ID-porten.
    ///
    /// # Errors
    /// The database.
    pub async fn forget(&self, id: &str) -> Answer<()> {
        self.may(Action::Forget)?;
        self.session.forget(&AuthorizationId::new(id)).await.map_err(|error| error.view())
    }

    /// Asks the gate.
    fn may(&self, action: Action) -> Answer<()> {
        self.session.parts().work.may(action, None)
    }

    fn store(&self) -> &Authorizations {
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
        preset.map_err(|error| problem::of(ErrorCode::DataUnusable, &error))?.ok_or_else(|| {
            problem::says(ErrorCode::NotFound, "The practice authorities are not running in this environment.")
        })
    }

    fn settings(&self, environment: EnvironmentName, id: &str) -> Answer<IntegrationSettings> {
        if id == STANDARD {
            return Ok(self.environment_named(environment)?.integration);
        }
        kept(self.store().integration(environment, id))?
            .ok_or_else(|| problem::says(ErrorCode::NotFound, "There is no such integration."))
    }

    /// One that was made here, and may be changed.
    fn own(&self, environment: EnvironmentName, id: &str) -> Answer<IntegrationSettings> {
        match kept(self.store().integration(environment, id))? {
            Some(settings) => Ok(settings),
            None => Err(problem::says(ErrorCode::NotFound, "There is no such integration, or it cannot be changed.")),
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

fn kept<T>(answer: Result<T, AuthorizationError>) -> Answer<T> {
    answer.map_err(|error| stored(error).view())
}
