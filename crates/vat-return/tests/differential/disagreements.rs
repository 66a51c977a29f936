//! Where the reader and libxml2 differ on purpose, or because libxml2 departs from the recommendations.

use crate::seeds::NAMESPACE;
use crate::xmllint::Verdict;
use vat_return::{ComplaintKind, Rejection, VatReturn};

pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) bytes: Vec<u8>,
}

/// Why these two verdicts may differ, or `None`.
pub(crate) fn reason(ours: &Result<VatReturn, Rejection>, theirs: &Verdict, bytes: &[u8]) -> Option<&'static str> {
    match ours {
        Ok(_) => accepted(theirs),
        Err(rejection) => refused(rejection, bytes),
    }
}

/// We read it, libxml2 does not.
fn accepted(theirs: &Verdict) -> Option<&'static str> {
    // What libxml2 only reports about namespaces has not decided anything.
    let mut deciding = theirs.errors.iter().filter(|error| !error.contains(": namespace error :")).peekable();
    deciding.peek()?;
    // Every one must be about a value that libxml2 holds for something else than the recommendation does.
    let excuses: Option<Vec<&'static str>> = deciding.map(|error| value_excuse(error)).collect();
    excuses?.first().copied()
}

fn value_excuse(error: &str) -> Option<&'static str> {
    let value = error.split("': '").nth(1).and_then(|rest| rest.rsplit_once("' is not a valid value")).map(|(v, _)| v);
    if error.contains("is not a valid value of the atomic type '{no:skatteetaten") && error.contains("}Aarstall'") {
        let value = value?;
        if value.trim_matches([' ', '\t', '\n', '\r']) != value {
            return Some("libxml2 does not collapse the white space around xsd:gYear (XML Schema part 2, 4.3.6)");
        }
    }
    if error.contains("is not a valid value of the atomic type '{no:skatteetaten") && error.contains("}Beloep'") {
        let value = value?;
        if value.bytes().filter(u8::is_ascii_digit).count() > 24 {
            return Some("libxml2 reads at most 24 digits of xsd:decimal, the schema does not bound them");
        }
    }
    None
}

/// We refuse it, libxml2 does not.
fn refused(rejection: &Rejection, bytes: &[u8]) -> Option<&'static str> {
    match rejection {
        Rejection::UnsafeXml(complaint) if complaint.kind == ComplaintKind::DocumentType => {
            Some("a document type is refused, whatever the schema says")
        }
        Rejection::NotXml(complaint) => match complaint.kind {
            ComplaintKind::NamespaceDeclaration => {
                Some("libxml2 only reports declarations that Namespaces in XML forbids, and goes on")
            }
            ComplaintKind::EncodingContradiction => {
                Some("libxml2 lets a byte order mark silently overrule another declared encoding")
            }
            ComplaintKind::Declaration if has_dotted_version(bytes) => {
                Some("libxml2 takes '1.' without a minor number for a version")
            }
            _ => None,
        },
        Rejection::Structure(complaints) => {
            let only_year = complaints.iter().all(|complaint| complaint.kind == ComplaintKind::NotYear);
            (only_year && has_long_year(bytes))
                .then_some("years are read in 32 bits, libxml2 keeps 64 (XML Schema part 2 lets both set a limit)")
        }
        _ => None,
    }
}

/// Whether a year has more figures than 32 bits hold.
fn has_long_year(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let digits = |after: &str| after.trim_start_matches(['-', ' ']).bytes().take_while(u8::is_ascii_digit).count();
    text.split("aar>").any(|after| digits(after) >= 10)
}

fn has_dotted_version(bytes: &[u8]) -> bool {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(60)]).into_owned();
    head.contains("version=\"1.\"") || head.contains("version='1.'")
}

fn with(year: &str, amount: &str) -> Vec<u8> {
    format!(
        "<mvaMeldingDto xmlns=\"{NAMESPACE}\"><innsending><regnskapssystemsreferanse/></innsending>\
         <skattegrunnlagOgBeregnetSkatt><skattleggingsperiode><periode><skattleggingsperiodeAar>aarlig\
         </skattleggingsperiodeAar></periode><aar>{year}</aar></skattleggingsperiode>\
         <fastsattMerverdiavgift>{amount}</fastsattMerverdiavgift></skattegrunnlagOgBeregnetSkatt>\
         <betalingsinformasjon/><skattepliktig/><meldingskategori>alminnelig</meldingskategori></mvaMeldingDto>"
    )
    .into_bytes()
}

fn after(head: &str) -> Vec<u8> {
    [head.as_bytes(), &with("2026", "0")].concat()
}

/// One document for each disagreement.
pub(crate) fn cases() -> Vec<Case> {
    let declaring = |declaration: &str| {
        String::from_utf8(with("2026", "0")).unwrap().replacen(
            "<mvaMeldingDto",
            &format!("<mvaMeldingDto {declaration}"),
            1,
        )
    };
    let utf_16: Vec<u8> = "\u{feff}<?xml version='1.0' encoding='UTF-8'?>"
        .chars()
        .chain(String::from_utf8(with("2026", "0")).unwrap().chars())
        .flat_map(|character| (character as u16).to_le_bytes())
        .collect();
    vec![
        Case { name: "blanks around the year", bytes: with(" 2026 ", "0") },
        Case { name: "a year of eleven digits", bytes: with("20262026202", "0") },
        Case { name: "25 digits", bytes: with("2026", "1234567890123456789012345") },
        Case { name: "25 decimals", bytes: with("2026", "0.1234567890123456789012345") },
        Case { name: "document type", bytes: after("<!DOCTYPE mvaMeldingDto>") },
        Case { name: "prefix without namespace", bytes: declaring("xmlns:a=''").into_bytes() },
        Case { name: "the prefix xmlns", bytes: declaring("xmlns:xmlns='a'").into_bytes() },
        Case { name: "the prefix xml for something else", bytes: declaring("xmlns:xml='a'").into_bytes() },
        Case {
            name: "UTF-8 mark, other encoding",
            bytes: after("\u{feff}<?xml version='1.0' encoding='ISO-8859-1'?>"),
        },
        Case { name: "UTF-16 that says UTF-8", bytes: utf_16 },
        Case { name: "version 1.", bytes: after("<?xml version='1.'?>") },
    ]
}
