//! The window's commands, a file a place: take typed arguments, call the office, hand back a typed answer.

pub(crate) mod access;
pub(crate) mod archive;
pub(crate) mod batch;
pub(crate) mod books;
pub(crate) mod deadlines;
pub(crate) mod drafts;
pub(crate) mod filing;
pub(crate) mod history;
pub(crate) mod practice;
pub(crate) mod program;
pub(crate) mod register;
pub(crate) mod settings;
pub(crate) mod sign_in;
pub(crate) mod work;

#[cfg(test)]
mod tests;
