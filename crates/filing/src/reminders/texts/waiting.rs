//! What is said of filings that wait for a person or for an authority.

use vat_return::Language;

use super::{Said, company_of, filings_of, named, say, to};
use crate::{
    reminders::facts::{Fact, Why},
    view::{Delivered, TargetPlace},
};

pub(super) fn waiting(why: Why, facts: &[&Fact], language: Language) -> Said {
    let filings = filings_of(facts);
    let n = filings.len();
    let names: Vec<String> = filings.iter().map(|filing| company_of(filing)).collect();
    let unknown = filings.iter().any(|filing| filing.delivered == Delivered::Unknown);
    let (title, text, target) = match filings.as_slice() {
        [one] => {
            let (name, period) = (company_of(one), one.subject.period.in_words(language));
            let title = match why {
                Why::Refused => say(
                    language,
                    format!("{name}: innsendingen ble avvist"),
                    format!("{name}: innsendinga vart avvist"),
                    format!("{name}: the filing was refused"),
                ),
                Why::Rejected => say(
                    language,
                    format!("{name}: Skatteetaten avviste mva-meldingen"),
                    format!("{name}: Skatteetaten avviste mva-meldinga"),
                    format!("{name}: the Tax Administration rejected the return"),
                ),
                Why::Unclear => say(
                    language,
                    format!("{name}: svaret fra Skatteetaten må ses på"),
                    format!("{name}: svaret frå Skatteetaten må sjåast på"),
                    format!("{name}: the Tax Administration's answer must be looked at"),
                ),
                Why::Signature => say(
                    language,
                    format!("{name} venter på signering"),
                    format!("{name} ventar på signering"),
                    format!("{name} waits for a signature"),
                ),
                Why::SignIn => say(
                    language,
                    format!("{name} venter på at du logger inn"),
                    format!("{name} ventar på at du loggar inn"),
                    format!("{name} waits for you to sign in"),
                ),
                Why::Answer => say(
                    language,
                    format!("Kvitteringen for {name} lar vente på seg"),
                    format!("Kvitteringa for {name} lèt vente på seg"),
                    format!("The receipt for {name} is late"),
                ),
                Why::Other => say(
                    language,
                    format!("Innsendingen for {name} venter"),
                    format!("Innsendinga for {name} ventar"),
                    format!("The filing for {name} waits"),
                ),
            };
            let text = consequence(why, unknown, language);
            (title, format!("{period}. {text}"), to(TargetPlace::History, Some(one.id.to_string())))
        }
        _ => {
            let what = match why {
                Why::Refused => say(
                    language,
                    format!("{n} innsendinger ble avvist"),
                    format!("{n} innsendingar vart avviste"),
                    format!("{n} filings were refused"),
                ),
                Why::Rejected => say(
                    language,
                    format!("Skatteetaten avviste {n} mva-meldinger"),
                    format!("Skatteetaten avviste {n} mva-meldingar"),
                    format!("Skatteetaten rejected {n} returns"),
                ),
                Why::Unclear => say(
                    language,
                    format!("{n} svar fra Skatteetaten må ses på"),
                    format!("{n} svar frå Skatteetaten må sjåast på"),
                    format!("{n} of the Tax Administration's answers must be looked at"),
                ),
                Why::Signature => say(
                    language,
                    format!("{n} innsendinger venter på signering"),
                    format!("{n} innsendingar ventar på signering"),
                    format!("{n} filings wait for a signature"),
                ),
                Why::SignIn => say(
                    language,
                    format!("{n} innsendinger venter på at du logger inn"),
                    format!("{n} innsendingar ventar på at du loggar inn"),
                    format!("{n} filings wait for you to sign in"),
                ),
                Why::Answer => say(
                    language,
                    format!("{n} kvitteringer lar vente på seg"),
                    format!("{n} kvitteringar lèt vente på seg"),
                    format!("{n} receipts are late"),
                ),
                Why::Other => say(
                    language,
                    format!("{n} innsendinger venter"),
                    format!("{n} innsendingar ventar"),
                    format!("{n} filings wait"),
                ),
            };
            let text = consequence(why, unknown, language);
            (what, format!("{}. {text}", named(names, language)), to(TargetPlace::History, None))
        }
    };
    Said { title, text, late: matches!(why, Why::Refused | Why::Rejected), target }
}

/// Whether anything was delivered, and what to do.
fn consequence(why: Why, unknown: bool, language: Language) -> String {
    match why {
        Why::Answer => say(
            language,
            "Levert, og fristen er holdt. Momsbud spør videre etter kvitteringen.".into(),
            "Levert, og fristen er halden. Momsbud spør vidare etter kvitteringa.".into(),
            "Filed, and the deadline is met. Momsbud keeps asking for the receipt.".into(),
        ),
        Why::Rejected => say(
            language,
            "Levert, men avvist: perioden er fortsatt åpen. Rett meldingen og send på nytt.".into(),
            "Levert, men avvist: perioden er framleis open. Rett meldinga og send på nytt.".into(),
            "Delivered, but rejected: the period is still open. Correct the return and file it again.".into(),
        ),
        Why::Unclear => say(
            language,
            "Levert, men det er ikke klart om meldingen er godtatt. Åpne svaret og se hva som står der.".into(),
            "Levert, men det er ikkje klart om meldinga er godteken. Opne svaret og sjå kva som står der.".into(),
            "Delivered, but it is not clear whether the return is accepted. Open the answer and see what it says."
                .into(),
        ),
        _ if unknown => say(
            language,
            "Det er ikke avklart om alt er levert. Momsbud finner det ut før noe sendes på nytt.".into(),
            "Det er ikkje avklart om alt er levert. Momsbud finn det ut før noko blir sendt på nytt.".into(),
            "It is not settled whether everything was filed. Momsbud finds out before anything is sent again.".into(),
        ),
        Why::Refused => say(
            language,
            "Ikke levert. Se hva som må rettes.".into(),
            "Ikkje levert. Sjå kva som må rettast.".into(),
            "Not filed. See what must be corrected.".into(),
        ),
        Why::Signature => say(
            language,
            "Fylt ut, men ikke levert før noen med rett til det har signert.".into(),
            "Fylt ut, men ikkje levert før nokon med rett til det har signert.".into(),
            "Filled in, but not filed until somebody with the right to has signed.".into(),
        ),
        Why::SignIn => say(
            language,
            "Ikke levert. Momsbud fortsetter når du har logget inn.".into(),
            "Ikkje levert. Momsbud held fram når du har logga inn.".into(),
            "Not filed. Momsbud goes on when you have signed in.".into(),
        ),
        Why::Other => say(
            language,
            "Ikke levert. Se hva som mangler.".into(),
            "Ikkje levert. Sjå kva som manglar.".into(),
            "Not filed. See what is missing.".into(),
        ),
    }
}
