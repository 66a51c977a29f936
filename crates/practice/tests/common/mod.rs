//! A client for the tests, written as plainly as possible: reqwest and JSON, nothing of Momsbud's own clients.

#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, unreachable_pub)]

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use practice::{Addresses, Options, Practice, Settings};
use reqwest::{Client, Response, StatusCode};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

pub const VERIFIER: &str = "xyo94uhy3zKvgB0NJwLms86SwcjtWviEOpkBnGgaLlo";
pub const REDIRECT: &str = "http://127.0.0.1:35432/callback";
pub const SCOPES: &str =
    "openid profile skatteetaten:mvameldingvalidering altinn:instances.read altinn:instances.write";

pub struct World {
    pub practice: Practice,
    pub http: Client,
}

impl World {
    /// Practice authorities whose feedback comes at once.
    pub async fn start() -> Self {
        let mut settings = Settings::default();
        settings.altinn.feedback_delay_seconds = 0.0;
        Self::start_with(settings).await
    }

    pub async fn start_with(settings: Settings) -> Self {
        let options = Options { settings, ..Options::default() };
        let http = Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().unwrap();
        Self { practice: Practice::start(options).await.unwrap(), http }
    }

    pub fn at(&self) -> &Addresses {
        self.practice.addresses()
    }

    /// The query of the documented authorization request.
    pub fn request(&self, more: &[(&str, &str)]) -> Vec<(String, String)> {
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER));
        let mut query: Vec<(String, String)> = [
            ("response_type", "code"),
            ("client_id", "momsbud-practice"),
            ("redirect_uri", REDIRECT),
            ("scope", SCOPES),
            ("state", "a-state"),
            ("nonce", "a-nonce"),
            ("code_challenge", challenge.as_str()),
            ("code_challenge_method", "S256"),
        ]
        .iter()
        .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
        .collect();
        for (key, value) in more {
            query.retain(|(known, _)| known != key);
            if !value.is_empty() {
                query.push(((*key).to_owned(), (*value).to_owned()));
            }
        }
        query
    }

    pub async fn authorize(&self, more: &[(&str, &str)]) -> Response {
        self.http.get(format!("{}/authorize", self.at().id_porten)).query(&self.request(more)).send().await.unwrap()
    }

    /// Signs in by login_hint and gives the code.
    pub async fn code(&self, pid: &str, more: &[(&str, &str)]) -> String {
        let hint = format!("testid:{pid}_idporten-loa-high");
        let mut all = vec![("login_hint", hint.as_str())];
        all.extend_from_slice(more);
        let answer = self.authorize(&all).await;
        callback(&answer)["code"].as_str().expect("a code").to_owned()
    }

    pub async fn token(&self, form: &[(&str, &str)]) -> Response {
        self.http.post(format!("{}/token", self.at().id_porten)).form(form).send().await.unwrap()
    }

    pub async fn redeem(&self, code: &str) -> Value {
        let answer = self
            .token(&[
                ("grant_type", "authorization_code"),
                ("code", code),
                ("redirect_uri", REDIRECT),
                ("code_verifier", VERIFIER),
                ("client_id", "momsbud-practice"),
            ])
            .await;
        assert_eq!(answer.status(), StatusCode::OK);
        answer.json().await.unwrap()
    }

    /// ID-porten's token response for a person.
    pub async fn sign_in(&self, pid: &str) -> Value {
        let code = self.code(pid, &[]).await;
        self.redeem(&code).await
    }

    pub async fn exchange(&self, access_token: &str) -> Response {
        self.http
            .get(format!("{}/authentication/api/v1/exchange/id-porten", self.at().altinn_platform))
            .bearer_auth(access_token)
            .send()
            .await
            .unwrap()
    }

    /// The Altinn token of a person.
    pub async fn altinn(&self, pid: &str) -> String {
        let tokens = self.sign_in(pid).await;
        let answer = self.exchange(tokens["access_token"].as_str().unwrap()).await;
        assert_eq!(answer.status(), StatusCode::OK);
        answer.text().await.unwrap()
    }

    pub async fn create(&self, token: &str, org: &str) -> Response {
        self.http
            .post(format!("{}/instances", self.at().altinn_app))
            .bearer_auth(token)
            .json(&json!({ "instanceOwner": { "organisationNumber": org } }))
            .send()
            .await
            .unwrap()
    }

    pub fn url(&self, instance: &Value) -> String {
        format!("{}/instances/{}", self.at().altinn_app, instance["id"].as_str().unwrap())
    }

    pub async fn put_envelope(&self, token: &str, instance: &Value, envelope: &str) -> Response {
        let data = instance["data"][0]["id"].as_str().unwrap();
        self.http
            .put(format!("{}/data/{data}", self.url(instance)))
            .bearer_auth(token)
            .header("Content-Type", "application/xml")
            .body(envelope.to_owned())
            .send()
            .await
            .unwrap()
    }

    pub async fn post(
        &self,
        token: &str,
        instance: &Value,
        kind: &str,
        name: &str,
        content_type: &str,
        bytes: Vec<u8>,
    ) -> Response {
        self.http
            .post(format!("{}/data?datatype={kind}", self.url(instance)))
            .bearer_auth(token)
            .header("Content-Type", content_type)
            .header("Content-Disposition", format!("attachment; filename={name}"))
            .body(bytes)
            .send()
            .await
            .unwrap()
    }

    pub async fn post_return(&self, token: &str, instance: &Value, ret: &str) -> Response {
        self.post(token, instance, "mvamelding", "mvaMelding.xml", "text/xml", ret.as_bytes().to_vec()).await
    }

    pub async fn next(&self, token: &str, instance: &Value) -> Response {
        self.try_next(token, instance).await.unwrap()
    }

    pub async fn try_next(&self, token: &str, instance: &Value) -> reqwest::Result<Response> {
        self.http
            .put(format!("{}/process/next", self.url(instance)))
            .bearer_auth(token)
            .header("Content-Type", "application/json")
            .send()
            .await
    }

    pub async fn read(&self, token: &str, instance: &Value) -> Value {
        let answer = self.http.get(self.url(instance)).bearer_auth(token).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        answer.json().await.unwrap()
    }

    /// An instance with envelope and return, ready for the first process/next.
    pub async fn filled(&self, token: &str, org: &str, envelope: &str, ret: &str) -> Value {
        let created = self.create(token, org).await;
        assert_eq!(created.status(), StatusCode::CREATED);
        let instance: Value = created.json().await.unwrap();
        assert_eq!(self.put_envelope(token, &instance, envelope).await.status(), StatusCode::CREATED);
        assert_eq!(self.post_return(token, &instance, ret).await.status(), StatusCode::CREATED);
        instance
    }

    pub async fn control(&self, method: reqwest::Method, path: &str, body: Value) -> Value {
        let request = self.http.request(method, format!("{}{path}", self.at().control));
        let request = if body.is_null() { request } else { request.json(&body) };
        let answer = request.send().await.unwrap();
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
        answer.json().await.unwrap()
    }

    pub async fn settings(&self, change: Value) {
        self.control(reqwest::Method::PATCH, "/settings", change).await;
    }

    pub async fn fault(&self, rule: Value) {
        self.control(reqwest::Method::POST, "/faults", rule).await;
    }

    pub async fn log(&self) -> Value {
        self.control(reqwest::Method::GET, "/log", Value::Null).await
    }
}

/// The parameters of a redirect.
pub fn callback(answer: &Response) -> Value {
    let location = answer.headers().get("Location").expect("a redirect").to_str().unwrap();
    let url = url::Url::parse(location).unwrap();
    let mut object: serde_json::Map<String, Value> =
        url.query_pairs().map(|(key, value)| (key.into_owned(), json!(value))).collect();
    object.insert("at".into(), json!(location.split('?').next().unwrap()));
    Value::Object(object)
}

/// The claims of a token, unchecked.
pub fn claims(token: &str) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap()).unwrap()
}

/// An envelope without namespace, as the published ones are.
pub fn envelope(org: &str, period: &str, year: &str, category: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<mvaMeldingInnsending><norskIdentifikator>\
         <organisasjonsnummer>{org}</organisasjonsnummer></norskIdentifikator><skattleggingsperiode><periode>\
         <skattleggingsperiodeToMaaneder>{period}</skattleggingsperiodeToMaaneder></periode><aar>{year}</aar>\
         </skattleggingsperiode><meldingskategori>{category}</meldingskategori><innsendingstype>komplett</innsendingstype>\
         <instansstatus>default</instansstatus><opprettetAv>Ingrid Solvang</opprettetAv>\
         <opprettingstidspunkt>2026-11-21T10:00:00Z</opprettingstidspunkt><vedlegg><vedleggstype>mva-melding</vedleggstype>\
         <kildegruppe>sluttbrukersystem</kildegruppe><opprettetAv>Ingrid Solvang</opprettetAv>\
         <opprettingstidspunkt>2026-11-21T10:00:00Z</opprettingstidspunkt><vedleggsfil><filnavn>melding_xml</filnavn>\
         <filekstensjon>xml</filekstensjon><filinnhold>-</filinnhold></vedleggsfil></vedlegg></mvaMeldingInnsending>"
    )
}

/// A small right return: output VAT 25 000, input VAT 10 000.
pub fn mva(org: &str, period: &str, year: &str, sum: i64) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <mvaMeldingDto xmlns=\"no:skatteetaten:fastsetting:avgift:mva:skattemeldingformerverdiavgift:v1.0\">\n\
         <innsending><regnskapssystemsreferanse>prove-1</regnskapssystemsreferanse><regnskapssystem>\
         <systemnavn>Prøve</systemnavn><systemversjon>1.0</systemversjon></regnskapssystem></innsending>\n\
         <skattegrunnlagOgBeregnetSkatt><skattleggingsperiode><periode>\
         <skattleggingsperiodeToMaaneder>{period}</skattleggingsperiodeToMaaneder></periode><aar>{year}</aar>\
         </skattleggingsperiode><fastsattMerverdiavgift>{sum}</fastsattMerverdiavgift>\n\
         <mvaSpesifikasjonslinje><mvaKode>1</mvaKode><merverdiavgift>-10000</merverdiavgift></mvaSpesifikasjonslinje>\n\
         <mvaSpesifikasjonslinje><mvaKode>3</mvaKode><grunnlag>100000</grunnlag><sats>25</sats>\
         <merverdiavgift>25000</merverdiavgift></mvaSpesifikasjonslinje>\n\
         </skattegrunnlagOgBeregnetSkatt>\n<betalingsinformasjon/>\n\
         <skattepliktig><organisasjonsnummer>{org}</organisasjonsnummer></skattepliktig>\n\
         <meldingskategori>alminnelig</meldingskategori>\n</mvaMeldingDto>\n"
    )
}

/// A right return and its envelope for July–August 2026.
pub fn pair(org: &str) -> (String, String) {
    (envelope(org, "juli-august", "2026", "alminnelig"), mva(org, "juli-august", "2026", 15_000))
}
