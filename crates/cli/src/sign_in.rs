//! Signing in on the way: for the subcommands that need a person and find nobody signed in.

use crate::console::Console;
use crate::login::print_link;
use crate::office::{PATIENCE, SystemBrowser, problem};
use crate::stop::{Stop, Stopped};
use crate::{Exit, Failure};
use id_porten::{Browser, BrowserError};
use office::{Office, Setup};
use std::sync::Arc;
use url::Url;
use view::{ErrorCode, FilingView, SignInOutcome};

/// How to sign in when nobody is signed in.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct SignInArgs {
    /// Who signs in when nobody is signed in, in the form of the test ID-porten: testid:{pid}_idporten-loa-high.
    #[arg(long, value_name = "HINT")]
    login_hint: Option<String>,
    /// Open no browser to sign in.
    #[arg(long)]
    no_browser: bool,
}

impl SignInArgs {
    /// What the office opens addresses with.
    pub(crate) fn browser(&self) -> Arc<dyn Browser> {
        match self.login_hint {
            Some(_) => Arc::new(Follower),
            None => Arc::new(SystemBrowser { opens: !self.no_browser }),
        }
    }

    /// Makes sure that somebody is signed in; how the command ends when nobody is.
    pub(crate) async fn make_sure(
        &self,
        office: &Arc<Office>,
        stop: &Stop,
        console: &mut Console<'_>,
    ) -> Result<Option<Exit>, Failure> {
        if office.start_view().session.is_some() {
            return Ok(None);
        }
        self.sign_in(office, false, stop, console).await
    }

    /// Signs in anew when that is what a filing waits for: a sign-in may end in the middle of a command. Whether it can go
    /// on.
    pub(crate) async fn renew(
        &self,
        office: &Arc<Office>,
        filing: &FilingView,
        stop: &Stop,
        console: &mut Console<'_>,
    ) -> Result<bool, Failure> {
        let waits = filing.problem.as_ref().is_some_and(|problem| problem.code == ErrorCode::NeedsSignIn);
        if !waits || self.make_sure_again(office, stop, console).await?.is_some() {
            return Ok(false);
        }
        Ok(office.filings().resume(&filing.id).is_ok())
    }

    /// The same after the authority has accepted a sign-in no more that looked good.
    pub(crate) async fn make_sure_again(
        &self,
        office: &Arc<Office>,
        stop: &Stop,
        console: &mut Console<'_>,
    ) -> Result<Option<Exit>, Failure> {
        let text = console.say("signIn.theSignInHasEnded");
        writeln!(console.err, "{text}")?;
        self.sign_in(office, false, stop, console).await
    }

    /// Signs somebody in, whoever is signed in already; how the command ends when nobody is then.
    pub(crate) async fn sign_in(
        &self,
        office: &Arc<Office>,
        as_another: bool,
        stop: &Stop,
        console: &mut Console<'_>,
    ) -> Result<Option<Exit>, Failure> {
        let login_hint = self.login_hint.as_deref();
        let mut events = office.events();
        let mut outcome = std::pin::pin!(office.session().sign_in_hinted(as_another, login_hint.map(str::to_owned)));
        let mut told = false;
        let outcome = loop {
            tokio::select! {
                outcome = &mut outcome => break outcome,
                _ = events.recv() => {
                    if let Some(link) = office.access().session().sign_in_link().filter(|_| !told && login_hint.is_none()) {
                        told = true;
                        print_link(&link, console)?;
                    }
                    crate::consent::confirm_person(office.access().session(), console)?;
                }
                signal = stop.received_signal() => {
                    office.session().cancel();
                    return Err(Stopped(signal).into());
                }
            }
        };
        match outcome {
            SignInOutcome::SignedIn { .. } => return Ok(None),
            SignInOutcome::Refused { error } => problem(&error.into(), console)?,
            SignInOutcome::Cancelled | SignInOutcome::TimedOut => {
                let text = console.say("signIn.nobodyIsSignedIn");
                writeln!(console.err, "{text}")?;
            }
        }
        Ok(Some(Exit::Failed))
    }
}

/// Goes wherever it is sent and shows nothing: a test ID-porten that is told who signs in has no page to show. Where it does
/// not come home, nobody will, and the sign-in ends.
struct Follower;

impl Browser for Follower {
    fn open(&self, address: &Url) -> Result<(), BrowserError> {
        // On a thread that may wait: the callback answers when the sign-in has been settled.
        let runtime = tokio::runtime::Handle::try_current().map_err(|error| BrowserError::new(error.to_string()))?;
        runtime.block_on(follow(address.clone()))
    }
}

async fn follow(address: Url) -> Result<(), BrowserError> {
    const MOST: usize = 10;
    // The address carries what the sign-in is known by.
    let broken = |error: reqwest::Error| BrowserError::astray(error.without_url().to_string());
    let http = Setup::http_client().map_err(|error| BrowserError::new(error.to_string()))?;
    let issuer = address.origin();
    let mut at = address;
    for _ in 0..MOST {
        let answer = http.get(at.clone()).timeout(PATIENCE).send().await.map_err(broken)?;
        let next = answer.headers().get(reqwest::header::LOCATION).and_then(|to| at.join(to.to_str().ok()?).ok());
        match next {
            Some(next) => at = next,
            // The callback has answered, whatever it thinks of what was brought.
            None if at.origin() != issuer => return Ok(()),
            None => {
                return Err(BrowserError::astray(format!("{} {}", at.host_str().unwrap_or_default(), answer.status())));
            }
        }
    }
    Err(BrowserError::astray("the redirects do not end"))
}
