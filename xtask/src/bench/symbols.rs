//! What takes the most room in the program, told from the symbols that the release profile strips.

use crate::{
    command::{Failure, cargo, command, finish},
    test,
};
use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
};

/// How many parts are named.
const BIGGEST: usize = 10;

/// Where code without a path belongs to: C has no crates.
const C_CODE: &str = "C libraries";

/// The crates with the most code in the program, as `sqlite 1.2 MB, …`.
///
/// # Errors
/// When the program cannot be linked with its symbols, or `nm` cannot read them.
pub(super) fn biggest(program: &Path) -> Result<String, Failure> {
    let told = command("nm", &["--defined-only", "--print-size", "--demangle=rust"])
        .arg(with_symbols(program)?)
        .output()
        .map_err(|error| Failure::new(format!("nm: {error}")))?;
    if !told.status.success() {
        return Err(Failure::new(format!("nm: {}", String::from_utf8_lossy(&told.stderr).trim())));
    }
    Ok(format!("code by crate: {}", largest(&String::from_utf8_lossy(&told.stdout))))
}

/// Links the program once more, with its symbols. Only the program itself is told to keep them: were the profile, every
/// dependency would be compiled anew.
fn with_symbols(program: &Path) -> Result<PathBuf, Failure> {
    let kept = program.with_extension("stripped");
    let symbols = program.with_extension("symbols");
    // Both have one name for cargo, and the other one is what is measured.
    let moved = |from: &Path, to: &Path| {
        fs::rename(from, to).map_err(|error| Failure::new(format!("{}: {error}", from.display())))
    };
    moved(program, &kept)?;
    let linked = finish(
        cargo(&["rustc", "--release", "--package", "momsbud", "--bin", "momsbud", "--features", test::FEATURES])
            .args(["--", "-C", "strip=none"]),
    )
    .and_then(|()| moved(program, &symbols));
    moved(&kept, program)?;
    linked.map(|()| symbols)
}

/// The largest crates of what `nm` has printed.
fn largest(symbols: &str) -> String {
    let mut sizes: HashMap<&str, u64> = HashMap::new();
    for (size, name) in symbols.lines().filter_map(code) {
        *sizes.entry(crate_of(name)).or_default() += size;
    }
    let mut sizes: Vec<(&str, u64)> = sizes.into_iter().collect();
    sizes.sort_by_key(|(name, size)| (std::cmp::Reverse(*size), *name));
    #[expect(clippy::cast_precision_loss, reason = "no program is that large")]
    let shown = sizes.iter().take(BIGGEST).map(|(name, size)| format!("{name} {:.2} MB", *size as f64 / 1e6));
    shown.collect::<Vec<_>>().join(", ")
}

/// Size and name of a line that is about code: `address size type name`.
fn code(line: &str) -> Option<(u64, &str)> {
    let mut words = line.splitn(4, ' ');
    let (_, size, kind, name) = (words.next()?, words.next()?, words.next()?, words.next()?);
    matches!(kind, "t" | "T" | "w" | "W").then_some(())?;
    Some((u64::from_str_radix(size, 16).ok()?, name))
}

/// The crate of `<alloc::vec::Vec<T> as core::ops::drop::Drop>::drop`: the one of the first path.
fn crate_of(symbol: &str) -> &str {
    if !symbol.contains("::") {
        return C_CODE;
    }
    let mut rest = symbol;
    while let Some(next) = ["<", "&", "*", "(", "[", "mut ", "const ", "dyn "].iter().find_map(|w| rest.strip_prefix(w))
    {
        rest = next;
    }
    let end = rest.find(|character: char| !character.is_ascii_alphanumeric() && character != '_').unwrap_or(rest.len());
    if end == 0 { "other" } else { &rest[..end] }
}

#[cfg(test)]
mod tests {
    use super::{crate_of, largest};

    #[test]
    fn symbols_belong_to_the_crate_of_their_first_path() {
        assert_eq!(crate_of("tauri::app::App<R>::run"), "tauri");
        assert_eq!(crate_of("<alloc::vec::Vec<T> as core::ops::drop::Drop>::drop"), "alloc");
        assert_eq!(crate_of("<&mut serde_json::de::Deserializer<R> as serde::Deserializer>::x"), "serde_json");
        assert_eq!(crate_of("sqlite3_step"), "C libraries");
    }

    #[test]
    fn code_is_added_up_by_crate() {
        let symbols = "0000000000001000 0000000000100000 t tauri::a\n\
                       0000000000002000 0000000000080000 T <tauri::b as core::c>::d\n\
                       0000000000003000 0000000000010000 t sqlite3_step\n\
                       0000000000004000 0000000000900000 r tauri::TEXT\n\
                       0000000000005000 t tauri::without_a_size\n";
        assert_eq!(largest(symbols), "tauri 1.57 MB, C libraries 0.07 MB");
    }
}
