//! What other programs have seen in the test and production systems in 2026 (apis.md 1.9), one switch each.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{World, callback, claims, pair};
use practice::{
    Situation,
    world::{FJORDLYS, INGRID},
};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

const RESULT: &str = "valideringsresultat";

/// An instance that has been delivered.
async fn delivered(world: &World, token: &str) -> Value {
    let (envelope, ret) = pair(FJORDLYS);
    let instance = world.filled(token, FJORDLYS, &envelope, &ret).await;
    for _ in 0..2 {
        assert_eq!(world.next(token, &instance).await.status(), StatusCode::OK);
    }
    instance
}

fn has(instance: &Value, kind: &str) -> bool {
    instance["data"].as_array().unwrap().iter().any(|element| element["dataType"] == kind)
}

async fn file_of(world: &World, token: &str, instance: &Value, kind: &str) -> String {
    let elements = instance["data"].as_array().unwrap();
    let id = elements.iter().find(|element| element["dataType"] == kind).unwrap()["id"].as_str().unwrap();
    let url = format!("{}/data/{id}", world.url(instance));
    world.http.get(url).bearer_auth(token).send().await.unwrap().text().await.unwrap()
}

async fn later(world: &World, seconds: f64) {
    world.control(Method::POST, "/clock", json!({ "advanceSeconds": seconds })).await;
}

#[tokio::test]
async fn a_rejected_return_ends_as_an_accepted_one_and_only_the_verdict_tells() {
    let world = World::start().await;
    let token = world.altinn(INGRID).await;
    for (situation, said) in [
        (Situation::Rejected, Some("<avvikVedMeldingslevering>ugyldig skattemelding<")),
        (Situation::Deviating, Some("<avvikVedMeldingslevering>avvikende skattemelding<")),
        (Situation::Incomplete, Some("<avvikVedMeldingslevering>mangelfull skattemelding<")),
        (Situation::UnknownVerdict, Some("<avvikVedMeldingslevering>under behandling<")),
        (Situation::ForeignVerdict, Some("valideringsresultat:v2\"")),
        (Situation::UnreadableVerdict, Some("<valideringsresultat")),
        (Situation::MissingVerdict, None),
    ] {
        world.practice.switch(situation, true);
        let instance = delivered(&world, &token).await;
        let ended = world.read(&token, &instance).await;
        assert_eq!(ended["process"]["endEvent"], "EndEvent_1", "{situation:?}");
        assert_eq!(ended["status"]["substatus"]["label"], "Mottatt", "{situation:?}");
        assert!(has(&ended, "kvittering") && has(&ended, "betalingsinformasjon"), "{situation:?}");
        match said {
            Some(said) => {
                let xml = file_of(&world, &token, &ended, RESULT).await;
                assert!(xml.contains(said), "{situation:?}: {xml}");
            }
            None => assert!(!has(&ended, RESULT)),
        }
        world.practice.switch(situation, false);
    }
    let accepted = delivered(&world, &token).await;
    let accepted = world.read(&token, &accepted).await;
    assert!(file_of(&world, &token, &accepted, RESULT).await.contains("ingen avvik"));
}

#[tokio::test]
async fn payment_verdict_receipt_and_end_come_each_in_its_time() {
    let world = World::start().await;
    let token = world.altinn(INGRID).await;
    world.control(Method::POST, "/clock", json!({ "freeze": true })).await;
    world
        .settings(json!({ "altinn": {
            "paymentDelaySeconds": 30, "feedbackDelaySeconds": 80, "receiptDelaySeconds": 70, "verdictDelaySeconds": 172_800
        }}))
        .await;
    let instance = delivered(&world, &token).await;
    let now = async || {
        // Days go by: a token does not live as long.
        let token = world.altinn(INGRID).await;
        let read = world.read(&token, &instance).await;
        let ended = !read["process"]["ended"].is_null();
        (has(&read, "betalingsinformasjon"), has(&read, RESULT), has(&read, "kvittering"), ended)
    };
    assert_eq!(now().await, (false, false, false, false));
    later(&world, 31.0).await;
    assert_eq!(now().await, (true, false, false, false));
    later(&world, 40.0).await;
    assert_eq!(now().await, (true, false, true, false));
    later(&world, 10.0).await;
    assert_eq!(now().await, (true, false, true, true));
    later(&world, 172_800.0).await;
    assert_eq!(now().await, (true, true, true, true));
}

#[tokio::test]
async fn a_new_instance_is_not_there_for_a_while_and_its_data_id_is_right_all_the_same() {
    let world = World::start().await;
    let token = world.altinn(INGRID).await;
    world.control(Method::POST, "/clock", json!({ "freeze": true })).await;
    world.settings(json!({ "altinn": { "instanceDelaySeconds": 120 } })).await;
    let instance: Value = world.create(&token, FJORDLYS).await.json().await.unwrap();
    let (envelope, ret) = pair(FJORDLYS);
    assert_eq!(world.put_envelope(&token, &instance, &envelope).await.status(), StatusCode::NOT_FOUND);
    assert_eq!(world.post_return(&token, &instance, &ret).await.status(), StatusCode::NOT_FOUND);
    assert_eq!(world.next(&token, &instance).await.status(), StatusCode::NOT_FOUND);
    world.read(&token, &instance).await;
    world.settings(json!({ "altinn": { "instanceUnread": true } })).await;
    let read = world.http.get(world.url(&instance)).bearer_auth(&token).send().await.unwrap();
    assert_eq!(read.status(), StatusCode::NOT_FOUND);
    later(&world, 121.0).await;
    assert_eq!(world.put_envelope(&token, &instance, &envelope).await.status(), StatusCode::CREATED);
    assert_eq!(world.post_return(&token, &instance, &ret).await.status(), StatusCode::CREATED);
}

#[tokio::test]
async fn feedback_that_has_not_come_is_a_conflict() {
    let world = World::start().await;
    let token = world.altinn(INGRID).await;
    world.settings(json!({ "altinn": { "feedbackDelaySeconds": 60 } })).await;
    let instance = delivered(&world, &token).await;
    let asked = world.http.get(format!("{}/feedback", world.url(&instance))).bearer_auth(&token).send().await.unwrap();
    assert_eq!(asked.status(), StatusCode::CONFLICT);
    assert!(asked.text().await.unwrap().ends_with("has not yet received feedback. Try again later."));
    let status = world.http.get(format!("{}/feedback/status", world.url(&instance))).bearer_auth(&token);
    assert_eq!(status.send().await.unwrap().json::<Value>().await.unwrap()["isFeedbackProvided"], false);
    later(&world, 61.0).await;
    let asked = world.http.get(format!("{}/feedback", world.url(&instance))).bearer_auth(&token).send().await.unwrap();
    assert_eq!(asked.status(), StatusCode::OK);
}

#[tokio::test]
async fn the_conflict_of_an_invalid_return_is_the_bare_result() {
    let world = World::start().await;
    let token = world.altinn(INGRID).await;
    let instance = world.filled(&token, FJORDLYS, &pair(FJORDLYS).0, "<annet/>").await;
    let refused = world.next(&token, &instance).await;
    assert_eq!(refused.status(), StatusCode::CONFLICT);
    let body = refused.text().await.unwrap();
    let body = body.split_once("?>").map_or(body.as_str(), |(_, body)| body.trim_start());
    assert!(body.starts_with("<valideringsresultat"), "{body}");
}

#[tokio::test]
async fn a_moved_app_is_a_teapot() {
    let world = World::start().await;
    let token = world.altinn(INGRID).await;
    world.control(Method::POST, "/situations", json!({ "situation": "appMoved", "on": true })).await;
    assert_eq!(world.create(&token, FJORDLYS).await.status(), StatusCode::IM_A_TEAPOT);
    let all = world.control(Method::GET, "/situations", Value::Null).await;
    let on: Vec<&Value> = all.as_array().unwrap().iter().filter(|it| it["on"] == true).collect();
    assert_eq!(on.len(), 1, "{all}");
    world.control(Method::POST, "/situations", json!({ "situation": "appMoved", "on": false })).await;
    assert_eq!(world.create(&token, FJORDLYS).await.status(), StatusCode::CREATED);
}

#[tokio::test]
async fn an_envelope_is_taken_with_a_namespace_and_without_status_and_list_of_files() {
    let world = World::start().await;
    let token = world.altinn(INGRID).await;
    let (plain, ret) = pair(FJORDLYS);
    let named = plain.replacen(
        "<mvaMeldingInnsending>",
        "<mvaMeldingInnsending xmlns=\"no:skatteetaten:fastsetting:avgift:mva:mvameldinginnsending:v1.0\">",
        1,
    );
    let (start, end) = (plain.find("<instansstatus>").unwrap(), plain.find("</mvaMeldingInnsending>").unwrap());
    let bare = format!("{}{}", &plain[..start], &plain[end..]);
    for envelope in [plain, named, bare] {
        let instance = world.filled(&token, FJORDLYS, &envelope, &ret).await;
        assert_eq!(world.next(&token, &instance).await.status(), StatusCode::OK, "{envelope}");
    }
}

async fn validated(world: &World, access_token: &str, ret: &str) -> reqwest::Response {
    let url = format!("{}/api/mva/grensesnittstoette/mva-melding/valider", world.at().skatteetaten);
    let asked = world.http.post(url).bearer_auth(access_token).header("Content-Type", "application/xml");
    asked.body(ret.to_owned()).send().await.unwrap()
}

/// As Maskinporten gives them out: signed, in time, with the scope and the organisation, and no person.
#[tokio::test]
async fn a_token_that_names_no_person_is_refused_by_validation_and_exchange() {
    let world = World::start().await;
    let ret = pair(FJORDLYS).1;
    for (machine, status) in [(false, StatusCode::OK), (true, StatusCode::UNAUTHORIZED)] {
        world.practice.switch(Situation::MachineToken, machine);
        let tokens = world.sign_in(INGRID).await;
        let token = tokens["access_token"].as_str().unwrap();
        let claims = claims(token);
        assert_eq!(claims["pid"].is_string(), !machine, "{claims}");
        assert!(claims["scope"].as_str().unwrap().contains("skatteetaten:mvameldingvalidering"), "{claims}");
        assert!(claims["consumer"]["ID"].is_string(), "{claims}");
        assert_eq!(validated(&world, token, &ret).await.status(), status);
        assert_eq!(world.exchange(token).await.status(), status);
    }
    let made_up = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJodHRwczovL21hc2tpbnBvcnRlbi5ubyIsInNjb3BlIjoieCJ9.c2lnbmF0dXJl";
    assert_eq!(validated(&world, made_up, &ret).await.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn scopes_that_altinn_has_not_granted_refuse_the_whole_sign_in() {
    let world = World::start().await;
    world.practice.switch(Situation::ScopesNotGranted, true);
    let refused = callback(&world.authorize(&[]).await);
    assert_eq!(refused["error"], "invalid_scope", "{refused}");
    assert!(refused["error_description"].as_str().unwrap().contains("altinn:instances."), "{refused}");
    // Without them the sign-in goes well.
    let code = world.code(INGRID, &[("scope", "openid skatteetaten:mvameldingvalidering")]).await;
    assert!(world.redeem(&code).await["access_token"].is_string());
}

#[tokio::test]
async fn the_app_can_refuse_what_the_validation_took_and_in_each_shape() {
    let world = World::start().await;
    let token = world.altinn(INGRID).await;
    let (envelope, ret) = pair(FJORDLYS);
    world.practice.switch(Situation::RefusedByApp, true);
    for (shape, kind, begins) in [
        (None, "application/xml", "<?xml"),
        (Some(Situation::ConflictWithText), "text/plain", "Valideringsfeil: Ugyldig mva-melding\n<?xml"),
        (Some(Situation::ConflictAsJson), "application/json", "\"Valideringsfeil: Ugyldig mva-melding\\n"),
        (Some(Situation::ConflictAsProblem), "application/problem+json", "{"),
    ] {
        if let Some(shape) = shape {
            world.practice.switch(shape, true);
        }
        let instance = world.filled(&token, FJORDLYS, &envelope, &ret).await;
        let refused = world.next(&token, &instance).await;
        assert_eq!(refused.status(), StatusCode::CONFLICT);
        let given = refused.headers()["Content-Type"].to_str().unwrap().to_owned();
        let body = refused.text().await.unwrap();
        assert!(given.starts_with(kind) && body.starts_with(begins), "{shape:?}: {given}: {body}");
        assert!(body.contains("INNSENDING_AVVIST"), "{shape:?}: {body}");
    }
}

#[tokio::test]
async fn a_remark_in_free_text_waits_for_a_person_and_a_coded_one_does_not() {
    let world = World::start().await;
    let token = world.altinn(INGRID).await;
    world.practice.switch(Situation::FreeTextByHand, true);
    let (envelope, ret) = pair(FJORDLYS);
    for (remark, answered) in [
        ("<utvalgtMerknad>periodisering</utvalgtMerknad>", true),
        ("<beskrivelse>Vi har flyttet lageret</beskrivelse>", false),
    ] {
        let ret = ret.replacen(
            "</mvaSpesifikasjonslinje>",
            &format!("<merknad>{remark}</merknad></mvaSpesifikasjonslinje>"),
            1,
        );
        let instance = world.filled(&token, FJORDLYS, &envelope, &ret).await;
        for _ in 0..2 {
            let next = world.next(&token, &instance).await;
            assert_eq!(next.status(), StatusCode::OK, "{remark}");
        }
        let read = world.read(&token, &instance).await;
        assert!(has(&read, "kvittering") && !read["process"]["ended"].is_null(), "{remark}");
        assert_eq!(has(&read, RESULT), answered, "{remark}");
    }
}

#[tokio::test]
async fn money_back_is_held_for_an_earlier_period_and_for_want_of_an_account() {
    let world = World::start().await;
    let token = world.sign_in(INGRID).await["access_token"].as_str().unwrap().to_owned();
    let pays = pair(FJORDLYS).1;
    let gets = pays.replacen("<merverdiavgift>-10000<", "<merverdiavgift>-40000<", 1).replacen(
        "<fastsattMerverdiavgift>15000<",
        "<fastsattMerverdiavgift>-15000<",
        1,
    );
    for (held, ret, said) in [(false, &gets, false), (true, &gets, true), (true, &pays, false)] {
        world.practice.switch(Situation::RefundHeld, held);
        let answer = validated(&world, &token, ret).await.text().await.unwrap();
        let reasons = ["TIL_GODE_TIDLIGERE_TERMINER", "KONTONUMMER_FINNES_IKKE"].map(|code| answer.contains(code));
        assert_eq!(reasons, [said; 2], "{answer}");
    }
}

/// Slash at the end, letters of any case, single quotes and a number for a text: ASP.NET and Newtonsoft take them.
#[tokio::test]
async fn a_client_of_other_habits_files_too() {
    let world = World::start().await;
    let token = world.altinn(INGRID).await;
    let (envelope, ret) = pair(FJORDLYS);
    let app = world.at().altinn_app.replace("/skd/", "/SKD/");
    let send = async |method: Method, path: String, kind: &str, body: String| {
        let request = world.http.request(method, format!("{app}{path}")).bearer_auth(&token).body(body);
        let request = request.header("Content-Disposition", "attachment; filename=mvaMelding.xml");
        request.header("Content-Type", kind).send().await.unwrap()
    };
    let body = format!("{{'InstanceOwner': {{'organisationNumber': {FJORDLYS}}}}}");
    let made = send(Method::POST, "/Instances/".into(), "application/json", body).await;
    assert_eq!(made.status(), StatusCode::CREATED);
    let made: Value = made.json().await.unwrap();
    let (party, guid) = made["id"].as_str().unwrap().split_once('/').unwrap();
    let id = format!("/instances/{party}/{}", guid.to_uppercase());
    let data = made["data"][0]["id"].as_str().unwrap().to_uppercase();
    let put = send(Method::PUT, format!("{id}/Data/{data}/"), "application/xml", envelope).await;
    assert_eq!(put.status(), StatusCode::CREATED);
    let posted = send(Method::POST, format!("{id}/data/?dataType=mvamelding"), "text/xml", ret).await;
    assert_eq!(posted.status(), StatusCode::CREATED);
    for _ in 0..2 {
        let next = send(Method::PUT, format!("{id}/Process/Next/"), "application/json", String::new()).await;
        assert_eq!(next.status(), StatusCode::OK);
    }
    let read = send(Method::GET, format!("{id}/"), "application/json", String::new()).await;
    assert_eq!(read.json::<Value>().await.unwrap()["status"]["substatus"]["label"], "Mottatt");
    let exchange = format!("{}/Authentication/api/V1/exchange/id-porten/", world.at().altinn_platform);
    let tokens = world.sign_in(INGRID).await;
    let exchanged =
        world.http.get(exchange).bearer_auth(tokens["access_token"].as_str().unwrap()).send().await.unwrap();
    assert_eq!(exchanged.status(), StatusCode::OK);
}

/// A refusal before the body has been read must not break the connection for the next request on it.
#[tokio::test]
async fn a_refusal_leaves_the_connection_whole() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let world = World::start().await;
    let host = url::Url::parse(&world.at().altinn_app).unwrap();
    let address = format!("{}:{}", host.host_str().unwrap(), host.port().unwrap());
    let mut stream = tokio::net::TcpStream::connect(&address).await.unwrap();
    let body = "x".repeat(300_000);
    for _ in 0..2 {
        let request = format!(
            "POST {}/instances/1/2/data?dataType=binaerVedlegg HTTP/1.1\r\nHost: {address}\r\nContent-Length: {}\r\n\r\n{body}",
            host.path(),
            body.len()
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = vec![0; 4096];
        let read = stream.read(&mut answer).await.unwrap();
        let text = String::from_utf8_lossy(&answer[..read]).to_ascii_lowercase();
        assert!(text.starts_with("http/1.1 401"), "{text}");
        assert!(!text.contains("connection: close"), "{text}");
    }
}
