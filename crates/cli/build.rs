//! Takes what the window says of errors along, so that a command says the same in the same three languages; and for Windows its
//! version, icon and manifest.

use serde_json::{Map, Value};
use std::{env, error::Error, fs, path::Path};

/// What the texts' keys begin with.
const WANTED: [&str; 3] = ["error.", "value.", "rejectedBefore."];

fn main() -> Result<(), Box<dyn Error>> {
    let here = env::var("CARGO_MANIFEST_DIR")?;
    let out = env::var("OUT_DIR")?;
    let folder = Path::new(&here).join("../../ui/src/i18n");
    println!("cargo::rerun-if-changed={}", folder.display());
    for file in fs::read_dir(folder)? {
        let file = file?.path();
        let Some(name) = file.file_name().filter(|_| file.extension().is_some_and(|ending| ending == "json")) else {
            continue;
        };
        println!("cargo::rerun-if-changed={}", file.display());
        let texts: Map<String, Value> = serde_json::from_slice(&fs::read(&file)?)?;
        let wanted = |key: &String| WANTED.iter().any(|start| key.starts_with(start));
        let kept: Map<String, Value> = texts.into_iter().filter(|(key, _)| wanted(key)).collect();
        fs::write(Path::new(&out).join(name), serde_json::to_vec(&kept)?)?;
    }
    if env::var("CARGO_CFG_TARGET_OS")? == "windows" {
        for_windows(&Path::new(&here).join("../.."))?;
    }
    Ok(())
}

/// What Windows reads from a program beside its code: as the window's program has it (`src-tauri/build.rs`).
fn for_windows(root: &Path) -> Result<(), Box<dyn Error>> {
    let manifest = root.join("packaging/windows/program.manifest");
    let icon = root.join("icons/icon.ico");
    for file in [&manifest, &icon] {
        println!("cargo::rerun-if-changed={}", file.display());
    }
    let mut resources = tauri_winres::WindowsResource::new();
    resources.set_manifest(&fs::read_to_string(manifest)?);
    resources.set_icon(&icon.to_string_lossy());
    resources.set("ProductName", "Momsbud").set("CompanyName", "Momsbud");
    resources.set("FileDescription", "Momsbud, command line").set("OriginalFilename", "momsbud-cli.exe");
    resources.set("LegalCopyright", "2026 The Momsbud authors");
    Ok(resources.compile()?)
}
