//! What the practice authorities still know after they were stopped and started again.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use practice::{Options, Practice};
use serde_json::{Value, json};
use std::path::PathBuf;

fn options(folder: &std::path::Path) -> Options {
    Options { memory: Some(PathBuf::from(folder)), ..Options::default() }
}

fn http() -> reqwest::Client {
    reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().unwrap()
}

/// Signs in without a page, as a native client, and returns the token answer.
async fn tokens(practice: &Practice) -> Value {
    let world: Value =
        http().get(format!("{}/world", practice.addresses().control)).send().await.unwrap().json().await.unwrap();
    let person = world["persons"].as_array().unwrap().iter().find(|it| it["givenName"] == "Ingrid").unwrap();
    let verifier = "xyo94uhy3zKvgB0NJwLms86SwcjtWviEOpkBnGgaLlo";
    let redirect = "http://127.0.0.1:40123/callback";
    let hint = format!("testid:{}_idporten-loa-high", person["pid"].as_str().unwrap());
    let answer = http()
        .get(format!("{}/authorize", practice.addresses().id_porten))
        .query(&[
            ("response_type", "code"),
            ("client_id", "momsbud-practice"),
            ("redirect_uri", redirect),
            ("scope", "openid profile altinn:instances.read altinn:instances.write"),
            ("state", "a-state-of-some-length"),
            ("nonce", "a-nonce-of-some-length"),
            ("code_challenge", "b7elB7ZyxIXgFyvBznKvxl7wOB-H17Pz0a3B62NIMFI"),
            ("code_challenge_method", "S256"),
            ("login_hint", &hint),
        ])
        .send()
        .await
        .unwrap();
    let location = url::Url::parse(answer.headers()["location"].to_str().unwrap()).unwrap();
    let code = location.query_pairs().find(|(name, _)| name == "code").unwrap().1.into_owned();
    refresh_or_code(
        practice,
        &[
            ("grant_type", "authorization_code"),
            ("code", &code),
            ("redirect_uri", redirect),
            ("code_verifier", verifier),
            ("client_id", "momsbud-practice"),
        ],
    )
    .await
}

async fn refresh_or_code(practice: &Practice, form: &[(&str, &str)]) -> Value {
    let answer = http().post(format!("{}/token", practice.addresses().id_porten)).form(form).send().await.unwrap();
    assert_eq!(answer.status(), 200, "{}", answer.text().await.unwrap());
    answer.json().await.unwrap()
}

async fn exchanged(practice: &Practice, access_token: &str) -> reqwest::Response {
    http()
        .get(format!("{}/authentication/api/v1/exchange/id-porten", practice.addresses().altinn_platform))
        .bearer_auth(access_token)
        .send()
        .await
        .unwrap()
}

#[tokio::test]
async fn instances_grants_and_keys_outlive_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let practice = Practice::start(options(folder.path())).await.unwrap();
    let before = practice.addresses().clone();
    let granted = tokens(&practice).await;
    let access = granted["access_token"].as_str().unwrap().to_owned();
    let altinn = exchanged(&practice, &access).await.text().await.unwrap();
    let made: Value = http()
        .post(format!("{}/instances", practice.addresses().altinn_app))
        .bearer_auth(&altinn)
        .json(&json!({ "instanceOwner": { "organisationNumber": "311797816" } }))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    practice.stop().await;

    let practice = Practice::start(options(folder.path())).await.unwrap();
    assert_eq!(practice.addresses(), &before, "the issuer is where it was");
    // The old token still verifies, so the keys are the same.
    assert_eq!(exchanged(&practice, &access).await.status(), 200);
    let again = refresh_or_code(
        &practice,
        &[
            ("grant_type", "refresh_token"),
            ("refresh_token", granted["refresh_token"].as_str().unwrap()),
            ("client_id", "momsbud-practice"),
        ],
    )
    .await;
    let altinn = exchanged(&practice, again["access_token"].as_str().unwrap()).await.text().await.unwrap();
    let address = format!("{}/instances/{}", practice.addresses().altinn_app, made["id"].as_str().unwrap());
    let read: Value = http().get(&address).bearer_auth(&altinn).send().await.unwrap().json().await.unwrap();
    assert_eq!(read, made, "the instance is as it was");
    practice.stop().await;

    let written = std::fs::read_to_string(folder.path().join("office.json")).unwrap();
    assert!(!written.contains(granted["refresh_token"].as_str().unwrap()), "refresh tokens are kept as hashes only");
}

#[tokio::test]
async fn a_folder_that_is_none_costs_the_memory_and_not_the_practice() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a-file");
    std::fs::write(&file, b"not a folder").unwrap();
    let practice = Practice::start(options(&file)).await.unwrap();
    assert!(tokens(&practice).await["access_token"].is_string());
    practice.stop().await;
}

#[tokio::test]
async fn a_large_attachment_is_kept_beside_its_instance_and_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let practice = Practice::start(options(folder.path())).await.unwrap();
    let granted = tokens(&practice).await;
    let access = granted["access_token"].as_str().unwrap().to_owned();
    let altinn = exchanged(&practice, &access).await.text().await.unwrap();
    let instances = format!("{}/instances", practice.addresses().altinn_app);
    let made: Value = http()
        .post(&instances)
        .bearer_auth(&altinn)
        .json(&json!({ "instanceOwner": { "organisationNumber": "311797816" } }))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let mut bytes = b"%PDF-1.7\n".to_vec();
    bytes.resize(300_000, b' ');
    let id = made["id"].as_str().unwrap();
    let element: Value = http()
        .post(format!("{instances}/{id}/data?datatype=binaerVedlegg"))
        .bearer_auth(&altinn)
        .header("content-type", "application/pdf")
        .header("content-disposition", "attachment; filename=bilag.pdf")
        .body(bytes.clone())
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    practice.stop().await;

    let guid = id.split('/').next_back().unwrap();
    let json = std::fs::metadata(folder.path().join(format!("instances/{guid}.json"))).unwrap().len();
    assert!(json < 50_000, "the attachment is not in the instance's own file: {json} bytes");
    let practice = Practice::start(options(folder.path())).await.unwrap();
    let altinn = exchanged(&practice, &access).await.text().await.unwrap();
    let address = format!("{instances}/{id}/data/{}", element["id"].as_str().unwrap());
    let read = http().get(address).bearer_auth(&altinn).send().await.unwrap().bytes().await.unwrap();
    assert_eq!(read, bytes);
    practice.stop().await;
}
