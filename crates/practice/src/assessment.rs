//! A validation result in its two published shapes (apis.md 1.3).

use crate::settings::ResultShape;
use crate::xml::escape;
use serde::{Deserialize, Serialize};
use std::fmt::Write as _;

const NAMESPACE: &str = "no:skatteetaten:fastsetting:avgift:mva:valideringsresultat:v1";

/// `avvikVedMeldingslevering` and `avvikstype`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) enum Outcome {
    /// `ingen avvik`.
    #[default]
    NoDeviations,
    /// `avvikende skattemelding`.
    Deviating,
    /// `mangelfull skattemelding`.
    Incomplete,
    /// `ugyldig skattemelding`.
    Invalid,
}

impl Outcome {
    pub(crate) fn current(self) -> &'static str {
        match self {
            Self::NoDeviations => "ingen avvik",
            Self::Deviating => "avvikende skattemelding",
            Self::Incomplete => "mangelfull skattemelding",
            Self::Invalid => "ugyldig skattemelding",
        }
    }

    fn old(self) -> &'static str {
        match self {
            Self::NoDeviations => "GYLDIG_SKATTEMELDING",
            Self::Deviating => "AVVIKENDE_SKATTEMELDING",
            Self::Incomplete => "MANGELFULL_SKATTEMELDING",
            Self::Invalid => "UGYLDIG_SKATTEMELDING",
        }
    }
}

/// `avvik`, with one `avviksinformasjon`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Deviation {
    pub(crate) path: String,
    pub(crate) vat_code: Option<String>,
    pub(crate) line: Option<u32>,
    pub(crate) column: Option<u32>,
    pub(crate) reason: String,
    pub(crate) kind: Outcome,
    pub(crate) code: String,
    pub(crate) rule: String,
    pub(crate) detail: Option<String>,
}

/// What the validation says of a return.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Assessment {
    pub(crate) outcome: Outcome,
    pub(crate) deviations: Vec<Deviation>,
}

impl Assessment {
    /// Whatever the validation found: the authority has come to think otherwise, of the first line.
    pub(crate) fn refuse(&mut self) {
        self.outcome = Outcome::Invalid;
        self.deviations.push(Deviation {
            path: "/mvaMeldingDto/skattegrunnlagOgBeregnetSkatt/mvaSpesifikasjonslinje[1]".into(),
            vat_code: None,
            line: None,
            column: None,
            reason: "Opplysningene stemmer ikke med registrene.".into(),
            kind: Outcome::Invalid,
            code: "INNSENDING_AVVIST".into(),
            rule: "Øving: avvist når meldingen sendes.".into(),
            detail: None,
        });
    }

    /// As XML. `null_vat_code`: a deviation without a VAT code says `null`, as has been seen.
    pub(crate) fn write(&self, shape: ResultShape, null_vat_code: bool) -> String {
        let mut xml = format!("<?xml version='1.0' encoding='UTF-8'?>\n<valideringsresultat xmlns=\"{NAMESPACE}\">\n");
        match shape {
            ResultShape::Current => {
                line(&mut xml, 1, "avvikVedMeldingslevering", self.outcome.current());
                for deviation in &self.deviations {
                    deviation.current(&mut xml, null_vat_code);
                }
            }
            ResultShape::Old => {
                line(&mut xml, 1, "status", self.outcome.old());
                for deviation in &self.deviations {
                    deviation.old(&mut xml);
                }
            }
        }
        xml.push_str("</valideringsresultat>\n");
        xml
    }
}

fn line(xml: &mut String, depth: usize, name: &str, text: &str) {
    let _ = writeln!(xml, "{:width$}<{name}>{}</{name}>", "", escape(text), width = depth * 2);
}

impl Deviation {
    fn current(&self, xml: &mut String, null_vat_code: bool) {
        xml.push_str("  <avvik>\n");
        line(xml, 2, "stiTilAvvik", &self.path);
        match (&self.vat_code, null_vat_code) {
            (Some(code), _) => line(xml, 2, "mvaKode", code),
            (None, true) => line(xml, 2, "mvaKode", "null"),
            (None, false) => {}
        }
        if let Some(number) = self.line {
            line(xml, 2, "xmlLinjenummer", &number.to_string());
        }
        if let Some(number) = self.column {
            line(xml, 2, "xmlPosisjonPaaLinje", &number.to_string());
        }
        xml.push_str("    <avviksinformasjon>\n");
        line(xml, 3, "begrunnelse", &self.reason);
        line(xml, 3, "avvikstype", self.kind.current());
        line(xml, 3, "avvikKode", &self.code);
        line(xml, 3, "regelDefinisjon", &self.rule);
        if let Some(detail) = &self.detail {
            line(xml, 3, "detaljer", detail);
        }
        xml.push_str("    </avviksinformasjon>\n  </avvik>\n");
    }

    /// The shape that the HTML documentation still prints.
    fn old(&self, xml: &mut String) {
        xml.push_str("  <valideringsfeil>\n");
        line(xml, 2, "stiTilFeil", &self.path);
        xml.push_str("    <valideringsDetaljer>\n");
        line(xml, 3, "avvikKode", &self.code);
        line(xml, 3, "informasjon", self.detail.as_deref().unwrap_or(&self.reason));
        xml.push_str("    </valideringsDetaljer>\n  </valideringsfeil>\n");
    }
}
