//! What desks do is told while they do it, and seen by who may see it.

use std::time::{Duration, Instant};

use jiff::{Timestamp, civil::date};
use register::{
    Change, Environment, For, Permission, Register, RegisterError, SeenFiling, SharedFiling, Taken, Told, claim::Token,
};

use crate::firm::{FJORDLYS, Firm, VIKA, company, expire, subject};

fn filing(id: &str, state: &str) -> SharedFiling {
    SharedFiling {
        id: id.to_owned(),
        subject: subject(2),
        state: state.to_owned(),
        delivered: if state == "received" { "yes" } else { "no" }.to_owned(),
        is_correction: false,
        verdict: None,
        instance: None,
        sum: 79_857.into(),
        return_sha256: "ab".repeat(32),
        timeline: serde_json::json!([]),
        payment: None,
        filed_by: Some("Ingrid Solvang".to_owned()),
        began_at: "2026-03-01T10:00:00Z".parse().unwrap(),
        delivered_at: (state == "received").then(|| "2026-03-01T10:00:05Z".parse().unwrap()),
    }
}

async fn token(register: &Register, id: &str, seen: usize) -> Token {
    match register.take(&subject(2), id, seen).await.unwrap() {
        Taken::Held { held, .. } => held.token(),
        other => panic!("{other:?}"),
    }
}

async fn changed(register: &Register) -> Vec<SeenFiling> {
    let since = (Timestamp::UNIX_EPOCH, "");
    register.changed(Environment::Practice, since, date(2026, 1, 1), 100).await.unwrap()
}

#[tokio::test]
async fn what_a_desk_does_is_seen_by_the_others_within_a_second() {
    let firm = Firm::new().await;
    let (kari, ola) = (firm.desk("kari").await, firm.desk("ola").await);
    firm.admit("siri", &[(Permission::File, For::One(company(VIKA)))]).await;
    let siri = firm.join("siri").await.unwrap();
    let mut changes = ola.changes().unwrap();
    assert_eq!(changes.next().await, Some(Change::Anything));

    let hers = token(&kari, "k1", 0).await;
    let began = Instant::now();
    assert_eq!(kari.tell(&filing("k1", "running"), Some("Fjordlys AS"), Some(hers)).await.unwrap(), Told::Done);
    while changes.next().await != Some(Change::Table("filings".to_owned())) {}
    let seen = changed(&ola).await;
    let heard = began.elapsed();
    eprintln!("told, heard and read in {:.0} ms", heard.as_secs_f64() * 1000.0);
    assert!(heard < Duration::from_secs(1), "{heard:?}");
    let [one] = seen.as_slice() else { panic!("{seen:?}") };
    assert_eq!((one.id.as_str(), one.state.as_str(), one.name.as_str()), ("k1", "running", "kari Nordmann"));
    assert_eq!((one.desk.as_str(), &one.subject), ("pc-kari", &subject(2)));
    let now = ola.under_way(Environment::Practice).await.unwrap();
    let [one] = now.as_slice() else { panic!("{now:?}") };
    assert_eq!((one.name.as_str(), one.desk.as_str(), &one.subject), ("kari Nordmann", "pc-kari", &subject(2)));
    assert!(!one.delivering && one.lasts > Duration::from_secs(30), "{one:?}");
    // Her own is no news to her, and nothing of it to who may not see the company.
    assert_eq!((changed(&kari).await, kari.under_way(Environment::Practice).await.unwrap()), (vec![], vec![]));
    assert_eq!((changed(&siri).await, siri.under_way(Environment::Practice).await.unwrap()), (vec![], vec![]));
    assert_eq!(ola.under_way(Environment::Test).await.unwrap(), vec![]);
    // What was seen is not seen again.
    let after = (seen[0].changed_at, "k1");
    assert_eq!(ola.changed(Environment::Practice, after, date(2026, 1, 1), 100).await.unwrap(), vec![]);
    assert_eq!(
        ola.changed(Environment::Practice, (Timestamp::UNIX_EPOCH, ""), date(2027, 1, 1), 100).await.unwrap(),
        vec![]
    );
    // A lease that has run out is nobody's.
    expire(&firm.superuser().await).await;
    assert_eq!(ola.under_way(Environment::Practice).await.unwrap(), vec![]);
}

#[tokio::test]
async fn a_desk_tells_of_its_own_and_changes_nothing_of_what_its_follower_has_written() {
    let firm = Firm::new().await;
    let (kari, ola) = (firm.desk("kari").await, firm.desk("ola").await);
    firm.admit("sees", &[(Permission::See, For::One(company(FJORDLYS)))]).await;
    let sees = firm.join("sees").await.unwrap();
    let root = firm.superuser().await;
    let hers = token(&kari, "k1", 0).await;
    let tell = async |desk: &Register, id: &str, state: &str, token: Option<Token>| {
        desk.tell(&filing(id, state), None, token).await.unwrap()
    };
    assert_eq!(tell(&kari, "k1", "running", Some(hers)).await, Told::Done);
    // The same again is no change, however often.
    let count = "SELECT count(*) FROM register.audit";
    let before: i64 = root.query_one(count, &[]).await.unwrap().get(0);
    assert_eq!(tell(&kari, "k1", "running", Some(hers)).await, Told::Done);
    assert_eq!(before, root.query_one(count, &[]).await.unwrap().get::<_, i64>(0));
    // Without the right nothing is told, and without the number of the claim nothing of it.
    let refused = sees.tell(&filing("s1", "running"), None, None).await;
    assert!(matches!(refused, Err(RegisterError::NotPermitted(_))), "{refused:?}");
    assert_eq!(tell(&ola, "k1", "received", None).await, Told::Stale);
    assert_eq!(tell(&kari, "k1", "waiting", None).await, Told::Stale);
    // Another follows: what she says of her own filing stands beside his, and nothing of his is hers to say.
    expire(&root).await;
    let his = token(&ola, "o1", 0).await;
    assert_eq!(tell(&kari, "k1", "waiting", Some(hers)).await, Told::Done);
    assert_eq!(tell(&ola, "o1", "running", Some(his)).await, Told::Done);
    assert_eq!(tell(&kari, "o1", "abandoned", Some(hers)).await, Told::Stale);
    let state = "SELECT state FROM register.filings WHERE id = 'o1'";
    assert_eq!(root.query_one(state, &[]).await.unwrap().get::<_, String>(0), "running");
    // Of a third filing of hers nobody hears while he has the period; afterwards it is told.
    assert_eq!(tell(&kari, "k2", "waiting", None).await, Told::Stale);
    ola.request(&subject(2), "o1", &register::claim::Request::Release { token: his }).await.unwrap();
    assert_eq!(tell(&kari, "k2", "waiting", None).await, Told::Done);
    // What was delivered stays delivered.
    assert_eq!(tell(&kari, "k2", "received", None).await, Told::Done);
    assert_eq!(tell(&kari, "k2", "running", None).await, Told::Stale);
    // Nobody's national id goes along.
    let id = SharedFiling { filed_by: Some("148 384 11585, 14838411585".to_owned()), ..filing("k3", "waiting") };
    let refused = kari.tell(&id, None, None).await;
    assert!(matches!(refused, Err(RegisterError::NationalId)), "{refused:?}");
}

#[tokio::test]
async fn what_a_desk_brought_along_is_told_on() {
    let firm = Firm::new().await;
    let (kari, ola) = (firm.desk("kari").await, firm.desk("ola").await);
    let brought = SharedFiling {
        state: "waiting_answer".to_owned(),
        instance: Some("51001/aaa".to_owned()),
        ..filing("k0", "received")
    };
    kari.bring(&brought).await.unwrap();
    let received = SharedFiling { state: "received".to_owned(), ..brought };
    assert_eq!(kari.tell(&received, None, None).await.unwrap(), Told::Done);
    assert_eq!(ola.tell(&received, None, None).await.unwrap(), Told::Stale);
    assert_eq!(changed(&ola).await.iter().map(|it| it.state.as_str()).collect::<Vec<_>>(), ["received"]);
}
