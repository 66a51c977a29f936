//! `cargo xtask windows`: how far Windows can be gone on a Debian, with its packages alone.
//!
//! `check` type-checks everything. Without a word everything is built; then the command line files a practice return under
//! wine, and the window's program goes as far there as it gets. Slow, so not in CI.

use crate::{
    command::{Done, Failure, command, finish, root, say, succeeds},
    elsewhere::Elsewhere,
    needs::{self, Purpose},
    node, package,
};
use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

const TARGET: &str = "x86_64-pc-windows-gnu";
/// How the title of the box begins that says why there will be no window (`src-tauri/src/no_window.rs`); what follows has a
/// letter that xdotool finds in some locales only.
const NO_WINDOW: &str = "^Momsbud kan ikke ";
/// How long a program may take to come up under wine, which makes its own system first.
const PATIENCE: Duration = Duration::from_secs(120);

/// Debian 12's wine has no bcryptprimitives.dll, which every Rust program takes its random numbers from: this is one.
const RANDOM: &str = "\
#include <windows.h>
BOOLEAN NTAPI SystemFunction036(PVOID, ULONG);
__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T length) { return SystemFunction036(data, length); }
";

/// Ingrid Solvang of the practice world.
const PERSON: &str = "testid:14838411585_idporten-loa-high";

/// Builds everything for Windows and tries it under wine, or with `check` type-checks it.
///
/// # Errors
/// Something that cannot be had or does not compile; a return that does not arrive; a window's program that says nothing.
pub(crate) fn windows(arguments: &[&str]) -> Done {
    if !matches!(arguments, [] | ["check"]) {
        return Err(Failure::new("cargo xtask windows [check]"));
    }
    needs::install(Purpose::Windows)?;
    let elsewhere = Elsewhere::ready()?;
    node::install_ui()?;
    node::npm(&["run", "build"])?;
    if arguments == ["check"] {
        return finish(&mut elsewhere.programs("check", TARGET));
    }
    finish(&mut elsewhere.programs("build", TARGET))?;
    let built = elsewhere.tools.join("build").join(TARGET).join("debug");
    stand_in_for_random_numbers(&elsewhere.tools, &built)?;
    let mut screen = spawn(
        command("Xvfb", &["-displayfd", "1", "-screen", "0", "1280x900x24", "-nolisten", "tcp"]).stdout(Stdio::piped()),
    )?;
    let tried = first_line(&mut screen).and_then(|number| {
        let display = format!(":{}", number.trim());
        let wine = Wine { built, tried: elsewhere.tools.join("tried"), tools: elsewhere.tools, display };
        // What an earlier run has left would go on without this screen.
        succeeds(wine.own("wineserver64").arg("-k"));
        command_line(&wine).and_then(|()| in_the_tray(&wine)).and_then(|()| for_its_window(&wine))
    });
    end(screen);
    tried
}

fn stand_in_for_random_numbers(tools: &Path, built: &Path) -> Done {
    let source = tools.join("random.c");
    package::write(&source, RANDOM)?;
    let library = built.join("bcryptprimitives.dll");
    finish(Command::new("x86_64-w64-mingw32-gcc").args(["-shared", "-o"]).args([&library, &source]).arg("-ladvapi32"))
}

/// What needs no desktop: the command line checks a return, writes its papers, looks at the machine, and files the return
/// with practice authorities that run under wine too.
fn command_line(wine: &Wine) -> Done {
    wine.empty()?;
    let run = |arguments: &[&str]| finish(&mut wine.program("momsbud-cli.exe", arguments));
    run(&["--version"])?;
    run(&["check", &sample()])?;
    run(&["generate", &for_wine(&wine.tried.join("papers"))])?;
    // Wine is no healthy Windows: what is told is looked at by a person.
    let doctor = wine.program("momsbud-cli.exe", &["doctor", "--offline", "--lang", "en"]).output();
    let doctor = doctor.map_err(|error| Failure::new(format!("doctor: {error}")))?;
    say(&String::from_utf8_lossy(&doctor.stdout));
    let mut practice = spawn(wine.program("momsbud-cli.exe", &["practice"]).stdout(Stdio::piped()))?;
    let filed = first_line(&mut practice).and_then(|line| file(wine, &line));
    end(practice);
    filed
}

/// The window's program as it is started with the system: without the web view, which wine has not, it opens its database
/// and its keyring and brings up the practice authorities, at which the command line then files.
fn in_the_tray(wine: &Wine) -> Done {
    wine.empty()?;
    let program = spawn(&mut wine.program("momsbud.exe", &["--hidden"]))?;
    let filed = practice_addresses(wine).and_then(|addresses| file(wine, &addresses));
    end(program);
    filed?;
    say("momsbud.exe runs in the tray, and a return was filed at its practice authorities.");
    Ok(())
}

/// What the program in the tray writes down for the command line, once its authorities listen.
fn practice_addresses(wine: &Wine) -> Result<String, Failure> {
    let file = wine.tried.join("data/practice.json");
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        if let Ok(addresses) = fs::read_to_string(&file)
            && addresses.ends_with('}')
        {
            return Ok(addresses);
        }
        thread::sleep(Duration::from_millis(200));
    }
    Err(Failure::new(format!("momsbud.exe has not brought up its authorities: there is no {}", file.display())))
}

/// Started for its window it says in a box of the system's own what is missing, and ends when that is closed.
fn for_its_window(wine: &Wine) -> Done {
    let at = |program: &str, arguments: &[&str]| finish(command(program, arguments).env("DISPLAY", &wine.display));
    let pictures = root().join("artifacts/windows");
    fs::create_dir_all(&pictures).map_err(|error| Failure::new(format!("{}: {error}", pictures.display())))?;
    let picture = pictures.join("no-window.png");
    let seconds = PATIENCE.as_secs().to_string();
    let mut program = spawn(&mut wine.program("momsbud.exe", &[]))?;
    let shown = at("timeout", &[&seconds, "xdotool", "search", "--sync", "--onlyvisible", "--name", NO_WINDOW])
        // The box is there; its text is drawn next.
        .and_then(|()| at("sleep", &["2"]))
        .and_then(|()| at("import", &["-window", "root", &picture.to_string_lossy()]))
        .and_then(|()| at("xdotool", &["key", "Return"]));
    if shown.is_err() {
        end(program);
        return shown;
    }
    let ended = program.wait().map_err(|error| Failure::new(format!("momsbud.exe: {error}")))?;
    if ended.code() != Some(1) {
        return Err(Failure::new(format!("momsbud.exe ended with {ended} and not with status 1.")));
    }
    say(&format!("momsbud.exe says that there is no web view, and ends: {}", picture.display()));
    Ok(())
}

/// Wine, and where it keeps things.
struct Wine {
    tools: PathBuf,
    /// The programs for Windows.
    built: PathBuf,
    /// Data and receipts of what is tried.
    tried: PathBuf,
    /// The virtual screen: the first program decides which one wine's desktop is on.
    display: String,
}

impl Wine {
    fn program(&self, name: &str, arguments: &[&str]) -> Command {
        let mut wine = self.own("wine64");
        wine.arg(self.built.join(name)).args(arguments);
        wine.env("MOMSBUD_DATA_DIR", for_wine(&self.tried.join("data")));
        wine.env("MOMSBUD_ARCHIVE_DIR", for_wine(&self.tried.join("archive")));
        wine
    }

    /// A program of wine's own.
    fn own(&self, name: &str) -> Command {
        let mut wine = Command::new(Path::new("/usr/lib/wine").join(name));
        wine.env("WINEPREFIX", self.tools.join("wine")).env("WINEDEBUG", "-all").env("DISPLAY", &self.display);
        wine.stdin(Stdio::null());
        wine
    }

    /// From now on nothing has been tried.
    fn empty(&self) -> Done {
        if self.tried.exists() {
            fs::remove_dir_all(&self.tried)
                .map_err(|error| Failure::new(format!("{}: {error}", self.tried.display())))?;
        }
        Ok(())
    }
}

fn sample() -> String {
    for_wine(&root().join("crates/vat-return/samples/fjordlys.xml"))
}

fn spawn(program: &mut Command) -> Result<Child, Failure> {
    program.spawn().map_err(|error| Failure::new(format!("{program:?}: {error}")))
}

/// Wine's launcher becomes the program: what is ended is what was started.
fn end(mut program: Child) {
    let _ = program.kill();
    let _ = program.wait();
}

/// Files at the practice authorities that one object of JSON has the addresses of.
fn file(wine: &Wine, addresses: &str) -> Done {
    let control = addresses.split("\"control\":\"").nth(1).and_then(|rest| rest.split('"').next());
    let control = control.ok_or_else(|| Failure::new(format!("The practice authorities say {addresses:?}")))?;
    let run = |arguments: &[&str]| {
        package::printed(wine.program("momsbud-cli.exe", arguments).env("MOMSBUD_PRACTICE", control))
    };
    let said = run(&["submit", "--yes", "--json", "--login-hint", PERSON, &sample()])?;
    if !said.contains("\"outcome\":\"received\"") {
        return Err(Failure::new(format!("The return was not received: {said}")));
    }
    say(&run(&["history", "--lang", "en"])?);
    say(&run(&["archive", "verify", "--lang", "en"])?);
    Ok(())
}

fn first_line(program: &mut Child) -> Result<String, Failure> {
    let mut line = String::new();
    if let Some(said) = program.stdout.take() {
        BufReader::new(said).read_line(&mut line).map_err(|error| Failure::new(error.to_string()))?;
    }
    Ok(line)
}

/// Wine shows the whole file system as drive Z.
fn for_wine(path: &Path) -> String {
    format!("Z:{}", path.display()).replace('/', "\\")
}
