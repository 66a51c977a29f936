//! The installer for all users, by wixl and, where wixl has no words for it, by tables of its own (msibuild).
//!
//! Source of the tables: Microsoft, "Windows Installer Database Tables".

use super::Bundle;
use crate::{
    command::{Done, Failure, finish, root},
    package::{read, write},
};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// The folder of an administrator's files: the administrators', and everybody may read it. What others own or can write the
/// program refuses (`crates/access/src/trusted.rs`, whose test reads it here).
const ADMINISTRATORS_ALONE: &str = "O:BAG:SYD:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;0x1200a9;;;BU)";

/// What a component is kept for when the program is removed, that it is never written over, and that it is of 64 bits.
const PERMANENT: u16 = 16;
const NEVER_OVERWRITE: u16 = 128;
const OF_64_BITS: u16 = 256;
/// The registry value is what tells whether it is there.
const BY_REGISTRY: u16 = 4;

/// When a component is installed, and what is special about it. A choice is kept in an upgrade that says nothing of it.
const COMPONENTS: &[(&str, u16, &str)] = &[
    ("Desktop", OF_64_BITS | BY_REGISTRY, "DESKTOP=1 OR (HADDESKTOP AND NOT DESKTOP=0)"),
    ("Autostart", OF_64_BITS | BY_REGISTRY, "AUTOSTART=1 OR (HADAUTOSTART AND NOT AUTOSTART=0)"),
    ("OnPath", OF_64_BITS | BY_REGISTRY, "ADDPATH=1 OR (HADPATH AND NOT ADDPATH=0)"),
    ("AdministratorsFolder", OF_64_BITS | PERMANENT, ""),
    ("Presets", OF_64_BITS | PERMANENT, "PRESETS"),
    ("UpdatesOff", OF_64_BITS | PERMANENT | NEVER_OVERWRITE, "UPDATES~=\"off\" AND NOT PRESETS"),
];

/// Actions that wixl does not put in a row, and when each has its turn.
const ACTIONS: &[(&str, u16)] =
    &[("RemoveEnvironmentStrings", 3300), ("MoveFiles", 3800), ("WriteEnvironmentStrings", 5200)];

/// Tables that wixl does not write, as msibuild reads them: columns, their kinds, name and keys, rows.
fn tables() -> [(&'static str, String); 4] {
    let environment = "Environment\tName\tValue\tComponent_\r\ns72\tl255\tL255\ts72\r\nEnvironment\tEnvironment\r\n\
                       Path\t=-*PATH\t[~];[INSTALLDIR]\tOnPath\r\n";
    // Copied, not moved; what is not there is no error.
    let presets = "FileKey\tComponent_\tSourceName\tDestName\tSourceFolder\tDestFolder\tOptions\r\n\
                   s72\ts72\tL255\tL255\tS72\ts72\ti2\r\nMoveFile\tFileKey\r\n\
                   Policy\tPresets\tpolicy.json\tpolicy.json\tPRESETS\tAdministratorsFolder\t0\r\n\
                   Environments\tPresets\tenvironments.json\tenvironments.json\tPRESETS\tAdministratorsFolder\t0\r\n";
    let permissions = format!(
        "MsiLockPermissionsEx\tLockObject\tTable\tSDDLText\tCondition\r\ns72\ts72\ts32\ts0\tS255\r\n\
         MsiLockPermissionsEx\tMsiLockPermissionsEx\r\n\
         AdministratorsAlone\tAdministratorsFolder\tCreateFolder\t{ADMINISTRATORS_ALONE}\t\r\n"
    );
    let names = "MsiShortcutProperty\tShortcut_\tPropertyKey\tPropVariantValue\r\ns72\ts72\ts0\ts0\r\n\
                 MsiShortcutProperty\tMsiShortcutProperty\r\n\
                 Notifications\tStartMenu\tSystem.AppUserModel.ID\tno.momsbud.desktop\r\n";
    [
        ("Environment", environment.to_owned()),
        ("MoveFile", presets.to_owned()),
        ("MsiLockPermissionsEx", permissions),
        ("MsiShortcutProperty", names.to_owned()),
    ]
}

/// Writes the installer, unsigned.
pub(super) fn pack(bundle: &Bundle) -> Result<PathBuf, Failure> {
    let file = bundle.out.join(format!("Momsbud_{}_x64.msi", bundle.version));
    let source = bundle.stage.join("momsbud.wxs");
    let schemes: String = super::SCHEMES.iter().map(|scheme| registered(scheme)).collect();
    let filled = read(&root().join("packaging/windows/momsbud.wxs"))?
        .replace("@PRODUCT@", &product(&bundle.version)?)
        .replace("@VERSION@", &bundle.version)
        .replace("@SCHEMES@", &schemes);
    write(&source, filled)?;
    let icon = bundle.stage.join("Momsbud.ico");
    fs::copy(root().join("icons/icon.ico"), &icon).map_err(|error| Failure::new(error.to_string()))?;
    // wixl takes names that are relative to where it runs, and no others.
    let made = finish(
        Command::new("wixl").args(["--arch", "x64", "--output"]).args([&file, &source]).current_dir(&bundle.stage),
    );
    for scratch in [&source, &icon] {
        fs::remove_file(scratch).map_err(|error| Failure::new(format!("{}: {error}", scratch.display())))?;
    }
    made?;
    let change = |query: &str| finish(Command::new("msibuild").arg(&file).args(["-q", query]));
    for (component, attributes, condition) in COMPONENTS {
        change(&format!(
            "UPDATE `Component` SET `Attributes` = {attributes}, `Condition` = '{condition}' WHERE `Component` = '{component}'"
        ))?;
    }
    for (action, turn) in ACTIONS {
        change(&format!(
            "INSERT INTO `InstallExecuteSequence` (`Action`, `Condition`, `Sequence`) VALUES ('{action}', '', {turn})"
        ))?;
    }
    let scratch = bundle.out.join("tables");
    for (name, rows) in tables() {
        let table = scratch.join(format!("{name}.idt"));
        write(&table, rows)?;
        finish(Command::new("msibuild").arg(&file).arg("-i").arg(&table))?;
    }
    date(&file, bundle)?;
    Ok(file)
}

/// What Windows' registry has of a scheme of links.
fn registered(scheme: &str) -> String {
    let value = |key: &str, name: &str, value: &str| {
        let (key, name) = (
            format!("Software\\Classes\\{scheme}{key}"),
            if name.is_empty() { String::new() } else { format!(" Name=\"{name}\"") },
        );
        format!("            <RegistryValue Root=\"HKLM\" Key=\"{key}\"{name} Type=\"string\" Value=\"{value}\"/>\n")
    };
    let association = format!(
        "            <RegistryValue Root=\"HKLM\" Key=\"Software\\Momsbud\\Capabilities\\UrlAssociations\" Name=\"{scheme}\" \
         Type=\"string\" Value=\"{scheme}\"/>\n"
    );
    [
        value("", "", "URL:Momsbud"),
        value("", "URL Protocol", ""),
        value("\\DefaultIcon", "", "[INSTALLDIR]momsbud.exe,0"),
        value("\\shell\\open\\command", "", "&quot;[INSTALLDIR]momsbud.exe&quot; &quot;%1&quot;"),
        association,
    ]
    .concat()
}

/// A version's product code: another for each, and the same whenever it is built.
fn product(version: &str) -> Result<String, Failure> {
    let [major, minor, patch] = super::numbers(version)?;
    Ok(format!("6C0F5B1E-{major:04X}-4{minor:03X}-8{patch:03X}-2F7A0C9C5A41"))
}

/// Puts in place of the moment and of chance what the commit says: when it was made, and an identifier of this very file.
fn date(file: &Path, bundle: &Bundle) -> Done {
    let failed = |error| Failure::new(format!("{}: {error}", file.display()));
    let bytes = fs::read(file).map_err(failed)?;
    let dated = dated(bytes, &product(&bundle.version)?, bundle.epoch);
    fs::write(file, dated.ok_or_else(|| Failure::new(format!("{}: no summary is found in it", file.display())))?)
        .map_err(failed)
}

/// The same with other values in its summary (MS-OLEPS, 2.21: a set of properties by number and offset).
fn dated(mut bytes: Vec<u8>, product: &str, epoch: u64) -> Option<Vec<u8>> {
    /// FMTID_SummaryInformation, as it lies in the file.
    const SUMMARY: [u8; 16] =
        [0xe0, 0x85, 0x9f, 0xf2, 0xf9, 0x4f, 0x68, 0x10, 0xab, 0x91, 0x08, 0x00, 0x2b, 0x27, 0xb3, 0xd9];
    /// Where the identifier stands in the stream: behind the header of the set.
    const BEHIND_HEADER: usize = 28;
    const REVISION: u32 = 9;
    const CREATED: u32 = 12;
    const SAVED: u32 = 13;
    let at = bytes.windows(SUMMARY.len()).position(|window| window == SUMMARY)?;
    let number =
        |bytes: &[u8], at: usize| -> Option<u32> { Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?)) };
    let set = at - BEHIND_HEADER + number(&bytes, at + SUMMARY.len())? as usize;
    let properties = number(&bytes, set + 4)? as usize;
    // Hundreds of nanoseconds since 1601.
    let time = ((epoch + 11_644_473_600) * 10_000_000).to_le_bytes();
    let package = format!("{{{:08X}{}}}", epoch & 0xffff_ffff, product.get(8..)?);
    let mut changed = 0;
    for property in 0..properties {
        let row = set + 8 + 8 * property;
        let value = set + number(&bytes, row + 4)? as usize;
        match number(&bytes, row)? {
            REVISION => bytes.get_mut(value + 8..value + 8 + package.len())?.copy_from_slice(package.as_bytes()),
            CREATED | SAVED => bytes.get_mut(value + 4..value + 12)?.copy_from_slice(&time),
            _ => continue,
        }
        changed += 1;
    }
    (changed == 3).then_some(bytes)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_version_is_a_product_of_its_own_and_always_the_same() {
        let (one, other) = (product("0.1.0").unwrap(), product("0.1.1").unwrap());
        assert_eq!(one, "6C0F5B1E-0000-4001-8000-2F7A0C9C5A41");
        assert!(one != other && product("0.1").is_err() && product("0.1.x").is_err());
    }

    #[test]
    fn the_folder_of_the_administrators_is_told_to_windows() {
        let tables = tables();
        let (_, rows) = tables.iter().find(|(name, _)| *name == "MsiLockPermissionsEx").unwrap();
        assert!(rows.contains(&format!("\tAdministratorsFolder\tCreateFolder\t{ADMINISTRATORS_ALONE}\t")), "{rows}");
        for (_, rows) in &tables {
            let columns: Vec<usize> = rows.lines().map(|line| line.split('\t').count()).collect();
            assert!(columns[0] == columns[1] && columns[3..].iter().all(|&row| row == columns[0]), "{rows}");
        }
    }
}
