//! Sample returns of invented companies, for trying the program out and for tests.
//!
//! The companies are those of the practice authorities; every period was over on 21 November 2026.

use crate::language::Language;

/// A sample return.
#[derive(Debug, Clone, Copy)]
pub struct Sample {
    /// Short name, stable across versions.
    pub id: &'static str,
    /// The company's name, which the file does not have.
    pub company: &'static str,
    /// The company's organisation number, nine digits.
    pub org_number: &'static str,
    /// The file, as an accounting system would have exported it.
    pub bytes: &'static [u8],
    about: &'static str,
}

impl Sample {
    /// What the sample shows, in one line.
    pub fn about(&self, language: Language) -> &'static str {
        crate::text(language, self.about)
    }

    /// A name for the file, e.g. `fjordlys.xml`.
    pub fn file_name(&self) -> String {
        format!("{}.xml", self.id)
    }
}

/// All samples, the simplest first.
///
/// ```
/// use vat_return::samples;
///
/// let ids: Vec<_> = samples::ALL.iter().map(|sample| sample.id).collect();
/// assert_eq!(ids, ["fjordlys", "vika", "vika-avvik", "fjordlys-ugyldig", "dalheim", "ronvik"]);
/// ```
pub const ALL: [Sample; 6] = [
    Sample {
        id: "fjordlys",
        company: "Fjordlys Interiør AS",
        org_number: "311797816",
        bytes: include_bytes!("../samples/fjordlys.xml"),
        about: "samples.ordinaryReturnToPay",
    },
    Sample {
        id: "vika",
        company: "Vika Tolketjenester AS",
        org_number: "315203856",
        bytes: include_bytes!("../samples/vika.xml"),
        about: "samples.returnWithARefund",
    },
    Sample {
        id: "vika-avvik",
        company: "Vika Tolketjenester AS",
        org_number: "315203856",
        bytes: include_bytes!("../samples/vika-avvik.xml"),
        about: "samples.deviatingTwoDigitsHaveChanged",
    },
    Sample {
        id: "fjordlys-ugyldig",
        company: "Fjordlys Interiør AS",
        org_number: "311797816",
        bytes: include_bytes!("../samples/fjordlys-ugyldig.xml"),
        about: "samples.invalidARemarkIsMissing",
    },
    Sample {
        id: "dalheim",
        company: "Dalheim Gård",
        org_number: "312909561",
        bytes: include_bytes!("../samples/dalheim.xml"),
        about: "samples.yearlyReturnOfAFarm",
    },
    Sample {
        id: "ronvik",
        company: "Rønvik Arkitektkontor",
        org_number: "311270419",
        bytes: include_bytes!("../samples/ronvik.xml"),
        about: "samples.fromAnOlderAccountingSystem",
    },
];

/// The sample with this id.
pub fn by_id(id: &str) -> Option<&'static Sample> {
    static SAMPLES: [Sample; 6] = ALL;
    SAMPLES.iter().find(|sample| sample.id == id)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::{OrgNumber, read};

    #[test]
    fn every_sample_reads_and_is_for_its_company() {
        for sample in &ALL {
            let read = read(sample.bytes).unwrap();
            assert_eq!(read.org_number.unwrap().value, sample.org_number, "{}", sample.id);
            assert!(OrgNumber::parse(sample.org_number).is_ok(), "{}", sample.id);
            assert!(read.period.value.last_day() < jiff::civil::date(2026, 11, 21), "{}", sample.id);
            let sum: rust_decimal::Decimal = read.lines.iter().map(|line| line.vat.value).sum();
            assert_eq!(sum, read.assessed_vat.value, "{}", sample.id);
        }
    }

    #[test]
    fn every_sample_shows_what_it_says() {
        let context = crate::Context::on(jiff::civil::date(2026, 11, 21));
        let rules = |id: &str| {
            let report = crate::check(&read(by_id(id).unwrap().bytes).unwrap(), &context);
            report.findings.iter().map(|finding| finding.rule).collect::<Vec<_>>()
        };
        for id in ["fjordlys", "vika", "dalheim", "ronvik"] {
            assert_eq!(rules(id), [""; 0], "{id}");
        }
        assert_eq!(rules("vika-avvik"), ["R019"]);
        assert_eq!(rules("fjordlys-ugyldig"), ["R020", "R019"]);
    }

    #[test]
    fn ids_find_their_samples() {
        for sample in &ALL {
            assert_eq!(by_id(sample.id).unwrap().bytes, sample.bytes);
        }
        assert!(by_id("").is_none());
    }

    #[test]
    fn the_old_encoding_is_an_old_encoding() {
        let ronvik = by_id("ronvik").unwrap();
        assert!(std::str::from_utf8(ronvik.bytes).is_err());
        assert_eq!(read(ronvik.bytes).unwrap().system.unwrap().name, "Øre og krone");
    }
}
