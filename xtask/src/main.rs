//! `cargo xtask run`, `cargo xtask test` and their smaller siblings.
//!
//! Nothing but the standard library, so that the first answer on a new machine comes after a second of compiling and
//! not after a minute.

mod bench;
mod command;
mod damage;
mod deny;
mod desks;
mod elsewhere;
mod facts;
mod faults;
mod kill;
mod language;
mod macos;
mod mutants;
mod needs;
mod node;
mod package;
mod recipe;
mod run;
#[cfg(test)]
mod security;
mod sheets;
mod stages;
mod test;
mod test_package;
mod windows;
mod year;

use command::{Failure, say};
use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask run                  builds Momsbud and opens it in the practice environment; without a display, files a
                                 sample return on a virtual one and says where pictures and receipt lie
cargo xtask test [STAGE…]        everything that CI runs, or only the stages named; --list lists them
cargo xtask bench [--json] [NAME…]
                                 measures beside what it is compared with, and writes docs/benchmarks.md when all of it
                                 is measured; --help lists the names
cargo xtask kill [--times N | --receipts [N]]
                                 kills a filing program at every boundary of its journal and at N random moments (500), and
                                 200 times while it waits for a receipt; --receipts: only that
cargo xtask faults [--times N] [--seed N] [--at-once N] [--call NAME]
                                 every status from 400 to 599 and every broken answer at every call of a filing, before
                                 delivery and after it; all of them, or N
cargo xtask desks [--desks N] [--companies N] [--filings N] [--seed N]
                                 a firm of 50 desks with one office register files 5,000 returns of 2,000 companies while desks,
                                 server and connections die
cargo xtask damage [--times N]   damages the database of a filing program between every two steps, N times (2000)
cargo xtask sheets [--returns N] N random returns (20000) through drafts and spreadsheets, LibreOffice's copies of the template, and
                                 kill -9 in the middle of typing
cargo xtask mutants [ARGUMENTS]  whether the tests notice every change of a rule (cargo-mutants; half an hour)
cargo xtask year [--times N]     plays N years of reminders (20) and compares each with what an independent count expects
cargo xtask bindings [--check]   writes ui/src/bindings.ts from the Rust types, or fails when it is stale
cargo xtask facts [--take]       what is newer in ../shared than docs/facts and the conformance cases; --take takes it over
cargo xtask language CODE [--remove | --try]
                                 writes a language that nobody has translated, one file in translations; --remove: takes it
                                 away again; --try: builds the program with it, speaks it everywhere and takes it away
cargo xtask recipe [WORD…]       what the recipes of CONTRIBUTING.md say of something, the line of each place, and what is left
cargo xtask deny                 licences, sources and known vulnerabilities of the dependencies, by cargo-deny
cargo xtask screens [docs]       pictures of every screen with invented data, in artifacts/screens; with docs, those of
                                 docs/screens.md
cargo xtask package [--appimage] [--twice]
                                 builds the .deb and the .rpm, and looks at them: target/package; --appimage: an AppImage as
                                 well; --twice: builds and packs them once more and compares
cargo xtask test-package [--older DEB]
                                 installs, uses, upgrades and removes the .deb in a Debian 12 of its own (as root); --older:
                                 upgrades that package
cargo xtask package --windows [--twice] [--sign]
                                 builds the installers for Windows, and looks at them: target/package-windows; --sign: with the
                                 certificate that MOMSBUD_SIGNING_CERTIFICATE names
cargo xtask windows [check | test | journey]
                                 builds everything for Windows and tries it under wine, with Debian's packages alone; check:
                                 only type-checks it; test: unit tests; journey: the installers; --released: as it is released
cargo xtask macos                type-checks everything for macOS, with Debian's packages alone
cargo xtask setup                installs what run and test need, and nothing else";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["run", rest @ ..] => run::run(rest),
        ["test", rest @ ..] => return test::test(rest),
        ["bench", rest @ ..] => return bench::bench(rest),
        ["kill", rest @ ..] => kill::kill(rest),
        ["faults", rest @ ..] => faults::faults(rest),
        ["damage", rest @ ..] => damage::damage(rest),
        ["desks", rest @ ..] => desks::desks(rest),
        ["year", rest @ ..] => year::year(rest),
        ["sheets", rest @ ..] => sheets::sheets(rest),
        ["mutants", rest @ ..] => mutants::mutants(rest),
        ["bindings"] => test::write_bindings(),
        ["bindings", "--check"] => test::check_bindings(),
        ["facts", rest @ ..] => facts::facts(rest),
        ["language", rest @ ..] => language::language(rest),
        ["recipe", rest @ ..] => recipe::recipe(rest),
        ["deny"] => deny::deny(),
        ["screens", "docs"] => node::install_ui().and_then(|()| node::npm(&["run", "screens:docs"])),
        ["screens"] => node::install_ui().and_then(|()| node::npm(&["run", "screens"])),
        ["package", rest @ ..] => package::package(rest),
        ["test-package", rest @ ..] => test_package::test_package(rest),
        ["windows", rest @ ..] => windows::windows(rest),
        ["macos", rest @ ..] => macos::macos(rest),
        ["setup"] => needs::install(needs::Purpose::Test).and_then(|()| node::install_all()),
        _ => Err(Failure::new(USAGE)),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            say(&failure.to_string());
            ExitCode::FAILURE
        }
    }
}
