//! Every role with every statement, by hand: what is let through, and nothing else.

use register::{For, Permission};
use tokio_postgres::Client;

use crate::firm::{FJORDLYS, Firm, PASSWORD, VIKA, company};

/// Roles of the matrix, in the order of its columns: sees Fjordlys; prepares for it; files for it; administers and sees
/// nobody; revoked; a role of the server's that was never admitted.
const ROLES: [&str; 6] = ["sees", "prepares", "files", "administers", "revoked", "stranger"];

/// What comes of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Came {
    /// So many rows were read or changed.
    Rows(u64),
    /// Refused, with SQLSTATE.
    Refused,
}

use Came::{Refused as No, Rows};

/// Statement, and what comes of it for each role. `FJ` and `VI` are the two companies: nobody has a right for the second.
const MATRIX: &[(&str, [Came; 6])] = &[
    // Read: a company's rows by who may see it.
    ("SELECT FROM register.companies", [Rows(1), Rows(1), Rows(1), Rows(0), No, No]),
    ("SELECT FROM register.companies WHERE org_number = 'VI'", [Rows(0), Rows(0), Rows(0), Rows(0), No, No]),
    ("SELECT FROM register.filings", [Rows(1), Rows(1), Rows(1), Rows(0), No, No]),
    (
        "SELECT FROM register.changed_filings('practice', '1970-01-01', '', '1970-01-01', gen_random_uuid(), 100)",
        [Rows(1), Rows(1), Rows(1), Rows(0), No, No],
    ),
    ("SELECT FROM register.claims", [Rows(1), Rows(1), Rows(1), Rows(0), No, No]),
    ("SELECT FROM register.deliveries", [Rows(1), Rows(1), Rows(1), Rows(0), No, No]),
    ("SELECT FROM register.drafts", [Rows(1), Rows(1), Rows(1), Rows(0), No, No]),
    ("SELECT FROM register.duties", [Rows(1), Rows(1), Rows(1), Rows(0), No, No]),
    ("SELECT FROM register.responsibles", [Rows(1), Rows(1), Rows(1), Rows(0), No, No]),
    ("SELECT FROM register.learnt", [Rows(1), Rows(1), Rows(1), Rows(0), No, No]),
    ("SELECT FROM register.notes", [Rows(1), Rows(1), Rows(1), Rows(0), No, No]),
    ("SELECT FROM register.payment_files", [Rows(1), Rows(1), Rows(1), Rows(0), No, No]),
    ("SELECT FROM register.manifests", [Rows(1), Rows(1), Rows(1), Rows(0), No, No]),
    ("SELECT FROM register.documents", [Rows(1), Rows(1), Rows(1), Rows(0), No, No]),
    ("SELECT bytes FROM register.documents", [Rows(1), Rows(1), Rows(1), Rows(0), No, No]),
    ("SELECT FROM register.mutes", [Rows(0), Rows(0), Rows(0), Rows(0), No, No]),
    ("SELECT FROM register.audit WHERE org_number = 'VI'", [Rows(0), Rows(0), Rows(0), Rows(12), No, No]),
    ("SELECT FROM register.audit WHERE org_number IS NULL LIMIT 1", [Rows(0), Rows(0), Rows(0), Rows(1), No, No]),
    ("SELECT FROM register.rights WHERE role <> session_user LIMIT 1", [Rows(0), Rows(0), Rows(0), Rows(1), No, No]),
    ("SELECT FROM register.bookkeepers WHERE role = 'keeper'", [Rows(1), Rows(1), Rows(1), Rows(1), No, No]),
    ("SELECT FROM register.eras", [No, No, No, No, No, No]),
    ("SELECT FROM register.restores", [No, No, No, No, No, No]),
    ("SELECT FROM pg_catalog.pg_authid", [No, No, No, No, No, No]),
    // Change: by who prepares.
    ("UPDATE register.companies SET name = 'F' WHERE org_number = 'FJ'", [Rows(0), Rows(1), Rows(0), Rows(0), No, No]),
    ("UPDATE register.companies SET name = 'V' WHERE org_number = 'VI'", [Rows(0), Rows(0), Rows(0), Rows(0), No, No]),
    (
        "UPDATE register.companies SET org_number = '310890898' WHERE org_number = 'FJ'",
        [Rows(0), No, Rows(0), Rows(0), No, No],
    ),
    ("INSERT INTO register.companies (org_number, name) VALUES ('310890898', 'N')", [No, No, No, No, No, No]),
    ("DELETE FROM register.companies", [No, No, No, No, No, No]),
    ("UPDATE register.drafts SET version = 2", [Rows(0), Rows(1), Rows(0), Rows(0), No, No]),
    ("DELETE FROM register.drafts", [Rows(0), Rows(1), Rows(0), Rows(0), No, No]),
    ("UPDATE register.duties SET until = '2030-01-01'", [Rows(0), Rows(1), Rows(0), Rows(0), No, No]),
    // Who is responsible is said through a function, which asks who may see what.
    ("DELETE FROM register.responsibles", [No, No, No, No, No, No]),
    ("INSERT INTO register.responsibles (org_number, role) VALUES ('FJ', 'prepares')", [No, No, No, No, No, No]),
    ("UPDATE register.responsibles SET role = session_user", [No, No, No, No, No, No]),
    ("SELECT register.hand_over('[{\"org_number\": \"FJ\"}]', 'sees')", [No, Rows(1), No, No, No, No]),
    ("SELECT register.hand_over('[{\"org_number\": \"FJ\"}]', NULL)", [No, Rows(1), No, No, No, No]),
    ("SELECT register.hand_over('[{\"org_number\": \"FJ\"}]', 'revoked')", [No, No, No, No, No, No]),
    ("SELECT register.hand_over('[{\"org_number\": \"FJ\"}]', 'administers')", [No, No, No, No, No, No]),
    (
        "SELECT register.hand_over('[{\"org_number\": \"FJ\"}, {\"org_number\": \"VI\"}]', 'sees')",
        [No, No, No, No, No, No],
    ),
    ("SELECT register.set_away(session_user, '2099-01-01', 'sees')", [No, Rows(1), Rows(1), Rows(1), No, No]),
    ("SELECT register.set_away(session_user, '2099-01-01', 'revoked')", [No, No, No, No, No, No]),
    ("SELECT register.set_away('sees', NULL, NULL)", [Rows(1), No, No, Rows(1), No, No]),
    (
        "INSERT INTO register.learnt (org_number, kind, key, value) VALUES ('FJ', 'answer', 'b', '1')",
        [No, Rows(1), No, No, No, No],
    ),
    (
        "INSERT INTO register.learnt (org_number, kind, key, value) VALUES ('VI', 'answer', 'b', '1')",
        [No, No, No, No, No, No],
    ),
    ("DELETE FROM register.learnt", [No, No, No, No, No, No]),
    ("INSERT INTO register.notes (org_number, text) VALUES ('FJ', 'n')", [No, Rows(1), No, No, No, No]),
    ("INSERT INTO register.notes (org_number, text, by) VALUES ('FJ', 'n', 'keeper')", [No, No, No, No, No, No]),
    // Another's note.
    ("UPDATE register.notes SET text = 'changed'", [Rows(0), Rows(0), Rows(0), Rows(0), No, No]),
    ("DELETE FROM register.notes", [Rows(0), Rows(0), Rows(0), Rows(0), No, No]),
    ("INSERT INTO register.mutes (org_number, subject) VALUES ('FJ', 's')", [Rows(1), Rows(1), Rows(1), No, No, No]),
    ("INSERT INTO register.mutes (org_number, subject, role) VALUES ('FJ', 's', 'keeper')", [No, No, No, No, No, No]),
    (
        "INSERT INTO register.payment_files (environment, org_number, filing, format, amount, sha256) \
         VALUES ('practice', 'FJ', 'f', 'pain.001', 1, sha256('x'))",
        [No, No, Rows(1), No, No, No],
    ),
    ("DELETE FROM register.payment_files", [No, No, No, No, No, No]),
    // What only functions change.
    ("UPDATE register.claims SET phase = 'free'", [No, No, No, No, No, No]),
    ("DELETE FROM register.claims", [No, No, No, No, No, No]),
    ("INSERT INTO register.deliveries SELECT * FROM register.deliveries", [No, No, No, No, No, No]),
    ("DELETE FROM register.deliveries", [No, No, No, No, No, No]),
    ("UPDATE register.filings SET state = 'received'", [No, No, No, No, No, No]),
    ("DELETE FROM register.filings", [No, No, No, No, No, No]),
    ("INSERT INTO register.documents VALUES (sha256('y'), 'y')", [No, No, No, No, No, No]),
    ("INSERT INTO register.audit (what, of) VALUES ('insert', 'x')", [No, No, No, No, No, No]),
    ("UPDATE register.audit SET role = 'x'", [No, No, No, No, No, No]),
    ("DELETE FROM register.audit", [No, No, No, No, No, No]),
    ("TRUNCATE register.audit", [No, No, No, No, No, No]),
    ("INSERT INTO register.rights VALUES (session_user, 'file', 'all')", [No, No, No, No, No, No]),
    ("UPDATE register.bookkeepers SET administers = true", [No, No, No, No, No, No]),
    ("UPDATE register.policy SET version = 9", [No, No, No, No, No, No]),
    ("UPDATE register.desks SET role = session_user", [No, No, No, No, No, No]),
    ("UPDATE register.format SET version = 99", [No, No, No, No, No, No]),
    ("DELETE FROM register.migrations", [No, No, No, No, No, No]),
    // Functions ask as well.
    (
        "SELECT register.claim('take', 'practice', 'FJ', 'alminnelig', '2026-05-01', '2026-06-30', 'f', 0, NULL, NULL, NULL, '90 s')",
        [No, No, Rows(1), No, No, No],
    ),
    (
        "SELECT register.claim('take', 'practice', 'VI', 'alminnelig', '2026-05-01', '2026-06-30', 'f', 0, NULL, NULL, NULL, '90 s')",
        [No, No, No, No, No, No],
    ),
    ("SELECT register.keep_document('practice', 'f-FJ', 'a', sha256('a'), 'a')", [No, No, Rows(1), No, No, No]),
    ("SELECT register.keep_document('practice', 'f-VI', 'a', sha256('a'), 'a')", [No, No, No, No, No, No]),
    ("SELECT register.keep_document('practice', 'none', 'a', sha256('a'), 'a')", [No, No, No, No, No, No]),
    (
        "SELECT register.save_filing('{\"environment\": \"practice\", \"id\": \"n\", \"org_number\": \"VI\", \"category\": \"alminnelig\", \
         \"period_from\": \"2026-05-01\", \"period_to\": \"2026-06-30\", \"state\": \"running\", \"delivered\": \"no\", \
         \"began_at\": \"2026-06-01\"}', NULL, NULL)",
        [No, No, No, No, No, No],
    ),
    (
        "SELECT register.save_filing('{\"environment\": \"practice\", \"id\": \"n\", \"org_number\": \"FJ\", \"category\": \"alminnelig\", \
         \"period_from\": \"2026-05-01\", \"period_to\": \"2026-06-30\", \"state\": \"running\", \"delivered\": \"no\", \
         \"began_at\": \"2026-06-01\", \"company_name\": \"Another name\"}', NULL, NULL)",
        [No, No, Rows(1), No, No, No],
    ),
    // Another desk's filing is not hers to write.
    (
        "SELECT FROM register.save_filing('{\"environment\": \"practice\", \"id\": \"f-FJ\", \"org_number\": \"FJ\", \"category\": \"alminnelig\", \
         \"period_from\": \"2026-01-01\", \"period_to\": \"2026-02-28\", \"state\": \"running\", \"delivered\": \"no\", \
         \"began_at\": \"2026-06-01\"}', NULL, NULL) AS told WHERE told = 'done'",
        [No, No, Rows(0), No, No, No],
    ),
    (
        "SELECT register.bring_filing('{\"environment\": \"practice\", \"id\": \"b\", \"org_number\": \"FJ\", \"category\": \"alminnelig\", \
         \"period_from\": \"2026-07-01\", \"period_to\": \"2026-08-31\", \"state\": \"received\", \"delivered\": \"yes\", \
         \"instance\": \"51001/b\", \"began_at\": \"2026-09-01\"}')",
        [No, No, Rows(1), No, No, No],
    ),
    (
        "SELECT register.bring_filing('{\"environment\": \"practice\", \"id\": \"b\", \"org_number\": \"VI\", \"category\": \"alminnelig\", \
         \"period_from\": \"2026-07-01\", \"period_to\": \"2026-08-31\", \"state\": \"received\", \"delivered\": \"yes\", \
         \"instance\": \"51001/b\", \"began_at\": \"2026-09-01\"}')",
        [No, No, No, No, No, No],
    ),
    // An instance of another company, whatever party is written before it; one's own again.
    (
        "SELECT register.bring_filing('{\"environment\": \"practice\", \"id\": \"b\", \"org_number\": \"FJ\", \"category\": \"alminnelig\", \
         \"period_from\": \"2026-07-01\", \"period_to\": \"2026-08-31\", \"state\": \"received\", \"delivered\": \"yes\", \
         \"instance\": \"51009/A-VI\", \"began_at\": \"2026-09-01\"}')",
        [No, No, No, No, No, No],
    ),
    (
        "SELECT register.bring_filing('{\"environment\": \"practice\", \"id\": \"b\", \"org_number\": \"FJ\", \"category\": \"alminnelig\", \
         \"period_from\": \"2026-07-01\", \"period_to\": \"2026-08-31\", \"state\": \"received\", \"delivered\": \"yes\", \
         \"instance\": \"51001/a-FJ\", \"began_at\": \"2026-09-01\"}')",
        [No, No, Rows(1), No, No, No],
    ),
    (
        "SELECT register.save_filing('{\"environment\": \"practice\", \"id\": \"n\", \"org_number\": \"FJ\", \"category\": \"alminnelig\", \
         \"period_from\": \"2026-05-01\", \"period_to\": \"2026-06-30\", \"state\": \"running\", \"delivered\": \"no\", \
         \"instance\": \"51001/a-VI\", \"began_at\": \"2026-06-01\"}', NULL, NULL)",
        [No, No, No, No, No, No],
    ),
    ("SELECT register.admit('eve', 'Eve', 'secret')", [No, No, No, No, No, No]),
    (
        "SELECT register.admit('postgres', 'Eve', 'SCRAM-SHA-256$4096:AAAAAAAAAAAAAAAAAAAAAA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=')",
        [No, No, No, No, No, No],
    ),
    (
        "SELECT register.admit('eve', 'Eve', 'SCRAM-SHA-256$4096:AAAAAAAAAAAAAAAAAAAAAA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=')",
        [No, No, No, Rows(1), No, No],
    ),
    ("SELECT register.revoke('keeper')", [No, No, No, Rows(1), No, No]),
    ("SELECT register.revoke('postgres')", [No, No, No, No, No, No]),
    ("SELECT register.set_rights('keeper', '[]')", [No, No, No, Rows(1), No, No]),
    ("SELECT register.set_administers(session_user, true)", [No, No, No, Rows(1), No, No]),
    ("SELECT register.set_policy(1, '{}')", [No, No, No, Rows(1), No, No]),
    ("SELECT register.restored()", [No, No, No, Rows(1), No, No]),
    ("SELECT register.set_away(session_user, '2030-01-01', 'keeper')", [Rows(1), Rows(1), Rows(1), Rows(1), No, No]),
    ("SELECT register.set_away('keeper', '2030-01-01', NULL)", [No, No, No, Rows(1), No, No]),
    ("SELECT register.era()", [No, No, No, No, No, No]),
    ("SELECT FROM register.check_up()", [No, No, No, Rows(0), No, No]),
    // Ways around.
    ("SET ROLE momsbud_owner", [No, No, No, No, No, No]),
    ("SET SESSION AUTHORIZATION keeper", [No, No, No, No, No, No]),
    ("SET session_replication_role = replica", [No, No, No, No, No, No]),
    ("ALTER TABLE register.audit DISABLE TRIGGER ALL", [No, No, No, No, No, No]),
    ("ALTER TABLE register.companies DISABLE ROW LEVEL SECURITY", [No, No, No, No, No, No]),
    ("CREATE TABLE register.mine ()", [No, No, No, No, No, No]),
    ("CREATE FUNCTION register.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'", [No, No, No, No, No, No]),
    ("COPY register.filings TO PROGRAM 'cat'", [No, No, No, No, No, No]),
    ("CREATE ROLE eve", [No, No, No, No, No, No]),
    ("GRANT momsbud_owner TO keeper", [No, No, No, No, No, No]),
];

/// Everything there is, for both companies.
async fn fill(root: &Client) {
    for number in [FJORDLYS, VIKA] {
        root.batch_execute(
            &"SET momsbud.of = 'NN';
            INSERT INTO register.companies (org_number, name) VALUES ('NN', 'Name');
            INSERT INTO register.duties (environment, org_number, category, term, since) VALUES ('practice', 'NN', 'alminnelig', 'twoMonths', '2020-01-01');
            INSERT INTO register.responsibles (org_number, role) VALUES ('NN', 'keeper');
            INSERT INTO register.filings (environment, id, org_number, category, period_from, period_to, state, delivered, role, desk, began_at)
                SELECT 'practice', 'f-NN', 'NN', 'alminnelig', '2026-01-01', '2026-02-28', 'received', 'yes', role, id, now() FROM register.desks WHERE role = 'keeper';
            INSERT INTO register.drafts (id, environment, org_number, category, period_from, period_to, content) VALUES (gen_random_uuid(), 'practice', 'NN', 'alminnelig', '2026-01-01', '2026-02-28', '{}');
            INSERT INTO register.learnt (org_number, kind, key, value) VALUES ('NN', 'answer', 'a', '1');
            INSERT INTO register.notes (org_number, text, by) VALUES ('NN', 'A note.', 'keeper');
            INSERT INTO register.mutes (org_number, role, subject) VALUES ('NN', 'keeper', 's');
            INSERT INTO register.payment_files (environment, org_number, filing, format, amount, sha256) VALUES ('practice', 'NN', 'f-NN', 'pain.001', 1, sha256('p'));
            INSERT INTO register.documents VALUES (sha256('NN'), 'NN');
            INSERT INTO register.manifests (environment, filing, org_number, name, sha256) VALUES ('practice', 'f-NN', 'NN', 'return.xml', sha256('NN'));
            INSERT INTO register.claims (environment, org_number, category, period_from, period_to, era, fence, phase, desk, filing, role, lease_until)
                SELECT 'practice', 'NN', 'alminnelig', '2026-01-01', '2026-02-28', e.era, 1, 'free', d.id, 'f-NN', 'keeper', now() FROM register.eras e, register.desks d WHERE d.role = 'keeper';
            INSERT INTO register.deliveries (environment, org_number, category, period_from, period_to, instance, filing, role, desk)
                SELECT environment, org_number, category, period_from, period_to, '51001/a-NN', filing, role, desk FROM register.claims WHERE org_number = 'NN';"
                .replace("NN", number),
        )
        .await
        .unwrap();
    }
}

#[tokio::test]
async fn by_hand_nobody_sees_or_changes_more_than_her_rights_give() {
    let firm = Firm::new().await;
    firm.desk("keeper").await;
    let one = || For::One(company(FJORDLYS));
    firm.admit("sees", &[(Permission::See, one())]).await;
    firm.admit("prepares", &[(Permission::Prepare, one())]).await;
    firm.admit("files", &[(Permission::File, one())]).await;
    firm.admit("administers", &[]).await;
    firm.administrator.set_administers("administers", true).await.unwrap();
    firm.admit("revoked", &[(Permission::File, For::All)]).await;
    for role in ROLES.iter().take(4) {
        firm.join(role).await.unwrap();
    }
    let root = firm.superuser().await;
    root.batch_execute(&format!(
        "CREATE ROLE stranger LOGIN PASSWORD '{PASSWORD}'; GRANT CONNECT ON DATABASE momsbud TO stranger"
    ))
    .await
    .unwrap();
    fill(&root).await;
    let mut sessions = Vec::new();
    for role in ROLES {
        let session = firm.cluster.by_hand("momsbud", role, PASSWORD).await;
        let desk = root.query_opt("SELECT id::text FROM register.desks WHERE role = $1", &[&role]).await.unwrap();
        let desk = desk.map(|row| row.get::<_, String>(0)).unwrap_or_default();
        session.batch_execute(&format!("SET momsbud.desk = '{desk}'")).await.unwrap();
        sessions.push(session);
    }
    // A session that is open when she is revoked.
    firm.administrator.revoke("revoked").await.unwrap();

    let mut wrong = Vec::new();
    for (statement, expected) in MATRIX {
        let statement = statement.replace("'FJ'", &format!("'{FJORDLYS}'")).replace("f-FJ", &format!("f-{FJORDLYS}"));
        let statement = statement.replace("'VI'", &format!("'{VIKA}'")).replace("f-VI", &format!("f-{VIKA}"));
        let statement = statement.replace("-FJ\"", &format!("-{FJORDLYS}\"")).replace("-VI\"", &format!("-{VIKA}\""));
        let statement = statement.replace("\"VI\"", &format!("\"{VIKA}\""));
        let statement = statement.replace("\"FJ\"", &format!("\"{FJORDLYS}\""));
        for ((role, session), expected) in ROLES.iter().zip(&sessions).zip(expected) {
            session.batch_execute("BEGIN").await.unwrap();
            let came = session.execute(&statement, &[]).await;
            session.batch_execute("ROLLBACK").await.unwrap();
            let code = came.as_ref().err().and_then(|error| error.code()).map(|code| code.code().to_owned());
            let words =
                came.as_ref().err().and_then(|error| error.as_db_error()).map(|error| error.message().to_owned());
            let came = came.map_or(No, Rows);
            // A statement that is refused because it is wrong shows nothing.
            let sound = code.as_deref().is_none_or(|code| {
                code.starts_with("MB")
                    || code == "42501"
                    || words.as_deref().is_some_and(|it| it.contains("permission denied"))
            });
            if came != *expected || !sound {
                wrong.push(format!("{role}: {statement}: {came:?}, not {expected:?} ({code:?} {words:?})"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), MATRIX.len() * ROLES.len(), wrong.join("\n"));
    assert!(MATRIX.len() >= 80);
}

#[tokio::test]
async fn no_national_id_goes_in_and_the_record_is_kept_from_everybody() {
    let firm = Firm::new().await;
    let kari = firm.desk("kari").await;
    let root = firm.superuser().await;
    root.batch_execute("INSERT INTO register.companies (org_number, name) VALUES ('311797816', 'Fjordlys AS')")
        .await
        .unwrap();
    let session = firm.cluster.by_hand("momsbud", "kari", PASSWORD).await;
    session.batch_execute(&format!("SET momsbud.desk = '{}'", kari.desk().id)).await.unwrap();
    let note = |text: &str| format!("INSERT INTO register.notes (org_number, text) VALUES ('311797816', '{text}')");
    // A synthetic person's id (month + 80), with and without a blank; an account number and a KID are none.
    for id in ["Ring 17912099997.", "Ring 179120 99997"] {
        let refused = session.execute(&note(id), &[]).await.unwrap_err();
        assert_eq!(refused.code().map(tokio_postgres::error::SqlState::code), Some("MB004"), "{id}");
    }
    for fine in ["Konto 12345678903", "KID 1234567890128", "Ring 22 33 44 55", "Org.nr. 311797816"] {
        session.execute(&note(fine), &[]).await.unwrap();
    }
    let row = root
        .query_one("SELECT role, desk, what, of, org_number, after ->> 'text' FROM register.audit WHERE of = 'notes' ORDER BY number LIMIT 1", &[])
        .await
        .unwrap();
    assert_eq!(
        (row.get::<_, &str>(0), row.get::<_, uuid::Uuid>(1), row.get::<_, &str>(2), row.get::<_, &str>(5)),
        ("kari", kari.desk().id, "insert", "Konto 12345678903")
    );
    // Not even the owner, by a statement; nor does a desk count that is not hers.
    let owner = firm.cluster.by_hand("momsbud", "admin", PASSWORD).await;
    for statement in
        ["UPDATE register.audit SET role = 'x'", "DELETE FROM register.audit", "DELETE FROM register.deliveries"]
    {
        let refused = owner.execute(statement, &[]).await.unwrap_err();
        assert_eq!(refused.code().map(tokio_postgres::error::SqlState::code), Some("MB003"), "{statement}");
    }
    firm.desk("ola").await;
    let ola = firm.cluster.by_hand("momsbud", "ola", PASSWORD).await;
    ola.batch_execute(&format!("SET momsbud.desk = '{}'", kari.desk().id)).await.unwrap();
    ola.execute(&note("his"), &[]).await.unwrap();
    let desk: Option<uuid::Uuid> = root
        .query_one("SELECT desk FROM register.audit WHERE role = 'ola' AND of = 'notes'", &[])
        .await
        .unwrap()
        .get(0);
    assert_eq!(desk, None);
}
