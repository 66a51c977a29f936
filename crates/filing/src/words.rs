//! The language of what is shown, and days and names in it.

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use rust_decimal::Decimal;
use vat_return::{Category, Language, Located, Period, Position, VatReturn, explain};

use crate::view::{Kroner, LanguageName, Moment};

impl From<LanguageName> for Language {
    fn from(name: LanguageName) -> Self {
        match name {
            LanguageName::Nb => Self::Nb,
            LanguageName::Nn => Self::Nn,
            LanguageName::En => Self::En,
        }
    }
}

/// The Norwegian calendar date of a moment.
pub(crate) fn norwegian_date(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::get("Europe/Oslo").unwrap_or(TimeZone::UTC)).date()
}

/// A moment to the second: nobody reads more, and everything that compares them is ours.
pub(crate) fn moment(at: Timestamp) -> Moment {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Whole kroner; whatever fraction a faulty return has is shown too.
pub(crate) fn kroner(amount: Decimal) -> Kroner {
    amount.normalize().to_string()
}

/// Kind of period and category, e.g. "2-månedlig for alminnelig næring".
pub(crate) fn kind(category: Category, period: Period, language: Language) -> String {
    fn at<T>(value: T) -> Located<T> {
        Located { value, at: Position::default() }
    }
    // The explanation of a return without lines: there is one place where these words are put together.
    let empty = VatReturn {
        reference: at("".into()),
        system: None,
        period: at(period),
        assessed_vat: at(Decimal::ZERO),
        lines: Vec::new(),
        kid: None,
        org_number: None,
        identification_number: None,
        category: at(category),
        remark: None,
    };
    explain(&empty, language).kind
}
