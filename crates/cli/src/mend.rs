//! `momsbud-cli mend`: what a machine can mend of a return, and nothing that decides about tax.

use crate::console::{Console, GOOD, INVALID, QUIET, STRONG};
use crate::paths::write_file;
use crate::{Exit, Failure};
use jiff::civil::Date;
use shown::Shown;
use std::fs;
use std::io::{IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use vat_return::{Context, Severity, check_bytes, mend::mend};

/// Mends what exports get wrong and a machine can put right.
///
/// How rates and amounts are written, base and rate on a deduction, reverse charge on one line, a KID that is none, missing
/// payment information, order and namespace.
///
/// Writes the mended return to standard output, or to --out; never over the original. Only what is mended changes, every
/// other byte and all comments stay, and a return in which nothing is to be mended comes out as it is. Amounts are never
/// rounded. What was changed is said on standard error, with --dry-run on standard output instead of the return.
///
/// Status 0: nothing is ugyldig any more, and the sum is right. 1: something is left that needs a person; what could be
/// mended is written. 2: the file cannot be read as a return, or the result could not be written.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The return.
    file: PathBuf,
    /// Write the mended return to this file.
    #[arg(long, value_name = "FILE", conflicts_with = "dry_run")]
    out: Option<PathBuf>,
    /// Say what would be changed, and write no return.
    #[arg(long)]
    dry_run: bool,
    /// The day of filing, e.g. 2026-11-21; today in Norway if left out.
    #[arg(long, value_name = "DATE")]
    date: Option<Date>,
}

/// What a terminal shows of a file, and obeys nothing of: what it would obey, or would not show, has a sign in its place.
fn for_a_terminal(bytes: &[u8]) -> Vec<u8> {
    let seen = |character: char| matches!(character, '\n' | '\t') || !shown::is_unseen(character);
    let text = String::from_utf8_lossy(bytes).replace("\r\n", "\n");
    text.chars()
        .map(|character| if seen(character) { character } else { char::REPLACEMENT_CHARACTER })
        .collect::<String>()
        .into()
}

pub(crate) fn run(args: &Args, today: Date, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let (language, shown) = (console.language, Shown::path(&args.file));
    let bytes = match files::open::read(&args.file, files::LARGEST) {
        Ok(bytes) => bytes,
        Err(why) => return Err(format!("{shown}: {}", why.text(language)).into()),
    };
    if let Some(out) = &args.out
        && is_same(&args.file, out)
    {
        let says = console.say("mend.thatIsTheOriginalChoose");
        return Err(format!("{}: {says}", Shown::path(out)).into());
    }
    let mended = mend(&bytes).map_err(|rejection| format!("{shown}: {}", rejection.text(language)))?;
    match &args.out {
        Some(out) => {
            write_file(out, &mended.bytes, console)?;
        }
        None if args.dry_run => {}
        None => {
            // Bytes of any encoding, past what changes colours.
            let mut out = std::io::stdout().lock();
            let bytes = if out.is_terminal() { for_a_terminal(&mended.bytes) } else { mended.bytes.clone() };
            match out.write_all(&bytes).and_then(|()| out.flush()) {
                // Who reads no further knows enough; the status is the return's.
                Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => {}
                written => written?,
            }
        }
    }
    let (_, report) = check_bytes(&mended.bytes, &Context::on(args.date.unwrap_or(today)));
    let left = report.findings.iter().filter(|finding| finding.severity == Severity::Invalid || finding.rule == "R018");
    let left: Vec<String> = left
        .map(|finding| {
            let place = finding.at.map(|at| format!("{}:{} ", at.line, at.column)).unwrap_or_default();
            format!("{QUIET}{place}{QUIET:#}{} {}", finding.rule, finding.text(language).message)
        })
        .collect();
    let nothing = console.say("mend.thereIsNothingToMend");
    let stays = console.say("mend.thisNeedsAPerson");
    let say = if args.dry_run { &mut console.out } else { &mut console.err };
    if mended.changes.is_empty() && left.is_empty() {
        writeln!(say, "{nothing}")?;
    }
    for change in &mended.changes {
        let (line, column) = (change.at.line, change.at.column);
        writeln!(say, "{GOOD}✓{GOOD:#} {QUIET}{line}:{column}{QUIET:#} {}", change.text(language))?;
    }
    if left.is_empty() {
        return Ok(Exit::Done);
    }
    writeln!(say, "{STRONG}{stays}{STRONG:#}")?;
    for finding in left {
        writeln!(say, "{INVALID}■{INVALID:#} {finding}")?;
    }
    Ok(Exit::No)
}

/// Whether both names lead to one file.
fn is_same(file: &Path, other: &Path) -> bool {
    match (fs::canonicalize(file), fs::canonicalize(other)) {
        (Ok(file), Ok(other)) => file == other || is_one_file(&file, &other),
        _ => false,
    }
}

#[cfg(unix)]
fn is_one_file(file: &Path, other: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let key = |path: &Path| fs::metadata(path).map(|metadata| (metadata.dev(), metadata.ino())).ok();
    key(file).is_some() && key(file) == key(other)
}

#[cfg(not(unix))]
fn is_one_file(_: &Path, _: &Path) -> bool {
    false
}
