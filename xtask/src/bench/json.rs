//! As much of JSON as a row needs.

use std::fmt::Write as _;

/// A text in quotation marks.
pub(super) fn text(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            control if control.is_control() => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(control));
            }
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

/// A number; JSON has none for what is not finite.
pub(super) fn number(number: f64) -> String {
    if number.is_finite() { number.to_string() } else { "null".to_owned() }
}
