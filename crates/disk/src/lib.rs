//! What the program writes to the disk, and where.
//!
//! A file appears whole or not at all ([`WholeFile`]), is its owner's alone ([`private`]), and lies where it belongs: no
//! text that comes from outside leads out of its folder ([`place`]), and no link in it is followed ([`tree`] looks, [`Folder`] writes).

mod folder;
mod out;
pub mod place;
pub mod private;
pub mod tree;
mod whole;

pub use folder::Folder;
pub use out::{Out, write_out};
pub use place::{below, child, entries, read_regular, remove_folder, safe_name, short_name};
pub use private::{create_folder, create_new};
pub use whole::{WholeFile, is_half_written, sync_folder, try_out, write};
