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
    for (what, said) in said {
        let bare = said.replace([' ', '\u{a0}'], "");
        assert!(!bare.contains(&kid) && !bare.contains(&account), "{what}: {said}");
    }
}
