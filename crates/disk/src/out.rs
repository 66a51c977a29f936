//! Places that a person names for what the program writes: a file, and on Unix a pipe or a device too.

use std::{
    fs::File,
    io::{self, Write},
    path::{Path, PathBuf},
};

use crate::whole::{WholeFile, is_special, no_file};

/// Bytes with which a disk is tried out.
const SOME: [u8; 4096] = [0; 4096];

/// A place that a person has named, found to take what will be written: before the work is done that it is to tell of.
///
/// A file appears whole, as with [`WholeFile::for_others`], and leaves nothing behind until then. A pipe or a device
/// (`/dev/stdout`) is held open, so that whoever reads it does not take the pause for the end.
#[derive(Debug)]
pub struct Out {
    path: PathBuf,
    special: Option<File>,
}

impl Out {
    /// Finds out whether a place can be written to. A pipe is waited for a moment, until somebody reads it.
    ///
    /// # Errors
    /// The disk; a folder, a socket, or a pipe that nobody reads.
    pub fn open(path: &Path) -> io::Result<Self> {
        if special::is_socket(path) {
            return Err(no_file());
        }
        if is_special(path) {
            let place = Self { special: Some(special::open(path)?), path: path.to_owned() };
            place.is_taken()?;
            return Ok(place);
        }
        if path.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        // What is not finished leaves nothing behind. A full disk says so only when it is written to.
        let mut file = WholeFile::for_others(path)?;
        file.write_all(&SOME)?;
        file.look()?.sync_all()?;
        Ok(Self { path: path.to_owned(), special: None })
    }

    /// The place, as it was named.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether it still takes what is written: whoever reads a pipe may have gone.
    ///
    /// # Errors
    /// It does not.
    pub fn is_taken(&self) -> io::Result<()> {
        self.special.as_ref().map_or(Ok(()), special::is_taken)
    }

    /// Writes it: a file whole or not at all, a pipe or a device as fast as it takes the bytes.
    ///
    /// # Errors
    /// The disk, and what was there is as it was; a pipe whose reader has gone.
    pub fn write(self, bytes: &[u8]) -> io::Result<()> {
        match self.special {
            Some(mut file) => file.write_all(bytes),
            None => write_whole(&self.path, bytes),
        }
    }
}

/// Writes to a place that a person has named, as an [`Out`] does.
///
/// # Errors
/// The disk, and what was there is as it was; a folder, a socket, or a pipe that nobody opens to read.
pub fn write_out(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if special::is_socket(path) {
        return Err(no_file());
    }
    if is_special(path) {
        return special::open(path)?.write_all(bytes);
    }
    write_whole(path, bytes)
}

fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = WholeFile::for_others(path)?;
    file.write_all(bytes)?;
    file.finish()
}

#[cfg(unix)]
mod special {
    use std::{
        fs::{self, File, OpenOptions},
        io,
        os::unix::fs::{FileTypeExt as _, OpenOptionsExt as _},
        path::Path,
        thread,
        time::{Duration, Instant},
    };

    use rustix::{
        event::{PollFd, PollFlags, Timespec, poll},
        fs::{OFlags, fcntl_getfl, fcntl_setfl},
        io::Errno,
    };

    /// How long a pipe waits for somebody who reads: a command that is started beside this one needs a moment.
    const READER_WITHIN: Duration = Duration::from_secs(2);

    /// Opens a pipe or a device to write into, and never waits long for a reader who does not come.
    pub(super) fn open(path: &Path) -> io::Result<File> {
        let began = Instant::now();
        loop {
            match try_open(path) {
                Err(error)
                    if error.raw_os_error() == Some(Errno::NXIO.raw_os_error()) && began.elapsed() < READER_WITHIN =>
                {
                    thread::sleep(Duration::from_millis(50));
                }
                opened => return opened,
            }
        }
    }

    /// Whether somebody still has the other end.
    pub(super) fn is_taken(file: &File) -> io::Result<()> {
        let mut one = [PollFd::new(file, PollFlags::empty())];
        poll(&mut one, Some(&Timespec::default()))?;
        let [one] = one;
        let gone = one.revents().intersects(PollFlags::ERR | PollFlags::HUP);
        if gone { Err(io::ErrorKind::BrokenPipe.into()) } else { Ok(()) }
    }

    /// The same as [`open`] without waiting.
    fn try_open(path: &Path) -> io::Result<File> {
        let flags = (OFlags::NONBLOCK | OFlags::NOCTTY).bits().cast_signed();
        let file = OpenOptions::new().write(true).custom_flags(flags).open(path)?;
        // It is written as slowly as it is read.
        fcntl_setfl(&file, fcntl_getfl(&file)?.difference(OFlags::NONBLOCK))?;
        Ok(file)
    }

    pub(super) fn is_socket(path: &Path) -> bool {
        fs::metadata(path).is_ok_and(|found| found.file_type().is_socket())
    }
}

#[cfg(not(unix))]
mod special {
    use std::{
        fs::{File, OpenOptions},
        io,
        path::Path,
    };

    pub(super) fn open(path: &Path) -> io::Result<File> {
        OpenOptions::new().write(true).open(path)
    }

    pub(super) fn is_taken(_: &File) -> io::Result<()> {
        Ok(())
    }

    pub(super) fn is_socket(_: &Path) -> bool {
        false
    }
}

#[cfg(all(test, unix))]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::{
        fs,
        sync::mpsc,
        thread,
        time::{Duration, Instant},
    };

    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> =
            fs::read_dir(folder).unwrap().map(|it| it.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn what_is_written_out_is_whole_goes_through_no_link_and_replaces_no_device() {
        let folder = tempfile::tempdir().unwrap();
        let (hers, out) = (folder.path().join("hers"), folder.path().join("out.xml"));
        fs::write(&hers, "hers").unwrap();
        std::os::unix::fs::symlink(&hers, &out).unwrap();
        write_out(&out, b"ours").unwrap();
        assert_eq!((fs::read(&hers).unwrap(), fs::read(&out).unwrap()), (b"hers".to_vec(), b"ours".to_vec()));
        write_out(Path::new("/dev/null"), b"gone").unwrap();
        assert!(write_out(Path::new("/dev/full"), b"x").is_err());
        // Root could put a file there, in place of the device.
        assert_eq!(WholeFile::new(Path::new("/dev/null")).unwrap_err().kind(), io::ErrorKind::Unsupported);
        assert_eq!(crate::write(Path::new("/dev/null"), b"x").unwrap_err().kind(), io::ErrorKind::Unsupported);
        assert!(is_special(Path::new("/dev/null")));
    }

    fn pipe_in(folder: &Path) -> PathBuf {
        let pipe = folder.join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        pipe
    }

    #[test]
    fn a_pipe_that_nobody_reads_keeps_nobody_waiting_and_one_that_is_read_takes_all() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = pipe_in(folder.path());
        let began = Instant::now();
        assert!(write_out(&pipe, b"x").is_err() && Out::open(&pipe).is_err());
        assert!(began.elapsed() < Duration::from_secs(15));
        // Somebody who comes a moment later, and more than a pipe holds.
        let there = pipe.clone();
        let reader = thread::spawn(move || {
            thread::sleep(Duration::from_millis(200));
            fs::read(there).unwrap().len()
        });
        write_out(&pipe, &vec![7; 1_000_000]).unwrap();
        assert_eq!(reader.join().unwrap(), 1_000_000);
        let socket = folder.path().join("socket");
        let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
        assert!(write_out(&socket, b"x").is_err() && Out::open(&socket).is_err());
        assert_eq!(names(folder.path()), ["pipe", "socket"]);
    }

    #[test]
    fn a_place_is_found_out_about_before_it_is_written() {
        let folder = tempfile::tempdir().unwrap();
        assert!(Out::open(folder.path()).is_err() && Out::open(&folder.path().join("missing/a.csv")).is_err());
        let file = folder.path().join("a.csv");
        fs::write(&file, "earlier").unwrap();
        let out = Out::open(&file).unwrap();
        assert_eq!((fs::read(&file).unwrap(), names(folder.path())), (b"earlier".to_vec(), vec!["a.csv".to_owned()]));
        out.is_taken().unwrap();
        out.write(b"later").unwrap();
        assert_eq!(fs::read(&file).unwrap(), b"later");
    }

    #[test]
    fn who_reads_a_pipe_has_all_of_it_though_it_comes_late_and_is_missed_when_gone() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = pipe_in(folder.path());
        let there = pipe.clone();
        let reader = thread::spawn(move || fs::read(there).unwrap());
        let out = Out::open(&pipe).unwrap();
        thread::sleep(Duration::from_millis(300));
        out.is_taken().unwrap();
        out.write(b"all of it").unwrap();
        assert_eq!(reader.join().unwrap(), b"all of it");

        let (go, stays) = mpsc::channel::<()>();
        let there = pipe.clone();
        let reader = thread::spawn(move || {
            let file = File::open(there).unwrap();
            stays.recv().unwrap();
            drop(file);
        });
        let out = Out::open(&pipe).unwrap();
        go.send(()).unwrap();
        reader.join().unwrap();
        assert!(out.is_taken().is_err());
        assert!(out.write(b"to nobody").is_err());

        // A pipe between two programs has no name but the one in /proc, and may be opened though nobody reads it.
        #[cfg(target_os = "linux")]
        {
            use std::os::fd::AsRawFd as _;
            let (reader, writer) = io::pipe().unwrap();
            let path = PathBuf::from(format!("/proc/self/fd/{}", writer.as_raw_fd()));
            Out::open(&path).unwrap();
            drop(reader);
            assert!(Out::open(&path).is_err());
        }
    }
}
