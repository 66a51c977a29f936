//! ID-porten over HTTP (apis.md 3), and what its tokens open (2.1, 1.3).

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use common::{REDIRECT, SCOPES, VERIFIER, World, callback, claims, mva};
use practice::jwt::SigningKeys;
use practice::world::{FJORDLYS, INGRID, JONAS, ODD};
use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

#[tokio::test]
async fn discovery_promises_what_is_documented_and_only_that() {
    let world = World::start().await;
    let issuer = &world.at().id_porten;
    let url = format!("{issuer}/.well-known/openid-configuration");
    let document: Value = world.http.get(url).send().await.unwrap().json().await.unwrap();
    assert_eq!(document["issuer"], json!(issuer));
    assert_eq!(document["code_challenge_methods_supported"], json!(["S256"]));
    assert_eq!(document["authorization_response_iss_parameter_supported"], true);
    assert_eq!(document["id_token_signing_alg_values_supported"], json!(["RS256"]));
    for endpoint in ["authorization_endpoint", "token_endpoint", "jwks_uri", "pushed_authorization_request_endpoint"] {
        assert!(document[endpoint].as_str().unwrap().starts_with(issuer.as_str()), "{endpoint}");
    }
    let keys: Value =
        world.http.get(document["jwks_uri"].as_str().unwrap()).send().await.unwrap().json().await.unwrap();
    assert_eq!(keys["keys"].as_array().unwrap().len(), 1);
    let kid = keys["keys"][0]["kid"].clone();
    world.control(Method::POST, "/keys/id_porten/rotate", json!({})).await;
    let keys: Value =
        world.http.get(document["jwks_uri"].as_str().unwrap()).send().await.unwrap().json().await.unwrap();
    assert_eq!(keys["keys"].as_array().unwrap().len(), 2);
    let tokens = world.sign_in(INGRID).await;
    let header = tokens["id_token"].as_str().unwrap().split('.').next().unwrap().to_owned();
    let header: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).unwrap()).unwrap();
    assert_ne!(header["kid"], kid);
}

#[tokio::test]
async fn a_sign_in_by_hint_gives_the_documented_tokens() {
    let world = World::start().await;
    let answer = world.authorize(&[("login_hint", &format!("testid:{INGRID}_idporten-loa-high"))]).await;
    let back = callback(&answer);
    assert_eq!(
        (&back["at"], &back["state"], &back["iss"]),
        (&json!(REDIRECT), &json!("a-state"), &json!(world.at().id_porten))
    );
    let tokens = world.redeem(back["code"].as_str().unwrap()).await;
    assert_eq!(
        (&tokens["token_type"], &tokens["expires_in"], &tokens["scope"]),
        (&json!("Bearer"), &json!(7200), &json!(SCOPES))
    );
    assert_eq!(tokens["refresh_token_expires_in"], 31_536_000);

    let id = claims(tokens["id_token"].as_str().unwrap());
    assert_eq!((&id["iss"], &id["aud"]), (&json!(world.at().id_porten), &json!("momsbud-practice")));
    assert_eq!(
        (&id["nonce"], &id["acr"], &id["pid"]),
        (&json!("a-nonce"), &json!("idporten-loa-high"), &json!(INGRID))
    );
    assert_eq!((&id["name"], &id["amr"], &id["locale"]), (&json!("Ingrid Solvang"), &json!(["TestID"]), &json!("nb")));
    for name in ["sub", "exp", "iat", "auth_time", "sid", "jti"] {
        assert!(!id[name].is_null(), "{name}");
    }
    assert!(id["at_hash"].is_null());
    let access = claims(tokens["access_token"].as_str().unwrap());
    assert_eq!((&access["aud"], &access["client_amr"]), (&json!("unspecified"), &json!("none")));
    assert_eq!((&access["sub"], &access["client_id"]), (&id["sub"], &json!("momsbud-practice")));
    assert_eq!(access["consumer"]["authority"], "iso6523-actorid-upis");
    assert_eq!(access["exp"].as_i64().unwrap() - access["iat"].as_i64().unwrap(), 7200);
    let info = world.http.get(format!("{}/userinfo", world.at().id_porten));
    let info = info.bearer_auth(tokens["access_token"].as_str().unwrap()).send().await.unwrap();
    assert_eq!(info.json::<Value>().await.unwrap()["sub"], id["sub"]);
}

#[tokio::test]
async fn what_cannot_be_trusted_ends_on_id_portens_own_page() {
    let world = World::start().await;
    for wrong in [
        ("client_id", "someone-else"),
        ("redirect_uri", "http://127.0.0.1:35432/elsewhere"),
        ("redirect_uri", "http://localhost:35432/callback"),
        ("redirect_uri", ""),
        ("request_uri", "urn:idporten:never-pushed"),
    ] {
        let answer = world.authorize(&[wrong]).await;
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{wrong:?}");
        assert!(answer.headers().get(LOCATION).is_none());
        assert!(answer.text().await.unwrap().contains("Noe gikk galt"));
    }
}

#[tokio::test]
async fn other_mistakes_go_back_to_the_client() {
    let world = World::start().await;
    for (wrong, error) in [
        (("state", ""), "invalid_request"),
        (("nonce", ""), "invalid_request"),
        (("code_challenge", ""), "invalid_request"),
        (("code_challenge_method", "plain"), "invalid_request"),
        (("code_challenge", "short"), "invalid_request"),
        (("response_type", "token"), "unsupported_response_type"),
        (("scope", "openid skatteetaten:formueinntekt/skattemelding"), "invalid_scope"),
        (("request", "x.y.z"), "request_not_supported"),
        (("prompt", "none"), "login_required"),
    ] {
        let back = callback(&world.authorize(&[wrong]).await);
        assert_eq!((&back["error"], &back["iss"]), (&json!(error), &json!(world.at().id_porten)), "{wrong:?}");
    }
    world.settings(json!({ "idPorten": { "ownPageForEveryError": true } })).await;
    assert_eq!(world.authorize(&[("nonce", "")]).await.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn the_page_lists_the_persons_without_a_script_and_cancel_is_an_answer() {
    let world = World::start().await;
    let answer = world.authorize(&[]).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let policy = answer.headers()["Content-Security-Policy"].to_str().unwrap().to_owned();
    assert!(
        policy.contains("default-src 'none'") && policy.contains("form-action 'self' http://127.0.0.1:35432"),
        "{policy}"
    );
    let html = answer.text().await.unwrap();
    for text in [
        "Ingrid Solvang",
        "signerer for to virksomheter",
        "kan fylle ut, men ikke signere",
        "har ingen rolle",
        "har ingen bruker i Altinn",
        "Avbryt",
    ] {
        assert!(html.contains(text), "{text}");
    }
    assert!(!html.contains("<script") && !html.contains(INGRID), "no script, no whole national id");
    let attempt =
        |html: &str| html.split("name=\"attempt\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let login = async |form: Vec<(&str, String)>| {
        world.http.post(format!("{}/login", world.at().id_porten)).form(&form).send().await.unwrap()
    };
    let cancelled = login(vec![("attempt", attempt(&html))]).await;
    let back = callback(&cancelled);
    assert_eq!((&back["error"], &back["state"]), (&json!("access_denied"), &json!("a-state")));
    // The page is used up: going back and choosing is the "utløpt sesjon" of the documentation.
    let stale = login(vec![("attempt", attempt(&html)), ("person", "ingrid-solvang".into())]).await;
    assert_eq!(stale.status(), StatusCode::BAD_REQUEST);
    assert!(stale.text().await.unwrap().contains("utløpt sesjon"));

    let html = world.authorize(&[]).await.text().await.unwrap();
    let chosen = login(vec![("attempt", attempt(&html)), ("person", "jonas-eide".into())]).await;
    let cookie = chosen.headers()[SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned();
    let tokens = world.redeem(callback(&chosen)["code"].as_str().unwrap()).await;
    assert_eq!(claims(tokens["id_token"].as_str().unwrap())["pid"], JONAS);

    // The same browser signs in silently, unless prompt=login (apis.md 3.7).
    let again = async |more: &[(&str, &str)]| {
        let request = world.http.get(format!("{}/authorize", world.at().id_porten));
        request.query(&world.request(more)).header(COOKIE, &cookie).send().await.unwrap()
    };
    assert!(callback(&again(&[]).await)["code"].is_string());
    assert!(callback(&again(&[("prompt", "none")]).await)["code"].is_string());
    assert_eq!(again(&[("prompt", "login")]).await.status(), StatusCode::OK);
    // Logout is global.
    let hint = tokens["id_token"].as_str().unwrap();
    let logout = world.http.get(format!("{}/logout", world.at().id_porten)).header(COOKIE, &cookie).query(&[
        ("id_token_hint", hint),
        ("post_logout_redirect_uri", "http://127.0.0.1:4711/logout"),
        ("state", "bye"),
    ]);
    let logout = logout.send().await.unwrap();
    assert_eq!(logout.headers()[LOCATION], "http://127.0.0.1:4711/logout?state=bye");
    assert_eq!(again(&[]).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_code_is_for_one_use_by_its_client_with_its_verifier_and_redirect_and_soon() {
    let world = World::start().await;
    let form = |code: &str, change: (&'static str, &str)| -> Vec<(&'static str, String)> {
        [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", REDIRECT),
            ("code_verifier", VERIFIER),
            ("client_id", "momsbud-practice"),
        ]
        .map(|(k, v)| if k == change.0 { (k, change.1.to_owned()) } else { (k, v.to_owned()) })
        .to_vec()
    };
    let refuse = async |form: Vec<(&'static str, String)>, error: &str| {
        let pairs: Vec<(&str, &str)> = form.iter().map(|(k, v)| (*k, v.as_str())).collect();
        let answer = world.token(&pairs).await;
        let status = answer.status();
        let body: Value = answer.json().await.unwrap();
        assert_eq!(body["error"], error, "{body}");
        status
    };
    let code = world.code(INGRID, &[]).await;
    let longer = VERIFIER.to_owned() + "x";
    assert_eq!(refuse(form(&code, ("code_verifier", &longer)), "invalid_grant").await, StatusCode::BAD_REQUEST);
    refuse(form(&code, ("redirect_uri", "http://127.0.0.1:1/callback")), "invalid_grant").await;
    assert_eq!(refuse(form(&code, ("client_id", "nobody")), "invalid_client").await, StatusCode::UNAUTHORIZED);
    refuse(form(&code, ("grant_type", "password")), "unsupported_grant_type").await;
    let tokens = world.redeem(&code).await;
    refuse(form(&code, ("", "")), "invalid_grant").await;
    // The second use takes back what the first one gave.
    let refresh = tokens["refresh_token"].as_str().unwrap();
    let form_again = [("grant_type", "refresh_token"), ("refresh_token", refresh), ("client_id", "momsbud-practice")];
    let after = world.token(&form_again);
    assert_eq!(after.await.json::<Value>().await.unwrap()["error"], "invalid_grant");

    let late = world.code(INGRID, &[]).await;
    world.control(Method::POST, "/clock", json!({ "advanceSeconds": 61 })).await;
    refuse(form(&late, ("", "")), "invalid_grant").await;
}

#[tokio::test]
async fn refresh_tokens_rotate_are_watched_and_end() {
    let world = World::start().await;
    let refresh = async |token: &str| {
        world
            .token(&[("grant_type", "refresh_token"), ("refresh_token", token), ("client_id", "momsbud-practice")])
            .await
    };
    let first = world.sign_in(INGRID).await;
    let one = first["refresh_token"].as_str().unwrap();
    let second: Value = refresh(one).await.json().await.unwrap();
    let two = second["refresh_token"].as_str().unwrap();
    assert_ne!(one, two);
    let (before, after) = (claims(first["id_token"].as_str().unwrap()), claims(second["id_token"].as_str().unwrap()));
    assert_eq!(
        (&before["sub"], &before["auth_time"], &before["sid"]),
        (&after["sub"], &after["auth_time"], &after["sid"])
    );
    assert!(after["nonce"].is_null());
    // Reuse ends the whole grant.
    assert_eq!(refresh(one).await.status(), StatusCode::BAD_REQUEST);
    assert_eq!(refresh(two).await.status(), StatusCode::BAD_REQUEST);

    // Revocation too.
    let third = world.sign_in(INGRID).await;
    let three = third["refresh_token"].as_str().unwrap();
    let revoked = world.http.post(format!("{}/token/revoke", world.at().id_porten));
    let revoked = revoked.form(&[("token", three), ("client_id", "momsbud-practice")]).send().await.unwrap();
    assert_eq!(revoked.status(), StatusCode::OK);
    assert_eq!(refresh(three).await.status(), StatusCode::BAD_REQUEST);

    // And the end of the authorization; no token outlives it.
    let fourth = world.sign_in(INGRID).await;
    world.control(Method::POST, "/clock", json!({ "advanceSeconds": 31_536_000 - 100 })).await;
    let last: Value = refresh(fourth["refresh_token"].as_str().unwrap()).await.json().await.unwrap();
    assert!(last["expires_in"].as_i64().unwrap() <= 100, "{last}");
    world.control(Method::POST, "/clock", json!({ "advanceSeconds": 101 })).await;
    assert_eq!(refresh(last["refresh_token"].as_str().unwrap()).await.status(), StatusCode::BAD_REQUEST);

    // The other reading of the documentation: public clients get none.
    world.settings(json!({ "idPorten": { "publicRefreshTokens": false } })).await;
    assert!(world.sign_in(INGRID).await["refresh_token"].is_null());
    assert_eq!(refresh(three).await.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn confidential_clients_show_who_they_are_in_each_way() {
    let world = World::start().await;
    let redeem = async |client: &str, header: Option<(&str, &str)>, more: Vec<(&str, String)>| {
        let code = world.code(INGRID, &[("client_id", client)]).await;
        let mut form: Vec<(&str, String)> = vec![
            ("grant_type", "authorization_code".into()),
            ("code", code),
            ("redirect_uri", REDIRECT.into()),
            ("code_verifier", VERIFIER.into()),
        ];
        form.extend(more);
        let mut request = world.http.post(format!("{}/token", world.at().id_porten)).form(&form);
        if let Some((id, secret)) = header {
            request = request.basic_auth(id, Some(secret));
        }
        request.send().await.unwrap()
    };
    let web = "momsbud-practice-web";
    let post = |secret: &str| vec![("client_id", web.to_owned()), ("client_secret", secret.to_owned())];
    let good: Value = redeem(web, None, post("practice-secret")).await.json().await.unwrap();
    assert_eq!(claims(good["access_token"].as_str().unwrap())["client_amr"], "client_secret_post");
    assert_eq!(redeem(web, None, post("wrong")).await.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(redeem(web, None, vec![("client_id", web.into())]).await.status(), StatusCode::UNAUTHORIZED);
    let good: Value = redeem(web, Some((web, "practice-secret")), vec![]).await.json().await.unwrap();
    assert_eq!(claims(good["access_token"].as_str().unwrap())["client_amr"], "client_secret_basic");

    let keys = SigningKeys::default();
    let jwks = keys.public_set().unwrap();
    world.control(Method::POST, "/clients", json!({ "client_id": "momsbud-practice-jwt", "jwks": jwks })).await;
    let now = world.practice.clock().now().as_second();
    let assertion = |audience: &str, jti: &str| {
        let id = "momsbud-practice-jwt";
        keys.sign(&json!({ "iss": id, "sub": id, "aud": audience, "jti": jti, "iat": now, "exp": now + 30 })).unwrap()
    };
    let kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    let with = |token: String| vec![("client_assertion_type", kind.to_owned()), ("client_assertion", token)];
    let issuer = world.at().id_porten.clone();
    let good = redeem("momsbud-practice-jwt", None, with(assertion(&issuer, "1"))).await;
    let good: Value = good.json().await.unwrap();
    assert_eq!(claims(good["access_token"].as_str().unwrap())["client_amr"], "private_key_jwt");
    let replayed = redeem("momsbud-practice-jwt", None, with(assertion(&issuer, "1"))).await;
    assert_eq!(replayed.status(), StatusCode::UNAUTHORIZED);
    let elsewhere = redeem("momsbud-practice-jwt", None, with(assertion("https://idporten.no", "2"))).await;
    assert_eq!(elsewhere.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn pushed_requests_are_used_once_by_their_client() {
    let world = World::start().await;
    let hint = format!("testid:{INGRID}_idporten-loa-high");
    let push = async |more: &[(&str, &str)]| {
        world.http.post(format!("{}/par", world.at().id_porten)).form(&world.request(more)).send().await.unwrap()
    };
    let pushed = push(&[("login_hint", &hint)]).await;
    assert_eq!(pushed.status(), StatusCode::CREATED);
    let pushed: Value = pushed.json().await.unwrap();
    assert_eq!(pushed["expires_in"], 120);
    let uri = pushed["request_uri"].as_str().unwrap();
    assert!(uri.starts_with("urn:idporten:"));
    let open = async || {
        let query = [("client_id", "momsbud-practice"), ("request_uri", uri)];
        world.http.get(format!("{}/authorize", world.at().id_porten)).query(&query).send().await.unwrap()
    };
    world.redeem(callback(&open().await)["code"].as_str().unwrap()).await;
    assert_eq!(open().await.status(), StatusCode::BAD_REQUEST);
    let wrong = push(&[("code_challenge_method", "plain")]).await;
    assert_eq!(wrong.status(), StatusCode::BAD_REQUEST);
    assert_eq!(wrong.json::<Value>().await.unwrap()["error"], "invalid_request");
}

#[tokio::test]
async fn the_exchange_copies_the_end_and_refuses_in_the_documented_order() {
    let world = World::start().await;
    let tokens = world.sign_in(INGRID).await;
    let access = tokens["access_token"].as_str().unwrap();
    let answer = world.exchange(access).await;
    assert!(answer.headers()["Content-Type"].to_str().unwrap().starts_with("text/plain"));
    let altinn = answer.text().await.unwrap();
    let (from, to) = (claims(access), claims(&altinn));
    assert_eq!(to["exp"], from["exp"]);
    assert_eq!((&to["urn:altinn:userid"], &to["urn:altinn:authlevel"]), (&json!("86257"), &json!(4)));
    assert!(to["urn:altinn:partyid"].is_number());
    for gone in ["aud", "sub", "at_hash"] {
        assert!(to[gone].is_null(), "{gone}");
    }
    for kept in ["pid", "scope", "acr", "client_id", "consumer"] {
        assert_eq!(to[kept], from[kept], "{kept}");
    }
    // As a JSON string when the client asks for JSON, or always.
    let exchange = format!("{}/authentication/api/v1/exchange/id-porten", world.at().altinn_platform);
    let quoted =
        world.http.get(&exchange).bearer_auth(access).header("Accept", "application/json").send().await.unwrap();
    assert!(quoted.text().await.unwrap().starts_with('"'));
    world.settings(json!({ "altinn": { "quotedExchangeToken": true } })).await;
    assert!(world.exchange(access).await.text().await.unwrap().starts_with('"'));

    let refused = async |token: &str| world.exchange(token).await.status();
    // An id_token has no scope.
    assert_eq!(refused(tokens["id_token"].as_str().unwrap()).await, StatusCode::FORBIDDEN);
    let code = world.code(INGRID, &[("scope", "openid profile")]).await;
    assert_eq!(refused(world.redeem(&code).await["access_token"].as_str().unwrap()).await, StatusCode::FORBIDDEN);
    // A partner scope passes without any altinn: scope.
    let code = world.code(INGRID, &[("scope", "openid skatteetaten:mvameldingvalidering")]).await;
    assert_eq!(refused(world.redeem(&code).await["access_token"].as_str().unwrap()).await, StatusCode::OK);
    // No user in Altinn.
    let odd = world.sign_in(ODD).await;
    assert_eq!(refused(odd["access_token"].as_str().unwrap()).await, StatusCode::UNAUTHORIZED);
    assert_eq!(refused("x.y.z").await, StatusCode::UNAUTHORIZED);
    assert_eq!(refused(&altinn).await, StatusCode::UNAUTHORIZED);
    let other = exchange.replace("id-porten", "bankid");
    let other = world.http.get(other).bearer_auth(access).send().await.unwrap();
    assert_eq!(other.status(), StatusCode::BAD_REQUEST);
    assert!(other.text().await.unwrap().starts_with("Invalid token provider: bankid."));
    // Both tokens end together.
    world.control(Method::POST, "/clock", json!({ "advanceSeconds": 7211 })).await;
    assert_eq!(refused(access).await, StatusCode::UNAUTHORIZED);
    assert_eq!(world.create(&altinn, FJORDLYS).await.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn validation_answers_in_four_outcomes_and_two_shapes() {
    let world = World::start().await;
    let tokens = world.sign_in(INGRID).await;
    let access = tokens["access_token"].as_str().unwrap().to_owned();
    let url = format!("{}/api/mva/grensesnittstoette/mva-melding/valider", world.at().skatteetaten);
    let validate = async |token: &str, body: String, accept: &str| {
        let request = world.http.post(&url).bearer_auth(token).header("Content-Type", "application/xml");
        request.header("Accept", accept).body(body).send().await.unwrap()
    };
    let right = mva(FJORDLYS, "juli-august", "2026", 15_000);
    let answer = validate(&access, right.clone(), "application/xml").await;
    assert_eq!(answer.status(), StatusCode::OK);
    let xml = answer.text().await.unwrap();
    assert!(xml.contains("<avvikVedMeldingslevering>ingen avvik</avvikVedMeldingslevering>"), "{xml}");
    // The sum is wrong: R018, avvikende.
    let wrong_sum = mva(FJORDLYS, "juli-august", "2026", 16_000);
    let xml = validate(&access, wrong_sum, "*/*").await.text().await.unwrap();
    assert!(xml.contains("<avvikVedMeldingslevering>avvikende skattemelding</avvikVedMeldingslevering>"), "{xml}");
    assert!(xml.contains("<regelDefinisjon>R018"), "{xml}");
    let unknown_code = right.replace("<mvaKode>3<", "<mvaKode>99<");
    let xml = validate(&access, unknown_code.clone(), "*/*").await.text().await.unwrap();
    assert!(xml.contains("<avvikVedMeldingslevering>ugyldig skattemelding</avvikVedMeldingslevering>"), "{xml}");
    assert!(xml.contains("<mvaKode>99</mvaKode>") && xml.contains("<xmlLinjenummer>"), "{xml}");
    let xml = validate(&access, "<mvaMeldingDto>".into(), "*/*").await.text().await.unwrap();
    assert!(xml.contains("MvaMeldingsinnhold_Xml_SkjemaValideringsfeil"), "{xml}");
    world.settings(json!({ "skatteetaten": { "resultShape": "old", "nullVatCode": true } })).await;
    let xml = validate(&access, unknown_code, "*/*").await.text().await.unwrap();
    assert!(xml.contains("<status>UGYLDIG_SKATTEMELDING</status>") && xml.contains("<valideringsDetaljer>"), "{xml}");

    let refused = validate("x.y.z", right.clone(), "*/*").await;
    assert_eq!(refused.status(), StatusCode::UNAUTHORIZED);
    let body: Value = refused.json().await.unwrap();
    assert!(body["kode"].is_string() && body["melding"].is_string() && body["korrelasjonsid"].is_string());
    let altinn = world.altinn(INGRID).await;
    assert_eq!(validate(&altinn, right.clone(), "*/*").await.status(), StatusCode::UNAUTHORIZED);
    let code = world.code(INGRID, &[("scope", "openid altinn:instances.read")]).await;
    let narrow = world.redeem(&code).await;
    let forbidden = validate(narrow["access_token"].as_str().unwrap(), right.clone(), "application/xml").await;
    assert_eq!(forbidden.status(), StatusCode::FORBIDDEN);
    assert!(forbidden.text().await.unwrap().contains("<feil xmlns=\"urn:no:skatteetaten:datasamarbeid:feil:v1\">"));
    assert_eq!(validate(&access, right, "image/png").await.status(), StatusCode::NOT_ACCEPTABLE);
    assert_eq!(validate(&access, String::new(), "*/*").await.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn ansattporten_tells_organisation_and_groups_in_every_shape() {
    let world = World::start().await;
    let issuer = world.at().ansattporten.clone();
    let sign_in = async |employee: &str, details: Value| {
        let details = details.to_string();
        let hint = format!("entraid:{employee}");
        let more = [
            ("scope", "openid profile"),
            ("acr_values", "entraid"),
            ("login_hint", hint.as_str()),
            ("authorization_details", details.as_str()),
        ];
        let request = world.http.get(format!("{issuer}/authorize")).query(&world.request(&more));
        let back = callback(&request.send().await.unwrap());
        let Some(code) = back["code"].as_str() else { return back };
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", REDIRECT),
            ("code_verifier", VERIFIER),
            ("client_id", "momsbud-practice"),
        ];
        let mut tokens: Value =
            world.http.post(format!("{issuer}/token")).form(&form).send().await.unwrap().json().await.unwrap();
        tokens["claims"] = claims(tokens["id_token"].as_str().unwrap());
        tokens
    };
    let orgno = |more: Value| {
        let mut object = json!({ "type": "ansattporten:orgno" });
        object.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!([object])
    };
    let tokens = sign_in("nora-lund", orgno(json!({ "organizationform": "enterprise" }))).await;
    let id = &tokens["claims"];
    assert_eq!((&id["acr"], &id["amr"]), (&json!("entraid"), &json!(["entraid_pwd", "entraid-mfa"])));
    assert!(id["pid"].is_null() && id["email"].is_string());
    assert_eq!(id["groups"].as_array().unwrap().len(), 3);
    assert_eq!(id["authorization_details"], tokens["authorization_details"]);
    assert_eq!(tokens["authorization_details"][0]["authorized_parties"][0]["orgno"]["ID"], format!("0192:{FJORDLYS}"));

    let several = sign_in("maja-berg", orgno(json!({ "allow_multiple_organizations": true }))).await;
    assert_eq!(several["authorization_details"][0]["authorized_parties"].as_array().unwrap().len(), 5);
    // Twenty groups at most, of twenty-five.
    assert_eq!(several["claims"]["groups"].as_array().unwrap().len(), 20);
    let none = sign_in("leo-moen", orgno(json!({}))).await;
    assert_eq!(none["authorization_details"], json!([{ "type": "ansattporten:orgno" }]));
    let required = sign_in("leo-moen", orgno(json!({ "representation_is_required": "true" }))).await;
    assert_eq!(required["error"], "access_denied");
    let mixed = json!([{ "type": "ansattporten:orgno" }, { "type": "ansattporten:altinn:resource" }]);
    assert_eq!(sign_in("nora-lund", mixed).await["error"], "invalid_authorization_details");
    for (shape, pointer) in [("single", "/0/orgno/ID"), ("singleCapitalised", "/0/orgno:/ID")] {
        world.settings(json!({ "ansattporten": { "orgnoShape": shape } })).await;
        let tokens = sign_in("nora-lund", orgno(json!({}))).await;
        let id = tokens["authorization_details"].pointer(pointer).unwrap();
        assert_eq!(*id, json!(format!("0192:{FJORDLYS}")), "{shape}");
    }
    // Ansattporten's token fits neither Altinn nor Skatteetaten (apis.md 4.5).
    assert_eq!(world.exchange(several["access_token"].as_str().unwrap()).await.status(), StatusCode::UNAUTHORIZED);
    // There is no single sign-on: the page comes each time.
    let page = world.http.get(format!("{issuer}/authorize")).query(&world.request(&[("scope", "openid")]));
    let page = page.send().await.unwrap();
    assert_eq!(page.status(), StatusCode::OK);
    let html = page.text().await.unwrap();
    assert!(html.contains("Jobbkonto (Entra ID)") && html.contains("Elektronisk ID"));
}
