//! Control: the log, the fault plan, the clock (apis.md section 8, items 5 to 7).

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{World, pair};
use practice::world::{FJORDLYS, INGRID, JONAS};
use practice::{Options, Practice};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

#[tokio::test]
async fn a_connection_dropped_after_the_server_acted_leaves_the_step_done() {
    let world = World::start().await;
    world.settings(json!({ "altinn": { "feedbackDelaySeconds": 600.0 } })).await;
    let token = world.altinn(INGRID).await;
    let (envelope, ret) = pair(FJORDLYS);
    let instance = world.filled(&token, FJORDLYS, &envelope, &ret).await;
    assert_eq!(world.next(&token, &instance).await.status(), StatusCode::OK);
    world.fault(json!({ "call": "secondNext", "fault": { "kind": "dropAfter" } })).await;
    let lost = world.try_next(&token, &instance).await;
    assert!(lost.is_err(), "{lost:?}");
    assert_eq!(world.read(&token, &instance).await["process"]["currentTask"]["name"], "Tilbakemelding");
    let log = world.log().await;
    assert_eq!(log["deliveries"].as_array().unwrap().len(), 1);
    let entry = log["requests"].as_array().unwrap().iter().find(|e| e["call"] == "secondNext").unwrap().clone();
    assert_eq!(
        (&entry["status"], &entry["answered"], &entry["fault"]),
        (&json!(200), &json!(false), &json!("DropAfter"))
    );
    assert_eq!(entry["actor"], "Ingrid Solvang");
    assert!(entry["effect"].as_str().unwrap().starts_with("delivered 311797816 juli-august 2026"));
}

#[tokio::test]
async fn a_connection_dropped_before_and_failures_before_change_nothing() {
    let world = World::start().await;
    let token = world.altinn(INGRID).await;
    let (envelope, ret) = pair(FJORDLYS);
    let instance = world.filled(&token, FJORDLYS, &envelope, &ret).await;
    world
        .fault(json!([
            { "call": "firstNext", "nth": 1, "fault": { "kind": "dropBefore" } },
            { "call": "firstNext", "nth": 2, "fault": { "kind": "status", "status": 503 } },
            { "call": "firstNext", "nth": 3, "fault": { "kind": "tooManyRequests", "retryAfterSeconds": 7 } },
            { "call": "firstNext", "nth": 4, "fault": { "kind": "expiredToken" } },
            { "call": "firstNext", "nth": 5, "fault": { "kind": "delay", "milliseconds": 300 } },
        ]))
        .await;
    assert!(world.try_next(&token, &instance).await.is_err());
    let unavailable = world.next(&token, &instance).await;
    assert_eq!(unavailable.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(unavailable.text().await.unwrap().contains("<html>"));
    let slow_down = world.next(&token, &instance).await;
    assert_eq!(
        (slow_down.status(), &slow_down.headers()["Retry-After"]),
        (StatusCode::TOO_MANY_REQUESTS, &"7".parse().unwrap())
    );
    assert_eq!(world.next(&token, &instance).await.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(world.read(&token, &instance).await["process"]["currentTask"]["elementId"], "Task_1");
    let began = Instant::now();
    assert_eq!(world.next(&token, &instance).await.status(), StatusCode::OK);
    assert!(began.elapsed() >= Duration::from_millis(300));
    let rules = world.control(Method::GET, "/faults", Value::Null).await;
    assert!(rules.as_array().unwrap().iter().all(|rule| rule["played"] == 1), "{rules}");
}

#[tokio::test]
async fn a_server_may_act_and_then_fail_and_an_answer_may_be_cut() {
    let world = World::start().await;
    let token = world.altinn(INGRID).await;
    world
        .fault(json!([
            { "call": "createInstance", "nth": 1, "fault": { "kind": "status", "status": 500, "acted": true } },
            { "call": "createInstance", "nth": 2, "fault": { "kind": "truncate" } },
        ]))
        .await;
    let failed = world.create(&token, FJORDLYS).await;
    assert_eq!(failed.status(), StatusCode::INTERNAL_SERVER_ERROR);
    let cut = world.create(&token, FJORDLYS).await;
    assert_eq!(cut.status(), StatusCode::CREATED);
    assert!(cut.text().await.is_err());
    let url = format!("{}/storage/api/v1/instances", world.at().altinn_platform);
    let list = world
        .http
        .get(url)
        .bearer_auth(&token)
        .header("X-Ai-InstanceOwnerIdentifier", format!("organisation:{FJORDLYS}"));
    assert_eq!(list.send().await.unwrap().json::<Value>().await.unwrap()["count"], 2);
}

#[tokio::test]
async fn an_answer_may_come_a_byte_at_a_time_and_is_whole_in_the_end() {
    let world = World::start().await;
    let token = world.altinn(INGRID).await;
    world.fault(json!({ "call": "createInstance", "fault": { "kind": "drip", "milliseconds": 2 } })).await;
    let began = Instant::now();
    let slow = world.create(&token, FJORDLYS).await;
    assert_eq!(slow.status(), StatusCode::CREATED);
    let headers = began.elapsed();
    let text = slow.text().await.unwrap();
    assert!(began.elapsed() - headers >= Duration::from_millis(text.len() as u64), "{:?}", began.elapsed());
    assert!(serde_json::from_str::<Value>(&text).unwrap()["id"].is_string());
}

#[tokio::test]
async fn feedback_may_take_an_hour_or_reject() {
    let world = World::start().await;
    let token = world.altinn(INGRID).await;
    let (envelope, ret) = pair(FJORDLYS);
    world
        .fault(json!([
            { "call": "secondNext", "nth": 1, "fault": { "kind": "feedbackDelay", "seconds": 3600.0 } },
            { "call": "secondNext", "nth": 2, "fault": { "kind": "lateRejection" } },
        ]))
        .await;
    let slow = world.filled(&token, FJORDLYS, &envelope, &ret).await;
    world.next(&token, &slow).await;
    world.next(&token, &slow).await;
    let rejected = world.filled(&token, FJORDLYS, &envelope, &ret).await;
    world.next(&token, &rejected).await;
    world.next(&token, &rejected).await;
    // It ends as one that was accepted; only the verdict tells (apis.md 1.9).
    let rejected = world.read(&token, &rejected).await;
    assert_eq!(rejected["status"]["substatus"]["label"], "Mottatt");
    assert!(rejected["data"].as_array().unwrap().iter().any(|e| e["dataType"] == "kvittering"));
    world.control(Method::POST, "/clock", json!({ "advanceSeconds": 3599 })).await;
    assert!(world.read(&token, &slow).await["process"]["ended"].is_null());
    world.control(Method::POST, "/clock", json!({ "advanceSeconds": 2 })).await;
    assert_eq!(world.read(&token, &slow).await["status"]["substatus"]["label"], "Mottatt");
}

#[tokio::test]
async fn the_log_holds_no_secret_and_no_national_id() {
    let world = World::start().await;
    let tokens = world.sign_in(INGRID).await;
    let token = world.altinn(INGRID).await;
    world.create(&token, FJORDLYS).await;
    let log = world.log().await.to_string();
    assert!(log.contains("createInstance") && log.contains("Ingrid Solvang"));
    for secret in
        [INGRID, token.as_str(), tokens["access_token"].as_str().unwrap(), tokens["refresh_token"].as_str().unwrap()]
    {
        assert!(!log.contains(secret));
    }
}

#[tokio::test]
async fn the_date_header_goes_by_the_practice_clock() {
    let world = World::start().await;
    world.control(Method::POST, "/clock", json!({ "set": "2030-01-02T03:04:05Z", "freeze": true })).await;
    let answer = world.http.get(format!("{}/jwks.json", world.at().id_porten)).send().await.unwrap();
    assert_eq!(answer.headers()["Date"], "Wed, 02 Jan 2030 03:04:05 GMT");
}

#[tokio::test]
async fn a_role_can_be_given_while_somebody_waits_for_it() {
    let world = World::start().await;
    let token = world.altinn(JONAS).await;
    let (envelope, ret) = pair(FJORDLYS);
    let instance = world.filled(&token, FJORDLYS, &envelope, &ret).await;
    world.next(&token, &instance).await;
    assert_eq!(world.next(&token, &instance).await.status(), StatusCode::FORBIDDEN);
    let grant = json!({ "person": "jonas-eide", "orgNumber": FJORDLYS, "role": "accountantSigning" });
    world.control(Method::POST, "/world/grants", grant).await;
    assert_eq!(world.next(&token, &instance).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn web_pages_cannot_steer_the_practice() {
    let world = World::start().await;
    let settings = format!("{}/settings", world.at().control);
    let page = world.http.patch(&settings).header("Origin", "https://example.com").json(&json!({ "latencyMs": 9 }));
    assert_eq!(page.send().await.unwrap().status(), StatusCode::FORBIDDEN);
    let rebound = world.http.get(&settings).header("Host", "evil.example").send().await.unwrap();
    assert_eq!(rebound.status(), StatusCode::MISDIRECTED_REQUEST);
    let unknown = world.http.patch(&settings).json(&json!({ "altinn": { "noSuch": 1 } })).send().await.unwrap();
    assert_eq!(unknown.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn ports_follow_the_base_and_stop_frees_them() {
    // Below the ports the system gives to everyone else's `:0`, and the next ten if somebody sits there all the same.
    let first = 20_000 + (std::process::id() % 1_000) as u16 * 10;
    let options = |base| Options { port_base: Some(base), ..Options::default() };
    let mut begun = None;
    for base in (0..10).map(|n| first + n * 100 % 10_000) {
        if let Ok(practice) = Practice::start(options(base)).await {
            begun = Some((base, practice));
            break;
        }
    }
    let (base, practice) = begun.unwrap();
    let start = || Practice::start(options(base));
    assert_eq!(practice.addresses().id_porten, format!("http://127.0.0.1:{base}"));
    assert!(practice.addresses().control.ends_with(&format!(":{}", base + 5)));
    assert!(start().await.is_err());
    practice.stop().await;
    start().await.unwrap().stop().await;
}
