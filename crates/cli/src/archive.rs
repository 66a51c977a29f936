//! `momsbud-cli archive`: verifies the archive, takes filings along, builds the history anew from it.

use crate::console::{Console, GOOD, INVALID, QUIET, STRONG};
use crate::office::{Folders, OfficeArgs, Purpose, SystemBrowser, gate, problem, within};
use crate::{Exit, Failure};
use filing::view::{
    ArchiveFault, ArchiveReport, ErrorCode, ErrorView, ExportFormat, ExportSelection, ExportView, HistoryQuery,
};
use filing::{verify_archive, verify_folder};
use shown::Shown;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Verifies the archive of receipts, and takes filings along from it.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    Verify(VerifyArgs),
    Export(ExportArgs),
    Restore(RestoreArgs),
}

/// Compares every file with its sum, and the archive with history.
///
/// The sum is of when the file was put away. Needs no network and nobody signed in. Changed, missing and surplus files are named. The archive is kept: nothing in
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
/// Status 0: written. 1: no filing is meant, or some have no folder in the archive. 2: it could not be written.
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
/// filed and Altinn has the same, or at once with --adopt.
///
/// Status 0: done. 1: folders were left out. 2: it could not be done.
#[derive(Debug, clap::Args)]
pub(crate) struct RestoreArgs {
    #[command(flatten)]
    office: OfficeArgs,
    /// Take in folders that were not written here: you know that they are yours.
    #[arg(long)]
    adopt: bool,
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
    let says = console.say("arkivet kan ikke leses", "arkivet kan ikkje lesast", "the archive cannot be read");
    Err(format!("{}: {says}: {}", Shown::path(folder), files::io_words(&error, console.language)).into())
}

fn show(report: &ArchiveReport, console: &mut Console<'_>) -> std::io::Result<()> {
    for complaint in &report.complaints {
        let what = fault(complaint.what, console);
        let file = complaint.file.as_ref().map(|file| format!("/{file}")).unwrap_or_default();
        writeln!(console.out, "{INVALID}{what}{INVALID:#}  {}{file}", complaint.folder)?;
    }
    let (folders, files) = (report.folders, report.files);
    let looked = match console.language {
        vat_return::Language::Nb => format!("{folders} innsendinger, {files} filer kontrollert"),
        vat_return::Language::Nn => format!("{folders} innsendingar, {files} filer kontrollerte"),
        vat_return::Language::En => format!("{folders} filings, {files} files verified"),
    };
    if report.complaints.is_empty() {
        let good = console.say("alt er uendret", "alt er uendra", "everything is as it was");
        writeln!(console.out, "{looked}: {GOOD}{good}{GOOD:#}")
    } else {
        writeln!(
            console.out,
            "{looked}, {STRONG}{}{STRONG:#} {}",
            report.complaints.len(),
            console.say("avvik", "avvik", "complaints")
        )
    }
}

fn fault(fault: ArchiveFault, console: &Console<'_>) -> &'static str {
    match fault {
        ArchiveFault::Changed => console.say("endret", "endra", "changed"),
        ArchiveFault::Missing => console.say("mangler", "manglar", "missing"),
        ArchiveFault::Surplus => console.say("til overs", "til overs", "surplus"),
        ArchiveFault::Unreadable => console.say("kan ikke leses", "kan ikkje lesast", "cannot be read"),
        ArchiveFault::NoManifest => console.say("mangler fillisten", "manglar fillista", "has no list of files"),
        ArchiveFault::NotFromHere => console.say("er ikke herfra", "er ikkje herfrå", "is not from here"),
        ArchiveFault::FolderMissing => console.say("mappen mangler", "mappa manglar", "the folder is missing"),
        ArchiveFault::Unfinished => console.say("ikke skrevet ferdig", "ikkje skriven ferdig", "not finished"),
    }
}

fn export(args: &ExportArgs, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let format = match args.out.extension().and_then(|ending| ending.to_str()) {
        Some("zip") => ExportFormat::Zip,
        Some("csv") => ExportFormat::Csv,
        _ => {
            let text = console.say(
                "filen som skal skrives, må ende på .zip eller .csv",
                "fila som skal skrivast, må slutte på .zip eller .csv",
                "the file to write must end with .zip or .csv",
            );
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
    within(&args.office, Purpose::Looking, browser, console, async |office, stop, console| {
        match stop.or(office.export_filings(selection, format, to)).await? {
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
            1 => console.say("innsending", "innsending", "filing"),
            _ => console.say("innsendinger", "innsendingar", "filings"),
        };
        writeln!(console.out, "{STRONG}{}{STRONG:#} {word}  {QUIET}{}{QUIET:#}", exported.filings, exported.path)?;
        if exported.without_folder > 0 {
            let text = console.say("uten mappe i arkivet", "utan mappe i arkivet", "without a folder in the archive");
            writeln!(console.out, "{INVALID}{}{INVALID:#} {text}", exported.without_folder)?;
        }
    }
    Ok(if exported.filings == 0 || exported.without_folder > 0 { Exit::No } else { Exit::Done })
}

fn restore(args: &RestoreArgs, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let browser = Arc::new(SystemBrowser { opens: false });
    within(&args.office, Purpose::Looking, browser, console, async |office, stop, console| {
        let count = if args.adopt {
            stop.or(office.adopt_archive()).await?
        } else {
            stop.or(office.history_from_archive()).await?
        };
        let foreign = stop.or(office.foreign_folders()).await?;
        match count.and_then(|count| Ok((count, foreign?))) {
            Ok((count, foreign)) => {
                let text = console.say("hentet inn i historikken", "henta inn i historikken", "put into the history");
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

fn failed(error: &ErrorView, console: &mut Console<'_>) -> Result<Exit, Failure> {
    problem(error, console)?;
    Ok(Exit::Failed)
}
