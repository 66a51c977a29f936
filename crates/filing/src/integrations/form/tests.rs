#![allow(clippy::unwrap_used)]
use super::*;
use crate::{environment::Environment, view::RefreshTokenKind};

fn filled_in() -> IntegrationForm {
    IntegrationForm { client_id: "23cc".into(), ..(&Environment::test().unwrap().integration).into() }
}

#[test]
fn what_is_filled_in_comes_back_as_it_was() {
    let redirects = [
        RedirectForm::LoopbackAnyPort { path: "/callback".into() },
        RedirectForm::LoopbackFixedPort { host: "localhost".into(), port: 12345, path: "/token".into() },
        RedirectForm::HostedPage { page: "https://solvang.example/momsbud/".into() },
    ];
    for redirect in redirects {
        let form = IntegrationForm {
            redirect,
            authentication: ClientProof::PrivateKeyJwt,
            use_par: true,
            acr_values: vec!["idporten-loa-high".into()],
            refresh_token_kind: RefreshTokenKind::Reusable,
            endpoints: EndpointsForm { token: "https://other.example/token".into(), ..Default::default() },
            post_logout_redirect_uri: "https://solvang.example/ferdig".into(),
            ..filled_in()
        };
        let settings = form.settings("x").unwrap();
        assert_eq!(IntegrationForm::from(&settings), form);
        let file = IntegrationFile::new(EnvironmentName::Test, form);
        assert_eq!(IntegrationFile::parse(file.to_json().unwrap().as_bytes()).unwrap(), file);
    }
}

#[test]
fn every_field_that_cannot_be_is_named() {
    use {FaultReason as Why, FieldName as F};
    let fault = |change: fn(&mut IntegrationForm)| {
        let mut form = filled_in();
        change(&mut form);
        let faults = form.settings("x").unwrap_err();
        assert_eq!(faults.len(), 1, "{faults:?}");
        (faults[0].field, faults[0].reason)
    };
    assert_eq!(fault(|form| form.name = " ".into()), (F::Name, Why::Missing));
    assert_eq!(fault(|form| form.issuer = String::new()), (F::Issuer, Why::Missing));
    assert_eq!(fault(|form| form.issuer = "http://idporten.no".into()), (F::Issuer, Why::NotPrivateAddress));
    assert_eq!(fault(|form| form.client_id = String::new()), (F::ClientId, Why::Missing));
    assert_eq!(fault(|form| form.scopes = Vec::new()), (F::Scopes, Why::Missing));
    assert_eq!(fault(|form| form.scopes = vec!["å".into()]), (F::Scopes, Why::NotAWord));
    assert_eq!(fault(|form| form.access_token_seconds = 0), (F::AccessTokenSeconds, Why::Missing));
    assert_eq!(fault(|form| form.authorization_seconds = u32::MAX), (F::AuthorizationSeconds, Why::TooLong));
    assert_eq!(
        fault(|form| form.redirect = RedirectForm::LoopbackAnyPort { path: "callback".into() }),
        (F::Path, Why::NotAPath)
    );
    let fixed = |host: &str, port| RedirectForm::LoopbackFixedPort { host: host.into(), port, path: "/token".into() };
    let with = |redirect| IntegrationForm { redirect, ..filled_in() }.settings("x").unwrap_err()[0];
    assert_eq!(with(fixed("localhost", 0)).field, F::Port);
    assert_eq!(with(fixed("evil.example", 1)).field, F::Redirect);
    assert_eq!(with(RedirectForm::HostedPage { page: "http://solvang.example".into() }).field, F::Page);
    assert_eq!(fault(|form| form.endpoints.token = "ftp://x.example".into()), (F::Endpoints, Why::NotPrivateAddress));
}

#[test]
fn what_an_earlier_version_stored_is_read() {
    let form = IntegrationForm {
        redirect: RedirectForm::HostedPage { page: "https://solvang.example/".into() },
        endpoints: EndpointsForm { jwks: "https://x.example/".into(), ..Default::default() },
        ..filled_in()
    };
    let mut json = serde_json::to_value(&form).unwrap();
    assert_eq!(IntegrationForm::stored(&json.to_string()).unwrap(), form);
    json.as_object_mut().unwrap().remove("refreshTokenKind");
    json["endpoints"].as_object_mut().unwrap().remove("token");
    assert_eq!(IntegrationForm::stored(&json.to_string()).unwrap(), form);
}

#[test]
fn scopes_are_taken_however_they_are_separated() {
    let form = IntegrationForm { scopes: vec!["openid, a:b\nc:d openid".into()], ..filled_in() };
    assert_eq!(form.settings("x").unwrap().scopes, ["openid", "a:b", "c:d"]);
}

#[test]
fn another_file_is_not_taken_for_an_integration() {
    assert!(IntegrationFile::parse(b"{}").is_err());
    let other = IntegrationFile::new(EnvironmentName::Test, filled_in()).to_json().unwrap();
    assert!(IntegrationFile::parse(other.replace(FORMAT, "other/1").as_bytes()).is_err());
    let secret = other.replacen("\"format\"", "\"clientSecret\": \"x\", \"format\"", 1);
    assert!(IntegrationFile::parse(secret.as_bytes()).is_err(), "a file with more than there should be");
}
