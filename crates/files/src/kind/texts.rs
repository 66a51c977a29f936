//! What each kind is called, and what to do with it.

use super::FileKind;
use vat_return::Language;

/// A text in bokmål, nynorsk and English.
type Texts = [&'static str; 3];

pub(super) fn title(kind: FileKind, language: Language) -> &'static str {
    pick(texts(kind).0, language)
}

pub(super) fn advice(kind: FileKind, language: Language) -> &'static str {
    pick(texts(kind).1, language)
}

fn pick([nb, nn, en]: Texts, language: Language) -> &'static str {
    match language {
        Language::Nb => nb,
        Language::Nn => nn,
        Language::En => en,
    }
}

/// Title and advice.
fn texts(kind: FileKind) -> (Texts, Texts) {
    match kind {
        FileKind::Return => (
            ["Dette er en mva-melding.", "Dette er ei mva-melding.", "This is a VAT return."],
            ["Kontroller den og send den inn.", "Kontroller ho og send ho inn.", "Check it and file it."],
        ),
        FileKind::Envelope => (
            [
                "Dette er konvolutten til en innsending, ikke selve mva-meldingen.",
                "Dette er konvolutten til ei innsending, ikkje sjølve mva-meldinga.",
                "This is the envelope of a submission, not the VAT return itself.",
            ],
            [
                "Åpne mva-meldingen som ligger ved siden av. Momsbud lager konvolutten selv.",
                "Opne mva-meldinga som ligg ved sida av. Momsbud lagar konvolutten sjølv.",
                "Open the VAT return that lies beside it. Momsbud makes the envelope itself.",
            ],
        ),
        FileKind::ValidationResult => (
            [
                "Dette er Skatteetatens svar på en mva-melding (valideringsresultat).",
                "Dette er svaret frå Skatteetaten på ei mva-melding (valideringsresultat).",
                "This is the Tax Administration's verdict on a VAT return (valideringsresultat).",
            ],
            [
                "Les svaret her. Er meldingen ugyldig, rett den i regnskapssystemet og send den på nytt.",
                "Les svaret her. Er meldinga ugyldig, rett ho i rekneskapssystemet og send ho på nytt.",
                "Read the verdict here. If the return is invalid, correct it in the accounting system and file it again.",
            ],
        ),
        FileKind::PaymentInformation => (
            [
                "Dette er betalingsinformasjonen til en mva-melding.",
                "Dette er betalingsinformasjonen til ei mva-melding.",
                "This is the payment information of a VAT return.",
            ],
            [
                "Les den her. Beløpet gjelder først når Skatteetaten har godtatt meldingen; det står i valideringsresultatet.",
                "Les han her. Beløpet gjeld først når Skatteetaten har godteke meldinga; det står i valideringsresultatet.",
                "Read it here. The amount holds only when the Tax Administration has accepted the return; the validation result says so.",
            ],
        ),
        FileKind::Receipt => (
            [
                "Dette ser ut som en kvittering for noe som er sendt inn.",
                "Dette ser ut som ei kvittering for noko som er sendt inn.",
                "This looks like the receipt of something that was filed.",
            ],
            [
                "Det er ingenting å sende inn i den. Se Historikk for det Momsbud har sendt inn.",
                "Det er ingenting å sende inn i ho. Sjå Historikk for det Momsbud har sendt inn.",
                "There is nothing in it to file. See History for what Momsbud has filed.",
            ],
        ),
        FileKind::ReturnedReturn => (
            [
                "Dette er en mva-melding slik Skatteetaten gir den ut igjen, ikke slik den sendes inn.",
                "Dette er ei mva-melding slik Skatteetaten gir ho ut igjen, ikkje slik ho blir send inn.",
                "This is a VAT return as the Tax Administration gives it out again, not as it is filed.",
            ],
            [
                "Eksporter meldingen fra regnskapssystemet for å sende den inn.",
                "Eksporter meldinga frå rekneskapssystemet for å sende ho inn.",
                "Export the return from the accounting system to file it.",
            ],
        ),
        FileKind::SafTFinancial => (
            [
                "Dette er en SAF-T-fil: hele regnskapet, ikke en mva-melding.",
                "Dette er ei SAF-T-fil: heile rekneskapen, ikkje ei mva-melding.",
                "This is a SAF-T file: the whole accounts, not a VAT return.",
            ],
            [
                "En mva-melding kan lages av den: slipp den på vinduet, eller bruk momsbud-cli saft. Eller eksporter mva-meldingen fra regnskapssystemet.",
                "Ei mva-melding kan lagast av ho: slepp ho på vindauget, eller bruk momsbud-cli saft. Eller eksporter mva-meldinga frå rekneskapssystemet.",
                "A VAT return can be made of it: drop it on the window, or use momsbud-cli saft. Or export the VAT return from the accounting system.",
            ],
        ),
        FileKind::SafTCashRegister => (
            [
                "Dette er en SAF-T-fil fra et kassasystem.",
                "Dette er ei SAF-T-fil frå eit kassasystem.",
                "This is a SAF-T file of a cash register.",
            ],
            [
                "Den har ingen mva-melding i seg. Eksporter mva-meldingen fra regnskapssystemet.",
                "Ho har inga mva-melding i seg. Eksporter mva-meldinga frå rekneskapssystemet.",
                "There is no VAT return in it. Export the VAT return from the accounting system.",
            ],
        ),
        FileKind::OldForm => (
            [
                "Dette er den gamle omsetningsoppgaven (RF-0002), som ble brukt til og med 2021.",
                "Dette er den gamle omsetningsoppgåva (RF-0002), som vart brukt til og med 2021.",
                "This is the old turnover statement (RF-0002), which was used until the end of 2021.",
            ],
            [
                "Den kan ikke sendes inn lenger. Eksporter mva-meldingen i det nye formatet fra regnskapssystemet.",
                "Ho kan ikkje sendast inn lenger. Eksporter mva-meldinga i det nye formatet frå rekneskapssystemet.",
                "It cannot be filed any more. Export the VAT return in the new format from the accounting system.",
            ],
        ),
        FileKind::WebPage => (
            [
                "Dette er en nettside (HTML) som er lagret som fil.",
                "Dette er ei nettside (HTML) som er lagra som fil.",
                "This is a web page (HTML) that was saved as a file.",
            ],
            [
                "Logg inn i portalen igjen og last ned selve mva-meldingen (XML).",
                "Logg inn i portalen igjen og last ned sjølve mva-meldinga (XML).",
                "Sign in to the portal again and download the VAT return itself (XML).",
            ],
        ),
        FileKind::Zip => packed([
            "Dette er en zip-fil uten mva-melding i seg.",
            "Dette er ei zip-fil utan mva-melding i seg.",
            "This is a zip file without a VAT return in it.",
        ]),
        FileKind::Gzip => packed([
            "Dette er en gzip-fil uten mva-melding i seg.",
            "Dette er ei gzip-fil utan mva-melding i seg.",
            "This is a gzip file without a VAT return in it.",
        ]),
        FileKind::OtherPacked => (
            [
                "Dette er en pakket fil (RAR, 7-Zip, tar eller liknende).",
                "Dette er ei pakka fil (RAR, 7-Zip, tar eller liknande).",
                "This is a packed file (RAR, 7-Zip, tar or the like).",
            ],
            [
                "Pakk den ut først, og åpne mva-meldingen i den.",
                "Pakk ho ut først, og opne mva-meldinga i ho.",
                "Unpack it first, and open the VAT return in it.",
            ],
        ),
        FileKind::Email => (
            [
                "Dette er en e-post som er lagret som fil.",
                "Dette er ein e-post som er lagra som fil.",
                "This is an e-mail that was saved as a file.",
            ],
            [
                "Åpne e-posten, lagre mva-meldingen som er vedlagt (XML), og åpne den.",
                "Opne e-posten, lagre mva-meldinga som er lagd ved (XML), og opne ho.",
                "Open the e-mail, save the VAT return that is attached (XML), and open that.",
            ],
        ),
        FileKind::OwnArchive => (
            [
                "Dette er Momsbuds eget arkiv over det som er sendt inn.",
                "Dette er Momsbud sitt eige arkiv over det som er sendt inn.",
                "This is Momsbud's own archive of what has been filed.",
            ],
            [
                "Se det i Historikk (momsbud-cli history). Skal en melding derfra sendes på nytt, åpne filen mva-melding.xml selv.",
                "Sjå det i Historikk (momsbud-cli history). Skal ei melding derfrå sendast på nytt, opne fila mva-melding.xml sjølv.",
                "See it in History (momsbud-cli history). To file a return from there again, open its file mva-melding.xml itself.",
            ],
        ),
        FileKind::AppleDouble => (
            [
                "Dette er en hjelpefil fra macOS, ikke selve filen.",
                "Dette er ei hjelpefil frå macOS, ikkje sjølve fila.",
                "This is a helper file of macOS, not the file itself.",
            ],
            [
                "Åpne filen med samme navn uten «._» foran.",
                "Opne fila med same namn utan «._» føre.",
                "Open the file of the same name without “._” before it.",
            ],
        ),
        FileKind::Spreadsheet => export([
            "Dette er et regneark, ikke en mva-melding.",
            "Dette er eit rekneark, ikkje ei mva-melding.",
            "This is a spreadsheet, not a VAT return.",
        ]),
        FileKind::TextDocument => export([
            "Dette er et tekstdokument (Word eller liknende), ikke en mva-melding.",
            "Dette er eit tekstdokument (Word eller liknande), ikkje ei mva-melding.",
            "This is a text document (Word or the like), not a VAT return.",
        ]),
        FileKind::Presentation => export([
            "Dette er en presentasjon, ikke en mva-melding.",
            "Dette er ein presentasjon, ikkje ei mva-melding.",
            "This is a presentation, not a VAT return.",
        ]),
        FileKind::Pdf => export([
            "Dette er en PDF, ikke en mva-melding.",
            "Dette er ein PDF, ikkje ei mva-melding.",
            "This is a PDF, not a VAT return.",
        ]),
        FileKind::Image => export([
            "Dette er et bilde, ikke en mva-melding.",
            "Dette er eit bilete, ikkje ei mva-melding.",
            "This is a picture, not a VAT return.",
        ]),
        FileKind::Json => export([
            "Dette er en JSON-fil, ikke en mva-melding.",
            "Dette er ei JSON-fil, ikkje ei mva-melding.",
            "This is a JSON file, not a VAT return.",
        ]),
        FileKind::Text => export([
            "Dette er tekst, ikke en mva-melding.",
            "Dette er tekst, ikkje ei mva-melding.",
            "This is text, not a VAT return.",
        ]),
        FileKind::Xml => export([
            "Dette er XML, men ikke en mva-melding.",
            "Dette er XML, men ikkje ei mva-melding.",
            "This is XML, but not a VAT return.",
        ]),
        FileKind::Program => export([
            "Dette er et program, ikke en mva-melding.",
            "Dette er eit program, ikkje ei mva-melding.",
            "This is a program, not a VAT return.",
        ]),
        FileKind::Empty => export(["Filen er tom.", "Fila er tom.", "The file is empty."]),
        FileKind::Unknown => export([
            "Dette er ikke en mva-melding, og ikke et format Momsbud kjenner.",
            "Dette er ikkje ei mva-melding, og ikkje eit format Momsbud kjenner.",
            "This is not a VAT return, and no format that Momsbud knows.",
        ]),
    }
}

fn export(title: Texts) -> (Texts, Texts) {
    let advice = [
        "Eksporter mva-meldingen som XML fra regnskapssystemet.",
        "Eksporter mva-meldinga som XML frå rekneskapssystemet.",
        "Export the VAT return as XML from the accounting system.",
    ];
    (title, advice)
}

fn packed(title: Texts) -> (Texts, Texts) {
    let advice = [
        "Eksporter mva-meldingen på nytt, og se at det er den som blir pakket.",
        "Eksporter mva-meldinga på nytt, og sjå at det er ho som blir pakka.",
        "Export the VAT return again, and see that it is what gets packed.",
    ];
    (title, advice)
}
