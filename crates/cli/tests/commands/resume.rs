//! What is left open: receipts that are due are fetched by whichever command comes next, and nothing is delivered without
//! a person's word. Killed while it waits for its receipt, a filing's receipt comes with the next command.

use std::{
    env,
    process::Stdio,
    thread,
    time::{Duration, Instant},
};

use serde_json::json;

use crate::desk::{Desk, FJORDLYS, INGRID, Practice, VIKA, a_return, until};

/// The commands that fetch a receipt that is due.
const FETCHERS: [&[&str]; 4] =
    [&["resume"], &["receipt", "--fetch"], &["submit", "--yes", "{file}"], &["batch", "--continue"]];

/// Runs one of them; its status.
fn fetch_with(desk: &Desk, fetcher: &[&str], file: &str) -> (i32, String) {
    let arguments: Vec<&str> = fetcher.iter().map(|it| if *it == "{file}" { file } else { *it }).collect();
    desk.said(&[&arguments[..], &["--wait", "30", "--login-hint", INGRID]].concat())
}

#[test]
fn a_receipt_that_is_due_is_fetched_by_whichever_command_comes_next() {
    let practice = Practice::start();
    for fetcher in FETCHERS {
        let desk = Desk::at(&practice);
        let file = desk.sample("fjordlys");
        practice.receipts_take(2.0);
        let (status, delivered) = desk.json(&["submit", "--yes", "--no-wait", "--login-hint", INGRID, &file]);
        assert_eq!((status, delivered[0]["outcome"].as_str()), (0, Some("delivered")), "{delivered:#?}");
        let before = practice.deliveries();
        let (status, said) = fetch_with(&desk, fetcher, &file);
        assert_eq!(status, 0, "{fetcher:?}: {said}");
        let rows = desk.history();
        assert_eq!((rows.len(), rows[0]["state"].as_str()), (1, Some("received")), "{fetcher:?}: {said}");
        assert_eq!(practice.deliveries(), before, "{fetcher:?}");
    }
    let nothing = Desk::at(&practice);
    assert_eq!(nothing.said(&["resume"]).0, 0);
}

#[test]
fn what_was_not_delivered_goes_on_only_when_somebody_says_so() {
    let desk = Desk::new();
    let file = desk.sample("fjordlys");
    desk.practice.fault("firstNext", &json!({"kind": "delay", "milliseconds": 60_000}));
    let mut killed = desk
        .command(&["submit", "--yes", "--login-hint", INGRID, &file])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    desk.practice.until_called("postReturn");
    thread::sleep(Duration::from_millis(500));
    killed.kill().unwrap();
    killed.wait().unwrap();
    desk.practice.no_faults();

    // Nobody is here to say so; another company's return is filed, and this one is left and said.
    let (status, said) = desk.said(&["resume", "--login-hint", INGRID]);
    assert_eq!(status, 1, "{said}");
    assert!(said.contains("Ble ikke ferdig sist") && said.contains("Den er ikke rørt"), "{said}");
    let (status, said) = desk.said(&["batch", "--login-hint", INGRID, &desk.put("v.xml", a_return(VIKA, "mai-juni"))]);
    assert_eq!(status, 1, "nobody is here to answer: {said}");
    assert!(said.contains("Den er ikke rørt"), "{said}");
    assert_eq!(desk.practice.deliveries(), 0);

    // With --yes it goes on beside the other's, and both are said.
    let (status, said) = desk.said(&["submit", "--yes", "--login-hint", INGRID, &desk.path("v.xml")]);
    assert_eq!(status, 0, "{said}");
    assert!(said.contains("Fortsetter: ") && said.contains("mottatt, kvitteringen er i arkivet"), "{said}");
    assert_eq!(desk.practice.deliveries(), 2);
    assert_eq!(desk.history().iter().filter(|row| row["state"] == "received").count(), 2);
}

#[test]
fn what_was_not_delivered_can_be_given_up() {
    let desk = Desk::new();
    desk.practice.fault("firstNext", &json!({"kind": "delay", "milliseconds": 60_000}));
    let mut killed = desk
        .command(&["submit", "--yes", "--login-hint", INGRID, &desk.sample("fjordlys")])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    desk.practice.until_called("postReturn");
    thread::sleep(Duration::from_millis(500));
    killed.kill().unwrap();
    killed.wait().unwrap();
    desk.practice.no_faults();
    let id = desk.history()[0]["id"].as_str().unwrap().to_owned();
    let (status, said) = desk.said(&["resume", "--give-up", &id, "--login-hint", INGRID]);
    assert_eq!(status, 0, "{said}");
    assert!(said.contains("avbrutt, ikke levert"), "{said}");
    assert_eq!((desk.practice.deliveries(), desk.history()[0]["state"].as_str()), (0, Some("abandoned")));
    assert_eq!(
        desk.json(&["unfinished", FJORDLYS, "--login-hint", INGRID]),
        (1, Vec::new()),
        "nothing is left at Altinn"
    );
    assert_eq!(desk.said(&["resume", "--give-up", "none"]).0, 1);
}

#[test]
fn a_sign_in_that_ends_in_the_middle_is_asked_for_again() {
    for call in ["validate", "createInstance", "firstNext", "readInstance"] {
        let desk = Desk::new();
        // Nothing renews a token here, so that one that is refused needs a person; Altinn refuses to exchange it again too.
        desk.practice.settings(&json!({"idPorten": {"publicRefreshTokens": false}}));
        let refused = json!([
            {"call": call, "times": 1, "fault": {"kind": "expiredToken"}},
            {"call": "exchange", "nth": 2, "times": 1, "fault": {"kind": "expiredToken"}},
        ]);
        desk.practice.control("POST", "/faults", Some(&refused));
        let (status, said) = desk.said(&["submit", "--yes", "--login-hint", INGRID, &desk.sample("fjordlys")]);
        assert_eq!(status, 0, "{call}: {said}");
        assert!(said.contains("Logg inn på nytt, så fortsetter det"), "{call}: {said}");
        assert_eq!(desk.practice.deliveries(), 1, "{call}");
    }
}

/// What kept a receipt back is not said again before it has been asked for again.
#[test]
fn a_receipt_that_was_refused_is_asked_for_anew_and_the_old_reason_is_not_said() {
    let desk = Desk::new();
    for sample in ["fjordlys", "vika"] {
        desk.practice.fault("readInstance", &json!({"kind": "status", "status": 403}));
        let submit = ["submit", "--yes", "--login-hint", INGRID, &desk.sample(sample)];
        let (_, refused) = desk.json(&submit);
        assert!(format!("{refused:?}").contains("noRight"), "{sample}: {refused:#?}");
        desk.practice.no_faults();
        let (status, fetched) = desk.json(&submit);
        let said = format!("{fetched:?}");
        assert!(status == 0 && said.contains("received") && !said.contains("noRight"), "{sample}: {fetched:#?}");
    }
    assert_eq!(desk.practice.deliveries(), 2);
}

#[test]
fn a_sign_in_page_that_does_not_answer_is_said_and_not_waited_for() {
    let desk = Desk::new();
    for fault in [json!({"kind": "status", "status": 500}), json!({"kind": "dropBefore"})] {
        desk.practice.fault("authorize", &fault);
        let began = Instant::now();
        let (status, said) = desk.said(&["submit", "--yes", "--login-hint", INGRID, &desk.sample("fjordlys")]);
        assert_eq!(status, 2, "{said}");
        assert!(!said.contains("state=") && !said.contains("code_challenge"), "{said}");
        assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
        desk.practice.no_faults();
    }
    // A page that asks a person, and nobody is there.
    let (status, said) = desk.said(&["submit", "--yes", "--login-hint", "nobody", &desk.sample("fjordlys")]);
    assert_eq!(status, 2, "{said}");
}

/// Random numbers that are the same for the same seed (xorshift).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }
}

/// Kills so many programs while they wait for a receipt, at random moments, and sees that the next command fetches it.
fn killed_while_waiting(times: usize, seed: u64) {
    let practice = Practice::start();
    // As has been seen: a new instance is not there at once, and the payment comes before the verdict.
    let seen = json!({"instanceDelaySeconds": 0.1, "instanceUnread": true, "paymentDelaySeconds": 0.1});
    practice.settings(&json!({ "altinn": seen }));
    let mut dice = Dice(seed.max(1));
    let (mut before, mut after) = (0, 0);
    for n in 0..times {
        let desk = Desk::at(&practice);
        practice.control("DELETE", "/log", None);
        // Between half a second and one and a half; it is killed at any moment from the delivery on.
        #[allow(clippy::cast_precision_loss)]
        let delay = 0.5 + dice.roll(1_000) as f64 / 1_000.0;
        practice.receipts_take(delay);
        let file = desk.sample("fjordlys");
        let mut killed = desk
            .command(&["submit", "--yes", "--login-hint", INGRID, &file])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        until("it is delivered", || practice.deliveries() == 1);
        thread::sleep(Duration::from_millis(dice.roll(1_800)));
        killed.kill().unwrap();
        killed.wait().unwrap();
        let done = desk.history().iter().any(|row| row["state"] == "received");
        if done {
            after += 1
        } else {
            before += 1
        }
        let fetcher = FETCHERS[n % FETCHERS.len()];
        let (status, said) = fetch_with(&desk, fetcher, &file);
        // What was received before the kill needs no fetching; then three of them have nothing to do.
        let expected: &[i32] = if done { &[0, 1] } else { &[0] };
        assert!(expected.contains(&status), "kill {n} (seed {seed}), {fetcher:?}: status {status}: {said}");
        let rows = desk.history();
        assert_eq!((rows.len(), rows[0]["state"].as_str()), (1, Some("received")), "kill {n}, {fetcher:?}: {said}");
        let (status, said) = desk.said(&["archive", "verify"]);
        assert_eq!(status, 0, "kill {n}, {fetcher:?}: {said}");
        assert_eq!(practice.deliveries(), 1, "kill {n}, {fetcher:?}");
    }
    println!(
        "{times} kills while a receipt was waited for (seed {seed}): {before} before it was in the archive, {after} after"
    );
    println!("each receipt was fetched by the next command, each return delivered once");
}

/// A few of them, for every day.
#[test]
fn killed_while_it_waits_a_receipt_comes_with_the_next_command() {
    killed_while_waiting(8, 0x6d6f_6d73_6275_6421);
}

/// `cargo xtask kill --receipts N`.
#[test]
#[ignore = "takes minutes; cargo xtask kill --receipts"]
fn killed_many_times_while_it_waits() {
    let number = |name: &str| env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let times = usize::try_from(number("MOMSBUD_KILLS").unwrap_or(200)).unwrap();
    killed_while_waiting(times, number("MOMSBUD_SEED").unwrap_or(0x7365_6564));
}
