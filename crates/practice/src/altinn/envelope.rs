//! What the app checks at the end of utfylling before it asks the validation: the envelope against the instance and
//! against the return (apis.md 1.4, "409 at process/next"). The texts are the documentation's, spelling and all.

use super::upload::MOST_ATTACHMENTS;
use crate::settings::AltinnSettings;
use crate::state::{ATTACHMENT, ENVELOPE, Instance, RETURN};
use crate::xml::{self, Element};
use std::collections::HashSet;
use std::fmt::Write as _;

const NAMESPACE: &str = "no:skatteetaten:fastsetting:avgift:mva:mvameldinginnsending:v1.0";
const CATEGORIES: [&str; 5] = ["alminnelig", "primaernaering", "kompensasjon", "omvendtAvgiftsplikt", "eHandel"];
const UNIQUE: &str = "Valideringsfeil: filnavnene i innsendingen må være unike. Validation error: file names in the submission must be unique.";

/// What envelope and return say about themselves.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Facts {
    pub(super) org_number: String,
    pub(super) category: String,
    /// Element name and value, e.g. `skattleggingsperiodeToMaaneder`, `mars-april`.
    pub(super) period: (String, String),
    pub(super) year: String,
}

/// What an envelope says.
fn facts_of_envelope(root: &Element) -> Facts {
    let period = root.child("skattleggingsperiode");
    let choice = period.and_then(|element| element.child("periode")).and_then(|element| element.children.first());
    Facts {
        org_number: root.text_at(&["norskIdentifikator", "organisasjonsnummer"]).to_owned(),
        category: root.text_at(&["meldingskategori"]).to_owned(),
        period: choice.map(|choice| (choice.name.clone(), choice.text.clone())).unwrap_or_default(),
        year: period.map(|element| element.text_at(&["aar"]).to_owned()).unwrap_or_default(),
    }
}

/// What a return says, if it can be read: in any encoding. What cannot is the validation's to refuse.
pub(super) fn facts_of_return(bytes: &[u8]) -> Option<Facts> {
    let ret = vat_return::read(bytes).ok()?;
    let period = ret.period.value;
    Some(Facts {
        org_number: ret.org_number.map(|number| number.value.to_string()).unwrap_or_default(),
        category: ret.category.value.xml().into(),
        period: (period.xml_element().into(), period.xml_value().to_string()),
        year: period.year.to_string(),
    })
}

/// The first complaint about names of files; possible at both `process/next`.
pub(super) fn check_names(instance: &Instance) -> Result<(), String> {
    let mut names = HashSet::new();
    let unique = instance
        .data
        .iter()
        .filter(|element| [RETURN, ATTACHMENT].contains(&element.data_type))
        .filter_map(|element| element.filename.as_deref())
        .all(|name| names.insert(name.to_lowercase()));
    if unique { Ok(()) } else { Err(UNIQUE.into()) }
}

/// The first complaint, in the documentation's order.
pub(super) fn check(instance: &Instance, settings: &AltinnSettings) -> Result<(), String> {
    let root = instance
        .of_type(ENVELOPE)
        .next()
        .and_then(|element| xml::parse(&element.bytes))
        .ok_or("Valideringsfeil: MvaMeldingInnsending (\"konvolutt\") kan ikke leses")?;
    let envelope = facts_of_envelope(&root);
    if envelope.org_number != instance.company.org_number {
        return Err("Valideringsfeil: Organisasjonsnummeret i instansen er forskjellig fra organisasjonsnummeret i \
                    MvaMeldingInnsending (\"konvolutt\")"
            .into());
    }
    if root.child("skattleggingsperiode").is_none() {
        return Err("Valideringsfeil: skattleggingsperiode er påkrevd i MvaMeldingInnsending. Validation error: \
                    skattleggingsperiode is required in MvaMeldingInnsending"
            .into());
    }
    if envelope.period.1.is_empty() || envelope.year.is_empty() {
        return Err(
            "Valideringsfeil: skattleggingsperiode må være utfylt. Validation error: skattleggingsperiode must \
                    be populated"
                .into(),
        );
    }
    if settings.status_required && root.text_at(&["instansstatus"]).is_empty() {
        return Err(
            "Valideringsfeil: instansstatus er påkrevd i MvaMeldingInnsending. Validation error: instansstatus \
                    is required in MvaMeldingInnsending"
                .into(),
        );
    }
    check_values(&root)?;
    check_names(instance)?;
    let mut returns = instance.of_type(RETURN);
    // The numbers of files are the app's metadata; these texts are the library's codes in a sentence of our own.
    let element = returns.next().ok_or("Valideringsfeil: TooFewDataElementsOfType, mvamelding mangler")?;
    if returns.next().is_some() {
        return Err("Valideringsfeil: TooManyDataElementsOfType, det er mer enn én mvamelding".into());
    }
    if instance.of_type(ATTACHMENT).count() > MOST_ATTACHMENTS {
        return Err(format!(
            "Valideringsfeil: TooManyDataElementsOfType, det er mer enn {MOST_ATTACHMENTS} binaerVedlegg"
        ));
    }
    let filename = element.filename.as_deref().unwrap_or_default();
    // A return that cannot be read is the validation's to refuse.
    let Some(content) = facts_of_return(&element.bytes) else { return Ok(()) };
    if content.org_number != envelope.org_number {
        return Err(format!(
            "Valideringsfeil: Organisasjonsnummeret i MvaMeldingInnsending (\"konvolutt\") er forskjellig fra \
             organisasjonsnummeret i {filename}"
        ));
    }
    if content.category != envelope.category {
        return Err(format!(
            "Valideringsfeil: Meldingskategorien i MvaMeldingInnsending (\"konvolutt\") er forsjellig fra \
             Meldingskategorien i {filename}"
        ));
    }
    if settings.period_compared && (content.period != envelope.period || content.year != envelope.year) {
        // No text is published for this one; it is worded after its neighbours.
        return Err(format!(
            "Valideringsfeil: Skattleggingsperioden i MvaMeldingInnsending (\"konvolutt\") er forskjellig fra \
             skattleggingsperioden i {filename}"
        ));
    }
    Ok(())
}

/// Values outside the schema's enumerations, in .NET's words.
fn check_values(root: &Element) -> Result<(), String> {
    let mut lines = String::new();
    let mut check = |name: &str, datatype: &str, allowed: &[&str]| {
        let mut found = Vec::new();
        root.all(name, &mut found);
        for element in found.iter().filter(|element| !allowed.contains(&element.text.as_str())) {
            let _ = write!(
                lines,
                "\nThe '{NAMESPACE}:{name}' element is invalid - The value '{}' is invalid according to its datatype \
                 '{NAMESPACE}:{datatype}' - The Enumeration constraint failed.",
                element.text
            );
        }
    };
    check("meldingskategori", "Meldingskategori", &CATEGORIES);
    check("innsendingstype", "Innsendingstype", &["komplett", "ikke komplett"]);
    check("vedleggstype", "Vedleggstype", &["mva-melding", "binaerVedlegg"]);
    check("kildegruppe", "Kildegruppe", &["etat", "sluttbrukersystem", "sluttbruker"]);
    for (name, values) in crate::skatteetaten::period_values() {
        let values: Vec<&str> = values.iter().map(String::as_str).collect();
        let datatype = name.replacen('s', "S", 1);
        check(name, &datatype, &values);
    }
    if lines.is_empty() { Ok(()) } else { Err(format!("Valideringsfeil / Validation error:{lines}")) }
}
