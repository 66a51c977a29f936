//! The schema: made once, brought up, older and newer than the program.

use register::{Address, Lack, RegisterError, VERSION, create};

use crate::{
    cluster::Cluster,
    firm::{Firm, PASSWORD},
};

#[tokio::test]
async fn an_empty_database_becomes_a_register_once() {
    let cluster = Cluster::start("");
    Firm::empty(&cluster).await;
    let address: Address = cluster.address("admin").parse().unwrap();
    let missing = register::Register::administer(address.clone(), PASSWORD.into()).await;
    assert!(matches!(missing, Err(RegisterError::NoRegister)), "{missing:?}");
    // Two administrators at once.
    let (one, other) = tokio::join!(create(address.clone(), PASSWORD.into()), create(address.clone(), PASSWORD.into()));
    let mut versions = [one.unwrap(), other.unwrap()].map(|made| made.versions);
    versions.sort();
    let [nothing, all] = versions;
    let files = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations")).unwrap().count();
    assert_eq!((nothing.len(), all.len(), all.last()), (0, files, Some(&VERSION)), "{all:?}");
    let again = create(address, PASSWORD.into()).await.unwrap();
    assert_eq!(again.versions, Vec::<i32>::new());
    assert!(again.lacks.contains(&Lack::SynchronousReplication) && again.lacks.contains(&Lack::Tls));
    assert!(!again.lacks.contains(&Lack::Checksums) && !again.lacks.contains(&Lack::Scram));
}

#[tokio::test]
async fn a_register_of_another_version_says_what_to_do() {
    let firm = Firm::new().await;
    firm.admit("kari", &[]).await;
    let root = firm.superuser().await;
    let set = |version: i32, oldest: i32| format!("UPDATE register.format SET version = {version}, oldest = {oldest}");
    root.batch_execute(&set(VERSION + 1, VERSION)).await.unwrap();
    firm.join("kari").await.expect("a program that is one version back works on");
    root.batch_execute(&set(VERSION + 2, VERSION + 1)).await.unwrap();
    let newer = firm.join("kari").await.unwrap_err();
    assert!(matches!(newer, RegisterError::SchemaNewer { .. }), "{newer:?}");
    assert!(newer.text(register::Language::En).contains("Update Momsbud"));
    let again = create(firm.cluster.address("admin").parse().unwrap(), PASSWORD.into()).await.unwrap_err();
    assert!(matches!(again, RegisterError::SchemaNewer { .. }), "{again:?}");
    root.batch_execute(&set(VERSION - 1, VERSION - 1)).await.unwrap();
    let older = firm.join("kari").await.unwrap_err();
    assert!(matches!(older, RegisterError::SchemaOlder { .. }), "{older:?}");
}

#[tokio::test]
async fn a_role_without_the_right_makes_no_register() {
    let cluster = Cluster::start("");
    Firm::empty(&cluster).await;
    let root = cluster.superuser("postgres").await;
    root.batch_execute(&format!("CREATE ROLE plain LOGIN PASSWORD '{PASSWORD}'")).await.unwrap();
    let refused = create(cluster.address("plain").parse().unwrap(), PASSWORD.into()).await;
    assert!(matches!(refused, Err(RegisterError::NotPermitted(_))), "{refused:?}");
}

#[tokio::test]
async fn functions_with_anothers_rights_have_a_fixed_search_path_and_belong_to_nobody_who_signs_in() {
    let firm = Firm::new().await;
    let root = firm.superuser().await;
    let loose = root
        .query(
            "SELECT p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_roles r ON r.oid = p.proowner \
             WHERE n.nspname = 'register' AND (NOT coalesce(p.proconfig @> ARRAY['search_path=pg_catalog, pg_temp'], false) \
             OR r.rolcanlogin OR r.rolsuper)",
            &[],
        )
        .await
        .unwrap();
    assert!(loose.is_empty(), "{:?}", loose.iter().map(|row| row.get::<_, String>(0)).collect::<Vec<_>>());
    // Everybody (PUBLIC) has nothing.
    let everybodys = root
        .query(
            "SELECT p.proname::text FROM pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a \
             WHERE p.pronamespace = 'register'::regnamespace AND a.grantee = 0 \
             UNION SELECT c.relname::text FROM pg_class c, aclexplode(c.relacl) a \
             WHERE c.relnamespace = 'register'::regnamespace AND a.grantee = 0",
            &[],
        )
        .await
        .unwrap();
    assert!(everybodys.is_empty(), "{:?}", everybodys.iter().map(|row| row.get::<_, String>(0)).collect::<Vec<_>>());
    // Every table is behind row-level security but the two that say nothing of anybody.
    let open = root
        .query(
            "SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'register'::regnamespace AND c.relkind = 'r' \
             AND NOT c.relrowsecurity ORDER BY 1",
            &[],
        )
        .await
        .unwrap();
    assert_eq!(open.iter().map(|row| row.get::<_, String>(0)).collect::<Vec<_>>(), ["format", "migrations"]);
}

/// What was told the register before its eighth version kept KIDs that nobody owes; so did the record of emptying them.
#[tokio::test]
async fn the_record_forgets_the_kids_that_nobody_owes() {
    let firm = Firm::new().await;
    let root = firm.superuser().await;
    let row = |environment: &str, state: &str, sum: &str| {
        format!(
            "{{\"environment\": \"{environment}\", \"state\": \"{state}\", \"sum\": {sum}, \"payment\": {{\"kid\": \"77\"}}}}"
        )
    };
    let owed = row("production", "received", "100.00");
    let nobodys = [
        row("practice", "received", "100.00"),
        row("production", "waitingAnswer", "100.00"),
        row("production", "received", "-5"),
        row("production", "received", "null"),
    ];
    for nobodys in &nobodys {
        root.batch_execute(&format!(
            "INSERT INTO register.audit (what, of, before, after) VALUES ('insert', 'filings', NULL, '{nobodys}'), \
             ('update', 'filings', '{nobodys}', '{owed}'), ('update', 'filings', '{owed}', '{nobodys}')"
        ))
        .await
        .unwrap();
    }
    let migration = include_str!("../../migrations/V10__whose_instance.sql");
    let from = migration.find("ALTER TABLE register.audit DISABLE").unwrap();
    let to = migration.find("UPDATE register.format").unwrap();
    root.batch_execute(&migration[from..to]).await.unwrap();
    let count = |which: &str| format!("SELECT count(*) FROM register.audit WHERE of = 'filings' AND {which}");
    let counted = async |which: &str| root.query_one(&count(which), &[]).await.unwrap().get::<_, i64>(0);
    assert_eq!(counted("before #>> '{payment,kid}' = '77'").await, 4, "what is owed stays");
    assert_eq!(counted("after #>> '{payment,kid}' = '77'").await, 4);
    assert_eq!(counted("before IS NULL AND after ->> 'sum' IS NOT NULL").await, 3, "the rest of it too");
    let refused = root.batch_execute("UPDATE register.audit SET role = 'x'").await;
    assert!(refused.is_err(), "it is append-only again");
}
