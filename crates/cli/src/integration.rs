//! `momsbud-cli integration`: the integrations that sign-ins go through, and whether they work.

use crate::consent::{self, AnsweredQuestions};
use crate::console::{Console, DEVIATING, GOOD, INVALID, QUIET, STRONG};
use crate::office::{OfficeArgs, Purpose, SystemBrowser, problem};
use crate::paths::{read_secret, read_small, read_text, write_file};
use crate::stop::{Stop, Stopped};
use crate::{Exit, Failure};
use access::{registering::Access, session::SignInRequest};
use secrecy::SecretString;
use shown::Shown;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use view::{
    CheckStepState, EnvironmentName, IntegrationRow, IntegrationSource, Problem, SecretState, SelfCheckView,
    consent::{Always, Consent},
};

/// Lists, exports, imports and checks integrations.
///
/// An integration is a client that is registered with ID-porten.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Lists the integrations; * marks the one that sign-ins go through.
    ///
    /// Status 0: here they are. 2: they could not be read.
    List {
        #[command(flatten)]
        office: OfficeArgs,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Writes an integration out, without its secret.
    ///
    /// To a file or to standard output.
    ///
    /// Status 0: written. 2: there is no such integration, or it could not be written.
    Export {
        #[command(flatten)]
        office: OfficeArgs,
        /// Its key, as `list` prints it.
        id: String,
        /// The file [default: standard output].
        #[arg(long, value_name = "FILE")]
        to: Option<PathBuf>,
    },
    /// Takes an integration over from a file, and prints its key.
    ///
    /// Says where its tokens go. No sign-in goes through it before `use` has named it.
    ///
    /// Status 0: it is kept. 2: it was refused, or the file could not be read; the reason is printed.
    Import {
        #[command(flatten)]
        office: OfficeArgs,
        /// The file that an export wrote.
        file: PathBuf,
        /// Takes the client secret from standard input as well.
        #[arg(long, conflicts_with = "key_file")]
        secret: bool,
        /// Takes the private key from a file in PEM form as well.
        #[arg(long, value_name = "FILE")]
        key_file: Option<PathBuf>,
        /// A host that tokens may go to although it is not ID-porten's own; asked at the terminal where it is not named.
        #[arg(long, value_name = "HOST")]
        accept_host: Vec<String>,
    },
    /// Lets sign-ins go through an integration.
    ///
    /// Status 0: they do. 2: there is no such integration, or it could not be kept.
    Use {
        #[command(flatten)]
        office: OfficeArgs,
        /// Its key, as `list` prints it.
        id: String,
    },
    /// Tries an integration, and says which field to mend.
    ///
    /// Status 0: in order. 1: something is to be mended. 2: it could not be tried.
    Check {
        #[command(flatten)]
        office: OfficeArgs,
        /// Its key, as `list` prints it [default: the chosen one].
        id: Option<String>,
        /// Signs in through it first, in the browser: shows scopes, refresh token and Altinn's exchange.
        #[arg(long)]
        sign_in: bool,
        /// Print the sign-in's link and open no browser.
        #[arg(long)]
        no_browser: bool,
        /// Who signs in, in the form of the test ID-porten.
        #[arg(long, value_name = "HINT")]
        login_hint: Option<String>,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
}

impl Args {
    /// Whether nothing is done but shown.
    pub(crate) fn only_shows(&self) -> bool {
        matches!(self.command, Command::List { .. } | Command::Export { to: None, .. })
    }
}

pub(crate) fn run(args: &Args, console: &mut Console<'_>) -> Result<Exit, Failure> {
    crate::block_on(async {
        match &args.command {
            Command::List { office, json } => {
                let access = open(office, Purpose::AtHome).await?;
                let environment = office.environment();
                let done = match access.view() {
                    Ok(view) if *json => Ok(serde_json::to_string(&view.integrations)?),
                    Ok(view) => {
                        for row in &view.integrations {
                            write_row(row, environment, console)?;
                        }
                        Ok(String::new())
                    }
                    Err(error) => Err(error),
                };
                close(&access).await;
                answer(done, console)
            }
            Command::Export { office, id, to } => {
                let access = open(office, Purpose::AtHome).await?;
                let content = access.export(office.environment(), id).map(|(_, content)| content);
                close(&access).await;
                match (content, to) {
                    (Ok(content), Some(path)) => {
                        write_file(path, content.as_bytes(), console)?;
                        Ok(Exit::Done)
                    }
                    (content, _) => answer(content.map(|text| text.trim_end().to_owned()), console),
                }
            }
            Command::Import { office, file, secret, key_file, accept_host } => {
                let content = read_small(file, console)?;
                // A secret is sealed for the authorities that it goes to.
                let access = open(office, Purpose::Looking).await?;
                let done = import(&access, &content, *secret, key_file.as_deref(), accept_host, console).await?;
                close(&access).await;
                answer(done, console)
            }
            Command::Use { office, id } => {
                let access = open(office, Purpose::AtHome).await?;
                let done = access.choose(office.environment(), id).map(|()| String::new());
                close(&access).await;
                answer(done, console)
            }
            Command::Check { office, id, sign_in, no_browser, login_hint, json } => {
                let request = sign_in.then(|| SignInRequest {
                    language: console.language,
                    login_hint: login_hint.clone(),
                    ..SignInRequest::default()
                });
                check(office, id.as_deref(), request, !no_browser, *json, console).await
            }
        }
    })?
}

async fn open(office: &OfficeArgs, purpose: Purpose) -> Result<Access, Failure> {
    let setup = office.setup_for(purpose, Arc::new(SystemBrowser { opens: false })).await?;
    let (access, _) = ::office::alone::access(setup).await?;
    Ok(access)
}

async fn close(access: &Access) {
    access.session().close().await;
}

async fn import(
    access: &Access,
    content: &[u8],
    secret: bool,
    key_file: Option<&Path>,
    accept_host: &[String],
    console: &mut Console<'_>,
) -> Result<Result<String, Problem>, Failure> {
    let language = console.language;
    // First: an integration whose secret or key cannot be read is not taken over without it.
    let typed = secret.then(|| read_secret(console).map(SecretString::from)).transpose()?;
    let key = key_file.map(|file| read_text(file, console).map(SecretString::from)).transpose()?;
    let asked = Arc::new(AnsweredQuestions::default());
    let mut kept = access.import(content, language, Arc::clone(&asked) as Arc<dyn Consent>).await;
    if let Some(question) = asked.question()
        && consent::agrees(&question, accept_host, console)?
    {
        kept = access.import(content, language, Arc::new(Always(true))).await;
    }
    let (environment, id) = match kept {
        Ok(Some(kept)) => kept,
        Ok(None) => {
            let text = console.say("integration.notTakenOverNobodyHas");
            return Err(text.into());
        }
        Err(error) => return Ok(Err(error)),
    };
    if let Ok(view) = access.view()
        && let Some(row) = view.integrations.iter().find(|row| row.id == id && row.environment == environment)
    {
        let text = console.say("integration.tokensGoTo");
        writeln!(console.err, "{text}: {}", row.destinations.join(", "))?;
    }
    let kept = if let Some(typed) = typed {
        access.set_client_secret(environment, &id, &typed)
    } else if let Some(key) = key {
        access.import_client_key(environment, &id, &key).map(drop)
    } else {
        Ok(())
    };
    Ok(kept.map(|()| id))
}

async fn check(
    office: &OfficeArgs,
    id: Option<&str>,
    request: Option<SignInRequest>,
    opens: bool,
    json: bool,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let stop = Stop::listen()?;
    let setup = stop.or(office.setup(Arc::new(SystemBrowser { opens }))).await??;
    let (access, mut events) = stop.or(::office::alone::access(setup)).await??;
    let id = match id {
        Some(id) => id.to_owned(),
        None => access.session().chosen_integration()?.id.to_string(),
    };
    let language = console.language;
    let found = {
        let mut checking = std::pin::pin!(access.check(office.environment(), &id, request, language));
        let mut told = false;
        loop {
            tokio::select! {
                found = &mut checking => break Ok(found),
                _ = events.recv() => {
                    if let Some(link) = access.session().sign_in_link().filter(|_| !told) {
                        told = true;
                        writeln!(console.err, "{link}")?;
                        console.err.flush()?;
                    }
                    crate::consent::confirm_person(access.session(), console)?;
                }
                signal = stop.received_signal() => {
                    access.session().cancel_sign_in();
                    break Err(Stopped(signal));
                }
            }
        }
    };
    crate::login::closed(access.session(), &stop).await;
    match found? {
        Ok(found) => {
            if json {
                writeln!(console.out, "{}", serde_json::to_string(&found)?)?;
            } else {
                write_check(&found, console)?;
            }
            let bad = found.steps.iter().any(|step| step.state == CheckStepState::Bad);
            Ok(if bad { Exit::No } else { Exit::Done })
        }
        Err(error) => {
            problem(&error, console)?;
            Ok(Exit::Failed)
        }
    }
}

fn answer(done: Result<String, Problem>, console: &mut Console<'_>) -> Result<Exit, Failure> {
    match done {
        Ok(text) => {
            if !text.is_empty() {
                writeln!(console.out, "{text}")?;
            }
            Ok(Exit::Done)
        }
        Err(error) => {
            problem(&error, console)?;
            Ok(Exit::Failed)
        }
    }
}

fn write_row(row: &IntegrationRow, here: EnvironmentName, console: &mut Console<'_>) -> Result<(), Failure> {
    let mark = if row.chosen { "*" } else { " " };
    let environment = match row.environment {
        EnvironmentName::Practice => console.say("integration.practice"),
        EnvironmentName::Test => "test",
        EnvironmentName::Production => console.say("integration.production"),
    };
    let source = match row.source {
        IntegrationSource::Own => "",
        IntegrationSource::BuiltIn => console.say("integration.builtIn"),
        IntegrationSource::File => " environments.json",
    };
    let secret = match row.secret {
        SecretState::Missing => console.say("integration.noSecret"),
        SecretState::Kept | SecretState::NotNeeded => "",
    };
    let name = &row.settings.name;
    let style = if row.environment == here { STRONG } else { QUIET };
    writeln!(
        console.out,
        "{mark} {:<18}{style}{name}{style:#} {QUIET}{environment}{source}{QUIET:#} {} {DEVIATING}{secret}{DEVIATING:#}",
        row.id,
        Shown::line(&row.settings.client_id)
    )?;
    Ok(())
}

fn write_check(found: &SelfCheckView, console: &mut Console<'_>) -> Result<(), Failure> {
    for step in &found.steps {
        let (style, mark) = match step.state {
            CheckStepState::Ok => (GOOD, "+"),
            CheckStepState::Bad => (INVALID, "-"),
            CheckStepState::Note => (DEVIATING, "!"),
            CheckStepState::NotTried => (QUIET, " "),
        };
        let text = step.text.as_ref().map(|text| format!(": {text}")).unwrap_or_default();
        writeln!(console.out, "{style}{mark}{style:#} {STRONG}{}{STRONG:#}{text}", step.title)?;
        if let Some(label) = &step.field_label {
            writeln!(console.out, "  {}: {label}", console.say("integration.fieldToCorrect"))?;
        }
        if let Some(words) = &step.authority_text {
            writeln!(console.out, "  {QUIET}{words}{QUIET:#}")?;
        }
    }
    Ok(())
}
