//! Answers of an Enhetsregisteret that are odd or forged (apis-next.md, section (a)).
#![allow(clippy::unwrap_used, clippy::panic)]

use altinn::{
    ApiError, Client, Endpoints,
    entity_register::{Entity, EntityStatus, Numbered},
};
use serde_json::{Value, json};
use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{method, path},
};

/// What a register that answers so says of 974760673.
async fn said(unit: Value) -> Result<Option<Numbered>, ApiError> {
    let server = MockServer::start().await;
    let base = server.uri();
    Mock::given(method("GET"))
        .and(path("/api/enheter/974760673"))
        .respond_with(ResponseTemplate::new(200).set_body_json(unit))
        .mount(&server)
        .await;
    let endpoints = Endpoints::parse(&base, &format!("{base}/skd/mva-melding-innsending-v1"), &base).unwrap();
    let endpoints = endpoints.with_entity_register(&format!("{base}/api")).unwrap();
    Client::new(altinn::http::client("Momsbud/test").unwrap(), endpoints).numbered("974760673").await
}

#[tokio::test]
async fn an_answer_about_another_number_is_none() {
    // Believed, the first would give another company a name, and the others say that one is not registered for VAT.
    for odd in [
        json!({"organisasjonsnummer": "311797816", "navn": "NOEN ANDRE AS", "registrertIMvaregisteret": true}),
        json!({"navn": "BRØNNØYSUND"}),
        json!({}),
    ] {
        let answer = said(odd.clone()).await;
        assert!(matches!(answer, Err(ApiError::Unreadable { .. })), "{odd}: {answer:?}");
    }
    let right = said(json!({"organisasjonsnummer": "974760673", "navn": "X", "registrertIMvaregisteret": true})).await;
    let entity = Entity { org_number: "974760673".into(), name: "X".into(), standing: EntityStatus::Registered };
    assert_eq!(right.unwrap(), Some(Numbered::Entity(entity)));
}
