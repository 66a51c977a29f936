//! Builds what is shown of a refusal or a fault.

use std::{collections::BTreeMap, error::Error, io};

use crate::view::{Delivered, ErrorCode, ErrorView};

/// A refusal with a text of our own; nothing was delivered.
pub(crate) fn says(code: ErrorCode, message: impl Into<String>) -> ErrorView {
    ErrorView { code, message: message.into(), details: Vec::new(), values: BTreeMap::new(), delivered: Delivered::No }
}

/// A fault with its chain of causes.
pub(crate) fn of(code: ErrorCode, error: &(dyn Error + 'static)) -> ErrorView {
    let mut view = says(code, sentence(&error.to_string()));
    let mut cause = error.source();
    while let Some(error) = cause {
        view.details.push(error.to_string());
        cause = error.source();
    }
    view
}

/// The same in the error's own words, each cause once.
pub(crate) fn as_it_says(code: ErrorCode, error: &(dyn Error + 'static)) -> ErrorView {
    let mut view = says(code, error.to_string());
    let mut cause = error.source();
    while let Some(error) = cause {
        let text = error.to_string();
        if view.details.last() != Some(&text) {
            view.details.push(text);
        }
        cause = error.source();
    }
    view
}

/// What the operating system's complaint about a disk means.
pub(crate) fn of_io(error: &io::Error) -> ErrorCode {
    match error.kind() {
        io::ErrorKind::StorageFull
        | io::ErrorKind::QuotaExceeded
        | io::ErrorKind::FileTooLarge
        | io::ErrorKind::ReadOnlyFilesystem => ErrorCode::DiskFull,
        _ => ErrorCode::DataUnusable,
    }
}

impl ErrorView {
    pub(crate) fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.values.insert(name.to_owned(), value.into());
        self
    }

    pub(crate) fn detail(mut self, line: impl Into<String>) -> Self {
        let line = line.into();
        if !line.is_empty() {
            self.details.push(line);
        }
        self
    }

    pub(crate) fn when(mut self, delivered: Delivered) -> Self {
        self.delivered = delivered;
        self
    }
}

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first: String = letters.next().map(|letter| letter.to_uppercase().collect()).unwrap_or_default();
    format!("{first}{}.", letters.as_str().trim_end_matches('.'))
}
