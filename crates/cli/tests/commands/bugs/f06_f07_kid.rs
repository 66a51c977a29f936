//! `archive export` wrote KIDs bare, of which a spreadsheet keeps 15 digits; and in practice KID and account stood in the
//! timeline, the list and every JSON without a word that they are invented.

use std::fs;

use crate::desk::{Desk, INGRID, text};

#[test]
fn what_practice_gives_is_nothing_that_can_be_paid() {
    let desk = Desk::new();
    let submitted = desk.files(INGRID, &[&desk.sample("fjordlys")]);
    let filing = &submitted[0]["filing"];
    let folder = filing["archiveFolder"].as_str().unwrap().to_owned();
    // As Skatteetaten's file has them, which the archive keeps.
    let paid = fs::read_to_string(format!("{folder}/betalingsinformasjon.xml")).unwrap();
    let between = |from: &str| {
        let rest = paid.split(from).nth(1).unwrap_or_else(|| panic!("{from}: {paid}"));
        rest.split('<').next().unwrap().to_owned()
    };
    let (kid, account) = (between("<kundeidentifikasjonsnummer>"), between("<norskKontonummer>"));
    assert!(kid.len() > 9 && account.len() == 11, "{kid} {account}");
    let list = desk.path("liste.csv");
    assert_eq!(desk.run(&["archive", "export", "--all", "-o", &list]).status.code(), Some(0));
    let said = [
        ("submit --json", serde_json::to_string(&submitted).unwrap()),
        ("receipt --json", text(&desk.run(&["receipt", "--json"]).stdout)),
        ("receipt", text(&desk.run(&["receipt"]).stdout)),
        ("history --json", text(&desk.run(&["history", "--json"]).stdout)),
        ("tidslinje.txt", fs::read_to_string(format!("{folder}/tidslinje.txt")).unwrap()),
        ("liste.csv", fs::read_to_string(&list).unwrap()),
    ];
    let paid = format!("{folder}/betalingsinformasjon.xml");
    // The archive's folder is its own; a copy of the file, or a zip of the folder, lies anywhere.
    let copy = desk.put("betaling.xml", fs::read(&paid).unwrap());
    let zip = desk.path("arkiv.zip");
    assert_eq!(desk.run(&["archive", "export", "--all", "-o", &zip]).status.code(), Some(0));
    let said = said.into_iter().chain([
        ("check of a copy", desk.said(&["check", &copy]).1),
        ("check --json of a copy", desk.said(&["check", "--json", &copy]).1),
        ("check of a zip", desk.said(&["check", &zip]).1),
    ]);
    for (what, said) in said {
        let bare = said.replace([' ', '\u{a0}'], "");
        assert!(!bare.contains(&kid) && !bare.contains(&account), "{what}: {said}");
    }
}

#[test]
fn every_line_and_every_object_with_an_amount_says_that_it_is_practice() {
    let desk = Desk::new();
    desk.practice.receipts_take(0.2);
    let hint = ["--login-hint", INGRID];
    let batch = desk.put("batch/1.xml", crate::desk::a_return(crate::desk::VIKA, "mars-april"));
    let sample = desk.sample("fjordlys");
    let mut said = vec![
        ("submit", desk.said(&[&["submit", "--yes"], &hint[..], &[sample.as_str()]].concat()).1),
        ("batch", desk.said(&[&["batch", "--yes"], &hint[..], &[batch.as_str()]].concat()).1),
        ("batch, before", desk.said(&[&["batch", "--yes"], &hint[..], &[batch.as_str()]].concat()).1),
    ];
    for arguments in
        [&["history"][..], &["receipt"], &["resume"], &["draft", "import", sample.as_str()], &["draft", "list"]]
    {
        said.push((arguments[0], desk.said(arguments).1));
    }
    for (what, text) in said {
        // The lines below the first of a filing are its own; they are told apart by their indentation.
        let with_amount = |line: &&str| line.contains("79857 kr") || line.contains("79 857 kr");
        for line in text.replace('\u{a0}', " ").lines().filter(with_amount) {
            let marked = line.contains("ØVING") || line.contains("i øving");
            assert!(marked, "{what}: {line:?} in {text}");
        }
    }
    for arguments in [&["history"][..], &["receipt"], &["draft", "list"]] {
        for object in desk.json(arguments).1 {
            assert!(object.to_string().contains("\"environment\":\"practice\""), "{arguments:?}: {object}");
        }
    }
    let other = desk.put("batch/2.xml", crate::desk::a_return(crate::desk::VIKA, "mai-juni"));
    let (_, objects) = desk.json(&[&["batch", "--yes"], &hint[..], &[other.as_str()]].concat());
    let whole = objects.last().unwrap();
    assert_eq!(whole["environment"], "practice", "{whole}");
}
