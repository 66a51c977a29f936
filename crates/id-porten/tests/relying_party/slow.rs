//! Answers that never end: a byte now and then, of the head or of the body. Each is given up as a whole, in words, whichever
//! of the issuer's endpoints it is.

use super::*;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

/// How long a whole answer may take here: the good answers on the way take far less, on a busy machine too.
const LIMIT: Duration = Duration::from_secs(4);

const HEAD: &[u8] = b"HTTP/1.1 200 OK\r\nX-Slow: ";
const BODY: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{\"access_token\":\"hemmelig";

/// Somebody who answers everybody with the beginning of an answer, and then a byte now and then for ever.
async fn dripping(first: &'static [u8]) -> String {
    let socket = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", socket.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = socket.accept().await {
            tokio::spawn(async move {
                let _ = stream.read(&mut [0; 4096]).await;
                let _ = stream.write_all(first).await;
                while stream.write_all(b" ").await.is_ok() {
                    tokio::time::sleep(Duration::from_millis(40)).await;
                }
            });
        }
    });
    address
}

/// That it is given up in time, and as an endpoint of that kind that cannot be reached.
fn given_up(begun: Instant, error: &TokenError, endpoint: Endpoint) {
    assert!(begun.elapsed() < LIMIT + Duration::from_secs(20), "{endpoint}: {:?}", begun.elapsed());
    assert!(matches!(error, TokenError::Unreachable { endpoint: at, .. } if *at == endpoint), "{endpoint}: {error:?}");
    let said = format!("{error:?} {error}");
    assert!(said.contains("TooSlow") && !said.contains("hemmelig"), "{said}");
}

/// Does it for every endpoint and both kinds of answers at the same time: each takes as long as is waited.
async fn all<F: Future<Output = ()> + Send + 'static>(
    each: impl Fn(&'static [u8], (&'static str, Endpoint)) -> F,
    of: &[(&'static str, Endpoint)],
) {
    // Slow to make, and made once.
    let _ = keys();
    let mut running = tokio::task::JoinSet::new();
    for first in [HEAD, BODY] {
        for of in of {
            running.spawn(each(first, *of));
        }
    }
    running.join_all().await;
}

#[tokio::test]
async fn metadata_keys_tokens_and_pushed_requests_that_drip_are_given_up() {
    let of = [
        ("", Endpoint::Discovery),
        ("jwks_uri", Endpoint::Jwks),
        ("token_endpoint", Endpoint::Token),
        ("pushed_authorization_request_endpoint", Endpoint::PushedAuthorizationRequest),
    ];
    let sign_in_to = |first, (name, endpoint): (&'static str, Endpoint)| async move {
        let (provider, elsewhere) = (Provider::start().await, dripping(first).await);
        let mut integration = provider.integration();
        if endpoint == Endpoint::Discovery {
            integration.issuer = id_porten::Issuer::parse(&elsewhere).unwrap();
        } else {
            provider.script(|script| script.metadata = set(name, json!(format!("{elsewhere}/x"))));
        }
        integration.use_par = endpoint == Endpoint::PushedAuthorizationRequest;
        let begun = Instant::now();
        let outcome = sign_in(&party().with_request_limit(LIMIT), &integration).await;
        given_up(begun, &token_error(outcome), endpoint);
    };
    all(sign_in_to, &of).await;
}

#[tokio::test]
async fn a_renewal_and_a_sign_out_that_drip_are_given_up() {
    let of = [("token_endpoint", Endpoint::Token), ("revocation_endpoint", Endpoint::Revocation)];
    let after_sign_in = |first, (name, endpoint): (&'static str, Endpoint)| async move {
        let (provider, elsewhere) = (Provider::start().await, dripping(first).await);
        let integration = provider.integration();
        let grant = sign_in(&party(), &integration).await.unwrap();
        provider.script(|script| script.metadata = set(name, json!(format!("{elsewhere}/x"))));
        // Another start of the program, which asks for the metadata anew.
        let party = party().with_request_limit(LIMIT);
        let token = grant.refresh_token.as_ref().unwrap();
        let begun = Instant::now();
        let error = match endpoint {
            Endpoint::Token => party.refresh(&integration, token, &grant.identity).await.unwrap_err().error,
            _ => party.revoke(&integration, id_porten::Revocable::Refresh(token)).await.unwrap_err(),
        };
        given_up(begun, &error, endpoint);
    };
    all(after_sign_in, &of).await;
}
