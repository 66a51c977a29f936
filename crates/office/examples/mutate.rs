//! Tries what comes from others ([`office::hardening::foreign`]) with changed examples, for so many seconds each: the fuzz
//! targets of `crates/office/fuzz` without coverage, where cargo-fuzz is not at hand.
//!
//! `cargo run --release --example mutate -- 60`
#![allow(clippy::print_stdout, clippy::unwrap_used)]

use office::hardening::foreign;
use std::time::{Duration, Instant};

/// A small generator, so that a run can be had again by its seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % (below.max(1) as u64)).unwrap_or(0)
    }
}

/// Pieces that turn up in such files.
const PIECES: [&str; 24] = [
    "\"",
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "null",
    "true",
    "0",
    "-1",
    "1e999",
    "\\u0000",
    "\u{202e}",
    "https://",
    "http://127.0.0.1:1",
    "://@",
    "?",
    "#",
    "%00",
    "momsbud",
    "callback",
    "state=",
    "\\ud800",
];

fn changed(seed: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..=dice.roll(6) {
        let at = dice.roll(bytes.len() + 1);
        match dice.roll(5) {
            0 if !bytes.is_empty() => {
                let at = at.min(bytes.len() - 1);
                bytes[at] ^= 1 << dice.roll(8);
            }
            1 => drop(bytes.drain(at..(at + dice.roll(20)).min(bytes.len()))),
            2 => drop(bytes.splice(at..at, PIECES[dice.roll(PIECES.len())].bytes()).collect::<Vec<_>>()),
            3 => {
                let from = dice.roll(bytes.len() + 1);
                let copied = bytes[from..(from + dice.roll(40)).min(bytes.len())].to_vec();
                drop(bytes.splice(at..at, copied).collect::<Vec<_>>());
            }
            _ => bytes.truncate(at),
        }
    }
    bytes
}

/// A name, what reads the bytes, and examples to change.
type Target<'a> = (&'static str, fn(&[u8]), Vec<&'a [u8]>);

fn main() {
    let seconds = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(10);
    let policy = include_bytes!("../../../docs/work-policy.example.json");
    let signed = access::work::policy::sign(policy, &access::work::policy::new_key().unwrap()).unwrap();
    let environments: &[u8] = br#"{"test": {"app": "https://skd.apps.tt02.altinn.no/skd/mva-melding-innsending-test", "integration":
        {"issuer": "https://test.idporten.no", "clientId": "23cc", "endpoints": {"token": "https://a.example/t"}}},
        "production": {"platform": "https://platform.altinn.no", "integration": {"redirect": {"kind": "loopback_fixed_port",
        "host": "localhost", "port": 12345, "path": "/token"}, "scopes": ["openid"], "refreshTokenSeconds": 600}}}"#;
    let integration = br#"{"format": "momsbud-integration/1", "environment": "production", "integration": {"name": "a",
        "issuer": "https://idporten.no", "clientId": "23cc", "authentication": "private_key_jwt", "redirect": {"kind": "hosted_page",
        "page": "https://firma.example/"}, "scopes": ["openid"], "askForOldScope": false, "acrValues": [], "usePar": true,
        "authorizationSeconds": 1, "accessTokenSeconds": 1, "refreshTokenSeconds": 0, "refreshTokenKind": "oneTime", "keyId": "",
        "endpoints": {"discovery": "", "authorization": "", "token": "https://evil.example/t", "pushedAuthorizationRequest": "",
        "jwks": "", "userinfo": "", "revocation": "", "endSession": ""}, "postLogoutRedirectUri": ""}}"#;
    let link = b"no.momsbud.desktop:/callback?code=abc&state=def&iss=https%3A%2F%2Fidporten.no";
    let targets: [Target<'_>; 4] = [
        ("integration_file", foreign::integration_file, vec![integration]),
        ("environments", foreign::environments, vec![environments]),
        ("policy", foreign::policy, vec![policy, signed.as_bytes()]),
        ("deep_link", foreign::deep_link, vec![link, b"momsbud://callback/?error=access_denied&state=x"]),
    ];
    for (name, target, seeds) in targets {
        let (began, mut dice, mut runs) = (Instant::now(), Dice(0x9E37_79B9_7F4A_7C15), 0_u64);
        while began.elapsed() < Duration::from_secs(seconds) {
            for _ in 0..1000 {
                let seed = seeds[dice.roll(seeds.len())];
                target(&changed(seed, &mut dice));
                runs += 1;
            }
        }
        println!("{name}: {runs} executions");
    }
}
