//! `momsbud-cli check`: what Skatteetaten would say of returns.

mod remarks;
mod report;

use crate::console::Console;
use crate::{Exit, Failure};
use files::{Bounds, Content, FileKind, Item, Listed, Look, list};
use jiff::civil::Date;
use report::Report;
use shown::Shown;
use std::collections::BTreeMap;
use std::path::PathBuf;
use vat_return::{Context, Notice, Verdict, causes, check_bytes};

/// Checks returns as Skatteetaten would, without the network.
///
/// Follows the rules that need only the file and the day of filing; Skatteetaten knows more of the company. Folders, zip
/// and gzip files are looked through for returns; the content decides, not the name. Files that lie beside returns
/// (envelopes, receipts, SAF-T, saved web pages) are named for what they are. Hidden files are passed by and counted; what
/// could not be read or was left out is named.
///
/// Status 0: every return is ok or avvikende. 1: one is ugyldig, or a file that was named is no return. 2: something could
/// not be read or was left out, there was no return, or the call was wrong.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// One JSON object a file and line instead of text; what was passed by is counted in a last one, whose `file` is null.
    #[arg(long)]
    json: bool,
    /// The day of filing, e.g. 2026-11-21; today in Norway if left out.
    #[arg(long, value_name = "DATE")]
    date: Option<Date>,
    /// Files, or folders and packed files whose returns are meant.
    #[arg(required = true, value_name = "FILE|FOLDER")]
    paths: Vec<PathBuf>,
}

/// How the files came out.
#[derive(Debug, Default)]
struct Tally {
    ok: usize,
    deviating: usize,
    invalid: usize,
    /// Files that were named, and are something else.
    no_returns: usize,
    unreadable: usize,
    left_out: usize,
    hidden: usize,
    again: usize,
    others: BTreeMap<FileKind, usize>,
    newer: Option<Notice>,
}

impl Tally {
    fn files(&self) -> usize {
        self.ok + self.deviating + self.invalid + self.no_returns + self.unreadable
    }

    fn exit(&self) -> Exit {
        match (self.unreadable + self.left_out, self.invalid + self.no_returns) {
            (0, 0) => Exit::Done,
            (0, _) => Exit::No,
            _ => Exit::Failed,
        }
    }
}

pub(crate) fn run(args: &Args, today: Date, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let context = Context::on(args.date.unwrap_or(today));
    let bounds = Bounds::default();
    let listed = list(&args.paths, &bounds, &|| true);
    let look = Look::new(bounds);
    let mut tally = Tally::default();
    // How many rows each of the named paths has: one without any is told of.
    let mut rows = vec![0_usize; args.paths.len()];
    let mut report = Report::new(args.json, console);
    let mut told = Ok(());
    for place in &listed.places {
        look.at(place, &mut |item| {
            let row = rows.get_mut(item.root);
            let before = tally.files();
            if told.is_ok() {
                told = of_item(item, &context, &mut tally, &mut report);
            }
            if let Some(row) = row {
                *row += tally.files() - before;
            }
        });
        if told.is_err() {
            look.stop();
            break;
        }
    }
    told?;
    left_out(args, &listed, &rows, &mut tally, &mut report)?;
    report.summary(&tally)?;
    Ok(tally.exit())
}

fn of_item(item: Item, context: &Context<'_>, tally: &mut Tally, report: &mut Report<'_, '_>) -> Result<(), Failure> {
    let Item { name, named, kind, content, .. } = item;
    match content {
        Content::Return(bytes) => {
            let (read, found) = check_bytes(&bytes, context);
            match found.verdict {
                Verdict::Ok => tally.ok += 1,
                Verdict::Deviating => tally.deviating += 1,
                Verdict::Invalid => tally.invalid += 1,
            }
            tally.newer = tally.newer.or(found.notice);
            let ret = read.as_ref().ok();
            let causes = causes(&bytes, ret, &found);
            let remarks = ret.map(|ret| remarks::of(ret, report.language())).unwrap_or_default();
            report.checked(&report::Checked {
                name: &name,
                kind,
                ret,
                report: &found,
                causes: &causes,
                remarks: &remarks,
            })
        }
        Content::Refused(why) => {
            tally.unreadable += 1;
            report.unreadable(&name.to_string(), Some(kind), &why.text(report.language()))
        }
        Content::Packed(inside) => {
            tally.hidden += inside.hidden;
            if named && inside.returns == 0 && inside.refused == 0 {
                tally.no_returns += 1;
                report.neighbour(&name, kind, &[], true)
            } else {
                Ok(())
            }
        }
        Content::Known | Content::Shown(_) => {
            let bytes = if let Content::Shown(bytes) = &content { bytes.as_slice() } else { &[] };
            if named {
                tally.no_returns += 1;
                return report.neighbour(&name, kind, bytes, true);
            }
            *tally.others.entry(kind).or_default() += 1;
            // Papers of all kinds lie in folders; what belongs to returns is worth a line.
            if report::is_worth_a_line(kind) { report.neighbour(&name, kind, bytes, false) } else { Ok(()) }
        }
    }
}

/// What was not looked at, and paths that brought nothing.
fn left_out(
    args: &Args,
    listed: &Listed,
    rows: &[usize],
    tally: &mut Tally,
    report: &mut Report<'_, '_>,
) -> Result<(), Failure> {
    let passed = &listed.passed;
    tally.hidden += passed.hidden;
    tally.again = passed.again;
    tally.left_out = passed.count();
    for out in &passed.left_out {
        report.unreadable(Shown::path(&out.path).as_str(), None, &out.why.text(report.language()))?;
    }
    if passed.more > 0 {
        report.more_left_out(passed.more)?;
    }
    for (root, (path, rows)) in args.paths.iter().zip(rows).enumerate() {
        let archived = listed.archived.iter().filter(|it| it.root == root).count();
        let named_out = passed.left_out.iter().any(|it| it.root == root);
        if archived > 0 {
            report.own_archive(path, archived)?;
        }
        let elsewhere = passed.again_in.contains(&root);
        if *rows == 0 && !named_out && !elsewhere && path.is_dir() {
            tally.unreadable += 1;
            if archived == 0 {
                let says = report.say("check.thereAreNoVatReturns");
                report.unreadable(Shown::path(path).as_str(), None, says)?;
            }
        }
    }
    Ok(())
}
