//! Every documented shape of an answer and of a refusal (apis.md 1.3, 1.4, 2.1–2.4), against a scripted server.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

#[path = "../../vat-return/tests/official/mod.rs"]
mod official;

use std::time::Duration;

use altinn::{ApiError, Attachment, AttachmentName, BearerToken, Client, Endpoints, InstanceId, RetryAfter, Stage};
use bytes::Bytes;
use official::official;
use serde_json::{Value, json};
use vat_return::validation_result::Outcome;
use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{body_bytes, body_json, header, method, path, query_param},
};

const APP: &str = "/skd/mva-melding-innsending-v1";
const ID: &str = "50267437/55604b08-1690-4a8d-bf6b-95c11dc40c58";
const DATA: &str = "87ff3fc2-a47f-4dc9-8b4d-63fe27aa05f7";
const SECRET: &str = "eyJhbGciOiJub25lIn0.eyJleHAiOjE3OTMwMDAwMDB9.hemmelig";

async fn server() -> (MockServer, Client) {
    let server = MockServer::start().await;
    let client = client_for(&server.uri());
    (server, client)
}

fn client_for(base: &str) -> Client {
    let endpoints = Endpoints::parse(base, &format!("{base}{APP}"), &format!("{base}/valider")).unwrap();
    Client::new(altinn::http::client("Momsbud/test").unwrap(), endpoints)
}

fn token() -> BearerToken {
    BearerToken::new(SECRET)
}

fn id() -> InstanceId {
    ID.parse().unwrap()
}

fn instance_json() -> serde_json::Value {
    json!({
        "id": ID,
        "instanceOwner": {"partyId": "50267437", "personNumber": null, "organisationNumber": "911158612"},
        "appId": "skd/mva-melding-innsending-v1",
        "process": {"started": "2026-11-01T10:00:00.1234567Z", "currentTask": {"elementId": "Task_1", "name": "Utfylling", "altinnTaskType": "data"}, "ended": null},
        "data": [{
            "id": DATA,
            "dataType": "no.skatteetaten.fastsetting.avgift.mva.mvameldinginnsending.v1.0",
            "filename": null, "contentType": "application/xml", "size": 273, "locked": false,
            "selfLinks": {"apps": "https://evil.example/skd/other/instances/1/2/data/3"}
        }]
    })
}

/// What the second process/next gives when it is refused with this.
async fn refused(response: ResponseTemplate) -> ApiError {
    let (server, client) = server().await;
    Mock::given(method("PUT"))
        .and(path(format!("{APP}/instances/{ID}/process/next")))
        .respond_with(response)
        .expect(1)
        .mount(&server)
        .await;
    client.process_next(&token(), &id()).await.unwrap_err()
}

#[tokio::test]
async fn exchange_reads_a_raw_and_a_quoted_token() {
    for body in [SECRET.to_owned(), format!("\"{SECRET}\""), format!("{SECRET}\n")] {
        let (server, client) = server().await;
        Mock::given(method("GET"))
            .and(path("/authentication/api/v1/exchange/id-porten"))
            .and(header("authorization", "Bearer id-porten-token"))
            .respond_with(
                ResponseTemplate::new(200).insert_header("Date", "Sat, 21 Nov 2026 10:01:30 GMT").set_body_string(body),
            )
            .mount(&server)
            .await;
        let exchanged = client.exchange(&BearerToken::new("id-porten-token")).await.unwrap();
        assert_eq!(exchanged.token.expose(), SECRET);
        assert_eq!(exchanged.expires_at.unwrap().as_second(), 1_793_000_000);
        assert_eq!(exchanged.server_time.unwrap().to_string(), "2026-11-21T10:01:30Z");
    }
}

#[tokio::test]
async fn exchange_tells_no_user_from_no_scope_and_refuses_a_page() {
    for (response, expected) in [
        (ResponseTemplate::new(401), ApiError::Unauthorized { text: String::new() }),
        (ResponseTemplate::new(403), ApiError::Forbidden { text: String::new(), needs_level: None }),
    ] {
        let (server, client) = server().await;
        Mock::given(method("GET")).respond_with(response).mount(&server).await;
        assert_eq!(client.exchange(&token()).await.unwrap_err(), expected);
    }
    let (server, client) = server().await;
    Mock::given(method("GET"))
        .respond_with(ResponseTemplate::new(200).set_body_raw("<html>Logg inn</html>", "text/html"))
        .mount(&server)
        .await;
    assert!(matches!(client.exchange(&token()).await.unwrap_err(), ApiError::Unreadable { .. }));
}

#[tokio::test]
async fn a_filing_sends_what_is_documented() {
    let (server, client) = server().await;
    let instance = format!("{APP}/instances/{ID}");
    Mock::given(method("POST"))
        .and(path(format!("{APP}/instances")))
        .and(header("content-type", "application/json"))
        .and(header("authorization", format!("Bearer {SECRET}")))
        .and(body_json(json!({"instanceOwner": {"organisationNumber": "911158612"}})))
        .respond_with(ResponseTemplate::new(201).set_body_json(instance_json()))
        .expect(1)
        .mount(&server)
        .await;
    // The element's own link names another host; the call must come here all the same.
    Mock::given(method("PUT"))
        .and(path(format!("{instance}/data/{DATA}")))
        .and(header("content-type", "application/xml"))
        .and(body_bytes(b"<mvaMeldingInnsending/>".as_slice()))
        .respond_with(ResponseTemplate::new(201).set_body_json(json!({"id": DATA, "refs": []})))
        .expect(1)
        .mount(&server)
        .await;
    Mock::given(method("POST"))
        .and(path(format!("{instance}/data")))
        .and(query_param("datatype", "mvamelding"))
        .and(header("content-type", "text/xml"))
        .and(header("content-disposition", "attachment; filename=mvaMelding.xml"))
        .and(body_bytes(b"<mvaMeldingDto/>".as_slice()))
        .respond_with(
            ResponseTemplate::new(201).set_body_json(json!({"id": DATA, "dataType": "mvamelding", "refs": []})),
        )
        .expect(1)
        .mount(&server)
        .await;
    Mock::given(method("PUT"))
        .and(path(format!("{instance}/process/next")))
        .and(header("content-type", "application/json"))
        .and(body_bytes(b"".as_slice()))
        .respond_with(
            ResponseTemplate::new(200).set_body_json(json!({"currentTask": {"altinnTaskType": "confirmation"}})),
        )
        .expect(1)
        .mount(&server)
        .await;

    let created = client.create_instance(&token(), "911158612").await.unwrap();
    assert_eq!(created.id, id());
    assert_eq!(created.stage(), Stage::Filling);
    let envelope = created.envelope().unwrap();
    client.put_envelope(&token(), &id(), envelope, "<mvaMeldingInnsending/>").await.unwrap();
    let sent = client.post_return(&token(), &id(), Bytes::from_static(b"<mvaMeldingDto/>")).await.unwrap();
    assert_eq!(sent.id.to_string(), DATA);
    assert_eq!(client.process_next(&token(), &id()).await.unwrap().stage(), Stage::Confirming);
}

#[tokio::test]
async fn an_attachment_is_streamed_with_its_length_and_progress() {
    let (server, client) = server().await;
    let bytes = vec![7_u8; 300_000];
    Mock::given(method("POST"))
        .and(query_param("datatype", "binaerVedlegg"))
        .and(header("content-type", "application/pdf"))
        .and(header("content-length", "300000"))
        .and(body_bytes(bytes.clone()))
        .respond_with(ResponseTemplate::new(201).set_body_json(json!({"id": DATA, "filename": "bilag.pdf"})))
        .expect(1)
        .mount(&server)
        .await;
    let seen = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let told = std::sync::Arc::clone(&seen);
    let attachment = Attachment {
        name: AttachmentName::new("bilag.pdf"),
        content_type: "application/pdf".into(),
        length: 300_000,
        reader: std::io::Cursor::new(bytes),
    };
    let element =
        client.post_attachment(&token(), &id(), attachment, move |sent| told.lock().unwrap().push(sent)).await.unwrap();
    assert_eq!(element.filename.as_deref(), Some("bilag.pdf"));
    let seen = seen.lock().unwrap();
    assert!(seen.len() > 1, "progress comes more than once: {seen:?}");
    assert!(seen.is_sorted());
    assert_eq!(seen.last(), Some(&300_000));
}

#[tokio::test]
async fn an_attachment_of_another_length_than_said_is_not_sent_whole() {
    for (said, words) in [(100_001, "ended 1 bytes before"), (99_999, "longer than")] {
        let (server, client) = server().await;
        Mock::given(method("POST")).respond_with(ResponseTemplate::new(201)).mount(&server).await;
        let attachment = Attachment {
            name: AttachmentName::new("bilag.pdf"),
            content_type: "application/pdf".into(),
            length: said,
            reader: std::io::Cursor::new(vec![0_u8; 100_000]),
        };
        let error = client.post_attachment(&token(), &id(), attachment, |_| {}).await.unwrap_err();
        let ApiError::Source { name, reason } = &error else { panic!("{error:?}") };
        assert_eq!(name, "bilag.pdf");
        assert!(reason.contains(words), "{reason}");
        assert!(error.may_have_happened());
    }
}

#[tokio::test]
async fn conflict_as_text_as_json_string_and_as_problem_json_say_the_same() {
    let said = "Valideringsfeil: filnavnene i innsendingen må være unike. Validation error: file names in the submission must be unique.";
    let quoted = serde_json::to_string(said).unwrap();
    let problem = json!({
        "title": "Validation failed for task", "detail": "1 validation errors found for task Task_1", "status": 409,
        "validationIssues": [{"severity": 1, "dataElementId": null, "field": "filnavn", "code": "unik", "description": said, "source": "Custom"}]
    });
    for body in [
        ResponseTemplate::new(409).set_body_raw(said, "text/plain"),
        ResponseTemplate::new(409).set_body_raw(quoted.clone(), "application/json"),
        ResponseTemplate::new(409).set_body_raw(quoted, "text/plain"),
    ] {
        assert_eq!(refused(body).await, ApiError::Conflict { text: said.into(), validation: None, issues: vec![] });
    }
    let error = refused(ResponseTemplate::new(409).set_body_raw(problem.to_string(), "application/problem+json")).await;
    let ApiError::Conflict { text, issues, .. } = &error else { panic!("{error:?}") };
    assert_eq!(*text, format!("1 validation errors found for task Task_1\nValidation failed for task\n{said}"));
    assert_eq!(issues.len(), 1);
    assert_eq!((issues[0].severity, issues[0].code.as_deref()), (1, Some("unik")));
    assert_eq!(issues[0].description, said);
    assert!(!error.may_have_happened());
}

#[tokio::test]
async fn a_validation_result_is_found_wherever_it_stands() {
    let xml = r#"<?xml version="1.0" encoding="UTF-8"?>
<ns2:valideringsresultat xmlns:ns2="no:skatteetaten:fastsetting:avgift:mva:valideringsresultat:v1"><ns2:avvikVedMeldingslevering>ugyldig skattemelding</ns2:avvikVedMeldingslevering></ns2:valideringsresultat>"#;
    let after_text = format!("Valideringsfeil: Ugyldig mva-melding\n{xml}");
    let problem = json!({"title": "Validation failed for task", "validationIssues": [{"severity": 1, "description": after_text}]});
    let bodies = [
        (xml.to_owned(), ""),
        (after_text.clone(), "Valideringsfeil: Ugyldig mva-melding"),
        (serde_json::to_string(&after_text).unwrap(), "Valideringsfeil: Ugyldig mva-melding"),
        (problem.to_string(), "Validation failed for task\nValideringsfeil: Ugyldig mva-melding"),
        // Written as JSON within JSON, by the name of what it is about, or under a name of its own.
        (json!(json!(after_text).to_string()).to_string(), "Valideringsfeil: Ugyldig mva-melding"),
        (
            json!({"title": "Bad", "errors": {"mvamelding": [after_text]}}).to_string(),
            "Bad\nValideringsfeil: Ugyldig mva-melding",
        ),
        (json!({"title": "Bad", "valideringsresultat": xml}).to_string(), "Bad"),
        // As .NET writes XML into a text: the declaration names an encoding that the text no longer has.
        (json!(xml.replace("UTF-8", "utf-16")).to_string(), ""),
    ];
    for (body, words) in bodies {
        let error = refused(ResponseTemplate::new(409).set_body_string(body)).await;
        let ApiError::Conflict { text, validation, .. } = error else { panic!("{error:?}") };
        assert_eq!(validation.unwrap().outcome, Outcome::Invalid);
        assert_eq!(text, words);
    }
}

#[tokio::test]
async fn what_asp_net_says_of_a_field_is_among_the_words() {
    let body = json!({"title": "One or more validation errors occurred.", "status": 400,
        "errors": {"skattleggingsperiode": ["Perioden er ukjent."], "": ["Meldingen mangler."]}});
    let error = refused(ResponseTemplate::new(409).set_body_json(body)).await;
    let ApiError::Conflict { text, .. } = error else { panic!("{error:?}") };
    let said: Vec<&str> = text.lines().collect();
    for words in ["One or more validation errors occurred.", "Meldingen mangler.", "Perioden er ukjent."] {
        assert!(said.contains(&words), "{text}");
    }
}

#[tokio::test]
async fn forbidden_says_which_level_is_needed() {
    let body = json!({"failedObligations": {"urn:altinn:minimum-authenticationlevel": "4"}});
    let error = refused(ResponseTemplate::new(403).set_body_json(body)).await;
    assert!(matches!(error, ApiError::Forbidden { needs_level: Some(4), .. }), "{error:?}");
    let body =
        json!({"title": "Unauthorized", "detail": "User is not authorized to perform process next. Task ID:Task_2"});
    let error = refused(ResponseTemplate::new(403).set_body_json(body)).await;
    assert_eq!(
        error.authority_text(),
        Some("User is not authorized to perform process next. Task ID:Task_2\nUnauthorized")
    );
}

#[tokio::test]
async fn not_found_keeps_the_authoritys_words() {
    let words = "Cannot lookup party: Failed to lookup party by organisationNumber: 123456789. The exception was: 404 - Not Found - ";
    let error = refused(ResponseTemplate::new(404).set_body_json(words)).await;
    assert_eq!(error, ApiError::NotFound { text: words.trim().into() });
}

#[tokio::test]
async fn bad_requests_are_told_as_text_and_as_list() {
    let words = "Invalid data provided. Error: The request must include a Content-Disposition header";
    for body in [json!(words).to_string(), json!([{"code": "x", "description": words}]).to_string(), words.to_owned()] {
        let error = refused(ResponseTemplate::new(400).set_body_string(body)).await;
        assert_eq!(error, ApiError::BadRequest { status: 400, text: words.into() });
    }
    let error =
        refused(ResponseTemplate::new(413).set_body_json(json!({"title": "Request too large", "status": 413}))).await;
    assert_eq!(error, ApiError::BadRequest { status: 413, text: "Request too large".into() });
}

#[tokio::test]
async fn skatteetatens_own_error_body_is_read_in_json_and_xml() {
    let said = "MVA-006: Ugyldig token (korrelasjonsid 0f3c)";
    let json = json!({"kode": "MVA-006", "melding": "Ugyldig token", "korrelasjonsid": "0f3c"}).to_string();
    let xml = r#"<?xml version="1.0"?><feil xmlns="urn:no:skatteetaten:datasamarbeid:feil:v1"><kode>MVA-006</kode><melding>Ugyldig token</melding><korrelasjonsid>0f3c</korrelasjonsid></feil>"#;
    for body in [json, xml.to_owned()] {
        let (server, client) = server().await;
        Mock::given(method("POST"))
            .and(path("/valider"))
            .respond_with(ResponseTemplate::new(401).set_body_string(body))
            .mount(&server)
            .await;
        let error = client.validate(&token(), Bytes::from_static(b"<x/>")).await.unwrap_err();
        assert_eq!(error, ApiError::Unauthorized { text: said.into() });
    }
}

#[tokio::test]
async fn validation_reads_both_published_shapes() {
    let current = r#"<valideringsresultat xmlns="no:skatteetaten:fastsetting:avgift:mva:valideringsresultat:v1"><avvikVedMeldingslevering>ingen avvik</avvikVedMeldingslevering></valideringsresultat>"#;
    let old = "<valideringsresultat><status>UGYLDIG_SKATTEMELDING</status></valideringsresultat>";
    for (body, outcome) in [(current, Outcome::NoDeviations), (old, Outcome::Invalid)] {
        let (server, client) = server().await;
        Mock::given(method("POST"))
            .and(path("/valider"))
            .and(header("content-type", "application/xml"))
            .and(header("authorization", format!("Bearer {SECRET}")))
            .and(body_bytes(b"<mvaMeldingDto/>".as_slice()))
            .respond_with(ResponseTemplate::new(200).set_body_raw(body, "application/xml"))
            .mount(&server)
            .await;
        let result = client.validate(&token(), Bytes::from_static(b"<mvaMeldingDto/>")).await.unwrap();
        assert_eq!(result.outcome, outcome);
    }
    let (server, client) = server().await;
    Mock::given(method("POST"))
        .respond_with(ResponseTemplate::new(200).set_body_string("<html/>"))
        .mount(&server)
        .await;
    let error = client.validate(&token(), Bytes::from_static(b"<mvaMeldingDto/>")).await.unwrap_err();
    assert!(matches!(error, ApiError::Unreadable { .. }), "{error:?}");
}

#[tokio::test]
async fn retry_after_comes_as_seconds_and_as_date() {
    let error = refused(ResponseTemplate::new(429).insert_header("Retry-After", "17")).await;
    assert_eq!(error.retry_after(), Some(RetryAfter::In(Duration::from_secs(17))));
    assert!(!error.may_have_happened());
    let dated = ResponseTemplate::new(503)
        .insert_header("Date", "Sat, 21 Nov 2026 10:00:00 GMT")
        .insert_header("Retry-After", "Sat, 21 Nov 2026 10:02:00 GMT");
    let error = refused(dated).await;
    assert_eq!(error.retry_after(), Some(RetryAfter::In(Duration::from_secs(120))));
    assert!(error.may_have_happened() && error.is_transient());
}

#[tokio::test]
async fn a_gateways_page_is_not_shown_whole() {
    let page = "<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body><h1>nginx</h1></body></html>";
    let error = refused(ResponseTemplate::new(502).set_body_raw(page, "text/html")).await;
    assert_eq!(error, ApiError::Fault { status: 502, text: "502 Bad Gateway".into(), retry_after: None });
}

#[tokio::test]
async fn a_redirect_is_not_followed_with_a_token() {
    let elsewhere = MockServer::start().await;
    Mock::given(method("PUT"))
        .respond_with(ResponseTemplate::new(200).set_body_json(json!({})))
        .expect(0)
        .mount(&elsewhere)
        .await;
    let error = refused(ResponseTemplate::new(307).insert_header("Location", elsewhere.uri())).await;
    assert!(matches!(error, ApiError::Unreadable { .. }), "{error:?}");
}

#[tokio::test]
async fn a_token_or_a_national_id_that_is_echoed_does_not_come_through() {
    let error = refused(ResponseTemplate::new(400).set_body_string(format!("bad token {SECRET} of 17858290082"))).await;
    let shown = format!("{error} {error:?}");
    assert!(!shown.contains("hemmelig") && !shown.contains("17858290082"), "{shown}");
    assert_eq!(error.authority_text(), Some("bad token [secret] of 178582•••••"));
}

#[tokio::test]
async fn an_answer_that_is_no_json_or_too_large_is_unreadable() {
    for body in ["not json".to_owned(), String::new(), "[".repeat(17 * 1024 * 1024)] {
        let (server, client) = server().await;
        Mock::given(method("GET")).respond_with(ResponseTemplate::new(200).set_body_string(body)).mount(&server).await;
        let error = client.get_instance(&token(), &id()).await.unwrap_err();
        assert!(matches!(error, ApiError::Unreadable { .. }), "{error:?}");
    }
}

/// Each of them might be fetched, and written to the disk.
#[tokio::test]
async fn an_instance_of_endless_files_is_unreadable() {
    let (server, client) = server().await;
    let (element, mut json) = (instance_json()["data"][0].clone(), instance_json());
    for (count, is_read) in [(256, true), (257, false), (20_000, false)] {
        json["data"] = vec![element.clone(); count].into();
        server.reset().await;
        Mock::given(method("GET")).respond_with(ResponseTemplate::new(200).set_body_json(&json)).mount(&server).await;
        let read = client.get_instance(&token(), &id()).await;
        assert_eq!(read.is_ok(), is_read, "{count}");
        if let Err(error) = read {
            assert!(matches!(error, ApiError::Unreadable { .. }), "{error:?}");
        }
    }
}

#[tokio::test]
async fn a_list_follows_the_continuation_token_on_our_host_only() {
    let (server, client) = server().await;
    let list = "/storage/api/v1/instances";
    let other = json!({"id": "1/55604b08-1690-4a8d-bf6b-95c11dc40c58", "appId": "skd/another"});
    let mut deleted = instance_json();
    deleted["status"] = json!({"isSoftDeleted": true});
    Mock::given(method("GET"))
        .and(path(list))
        .and(query_param("continuationToken", "side 2"))
        .respond_with(
            ResponseTemplate::new(200).set_body_json(json!({"count": 1, "next": null, "instances": [instance_json()]})),
        )
        .expect(1)
        .mount(&server)
        .await;
    Mock::given(method("GET"))
        .and(path(list))
        .and(header("X-Ai-InstanceOwnerIdentifier", "organisation:911158612"))
        .and(query_param("appId", "skd/mva-melding-innsending-v1"))
        .and(query_param("status.isArchived", "false"))
        .respond_with(ResponseTemplate::new(200).set_body_json(
            json!({"count": 3, "next": "https://evil.example/x?size=3&continuationToken=side%202", "instances": [other, deleted, instance_json()]}),
        ))
        .with_priority(200)
        .expect(1)
        .mount(&server)
        .await;
    let found = client.unfinished_instances(&token(), "911158612").await.unwrap();
    assert_eq!(found.iter().map(|instance| instance.id.to_string()).collect::<Vec<_>>(), [ID, ID]);
    assert!(found[0].json.contains("\"organisationNumber\":\"911158612\""));
}

/// Pages of one instance each, with whatever the page of that number names as the next.
async fn pages(next: impl Fn(usize) -> Value + Send + Sync + 'static) -> Result<usize, ApiError> {
    let (server, client) = server().await;
    let asked = std::sync::atomic::AtomicUsize::new(0);
    Mock::given(path("/storage/api/v1/instances"))
        .respond_with(move |_: &wiremock::Request| {
            let page = asked.fetch_add(1, std::sync::atomic::Ordering::SeqCst) + 1;
            ResponseTemplate::new(200).set_body_json(json!({"next": next(page), "instances": [instance_json()]}))
        })
        .mount(&server)
        .await;
    client.list_instances(&token(), "911158612", &[]).await.map(|found| found.len())
}

#[tokio::test]
async fn a_long_list_is_read_to_its_end() {
    let next = |page| if page < 45 { json!(format!("/x?continuationToken={page}")) } else { json!("") };
    assert_eq!(pages(next).await.unwrap(), 45);
}

#[tokio::test]
async fn a_list_that_does_not_end_or_not_go_on_is_never_taken_for_the_whole() {
    for next in [json!("/x?continuationToken=again"), json!("/x?size=100"), json!("side 2")] {
        let error = pages(move |_| next.clone()).await.unwrap_err();
        assert!(matches!(error, ApiError::Unreadable { .. }), "{error:?}");
    }
    let error = pages(|page| json!(format!("/x?continuationToken={page}"))).await.unwrap_err();
    assert!(matches!(error, ApiError::Unreadable { .. }), "{error:?}");
}

/// Each page is within its bounds, and all of them would fill the memory.
#[tokio::test]
async fn a_list_is_bounded_as_a_whole() {
    let (server, client) = server().await;
    let asked = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let counted = std::sync::Arc::clone(&asked);
    Mock::given(path("/storage/api/v1/instances"))
        .respond_with(move |_: &wiremock::Request| {
            let page = counted.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            let mut body = vec![b' '; 14 << 20];
            body.extend(json!({"next": format!("/x?continuationToken={page}"), "instances": []}).to_string().bytes());
            ResponseTemplate::new(200).set_body_raw(body, "application/json")
        })
        .mount(&server)
        .await;
    let error = client.list_instances(&token(), "911158612", &[]).await.unwrap_err();
    assert!(matches!(error, ApiError::Unreadable { .. }), "{error:?}");
    assert_eq!(asked.load(std::sync::atomic::Ordering::SeqCst), 5);
}

#[tokio::test]
async fn feedback_status_is_an_extra_that_may_be_missing() {
    let (server, client) = server().await;
    let status = format!("{APP}/instances/{ID}/feedback/status");
    Mock::given(path(status.clone())).respond_with(ResponseTemplate::new(404)).up_to_n_times(1).mount(&server).await;
    assert_eq!(client.feedback_status(&token(), &id()).await.unwrap(), None);
    Mock::given(path(status))
        .respond_with(ResponseTemplate::new(200).set_body_json(json!({"isFeedbackProvided": true})))
        .mount(&server)
        .await;
    assert_eq!(client.feedback_status(&token(), &id()).await.unwrap(), Some(true));
}

#[tokio::test]
async fn deleting_what_is_gone_is_no_error() {
    let (server, client) = server().await;
    Mock::given(method("DELETE"))
        .and(query_param("hard", "true"))
        .respond_with(ResponseTemplate::new(404))
        .expect(1)
        .mount(&server)
        .await;
    client.delete_instance(&token(), &id(), true).await.unwrap();
}

#[tokio::test]
async fn parties_and_active_instances_are_read() {
    let (server, client) = server().await;
    Mock::given(path(format!("{APP}/api/v1/parties")))
        .and(query_param("allowedToInstantiateFilter", "true"))
        .respond_with(ResponseTemplate::new(200).set_body_json(json!([
            {"partyId": 1, "partyTypeName": 2, "orgNumber": "311797816", "ssn": null, "name": "Fjordlys Interiør AS", "isDeleted": false,
             "childParties": [{"partyId": 2, "orgNumber": "315203857", "name": "Avdeling"}]}
        ])))
        .mount(&server)
        .await;
    Mock::given(path(format!("{APP}/instances/50267437/active")))
        .respond_with(ResponseTemplate::new(200).set_body_json(json!([{"id": ID, "lastChangedBy": "Ingrid"}])))
        .mount(&server)
        .await;
    let parties = client.parties(&token()).await.unwrap();
    assert_eq!(parties.len(), 2);
    assert_eq!(parties[0].name, "Fjordlys Interiør AS");
    assert_eq!(client.active_instances(&token(), 50_267_437).await.unwrap(), [id()]);
}

/// The official example of a finished instance: its `selfLinks` name another app than its `appId`, on a real host.
#[tokio::test]
async fn the_official_finished_instance_is_read_and_its_files_are_fetched_here() {
    let Some(example) = official("eksempler/feedback/instans.json") else { return };
    let json = std::fs::read_to_string(example).unwrap();
    let (server, client) = server().await;
    let finished = path(format!("{APP}/instances/{ID}"));
    Mock::given(finished).respond_with(ResponseTemplate::new(200).set_body_string(json.clone())).mount(&server).await;
    let instance = client.get_instance(&token(), &id()).await.unwrap();
    assert!(instance.has_feedback() && instance.status.is_archived);
    assert_eq!(instance.stage(), Stage::Ended);
    assert_eq!(instance.status.substatus.as_ref().unwrap().label, "Mottatt");
    assert_eq!(instance.instance_owner.organisation_number.as_deref(), Some("911158612"));
    assert_eq!(instance.json, json);
    assert_eq!(instance.envelope().unwrap().size, 2364);
    for data_type in ["mvamelding", "betalingsinformasjon", "valideringsresultat", "kvittering"] {
        let element = instance.of_type(data_type).next().unwrap_or_else(|| panic!("{data_type}"));
        Mock::given(path(format!("{APP}/instances/{ID}/data/{}", element.id)))
            .respond_with(ResponseTemplate::new(200).set_body_bytes(data_type.as_bytes()))
            .expect(1)
            .mount(&server)
            .await;
        assert_eq!(client.download(&token(), &instance.id, element).await.unwrap(), data_type.as_bytes());
    }
}
