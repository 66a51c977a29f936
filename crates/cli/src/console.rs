//! Where a subcommand writes: standard output and standard error, and the language of both.

use anstyle::{AnsiColor, Style};
use std::io::{self, Write};
use vat_return::Language;

/// Red and bold: refused.
pub(crate) const INVALID: Style = AnsiColor::Red.on_default().bold();
/// Yellow: may be filed, with a deviation.
pub(crate) const DEVIATING: Style = AnsiColor::Yellow.on_default();
/// Green: in order.
pub(crate) const GOOD: Style = AnsiColor::Green.on_default();
/// For headings and sums.
pub(crate) const STRONG: Style = Style::new().bold();
/// For what is of less weight.
pub(crate) const QUIET: Style = Style::new().dimmed();

/// The two streams and the language. Colours are written always; the streams drop them where the terminal or
/// `NO_COLOR` says so.
pub(crate) struct Console<'a> {
    /// Standard output.
    pub(crate) out: &'a mut dyn Write,
    /// Standard error.
    pub(crate) err: &'a mut dyn Write,
    /// Language of the texts.
    pub(crate) language: Language,
}

impl<'a> Console<'a> {
    /// A console over two streams.
    pub(crate) fn new(out: &'a mut dyn Write, err: &'a mut dyn Write, language: Language) -> Self {
        Self { out, err, language }
    }

    /// A text of `messages`, in the console's language.
    pub(crate) fn say(&self, key: &'static str) -> &'static str {
        crate::text(self.language, key)
    }

    /// Prints why something could not be done, in the console's language.
    pub(crate) fn failed(&mut self, text: &str) {
        let _ = writeln!(self.err, "{INVALID}momsbud-cli:{INVALID:#} {text}");
    }

    /// Prints an error and its causes to standard error. A closed stream is not reported: there is nobody to
    /// report it to.
    pub(crate) fn failure(&mut self, failure: &(dyn std::error::Error + 'static)) {
        let _ = write_failure(self.err, failure);
    }
}

fn write_failure(err: &mut dyn Write, failure: &(dyn std::error::Error + 'static)) -> io::Result<()> {
    write!(err, "{INVALID}momsbud-cli:{INVALID:#} {failure}")?;
    let mut cause = failure.source();
    while let Some(error) = cause {
        write!(err, ": {error}")?;
        cause = error.source();
    }
    writeln!(err)
}
