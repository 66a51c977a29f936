//! What lies begun in Altinn: listed, gone on with, deleted; never what an open filing of ours owns.

use std::sync::Arc;

use altinn::{Attachment, AttachmentName, BearerToken, Client, Endpoints};
use bytes::Bytes;
use id_porten::{Integration, Issuer, RelyingParty, SignInOptions, SystemClock};
use practice::world::FJORDLYS;
use serde_json::json;
use tokio_util::sync::CancellationToken;
use vat_return::{envelope::Envelope, samples};
use view::{ErrorCode, FilingState, UnfinishedStage};

use crate::desk::{Desk, INGRID, JONAS, checked_sample, sign_in, until};

/// Another program that files with Altinn, as somebody may use beside ours.
pub(crate) struct OtherClient {
    pub(crate) client: Client,
    pub(crate) token: BearerToken,
}

impl OtherClient {
    pub(crate) async fn of(desk: &Desk, pid: &str) -> Self {
        let at = desk.practice.addresses();
        let validation = format!("{}/api/mva/grensesnittstoette/mva-melding/valider", at.skatteetaten);
        let endpoints = Endpoints::parse(&at.altinn_platform, &at.altinn_app, &validation).unwrap();
        let http = altinn::http::client("AnotherProgram/1").unwrap();
        let client = Client::new(http.clone(), endpoints);
        let mut integration = Integration::native(Issuer::parse(&at.id_porten).unwrap(), "momsbud-practice");
        integration.scopes = ["openid", "altinn:instances.read", "altinn:instances.write"].map(str::to_owned).to_vec();
        let options =
            SignInOptions { login_hint: Some(format!("testid:{pid}_idporten-loa-high")), ..SignInOptions::default() };
        let party = RelyingParty::new(http.clone(), Arc::new(SystemClock));
        let attempt = party.begin(&integration, options).await.unwrap();
        let mut url = attempt.url().clone();
        tokio::spawn(async move {
            while let Ok(answer) = http.get(url.clone()).send().await
                && let Some(next) = answer.headers().get("location")
            {
                url = url.join(next.to_str().unwrap()).unwrap();
            }
        });
        let grant = attempt.finish(CancellationToken::new()).await.unwrap();
        let token = client.exchange(&BearerToken::new(grant.access_token.expose())).await.unwrap().token;
        Self { client, token }
    }

    /// Begins a filing and leaves it: envelope, return and one attachment.
    async fn begin(&self, sample: &str) -> altinn::Instance {
        let sample = samples::by_id(sample).unwrap();
        let instance = self.client.create_instance(&self.token, sample.org_number).await.unwrap();
        let ret = vat_return::read(sample.bytes).unwrap();
        let xml = Envelope::for_return(&ret, "Et annet program", jiff::Timestamp::now(), &[]).write(false);
        let element = instance.envelope().unwrap().clone();
        self.client.put_envelope(&self.token, &instance.id, &element, xml).await.unwrap();
        self.client.post_return(&self.token, &instance.id, Bytes::from_static(sample.bytes)).await.unwrap();
        let bytes: &[u8] = b"%PDF-1.7 bilag";
        let attachment = Attachment {
            name: AttachmentName::new("Bilag.pdf"),
            content_type: "application/pdf".into(),
            length: bytes.len() as u64,
            reader: bytes,
        };
        self.client.post_attachment(&self.token, &instance.id, attachment, |_| {}).await.unwrap();
        instance
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_program_began_is_listed_gone_on_with_and_delivered_once() {
    let desk = Desk::new().await;
    let other = OtherClient::of(&desk, INGRID).await;
    let begun = other.begin("fjordlys").await;
    let office = desk.open().await;
    assert_eq!(office.returns().unfinished(FJORDLYS).await.unwrap_err().code, ErrorCode::NeedsSignIn);
    sign_in(&office, INGRID).await;
    let found = office.returns().unfinished(FJORDLYS).await.unwrap();
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!(found[0].instance, begun.id.to_string());
    assert_eq!((found[0].stage, found[0].attachments), (UnfinishedStage::Filling, 1));
    assert_eq!(found[0].period.as_deref(), Some("September–oktober 2026"));
    assert_eq!(found[0].assessed_vat.as_deref(), Some("79857"));
    assert!(found[0].can_continue && found[0].filing.is_none());

    let card = office.returns().continue_unfinished(&found[0].instance).await.unwrap();
    assert_eq!(card.instance.as_deref(), Some(found[0].instance.as_str()));
    assert_eq!(card.attachments.len(), 1);
    // Nothing goes by itself: it is checked and filed like any other.
    assert_eq!(office.filings().file(&card.id, false).await.unwrap_err().code, ErrorCode::NotChecked);
    office.returns().check(&card.id).await.unwrap();
    let filing = office.filings().file(&card.id, false).await.unwrap();
    let received = until(&office, &filing.id, FilingState::Received).await;
    assert_eq!(received.instance.as_deref(), Some(found[0].instance.as_str()));
    assert_eq!((desk.count("createInstance").await, desk.count("postAttachment").await), (1, 1));
    let deliveries = desk.deliveries().await;
    assert_eq!((deliveries.len(), deliveries[0]["attachments"].as_u64()), (1, Some(1)));
    assert!(office.returns().unfinished(FJORDLYS).await.unwrap().is_empty());
    let late = office.returns().delete_unfinished(&found[0].instance).await.unwrap_err();
    assert_eq!(late.code, ErrorCode::TooLateToCancel);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_attachment_that_is_taken_away_here_is_not_sent() {
    let desk = Desk::new().await;
    let other = OtherClient::of(&desk, INGRID).await;
    let begun = other.begin("fjordlys").await;
    let office = desk.open_as(INGRID).await;
    let card = office.returns().continue_unfinished(&begun.id.to_string()).await.unwrap();
    office.returns().detach(&card.id, &card.attachments[0].id).unwrap();
    office.returns().check(&card.id).await.unwrap();
    let filing = office.filings().file(&card.id, false).await.unwrap();
    until(&office, &filing.id, FilingState::Received).await;
    assert_eq!(desk.deliveries().await[0]["attachments"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_needs_is_deleted() {
    let desk = Desk::new().await;
    let other = OtherClient::of(&desk, INGRID).await;
    let begun = other.begin("fjordlys").await;
    let office = desk.open_as(INGRID).await;
    office.returns().delete_unfinished(&begun.id.to_string()).await.unwrap();
    assert!(office.returns().unfinished(FJORDLYS).await.unwrap().is_empty());
    assert_eq!(
        office.returns().continue_unfinished(&begun.id.to_string()).await.unwrap_err().code,
        ErrorCode::NotFound
    );
    assert!(desk.deliveries().await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_open_filing_owns_is_not_touched() {
    let desk = Desk::new().await;
    let office = desk.open_as(JONAS).await;
    let card = checked_sample(&office, "fjordlys").await;
    let filing = office.filings().file(&card.id, false).await.unwrap();
    let waiting = until(&office, &filing.id, FilingState::WaitingSignature).await;
    let instance = waiting.instance.unwrap();
    sign_in(&office, INGRID).await;
    let found = office.returns().unfinished(FJORDLYS).await.unwrap();
    assert_eq!((found.len(), found[0].stage), (1, UnfinishedStage::Signing));
    assert_eq!((found[0].filing.as_deref(), found[0].can_continue), (Some(filing.id.as_str()), false));
    let refused = office.returns().delete_unfinished(&instance).await.unwrap_err();
    assert_eq!((refused.code, refused.values["person"].as_str()), (ErrorCode::OwnFiling, "Jonas Eide"));
    assert_eq!(office.returns().continue_unfinished(&instance).await.unwrap_err().code, ErrorCode::OwnFiling);
    assert_eq!(desk.count("deleteInstance").await, 0);
    office.filings().continue_filing(&filing.id).await.unwrap();
    until(&office, &filing.id, FilingState::Received).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_open_filing_that_does_not_know_its_instance_may_own_any() {
    let desk = Desk::new().await;
    let office = desk.open_as(INGRID).await;
    let begun = OtherClient::of(&desk, INGRID).await.begin("fjordlys").await.id.to_string();
    desk.fault(json!({"call": "createInstance", "times": 0, "fault": {"kind": "dropBefore"}})).await;
    let card = checked_sample(&office, "fjordlys").await;
    let filing = office.filings().file(&card.id, false).await.unwrap();
    until(&office, &filing.id, FilingState::Waiting).await;
    let found = office.returns().unfinished(FJORDLYS).await.unwrap();
    assert_eq!((found[0].filing.as_deref(), found[0].can_continue), (Some(filing.id.as_str()), false));
    assert_eq!(office.returns().delete_unfinished(&begun).await.unwrap_err().code, ErrorCode::OwnFiling);
    office.filings().cancel_filing(&filing.id).await.unwrap();
    office.returns().delete_unfinished(&begun).await.unwrap();
    assert!(office.returns().unfinished(FJORDLYS).await.unwrap().is_empty());
}
