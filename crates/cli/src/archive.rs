//! `momsbud-cli archive`: verifies the archive, takes filings along, builds the history anew from it.

use crate::console::{Console, GOOD, INVALID, QUIET, STRONG};
use crate::follow::{agreed, money, practice};
use crate::office::{Folders, OfficeArgs, Purpose, SystemBrowser, gate, problem, within};
use crate::stop::Stop;
use crate::{Exit, Failure};
use office::{Adoptable, verify_archive, verify_folder};
use shown::Shown;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use view::{
    ArchiveFault, ArchiveReport, ErrorCode, ExportFormat, ExportSelection, ExportView, HistoryQuery, Problem,
    state_name,
};

/// Verifies the archive of receipts, and takes filings along from it.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    Verify(VerifyArgs),
    Export(ExportArgs),
    Restore(RestoreArgs),
}

/// Compares every file with its sum, and the archive with history.
///
/// The sum is of when the file was put away. Needs no network and nobody signed in; the keyring is asked only where there are
/// folders that the history does not know, as after the database was lost. Changed, missing and surplus files are named. The archive is kept: nothing in
/// Momsbud deletes from it, neither before the five years of the bookkeeping act nor after.
///
/// Status 0: all is as it was. 1: something is not. 2: the archive could not be read.
#[derive(Debug, clap::Args)]
pub(crate) struct VerifyArgs {
    /// The report as JSON instead of text.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    folders: Folders,
    /// Another archive, or one filing's folder, to be verified by itself.
    #[arg(value_name = "FOLDER", conflicts_with = "archive_dir")]
    folder: Option<PathBuf>,
}

/// Writes filings as a zip, or as a list for a spreadsheet.
///
/// The ending of the file says which: .zip, with the folders of the filings, or .csv. Unpacked, a zip is an archive that
/// `archive verify` takes.
///
/// Links in the archive are not followed: what is one, or is missing from a folder, is left out and counted.
///
/// Status 0: written. 1: no filing is meant, some have no folder in the archive, or files of theirs were left out. 2: it could not be written.
#[derive(Debug, clap::Args)]
pub(crate) struct ExportArgs {
    #[command(flatten)]
    office: OfficeArgs,
    /// Where to; replaced if it is there.
    #[arg(long, short, value_name = "FILE")]
    out: PathBuf,
    /// Every filing that has its answer: received, rejected after delivery, or with an answer that must be looked at.
    #[arg(long, conflicts_with_all = ["search", "filings"])]
    all: bool,
    /// Whatever `history` finds with these words.
    #[arg(long, value_name = "TEXT", conflicts_with = "filings")]
    search: Option<String>,
    /// What was written, as JSON instead of text.
    #[arg(long)]
    json: bool,
    /// Filings, as `history` shows them.
    #[arg(value_name = "FILING", required_unless_present_any = ["all", "search"])]
    filings: Vec<String>,
}

/// Puts filings into the history that only the archive knows.
///
/// Momsbud does so by itself when it finds its database gone or damaged. This is for an archive that was not there then,
/// or that comes from another computer.
///
/// Folders that bear no seal of this keyring's are named and left out: they come from another computer, from an older
/// keyring, or from whoever can write to the archive. They are taken in by themselves when a return of the company is
/// filed and Altinn has the same. With --adopt they are listed, with what they say of themselves, and taken in on your word
/// (--yes is that word where nobody can be asked): that they were delivered, and where. What became of them, and what is to
/// be paid, Altinn is asked as soon as somebody is signed in who may see it; until it has answered they are named as not from
/// here.
///
/// Status 0: done. 1: folders were left out, or wait for Altinn's answer, or you did not give your word. 2: it could not be
/// done.
#[derive(Debug, clap::Args)]
pub(crate) struct RestoreArgs {
    #[command(flatten)]
    office: OfficeArgs,
    /// List folders that were not written here, and take them in if you say that they are yours.
    #[arg(long)]
    adopt: bool,
    /// They are yours: do not ask.
    #[arg(long, requires = "adopt")]
    yes: bool,
}

pub(crate) fn run(command: &Command, console: &mut Console<'_>) -> Result<Exit, Failure> {
    match command {
        Command::Verify(args) => verify(args, console),
        Command::Export(args) => export(args, console),
        Command::Restore(args) => restore(args, console),
    }
}

fn verify(args: &VerifyArgs, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let verified = match &args.folder {
        Some(folder) => verify_folder(folder).map_err(|error| (error, folder.clone())),
        None => {
            let (data, archive) = args.folders.find()?;
            let verified = if data.exists() {
                verify_archive(&gate(&data, None)?, &data, &archive)
            } else {
                verify_folder(&archive)
            };
            verified.map_err(|error| (error, archive))
        }
    };
    let report = match verified {
        Ok(report) => report,
        Err((error, folder)) => {
            if error.code == ErrorCode::ArchiveUnusable {
                readable(&folder, console)?;
            }
            return failed(&error, console);
        }
    };
    if args.json {
        writeln!(console.out, "{}", serde_json::to_string(&report)?)?;
    } else {
        show(&report, console)?;
    }
    Ok(if report.complaints.is_empty() { Exit::Done } else { Exit::No })
}

/// That there is a folder to be read; nobody wants to write there.
fn readable(folder: &Path, console: &Console<'_>) -> Result<(), Failure> {
    #[expect(clippy::disallowed_methods, reason = "nothing is read: whether it could be is what is asked")]
    let Err(error) = std::fs::read_dir(folder) else { return Ok(()) };
    let says = console.say("archive.theArchiveCannotBeRead");
    Err(format!("{}: {says}: {}", Shown::path(folder), files::io_words(&error, console.language)).into())
}

fn show(report: &ArchiveReport, console: &mut Console<'_>) -> std::io::Result<()> {
    for complaint in &report.complaints {
        let what = fault(complaint.what, console);
        let file = complaint.file.as_ref().map(|file| format!("/{file}")).unwrap_or_default();
        writeln!(console.out, "{INVALID}{what}{INVALID:#}  {}{file}", complaint.folder)?;
    }
    let (folders, files) = (report.folders, report.files);
    let looked =
        crate::filled(console.language, "archive.filingsFilesVerified", &[("folders", &folders), ("files", &files)]);
    if report.complaints.is_empty() {
        let good = console.say("archive.everythingIsAsItWas");
        writeln!(console.out, "{looked}: {GOOD}{good}{GOOD:#}")
    } else {
        writeln!(
            console.out,
            "{looked}, {STRONG}{}{STRONG:#} {}",
            report.complaints.len(),
            console.say("archive.complaints")
        )
    }
}

fn fault(fault: ArchiveFault, console: &Console<'_>) -> &'static str {
    match fault {
        ArchiveFault::Changed => console.say("archive.changed"),
        ArchiveFault::Missing => console.say("archive.missing"),
        ArchiveFault::Surplus => console.say("archive.surplus"),
        ArchiveFault::Unreadable => console.say("archive.cannotBeRead"),
        ArchiveFault::NoManifest => console.say("archive.hasNoListOfFiles"),
        ArchiveFault::NotFromHere => console.say("archive.isNotFromHere"),
        ArchiveFault::SealUnread => console.say("archive.sealUnread"),
        ArchiveFault::Unvouched => console.say("archive.isVouchedForByNobody"),
        ArchiveFault::FolderMissing => console.say("archive.theFolderIsMissing"),
        ArchiveFault::Unfinished => console.say("archive.notFinished"),
    }
}

fn export(args: &ExportArgs, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let format = match args.out.extension().and_then(|ending| ending.to_str()) {
        Some("zip") => ExportFormat::Zip,
        Some("csv") => ExportFormat::Csv,
        _ => {
            let text = console.say("archive.theFileToWriteMust");
            return Err(text.into());
        }
    };
    let selection = if args.all {
        ExportSelection::Answered
    } else if let Some(text) = &args.search {
        ExportSelection::Found { query: HistoryQuery { text: text.clone(), ..HistoryQuery::default() } }
    } else {
        ExportSelection::Filings { ids: args.filings.clone() }
    };
    let to = std::path::absolute(&args.out)?;
    let browser = Arc::new(SystemBrowser { opens: false });
    within(&args.office, Purpose::AtHome, browser, console, async |office, stop, console| {
        match stop.or(office.archive().export(selection, format, to)).await? {
            Ok(exported) => exported_to(&exported, args.json, console),
            Err(error) => failed(&error, console),
        }
    })
}

fn exported_to(exported: &ExportView, json: bool, console: &mut Console<'_>) -> Result<Exit, Failure> {
    if json {
        writeln!(console.out, "{}", serde_json::to_string(&exported)?)?;
    } else {
        let word = match exported.filings {
            1 => console.say("archive.filing"),
            _ => console.say("archive.filings"),
        };
        let path = Shown::text(&exported.path);
        writeln!(console.out, "{STRONG}{}{STRONG:#} {word}  {QUIET}{path}{QUIET:#}", exported.filings)?;
        if exported.without_folder > 0 {
            let text = console.say("archive.withoutAFolderInThe");
            writeln!(console.out, "{INVALID}{}{INVALID:#} {text}", exported.without_folder)?;
        }
        if exported.left_out > 0 {
            let text = match exported.left_out {
                1 => console.say("archive.fileLeftOut"),
                _ => console.say("archive.filesLeftOut"),
            };
            writeln!(console.out, "{INVALID}{}{INVALID:#} {text}", exported.left_out)?;
        }
    }
    let whole = exported.filings > 0 && exported.without_folder == 0 && exported.left_out == 0;
    Ok(if whole { Exit::Done } else { Exit::No })
}

fn restore(args: &RestoreArgs, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let browser = Arc::new(SystemBrowser { opens: false });
    within(&args.office, Purpose::AtHome, browser, console, async |office, stop, console| {
        let count = if args.adopt {
            let seen = match stop.or(office.archive().adoptable()).await? {
                Ok(seen) => seen,
                Err(error) => return failed(&error, console),
            };
            if !is_given(&seen, args.yes, stop, console).await? {
                return Ok(Exit::No);
            }
            stop.or(office.archive().adopt(&seen)).await?
        } else {
            stop.or(office.archive().into_history()).await?
        };
        let foreign = stop.or(office.archive().foreign_folders()).await?;
        match count.and_then(|count| Ok((count, foreign?))) {
            Ok((count, foreign)) => {
                let text = console.say("archive.putIntoTheHistory");
                writeln!(console.out, "{STRONG}{count}{STRONG:#} {text}")?;
                for folder in &foreign {
                    let text = fault(ArchiveFault::NotFromHere, console);
                    writeln!(console.out, "{INVALID}{text}{INVALID:#}  {folder}")?;
                }
                Ok(if foreign.is_empty() { Exit::Done } else { Exit::No })
            }
            Err(error) => failed(&error, console),
        }
    })
}

/// Lists what would be taken in, and has a person's word for it. What stands in the list is what the folders say: it is shown
/// as lines that nobody forges.
async fn is_given(seen: &[Adoptable], yes: bool, stop: &Stop, console: &mut Console<'_>) -> Result<bool, Failure> {
    if seen.is_empty() {
        let text = console.say("archive.nothingToTakeIn");
        writeln!(console.err, "{text}")?;
        return Ok(true);
    }
    let text = console.say("archive.whatTheFoldersSay");
    writeln!(console.err, "{text}")?;
    for Adoptable { folder, filing, .. } in seen {
        let state = view::small_letter(state_name(filing.state, filing.verdict, false, console.language));
        let company = filing.company_name.as_deref().unwrap_or_default();
        let (number, period, sum) = (&filing.org_number, &filing.period, money(&filing.assessed_vat));
        let practice = practice(filing.environment, console);
        let company = Shown::line(company);
        writeln!(
            console.err,
            "  {STRONG}{}{STRONG:#} {number} · {period} · {sum} · {state}{practice}  {QUIET}{folder}{QUIET:#}",
            company.as_str()
        )?;
    }
    let question = console.say("archive.takeThemIn");
    if yes || agreed(question, stop, console).await? {
        return Ok(true);
    }
    let text = console.say("archive.nothingIsTakenIn");
    writeln!(console.err, "{text}")?;
    Ok(false)
}

fn failed(error: &Problem, console: &mut Console<'_>) -> Result<Exit, Failure> {
    problem(error, console)?;
    Ok(Exit::Failed)
}
