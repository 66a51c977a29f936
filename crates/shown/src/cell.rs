//! Text from outside in a cell of a spreadsheet: every table that leaves the program, as a file or by the clipboard, is written
//! by this.
//!
//! A spreadsheet computes what begins as a formula does, and a formula can call programs and addresses; and it makes numbers of
//! digits, which it rounds off after fifteen.
//!
//! ```
//! use shown::cell::{exact, inert};
//!
//! assert_eq!(inert("=cmd|' /C calc'!A0"), "'=cmd|' /C calc'!A0");
//! assert_eq!(exact("0311797816202605"), "=\"0311797816202605\"");
//! ```

/// Whether a spreadsheet, one or another, takes a text for a formula.
#[must_use]
pub fn begins_formula(text: &str) -> bool {
    // What is passed over before a formula begins.
    let passed_over =
        |c: char| c.is_whitespace() || c.is_control() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}');
    matches!(
        text.trim_start_matches(passed_over).chars().next(),
        Some('=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠' | '﹦' | '﹢' | '﹣' | '﹫' | '|' | '%')
    )
}

/// A text that a spreadsheet takes for a text: one line, and with an apostrophe in front where it would be taken for a
/// formula.
#[must_use]
pub fn inert(text: &str) -> String {
    let clean: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if begins_formula(&clean) { format!("'{clean}") } else { clean }
}

/// Digits as a text of the spreadsheet's own; what is no row of digits is a text as any other.
#[must_use]
pub fn exact(value: &str) -> String {
    let plain = !value.is_empty() && value.chars().all(|c| c.is_ascii_digit() || c == '-');
    if plain { format!("=\"{value}\"") } else { inert(value) }
}

/// Texts that one spreadsheet or another computes: what every writer of tables is tried with.
#[doc(hidden)]
pub const FORMULAS: [&str; 19] = [
    "=1+1",
    "+47",
    "-2",
    "@SUM(A1)",
    "\t=cmd|' /C calc'!A0",
    " =1",
    "\r=1",
    "\n=1",
    "\u{a0}=1",
    "\u{3000}＝1",
    "\u{200b}=1",
    "\u{feff}=1",
    "＝1",
    "＋1",
    "－1",
    "＠A",
    "﹦1",
    "|cmd",
    "%0A=1",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_a_formula_has_an_apostrophe_before_it() {
        for evil in FORMULAS {
            assert!(inert(evil).starts_with('\''), "{evil:?}");
            assert!(begins_formula(evil) && !begins_formula(&inert(evil)), "{evil:?}");
        }
        assert_eq!(inert("Fjordlys Interiør AS"), "Fjordlys Interiør AS");
        assert_eq!(inert("Hansen\nSønn"), "Hansen Sønn");
        assert_eq!(exact("1234567-"), "=\"1234567-\"");
        assert_eq!(exact("1);HYPERLINK("), "1);HYPERLINK(");
        assert_eq!(exact(""), "");
    }
}
