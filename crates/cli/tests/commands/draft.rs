//! `momsbud-cli draft`: a return made without an accounting system, filed like any other.

use serde_json::json;
use std::fs;
use std::io::Write as _;
use std::process::Stdio;

use crate::desk::{Desk, FJORDLYS, INGRID, text};
#[cfg(unix)]
use crate::terminal::Terminal;

fn new(desk: &Desk) -> String {
    let (status, said) = desk.said(&["draft", "new", "--company", FJORDLYS, "--period", "2026-5"]);
    assert_eq!(status, 0, "{said}");
    said.trim().to_owned()
}

fn set(desk: &Desk, id: &str, rest: &[&str]) -> (i32, String) {
    let mut arguments = vec!["draft", "set", id];
    arguments.extend(rest);
    desk.said(&arguments)
}

#[test]
fn what_is_typed_line_by_line_is_filed() {
    let desk = Desk::new();
    desk.practice.receipts_take(0.2);
    let id = new(&desk);
    assert_eq!(set(&desk, &id, &["--line", "3", "--base", "21 240,49"]).0, 0);
    assert_eq!(set(&desk, &id, &["--line", "86", "--base", "4000"]).0, 0);
    let (_, told) = set(&desk, &id, &["--line", "1", "--vat", "1 310"]);
    assert!(told.contains("Fradrag føres med minus"), "{told}");
    let (status, shown) = desk.json(&["draft", "show", &id[..6]]);
    assert_eq!((status, &shown[0]["sum"]), (0, &json!("4000")));
    let lines = shown[0]["return"].as_array().unwrap();
    assert_eq!(lines.len(), 4, "the deduction of 86 is there by itself");
    assert_eq!((&lines[2]["code"], &lines[2]["vat"]), (&json!("86"), &json!("-1000")));
    let (status, said) = desk.said(&["draft", "submit", "--yes", "--login-hint", INGRID, &id]);
    assert_eq!(status, 0, "{said}");
    assert!(said.contains("mottatt"), "{said}");
    assert_eq!(desk.practice.deliveries(), 1);
    // It is no draft any more, and can be looked up among what was put away.
    assert_eq!(desk.json(&["draft", "list"]).1.len(), 0);
    assert_eq!(desk.json(&["draft", "list", "--discarded"]).1[0]["filed"], json!(true));
}

#[test]
fn what_is_missing_is_said_and_nothing_is_filed() {
    let desk = Desk::new();
    let id = new(&desk);
    let (status, told) = set(&desk, &id, &["--line", "3", "--base", "tolv"]);
    assert_eq!(status, 1);
    assert!(told.contains("Ikke et tall"), "{told}");
    let (status, said) = desk.said(&["draft", "submit", "--yes", "--login-hint", INGRID, &id]);
    assert_eq!(status, 1);
    assert!(said.contains("Kode 3"), "{said}");
    let (status, said) = desk.said(&["draft", "export", "--out", &desk.path("ut.xml"), &id]);
    assert_eq!(status, 1, "{said}");
    assert!(!fs::exists(desk.path("ut.xml")).unwrap());
    assert_eq!(desk.practice.deliveries(), 0);
    assert_eq!(set(&desk, &id, &["--line", "3", "--remove"]).0, 0);
    assert_eq!(set(&desk, &id, &["--company", "123"]).0, 2);
}

#[test]
fn a_file_that_cannot_go_with_a_draft_is_said_in_words() {
    let desk = Desk::new();
    let id = new(&desk);
    let (status, said) = set(&desk, &id, &["--attach", &desk.path("borte.pdf")]);
    assert_eq!(status, 2, "{said}");
    assert!(said.contains("borte.pdf") && said.contains("finnes ikke"), "{said}");
    assert!(!said.contains("no such file"), "{said}");
    fs::write(desk.path("notat.txt"), "hei").unwrap();
    let (status, said) = set(&desk, &id, &["--attach", &desk.path("notat.txt")]);
    assert_eq!(status, 2, "{said}");
    assert!(said.contains("Denne filtypen kan ikke legges ved"), "{said}");
}

#[test]
fn a_table_becomes_drafts_and_says_what_of_it_does_not() {
    let desk = Desk::new();
    let table = desk.put(
        "termin.csv",
        "Orgnr;Termin;Mva-kode;Grunnlag;Mva\n311797816;2026-5;3;1 000,00;\n315203856;2026-5;3;2000;500\n311797816;2026-5;1;;-50\n\
         311797816;2026-5;77;10;2\n",
    );
    let (status, said) = desk.said(&["draft", "import", &table]);
    assert_eq!(status, 1, "{said}");
    assert!(said.contains("C5") && said.contains("«77»"), "{said}");
    let (_, listed) = desk.json(&["draft", "list"]);
    let sums: Vec<(&str, &str)> =
        listed.iter().map(|it| (it["orgNumber"].as_str().unwrap(), it["sum"].as_str().unwrap())).collect();
    assert!(sums.contains(&("311797816", "200")) && sums.contains(&("315203856", "500")), "{sums:?}");
    // The same through a pipe, looked at only.
    let mut pasted = desk.command(&["draft", "import", "--dry-run", "--company", FJORDLYS, "-"]);
    let mut child = pasted.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"kode\tgrunnlag\n3\t400\n").unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(text(&output.stdout).contains("Å betale 100"), "{}", text(&output.stdout));
    assert_eq!(desk.json(&["draft", "list"]).1.len(), 2);
}

#[test]
fn a_return_goes_through_a_spreadsheet_and_back() {
    let desk = Desk::new();
    let (status, said) = desk.said(&["draft", "import", &desk.sample("fjordlys")]);
    assert_eq!(status, 0, "{said}");
    let id = desk.json(&["draft", "list"]).1[0]["id"].as_str().unwrap().to_owned();
    let (sheet, xml) = (desk.path("fjordlys.xlsx"), desk.path("fjordlys-igjen.xml"));
    assert_eq!(desk.said(&["draft", "export", "--out", &sheet, &id]).0, 0);
    assert_eq!(desk.said(&["draft", "discard", &id]).0, 0);
    assert_eq!(desk.said(&["draft", "import", &sheet]).0, 0);
    let back = desk.json(&["draft", "list"]).1[0]["id"].as_str().unwrap().to_owned();
    assert_ne!(back, id);
    assert_eq!(desk.said(&["draft", "export", "--out", &xml, &back]).0, 0);
    let (read, again) = (fs::read(desk.sample("fjordlys")).unwrap(), fs::read(&xml).unwrap());
    let lines = |bytes: &[u8]| {
        let ret = vat_return::read(bytes).unwrap();
        ret.lines.iter().map(|it| (it.code.value.to_string(), it.vat.value.to_string())).collect::<Vec<_>>()
    };
    assert_eq!(lines(&again), lines(&read));
    // What was thrown away comes back.
    assert_eq!(desk.said(&["draft", "restore", &id]).0, 0);
    assert_eq!(desk.json(&["draft", "list"]).1.len(), 2);
}

/// A table that somebody has sent: what stands in its cells is shown, and nothing of it is obeyed.
#[cfg(unix)]
#[test]
fn a_terminal_obeys_nothing_of_a_table() {
    let desk = Desk::new();
    let orders = "A\u{1b}]0;title\u{7}\u{1b}[2J\u{9b}31mB\u{202e}C";
    let table = desk.put(
        "termin.csv",
        format!(
            "KID\t{orders}\nMerknad\t{orders}\nMva-kode\tGrunnlag\tMerknad\tEgen kode\t{orders}\n3\t1000\t{orders}\t{orders}\t1\n\
             {orders}\t1\t\t\t\n3\t{orders}\t\t\t\n"
        ),
    );
    let obeyed = |arguments: &[&str]| {
        let (_, said) = Terminal::open(desk.command(arguments)).end();
        let orders = ["\u{1b}]", "\u{7}", "\u{1b}[2J", "\u{9b}", "\u{202e}"];
        assert!(!orders.iter().any(|order| said.contains(order)), "{arguments:?} {said:?}");
        said
    };
    assert!(obeyed(&["draft", "import", "--dry-run", "--company", FJORDLYS, &table]).contains("A]0;title[2J31mBC"));
    obeyed(&["draft", "import", "--company", FJORDLYS, &table]);
    let id = desk.json(&["draft", "list"]).1[0]["id"].as_str().unwrap().to_owned();
    obeyed(&["draft", "list"]);
    obeyed(&["draft", "show", &id]);
    let typed = ["draft", "set", &id, "--kid", "1\u{9b}2J\u{202e}", "--line", "3", "--rate", "25.0\u{9b}2J"];
    assert_eq!(desk.said(&typed).0, 0);
    obeyed(&["draft", "show", &id]);
    // Of a file of the same kind that is explained and mended.
    let sample = std::str::from_utf8(vat_return::samples::by_id("fjordlys").unwrap().bytes).unwrap();
    let file = desk.put("ut.xml", sample.replacen("</mvaKode>", "\u{9b}2J\u{202e}</mvaKode>", 1));
    for command in ["explain", "check", "mend"] {
        obeyed(&[command, &file]);
    }
}

fn submit(desk: &Desk, id: &str) -> (i32, String) {
    desk.said(&["draft", "submit", "--yes", "--login-hint", INGRID, id])
}

fn filled(desk: &Desk, period: &str) -> String {
    let (status, id) = desk.said(&["draft", "new", "--company", FJORDLYS, "--period", period]);
    assert_eq!(status, 0, "{id}");
    assert_eq!(set(desk, id.trim(), &["--line", "3", "--base", "1000"]).0, 0);
    id.trim().to_owned()
}

#[test]
fn a_period_that_is_not_over_is_too_old_or_filed_already_is_said_and_the_draft_stays() {
    let desk = Desk::new();
    desk.practice.receipts_take(0.2);
    for (period, why) in [("2099-1", "R059"), ("2019-2", "R077")] {
        let id = filled(&desk, period);
        let (status, said) = submit(&desk, &id);
        assert_eq!(status, 1, "{period}: {said}");
        assert!(desk.said(&["draft", "show", &id]).1.contains(why) || said.contains(why), "{period}: {said}");
        assert_eq!(desk.practice.deliveries(), 0);
        assert_eq!(desk.json(&["draft", "list"]).1.len(), 1, "{period}");
        assert_eq!(desk.said(&["draft", "discard", &id]).0, 0);
    }
    // Before anybody has signed in, too.
    let early = filled(&desk, "2099-1");
    let (_, shown) = desk.said(&["draft", "show", &early]);
    assert!(shown.contains("kan ikke sendes inn før 1. mars 2099"), "{shown}");
    assert_eq!(desk.said(&["draft", "discard", &early]).0, 0);
    let first = filled(&desk, "2026-5");
    assert_eq!(submit(&desk, &first).0, 0);
    let again = filled(&desk, "2026-5");
    assert_eq!(set(&desk, &again, &["--line", "3", "--base", "2000"]).0, 0);
    let (status, said) = submit(&desk, &again);
    assert_eq!(status, 1, "{said}");
    assert_eq!((desk.practice.deliveries(), desk.json(&["draft", "list"]).1.len()), (1, 1));
    // As a correction it is filed.
    let (status, said) = desk.said(&["draft", "submit", "--yes", "--correction", "--login-hint", INGRID, &again]);
    assert_eq!((status, desk.practice.deliveries()), (0, 2), "{said}");
}

/// A company that Enhetsregisteret has deleted: asked when the draft is filed, said from then on, and nothing is lost.
#[test]
fn a_company_that_is_deleted_is_said_and_the_draft_stays() {
    const DELETED: &str = "310029009";
    let desk = Desk::new();
    let (status, id) = desk.said(&["draft", "new", "--company", DELETED, "--period", "2026-5"]);
    assert_eq!(status, 0, "{id}");
    let id = id.trim();
    assert_eq!(set(&desk, id, &["--line", "3", "--base", "1000"]).0, 0);
    // Whoever looks at a draft asks nobody.
    assert!(!desk.said(&["draft", "show", id]).1.contains("slettet"));
    let (status, said) = submit(&desk, id);
    assert_eq!(status, 1, "{said}");
    assert!(said.contains("Virksomheten er slettet. Ifølge Enhetsregisteret"), "{said}");
    assert_eq!((desk.practice.deliveries(), desk.json(&["draft", "list"]).1.len()), (0, 1));
    let (_, shown) = desk.said(&["draft", "show", id]);
    assert!(shown.contains("Virksomheten er slettet") && !shown.contains("Ingen avvik"), "{shown}");
    assert!(desk.json(&["draft", "show", id]).1[0]["standing"].as_str().unwrap().contains("slettet"));
}

#[test]
fn a_draft_goes_out_as_text_and_what_begins_a_formula_comes_back_as_it_was() {
    let desk = Desk::new();
    let id = filled(&desk, "2026-5");
    assert_eq!(set(&desk, &id, &["--line", "3", "--own-code", "=HYPERLINK(\"x\")"]).0, 0);
    assert_eq!(set(&desk, &id, &["--line", "1", "--vat", "+10", "--remark", "kreditnota"]).0, 0);
    let path = desk.path("utkast.csv");
    assert_eq!(desk.said(&["draft", "export", "--out", &path, &id]).0, 0);
    assert!(fs::read_to_string(&path).unwrap().contains("'=HYPERLINK"));
    let before = desk.json(&["draft", "show", &id]).1[0]["return"].clone();
    assert_eq!(desk.said(&["draft", "discard", &id]).0, 0);
    assert_eq!(desk.said(&["draft", "import", &path]).0, 0);
    let back = desk.json(&["draft", "list"]).1[0]["id"].as_str().unwrap().to_owned();
    assert_eq!(desk.json(&["draft", "show", &back]).1[0]["return"], before);
}

#[test]
fn what_is_no_spreadsheet_momsbud_reads_is_said_in_words() {
    let desk = Desk::new();
    for (name, bytes, why) in [
        ("tom.csv", b"".as_slice(), "tomt"),
        ("rot.xlsx", b"PK\x03\x04rot", "kan ikke leses som regneark"),
        ("ord.csv", b"hei\npaa\ndeg\n", "fant ingen mva-koder"),
    ] {
        let (status, said) = desk.said(&["draft", "import", &desk.put(name, bytes)]);
        assert_eq!(status, 2, "{said}");
        assert!(said.contains(why), "{said}");
    }
    assert!(desk.json(&["draft", "list"]).1.is_empty());
}

/// What lies on this machine is looked at and changed while no authorities are there, and while those that were named are gone.
#[test]
fn what_asks_no_authority_needs_none() {
    let desk = Desk::new();
    for address in [None, Some("http://127.0.0.1:9/")] {
        let alone = |arguments: &[&str]| {
            let mut command = desk.command(arguments);
            match address {
                Some(address) => command.env("MOMSBUD_PRACTICE", address),
                None => command.env_remove("MOMSBUD_PRACTICE"),
            };
            let output = command.output().unwrap();
            (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
        };
        let table = desk.put("termin.csv", "kode;grunnlag\n3;400\n");
        let (status, said, error) = alone(&["draft", "import", "--dry-run", "--company", FJORDLYS, &table]);
        assert_eq!(status, 0, "{said} {error}");
        assert!(said.contains("Å betale 100"), "{said}");
        let (status, id, error) = alone(&["draft", "new", "--company", FJORDLYS, "--period", "2026-5"]);
        assert_eq!(status, 0, "{error}");
        let id = id.trim();
        let sheet = desk.path("ut.xlsx");
        for (arguments, wanted) in [
            (&["draft", "set", id, "--line", "3", "--base", "1000"][..], 0),
            (&["draft", "import", "--company", FJORDLYS, &table], 0),
            (&["draft", "list"], 0),
            (&["draft", "show", id], 0),
            (&["draft", "export", "--out", &sheet, id], 0),
            (&["draft", "discard", id], 0),
            (&["draft", "restore", id], 0),
            (&["history"], 1),
            (&["receipt"], 1),
            (&["integration", "list"], 0),
            (&["archive", "verify"], 0),
        ] {
            let (status, said, error) = alone(arguments);
            assert_eq!(status, wanted, "{arguments:?} {address:?}: {said} {error}");
        }
        fs::remove_file(&sheet).unwrap();
        // What files does.
        let (status, _, error) = alone(&["draft", "submit", "--yes", id]);
        assert_eq!(status, 2, "{error}");
        assert_eq!(alone(&["draft", "discard", id]).0, 0);
    }
}

#[test]
fn columns_that_are_there_twice_and_numbers_that_may_be_either_are_said_and_can_be_told() {
    let desk = Desk::new();
    let dry = |rest: &[&str]| {
        let mut arguments = vec!["draft", "import", "--dry-run", "--company", FJORDLYS];
        arguments.extend(rest);
        desk.said(&arguments)
    };
    let pairs = desk.put("par.csv", "Kode;Grunnlag;Mva;Grunnlag;Mva\n3;1000;250;;\n1;;;400;100\n");
    let (status, said) = dry(&[&pairs]);
    assert_eq!(status, 1, "{said}");
    assert!(said.contains("D «Grunnlag»: er ikke lest, for kolonne B er tatt som grunnlag"), "{said}");
    assert!(said.contains("E «Mva»"), "{said}");
    let table = desk.put("engelsk.csv", "Kode;Grunnlag;Mva\n3;12,000;3,000\n");
    let (status, said) = dry(&[&table]);
    assert_eq!(status, 1, "{said}");
    assert!(said.contains("B2") && said.contains("--decimal point"), "{said}");
    let (status, said) = dry(&["--decimal", "point", &table]);
    assert_eq!(status, 0, "{said}");
    assert!(said.contains("Å betale 3\u{a0}000"), "{said}");
    let (status, said) = dry(&["--decimal", "comma", &table]);
    assert!(status == 0 && said.contains("Å betale 3") && !said.contains("3\u{a0}000"), "{said}");
    let below = desk.put("to.csv", "Kode;Grunnlag;Mva\n3;1000;250\n\nKode;Mva;Grunnlag\n31;15;100\n");
    let (status, said) = dry(&[&below]);
    assert!(status == 1 && said.contains("A5") && said.contains("annerledes enn øverst"), "{said}");
}

#[test]
fn several_drafts_of_one_return_are_said_with_where_they_come_from() {
    let desk = Desk::new();
    let sales = desk.put("salg.csv", "Orgnr;Termin;Kode;Grunnlag\n311797816;2026-5;3;1000\n315203856;2026-5;3;10\n");
    let costs = desk.put("kjop.csv", "Orgnr;Termin;Kode;Mva\n311797816;2026-5;1;-50\n");
    let (status, said) = desk.said(&["draft", "import", "--dry-run", &sales, &costs]);
    assert_eq!(status, 1, "{said}");
    let line = |said: &str| said.lines().find(|it| it.contains("flere utkast")).map(str::to_owned).unwrap_or_default();
    let told = line(&said);
    assert!(told.contains(FJORDLYS) && told.contains("salg.csv, ") && told.contains("kjop.csv"), "{said}");
    assert_eq!(said.matches("flere utkast").count(), 1, "{said}");
    let (status, said) = desk.said(&["draft", "import", &sales]);
    assert_eq!((status, line(&said).as_str()), (0, ""), "{said}");
    // Beside one that lies there, which is named by its key.
    let listed = desk.json(&["draft", "list"]).1;
    let of = |it: &&serde_json::Value| it["orgNumber"] == FJORDLYS;
    let key = listed.iter().find(of).unwrap()["id"].as_str().unwrap().to_owned();
    let (status, said) = desk.said(&["draft", "import", &costs]);
    assert_eq!(status, 0, "{said}");
    assert!(line(&said).contains(&key) && line(&said).contains("kjop.csv"), "{said}");
    assert_eq!(desk.json(&["draft", "list"]).1.len(), 3);
}
