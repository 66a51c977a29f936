//! kill -9 at every boundary of the journal, in a process of its own; the next start goes on, and the authorities have
//! the return once.

use std::{
    env,
    path::{Path, PathBuf},
    process::{Command, ExitStatus},
    sync::Arc,
};

use access::PracticeAddresses;
use filing::{Boundaries, Moment};
use office::{Office, Setup};
use view::{FilingState, HistoryQuery, StepName};

use crate::desk::{Desk, INGRID, checked_sample, setup, sign_in, until};

/// The steps that are written to the journal.
const STEPS: [StepName; 8] = [
    StepName::Instance,
    StepName::Envelope,
    StepName::Return,
    StepName::Attachments,
    StepName::Fill,
    StepName::Confirm,
    StepName::Feedback,
    StepName::Archive,
];

/// Kills this process as the operating system would: no destructor runs, nothing is flushed.
struct KillAt(StepName, Moment);

impl Boundaries for KillAt {
    fn reached(&self, step: StepName, moment: Moment) {
        if (step, moment) == (self.0, self.1) {
            let me = std::process::id().to_string();
            let _ = Command::new("kill").args(["-9", &me]).status();
            loop {
                std::thread::park();
            }
        }
    }
}

/// What a child process does: files the sample until it is done, or is killed on the way. Not a test of its own.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "run by the other tests, in a process of its own"]
async fn child() {
    let Some(work) = Work::from_environment() else { return };
    let mut setup = setup(&work.addresses, &work.data, &work.archive);
    let attached = match env::var("CHILD_ATTACHMENTS").ok().and_then(|n| n.parse().ok()) {
        Some(count) => large_attachments(&work.data, count),
        None => two_attachments(&work.data),
    };
    if let Some((step, moment)) = work.dies {
        setup.boundaries = Arc::new(KillAt(step, moment));
    }
    file_or_go_on(setup, attached).await;
    if let Ok(file) = env::var("CHILD_STATUS") {
        std::fs::copy("/proc/self/status", file).unwrap();
    }
}

/// Files as large as attachments may be, nothing in them but what makes them PDFs.
fn large_attachments(data: &Path, count: usize) -> Vec<PathBuf> {
    let folder = data.parent().unwrap();
    (1..=count)
        .map(|n| {
            let path = folder.join(format!("stor {n}.pdf"));
            std::fs::write(&path, format!("%PDF-1.7 {n}")).unwrap();
            std::fs::File::options().write(true).open(&path).unwrap().set_len(25 * 1024 * 1024).unwrap();
            path
        })
        .collect()
}

/// Files of the person's own, beside the data folder.
fn two_attachments(data: &Path) -> Vec<PathBuf> {
    let folder = data.parent().unwrap();
    [("bilag.pdf", b"%PDF-1.7 bilag".as_slice()), ("bilde.png", b"\x89PNG\r\n\x1a\n bilde".as_slice())]
        .map(|(name, bytes)| {
            let path = folder.join(name);
            std::fs::write(&path, bytes).unwrap();
            path
        })
        .to_vec()
}

async fn file_or_go_on(setup: Setup, attached: Vec<PathBuf>) {
    let office = Office::open(setup).await.unwrap();
    if office.start_view().session.is_none() {
        sign_in(&office, INGRID).await;
    }
    let known = office.filings().history(&HistoryQuery { limit: 1, ..HistoryQuery::default() }).unwrap().rows;
    let id = match known.first() {
        Some(row) => row.id.clone(),
        None => {
            let card = checked_sample(&office, "fjordlys").await;
            let card = office.returns().attach(&card.id, attached).await.unwrap();
            assert!(card.attachments.iter().all(|it| it.problem.is_none()), "{card:#?}");
            office.filings().file(&card.id, false).await.unwrap().id
        }
    };
    until(&office, &id, FilingState::Received).await;
    office.close().await;
}

pub(crate) struct Work {
    pub(crate) addresses: PracticeAddresses,
    pub(crate) data: PathBuf,
    pub(crate) archive: PathBuf,
    dies: Option<(StepName, Moment)>,
}

impl Work {
    pub(crate) fn from_environment() -> Option<Self> {
        let get = |name: &str| env::var(name).ok();
        let index = |name: &str| get(name).and_then(|n| n.parse::<usize>().ok());
        Some(Self {
            addresses: PracticeAddresses {
                id_porten: get("CHILD_ID_PORTEN")?,
                altinn_platform: get("CHILD_PLATFORM")?,
                altinn_app: get("CHILD_APP")?,
                skatteetaten: get("CHILD_SKATTEETATEN")?,
            },
            data: get("CHILD_DATA")?.into(),
            archive: get("CHILD_ARCHIVE")?.into(),
            dies: index("CHILD_STEP")
                .zip(index("CHILD_MOMENT"))
                .map(|(step, moment)| (STEPS[step], Moment::ALL[moment])),
        })
    }
}

fn command(desk: &Desk, data: &Path, dies: Option<(usize, usize)>) -> Command {
    command_in(desk, data, &desk.archive(), dies)
}

fn command_in(desk: &Desk, data: &Path, archive: &Path, dies: Option<(usize, usize)>) -> Command {
    let at = desk.addresses();
    let mut command = Command::new(env::current_exe().unwrap());
    command
        .args(["--exact", "crash::child", "--ignored", "--test-threads=1"])
        .env("CHILD_ID_PORTEN", at.id_porten)
        .env("CHILD_PLATFORM", at.altinn_platform)
        .env("CHILD_APP", at.altinn_app)
        .env("CHILD_SKATTEETATEN", at.skatteetaten)
        .env("CHILD_DATA", data)
        .env("CHILD_ARCHIVE", archive);
    if let Some((step, moment)) = dies {
        command.env("CHILD_STEP", step.to_string()).env("CHILD_MOMENT", moment.to_string());
    }
    command.stdout(std::process::Stdio::null());
    command
}

async fn run(mut command: Command) -> ExitStatus {
    tokio::task::spawn_blocking(move || command.status().unwrap()).await.unwrap()
}

fn was_killed(status: ExitStatus) -> bool {
    use std::os::unix::process::ExitStatusExt as _;
    status.signal() == Some(9)
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_every_boundary_a_filing_arrives_once() {
    let mut deaths = 0;
    // The same authorities for all of them, as they have been seen, and folders of its own for each.
    let desk = Desk::as_seen().await;
    for (step, name) in STEPS.iter().enumerate() {
        for (moment, when) in Moment::ALL.iter().enumerate() {
            let about = format!("{name:?}, {when:?}");
            let folder = desk.data().with_file_name(&about);
            let (data, archive) = (folder.join("data"), folder.join("archive"));
            std::fs::create_dir_all(&folder).unwrap();
            desk.control("DELETE", "/log", None).await;
            let first = run(command_in(&desk, &data, &archive, Some((step, moment)))).await;
            // Feedback is only read: it has an outcome and no intention.
            let dies = *name != StepName::Feedback || *when == Moment::AfterOutcome;
            assert_eq!(was_killed(first), dies, "{about}: {first:?}");
            deaths += usize::from(dies);
            let second = run(command_in(&desk, &data, &archive, None)).await;
            assert!(second.success(), "{about}: {second:?}");
            let deliveries = desk.deliveries().await;
            assert_eq!(deliveries.len(), 1, "{about}: {deliveries:#?}");
            assert_eq!(deliveries[0]["attachments"], 2, "{about}: each attachment once");
            let office = Office::open(setup(&desk.addresses(), &data, &archive)).await.unwrap();
            let rows = office.filings().history(&HistoryQuery { limit: 5, ..HistoryQuery::default() }).unwrap().rows;
            // Killed before it was begun it was begun anew; else it is the same filing.
            assert_eq!(rows.len(), 1, "{about}");
            assert_eq!(rows[0].state, FilingState::Received, "{about}");
            assert!(office.filings().receipt_path(&rows[0].id).is_ok(), "{about}");
            let files = office.filings().filing(&rows[0].id).unwrap().files;
            let archived = files.iter().filter(|file| file.name.starts_with("attachments/vedlegg ")).count();
            assert_eq!(archived, 2, "{about}: {files:#?}");
            assert!(desk.count("createInstance").await <= 2, "{about}");
            office.close().await;
        }
    }
    assert_eq!(deaths, 29);
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_twice_on_the_way_a_filing_arrives_once() {
    let desk = Desk::as_seen().await;
    let at = |step: StepName, moment: Moment| {
        let index = (
            STEPS.iter().position(|it| *it == step).unwrap(),
            Moment::ALL.iter().position(|it| *it == moment).unwrap(),
        );
        command(&desk, &desk.data(), Some(index))
    };
    for (step, moment) in [
        (StepName::Instance, Moment::AfterCall),
        (StepName::Return, Moment::AfterCall),
        (StepName::Attachments, Moment::AfterCall),
        (StepName::Attachments, Moment::AfterCall),
        (StepName::Fill, Moment::AfterCall),
        (StepName::Confirm, Moment::AfterCall),
        (StepName::Archive, Moment::AfterCall),
    ] {
        assert!(was_killed(run(at(step, moment)).await), "{step:?}");
    }
    assert!(run(command(&desk, &desk.data(), None)).await.success());
    assert_eq!(desk.deliveries().await.len(), 1);
    assert_eq!(desk.count("createInstance").await, 1);
    assert_eq!((desk.count("firstNext").await, desk.count("secondNext").await), (1, 1));
    assert_eq!(desk.count("postAttachment").await, 2, "an attachment whose answer was lost is not sent twice");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_programs_on_the_same_data_file_once() {
    let desk = Desk::new().await;
    // Signed in beforehand, so that both start with the same sign-in.
    let office = desk.open_as(INGRID).await;
    office.close().await;
    drop(office);
    let (one, two) = tokio::join!(run(command(&desk, &desk.data(), None)), run(command(&desk, &desk.data(), None)));
    // One of them files; the other finds the filing, or is told that it is filed elsewhere.
    assert!(one.success() || two.success(), "{one:?}, {two:?}");
    assert_eq!(desk.deliveries().await.len(), 1);
    assert_eq!(desk.count("createInstance").await, 1);
}

/// The most that a filing program may hold, in kB, whatever goes with the return.
#[cfg(target_os = "linux")]
const MOST_MEMORY: u64 = 150_000;

/// Six attachments of 25 MB would break the limit if they were held; `MOMSBUD_ATTACHMENTS=20` is the full measure.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn large_attachments_are_never_held_in_memory() {
    let count: u64 = env::var("MOMSBUD_ATTACHMENTS").ok().and_then(|n| n.parse().ok()).unwrap_or(6);
    let desk = Desk::new().await;
    let status = desk.file("status", b"");
    let mut child = command(&desk, &desk.data(), None);
    child.env("CHILD_ATTACHMENTS", count.to_string()).env("CHILD_STATUS", &status);
    assert!(run(child).await.success());
    assert_eq!(desk.deliveries().await[0]["attachments"], count);
    let status = std::fs::read_to_string(status).unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    let peak: u64 = peak.trim().trim_end_matches(" kB").parse().unwrap();
    eprintln!("{count} attachments of 25 MB: {peak} kB at most");
    assert!(peak < MOST_MEMORY, "{peak} kB");
}
