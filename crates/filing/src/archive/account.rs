//! What happened to a filing, as a text that a person reads years later.

use jiff::{Timestamp, tz::TimeZone};
use shown::Shown;
use vat_return::{Language, explain};

use crate::{
    filings::Filing,
    table::{Payable, invented},
    view::{EnvironmentName, TimelineEvent, Verdict},
};

/// The account of a filing.
pub(super) fn of(filing: &Filing, events: &[(Timestamp, TimelineEvent)], language: Language) -> String {
    let say = |nb: &'static str, nn: &'static str, en: &'static str| match language {
        Language::Nb => nb,
        Language::Nn => nn,
        Language::En => en,
    };
    let subject = &filing.subject;
    let title = say("Innsending av mva-melding", "Innsending av mva-melding", "Filing of a VAT return");
    let mut lines = vec![match subject.environment {
        EnvironmentName::Production => title.to_owned(),
        environment => {
            let nothing = say(
                "ingenting er levert, og ingenting skal betales",
                "ingenting er levert, og ingenting skal betalast",
                "nothing has been delivered, and nothing is to be paid",
            );
            format!("{}: {title} ({nothing})", invented(environment, language))
        }
    }];
    let mut row = |label: &str, value: String| lines.push(format!("  {label}: {}", Shown::line(&value)));
    let company = filing.company_name.as_ref().map_or_else(String::new, |name| format!("{name}, "));
    row(say("Virksomhet", "Verksemd", "Company"), format!("{company}{}", subject.org_number));
    row(say("Periode", "Periode", "Period"), subject.period.in_words(language));
    row(
        say("Fastsatt merverdiavgift", "Fastsett meirverdiavgift", "Assessed VAT"),
        format!("{} kr", explain::amount(filing.assessed_vat)),
    );
    if filing.correction {
        row(say("Gjelder", "Gjeld", "Concerns"), say("ny versjon", "ny versjon", "a new version").to_owned());
    }
    row(say("Sendt inn av", "Sendt inn av", "Filed by"), filing.filed_by.clone());
    if let Some(name) = &filing.signed_by {
        row(say("Signert av", "Signert av", "Signed by"), name.clone());
    }
    if let Some(instance) = &filing.instance {
        row(say("Referanse i Altinn", "Referanse i Altinn", "Reference in Altinn"), instance.to_string());
    }
    row(say("Fil", "Fil", "File"), format!("{} (SHA-256 {})", filing.file_name, filing.sha256));
    if let Some(verdict) = filing.verdict {
        row(
            say("Skatteetatens svar", "Svaret frå Skatteetaten", "Skatteetaten's answer"),
            answer(verdict, language).to_owned(),
        );
    }
    if let Some(payment) = Payable::of(filing).payment() {
        row(say("Beløp", "Beløp", "Amount"), format!("{} kr", explain::amount(payment.amount)));
        if let Some(kid) = &payment.kid {
            row("KID", kid.to_string());
        }
        if let Some(account) = &payment.account {
            row(say("Konto", "Konto", "Account"), account.clone());
        }
        if let Some(due) = payment.due {
            row(say("Betalingsfrist", "Betalingsfrist", "Due"), explain::day(due, language));
        }
    }
    lines.push(String::new());
    let oslo = TimeZone::get("Europe/Oslo").unwrap_or(TimeZone::UTC);
    for (at, event) in events {
        let at = at.to_zoned(oslo.clone()).strftime("%Y-%m-%d %H:%M:%S").to_string();
        lines.push(format!("{at}  {}", sentence(*event, language)));
    }
    lines.push(String::new());
    lines.join("\n")
}

fn answer(verdict: Verdict, language: Language) -> &'static str {
    let [nb, nn, en] = match verdict {
        Verdict::Accepted => ["godtatt, ingen avvik", "godteken, ingen avvik", "accepted, no deviations"],
        Verdict::Deviating => ["godtatt, med avvik", "godteken, med avvik", "accepted, with deviations"],
        Verdict::Incomplete => ["godtatt, mangelfull", "godteken, mangelfull", "accepted, incomplete"],
        Verdict::Invalid => ["avvist som ugyldig", "avvist som ugyldig", "rejected as invalid"],
        Verdict::Unknown => {
            ["sier noe ukjent og må ses på", "seier noko ukjent og må sjåast på", "says something unknown: look at it"]
        }
        Verdict::Unreadable => {
            ["kan ikke leses og må ses på", "kan ikkje lesast og må sjåast på", "cannot be read: look at it"]
        }
        Verdict::Missing => ["mangler", "manglar", "missing"],
    };
    match language {
        Language::Nb => nb,
        Language::Nn => nn,
        Language::En => en,
    }
}

fn sentence(event: TimelineEvent, language: Language) -> &'static str {
    let [nb, nn, en] = match event {
        TimelineEvent::Read => ["Filen ble lest.", "Fila vart lesen.", "The file was read."],
        TimelineEvent::Checked => [
            "Skatteetaten kontrollerte meldingen.",
            "Skatteetaten kontrollerte meldinga.",
            "The Tax Administration checked the return.",
        ],
        TimelineEvent::Created => [
            "Innsendingen ble opprettet i Altinn.",
            "Innsendinga vart oppretta i Altinn.",
            "The filing was created in Altinn.",
        ],
        TimelineEvent::Uploaded => [
            "Konvolutt og melding ble lastet opp.",
            "Konvolutt og melding vart lasta opp.",
            "Envelope and return were uploaded.",
        ],
        TimelineEvent::Attached => {
            ["Vedleggene ble lastet opp.", "Vedlegga vart lasta opp.", "The attachments were uploaded."]
        }
        TimelineEvent::Filled => ["Utfyllingen ble fullført.", "Utfyllinga vart fullført.", "The form was completed."],
        TimelineEvent::Confirmed => [
            "Meldingen ble bekreftet og levert.",
            "Meldinga vart stadfesta og levert.",
            "The return was confirmed and delivered.",
        ],
        TimelineEvent::Received => [
            "Skatteetaten bekreftet mottaket.",
            "Skatteetaten stadfesta mottaket.",
            "The Tax Administration confirmed that it was received.",
        ],
        TimelineEvent::Fetched => [
            "Kvittering og betalingsinformasjon ble hentet.",
            "Kvittering og betalingsinformasjon vart henta.",
            "Receipt and payment information were fetched.",
        ],
        TimelineEvent::Resumed => [
            "Innsendingen fortsatte der den stod hos Altinn.",
            "Innsendinga heldt fram der ho stod hos Altinn.",
            "The filing went on from where it stood at Altinn.",
        ],
        TimelineEvent::Waited => ["Innsendingen måtte vente.", "Innsendinga måtte vente.", "The filing had to wait."],
        TimelineEvent::Refused => ["Innsendingen ble avvist.", "Innsendinga vart avvist.", "The filing was refused."],
        TimelineEvent::Abandoned => [
            "Innsendingen ble avbrutt før levering.",
            "Innsendinga vart avbroten før levering.",
            "The filing was given up before delivery.",
        ],
        TimelineEvent::Rejected => [
            "Skatteetaten avviste den leverte meldingen.",
            "Skatteetaten avviste den leverte meldinga.",
            "The Tax Administration rejected the delivered return.",
        ],
        TimelineEvent::Unclear => [
            "Svaret fra Skatteetaten mangler eller kan ikke forstås.",
            "Svaret frå Skatteetaten manglar eller kan ikkje forståast.",
            "The Tax Administration's answer is missing or cannot be understood.",
        ],
        TimelineEvent::Reviewed => [
            "Svaret i arkivet ble lest på nytt.",
            "Svaret i arkivet vart lese på nytt.",
            "The answer in the archive was read once more.",
        ],
    };
    match language {
        Language::Nb => nb,
        Language::Nn => nn,
        Language::En => en,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::{archive::tests::filing, filings::Payment, view::FilingState};

    #[test]
    fn nobody_can_pay_by_the_account_of_a_practice_filing() {
        let mut own = filing("one");
        own.state = FilingState::Received;
        own.payment = Some(Payment {
            amount: 79_857.into(),
            kid: vat_return::PaymentKid::new("0311797816202605"),
            account: Some("12345678903".into()),
            due: Some("2026-12-10".parse().unwrap()),
        });
        let real = of(&own, &[], Language::Nb);
        assert!(real.starts_with("Innsending av mva-melding\n") && real.contains("KID: 0311797816202605"), "{real}");
        for (environment, word) in [(EnvironmentName::Practice, "ØVING"), (EnvironmentName::Test, "TEST")] {
            own.subject.environment = environment;
            let account = of(&own, &[], Language::Nb);
            assert!(account.starts_with(word), "{account}");
            for secret in ["0311797816202605", "12345678903", "2026-12-10", "10. desember"] {
                assert!(!account.contains(secret), "{account}");
            }
        }
        // What came before the verdict is provisional.
        own.subject.environment = EnvironmentName::Production;
        own.state = FilingState::WaitingAnswer;
        assert!(!of(&own, &[], Language::Nb).contains("KID"));
    }
}
