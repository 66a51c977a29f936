//! The names of files that come from outside: as arguments and by a drop, whatever bytes they are of.
//!
//! On Linux a name is any bytes, and Latin-1 ones are met in old archives. The libraries below take arguments for text (the
//! standard library's `args` panics at others) and decode dropped names with loss; here both are mended before anybody
//! else has looked.

use access::link::SCHEMES;
use std::{
    env,
    ffi::{OsStr, OsString},
    io,
    path::{Component, Path, PathBuf},
};
use url::Url;

use crate::restart::Anew;

/// Starts the program anew, in its own place, if an argument is not text: with that file's address (`file:///…`, where such
/// bytes are percent-encoded) in place of its name. Comes back when all of them are text.
///
/// # Errors
/// The program could not be started anew.
pub(crate) fn made_text() -> io::Result<()> {
    let given: Vec<OsString> = env::args_os().collect();
    let folder = env::current_dir().unwrap_or_default();
    let Some(arguments) = as_text(&given, &folder) else { return Ok(()) };
    Anew { arguments }.start().map(|never| match never {})
}

/// The arguments as text, without the program's own name; nothing if they are text already.
fn as_text(given: &[OsString], folder: &Path) -> Option<Vec<OsString>> {
    let is_text = |argument: &OsStr| argument.to_str().is_some();
    // A second start tells its folder to the first one, as text.
    let named_here = |argument: &OsString| argument.to_str().is_some_and(is_name) && !Path::new(argument).is_absolute();
    let folder_is_text = is_text(folder.as_os_str());
    if given.iter().all(|it| is_text(it)) && (folder_is_text || !given.iter().skip(1).any(named_here)) {
        return None;
    }
    let spelt = given.iter().skip(1).filter_map(|argument| {
        if is_text(argument) && (folder_is_text || !named_here(argument)) {
            return Some(argument.clone());
        }
        // What is no file and no text is nothing that this program knows.
        let file = is_name(&argument.to_string_lossy()).then(|| Url::from_file_path(folder.join(argument)).ok())?;
        Some(file?.to_string().into())
    });
    Some(spelt.collect())
}

/// Whether an argument names a file, and is neither a flag nor an address.
fn is_name(argument: &str) -> bool {
    !argument.starts_with('-') && !argument.contains("://") && !is_link(argument)
}

/// Whether an argument is a link of a sign-in's scheme, whatever stands in it. The reverse-domain one comes without an
/// authority (RFC 8252, 7.1).
fn is_link(argument: &str) -> bool {
    argument.split_once(':').is_some_and(|(scheme, _)| SCHEMES.iter().any(|known| scheme.eq_ignore_ascii_case(known)))
}

/// Whether the program was started with a link. Any page can have that done, so it is no person's wish to see the program;
/// and what else stands in such a line (where a system lets a quotation mark of a link end its argument) may be the page's too.
pub(crate) fn has_link(arguments: &[String]) -> bool {
    arguments.iter().skip(1).any(|argument| is_link(argument))
}

/// The arguments that are files, by path or as a desktop names them (`file:///…`); everything else (flags, links) is not
/// for reading. Beside a link there are none: a name may be that of somebody else's server.
pub(crate) fn files_among(arguments: &[String], folder: &Path) -> Vec<PathBuf> {
    if has_link(arguments) {
        return Vec::new();
    }
    let file = |argument: &String| {
        if argument.starts_with("file://") {
            return Url::parse(argument).ok()?.to_file_path().ok();
        }
        is_name(argument).then(|| folder.join(argument))
    };
    arguments.iter().skip(1).filter_map(file).collect()
}

/// The file that a dropped name means. A name that was decoded with loss has U+FFFD where its own bytes were: if just one
/// in that folder is shown so, it is that one.
pub(crate) fn dropped(path: PathBuf) -> PathBuf {
    let lossy = |name: &OsStr| name.to_string_lossy().into_owned();
    if !lossy(path.as_os_str()).contains(char::REPLACEMENT_CHARACTER) || path.symlink_metadata().is_ok() {
        return path;
    }
    let mut found = PathBuf::new();
    for part in path.components() {
        let next = found.join(part);
        let Component::Normal(name) = part else {
            found = next;
            continue;
        };
        let shown = lossy(name);
        if !shown.contains(char::REPLACEMENT_CHARACTER) || next.symlink_metadata().is_ok() {
            found = next;
            continue;
        }
        let Ok(entries) = disk::entries(&found) else { return path };
        let mut meant = entries.iter().map(|entry| entry.file_name()).filter(|other| lossy(other) == shown);
        match (meant.next(), meant.next()) {
            (Some(one), None) => found.push(one),
            _ => return path,
        }
    }
    found
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn only_files_are_read_from_the_arguments() {
        let arguments =
            ["momsbud", "a.xml", "--flag", "https://example.org/c.xml", "/tmp/b.xml", "file:///tmp/%C3%A5r.xml"]
                .map(str::to_owned);
        let files = files_among(&arguments, Path::new("/work"));
        assert_eq!(files, [PathBuf::from("/work/a.xml"), PathBuf::from("/tmp/b.xml"), PathBuf::from("/tmp/år.xml")]);
    }

    #[test]
    fn a_start_for_a_link_is_told_from_one_for_a_person_and_opens_no_file() {
        for links in [
            &["momsbud", "momsbud://callback?code=1"][..],
            &["momsbud", "no.momsbud.desktop:/callback?code=1"],
            &["momsbud", "MOMSBUD:/etc/passwd", "momsbud:x"],
            &["momsbud", "momsbud:", r"\\evil.example\share\a.xml", "/etc/passwd", "b.xml"],
        ] {
            let links: Vec<String> = links.iter().map(|&it| it.to_owned()).collect();
            assert!(has_link(&links), "{links:?}");
            assert!(files_among(&links, Path::new("/work")).is_empty(), "{links:?}");
        }
        for wished in [&["momsbud"][..], &["momsbud", "a.xml"], &["momsbud:x"], &[]] {
            assert!(!has_link(&wished.iter().map(|&it| it.to_owned()).collect::<Vec<_>>()), "{wished:?}");
        }
    }

    /// What is registered with the operating systems is what the program understands.
    #[test]
    fn the_schemes_of_links_are_those_that_are_registered() {
        let configured: serde_json::Value = serde_json::from_str(include_str!("../../tauri.conf.json")).unwrap();
        assert_eq!(configured["plugins"]["deep-link"]["desktop"]["schemes"], serde_json::json!(SCHEMES));
        let entry = include_str!("../../packaging/linux/momsbud.desktop");
        let handled: Vec<&str> = entry
            .lines()
            .filter_map(|line| line.strip_prefix("MimeType="))
            .flat_map(|types| types.split(';'))
            .collect();
        let schemes: Vec<&str> = handled.iter().filter_map(|it| it.strip_prefix("x-scheme-handler/")).collect();
        assert_eq!(schemes, SCHEMES);
    }

    #[cfg(unix)]
    mod bytes {
        use super::*;
        use std::{
            fs,
            os::unix::ffi::{OsStrExt as _, OsStringExt as _},
        };

        fn of(bytes: &[u8]) -> OsString {
            OsString::from_vec(bytes.to_vec())
        }

        #[test]
        fn a_name_that_is_not_text_is_named_by_its_address_and_read_by_its_bytes() {
            let given = [
                of(b"/opt/\xe5/momsbud"),
                of(b"--hidden"),
                of(b"\xe5r.xml"),
                of(b"b.xml"),
                of(b"momsbud://callback?\xff"),
            ];
            let text = as_text(&given, Path::new("/work")).unwrap();
            assert_eq!(text, ["--hidden", "file:///work/%E5r.xml", "b.xml"]);
            assert!(as_text(&[&[of(b"momsbud")], text.as_slice()].concat(), Path::new("/work")).is_none(), "no circle");
            let words: Vec<String> =
                ["momsbud".into()].into_iter().chain(text).map(|it| it.into_string().unwrap()).collect();
            let files = files_among(&words, Path::new("/work"));
            assert_eq!(files, [PathBuf::from(of(b"/work/\xe5r.xml")), PathBuf::from("/work/b.xml")]);
        }

        #[test]
        fn a_folder_that_is_not_text_is_told_to_the_program_that_runs_already() {
            let folder = PathBuf::from(of(b"/home/kari/\xe5r"));
            let text = as_text(&[of(b"momsbud"), of(b"a.xml"), of(b"/b.xml"), of(b"--hidden")], &folder).unwrap();
            assert_eq!(text, ["file:///home/kari/%E5r/a.xml", "/b.xml", "--hidden"]);
            assert_eq!(as_text(&[of(b"momsbud"), of(b"--hidden")], &folder), None);
        }

        #[test]
        fn what_is_dropped_is_found_by_the_bytes_of_its_name() {
            let folder = tempfile::tempdir().unwrap();
            let inner = folder.path().join(OsStr::from_bytes(b"\xe5r"));
            fs::create_dir(&inner).unwrap();
            let file = inner.join(OsStr::from_bytes(b"mva-\xf8.xml"));
            fs::write(&file, "x").unwrap();
            let decoded = PathBuf::from(file.to_string_lossy().into_owned());
            assert_eq!(dropped(decoded.clone()), file);
            // Two that look alike: nobody guesses.
            fs::write(inner.join(OsStr::from_bytes(b"mva-\xe6.xml")), "y").unwrap();
            assert_eq!(dropped(decoded.clone()), decoded);
            // One that is really called so is that one.
            let real = folder.path().join("\u{fffd}.xml");
            fs::write(&real, "z").unwrap();
            assert_eq!(dropped(real.clone()), real);
        }
    }
}
