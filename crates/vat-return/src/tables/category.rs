//! Sets of categories of return.

use crate::model::Category;

/// A set of categories (meldingskategori).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Categories(u8);

impl Categories {
    /// None.
    pub const NONE: Self = Self(0);
    /// `alminnelig`.
    pub const GENERAL: Self = Self::of(Category::Ordinary);
    /// `primaernaering`.
    pub const PRIMARY: Self = Self::of(Category::PrimaryIndustry);
    /// `alminnelig` and `primaernaering`, which the lists treat as one.
    pub const ORDINARY: Self = Self::GENERAL.with(Self::PRIMARY);
    /// `kompensasjon`.
    pub const COMPENSATION: Self = Self::of(Category::Compensation);
    /// `omvendtAvgiftsplikt`.
    pub const REVERSE_CHARGE: Self = Self::of(Category::ReverseCharge);
    /// The four categories that the facts call "all": every one but `eHandel`.
    pub const ALL: Self = Self::ORDINARY.with(Self::COMPENSATION).with(Self::REVERSE_CHARGE);
    /// All five values of the schema.
    pub const EVERY: Self = Self::ALL.with(Self::of(Category::ECommerce));

    /// One category.
    pub const fn of(category: Category) -> Self {
        Self(1 << category as u8)
    }

    /// Both sets together.
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether the category is one of them.
    pub const fn has(self, category: Category) -> bool {
        self.0 & Self::of(category).0 != 0
    }

    /// Reads a comma-separated list of XML values.
    pub(super) fn read(cell: &str) -> Self {
        const VALUES: [Category; 5] = [
            Category::Ordinary,
            Category::PrimaryIndustry,
            Category::Compensation,
            Category::ReverseCharge,
            Category::ECommerce,
        ];
        cell.split(',').fold(Self::NONE, |set, name| {
            VALUES.iter().find(|category| category.xml() == name).map_or(set, |category| set.with(Self::of(*category)))
        })
    }
}
