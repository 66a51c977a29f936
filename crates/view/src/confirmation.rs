//! A question that must not be put in the window: whatever had come into its content could answer it there.

/// A question for a dialog of the operating system's, with the words of both answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirmation {
    /// The question in short.
    pub title: String,
    /// What happens if the answer is yes.
    pub text: String,
    /// Yes, in the words of what is done.
    pub yes: String,
    /// No, in the words of what is left.
    pub no: String,
}
