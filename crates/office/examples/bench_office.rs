//! What filing costs, measured against what it must cost (`cargo xtask bench batch`, `filing`, `drop`).
//!
//! The authorities are the practice ones, in this process, with a latency for every call; the bound is calls × latency
//! (÷ 4 for a batch, which files for four companies at once), counted from the authorities' own log, retries included.
//! Everything compared is measured in the same run, and printed as rows that `cargo xtask bench` reads.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod same_key;

use std::{
    collections::BTreeSet,
    error::Error,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use access::{Environment, PracticeAddresses};
use filing::Pace;
use id_porten::{Browser, BrowserError};
use office::{Office, Setup};
use practice::{
    Options, Practice, Settings,
    world::{ASTRID, World},
};
use same_key::SameKey;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
};
use url::Url;
use vat_return::samples;
use view::{BatchState, FilingState, OfficeEvent, SignInOutcome};

type Failure = Box<dyn Error + Send + Sync>;

/// What every call takes at the authorities.
const LATENCY: Duration = Duration::from_millis(50);
const PERIODS: [&str; 5] = ["januar-februar", "mars-april", "mai-juni", "juli-august", "september-oktober"];

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let count = arguments.get(1).map(|word| word.parse::<usize>()).transpose()?;
    let rows = match arguments.first().map(String::as_str) {
        Some("batch") => batch(count.unwrap_or(200)).await?,
        Some("filing") => filing(count.unwrap_or(9)).await?,
        Some("drop") => drop_files(count.unwrap_or(1000)).await?,
        _ => return Err("bench_office batch|filing|drop [COUNT]".into()),
    };
    if cfg!(debug_assertions) {
        println!("This is a debug build.");
    }
    rows.iter().for_each(Row::print);
    Ok(())
}

/// One comparison, in milliseconds.
struct Row {
    name: String,
    against: &'static str,
    ours: Vec<f64>,
    theirs: Vec<f64>,
    goal: &'static str,
    note: String,
}

impl Row {
    fn print(&self) {
        let Self { name, against, goal, note, .. } = self;
        let all = |values: &[f64]| values.iter().map(|ms| format!("{ms:.1}")).collect::<Vec<_>>().join(" ");
        let (ours, theirs) = (all(&self.ours), all(&self.theirs));
        println!(
            "row\tname={name}\tagainst={against}\tunit=ms\tours={ours}\ttheirs={theirs}\tgoal={goal}\tnote={note}"
        );
    }
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// Practice authorities and folders.
struct Desk {
    practice: Practice,
    folders: TempDir,
    http: reqwest::Client,
}

impl Desk {
    async fn new(latency: Duration, feedback_seconds: f64) -> Result<Self, Failure> {
        let mut settings = Settings::default();
        settings.altinn.feedback_delay_seconds = feedback_seconds;
        settings.latency_ms = u64::try_from(latency.as_millis())?;
        Ok(Self {
            practice: Practice::start(Options { settings, ..Options::default() }).await?,
            folders: tempfile::tempdir()?,
            http: reqwest::Client::new(),
        })
    }

    fn addresses(&self) -> PracticeAddresses {
        let at = self.practice.addresses();
        PracticeAddresses {
            id_porten: at.id_porten.clone(),
            altinn_platform: at.altinn_platform.clone(),
            altinn_app: at.altinn_app.clone(),
            skatteetaten: at.skatteetaten.clone(),
        }
    }

    async fn open(&self, addresses: &PracticeAddresses, data: &str) -> Result<Arc<Office>, Failure> {
        let folder = self.folders.path();
        let environment = Environment::practice(addresses)?;
        let mut setup =
            Setup::new(folder.join(data), folder.join(format!("{data}-archive")), environment, Arc::new(Follower))?;
        setup.keyring = Arc::new(SameKey);
        setup.pace = Pace::default();
        Ok(Office::open(setup).await?)
    }

    async fn control(&self, method: &str, path: &str, body: Option<Value>) -> Result<Value, Failure> {
        let mut request = self.http.request(method.parse()?, format!("{}{path}", self.practice.addresses().control));
        if let Some(body) = body {
            request = request.json(&body);
        }
        Ok(request.send().await?.error_for_status()?.json().await?)
    }

    /// Calls that reached Altinn's app and Skatteetaten's validation, by the authorities' log.
    async fn calls(&self) -> Result<usize, Failure> {
        let log = self.control("GET", "/log", None).await?;
        let of = |entry: &&Value| matches!(entry["authority"].as_str(), Some("altinn_app" | "skatteetaten"));
        Ok(log["requests"].as_array().map(|entries| entries.iter().filter(of).count()).unwrap_or_default())
    }

    fn file(&self, name: &str, text: &str) -> Result<PathBuf, Failure> {
        let path = self.folders.path().join(name);
        fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
        fs::write(&path, text)?;
        Ok(path)
    }
}

fn return_of(org_number: &str, period: &str, year: usize) -> Result<String, Failure> {
    let sample = samples::by_id("fjordlys").ok_or("there is no such sample")?;
    Ok(std::str::from_utf8(sample.bytes)?
        .replace("311797816", org_number)
        .replace("september-oktober", period)
        .replace("<aar>2026", &format!("<aar>{year}")))
}

fn companies() -> Vec<String> {
    World::synthetic().companies.into_iter().map(|company| company.org_number).collect()
}

async fn sign_in(office: &Arc<Office>) -> Result<(), Failure> {
    match office.session().sign_in_hinted(true, Some(format!("testid:{ASTRID}_idporten-loa-high"))).await {
        SignInOutcome::SignedIn { .. } => Ok(()),
        other => Err(format!("{other:?}").into()),
    }
}

/// Many returns, four companies at once, a call in twenty going wrong.
async fn batch(count: usize) -> Result<Vec<Row>, Failure> {
    let desk = Desk::new(LATENCY, 0.5).await?;
    let office = desk.open(&desk.addresses(), "batch").await?;
    sign_in(&office).await?;
    let mut files = Vec::new();
    'all: for period in PERIODS {
        for org_number in companies() {
            if files.len() == count {
                break 'all;
            }
            files.push(desk.file(&format!("drop/{:04}.xml", files.len()), &return_of(&org_number, period, 2026)?)?);
        }
    }
    let cards: Vec<String> = office.returns().open_paths(files).await.into_iter().map(|card| card.id).collect();
    let began = Instant::now();
    office.returns().check_all(&cards).await.map_err(|error| error.message)?;
    let checking = began.elapsed();
    let faults = [
        json!({"kind": "dropBefore"}),
        json!({"kind": "dropAfter"}),
        json!({"kind": "truncate"}),
        json!({"kind": "status", "status": 500}),
        json!({"kind": "status", "status": 500, "acted": true}),
        json!({"kind": "status", "status": 502}),
        json!({"kind": "status", "status": 503, "acted": true}),
        json!({"kind": "tooManyRequests", "retryAfterSeconds": 1}),
        json!({"kind": "delay", "milliseconds": 500}),
        json!({"kind": "expiredToken"}),
    ];
    for fault in faults {
        let rule = json!({"authority": "altinn_app", "probability": 0.005, "fault": fault});
        desk.control("POST", "/faults", Some(rule)).await?;
    }
    desk.control("DELETE", "/log", None).await?;
    let began = Instant::now();
    let started = office.batch().start(&cards, false).map_err(|error| error.message)?;
    if !started.left_out.is_empty() {
        return Err(format!("left out: {:?}", started.left_out).into());
    }
    let mut delivered_after = None;
    let mut sign_ins = 0;
    loop {
        let batch = office.batch().view().ok_or("the batch is gone")?;
        if batch.queued + batch.running == 0 {
            delivered_after.get_or_insert_with(|| began.elapsed());
        }
        if usize::try_from(batch.received)? == count {
            break;
        }
        // Two refused tokens in a row: a person would be asked now.
        if batch.state == BatchState::WaitingSignIn {
            sign_ins += 1;
            sign_in(&office).await?;
        }
        if began.elapsed() > Duration::from_secs(1200) {
            return Err(format!("it does not end: {batch:?}").into());
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let took = began.elapsed();
    let calls = desk.calls().await?;
    let log = desk.control("GET", "/log", None).await?;
    let deliveries = log["deliveries"].as_array().cloned().unwrap_or_default();
    let different: BTreeSet<String> =
        deliveries.iter().map(|one| format!("{} {}", one["orgNumber"], one["period"])).collect();
    let struck = log["requests"]
        .as_array()
        .map(|all| all.iter().filter(|entry| !entry["fault"].is_null()).count())
        .unwrap_or_default();
    if deliveries.len() != count || different.len() != count {
        return Err(
            format!("{} deliveries of {} different returns, not {count}", deliveries.len(), different.len()).into()
        );
    }
    #[allow(clippy::cast_precision_loss, reason = "some thousands of calls")]
    let (bound, each) = (ms(LATENCY) * calls as f64 / 4.0, calls as f64 / count as f64);
    let note = format!(
        "{count} returns, each delivered exactly once by the authorities' log; {calls} calls ({each:.1} a filing, {struck} \
         struck by faults) x 50 ms / 4; all delivered after {:.1} s, checked before in {:.1} s; {sign_ins} sign-ins",
        delivered_after.unwrap_or(took).as_secs_f64(),
        checking.as_secs_f64(),
    );
    office.close().await;
    Ok(vec![Row {
        name: format!("{count} filings at once, 5 % faults"),
        against: "calls x latency / 4",
        ours: vec![ms(took)],
        theirs: vec![bound],
        goal: "<= 1.3",
        note,
    }])
}

/// One filing after another, each against calls × latency, and beside a plain client.
async fn filing(count: usize) -> Result<Vec<Row>, Failure> {
    let desk = Desk::new(LATENCY, 0.0).await?;
    let direct = desk.addresses();
    let mut rows = measure(&desk, &direct, "direct", count, "").await?;
    // The same over a line where opening a connection takes a round trip, as every real one does (TLS takes more).
    let line = PracticeAddresses {
        id_porten: direct.id_porten.clone(),
        altinn_platform: line(&direct.altinn_platform).await?,
        altinn_app: line(&direct.altinn_app).await?,
        skatteetaten: line(&direct.skatteetaten).await?,
    };
    rows.extend(measure(&desk, &line, "line", count, ", 50 ms to connect too").await?);
    Ok(rows)
}

async fn measure(
    desk: &Desk,
    addresses: &PracticeAddresses,
    name: &str,
    count: usize,
    about: &str,
) -> Result<Vec<Row>, Failure> {
    let office = desk.open(addresses, name).await?;
    sign_in(&office).await?;
    let token = plain_token(desk).await?;
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/plain_client.py");
    let hosts = json!({
        "altinn_platform": addresses.altinn_platform,
        "altinn_app": addresses.altinn_app,
        "skatteetaten": addresses.skatteetaten,
    });
    let (mut ours, mut theirs, mut calls, mut plain_calls) = (Vec::new(), Vec::new(), 0, 0);
    let year = if name == "direct" { 2024 } else { 2025 };
    for (n, org_number) in companies().iter().enumerate().take(count) {
        let file = desk.file(&format!("{name}/{n}.xml"), &return_of(org_number, "mars-april", year)?)?;
        let card = office.returns().open_paths(vec![file]).await.pop().ok_or("nothing was opened")?;
        desk.control("DELETE", "/log", None).await?;
        let mut events = office.events();
        let began = Instant::now();
        office.returns().check(&card.id).await.map_err(|error| error.message)?;
        let begun = office.filings().file(&card.id, false).await.map_err(|error| error.message)?;
        // As the window hears of it.
        loop {
            let OfficeEvent::Filing { filing } = events.recv().await? else { continue };
            match filing.row.state {
                _ if filing.id != begun.id => {}
                FilingState::Received => break,
                FilingState::Running | FilingState::WaitingAnswer => {}
                other => return Err(format!("{other:?}").into()),
            }
        }
        ours.push(ms(began.elapsed()));
        calls = desk.calls().await?;
        let file = desk.file(&format!("{name}/plain-{n}.xml"), &return_of(org_number, "mai-juni", year)?)?;
        let output = tokio::process::Command::new("python3")
            .arg(&script)
            .args([hosts.to_string(), token.clone(), org_number.clone()])
            .arg(&file)
            .output()
            .await?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
        }
        let said: Value = serde_json::from_slice(&output.stdout)?;
        theirs.push(said["seconds"].as_f64().ok_or("no time was said")? * 1000.0);
        plain_calls = said["calls"].as_u64().unwrap_or_default();
        office.returns().close_card(&card.id).map_err(|error| error.message)?;
    }
    office.close().await;
    #[allow(clippy::cast_precision_loss, reason = "a dozen calls")]
    let bound = ms(LATENCY) * calls as f64;
    Ok(vec![
        Row {
            name: format!("one filing{about}"),
            against: "calls x latency",
            ours: ours.clone(),
            theirs: vec![bound],
            goal: "<= 1.1",
            note: format!("{calls} round trips from the check to the archived receipt, x 50 ms"),
        },
        Row {
            name: format!("one filing{about}"),
            against: "plain Python client",
            ours,
            theirs,
            goal: ">= 1.5",
            note: format!("one call after another, a connection each; {plain_calls} calls"),
        },
    ])
}

/// A way to the same address on which opening a connection takes a round trip.
async fn line(address: &str) -> Result<String, Failure> {
    let url = Url::parse(address)?;
    let to = format!("127.0.0.1:{}", url.port().ok_or("no port")?);
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let port = listener.local_addr()?.port();
    tokio::spawn(async move {
        while let Ok((mut here, _)) = listener.accept().await {
            let to = to.clone();
            tokio::spawn(async move {
                tokio::time::sleep(LATENCY).await;
                let Ok(mut there) = TcpStream::connect(&to).await else { return };
                let _ = (here.set_nodelay(true), there.set_nodelay(true));
                let _ = copy_bidirectional(&mut here, &mut there).await;
            });
        }
    });
    let mut through = url;
    through.set_port(Some(port)).map_err(|()| "no port")?;
    Ok(through.to_string().trim_end_matches('/').to_owned())
}

/// An ID-porten token for the plain client, whose sign-in is not measured: the practice's own client, as TestID signs in.
async fn plain_token(desk: &Desk) -> Result<String, Failure> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/plain_sign_in.py");
    let output = tokio::process::Command::new("python3")
        .arg(script)
        .args([desk.practice.addresses().id_porten.as_str(), ASTRID])
        .output()
        .await?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

/// Opening many files, until the table of them is ready for the window, against reading their bytes.
async fn drop_files(count: usize) -> Result<Vec<Row>, Failure> {
    let desk = Desk::new(Duration::ZERO, 0.0).await?;
    let companies = companies();
    let mut files = Vec::new();
    for n in 0..count {
        let company = companies.get(n % companies.len()).ok_or("there are no companies")?;
        let period = PERIODS.get(n / companies.len() % PERIODS.len()).ok_or("there are no periods")?;
        let year = 2026 - n / (companies.len() * PERIODS.len());
        files.push(desk.file(&format!("drop/{n:04}.xml"), &return_of(company, period, year)?)?);
    }
    let folder = desk.folders.path().join("drop");
    let (mut reading, mut opening, mut size) = (Vec::new(), Vec::new(), 0);
    for round in 0..7 {
        let began = Instant::now();
        for file in &files {
            std::hint::black_box(fs::read(file)?);
        }
        reading.push(ms(began.elapsed()));
        let office = desk.open(&desk.addresses(), &format!("drop-{round}")).await?;
        let mut events = office.events();
        // What the shell does: it passes one event on as JSON, and drops what opening returns.
        let told = tokio::spawn(async move {
            let told = serde_json::to_vec(&events.recv().await?)?;
            Ok::<_, Failure>((Instant::now(), told.len()))
        });
        let began = Instant::now();
        let cards = office.returns().open_paths(vec![folder.clone()]).await;
        let (at, length) = told.await??;
        opening.push(ms(at - began));
        size = length;
        if cards.len() != count {
            return Err(format!("{} cards of {count} files", cards.len()).into());
        }
        office.close().await;
    }
    Ok(vec![Row {
        name: format!("{count} files dropped, until the table's data is ready"),
        against: "reading their bytes",
        ours: opening,
        theirs: reading,
        goal: "<= 3",
        note: format!(
            "read, checked by all rules and told to the window as {} kB, without the window's own drawing; the bytes come \
             from the system's cache",
            size / 1000
        ),
    }])
}

/// A browser that goes wherever it is sent.
struct Follower;

impl Browser for Follower {
    fn open(&self, address: &Url) -> Result<(), BrowserError> {
        let address = address.clone();
        tokio::spawn(async move {
            let _ = reqwest::get(address).await;
        });
        Ok(())
    }
}
