//! The installers, from a Windows that has just been set up to one that they have left again.

use super::{
    PATIENCE, Wine,
    beginning::begins,
    end,
    paths::any_path,
    practice::{addresses, by_the_command_line, file, for_its_window, in_the_tray, look},
    spawn, trial,
    wine::for_wine,
};
use crate::{
    command::{Done, Failure, root, say},
    package::{self, windows::Bundle},
};
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// The version that is there before: the same programs under another number, as there has been no release.
const BEFORE: &str = "0.0.9";
const IDENTIFIER: &str = "no.momsbud.desktop";
const UNINSTALL: &str = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Uninstall\no.momsbud.desktop";
const ENVIRONMENT: &str = r"HKCU\Environment";
const RUN: &str = r"Software\Microsoft\Windows\CurrentVersion\Run";
/// A folder of the user's own on her PATH.
const ON_PATH: &str = r"C:\Tools";

/// The installers' exit statuses (packaging/windows/setup.nsi), and Windows Installer's for what it refuses.
const NEWER_IS_THERE: i32 = 3;
const IN_USE: i32 = 4;

/// All of it.
///
/// # Errors
/// What is not as it should be.
pub(super) fn journey(wine: &Wine, now: &Bundle) -> Done {
    let before = Bundle::new(Some(BEFORE), now.debug)?;
    let older = before.pack()?;
    // Signed by nobody whom others believe: that it is done, and holds.
    let signed = Bundle { certificate: Some(trial(&now.out.join("trial"))?), ..Bundle::new(None, now.debug)? };
    let newer = signed.pack()?;
    signed.check(&newer)?;
    let [(old_setup, old_msi), (setup, msi)] = [older, newer].map(|made| (made[0].clone(), made[1].clone()));
    for_one_user(wine, &old_setup, &setup, &now.version)?;
    for_all_users(wine, &old_msi, &msi)?;
    say("The installers: installed, used, upgraded, and removed, for one user and for all.");
    Ok(())
}

fn expect(holds: bool, what: impl FnOnce() -> String) -> Done {
    if holds { Ok(()) } else { Err(Failure::new(what())) }
}

/// Runs an installer to its end.
fn run(wine: &Wine, installer: &Path, arguments: &[&str]) -> Result<i32, Failure> {
    let mut program = wine.program(installer, arguments);
    let status = program.status().map_err(|error| Failure::new(format!("{program:?}: {error}")))?;
    Ok(status.code().unwrap_or(-1))
}

fn succeeds(wine: &Wine, installer: &Path, arguments: &[&str]) -> Done {
    let status = run(wine, installer, arguments)?;
    expect(status == 0, || format!("{} {arguments:?} ended with {status}", installer.display()))
}

/// The registry under a key has each of these.
fn has(wine: &Wine, key: &str, parts: &[&str]) -> Done {
    let text = wine.registry(key)?;
    let lacks: Vec<&&str> = parts.iter().filter(|part| !text.to_lowercase().contains(&part.to_lowercase())).collect();
    expect(lacks.is_empty(), || format!("{key} lacks {lacks:?}:\n{text}"))
}

fn is_gone(wine: &Wine, key: &str, part: &str) -> Done {
    let text = wine.registry(key)?;
    expect(!text.to_lowercase().contains(&part.to_lowercase()), || format!("{key} still has {part:?}:\n{text}"))
}

fn is_there(file: &Path) -> Done {
    expect(file.exists(), || format!("there is no {}", file.display()))
}

fn is_not_there(file: &Path) -> Done {
    expect(!file.exists(), || format!("{} is still there", file.display()))
}

/// How long a program may take to end that was asked to.
fn ends(mut program: Child, what: &str) -> Done {
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        if program.try_wait().is_ok_and(|status| status.is_some()) {
            return Ok(());
        }
        thread::sleep(Duration::from_millis(200));
    }
    end(program);
    Err(Failure::new(format!("{what} has not ended")))
}

struct Places {
    folder: PathBuf,
    start_menu: PathBuf,
    desktop: PathBuf,
    data: PathBuf,
    receipts: PathBuf,
}

fn for_one_user(wine: &Wine, old: &Path, new: &Path, version: &str) -> Done {
    let user = wine.user()?;
    let places = Places {
        folder: user.join("AppData/Local/Programs/Momsbud"),
        start_menu: user.join("AppData/Roaming/Microsoft/Windows/Start Menu/Programs/Momsbud.lnk"),
        desktop: wine.home().join("Desktop/Momsbud.lnk"),
        data: user.join("AppData/Roaming").join(IDENTIFIER),
        receipts: wine.home().join("Documents/Momsbud"),
    };
    let (program, cli) = (places.folder.join("momsbud.exe"), places.folder.join("momsbud-cli.exe"));
    let path = |value: &str| {
        wine.said(&["reg", "add", ENVIRONMENT, "/v", "Path", "/t", "REG_EXPAND_SZ", "/d", value, "/f"]).map(drop)
    };
    path(ON_PATH)?;

    say("setup.exe: installed silently");
    succeeds(wine, old, &["/S", "/DESKTOP", "/AUTOSTART", "/ADDPATH"])?;
    installed(wine, &places, BEFORE)?;
    let name = user.file_name().unwrap_or_default().to_string_lossy();
    let folder = format!(r"C:\users\{name}\AppData\Local\Programs\Momsbud");
    has(wine, ENVIRONMENT, &[&format!("{ON_PATH};{folder}\r\n")])?;
    // A new program finds it on its PATH.
    let script = wine.home().join("on-path.bat");
    package::write(&script, "@momsbud-cli --version\r\n")?;
    let said = wine.said(&["cmd", "/c", &for_wine(&script)])?;
    expect(String::from_utf8_lossy(&said.stdout).contains("momsbud-cli"), || {
        format!("momsbud-cli is not on PATH: {said:?}")
    })?;
    // From now on it stands in the midst of a PATH that is longer than a string of NSIS's may be.
    let long = format!("{ON_PATH};{}", vec![r"C:\Et\sted\som\er\langt\nok\til\at\det\merkes"; 60].join(";"));
    path(&format!(r"{long};{folder};C:\Last"))?;

    say("setup.exe: the shortcut starts the program");
    let mut shortcut = wine.own("wine64");
    shortcut.args(["start", "/wait", "/unix"]).arg(&places.start_menu);
    for_its_window(wine, shortcut)?;

    say("setup.exe: the command line files, and opens whatever it is given");
    begins(wine, &places.folder, version)?;
    by_the_command_line(wine, &cli, &wine.home().join("Blåbær og fløte"))?;
    any_path(wine, &cli)?;

    say("setup.exe: in the tray; links and files are handed to it");
    let hidden = in_the_tray(wine, &program)?;
    let filed = addresses(wine).and_then(|addresses| file(wine, &cli, None, &addresses));
    let handed = filed.and_then(|()| handed_over(wine, &places));
    if handed.is_err() {
        end(hidden);
        return handed;
    }

    say("setup.exe: upgraded over the program that is open");
    succeeds(wine, new, &["/S"])?;
    ends(hidden, "the program that was to be upgraded")?;
    installed(wine, &places, version)?;
    has(wine, ENVIRONMENT, &[&format!("{long};{folder};C:\\Last\r\n")])?;
    look(wine, &cli, None)?;

    say("setup.exe: an older version is refused, and what is in use is left alone");
    let status = run(wine, old, &["/S"])?;
    expect(status == NEWER_IS_THERE, || format!("the older version ended with {status}"))?;
    installed(wine, &places, version)?;
    let practice = spawn(wine.program(&cli, &["practice"]).stdout(Stdio::piped()))?;
    let status = in_use(wine, practice, new)?;
    expect(status == IN_USE, || format!("with the command line in use it ended with {status}"))?;
    // Choices can be taken back.
    succeeds(wine, new, &["/S", "/DESKTOP=0", "/AUTOSTART=0"])?;
    is_not_there(&places.desktop)?;
    is_gone(wine, &format!("HKCU\\{RUN}"), "momsbud")?;

    say("setup.exe: removed");
    succeeds(wine, &places.folder.join("uninstall.exe"), &["/S"])?;
    // The uninstaller goes on as a copy of itself, so that its own file can go.
    wine.settle();
    for gone in [&places.folder, &places.start_menu, &places.desktop] {
        is_not_there(gone)?;
    }
    for key in [r"HKCU\Software\Classes", r"HKCU\Software\RegisteredApplications", r"HKCU\Software\Momsbud", UNINSTALL]
    {
        is_gone(wine, key, "momsbud")?;
    }
    has(wine, ENVIRONMENT, &[&format!("{long};C:\\Last\r\n")])?;
    for kept in [&places.data, &places.receipts] {
        is_there(kept)?;
    }
    Ok(())
}

/// With a program of ours in use, whose file nobody can replace.
fn in_use(wine: &Wine, mut practice: Child, installer: &Path) -> Result<i32, Failure> {
    let begun = super::first_line(&mut practice);
    let status = begun.and_then(|_| run(wine, installer, &["/S"]));
    end(practice);
    status
}

/// What an installation for one user looks like.
fn installed(wine: &Wine, places: &Places, version: &str) -> Done {
    for name in package::windows::names().chain(["uninstall.exe"]) {
        is_there(&places.folder.join(name))?;
    }
    is_there(&places.start_menu)?;
    is_there(&places.desktop)?;
    for scheme in package::windows::SCHEMES {
        let key = format!(r"HKCU\Software\Classes\{scheme}");
        has(wine, &key, &["URL Protocol", r#"\Programs\Momsbud\momsbud.exe" "%1""#])?;
    }
    has(wine, r"HKCU\Software\Classes\.xml", &["Momsbud.File"])?;
    has(wine, r"HKCU\Software\Classes\Applications\momsbud.exe", &[".xml", r#"momsbud.exe" "%1""#])?;
    has(wine, r"HKCU\Software\RegisteredApplications", &[r"Software\Momsbud\Capabilities"])?;
    has(wine, &format!("HKCU\\{RUN}"), &[r#"\Programs\Momsbud\momsbud.exe" --hidden"#])?;
    has(wine, UNINSTALL, &[&format!("REG_SZ    {version}"), "QuietUninstallString", "EstimatedSize"])
}

/// A link and a file are opened as Windows opens them, while the program runs: the second start ends, and the first goes on.
fn handed_over(wine: &Wine, places: &Places) -> Done {
    let return_ = wine.home().join("Documents/Melding på norsk.xml");
    fs::copy(root().join("crates/vat-return/samples/fjordlys.xml"), &return_)
        .map_err(|error| Failure::new(format!("{}: {error}", return_.display())))?;
    let opened = |what: &str| -> Done {
        let mut start: Command = wine.own("wine64");
        start.args(["start", "/wait", what]);
        ends(spawn(&mut start)?, what)
    };
    opened("momsbud:/callback?code=1&state=2")?;
    opened("no.momsbud.desktop:/callback?code=1&state=2")?;
    let second = spawn(&mut wine.program(&places.folder.join("momsbud.exe"), &[&for_wine(&return_)]))?;
    ends(second, "the second start")?;
    // The first still answers.
    addresses(wine).map(drop)
}

fn for_all_users(wine: &Wine, old: &Path, new: &Path) -> Done {
    let folder = wine.drive().join("Program Files/Momsbud");
    let cli = folder.join("momsbud-cli.exe");
    // Wine puts everybody's entry into the user's own menu; Windows does not.
    let start_menu = wine.user()?.join("AppData/Roaming/Microsoft/Windows/Start Menu/Programs/Momsbud.lnk");
    let administrators = wine.drive().join("ProgramData/Momsbud");
    let msiexec = |what: &str, file: &Path, properties: &[&str]| -> Result<i32, Failure> {
        let mut program = wine.own("wine64");
        program.args(["msiexec", what, &for_wine(file), "/qn"]).args(properties);
        let status = program.status().map_err(|error| Failure::new(format!("{program:?}: {error}")))?;
        Ok(status.code().unwrap_or(-1))
    };
    let presets = wine.home().join("forvaltning");
    for name in ["environments.json", "policy.json"] {
        let preset = package::read(&root().join("packaging/examples").join(name))?;
        package::write(&presets.join(name), preset)?;
    }

    let mut kept = Vec::new();
    say("MSI: installed silently, with presets");
    let preset = format!("PRESETS={}", for_wine(&presets));
    let status = msiexec("/i", old, &["DESKTOP=1", "AUTOSTART=1", "ADDPATH=1", &preset])?;
    expect(status == 0, || format!("msiexec /i ended with {status}"))?;
    for name in package::windows::names() {
        is_there(&folder.join(name))?;
    }
    for file in [&start_menu, &administrators.join("policy.json"), &administrators.join("environments.json")] {
        is_there(file)?;
    }
    for scheme in package::windows::SCHEMES {
        has(wine, &format!(r"HKLM\Software\Classes\{scheme}"), &["URL Protocol", r#"\Momsbud\momsbud.exe" "%1""#])?;
    }
    has(wine, &format!("HKLM\\{RUN}"), &["--hidden"])?;
    has(wine, r"HKLM\System\CurrentControlSet\Control\Session Manager\Environment", &[r"\Program Files\Momsbud"])?;
    // Wine has no administrators' files: whatever is there is the user's own, and so nobody's word.
    for name in ["environments.json", "policy.json"] {
        let file = administrators.join(name);
        let content = package::read(&file)?;
        is_refused(wine, &cli, name)?;
        fs::remove_file(&file).map_err(|error| Failure::new(format!("{}: {error}", file.display())))?;
        kept.push((file, content));
    }
    by_the_command_line(wine, &cli, &wine.home().join("For alle"))?;

    say("MSI: upgraded; an older version is refused");
    let status = msiexec("/i", new, &[])?;
    expect(status == 0, || format!("msiexec /i of the newer version ended with {status}"))?;
    is_there(&cli)?;
    look(wine, &cli, Some(&wine.home().join("For alle")))?;
    has(wine, &format!("HKLM\\{RUN}"), &["--hidden"])?;
    let status = msiexec("/i", old, &[])?;
    expect(status != 0, || "the older version was installed over the newer one".to_owned())?;
    is_there(&cli)?;

    say("MSI: removed");
    for (file, content) in kept {
        package::write(&file, content)?;
    }
    let status = msiexec("/x", new, &[])?;
    expect(status == 0, || format!("msiexec /x ended with {status}"))?;
    for gone in [&folder, &start_menu] {
        is_not_there(gone)?;
    }
    is_gone(wine, r"HKLM\Software\Classes", "momsbud")?;
    is_gone(wine, r"HKLM\System\CurrentControlSet\Control\Session Manager\Environment", "momsbud")?;
    is_there(&administrators.join("policy.json"))
}

/// A file of the administrators' that one of the users owns is not taken, and it is said whose it is.
fn is_refused(wine: &Wine, cli: &Path, name: &str) -> Done {
    let mut history = wine.program(cli, &["history", "--lang", "en"]);
    let output = history.output().map_err(|error| Failure::new(format!("{history:?}: {error}")))?;
    let says = String::from_utf8_lossy(&output.stderr);
    let refused = !output.status.success() && says.contains(name) && says.contains("S-1-5-");
    expect(refused, || format!("with a {name} that the user owns it ends with {} and says {says:?}", output.status))
}
