//! PostgreSQL clusters of the tests' own: Debian's server, on a private socket, gone with the test.
//!
//! The server refuses to run as root, so that for root it runs as one of the system's own accounts, as it does elsewhere. What `initdb` makes is kept and copied: a
//! cluster is there in half a second.

use std::{
    fs,
    io::Write as _,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::OnceLock,
};

use tempfile::TempDir;
use tokio_postgres::{Client, NoTls};

/// `daemon`, user and group.
const DAEMON: u32 = 1;

pub(crate) fn is_root() -> bool {
    fs::metadata("/proc/self").unwrap().uid() == 0
}

/// Debian's newest server.
fn programs() -> &'static Path {
    static FOUND: OnceLock<PathBuf> = OnceLock::new();
    FOUND.get_or_init(|| {
        let versions = fs::read_dir("/usr/lib/postgresql").expect("Debian's postgresql is installed");
        let mut versions: Vec<PathBuf> = versions.map(|it| it.unwrap().path().join("bin")).collect();
        versions.retain(|bin| bin.join("postgres").exists());
        versions.sort_by_key(|bin| {
            let version = bin.parent().and_then(Path::file_name).and_then(|it| it.to_str()?.parse::<u32>().ok());
            version.unwrap_or_default()
        });
        versions.pop().expect("a server")
    })
}

/// A program as the user that the server runs as.
pub(crate) fn as_server(program: &Path) -> Command {
    let mut command = if is_root() {
        let mut command = Command::new("setpriv");
        // Root's group reads /dev/null where that is not everybody's.
        command.args([&format!("--reuid={DAEMON}"), &format!("--regid={DAEMON}"), "--groups=0"]).arg(program);
        command
    } else {
        Command::new(program)
    };
    command.current_dir("/").env_remove("PGHOST").stdin(Stdio::null());
    command
}

pub(crate) fn run(command: &mut Command) -> String {
    let ended = command.output().unwrap();
    let said = String::from_utf8_lossy(&ended.stdout).into_owned() + &String::from_utf8_lossy(&ended.stderr);
    assert!(ended.status.success(), "{command:?}: {said}");
    said
}

pub(crate) fn give(path: &Path) {
    if is_root() {
        run(Command::new("chown").arg("-R").arg(format!("{DAEMON}:{DAEMON}")).arg(path));
    }
}

/// The data folder that every cluster begins as.
fn template() -> &'static Path {
    static MADE: OnceLock<PathBuf> = OnceLock::new();
    MADE.get_or_init(|| {
        let home = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let version = programs().parent().and_then(Path::file_name).unwrap().to_str().unwrap();
        let made = home.join(format!("postgresql-{version}-1"));
        // Test processes at once: the first makes it, the others wait for the lock, which goes with the process.
        let lock = fs::File::create(home.join("postgresql.lock")).unwrap();
        lock.lock().unwrap();
        if !made.exists() {
            // The server's user gets at its own folder only where all above are open to it.
            let home_of_it = folder("momsbud-initdb-");
            give(home_of_it.path());
            let data = home_of_it.path().join("data");
            run(as_server(&programs().join("initdb")).arg("-D").arg(&data).args([
                "-U",
                "postgres",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C",
                "--no-sync",
                "-k",
                "--wal-segsize=1",
            ]));
            let half = home.join("postgresql.half");
            let _none = fs::remove_dir_all(&half);
            run(Command::new("cp").arg("-a").arg(&data).arg(&half));
            fs::rename(&half, &made).unwrap();
        }
        made
    })
}

/// Who may sign in how: the server's own account by the socket, everybody else with a password.
const HBA: &str = "local all postgres trust\nlocal replication all trust\nlocal all all scram-sha-256\n\
                   host all all 127.0.0.1/32 scram-sha-256\n";

/// A folder for what lasts as long as a test: in memory where there is room, because a busy disk keeps a server waiting.
pub(crate) fn folder(prefix: &str) -> TempDir {
    static HOME: OnceLock<PathBuf> = OnceLock::new();
    let home = HOME.get_or_init(|| {
        let room = Command::new("df").args(["--output=avail", "-B1M", "/dev/shm"]).output().ok();
        let room = room.and_then(|it| String::from_utf8(it.stdout).ok()?.lines().nth(1)?.trim().parse::<u32>().ok());
        if room > Some(1500) { PathBuf::from("/dev/shm") } else { std::env::temp_dir() }
    });
    TempDir::with_prefix_in(prefix, home).unwrap()
}

pub(crate) struct Cluster {
    folder: TempDir,
    running: bool,
    settings: String,
}

impl Cluster {
    pub(crate) fn start(settings: &str) -> Self {
        let mut cluster = Self { folder: folder("momsbud-pg-"), running: false, settings: settings.to_owned() };
        run(Command::new("cp").arg("-a").arg(template()).arg(cluster.data()));
        cluster.configure(settings);
        cluster.up();
        cluster
    }

    fn configure(&self, settings: &str) {
        let common = format!(
            "listen_addresses = ''\nunix_socket_directories = '{}'\nfsync = off\nshared_buffers = 16MB\nmin_wal_size = 2MB\nmax_wal_size = 64MB\n\
             dynamic_shared_memory_type = mmap\n\
             max_connections = 60\nautovacuum = off\njit = off\nlog_min_messages = fatal\n{settings}\n",
            self.folder().display()
        );
        let file = self.data().join("postgresql.conf");
        let before = fs::read_to_string(&file).unwrap_or_default();
        fs::write(&file, before + &common).unwrap();
        fs::write(self.data().join("pg_hba.conf"), HBA).unwrap();
        give(self.folder());
    }

    /// A standby that follows this cluster and is waited for.
    pub(crate) fn standby(&self, name: &str) -> Self {
        let settings = self.settings.clone();
        let standby = Self { folder: folder("momsbud-pg-"), running: false, settings };
        give(standby.folder());
        run(as_server(&programs().join("pg_basebackup"))
            .args(["-h", self.folder().to_str().unwrap(), "-U", "postgres", "-c", "fast", "-X", "stream", "-N"])
            .arg("-D")
            .arg(standby.data()));
        fs::write(standby.data().join("standby.signal"), "").unwrap();
        standby.configure(&format!(
            "{}\nhot_standby = on\nprimary_conninfo = 'host={} user=postgres application_name={name}'",
            self.settings,
            self.folder().display()
        ));
        let mut standby = standby;
        standby.up();
        standby
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn ctl(&self, arguments: &[&str]) -> Command {
        let mut command = as_server(&programs().join("pg_ctl"));
        command.arg("-D").arg(self.data()).args(arguments);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command
    }

    pub(crate) fn up(&mut self) {
        let log = self.folder().join("log");
        let status = self.ctl(&["-w", "-t", "60", "-l", log.to_str().unwrap(), "start"]).status().unwrap();
        assert!(status.success(), "{}", fs::read_to_string(&log).unwrap_or_default());
        self.running = true;
    }

    pub(crate) fn down(&mut self) {
        assert!(self.ctl(&["-w", "-m", "fast", "stop"]).status().unwrap().success());
        self.running = false;
    }

    pub(crate) fn promote(&self) {
        assert!(self.ctl(&["-w", "promote"]).status().unwrap().success());
    }

    /// SIGKILL to the server and all its processes at once.
    pub(crate) fn kill(&mut self) {
        let told = fs::read_to_string(self.data().join("postmaster.pid")).unwrap();
        let pid = told.lines().next().unwrap().to_owned();
        // Key and id of what the server shares with its processes: nobody removes it after this.
        let memory = told.lines().nth(6).and_then(|line| line.split_whitespace().nth(1)).map(str::to_owned);
        let children = run(Command::new("ps").args(["-o", "pid=", "--ppid", &pid]));
        // One that has just ended is no fault.
        let _killed = Command::new("kill").args(["-9", &pid]).args(children.split_whitespace()).output().unwrap();
        if let Some(memory) = memory {
            let _gone = Command::new("ipcrm").args(["-m", &memory]).output();
        }
        self.running = false;
    }

    /// As the server's own account, past all rights.
    pub(crate) async fn superuser(&self, database: &str) -> Client {
        connect(&format!("host={} user=postgres dbname={database}", self.folder().display())).await
    }

    /// One of PostgreSQL's programs, run with the server's own account on this cluster, fed and read.
    pub(crate) fn tool(&self, name: &str, arguments: &[&str], fed: &[u8]) -> Vec<u8> {
        let mut command = as_server(&programs().join(name));
        command.args(["-h", self.folder().to_str().unwrap(), "-U", "postgres"]).args(arguments);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let fed = fed.to_vec();
        let feeding = std::thread::spawn(move || stdin.write_all(&fed).unwrap());
        let ended = child.wait_with_output().unwrap();
        feeding.join().unwrap();
        assert!(ended.status.success(), "{name}: {}", String::from_utf8_lossy(&ended.stderr));
        ended.stdout
    }

    /// By hand: a role's own session, without the program.
    pub(crate) async fn by_hand(&self, database: &str, role: &str, password: &str) -> Client {
        let folder = self.folder().display();
        connect(&format!("host={folder} user={role} password={password} dbname={database}")).await
    }

    /// The address over the socket, with patience: a machine that tests much is slow.
    pub(crate) fn address(&self, role: &str) -> String {
        let folder = self.folder().to_str().unwrap().replace('/', "%2F");
        format!("postgresql://{role}@{folder}/momsbud?connect_timeout=60")
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if self.running {
            let _ends = self.ctl(&["-m", "immediate", "stop"]).status();
        }
    }
}

async fn connect(config: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(config, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}
