//! `momsbud-cli explain`: a return in words.

use crate::console::{Console, INVALID, QUIET, STRONG};
use crate::{Exit, Failure};
use files::{Bounds, Content, Document, FileKind, Item, Look, Name, Place};
use shown::Shown;
use std::io;
use std::path::{Path, PathBuf};
use vat_return::explain::{ExplainedLine, amount, day, explain, rate};
use vat_return::{Line, OrgNumber, VatReturn, calendar, read};

/// Shows a return by theme, with the sum and the deadline.
///
/// Status 0: shown. 1: a file is no VAT return that can be read; the reason is printed. 2: a file could not be opened.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The file.
    file: PathBuf,
    /// An earlier return of the same period: shows what has changed since.
    #[arg(long, value_name = "FILE")]
    against: Option<PathBuf>,
}

pub(crate) fn run(args: &Args, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let Some(ret) = open(&args.file, console)? else { return Ok(Exit::No) };
    match &args.against {
        None => write_return(&ret, console)?,
        Some(earlier) => {
            let Some(earlier) = open(earlier, console)? else { return Ok(Exit::No) };
            write_difference(&earlier, &ret, console)?;
        }
    }
    Ok(Exit::Done)
}

/// The return, or nothing when the file is none and that has been said. A packed file with one return stands for it.
fn open(path: &Path, console: &mut Console<'_>) -> Result<Option<VatReturn>, Failure> {
    let place = Place { path: path.to_owned(), root: 0, named: true };
    let mut items = Vec::new();
    Look::new(Bounds::default()).at(&place, &mut |item| items.push(item));
    let is_return = |item: &Item| matches!(item.content, Content::Return(_));
    if items.iter().filter(|item| is_return(item)).count() > 1 {
        let says = console.say("explain.thereAreSeveralVatReturns");
        return Err(format!("{}: {says}", Shown::path(path)).into());
    }
    let at = items.iter().position(is_return).unwrap_or(items.len().saturating_sub(1));
    let Some(Item { name, kind, content, .. }) = (at < items.len()).then(|| items.swap_remove(at)) else {
        return Ok(None);
    };
    let language = console.language;
    let bytes = match content {
        Content::Return(bytes) => bytes,
        Content::Refused(why) => return Err(format!("{name}: {}", why.text(language)).into()),
        Content::Shown(bytes) => {
            neighbour(&name, kind, &bytes, console)?;
            return Ok(None);
        }
        Content::Known | Content::Packed(_) => {
            neighbour(&name, kind, &[], console)?;
            return Ok(None);
        }
    };
    match read(&bytes) {
        Ok(ret) => Ok(Some(ret)),
        Err(rejection) => {
            let text = rejection.text(language);
            writeln!(console.out, "{INVALID}■{INVALID:#} {STRONG}{name}{STRONG:#}: {text}")?;
            for complaint in rejection.complaints() {
                let (line, column) = (complaint.at.line, complaint.at.column);
                writeln!(console.out, "  {QUIET}{line}:{column}{QUIET:#} {}", complaint.text(language))?;
            }
            Ok(None)
        }
    }
}

/// A file that is no return, and is known: what it is, what it says, and what to do.
fn neighbour(name: &Name, kind: FileKind, bytes: &[u8], console: &mut Console<'_>) -> io::Result<()> {
    let language = console.language;
    writeln!(console.out, "{INVALID}■{INVALID:#} {STRONG}{name}{STRONG:#}: {}", kind.title(language))?;
    let document = Document::read(kind, bytes);
    for fact in document.iter().flat_map(|document| document.facts(language)) {
        writeln!(console.out, "    {QUIET}{}:{QUIET:#} {}", fact.label, fact.value)?;
    }
    let advice = document.and_then(|document| document.advice(language)).unwrap_or_else(|| kind.advice(language));
    writeln!(console.out, "  {advice}")
}

pub(crate) fn write_return(ret: &VatReturn, console: &mut Console<'_>) -> io::Result<()> {
    let language = console.language;
    let explained = explain(ret, language);
    if let Some(number) = &ret.org_number {
        let number = OrgNumber::parse(&number.value).map_or_else(|_| own(&number.value), |number| number.grouped());
        writeln!(console.out, "{STRONG}{number}{STRONG:#}")?;
    }
    writeln!(console.out, "{STRONG}{}{STRONG:#} · {}", explained.period, explained.kind)?;
    if let Some(deadline) = calendar::deadline(ret.category.value, &ret.period.value) {
        let word = console.say("explain.due");
        writeln!(console.out, "{QUIET}{word} {}{QUIET:#}", day(deadline, language))?;
    }
    if let Some(remark) = &explained.remark {
        let word = console.say("explain.remark");
        writeln!(console.out, "{word}: {remark}")?;
    }
    for group in &explained.groups {
        writeln!(console.out, "\n{STRONG}{}{STRONG:#}", group.title)?;
        for line in &group.lines {
            if let Some(source) = ret.lines.get(line.index) {
                write_line(line, source, console)?;
            }
        }
    }
    writeln!(console.out, "\n{STRONG}{} {}{STRONG:#}", explained.sum_label, explained.sum)
}

/// What stands in a file, fit for a terminal.
fn own(text: &str) -> String {
    Shown::line(text).into_string()
}

fn write_line(line: &ExplainedLine, source: &Line, console: &mut Console<'_>) -> io::Result<()> {
    let base = source.base.as_ref().map(|base| amount(base.value)).unwrap_or_default();
    let rate = source.rate.as_ref().map(|text| own(&rate(&text.value, console.language))).unwrap_or_default();
    let code = if line.deduction { String::new() } else { own(&source.code.value) };
    let notes: Vec<&str> = [&line.specification, &line.remark].into_iter().filter_map(|text| text.as_deref()).collect();
    let vat = amount(source.vat.value);
    writeln!(console.out, "  {code:>3}  {:<56} {base:>13} {rate:>7} {vat:>13}", line.description)?;
    if notes.is_empty() { Ok(()) } else { writeln!(console.out, "       {QUIET}{}{QUIET:#}", notes.join("; ")) }
}

fn write_difference(before: &VatReturn, after: &VatReturn, console: &mut Console<'_>) -> io::Result<()> {
    use vat_return::difference::LineDifference::{Added, Changed, Removed, Same};
    let difference = vat_return::difference(before, after);
    let shown = |line: Option<&Line>| {
        line.map(|line| {
            let base = line.base.as_ref().map(|base| amount(base.value)).unwrap_or_default();
            let rate = line.rate.as_ref().map(|text| own(&rate(&text.value, console.language))).unwrap_or_default();
            format!("{:>3} {base:>13} {rate:>7} {:>13}", own(&line.code.value), amount(line.vat.value))
        })
        .unwrap_or_default()
    };
    for line in &difference.lines {
        match *line {
            Same { .. } => {}
            Added { after: place } => writeln!(console.out, "+ {}", shown(after.lines.get(place)))?,
            Removed { before: place } => writeln!(console.out, "- {}", shown(before.lines.get(place)))?,
            Changed { before: old, after: new } => {
                writeln!(console.out, "- {}", shown(before.lines.get(old)))?;
                writeln!(console.out, "+ {}", shown(after.lines.get(new)))?;
            }
        }
    }
    let sum = console.say("explain.assessedVat");
    let (old, new) = (amount(difference.assessed_before), amount(difference.assessed_after));
    if difference.is_none() {
        let none = console.say("explain.nothingHasChanged");
        writeln!(console.out, "{none}")?;
    }
    writeln!(console.out, "{STRONG}{sum}: {old} kr → {new} kr{STRONG:#}")
}
