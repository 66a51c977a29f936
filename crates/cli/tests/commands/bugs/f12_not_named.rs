//! A zip, a gzip, a web page and a SAF-T file were called no XML or no return, and no word of what they are.

use crate::{bugs::input, desk::Desk};

#[test]
fn what_is_no_return_is_named_for_what_it_is() {
    let desk = Desk::new();
    for (file, words) in [("h14-html.xml", &["HTML", "nettside"][..]), ("h16-saft.xml", &["SAF-T"])] {
        let (status, said) = desk.said(&["check", &input(file)]);
        assert_ne!(status, 0, "{file}: {said}");
        assert!(words.iter().any(|word| said.contains(word)), "{file} is not named: {said}");
    }
    // What is packed is opened.
    for file in ["22-eksport.zip", "23-mva.xml.gz"] {
        let (_, said) = desk.said(&["check", &input(file)]);
        assert!(said.contains("September–oktober 2026") || said.contains("i orden"), "{file}: {said}");
    }
}
