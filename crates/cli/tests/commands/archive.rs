//! `archive` as a program of its own: verified without a network, its findings in words and as JSON, its exit codes.

use std::{fs, path::Path};

use serde_json::Value;

use crate::desk::{Desk, INGRID, text};

#[test]
fn an_archive_is_verified_taken_along_and_put_back() {
    let desk = Desk::new();
    let at = |name: &str| desk.path(name);
    desk.files(INGRID, &[&desk.sample("fjordlys")]);

    let export = |to: &str| desk.said(&["archive", "export", "--all", "--json", "--out", to]);
    let (code, said) = export(&at("ut.zip"));
    assert_eq!(code, 0, "{said}");
    assert_eq!(serde_json::from_str::<Value>(&said).unwrap()["filings"], 1);
    assert!(fs::read(at("ut.zip")).unwrap().starts_with(b"PK"));
    assert_eq!(export(&at("ut.csv")).0, 0);
    assert!(fs::read_to_string(at("ut.csv")).unwrap().contains(";311797816;"));
    assert_eq!(export(&at("ut.pdf")).0, 2);
    let (code, _) = desk.said(&["archive", "export", "nobody", "--out", &at("x.zip")]);
    assert_eq!(code, 1, "no such filing");

    // What follows needs nobody.
    let verify = |more: &[&str]| {
        let output = desk.command(&[&["archive", "verify"], more].concat()).env_remove("MOMSBUD_PRACTICE").output();
        let output = output.unwrap();
        (output.status.code(), text(&output.stdout) + &text(&output.stderr))
    };
    let (code, said) = verify(&[]);
    assert_eq!((code, said.as_str()), (Some(0), "1 innsendinger, 7 filer kontrollert: alt er uendret\n"));
    let folder = find(Path::new(&at("archive")));
    fs::write(folder.join("kvittering.pdf"), "another").unwrap();
    fs::remove_file(folder.join("konvolutt.xml")).unwrap();
    fs::write(folder.join("mer.txt"), "more").unwrap();
    let (code, said) = verify(&[]);
    assert_eq!(code, Some(1));
    for words in ["endret", "/kvittering.pdf", "mangler", "/konvolutt.xml", "til overs", "/mer.txt", "3 avvik"] {
        assert!(said.contains(words), "{words}: {said}");
    }
    // What is not taken along is counted, and the status says so: what is missing, changed or laid in, and a link.
    let (code, said) = export(&at("halv.zip"));
    assert_eq!((code, &serde_json::from_str::<Value>(&said).unwrap()["leftOut"]), (1, &3.into()), "{said}");
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("/etc/hostname", folder.join("konvolutt.xml")).unwrap();
        std::os::unix::fs::symlink("/etc/hostname", folder.join("lenke.xml")).unwrap();
        let (code, said) = desk.said(&["archive", "export", "--all", "--out", &at("halv.zip")]);
        assert!(code == 1 && said.contains("4 filer er ikke tatt med"), "{said}");
        fs::remove_file(folder.join("konvolutt.xml")).unwrap();
        fs::remove_file(folder.join("lenke.xml")).unwrap();
    }
    let (code, said) = verify(&["--json", &folder.display().to_string()]);
    let report: Value = serde_json::from_str(&said).unwrap();
    assert_eq!((code, report["complaints"].as_array().unwrap().len()), (Some(1), 3), "{said}");
    fs::remove_dir_all(&folder).unwrap();
    let (code, said) = verify(&[]);
    assert!(code == Some(1) && said.contains("mappen mangler"), "{said}");
    assert_eq!(verify(&["/nowhere/at/all"]).0, Some(2));
}

/// The database is lost, and there is no keyring: what lies in the archive may be anybody's. It is listed, and a person is asked.
#[test]
fn what_is_not_from_here_is_listed_and_asked_about_before_it_is_taken_in() {
    let desk = Desk::new();
    desk.files(INGRID, &[&desk.sample("fjordlys")]);
    for part in ["momsbud.db", "momsbud.db-wal", "momsbud.db-shm"] {
        let _ = fs::remove_file(Path::new(&desk.path("data")).join(part));
    }
    let manifest = find(Path::new(&desk.path("archive"))).join("manifest.json");
    let told = fs::read_to_string(&manifest).unwrap();
    assert!(told.contains("Fjordlys Interiør AS"), "{told}");
    fs::write(&manifest, told.replace("Fjordlys Interiør AS", "Fjordlys\\n  Konto: 9999\\u001b[2J AS")).unwrap();
    let (code, said) = desk.said(&["archive", "restore", "--adopt"]);
    assert_eq!(code, 1, "{said}");
    let on_one_line =
        |line: &str| line.contains("Konto: 9999") && line.contains("311797816") && !line.contains('\u{1b}');
    assert!(said.lines().any(on_one_line), "{said}");
    assert!(said.contains("--yes") && said.contains("Ingenting er tatt inn."), "{said}");
    assert_eq!(desk.said(&["history"]).0, 1, "nothing is in the history");
    let (code, said) = desk.said(&["archive", "restore", "--adopt", "--yes"]);
    assert!(code == 1 && said.contains("1 hentet inn i historikken"), "{said}");
    assert_eq!(desk.said(&["history"]).0, 0);
    assert_eq!(desk.said(&["archive", "restore", "--yes"]).0, 2, "a word for nothing");
}

/// The folder with the manifest.
fn find(folder: &Path) -> std::path::PathBuf {
    if folder.join("manifest.json").exists() {
        return folder.to_owned();
    }
    let below = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).find(|path| path.is_dir());
    find(&below.unwrap())
}
