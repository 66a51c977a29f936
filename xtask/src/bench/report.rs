//! The rows as a table, as JSON, and in docs/benchmarks.md.

use super::row::Row;
use crate::command::{Done, Failure, command, root, say};
use std::{fs, process::Command};

const HEAD: [&str; 7] = ["what", "Momsbud", "against", "its figure", "ratio", "goal", "met"];
const FILE: &str = "docs/benchmarks.md";
const BEGIN: &str = "<!-- measured: written by cargo xtask bench -->";
const END: &str = "<!-- end of what was measured -->";

/// Prints the rows with their columns under one another.
pub(super) fn print(rows: &[Row]) {
    let mut lines = vec![HEAD.map(str::to_owned)];
    lines.extend(rows.iter().map(Row::cells));
    let width = |column: usize| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or_default();
    let widths: Vec<usize> = (0..HEAD.len()).map(width).collect();
    for line in &lines {
        let cells: Vec<String> = line.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        say(cells.join("  ").trim_end());
    }
    rows.iter().filter_map(Row::note).for_each(|note| say(&note));
}

/// Writes the rows between the marks of docs/benchmarks.md, and which benches are missing; what stands around is kept.
///
/// # Errors
/// When the file cannot be written or has no marks.
pub(super) fn write(rows: &[Row], missing: &[&str]) -> Done {
    let path = root().join(FILE);
    let failure = |error: std::io::Error| Failure::new(format!("{}: {error}", path.display()));
    let old = fs::read_to_string(&path).map_err(failure)?;
    let (Some(begin), Some(end)) = (old.find(BEGIN), old.find(END)) else {
        return Err(Failure::new(format!("{FILE} has lost its marks {BEGIN} and {END}")));
    };
    let left = if missing.is_empty() {
        String::new()
    } else {
        format!("\nNot measured in this run: {}.\n", missing.join(", "))
    };
    let measured = format!("{BEGIN}\n\n{}\n\n{}\n{left}", where_and_when(), markdown(rows));
    let text = format!("{}{measured}{}", &old[..begin], &old[end..]);
    fs::write(&path, text).map_err(failure)?;
    say(&format!("Written to {FILE}"));
    Ok(())
}

fn markdown(rows: &[Row]) -> String {
    let line = |cells: &[String]| format!("| {} |", cells.join(" | "));
    let mut lines = vec![line(&HEAD.map(str::to_owned)), line(&HEAD.map(|_| "---".to_owned()))];
    lines.extend(rows.iter().map(|row| line(&row.cells().map(|cell| cell.replace('|', "\\|")))));
    let notes: Vec<String> = rows.iter().filter_map(Row::note).map(|note| format!("- {note}")).collect();
    if !notes.is_empty() {
        lines.push(String::new());
        lines.extend(notes);
    }
    lines.join("\n")
}

/// The machine, the commit and the day.
fn where_and_when() -> String {
    let day = output(&mut command("date", &["-u", "+%Y-%m-%d %H:%M UTC"]));
    let commit = output(&mut command("git", &["log", "-1", "--format=%h (%s)"]));
    let changed = output(&mut command("git", &["status", "--porcelain"]));
    let changed = if changed.is_empty() { "" } else { ", with changes that are not committed" };
    format!("{day}, commit {commit}{changed}. {}", machine())
}

fn machine() -> String {
    let field = |file: &str, name: &str| -> Option<String> {
        let text = fs::read_to_string(file).ok()?;
        let line = text.lines().find(|line| line.starts_with(name))?;
        Some(line.split_once([':', '='])?.1.trim().trim_matches('"').to_owned())
    };
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let processor = field("/proc/cpuinfo", "model name").unwrap_or_else(|| std::env::consts::ARCH.to_owned());
    let memory = field("/proc/meminfo", "MemTotal")
        .and_then(|text| text.trim_end_matches(" kB").parse::<f64>().ok())
        .map_or_else(String::new, |kib| format!(", {:.0} GiB of memory", kib / 1_048_576.0));
    let system = field("/etc/os-release", "PRETTY_NAME").unwrap_or_else(|| std::env::consts::OS.to_owned());
    let kernel = output(&mut command("uname", &["-r"]));
    format!("{cores} cores of {processor}{memory}, {system}, kernel {kernel}.")
}

fn output(command: &mut Command) -> String {
    command.output().map_or_else(|_| String::new(), |done| String::from_utf8_lossy(&done.stdout).trim().to_owned())
}
