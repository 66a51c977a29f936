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
