//! `cargo xtask package --windows`: the installers for Windows, built on a Debian with its packages alone.
//!
//! For one user `Momsbud_VERSION_x64-setup.exe`, by NSIS; for all users of a machine `Momsbud_VERSION_x64.msi`, by wixl. Both have
//! the same files, dated with the commit, so that the same programs give the same bytes. Signed only where that is asked for,
//! and then everything or nothing.

mod msi;
mod programs;
mod resources;
mod setup;
mod sign;

use super::{INSTALLED_LIMIT, cargo_version, epoch, length, megabytes, size};
use crate::{
    command::{Done, Failure, command, finish, root, say, target},
    needs::{self, Purpose},
    node,
};
pub(crate) use programs::build_library;
pub(crate) use sign::{Certificate, trial};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, SystemTime},
};

/// What Rust calls the system.
pub(crate) const TARGET: &str = "x86_64-pc-windows-gnu";

/// Largest installers, in bytes.
const SETUP_LIMIT: u64 = 15 * 1000 * 1000;
const MSI_LIMIT: u64 = 16 * 1000 * 1000;

/// The schemes of links that open the program, the preferred one first.
pub(crate) const SCHEMES: [&str; 2] = ["no.momsbud.desktop", "momsbud"];

/// The programs, and what they are made of: what is ours to sign.
const PROGRAMS: [&str; 3] = ["momsbud.exe", "momsbud-cli.exe", programs::LIBRARY];

/// What is installed, below the program's folder; from where in the repository, or of which build.
const FILES: &[(&str, From)] = &[
    (programs::LIBRARY, From::Library),
    ("momsbud.exe", From::Here),
    ("momsbud-cli.exe", From::Here),
    // Microsoft's, by which a program that was not linked by its own linker finds WebView2. Of the crate webview2-com-sys.
    ("WebView2Loader.dll", From::Build),
    ("LICENSE.txt", From::Text("LICENSE")),
    ("LIBRARIES.txt", From::Licences),
    ("try.ps1", From::Text("packaging/windows/try.ps1")),
    ("examples/policy.json", From::Text("packaging/examples/policy.json")),
    ("examples/policy-with-work.json", From::Text("packaging/examples/policy-with-work.json")),
    ("examples/environments.json", From::Text("packaging/examples/environments.json")),
];

/// The files that are installed, by their names below the program's folder.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    FILES.iter().map(|(name, _)| *name)
}

/// Where a file comes from.
enum From {
    /// Compiled: the code of both programs.
    Library,
    /// Beside what was compiled.
    Build,
    /// Made when it is packed: a program that begins the library.
    Here,
    /// Of the repository, with the ends of lines that Windows has.
    Text(&'static str),
    /// What the programs are made of.
    Licences,
}

/// What is packed.
pub(crate) struct Bundle {
    pub(crate) version: String,
    /// Seconds since 1970 that everything is dated with.
    pub(crate) epoch: u64,
    /// Whether these are debug programs, which are not worth compressing.
    pub(crate) debug: bool,
    /// Where the programs lie.
    pub(crate) programs: PathBuf,
    /// The tree as it is installed.
    pub(crate) stage: PathBuf,
    /// Where installers are put.
    pub(crate) out: PathBuf,
    pub(crate) certificate: Option<Certificate>,
}

impl Bundle {
    /// Of the programs of a build.
    ///
    /// # Errors
    /// No version, no date.
    pub(crate) fn new(version: Option<&str>, debug: bool) -> Result<Self, Failure> {
        let out = target().join("package-windows");
        Ok(Self {
            version: version.map_or_else(cargo_version, |given| Ok(given.to_owned()))?,
            epoch: epoch()?,
            debug,
            programs: built(debug),
            stage: out.join("stage"),
            out,
            certificate: None,
        })
    }

    /// Both installers, checked.
    ///
    /// # Errors
    /// A tool that fails.
    pub(crate) fn pack(&self) -> Result<Vec<PathBuf>, Failure> {
        fs::create_dir_all(&self.out).map_err(|error| Failure::new(format!("{}: {error}", self.out.display())))?;
        self.lay_out()?;
        let made = vec![setup::pack(self)?, msi::pack(self)?];
        if let Some(certificate) = &self.certificate {
            for file in &made {
                certificate.sign(file, self.epoch)?;
            }
        }
        Ok(made)
    }

    /// Lays everything out anew.
    fn lay_out(&self) -> Done {
        let failed = |error| Failure::new(format!("{}: {error}", self.stage.display()));
        if self.stage.exists() {
            fs::remove_dir_all(&self.stage).map_err(failed)?;
        }
        for (name, from) in FILES {
            let file = self.stage.join(name);
            match from {
                From::Library => super::write(&file, programs::library(&self.programs)?)?,
                From::Here => {}
                From::Build => {
                    let content = fs::read(self.programs.join(name))
                        .map_err(|error| Failure::new(format!("{}: {error}", self.programs.join(name).display())))?;
                    super::write(&file, content)?;
                }
                From::Text(path) => super::write(&file, for_windows(&super::read(&root().join(path))?))?,
                From::Licences => {
                    super::write(&file, "")?;
                    let list = ["ui/scripts/licences.mjs", "--list"];
                    finish(command("node", &list).arg(&file).env("TAURI_ENV_TARGET_TRIPLE", TARGET))?;
                    super::write(&file, for_windows(&super::read(&file)?))?;
                }
            }
        }
        programs::make(self)?;
        for name in PROGRAMS {
            let program = self.stage.join(name);
            if self.debug && name == programs::LIBRARY {
                // What is released is stripped when it is linked.
                let mut strip = Command::new("x86_64-w64-mingw32-strip");
                finish(strip.arg(&program).env("SOURCE_DATE_EPOCH", self.epoch.to_string()))?;
            }
            if let Some(certificate) = &self.certificate {
                certificate.sign(&program, self.epoch)?;
            }
        }
        let dated = SystemTime::UNIX_EPOCH + Duration::from_secs(self.epoch);
        for file in super::files(&self.stage)? {
            let opened = fs::File::options().append(true).open(&file).map_err(failed)?;
            opened.set_modified(dated).map_err(failed)?;
        }
        Ok(())
    }

    /// What is in the programs, how large it all is, and whether it is signed.
    ///
    /// # Errors
    /// What is missing or too large.
    pub(crate) fn check(&self, made: &[PathBuf]) -> Done {
        for name in PROGRAMS {
            resources::check(&self.stage.join(name), if self.debug { None } else { Some(&self.version) })?;
        }
        let installed = size(&self.stage)?;
        say(&format!("installed: {:.1} MB", megabytes(installed)));
        let mut too_large = installed > INSTALLED_LIMIT;
        for file in made {
            let length = length(file)?;
            let limit = if file.extension().is_some_and(|end| end == "msi") { MSI_LIMIT } else { SETUP_LIMIT };
            too_large |= length > limit;
            let sum = super::printed(Command::new("sha256sum").arg(file))?;
            let sum = sum.split(' ').next().unwrap_or_default();
            say(&format!("{}: {:.1} MB, SHA-256 {sum}", file.display(), megabytes(length)));
        }
        match &self.certificate {
            Some(certificate) => {
                let programs = PROGRAMS.map(|name| self.stage.join(name));
                programs.iter().chain(made).try_for_each(|file| certificate.verify(file))?;
                say("signed, and the signatures hold");
            }
            None => say("NOT SIGNED: Windows warns of these. --sign signs them."),
        }
        if too_large && !self.debug {
            return Err(Failure::new("That is more than 15 MB (the MSI: 16) to fetch or 40 MB installed."));
        }
        Ok(())
    }
}

/// Builds and packs for Windows.
///
/// # Errors
/// A tool that is missing, a build that fails, no certificate where one is asked for, an installer that is too large.
pub(crate) fn package(arguments: &[&str]) -> Done {
    let (mut version, mut build, mut debug, mut twice, mut signs) = (None, true, false, false, false);
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match (*argument, rest.as_slice().first()) {
            ("--windows", _) => {}
            ("--as-version", Some(given)) => {
                version = Some(*given);
                rest.next();
            }
            ("--built", _) => build = false,
            ("--debug", _) => debug = true,
            ("--twice", _) => twice = true,
            ("--sign", _) => signs = true,
            _ => {
                return Err(Failure::new(
                    "cargo xtask package --windows [--built] [--debug] [--twice] [--sign] [--as-version VERSION]",
                ));
            }
        }
    }
    if !cfg!(target_os = "linux") {
        return Err(Failure::new("The installers for Windows are made on a Debian."));
    }
    // Before anything is built: nothing is made that would be released unsigned.
    let certificate = signs.then(Certificate::given).transpose()?;
    needs::install(Purpose::Windows)?;
    node::install_ui()?;
    if build {
        build_library(debug)?;
    }
    let bundle = Bundle { certificate, ..Bundle::new(version, debug)? };
    let made = bundle.pack()?;
    bundle.check(&made)?;
    if twice { again(&bundle, &made, build && !debug) } else { Ok(()) }
}

/// Makes everything once more, of programs that are compiled once more where those were compiled too, and compares.
fn again(bundle: &Bundle, made: &[PathBuf], compile: bool) -> Done {
    let first = bundle.out.join("first");
    let failed = |error| Failure::new(format!("{}: {error}", first.display()));
    if first.exists() {
        fs::remove_dir_all(&first).map_err(failed)?;
    }
    fs::create_dir_all(&first).map_err(failed)?;
    let programs = PROGRAMS.map(|name| bundle.stage.join(name));
    let all: Vec<&PathBuf> = programs.iter().chain(made).collect();
    for file in &all {
        fs::rename(file, first.join(file.file_name().unwrap_or_default())).map_err(failed)?;
    }
    if compile {
        fs::remove_dir_all(&bundle.programs).map_err(failed)?;
        build_library(bundle.debug)?;
    }
    bundle.pack()?;
    let mut differ = Vec::new();
    for file in all {
        let before = first.join(file.file_name().unwrap_or_default());
        let same = fs::read(&before).map_err(failed)? == fs::read(file).map_err(failed)?;
        say(&format!("{}: {}", file.display(), if same { "the same twice" } else { "DIFFERS" }));
        if !same {
            differ.push(file);
        }
    }
    if differ.is_empty() {
        Ok(())
    } else {
        Err(Failure::new(format!("Not the same twice: {differ:?}; the first are in {}", first.display())))
    }
}

/// Where a build for Windows puts its programs.
pub(crate) fn built(debug: bool) -> PathBuf {
    target().join("elsewhere/build").join(TARGET).join(if debug { "debug" } else { "dist" })
}

fn for_windows(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\n', "\r\n")
}

/// A version's three numbers.
fn numbers(version: &str) -> Result<[u16; 3], Failure> {
    let wrong = || {
        Failure::new(format!("{version:?} is no version that Windows takes: three numbers, the first two up to 255."))
    };
    let numbers: Vec<u16> = version.split('.').map(str::parse).collect::<Result<_, _>>().map_err(|_| wrong())?;
    let numbers: [u16; 3] = numbers.try_into().map_err(|_| wrong())?;
    // The third stands in three hexadecimal digits of a product's code.
    if numbers[0] > 255 || numbers[1] > 255 || numbers[2] > 0xfff { Err(wrong()) } else { Ok(numbers) }
}

/// How a path is called in an installer's own words.
fn backslashed(path: &Path) -> String {
    path.to_string_lossy().replace('/', "\\")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// Without a byte order mark Windows' own PowerShell takes a file for the machine's code page, in which some letters of UTF-8 end a
    /// text.
    #[test]
    fn the_script_for_who_has_a_windows_is_the_same_in_every_code_page() {
        assert!(super::super::read(&root().join("packaging/windows/try.ps1")).unwrap().is_ascii());
    }

    #[test]
    fn both_installers_have_every_file_and_every_scheme_that_the_program_knows() {
        let wxs = super::super::read(&root().join("packaging/windows/momsbud.wxs")).unwrap();
        for (name, _) in FILES {
            assert!(wxs.contains(&format!("Source=\"{name}\"")), "momsbud.wxs lacks {name}");
        }
        let nsi = super::super::read(&root().join("packaging/windows/setup.nsi")).unwrap();
        let link = super::super::read(&root().join("crates/access/src/link.rs")).unwrap();
        let known = link.split("pub const SCHEMES: ").nth(1).unwrap().split(" = [").nth(1).unwrap();
        let known: Vec<&str> = known.split(']').next().unwrap().split(", ").map(|it| it.trim_matches('"')).collect();
        assert_eq!(known, SCHEMES);
        let script = super::super::read(&root().join("packaging/windows/try.ps1")).unwrap();
        for scheme in SCHEMES {
            // The preferred one is the program's identifier.
            let named = if scheme == "no.momsbud.desktop" { "${IDENTIFIER}" } else { scheme };
            let opens = format!("!insertmacro Scheme \"{named}\"");
            let told = format!("Capabilities\\UrlAssociations\" \"{named}\"");
            let removed = format!("!insertmacro RemoveOwn \"Software\\Classes\\{named}\"");
            for line in [opens, told, removed] {
                assert!(nsi.contains(&line), "setup.nsi lacks {line}");
            }
            assert!(script.contains(&format!("\"{scheme}\"")), "try.ps1 lacks {scheme}");
        }
        let winget = super::super::read(&root().join("packaging/manifests.mjs")).unwrap();
        let told = winget.split("Protocols:").nth(1).unwrap().split("Dependencies").next().unwrap();
        let told: Vec<&str> =
            told.split("\\n").filter_map(|it| it.trim_matches(['`', '+', ' ', '\n']).strip_prefix("- ")).collect();
        assert_eq!(told.into_iter().rev().collect::<Vec<_>>(), SCHEMES, "packaging/manifests.mjs");
    }

    #[test]
    fn what_a_person_is_told_is_told_in_three_languages() {
        let nsi = super::super::read(&root().join("packaging/windows/setup.nsi")).unwrap();
        let joined = nsi.replace("\\\n", " ");
        let texts: Vec<&str> = joined.lines().filter(|line| line.starts_with("!insertmacro Text ")).collect();
        assert!(texts.len() > 10);
        for text in texts {
            assert_eq!(text.matches('"').count(), 6, "{text}");
        }
    }
}
