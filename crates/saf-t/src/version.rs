//! Which version of SAF-T a file is of.

use crate::scan::Structure;

/// The versions that are alive (facts, section 0), by the structure of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Version {
    /// 1.10 and 1.20.
    V1_20,
    /// 1.30.
    V1_30,
    /// 1.40.
    V1_40,
}

impl Version {
    /// As the header writes it.
    pub fn text(self) -> &'static str {
        match self {
            Self::V1_20 => "1.20",
            Self::V1_30 => "1.30",
            Self::V1_40 => "1.40",
        }
    }

    pub(crate) fn said(text: &str) -> Option<Self> {
        match text {
            "1.4" | "1.40" => Some(Self::V1_40),
            "1.3" | "1.30" => Some(Self::V1_30),
            "1.0" | "1.00" | "1.1" | "1.10" | "1.2" | "1.20" => Some(Self::V1_20),
            _ => None,
        }
    }

    /// By what the file has, and by what it says only where that leaves it open.
    pub(crate) fn of(structure: &Structure, said: &str) -> Self {
        let modern = if Self::said(said) == Some(Self::V1_40) { Self::V1_40 } else { Self::V1_30 };
        if structure.v1_40 > 0 {
            Self::V1_40
        } else if structure.v1_20 > 0 || structure.v1_30 > 0 {
            if structure.v1_20 > structure.v1_30 { Self::V1_20 } else { modern }
        } else if structure.standard_accounts {
            Self::V1_20
        } else {
            Self::said(said).unwrap_or(modern)
        }
    }
}
