//! `submit folder --yes` filed the first of two returns of one period and failed at the second; `batch` refused both.

use crate::desk::{Desk, FJORDLYS, INGRID, VIKA, a_return};

#[test]
fn both_are_refused_and_named() {
    for command in ["submit", "batch"] {
        let desk = Desk::new();
        let first = a_return(FJORDLYS, "mai-juni");
        desk.put("two/mva v1.xml", &first);
        desk.put("two/mva v2.xml", first.replace("Balanse", "Ballanse"));
        assert_ne!(first, first.replace("Balanse", "Ballanse"));
        let (status, outcomes) = desk.json(&[command, "--yes", "--login-hint", INGRID, &desk.path("two")]);
        assert_eq!(status, 1, "{command}: {outcomes:#?}");
        for (file, other) in [("mva v1.xml", "mva v2.xml"), ("mva v2.xml", "mva v1.xml")] {
            let of = outcomes.iter().find(|outcome| outcome["file"] == file).unwrap();
            assert_eq!((of["outcome"].as_str(), of["error"]["code"].as_str()), (Some("refused"), Some("samePeriod")));
            assert_eq!(
                (&of["error"]["values"]["file"], &of["error"]["values"]["other"]),
                (&file.into(), &other.into())
            );
        }
        let (_, said) = desk.said(&[command, "--yes", "--login-hint", INGRID, &desk.path("two")]);
        assert!(said.contains("mva v1.xml og mva v2.xml gjelder samme virksomhet og termin"), "{command}: {said}");
        assert_eq!((desk.practice.deliveries(), desk.history().len()), (0, 0), "{command}");
    }
}

#[test]
fn two_of_one_name_are_told_apart_by_their_folders() {
    let desk = Desk::new();
    let first = a_return(FJORDLYS, "mai-juni");
    desk.put("klienter/gammel/mva/mva.xml", &first);
    desk.put("klienter/ny/mva/mva.xml", first.replace("Balanse", "Ballanse"));
    desk.put("klienter/ny/mva/annen.xml", a_return(VIKA, "mai-juni"));
    for command in ["submit", "batch"] {
        let (status, said) = desk.said(&[command, "--login-hint", INGRID, &desk.path("klienter")]);
        assert_eq!(status, 1, "{command}: {said}");
        assert!(said.contains("gammel/mva/mva.xml og ny/mva/mva.xml gjelder samme virksomhet"), "{command}: {said}");
        assert!(said.contains("\nannen.xml "), "{command}: {said}");
    }
    assert_eq!(desk.practice.deliveries(), 0);
}
