//! The sentences of complaints, in three languages.
//!
//! They say what stands in the file and what should, in words a bookkeeper knows; names of elements stay as the
//! file has them, because that is what the accounting system's support will ask for.

use crate::complaint::{Complaint, ComplaintKind as Kind, Rejection};
use crate::invisible;
use crate::language::Language;

/// Picks by language.
fn pick(language: Language, nb: String, nn: String, en: String) -> String {
    match language {
        Language::Nb => nb,
        Language::Nn => nn,
        Language::En => en,
    }
}

impl Complaint {
    /// The complaint as one sentence for a person, without the place.
    ///
    /// ```
    /// use vat_return::{Language, Rejection, read};
    ///
    /// let Err(rejection) = read(b"<faktura/>") else { unreachable!() };
    /// assert_eq!(rejection.complaints()[0].text(Language::En), "This is not a VAT return: the file begins with “faktura”.");
    /// ```
    pub fn text(&self, language: Language) -> String {
        sentence(self, language)
    }
}

impl Rejection {
    /// The whole rejection as one sentence for a person.
    pub fn text(&self, language: Language) -> String {
        rejection(self, language)
    }
}

/// The whole rejection as one sentence.
pub(crate) fn rejection(rejection: &Rejection, language: Language) -> String {
    match rejection {
        Rejection::Empty => pick(language, "Filen er tom.".into(), "Fila er tom.".into(), "The file is empty.".into()),
        Rejection::TooLarge { size } => {
            let megabytes = size.div_ceil(1_000_000);
            pick(
                language,
                format!("Filen er på {megabytes} MB. En mva-melding er aldri større enn 25 MB."),
                format!("Fila er på {megabytes} MB. Ei mva-melding er aldri større enn 25 MB."),
                format!("The file has {megabytes} MB. A VAT return is never larger than 25 MB."),
            )
        }
        Rejection::NotXml(complaint) | Rejection::UnsafeXml(complaint) | Rejection::NotAReturn(complaint) => {
            sentence(complaint, language)
        }
        Rejection::Structure(complaints) => match complaints.as_slice() {
            [only] => sentence(only, language),
            all => {
                let count = all.len();
                pick(
                    language,
                    format!("Filen følger ikke skjemaet for mva-meldingen: {count} feil."),
                    format!("Fila følgjer ikkje skjemaet for mva-meldinga: {count} feil."),
                    format!("The file does not follow the schema of the VAT return: {count} errors."),
                )
            }
        },
    }
}

/// One complaint as one sentence, and another one where what it quotes looks right.
pub(crate) fn sentence(complaint: &Complaint, language: Language) -> String {
    let shown = Complaint { found: invisible::revealed(&complaint.found), ..complaint.clone() };
    let text = quoting(&shown, language);
    match invisible::said(std::iter::once(complaint.found.as_str()), language) {
        Some(said) => format!("{text} {said}"),
        None => text,
    }
}

fn quoting(complaint: &Complaint, language: Language) -> String {
    if let Some(text) = of_values(complaint, language) {
        return text;
    }
    if let Some(text) = of_structure(complaint, language) {
        return text;
    }
    of_xml(complaint, language)
}

fn of_values(complaint: &Complaint, language: Language) -> Option<String> {
    let Complaint { found, expected, kind, .. } = complaint;
    let name = complaint.element();
    let is = match (language, found.is_empty()) {
        (Language::Nb | Language::Nn, true) => format!("«{name}» er tomt"),
        (Language::Nb | Language::Nn, false) => format!("«{name}» er «{found}»"),
        (Language::En, true) => format!("“{name}” is empty"),
        (Language::En, false) => format!("“{name}” is “{found}”"),
    };
    let (nb, nn, en) = match kind {
        Kind::TooLong { limit } => (
            format!("«{name}» har {found} tegn. Det er plass til {limit}."),
            format!("«{name}» har {found} teikn. Det er plass til {limit}."),
            format!("“{name}” has {found} characters. There is room for {limit}."),
        ),
        Kind::Digits { count } => (
            format!("{is}. Det skal være {count} sifre og ingenting annet."),
            format!("{is}. Det skal vere {count} siffer og ingenting anna."),
            format!("{is}. It must be {count} digits and nothing else."),
        ),
        Kind::NotListed => (
            format!("{is}. Det må være en av disse verdiene: {expected}."),
            format!("{is}. Det må vere ein av desse verdiane: {expected}."),
            format!("{is}. It must be one of these values: {expected}."),
        ),
        Kind::NotNumber => (
            format!("{is}, og det er ikke et tall. Skriv hele kroner med sifre og ingenting annet."),
            format!("{is}, og det er ikkje eit tal. Skriv heile kroner med siffer og ingenting anna."),
            format!("{is}, which is not a number. Write whole kroner as digits and nothing else."),
        ),
        Kind::NotWhole => (
            format!("{is}, og det er ikke et heltall."),
            format!("{is}, og det er ikkje eit heiltal."),
            format!("{is}, which is not a whole number."),
        ),
        Kind::NotYear => (
            format!("{is}. Det skal være et årstall med fire sifre."),
            format!("{is}. Det skal vere eit årstal med fire siffer."),
            format!("{is}. It must be a year of four digits."),
        ),
        Kind::NotDate => (
            format!("{is}. Det skal være en dato som 2026-12-10."),
            format!("{is}. Det skal vere ein dato som 2026-12-10."),
            format!("{is}. It must be a date such as 2026-12-10."),
        ),
        Kind::NotMoment => (
            format!("{is}. Det skal være dato og klokkeslett som 2026-12-10T08:00:00+01:00."),
            format!("{is}. Det skal vere dato og klokkeslett som 2026-12-10T08:00:00+01:00."),
            format!("{is}. It must be a date and time such as 2026-12-10T08:00:00+01:00."),
        ),
        _ => return None,
    };
    Some(pick(language, nb, nn, en))
}

fn of_structure(complaint: &Complaint, language: Language) -> Option<String> {
    let Complaint { found, expected, kind, .. } = complaint;
    let or = match language {
        Language::Nb | Language::Nn => " eller ",
        Language::En => " or ",
    };
    let expected = &expected.replace(" | ", or);
    let name = complaint.element();
    // The element around the one the complaint is about.
    let around = complaint.path.rsplit('/').nth(1).unwrap_or_default();
    let around = around.split('[').next().unwrap_or_default();
    let (nb, nn, en) = match kind {
        Kind::OtherDocument if found.is_empty() => (
            format!("«{name}» mangler navnerommet «{expected}»."),
            format!("«{name}» manglar namnerommet «{expected}»."),
            format!("“{name}” lacks the namespace “{expected}”."),
        ),
        Kind::OtherDocument if name == expected_name(complaint) => (
            format!(
                "Filen er ikke en mva-melding i et format vi kjenner: navnerommet er «{found}», ikke «{expected}»."
            ),
            format!(
                "Fila er ikkje ei mva-melding i eit format vi kjenner: namnerommet er «{found}», ikkje «{expected}»."
            ),
            format!("The file is not a VAT return in a format we know: its namespace is “{found}”, not “{expected}”."),
        ),
        Kind::OtherDocument if expected == "mvaMeldingDto" => (
            format!("Dette er ikke en mva-melding: filen begynner med «{found}»."),
            format!("Dette er ikkje ei mva-melding: fila byrjar med «{found}»."),
            format!("This is not a VAT return: the file begins with “{found}”."),
        ),
        Kind::OtherDocument => (
            format!("Filen begynner med «{found}», ikke med «{expected}»."),
            format!("Fila byrjar med «{found}», ikkje med «{expected}»."),
            format!("The file begins with “{found}”, not with “{expected}”."),
        ),
        Kind::UnknownElement if expected.is_empty() => (
            format!("«{found}» hører ikke hjemme i «{around}»."),
            format!("«{found}» høyrer ikkje heime i «{around}»."),
            format!("“{found}” does not belong in “{around}”."),
        ),
        Kind::UnknownElement => (
            format!("«{found}» hører ikke hjemme i «{around}». Her kan det stå: {expected}."),
            format!("«{found}» høyrer ikkje heime i «{around}». Her kan det stå: {expected}."),
            format!("“{found}” does not belong in “{around}”. This may stand here: {expected}."),
        ),
        Kind::Misplaced if expected.is_empty() => (
            format!("«{found}» står på feil plass i «{around}», eller en gang for mye."),
            format!("«{found}» står på feil plass i «{around}», eller ein gong for mykje."),
            format!("“{found}” is in the wrong place in “{around}”, or once too often."),
        ),
        Kind::Misplaced => (
            format!("«{found}» står på feil plass i «{around}», eller en gang for mye. Her kan det stå: {expected}."),
            format!(
                "«{found}» står på feil plass i «{around}», eller ein gong for mykje. Her kan det stå: {expected}."
            ),
            format!(
                "“{found}” is in the wrong place in “{around}”, or once too often. This may stand here: {expected}."
            ),
        ),
        Kind::Missing if found.is_empty() => (
            format!("I «{name}» mangler: {expected}."),
            format!("I «{name}» manglar: {expected}."),
            format!("Missing in “{name}”: {expected}."),
        ),
        Kind::Missing => (
            format!("Foran «{found}» mangler: {expected}."),
            format!("Føre «{found}» manglar: {expected}."),
            format!("Missing before “{found}”: {expected}."),
        ),
        Kind::WrongNamespace if found.is_empty() => (
            format!("«{name}» mangler navnerommet «{expected}»."),
            format!("«{name}» manglar namnerommet «{expected}»."),
            format!("“{name}” lacks the namespace “{expected}”."),
        ),
        Kind::WrongNamespace => (
            format!("«{name}» har navnerommet «{found}». Det skal være «{expected}»."),
            format!("«{name}» har namnerommet «{found}». Det skal vere «{expected}»."),
            format!("“{name}” has the namespace “{found}”. It must be “{expected}”."),
        ),
        Kind::UnknownAttribute => (
            format!("«{name}» har et attributt, «{found}», som skjemaet ikke kjenner."),
            format!("«{name}» har eit attributt, «{found}», som skjemaet ikkje kjenner."),
            format!("“{name}” has an attribute, “{found}”, that the schema does not know."),
        ),
        Kind::Nil => (
            format!("«{name}» er merket som tomt med «{found}». Det er ikke lov i skjemaet."),
            format!("«{name}» er merkt som tomt med «{found}». Det er ikkje lov i skjemaet."),
            format!("“{name}” is marked as empty by “{found}”. The schema does not allow that."),
        ),
        Kind::Type => (
            format!("«{name}» har typen «{found}». Den skal være «{expected}»."),
            format!("«{name}» har typen «{found}». Han skal vere «{expected}»."),
            format!("“{name}” has the type “{found}”. It must be “{expected}”."),
        ),
        Kind::StrayText => (
            format!("Det står løs tekst i «{name}»: «{found}»."),
            format!("Det står laus tekst i «{name}»: «{found}»."),
            format!("There is stray text in “{name}”: “{found}”."),
        ),
        Kind::ElementInValue => (
            format!("«{around}» skal ha en verdi, men inneholder elementet «{found}»."),
            format!("«{around}» skal ha ein verdi, men inneheld elementet «{found}»."),
            format!("“{around}” should have a value, but contains the element “{found}”."),
        ),
        _ => return None,
    };
    Some(pick(language, nb, nn, en))
}

/// The root's name if only its namespace is wrong: then the complaint names two namespaces.
fn expected_name(complaint: &Complaint) -> &str {
    if complaint.expected.starts_with("no:") { complaint.element() } else { "" }
}

fn of_xml(complaint: &Complaint, language: Language) -> String {
    let Complaint { found, expected, kind, .. } = complaint;
    let (nb, nn, en) = match kind {
        Kind::NotMarkup => (
            format!("Dette er ikke en XML-fil: den begynner med «{found}»."),
            format!("Dette er ikkje ei XML-fil: ho byrjar med «{found}»."),
            format!("This is not an XML file: it begins with “{found}”."),
        ),
        Kind::UnknownEncoding => (
            format!("Tegnkodingen «{found}» er ukjent. Vi leser {expected}."),
            format!("Teiknkodinga «{found}» er ukjend. Vi les {expected}."),
            format!("The character encoding “{found}” is unknown. We read {expected}."),
        ),
        Kind::EncodingContradiction => (
            format!("Filen sier at tegnkodingen er «{found}», men den er {expected}. Eksporter filen på nytt."),
            format!("Fila seier at teiknkodinga er «{found}», men ho er {expected}. Eksporter fila på nytt."),
            format!("The file says that its encoding is “{found}”, but it is {expected}. Export the file again."),
        ),
        Kind::BadBytes => (
            format!("Her står det noe som ikke er tegn i filens tegnkoding ({found}). Eksporter filen på nytt."),
            format!("Her står det noko som ikkje er teikn i teiknkodinga til fila ({found}). Eksporter fila på nytt."),
            format!(
                "There is something here that is no character in the file's encoding ({found}). Export the file again."
            ),
        ),
        Kind::ForbiddenCharacter => (
            format!("Et tegn her er ikke lov i XML: {found}."),
            format!("Eit teikn her er ikkje lov i XML: {found}."),
            format!("A character here is not allowed in XML: {found}."),
        ),
        Kind::Declaration => (
            format!("XML-deklarasjonen er feil, eller den står ikke først: «{found}»."),
            format!("XML-deklarasjonen er feil, eller han står ikkje først: «{found}»."),
            format!("The XML declaration is wrong, or it does not come first: “{found}”."),
        ),
        Kind::Tag => (
            format!("Denne taggen er feil skrevet: «{found}»."),
            format!("Denne taggen er skriven feil: «{found}»."),
            format!("This tag is malformed: “{found}”."),
        ),
        Kind::Attribute => (
            format!("Et attributt er feil skrevet: «{found}»."),
            format!("Eit attributt er skrive feil: «{found}»."),
            format!("An attribute is malformed: “{found}”."),
        ),
        Kind::DuplicateAttribute => (
            format!("Attributtet «{found}» står to ganger."),
            format!("Attributtet «{found}» står to gonger."),
            format!("The attribute “{found}” is there twice."),
        ),
        Kind::WrongEnd => (
            format!("Her avsluttes «{found}», men det er «{expected}» som er åpent."),
            format!("Her blir «{found}» avslutta, men det er «{expected}» som er ope."),
            format!("“{found}” ends here, but it is “{expected}” that is open."),
        ),
        Kind::EndsEarly => (
            "Filen slutter midt i. Eksporten ble trolig avbrutt: eksporter på nytt.".into(),
            "Fila sluttar midt i. Eksporten vart truleg avbroten: eksporter på nytt.".into(),
            "The file ends in the middle. The export was probably interrupted: export again.".into(),
        ),
        Kind::Reference => (
            format!("«{found}»: tegnet & må skrives som &amp; i XML."),
            format!("«{found}»: teiknet & må skrivast som &amp; i XML."),
            format!("“{found}”: the character & must be written as &amp; in XML."),
        ),
        Kind::UnknownEntity => (
            format!("«{found}» er ikke definert i XML."),
            format!("«{found}» er ikkje definert i XML."),
            format!("“{found}” is not defined in XML."),
        ),
        Kind::Comment => (
            "En kommentar inneholder to bindestreker etter hverandre. Det er ikke lov i XML.".into(),
            "Ein kommentar inneheld to bindestrekar etter kvarandre. Det er ikkje lov i XML.".into(),
            "A comment contains two hyphens in a row. XML does not allow that.".into(),
        ),
        Kind::ProcessingInstruction => (
            format!("En behandlingsinstruksjon er feil skrevet: «{found}»."),
            format!("Ein behandlingsinstruksjon er skriven feil: «{found}»."),
            format!("A processing instruction is malformed: “{found}”."),
        ),
        Kind::Declared => (
            format!("«{found}» hører ikke hjemme her."),
            format!("«{found}» høyrer ikkje heime her."),
            format!("“{found}” does not belong here."),
        ),
        Kind::SectionEnd => (
            "Tegnene ]]> kan ikke stå i tekst i XML.".into(),
            "Teikna ]]> kan ikkje stå i tekst i XML.".into(),
            "The characters ]]> may not stand in text in XML.".into(),
        ),
        Kind::OutsideRoot => (
            format!("Her står det noe utenfor selve meldingen: «{found}»."),
            format!("Her står det noko utanfor sjølve meldinga: «{found}»."),
            format!("There is something outside the return itself: “{found}”."),
        ),
        Kind::UnknownPrefix => (
            format!("Prefikset i «{found}» er ikke deklarert."),
            format!("Prefikset i «{found}» er ikkje deklarert."),
            format!("The prefix of “{found}” is not declared."),
        ),
        Kind::NamespaceDeclaration => (
            format!("Navneromsdeklarasjonen «{found}» er ikke lov."),
            format!("Namneromsdeklarasjonen «{found}» er ikkje lov."),
            format!("The namespace declaration “{found}” is not allowed."),
        ),
        Kind::DocumentType => (
            "Filen har en dokumenttypedeklarasjon (DOCTYPE). Slike filer leses ikke, av hensyn til sikkerheten.".into(),
            "Fila har ein dokumenttypedeklarasjon (DOCTYPE). Slike filer blir ikkje lesne, av omsyn til tryggleiken."
                .into(),
            "The file has a document type declaration (DOCTYPE). Such files are not read, for safety.".into(),
        ),
        Kind::TooDeep => (
            "Filen har for mange elementer inni hverandre. En mva-melding har fem nivåer.".into(),
            "Fila har for mange element inni kvarandre. Ei mva-melding har fem nivå.".into(),
            "The file has too many elements within each other. A VAT return has five levels.".into(),
        ),
        Kind::TooManyLines => (
            "Filen har mer enn en million linjer.".into(),
            "Fila har meir enn ein million linjer.".into(),
            "The file has more than a million lines.".into(),
        ),
        // Every other kind has its sentence above; this one is true of any.
        _ => (
            format!("Uventet innhold: «{found}»."),
            format!("Uventa innhald: «{found}»."),
            format!("Unexpected content: “{found}”."),
        ),
    };
    pick(language, nb, nn, en)
}
