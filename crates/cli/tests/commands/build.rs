//! `build --submit` against `practice`: from a SAF-T file to a receipt in one command.

use std::{fs, path::Path};

use crate::desk::{Desk, FJORDLYS, INGRID};

#[test]
fn a_saft_file_is_built_answered_and_filed() {
    let desk = Desk::new();
    let (_, bytes) = filing::saft_sample("saft-fjordlys").unwrap();
    let file = desk.put("regnskap.xml", &bytes);
    let out = desk.path("melding.xml");
    let ask = ["build", "--period", "2026-5", "--out", &out, "--submit", "--yes", "--login-hint", INGRID, &file];
    let (status, said) = desk.said(&ask);
    assert_eq!(status, 0, "{said}");
    let rows = desk.history();
    assert_eq!((rows.len(), rows[0]["state"].as_str()), (1, Some("received")));
    let built = vat_return::read(&fs::read(&out).unwrap()).unwrap();
    reconciliation_of(&said, &file);
    assert_eq!(rows[0]["assessedVat"].as_str().unwrap(), built.assessed_vat.value.to_string());

    // What must be asked stops it before anybody signs in, and nothing is filed.
    let (_, bytes) = filing::saft_sample("saft-vika").unwrap();
    let file = desk.put("vika.xml", &bytes);
    let answers = desk.path("svar.toml");
    let ask =
        ["build", "--period", "2026-5", "--answers", &answers, "--submit", "--yes", "--login-hint", INGRID, &file];
    fs::write(&answers, "").unwrap();
    let (status, said) = desk.said(&ask);
    assert_eq!(status, 1, "{said}");
    assert!(fs::read_to_string(Path::new(&answers)).unwrap().contains("uncoded_vat_posting"), "{said}");
    assert_eq!(desk.history().len(), 1);
}

/// As the window leaves it: a table and a page that prints lie in the filing's folder, and it is said where.
fn reconciliation_of(said: &str, file: &str) {
    let named = |ending: &str| -> String {
        let line = said.lines().find(|line| line.ends_with(ending)).unwrap_or_else(|| panic!("no {ending}: {said}"));
        fs::read_to_string(line.split_once("ligger i ").unwrap().1).unwrap()
    };
    let (csv, html) = (named("avstemming.csv"), named("avstemming.html"));
    let sum = store::digest::sha256(&fs::read(file).unwrap());
    assert!(csv.contains(&sum) && html.contains(&sum) && html.contains("311797816"), "{csv}");
}

/// Somebody exports to the file while it is read: it is said in words, and nothing is half written.
#[test]
fn a_file_that_changes_while_it_is_read_is_refused_and_nothing_is_written() {
    let desk = Desk::new();
    let (_, bytes) = filing::saft_sample("saft-fjordlys").unwrap();
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    // Long enough to be written to while it is read, and the same books.
    let file = desk.put("regnskap.xml", format!("{text}{}", "<!-- fylt opp -->\n".repeat(500_000)));
    let written = ["melding.xml", "svar.toml", "bilag.csv"].map(|name| desk.path(name));
    let [out, answers, vouchers] = &written;
    let build = ["build", "--period", "2026-5", "--out", out, "--answers", answers, "--vouchers", vouchers, &file];
    std::fs::write(answers, "").unwrap();
    for ask in [&["saft", &file][..], &["saft", "--json", &file], &build] {
        let done = std::sync::atomic::AtomicBool::new(false);
        let (status, said) = std::thread::scope(|scope| {
            scope.spawn(|| {
                use std::io::Write as _;
                let mut open = fs::OpenOptions::new().append(true).open(&file).unwrap();
                while !done.load(std::sync::atomic::Ordering::Relaxed) {
                    open.write_all(b"\n").unwrap();
                    std::thread::sleep(std::time::Duration::from_millis(1));
                }
            });
            let said = desk.said(ask);
            done.store(true, std::sync::atomic::Ordering::Relaxed);
            said
        });
        assert_eq!(status, 2, "{ask:?}: {said}");
        assert!(said.contains("endret") || said.contains("\"changed\""), "{ask:?}: {said}");
    }
    assert_eq!(fs::read_to_string(answers).unwrap(), "");
    assert!(!Path::new(out).exists() && !Path::new(vouchers).exists());
    // Left alone it is built.
    fs::remove_file(answers).unwrap();
    let (status, said) = desk.said(&["build", "--period", "2026-5", "--out", out, &file]);
    assert_eq!((status, Path::new(out).exists()), (0, true), "{said}");
}

/// Where there is no period to choose from, none is asked for: what is open says why.
#[test]
fn a_file_without_vouchers_says_so() {
    let desk = Desk::new();
    let (_, bytes) = filing::saft_sample("saft-fjordlys").unwrap();
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    let (from, to) = (text.find("<Journal>").unwrap(), text.rfind("</Journal>").unwrap());
    let file = desk.put("regnskap.xml", format!("{}{}", &text[..from], &text[to + "</Journal>".len()..]));
    let (status, said) = desk.said(&["build", &file]);
    assert_eq!(status, 1, "{said}");
    assert!(said.contains("Filen har ingen bilag") && !said.contains("--period"), "{said}");
    assert!(!said.contains("Velg med"), "{said}");
    // Vouchers without a code are none of a term, but they are vouchers.
    let without: String = text
        .split("<TaxInformation>")
        .map(|part| part.split_once("</TaxInformation>").map_or(part, |it| it.1))
        .collect();
    let file = desk.put("uten-koder.xml", without);
    let (status, said) = desk.said(&["build", &file]);
    assert_eq!(status, 1, "{said}");
    assert!(said.contains("mva-kode") && said.contains("--period 2026-5") && !said.contains("Velg med"), "{said}");
}

/// The same books exported twice, and two returns in the place of books: nothing is built, nothing is filed.
/// A mistyped period gave a return of 0 that looked like any other.
#[test]
fn a_period_without_vouchers_is_said_to_give_a_return_of_nothing() {
    let desk = Desk::new();
    let (_, bytes) = filing::saft_sample("saft-fjordlys").unwrap();
    let file = desk.put("regnskap.xml", &bytes);
    let out = desk.path("melding.xml");
    let (_, said) = desk.said(&["build", "--period", "2026-5", "--out", &out, &file]);
    assert!(!said.contains("nullmelding"), "{said}");
    let (status, said) = desk.said(&["build", "--period", "2026-1", "--out", &out, &file]);
    // The file's days begin later: it is asked about, and not built.
    assert!(status == 1 && !said.contains("nullmelding"), "{status} {said}");
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    let earlier = text.replace("<SelectionStartDate>2026-07-01", "<SelectionStartDate>2026-01-01");
    let file = desk.put("regnskap.xml", earlier);
    let (status, said) = desk.said(&["build", "--period", "2026-1", "--out", &out, &file]);
    assert_eq!(status, 0, "{said}");
    assert!(said.contains("dette er en nullmelding"), "{said}");
}

#[test]
fn what_is_given_twice_is_not_filed_at_all() {
    let desk = Desk::new();
    let (_, bytes) = filing::saft_sample("saft-fjordlys").unwrap();
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    let later = text.replacen("<nl:AuditFileDateCreated>", "<!-- again -->\n<nl:AuditFileDateCreated>", 1);
    let later = if later == text { format!("{text}\n<!-- again -->\n") } else { later };
    let out = desk.path("melding.xml");
    let submit = |files: &[&str]| {
        let ask = ["build", "--period", "2026-5", "--out", &out, "--submit", "--yes", "--login-hint", INGRID];
        desk.said(&[&ask[..], files].concat())
    };
    let (first, second) = (desk.put("a.xml", &text), desk.put("b.xml", later));
    let (status, said) = submit(&[&first, &second]);
    assert!(status == 2 && said.contains("a.xml") && said.contains("b.xml"), "{said}");
    let returns = ["v1.xml", "v2.xml"].map(|name| desk.put(name, crate::desk::a_return(FJORDLYS, "mai-juni")));
    let (status, said) = submit(&[&returns[0], &returns[1]]);
    assert!(status == 2 && said.contains("v1.xml"), "{said}");
    assert_eq!((desk.practice.deliveries(), Path::new(&out).exists()), (0, false));

    // One after the other: the second is no correction unless that is said.
    assert_eq!(submit(&[&first]).0, 0);
    let (status, said) = submit(&[&second]);
    assert!(status == 1 && said.contains("levert før"), "{said}");
    assert_eq!(desk.practice.deliveries(), 1);
}
