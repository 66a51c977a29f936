//! What a file's name alone says.

/// Whether a name is one that systems hide, and lay beside the files of people.
pub(crate) fn is_hidden(name: &[u8]) -> bool {
    name.starts_with(b".")
}
