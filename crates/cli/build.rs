//! Takes what the window says of errors along, so that a command says the same in the same three languages.

use serde_json::{Map, Value};
use std::{env, error::Error, fs, path::Path};

/// What the texts' keys begin with.
const WANTED: [&str; 2] = ["error.", "value."];

fn main() -> Result<(), Box<dyn Error>> {
    let here = env::var("CARGO_MANIFEST_DIR")?;
    let out = env::var("OUT_DIR")?;
    for language in ["nb", "nn", "en"] {
        let name = format!("{language}.json");
        let file = Path::new(&here).join("../../ui/src/i18n").join(&name);
        println!("cargo::rerun-if-changed={}", file.display());
        let texts: Map<String, Value> = serde_json::from_slice(&fs::read(&file)?)?;
        let wanted = |key: &String| WANTED.iter().any(|start| key.starts_with(start));
        let kept: Map<String, Value> = texts.into_iter().filter(|(key, _)| wanted(key)).collect();
        fs::write(Path::new(&out).join(&name), serde_json::to_vec(&kept)?)?;
    }
    Ok(())
}
