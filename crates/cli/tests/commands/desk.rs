//! What the tests of the commands share: practice authorities, an installation of its own for each, the program with its
//! folders, and where one is wanted a keyring and a session bus.

use std::{
    ffi::{OsStr, OsString},
    fs,
    io::{BufRead as _, BufReader, Write as _},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use tempfile::TempDir;
use vat_return::samples;

/// The third of Nora Lund's groups in the practice world.
pub(crate) const GROUP: &str = "00000003-9f0e-4000-8000-000000000003";
pub(crate) const FJORDLYS: &str = "311797816";
pub(crate) const VIKA: &str = "315203856";
/// Ingrid Solvang of the practice world, who signs for both, and Nora Lund, who is in [`GROUP`].
pub(crate) const INGRID: &str = "testid:14838411585_idporten-loa-high";
pub(crate) const NORA: &str = "entraid:nora-lund";
/// Jonas Eide fills in and may not sign; Kari Nygård may do neither for Fjordlys; Astrid Haug signs for everybody.
pub(crate) const JONAS: &str = "testid:02899110253_idporten-loa-high";
pub(crate) const KARI: &str = "testid:27917712773_idporten-loa-high";
pub(crate) const ASTRID: &str = "testid:19856811991_idporten-loa-high";
/// Companies that Astrid Haug signs for.
pub(crate) const COMPANIES: [&str; 5] = [FJORDLYS, VIKA, "310890898", "312170019", "313512770"];

/// Runs an ignored test of this file again, by its whole name, in a session with a keyring that is open.
pub(crate) fn in_a_session(test: &str) {
    for needed in ["dbus-run-session", "gnome-keyring-daemon"] {
        if Command::new(needed).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_err() {
            crate::needed::absent("keyring", &format!("{needed} is not installed"));
            return;
        }
    }
    let home = tempfile::tempdir().unwrap();
    let script = "printf pw | gnome-keyring-daemon --unlock --components=secrets >/dev/null
        exec \"$0\" --exact \"$1\" --ignored --nocapture";
    let output = Command::new("dbus-run-session")
        .args(["--", "sh", "-c", script])
        .arg(std::env::current_exe().unwrap())
        .arg(test)
        .env("HOME", home.path())
        .env("XDG_DATA_HOME", home.path().join("data"))
        .env("XDG_RUNTIME_DIR", home.path())
        .output()
        .unwrap();
    let said = text(&output.stdout);
    println!("{said}");
    assert!(output.status.success() && said.contains("1 passed"), "{said}{}", text(&output.stderr));
}

/// Practice authorities; stopped when dropped.
pub(crate) struct Practice {
    process: Option<Child>,
    pub(crate) control: String,
}

impl Practice {
    pub(crate) fn start() -> Arc<Self> {
        let mut process = program().arg("practice").stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let addresses: Value = serde_json::from_str(&line).unwrap();
        Arc::new(Self { process: Some(process), control: addresses["control"].as_str().unwrap().to_owned() })
    }

    /// Authorities that somebody else has started, and stops.
    #[cfg(target_os = "linux")]
    pub(crate) fn elsewhere(control: &str) -> Self {
        Self { process: None, control: control.to_owned() }
    }

    /// Asks the control of the authorities.
    pub(crate) fn control(&self, method: &str, path: &str, body: Option<&Value>) -> Value {
        let address = format!("{}{path}", self.control.trim_end_matches('/'));
        waited(async {
            let mut request = reqwest::Client::new().request(method.parse().unwrap(), address);
            if let Some(body) = body {
                request = request.json(body);
            }
            let again = request.try_clone().unwrap();
            let asked = async |request: reqwest::RequestBuilder| {
                let answer = request.send().await?.error_for_status()?;
                answer.text().await
            };
            // What is asked of the control may be asked twice, where a connection is lost on a busy machine.
            let answer = match asked(request).await {
                Ok(answer) => answer,
                Err(_) => asked(again).await.unwrap(),
            };
            serde_json::from_str(&answer).unwrap_or_default()
        })
    }

    /// The returns that the authorities have.
    pub(crate) fn deliveries(&self) -> usize {
        self.control("GET", "/log", None)["deliveries"].as_array().unwrap().len()
    }

    /// How often a call has come in.
    pub(crate) fn calls(&self, call: &str) -> usize {
        let log = self.control("GET", "/log", None);
        log["requests"].as_array().unwrap().iter().filter(|request| request["call"] == call).count()
    }

    /// Waits until a call has come in.
    pub(crate) fn until_called(&self, call: &str) {
        until(call, || self.calls(call) > 0);
    }

    /// Waits until a return is delivered and whoever has delivered it asks for the receipt: then it knows that it is.
    pub(crate) fn until_waited_for(&self) {
        self.until_called("secondNext");
        let before = self.calls("readInstance");
        until("the receipt is asked for", || self.calls("readInstance") > before);
    }

    /// Waits until no call has ended for a while: whoever is at it waits for an answer that is slow.
    pub(crate) fn until_quiet(&self) {
        let ended = || self.control("GET", "/log", None)["requests"].as_array().unwrap().len();
        let (mut before, mut since) = (ended(), Instant::now());
        until("quiet", || {
            let now = ended();
            if now != before {
                (before, since) = (now, Instant::now());
            }
            since.elapsed() > Duration::from_millis(1_500)
        });
    }

    pub(crate) fn settings(&self, change: &Value) {
        self.control("PATCH", "/settings", Some(change));
    }

    /// How long a receipt takes, seconds.
    pub(crate) fn receipts_take(&self, seconds: f64) {
        self.settings(&json!({"altinn": {"feedbackDelaySeconds": seconds}}));
    }

    /// Something goes wrong at a call, every time.
    pub(crate) fn fault(&self, call: &str, fault: &Value) {
        self.control("POST", "/faults", Some(&json!({"call": call, "times": 0, "fault": fault})));
    }

    pub(crate) fn no_faults(&self) {
        self.control("DELETE", "/faults", None);
    }

    /// Everybody has agreed that Ansattporten reads her account.
    pub(crate) fn consent_is_given(&self) {
        self.settings(&json!({"ansattporten": {"consent": "given"}}));
    }
}

impl Drop for Practice {
    fn drop(&mut self) {
        if let Some(process) = &mut self.process {
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

/// One installation: its data, its archive, and what its administrator has decided.
pub(crate) struct Desk {
    pub(crate) folder: TempDir,
    pub(crate) practice: Arc<Practice>,
    /// Whether the keyring of the session is its own; else a sign-in lasts as long as a command.
    keyring: bool,
}

impl Desk {
    /// An installation without a keyring, and authorities of its own.
    pub(crate) fn new() -> Self {
        Self::at(&Practice::start())
    }

    /// The same at authorities that are there.
    pub(crate) fn at(practice: &Arc<Practice>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for name in ["data", "archive", "system", "runtime"] {
            // As the program makes them: what others get into is told of by `doctor`.
            disk::create_folder(&folder.path().join(name)).unwrap();
        }
        Self { folder, practice: Arc::clone(practice), keyring: false }
    }

    /// The same with the keyring of the session ([`in_a_session`]).
    pub(crate) fn with_keyring(practice: &Arc<Practice>) -> Self {
        Self { keyring: true, ..Self::at(practice) }
    }

    /// The same installation once more, as it is now.
    pub(crate) fn again(&self) -> Self {
        let folder = tempfile::tempdir().unwrap();
        copy(self.folder.path(), folder.path());
        Self { folder, practice: Arc::clone(&self.practice), keyring: self.keyring }
    }

    pub(crate) fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    /// A file of its own.
    pub(crate) fn put(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.path(name);
        fs::create_dir_all(Path::new(&path).parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        path
    }

    /// A sample return as a file.
    pub(crate) fn sample(&self, id: &str) -> String {
        self.put(&format!("{id}.xml"), samples::by_id(id).unwrap().bytes)
    }

    /// A folder of one return a company.
    pub(crate) fn drop_folder(&self, period: &str) -> String {
        for company in COMPANIES {
            self.put(&format!("{period}/{company}.xml"), a_return(company, period));
        }
        self.path(period)
    }

    /// The rules of the administrator: these permissions for all companies, for who is in the group.
    pub(crate) fn decide(&self, group: &str, permissions: &[&str], client: &Value) {
        let rules = json!({"work": {
            "version": 1, "firm": "Fjordlys Interiør AS", "environments": ["practice"],
            "signIn": {"clients": {"practice": client}},
            "rules": [{"groups": [group], "permissions": permissions, "companies": ["all"]}],
        }});
        fs::write(self.folder.path().join("system/policy.json"), rules.to_string()).unwrap();
    }

    pub(crate) fn nothing_is_decided(&self) {
        fs::remove_file(self.folder.path().join("system/policy.json")).unwrap();
    }

    pub(crate) fn command<A: AsRef<OsStr>>(&self, arguments: &[A]) -> Command {
        let mut command = program();
        command
            .args(arguments)
            .env("MOMSBUD_PRACTICE", &self.practice.control)
            .env("MOMSBUD_DATA_DIR", self.folder.path().join("data"))
            .env("MOMSBUD_ARCHIVE_DIR", self.folder.path().join("archive"))
            .env("MOMSBUD_SYSTEM_DIR", self.folder.path().join("system"))
            .env("NO_COLOR", "1")
            .stdin(Stdio::null());
        if !self.keyring {
            command.env_remove("DBUS_SESSION_BUS_ADDRESS").env("XDG_RUNTIME_DIR", self.folder.path().join("runtime"));
        }
        command
    }

    pub(crate) fn run<A: AsRef<OsStr>>(&self, arguments: &[A]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Status and everything that is said, one after the other.
    pub(crate) fn said<A: AsRef<OsStr>>(&self, arguments: &[A]) -> (i32, String) {
        let output = self.run(arguments);
        (output.status.code().unwrap_or(-1), text(&output.stdout) + &text(&output.stderr))
    }

    /// Status, and standard output as one JSON value a line.
    pub(crate) fn json<A: AsRef<OsStr>>(&self, arguments: &[A]) -> (i32, Vec<Value>) {
        let mut all: Vec<OsString> = arguments.iter().map(|argument| argument.as_ref().to_owned()).collect();
        all.push("--json".into());
        lines(&self.run(&all))
    }

    /// Returns are filed and everything is well.
    pub(crate) fn files(&self, hint: &str, arguments: &[&str]) -> Vec<Value> {
        let (status, outcomes) = self.json(&[&["submit", "--yes", "--login-hint", hint], arguments].concat());
        assert_eq!(status, 0, "{outcomes:#?}");
        outcomes
    }

    /// The history, the newest first.
    pub(crate) fn history(&self) -> Vec<Value> {
        self.json(&["history"]).1
    }

    /// The same with something on standard input.
    pub(crate) fn tell(&self, arguments: &[&str], typed: &str) -> Output {
        let mut running = self
            .command(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        running.stdin.take().unwrap().write_all(typed.as_bytes()).unwrap();
        running.wait_with_output().unwrap()
    }

    /// Runs a command that signs somebody in: follows its link, if it comes to one.
    pub(crate) fn sign_in(&self, arguments: &[&str]) -> Output {
        followed(self.command(arguments))
    }

    /// The program with the folders that a person has who names none.
    pub(crate) fn at_home(&self, arguments: &[&str]) -> Command {
        let mut command = self.command(arguments);
        command.env_remove("MOMSBUD_DATA_DIR").env_remove("MOMSBUD_ARCHIVE_DIR");
        command
    }
}

/// Runs a command and follows the link that it prints for a browser that does not open by itself.
pub(crate) fn followed(command: Command) -> Output {
    followed_to(command, |command| {
        command.stdout(Stdio::piped());
    })
}

/// The same with standard output elsewhere.
pub(crate) fn followed_to(mut command: Command, output: impl FnOnce(&mut Command)) -> Output {
    output(&mut command);
    let mut login = command.stderr(Stdio::piped()).spawn().unwrap();
    let mut said = String::new();
    for line in BufReader::new(login.stderr.take().unwrap()).lines().map_while(Result::ok) {
        if line.starts_with("http") {
            let page = fetch(&line);
            assert!(["gå tilbake til Momsbud", "go back to Momsbud"].iter().any(|said| page.contains(said)), "{page}");
        }
        said.push_str(&line);
        said.push('\n');
    }
    let Output { status, stdout, .. } = login.wait_with_output().unwrap();
    Output { status, stdout, stderr: said.into_bytes() }
}

/// A return of a company and a period.
pub(crate) fn a_return(company: &str, period: &str) -> String {
    let sample = std::str::from_utf8(samples::by_id("fjordlys").unwrap().bytes).unwrap();
    sample.replace(FJORDLYS, company).replace("september-oktober", period)
}

/// Waits until something is so; two minutes are an end to everything here, on the slowest machine.
pub(crate) fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < Duration::from_secs(120), "{what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Status, and standard output as one JSON value a line.
pub(crate) fn lines(output: &Output) -> (i32, Vec<Value>) {
    let code = output.status.code().unwrap_or_else(|| panic!("{}: {}", output.status, text(&output.stderr)));
    let read = |line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
    (code, text(&output.stdout).lines().map(read).collect())
}

pub(crate) fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_momsbud-cli"))
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let there: PathBuf = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            disk::create_folder(&there).unwrap();
            copy(&entry.path(), &there);
        } else {
            fs::copy(entry.path(), there).unwrap();
        }
    }
}

/// The page at an address, after whatever it leads to.
pub(crate) fn fetch(address: &str) -> String {
    waited(async { reqwest::get(address).await.unwrap().text().await.unwrap() })
}

pub(crate) fn waited<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
