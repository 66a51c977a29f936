//! When no answer comes: what kind it is, and whether the authority may have acted.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::{net::SocketAddr, time::Duration};

use altinn::{ApiError, BearerToken, Client, Endpoints, InstanceId, NoAnswerKind, Timeouts};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

fn client(base: &str) -> Client {
    let endpoints = Endpoints::parse(base, &format!("{base}/skd/app"), &format!("{base}/valider")).unwrap();
    Client::new(altinn::http::client("Momsbud/test").unwrap(), endpoints)
        .with_timeouts(Timeouts { call: Duration::from_millis(800), ..Timeouts::default() })
}

async fn next(base: &str) -> ApiError {
    let id: InstanceId = "1/55604b08-1690-4a8d-bf6b-95c11dc40c58".parse().unwrap();
    client(base).process_next(&BearerToken::new("hemmelig-token"), &id).await.unwrap_err()
}

/// A server that treats each connection as told.
async fn server<F, Fut>(treat: F) -> SocketAddr
where
    F: Fn(TcpStream) -> Fut + Send + 'static,
    Fut: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(treat(stream));
        }
    });
    address
}

async fn read_request(stream: &mut TcpStream) {
    let mut request = Vec::new();
    while !request.windows(4).any(|end| end == b"\r\n\r\n") {
        let mut buffer = [0_u8; 1024];
        let read = stream.read(&mut buffer).await.unwrap();
        request.extend_from_slice(&buffer[..read]);
    }
}

fn kind_and_sent(error: &ApiError) -> (NoAnswerKind, bool) {
    let ApiError::NoAnswer { kind, sent, causes, .. } = error else { panic!("{error:?}") };
    assert!(!causes.is_empty());
    assert!(!format!("{error} {error:?}").contains("hemmelig"), "{error:?}");
    (*kind, *sent)
}

#[tokio::test]
async fn a_refused_connection_has_sent_nothing() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let error = next(&format!("http://{address}")).await;
    assert_eq!(kind_and_sent(&error), (NoAnswerKind::Connect, false));
    assert!(error.to_string().contains("refused"), "the whole chain of causes is told: {error}");
    assert!(!error.may_have_happened() && error.is_transient());
}

#[tokio::test]
async fn a_host_that_does_not_exist_has_sent_nothing() {
    let error = next("https://does-not-exist.invalid").await;
    assert_eq!(kind_and_sent(&error), (NoAnswerKind::Connect, false));
}

/// What stands between many companies' machines and the world: a proxy with a certificate of its own authority.
#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_is_told_as_such_and_nothing_was_sent() {
    let own = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let provider = std::sync::Arc::new(tokio_rustls::rustls::crypto::aws_lc_rs::default_provider());
    let config = tokio_rustls::rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![own.cert.der().clone()], own.signing_key.into())
        .unwrap();
    let acceptor = tokio_rustls::TlsAcceptor::from(std::sync::Arc::new(config));
    let address = server(move |stream| {
        let acceptor = acceptor.clone();
        async move {
            // The client turns away in the middle of it.
            assert!(acceptor.accept(stream).await.is_err());
        }
    })
    .await;
    let error = next(&format!("https://localhost:{}", address.port())).await;
    assert_eq!(kind_and_sent(&error), (NoAnswerKind::Certificate, false));
    assert!(!error.is_transient());
    assert!(error.to_string().contains("certificate"), "{error}");
}

#[tokio::test]
async fn silence_after_the_request_may_have_sent_it() {
    let address = server(|mut stream| async move {
        read_request(&mut stream).await;
        tokio::time::sleep(Duration::from_secs(30)).await;
    })
    .await;
    let error = next(&format!("http://{address}")).await;
    assert_eq!(kind_and_sent(&error), (NoAnswerKind::Timeout, true));
    assert!(error.may_have_happened());
}

#[tokio::test]
async fn a_connection_that_breaks_after_the_request_may_have_sent_it() {
    let address = server(|mut stream| async move { read_request(&mut stream).await }).await;
    let error = next(&format!("http://{address}")).await;
    assert_eq!(kind_and_sent(&error), (NoAnswerKind::Lost, true));
}

#[tokio::test]
async fn an_answer_that_breaks_off_may_have_sent_it() {
    let address = server(|mut stream| async move {
        read_request(&mut stream).await;
        let half = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{\"currentTask\":";
        stream.write_all(half).await.unwrap();
    })
    .await;
    let error = next(&format!("http://{address}")).await;
    assert_eq!(kind_and_sent(&error), (NoAnswerKind::Lost, true));
}

#[tokio::test]
async fn an_answer_that_drips_ends_with_the_time() {
    let address = server(|mut stream| async move {
        read_request(&mut stream).await;
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n").await;
        while stream.write_all(b" ").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    })
    .await;
    let begun = std::time::Instant::now();
    let error = next(&format!("http://{address}")).await;
    assert_eq!(kind_and_sent(&error), (NoAnswerKind::Timeout, true));
    assert!(begun.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn an_answer_whose_headers_drip_ends_with_the_time() {
    let address = server(|mut stream| async move {
        read_request(&mut stream).await;
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nX-Slow: ").await;
        while stream.write_all(b"x").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    })
    .await;
    let begun = std::time::Instant::now();
    let error = next(&format!("http://{address}")).await;
    assert_eq!(kind_and_sent(&error), (NoAnswerKind::Timeout, true));
    assert!(begun.elapsed() < Duration::from_secs(5));
}

/// The status is an answer; its words are not waited for longer than a call may take, and not read without end.
#[tokio::test]
async fn a_refusal_whose_words_drip_or_never_end_is_still_a_refusal() {
    for (each, pause) in [(vec![b' '; 1], 50), (vec![b'x'; 65536], 0)] {
        let address = server(move |mut stream| {
            let each = each.clone();
            async move {
                read_request(&mut stream).await;
                let head = b"HTTP/1.1 403 Forbidden\r\nContent-Type: application/json\r\n\r\n{\"title\":\"";
                let _ = stream.write_all(head).await;
                while stream.write_all(&each).await.is_ok() {
                    tokio::time::sleep(Duration::from_millis(pause)).await;
                }
            }
        })
        .await;
        let begun = std::time::Instant::now();
        let error = next(&format!("http://{address}")).await;
        let ApiError::Forbidden { text, .. } = &error else { panic!("{error:?}") };
        assert!(text.len() < 10_000, "{} bytes of words", text.len());
        assert!(begun.elapsed() < Duration::from_secs(5));
    }
}

/// Each page comes in time, and the whole never would.
#[tokio::test]
async fn a_list_whose_pages_come_slowly_is_given_up_as_a_whole() {
    let pages = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let counted = std::sync::Arc::clone(&pages);
    let address = server(move |mut stream| {
        let pages = std::sync::Arc::clone(&counted);
        async move {
            read_request(&mut stream).await;
            let page = pages.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            tokio::time::sleep(Duration::from_millis(100)).await;
            let body = format!("{{\"instances\":[],\"next\":\"/x?continuationToken={page}\"}}");
            let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
            let _ = stream.write_all((head + &body).as_bytes()).await;
        }
    })
    .await;
    let client = client(&format!("http://{address}"));
    let client = client.with_timeouts(Timeouts { list: Duration::from_secs(1), ..Timeouts::default() });
    let error = client.list_instances(&BearerToken::new("hemmelig-token"), "911158612", &[]).await.unwrap_err();
    assert_eq!(kind_and_sent(&error), (NoAnswerKind::Timeout, true));
    assert!((1..=11).contains(&pages.load(std::sync::atomic::Ordering::SeqCst)), "{pages:?}");
}

/// The time that a file gets goes by its size, which is the authority's word; a lifetime is not waited for.
#[tokio::test]
async fn a_file_that_is_said_to_be_endless_is_not_waited_for_without_end() {
    let address = server(|mut stream| async move {
        read_request(&mut stream).await;
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n").await;
        while stream.write_all(b"1\r\n \r\n").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await;
    let client = client(&format!("http://{address}"));
    let client = client.with_timeouts(Timeouts {
        call: Duration::from_millis(300),
        upload_bytes_per_second: 1 << 30,
        ..Timeouts::default()
    });
    let element = serde_json::json!({
        "id": "87ff3fc2-a47f-4dc9-8b4d-63fe27aa05f7", "dataType": "kvittering", "size": u64::MAX,
    });
    let element = serde_json::from_value(element).unwrap();
    let (token, id) = (BearerToken::new("hemmelig-token"), "1/55604b08-1690-4a8d-bf6b-95c11dc40c58".parse().unwrap());
    let whole = tokio::time::timeout(Duration::from_secs(20), client.download(&token, &id, &element)).await;
    assert_eq!(kind_and_sent(&whole.expect("it is given up").unwrap_err()), (NoAnswerKind::Timeout, true));
    let parts = client.download_parts(&token, &id, &element, |_| {});
    let parts = tokio::time::timeout(Duration::from_secs(20), parts).await;
    assert_eq!(kind_and_sent(&parts.expect("it is given up").unwrap_err()), (NoAnswerKind::Timeout, true));
}

#[tokio::test]
async fn a_refusal_whose_words_break_off_is_still_a_refusal() {
    let address = server(|mut stream| async move {
        read_request(&mut stream).await;
        let _ = stream.write_all(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 500\r\n\r\n{\"ti").await;
    })
    .await;
    let error = next(&format!("http://{address}")).await;
    assert!(matches!(error, ApiError::Forbidden { .. }), "{error:?}");
}

#[tokio::test]
async fn nonsense_instead_of_http_may_have_sent_it() {
    let address = server(|mut stream| async move {
        read_request(&mut stream).await;
        let _ = stream.write_all(b"220 smtp.example ESMTP\r\n").await;
    })
    .await;
    assert_eq!(kind_and_sent(&next(&format!("http://{address}")).await), (NoAnswerKind::Lost, true));
}
