//! What comes over the network for an update: the list of versions and the installer, each bounded in size and in time,
//! whoever sends them. What of it is believed is not decided here.

use std::time::Duration;

use tokio::{sync::watch, time};
use url::Url;

/// How long a search may take.
pub(super) const PATIENCE: Duration = Duration::from_secs(20);
/// How long it may take to fetch what was found, on a slow line.
pub(super) const FETCHING: Duration = Duration::from_secs(30 * 60);
/// The largest installer that is fetched, in bytes. Ours have some 15 MB.
const LARGEST: u64 = 200 * 1024 * 1024;
/// The longest list of versions that is read, in bytes. Ours has some three kilobytes.
const LONGEST_LIST: usize = 512 * 1024;
/// How many redirects are followed: a release lies behind one.
const REDIRECTS: usize = 5;
/// How often it is looked whether the installer still comes.
const LOOK_EVERY: Duration = Duration::from_secs(60);
/// What must have come between two looks, in bytes: a line so slow would take hours.
const SLOWEST: u64 = 128 * 1024;

/// Why nothing came.
#[derive(Debug, thiserror::Error)]
pub(super) enum FetchError {
    /// No answer, or one that does not come to an end in time.
    #[error(transparent)]
    NoAnswer(#[from] reqwest::Error),
    /// An answer that is no list.
    #[error("the server answers with {0}")]
    Status(u16),
    /// More than a list of versions can be.
    #[error("the list of versions is longer than {LONGEST_LIST} bytes")]
    TooLong,
    /// It is no JSON.
    #[error("the list of versions cannot be read")]
    Unreadable(#[from] serde_json::Error),
}

/// Why an installer was given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum GivenUp {
    /// It is larger than an installer can be.
    TooLarge,
    /// It comes more slowly than on any line that somebody waits for.
    TooSlow,
}

/// Fetches the list of versions; none where the server says that there is nothing newer.
///
/// The updater's own search reads whatever comes, into memory.
///
/// # Errors
/// See [`FetchError`].
pub(super) async fn list(address: Url, only_https: bool) -> Result<Option<serde_json::Value>, FetchError> {
    list_within(address, only_https, PATIENCE).await
}

#[expect(clippy::disallowed_methods, reason = "this is the client for the list of updates, with limits of its own")]
async fn list_within(
    address: Url,
    only_https: bool,
    patience: Duration,
) -> Result<Option<serde_json::Value>, FetchError> {
    let client = fetching_client(reqwest::Client::builder(), only_https)
        .user_agent(concat!("Momsbud/", env!("CARGO_PKG_VERSION")))
        .redirect(reqwest::redirect::Policy::limited(REDIRECTS))
        // Of the whole answer, and not of its parts.
        .timeout(patience)
        .build()?;
    let mut answer = client.get(address).header(reqwest::header::ACCEPT, "application/json").send().await?;
    match answer.status() {
        reqwest::StatusCode::NO_CONTENT => return Ok(None),
        status if !status.is_success() => return Err(FetchError::Status(status.as_u16())),
        _ => {}
    }
    let mut said = Vec::new();
    while let Some(part) = answer.chunk().await? {
        if said.len() + part.len() > LONGEST_LIST {
            return Err(FetchError::TooLong);
        }
        said.extend_from_slice(&part);
    }
    Ok(Some(serde_json::from_slice(&said)?))
}

/// A client for list or installer: by https alone, wherever the answer leads to, and a token in the firm's address is told to
/// nobody there.
pub(super) fn fetching_client(client: reqwest::ClientBuilder, only_https: bool) -> reqwest::ClientBuilder {
    client.https_only(only_https).referer(false)
}

/// Waits for what is fetched, and gives it up when more comes than an installer can be, or next to nothing. `count` is how
/// many bytes have come, or are said to be coming.
///
/// # Errors
/// See [`GivenUp`].
pub(super) async fn within_bounds<T>(
    mut announced: watch::Receiver<u64>,
    arrived: watch::Receiver<u64>,
    arriving: impl Future<Output = T>,
) -> Result<T, GivenUp> {
    tokio::select! {
        biased;
        // What is fetched is given up with the fetching.
        Ok(_) = announced.wait_for(|sum| *sum > LARGEST) => Err(GivenUp::TooLarge),
        () = too_slow(arrived) => Err(GivenUp::TooSlow),
        bytes = arriving => Ok(bytes),
    }
}

/// Returns once too little has come between two looks.
async fn too_slow(arrived: watch::Receiver<u64>) {
    let mut before = 0;
    loop {
        time::sleep(LOOK_EVERY).await;
        let now = *arrived.borrow();
        if now.saturating_sub(before) < SLOWEST {
            return;
        }
        before = now;
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::{
        io::{Read as _, Write as _},
        net::{TcpListener, TcpStream},
        sync::{
            Arc,
            atomic::{AtomicU64, Ordering},
        },
        time::Instant,
    };

    use super::*;

    /// Somebody who answers as told, each on a thread of his own.
    fn server(treat: impl Fn(TcpStream) + Send + Sync + 'static) -> Url {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}/latest.json", listener.local_addr().unwrap());
        let treat = Arc::new(treat);
        std::thread::spawn(move || {
            while let Ok((mut stream, _)) = listener.accept() {
                let treat = Arc::clone(&treat);
                std::thread::spawn(move || {
                    let _ = stream.read(&mut [0; 4096]);
                    treat(stream);
                });
            }
        });
        address.parse().unwrap()
    }

    fn drip(mut stream: TcpStream, first: &[u8], each: &[u8]) {
        let _ = stream.write_all(first);
        while stream.write_all(each).is_ok() {
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    #[tokio::test]
    async fn a_list_that_drips_is_given_up_in_time() {
        for (first, each) in [
            (&b"HTTP/1.1 200 OK\r\nX-Slow: "[..], &b"x"[..]),
            (b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{", b" "),
        ] {
            let address = server(move |stream| drip(stream, first, each));
            let begun = Instant::now();
            let given_up = list_within(address, false, Duration::from_millis(600)).await;
            assert!(matches!(&given_up, Err(FetchError::NoAnswer(why)) if why.is_timeout()), "{given_up:?}");
            assert!(begun.elapsed() < Duration::from_secs(10));
        }
    }

    #[tokio::test]
    async fn a_list_that_is_no_list_fills_no_memory() {
        let sent = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&sent);
        let address = server(move |mut stream| {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n[");
            // Bounded, so that a program that believes it all ends the test and not the machine.
            while counted.load(Ordering::SeqCst) < 256 << 20 && stream.write_all(&[b' '; 65536]).is_ok() {
                counted.fetch_add(65536, Ordering::SeqCst);
            }
        });
        let given_up = list(address, false).await;
        assert!(matches!(given_up, Err(FetchError::TooLong)), "{given_up:?}");
        assert!(sent.load(Ordering::SeqCst) < 64 << 20);
    }

    #[tokio::test]
    async fn redirects_end_and_lead_to_nothing_in_the_clear() {
        let address = server(|mut stream| {
            let head =
                b"HTTP/1.1 302 Found\r\nLocation: /latest.json\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
            let _ = stream.write_all(head);
        });
        let given_up = list(address.clone(), false).await;
        assert!(matches!(&given_up, Err(FetchError::NoAnswer(why)) if why.is_redirect()), "{given_up:?}");
        assert!(matches!(list(address, true).await, Err(FetchError::NoAnswer(_))));
    }

    /// Sends everybody on to another server, and that gives back the heads it was asked with.
    fn led_on() -> (Url, std::sync::mpsc::Receiver<String>) {
        let (told, heads) = std::sync::mpsc::channel();
        let there = TcpListener::bind("127.0.0.1:0").unwrap();
        let at = there.local_addr().unwrap();
        std::thread::spawn(move || {
            let (mut stream, _) = there.accept().unwrap();
            let mut head = [0; 4096];
            let length = stream.read(&mut head).unwrap();
            told.send(String::from_utf8_lossy(&head[..length]).to_lowercase()).unwrap();
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}");
        });
        let mut address = server(move |mut stream| {
            let head = format!(
                "HTTP/1.1 302 Found\r\nLocation: http://{at}/store\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            );
            let _ = stream.write_all(head.as_bytes());
        });
        address.set_query(Some("token=firm-secret"));
        (address, heads)
    }

    #[tokio::test]
    async fn a_token_in_the_address_is_not_told_to_where_it_leads() {
        let (address, heads) = led_on();
        list(address, false).await.unwrap().unwrap();
        let head = heads.recv().unwrap();
        assert!(head.starts_with("get /store ") && !head.contains("firm-secret"), "{head}");
        // The installer is fetched by the updater's own client, which is made the same.
        let (address, heads) = led_on();
        fetching_client(reqwest::Client::builder(), false).build().unwrap().get(address).send().await.unwrap();
        let head = heads.recv().unwrap();
        assert!(head.starts_with("get /store ") && !head.contains("firm-secret"), "{head}");
    }

    #[tokio::test]
    async fn a_list_is_read_and_nothing_newer_is_no_list() {
        let whole = "HTTP/1.1 200 OK\r\nContent-Length: 19\r\n\r\n{\"version\":\"1.2.3\"}";
        let address = server(move |mut stream| drop(stream.write_all(whole.as_bytes())));
        assert_eq!(list(address, false).await.unwrap().unwrap()["version"], "1.2.3");
        let nothing = server(|mut stream| drop(stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n")));
        assert!(list(nothing, false).await.unwrap().is_none());
        let gone = server(|mut stream| drop(stream.write_all(b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n")));
        assert!(matches!(list(gone, false).await, Err(FetchError::Status(404))));
    }

    /// How a fetching ends that gets so many bytes every ten seconds of a clock that the test moves.
    async fn fetched(bytes_in_ten_seconds: u64, seconds: u64) -> Result<(), GivenUp> {
        let (counted, count) = watch::channel(0);
        let arriving = async move {
            for _ in 0..seconds / 10 {
                time::sleep(Duration::from_secs(10)).await;
                counted.send_modify(|sum| *sum += bytes_in_ten_seconds);
            }
        };
        within_bounds(count.clone(), count, arriving).await
    }

    #[tokio::test(start_paused = true)]
    async fn an_installer_that_drips_is_given_up_and_one_on_a_slow_line_is_not() {
        let begun = time::Instant::now();
        assert_eq!(fetched(10, 24 * 3600).await, Err(GivenUp::TooSlow));
        assert!(begun.elapsed() < Duration::from_secs(90), "{:?}", begun.elapsed());
        // A quarter of an hour for fifteen megabytes.
        assert_eq!(fetched(160 * 1024, 900).await, Ok(()));
        assert_eq!(fetched(50 << 20, 900).await, Err(GivenUp::TooLarge));
    }
}
