//! Whether a register and this program go together.

use tokio_postgres::error::SqlState;

use crate::error::RegisterError;

/// The version of this program's schema: the last migration's.
pub const VERSION: i32 = 10;

/// Whether a table is not there, or the schema is not.
pub(crate) fn is_missing(code: Option<&SqlState>) -> bool {
    code.is_some_and(|code| *code == SqlState::UNDEFINED_TABLE || *code == SqlState::INVALID_SCHEMA_NAME)
}

/// A register of version `found` that works with programs of `oldest` and newer, and this program. An older program works
/// on as long as the register lets it; a newer one needs an administrator first.
///
/// # Errors
/// [`RegisterError::SchemaOlder`], [`RegisterError::SchemaNewer`].
pub(crate) fn go_together(found: i32, oldest: i32) -> Result<(), RegisterError> {
    if found < VERSION {
        return Err(RegisterError::SchemaOlder { found, needed: VERSION });
    }
    if oldest > VERSION {
        return Err(RegisterError::SchemaNewer { found, oldest, known: VERSION });
    }
    Ok(())
}
