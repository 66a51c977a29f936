//! Files as people have them: opened within bounds, folders and packed files looked through, and told what they are.
//!
//! Everything that comes from outside (a drop, a folder, an argument of the command line, an archive on a shared disk)
//! is read through here. [`open`] opens a regular file and never waits, [`list()`] walks folders and finds each real file
//! once, and [`Look`] tells a return from what lies beside returns, from the beginning of each file; packed files are read
//! like folders. Nothing is passed by in silence: [`Passed`] counts and names what was left out.
//!
//! ```
//! use files::{Bounds, FileKind, Look, list};
//!
//! let listed = list(&["src".into()], &Bounds::default(), &|| true);
//! let look = Look::new(Bounds::default());
//! let mut kinds = Vec::new();
//! for place in &listed.places {
//!     look.at(place, &mut |item| kinds.push(item.kind));
//! }
//! assert!(listed.passed.is_whole() && kinds.iter().all(|kind| *kind == FileKind::Text));
//! ```

messages::folder!();

pub mod attachable;
pub mod document;
pub mod kind;
pub mod look;
mod name;
pub mod open;
pub mod packed;
mod root;
mod skip_reasons;
pub mod walk;

pub use document::{Document, Fact};
pub use kind::FileKind;
pub use look::{Content, Item, Look, Name};
pub use open::{LARGEST, Refused, Special};
pub use skip_reasons::io_words;
pub use walk::{Archived, Bounds, LeftOut, Listed, Passed, Place, SkipReason, list};
