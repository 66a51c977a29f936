//! What happened to a filing, as a text that a person reads years later.

use jiff::{Timestamp, tz::TimeZone};
use shown::Shown;
use vat_return::{Language, explain};
use view::{EnvironmentName, TimelineEvent, Verdict};

use crate::{
    filings::Filing,
    table::{Payable, invented},
};

/// The account of a filing.
pub(super) fn of(
    filing: &Filing,
    events: &[(Timestamp, TimelineEvent)],
    left_out: &[String],
    language: Language,
) -> String {
    // Named whole, so that a new field is either told here or left out knowingly.
    let Filing {
        subject,
        company_name,
        assessed_vat,
        sha256,
        file_name,
        filed_by,
        signed_by,
        correction,
        instance,
        verdict,
        // Told by `Payable`, which knows what there is to pay.
        payment: _,
        // Told by the events, which are below.
        state: _,
        step: _,
        delivered: _,
        problem: _,
        begun_at: _,
        delivered_at: _,
        replaced: _,
        // Of no use to who reads it.
        number: _,
        id: _,
        authorization: _,
        substatus: _,
        archive_folder: _,
        files: _,
    } = filing;
    let title = crate::text(language, "archive.account.filingOfAVatReturn");
    let mut lines = vec![match subject.environment {
        EnvironmentName::Production => title.to_owned(),
        environment => {
            let nothing = crate::text(language, "archive.account.nothingHasBeenDeliveredAnd");
            format!("{}: {title} ({nothing})", invented(environment, language))
        }
    }];
    let mut row = |label: &str, value: String| lines.push(format!("  {label}: {}", Shown::line(&value)));
    let company = company_name.as_ref().map_or_else(String::new, |name| format!("{name}, "));
    row(crate::text(language, "archive.account.company"), format!("{company}{}", subject.org_number));
    row(crate::text(language, "archive.account.period"), subject.period.in_words(language));
    row(crate::text(language, "archive.account.assessedVat"), format!("{} kr", explain::amount(*assessed_vat)));
    if *correction {
        row(
            crate::text(language, "archive.account.concerns"),
            crate::text(language, "archive.account.aNewVersion").to_owned(),
        );
    }
    if let Some(name) = filed_by {
        row(crate::text(language, "archive.account.filedBy"), name.clone());
    }
    if let Some(name) = signed_by {
        row(crate::text(language, "archive.account.signedBy"), name.clone());
    }
    if let Some(instance) = instance {
        row(crate::text(language, "archive.account.referenceInAltinn"), instance.to_string());
    }
    row(crate::text(language, "archive.account.file"), format!("{file_name} (SHA-256 {sha256})"));
    if let Some(verdict) = verdict {
        let label = match subject.environment {
            EnvironmentName::Practice => "archive.account.practiceAnswer",
            EnvironmentName::Production | EnvironmentName::Test => "archive.account.skatteetatensAnswer",
        };
        row(crate::text(language, label), answer(*verdict, language).to_owned());
    }
    if let Some(payment) = Payable::of(filing).payment() {
        row(crate::text(language, "archive.account.amount"), format!("{} kr", explain::amount(payment.amount)));
        if let Some(kid) = &payment.kid {
            row("KID", kid.to_string());
        }
        if let Some(account) = &payment.account {
            row(crate::text(language, "archive.account.account"), account.clone());
        }
        if let Some(due) = payment.due {
            row(crate::text(language, "archive.account.due"), explain::day(due, language));
        }
    }
    for name in left_out {
        let label = crate::text(language, "archive.account.notKept");
        lines.push(format!("  {label}: {}", Shown::line(name)));
    }
    lines.push(String::new());
    let oslo = TimeZone::get("Europe/Oslo").unwrap_or(TimeZone::UTC);
    for (at, event) in events {
        let at = at.to_zoned(oslo.clone()).strftime("%Y-%m-%d %H:%M:%S").to_string();
        lines.push(format!("{at}  {}", sentence(*event, subject.environment, language)));
    }
    lines.push(String::new());
    lines.join("\n")
}

fn answer(verdict: Verdict, language: Language) -> &'static str {
    let key = match verdict {
        Verdict::Accepted => "archive.account.acceptedNoDeviations",
        Verdict::Deviating => "archive.account.acceptedWithDeviations",
        Verdict::Incomplete => "archive.account.acceptedIncomplete",
        Verdict::Invalid => "archive.account.rejectedAsInvalid",
        Verdict::Unknown => "archive.account.saysSomethingUnknownLookAt",
        Verdict::Unreadable => "archive.account.cannotBeReadLookAt",
        Verdict::Missing => "archive.account.missing",
    };
    crate::text(language, key)
}

fn sentence(event: TimelineEvent, environment: EnvironmentName, language: Language) -> &'static str {
    // In practice it was Momsbud that answered, and nobody is said to have done what nobody did.
    let practice = environment == EnvironmentName::Practice;
    let key = match event {
        TimelineEvent::Read => "archive.account.theFileWasRead",
        TimelineEvent::Checked if practice => "archive.account.practiceChecked",
        TimelineEvent::Checked => "archive.account.theTaxAdministrationCheckedThe",
        TimelineEvent::Created => "archive.account.theFilingWasCreatedIn",
        TimelineEvent::Uploaded => "archive.account.envelopeAndReturnWereUploaded",
        TimelineEvent::Attached => "archive.account.theAttachmentsWereUploaded",
        TimelineEvent::Filled => "archive.account.theFormWasCompleted",
        TimelineEvent::Confirmed => "archive.account.theReturnWasConfirmedAnd",
        TimelineEvent::Received if practice => "archive.account.practiceReceived",
        TimelineEvent::Received => "archive.account.theTaxAdministrationConfirmedThat",
        TimelineEvent::Fetched => "archive.account.receiptAndPaymentInformationWere",
        TimelineEvent::Resumed => "archive.account.theFilingWentOnFrom",
        TimelineEvent::Waited => "archive.account.theFilingHadToWait",
        TimelineEvent::Refused => "archive.account.theFilingWasRefused",
        TimelineEvent::Abandoned => "archive.account.theFilingWasGivenUp",
        TimelineEvent::Rejected if practice => "archive.account.practiceRejected",
        TimelineEvent::Rejected => "archive.account.theTaxAdministrationRejectedThe",
        TimelineEvent::Unclear if practice => "archive.account.practiceAnswerIs",
        TimelineEvent::Unclear => "archive.account.theTaxAdministrationsAnswerIs",
        TimelineEvent::Reviewed => "archive.account.theAnswerInTheArchive",
    };
    crate::text(language, key)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::{archive::tests::filing, filings::Payment};
    use view::FilingState;

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
        let real = of(&own, &[], &[], Language::Nb);
        assert!(real.starts_with("Innsending av mva-melding\n") && real.contains("KID: 0311797816202605"), "{real}");
        for (environment, word) in [(EnvironmentName::Practice, "ØVING"), (EnvironmentName::Test, "TEST")] {
            own.subject.environment = environment;
            let account = of(&own, &[], &[], Language::Nb);
            assert!(account.starts_with(word), "{account}");
            for secret in ["0311797816202605", "12345678903", "2026-12-10", "10. desember"] {
                assert!(!account.contains(secret), "{account}");
            }
        }
        // What came before the verdict is provisional.
        own.subject.environment = EnvironmentName::Production;
        own.state = FilingState::WaitingAnswer;
        assert!(!of(&own, &[], &[], Language::Nb).contains("KID"));
    }

    #[test]
    fn nothing_of_practice_is_said_to_be_done_by_the_tax_administration() {
        let events = [
            TimelineEvent::Checked,
            TimelineEvent::Confirmed,
            TimelineEvent::Received,
            TimelineEvent::Rejected,
            TimelineEvent::Unclear,
        ];
        let events = events.map(|event| (Timestamp::UNIX_EPOCH, event));
        let mut own = filing("one");
        own.verdict = Some(Verdict::Accepted);
        for (language, name, asked) in [
            (Language::Nb, "Skatteetaten", "Skatteetaten ble ikke spurt."),
            (Language::Nn, "Skatteetaten", "Skatteetaten vart ikkje spurd."),
            (Language::En, "Tax Administration", "The Tax Administration was not asked."),
        ] {
            own.subject.environment = EnvironmentName::Production;
            assert_eq!(of(&own, &events, &[], language).matches(name).count(), 5);
            own.subject.environment = EnvironmentName::Practice;
            let account = of(&own, &events, &[], language);
            assert!(!account.replace(asked, "").contains(name), "{account}");
        }
    }
}
