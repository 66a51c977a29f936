//! `momsbud-cli login`, `status`, `logout`: who the office works for.

use crate::console::{Console, DEVIATING, GOOD, QUIET, STRONG};
use crate::office::{AT_THE_END, OfficeArgs, SystemBrowser, problem};
use crate::stop::{Stop, Stopped};
use crate::{Exit, Failure, error_texts};
use access::{
    session::{Session, SignInRequest},
    work::rights::Action,
};
use jiff::{Timestamp, Unit, tz::TimeZone};
use std::io;
use std::sync::Arc;
use tokio::sync::broadcast::Receiver;
use view::{ClockView, KeyringState, OfficeEvent, SessionView, SignInOutcome};

/// Signs in with ID-porten in the browser.
///
/// The sign-in is kept for the window and for other commands.
///
/// Status 0: signed in. 1: cancelled, refused or timed out, or signed in with a sign-in that Altinn does not accept. 2: it
/// could not be tried. 130: stopped with Ctrl-C.
#[derive(Debug, clap::Args)]
pub(crate) struct LoginArgs {
    #[command(flatten)]
    office: OfficeArgs,
    /// Sign in as another person than the one ID-porten still knows in the browser.
    #[arg(long)]
    as_another: bool,
    /// Print the link and open no browser.
    #[arg(long)]
    no_browser: bool,
    /// Who signs in, in the form of the test ID-porten: testid:{pid}_idporten-loa-high.
    #[arg(long, value_name = "HINT")]
    login_hint: Option<String>,
    /// The key of the integration to sign in through, as `integration list` prints it [default: the chosen one].
    #[arg(long, value_name = "ID")]
    integration: Option<String>,
    /// The session as JSON instead of text.
    #[arg(long)]
    json: bool,
}

/// Says who is signed in, and for how long.
///
/// Status 0: somebody is. 1: nobody is. 2: it could not be found out.
#[derive(Debug, clap::Args)]
pub(crate) struct StatusArgs {
    #[command(flatten)]
    office: OfficeArgs,
    /// The session as JSON (`null` when nobody is signed in) instead of text.
    #[arg(long)]
    json: bool,
}

/// Signs out, here and at ID-porten.
///
/// Tokens are dropped here and taken back at ID-porten.
///
/// Status 0: nobody is signed in any more. 2: it could not be done.
#[derive(Debug, clap::Args)]
pub(crate) struct LogoutArgs {
    #[command(flatten)]
    office: OfficeArgs,
    /// Leave the session in the browser as it is.
    #[arg(long)]
    no_browser: bool,
}

pub(crate) fn login(args: &LoginArgs, console: &mut Console<'_>) -> Result<Exit, Failure> {
    crate::block_on(async {
        let stop = Stop::listen()?;
        let (session, events) = opened(&args.office, !args.no_browser, &stop).await?;
        let request = SignInRequest {
            as_another: args.as_another,
            language: console.language,
            login_hint: args.login_hint.clone(),
            integration: args.integration.as_deref().map(Into::into),
            expected: Vec::new(),
        };
        warn_of_keyring(&session, console)?;
        let outcome = sign_in(&session, events, request, &stop, console).await;
        closed(&session, &stop).await;
        match outcome? {
            SignInOutcome::SignedIn { session } if session.altinn_problem.is_some() => {
                show(Some(&session), args.json, console)?;
                if let Some(error) = session.altinn_problem.clone() {
                    problem(&error.into(), console)?;
                }
                Ok(Exit::No)
            }
            SignInOutcome::SignedIn { session } => {
                show(Some(&session), args.json, console)?;
                Ok(Exit::Done)
            }
            SignInOutcome::Cancelled => {
                writeln!(console.err, "{}", console.say("login.cancelled"))?;
                Ok(Exit::No)
            }
            SignInOutcome::TimedOut => {
                let text = console.say("login.nobodyCameBackFromThe");
                writeln!(console.err, "{text}")?;
                Ok(Exit::No)
            }
            SignInOutcome::Refused { error } => {
                let error = error.into();
                problem(&error, console)?;
                Ok(crate::office::refused(&error))
            }
        }
    })?
}

pub(crate) fn status(args: &StatusArgs, console: &mut Console<'_>) -> Result<Exit, Failure> {
    crate::block_on(async {
        let (session, _) = opened(&args.office, false, &Stop::listen()?).await?;
        warn_of_keyring(&session, console)?;
        if let Err(error) = session.work().may(Action::AccessView, None) {
            session.close().await;
            problem(&error.into(), console)?;
            return Ok(Exit::Failed);
        }
        let view = session.shown();
        session.close().await;
        show(view.as_ref(), args.json, console)?;
        Ok(if view.is_some() { Exit::Done } else { Exit::No })
    })?
}

pub(crate) fn logout(args: &LogoutArgs, console: &mut Console<'_>) -> Result<Exit, Failure> {
    crate::block_on(async {
        let stop = Stop::listen()?;
        let setup = args.office.setup(Arc::new(SystemBrowser { opens: !args.no_browser })).await?;
        let (session, _) = stop.or(::office::alone::session(setup)).await??;
        let done = stop.or(session.sign_out()).await;
        closed(&session, &stop).await;
        done??;
        show(None, false, console)?;
        Ok(Exit::Done)
    })?
}

/// Closes a session; when the command was stopped, without waiting long for an authority that does not answer.
pub(crate) async fn closed(session: &Session, stop: &Stop) {
    if stop.is_requested() {
        let _ = tokio::time::timeout(AT_THE_END, session.close()).await;
    } else {
        // Stopped while it closes, a command has done what it was called for.
        let _ = stop.or(session.close()).await;
    }
}

/// A session without an office around it.
async fn opened(args: &OfficeArgs, opens: bool, stop: &Stop) -> Result<(Session, Receiver<OfficeEvent>), Failure> {
    let setup = stop.or(args.setup(Arc::new(SystemBrowser { opens }))).await??;
    Ok(stop.or(::office::alone::session(setup)).await??)
}

/// Runs the sign-in: prints its link as soon as there is one, gives up on Ctrl-C.
async fn sign_in(
    session: &Session,
    mut events: Receiver<OfficeEvent>,
    request: SignInRequest,
    stop: &Stop,
    console: &mut Console<'_>,
) -> Result<SignInOutcome, Failure> {
    let mut outcome = std::pin::pin!(session.sign_in(request));
    let mut told = false;
    loop {
        tokio::select! {
            outcome = &mut outcome => return Ok(outcome),
            _ = events.recv() => {
                if let Some(link) = session.sign_in_link().filter(|_| !told) {
                    told = true;
                    print_link(&link, console)?;
                }
                crate::consent::confirm_person(session, console)?;
            }
            signal = stop.received_signal() => {
                session.cancel_sign_in();
                writeln!(console.err, "{}", console.say("login.cancelled"))?;
                return Err(Stopped(signal).into());
            }
        }
    }
}

/// Says where to sign in, for whom the browser does not open.
pub(crate) fn print_link(link: &impl std::fmt::Display, console: &mut Console<'_>) -> io::Result<()> {
    let text = console.say("login.signInInTheBrowser");
    writeln!(console.err, "{text}\n{link}")?;
    console.err.flush()
}

fn warn_of_keyring(session: &Session, console: &mut Console<'_>) -> io::Result<()> {
    let text = match session.keyring() {
        KeyringState::Available => return Ok(()),
        KeyringState::Missing => console.say("login.thereIsNoKeyringHere"),
        KeyringState::Locked => console.say("login.theKeyringIsLockedUnlock"),
    };
    writeln!(console.err, "{DEVIATING}{text}{DEVIATING:#}")
}

fn show(view: Option<&SessionView>, json: bool, console: &mut Console<'_>) -> Result<(), Failure> {
    if json {
        writeln!(console.out, "{}", serde_json::to_string(&view)?)?;
        return Ok(());
    }
    let Some(view) = view else {
        writeln!(console.out, "{}", console.say("login.nobodyIsSignedIn"))?;
        return Ok(());
    };
    let name = view.name.as_deref().unwrap_or_else(|| console.say("value.nameless"));
    let masked_id = view.masked_id.as_deref().map(|id| format!(" {QUIET}{id}{QUIET:#}")).unwrap_or_default();
    writeln!(console.out, "{STRONG}{name}{STRONG:#}{masked_id}")?;
    let row = |what: &str, clock: &ClockView| -> Result<String, Failure> {
        Ok(format!("{what:<20}{}", norwegian(&clock.until)?))
    };
    let until = console.say("login.until");
    writeln!(console.out, "{}", row(&format!("ID-porten {until}"), &view.id_porten)?)?;
    match (&view.altinn, &view.altinn_problem) {
        (Some(clock), _) => writeln!(console.out, "{}", row(&format!("Altinn {until}"), clock)?)?,
        (None, Some(error)) => writeln!(
            console.out,
            "Altinn              {DEVIATING}{}{DEVIATING:#}",
            error_texts::error_text(&error.clone().into(), console.language).title
        )?,
        (None, None) => {}
    }
    let authorization = console.say("login.authorizationUntil");
    writeln!(console.out, "{}", row(authorization, &view.authorization)?)?;
    for scope in &view.scopes {
        let (style, mark) = if scope.granted { (GOOD, "+") } else { (DEVIATING, "-") };
        writeln!(console.out, "{style}{mark}{style:#} {}", scope.scope)?;
    }
    for company in &view.companies {
        writeln!(console.out, "{} {}", company.org_number, company.name)?;
    }
    Ok(())
}

/// A moment as a Norwegian clock shows it.
fn norwegian(moment: &str) -> Result<String, Failure> {
    let moment: Timestamp = moment.parse()?;
    let there = moment.to_zoned(TimeZone::get("Europe/Oslo")?).round(Unit::Minute)?;
    Ok(there.strftime("%d.%m.%Y %H:%M").to_string())
}
