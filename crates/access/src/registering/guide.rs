//! The guide: Digdir's self-service form field by field, in two variants, and as JSON for its API (apis.md 3.2, 3.5).

use serde_json::json;
use vat_return::Language;

use super::texts::text;
use view::{
    ClientProof, GuideField, GuideRequest, GuideVariant, GuideView, IntegrationForm, RedirectForm, RefreshTokenKind,
};

/// The scopes that the client is registered with (apis.md 1.2). `profile` is asked for to show a name.
const SCOPES: [&str; 5] =
    ["openid", "profile", "skatteetaten:mvameldingvalidering", "altinn:instances.read", "altinn:instances.write"];
/// One year.
const YEAR: u32 = 31_536_000;
/// Two hours, as Microsoft recommends for this very use (apis.md 2.1).
const TWO_HOURS: u32 = 7_200;
/// A working day; no scope of Skatteetaten's lasts longer (apis.md 3.5).
const WORKING_DAY: u32 = 28_800;
/// The redirect of a native client (apis.md 3.2).
const LOOPBACK: &str = "http://127.0.0.1:0/callback";

/// What a variant registers.
struct Registration {
    grant_types: &'static [&'static str],
    authentication: &'static str,
    application_type: &'static str,
    redirect: String,
    authorization: u32,
    access_token: u32,
}

impl Registration {
    fn of(request: &GuideRequest, language: Language) -> Self {
        match request.variant {
            GuideVariant::Yearly => Self {
                grant_types: &["authorization_code", "refresh_token"],
                authentication: "client_secret_post",
                application_type: "web",
                redirect: given(&request.page).unwrap_or_else(|| text("guide.missing.page", language)),
                authorization: YEAR,
                access_token: TWO_HOURS,
            },
            GuideVariant::Simple => Self {
                grant_types: &["authorization_code"],
                authentication: "none",
                application_type: "native",
                redirect: LOOPBACK.to_owned(),
                authorization: WORKING_DAY,
                access_token: WORKING_DAY,
            },
        }
    }
}

fn given(text: &str) -> Option<String> {
    Some(text.trim()).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// The guide in a language.
pub(super) fn guide(request: &GuideRequest, language: Language) -> GuideView {
    let yearly = request.variant == GuideVariant::Yearly;
    let registration = Registration::of(request, language);
    let words = |yearly_key, simple_key| text(if yearly { yearly_key } else { simple_key }, language);
    let note = |key| Some(text(key, language));
    let digits: String = request.org_number.chars().filter(char::is_ascii_digit).collect();
    let org_number = given(&digits);
    let page_is_example = yearly && given(&request.page).is_none();
    let name = given(&request.firm).map_or_else(|| "Momsbud".to_owned(), |firm| format!("Momsbud, {firm}"));
    let field = |key: &'static str, value: &str, pick: bool, example: bool, note: Option<String>| GuideField {
        key: key.trim_start_matches("field.").to_owned(),
        norwegian: text(key, if language == Language::Nn { Language::Nn } else { Language::Nb }),
        english: text(key, Language::En),
        value: given(value),
        example,
        pick,
        note,
    };
    let redirect_note = if yearly { "guide.note.page" } else { "guide.note.loopback" };
    let fields = vec![
        field("field.service", "API-klient", true, false, None),
        field("field.scopes", &SCOPES.join(" "), false, false, note("guide.note.scopes")),
        field(
            "field.orgNumber",
            &org_number.clone().unwrap_or_else(|| text("guide.missing.orgNumber", language)),
            false,
            org_number.is_none(),
            None,
        ),
        field("field.name", &name, false, false, None),
        field("field.description", &text("guide.value.description", Language::Nb), false, false, None),
        field("field.grantTypes", &registration.grant_types.join(", "), true, false, None),
        field(
            "field.authentication",
            registration.authentication,
            true,
            false,
            yearly.then(|| text("guide.note.secret", language)),
        ),
        field("field.applicationType", registration.application_type, true, false, None),
        field("field.redirect", &registration.redirect, false, page_is_example, note(redirect_note)),
        field("field.postLogout", &registration.redirect, false, page_is_example, None),
        field("field.frontChannel", "", false, false, note("guide.note.empty")),
        field("field.returnUri", &registration.redirect, false, page_is_example, None),
        field("field.authorizationSeconds", &registration.authorization.to_string(), false, false, None),
        field(
            "field.accessTokenSeconds",
            &registration.access_token.to_string(),
            false,
            false,
            note("guide.note.capped"),
        ),
        field("field.refreshTokenSeconds", "0", false, false, note("guide.note.refreshLife")),
        field("field.refreshTokenKind", &text("guide.value.oneTime", Language::Nb), true, false, None),
    ];
    GuideView {
        variant: request.variant,
        title: words("guide.yearly.title", "guide.simple.title"),
        about: words("guide.yearly.about", "guide.simple.about"),
        comfort: words("guide.yearly.comfort", "guide.simple.comfort"),
        security: words("guide.yearly.security", "guide.simple.security"),
        fields,
        json: self_service(&registration, &name, org_number.as_deref()),
    }
}

/// The registration as Digdir's self-service API takes it (apis.md 3.2, 3.5 name its fields).
fn self_service(registration: &Registration, name: &str, org_number: Option<&str>) -> String {
    let mut client = json!({
        "integration_type": "api_klient",
        "client_name": name,
        "description": text("guide.value.description", Language::Nb),
        "scopes": SCOPES,
        "grant_types": registration.grant_types,
        "token_endpoint_auth_method": registration.authentication,
        "application_type": registration.application_type,
        "redirect_uris": [registration.redirect],
        "post_logout_redirect_uris": [registration.redirect],
        "client_uri": registration.redirect,
        "authorization_lifetime": registration.authorization,
        "access_token_lifetime": registration.access_token,
        "refresh_token_lifetime": 0,
        "refresh_token_usage": "ONETIME",
    });
    if let (Some(number), Some(fields)) = (org_number, client.as_object_mut()) {
        fields.insert("client_orgno".to_owned(), json!(number));
    }
    // A map of texts and numbers; writing it cannot fail.
    serde_json::to_string_pretty(&client).unwrap_or_default()
}

/// The integration that a registration by the guide makes here; what only the registration gives is left open.
pub(super) fn form(request: &GuideRequest, preset: IntegrationForm, language: Language) -> IntegrationForm {
    let registration = Registration::of(request, language);
    let yearly = request.variant == GuideVariant::Yearly;
    IntegrationForm {
        name: given(&request.firm).unwrap_or_default(),
        client_id: String::new(),
        authentication: if yearly { ClientProof::ClientSecretPost } else { ClientProof::None },
        redirect: if yearly {
            RedirectForm::HostedPage { page: request.page.trim().to_owned() }
        } else {
            RedirectForm::LoopbackAnyPort { path: "/callback".into() }
        },
        scopes: SCOPES.map(str::to_owned).to_vec(),
        authorization_seconds: registration.authorization,
        access_token_seconds: registration.access_token,
        refresh_token_seconds: 0,
        refresh_token_kind: RefreshTokenKind::OneTime,
        ..preset
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn request(variant: GuideVariant) -> GuideRequest {
        GuideRequest {
            variant,
            firm: "Solvang Regnskap".into(),
            org_number: "310 856 312".into(),
            page: "https://solvang.example/momsbud/".into(),
        }
    }

    #[test]
    fn both_variants_name_every_field_of_the_form_in_its_order() {
        for variant in [GuideVariant::Yearly, GuideVariant::Simple] {
            let guide = guide(&request(variant), Language::En);
            let keys: Vec<_> = guide.fields.iter().map(|field| field.key.as_str()).collect();
            assert_eq!(
                keys,
                [
                    "service",
                    "scopes",
                    "orgNumber",
                    "name",
                    "description",
                    "grantTypes",
                    "authentication",
                    "applicationType",
                    "redirect",
                    "postLogout",
                    "frontChannel",
                    "returnUri",
                    "authorizationSeconds",
                    "accessTokenSeconds",
                    "refreshTokenSeconds",
                    "refreshTokenKind"
                ]
            );
            assert!(guide.fields.iter().all(|field| !field.example && !field.norwegian.is_empty()));
            assert!(guide.fields.iter().all(|field| field.value.is_some() || field.key == "frontChannel"));
        }
    }

    #[test]
    fn what_has_not_been_given_is_marked_as_an_example() {
        let guide = guide(&GuideRequest::default(), Language::Nb);
        let examples: Vec<_> = guide.fields.iter().filter(|f| f.example).map(|f| f.key.as_str()).collect();
        assert_eq!(examples, ["orgNumber", "redirect", "postLogout", "returnUri"]);
        assert!(!guide.json.contains("client_orgno"), "{}", guide.json);
    }

    #[test]
    fn the_json_says_what_the_fields_say() {
        for variant in [GuideVariant::Yearly, GuideVariant::Simple] {
            let guide = guide(&request(variant), Language::Nb);
            let value = |key: &str| {
                guide.fields.iter().find(|field| field.key == key).unwrap().value.clone().unwrap_or_default()
            };
            let json: serde_json::Value = serde_json::from_str(&guide.json).unwrap();
            let words = |name: &str, between: &str| {
                let list = json[name].as_array().unwrap().iter().map(|it| it.as_str().unwrap().to_owned());
                list.collect::<Vec<_>>().join(between)
            };
            assert_eq!(words("scopes", " "), value("scopes"));
            assert_eq!(words("grant_types", ", "), value("grantTypes"));
            assert_eq!(words("redirect_uris", " "), value("redirect"));
            assert_eq!(words("post_logout_redirect_uris", " "), value("postLogout"));
            assert_eq!(json["token_endpoint_auth_method"], value("authentication"));
            assert_eq!(json["application_type"], value("applicationType"));
            assert_eq!(json["client_name"], value("name"));
            assert_eq!(json["client_orgno"], value("orgNumber"));
            assert_eq!(json["authorization_lifetime"].to_string(), value("authorizationSeconds"));
            assert_eq!(json["access_token_lifetime"].to_string(), value("accessTokenSeconds"));
            assert_eq!(json["refresh_token_lifetime"].to_string(), value("refreshTokenSeconds"));
        }
    }
}
