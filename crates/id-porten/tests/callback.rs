//! The callback listener against everything that may knock while it is open.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod provider;

#[cfg(target_os = "linux")]
#[path = "../../../tests/support/needed.rs"]
mod needed;

use base64::Engine as _;
use id_porten::{Grant, Language, LoopbackHost, Redirect, SignInError, SignInOptions};
use provider::{Canned, Provider, party, sign_in_with};
use sha2::{Digest as _, Sha256};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// An attempt that waits for its callback.
struct Waiting {
    provider: Provider,
    finish: JoinHandle<Result<Grant, SignInError>>,
    cancel: CancellationToken,
    home: url::Url,
    good: String,
}

impl Waiting {
    async fn new() -> Self {
        Self::with(Redirect::default(), SignInOptions::default()).await
    }

    async fn with(redirect: Redirect, options: SignInOptions) -> Self {
        let provider = Provider::start().await;
        let mut integration = provider.integration();
        integration.redirect = redirect;
        let attempt = party().begin(&integration, options).await.unwrap();
        let home: url::Url = attempt.redirect_uri().parse().unwrap();
        // The provider is asked for the code here, so that the callback's address is known but not yet visited.
        let stay = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        let answer = stay.get(attempt.url().clone()).send().await.unwrap();
        let callback: url::Url = answer.headers()["location"].to_str().unwrap().parse().unwrap();
        let good = format!("{}?{}", callback.path(), callback.query().unwrap());
        let cancel = CancellationToken::new();
        let finish = tokio::spawn(attempt.finish(cancel.clone()));
        Self { provider, finish, cancel, home, good }
    }

    fn port(&self) -> u16 {
        self.home.port().unwrap()
    }

    fn host(&self) -> String {
        format!("{}:{}", self.home.host_str().unwrap(), self.port())
    }

    async fn say(&self, text: &str) -> String {
        say(self.port(), text).await
    }

    /// The attempt is still waiting, and the right answer still ends it well.
    async fn still_works(self) {
        assert!(!self.finish.is_finished(), "the attempt has ended");
        assert_eq!(self.provider.count("/swap"), 0);
        let answer = self.say(&format!("GET {} HTTP/1.1\r\nHost: {}\r\n\r\n", self.good, self.host())).await;
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
        self.finish.await.unwrap().unwrap();
    }
}

/// Sends `text` as it is and reads until the other side closes.
async fn say(port: u16, text: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let _ = stream.write_all(text.as_bytes()).await;
    let mut answer = String::new();
    let _ = tokio::time::timeout(Duration::from_secs(60), stream.read_to_string(&mut answer)).await.expect("no end");
    answer
}

#[tokio::test]
async fn only_the_exact_path_is_the_callback() {
    let waiting = Waiting::new().await;
    let host = waiting.host();
    let query = waiting.good.split_once('?').unwrap().1.to_owned();
    for path in ["/favicon.ico", "/", "/callback/", "/Callback", "//callback", "/callback/../callback", "/call%62ack"] {
        let answer = waiting.say(&format!("GET {path}?{query} HTTP/1.1\r\nHost: {host}\r\n\r\n")).await;
        assert!(answer.starts_with("HTTP/1.1 404 "), "{path}: {answer}");
    }
    let absolute = waiting.say(&format!("GET http://{host}{} HTTP/1.1\r\nHost: {host}\r\n\r\n", waiting.good)).await;
    assert!(absolute.starts_with("HTTP/1.1 404 "), "{absolute}");
    waiting.still_works().await;
}

#[tokio::test]
async fn only_get_is_answered() {
    let waiting = Waiting::new().await;
    for method in ["POST", "HEAD", "OPTIONS", "PUT", "get"] {
        let text = format!("{method} {} HTTP/1.1\r\nHost: {}\r\n\r\n", waiting.good, waiting.host());
        let answer = waiting.say(&text).await;
        assert!(answer.starts_with("HTTP/1.1 405 ") && answer.contains("\r\nAllow: GET\r\n"), "{method}: {answer}");
    }
    let text = format!("GET {} HTTP/1.1\r\nHost: {}\r\nContent-Length: 3\r\n\r\nabc", waiting.good, waiting.host());
    assert!(waiting.say(&text).await.starts_with("HTTP/1.1 400 "));
    waiting.still_works().await;
}

#[tokio::test]
async fn only_the_registered_host_is_answered() {
    let waiting = Waiting::new().await;
    let port = waiting.port();
    for host in [
        format!("Host: localhost:{port}\r\n"),
        "Host: 127.0.0.1\r\n".to_owned(),
        format!("Host: evil.example:{port}\r\n"),
        format!("Host: 127.0.0.1:{port}.evil.example\r\n"),
        format!("Host: 127.0.0.1:{port}\r\nHost: 127.0.0.1:{port}\r\n"),
        String::new(),
    ] {
        let answer = waiting.say(&format!("GET {} HTTP/1.1\r\n{host}\r\n", waiting.good)).await;
        assert!(answer.starts_with("HTTP/1.1 421 "), "{host:?}: {answer}");
    }
    waiting.still_works().await;
}

#[tokio::test]
async fn an_address_without_an_answer_is_refused_and_the_attempt_goes_on() {
    let waiting = Waiting::new().await;
    for target in ["/callback", "/callback?", "/callback?utm_source=x"] {
        let answer = waiting.say(&format!("GET {target} HTTP/1.1\r\nHost: {}\r\n\r\n", waiting.host())).await;
        assert!(answer.starts_with("HTTP/1.1 400 ") && answer.contains("Her er det ingenting"), "{target}: {answer}");
    }
    waiting.still_works().await;
}

#[tokio::test]
async fn another_sign_ins_answers_are_refused_by_the_hundred_and_the_attempt_goes_on() {
    let waiting = Waiting::new().await;
    for n in 0..100 {
        for query in [format!("code=x&state=forged-{n}"), "error=access_denied".to_owned()] {
            let answer =
                waiting.say(&format!("GET /callback?{query} HTTP/1.1\r\nHost: {}\r\n\r\n", waiting.host())).await;
            assert!(answer.starts_with("HTTP/1.1 400 ") && answer.contains("en annen innlogging"), "{answer}");
        }
    }
    waiting.still_works().await;
}

/// As another user of this machine, who has read the sign-in's address in the list of processes.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn another_user_of_this_machine_is_not_answered_and_the_attempt_goes_on() {
    use std::os::unix::fs::MetadataExt as _;
    if std::fs::metadata("/proc/self").unwrap().uid() != 0 {
        return needed::absent("root", "only root becomes another user");
    }
    let waiting = Waiting::new().await;
    let said = format!("GET {} HTTP/1.1\r\nHost: {}\r\n\r\n", waiting.good, waiting.host());
    let script = format!("exec 3<>/dev/tcp/127.0.0.1/{} && printf %s \"$SAID\" >&3 && cat <&3", waiting.port());
    let run = |user: &'static str| {
        let (script, said) = (script.clone(), said.clone());
        tokio::task::spawn_blocking(move || {
            let all = [&format!("--reuid={user}"), &format!("--regid={user}"), "--clear-groups", "bash", "-c", &script];
            std::process::Command::new("setpriv").args(all).env("SAID", said).output().unwrap()
        })
    };
    let other = run("65534").await.unwrap();
    assert!(other.stdout.is_empty(), "{}", String::from_utf8_lossy(&other.stdout));
    assert!(!waiting.finish.is_finished());
    // The same words from one's own user sign in: it was the user, and nothing else, that was wrong.
    let own = run("0").await.unwrap();
    assert!(own.stdout.starts_with(b"HTTP/1.1 200"), "{own:?}");
    waiting.finish.await.unwrap().unwrap();
}

#[tokio::test]
async fn what_is_no_http_is_refused() {
    let waiting = Waiting::new().await;
    for text in
        ["\x16\x03\x01\r\n\r\n", "hello\r\n\r\n", "GET /callback\r\n\r\n", "GET /callback HTTP/1.1\r\nno colon\r\n\r\n"]
    {
        let answer = waiting.say(text).await;
        assert!(answer.starts_with("HTTP/1.1 400 "), "{text:?}: {answer}");
    }
    waiting.still_works().await;
}

#[tokio::test]
async fn huge_headers_are_refused() {
    let waiting = Waiting::new().await;
    let host = waiting.host();
    let long = format!("GET {} HTTP/1.1\r\nHost: {host}\r\nCookie: {}\r\n\r\n", waiting.good, "x".repeat(9 * 1024));
    assert!(waiting.say(&long).await.starts_with("HTTP/1.1 431 "));
    let endless = format!("GET {} HTTP/1.1\r\nHost: {host}\r\nCookie: {}", waiting.good, "x".repeat(200 * 1024));
    let answer = waiting.say(&endless).await;
    // Two hundred kilobytes may still be on their way when the door closes; then there is no answer at all.
    assert!(answer.starts_with("HTTP/1.1 431 ") || answer.is_empty(), "{answer}");
    let many = format!("GET {} HTTP/1.1\r\nHost: {host}\r\n{}\r\n", waiting.good, "A: b\r\n".repeat(100));
    assert!(waiting.say(&many).await.starts_with("HTTP/1.1 400 "));
    waiting.still_works().await;
}

#[tokio::test]
async fn a_dawdling_client_is_dropped_and_holds_nobody_up() {
    let waiting = Waiting::new().await;
    let mut slow = TcpStream::connect(("127.0.0.1", waiting.port())).await.unwrap();
    let started = Instant::now();
    let (mut reading, mut writing) = slow.split();
    let trickle = async {
        loop {
            if writing.write_all(b"G").await.is_err() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(300)).await;
        }
    };
    let mut rest = Vec::new();
    tokio::select! {
        () = trickle => {}
        _ = reading.read_to_end(&mut rest) => {}
    }
    let elapsed = started.elapsed();
    assert!(elapsed > Duration::from_secs(4) && elapsed < Duration::from_secs(20), "{elapsed:?}");

    // As many silent connections as there are places, and more: they go, and the answer comes through.
    let mut silent = Vec::new();
    for _ in 0..40 {
        silent.push(TcpStream::connect(("127.0.0.1", waiting.port())).await.unwrap());
    }
    waiting.still_works().await;
}

#[tokio::test]
async fn it_listens_on_127_0_0_1_alone_and_only_for_one_answer() {
    let waiting = Waiting::new().await;
    let port = waiting.port();
    assert!(TcpStream::connect(("::1", port)).await.is_err(), "it listens on ::1");
    for address in other_addresses() {
        assert!(TcpStream::connect((address, port)).await.is_err(), "it listens on {address}");
    }
    waiting.still_works().await;
    assert!(TcpStream::connect(("127.0.0.1", port)).await.is_err(), "it still listens");
}

/// Another address of this machine: of the loopback net, and that of a way out where there is one.
fn other_addresses() -> Vec<std::net::IpAddr> {
    let mut found = vec!["127.0.0.2".parse().unwrap()];
    let socket = std::net::UdpSocket::bind("0.0.0.0:0").unwrap();
    if socket.connect("192.0.2.1:9").is_ok() {
        found.extend(socket.local_addr().map(|address| address.ip()).ok().filter(|address| !address.is_loopback()));
    }
    found
}

#[tokio::test]
async fn a_second_answer_finds_the_door_closed() {
    let waiting = Waiting::new().await;
    let mut slow = Canned::json(400, serde_json::json!({"error": "invalid_grant"}));
    slow.delay = Duration::from_secs(1);
    waiting.provider.script(|script| drop(script.canned.insert("/swap", slow)));
    let text = format!("GET {} HTTP/1.1\r\nHost: {}\r\n\r\n", waiting.good, waiting.host());
    let port = waiting.port();
    let first = tokio::spawn({
        let text = text.clone();
        async move { say(port, &text).await }
    });
    while waiting.provider.count("/swap") == 0 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert!(TcpStream::connect(("127.0.0.1", port)).await.is_err(), "it listens during the exchange");
    assert!(first.await.unwrap().contains("Innloggingen ble ikke fullført"));
    waiting.finish.await.unwrap().unwrap_err();
    assert_eq!(waiting.provider.count("/swap"), 1);
}

#[tokio::test]
async fn the_page_is_html_that_loads_nothing_and_is_not_kept() {
    let provider = Provider::start().await;
    let (outcome, screen) = sign_in_with(&party(), &provider.integration(), SignInOptions::default()).await;
    outcome.unwrap();
    let screen = screen.unwrap();
    let header =
        |name: &str| screen.headers.get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default();
    assert_eq!(header("content-type"), "text/html; charset=utf-8");
    assert_eq!(header("content-length"), screen.text.len().to_string());
    assert_eq!(header("referrer-policy"), "no-referrer");
    assert_eq!(header("cache-control"), "no-store");
    assert_eq!(header("connection"), "close");
    assert_eq!(header("x-content-type-options"), "nosniff");
    let style = screen.text.split_once("<style>").unwrap().1.split_once("</style>").unwrap().0;
    let hash = base64::engine::general_purpose::STANDARD.encode(Sha256::digest(style));
    assert_eq!(
        header("content-security-policy"),
        format!(
            "default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        )
    );
    assert!(!screen.text.contains("<script") && !screen.text.contains("http"), "{}", screen.text);
}

#[tokio::test]
async fn the_page_speaks_the_programs_language() {
    let provider = Provider::start().await;
    for (ui_locale, lang, words) in [
        (Language::Nb, "nb", "Du er logget inn, gå tilbake til Momsbud"),
        (Language::Nn, "nn", "Du er logga inn, gå tilbake til Momsbud"),
        (Language::En, "en", "You are signed in, go back to Momsbud"),
    ] {
        let options = SignInOptions { ui_locale, ..SignInOptions::default() };
        let (outcome, screen) = sign_in_with(&party(), &provider.integration(), options).await;
        outcome.unwrap();
        let text = screen.unwrap().text;
        assert!(text.contains(words) && text.contains(&format!("<html lang=\"{lang}\">")), "{text}");
        assert_eq!(provider.seen("/start-here").last().unwrap().fields["ui_locales"], lang);
    }
}

#[tokio::test]
async fn a_port_in_use_is_said() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let provider = Provider::start().await;
    let mut integration = provider.integration();
    integration.redirect = Redirect::LoopbackFixedPort { host: LoopbackHost::Ipv4, port, path: "/token".to_owned() };
    let error = party().begin(&integration, SignInOptions::default()).await.unwrap_err();
    let SignInError::Listener { address, source } = error else { panic!("{error:?}") };
    assert_eq!(address, format!("127.0.0.1:{port}"));
    assert_eq!(source.kind(), std::io::ErrorKind::AddrInUse);
}

#[tokio::test]
async fn a_fixed_redirect_is_heard_under_the_name_it_is_registered_with() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let redirect = Redirect::LoopbackFixedPort { host: LoopbackHost::Localhost, port: free, path: "/token".to_owned() };
    let waiting = Waiting::with(redirect, SignInOptions::default()).await;
    assert_eq!(waiting.home.as_str(), format!("http://localhost:{free}/token"));
    let text = format!("GET {} HTTP/1.1\r\nHost: 127.0.0.1:{free}\r\n\r\n", waiting.good);
    assert!(waiting.say(&text).await.starts_with("HTTP/1.1 421 "));
    waiting.still_works().await;
}

#[tokio::test]
async fn cancelling_works_at_once_and_closes_the_door() {
    let waiting = Waiting::new().await;
    let port = waiting.port();
    let started = Instant::now();
    waiting.cancel.cancel();
    assert!(matches!(waiting.finish.await.unwrap(), Err(SignInError::Cancelled)));
    assert!(started.elapsed() < Duration::from_secs(8));
    assert!(TcpStream::connect(("127.0.0.1", port)).await.is_err(), "it still listens");
}

#[tokio::test]
async fn cancelling_during_the_exchange_tells_the_browser_too() {
    let waiting = Waiting::new().await;
    let mut slow = Canned::json(200, serde_json::json!({}));
    slow.delay = Duration::from_secs(30);
    waiting.provider.script(|script| drop(script.canned.insert("/swap", slow)));
    let text = format!("GET {} HTTP/1.1\r\nHost: {}\r\n\r\n", waiting.good, waiting.host());
    let port = waiting.port();
    let browser = tokio::spawn(async move { say(port, &text).await });
    while waiting.provider.count("/swap") == 0 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    waiting.cancel.cancel();
    assert!(matches!(waiting.finish.await.unwrap(), Err(SignInError::Cancelled)));
    assert!(browser.await.unwrap().contains("Du ble ikke logget inn"));
}

#[tokio::test]
async fn nobody_coming_home_ends_the_attempt_at_its_limit() {
    let options = SignInOptions { limit: Duration::from_millis(300), ..SignInOptions::default() };
    let waiting = Waiting::with(Redirect::default(), options).await;
    let port = waiting.port();
    assert!(matches!(waiting.finish.await.unwrap(), Err(SignInError::TimedOut)));
    assert!(TcpStream::connect(("127.0.0.1", port)).await.is_err(), "it still listens");
}

#[tokio::test]
async fn an_answer_within_the_limit_is_exchanged_even_if_that_takes_longer() {
    let options = SignInOptions { limit: Duration::from_secs(2), ..SignInOptions::default() };
    let waiting = Waiting::with(Redirect::default(), options).await;
    waiting.provider.script(|script| script.delay = Duration::from_millis(2500));
    waiting.still_works().await;
}
