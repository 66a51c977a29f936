//! What the reader of a report should know beside the findings.

use jiff::civil::Date;

/// Something the reader of a report should know that is no finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Notice {
    /// The period begins after the code lists, rates and remarks of this program were published: they may have
    /// changed since.
    NewerThanTables {
        /// The day they were published.
        published: Date,
    },
    /// The year has no such week: the schema lets every year have a week 53, the calendar does not.
    NoSuchWeek {
        /// The week that is named.
        week: u8,
        /// The year.
        year: i32,
    },
}
