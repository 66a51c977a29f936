#![allow(clippy::unwrap_used)]
use super::*;
use std::{os::unix::fs::symlink, process::Command};

fn names(listed: &Listed, below: &Path) -> Vec<String> {
    let name = |path: &Path| path.strip_prefix(below).unwrap_or(path).display().to_string();
    listed.places.iter().map(|place| name(&place.path)).collect()
}

fn walk(folder: &Path) -> Listed {
    list(&[folder.to_owned()], &Bounds::default(), &|| true)
}

fn file(path: PathBuf) -> PathBuf {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, path.to_str().unwrap()).unwrap();
    path
}

#[test]
fn f05_twelve_links_to_itself_end_at_once_and_each_file_is_found_once() {
    let folder = tempfile::tempdir().unwrap();
    file(folder.path().join("a.xml"));
    file(folder.path().join("z/god.xml"));
    for n in 0..12 {
        symlink(".", folder.path().join(format!("l{n}"))).unwrap();
        symlink("..", folder.path().join(format!("z/l{n}"))).unwrap();
    }
    symlink("a.xml", folder.path().join("0-lenke.xml")).unwrap();
    fs::hard_link(folder.path().join("a.xml"), folder.path().join("b.xml")).unwrap();
    let begun = std::time::Instant::now();
    let listed = walk(folder.path());
    assert!(begun.elapsed().as_secs() < 2);
    assert_eq!(names(&listed, folder.path()), ["a.xml", "z/god.xml"]);
    assert_eq!(listed.passed.again, 26);
    assert!(listed.passed.is_whole());
}

#[test]
fn a_folder_is_read_in_the_order_in_which_people_number_files() {
    let folder = tempfile::tempdir().unwrap();
    let wanted =
        ["0.xml", "1.xml", "2.xml", "10.xml", "11.xml", "Melding 9/a.xml", "melding 10/a.xml", "Ørn.xml", "Ås.xml"];
    for name in wanted {
        file(folder.path().join(name));
    }
    assert_eq!(names(&walk(folder.path()), folder.path()), wanted);
}

#[test]
fn f05_nothing_outside_is_brought_without_saying_so() {
    let top = tempfile::tempdir().unwrap();
    let outside = file(top.path().join("ute/annen-kunde.xml"));
    let folder = top.path().join("inne");
    file(folder.join("egen.xml"));
    symlink("../ute", folder.join("snarvei")).unwrap();
    symlink(&outside, folder.join("fil.xml")).unwrap();
    symlink("borte", folder.join("ingensteds")).unwrap();
    let listed = walk(&folder);
    assert_eq!(names(&listed, &folder), ["egen.xml"]);
    let why: Vec<_> = listed.passed.left_out.iter().map(|it| (it.path.file_name().unwrap(), &it.why)).collect();
    assert!(
        matches!(why[0], (name, SkipReason::LeadsOut { target }) if name == "fil.xml" && target.ends_with("annen-kunde.xml"))
    );
    assert!(matches!(why[1], (name, SkipReason::Unreadable(_)) if name == "ingensteds"));
    assert!(matches!(why[2], (name, SkipReason::LeadsOut { .. }) if name == "snarvei"));
    // Where both were named, nothing leads out.
    let both = list(&[folder.clone(), top.path().join("ute")], &Bounds::default(), &|| true);
    assert_eq!(names(&both, top.path()), ["inne/egen.xml", "ute/annen-kunde.xml"]);
    assert_eq!(both.passed.count(), 1);
}

#[test]
fn what_only_a_link_leads_to_is_found_and_hidden_things_are_counted() {
    let folder = tempfile::tempdir().unwrap();
    file(folder.path().join(".lager/1.xml"));
    file(folder.path().join("._kunde.xml"));
    file(folder.path().join("kunde.xml"));
    symlink(".lager/1.xml", folder.path().join("mva.xml")).unwrap();
    let listed = walk(folder.path());
    assert_eq!(names(&listed, folder.path()), ["kunde.xml", "mva.xml"]);
    assert_eq!((listed.passed.hidden, listed.passed.again), (2, 0));
}

#[test]
fn f05_folders_are_found_far_below_and_a_bound_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let mut deep = folder.path().to_owned();
    for _ in 0..40 {
        deep.push("x");
    }
    file(deep.join("ni.xml"));
    assert_eq!(walk(folder.path()).places.len(), 1);
    let shallow = Bounds { depth: 8, ..Bounds::default() };
    let listed = list(&[folder.path().to_owned()], &shallow, &|| true);
    assert_eq!(listed.places.len(), 0);
    assert!(matches!(listed.passed.left_out[0].why, SkipReason::TooDeep { limit: 8 }));
}

#[test]
fn f04_too_many_entries_and_a_stop_are_named() {
    let folder = tempfile::tempdir().unwrap();
    for n in 0..20 {
        file(folder.path().join(format!("{n:02}/mva.xml")));
    }
    let few = Bounds { entries: 25, ..Bounds::default() };
    let listed = list(&[folder.path().to_owned()], &few, &|| true);
    assert_eq!(listed.places.len(), 5);
    assert!(matches!(listed.passed.left_out[0].why, SkipReason::TooMany { limit: 25 }));
    assert_eq!(listed.passed.count(), 15, "every folder that was not looked into is counted");
    let asked = std::cell::Cell::new(0);
    let stop_after_three = || {
        asked.set(asked.get() + 1);
        asked.get() <= 3
    };
    let listed = list(&[folder.path().to_owned()], &Bounds::default(), &stop_after_three);
    assert_eq!(listed.places.len(), 2);
    assert!(matches!(listed.passed.left_out[0].why, SkipReason::Stopped));
}

#[test]
fn an_unreadable_folder_and_special_files_are_named_and_stop_nothing() {
    let folder = tempfile::tempdir().unwrap();
    file(folder.path().join("z/god.xml"));
    let pipe = folder.path().join("a.xml");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    // A name longer than a folder may have: for root, no folder is unreadable by its mode.
    symlink("l".repeat(300), folder.path().join("lang")).unwrap();
    symlink("/dev/zero", folder.path().join("null.xml")).unwrap();
    let listed = walk(folder.path());
    assert_eq!(names(&listed, folder.path()), ["z/god.xml"]);
    let why: Vec<&SkipReason> = listed.passed.left_out.iter().map(|it| &it.why).collect();
    assert!(
        matches!(
            why.as_slice(),
            [SkipReason::Special(Special::Pipe), SkipReason::Unreadable(_), SkipReason::LeadsOut { .. }]
        ),
        "{why:?}"
    );
}

#[test]
fn the_programs_own_archive_is_known_and_not_looked_into() {
    let folder = tempfile::tempdir().unwrap();
    let filing = folder.path().join("Fjordlys/2026/termin 5");
    file(filing.join("mva-melding.xml"));
    fs::write(
        filing.join("manifest.json"),
        r#"{"version":2,"filing":"x","environment":"practice","orgNumber":"1","assessedVat":"1","files":{}}"#,
    )
    .unwrap();
    file(folder.path().join("annet/mva.xml"));
    fs::write(folder.path().join("annet/manifest.json"), r#"{"name":"a web page"}"#).unwrap();
    let listed = walk(folder.path());
    assert_eq!(names(&listed, folder.path()), ["annet/manifest.json", "annet/mva.xml"]);
    assert_eq!(listed.archived.len(), 1);
    assert_eq!(listed.archived[0].folder, filing);
}

#[test]
fn a_hundred_thousand_files_do() {
    let folder = tempfile::tempdir().unwrap();
    for of in 0..100 {
        let of = folder.path().join(of.to_string());
        fs::create_dir(&of).unwrap();
        for n in 0..1000 {
            fs::File::create(of.join(format!("{n}.xml"))).unwrap();
        }
    }
    let listed = walk(folder.path());
    assert_eq!(listed.places.len(), 100_000);
    assert!(listed.passed.is_whole());
}

#[test]
fn what_was_named_twice_or_lies_in_a_named_folder_is_found_once_where_it_was_named() {
    let folder = tempfile::tempdir().unwrap();
    let (a, b) = (file(folder.path().join("sub/a.xml")), file(folder.path().join("b.xml")));
    let sub = folder.path().join("sub");
    for paths in [vec![folder.path().to_owned(), a.clone()], vec![a.clone(), folder.path().to_owned(), sub.clone()]] {
        let listed = list(&paths, &Bounds::default(), &|| true);
        let mut found: Vec<_> = listed.places.iter().map(|place| (place.path.clone(), place.named)).collect();
        found.sort();
        assert_eq!(found, [(b.clone(), false), (a.clone(), true)], "{paths:?}");
    }
    // A folder of which everything was named before is not empty.
    let listed = list(&[a.clone(), sub, a.clone()], &Bounds::default(), &|| true);
    assert_eq!(listed.places.len(), 1);
    assert_eq!((listed.passed.again, listed.passed.again_in), (2, [1, 2].into()));
    // What is missing is said as often as it was named.
    let missing = folder.path().join("borte.xml");
    assert_eq!(list(&[missing.clone(), missing], &Bounds::default(), &|| true).places.len(), 2);
}
