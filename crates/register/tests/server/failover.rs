//! The primary is killed, and its standby takes over.

use std::time::{Duration, Instant};

use register::{Address, Followed, Register, RegisterError, Taken};

use crate::{
    cluster::Cluster,
    firm::{Firm, PASSWORD, desk, subject},
};

/// Waits until the primary says that the standby is one it waits for.
async fn until_synchronous(cluster: &Cluster) {
    let root = cluster.superuser("postgres").await;
    let patience = Instant::now();
    loop {
        let count = "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync' AND state = 'streaming'";
        let count: i64 = root.query_one(count, &[]).await.unwrap().get(0);
        if count == 1 {
            return;
        }
        assert!(patience.elapsed() < Duration::from_secs(60), "the standby does not come");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn both(one: &Cluster, other: &Cluster, role: &str) -> Address {
    let host = |cluster: &Cluster| cluster.folder().to_str().unwrap().replace('/', "%2F");
    format!("postgresql://{role}@{}:5432,{}:5432/momsbud?connect_timeout=60", host(one), host(other)).parse().unwrap()
}

#[tokio::test]
async fn a_synchronous_standby_has_every_claim_when_the_primary_is_killed() {
    let mut firm = Firm::on(Cluster::start("max_wal_senders = 4\nwal_level = replica")).await;
    firm.admit("kari", &[(register::Permission::File, register::For::All)]).await;
    firm.admit("ola", &[(register::Permission::File, register::For::All)]).await;
    let standby = firm.cluster.standby("second");
    let root = firm.cluster.superuser("postgres").await;
    root.batch_execute("ALTER SYSTEM SET synchronous_standby_names = 'second'").await.unwrap();
    root.batch_execute("SELECT pg_reload_conf()").await.unwrap();
    until_synchronous(&firm.cluster).await;
    // The standby stands first: it takes no writes, and is left for the next.
    let join = |role: &'static str| Register::join(both(&standby, &firm.cluster, role), PASSWORD.into(), desk(role));
    let (kari, ola) = (join("kari").await.unwrap(), join("ola").await.unwrap());
    let alone: Address = standby.address("kari").parse().unwrap();
    let read_only = Register::join(alone, PASSWORD.into(), desk("kari")).await.unwrap_err();
    assert!(matches!(read_only, RegisterError::ReadOnly { .. }), "{read_only:?}");

    let Taken::Held { held: hers, .. } = kari.take(&subject(1), "k1", 0).await.unwrap() else { panic!() };
    let delivering = kari.deliver(&hers, "51001/aaa").await.unwrap().unwrap();
    let Taken::Held { held: filed, .. } = kari.take(&subject(2), "k2", 0).await.unwrap() else { panic!() };
    let filed = kari.deliver(&filed, "51001/bbb").await.unwrap().unwrap();
    kari.delivered(&filed).await.unwrap().unwrap();

    firm.cluster.kill();
    let away = kari.delivered(&delivering).await.unwrap_err();
    assert!(away.may_pass(), "{away:?}");
    standby.promote();

    // Everything is there; it is another era, and what was being delivered is a doubt for everybody, herself too.
    let told = loop {
        match kari.delivered(&delivering).await {
            Ok(told) => break told,
            Err(error) => assert!(error.may_pass(), "{error:?}"),
        }
    };
    assert_eq!(told, Err(Followed));
    assert!(matches!(ola.take(&subject(1), "o1", 0).await.unwrap(), Taken::Busy { delivering: true, .. }));
    let Taken::InDoubt(doubt) = kari.take(&subject(1), "k1", 0).await.unwrap() else { panic!() };
    assert_eq!((doubt.instance.as_deref(), doubt.search), (Some("51001/aaa"), true));
    kari.found(&doubt, "51001/aaa").await.unwrap().unwrap();
    assert!(matches!(ola.take(&subject(1), "o1", 0).await.unwrap(), Taken::Filed(_)));
    // Delivered before, and known to be.
    let Taken::InDoubt(doubt) = ola.take(&subject(2), "o2", 0).await.unwrap() else { panic!() };
    assert_eq!(doubt.delivered.len(), 1);
    ola.settle(doubt).await.unwrap().unwrap();
    assert!(matches!(ola.take(&subject(2), "o2", 0).await.unwrap(), Taken::Filed(deliveries) if deliveries.len() == 1));
}

#[tokio::test]
async fn a_standby_that_lags_makes_every_period_a_doubt() {
    let mut firm = Firm::on(Cluster::start("max_wal_senders = 4\nwal_level = replica")).await;
    firm.admit("kari", &[(register::Permission::File, register::For::All)]).await;
    firm.admit("ola", &[(register::Permission::File, register::For::All)]).await;
    let standby = firm.cluster.standby("second");
    let (kari, ola) = (
        Register::join(both(&firm.cluster, &standby, "kari"), PASSWORD.into(), desk("kari")).await.unwrap(),
        Register::join(both(&firm.cluster, &standby, "ola"), PASSWORD.into(), desk("ola")).await.unwrap(),
    );
    // What both desks are called has arrived at the standby.
    let follower = standby.superuser("momsbud").await;
    let patience = Instant::now();
    loop {
        let count: i64 = follower.query_one("SELECT count(*) FROM register.desks", &[]).await.unwrap().get(0);
        if count == 2 {
            break;
        }
        assert!(patience.elapsed() < Duration::from_secs(60));
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    // From now on nothing arrives.
    follower.batch_execute("ALTER SYSTEM SET primary_conninfo = ''").await.unwrap();
    follower.batch_execute("SELECT pg_reload_conf()").await.unwrap();
    let root = firm.cluster.superuser("postgres").await;
    loop {
        let count: i64 = root.query_one("SELECT count(*) FROM pg_stat_replication", &[]).await.unwrap().get(0);
        if count == 0 {
            break;
        }
        assert!(patience.elapsed() < Duration::from_secs(60));
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let Taken::Held { held, .. } = kari.take(&subject(1), "k1", 0).await.unwrap() else { panic!() };
    let delivering = kari.deliver(&held, "51001/aaa").await.unwrap().unwrap();
    firm.cluster.kill();
    standby.promote();
    // The register knows nothing of her claim. Who comes now must look at Altinn first.
    let doubt = loop {
        match ola.take(&subject(1), "o1", 0).await {
            Ok(Taken::InDoubt(doubt)) => break doubt,
            Ok(other) => panic!("{other:?}"),
            Err(error) => assert!(error.may_pass(), "{error:?}"),
        }
    };
    assert_eq!((doubt.instance.clone(), doubt.search), (None, true));
    ola.settle(doubt).await.unwrap().unwrap();
    // And her token of before is worth nothing.
    let told = loop {
        match kari.delivered(&delivering).await {
            Ok(told) => break told,
            Err(error) => assert!(error.may_pass(), "{error:?}"),
        }
    };
    assert_eq!(told, Err(Followed));
}
