//! `batch` and the window took 2,000 of 2,003 returns without a word.

use crate::desk::{ASTRID, Desk, FJORDLYS, a_return};

#[test]
fn none_of_2003_is_left_out_unsaid() {
    let desk = Desk::new();
    let template = a_return(FJORDLYS, "mai-juni");
    let mut count = 0;
    for body in 31_000_000.. {
        let Some(number) = with_check_digit(body) else { continue };
        desk.put(&format!("mange/klient-{count:04}.xml"), template.replace(FJORDLYS, &number));
        count += 1;
        if count == 2_003 {
            break;
        }
    }
    let (_, rows) = desk.json(&["check", &desk.path("mange")]);
    let of_files = |rows: &[serde_json::Value]| rows.iter().filter(|row| row["file"].is_string()).count();
    assert_eq!(of_files(&rows), 2_003);
    // Nobody is here to answer, so that nothing is filed; each is told of.
    let (status, rows) = desk.json(&["batch", "--login-hint", ASTRID, &desk.path("mange")]);
    assert_eq!((status, of_files(&rows)), (1, 2_003));
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
