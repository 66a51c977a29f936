//! Who gets into a folder on Windows, and keeping others out: by its access list.
//!
//! Source: Microsoft, "Security Descriptor String Format" and "ACE Strings".

use super::Others;

/// The system and the administrators, who get in everywhere, and whoever makes or owns something.
const NO_OTHERS: [&str; 8] = ["SY", "S-1-5-18", "BA", "S-1-5-32-544", "LA", "DA", "CO", "OW"];

/// Groups that every user of a machine or of a domain is in, or nobody in particular.
const EVERYBODY: [&str; 13] =
    ["WD", "S-1-1-0", "AU", "S-1-5-11", "BU", "S-1-5-32-545", "IU", "S-1-5-4", "AN", "BG", "DU", "DG", "S-1-5-32-546"];

/// Who gets in by a descriptor in its written form; `own` is the user herself.
pub(super) fn told(descriptor: &str, own: &str) -> Others {
    // Without a list everybody gets in.
    let Some(list) = descriptor.split_once("D:").map(|(_, list)| list).filter(|list| list.contains('(')) else {
        return if descriptor.contains("D:") && !descriptor.contains("NO_ACCESS_CONTROL") {
            Others::Nobody
        } else {
            Others::Everybody
        };
    };
    let mut found = Others::Nobody;
    for entry in list.split('(').skip(1) {
        let fields: Vec<&str> = entry.split([';', ')']).collect();
        // What denies lets nobody in; a condition's own brackets hold no fields.
        let [kind, _, rights, _, _, whom, ..] = fields.as_slice() else { continue };
        if !["A", "OA", "XA", "ZA"].contains(kind) || rights.is_empty() || NO_OTHERS.contains(whom) || *whom == own {
            continue;
        }
        if EVERYBODY.contains(whom) {
            return Others::Everybody;
        }
        found = Others::Some;
    }
    found
}

#[cfg(windows)]
pub(super) use on_windows::{close, others};

#[cfg(windows)]
mod on_windows {
    use super::{Others, told};
    use std::{io, path::Path};
    use windows_permissions::{
        LocalBox, SecurityDescriptor,
        constants::{SeObjectType, SecurityInformation},
        utilities::current_process_sid,
        wrappers::{
            ConvertSecurityDescriptorToStringSecurityDescriptor, ConvertSidToStringSid, GetNamedSecurityInfo,
            SetNamedSecurityInfo,
        },
    };

    /// Who gets into a folder beside its owner.
    ///
    /// # Errors
    /// The folder cannot be looked at.
    pub(in super::super) fn others(folder: &Path) -> io::Result<Others> {
        Ok(told(&written(folder)?, &own()?))
    }

    /// A folder's owner and list in their written form.
    fn written(folder: &Path) -> io::Result<String> {
        let what = SecurityInformation::Owner | SecurityInformation::Dacl;
        let descriptor = GetNamedSecurityInfo(folder.as_os_str(), SeObjectType::SE_FILE_OBJECT, what)?;
        let written = ConvertSecurityDescriptorToStringSecurityDescriptor(&descriptor, what)?;
        Ok(written.to_string_lossy().into_owned())
    }

    /// Lets the user, the system and the administrators into a folder and what lies in it, and nobody else.
    ///
    /// # Errors
    /// The list cannot be changed; a disk without lists.
    pub(in super::super) fn close(folder: &Path) -> io::Result<()> {
        if others(folder)? == Others::Nobody {
            return Ok(());
        }
        let hers = format!("D:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;FA;;;{})", own()?);
        let hers: LocalBox<SecurityDescriptor> = hers.parse()?;
        // What lies in it has the same by inheritance, which Windows itself sees to.
        let what = SecurityInformation::Dacl | SecurityInformation::ProtectedDacl;
        SetNamedSecurityInfo(folder.as_os_str(), SeObjectType::SE_FILE_OBJECT, what, None, None, hers.dacl(), None)
    }

    fn own() -> io::Result<String> {
        let user = current_process_sid()?;
        Ok(ConvertSidToStringSid(&user)?.to_string_lossy().into_owned())
    }

    #[cfg(test)]
    mod tests {
        #![allow(clippy::unwrap_used)]
        use super::*;
        use crate::private::{Whose, create_folder, mend};

        fn let_everybody_in(folder: &Path) {
            let list: LocalBox<SecurityDescriptor> = "D:(A;OICI;FA;;;WD)".parse().unwrap();
            let what = SecurityInformation::Dacl;
            SetNamedSecurityInfo(folder.as_os_str(), SeObjectType::SE_FILE_OBJECT, what, None, None, list.dacl(), None)
                .unwrap();
        }

        #[test]
        fn what_everybody_could_read_is_its_owners_alone_afterwards() {
            let root = tempfile::tempdir().unwrap();
            let folder = root.path().join("Årsoppgjør");
            create_folder(&folder).unwrap();
            std::fs::write(folder.join("a"), b"x").unwrap();
            let_everybody_in(&folder);
            assert_eq!(others(&folder).unwrap(), Others::Everybody);
            let open = written(&folder).unwrap();
            mend(&folder, Whose::SharedOnPurpose).unwrap();
            assert_eq!(written(&folder).unwrap(), open, "it was shared on purpose");
            mend(&folder, Whose::Owners).unwrap();
            // Wine keeps of a list what fits into the bits of a file, and those let everybody read: there only writing ends.
            let wine = std::env::var_os("WINEPREFIX").is_some();
            assert!(wine || others(&folder).unwrap() == Others::Nobody, "{}", written(&folder).unwrap());
            assert!(!wine || written(&folder).unwrap() != open, "{open}");
            assert_eq!(std::fs::read(folder.join("a")).unwrap(), b"x", "she herself gets in");
            std::fs::write(folder.join("b"), b"y").unwrap();
        }

        #[test]
        fn a_folder_that_is_new_is_its_owners_alone_whatever_the_one_above_gives() {
            let root = tempfile::tempdir().unwrap();
            let above = root.path().join("D");
            create_folder(&above).unwrap();
            let_everybody_in(&above);
            let new = above.join("Momsbud");
            let folder = crate::Folder::make(&new).unwrap();
            folder.write("a", b"x").unwrap();
            let wine = std::env::var_os("WINEPREFIX").is_some();
            assert!(wine || others(&new).unwrap() == Others::Nobody, "{}", written(&new).unwrap());
            let_everybody_in(&new);
            crate::Folder::make(&new).unwrap();
            assert_eq!(others(&new).unwrap(), Others::Everybody, "it was shared on purpose");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &str = "S-1-5-21-1004336348-1177238915-682003330-1001";

    #[test]
    fn who_gets_in_is_told_by_the_list() {
        let hers = format!("O:{OWN}D:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;FA;;;{OWN})");
        for (entry, who) in [
            ("", Others::Nobody),
            ("(D;;FA;;;WD)", Others::Nobody),
            ("(A;OICIIO;FA;;;CO)", Others::Nobody),
            ("(A;;0x1200a9;;;BU)", Others::Everybody),
            ("(A;OICIID;FR;;;S-1-1-0)", Others::Everybody),
            ("(XA;;FX;;;AU;(@User.Title==\"PM\" && (@User.Division==\"Finance\")))", Others::Everybody),
            ("(A;;FA;;;S-1-5-21-1004336348-1177238915-682003330-1002)", Others::Some),
        ] {
            assert_eq!(told(&format!("{hers}{entry}"), OWN), who, "{entry}");
        }
        for open in [format!("O:{OWN}"), format!("O:{OWN}D:NO_ACCESS_CONTROL"), String::new()] {
            assert_eq!(told(&open, OWN), Others::Everybody, "{open}");
        }
        assert_eq!(told(&format!("O:{OWN}D:P"), OWN), Others::Nobody, "an empty list lets nobody in");
    }
}
