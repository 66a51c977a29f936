//! Receipts that other desks of an office have got: told once, to the one who is responsible and to who acts for her.

use super::*;

const PERIOD: Period = Period { kind: PeriodKind::TwoMonths, index: 3, year: 2026 };

/// The desk of one of the office's three, with the first company as Kari's.
fn desk(me: &str, away: &[(&str, &str)]) -> Room {
    let room = Room::new();
    room.company(FIRST, "Fjordlys Interiør AS", Category::Ordinary, PeriodKind::TwoMonths, date(2026, 5, 1));
    room.db
        .write(|tx| {
            for role in ["kari", "ola", "per"] {
                let stand_in = away.iter().find(|(who, _)| *who == role).map(|(_, stand_in)| *stand_in);
                tx.execute(
                    "INSERT INTO register_colleagues (role, name, away_until, stand_in, me) VALUES (?1, ?1, ?2, ?3, ?4)",
                    params![role, stand_in.map(|_| "2026-08-31"), stand_in, role == me],
                )?;
            }
            tx.execute("INSERT INTO register_responsibles (org_number, role) VALUES (?1, 'kari')", params![FIRST])?;
            Ok::<_, DatabaseError>(())
        })
        .unwrap();
    // A first look has no news.
    assert_eq!(room.spoken("2026-07-02T05:00:00Z"), [""; 0]);
    room
}

fn seen(room: &Room, id: &str, org_number: &str, state: &str, at: &str) {
    let at: Timestamp = at.parse().unwrap();
    room.db
        .write(|tx| {
            tx.execute(
                "INSERT OR REPLACE INTO register_filings (environment, id, org_number, category, period_element,
                    period_value, period_year, state, delivered, delivered_at, person, desk, changed_at)
                 VALUES ('test', ?1, ?2, 'alminnelig', ?3, ?4, ?5, ?6, 'yes', ?7, 'Per Vikar', 'pc-per', ?8)",
                params![
                    id,
                    org_number,
                    PERIOD.xml_element(),
                    PERIOD.xml_value().as_str(),
                    PERIOD.year,
                    state,
                    at.to_string(),
                    at.as_microsecond()
                ],
            )?;
            Ok::<_, DatabaseError>(())
        })
        .unwrap();
}

const TOLD: [&str; 1] = ["Kvitteringen er kommet"];

#[test]
fn a_colleagues_receipt_is_told_once_to_the_one_responsible_and_to_nobody_else() {
    for (me, told) in [("kari", &TOLD[..]), ("ola", &[])] {
        let mut room = desk(me, &[]);
        seen(&room, "one", FIRST, "waitingAnswer", "2026-07-02T06:00:00Z");
        assert_eq!(room.spoken("2026-07-02T06:01:00Z"), [""; 0], "there is no receipt yet");
        seen(&room, "one", FIRST, "received", "2026-07-02T07:00:00Z");
        // Of a company that is nobody's.
        seen(&room, "two", SECOND, "received", "2026-07-02T07:00:00Z");
        assert_eq!(room.spoken("2026-07-02T07:01:00Z"), told, "{me}");
        assert_eq!(room.spoken("2026-07-02T08:00:00Z"), [""; 0], "{me}: told twice");
        room.restart();
        // It is told of once more by the register, as after a lost connection.
        seen(&room, "one", FIRST, "received", "2026-07-02T09:00:00Z");
        assert_eq!(room.spoken("2026-07-02T09:01:00Z"), [""; 0], "{me}: told twice");
    }
}

#[test]
fn it_says_who_filed_what_and_leads_to_the_deadlines() {
    let room = desk("kari", &[]);
    seen(&room, "one", FIRST, "received", "2026-07-02T07:00:00Z");
    let notices = loud(&room.look("2026-07-02T07:01:00Z".parse().unwrap()));
    let [notice] = notices.as_slice() else { panic!("{notices:?}") };
    assert_eq!(notice.text, "Fjordlys Interiør AS, mai–juni 2026: sendt av Per Vikar");
    assert_eq!((notice.kind, notice.target.place), (NoticeKind::Receipt, TargetPlace::Deadlines));
    assert_eq!(notice.org_number.as_deref(), Some(FIRST), "it can be muted");
}

#[test]
fn who_stands_in_is_told_too_and_hers_where_she_is_away_herself() {
    for (away, told) in [
        (&[("kari", "ola")][..], &["kari", "ola"][..]),
        (&[("kari", "ola"), ("ola", "per")], &["kari", "per"]),
        (&[("kari", "ola"), ("ola", "kari")], &["kari"]),
        (&[("kari", "ola"), ("ola", "per"), ("per", "ola")], &["kari"]),
    ] {
        let at: Vec<_> = ["kari", "ola", "per"]
            .into_iter()
            .filter(|me| {
                let room = desk(me, away);
                seen(&room, "one", FIRST, "received", "2026-07-02T07:00:00Z");
                room.spoken("2026-07-02T07:01:00Z") == TOLD
            })
            .collect();
        assert_eq!(at, told, "{away:?}");
    }
}

#[test]
fn what_this_desk_filed_is_told_by_its_own_receipt_and_not_again() {
    let room = desk("kari", &[]);
    let at: Timestamp = "2026-07-02T07:00:00Z".parse().unwrap();
    room.filing("one", FIRST, Category::Ordinary, PERIOD, "received", true, at, None);
    seen(&room, &FilingId::named("one").to_string(), FIRST, "received", "2026-07-02T07:00:05Z");
    assert_eq!(room.spoken("2026-07-02T07:01:00Z"), TOLD);
}
