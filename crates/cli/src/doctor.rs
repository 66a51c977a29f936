//! `momsbud-cli doctor`: what is in order on this machine, and what to do about what is not.

use crate::console::{Console, DEVIATING, GOOD, INVALID, QUIET, STRONG};
use crate::office::{EnvironmentChoice, Folders};
use crate::{Exit, Failure};
use office::doctor::{DoctorOutcome, Patient, examine, to_try};
use std::env;
use url::Url;

/// Looks what is wrong on this machine, and says what to do.
///
/// Looks at keyring, browser, network, certificates, clock, authorities, database and folders.
/// The authorities are only asked whether they answer. The report holds no secret and can be sent to whoever helps.
///
/// Status 0: nothing has to be mended. 1: something has. 2: it could not be looked at.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    folders: Folders,
    /// Authorities to try; may be given several times.
    #[arg(long, value_enum, default_values_t = [EnvironmentChoice::Test, EnvironmentChoice::Production])]
    environment: Vec<EnvironmentChoice>,
    /// Try no authorities.
    #[arg(long, conflicts_with = "environment")]
    offline: bool,
    /// Where the practice authorities are, for `--environment practice` [default: MOMSBUD_PRACTICE].
    #[arg(long, value_name = "URL")]
    practice: Option<Url>,
    /// One JSON object instead of text.
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: &Args, console: &mut Console<'_>) -> Result<Exit, Failure> {
    crate::block_on(async {
        let (data_dir, archive_dir) = args.folders.find()?;
        let mut presets = Vec::new();
        for choice in args.environment.iter().filter(|_| !args.offline) {
            presets.push(choice.preset(args.practice.as_ref()).await?);
        }
        let environments = to_try(presets, &data_dir);
        let patient = Patient::here(data_dir, archive_dir, env::home_dir(), environments, console.language)?;
        let report = examine(&patient).await;
        if args.json {
            writeln!(console.out, "{}", serde_json::to_string(&report)?)?;
        } else {
            for check in &report.checks {
                let (style, mark) = match check.outcome {
                    DoctorOutcome::Good => (GOOD, "✓"),
                    DoctorOutcome::Note => (DEVIATING, "○"),
                    DoctorOutcome::Bad => (INVALID, "■"),
                    DoctorOutcome::Skipped => (QUIET, "–"),
                };
                writeln!(console.out, "{style}{mark}{style:#} {STRONG}{}{STRONG:#}: {}", check.title, check.found)?;
                if let Some(advice) = &check.advice {
                    writeln!(console.out, "    {advice}")?;
                }
            }
        }
        Ok(if report.is_well() { Exit::Done } else { Exit::No })
    })?
}
