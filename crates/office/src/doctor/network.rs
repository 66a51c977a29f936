//! The network: this machine's own, a proxy, the authorities, and their time.

use std::time::Duration;

use access::Environment;
use altinn::{NoAnswerKind, http::why};
use futures_util::future::join_all;
use id_porten::Redirect;
use jiff::Timestamp;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    time::timeout,
};
use url::Url;
use view::EnvironmentName;

use super::{DoctorCheck, DoctorCheckId, DoctorOutcome, Patient, settings::work_issuer, texts::DoctorTexts};

/// How long one authority may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// From here on a difference is worth knowing, and from here on tokens are refused; seconds.
const CLOCK_NOTE: i64 = 30;
const CLOCK_BAD: i64 = 300;

/// Whether the browser could come back: over 127.0.0.1, on any port or on the one that is registered.
pub(super) async fn loopback(patient: &Patient, words: DoctorTexts) -> DoctorCheck {
    let id = DoctorCheckId::Loopback;
    let talked = timeout(PATIENCE, talk_to_oneself()).await.unwrap_or_else(|late| Err(late.into()));
    if let Err(error) = talked {
        return words.bad(
            id,
            format!("127.0.0.1: {} ({error})", words.say("doctor.network.noConnection")),
            words.say("doctor.network.somethingOnThisComputerFirewall"),
        );
    }
    for environment in &patient.environments {
        let Redirect::LoopbackFixedPort { port, .. } = &environment.integration.redirect else { continue };
        if let Err(error) = TcpListener::bind(("127.0.0.1", *port)).await {
            return words.note(
                id,
                format!("127.0.0.1:{port}: {} ({error})", words.say("doctor.network.thePortIsTaken")),
                words.say("doctor.network.theIntegrationWantsExactlyThis"),
            );
        }
    }
    words.good(id, "127.0.0.1")
}

async fn talk_to_oneself() -> std::io::Result<()> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let address = listener.local_addr()?;
    let (met, called) = tokio::join!(listener.accept(), TcpStream::connect(address));
    let ((mut met, _), mut called) = (met?, called?);
    called.write_all(b"momsbud").await?;
    let mut heard = [0; 7];
    met.read_exact(&mut heard).await?;
    if heard == *b"momsbud" { Ok(()) } else { Err(std::io::ErrorKind::InvalidData.into()) }
}

/// What the environment says of proxies: of each no more than scheme, host and port. None of them stands between this machine
/// and itself ([`altinn::http::client`]), so practice needs no exception.
pub(super) fn proxy(patient: &Patient, words: DoctorTexts) -> DoctorCheck {
    let id = DoctorCheckId::Proxy;
    let variable = |name: &str| {
        let lower = patient.variables.get(&name.to_ascii_lowercase());
        lower.or_else(|| patient.variables.get(name)).filter(|value| !value.is_empty())
    };
    let set: Vec<(&str, Option<String>)> = ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"]
        .into_iter()
        .filter_map(|name| Some((name, proxy_address(variable(name)?))))
        .collect();
    if set.is_empty() {
        let none = words.say("doctor.network.noneInTheEnvironmentThe");
        return words.good(id, none);
    }
    let odd = words.say("doctor.network.isSetButCannotBe");
    let mut shown: Vec<String> = set
        .iter()
        .map(|(name, address)| match address {
            Some(address) => format!("{name}={address}"),
            None => format!("{name} {odd}"),
        })
        .collect();
    let exceptions = variable("NO_PROXY");
    shown.extend(exceptions.map(|list| format!("NO_PROXY={}", hosts(list, words))));
    if set.iter().all(|(_, address)| address.is_some()) {
        return words.good(id, shown.join(" "));
    }
    words.note(id, shown.join(" "), words.say("doctor.network.writeTheProxyAsHttpHost"))
}

/// Scheme, host and port of a proxy's address; none where there is more than those and a person in front of them, because
/// a password with a `/` or a `#` in it passes for host, path or fragment.
fn proxy_address(address: &str) -> Option<String> {
    let address = address.trim();
    // As everybody reads it who reads these variables.
    let url = if address.contains("://") { Url::parse(address) } else { Url::parse(&format!("http://{address}")) };
    let url = url.ok()?;
    let host = url.host_str().filter(|host| {
        host.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b'[' | b']' | b':'))
    })?;
    let bare = matches!(url.path(), "" | "/") && url.query().is_none() && url.fragment().is_none();
    let known = matches!(url.scheme(), "http" | "https" | "socks4" | "socks4a" | "socks5" | "socks5h");
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    (bare && known).then(|| format!("{}://{host}{port}", url.scheme()))
}

/// The entries of a list of hosts that are hosts, addresses or networks; how many others there are.
fn hosts(list: &str, words: DoctorTexts) -> String {
    let entries: Vec<&str> = list.split(',').map(str::trim).filter(|entry| !entry.is_empty()).collect();
    let (hosts, others): (Vec<&str>, Vec<&str>) = entries.into_iter().partition(|entry| is_host(entry));
    let mut shown = hosts.join(",");
    if !others.is_empty() {
        let word = words.say("doctor.network.moreThatAreNoHosts");
        shown.push_str(&format!(" (+ {} {word})", others.len()));
    }
    shown
}

/// `host`, `.host`, `*.host`, `host:port`, an address, or a network as `10.0.0.0/8`.
fn is_host(entry: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if entry.parse::<std::net::IpAddr>().is_ok() {
        return true;
    }
    let (host, rest_is_well) = if let Some((network, bits)) = entry.split_once('/') {
        return network.parse::<std::net::IpAddr>().is_ok() && digits(bits);
    } else if let Some((host, port)) = entry.split_once(':') {
        (host, digits(port))
    } else {
        (entry, true)
    };
    rest_is_well
        && !host.is_empty()
        && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'*' | b'_' | b'-'))
}

/// What one authority said.
struct Answer {
    host: String,
    said: Result<Option<Timestamp>, (NoAnswerKind, String)>,
}

impl Answer {
    /// Why there was none, in words, and as the libraries say it.
    fn silence(&self, (kind, said): &(NoAnswerKind, String), words: DoctorTexts) -> String {
        let word = match kind {
            NoAnswerKind::Connect => words.say("doctor.network.noConnection"),
            NoAnswerKind::Timeout => words.say("doctor.network.noAnswerInTime"),
            NoAnswerKind::Certificate => words.say("doctor.network.theCertificateIsNotTrusted"),
            NoAnswerKind::Lost => words.say("doctor.network.theConnectionBroke"),
        };
        format!("{}: {word} ({said})", self.host)
    }
}

/// Whether the authorities of each environment answer, whether they are trusted, and what time it is there.
pub(super) async fn authorities(patient: &Patient, words: DoctorTexts) -> Vec<DoctorCheck> {
    let asked = patient.environments.iter().map(|environment| ask(patient, environment));
    let answers: Vec<(EnvironmentName, Vec<Answer>)> = join_all(asked).await;
    let mut checks: Vec<DoctorCheck> = answers.iter().map(|(name, answers)| reached(*name, answers, words)).collect();
    let all: Vec<&Answer> = answers.iter().flat_map(|(_, answers)| answers).collect();
    checks.push(certificates(&all, words));
    checks.push(clock(patient, &all, words));
    checks
}

async fn ask(patient: &Patient, environment: &Environment) -> (EnvironmentName, Vec<Answer>) {
    let discovery =
        |issuer: &str| Url::parse(&format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'))).ok();
    // Ansattporten is of interest only where the firm's rules lock people out who cannot reach it.
    let work = work_issuer(&patient.system_dir, &patient.data_dir, environment).and_then(|issuer| discovery(&issuer));
    let discovery = discovery(environment.integration.issuer.as_str());
    let endpoints = &environment.endpoints;
    let bare = |address: &Url| {
        let mut root = address.clone();
        root.set_path("/");
        root.set_query(None);
        Some(root)
    };
    let mut addresses: Vec<Url> =
        [discovery, work, bare(endpoints.platform()), bare(endpoints.app()), bare(endpoints.validation())]
            .into_iter()
            .flatten()
            .collect();
    let mut seen = Vec::new();
    addresses.retain(|address| {
        let origin = address.origin();
        !seen.contains(&origin) && {
            seen.push(origin);
            true
        }
    });
    (environment.name, join_all(addresses.into_iter().map(|address| call(patient, address))).await)
}

/// Any answer will do: a 404 comes from the right place too.
async fn call(patient: &Patient, address: Url) -> Answer {
    let host = match (address.host_str(), address.port()) {
        (Some(host), Some(port)) => format!("{host}:{port}"),
        (host, _) => host.unwrap_or_default().to_owned(),
    };
    let said = match patient.http.get(address).timeout(PATIENCE).send().await {
        Ok(answer) => {
            let date = answer.headers().get(reqwest::header::DATE).and_then(|date| date.to_str().ok());
            Ok(date.and_then(|date| Some(jiff::fmt::rfc2822::parse(date).ok()?.timestamp())))
        }
        Err(error) => Err(why(&error)),
    };
    Answer { host, said }
}

fn reached(name: EnvironmentName, answers: &[Answer], words: DoctorTexts) -> DoctorCheck {
    let id = match name {
        EnvironmentName::Practice => DoctorCheckId::Practice,
        EnvironmentName::Test => DoctorCheckId::Test,
        EnvironmentName::Production => DoctorCheckId::Production,
    };
    let silent: Vec<String> =
        answers.iter().filter_map(|answer| Some(answer.silence(answer.said.as_ref().err()?, words))).collect();
    if silent.is_empty() {
        let hosts: Vec<&str> = answers.iter().map(|answer| answer.host.as_str()).collect();
        let word = words.say("doctor.network.answer");
        return words.good(id, format!("{} {word}", hosts.join(", ")));
    }
    words.bad(id, silent.join("; "), words.say("doctor.network.tryTheNetworkInA"))
}

fn certificates(answers: &[&Answer], words: DoctorTexts) -> DoctorCheck {
    let id = DoctorCheckId::Certificates;
    let refused: Vec<String> = answers
        .iter()
        .filter_map(|answer| match &answer.said {
            Err(why @ (NoAnswerKind::Certificate, _)) => Some(answer.silence(why, words)),
            _ => None,
        })
        .collect();
    if !refused.is_empty() {
        return words.bad(id, refused.join("; "), words.say("doctor.network.somebodyBetweenYouAndThe"));
    }
    if answers.iter().any(|answer| answer.said.is_ok()) {
        return words.good(id, words.say("doctor.network.trusted"));
    }
    words.skipped(id, words.say("doctor.network.noAuthorityAnswered"))
}

fn clock(patient: &Patient, answers: &[&Answer], words: DoctorTexts) -> DoctorCheck {
    let id = DoctorCheckId::Clock;
    let now = patient.clock.now();
    // The nearest of them: an authority's own clock may be wrong too.
    let off = answers
        .iter()
        .filter_map(|answer| answer.said.as_ref().ok().copied().flatten())
        .map(|there| now.as_second() - there.as_second())
        .min_by_key(|off| off.abs());
    let Some(off) = off else {
        return words.skipped(id, words.say("doctor.network.nobodyToCompareWith"));
    };
    let found = format!("{off:+} s");
    let advice = words.say("doctor.network.switchOnAutomaticTimeIn");
    let mut check = words.note(id, found, advice);
    if off.abs() <= CLOCK_NOTE {
        check.outcome = DoctorOutcome::Good;
        check.advice = None;
    } else if off.abs() > CLOCK_BAD {
        check.outcome = DoctorOutcome::Bad;
    }
    check
}
