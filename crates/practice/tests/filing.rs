//! Filing step by step over HTTP (apis.md 1.4, 2.2), and everything that can be refused on the way.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

mod common;
#[path = "../../vat-return/tests/official/mod.rs"]
mod official;

use common::{World, envelope, mva, pair};
use official::official;
use practice::world::{ASTRID, FJORDLYS, INGRID, JONAS, KARI, VIKA};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

#[tokio::test]
async fn the_documented_sequence_ends_with_a_receipt() {
    let world = World::start().await;
    let token = world.altinn(INGRID).await;

    let created = world.create(&token, FJORDLYS).await;
    assert_eq!(created.status(), StatusCode::CREATED);
    let location = created.headers()["Location"].to_str().unwrap().to_owned();
    let instance: Value = created.json().await.unwrap();
    assert_eq!(location, world.url(&instance));
    let data = instance["data"].as_array().unwrap();
    assert_eq!(data.len(), 1);
    let kind = data[0]["dataType"].as_str().unwrap();
    assert!(kind.starts_with("no.skatteetaten.fastsetting.avgift.mva.mvameldinginnsending."));
    assert_eq!(data[0]["filename"], Value::Null);
    let size = data[0]["size"].as_i64().unwrap();
    assert!((size - 273).abs() < 25, "{size}");
    assert_eq!(instance["process"]["currentTask"]["elementId"], "Task_1");
    assert_eq!(instance["createdBy"], "86257");

    let (envelope, ret) = pair(FJORDLYS);
    assert_eq!(world.put_envelope(&token, &instance, &envelope).await.status(), StatusCode::CREATED);
    let posted = world.post_return(&token, &instance, &ret).await;
    assert_eq!(posted.status(), StatusCode::CREATED);
    let element: Value = posted.json().await.unwrap();
    assert_eq!(
        (element["dataType"].as_str(), element["filename"].as_str()),
        (Some("mvamelding"), Some("mvaMelding.xml"))
    );
    assert_eq!(element["locked"], false);
    let pdf = b"%PDF-1.4 attachment".to_vec();
    let attached = world.post(&token, &instance, "binaerVedlegg", "bilag.pdf", "application/pdf", pdf.clone()).await;
    assert_eq!(attached.status(), StatusCode::CREATED);

    let first = world.next(&token, &instance).await;
    assert_eq!(first.status(), StatusCode::OK);
    let process: Value = first.json().await.unwrap();
    assert_eq!(process["currentTask"]["elementId"], "Task_2");
    assert_eq!(process["currentTask"]["altinnTaskType"], "confirmation");

    world.settings(json!({ "altinn": { "feedbackDelaySeconds": 60.0 } })).await;
    let second = world.next(&token, &instance).await;
    assert_eq!(second.status(), StatusCode::OK);
    let process: Value = second.json().await.unwrap();
    assert_eq!(process["currentTask"]["name"], "Tilbakemelding");
    let waiting = world.read(&token, &instance).await;
    let types: Vec<&str> =
        waiting["data"].as_array().unwrap().iter().map(|e| e["dataType"].as_str().unwrap()).collect();
    assert_eq!(types[1..], ["mvamelding", "binaerVedlegg", "utfyllingslogg", "signeringslogg", "betalingsinformasjon"]);

    let status = format!("{}/feedback/status", world.url(&instance));
    let before: Value = world.http.get(&status).bearer_auth(&token).send().await.unwrap().json().await.unwrap();
    assert_eq!(before, json!({ "isFeedbackProvided": false }));
    world.control(Method::POST, "/clock", json!({ "advanceSeconds": 61 })).await;
    let after: Value = world.http.get(&status).bearer_auth(&token).send().await.unwrap().json().await.unwrap();
    assert_eq!(after, json!({ "isFeedbackProvided": true }));

    let finished: Value = {
        let answer =
            world.http.get(format!("{}/feedback", world.url(&instance))).bearer_auth(&token).send().await.unwrap();
        answer.json().await.unwrap()
    };
    assert_eq!(finished["process"]["currentTask"], Value::Null);
    assert_eq!(finished["process"]["endEvent"], "EndEvent_1");
    assert_eq!(finished["status"]["substatus"]["label"], "Mottatt");
    assert_eq!(finished["status"]["isArchived"], true);
    assert_eq!(finished["lastChangedBy"], "974761076");
    assert_eq!(finished["completeConfirmations"][0]["stakeholderId"], "skd");
    let files: Vec<(&str, bool, &str)> = finished["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| (e["dataType"].as_str().unwrap(), e["locked"].as_bool().unwrap(), e["createdBy"].as_str().unwrap()))
        .skip(1)
        .collect();
    assert_eq!(
        files,
        [
            ("mvamelding", true, "86257"),
            ("binaerVedlegg", true, "86257"),
            ("utfyllingslogg", false, "86257"),
            ("signeringslogg", false, "86257"),
            ("valideringsresultat", true, "974761076"),
            ("betalingsinformasjon", true, "974761076"),
            ("kvittering", true, "974761076"),
        ]
    );
    for element in finished["data"].as_array().unwrap() {
        let url = element["selfLinks"]["apps"].as_str().unwrap();
        let answer =
            world.http.get(url).bearer_auth(&token).header("Accept", "application/xml, */*").send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        let bytes = answer.bytes().await.unwrap();
        assert_eq!(json!(bytes.len()), element["size"]);
        match element["dataType"].as_str().unwrap() {
            "mvamelding" => assert_eq!(bytes, ret.as_bytes()),
            "binaerVedlegg" => assert_eq!(bytes, pdf),
            "kvittering" => assert!(bytes.starts_with(b"%PDF-")),
            "valideringsresultat" => assert!(String::from_utf8_lossy(&bytes).contains("ingen avvik")),
            "betalingsinformasjon" => {
                let xml = String::from_utf8_lossy(&bytes).into_owned();
                assert!(xml.contains("<beloep>15000</beloep>"), "{xml}");
                assert!(xml.contains("<skattleggingsperiodeToMaaneder>juli-august</skattleggingsperiodeToMaaneder>"));
                assert!(xml.contains(&format!("<innsendingsreferanse>{}<", instance["id"].as_str().unwrap())));
            }
            _ => {}
        }
    }
    let deliveries = world.log().await["deliveries"].clone();
    assert_eq!(deliveries.as_array().unwrap().len(), 1);
    assert_eq!(deliveries[0]["orgNumber"], FJORDLYS);
    assert_eq!(deliveries[0]["period"], "juli-august");
    assert_eq!(deliveries[0]["attachments"], 1);
}

/// Fields and their order, against the published example (apis.md 1.4). Version 8 adds fields; version 7 is the example's.
#[tokio::test]
async fn a_finished_instance_has_the_fields_of_the_published_example_in_their_order() {
    let Some(example) = official("eksempler/feedback/instans.json") else { return };
    let example = std::fs::read_to_string(example).unwrap();
    let world = World::start().await;
    world.settings(json!({ "altinn": { "appVersion": "v7" } })).await;
    let token = world.altinn(INGRID).await;
    let (envelope, ret) = pair(FJORDLYS);
    let instance = world.filled(&token, FJORDLYS, &envelope, &ret).await;
    world.next(&token, &instance).await;
    world.next(&token, &instance).await;
    let answer = world.http.get(world.url(&instance)).bearer_auth(&token).send().await.unwrap();
    let ours = answer.text().await.unwrap();
    // Maps of serde_json may be sorted, so the keys are read from the text.
    let keys = |text: &str| -> Vec<String> {
        let mut seen = Vec::new();
        for part in text.split('"').collect::<Vec<_>>().windows(2).filter(|pair| pair[1].trim_start().starts_with(':'))
        {
            if !seen.contains(&part[0].to_owned()) {
                seen.push(part[0].to_owned());
            }
        }
        seen
    };
    assert_eq!(keys(&ours), keys(&example));
    let moment = ours.split("\"started\":\"").nth(1).unwrap().split('"').next().unwrap();
    assert_eq!(moment.len(), "2021-05-21T11:28:13.0797162Z".len(), "{moment}");
}

#[tokio::test]
async fn who_may_only_fill_in_is_refused_at_the_second_next() {
    let world = World::start().await;
    let token = world.altinn(JONAS).await;
    let (envelope, ret) = pair(VIKA);
    let instance = world.filled(&token, VIKA, &envelope, &ret).await;
    assert_eq!(world.next(&token, &instance).await.status(), StatusCode::OK);
    let refused = world.next(&token, &instance).await;
    assert_eq!(refused.status(), StatusCode::FORBIDDEN);
    assert_eq!(refused.headers()["Content-Type"], "application/problem+json; charset=utf-8");
    let problem: Value = refused.json().await.unwrap();
    assert_eq!(problem["title"], "Unauthorized");
    assert_eq!(world.log().await["deliveries"], json!([]));

    // Another person's authorization signs the same instance.
    let signer = world.altinn(INGRID).await;
    assert_eq!(world.next(&signer, &instance).await.status(), StatusCode::OK);
    assert_eq!(world.log().await["deliveries"][0]["actor"], "Ingrid Solvang");

    world.settings(json!({ "altinn": { "appVersion": "v7" } })).await;
    let instance = world.filled(&token, VIKA, &envelope, &ret).await;
    world.next(&token, &instance).await;
    let bare = world.next(&token, &instance).await;
    assert_eq!((bare.status(), bare.text().await.unwrap().len()), (StatusCode::FORBIDDEN, 0));
}

#[tokio::test]
async fn a_third_next_is_refused_while_skatteetaten_works_and_is_a_conflict_afterwards() {
    let world = World::start().await;
    world.settings(json!({ "altinn": { "feedbackDelaySeconds": 600.0 } })).await;
    let token = world.altinn(INGRID).await;
    let (envelope, ret) = pair(FJORDLYS);
    let instance = world.filled(&token, FJORDLYS, &envelope, &ret).await;
    world.next(&token, &instance).await;
    world.next(&token, &instance).await;
    assert_eq!(world.next(&token, &instance).await.status(), StatusCode::FORBIDDEN);
    world.control(Method::POST, "/clock", json!({ "advanceSeconds": 601 })).await;
    let ended = world.next(&token, &instance).await;
    assert_eq!(ended.status(), StatusCode::CONFLICT);
    assert!(ended.text().await.unwrap().contains("Process is ended."));
    // Archived and locked: nothing more can be written.
    let late = world.post_return(&token, &instance, &ret).await;
    assert_eq!(late.status(), StatusCode::CONFLICT);
    assert_eq!(world.put_envelope(&token, &instance, &envelope).await.status(), StatusCode::CONFLICT);
    assert_eq!(world.log().await["deliveries"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn no_role_is_403_and_an_unknown_company_is_the_documented_404() {
    let world = World::start().await;
    let refused = world.create(&world.altinn(KARI).await, FJORDLYS).await;
    assert_eq!(refused.status(), StatusCode::FORBIDDEN);
    let problem: Value = refused.json().await.unwrap();
    assert_eq!(problem["type"], "https://tools.ietf.org/html/rfc7231#section-6.5.3");
    assert_eq!((&problem["title"], &problem["status"]), (&json!("Forbidden"), &json!(403)));
    assert!(problem["traceId"].as_str().unwrap().starts_with("00-"));

    let unknown = world.create(&world.altinn(INGRID).await, "123456789").await;
    assert_eq!(unknown.status(), StatusCode::NOT_FOUND);
    let text = unknown.text().await.unwrap();
    assert_eq!(
        text,
        "Cannot lookup party: Failed to lookup party by organisationNumber: 123456789. The exception was: 404 - Not Found - "
    );
    let nobody = world.create("not-a-token", FJORDLYS).await;
    assert_eq!(nobody.status(), StatusCode::UNAUTHORIZED);
}

/// Every text of apis.md 1.4, in all three shapes.
#[tokio::test]
async fn every_documented_conflict_arrives_in_every_shape() {
    let world = World::start().await;
    world.settings(json!({ "altinn": { "statusRequired": true } })).await;
    let token = world.altinn(INGRID).await;
    let (good, ret) = pair(FJORDLYS);
    let without = |from: &str, to: &str| {
        let start = good.find(from).unwrap();
        let end = good.find(to).unwrap() + to.len();
        format!("{}{}", &good[..start], &good[end..])
    };
    let cases: Vec<(String, String, &str)> = vec![
        (
            pair(VIKA).0,
            ret.clone(),
            "Valideringsfeil: Organisasjonsnummeret i instansen er forskjellig fra organisasjonsnummeret i MvaMeldingInnsending (\"konvolutt\")",
        ),
        (
            good.clone(),
            pair(VIKA).1,
            "Valideringsfeil: Organisasjonsnummeret i MvaMeldingInnsending (\"konvolutt\") er forskjellig fra organisasjonsnummeret i mvaMelding.xml",
        ),
        (
            envelope(FJORDLYS, "juli-august", "2026", "kompensasjon"),
            ret.clone(),
            "Valideringsfeil: Meldingskategorien i MvaMeldingInnsending (\"konvolutt\") er forsjellig fra Meldingskategorien i mvaMelding.xml",
        ),
        (
            without("<skattleggingsperiode>", "</skattleggingsperiode>"),
            ret.clone(),
            "Valideringsfeil: skattleggingsperiode er påkrevd i MvaMeldingInnsending. Validation error: skattleggingsperiode is required in MvaMeldingInnsending",
        ),
        (
            without("<periode>", "</periode>"),
            ret.clone(),
            "Valideringsfeil: skattleggingsperiode må være utfylt. Validation error: skattleggingsperiode must be populated",
        ),
        (
            without("<instansstatus>", "</instansstatus>"),
            ret.clone(),
            "Valideringsfeil: instansstatus er påkrevd i MvaMeldingInnsending. Validation error: instansstatus is required in MvaMeldingInnsending",
        ),
        (
            envelope(FJORDLYS, "juli-august", "2026", "merverdiavgift kompensasjon"),
            ret.clone(),
            "Valideringsfeil / Validation error:\nThe 'no:skatteetaten:fastsetting:avgift:mva:mvameldinginnsending:v1.0:meldingskategori' element is invalid - The value 'merverdiavgift kompensasjon' is invalid according to its datatype ",
        ),
        (
            envelope(FJORDLYS, "mai-juni", "2026", "alminnelig"),
            ret.clone(),
            "Valideringsfeil: Skattleggingsperioden i MvaMeldingInnsending (\"konvolutt\") er forskjellig fra skattleggingsperioden i mvaMelding.xml",
        ),
    ];
    for (envelope, ret, text) in cases {
        let instance = world.filled(&token, FJORDLYS, &envelope, &ret).await;
        world.settings(json!({ "altinn": { "conflictShape": "text" } })).await;
        let plain = world.next(&token, &instance).await;
        assert_eq!(plain.status(), StatusCode::CONFLICT, "{text}");
        assert!(plain.headers()["Content-Type"].to_str().unwrap().starts_with("text/plain"));
        let body = plain.text().await.unwrap();
        assert!(body.starts_with(text), "{body}");
        world.settings(json!({ "altinn": { "conflictShape": "jsonString" } })).await;
        let quoted: String = world.next(&token, &instance).await.json().await.unwrap();
        assert_eq!(quoted, body);
        world.settings(json!({ "altinn": { "conflictShape": "problem" } })).await;
        let problem: Value = world.next(&token, &instance).await.json().await.unwrap();
        assert_eq!(problem["validationIssues"][0]["description"], json!(body));
        assert_eq!(problem["title"], "Validation failed for task");
        assert_eq!(world.read(&token, &instance).await["process"]["currentTask"]["elementId"], "Task_1");
    }
}

#[tokio::test]
async fn file_names_must_be_unique() {
    let world = World::start().await;
    let token = world.altinn(INGRID).await;
    let (envelope, ret) = pair(FJORDLYS);
    let instance = world.filled(&token, FJORDLYS, &envelope, &ret).await;
    for _ in 0..2 {
        let attached = world.post(&token, &instance, "binaerVedlegg", "a.pdf", "application/pdf", b"x".to_vec()).await;
        assert_eq!(attached.status(), StatusCode::CREATED);
    }
    let conflict: String = world.next(&token, &instance).await.json().await.unwrap();
    assert_eq!(
        conflict,
        "Valideringsfeil: filnavnene i innsendingen må være unike. Validation error: file names in the submission must be unique."
    );
}

#[tokio::test]
async fn an_invalid_return_is_a_conflict_with_the_validation_result() {
    let world = World::start().await;
    world.settings(json!({ "altinn": { "invalidReturnShape": "textAndXml" } })).await;
    let token = world.altinn(INGRID).await;
    let instance = world.filled(&token, FJORDLYS, &pair(FJORDLYS).0, "<annet/>").await;
    let text: String = world.next(&token, &instance).await.json().await.unwrap();
    assert!(text.starts_with("Valideringsfeil: Ugyldig mva-melding"), "{text}");
    assert!(text.contains("<avvikVedMeldingslevering>ugyldig skattemelding</avvikVedMeldingslevering>"), "{text}");
    world.settings(json!({ "altinn": { "invalidReturnShape": "xmlOnly" } })).await;
    let xml = world.next(&token, &instance).await;
    assert_eq!(xml.status(), StatusCode::CONFLICT);
    assert!(xml.headers()["Content-Type"].to_str().unwrap().starts_with("application/xml"));
    assert!(xml.text().await.unwrap().starts_with("<?xml"));
}

#[tokio::test]
async fn uploads_are_checked_as_the_library_does() {
    let world = World::start().await;
    let token = world.altinn(INGRID).await;
    let instance: Value = world.create(&token, FJORDLYS).await.json().await.unwrap();
    let complaint = async |kind: &str, name: &str, content_type: &str, bytes: &[u8]| {
        let answer = world.post(&token, &instance, kind, name, content_type, bytes.to_vec()).await;
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
        answer.text().await.unwrap()
    };
    assert!(
        complaint("mvamelding", "m.xml", "text/xml; charset=utf-8", b"<a/>").await.contains("does not match mime type")
    );
    assert!(complaint("binaerVedlegg", "a.txt", "text/plain", b"x").await.contains("does not match"));
    assert!(complaint("binaerVedlegg", "a.pdf", "application/pdf", b"").await.ends_with("The file is zero bytes."));
    assert!(complaint("binaerVedlegg", "a", "application/pdf", b"x").await.contains("Invalid format for filename: a."));
    assert!(complaint("kvittering", "a.pdf", "application/pdf", b"x").await.contains("Data Type Not Found"));
    let big = vec![0_u8; 25 * 1024 * 1024 + 1];
    assert!(complaint("binaerVedlegg", "a.pdf", "application/pdf", &big).await.contains("exceeds limit of 26214400"));
    let most = world.post(&token, &instance, "binaerVedlegg", "a.pdf", "application/pdf", big[1..].to_vec()).await;
    assert_eq!(most.status(), StatusCode::CREATED);
    world.settings(json!({ "altinn": { "appVersion": "v7", "uploadErrorsAsJson": true } })).await;
    let element: Value = most.json().await.unwrap();
    let deleted = world
        .http
        .delete(format!("{}/data/{}", world.url(&instance), element["id"].as_str().unwrap()))
        .bearer_auth(&token)
        .send()
        .await
        .unwrap();
    assert_eq!(deleted.status(), StatusCode::OK);
    let text = complaint("annet", "a.pdf", "application/pdf", b"x").await;
    assert!(text.starts_with("Element type annet not allowed for instance "), "{text}");
    let list: Value = serde_json::from_str(&complaint("binaerVedlegg", "a", "application/pdf", b"x").await).unwrap();
    assert!(list[0]["description"].as_str().unwrap().contains("Invalid format for filename"));
}

#[tokio::test]
async fn instances_are_listed_deleted_and_found_again() {
    let world = World::start().await;
    let token = world.altinn(INGRID).await;
    let (envelope, ret) = pair(FJORDLYS);
    let kept = world.filled(&token, FJORDLYS, &envelope, &ret).await;
    let thrown = world.filled(&token, FJORDLYS, &envelope, &ret).await;
    let party = kept["instanceOwner"]["partyId"].as_str().unwrap().to_owned();
    let list = async |query: &str, header: Option<&str>| {
        let mut request = world
            .http
            .get(format!("{}/storage/api/v1/instances{query}", world.at().altinn_platform))
            .bearer_auth(&token);
        if let Some(header) = header {
            request = request.header("X-Ai-InstanceOwnerIdentifier", header);
        }
        let answer = request.send().await.unwrap();
        (answer.status(), answer.text().await.unwrap())
    };
    let (status, text) = list("", None).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(text, "Either InstanceOwnerPartyId or InstanceOwnerIdentifier need to be defined.");
    let (status, text) = list(&format!("?instanceOwner.partyId={party}&process.isComplete=false"), None).await;
    assert_eq!(status, StatusCode::OK);
    let answer: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(answer["count"], 2);
    let (_, text) = list("?size=1", Some(&format!("organisation:{FJORDLYS}"))).await;
    let answer: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((&answer["count"], answer["next"].is_string()), (&json!(1), true));
    let (_, text) = list(&format!("?instanceOwner.partyId={party}&lastChanged=gt:2099-01-01"), None).await;
    assert_eq!(serde_json::from_str::<Value>(&text).unwrap()["count"], 0);

    let deleted =
        world.http.delete(format!("{}?hard=true", world.url(&thrown))).bearer_auth(&token).send().await.unwrap();
    assert_eq!(deleted.status(), StatusCode::OK);
    let gone = world.http.get(world.url(&thrown)).bearer_auth(&token).send().await.unwrap();
    assert_eq!(gone.status(), StatusCode::NOT_FOUND);
    let active = format!("{}/instances/{party}/active", world.at().altinn_app);
    let active: Value = world.http.get(active).bearer_auth(&token).send().await.unwrap().json().await.unwrap();
    assert_eq!(active.as_array().unwrap().len(), 1);
    assert_eq!(active[0]["id"], kept["id"]);
    assert_eq!(active[0]["lastChangedBy"], "Ingrid Solvang");
    // Not for one without a role.
    let stranger = world.altinn(KARI).await;
    let refused = world.http.get(world.url(&kept)).bearer_auth(&stranger).send().await.unwrap();
    assert_eq!(refused.status(), StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn parties_are_those_one_may_file_for() {
    let world = World::start().await;
    let parties = async |pid: &str| -> Value {
        let token = world.altinn(pid).await;
        let url = format!("{}/api/v1/parties?allowedToInstantiateFilter=true", world.at().altinn_app);
        world.http.get(url).bearer_auth(&token).send().await.unwrap().json().await.unwrap()
    };
    let ingrid = parties(INGRID).await;
    let orgs: Vec<&str> = ingrid.as_array().unwrap().iter().map(|p| p["orgNumber"].as_str().unwrap()).collect();
    assert_eq!(orgs, [FJORDLYS, VIKA]);
    assert_eq!(parties(KARI).await, json!([]));
    assert_eq!(parties(ASTRID).await.as_array().unwrap().len(), 42);
}

#[tokio::test]
async fn feedback_endpoints_can_be_gone() {
    let world = World::start().await;
    world.settings(json!({ "altinn": { "feedbackEndpoints": false } })).await;
    let token = world.altinn(INGRID).await;
    let instance: Value = world.create(&token, FJORDLYS).await.json().await.unwrap();
    for path in ["feedback", "feedback/status"] {
        let answer =
            world.http.get(format!("{}/{path}", world.url(&instance))).bearer_auth(&token).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn a_correction_is_a_new_delivery_of_the_same_period() {
    let world = World::start().await;
    let token = world.altinn(INGRID).await;
    for sum in [15_000, 15_000] {
        let ret = mva(FJORDLYS, "juli-august", "2026", sum);
        let instance = world.filled(&token, FJORDLYS, &pair(FJORDLYS).0, &ret).await;
        assert_eq!(world.next(&token, &instance).await.status(), StatusCode::OK);
        assert_eq!(world.next(&token, &instance).await.status(), StatusCode::OK);
    }
    let deliveries = world.log().await["deliveries"].clone();
    let count =
        deliveries.as_array().unwrap().iter().filter(|d| d["orgNumber"] == FJORDLYS && d["period"] == "juli-august");
    assert_eq!(count.count(), 2);
}

#[tokio::test]
async fn the_envelope_comes_as_json_or_xml() {
    let world = World::start().await;
    let token = world.altinn(INGRID).await;
    let instance = world.filled(&token, FJORDLYS, &pair(FJORDLYS).0, &pair(FJORDLYS).1).await;
    let url = instance["data"][0]["selfLinks"]["apps"].as_str().unwrap();
    let json: Value = world.http.get(url).bearer_auth(&token).send().await.unwrap().json().await.unwrap();
    assert_eq!(json["norskIdentifikator"]["organisasjonsnummer"], FJORDLYS);
    let request = world.http.get(url).bearer_auth(&token).header("Accept", "application/xml");
    assert_eq!(request.send().await.unwrap().text().await.unwrap(), pair(FJORDLYS).0);
}

#[tokio::test]
async fn an_instance_can_be_created_with_its_data_in_one_request() {
    let world = World::start().await;
    let token = world.altinn(INGRID).await;
    let (envelope, ret) = pair(FJORDLYS);
    let owner = json!({ "instanceOwner": { "organisationNumber": FJORDLYS } });
    let kind = "no.skatteetaten.fastsetting.avgift.mva.mvameldinginnsending.v1.0";
    let body = format!(
        "--grense\r\nContent-Disposition: form-data; name=\"instance\"\r\nContent-Type: application/json\r\n\r\n{owner}\r\n\
         --grense\r\nContent-Disposition: form-data; name=\"{kind}\"\r\nContent-Type: application/xml\r\n\r\n{envelope}\r\n\
         --grense\r\nContent-Disposition: form-data; name=\"mvamelding\"; filename=\"m.xml\"\r\n\
         Content-Type: text/xml\r\n\r\n{ret}\r\n--grense--\r\n"
    );
    let created = world
        .http
        .post(format!("{}/instances", world.at().altinn_app))
        .bearer_auth(&token)
        .header("Content-Type", "multipart/form-data; boundary=grense")
        .body(body)
        .send()
        .await
        .unwrap();
    assert_eq!(created.status(), StatusCode::CREATED);
    let instance: Value = created.json().await.unwrap();
    assert_eq!(instance["data"].as_array().unwrap().len(), 2);
    assert_eq!(world.next(&token, &instance).await.status(), StatusCode::OK);
    assert_eq!(world.next(&token, &instance).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn attachments_are_limited_in_number() {
    let world = World::start().await;
    let token = world.altinn(INGRID).await;
    let instance: Value = world.create(&token, FJORDLYS).await.json().await.unwrap();
    let (envelope, ret) = pair(FJORDLYS);
    assert!(world.put_envelope(&token, &instance, &envelope).await.status().is_success());
    assert!(world.post_return(&token, &instance, &ret).await.status().is_success());
    for n in 1..=58 {
        let name = format!("{n}.pdf");
        let attached =
            world.post(&token, &instance, "binaerVedlegg", &name, "application/pdf", b"%PDF-1.4".to_vec()).await;
        assert_eq!(attached.status(), StatusCode::CREATED, "{n}");
    }
    let refused = world.next(&token, &instance).await;
    assert_eq!(refused.status(), StatusCode::CONFLICT);
    assert!(refused.text().await.unwrap().contains("mer enn 57 binaerVedlegg"));
}
