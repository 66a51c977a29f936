//! Envelope, validation result and payment information as the authorities publish them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr, missing_docs)]

mod official;

use official::{needed::absent, official};
use vat_return::envelope::{AttachmentKind, AttachmentName, AttachmentSource, Envelope, SubmissionType, Taxpayer};
use vat_return::payment_information::PaymentInformation;
use vat_return::validation_result::{Outcome, ValidationResult};
use vat_return::{Category, ComplaintKind, PeriodKind, Rejection, read, samples};

/// A published example, or `None` with the reason printed where the examples are absent.
fn published(name: &str) -> Option<Vec<u8>> {
    Some(std::fs::read(official(&format!("eksempler/{name}"))?).unwrap())
}

#[test]
fn the_published_envelopes() {
    // One has endringstidspunkt before the attachments, neither has the namespace.
    for (name, hour) in
        [("konvolutt/mvakonvolutt1.xml", "2017-05-15T07:41:13Z"), ("feedback/konvolutt.xml", "2017-05-15T07:41:13Z")]
    {
        let Some(bytes) = published(name) else { return };
        let envelope = Envelope::read(&bytes).unwrap();
        assert_eq!(envelope.submission_type, Some(SubmissionType::Complete));
        assert_eq!(envelope.created_at.unwrap().to_string(), hour);
        assert_eq!(envelope.attachments.len(), 4);
        assert_eq!(envelope.attachments[3].kind, AttachmentKind::VatReturn);
        assert_eq!(envelope.attachments[3].source, AttachmentSource::EndUserSystem);
        assert_eq!(envelope.attachments[1].name.name, "pdf-vedlegg");
        assert!(envelope.changed_at.is_some(), "{name}");
        assert_eq!(Envelope::read(envelope.write(true).as_bytes()).unwrap(), envelope);
    }
}

#[test]
fn an_envelope_is_valid_by_its_schema() {
    let Some(schema) = official("xsd/no.skatteetaten.fastsetting.avgift.mva.mvameldinginnsending.v1.0.xsd") else {
        return;
    };
    if std::process::Command::new("xmllint").arg("--version").output().is_err() {
        return absent("xmllint", "xmllint is not installed (package libxml2-utils)");
    }
    let at = "2026-11-21T10:00:00Z".parse().unwrap();
    let files =
        [AttachmentName::of_file("Kreditnota 10482.pdf", "Kreditnota"), AttachmentName::of_file("avstemming", "")];
    for sample in &samples::ALL {
        let envelope = Envelope::for_return(&read(sample.bytes).unwrap(), "Ingrid Solvang", at, &files);
        let path = std::env::temp_dir().join(format!("momsbud-envelope-{}-{}.xml", std::process::id(), sample.id));
        std::fs::write(&path, envelope.write(true)).unwrap();
        let output = std::process::Command::new("xmllint")
            .args(["--noout", "--nonet", "--schema"])
            .arg(&schema)
            .arg(&path)
            .output();
        std::fs::remove_file(&path).unwrap();
        let output = output.unwrap();
        assert!(output.status.success(), "{}: {}", sample.id, String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn an_envelope_says_whose_return_it_carries() {
    let at = "2026-11-21T10:00:00Z".parse().unwrap();
    let vika = read(samples::by_id("vika").unwrap().bytes).unwrap();
    let envelope = Envelope::for_return(&vika, "Ingrid Solvang", at, &[AttachmentName::of_file("a.b.pdf", "c")]);
    assert_eq!(envelope.taxpayer, Taxpayer::OrgNumber("315203856".into()));
    assert_eq!((envelope.period, envelope.category), (vika.period.value, Category::Ordinary));
    let names: Vec<&str> = envelope.attachments.iter().map(|file| file.name.name.as_str()).collect();
    assert_eq!(names, ["melding_xml", "a.b"]);
    insta::assert_snapshot!(envelope.write(true));
    assert!(!envelope.write(false).contains("xmlns"));
}

#[test]
fn a_birth_number_is_shown_to_nobody() {
    let secret = "14838411585";
    let taxpayer = Taxpayer::BirthNumber(secret.into());
    assert_eq!(format!("{taxpayer:?}"), "BirthNumber([secret])");
    let envelope = "<mvaMeldingInnsending><norskIdentifikator><foedselsnummer>148384115850</foedselsnummer></norskIdentifikator></mvaMeldingInnsending>";
    let rejection = Envelope::read(envelope.as_bytes()).unwrap_err();
    assert!(!format!("{rejection:?}").contains(secret), "{rejection:?}");
}

#[test]
fn extensions() {
    let parts = |name: &str| {
        let name = AttachmentName::of_file(name, "");
        (name.name, name.extension)
    };
    assert_eq!(parts("a.pdf"), ("a".into(), "pdf".into()));
    assert_eq!(parts("a"), ("a".into(), String::new()));
    assert_eq!(parts(".a"), (".a".into(), String::new()));
    assert_eq!(parts("a."), ("a".into(), String::new()));
}

#[test]
fn an_envelope_with_what_the_schema_does_not_know_is_read_all_the_same() {
    let fjordlys = read(samples::ALL[0].bytes).unwrap();
    let at = "2026-11-21T10:00:00Z".parse().unwrap();
    let envelope = Envelope::for_return(&fjordlys, "Ingrid Solvang", at, &[]);
    let grown = envelope
        .write(true)
        .replace("<opprettetAv>", "<nytt a='b'><x/></nytt><opprettetAv c='d'>")
        .replace("</mvaMeldingInnsending>", "<ogSaa/></mvaMeldingInnsending>");
    assert_eq!(Envelope::read(grown.as_bytes()).unwrap(), envelope);
    let lacking = envelope.write(true).replace("<meldingskategori>alminnelig</meldingskategori>", "");
    let Err(Rejection::Structure(complaints)) = Envelope::read(lacking.as_bytes()) else { panic!() };
    assert_eq!((complaints[0].kind, complaints[0].expected.as_str()), (ComplaintKind::Missing, "meldingskategori"));
}

#[test]
fn the_published_payment_information() {
    let Some(bytes) = published("feedback/betalingsinformasjon.xml") else { return };
    let payment = PaymentInformation::read(&bytes).unwrap();
    assert_eq!(payment.submission_reference, "50267437/55604b08-1690-4a8d-bf6b-95c11dc40c58");
    assert_eq!((payment.period.kind, payment.period.index, payment.period.year), (PeriodKind::TwoMonths, 1, 2022));
    assert_eq!(
        (payment.kid.as_ref().map_or("", vat_return::PaymentKid::as_str), payment.account.as_str()),
        ("99999999999999", "12345678903")
    );
    assert_eq!((payment.amount, payment.due), (0.into(), jiff::civil::date(2021, 5, 21)));
    assert_eq!(PaymentInformation::read(payment.write().as_bytes()).unwrap(), payment);
}

#[test]
fn the_published_validation_result() {
    let Some(bytes) = published("feedback/valideringsresultat.xml") else { return };
    let result = ValidationResult::read(&bytes).unwrap();
    assert_eq!(result, ValidationResult { outcome: Outcome::NoDeviations, deviations: Vec::new() });
}

#[test]
fn a_deviation_of_the_current_shape() {
    let result = ValidationResult::read(
        "<valideringsresultat xmlns='no:skatteetaten:fastsetting:avgift:mva:valideringsresultat:v1'>
          <avvikVedMeldingslevering>avvikende skattemelding</avvikVedMeldingslevering>
          <avvik>
            <stiTilAvvik>/skattegrunnlagOgBeregnetSkatt/mvaSpesifikasjonslinje</stiTilAvvik>
            <mvaKode>null</mvaKode>
            <xmlLinjenummer>-1</xmlLinjenummer>
            <xmlPosisjonPaaLinje>7</xmlPosisjonPaaLinje>
            <avviksinformasjon>
              <begrunnelse>a</begrunnelse><avvikstype>avvikende skattemelding</avvikstype>
              <avvikKode>b</avvikKode><regelDefinisjon>c</regelDefinisjon>
            </avviksinformasjon>
          </avvik>
        </valideringsresultat>"
            .as_bytes(),
    )
    .unwrap();
    let deviation = &result.deviations[0];
    // "null" and -1 are what a serializer makes of nothing.
    assert_eq!((deviation.vat_code.as_deref(), deviation.line, deviation.column), (None, None, Some(7)));
    assert_eq!((deviation.details[0].kind, deviation.details[0].code.as_str()), (Outcome::Deviating, "b"));
}

#[test]
fn a_deviation_of_the_older_shape() {
    let result = ValidationResult::read(
        "<valideringsresultat>
            <status>UGYLDIG_SKATTEMELDING</status>
            <valideringsfeil>
                <stiTilFeil>//innsending</stiTilFeil>
                <valideringsDetaljer>
                    <feilmelding>Feil format</feilmelding>
                    <avvikKode>MvaMeldingsinnhold_Xml_SkjemaValideringsfeil</avvikKode>
                    <informasjon>cvc-complex-type.2.4.b</informasjon>
                </valideringsDetaljer>
            </valideringsfeil>
        </valideringsresultat>"
            .as_bytes(),
    )
    .unwrap();
    assert_eq!(result.outcome, Outcome::Invalid);
    let detail = &result.deviations[0].details[0];
    assert_eq!(result.deviations[0].path, "//innsending");
    assert_eq!((detail.kind, detail.rule_definition.as_str()), (Outcome::Invalid, "Feil format"));
    assert_eq!(detail.detail.as_deref(), Some("cvc-complex-type.2.4.b"));
}

#[test]
fn a_result_of_neither_shape_is_refused() {
    for xml in ["<valideringsresultat/>", "<valideringsresultat><status>OK</status></valideringsresultat>"] {
        assert!(matches!(ValidationResult::read(xml.as_bytes()), Err(Rejection::Structure(_))), "{xml}");
    }
    assert!(matches!(ValidationResult::read(b"<feil/>"), Err(Rejection::NotAReturn(_))));
}

#[test]
fn outcomes_are_ordered_from_mild_to_bad() {
    assert!(Outcome::ALL.is_sorted());
    assert_eq!(Outcome::Invalid.xml(), "ugyldig skattemelding");
    assert_eq!(Outcome::Incomplete.old_xml(), "MANGELFULL_SKATTEMELDING");
}

#[test]
fn either_word_of_the_older_shape_for_no_deviations_is_read() {
    for word in ["INGEN_AVVIK", "GYLDIG_SKATTEMELDING"] {
        let xml = format!("<valideringsresultat><status>{word}</status></valideringsresultat>");
        let result = ValidationResult::read(xml.as_bytes()).unwrap();
        assert_eq!((result.outcome, result.deviations.len()), (Outcome::NoDeviations, 0), "{word}");
    }
    assert!(ValidationResult::read(b"<valideringsresultat><status>BRA</status></valideringsresultat>").is_err());
}
