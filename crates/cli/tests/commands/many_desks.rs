//! A whole firm at once: many desks with one office register, while authorities answer with faults, desks and the primary are
//! killed and connections are cut. `cargo xtask desks` says how many of each.

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
    io::{Read as _, Write as _},
    net::Shutdown,
    os::unix::net::{UnixListener, UnixStream},
    path::{Path, PathBuf},
    process::{Child, Stdio},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU32, Ordering::SeqCst},
    },
    thread,
    time::{Duration, Instant},
};

use practice::world::{Company, Role, World};
use serde_json::{Value, json};
use tempfile::TempDir;
use vat_return::OrgNumber;

use crate::{
    cluster::{Cluster, folder},
    desk::{ASTRID, Desk, Practice, a_return, in_a_session, lines, text, until, waited},
    office_register::{PASSWORD, admit, empty, sql},
};

/// Periods of this year that are over.
const PERIODS: [&str; 5] = ["januar-februar", "mars-april", "mai-juni", "juli-august", "september-oktober"];

/// Every this many returns lies at two desks.
const SHARED: usize = 5;

#[test]
fn a_firm_files_every_period_once_whatever_dies() {
    in_a_session("many_desks::within_the_session");
}

fn figure(name: &str, otherwise: usize) -> usize {
    env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

/// Numbers that look as if drawn by lot, the same for the same seed.
struct Lot(u64);

impl Lot {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(end).unwrap()).unwrap()
    }

    fn between(&mut self, least: Duration, most: Duration) -> Duration {
        let steps = usize::try_from((most - least).as_millis()).unwrap() + 1;
        least + Duration::from_millis(u64::try_from(self.below(steps)).unwrap())
    }
}

/// The practice world with as many companies as are wanted, all of them Astrid Haug's.
fn world(count: usize) -> World {
    let mut world = World::synthetic();
    let valid =
        (314_000_000_u32..).map(|number| number.to_string()).filter(|digits| OrgNumber::has_check_digit(digits));
    let known: BTreeSet<String> = world.companies.iter().map(|company| company.org_number.clone()).collect();
    let more = count.saturating_sub(world.companies.len());
    for (number, n) in valid.filter(|digits| !known.contains(digits)).take(more).zip(0_u32..) {
        world.companies.push(Company {
            name: format!("Kunde {n} AS"),
            org_number: number,
            party_id: 52_000_000 + n,
            party_uuid: format!("00000a52-0000-4000-8000-{n:012}"),
            unit_type: "AS".into(),
        });
    }
    world.companies.truncate(count);
    let all = world.companies.iter().map(|company| company.org_number.clone());
    let grants = all.map(|org_number| practice::world::Grant { org_number, role: Role::AccountantSigning }).collect();
    let astrid = world.persons.iter_mut().find(|person| person.pid == practice::world::ASTRID).unwrap();
    astrid.roles = grants;
    world
}

/// A server's socket under another name, which can be cut.
struct Proxy {
    folder: TempDir,
    cut: Arc<AtomicBool>,
    open: Arc<Mutex<Vec<UnixStream>>>,
}

impl Proxy {
    fn before(cluster: &Cluster) -> Self {
        let folder = folder("momsbud-cut-");
        let listener = UnixListener::bind(folder.path().join(".s.PGSQL.5432")).unwrap();
        let server = cluster.folder().join(".s.PGSQL.5432");
        let cut = Arc::new(AtomicBool::new(false));
        let open: Arc<Mutex<Vec<UnixStream>>> = Arc::default();
        let (is_cut, all) = (Arc::clone(&cut), Arc::clone(&open));
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                if is_cut.load(SeqCst) {
                    continue;
                }
                let Ok(server) = UnixStream::connect(&server) else { continue };
                let ends = [&client, &server].map(|end| end.try_clone().unwrap());
                all.lock().unwrap_or_else(PoisonError::into_inner).extend(ends);
                for (mut from, mut to) in [(client.try_clone().unwrap(), server.try_clone().unwrap()), (server, client)]
                {
                    thread::spawn(move || {
                        let _over = std::io::copy(&mut from, &mut to);
                        let _ended = (from.shutdown(Shutdown::Both), to.shutdown(Shutdown::Both));
                    });
                }
            }
        });
        Self { folder, cut, open }
    }

    /// Whoever talks is cut off, and nobody comes through before [`Self::mend`].
    fn cut(&self) {
        self.cut.store(true, SeqCst);
        for end in self.open.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
            let _ended = end.shutdown(Shutdown::Both);
        }
    }

    fn mend(&self) {
        self.cut.store(false, SeqCst);
    }
}

/// What the desks and those who disturb them share.
struct Shared {
    /// Each desk's command that runs now.
    running: Vec<Mutex<Option<Child>>>,
    done: Vec<AtomicBool>,
    kills: AtomicU32,
    cuts: AtomicU32,
    commands: AtomicU32,
}

impl Shared {
    fn all_are_done(&self) -> bool {
        self.done.iter().all(|done| done.load(SeqCst))
    }

    /// Runs a command of a desk; nothing when it was killed on the way.
    fn run(&self, number: usize, desk: &Desk, arguments: &[&str]) -> Option<(i32, Vec<Value>)> {
        let mut child = desk.command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (mut out, mut err) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
        *self.running[number].lock().unwrap() = Some(child);
        self.commands.fetch_add(1, SeqCst);
        let words = thread::spawn(move || {
            let mut words = Vec::new();
            let _read = err.read_to_end(&mut words);
            words
        });
        let mut stdout = Vec::new();
        let _read = out.read_to_end(&mut stdout);
        let stderr = words.join().unwrap();
        let mut child = self.running[number].lock().unwrap().take().unwrap();
        let status = child.wait().unwrap();
        status.code()?;
        Some(lines(&std::process::Output { status, stdout, stderr }))
    }

    fn kill(&self, number: usize) {
        if let Some(child) = self.running[number].lock().unwrap().as_mut() {
            child.kill().unwrap();
            self.kills.fetch_add(1, SeqCst);
        }
    }
}

/// A desk files its folder, begins again where it was killed, and ends when every return of it is with the authorities.
fn works(number: usize, desk: &Desk, returns: &Path, shared: &Shared) {
    let all = fs::read_dir(returns).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let all: BTreeSet<String> = all.collect();
    let returns = returns.to_str().unwrap();
    let sign = ["--yes", "--json", "--login-hint", ASTRID];
    let mut last = Vec::new();
    for _ in 0..200 {
        let whole = shared.run(number, desk, &[&["batch", "--concurrency", "4", returns], &sign[..]].concat());
        // What was left in the middle, by a kill or without the register.
        let open = shared.run(number, desk, &[&["batch", "--continue"], &sign[..]].concat());
        if let (Some((_, said)), Some(_)) = (whole, open) {
            // Filed here, or by whoever has the same return: her desk is said then.
            let is_there = |line: &Value| {
                line["outcome"] == "received"
                    || [&line["error"], &line["filing"]["problem"]]
                        .iter()
                        .any(|problem| problem["code"] == "alreadyFiled")
            };
            let named = |line: &Value| Some(Path::new(line["file"].as_str()?).file_name()?.to_str()?.to_owned());
            let there: BTreeSet<String> = said.iter().filter(|line| is_there(line)).filter_map(named).collect();
            last = said.iter().filter(|line| !is_there(line)).cloned().collect();
            if there == all {
                shared.done[number].store(true, SeqCst);
                return;
            }
        }
    }
    panic!("desk {number} does not come to an end: {last:#?}");
}

/// The authorities answer one call in twenty with a fault.
fn faults(practice: &Practice) {
    let kinds = [
        json!({"kind": "status", "status": 503}),
        json!({"kind": "status", "status": 502, "acted": true}),
        json!({"kind": "dropBefore"}),
        json!({"kind": "dropAfter"}),
        json!({"kind": "tooManyRequests", "retryAfterSeconds": 1}),
    ];
    for (kind, authority) in kinds.iter().flat_map(|kind| ["altinn_app", "altinn_platform"].map(|it| (kind, it))) {
        practice.control("POST", "/faults", Some(&json!({"authority": authority, "probability": 0.01, "fault": kind})));
    }
}

/// The desks of a firm, and who must file what.
struct Firm {
    primary: Cluster,
    standby: Cluster,
    proxies: [Proxy; 2],
    desks: Vec<Desk>,
    folders: Vec<PathBuf>,
    subjects: BTreeSet<(String, String)>,
}

impl Firm {
    fn new(practice: &Arc<Practice>, companies: &[Company], desks: usize, filings: usize) -> Self {
        let more = "max_connections = 400\nmax_wal_senders = 4\nwal_level = replica\nautovacuum = on";
        let primary = Cluster::start(more);
        empty(&primary);
        let desks: Vec<Desk> = (0..desks).map(|_| Desk::with_keyring(practice)).collect();
        let made = desks[0].tell(&["register", "create", &primary.address("admin")], PASSWORD);
        assert_eq!(made.status.code(), Some(0), "{}", text(&made.stderr));
        let standby = primary.standby("second");
        sql(&primary, "postgres", "ALTER SYSTEM SET synchronous_standby_names = 'second'");
        sql(&primary, "postgres", "SELECT pg_reload_conf()");
        let proxies = [Proxy::before(&primary), Proxy::before(&standby)];
        let hosts = proxies.iter().map(|proxy| proxy.folder.path().to_str().unwrap().replace('/', "%2F"));
        let hosts = hosts.map(|host| format!("{host}:5432")).collect::<Vec<_>>().join(",");
        for (number, desk) in desks.iter().enumerate() {
            let role = format!("desk{number}");
            let password = admit(desk, &primary, &role);
            let address = format!("postgresql://{role}@{hosts}/momsbud?connect_timeout=20");
            let moved = desk.tell(&["register", "move-in", "--desk", &role, &address], &format!("{password}\n"));
            assert_eq!(moved.status.code(), Some(0), "{}{}", text(&moved.stdout), text(&moved.stderr));
        }
        let mut firm = Self { primary, standby, proxies, folders: Vec::new(), desks, subjects: BTreeSet::new() };
        firm.lay_out(companies, filings);
        firm
    }

    /// Every desk gets its returns; some lie at two.
    fn lay_out(&mut self, companies: &[Company], filings: usize) {
        let all = PERIODS.iter().flat_map(|period| companies.iter().map(move |company| (&company.org_number, *period)));
        self.folders = self.desks.iter().map(|desk| desk.folder.path().join("returns")).collect();
        for folder in &self.folders {
            fs::create_dir(folder).unwrap();
        }
        for (number, (company, period)) in all.take(filings).enumerate() {
            let content = a_return(company, period);
            let first = number % self.desks.len();
            let second = (number % SHARED == 0).then(|| (first + 1 + number / SHARED) % self.desks.len());
            for desk in [Some(first), second].into_iter().flatten() {
                fs::write(self.folders[desk].join(format!("{company}-{period}.xml")), &content).unwrap();
            }
            self.subjects.insert((company.clone(), period.to_owned()));
        }
        assert_eq!(self.subjects.len(), filings, "there are too few companies for so many filings");
    }

    fn server(&self, failed_over: bool) -> &Cluster {
        if failed_over { &self.standby } else { &self.primary }
    }
}

#[test]
#[ignore = "run by a_firm_files_every_period_once_whatever_dies"]
fn within_the_session() {
    let (desks, companies) = (figure("MOMSBUD_DESKS", 4), figure("MOMSBUD_COMPANIES", 12));
    let (filings, seed) = (figure("MOMSBUD_FILINGS", 40), figure("MOMSBUD_SEED", 20_261_130));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let world = world(companies);
    let there = world.companies.clone();
    let options = practice::Options { world, ..practice::Options::default() };
    let authorities = runtime.block_on(practice::Practice::start(options)).unwrap();
    let practice = Arc::new(Practice::elsewhere(&authorities.addresses().control));
    practice.receipts_take(0.2);
    let mut firm = Firm::new(&practice, &there, desks, filings);
    faults(&practice);

    let shared = Shared {
        running: (0..desks).map(|_| Mutex::new(None)).collect(),
        done: (0..desks).map(|_| AtomicBool::new(false)).collect(),
        kills: AtomicU32::new(0),
        cuts: AtomicU32::new(0),
        commands: AtomicU32::new(0),
    };
    let began = Instant::now();
    let mut failed_over = None;
    thread::scope(|scope| {
        let (shared, proxies, primary) = (&shared, &firm.proxies, &mut firm.primary);
        let (standby, failed_over) = (&firm.standby, &mut failed_over);
        let desks: Vec<_> = (firm.desks.iter().zip(&firm.folders).enumerate())
            .map(|(number, (desk, returns))| scope.spawn(move || works(number, desk, returns, shared)))
            .collect();
        scope.spawn(move || {
            let mut lot = Lot(u64::try_from(seed).unwrap() | 1);
            let ended = || desks.iter().all(thread::ScopedJoinHandle::is_finished);
            let mut turns = 0_u32;
            while !ended() {
                thread::sleep(lot.between(Duration::from_millis(500), Duration::from_secs(4)));
                turns += 1;
                shared.kill(lot.below(shared.running.len()));
                // Half of what is to be delivered is delivered: the primary dies, and its standby takes over.
                if failed_over.is_none() && turns.is_multiple_of(4) {
                    let delivered = told(primary, "SELECT count(*) FROM register.deliveries");
                    if delivered.parse::<usize>().unwrap() * 2 >= filings {
                        primary.kill();
                        standby.promote();
                        *failed_over = Some(began.elapsed());
                    }
                }
                if turns.is_multiple_of(6) && !shared.all_are_done() {
                    for proxy in proxies {
                        proxy.cut();
                    }
                    shared.cuts.fetch_add(1, SeqCst);
                    let most = if turns.is_multiple_of(24) { 65 } else { 12 };
                    thread::sleep(lot.between(Duration::from_secs(1), Duration::from_secs(most)));
                    for proxy in proxies {
                        proxy.mend();
                    }
                }
            }
        });
    });
    let took = began.elapsed();
    practice.no_faults();
    let log = practice.control("GET", "/log", None);
    judge(&firm, &log, failed_over.is_some());
    let _written = writeln!(
        std::io::stderr(),
        "{filings} periods of {companies} companies by {desks} desks in {:.0} s ({} commands, {} killed, {} cuts, the primary after {}; {} calls, {} with a fault)",
        took.as_secs_f64(),
        shared.commands.load(SeqCst),
        shared.kills.load(SeqCst),
        shared.cuts.load(SeqCst),
        failed_over.map_or_else(|| "no time".to_owned(), |at| format!("{:.0} s", at.as_secs_f64())),
        log["requests"].as_array().unwrap().len(),
        log["requests"].as_array().unwrap().iter().filter(|request| !request["fault"].is_null()).count(),
    );
    assert!(failed_over.is_some(), "the primary was never killed");
    runtime.block_on(authorities.stop());
}

/// One value of the register, as text.
fn told(cluster: &Cluster, select: &str) -> String {
    waited(async {
        let client = cluster.superuser("momsbud").await;
        client.query_one(&format!("SELECT ({select})::text"), &[]).await.unwrap().get(0)
    })
}

/// By the authorities' log every period is delivered exactly once, every receipt is in an archive that verifies, and the register
/// says the same.
fn judge(firm: &Firm, log: &Value, failed_over: bool) {
    let mut delivered: BTreeMap<(String, String), u32> = BTreeMap::new();
    for delivery in log["deliveries"].as_array().unwrap() {
        let of = |name: &str| delivery[name].as_str().unwrap().to_owned();
        *delivered.entry((of("orgNumber"), of("period"))).or_default() += 1;
    }
    let twice: Vec<_> = delivered.iter().filter(|(_, count)| **count != 1).collect();
    assert!(twice.is_empty(), "delivered more than once: {twice:?}");
    let there: BTreeSet<_> = delivered.into_keys().collect();
    assert_eq!(there, firm.subjects, "what is delivered, and what was to be");

    let server = firm.server(failed_over);
    until("the register knows every receipt", || {
        for desk in &firm.desks {
            let _told = desk.run(&["resume", "--yes", "--login-hint", ASTRID]);
        }
        told(server, "SELECT count(*) FROM register.filings WHERE state = 'received'")
            == firm.subjects.len().to_string()
    });
    let value = |select: &str| told(server, select).parse::<usize>().unwrap();
    assert_eq!(value("SELECT count(*) FROM register.deliveries"), firm.subjects.len());
    assert_eq!(value("SELECT count(*) FROM register.claims WHERE phase <> 'free'"), 0);
    let (mut receipts, mut others) = (0, Vec::new());
    for desk in &firm.desks {
        let (status, said) = desk.said(&["archive", "verify"]);
        assert_eq!(status, 0, "{said}");
        let (received, left): (Vec<Value>, Vec<Value>) = desk
            .json(&["history", "--limit", "100000"])
            .1
            .into_iter()
            .partition(|filing| filing["state"] == "received");
        receipts += received.len();
        // One that a fault of the authorities' ended, and another has taken the place of, is none.
        others.extend(left.into_iter().filter(|it| it["state"] != "abandoned" && it["replaced"] != true));
    }
    assert_eq!((receipts, others), (firm.subjects.len(), Vec::new()), "receipts at the desks, and what is none");
}
