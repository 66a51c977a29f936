//! Filing at practice authorities that run under wine too.

use super::{PATIENCE, Wine, end, first_line, spawn, wine::for_wine};
use crate::{
    command::{Done, Failure, command, finish, root, say},
    package,
};
use std::{
    fs,
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// Ingrid Solvang of the practice world.
const PERSON: &str = "testid:14838411585_idporten-loa-high";

/// How the title of the box begins that says why there will be no window (`src-tauri/src/no_window.rs`); what follows has a
/// letter that xdotool finds in some locales only.
const NO_WINDOW: &str = "^Momsbud kan ikke ";

pub(super) fn sample() -> String {
    for_wine(&root().join("crates/vat-return/samples/fjordlys.xml"))
}

/// The command line with the variables that tell it where its data is.
fn cli(wine: &Wine, cli: &Path, data: Option<&Path>, arguments: &[&str]) -> Command {
    let mut program = wine.program(cli, arguments);
    if let Some(data) = data {
        program
            .env("MOMSBUD_DATA_DIR", for_wine(&data.join("data")))
            .env("MOMSBUD_ARCHIVE_DIR", for_wine(&data.join("archive")));
    }
    program
}

/// The command line alone: it looks at the machine, and files with authorities of its own, in a folder whose name is not plain.
pub(super) fn by_the_command_line(wine: &Wine, program: &Path, data: &Path) -> Done {
    // Wine is no healthy Windows: what is told is looked at by a person.
    let doctor =
        cli(wine, program, Some(data), &["doctor", "--offline", "--lang", "en"]).stdout(Stdio::piped()).output();
    let doctor = doctor.map_err(|error| Failure::new(format!("doctor: {error}")))?;
    say(&String::from_utf8_lossy(&doctor.stdout));
    let mut practice = spawn(cli(wine, program, Some(data), &["practice"]).stdout(Stdio::piped()))?;
    let filed = first_line(&mut practice).and_then(|line| file(wine, program, Some(data), &line));
    end(practice);
    filed
}

/// Files at the practice authorities that one object of JSON has the addresses of.
pub(super) fn file(wine: &Wine, program: &Path, data: Option<&Path>, addresses: &str) -> Done {
    let control = addresses.split("\"control\":\"").nth(1).and_then(|rest| rest.split('"').next());
    let control = control.ok_or_else(|| Failure::new(format!("The practice authorities say {addresses:?}")))?;
    let run = |arguments: &[&str]| {
        package::printed(cli(wine, program, data, arguments).env("MOMSBUD_PRACTICE", control).stdout(Stdio::piped()))
    };
    let said = run(&["submit", "--yes", "--json", "--login-hint", PERSON, &sample()])?;
    if !said.contains("\"outcome\":\"received\"") {
        return Err(Failure::new(format!("The return was not received: {said}")));
    }
    look(wine, program, data)
}

/// The history has the return, and the archive is whole.
pub(super) fn look(wine: &Wine, program: &Path, data: Option<&Path>) -> Done {
    let run = |arguments: &[&str]| package::printed(cli(wine, program, data, arguments).stdout(Stdio::piped()));
    let history = run(&["history", "--lang", "en"])?;
    say(&history);
    if !history.contains("FJORDLYS") && !history.to_lowercase().contains("fjordlys") {
        return Err(Failure::new("The return is not in the history."));
    }
    say(&run(&["archive", "verify", "--lang", "en"])?);
    Ok(())
}

/// The program as it is started with the system.
pub(super) fn in_the_tray(wine: &Wine, program: &Path) -> Result<Child, Failure> {
    spawn(&mut wine.program(program, &["--hidden"]))
}

/// What the program in the tray writes down for the command line, once its authorities listen.
pub(super) fn addresses(wine: &Wine) -> Result<String, Failure> {
    let file = wine.user()?.join("AppData/Roaming/no.momsbud.desktop/practice.json");
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

/// Started for its window, by whatever starts it, it says in a box of the system's own what is missing, and ends when that is closed.
pub(super) fn for_its_window(wine: &Wine, mut start: Command) -> Done {
    let at = |program: &str, arguments: &[&str]| finish(command(program, arguments).env("DISPLAY", &wine.display));
    let pictures = root().join("artifacts/windows");
    fs::create_dir_all(&pictures).map_err(|error| Failure::new(format!("{}: {error}", pictures.display())))?;
    let picture = pictures.join("no-window.png");
    let seconds = PATIENCE.as_secs().to_string();
    let mut program = spawn(&mut start)?;
    let shown = at("timeout", &[&seconds, "xdotool", "search", "--sync", "--onlyvisible", "--name", NO_WINDOW])
        // The box is there; its text is drawn next.
        .and_then(|()| at("sleep", &["2"]))
        .and_then(|()| at("import", &["-window", "root", &picture.to_string_lossy()]))
        .and_then(|()| at("xdotool", &["key", "Return"]));
    if shown.is_err() {
        end(program);
        return shown;
    }
    program.wait().map_err(|error| Failure::new(format!("momsbud.exe: {error}")))?;
    say(&format!("momsbud.exe says that there is no web view, and ends: {}", picture.display()));
    Ok(())
}
