//! Drafts of files: spreadsheets, text, and returns to be mended.

use super::{Import, Wrong, name, show, today, with};
use crate::console::{Console, INVALID, QUIET, STRONG};
use crate::paths::refused;
use crate::{Exit, Failure};
use drafts::amount::{Decimals, NotAnAmount};
use drafts::sheet::{
    Defaults, Grid, MOST_DRAFTS, Meaning, NotASheet, Outcome, Repeated, Trouble, Understood, address, open, understand,
};
use drafts::{Draft, Origin};
use office::Office;
use shown::Shown;
use std::collections::{BTreeMap, HashMap};
use std::io::{self, Read as _};
use std::path::Path;

/// Bytes a spreadsheet of returns does not have.
const LARGEST: u64 = 64 << 20;

/// Cells that cannot be used are said one by one up to this many.
const TOLD: usize = 50;

/// Something that becomes a draft.
enum Made {
    /// Lines of a sheet.
    Lines(Draft),
    /// A return as it is.
    File {
        /// The file's name.
        name: String,
        /// All of it.
        bytes: Vec<u8>,
        /// What it says.
        draft: Draft,
    },
}

impl Made {
    /// What it says.
    fn draft(&self) -> &Draft {
        match self {
            Self::Lines(draft) | Self::File { draft, .. } => draft,
        }
    }
}

/// What a file gave.
struct Read {
    /// What it gave, and from where: the file, and of several sheets the sheet's name.
    made: Vec<(String, Made)>,
    /// Whether all of it was understood.
    all: bool,
}

/// What the call says of a file that does not say it itself.
struct Said {
    defaults: Defaults,
    decimals: Option<Decimals>,
}

/// Makes drafts of files.
pub(super) fn import(args: &Import, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let call = Said { defaults: args.about.defaults(today()?, console)?, decimals: args.decimal.map(Decimals::from) };
    with(&args.office, console, |office, console| {
        let (mut made, mut all) = (Vec::new(), true);
        for path in &args.files {
            let read = read(path, office, &call, console)?;
            all &= read.all;
            made.extend(read.made);
        }
        all &= !of_one_return(&made, office, console)?;
        if made.is_empty() && !all {
            // What is in the way has been said, cell by cell.
            return Ok(Exit::No);
        }
        if made.is_empty() {
            let says = console.say("draft.momsbudFoundNoVatCodes");
            return Err(Wrong::Other(says.into()));
        }
        if args.dry_run {
            for (_, one) in &made {
                show::draft(one.draft(), console)?;
            }
            return Ok(if all { Exit::Done } else { Exit::No });
        }
        if made.len() > MOST_DRAFTS {
            let says = console.say("draft.soManyDraftsAreNot");
            return Err(Wrong::Other(format!("{}: {says} {MOST_DRAFTS}", made.len()).into()));
        }
        let (mut lines, mut files) = (Vec::new(), Vec::new());
        for (_, one) in made {
            match one {
                Made::Lines(draft) => lines.push(draft),
                Made::File { name, bytes, .. } => files.push((name, bytes)),
            }
        }
        let mut stored = office.drafts().create_all(&lines)?;
        stored.extend(office.drafts().keep_returns(files)?);
        for stored in stored {
            show::line(&stored, office.environment(), console)?;
        }
        Ok(if all { Exit::Done } else { Exit::No })
    })
}

fn read(path: &Path, office: &Office, call: &Said, console: &mut Console<'_>) -> Result<Read, Wrong> {
    if path == Path::new("-") {
        let mut bytes = Vec::new();
        io::stdin().take(LARGEST + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > LARGEST {
            let says = format!("{}: {}", Shown::path(path), words(&NotASheet::TooLarge, console));
            return Err(Failure::from(says).into());
        }
        return of_bytes(path, "", bytes, office, call, console);
    }
    let bytes = files::open::read(path, LARGEST).map_err(|why| refused(path, &why, console))?;
    of_bytes(path, &name(path), bytes, office, call, console)
}

/// What the bytes of a file give, in any encoding and of any kind that is known.
fn of_bytes(
    path: &Path,
    name: &str,
    bytes: Vec<u8>,
    office: &Office,
    call: &Said,
    console: &mut Console<'_>,
) -> Result<Read, Wrong> {
    // A return that is to be mended is one more way to begin.
    if let Ok(ret) = vat_return::read(&bytes) {
        let draft = Draft::of_return(&ret, Origin::Typed);
        let made = Made::File { name: name.to_owned(), bytes, draft };
        return Ok(Read { made: vec![(Shown::path(path).to_string(), made)], all: true });
    }
    let (mut grids, hidden) =
        open(&bytes).map_err(|why| Failure::from(format!("{}: {}", Shown::path(path), words(&why, console))))?;
    for sheet in &hidden {
        let says = console.say("draft.sheet.isHiddenAndWasNot");
        writeln!(console.err, "{QUIET}{}: {says}{QUIET:#}", Shown::line(sheet))?;
    }
    for grid in &mut grids {
        grid.said = call.decimals;
    }
    said(&grids, path, name, office, &call.defaults, console)
}

/// Says where a company gets more than one draft of a period, from this call or beside those that lie there; whether this call
/// makes several. They may be two versions of a return or two halves of it: only a person knows.
fn of_one_return(made: &[(String, Made)], office: &Office, console: &mut Console<'_>) -> Result<bool, Wrong> {
    let mut places: HashMap<_, Vec<String>> = HashMap::new();
    for stored in office.drafts().list(false)? {
        if let Some(key) = stored.draft.return_key() {
            places.entry(key).or_default().push(stored.id.to_string());
        }
    }
    for (place, one) in made {
        if let Some(key) = one.draft().return_key() {
            places.entry(key).or_default().push(place.clone());
        }
    }
    let mut several = false;
    for (_, one) in made {
        let Some(key) = one.draft().return_key() else { continue };
        // Each return is said once.
        let Some(places) = places.remove(&key).filter(|it| it.len() > 1) else { continue };
        several |= made.iter().filter(|(_, other)| other.draft().return_key().as_ref() == Some(&key)).count() > 1;
        let (company, _, period) = key;
        let says = console.say("draft.sheet.severalDraftsOfOneReturn");
        let period = period.in_words(console.language);
        writeln!(
            console.err,
            "{INVALID}■{INVALID:#} {STRONG}{}, {period}{STRONG:#}: {says}: {}",
            Shown::line(&company),
            places.join(", ")
        )?;
    }
    Ok(several)
}

fn words(why: &NotASheet, console: &Console<'_>) -> String {
    match why {
        NotASheet::Password => console.say("draft.sheet.theSpreadsheetIsProtectedBy").to_owned(),
        NotASheet::Binary => console.say("draft.sheet.momsbudDoesNotReadXlsb").to_owned(),
        NotASheet::TooLarge => console.say("draft.sheet.theSpreadsheetIsTooLarge").to_owned(),
        NotASheet::Empty => console.say("draft.sheet.theSpreadsheetIsEmpty").to_owned(),
        NotASheet::Damaged(why) => {
            let says = console.say("draft.sheet.cannotBeReadAsA");
            format!("{says} ({})", Shown::line(why))
        }
        other => other.to_string(),
    }
}

fn said(
    grids: &[Grid],
    path: &Path,
    file: &str,
    office: &Office,
    defaults: &Defaults,
    console: &mut Console<'_>,
) -> Result<Read, Wrong> {
    let mut read = Read { made: Vec::new(), all: true };
    for grid in grids {
        let mut understood = understand(grid, file, defaults, None);
        // What its columns were said to be in the window holds here too.
        if let Some(layout) = office.drafts().remembered(&understood.layout)? {
            understood = understand(grid, file, defaults, Some(&layout));
        }
        // A sheet of words beside the one with the lines is none of them.
        if understood.drafts.is_empty() && grids.len() > 1 && !has_trouble(&understood) {
            continue;
        }
        read.all &= report(grid, &understood, console)?;
        let place = if grids.len() == 1 {
            Shown::path(path).to_string()
        } else {
            format!("{} «{}»", Shown::path(path), Shown::line(&grid.name))
        };
        read.made.extend(understood.drafts.into_iter().map(|draft| (place.clone(), Made::Lines(draft))));
    }
    Ok(read)
}

fn has_trouble(understood: &Understood) -> bool {
    understood.rows.iter().any(|(_, outcome)| matches!(outcome, Outcome::Trouble(_)))
}

/// Says what was understood: the columns, how many rows became what, and each cell that is in the way.
fn report(grid: &Grid, understood: &Understood, console: &mut Console<'_>) -> io::Result<bool> {
    if !grid.name.is_empty() {
        writeln!(console.err, "{STRONG}{}{STRONG:#}", Shown::line(&grid.name))?;
    }
    for column in understood.columns.iter().filter(|column| column.meaning != Meaning::Nothing) {
        let letter = address(1, column.column);
        let letter = letter.trim_end_matches('1');
        writeln!(
            console.err,
            "{QUIET}{letter}  {}  {}{QUIET:#}",
            meaning(column.meaning, console),
            Shown::line(&column.name)
        )?;
    }
    let letter = |at: u32| address(1, at).trim_end_matches('1').to_owned();
    let unused: Vec<String> = understood
        .columns
        .iter()
        .filter(|it| {
            it.meaning == Meaning::Nothing && understood.repeated.iter().all(|other| other.column != it.column)
        })
        .map(|it| letter(it.column))
        .collect();
    if !unused.is_empty() && unused.len() < understood.columns.len() {
        let says = console.say("draft.sheet.notUsed");
        writeln!(console.err, "{QUIET}{}  {says}{QUIET:#}", unused.join(", "))?;
    }
    for Repeated { column, name, meaning: of, first } in &understood.repeated {
        let (of, first) = (meaning(*of, console), letter(*first));
        let fills: &[(&str, &dyn std::fmt::Display)] = &[("first", &first), ("meaning", &of)];
        let says = crate::filled(console.language, "draft.sheet.isNotReadBecauseColumn", fills);
        writeln!(
            console.err,
            "{INVALID}■{INVALID:#} {STRONG}{}{STRONG:#} «{}»: {says}",
            letter(*column),
            Shown::line(name)
        )?;
    }
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let (mut all, mut told, mut changed) = (understood.repeated.is_empty(), 0_usize, 0_usize);
    for (number, outcome) in &understood.rows {
        match outcome {
            Outcome::Trouble(troubles) => {
                all = false;
                let mut troubles: Vec<_> = troubles.iter().collect();
                // From left to right: column Z stands before AA.
                troubles.sort_by_key(|one| (one.address.len(), &one.address));
                for one in troubles {
                    told += 1;
                    // A sheet may have a million rows that are something else.
                    if told > TOLD {
                        continue;
                    }
                    let text = Shown::line(&one.text);
                    writeln!(
                        console.err,
                        "{INVALID}■{INVALID:#} {STRONG}{}{STRONG:#} «{text}»: {}",
                        one.address,
                        trouble(&one.trouble, console)
                    )?;
                }
            }
            Outcome::Line { cut, made_negative, .. } => {
                *counts.entry(console.say("draft.sheet.lines")).or_default() += 1;
                changed += usize::from(!cut.is_empty() || *made_negative);
                if !cut.is_empty() && changed <= TOLD {
                    let says = console.say("draft.sheet.reWereCut");
                    writeln!(console.err, "{QUIET}{number}: {says}{QUIET:#}")?;
                }
                if *made_negative && changed <= TOLD {
                    let says = console.say("draft.sheet.theDeductionGotAMinus");
                    writeln!(console.err, "{QUIET}{number}: {says}{QUIET:#}")?;
                }
            }
            Outcome::Heading => *counts.entry(console.say("draft.sheet.headings")).or_default() += 1,
            Outcome::Sum => *counts.entry(console.say("draft.sheet.sums")).or_default() += 1,
            Outcome::Empty => *counts.entry(console.say("draft.sheet.emptyLines")).or_default() += 1,
            Outcome::About | Outcome::Words => *counts.entry(console.say("draft.sheet.otherRows")).or_default() += 1,
        }
    }
    if told > TOLD {
        let says = console.say("draft.sheet.moreCellsCannotBeUsed");
        writeln!(console.err, "{INVALID}■{INVALID:#} … {} {says}", told - TOLD)?;
    }
    if changed > TOLD {
        let says = console.say("draft.sheet.moreRowsWereChangedSo");
        writeln!(console.err, "{QUIET}… {} {says}{QUIET:#}", changed - TOLD)?;
    }
    let counts: Vec<String> = counts.iter().map(|(word, count)| format!("{count} {word}")).collect();
    writeln!(console.err, "{QUIET}{}{QUIET:#}", counts.join(" · "))?;
    Ok(all)
}

fn meaning(meaning: Meaning, console: &Console<'_>) -> &'static str {
    let key = match meaning {
        Meaning::Code => "draft.sheet.vatCode",
        Meaning::OwnCode => "draft.sheet.ownCode",
        Meaning::Base => "draft.sheet.base",
        Meaning::Rate => "draft.sheet.rate",
        Meaning::Vat => "draft.sheet.vat",
        Meaning::Specification => "draft.sheet.specification",
        Meaning::Remark => "draft.sheet.remark",
        Meaning::Company => "draft.sheet.company",
        Meaning::Period => "draft.sheet.period",
        Meaning::Nothing => "draft.sheet.notUsed",
    };
    console.say(key)
}

fn trouble(trouble: &Trouble, console: &Console<'_>) -> &'static str {
    let key = match trouble {
        Trouble::FormulaError => "draft.sheet.theFormulaGivesAnError",
        Trouble::NotAnAmount(NotAnAmount::Ambiguous) => "draft.sheet.mayBeThousandsOrDecimalsWrite",
        Trouble::NotAnAmount(_) => "draft.sheet.notANumber",
        Trouble::Day => "draft.sheet.aDateWhereAnAmountBelongs",
        Trouble::UnknownCode => "draft.sheet.noVatCode",
        Trouble::UnknownSpecification => "draft.sheet.noSpecification",
        Trouble::Company => "draft.sheet.notAnOrganisationNumber",
        Trouble::Period => "draft.sheet.notAPeriod",
        Trouble::NoCode => "draft.sheet.anAmountWithoutAVatCode",
        Trouble::OtherColumns => "draft.sheet.aTableWithOtherColumns",
        Trouble::SurplusCell => "draft.sheet.surplusCell",
        Trouble::TooManyReturns => "draft.sheet.moreReturnsThanDraftsAre",
        Trouble::TooManyLines => "draft.sheet.moreLinesThanAreTaken",
        _ => "draft.sheet.cannotBeUsed",
    };
    console.say(key)
}
