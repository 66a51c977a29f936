//! Specifications of a line (spesifikasjon).

use super::{Categories, tsv};

/// A specification of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Specification {
    /// `justering`: adjustment of input tax on capital goods.
    Adjustment,
    /// `tapPåKrav`: loss on claims.
    LossOnClaims,
    /// `tilbakeføringAvInngåendeMerverdiavgift`: reversal of input tax on vehicles and real property.
    Reversal,
    /// `uttak`: withdrawal.
    Withdrawal,
    /// `justeringMerverdiavgiftskompensasjonFastEiendom`: adjustment of compensation for real property.
    CompensationAdjustment,
    /// `kompensasjonsrett`: purchase with right to compensation.
    CompensationRight,
}

impl Specification {
    /// How many there are.
    pub const COUNT: usize = 6;

    /// All of them.
    pub const ALL: [Self; Self::COUNT] = [
        Self::Adjustment,
        Self::LossOnClaims,
        Self::Reversal,
        Self::Withdrawal,
        Self::CompensationAdjustment,
        Self::CompensationRight,
    ];

    /// The value in the XML.
    pub const fn xml(self) -> &'static str {
        match self {
            Self::Adjustment => "justering",
            Self::LossOnClaims => "tapPåKrav",
            Self::Reversal => "tilbakeføringAvInngåendeMerverdiavgift",
            Self::Withdrawal => "uttak",
            Self::CompensationAdjustment => "justeringMerverdiavgiftskompensasjonFastEiendom",
            Self::CompensationRight => "kompensasjonsrett",
        }
    }

    /// The specification, exactly as the list writes it.
    pub fn of_text(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|specification| specification.xml() == text)
    }
}

pub(super) fn read(text: &'static str) -> [Categories; Specification::COUNT] {
    let mut categories = [Categories::NONE; Specification::COUNT];
    for row in tsv::rows(text) {
        if let Some(specification) = Specification::of_text(tsv::cell(&row, 0))
            && let Some(set) = categories.get_mut(specification as usize)
        {
            *set = Categories::read(tsv::cell(&row, 1));
        }
    }
    categories
}
