//! `batch` and the window took 2,000 of 2,003 returns without a word.

use crate::desk::{ASTRID, Desk, FJORDLYS, INGRID, a_return, text};

#[test]
fn none_of_2003_is_left_out_unsaid() {
    let desk = Desk::new();
    put_many(&desk, 2_003);
    let (_, rows) = desk.json(&["check", &desk.path("mange")]);
    let of_files = |rows: &[serde_json::Value]| rows.iter().filter(|row| row["file"].is_string()).count();
    assert_eq!(of_files(&rows), 2_003);
    // Nobody is here to answer, so that nothing is filed; each is told of.
    let (status, rows) = desk.json(&["batch", "--login-hint", ASTRID, &desk.path("mange")]);
    assert_eq!((status, of_files(&rows)), (1, 2_003));
    assert_eq!(desk.practice.deliveries(), 0);
}

/// So many returns, each of a company of its own.
fn put_many(desk: &Desk, count: usize) {
    let template = a_return(FJORDLYS, "mai-juni");
    for (n, number) in (31_000_000..).filter_map(with_check_digit).take(count).enumerate() {
        desk.put(&format!("mange/klient-{n:04}.xml"), template.replace(FJORDLYS, &number));
    }
}

/// Thousands take their time, and nobody should wonder whether anything happens.
#[cfg(unix)]
#[test]
fn how_far_a_long_check_has_come_is_said_at_a_terminal() {
    let desk = Desk::new();
    put_many(&desk, 60);
    let mut at = crate::terminal::Terminal::open(desk.command(&["batch", "--login-hint", ASTRID, &desk.path("mange")]));
    let said = at.until("60 / 60 kontrollert");
    assert!(said.contains("50 / 60"), "{said}");
    at.stopped();
    assert_eq!(desk.practice.deliveries(), 0);
}

/// An organisation number of eight digits and its check digit, if there is one.
fn with_check_digit(body: u32) -> Option<String> {
    let digits = body.to_string();
    let sum: u32 =
        digits.chars().filter_map(|c| c.to_digit(10)).zip([3, 2, 7, 6, 5, 4, 3, 2]).map(|(d, w)| d * w).sum();
    match (11 - sum % 11) % 11 {
        10 => None,
        check => Some(format!("{digits}{check}")),
    }
}

#[test]
fn a_return_that_lies_there_a_thousand_times_is_one_and_that_is_said() {
    let desk = Desk::new();
    for n in 0..1_000 {
        desk.put(&format!("like/{n:04}.xml"), a_return(FJORDLYS, "mai-juni"));
    }
    // One of the same name in another folder is another file.
    desk.put("like/kopi/0000.xml", a_return(FJORDLYS, "mai-juni"));
    for command in ["batch", "submit"] {
        let (status, said) = desk.said(&[command, "--login-hint", ASTRID, &desk.path("like")]);
        assert_eq!(status, 1, "nobody is here to answer: {said}");
        assert!(said.contains("og 999 til er den samme meldingen"), "{command}: {said}");
    }
}

#[test]
fn a_part_of_the_history_is_not_taken_for_all_of_it() {
    let desk = Desk::new();
    desk.practice.receipts_take(0.1);
    desk.files(INGRID, &[&desk.sample("fjordlys")]);
    desk.files(INGRID, &[&desk.sample("vika")]);
    for more in [&[][..], &["--json"]] {
        let page = desk.run(&[&["history", "--limit", "1"], more].concat());
        let said = text(&page.stdout) + &text(&page.stderr);
        assert!(said.contains("1–1 av 2"), "{more:?}: {said}");
        let rest = desk.run(&[&["history", "--limit", "9", "--offset", "1"], more].concat());
        let said = text(&rest.stdout) + &text(&rest.stderr);
        assert!(said.contains("311797816") && !said.contains(" av 2"), "{more:?}: {said}");
    }
    // For a program each line is a filing, and nothing else.
    assert_eq!(desk.json(&["history", "--limit", "1"]).1.len(), 1);
}
