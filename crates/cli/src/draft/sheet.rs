//! Drafts of files: spreadsheets, text, and returns to be mended.

use super::{name, origin};
use crate::Failure;
use crate::console::{Console, INVALID, QUIET, STRONG};
use crate::paths::refused;
use drafts::Draft;
use drafts::amount::NotAnAmount;
use drafts::sheet::{Defaults, Grid, Meaning, NotASheet, Outcome, Trouble, Understood, address, open, understand};
use shown::Shown;
use std::collections::BTreeMap;
use std::io::{self, Read as _};
use std::path::Path;

/// Bytes a spreadsheet of returns does not have.
const LARGEST: u64 = 64 << 20;

/// Cells that cannot be used are said one by one up to this many.
const TOLD: usize = 50;

/// What a file gave.
pub(super) struct Read {
    pub(super) drafts: Vec<Draft>,
    /// Whether all of it was understood.
    pub(super) all: bool,
}

pub(super) fn read(path: &Path, defaults: &Defaults, console: &mut Console<'_>) -> Result<Read, Failure> {
    if path == Path::new("-") {
        let mut bytes = Vec::new();
        io::stdin().take(LARGEST + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > LARGEST {
            return Err(format!("{}: {}", Shown::path(path), words(&NotASheet::TooLarge, console)).into());
        }
        return of_bytes(path, "", &bytes, defaults, console);
    }
    let bytes = files::open::read(path, LARGEST).map_err(|why| refused(path, &why, console))?;
    of_bytes(path, &name(path), &bytes, defaults, console)
}

/// What the bytes of a file give, in any encoding and of any kind that is known.
fn of_bytes(
    path: &Path,
    name: &str,
    bytes: &[u8],
    defaults: &Defaults,
    console: &mut Console<'_>,
) -> Result<Read, Failure> {
    // A return that is to be mended is one more way to begin.
    if let Ok(ret) = vat_return::read(bytes) {
        return Ok(Read { drafts: vec![Draft::of_return(&ret, origin(path, bytes))], all: true });
    }
    let (grids, hidden) = open(bytes).map_err(|why| format!("{}: {}", Shown::path(path), words(&why, console)))?;
    for sheet in &hidden {
        let says = console.say("er skjult og er ikke lest", "er skjult og er ikkje lese", "is hidden and was not read");
        writeln!(console.err, "{QUIET}{}: {says}{QUIET:#}", Shown::line(sheet))?;
    }
    said(&grids, name, defaults, console)
}

fn words(why: &NotASheet, console: &Console<'_>) -> String {
    match why {
        NotASheet::Password => console
            .say(
                "regnearket er beskyttet med passord; lagre det uten",
                "reknearket er verna med passord; lagre det utan",
                "the spreadsheet is protected by a password; save it without",
            )
            .to_owned(),
        NotASheet::Binary => console
            .say(
                "Momsbud leser ikke .xlsb; lagre det som .xlsx",
                "Momsbud les ikkje .xlsb; lagre det som .xlsx",
                "Momsbud does not read .xlsb; save it as .xlsx",
            )
            .to_owned(),
        NotASheet::TooLarge => {
            console.say("regnearket er for stort", "reknearket er for stort", "the spreadsheet is too large").to_owned()
        }
        NotASheet::Empty => {
            console.say("regnearket er tomt", "reknearket er tomt", "the spreadsheet is empty").to_owned()
        }
        other => {
            let says = console.say(
                "kan ikke leses som regneark",
                "kan ikkje lesast som rekneark",
                "cannot be read as a spreadsheet",
            );
            format!("{says} ({})", Shown::line(&other.to_string()))
        }
    }
}

fn said(grids: &[Grid], file: &str, defaults: &Defaults, console: &mut Console<'_>) -> Result<Read, Failure> {
    let mut read = Read { drafts: Vec::new(), all: true };
    for grid in grids {
        let understood = understand(grid, file, defaults, None);
        // A sheet of words beside the one with the lines is none of them.
        if understood.drafts.is_empty() && grids.len() > 1 && !has_trouble(&understood) {
            continue;
        }
        read.all &= report(grid, &understood, console)?;
        read.drafts.extend(understood.drafts);
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
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let (mut all, mut told, mut changed) = (true, 0_usize, 0_usize);
    for (number, outcome) in &understood.rows {
        match outcome {
            Outcome::Trouble(troubles) => {
                all = false;
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
                *counts.entry(console.say("linjer", "linjer", "lines")).or_default() += 1;
                changed += usize::from(!cut.is_empty() || *made_negative);
                if !cut.is_empty() && changed <= TOLD {
                    let says = console.say("øre er kuttet", "øre er kutta", "øre were cut");
                    writeln!(console.err, "{QUIET}{number}: {says}{QUIET:#}")?;
                }
                if *made_negative && changed <= TOLD {
                    let says = console.say(
                        "fradraget er ført med minus",
                        "frådraget er ført med minus",
                        "the deduction got a minus",
                    );
                    writeln!(console.err, "{QUIET}{number}: {says}{QUIET:#}")?;
                }
            }
            Outcome::Heading => {
                *counts.entry(console.say("overskrifter", "overskrifter", "headings")).or_default() += 1
            }
            Outcome::Sum => *counts.entry(console.say("summer", "summar", "sums")).or_default() += 1,
            Outcome::Empty => {
                *counts.entry(console.say("tomme linjer", "tomme linjer", "empty lines")).or_default() += 1
            }
            Outcome::About | Outcome::Words => {
                *counts.entry(console.say("andre rader", "andre rader", "other rows")).or_default() += 1
            }
        }
    }
    if told > TOLD {
        let says =
            console.say("celler til kan ikke brukes", "celler til kan ikkje brukast", "more cells cannot be used");
        writeln!(console.err, "{INVALID}■{INVALID:#} … {} {says}", told - TOLD)?;
    }
    if changed > TOLD {
        let says = console.say("rader til er endret slik", "rader til er endra slik", "more rows were changed so");
        writeln!(console.err, "{QUIET}… {} {says}{QUIET:#}", changed - TOLD)?;
    }
    let counts: Vec<String> = counts.iter().map(|(word, count)| format!("{count} {word}")).collect();
    writeln!(console.err, "{QUIET}{}{QUIET:#}", counts.join(" · "))?;
    Ok(all)
}

fn meaning(meaning: Meaning, console: &Console<'_>) -> &'static str {
    let [nb, nn, en] = match meaning {
        Meaning::Code => ["mva-kode", "mva-kode", "VAT code"],
        Meaning::OwnCode => ["egen kode", "eigen kode", "own code"],
        Meaning::Base => ["grunnlag", "grunnlag", "base"],
        Meaning::Rate => ["sats", "sats", "rate"],
        Meaning::Vat => ["merverdiavgift", "meirverdiavgift", "VAT"],
        Meaning::Specification => ["spesifikasjon", "spesifikasjon", "specification"],
        Meaning::Remark => ["merknad", "merknad", "remark"],
        Meaning::Company => ["virksomhet", "verksemd", "company"],
        Meaning::Period => ["periode", "periode", "period"],
        Meaning::Nothing => ["ikke brukt", "ikkje brukt", "not used"],
    };
    console.say(nb, nn, en)
}

fn trouble(trouble: &Trouble, console: &Console<'_>) -> &'static str {
    let [nb, nn, en] = match trouble {
        Trouble::FormulaError => ["formelen gir en feil", "formelen gir ein feil", "the formula gives an error"],
        Trouble::NotAnAmount(NotAnAmount::Ambiguous) => [
            "kan være både tusen og desimaler; skriv det uten tvil",
            "kan vere både tusen og desimalar; skriv det utan tvil",
            "may be thousands or decimals; write it without doubt",
        ],
        Trouble::NotAnAmount(_) => ["ikke et tall", "ikkje eit tal", "not a number"],
        Trouble::Day => [
            "en dato der det skal stå et beløp",
            "ein dato der det skal stå eit beløp",
            "a date where an amount belongs",
        ],
        Trouble::UnknownCode => ["ingen mva-kode", "ingen mva-kode", "no VAT code"],
        Trouble::UnknownSpecification => ["ingen spesifikasjon", "ingen spesifikasjon", "no specification"],
        Trouble::Company => {
            ["ikke et organisasjonsnummer", "ikkje eit organisasjonsnummer", "not an organisation number"]
        }
        Trouble::Period => ["ikke en periode", "ikkje ein periode", "not a period"],
        Trouble::NoCode => ["beløp uten mva-kode", "beløp utan mva-kode", "an amount without a VAT code"],
        _ => ["kan ikke brukes", "kan ikkje brukast", "cannot be used"],
    };
    console.say(nb, nn, en)
}
