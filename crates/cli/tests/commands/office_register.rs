//! The office register from the command line, on a PostgreSQL of the test's own: made, moved into, administered and left; and
//! what is said where it cannot be used.

use std::{fs, io::Write as _, os::unix::fs::PermissionsExt as _, path::Path, process::Stdio};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use serde_json::Value;
use tokio_postgres::NoTls;

use crate::{
    cluster::{Cluster, give},
    desk::{Desk, INGRID, Practice, in_a_session, text, until, waited},
};

/// The administrator's password.
pub(crate) const PASSWORD: &str = "fjell-og-vidde";

/// Hand-written SQL with the server's own account.
pub(crate) fn sql(cluster: &Cluster, database: &str, statements: &str) {
    let config = format!("host={} user=postgres dbname={database}", cluster.folder().display());
    waited(async {
        let (client, connection) = tokio_postgres::connect(&config, NoTls).await.unwrap();
        let driven = tokio::spawn(connection);
        client.batch_execute(statements).await.unwrap();
        drop(client);
        let _ended = driven.await;
    });
}

/// An empty database, and a role that may make a register in it.
pub(crate) fn empty(cluster: &Cluster) {
    sql(cluster, "postgres", &format!("CREATE ROLE admin LOGIN CREATEROLE PASSWORD '{PASSWORD}'"));
    sql(cluster, "postgres", "CREATE DATABASE momsbud OWNER admin");
}

/// Lets somebody in who may prepare and file for everybody; her password.
pub(crate) fn admit(desk: &Desk, cluster: &Cluster, role: &str) -> String {
    let admin = cluster.address("admin");
    let name = format!("{role} Nordmann");
    let may = ["--may", "prepare,file", "--register", &admin, "--json"];
    let admitted = desk.tell(&[&["register", "admit", role, "--name", &name], &may[..]].concat(), PASSWORD);
    assert_eq!(admitted.status.code(), Some(0), "{}", text(&admitted.stderr));
    let said: Value = serde_json::from_slice(&admitted.stdout).unwrap();
    said["password"].as_str().unwrap().to_owned()
}

/// Moves a desk in.
pub(crate) fn move_in(desk: &Desk, cluster: &Cluster, role: &str, password: &str) -> Value {
    let address = cluster.address(role);
    let name = format!("pc-{role}");
    let moved = desk.tell(&["register", "move-in", "--json", "--desk", &name, &address], &format!("{password}\n"));
    assert_eq!(moved.status.code(), Some(0), "{}{}", text(&moved.stdout), text(&moved.stderr));
    serde_json::from_slice(&moved.stdout).unwrap()
}

#[test]
fn a_register_is_made_moved_into_administered_and_left() {
    in_a_session("office_register::within_the_session");
}

#[test]
#[ignore = "run by a_register_is_made_moved_into_administered_and_left"]
fn within_the_session() {
    let mut cluster = Cluster::start("");
    empty(&cluster);
    let desk = Desk::with_keyring(&Practice::start());
    desk.practice.receipts_take(0.2);
    let admin = cluster.address("admin");
    let told = |arguments: &[&str], typed: &str| {
        let output = desk.tell(arguments, typed);
        (output.status.code().unwrap_or(-1), text(&output.stdout) + &text(&output.stderr))
    };
    let refused = |arguments: &[&str], typed: &str, words: &str| {
        let (status, said) = told(arguments, typed);
        assert!(status == 2 && said.contains(words), "{arguments:?}: {status}: {said}");
    };

    // Before there is one.
    assert_eq!(desk.said(&["register", "status"]).0, 1);
    refused(&["register", "status", "--register", &admin], PASSWORD, "Det finnes ikke noe kontorregister");
    refused(&["register", "create", &admin], "fjell\n", "godtar ikke passordet");
    refused(&["register", "create", &admin], "", "Det kom ikke noe passord");
    refused(&["register", "create", "postgresql://a:b@c/d"], "", "Passordet skal ikke stå i adressen");
    let (status, said) = told(&["register", "create", &admin], &format!("{PASSWORD}\n"));
    assert!(status == 0 && said.contains("er laget") && said.contains("ssl = on"), "{said}");
    let (status, said) = told(&["register", "create", &admin, "--json"], PASSWORD);
    let again: Value = serde_json::from_str(&said).unwrap();
    assert!(status == 0 && again["broughtIn"] == serde_json::json!([]), "{said}");

    // A desk with a history moves in, twice.
    let filed = desk.files(INGRID, &[&desk.sample("fjordlys")]);
    let local = rusqlite::Connection::open(desk.folder.path().join("data/momsbud.db")).unwrap();
    let kept = "SELECT (SELECT count(*) FROM register_outbox) + (SELECT count(*) FROM register_claims)";
    let kept: i64 = local.query_row(kept, [], |row| row.get(0)).unwrap();
    assert_eq!(kept, 0, "who has no register keeps nothing for one");
    drop(local);
    let password = admit(&desk, &cluster, "kari");
    refused(&["register", "move-in", &cluster.address("kari")], "fjell", "godtar ikke passordet");
    // Broken off in the middle of the archive, it goes on where it was.
    breaks_off(&desk, &cluster, &password);
    let moved = move_in(&desk, &cluster, "kari", &password);
    assert_eq!((&moved["filings"], &moved["there"]), (&0.into(), &1.into()), "{moved}");
    assert!(moved["documents"].as_u64().unwrap() > 1 && moved["companies"].as_u64().unwrap() > 0, "{moved}");
    let documents = "SELECT count(*) FROM register.manifests";
    let all = desk.folder.path().join("archive").read_dir().unwrap().count();
    assert!(all > 0 && value(&cluster, documents) == 2 + moved["documents"].as_i64().unwrap(), "{moved}");
    let again = move_in(&desk, &cluster, "kari", &password);
    assert_eq!((&again["filings"], &again["there"]), (&0.into(), &1.into()), "{again}");
    let (status, lines) = desk.json(&["register", "status"]);
    let now = &lines[0];
    assert!(status == 0 && now["role"] == "kari" && now["desk"]["name"] == "pc-kari", "{now}");
    assert_eq!(now["desks"].as_array().unwrap().len(), 1, "a desk that comes again is the same: {now}");
    let (status, said) = desk.said(&["--lang", "en", "register", "status"]);
    assert!(status == 0 && said.contains("You are kari Nordmann (kari)") && said.contains("No standby"), "{said}");
    // The password lies in the vault, and nowhere in the clear.
    for file in ["momsbud.db", "momsbud.db-wal"] {
        let bytes = fs::read(desk.folder.path().join("data").join(file)).unwrap_or_default();
        assert!(!bytes.windows(password.len()).any(|part| part == password.as_bytes()), "{file}");
    }

    // Checked, and something put in that does not belong.
    let as_admin = ["--register", &admin];
    assert_eq!(told(&[&["register", "check"], &as_admin[..]].concat(), PASSWORD).0, 0);
    sql(&cluster, "momsbud", "INSERT INTO register.documents VALUES (sha256('x'), 'x')");
    let (status, said) = told(&[&["register", "check"], &as_admin[..]].concat(), PASSWORD);
    assert!(status == 1 && said.contains("hører til ingen innsending"), "{said}");
    refused(&["register", "check"], "", "gir deg ikke lov");

    // Leaving tells the register what it has not heard, and takes everything home; what is filed stays.
    let id = filed[0]["filing"]["id"].as_str().unwrap();
    unheard(&desk, &cluster, id);
    // A document that is not what its sum says keeps nobody here.
    sql(
        &cluster,
        "momsbud",
        &format!(
            "ALTER TABLE register.documents DROP CONSTRAINT documents_check; \
             INSERT INTO register.documents VALUES (sha256('sound'), 'changed'); \
             INSERT INTO register.manifests (environment, filing, org_number, name, sha256, by) \
             SELECT environment, id, org_number, 'endret.pdf', sha256('sound'), role FROM register.filings WHERE id = '{id}'"
        ),
    );
    let copy = desk.path("copy");
    let (status, said) = desk.said(&["register", "leave", "--to", &copy]);
    assert!(status == 0 && said.contains("1 dokumenter ble ikke tatt med"), "{status}: {said}");
    assert!(!Path::new(&copy).join("documents").join(id).join("endret.pdf").exists());
    for table in ["filings", "deliveries"] {
        let rows = fs::read_to_string(Path::new(&copy).join(format!("{table}.jsonl"))).unwrap();
        assert!(rows.contains(id) && !rows.contains("running"), "{table}: {rows}");
    }
    assert!(Path::new(&copy).join("documents").join(id).join("kvittering.pdf").is_file());
    assert_eq!(desk.said(&["register", "status"]).0, 1);

    // What stands in the way later, each in words of its own.
    move_in(&desk, &cluster, "kari", &password);
    let away = |words: &str| refused(&["register", "status"], "", words);
    let version = |version: i32, oldest: i32| {
        sql(&cluster, "momsbud", &format!("UPDATE register.format SET version = {version}, oldest = {oldest}"));
    };
    let here = i32::try_from(now["programVersion"].as_i64().unwrap()).unwrap();
    version(here + 2, here + 1);
    away("Oppdater Momsbud");
    version(here - 1, here - 1);
    away("En administrator løfter det");
    version(here, here);
    sql(
        &cluster,
        "momsbud",
        "CREATE FUNCTION register.full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
         RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$; \
         CREATE TRIGGER full_disk BEFORE INSERT OR UPDATE ON register.desks FOR EACH ROW EXECUTE FUNCTION register.full_disk()",
    );
    away("Disken hos kontorregisteret er full");
    sql(&cluster, "momsbud", "DROP FUNCTION register.full_disk() CASCADE");
    let (status, said) = told(&[&["register", "revoke", "kari"], &as_admin[..]].concat(), PASSWORD);
    assert!(status == 0 && said.contains("stengt ute"), "{said}");
    away("Du har ikke tilgang");
    // Let in anew she has another password than the desk has kept.
    let other = admit(&desk, &cluster, "kari");
    away("godtar ikke passordet");
    move_in(&desk, &cluster, "kari", &other);
    cluster.down();
    away("kan ikke nås");
    proves_who_it_is(&mut cluster, |address, words| {
        refused(&["register", "status", "--register", address], PASSWORD, words);
    });
}

/// The register knows of a filing that it runs, and of no delivery; the desk has noted that it is to be told.
fn unheard(desk: &Desk, cluster: &Cluster, id: &str) {
    sql(
        cluster,
        "momsbud",
        &format!(
            "UPDATE register.filings SET state = 'running', delivered = 'no' WHERE id = '{id}'; \
             ALTER TABLE register.deliveries DISABLE TRIGGER deliveries_keep; DELETE FROM register.deliveries; \
             ALTER TABLE register.deliveries ENABLE TRIGGER deliveries_keep"
        ),
    );
    let local = rusqlite::Connection::open(desk.folder.path().join("data/momsbud.db")).unwrap();
    local.execute("INSERT INTO register_outbox (filing) VALUES (?1)", [id]).unwrap();
    local.execute("INSERT INTO register_claims (filing, open) VALUES (?1, 1)", [id]).unwrap();
}

/// One number of the register.
fn value(cluster: &Cluster, select: &str) -> i64 {
    let config = format!("host={} user=postgres dbname=momsbud", cluster.folder().display());
    waited(async {
        let (client, connection) = tokio_postgres::connect(&config, NoTls).await.unwrap();
        let driven = tokio::spawn(connection);
        let value = client.query_one(select, &[]).await.unwrap().get(0);
        drop(client);
        let _ended = driven.await;
        value
    })
}

/// A move into the register is killed when two documents are there.
fn breaks_off(desk: &Desk, cluster: &Cluster, password: &str) {
    sql(
        cluster,
        "momsbud",
        "CREATE FUNCTION register.waits() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
         IF (SELECT count(*) FROM register.manifests) >= 2 THEN PERFORM pg_sleep(14); END IF; RETURN NEW; END $$; \
         CREATE TRIGGER waits BEFORE INSERT ON register.manifests FOR EACH ROW EXECUTE FUNCTION register.waits()",
    );
    let address = cluster.address("kari");
    let mut moving = desk
        .command(&["register", "move-in", "--json", "--desk", "pc-kari", &address])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    moving.stdin.take().unwrap().write_all(format!("{password}\n").as_bytes()).unwrap();
    until("two documents are there", || value(cluster, "SELECT count(*) FROM register.manifests") == 2);
    moving.kill().unwrap();
    moving.wait().unwrap();
    // What it had begun ends with its connection.
    sql(
        cluster,
        "momsbud",
        "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE usename = 'kari'; \
         DROP FUNCTION register.waits() CASCADE",
    );
}

fn pem(what: &str, der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let lines: Vec<&str> = text.as_bytes().chunks(64).map(|it| std::str::from_utf8(it).unwrap()).collect();
    format!("-----BEGIN {what}-----\n{}\n-----END {what}-----\n", lines.join("\n"))
}

/// Certificates that are of another name, or have run out: nothing is sent.
fn proves_who_it_is(cluster: &mut Cluster, refused: impl Fn(&str, &str)) {
    let its_key = KeyPair::generate().unwrap();
    let mut its = CertificateParams::default();
    its.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    its.distinguished_name.push(DnType::CommonName, "Firma CA");
    let authority = its.self_signed(&its_key).unwrap();
    let data = cluster.data();
    let roots = cluster.folder().join("firma.pem");
    fs::write(&roots, pem("CERTIFICATE", authority.der())).unwrap();
    let before = fs::read_to_string(data.join("postgresql.conf")).unwrap();
    for (name, until, words) in [("127.0.0.1", 2021, "expired"), ("127.0.0.2", 2099, "not valid for name")] {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(until, 1, 1);
        let certificate = params.signed_by(&key, &Issuer::from_params(&its, &its_key)).unwrap();
        fs::write(data.join("server.crt"), pem("CERTIFICATE", certificate.der())).unwrap();
        fs::write(data.join("server.key"), pem("PRIVATE KEY", &key.serialize_der())).unwrap();
        fs::set_permissions(data.join("server.key"), fs::Permissions::from_mode(0o600)).unwrap();
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let settings = format!("{before}\nlisten_addresses = '127.0.0.1'\nport = {port}\nssl = on\n");
        fs::write(data.join("postgresql.conf"), settings).unwrap();
        give(cluster.folder());
        cluster.up();
        let roots = roots.to_str().unwrap().replace('/', "%2F");
        refused(
            &format!(
                "postgresql://admin@127.0.0.1:{port}/momsbud?sslmode=verify-full&sslrootcert={roots}&connect_timeout=60"
            ),
            words,
        );
        cluster.down();
    }
}
