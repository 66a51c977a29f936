//! The languages of the program's texts.

pub use messages::Language;
