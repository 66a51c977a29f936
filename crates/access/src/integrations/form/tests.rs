#![allow(clippy::unwrap_used)]
use view::RefreshTokenKind;

use super::*;
use crate::environment::Environment;

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
        let settings = settings(&form, &"x".into()).unwrap();
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
        let faults = settings(&form, &"x".into()).unwrap_err();
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
    let with = |redirect| settings(&IntegrationForm { redirect, ..filled_in() }, &"x".into()).unwrap_err()[0];
    assert_eq!(with(fixed("localhost", 0)).field, F::Port);
    assert_eq!(with(fixed("evil.example", 1)).field, F::Redirect);
    assert_eq!(with(RedirectForm::HostedPage { page: "http://solvang.example".into() }).field, F::Page);
    assert_eq!(fault(|form| form.endpoints.token = "ftp://x.example".into()), (F::Endpoints, Why::NotPrivateAddress));
}

/// What somebody hands over is sent, bound to and shown: none of it is more than a word, or an address of decent length.
#[test]
fn nothing_that_is_handed_over_forges_a_line_or_is_endless() {
    use {FaultReason as Why, FieldName as F};
    let fault = |change: &dyn Fn(&mut IntegrationForm)| {
        let mut form = filled_in();
        change(&mut form);
        settings(&form, &"x".into()).map(|_| ()).map_err(|faults| (faults[0].field, faults[0].reason))
    };
    for bad in ["a\n* standard  Produksjon", "a\u{202e}b", "a b", "ærlig", "a\u{1b}[2J", &"a".repeat(201)] {
        assert_eq!(fault(&|form| form.client_id = bad.into()), Err((F::ClientId, Why::NotAWord)), "{bad}");
        assert_eq!(fault(&|form| form.key_id = bad.into()), Err((F::KeyId, Why::NotAWord)), "{bad}");
    }
    let long = format!("https://idporten.no/{}", "a".repeat(2_000));
    for bad in [
        "https://idporten.no/\nplatform=https://evil.example",
        "https://idporten.no/\u{202e}x",
        "https://a\t.no",
        &long,
    ] {
        assert_eq!(fault(&|form| form.issuer = bad.into()), Err((F::Issuer, Why::NotPrivateAddress)), "{bad}");
    }
    for bad in ["https://a.example/\nb", "https://a.\texample/", &long] {
        assert_eq!(
            fault(&|form| form.endpoints.token = bad.into()),
            Err((F::Endpoints, Why::NotPrivateAddress)),
            "{bad}"
        );
    }
    let path = |path: String| RedirectForm::LoopbackAnyPort { path };
    assert_eq!(fault(&|form| form.redirect = path(format!("/{}", "a".repeat(2_000)))), Err((F::Path, Why::NotAPath)));
    let many = (0..101).map(|at| format!("scope{at}")).collect::<Vec<_>>();
    assert_eq!(fault(&|form| form.scopes.clone_from(&many)), Err((F::Scopes, Why::NotAWord)));
    assert_eq!(fault(&|form| form.acr_values = vec!["a".repeat(201)]), Err((F::AcrValues, Why::NotAWord)));
    assert_eq!(fault(&|form| form.client_id = " 23cc-7d4f_x.y~z ".into()), Ok(()));
}

#[test]
fn what_an_earlier_version_stored_is_read() {
    let form = IntegrationForm {
        redirect: RedirectForm::HostedPage { page: "https://solvang.example/".into() },
        endpoints: EndpointsForm { jwks: "https://x.example/".into(), ..Default::default() },
        ..filled_in()
    };
    let mut json = serde_json::to_value(&form).unwrap();
    assert_eq!(stored(&json.to_string()).unwrap(), form);
    json.as_object_mut().unwrap().remove("refreshTokenKind");
    json["endpoints"].as_object_mut().unwrap().remove("token");
    assert_eq!(stored(&json.to_string()).unwrap(), form);
}

#[test]
fn scopes_are_taken_however_they_are_separated() {
    let form = IntegrationForm { scopes: vec!["openid, a:b\nc:d openid".into()], ..filled_in() };
    assert_eq!(settings(&form, &"x".into()).unwrap().scopes, ["openid", "a:b", "c:d"]);
}

#[test]
fn another_file_is_not_taken_for_an_integration() {
    assert!(IntegrationFile::parse(b"{}").is_err());
    let other = IntegrationFile::new(EnvironmentName::Test, filled_in()).to_json().unwrap();
    assert!(IntegrationFile::parse(other.replace(FORMAT, "other/1").as_bytes()).is_err());
    let secret = other.replacen("\"format\"", "\"clientSecret\": \"x\", \"format\"", 1);
    assert!(IntegrationFile::parse(secret.as_bytes()).is_err(), "a file with more than there should be");
}
