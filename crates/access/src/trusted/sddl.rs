//! Who owns a file on Windows and who may write it, told from its security descriptor in the one written form that the
//! system has for it (SDDL).
//!
//! Source: Microsoft, "Security Descriptor String Format" and "ACE Strings". What is not understood is not trusted.

/// Why a descriptor is not an administrator's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fault {
    /// Somebody else owns it, and so decides who may write it.
    Owner(String),
    /// Others may write, rename, remove or hand it on.
    Writable,
}

/// The system, the administrators of the machine and of its domain, and Windows' own installer; and whoever is the owner,
/// who is one of them.
const TRUSTED: [&str; 10] = [
    "SY",
    "S-1-5-18",
    "BA",
    "S-1-5-32-544",
    "LA",
    "DA",
    "EA",
    "CO",
    "OW",
    "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464",
];

/// The rights by which a file or a folder, or what lies in it, can be changed: to write, to append, to write extended
/// attributes, to remove what lies in it, to write attributes, to remove it, to write its list, to take it over, and all.
const CHANGING: u32 = 0x2 | 0x4 | 0x10 | 0x40 | 0x100 | 0x1_0000 | 0x4_0000 | 0x8_0000 | 0x1000_0000 | 0x4000_0000;

/// Whether only administrators own and may change what has this descriptor.
///
/// # Errors
/// Why not.
pub(super) fn judge(descriptor: &str) -> Result<(), Fault> {
    let (owner, list) = descriptor.split_once("D:").unwrap_or((descriptor, ""));
    let owner = owner.strip_prefix("O:").unwrap_or_default();
    let owner = owner.split_once("G:").map_or(owner, |(owner, _)| owner);
    if !TRUSTED.contains(&owner) {
        return Err(Fault::Owner(owner.to_owned()));
    }
    // Without a list everybody may do everything.
    let Some(first) = list.find('(') else { return Err(Fault::Writable) };
    let mut rest = list.get(first..).unwrap_or_default();
    while let Some(entry) = rest.strip_prefix('(') {
        let end = end_of(entry).ok_or(Fault::Writable)?;
        if gives_away(entry.get(..end).unwrap_or_default()) {
            return Err(Fault::Writable);
        }
        rest = entry.get(end + 1..).unwrap_or_default();
    }
    Ok(())
}

/// Where an entry ends; a condition in it has brackets of its own.
fn end_of(entry: &str) -> Option<usize> {
    let mut depth = 1_usize;
    entry.char_indices().find_map(|(at, letter)| {
        match letter {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        (depth == 0).then_some(at)
    })
}

/// Whether an entry lets somebody else change the thing itself.
fn gives_away(entry: &str) -> bool {
    let mut fields = entry.split(';');
    let mut next = || fields.next().unwrap_or_default();
    let (kind, flags, rights, _, _, whom) = (next(), next(), next(), next(), next(), next());
    // What denies gives nothing; what is for what will lie in it is not for itself.
    if kind.ends_with('D') || pairs(flags).any(|flag| flag == "IO") || TRUSTED.contains(&whom) {
        return false;
    }
    mask(rights) & CHANGING != 0
}

fn pairs(text: &str) -> impl Iterator<Item = &str> {
    text.as_bytes().chunks(2).filter_map(|pair| std::str::from_utf8(pair).ok())
}

fn mask(rights: &str) -> u32 {
    if let Some(number) = rights.strip_prefix("0x") {
        return u32::from_str_radix(number, 16).unwrap_or(u32::MAX);
    }
    pairs(rights).map(right).fold(0, std::ops::BitOr::bitor)
}

fn right(word: &str) -> u32 {
    match word {
        "CC" => 0x1,
        "SW" => 0x8,
        "WP" => 0x20,
        "LO" => 0x80,
        "RC" => 0x2_0000,
        "FR" => 0x12_0089,
        "FX" => 0x12_00a0,
        "GR" => 0x8000_0000,
        "GX" => 0x2000_0000,
        // Whatever else there is lets something be changed, or is not known.
        _ => u32::MAX,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As the installer makes the folder (`xtask/src/package/windows/msi.rs`), and the file that an administrator puts
    /// there.
    const FOLDER: &str = "O:BAD:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;0x1200a9;;;BU)";
    const FILE: &str = "O:BAD:AI(A;ID;FA;;;SY)(A;ID;FA;;;BA)(A;ID;0x1200a9;;;BU)";

    #[test]
    fn what_administrators_alone_own_and_write_is_trusted() {
        for good in [
            FOLDER,
            FILE,
            "O:SYG:SYD:(A;;FA;;;SY)",
            "O:S-1-5-18D:P(A;;FRFX;;;WD)",
            "O:S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464D:(A;OICIIO;GA;;;CO)(A;;0x1200a9;;;BU)",
            "O:BAD:(D;;FA;;;BU)(A;OICIIO;FA;;;BU)(A;;GRGX;;;S-1-15-2-1)",
            "O:BAD:(XA;;FX;;;S-1-1-0;(@User.Title==\"PM\" && (@User.Division==\"Finance\")))",
        ] {
            assert_eq!(judge(good), Ok(()), "{good}");
        }
    }

    #[test]
    fn what_somebody_else_owns_is_not() {
        let user = "S-1-5-21-1004336348-1177238915-682003330-1001";
        for owner in [user, "BU", "WD", "AU", "", "CREATOR", "BA2"] {
            let folder = FOLDER.replacen("O:BA", &format!("O:{owner}"), 1);
            assert_eq!(judge(&folder), Err(Fault::Owner(owner.to_owned())), "{folder}");
        }
        assert!(matches!(judge(""), Err(Fault::Owner(_))));
        assert!(matches!(judge("D:(A;;FA;;;BA)"), Err(Fault::Owner(_))));
    }

    #[test]
    fn what_others_may_change_is_not() {
        for entry in [
            // What a folder below ProgramData has that somebody made by hand: everybody may lay files into it.
            "(A;CIID;DCLCRPCR;;;BU)",
            "(A;ID;0x116;;;BU)",
            "(A;;FA;;;WD)",
            "(A;;FW;;;AU)",
            "(A;;GW;;;BU)",
            "(A;;GA;;;S-1-5-21-1-2-3-1001)",
            "(A;;SD;;;BU)",
            "(A;;WD;;;BU)",
            "(A;;WO;;;BU)",
            "(A;;0x40;;;BU)",
            "(A;;XX;;;BU)",
            "(A;;0xzz;;;BU)",
            "(A;;FRF;;;BU)",
            "(OA;;FW;;;BU)",
            "(ZZ;;FW;;;BU)",
            "(XA;;FW;;;BU;(@User.Title==\"PM\"))",
            "(A;;FA;;;",
        ] {
            assert_eq!(judge(&format!("{FOLDER}{entry}")), Err(Fault::Writable), "{entry}");
        }
        for none in ["O:BA", "O:BAD:", "O:BAD:NO_ACCESS_CONTROL"] {
            assert_eq!(judge(none), Err(Fault::Writable), "{none}");
        }
    }

    #[test]
    fn the_installer_makes_the_folder_so() {
        let installer = include_str!("../../../../xtask/src/package/windows/msi.rs");
        let sddl = installer.split("ADMINISTRATORS_ALONE: &str = \"").nth(1).and_then(|rest| rest.split('"').next());
        let sddl = sddl.unwrap_or_default();
        assert_eq!(judge(sddl), Ok(()), "{sddl}");
    }
}
