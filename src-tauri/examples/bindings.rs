//! Writes the window's types: `cargo run --example bindings -- ui/src/bindings.ts`.

use std::{error::Error, path::PathBuf};

fn main() -> Result<(), Box<dyn Error>> {
    let file = std::env::args_os().nth(1).map_or_else(|| PathBuf::from("ui/src/bindings.ts"), PathBuf::from);
    momsbud::bindings::export(&file)
}
