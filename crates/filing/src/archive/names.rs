//! What folders are called.

use disk::{safe_name, short_name};
use jiff::tz::TimeZone;
use vat_return::Language;
use view::EnvironmentName;

use crate::filings::Filing;

/// Longest name of a company in a folder's name, in characters; paths on Windows are short.
const LONGEST: usize = 60;

/// `Øving/Fjordlys Interiør AS 311797816/2026 september–oktober`. Each environment has a folder of its own, so that a
/// practice receipt never lies among real ones.
pub(super) fn parent(filing: &Filing) -> String {
    let environment = match filing.subject.environment {
        EnvironmentName::Practice => "Øving",
        EnvironmentName::Test => "Test",
        EnvironmentName::Production => "Produksjon",
    };
    let org_number = &filing.subject.org_number;
    let company = match &filing.company_name {
        Some(name) => safe_name(&format!("{} {org_number}", name.chars().take(LONGEST).collect::<String>())),
        None => safe_name(org_number.as_str()),
    };
    let period = filing.subject.period;
    // Sorted by year in every file manager; one language whatever the window speaks, or a change would split folders.
    let words = period.in_words(Language::Nb);
    let bare = words.replace(&period.year.to_string(), "");
    let bare = bare.trim().to_lowercase();
    let period = safe_name(&format!("{} {bare}", period.year));
    format!("{environment}/{company}/{period}")
}

/// `1 (2026-11-21)`: which time the period was filed, and when.
pub(super) fn own(number: u32, filing: &Filing) -> String {
    let at = filing.delivered_at.unwrap_or(filing.begun_at);
    let oslo = TimeZone::get("Europe/Oslo").unwrap_or(TimeZone::UTC);
    format!("{number} ({})", at.to_zoned(oslo).date())
}

/// Longest name of an attachment in the archive, in bytes, without what is put before it.
const LONGEST_ATTACHMENT: usize = 200;

/// `vedlegg 1 Kreditnota.pdf`: numbered, so that an attachment called as another document takes no other's place.
pub(super) fn attachment(place: u32, name: &str) -> String {
    let (stem, ending) = name.rsplit_once('.').map_or((name, String::new()), |(stem, end)| (stem, format!(".{end}")));
    let longest = LONGEST_ATTACHMENT.saturating_sub(ending.len());
    let mut kept = String::new();
    for letter in stem.chars().take_while({
        let mut length = 0;
        move |letter| {
            length += letter.len_utf8();
            length <= longest
        }
    }) {
        kept.push(letter);
    }
    safe_name(&format!("vedlegg {place} {kept}{ending}"))
}

/// Longest name of a file that is kept beside a return, in bytes.
const LONGEST_KEPT: usize = 180;

/// `Regnskap 2026.xml`, and where several are called so `Regnskap 2026 (2).xml`.
pub(super) fn kept(name: &str, number: u32) -> String {
    let name = short_name(name, LONGEST_KEPT);
    match (number, name.rsplit_once('.')) {
        (0 | 1, _) => name,
        (_, Some((stem, ending))) if !stem.is_empty() => format!("{stem} ({number}).{ending}"),
        _ => format!("{name} ({number})"),
    }
}

#[cfg(test)]
mod tests {
    use super::{attachment, kept};

    #[test]
    fn files_of_one_name_lie_beside_each_other() {
        let names = |name| [kept(name, 1), kept(name, 2)];
        assert_eq!(names("regnskap.xml"), ["regnskap.xml", "regnskap (2).xml"]);
        assert_eq!(names("regnskap"), ["regnskap", "regnskap (2)"]);
        assert_eq!(names("a\\b.xml"), ["a_b.xml", "a_b (2).xml"]);
        assert!(kept(&"å".repeat(300), 12).len() < 255);
    }

    #[test]
    fn an_attachment_keeps_its_name_behind_its_number() {
        assert_eq!(attachment(1, "kvittering.pdf"), "vedlegg 1 kvittering.pdf");
        let long = attachment(57, &format!("{}.xlsx", "å".repeat(250)));
        assert!(long.len() < 255 && long.starts_with("vedlegg 57 å") && long.ends_with("å.xlsx"), "{long}");
    }
}
