//! The engine's claims, at the register that this desk has moved into.

use std::sync::Arc;

use ::register::{Address, Delivery, Register, RegisterError, claim::Request};
use access::session::{Session, SessionError};
use filing::{
    archive::Archive,
    engine::claims::{Claims, Reply},
    filings::{self, Subject},
};
use futures_util::{FutureExt as _, future::BoxFuture};
use rusqlite::Connection;
use store::database::{Database, DatabaseError};
use tokio::sync::Mutex;
use view::{Language, ids::FilingId};

use super::{
    environment,
    seat::{Kept, desk, kept, way},
    telling::{TellError, tell_all},
};

/// The register, joined when it is first asked.
pub(crate) struct AtRegister {
    session: Session,
    kept: Kept,
    joined: Mutex<Option<Register>>,
}

/// The register that this desk has moved into. No network is opened here.
///
/// # Errors
/// The database.
pub(crate) fn at_register(db: &Database, session: &Session) -> Result<Option<Arc<AtRegister>>, DatabaseError> {
    let found = db.read(|db: &Connection| kept(db))?;
    Ok(found.map(|kept| Arc::new(AtRegister { session: session.clone(), kept, joined: Mutex::default() })))
}

impl AtRegister {
    /// Where it is, and what this desk is called there.
    pub(crate) fn kept(&self) -> &Kept {
        &self.kept
    }

    /// The register. What keeps it from being joined is tried anew the next time.
    pub(crate) async fn register(&self) -> Result<Register, RegisterError> {
        let mut joined = self.joined.lock().await;
        if let Some(register) = &*joined {
            return Ok(register.clone());
        }
        let address: Address = self.kept.address.parse()?;
        // A vault that is shut opens when its owner signs in: until then it is as if the password were none.
        let password = self.session.register_password(&way(&address));
        let password = password.map_err(|error: SessionError| RegisterError::PasswordUnread(error.to_string()))?;
        let password = password.ok_or(RegisterError::Password)?;
        let register = Register::join(address, password, desk(self.kept.desk, self.kept.name.clone())).await?;
        *joined = Some(register.clone());
        Ok(register)
    }

    /// Tells everything that lies in the outbox; whether there was anything, so that the register was asked.
    ///
    /// # Errors
    /// [`TellError`]; what was told until then is told.
    pub(crate) async fn tell_all(
        &self,
        db: &Database,
        archive: &Archive,
        language: Language,
    ) -> Result<bool, TellError> {
        if db.read(filings::outbox)?.is_empty() {
            return Ok(false);
        }
        let register = self.register().await?;
        let key = self.session.archive_key();
        match tell_all(db, (archive, key.as_ref()), &register, language).await {
            Ok(()) => Ok(true),
            Err(TellError::Register(error)) => Ok(self.heard(Err(error)).await?),
            Err(error) => Err(error),
        }
    }

    /// Whatever is said of who may come in is asked anew the next time.
    pub(crate) async fn heard<T>(&self, done: Result<T, RegisterError>) -> Result<T, RegisterError> {
        if let Err(error) = &done {
            self.shut_by(error).await;
        }
        done
    }

    /// The same where only the error is at hand.
    pub(crate) async fn shut_by(&self, error: &RegisterError) {
        // What is wanted is refused, and not who wants it.
        let only_this =
            matches!(error, RegisterError::NotPermitted(_) | RegisterError::NoBookkeeper | RegisterError::SeesNot);
        if !error.may_pass() && !only_this {
            *self.joined.lock().await = None;
        }
    }
}

/// What a filing is about, as the register has it.
fn subject(subject: &Subject) -> ::register::Subject {
    ::register::Subject {
        environment: environment(subject.environment),
        company: subject.org_number.clone(),
        category: subject.category,
        period: subject.period,
    }
}

impl Claims for AtRegister {
    fn ask<'a>(
        &'a self,
        about: &'a Subject,
        filing: &'a FilingId,
        request: Request<String>,
    ) -> BoxFuture<'a, Result<Reply, RegisterError>> {
        async move {
            let done = async {
                let register = self.register().await?;
                register.request(&subject(about), &filing.to_string(), &request).await
            };
            let done = done.await;
            let (answer, holder) = self.heard(done).await?;
            Ok(Reply { answer, holder })
        }
        .boxed()
    }

    fn deliveries<'a>(&'a self, about: &'a Subject) -> BoxFuture<'a, Result<Vec<Delivery>, RegisterError>> {
        async move {
            let done = async { self.register().await?.deliveries(&subject(about)).await };
            let done = done.await;
            self.heard(done).await
        }
        .boxed()
    }
}
