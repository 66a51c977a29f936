//! The sentences of complaints, in words.
//!
//! They say what stands in the file and what should, in words a bookkeeper knows; names of elements stay as the
//! file has them, because that is what the accounting system's support will ask for.

use crate::complaint::{Complaint, ComplaintKind as Kind, Rejection};
use crate::invisible;
use crate::language::Language;

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
        Rejection::Empty => crate::text(language, "complaint.theFileIsEmpty").to_owned(),
        Rejection::TooLarge { size } => {
            let megabytes = size.div_ceil(1_000_000);
            crate::filled(language, "complaint.theFileHasMbA", &[("megabytes", &megabytes)])
        }
        Rejection::NotXml(complaint) | Rejection::UnsafeXml(complaint) | Rejection::NotAReturn(complaint) => {
            sentence(complaint, language)
        }
        Rejection::Structure(complaints) => match complaints.as_slice() {
            [only] => sentence(only, language),
            all => {
                let count = all.len();
                crate::filled(language, "complaint.theFileDoesNotFollow", &[("count", &count)])
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
    let is = if found.is_empty() {
        crate::filled(language, "complaint.isEmpty", &[("name", &name)])
    } else {
        crate::filled(language, "complaint.is", &[("name", &name), ("found", &found)])
    };
    let text = match kind {
        Kind::TooLong { limit } => crate::filled(
            language,
            "complaint.hasCharactersThereIsRoom",
            &[("name", &name), ("found", &found), ("limit", &limit)],
        ),
        Kind::Digits { count } => {
            crate::filled(language, "complaint.itMustBeDigitsAnd", &[("is", &is), ("count", &count)])
        }
        Kind::NotListed => crate::filled(language, "complaint.itMustBeOneOf", &[("is", &is), ("expected", &expected)]),
        Kind::NotNumber => crate::filled(language, "complaint.whichIsNotANumber", &[("is", &is)]),
        Kind::NotWhole => crate::filled(language, "complaint.whichIsNotAWhole", &[("is", &is)]),
        Kind::NotYear => crate::filled(language, "complaint.itMustBeAYear", &[("is", &is)]),
        Kind::NotDate => crate::filled(language, "complaint.itMustBeADateSuch", &[("is", &is)]),
        Kind::NotMoment => crate::filled(language, "complaint.itMustBeADate", &[("is", &is)]),
        _ => return None,
    };
    Some(text)
}

fn of_structure(complaint: &Complaint, language: Language) -> Option<String> {
    let Complaint { found, expected, kind, .. } = complaint;
    let or = crate::text(language, "complaint.or");
    let expected = &expected.replace(" | ", or);
    let name = complaint.element();
    // The element around the one the complaint is about.
    let around = complaint.path.rsplit('/').nth(1).unwrap_or_default();
    let around = around.split('[').next().unwrap_or_default();
    let text = match kind {
        Kind::OtherDocument if found.is_empty() => {
            crate::filled(language, "complaint.lacksTheNamespace", &[("name", &name), ("expected", &expected)])
        }
        Kind::OtherDocument if name == expected_name(complaint) => {
            crate::filled(language, "complaint.theFileIsNotA", &[("found", &found), ("expected", &expected)])
        }
        Kind::OtherDocument if expected == "mvaMeldingDto" => {
            crate::filled(language, "complaint.thisIsNotAVat", &[("found", &found)])
        }
        Kind::OtherDocument => {
            crate::filled(language, "complaint.theFileBeginsWithNot", &[("found", &found), ("expected", &expected)])
        }
        Kind::UnknownElement if expected.is_empty() => {
            crate::filled(language, "complaint.doesNotBelongIn", &[("found", &found), ("around", &around)])
        }
        Kind::UnknownElement => crate::filled(
            language,
            "complaint.doesNotBelongInThis",
            &[("found", &found), ("around", &around), ("expected", &expected)],
        ),
        Kind::Misplaced if expected.is_empty() => {
            crate::filled(language, "complaint.isInTheWrongPlaceIn", &[("found", &found), ("around", &around)])
        }
        Kind::Misplaced => crate::filled(
            language,
            "complaint.isInTheWrongPlace",
            &[("found", &found), ("around", &around), ("expected", &expected)],
        ),
        Kind::Missing if found.is_empty() => {
            crate::filled(language, "complaint.missingIn", &[("name", &name), ("expected", &expected)])
        }
        Kind::Missing => {
            crate::filled(language, "complaint.missingBefore", &[("found", &found), ("expected", &expected)])
        }
        Kind::WrongNamespace if found.is_empty() => {
            crate::filled(language, "complaint.lacksTheNamespace", &[("name", &name), ("expected", &expected)])
        }
        Kind::WrongNamespace => crate::filled(
            language,
            "complaint.hasTheNamespaceItMust",
            &[("name", &name), ("found", &found), ("expected", &expected)],
        ),
        Kind::UnknownAttribute => {
            crate::filled(language, "complaint.hasAnAttributeThatThe", &[("name", &name), ("found", &found)])
        }
        Kind::Nil => crate::filled(language, "complaint.isMarkedAsEmptyBy", &[("name", &name), ("found", &found)]),
        Kind::Type => crate::filled(
            language,
            "complaint.hasTheTypeItMust",
            &[("name", &name), ("found", &found), ("expected", &expected)],
        ),
        Kind::StrayText => {
            crate::filled(language, "complaint.thereIsStrayTextIn", &[("name", &name), ("found", &found)])
        }
        Kind::ElementInValue => {
            crate::filled(language, "complaint.shouldHaveAValueBut", &[("around", &around), ("found", &found)])
        }
        _ => return None,
    };
    Some(text)
}

/// The root's name if only its namespace is wrong: then the complaint names two namespaces.
fn expected_name(complaint: &Complaint) -> &str {
    if complaint.expected.starts_with("no:") { complaint.element() } else { "" }
}

fn of_xml(complaint: &Complaint, language: Language) -> String {
    let Complaint { found, expected, kind, .. } = complaint;
    match kind {
        Kind::NotMarkup if found.is_empty() => crate::text(language, "complaint.neitherXmlNorText").to_owned(),
        Kind::NotMarkup => crate::filled(language, "complaint.thisIsNotAnXml", &[("found", &found)]),
        Kind::UnknownEncoding => crate::filled(
            language,
            "complaint.theCharacterEncodingIsUnknown",
            &[("found", &found), ("expected", &expected)],
        ),
        Kind::EncodingContradiction => {
            crate::filled(language, "complaint.theFileSaysThatIts", &[("found", &found), ("expected", &expected)])
        }
        Kind::BadBytes => crate::filled(language, "complaint.thereIsSomethingHereThat", &[("found", &found)]),
        Kind::ForbiddenCharacter => crate::filled(language, "complaint.aCharacterHereIsNot", &[("found", &found)]),
        Kind::Declaration => crate::filled(language, "complaint.theXmlDeclarationIsWrong", &[("found", &found)]),
        Kind::Tag => crate::filled(language, "complaint.thisTagIsMalformed", &[("found", &found)]),
        Kind::Attribute => crate::filled(language, "complaint.anAttributeIsMalformed", &[("found", &found)]),
        Kind::DuplicateAttribute => crate::filled(language, "complaint.theAttributeIsThereTwice", &[("found", &found)]),
        Kind::WrongEnd => {
            crate::filled(language, "complaint.endsHereButItIs", &[("found", &found), ("expected", &expected)])
        }
        Kind::EndsEarly => crate::text(language, "complaint.theFileEndsInThe").to_owned(),
        Kind::Reference => crate::filled(language, "complaint.theCharacterMustBeWritten", &[("found", &found)]),
        Kind::UnknownEntity => crate::filled(language, "complaint.isNotDefinedInXml", &[("found", &found)]),
        Kind::Comment => crate::text(language, "complaint.aCommentContainsTwoHyphens").to_owned(),
        Kind::ProcessingInstruction => {
            crate::filled(language, "complaint.aProcessingInstructionIsMalformed", &[("found", &found)])
        }
        Kind::Declared => crate::filled(language, "complaint.doesNotBelongHere", &[("found", &found)]),
        Kind::SectionEnd => crate::text(language, "complaint.theCharactersMayNotStand").to_owned(),
        Kind::OutsideRoot => crate::filled(language, "complaint.thereIsSomethingOutsideThe", &[("found", &found)]),
        Kind::UnknownPrefix => crate::filled(language, "complaint.thePrefixOfIsNot", &[("found", &found)]),
        Kind::NamespaceDeclaration => {
            crate::filled(language, "complaint.theNamespaceDeclarationIsNot", &[("found", &found)])
        }
        Kind::DocumentType => crate::text(language, "complaint.theFileHasADocument").to_owned(),
        Kind::TooDeep => crate::text(language, "complaint.theFileHasTooMany").to_owned(),
        Kind::TooManyLines => crate::text(language, "complaint.theFileHasMoreThan").to_owned(),
        // Every other kind has its sentence above; this one is true of any.
        _ => crate::filled(language, "complaint.unexpectedContent", &[("found", &found)]),
    }
}
