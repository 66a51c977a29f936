//! Disks that are full, read-only or gone: real ones, small and of memory, where this process may mount them.

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use filing::{Boundaries, Moment};
use office::{Office, Setup};
use view::{Delivered, ErrorCode, FilingState, OfficeEvent, Problem, StepName};

use crate::desk::{Desk, INGRID, checked_sample, reason, setup, sign_in, until, until_it};

/// A disk of its own, unmounted when dropped.
pub(crate) struct Disk(PathBuf);

impl Disk {
    /// Mounts a disk of so many kilobytes at a folder; `None` with the reason printed where that is not possible.
    pub(crate) fn mount(at: PathBuf, kilobytes: u32) -> Option<Self> {
        fs::create_dir_all(&at).unwrap();
        let size = format!("size={kilobytes}k");
        let done = Command::new("mount").args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(&at).output();
        match done {
            Ok(done) if done.status.success() => Some(Self(at)),
            other => {
                crate::official::needed::absent(
                    "disk",
                    &format!("no disk can be mounted here (it takes root): {other:?}"),
                );
                None
            }
        }
    }

    /// Fills it to the last byte.
    pub(crate) fn fill(&self) {
        let mut file = fs::File::create(self.0.join("filler")).unwrap();
        for piece in [4096, 1] {
            while file.write_all(&vec![1; piece]).is_ok() {}
        }
    }

    pub(crate) fn make_room(&self) {
        fs::remove_file(self.0.join("filler")).unwrap();
    }

    fn remount(&self, how: &str) {
        let done = Command::new("mount").args(["-o", &format!("remount,{how}")]).arg(&self.0).status().unwrap();
        assert!(done.success());
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).status();
    }
}

fn files(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_full_disk_nothing_is_filed_and_with_room_it_is() {
    let desk = Desk::new().await;
    let Some(disk) = Disk::mount(desk.data(), 2048) else { return };
    let office = desk.open_as(INGRID).await;
    let card = checked_sample(&office, "fjordlys").await;
    disk.fill();
    let error = office.filings().file(&card.id, false).await.unwrap_err();
    assert_eq!((error.code, error.delivered), (ErrorCode::DiskFull, Delivered::No));
    assert!(!desk.calls().await.iter().any(|call| call == "createInstance"));
    assert_eq!(office.start_view().recent, [], "nothing half-written");
    disk.make_room();
    let filing = office.filings().file(&card.id, false).await.unwrap();
    until(&office, &filing.id, FilingState::Received).await;
    assert_eq!(desk.deliveries().await.len(), 1);
}

/// Fills the disk at a boundary of the journal, once.
struct FillAt(StepName, Moment, Arc<Disk>, AtomicBool);

impl Boundaries for FillAt {
    fn reached(&self, step: StepName, moment: Moment) {
        if (step, moment) == (self.0, self.1) && !self.3.swap(true, Ordering::SeqCst) {
            self.2.fill();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_fills_on_the_way_stops_the_filing_until_there_is_room() {
    for (step, moment) in [
        (StepName::Instance, Moment::AfterIntention),
        (StepName::Return, Moment::AfterCall),
        (StepName::Fill, Moment::AfterOutcome),
        (StepName::Confirm, Moment::AfterIntention),
    ] {
        let desk = Desk::new().await;
        let Some(disk) = Disk::mount(desk.data(), 2048) else { return };
        let disk = Arc::new(disk);
        let mut setup = desk.setup();
        setup.boundaries = Arc::new(FillAt(step, moment, Arc::clone(&disk), AtomicBool::new(false)));
        let office = Office::open(setup).await.unwrap();
        sign_in(&office, INGRID).await;
        let card = checked_sample(&office, "fjordlys").await;
        let mut events = office.events();
        let filing = office.filings().file(&card.id, false).await.unwrap();
        // What cannot be written is told all the same.
        let told = async {
            loop {
                if let Ok(OfficeEvent::Filing { filing }) = events.recv().await
                    && reason(&filing) == Some(ErrorCode::DiskFull)
                {
                    return;
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(60), told).await.unwrap();
        disk.make_room();
        until(&office, &filing.id, FilingState::Received).await;
        let about = format!("{step:?}, {moment:?}");
        assert_eq!(desk.deliveries().await.len(), 1, "{about}");
        assert_eq!(desk.count("createInstance").await, 1, "{about}");
        office.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_only_or_full_data_folder_is_said_at_the_start() {
    let desk = Desk::new().await;
    let Some(disk) = Disk::mount(desk.data(), 2048) else { return };
    disk.remount("ro");
    let refused = |error: office::OfficeError| Problem::from(error).code;
    assert_eq!(refused(Office::open(desk.setup()).await.unwrap_err()), ErrorCode::DiskFull);
    disk.remount("rw");
    disk.fill();
    assert_eq!(refused(Office::open(desk.setup()).await.unwrap_err()), ErrorCode::DiskFull);
    disk.make_room();
    let office = desk.open_as(INGRID).await;
    let card = checked_sample(&office, "fjordlys").await;
    let filing = office.filings().file(&card.id, false).await.unwrap();
    until(&office, &filing.id, FilingState::Received).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_archive_disk_loses_no_receipt() {
    let desk = Desk::new().await;
    let Some(disk) = Disk::mount(desk.archive(), 512) else { return };
    let office = desk.open_as(INGRID).await;
    disk.fill();
    let card = checked_sample(&office, "fjordlys").await;
    let filing = office.filings().file(&card.id, false).await.unwrap();
    let waiting = until_it(&office, &filing.id, "told", |it| reason(it) == Some(ErrorCode::DiskFull)).await;
    assert_eq!((waiting.row.state, waiting.delivered), (FilingState::WaitingAnswer, Delivered::Yes));
    assert!(waiting.payment.is_some(), "what to pay needs no archive");
    let parent = desk.archive().join("Øving");
    let half = walk(&parent).into_iter().filter(|path| path.is_file()).count();
    assert_eq!(half, 0, "nothing half-written: {:?}", walk(&parent));
    // A restart in between changes nothing.
    office.close().await;
    drop(office);
    let office = desk.open().await;
    disk.make_room();
    until(&office, &filing.id, FilingState::Received).await;
    assert_eq!(office.archive().verify().await.unwrap().complaints, []);
    assert_eq!(desk.deliveries().await.len(), 1);
}

fn walk(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for name in files(folder) {
        let path = folder.join(name);
        if path.is_dir() {
            found.extend(walk(&path));
        }
        found.push(path);
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_whose_disk_is_gone_gets_its_receipt_when_it_is_back() {
    let desk = Desk::new().await;
    // As a disk that was pulled out: its place can be neither entered nor made.
    let gone = desk.data().with_file_name("gone");
    fs::write(&gone, b"").unwrap();
    let on_gone = |desk: &Desk| -> Setup { setup(&desk.addresses(), &desk.data(), &gone.join("Momsbud")) };
    let office = Office::open(on_gone(&desk)).await.unwrap();
    sign_in(&office, INGRID).await;
    let card = checked_sample(&office, "fjordlys").await;
    let filing = office.filings().file(&card.id, false).await.unwrap();
    let waiting = until_it(&office, &filing.id, "told", |it| reason(it) == Some(ErrorCode::ArchiveUnusable)).await;
    assert_eq!((waiting.row.state, waiting.delivered), (FilingState::WaitingAnswer, Delivered::Yes));
    let said = waiting.problem.unwrap();
    assert!(said.values["path"].starts_with(&gone.display().to_string()), "{said:?}");
    office.close().await;
    drop(office);
    let office = Office::open(on_gone(&desk)).await.unwrap();
    fs::remove_file(&gone).unwrap();
    until(&office, &filing.id, FilingState::Received).await;
    assert!(office.filings().receipt_path(&filing.id).is_ok());
    assert_eq!(desk.deliveries().await.len(), 1);
}
