//! Claims as desks use them.

use register::{Brought, Followed, Register, RegisterError, SharedFiling, Subject, Taken};

use crate::firm::{Firm, VIKA, company, expire, subject};

async fn held(register: &Register, filing: &str, seen: usize) -> register::Held {
    match register.take(&subject(2), filing, seen).await.unwrap() {
        Taken::Held { held, .. } => held,
        other => panic!("{other:?}"),
    }
}

/// A filing from beginning to end.
async fn file(register: &Register, filing: &str, seen: usize, instance: &str) {
    let held = held(register, filing, seen).await;
    let delivering = register.deliver(&held, instance).await.unwrap().unwrap();
    register.delivered(&delivering).await.unwrap().unwrap();
}

#[tokio::test]
async fn of_many_who_ask_at_once_one_gets_the_period() {
    let firm = Firm::new().await;
    firm.admit("kari", &[(register::Permission::File, register::For::All)]).await;
    let mut desks = Vec::new();
    for _ in 0..10 {
        desks.push(firm.join("kari").await.unwrap());
    }
    for round in 1..=6 {
        let taking = desks.iter().map(|desk| async move { desk.take(&subject(round), "f", 0).await.unwrap() });
        let taken = futures_util::future::join_all(taking).await;
        let held = taken.iter().filter(|it| matches!(it, Taken::Held { .. })).count();
        let busy = taken.iter().filter(|it| matches!(it, Taken::Busy { delivering: false, .. })).count();
        assert_eq!((held, busy), (1, 9), "{taken:?}");
    }
}

#[tokio::test]
async fn a_desk_that_died_before_delivery_is_followed_and_delivers_no_more() {
    let firm = Firm::new().await;
    let (kari, ola) = (firm.desk("kari").await, firm.desk("ola").await);
    let hers = held(&kari, "k1", 0).await;
    kari.renew(&hers, Some("51001/aaa")).await.unwrap().unwrap();
    let Taken::Busy { holder, delivering: false } = ola.take(&subject(2), "o1", 0).await.unwrap() else {
        panic!("it was free")
    };
    assert_eq!((holder.name.as_str(), holder.desk_name.as_str()), ("kari Nordmann", "pc-kari"));
    assert!(holder.since.unwrap() < holder.until.unwrap());
    expire(&firm.superuser().await).await;
    let Taken::Held { held: his, leftover } = ola.take(&subject(2), "o1", 0).await.unwrap() else { panic!() };
    assert_eq!(leftover.as_deref(), Some("51001/aaa"));
    // She wakes up.
    assert_eq!(kari.deliver(&hers, "51001/aaa").await.unwrap(), Err(Followed));
    assert_eq!(kari.renew(&hers, None).await.unwrap(), Err(Followed));
    assert!(matches!(kari.take(&subject(2), "k1", 0).await.unwrap(), Taken::Busy { .. }));
    let delivering = ola.deliver(&his, "51001/bbb").await.unwrap().unwrap();
    assert!(matches!(kari.take(&subject(2), "k1", 0).await.unwrap(), Taken::Busy { delivering: true, .. }));
    ola.delivered(&delivering).await.unwrap().unwrap();
    let Taken::Filed(deliveries) = kari.take(&subject(2), "k1", 0).await.unwrap() else { panic!() };
    let [delivery] = deliveries.as_slice() else { panic!("{deliveries:?}") };
    assert_eq!((delivery.name.as_str(), delivery.instance.as_str()), ("ola Nordmann", "51001/bbb"));
    assert_eq!(delivery.desk.as_deref(), Some("pc-ola"));
}

#[tokio::test]
async fn a_desk_that_died_while_delivering_is_followed_in_doubt() {
    let firm = Firm::new().await;
    let (kari, ola) = (firm.desk("kari").await, firm.desk("ola").await);
    let hers = held(&kari, "k1", 0).await;
    let delivering = kari.deliver(&hers, "51001/aaa").await.unwrap().unwrap();
    // The same again, because an answer was lost.
    kari.deliver(&hers, "51001/aaa").await.unwrap().unwrap();
    expire(&firm.superuser().await).await;
    let Taken::InDoubt(doubt) = ola.take(&subject(2), "o1", 0).await.unwrap() else { panic!() };
    assert_eq!((doubt.instance.as_deref(), doubt.search), (Some("51001/aaa"), false));
    assert_eq!(kari.delivered(&delivering).await.unwrap(), Err(Followed));
    // It was delivered: hers, by her.
    ola.found(&doubt, "51001/aaa").await.unwrap().unwrap();
    let deliveries = ola.deliveries(&subject(2)).await.unwrap();
    assert_eq!(
        deliveries.iter().map(|it| (it.role.as_str(), it.filing.as_str())).collect::<Vec<_>>(),
        [("kari", "k1")]
    );
    assert!(matches!(ola.take(&subject(2), "o1", 0).await.unwrap(), Taken::Filed(_)));

    // And once more, where it was not.
    let correcting = held(&kari, "k2", 1).await;
    kari.deliver(&correcting, "51001/ccc").await.unwrap().unwrap();
    expire(&firm.superuser().await).await;
    let Taken::InDoubt(doubt) = ola.take(&subject(2), "o2", 0).await.unwrap() else { panic!() };
    ola.settle(doubt).await.unwrap().unwrap();
    // He had seen nothing of the first delivery, and is asked.
    assert!(matches!(ola.take(&subject(2), "o2", 0).await.unwrap(), Taken::Filed(_)));
    file(&ola, "o2", 1, "51001/ddd").await;
    assert_eq!(ola.deliveries(&subject(2)).await.unwrap().len(), 2);
}

#[tokio::test]
async fn after_a_restored_backup_every_period_is_looked_at_anew() {
    let firm = Firm::new().await;
    let (kari, ola) = (firm.desk("kari").await, firm.desk("ola").await);
    let before = held(&kari, "k1", 0).await;
    firm.administrator.restored().await.unwrap();
    assert_eq!(kari.deliver(&before, "51001/aaa").await.unwrap(), Err(Followed));
    // The lease still runs: another waits for it.
    assert!(matches!(ola.take(&subject(2), "o1", 0).await.unwrap(), Taken::Busy { .. }));
    let Taken::InDoubt(doubt) = kari.take(&subject(2), "k1", 0).await.unwrap() else { panic!() };
    assert!(doubt.search);
    kari.settle(doubt).await.unwrap().unwrap();
    file(&kari, "k1", 0, "51001/bbb").await;
    // Of a period that nothing is known of as well.
    let Taken::InDoubt(doubt) = ola.take(&subject(3), "o1", 0).await.unwrap() else { panic!() };
    assert_eq!((doubt.instance.clone(), doubt.search), (None, true));
    // What is found may have been delivered more than once.
    ola.found(&doubt, "51001/ccc").await.unwrap().unwrap();
    ola.found(&doubt, "51001/ddd").await.unwrap().unwrap();
    assert_eq!(ola.deliveries(&subject(3)).await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_claim_is_one_statement_and_little_time() {
    let firm = Firm::new().await;
    let kari = firm.desk("kari").await;
    let hers = held(&kari, "k1", 0).await;
    kari.renew(&hers, None).await.unwrap().unwrap();
    let root = firm.superuser().await;
    let count = "SELECT count(*) FROM register.audit WHERE of = 'claims'";
    let before: i64 = root.query_one(count, &[]).await.unwrap().get(0);
    let began = std::time::Instant::now();
    for _ in 0..200 {
        kari.renew(&hers, None).await.unwrap().unwrap();
    }
    eprintln!("a renewal: {:.2} ms", began.elapsed().as_secs_f64() * 5.0);
    let after: i64 = root.query_one(count, &[]).await.unwrap().get(0);
    assert_eq!(before, after, "a renewal is no change that is written down");
    kari.release(hers).await.unwrap().unwrap();
    assert!(matches!(kari.take(&subject(2), "k2", 0).await.unwrap(), Taken::Held { .. }));
}

#[tokio::test]
async fn what_was_delivered_before_a_desk_moved_in_is_asked_about() {
    let firm = Firm::new().await;
    let (kari, ola) = (firm.desk("kari").await, firm.desk("ola").await);
    let of = |id: &str, instance: &str| SharedFiling {
        id: id.to_owned(),
        subject: subject(2),
        state: "received".to_owned(),
        delivered: "yes".to_owned(),
        is_correction: false,
        verdict: Some("accepted".to_owned()),
        instance: Some(instance.to_owned()),
        sum: 79_857.into(),
        return_sha256: "ab".repeat(32),
        timeline: serde_json::json!([]),
        payment: None,
        filed_by: Some("Ingrid Solvang".to_owned()),
        began_at: "2026-03-01T10:00:00Z".parse().unwrap(),
        delivered_at: Some("2026-03-01T10:00:05Z".parse().unwrap()),
    };
    assert_eq!(kari.bring(&of("k0", "51001/aaa")).await.unwrap(), Brought::Done);
    assert_eq!(kari.bring(&of("k0", "51001/aaa")).await.unwrap(), Brought::There);
    let Taken::Filed(deliveries) = ola.take(&subject(2), "o1", 0).await.unwrap() else { panic!() };
    let [delivery] = deliveries.as_slice() else { panic!("{deliveries:?}") };
    assert_eq!((delivery.name.as_str(), delivery.at.to_string().as_str()), ("Ingrid Solvang", "2026-03-01T10:00:05Z"));
    // While somebody files, what she has been told stays so; after it, what is brought is there.
    let his = held(&ola, "o1", 1).await;
    assert_eq!(kari.bring(&of("k1", "51001/bbb")).await.unwrap(), Brought::Busy);
    ola.release(his).await.unwrap().unwrap();
    assert_eq!(kari.bring(&of("k1", "51001/bbb")).await.unwrap(), Brought::Done);
    assert!(matches!(ola.take(&subject(2), "o1", 1).await.unwrap(), Taken::Filed(all) if all.len() == 2));
    // Another desk that says something else of the same filing changes nothing.
    let other = SharedFiling { state: "rejected".to_owned(), ..of("k1", "51001/bbb") };
    assert_eq!(ola.bring(&other).await.unwrap(), Brought::Other);
}

/// Whoever may file for one company names an instance of another's for it.
#[tokio::test]
async fn an_instance_is_one_companys() {
    let firm = Firm::new().await;
    let (kari, ola) = (firm.desk("kari").await, firm.desk("ola").await);
    let hers = held(&kari, "k1", 0).await;
    kari.renew(&hers, Some("51001/aaa")).await.unwrap().unwrap();
    let vikas = Subject { company: company(VIKA), ..subject(2) };
    let Taken::Held { held: his, .. } = ola.take(&vikas, "o1", 0).await.unwrap() else { panic!() };
    for named in ["51001/aaa", "51009/aaa", "51001/AAA"] {
        let refused = ola.renew(&his, Some(named)).await.unwrap_err();
        assert!(matches!(&refused, RegisterError::Refused { code, .. } if code == "MB011"), "{named}: {refused:?}");
        assert!(ola.deliver(&his, named).await.is_err(), "{named}");
    }
    // Whose it is goes on with it, though somebody with the whole server has written it down for another.
    let root = firm.superuser().await;
    root.batch_execute(
        "SET session_replication_role = replica; \
         UPDATE register.claims SET instance = '51001/aaa' WHERE org_number = '315203856'",
    )
    .await
    .unwrap();
    let delivering = kari.deliver(&hers, "51001/aaa").await.unwrap().unwrap();
    kari.delivered(&delivering).await.unwrap().unwrap();
    assert!(matches!(kari.take(&subject(2), "k2", 0).await.unwrap(), Taken::Filed(all) if all.len() == 1));
}
