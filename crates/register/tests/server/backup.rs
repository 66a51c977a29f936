//! A backup, and what comes back from it.

use register::{DocumentState, Environment, Register, Taken};

use crate::{
    cluster::Cluster,
    firm::{Firm, PASSWORD, desk, subject},
};

#[tokio::test]
async fn what_is_dumped_comes_back_whole_and_every_period_is_looked_at_anew() {
    let firm = Firm::new().await;
    let kari = firm.desk("kari").await;
    let Taken::Held { held, .. } = kari.take(&subject(1), "k1", 0).await.unwrap() else { panic!() };
    let delivering = kari.deliver(&held, "51001/aaa").await.unwrap().unwrap();
    kari.delivered(&delivering).await.unwrap().unwrap();
    let Taken::Held { held, .. } = kari.take(&subject(2), "k2", 0).await.unwrap() else { panic!() };
    let root = firm.superuser().await;
    root.batch_execute(
        "INSERT INTO register.filings (environment, id, org_number, category, period_from, period_to, state, delivered, role, \
         desk, instance, began_at, era, fence) SELECT 'practice', 'k1', '311797816', 'alminnelig', '2026-01-01', '2026-02-28', \
         'received', 'yes', role, desk, '51001/aaa', now(), era, fence FROM register.claims WHERE filing = 'k1'",
    )
    .await
    .unwrap();
    let receipt = b"%PDF-1.7 a receipt";
    let keep = |name: &'static str, bytes: &'static [u8]| {
        let kari = kari.clone();
        async move { kari.keep_document(Environment::Practice, "k1", name, bytes).await.unwrap() }
    };
    assert_eq!(keep("kvittering.pdf", receipt).await, DocumentState::There);
    assert_eq!(keep("kvittering.pdf", receipt).await, DocumentState::There);
    assert_eq!(keep("kvittering.pdf", b"another").await, DocumentState::Other);

    let roles = firm.cluster.tool("pg_dumpall", &["--roles-only"], b"");
    let dump = firm.cluster.tool("pg_dump", &["--create", "momsbud"], b"");
    let other = Cluster::start("");
    // Its own account is there already; the rest is new.
    other.tool("psql", &["-qX", "-d", "postgres"], &roles);
    other.tool("psql", &["-qX", "-v", "ON_ERROR_STOP=1", "-d", "postgres"], &dump);
    drop(firm.cluster);

    let administrator = Register::administer(other.address("admin").parse().unwrap(), PASSWORD.into()).await.unwrap();
    assert_eq!(administrator.check().await.unwrap(), []);
    // Both clusters are copies of one, so that nothing shows what has happened but the administrator's word.
    administrator.restored().await.unwrap();
    let ola = Register::join(other.address("kari").parse().unwrap(), PASSWORD.into(), desk("kari")).await.unwrap();
    assert_eq!(ola.deliveries(&subject(1)).await.unwrap().len(), 1);
    let found = ola.document(Environment::Practice, "k1", "kvittering.pdf").await.unwrap();
    assert_eq!(found.as_deref(), Some(receipt.as_slice()));
    let kari =
        Register::join(other.address("kari").parse().unwrap(), PASSWORD.into(), kari.desk().clone()).await.unwrap();
    assert!(kari.deliver(&held, "51001/bbb").await.unwrap().is_err());
    assert!(matches!(kari.take(&subject(2), "k2", 0).await.unwrap(), Taken::InDoubt(doubt) if doubt.search));

    // A document that has changed on the server's disk is found, and not handed out.
    let root = other.superuser("momsbud").await;
    root.batch_execute(
        "ALTER TABLE register.documents DROP CONSTRAINT documents_check; \
         UPDATE register.documents SET bytes = 'damaged'",
    )
    .await
    .unwrap();
    let complaints = administrator.check().await.unwrap();
    assert_eq!(complaints.iter().map(|it| it.kind.as_str()).collect::<Vec<_>>(), ["sum"]);
    assert!(ola.document(Environment::Practice, "k1", "kvittering.pdf").await.is_err());
}
