//! The installer for one user, by NSIS.

use super::{Bundle, FILES, backslashed, numbers};
use crate::{
    command::{Failure, finish, root},
    package::{size, write},
};
use std::{path::PathBuf, process::Command};

/// Writes the installer, unsigned; its uninstaller is signed where the rest will be.
pub(super) fn pack(bundle: &Bundle) -> Result<PathBuf, Failure> {
    let file = bundle.out.join(format!("Momsbud_{}_x64-setup.exe", bundle.version));
    let files = bundle.out.join("files.nsh");
    write(&files, macros(bundle))?;
    let [major, minor, patch] = numbers(&bundle.version)?;
    let mut makensis = Command::new("makensis");
    // What is shown while it packs is of no use here.
    makensis.args(["-V2", "-NOCD", "-WX", "-INPUTCHARSET", "UTF8"]);
    for (name, value) in [
        ("VERSION", bundle.version.clone()),
        ("VERSION4", format!("{major}.{minor}.{patch}.0")),
        ("FILES", files.display().to_string()),
        ("ICON", root().join("icons/icon.ico").display().to_string()),
        ("PICTURE", root().join("packaging/windows/finish.bmp").display().to_string()),
        ("KIBIBYTES", size(&bundle.stage)?.div_ceil(1024).to_string()),
        ("OUT", file.display().to_string()),
    ] {
        makensis.arg(format!("-D{name}={value}"));
    }
    if bundle.debug {
        makensis.args(["-DDEBUG=1"]);
    }
    if let Some(certificate) = &bundle.certificate {
        makensis.arg(format!("-DSIGN={}", certificate.command(bundle.epoch)?));
    }
    makensis.arg(root().join("packaging/windows/setup.nsi"));
    finish(makensis.env("SOURCE_DATE_EPOCH", bundle.epoch.to_string()).env("LC_ALL", "C.UTF-8"))?;
    Ok(file)
}

/// What NSIS is told of the files: how they are put there and how they are taken away.
fn macros(bundle: &Bundle) -> String {
    let (mut install, mut remove, mut folders) = (String::new(), String::new(), Vec::new());
    for (name, _) in FILES {
        let path = bundle.stage.join(name);
        let below = name.rsplit_once('/').map(|(folder, _)| folder.replace('/', "\\"));
        let folder = below.as_ref().map_or_else(|| "$INSTDIR".to_owned(), |below| format!("$INSTDIR\\{below}"));
        install.push_str(&format!("  SetOutPath \"{folder}\"\n  File \"{}\"\n", path.display()));
        remove.push_str(&format!("  Delete \"$INSTDIR\\{}\"\n", backslashed(name.as_ref())));
        folders.extend(below.filter(|below| !folders.contains(below)));
    }
    for folder in folders {
        remove.push_str(&format!("  RMDir \"$INSTDIR\\{folder}\"\n"));
    }
    format!(
        "!macro InstallFiles\n{install}  SetOutPath \"$INSTDIR\"\n!macroend\n!macro RemoveFiles\n{remove}!macroend\n"
    )
}
