//! What Skatteetaten decided, as a script learns it: every verdict, however and whenever it arrives (apis.md 1.9), in what
//! the commands say, in their status, and in what they write.
//!
//! Each run takes every verdict and every way of arriving, and of the pairs a few; `MOMSBUD_VERDICTS=all` takes all.

use crate::desk::{ASTRID, Desk, FJORDLYS, Practice, a_return};
use serde_json::{Value, json};
use std::{fs, sync::Arc};

/// The practice's word for a verdict, the outcome, and what is said of it.
type Case = (&'static str, &'static str, &'static str);

const ACCEPTED: Case = ("accepted", "received", "mottatt");
const REJECTED: Case = ("invalid", "rejected", "avvist av Skatteetaten");
const UNCLEAR: Case = ("unknownWord", "unclear", "må ses på");
const MISSING: Case = ("missing", "unclear", "må ses på");
const VERDICTS: [Case; 8] = [
    ACCEPTED,
    ("deviating", "received", "mottatt"),
    ("incomplete", "received", "mottatt"),
    REJECTED,
    UNCLEAR,
    ("otherNamespace", "unclear", "må ses på"),
    ("unreadable", "unclear", "må ses på"),
    MISSING,
];

/// The process ended so long ago that what is missing is not on its way any more, seconds.
const LONG_AGO: f64 = -600.0;
const DAYS_AGO: f64 = -2.0 * 24.0 * 60.0 * 60.0;

/// All verdicts, where that is wanted; otherwise these.
fn all_or(few: &[Case]) -> Vec<Case> {
    if std::env::var("MOMSBUD_VERDICTS").as_deref() == Ok("all") { VERDICTS.to_vec() } else { few.to_vec() }
}

fn prepared(practice: &Arc<Practice>, word: &str, altinn: &Value) -> (Desk, String) {
    practice.settings(&json!({"altinn": altinn, "skatteetaten": {"verdict": word}}));
    let desk = Desk::at(practice);
    // A period whose deadline has passed, and that nobody would follow if this one had not been delivered.
    let file = desk.put("melding.xml", a_return(FJORDLYS, "januar-februar"));
    (desk, file)
}

/// Whether a dash stands where a figure would; periods have one between their months.
fn has_dash(said: &str) -> bool {
    said.split_whitespace().any(|word| word == "–")
}

/// Every command says the same of the newest filing.
fn says_the_same(desk: &Desk, outcome: &str, words: &str, about: &str) {
    let fine = outcome == "received";
    let row = desk.history().remove(0);
    assert_eq!(row["state"], outcome, "{about}: {row}");
    assert_eq!(desk.json(&["history", "--state", outcome]).1.len(), 1, "{about}");
    let (status, said) = desk.said(&["receipt"]);
    assert_eq!(status, i32::from(!fine), "{about}: {said}");
    assert!(said.contains(words), "{about}: {said}");
    // Whatever came of it: no dash stands for what there is not, and nothing can be paid that is not decided.
    assert!(!has_dash(&said), "{about}: {said}");
    assert_eq!(said.contains("ingenting å betale"), outcome == "rejected", "{about}: {said}");
    // What must be looked at waits for no payment: it is provisional, or has not come.
    let open = ["foreløpig", "Betalingsinformasjonen er ikke kommet"].iter().any(|words| said.contains(words));
    assert_eq!(open, outcome == "unclear", "{about}: {said}");
    let (_, shown) = desk.json(&["receipt"]);
    assert!(shown[0]["payment"].is_object() || !fine, "{about}");
    assert!(shown[0]["payment"].is_null() || shown[0]["payment"]["provisional"] == !fine, "{about}");
    assert!(shown[0]["payment"]["kid"].is_null() && shown[0]["payment"]["account"].is_null(), "{about}");
    let (status, due) = desk.json(&["due"]);
    let of_it: Vec<&Value> = due.iter().filter(|due| due["filing"] == row["id"]).collect();
    match outcome {
        "received" => assert!(of_it.is_empty(), "{about}: {due:?}"),
        _ => assert_eq!((status, &of_it[0]["because"]), (1, &json!(outcome)), "{about}: {due:?}"),
    }
    let table = desk.path("liste.csv");
    let _ = fs::remove_file(&table);
    let (status, said) = desk.said(&["archive", "export", "--all", "--out", &table]);
    assert_eq!(status, 0, "{about}: {said}");
    let table = fs::read_to_string(table).unwrap();
    assert!(table.contains(if fine {
        "Mottatt"
    } else if outcome == "rejected" {
        "Levert, avvist"
    } else {
        "må ses på"
    }));
    assert_eq!(desk.said(&["archive", "verify"]).0, 0, "{about}");
}

/// The same, but for an end that was long ago.
fn ended_long_ago(altinn: &Value) -> Value {
    let mut altinn = altinn.clone();
    altinn["feedbackDelaySeconds"] = json!(LONG_AGO);
    altinn
}

/// One way of arriving, waited for by the command that delivers it.
fn waited_for(arrival: &str, altinn: &Value, verdicts: &[Case]) {
    let practice = Practice::start();
    for (word, outcome, words) in all_or(verdicts) {
        // One that is missing is missing when the process has ended long ago; until then it is waited for.
        let altinn = &if word == MISSING.0 { ended_long_ago(altinn) } else { altinn.clone() };
        let about = format!("{word}, {arrival}");
        let (desk, file) = prepared(&practice, word, altinn);
        let (status, told) = desk.json(&["submit", "--yes", "--login-hint", ASTRID, &file]);
        assert_eq!((status, &told[0]["outcome"]), (i32::from(outcome != "received"), &json!(outcome)), "{about}");
        says_the_same(&desk, outcome, words, &about);
    }
}

#[test]
fn a_verdict_that_comes_before_the_receipt_is_said_by_every_command() {
    let altinn = json!({"verdictDelaySeconds": 0.1, "receiptDelaySeconds": 0.4, "feedbackDelaySeconds": 0.4});
    waited_for("before the receipt", &altinn, &VERDICTS);
}

#[test]
fn a_verdict_that_comes_after_receipt_or_payment_is_said_by_every_command() {
    let altinn = json!({"verdictDelaySeconds": 0.5, "receiptDelaySeconds": 0.1, "feedbackDelaySeconds": 0.3});
    waited_for("after the receipt", &altinn, &[REJECTED]);
    waited_for("after the payment", &json!({"paymentDelaySeconds": 0.05, "feedbackDelaySeconds": 0.5}), &[UNCLEAR]);
    let altinn = json!({"paymentDelaySeconds": 0.6, "verdictDelaySeconds": 0.1, "feedbackDelaySeconds": 0.3});
    waited_for("before the payment", &altinn, &[ACCEPTED]);
}

/// Delivered, and not decided: nothing of it can be paid, and nothing is called received.
fn says_nothing_yet(desk: &Desk, about: &str) {
    let (status, said) = desk.said(&["receipt"]);
    assert_eq!(status, 1, "{about}: {said}");
    assert!(!said.contains("mottatt") && !has_dash(&said), "{about}: {said}");
    let row = desk.history().remove(0);
    assert_eq!((&row["state"], &row["kid"]), (&json!("waitingAnswer"), &Value::Null), "{about}: {row}");
}

#[test]
fn a_verdict_that_comes_between_two_commands_is_fetched_by_the_second() {
    let practice = Practice::start();
    // Not so long that sign-in would think the computer's clock wrong.
    let altinn = json!({"feedbackDelaySeconds": 240, "paymentDelaySeconds": 0.05});
    let delivered: Vec<_> = all_or(&[ACCEPTED, REJECTED, UNCLEAR])
        .into_iter()
        .filter(|case| *case != MISSING)
        .map(|case| {
            let about = format!("{}, between two commands", case.0);
            let (desk, file) = prepared(&practice, case.0, &altinn);
            let (status, told) = desk.json(&["submit", "--yes", "--no-wait", "--login-hint", ASTRID, &file]);
            assert_eq!((status, &told[0]["outcome"]), (0, &json!("delivered")), "{about}");
            says_nothing_yet(&desk, &about);
            (desk, case, about)
        })
        .collect();
    practice.control("POST", "/clock", Some(&json!({"advanceSeconds": 241})));
    for (desk, (_, outcome, words), about) in delivered {
        let (status, said) = desk.said(&["resume", "--login-hint", ASTRID]);
        assert_eq!(status, i32::from(outcome != "received"), "{about}: {said}");
        assert!(said.contains(words), "{about}: {said}");
        says_the_same(&desk, outcome, words, &about);
    }
}

/// The process has ended, the receipt lies there, and the verdict is still to come.
#[test]
fn a_verdict_that_is_late_is_not_foretold_by_its_receipt() {
    let practice = Practice::start();
    let altinn = json!({"verdictDelaySeconds": 240, "receiptDelaySeconds": 0.1, "feedbackDelaySeconds": 0.1});
    let delivered: Vec<_> = all_or(&[ACCEPTED, REJECTED])
        .into_iter()
        .filter(|case| *case != MISSING)
        .map(|case| {
            let about = format!("{}, late", case.0);
            let (desk, file) = prepared(&practice, case.0, &altinn);
            let (status, told) = desk.json(&["submit", "--yes", "--wait", "2", "--login-hint", ASTRID, &file]);
            assert_eq!((status, &told[0]["outcome"]), (1, &json!("delivered")), "{about}");
            says_nothing_yet(&desk, &about);
            (desk, case, about)
        })
        .collect();
    practice.control("POST", "/clock", Some(&json!({"advanceSeconds": 241})));
    for (desk, (_, outcome, words), about) in delivered {
        let (status, said) = desk.said(&["receipt", "--fetch", "--login-hint", ASTRID]);
        assert_eq!(status, i32::from(outcome != "received"), "{about}: {said}");
        says_the_same(&desk, outcome, words, &about);
    }
}

/// Commands that wait for a moment only, one after another, must not each begin to wait anew.
#[test]
fn a_verdict_that_is_missing_long_after_the_end_is_said_by_a_command_that_hardly_waits() {
    let practice = Practice::start();
    let (desk, file) = prepared(&practice, MISSING.0, &json!({"feedbackDelaySeconds": LONG_AGO}));
    let (status, told) = desk.json(&["submit", "--yes", "--wait", "10", "--login-hint", ASTRID, &file]);
    assert_eq!((status, &told[0]["outcome"]), (1, &json!("unclear")));
    says_the_same(&desk, MISSING.1, MISSING.2, "missing");
}

/// It must be looked at without its verdict, and when that comes after all, the commands say what it is.
#[test]
fn a_verdict_that_comes_days_after_the_end_mends_what_had_to_be_looked_at() {
    let practice = Practice::start();
    let altinn = json!({"verdictDelaySeconds": 240, "receiptDelaySeconds": DAYS_AGO, "feedbackDelaySeconds": DAYS_AGO});
    let delivered: Vec<_> = all_or(&[ACCEPTED, REJECTED])
        .into_iter()
        .filter(|case| *case != MISSING)
        .map(|case| {
            let about = format!("{}, days late", case.0);
            let (desk, file) = prepared(&practice, case.0, &altinn);
            let (status, told) = desk.json(&["submit", "--yes", "--wait", "20", "--login-hint", ASTRID, &file]);
            assert_eq!((status, &told[0]["outcome"]), (1, &json!("unclear")), "{about}");
            says_the_same(&desk, MISSING.1, MISSING.2, &about);
            (desk, case, about)
        })
        .collect();
    practice.control("POST", "/clock", Some(&json!({"advanceSeconds": 241})));
    for (desk, (_, outcome, words), about) in delivered {
        let (status, said) = desk.said(&["receipt", "--fetch", "--login-hint", ASTRID]);
        assert_eq!(status, i32::from(outcome != "received"), "{about}: {said}");
        says_the_same(&desk, outcome, words, &about);
    }
}

/// What the check took and the app refuses: nothing is delivered, and the reasons are said, however they are wrapped.
#[test]
fn a_refusal_before_delivery_is_said_with_its_reasons() {
    let practice = Practice::start();
    for altinn in [
        json!({"refusesReturns": true}),
        json!({"refusesReturns": true, "invalidReturnShape": "textAndXml", "conflictShape": "problem"}),
    ] {
        let (desk, file) = prepared(&practice, "accepted", &altinn);
        let (status, said) = desk.said(&["submit", "--yes", "--login-hint", ASTRID, &file]);
        assert_eq!(status, 1, "{said}");
        assert!(said.contains("Opplysningene stemmer ikke med registrene"), "{said}");
        // Who files for whom, and what, is said although nobody is asked.
        assert!(said.contains("Som Astrid Haug, i øving.") && said.contains("Fjordlys Interiør AS"), "{said}");
        assert_eq!(practice.deliveries(), 0);
    }
}

/// What was rejected was delivered and does not count: the next return of its period is no correction of it.
#[test]
fn a_period_whose_return_was_rejected_is_not_called_filed() {
    let practice = Practice::start();
    let (desk, file) = prepared(&practice, "invalid", &json!({"feedbackDelaySeconds": 0.1}));
    desk.said(&["submit", "--yes", "--login-hint", ASTRID, &file]);
    practice.settings(&json!({"skatteetaten": {"verdict": "accepted"}}));
    for command in ["submit", "batch"] {
        let call = [command, "--yes", "--login-hint", ASTRID, &file];
        let (status, said) = desk.said(&call);
        assert_eq!(status, 1, "{command}: {said}");
        assert!(said.contains("ble avvist av Skatteetaten og gjelder ikke"), "{command}: {said}");
        assert!(said.contains("--correction") && !said.contains("Terminen er levert før"), "{command}: {said}");
        let (_, lines) = desk.json(&call);
        assert_eq!(lines[0]["error"]["values"]["state"], "rejected", "{command}: {lines:#?}");
    }
    let call = ["submit", "--yes", "--correction", "--login-hint", ASTRID, &file];
    assert_eq!(desk.said(&call).0, 0);
    // One that stands goes before one that was rejected.
    let (status, said) = desk.said(&["batch", "--yes", "--login-hint", ASTRID, &file]);
    assert!(status == 1 && said.contains("Terminen er levert før"), "{said}");
    assert_eq!(practice.deliveries(), 2);
}

#[test]
fn money_that_comes_back_is_said_as_that() {
    let practice = Practice::start();
    practice.settings(&json!({"altinn": {"feedbackDelaySeconds": 0.1}}));
    let desk = Desk::at(&practice);
    let vika = desk.sample("vika");
    desk.files(ASTRID, &[&vika]);
    let (status, said) = desk.said(&["receipt"]);
    assert_eq!(status, 0, "{said}");
    assert!(said.contains("Til gode") && said.contains("I øving blir ingenting utbetalt"), "{said}");
    assert!(!said.contains("KID") && !said.contains("Betalingsfrist"), "{said}");
}

/// `--help` of what files names what status 1 is.
#[test]
fn the_status_of_a_rejected_return_is_in_the_help() {
    let desk = Desk::new();
    for command in ["submit", "batch", "resume", "receipt", "sign"] {
        let (_, said) = desk.said(&[command, "--help"]);
        let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(said.contains("rejected") && said.contains("must be looked at"), "{command}: {said}");
    }
}
