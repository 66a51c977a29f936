//! The programs themselves: one library with the code of both, and two files of a few kilobytes that begin it
//! (`packaging/windows/program.c`), by Debian's compiler for Windows.
//!
//! As two whole programs they would have nearly all of their code twice, and a Windows Installer's cabinet packs each file for
//! itself: 45 MB installed, and 21 to fetch.

use super::{Bundle, TARGET, numbers};
use crate::{
    command::{Done, Failure, command, finish, root},
    elsewhere::Elsewhere,
    package::{reproducible, write},
    test,
};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// The code of both programs, as it is installed.
pub(super) const LIBRARY: &str = "momsbud.dll";

/// What cargo calls it.
const BUILT: &str = "momsbud.exe";

/// A program that begins the library.
struct Program {
    name: &'static str,
    /// What Windows shows of it.
    description: &'static str,
    /// Whether it has a console or windows, as Windows and the compiler are told.
    subsystem: &'static str,
    flags: &'static [&'static str],
}

const WINDOW: Program = Program { name: "momsbud.exe", description: "Momsbud", subsystem: "windows", flags: &[] };
const COMMAND_LINE: Program = Program {
    name: "momsbud-cli.exe",
    description: "Momsbud, command line",
    subsystem: "console",
    flags: &["-DCOMMAND_LINE"],
};

/// The window's content, then the library as it is released, or a debug one.
///
/// # Errors
/// A build that fails.
pub(crate) fn build_library(debug: bool) -> Done {
    let elsewhere = Elsewhere::ready()?;
    // The list of what the programs are made of is that of Windows' ones.
    finish(command("npm", &["run", "build"]).env("TAURI_ENV_TARGET_TRIPLE", TARGET))?;
    let mut build = elsewhere.cargo("rustc", TARGET);
    build.args(["--package", "momsbud", "--bin", "momsbud", "--features", test::FEATURES]);
    if !debug {
        build.args(["--profile", "dist"]);
    }
    // A program for cargo and a library for the linker: what is called from outside is the program's own beginning. A library of
    // cargo's kind would need code that Rust cannot vouch for.
    let exports = format!("-Clink-arg={}", root().join("packaging/windows/momsbud.def").display());
    build.args(["--", "-Clink-arg=-shared", &exports]);
    if debug {
        return finish(&mut build);
    }
    // The linker would write down when it ran.
    finish(reproducible(&mut build, &["-Clink-arg=-Wl,--no-insert-timestamp"])?)
}

/// The library that was built.
///
/// # Errors
/// There is none; what is there is a program.
pub(super) fn library(built: &Path) -> Result<Vec<u8>, Failure> {
    let file = built.join(BUILT);
    let bytes = fs::read(&file).map_err(|error| Failure::new(format!("{}: {error}", file.display())))?;
    if is_library(&bytes) == Some(true) {
        Ok(bytes)
    } else {
        Err(Failure::new(format!("{} is a program, and not the library of both: build anew", file.display())))
    }
}

/// Whether a file is one that programs load (Microsoft, "PE Format": the characteristics in its header).
fn is_library(bytes: &[u8]) -> Option<bool> {
    const HEADER: usize = 0x3c;
    const CHARACTERISTICS: usize = 22;
    const IS_LIBRARY: u16 = 0x2000;
    let header = u32::from_le_bytes(bytes.get(HEADER..HEADER + 4)?.try_into().ok()?) as usize;
    let at = header.checked_add(CHARACTERISTICS)?;
    let characteristics = u16::from_le_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?);
    Some(bytes.get(header..)?.starts_with(b"PE\0\0") && characteristics & IS_LIBRARY != 0)
}

/// Makes the programs that begin the library.
///
/// # Errors
/// The compiler's.
pub(super) fn make(bundle: &Bundle) -> Done {
    [WINDOW, COMMAND_LINE].iter().try_for_each(|program| program.make(bundle))
}

impl Program {
    fn make(&self, bundle: &Bundle) -> Done {
        let scratch = bundle.out.join("programs");
        let source = scratch.join(format!("{}.rc", self.name));
        let resources = scratch.join(format!("{}.o", self.name));
        write(&source, self.resources(&bundle.version)?)?;
        finish(Command::new("x86_64-w64-mingw32-windres").arg("-i").arg(&source).arg("-o").arg(&resources))?;
        let mut compile = Command::new("x86_64-w64-mingw32-gcc");
        // Without the C library, and so with a beginning of its own.
        compile.args(["-Os", "-Wall", "-Wextra", "-Werror", "-municode", "-nostdlib", "-nostartfiles", "-s"]);
        compile.args(self.flags).arg(format!(
            "-Wl,--entry,start,--subsystem,{},--no-insert-timestamp,--dynamicbase,--nxcompat,--high-entropy-va",
            self.subsystem
        ));
        compile.arg("-o").arg(bundle.stage.join(self.name));
        compile.arg(root().join("packaging/windows/program.c")).arg(&resources).args(["-lkernel32", "-luser32"]);
        finish(&mut compile)
    }

    /// Version, icon and manifest, in the words of Windows' resource compilers.
    fn resources(&self, version: &str) -> Result<String, Failure> {
        let [major, minor, patch] = numbers(version)?;
        let quoted = |file: PathBuf| format!("\"{}\"", file.display());
        let value = |(name, value): (&str, &str)| format!("      VALUE \"{name}\", \"{value}\"\n");
        let values: String = [
            ("CompanyName", "Momsbud"),
            ("FileDescription", self.description),
            ("FileVersion", version),
            ("LegalCopyright", "2026 The Momsbud authors"),
            ("OriginalFilename", self.name),
            ("ProductName", "Momsbud"),
            ("ProductVersion", version),
        ]
        .map(value)
        .concat();
        // 1 VERSIONINFO of a program (1) for Windows (0x40004); 24 is a manifest. Language 0 in Unicode (0x4b0).
        Ok(format!(
            "#pragma code_page(65001)\n\
             1 VERSIONINFO\n\
             FILEVERSION {major}, {minor}, {patch}, 0\nPRODUCTVERSION {major}, {minor}, {patch}, 0\n\
             FILEOS 0x40004\nFILETYPE 1\n\
             BEGIN\n  BLOCK \"StringFileInfo\"\n  BEGIN\n    BLOCK \"000004b0\"\n    BEGIN\n{values}    END\n  END\n  \
             BLOCK \"VarFileInfo\"\n  BEGIN\n    VALUE \"Translation\", 0x0, 0x04b0\n  END\nEND\n\
             1 ICON {}\n1 24 {}\n",
            quoted(root().join("icons/icon.ico")),
            quoted(root().join("packaging/windows/program.manifest")),
        ))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::package::read;

    fn file(characteristics: u16) -> Vec<u8> {
        let mut bytes = vec![0; 0x80 + 24];
        bytes[0x3c] = 0x80;
        bytes[0x80..0x84].copy_from_slice(b"PE\0\0");
        bytes[0x80 + 22..].copy_from_slice(&characteristics.to_le_bytes());
        bytes
    }

    #[test]
    fn a_library_is_told_from_a_program_by_its_header() {
        assert_eq!(is_library(&file(0x2022)), Some(true));
        assert_eq!(is_library(&file(0x0022)), Some(false));
        assert_eq!(is_library(b"MZ"), None);
        let mut no_header = file(0x2022);
        no_header[0x3c..0x40].copy_from_slice(&u32::MAX.to_le_bytes());
        assert_eq!(is_library(&no_header), None);
    }

    /// The programs find the library by its name, the library what it is by theirs.
    #[test]
    fn programs_and_library_call_each_other_by_the_names_that_are_installed() {
        let source = read(&root().join("packaging/windows/program.c")).unwrap();
        assert!(source.contains(&format!("#define LIBRARY L\"{LIBRARY}\"")));
        let exports = read(&root().join("packaging/windows/momsbud.def")).unwrap();
        assert!(exports.contains(&format!("LIBRARY {LIBRARY}\n")) && exports.contains("    momsbud = main\n"));
        assert!(source.contains("GetProcAddress(library, \"momsbud\")"));
        let main = read(&root().join("src-tauri/src/main.rs")).unwrap();
        let stem = COMMAND_LINE.name.trim_end_matches(".exe");
        assert!(main.contains(&format!("eq_ignore_ascii_case(\"{stem}\")")));
    }

    #[test]
    fn what_windows_reads_of_a_program_names_its_version() {
        let resources = COMMAND_LINE.resources("1.2.3").unwrap();
        assert!(resources.contains("FILEVERSION 1, 2, 3, 0") && resources.contains("VALUE \"FileVersion\", \"1.2.3\""));
        assert!(WINDOW.resources("1.2").is_err());
    }
}
