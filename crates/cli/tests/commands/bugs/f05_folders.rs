//! Links to themselves gave nine rows of one file or filled the list so that a good return was lost, a link elsewhere
//! brought another client's return, and `check` followed other rules than `batch`.

use std::{collections::BTreeMap, fs, os::unix::fs::symlink, path::Path};

use crate::desk::{ASTRID, Desk, FJORDLYS, VIKA, a_return};

/// How often each file is told of, by its name alone.
fn rows(desk: &Desk, arguments: &[&str]) -> BTreeMap<String, usize> {
    let mut rows = BTreeMap::new();
    for row in desk.json(arguments).1 {
        if let Some(file) = row["file"].as_str() {
            let name = Path::new(file).file_name().unwrap().to_string_lossy().into_owned();
            *rows.entry(name).or_default() += 1;
        }
    }
    rows
}

#[test]
fn each_real_file_is_taken_once_and_nothing_from_elsewhere() {
    let desk = Desk::new();
    let at = |name: &str| desk.folder.path().join(name);
    let good = a_return(FJORDLYS, "mai-juni");

    // A link to the folder that it lies in.
    desk.put("L1/a.xml", &good);
    symlink(".", at("L1/loop")).unwrap();
    // A tree of them, with a good return at the end of a long way.
    for n in 0..8 {
        desk.put(&format!("L2/kvittering{n}.xml"), format!("<x>{n}</x>"));
    }
    for link in ["L2/l1", "L2/l2"] {
        symlink(".", at(link)).unwrap();
    }
    desk.put("L2/z/z/z/z/z/z/z/god.xml", &good);
    // A link to another client's folder.
    desk.put("L3/egen.xml", &good);
    desk.put("L3out/annen-kunde.xml", a_return(VIKA, "mai-juni"));
    symlink("../L3out", at("L3/snarvei")).unwrap();
    // Deep, and deeper.
    desk.put("L5/1/2/3/4/5/6/7/8/åtte.xml", &good);
    desk.put("L5/1/2/3/4/5/6/7/8/9/ni.xml", a_return(VIKA, "mai-juni"));
    // A return by another name, and what a Macintosh leaves beside one.
    desk.put("L6/kunde.xml", &good);
    desk.put("L6/kunde2.txt", a_return(VIKA, "mai-juni"));
    desk.put("L6/._kunde.xml", "\0\u{5}\u{16}\u{7}Mac OS X");

    for (folder, wanted) in [
        ("L1", &["a.xml"][..]),
        ("L2", &["god.xml"]),
        ("L3", &["egen.xml"]),
        ("L5", &["åtte.xml", "ni.xml"]),
        ("L6", &["kunde.xml", "kunde2.txt"]),
    ] {
        let path = desk.path(folder);
        for arguments in [&["check", &path][..], &["batch", "--login-hint", ASTRID, &path]] {
            let rows = rows(&desk, arguments);
            for file in wanted {
                assert_eq!(rows.get(*file), Some(&1), "{folder}, {}: {rows:?}", arguments[0]);
            }
            for never in ["annen-kunde.xml", "._kunde.xml"] {
                assert!(!rows.contains_key(never), "{folder}, {}: {rows:?}", arguments[0]);
            }
        }
    }
    assert!(fs::read_dir(at("L3out")).is_ok());
}
