//! kill -9 at random moments, as often as wanted (`cargo xtask kill`): the program is started again until it is done, and
//! every filing is with the authorities once and in the archive.
//!
//! The authorities live in this process, the filing in another, which is killed.

use std::{
    env, fs,
    path::Path,
    time::{Duration, Instant},
};

use office::{Office, Setup, verify_folder};
use serde_json::Value;
use tokio::process::Command;
use view::{FilingState, HistoryQuery};

use crate::{
    crash::Work,
    desk::{Desk, INGRID, checked_file, setup, sha256, sign_in, until},
};
use vat_return::samples;

/// What a child process does: files the return that is named until it is done. Not a test of its own.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "run by the other tests, in a process of its own"]
async fn child() {
    let Some(work) = Work::from_environment() else { return };
    let file = env::var_os("CHILD_FILE").unwrap();
    let office = open(setup(&work.addresses, &work.data, &work.archive)).await;
    let known = office.filings().history(&HistoryQuery { limit: 1, ..HistoryQuery::default() }).unwrap().rows;
    let id = match known.first() {
        Some(row) => row.id.clone(),
        None => {
            let card = checked_file(&office, file.into()).await;
            office.filings().file(&card.id, true).await.unwrap().id
        }
    };
    // One that lost its person with the sign-in goes on when she says so.
    until(&office, &id, FilingState::Received).await;
    office.close().await;
}

async fn open(setup: Setup) -> std::sync::Arc<Office> {
    let office = Office::open(setup).await.unwrap();
    if office.start_view().session.is_none() {
        sign_in(&office, INGRID).await;
    }
    office
}

/// Random numbers that are the same for the same seed (xorshift), so that a run can be repeated.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }
}

/// What a run came to.
#[derive(Debug, Default)]
struct Figures {
    filings: usize,
    kills: usize,
    starts: usize,
    /// Kills by what the authorities and the database had when they came.
    before_instance: usize,
    on_the_way: usize,
    after_delivery: usize,
    instances: usize,
}

struct Run {
    desk: Desk,
    dice: Dice,
    /// How long an undisturbed filing takes, microseconds.
    whole: u64,
    figures: Figures,
}

impl Run {
    async fn new(seed: u64) -> Self {
        let desk = Desk::as_seen().await;
        let mut run = Self { desk, dice: Dice(seed.max(1)), whole: 0, figures: Figures::default() };
        // The first start fills caches; the second is the measure.
        for n in 0..2 {
            let began = Instant::now();
            let filing = run.filing(&format!("undisturbed-{n}"));
            assert!(run.child(&filing).status().await.unwrap().success());
            run.whole = u64::try_from(began.elapsed().as_micros()).unwrap();
            run.clear_log().await;
        }
        run
    }

    /// A return of its own, told apart by its sum.
    fn filing(&self, name: &str) -> Filing {
        let sample = std::str::from_utf8(samples::by_id("fjordlys").unwrap().bytes).unwrap();
        let bytes = sample.replacen("<mvaMeldingDto", &format!("<!-- {name} -->\n<mvaMeldingDto"), 1).into_bytes();
        assert_ne!(bytes, sample.as_bytes());
        let folder = self.desk.data().with_file_name(name);
        let file = self.desk.file(&format!("{name}.xml"), &bytes);
        Filing { file, sha256: sha256(&bytes), data: folder.join("data"), archive: folder.join("archive"), folder }
    }

    fn child(&self, filing: &Filing) -> Command {
        let at = self.desk.addresses();
        let mut command = Command::new(env::current_exe().unwrap());
        command
            .args(["--exact", "kill::child", "--ignored", "--test-threads=1"])
            .env("CHILD_ID_PORTEN", at.id_porten)
            .env("CHILD_PLATFORM", at.altinn_platform)
            .env("CHILD_APP", at.altinn_app)
            .env("CHILD_SKATTEETATEN", at.skatteetaten)
            .env("CHILD_DATA", &filing.data)
            .env("CHILD_ARCHIVE", &filing.archive)
            .env("CHILD_FILE", &filing.file)
            .env_remove("CHILD_STEP")
            .stdout(std::process::Stdio::null())
            .kill_on_drop(true);
        command
    }

    async fn log(&self) -> Value {
        self.desk.control("GET", "/log", None).await
    }

    async fn clear_log(&self) {
        self.desk.control("DELETE", "/log", None).await;
    }

    /// Files one return, killing its process `deaths` times at random moments, and looks that it arrived once.
    async fn one(&mut self, n: usize, deaths: usize) {
        let filing = self.filing(&format!("filing-{n}"));
        let about = format!("filing {n}");
        let (mut killed, mut calm) = (0, false);
        let began = Instant::now();
        loop {
            assert!(began.elapsed() < Duration::from_secs(180), "{about} does not come to its end");
            self.figures.starts += 1;
            let mut child = self.child(&filing).spawn().unwrap();
            if calm {
                let ended = child.wait().await.unwrap();
                assert!(ended.success(), "{about}: {ended:?}");
                break;
            }
            let moment = Duration::from_micros(self.dice.roll(self.whole));
            tokio::select! {
                // It was quicker than the dice: that is the end of it too.
                ended = child.wait() => {
                    let ended = ended.unwrap();
                    assert!(ended.success(), "{about}: {ended:?}");
                    if killed == deaths { break }
                    // Nothing is left to be killed: once more, from the beginning of another one.
                    if filing.is_done() { break }
                }
                () = tokio::time::sleep(moment) => {
                    // SIGKILL, to the process that files and to no other.
                    child.kill().await.unwrap();
                    killed += 1;
                    self.count(&filing).await;
                    calm = killed == deaths;
                }
            }
        }
        self.figures.kills += killed;
        self.figures.filings += 1;
        self.look(&filing, &about).await;
        fs::remove_dir_all(&filing.folder).unwrap();
        self.clear_log().await;
    }

    /// Where the kill came.
    async fn count(&mut self, filing: &Filing) {
        let log = self.log().await;
        let delivered = log["deliveries"].as_array().unwrap().iter().any(|it| it["sha256"] == filing.sha256);
        let began = log["requests"].as_array().unwrap().iter().any(|it| it["call"] == "createInstance");
        match (began, delivered) {
            (_, true) => self.figures.after_delivery += 1,
            (true, false) => self.figures.on_the_way += 1,
            (false, false) => self.figures.before_instance += 1,
        }
    }

    /// Delivered once, by the authorities' own log; its receipt in the archive, and every file as its manifest says.
    async fn look(&mut self, filing: &Filing, about: &str) {
        let log = self.log().await;
        let deliveries = log["deliveries"].as_array().unwrap();
        assert_eq!(deliveries.len(), 1, "{about}: {deliveries:#?}");
        assert_eq!(deliveries[0]["sha256"], filing.sha256, "{about}");
        let of = |call: &str| log["requests"].as_array().unwrap().iter().filter(|it| it["call"] == call).count();
        self.figures.instances += of("createInstance");
        let report = verify_folder(&filing.archive).unwrap();
        assert_eq!((report.folders, report.complaints.as_slice()), (1, [].as_slice()), "{about}");
        assert!(report.files >= 7, "{about}: {report:?}");
        let office = Office::look(setup(&self.desk.addresses(), &filing.data, &filing.archive)).await.unwrap();
        let rows = office.filings().history(&HistoryQuery { limit: 5, ..HistoryQuery::default() }).unwrap().rows;
        assert_eq!(rows.len(), 1, "{about}");
        assert_eq!(rows[0].state, FilingState::Received, "{about}");
        let receipt = fs::read(office.filings().receipt_path(&rows[0].id).unwrap()).unwrap();
        assert!(receipt.starts_with(b"%PDF"), "{about}");
        office.close().await;
    }
}

struct Filing {
    file: std::path::PathBuf,
    sha256: String,
    folder: std::path::PathBuf,
    data: std::path::PathBuf,
    archive: std::path::PathBuf,
}

impl Filing {
    fn is_done(&self) -> bool {
        Path::new(&self.archive).exists() && verify_folder(&self.archive).is_ok_and(|report| report.folders == 1)
    }
}

/// A few of them, for every day.
#[tokio::test(flavor = "multi_thread")]
async fn killed_at_random_moments_a_filing_arrives_once() {
    let mut run = Run::new(0x6d6f_6d73_6275_6421).await;
    for n in 0..4 {
        run.one(n, 1 + n % 2).await;
    }
    assert_eq!(run.figures.filings, 4);
}

/// `cargo xtask kill`: as many kills as `MOMSBUD_KILLS` says, with figures.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes; cargo xtask kill"]
async fn many_times() {
    let number = |name: &str| env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let times = usize::try_from(number("MOMSBUD_KILLS").unwrap_or(500)).unwrap();
    let seed = number("MOMSBUD_SEED")
        .unwrap_or_else(|| u64::try_from(jiff::Timestamp::now().as_nanosecond() & 0x7fff_ffff_ffff).unwrap_or(1));
    let began = Instant::now();
    println!("seed {seed} (MOMSBUD_SEED repeats it)");
    let mut run = Run::new(seed).await;
    println!("an undisturbed filing takes {} ms from exec to exit", run.whole / 1000);
    while run.figures.kills < times {
        let n = run.figures.filings;
        // Most die once, some twice or three times.
        let deaths = [1, 1, 1, 2, 1, 3][n % 6].min(times - run.figures.kills);
        run.one(n, deaths).await;
        if run.figures.filings % 25 == 0 {
            println!(
                "{} kills, {} filings, {:.0} s",
                run.figures.kills,
                run.figures.filings,
                began.elapsed().as_secs_f64()
            );
        }
    }
    let Figures { filings, kills, starts, before_instance, on_the_way, after_delivery, instances } = run.figures;
    println!(
        "{kills} kills at random moments: {before_instance} before the instance, {on_the_way} between instance and \
         delivery, {after_delivery} after delivery\n\
         {filings} filings over {starts} starts: {filings} delivered once by the authorities' log, {filings} receipts in \
         an archive that verifies, {instances} instances asked for\n\
         {:.0} s",
        began.elapsed().as_secs_f64()
    );
}
