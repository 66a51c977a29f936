//! What rows say: whoever may write to the register, or made a role, chose the words.

use shown::Shown;
use tokio_postgres::Row;

/// A name that is shown: one line of bounded length, empty where there is none.
///
/// # Errors
/// The column is no text.
pub(crate) fn name(row: &Row, column: usize) -> Result<String, tokio_postgres::Error> {
    let found: Option<&str> = row.try_get(column)?;
    Ok(found.map_or_else(String::new, line))
}

/// The same of a text that is no column of its own.
pub(crate) fn line(text: &str) -> String {
    Shown::line(text).into_string()
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_name_forges_no_line_and_turns_nothing_around() {
        assert_eq!(super::line("Kari\u{1b}[2J\nlevert\u{202e}"), "Kari[2J levert");
        assert!(super::line(&"x".repeat(100_000)).len() <= 1_000);
    }
}
