//! Differences that nobody sees (two byte-order marks, a no-break space, soft hyphens, letters of two parts, zero-width
//! signs) were quoted looking right.

use crate::{bugs::input, desk::Desk};

#[test]
fn what_cannot_be_seen_is_named_by_its_code_point() {
    let desk = Desk::new();
    for file in ["a36-double-bom.xml", "a37-nbsp-after.xml", "g02-spes-nfd.xml", "kode-zwsp-rtl.xml"] {
        let (status, said) = desk.said(&["--lang", "en", "check", &input(file)]);
        assert_ne!(status, 0, "{file}: {said}");
        let named = said.split("U+").skip(1).any(|rest| rest.chars().take_while(char::is_ascii_hexdigit).count() >= 4);
        assert!(named, "{file} names no code point: {said}");
    }
}

/// What comes between the lines, what no script has, and what is no text at all.
#[test]
fn what_is_quoted_is_shown_whatever_it_is() {
    let desk = Desk::new();
    let sample = std::fs::read_to_string(desk.sample("fjordlys")).unwrap();
    for character in ['\u{85}', '\u{9b}', '\u{e000}', '\u{fffd}', '\u{201a}'] {
        let code = format!("U+{:04X}", u32::from(character));
        for (from, to) in [("<mvaKode>3<", format!("<mvaKode>3{character}<")), (">2026<", format!(">20{character}26<"))]
        {
            let changed = sample.replacen(from, &to, 1);
            assert_ne!(changed, sample);
            let (status, said) = desk.said(&["check", &desk.put("a.xml", changed)]);
            assert!(status == 1 && said.contains(&code), "{code}: {said}");
        }
    }
    let (status, said) = desk.said(&["check", &desk.put("b.xml", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0\x01\x02")]);
    assert!(status == 1 && said.contains("verken XML eller annen tekst"), "{said}");
}
