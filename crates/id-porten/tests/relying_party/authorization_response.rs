//! The authorization response: what is refused before the code is used.

use super::*;

/// Signs in with the authorization response changed; the code must not be used.
async fn refused_response(
    change: impl Fn(&mut Vec<(&'static str, String)>) + Send + Sync + 'static,
) -> (SignInError, String) {
    let provider = Provider::start().await;
    provider.script(|script| script.response = Arc::new(change));
    let (outcome, screen) = sign_in_with(&party(), &provider.integration(), SignInOptions::default()).await;
    assert_eq!(provider.count("/swap"), 0, "the code was used");
    (outcome.unwrap_err(), screen.unwrap().text)
}

fn without(name: &'static str) -> impl Fn(&mut Vec<(&'static str, String)>) {
    move |response| response.retain(|(key, _)| *key != name)
}

fn changed(name: &'static str, value: &'static str) -> impl Fn(&mut Vec<(&'static str, String)>) {
    move |response| response.iter_mut().filter(|(key, _)| *key == name).for_each(|(_, old)| *old = value.to_owned())
}

/// The same where the answer is nobody's: refused at the address that it came to, and the attempt waits on.
async fn dropped_response(change: impl Fn(&mut Vec<(&'static str, String)>) + Send + Sync + 'static) -> String {
    let provider = Provider::start().await;
    provider.script(|script| script.response = Arc::new(change));
    let options = SignInOptions { limit: std::time::Duration::from_secs(2), ..SignInOptions::default() };
    let (outcome, screen) = sign_in_with(&party(), &provider.integration(), options).await;
    assert_eq!(provider.count("/swap"), 0, "the code was used");
    assert!(matches!(outcome, Err(SignInError::TimedOut)), "{outcome:?}");
    screen.unwrap().text
}

#[tokio::test]
async fn invalid_state() {
    let page = dropped_response(changed("state", "another")).await;
    assert!(page.contains("Dette svaret hører til en annen innlogging"), "{page}");
}

#[tokio::test]
async fn missing_state() {
    let page = dropped_response(without("state")).await;
    assert!(page.contains("Dette svaret hører til en annen innlogging"), "{page}");
}

#[tokio::test]
async fn invalid_authorization_response_iss() {
    let (error, _) = refused_response(changed("iss", "https://evil.example")).await;
    let SignInError::InvalidIssuer { found, .. } = error else { panic!("{error:?}") };
    assert_eq!(found.as_deref(), Some("https://evil.example"));
}

#[tokio::test]
async fn missing_authorization_response_iss() {
    let (error, _) = refused_response(without("iss")).await;
    assert!(matches!(error, SignInError::InvalidIssuer { found: None, .. }), "{error:?}");
    // Not promised, not missed.
    let outcome = with(|script| {
        script.metadata = set("authorization_response_iss_parameter_supported", Value::Null);
        script.response = Arc::new(without("iss"));
    });
    assert!(outcome.await.is_ok());
}

#[tokio::test]
async fn authorization_response_with_error() {
    let answer = |error: &'static str| {
        move |response: &mut Vec<(&'static str, String)>| {
            response.retain(|(key, _)| *key != "code");
            response.push(("error", error.to_owned()));
            response.push(("error_description", "Brukeren avbrøt <b>".to_owned()));
        }
    };
    let (error, page) = refused_response(answer("access_denied")).await;
    let SignInError::Denied { error, description } = error else { panic!("{error:?}") };
    assert_eq!((error.as_str(), description.as_deref()), ("access_denied", Some("Brukeren avbrøt <b>")));
    assert!(page.contains("Du ble ikke logget inn") && !page.contains("<b>"), "{page}");

    let (error, _) = refused_response(answer("invalid_scope")).await;
    assert!(matches!(error, SignInError::Token(TokenError::IntegrationRefused { .. })), "{error:?}");
    // Without iss, although the metadata promises it: not even an error is believed (RFC 9207 section 2).
    let (error, _) = refused_response(move |response| {
        answer("login_required")(response);
        response.retain(|(key, _)| *key != "iss");
    })
    .await;
    assert!(matches!(error, SignInError::InvalidIssuer { found: None, .. }), "{error:?}");
}
