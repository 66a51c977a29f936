//! A calendar file that somebody else has written into.

use super::*;

/// The file lies where others may write, and calendars believe what it cancels.
#[test]
fn of_an_earlier_calendar_only_events_of_ours_are_told_again() {
    let (_folder, db) = office();
    let (today, now): (_, Timestamp) = (date(2026, 6, 9), "2026-06-09T16:51:00Z".parse().unwrap());
    learns(&db, FIRST, Category::Ordinary, two_months(2, 2026));
    let first = calendar_of(&db, today, now, &[]);
    let own = ["deadline-2026-06-12-test@momsbud.no", "authorization-0b7f1c1e-8b1f-4a3d-9d3c-1b7d5f0e2a44@momsbud.no"];
    let foreign = [
        "meeting-4711@firma.example",
        "deadline-2026-06-12-production@momsbud.no",
        "deadline-2026-6-12-test@momsbud.no",
        "deadline-x-test@momsbud.no",
        "deadline-2026-06-12-test@momsbud.no\rBEGIN:VALARM\rATTACH:https://evil.example",
        "authorization-@momsbud.no",
        "authorization-a;b@momsbud.no",
        "x@momsbud.no",
    ];
    let event = |uid: &str, sequence: &str| {
        format!("BEGIN:VEVENT\r\nUID:{uid}\r\nSEQUENCE:{sequence}\r\nDTSTART;VALUE=DATE:20260612\r\nEND:VEVENT\r\n")
    };
    let planted = |events: &str| first.replace("END:VCALENDAR", &format!("{events}END:VCALENDAR"));
    let events: String = own.iter().chain(&foreign).map(|uid| event(uid, "1")).collect();
    let written = calendar_after(&db, today, now, &[], Some(&planted(&events)));
    let read = read_elsewhere(&written);
    let told: Vec<&str> = read["events"].as_array().unwrap().iter().filter_map(|event| event["uid"].as_str()).collect();
    assert!(own.iter().all(|uid| told.contains(uid)), "{told:?}");
    assert!(!foreign.iter().any(|uid| told.contains(uid)) && !written.contains("evil") && !written.contains("meeting"));
    // A number that no later one would be higher than is passed over, and none ends the program.
    let sequence = |text: &str| read_elsewhere(text)["events"][0]["sequence"].as_i64().unwrap();
    for forged in ["9223372036854775807", "2147483647", "-2147483648", "99999999999999999999", "x"] {
        let written = calendar_after(&db, today, now, &[], Some(&planted(&event(own[0], forged))));
        assert!(sequence(&written) <= sequence(&first) + 1, "{forged}: {}", sequence(&written));
    }
    // And however many there are, a bounded number is carried on.
    let many: String = (0..200_000).map(|number| event(&format!("authorization-{number}@momsbud.no"), "1")).collect();
    let written = calendar_after(&db, today, now, &[], Some(&planted(&many)));
    assert!(written.len() < 1_000_000, "{}", written.len());
}
