//! The client against the practice authorities: a filing from exchange to receipt, in every shape they can take on, and
//! every refusal that a person's rights bring about.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::{sync::Arc, time::Duration};

use altinn::{
    ApiError, Attachment, AttachmentName, BearerToken, Client, Endpoints, Exchanged, Instance, NoAnswerKind, Stage,
};
use bytes::Bytes;
use id_porten::{Integration, Issuer, RelyingParty, SignInOptions, SystemClock};
use practice::{
    Options, Practice,
    world::{FJORDLYS, INGRID, JONAS, KARI, ODD},
};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use vat_return::{
    envelope::{AttachmentName as Listed, Envelope},
    payment_information::PaymentInformation,
    samples::{self, Sample},
    validation_result::{Outcome, ValidationResult},
};

struct Desk {
    practice: Practice,
    client: Client,
    http: reqwest::Client,
}

impl Desk {
    async fn new(settings: Value) -> Self {
        let practice = Practice::start(Options::default()).await.unwrap();
        let at = practice.addresses();
        let validation = format!("{}/api/mva/grensesnittstoette/mva-melding/valider", at.skatteetaten);
        let endpoints = Endpoints::parse(&at.altinn_platform, &at.altinn_app, &validation).unwrap();
        let http = altinn::http::client("Momsbud/test").unwrap();
        let desk = Self { client: Client::new(http.clone(), endpoints), practice, http };
        desk.control("/settings", settings).await;
        desk.control("/settings", json!({"altinn": {"feedbackDelaySeconds": 0.2}})).await;
        desk
    }

    async fn control(&self, path: &str, body: Value) {
        let url = format!("{}{path}", self.practice.addresses().control);
        let answer = self.http.post(url).json(&body).send().await.unwrap();
        assert!(answer.status().is_success(), "{}", answer.text().await.unwrap());
    }

    /// An ID-porten access token of that person's.
    async fn id_porten(&self, pid: &str) -> BearerToken {
        let issuer = Issuer::parse(&self.practice.addresses().id_porten).unwrap();
        let mut integration = Integration::native(issuer, "momsbud-practice");
        integration.scopes =
            ["openid", "skatteetaten:mvameldingvalidering", "altinn:instances.read", "altinn:instances.write"]
                .map(str::to_owned)
                .to_vec();
        let options =
            SignInOptions { login_hint: Some(format!("testid:{pid}_idporten-loa-high")), ..SignInOptions::default() };
        let party = RelyingParty::new(self.http.clone(), Arc::new(SystemClock));
        let attempt = party.begin(&integration, options).await.unwrap();
        let (http, mut url) = (self.http.clone(), attempt.url().clone());
        tokio::spawn(async move {
            while let Ok(answer) = http.get(url.clone()).send().await
                && let Some(next) = answer.headers().get("location")
            {
                url = url.join(next.to_str().unwrap()).unwrap();
            }
        });
        let grant = attempt.finish(CancellationToken::new()).await.unwrap();
        BearerToken::new(grant.access_token.expose())
    }

    async fn altinn(&self, pid: &str) -> BearerToken {
        self.exchange(pid).await.unwrap().token
    }

    async fn exchange(&self, pid: &str) -> Result<Exchanged, ApiError> {
        self.client.exchange(&self.id_porten(pid).await).await
    }

    /// An instance with envelope and return in it.
    async fn filled_in(&self, token: &BearerToken, sample: &Sample, files: &[Listed]) -> Instance {
        let instance = self.client.create_instance(token, sample.org_number).await.unwrap();
        assert_eq!(instance.stage(), Stage::Filling);
        let xml = envelope(sample, files);
        self.client.put_envelope(token, &instance.id, instance.envelope().unwrap(), xml).await.unwrap();
        let sent = self.client.post_return(token, &instance.id, Bytes::from_static(sample.bytes)).await.unwrap();
        assert_eq!(sent.data_type, "mvamelding");
        self.client.get_instance(token, &instance.id).await.unwrap()
    }
}

fn envelope(sample: &Sample, files: &[Listed]) -> String {
    let vat_return = vat_return::read(sample.bytes).unwrap();
    Envelope::for_return(&vat_return, "Ingrid Solvang", jiff::Timestamp::now(), files).write(false)
}

/// A sample without findings, of a company that Ingrid and Jonas have roles for.
fn sample() -> &'static Sample {
    samples::ALL.iter().find(|sample| sample.org_number == FJORDLYS && is(sample, vat_return::Verdict::Ok)).unwrap()
}

fn invalid_sample() -> &'static Sample {
    samples::ALL.iter().find(|sample| is(sample, vat_return::Verdict::Invalid)).unwrap()
}

fn is(sample: &Sample, verdict: vat_return::Verdict) -> bool {
    let context = vat_return::Context::on(jiff::Timestamp::now().in_tz("Europe/Oslo").unwrap().date());
    vat_return::check_bytes(sample.bytes, &context).1.verdict == verdict
}

async fn files_a_return(settings: Value) {
    let desk = Desk::new(settings).await;
    let exchanged = desk.exchange(INGRID).await.unwrap();
    assert!(exchanged.expires_at.unwrap() > jiff::Timestamp::now());
    let token = exchanged.token;
    let companies = desk.client.parties(&token).await.unwrap();
    assert!(companies.iter().any(|party| party.org_number.as_deref() == Some(FJORDLYS)));

    let sample = sample();
    let pdf = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n".to_vec();
    let instance = desk.filled_in(&token, sample, &[Listed::of_file("Bilag æøå.pdf", "-")]).await;
    let attachment = Attachment {
        name: AttachmentName::new("Bilag æøå.pdf"),
        content_type: "application/pdf".into(),
        length: pdf.len() as u64,
        reader: std::io::Cursor::new(pdf.clone()),
    };
    let attached = desk.client.post_attachment(&token, &instance.id, attachment, |_| {}).await.unwrap();
    assert_eq!(attached.data_type, "binaerVedlegg");
    assert_eq!(attached.filename.as_deref(), Some("Bilag æøå.pdf"));
    assert_eq!(desk.client.download(&token, &instance.id, &attached).await.unwrap(), pdf);

    let unfinished = desk.client.unfinished_instances(&token, sample.org_number).await.unwrap();
    assert_eq!(unfinished.iter().map(|found| &found.id).collect::<Vec<_>>(), [&instance.id]);

    assert_eq!(desk.client.process_next(&token, &instance.id).await.unwrap().stage(), Stage::Confirming);
    assert_eq!(desk.client.get_process(&token, &instance.id).await.unwrap().stage(), Stage::Confirming);
    assert_eq!(desk.client.process_next(&token, &instance.id).await.unwrap().stage(), Stage::Feedback);
    // A third one belongs to Skatteetaten.
    let third = desk.client.process_next(&token, &instance.id).await.unwrap_err();
    assert!(matches!(third, ApiError::Forbidden { .. } | ApiError::Conflict { .. }), "{third:?}");

    let finished = loop {
        let read = desk.client.get_instance(&token, &instance.id).await.unwrap();
        if read.has_feedback() {
            break read;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    assert_eq!(finished.status.substatus.as_ref().unwrap().label, "Mottatt");
    let fetch = async |data_type: &str| {
        let element = finished.of_type(data_type).next().unwrap();
        desk.client.download(&token, &finished.id, element).await.unwrap()
    };
    assert_eq!(fetch("mvamelding").await, sample.bytes);
    assert!(fetch("kvittering").await.starts_with(b"%PDF-"));
    assert_eq!(ValidationResult::read(&fetch("valideringsresultat").await).unwrap().outcome, Outcome::NoDeviations);
    let payment = PaymentInformation::read(&fetch("betalingsinformasjon").await).unwrap();
    assert_eq!(payment.submission_reference, finished.id.to_string());
    assert!(desk.client.unfinished_instances(&token, sample.org_number).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_return_is_filed_with_version_8_shapes() {
    files_a_return(json!({"altinn": {"appVersion": "v8"}})).await;
}

#[tokio::test]
async fn a_return_is_filed_with_version_7_shapes_and_a_quoted_token() {
    let settings = json!({"altinn": {"appVersion": "v7", "quotedExchangeToken": true, "changedFields": true}});
    files_a_return(settings).await;
}

#[tokio::test]
async fn feedback_status_answers_where_it_exists() {
    let desk = Desk::new(json!({})).await;
    let token = desk.altinn(INGRID).await;
    let instance = desk.filled_in(&token, sample(), &[]).await;
    assert_eq!(desk.client.feedback_status(&token, &instance.id).await.unwrap(), Some(false));
    desk.control("/settings", json!({"altinn": {"feedbackEndpoints": false}})).await;
    assert_eq!(desk.client.feedback_status(&token, &instance.id).await.unwrap(), None);
}

#[tokio::test]
async fn validation_tells_good_from_bad() {
    let desk = Desk::new(json!({})).await;
    let token = desk.id_porten(INGRID).await;
    let good = desk.client.validate(&token, Bytes::from_static(sample().bytes)).await.unwrap();
    assert_eq!(good.outcome, Outcome::NoDeviations);
    // The older shape's word for a good return is published nowhere, so only the bad one is asked for in both.
    for shape in ["current", "old"] {
        desk.control("/settings", json!({"skatteetaten": {"resultShape": shape}})).await;
        let bad = desk.client.validate(&token, Bytes::from_static(invalid_sample().bytes)).await.unwrap();
        assert_eq!(bad.outcome, Outcome::Invalid);
        assert!(!bad.deviations.is_empty());
    }
}

#[tokio::test]
async fn an_invalid_return_is_refused_with_its_validation_result_in_every_shape() {
    for (conflict, content) in
        [("text", "textAndXml"), ("jsonString", "textAndXml"), ("problem", "textAndXml"), ("text", "xmlOnly")]
    {
        let desk = Desk::new(json!({"altinn": {"conflictShape": conflict, "invalidReturnShape": content}})).await;
        let token = desk.altinn(INGRID).await;
        let instance = desk.filled_in(&token, invalid_sample(), &[]).await;
        let error = desk.client.process_next(&token, &instance.id).await.unwrap_err();
        let ApiError::Conflict { validation: Some(result), .. } = &error else {
            panic!("{conflict} {content}: {error:?}")
        };
        assert_eq!(result.outcome, Outcome::Invalid);
        assert_eq!(desk.client.get_instance(&token, &instance.id).await.unwrap().stage(), Stage::Filling);
    }
}

#[tokio::test]
async fn a_conflicts_words_are_the_same_in_every_shape() {
    for shape in ["text", "jsonString", "problem"] {
        let desk = Desk::new(json!({"altinn": {"conflictShape": shape, "statusRequired": true}})).await;
        let token = desk.altinn(INGRID).await;
        let instance = desk.filled_in(&token, sample(), &[]).await;
        let no_status = envelope(sample(), &[]).replace("<instansstatus>", "<!--").replace("</instansstatus>", "-->");
        desk.client.put_envelope(&token, &instance.id, instance.envelope().unwrap(), no_status).await.unwrap();
        let error = desk.client.process_next(&token, &instance.id).await.unwrap_err();
        assert!(matches!(error, ApiError::Conflict { .. }), "{shape}: {error:?}");
        let text = error.authority_text().unwrap();
        assert!(text.contains("instansstatus er påkrevd i MvaMeldingInnsending"), "{shape}: {text}");
        assert!(!error.may_have_happened());
    }
}

#[tokio::test]
async fn rights_decide_what_a_person_may_do() {
    let desk = Desk::new(json!({})).await;
    assert!(matches!(desk.exchange(ODD).await, Err(ApiError::Unauthorized { .. })), "no Altinn user");
    let kari = desk.altinn(KARI).await;
    let error = desk.client.create_instance(&kari, FJORDLYS).await.unwrap_err();
    assert!(matches!(error, ApiError::Forbidden { .. }), "no role: {error:?}");
    let jonas = desk.altinn(JONAS).await;
    let instance = desk.filled_in(&jonas, sample(), &[]).await;
    assert_eq!(desk.client.process_next(&jonas, &instance.id).await.unwrap().stage(), Stage::Confirming);
    let error = desk.client.process_next(&jonas, &instance.id).await.unwrap_err();
    assert!(matches!(error, ApiError::Forbidden { .. }), "fills in only: {error:?}");
    let ingrid = desk.altinn(INGRID).await;
    assert_eq!(desk.client.process_next(&ingrid, &instance.id).await.unwrap().stage(), Stage::Feedback);
}

#[tokio::test]
async fn an_unknown_company_keeps_the_authoritys_words() {
    let desk = Desk::new(json!({})).await;
    let token = desk.altinn(INGRID).await;
    let error = desk.client.create_instance(&token, "123456789").await.unwrap_err();
    assert!(matches!(error, ApiError::NotFound { .. }), "{error:?}");
    assert!(error.authority_text().unwrap().contains("Cannot lookup party"), "{error:?}");
}

#[tokio::test]
async fn a_deleted_instance_is_unfinished_no_more() {
    let desk = Desk::new(json!({})).await;
    let token = desk.altinn(INGRID).await;
    let soft = desk.client.create_instance(&token, FJORDLYS).await.unwrap();
    let hard = desk.client.create_instance(&token, FJORDLYS).await.unwrap();
    assert_eq!(desk.client.unfinished_instances(&token, FJORDLYS).await.unwrap().len(), 2);
    assert_eq!(desk.client.active_instances(&token, soft.id.party()).await.unwrap().len(), 2);
    desk.client.delete_instance(&token, &soft.id, false).await.unwrap();
    desk.client.delete_instance(&token, &hard.id, true).await.unwrap();
    desk.client.delete_instance(&token, &hard.id, true).await.unwrap();
    assert!(desk.client.unfinished_instances(&token, FJORDLYS).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_lost_answer_says_that_the_authority_may_have_acted_and_it_has() {
    let desk = Desk::new(json!({})).await;
    let token = desk.altinn(INGRID).await;
    let instance = desk.filled_in(&token, sample(), &[]).await;
    for (fault, acted) in [("dropBefore", false), ("dropAfter", true)] {
        desk.control("/faults", json!({"call": "firstNext", "fault": {"kind": fault}})).await;
        let error = desk.client.process_next(&token, &instance.id).await.unwrap_err();
        assert!(matches!(error, ApiError::NoAnswer { kind: NoAnswerKind::Lost, .. }), "{error:?}");
        assert!(error.may_have_happened(), "nobody can tell from here");
        let stage = desk.client.get_process(&token, &instance.id).await.unwrap().stage();
        assert_eq!(stage, if acted { Stage::Confirming } else { Stage::Filling });
    }
}

#[tokio::test]
async fn faults_are_told_apart() {
    let desk = Desk::new(json!({})).await;
    let token = desk.altinn(INGRID).await;
    let instance = desk.client.create_instance(&token, FJORDLYS).await.unwrap();
    let read = async |fault: Value| {
        desk.control("/faults", json!({"call": "readInstance", "fault": fault})).await;
        desk.client.get_instance(&token, &instance.id).await.unwrap_err()
    };
    let error = read(json!({"kind": "tooManyRequests", "retryAfterSeconds": 7})).await;
    assert_eq!(error.retry_after().unwrap().wait(jiff::Timestamp::now()), Duration::from_secs(7));
    assert!(matches!(read(json!({"kind": "status", "status": 503})).await, ApiError::Fault { status: 503, .. }));
    assert!(matches!(read(json!({"kind": "expiredToken"})).await, ApiError::Unauthorized { .. }));
    let error = read(json!({"kind": "truncate"})).await;
    assert!(
        matches!(error, ApiError::NoAnswer { kind: NoAnswerKind::Lost, .. } | ApiError::Unreadable { .. }),
        "{error:?}"
    );
    desk.client.get_instance(&token, &instance.id).await.unwrap();
}
