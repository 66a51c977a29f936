//! `momsbud-cli draft`: returns in the making, for people and for scripts that make a return from a table of their own.

mod sheet;
mod show;
mod standing;

use crate::console::{Console, QUIET};
use crate::office::{OfficeArgs, Purpose, SystemBrowser, problem, within};
use crate::paths::{refused, write_file};
use crate::period::{CategoryChoice, KindChoice, ReturnArgs, last_over, period};
use crate::sign_in::SignInArgs;
use crate::{Exit, Failure, submit};
use drafts::amount::Decimals;
use drafts::{Draft, Edit, Field, LineId, Missing, Note, Told};
use filing::StoredDraft;
use office::Office;
use shown::Shown;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use vat_return::{OrgNumber, PeriodKind};
use view::Problem;

/// Keeps returns in the making.
///
/// They are typed, come from a spreadsheet, or are returns to be mended. Drafts are kept until they are filed or thrown away, and the window sees the same ones.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    New(New),
    List(List),
    Show(Show),
    Set(Box<Set>),
    Import(Import),
    Export(Export),
    Submit(Box<Submit>),
    Discard(Discard),
    Restore(Restore),
}

/// Begins an empty draft; its key is printed.
///
/// Status 0: it is there. 2: it could not be kept.
#[derive(Debug, clap::Args)]
pub(crate) struct New {
    #[command(flatten)]
    office: OfficeArgs,
    #[command(flatten)]
    about: About,
    /// Begin with the codes of this return.
    #[arg(long, value_name = "FILE")]
    as_last: Option<PathBuf>,
}

/// Company, period and category of what does not say them itself.
#[derive(Debug, clap::Args)]
struct About {
    /// The company's organisation number.
    #[arg(long, value_name = "ORGNR")]
    company: Option<String>,
    #[command(flatten)]
    about: ReturnArgs,
}

/// Lists the drafts, the one changed last first.
///
/// Status 0: here they are. 1: there are none. 2: they could not be read.
#[derive(Debug, clap::Args)]
pub(crate) struct List {
    #[command(flatten)]
    office: OfficeArgs,
    /// Those in the wastebasket.
    #[arg(long)]
    discarded: bool,
    /// One JSON object a draft and line instead of text.
    #[arg(long)]
    json: bool,
}

/// Shows a draft with what the rules say of it.
///
/// Status 0: it can be filed as it stands. 1: something is missing, or would be refused. 2: there is no such draft.
#[derive(Debug, clap::Args)]
pub(crate) struct Show {
    #[command(flatten)]
    office: OfficeArgs,
    /// JSON instead of text.
    #[arg(long)]
    json: bool,
    /// The draft's key, or the beginning of it.
    id: String,
}

/// Changes a draft, or a line of it.
///
/// With --line the line of that code (and --specification) is changed, or added where there is none; what is not named stays.
/// An empty value takes away: --vat '' lets VAT be computed again.
///
/// Status 0: changed. 1: changed, and something that was typed is no amount. 2: nothing was changed.
#[derive(Debug, clap::Args)]
pub(crate) struct Set {
    #[command(flatten)]
    office: OfficeArgs,
    /// The draft's key, or the beginning of it.
    id: String,
    /// The company's organisation number.
    #[arg(long, value_name = "ORGNR")]
    company: Option<String>,
    /// The period as YEAR-NUMBER, of the kind the draft has or --kind says.
    #[arg(long, value_name = "PERIOD")]
    period: Option<String>,
    /// Which periods the company has.
    #[arg(long, value_enum)]
    kind: Option<KindChoice>,
    /// Category of the return.
    #[arg(long, value_enum)]
    category: Option<CategoryChoice>,
    /// KID for money back.
    #[arg(long, value_name = "KID")]
    kid: Option<String>,
    /// Remark of the whole return, or with --line of the line.
    #[arg(long, value_name = "TEXT")]
    remark: Option<String>,
    /// The line of this VAT code.
    #[arg(long, value_name = "CODE")]
    line: Option<String>,
    /// The line with this specification.
    #[arg(long, value_name = "WORD", requires = "line")]
    specification: Option<String>,
    /// Its base, in kroner.
    #[arg(long, value_name = "KRONER", requires = "line", allow_hyphen_values = true)]
    base: Option<String>,
    /// Its rate in per cent.
    #[arg(long, value_name = "RATE", requires = "line")]
    rate: Option<String>,
    /// Its VAT, in kroner.
    #[arg(long, value_name = "KRONER", requires = "line", allow_hyphen_values = true)]
    vat: Option<String>,
    /// The accounting system's own code.
    #[arg(long, value_name = "CODE", requires = "line")]
    own_code: Option<String>,
    /// Let a file go with the return, up to 57 times.
    #[arg(long, value_name = "FILE")]
    attach: Vec<PathBuf>,
    /// Take the file of this name off the return.
    #[arg(long, value_name = "NAME")]
    detach: Vec<String>,
    /// Take the line away.
    #[arg(long, requires = "line", conflicts_with_all = ["base", "rate", "vat", "own_code", "remark"])]
    remove: bool,
}

/// Makes drafts of spreadsheets and returns.
///
/// Spreadsheets are .xlsx, .ods, .xls and .csv, or text from standard input; a return becomes a draft to be mended. Each company and period becomes a draft. What became of every row is said; rows that are no lines are never skipped
/// silently. The options say what a sheet does not say itself.
///
/// Status 0: all is understood. 1: some rows or columns are not, or several drafts are of one company and period; they are
/// named, and what is understood is kept. 2: nothing could be read.
#[derive(Debug, clap::Args)]
pub(crate) struct Import {
    #[command(flatten)]
    office: OfficeArgs,
    #[command(flatten)]
    about: About,
    /// Say what would be made, and keep nothing.
    #[arg(long)]
    dry_run: bool,
    /// What numbers that are text have before their decimals, where nothing in the sheet tells whether 1,234 is a thousand.
    #[arg(long, value_enum, value_name = "SIGN")]
    decimal: Option<DecimalSign>,
    /// Files; - for standard input.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

/// The value of `--decimal`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum DecimalSign {
    /// A comma, as in Norway.
    Comma,
    /// A point, as in English.
    Point,
}

impl From<DecimalSign> for Decimals {
    fn from(sign: DecimalSign) -> Self {
        match sign {
            DecimalSign::Comma => Self::CommaForCertain,
            DecimalSign::Point => Self::Point,
        }
    }
}

/// Writes a draft as a return or a spreadsheet.
///
/// As a return (.xml), or on a spreadsheet that can be filled in further (.xlsx, .csv).
///
/// Status 0: written. 1: something is missing before it is a return. 2: it could not be written.
#[derive(Debug, clap::Args)]
pub(crate) struct Export {
    #[command(flatten)]
    office: OfficeArgs,
    /// Where to; its ending says what is written.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// The draft's key, or the beginning of it.
    id: String,
}

/// Files a draft.
///
/// Once it has been filed it goes to the wastebasket.
///
/// Status 0: filed, and the receipt is there. 1: not filed, or something is missing before it is a return. 2: it could not be
/// done.
#[derive(Debug, clap::Args)]
pub(crate) struct Submit {
    #[command(flatten)]
    office: OfficeArgs,
    #[command(flatten)]
    sign_in: SignInArgs,
    /// File without asking.
    #[arg(long)]
    yes: bool,
    /// File a period again that has been filed before.
    #[arg(long)]
    correction: bool,
    /// The draft's key, or the beginning of it.
    id: String,
}

/// Puts a draft in the wastebasket.
///
/// It can be taken back within thirty days.
///
/// Status 0: done. 2: there is no such draft.
#[derive(Debug, clap::Args)]
pub(crate) struct Discard {
    #[command(flatten)]
    office: OfficeArgs,
    /// The draft's key, or the beginning of it.
    id: String,
}

/// Takes a draft back out of the wastebasket.
///
/// Status 0: done. 2: there is no such draft.
#[derive(Debug, clap::Args)]
pub(crate) struct Restore {
    #[command(flatten)]
    office: OfficeArgs,
    /// The draft's key, or the beginning of it.
    id: String,
}

impl Command {
    /// Whether what is printed is all that the command does.
    pub(crate) fn only_shows(&self) -> bool {
        match self {
            Self::List(_) | Self::Show(_) => true,
            Self::New(_)
            | Self::Set(_)
            | Self::Import(_)
            | Self::Export(_)
            | Self::Submit(_)
            | Self::Discard(_)
            | Self::Restore(_) => false,
        }
    }
}

pub(crate) fn run(command: &Command, console: &mut Console<'_>) -> Result<Exit, Failure> {
    match command {
        Command::New(args) => new(args, console),
        Command::List(args) => {
            with(&args.office, console, |office, console| show::list(office, args.discarded, args.json, console))
        }
        Command::Show(args) => with(&args.office, console, |office, console| {
            let stored = found(office, &args.id, false)?;
            let standing = office.drafts().said_of_company(&stored.draft.org_number, console.language)?;
            show::show(&stored, office.environment(), standing, args.json, console)
        }),
        Command::Set(args) => {
            let browser = Arc::new(SystemBrowser { opens: false });
            within(&args.office, Purpose::AtHome, browser, console, async |office, _, console| {
                answered(set(office, args, console).await, console)
            })
        }
        Command::Import(args) => sheet::import(args, console),
        Command::Export(args) => with(&args.office, console, |office, console| export(office, args, console)),
        Command::Submit(args) => file(args, console),
        Command::Discard(args) => with(&args.office, console, |office, console| {
            let stored = found(office, &args.id, false)?;
            office.drafts().discard(&stored.id.to_string(), false)?;
            let says = console.say("draft.theDraftIsInTheWastebasket");
            writeln!(console.out, "{says}")?;
            Ok(Exit::Done)
        }),
        Command::Restore(args) => with(&args.office, console, |office, console| {
            let stored = office.drafts().restore(&found(office, &args.id, true)?.id.to_string())?;
            show::line(&stored, office.environment(), console)?;
            Ok(Exit::Done)
        }),
    }
}

/// What went wrong with a draft: said by the office, or by this command.
enum Wrong {
    Office(Problem),
    Other(Failure),
}

impl From<Problem> for Wrong {
    fn from(error: Problem) -> Self {
        Self::Office(error)
    }
}

impl From<Failure> for Wrong {
    fn from(failure: Failure) -> Self {
        Self::Other(failure)
    }
}

impl From<io::Error> for Wrong {
    fn from(error: io::Error) -> Self {
        Self::Other(error.into())
    }
}

impl From<serde_json::Error> for Wrong {
    fn from(error: serde_json::Error) -> Self {
        Self::Other(error.into())
    }
}

/// Does something with the drafts of an office.
fn with(
    args: &OfficeArgs,
    console: &mut Console<'_>,
    work: impl FnOnce(&Arc<Office>, &mut Console<'_>) -> Result<Exit, Wrong>,
) -> Result<Exit, Failure> {
    let browser = Arc::new(SystemBrowser { opens: false });
    within(args, Purpose::AtHome, browser, console, async |office, _, console| answered(work(office, console), console))
}

/// What the office refuses is said; what else went wrong is the command's.
fn answered(done: Result<Exit, Wrong>, console: &mut Console<'_>) -> Result<Exit, Failure> {
    match done {
        Ok(exit) => Ok(exit),
        Err(Wrong::Office(error)) => {
            problem(&error, console)?;
            Ok(Exit::Failed)
        }
        Err(Wrong::Other(failure)) => Err(failure),
    }
}

/// The draft whose key begins so; of several none.
fn found(office: &Office, id: &str, discarded: bool) -> Result<StoredDraft, Wrong> {
    let mut all = office.drafts().list(discarded)?;
    all.retain(|stored| !id.is_empty() && stored.id.to_string().starts_with(id));
    match (all.pop(), all.is_empty()) {
        (Some(only), true) => Ok(only),
        // The office says that there is none.
        _ => Ok(office.drafts().get(id)?),
    }
}

impl About {
    /// What holds where nothing else is said; a company and a period only where they were given.
    fn defaults(&self, today: jiff::civil::Date, console: &Console<'_>) -> Result<drafts::sheet::Defaults, Failure> {
        let org_number = match &self.company {
            Some(text) => Some(company(text, console)?.as_str().into()),
            None => None,
        };
        let period = self.about.period(console)?.unwrap_or_else(|| last_over(self.about.kind(), today));
        Ok(drafts::sheet::Defaults { org_number, period, category: self.about.category() })
    }
}

/// A company's number, as it was given.
fn company(text: &str, console: &Console<'_>) -> Result<OrgNumber, Failure> {
    OrgNumber::parse(text).map_err(|_| {
        let says = console.say("draft.notAnOrganisationNumber");
        format!("--company {}: {says}", Shown::line(text)).into()
    })
}

fn today() -> Result<jiff::civil::Date, Failure> {
    Ok(jiff::Timestamp::now().in_tz("Europe/Oslo")?.date())
}

fn new(args: &New, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let about = args.about.defaults(today()?, console)?;
    let draft = match &args.as_last {
        Some(path) => {
            let bytes = files::open::read(path, files::LARGEST).map_err(|why| refused(path, &why, console))?;
            let last = vat_return::read(&bytes)
                .map_err(|why| format!("{}: {}", Shown::path(path), why.text(console.language)))?;
            let mut draft = Draft::as_last(&last, about.period);
            if let Some(company) = about.org_number {
                draft.org_number = company;
            }
            draft
        }
        None => Draft::new(about.org_number.as_deref().unwrap_or_default(), about.period, about.category),
    };
    with(&args.office, console, |office, console| {
        let stored = office.drafts().create(&draft)?;
        writeln!(console.out, "{}", stored.id)?;
        Ok(Exit::Done)
    })
}

async fn set(office: &Office, args: &Set, console: &mut Console<'_>) -> Result<Exit, Wrong> {
    let stored = found(office, &args.id, false)?;
    let mut draft = stored.draft.clone();
    let mut told = Vec::new();
    for edit in edits(&mut draft, args, console).map_err(Wrong::Other)? {
        told.extend(draft.apply(&edit).map_err(|error| Wrong::Other(error.into()))?);
    }
    let stored = if draft == stored.draft {
        stored
    } else {
        office.drafts().change(&stored.id.to_string(), stored.revision, &draft)?
    };
    for name in &args.detach {
        office.drafts().detach_named(&stored.id.to_string(), name)?;
    }
    if !args.attach.is_empty() {
        office.drafts().attach(&stored.id.to_string(), args.attach.clone()).await?;
    }
    for one in &told {
        show::told(one, console)?;
    }
    show::line(&stored, office.environment(), console)?;
    Ok(if told.contains(&Told::NotAnAmount) { Exit::No } else { Exit::Done })
}

/// What the options change, the line they mean among it.
fn edits(draft: &mut Draft, args: &Set, console: &Console<'_>) -> Result<Vec<Edit>, Failure> {
    let mut edits = Vec::new();
    if let Some(given) = &args.company {
        let number = company(given, console)?;
        edits.push(Edit::Company(number.as_str().into()));
    }
    let kind = args.kind.map_or(draft.period.kind, PeriodKind::from);
    if let Some(text) = &args.period {
        edits.push(Edit::Period(period(text, kind, console)?));
    }
    if let Some(category) = args.category {
        edits.push(Edit::Category(category.into()));
    }
    if let Some(kid) = &args.kid {
        edits.push(Edit::Kid((!kid.is_empty()).then(|| kid.as_str().into())));
    }
    let note = args.remark.as_ref().map(|text| (!text.is_empty()).then(|| Note::of_text(text)));
    let Some(code) = &args.line else {
        edits.extend(note.map(Edit::Note));
        return Ok(edits);
    };
    let line = line_of(draft, code, args.specification.as_deref());
    if args.remove {
        let none = console.say("draft.theDraftHasNoLine");
        let line = line.ok_or_else(|| format!("--remove: {none} {}", Shown::line(code)))?;
        edits.push(Edit::Remove(line));
        return Ok(edits);
    }
    let line = line.unwrap_or_else(|| draft.add(code));
    let specification = args
        .specification
        .as_deref()
        .map(|word| drafts::sheet::specification(word).map_or_else(|| word.to_owned(), |known| known.xml().to_owned()));
    let fields = [
        (Field::Specification, specification.as_ref()),
        (Field::Base, args.base.as_ref()),
        (Field::Rate, args.rate.as_ref()),
        (Field::Vat, args.vat.as_ref()),
        (Field::OwnCode, args.own_code.as_ref()),
    ];
    for (field, text) in fields {
        edits.extend(text.map(|text| Edit::Type { line, field, text: text.as_str().into() }));
    }
    edits.extend(note.map(|note| Edit::LineNote { line, note }));
    Ok(edits)
}

/// The line of a code and specification that is no deduction of another.
fn line_of(draft: &Draft, code: &str, specification: Option<&str>) -> Option<LineId> {
    let wanted = specification.map(|word| drafts::sheet::specification(word).map_or(word, |known| known.xml()));
    draft
        .lines
        .iter()
        .find(|line| {
            line.code.as_deref() == Some(code) && line.deducts.is_none() && line.specification.as_deref() == wanted
        })
        .map(|line| line.id)
}

fn export(office: &Office, args: &Export, console: &mut Console<'_>) -> Result<Exit, Wrong> {
    let stored = found(office, &args.id, false)?;
    let ends = |with: &str| args.out.extension().is_some_and(|ending| ending.eq_ignore_ascii_case(with));
    let bytes = if ends("xlsx") {
        drafts::sheet::workbook(&stored.draft, console.language).map_err(|error| Wrong::Other(error.into()))?
    } else if ends("csv") {
        drafts::sheet::csv(&stored.draft, console.language).map_err(|error| Wrong::Other(error.into()))?
    } else if let Some((_, bytes)) = office.drafts().original(&stored.id.to_string())? {
        bytes
    } else {
        match made(&stored) {
            Ok(made) => made.xml.into_bytes(),
            Err(missing) => {
                show::missing(&stored.draft, &missing, console)?;
                return Ok(Exit::No);
            }
        }
    };
    write_file(&args.out, &bytes, console).map_err(Wrong::Other)?;
    writeln!(console.out, "{QUIET}{}{QUIET:#}", Shown::path(&args.out))?;
    Ok(Exit::Done)
}

/// The return a draft gives, known here by the draft's key where it has no reference of its own.
fn made(stored: &StoredDraft) -> Result<drafts::Made, Missing> {
    let mut draft = stored.draft.clone();
    if draft.reference.is_empty() {
        draft.reference = stored.id.to_string().into();
    }
    draft.made()
}

/// Longest name of a file that is filed, bytes.
const LONGEST_NAME: usize = 200;

fn file(args: &Submit, console: &mut Console<'_>) -> Result<Exit, Failure> {
    // What is filed is a file like any other, read again from the disk.
    let folder = tempfile::Builder::new().prefix("momsbud-").tempdir()?;
    let mut ready = None;
    if let exit @ (Exit::No | Exit::Failed | Exit::Stopped(_)) = standing::said(args, console)? {
        return Ok(exit);
    }
    let exit = with(&args.office, console, |office, console| {
        let stored = found(office, &args.id, false)?;
        let (name, bytes) = match office.drafts().original(&stored.id.to_string())? {
            Some(file) => file,
            None => match made(&stored) {
                Ok(made) => {
                    let number = made.read.org_number.as_ref().map_or("", |number| number.value.as_str());
                    let period = made.read.period.value;
                    let name = format!("mva-melding-{number}-{}-{}.xml", period.year, period.index);
                    (name, made.xml.into_bytes())
                }
                Err(missing) => {
                    show::missing(&stored.draft, &missing, console)?;
                    return Ok(Exit::No);
                }
            },
        };
        let path = folder.path().join(disk::safe_name(&name));
        write_file(&path, &bytes, console)?;
        // Each in a folder of its own: it is filed under its name.
        let mut attached = Vec::new();
        for (at, (name, from)) in office.drafts().attachments(&stored.id.to_string())?.into_iter().enumerate() {
            let place = folder.path().join(at.to_string());
            disk::create_folder(&place)?;
            // Of a file's name on another system.
            let to = disk::place::child(&place, &disk::short_name(&name, LONGEST_NAME))?;
            io::copy(&mut disk::place::open_regular(&from)?, &mut disk::create_new(&to)?)?;
            attached.push(to);
        }
        ready = Some((stored.id.to_string(), path, attached));
        Ok(Exit::Done)
    })?;
    let Some((id, path, attached)) = ready else { return Ok(exit) };
    let submit = submit::Args::of_file(&args.office, &args.sign_in, path, args.yes, args.correction).with(attached);
    let exit = submit::run(&submit, console)?;
    if exit == Exit::Done {
        return with(&args.office, console, |office, _| {
            office.drafts().discard(&id, true)?;
            Ok(exit)
        });
    }
    Ok(exit)
}

/// The name of a file, as a draft keeps it.
fn name(path: &Path) -> String {
    path.file_name().map(|name| String::from(Shown::line(&name.to_string_lossy()))).unwrap_or_default()
}
