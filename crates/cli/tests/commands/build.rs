//! `build --submit` against `practice`: from a SAF-T file to a receipt in one command.

use std::{fs, path::Path};

use crate::desk::{Desk, INGRID};

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
