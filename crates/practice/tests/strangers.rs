//! Who is not answered by the practice authorities: other users of this machine, and pages that were made to resolve to it.

#![allow(clippy::unwrap_used)]

use practice::{Options, Practice};

#[cfg(target_os = "linux")]
#[path = "../../../tests/support/needed.rs"]
mod needed;

fn all(practice: &Practice) -> [String; 6] {
    let at = practice.addresses();
    [&at.id_porten, &at.ansattporten, &at.altinn_platform, &at.altinn_app, &at.skatteetaten, &at.control]
        .map(Clone::clone)
}

#[tokio::test]
async fn every_authority_answers_under_its_own_address_alone() {
    let practice = Practice::start(Options::default()).await.unwrap();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    for base in all(&practice) {
        for host in ["evil.example", "evil.example:80", "127.0.0.1", "127.0.0.1:1"] {
            let answer = http.get(&base).header("Host", host).send().await.unwrap();
            assert_eq!(answer.status(), 421, "{base} for {host}");
        }
        assert_ne!(http.get(&base).send().await.unwrap().status(), 421, "{base}");
    }
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn another_user_of_this_machine_reads_nothing() {
    use std::os::unix::fs::MetadataExt as _;
    if std::fs::metadata("/proc/self").unwrap().uid() != 0 {
        return needed::absent("root", "only root becomes another user");
    }
    let practice = Practice::start(Options::default()).await.unwrap();
    for base in all(&practice) {
        let url = url::Url::parse(&base).unwrap();
        let port = url.port().unwrap();
        let script = format!(
            "exec 3<>/dev/tcp/127.0.0.1/{port} && printf 'GET /issued HTTP/1.1\\r\\nHost: 127.0.0.1:{port}\\r\\nConnection: close\\r\\n\\r\\n' >&3 && cat <&3"
        );
        let run = |user: &'static str| {
            let script = script.clone();
            tokio::task::spawn_blocking(move || {
                let user = [format!("--reuid={user}"), format!("--regid={user}")];
                let mut command = std::process::Command::new("setpriv");
                command.args(user).args(["--clear-groups", "bash", "-c", &script]).output().unwrap().stdout
            })
        };
        assert!(run("65534").await.unwrap().is_empty(), "{base}");
        assert!(run("0").await.unwrap().starts_with(b"HTTP/1.1 "), "{base}");
    }
}
