//! Rust for another system than this one, of Debian's packages alone.
//!
//! rustup's toolchain has standard libraries for other systems elsewhere only, and none may be fetched here, but Debian's
//! `rust-web-src` has their source: the library is built from it with Debian's own compiler.

use crate::command::{Done, Failure, cargo, finish, target};
use std::{fs, path::PathBuf, process::Command};

/// Debian's compiler is not installed, because it would put rustup's away: it is fetched and unpacked.
const UNPACKED: &[&str] = &["rustc-web", "libstd-rust-web-dev", "libstd-rust-web-1.96", "rust-web-src", "libllvm22"];

/// Debian's compiler, unpacked.
pub(crate) struct Elsewhere {
    /// Where everything lies that is fetched and built for another system.
    pub(crate) tools: PathBuf,
    rust: PathBuf,
}

impl Elsewhere {
    /// The compiler, fetched when it is not there.
    ///
    /// # Errors
    /// A package that cannot be had.
    pub(crate) fn ready() -> Result<Self, Failure> {
        let tools = target().join("elsewhere");
        let found = Self { rust: tools.join("rust"), tools };
        if !found.rust.join("usr/bin/rustc").exists() {
            found.unpack()?;
        }
        Ok(found)
    }

    fn unpack(&self) -> Done {
        let failed = |error| Failure::new(format!("{}: {error}", self.tools.display()));
        fs::create_dir_all(&self.tools).map_err(failed)?;
        finish(Command::new("apt-get").arg("download").args(UNPACKED).current_dir(&self.tools))?;
        let entries = fs::read_dir(&self.tools).map_err(failed)?;
        let mut packages: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        packages.retain(|file| file.extension().is_some_and(|end| end == "deb"));
        // The compiler last: where it lies, everything does.
        packages.sort();
        for package in &packages {
            finish(Command::new("dpkg").arg("--extract").args([package, &self.rust]))?;
        }
        Ok(())
    }

    /// cargo with this compiler, for another system.
    pub(crate) fn cargo(&self, what: &str, target: &str) -> Command {
        let mut cargo = cargo(&[what, "-Zbuild-std=std,panic_abort", "--locked", "--target", target]);
        cargo
            .env("RUSTC", self.rust.join("usr/bin/rustc"))
            .env("LD_LIBRARY_PATH", self.rust.join("usr/lib/x86_64-linux-gnu"))
            // Building the standard library is a nightly's matter; Debian's compiler is a stable one that is told to.
            .env("RUSTC_BOOTSTRAP", "1")
            .env("CARGO_TARGET_DIR", self.tools.join("build"))
            .env("CARGO_PROFILE_DEV_DEBUG", "false");
        cargo
    }

    /// The same for the window's program and the command line.
    pub(crate) fn programs(&self, what: &str, target: &str) -> Command {
        let mut cargo = self.cargo(what, target);
        cargo.args(["--package", "momsbud", "--package", "cli", "--bins", "--features", crate::test::FEATURES]);
        cargo
    }
}
