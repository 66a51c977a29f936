//! What access refuses.

use shown::Shown;
use view::{
    ErrorCode,
    problem::{self, Problem},
};

use super::LARGEST_FILE;

/// Why something was not done with an integration.
#[derive(Debug, thiserror::Error)]
pub(super) enum AccessError {
    /// It has been removed, or never was.
    #[error("There is no such integration.")]
    None,
    /// It is the program's or the file's, which are changed elsewhere.
    #[error("There is no such integration, or it cannot be changed.")]
    NotOurs,
    /// Practice has no addresses while it does not run.
    #[error("The practice authorities are not running in this environment.")]
    NoPractice,
    /// A file says something that cannot be.
    #[error("A field of the file cannot be.")]
    Faulty {
        /// Each field with what is wrong with it.
        fields: String,
    },
    /// A file that holds something else.
    #[error("The file is larger than {} kB.", LARGEST_FILE / 1024)]
    FileTooLarge {
        /// Which.
        file: Shown,
    },
}

impl From<AccessError> for Problem {
    fn from(error: AccessError) -> Self {
        let code = match error {
            AccessError::None | AccessError::NotOurs | AccessError::NoPractice => ErrorCode::NotFound,
            AccessError::Faulty { .. } => ErrorCode::NotAnIntegration,
            AccessError::FileTooLarge { .. } => ErrorCode::FileOverLimit,
        };
        let problem = problem::says(code, error.to_string());
        match error {
            AccessError::Faulty { fields } => problem.detail(fields),
            AccessError::FileTooLarge { file } => {
                problem.with("file", file).with("limit", format!("{} kB", LARGEST_FILE / 1024))
            }
            _ => problem,
        }
    }
}
