//! Getting in, and what is said when one does not.

use std::{
    fs,
    net::TcpListener,
    os::unix::fs::PermissionsExt as _,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use register::{Change, Language, Register, RegisterError, Taken, create};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener as AsyncListener, UnixStream},
};

use crate::{
    cluster::{Cluster, as_server, folder, give, is_root},
    firm::{Firm, PASSWORD, desk, subject},
    needed,
};

#[tokio::test]
async fn a_wrong_password_and_a_revoked_role_are_told_apart() {
    let firm = Firm::new().await;
    let kari = firm.desk("kari").await;
    let address = firm.cluster.address("kari");
    let wrong = Register::join(address.parse().unwrap(), "fjell".into(), desk("kari")).await.unwrap_err();
    assert!(matches!(wrong, RegisterError::Password), "{wrong:?}");
    assert!(!wrong.may_pass());
    // A role of the server's that is no bookkeeper.
    let root = firm.superuser().await;
    root.batch_execute(&format!("CREATE ROLE guest LOGIN PASSWORD '{PASSWORD}'")).await.unwrap();
    let guest = Register::join(firm.cluster.address("guest").parse().unwrap(), PASSWORD.into(), desk("guest")).await;
    assert!(matches!(guest, Err(RegisterError::NotPermitted(_) | RegisterError::NotAdmitted)), "{guest:?}");

    firm.administrator.revoke("kari").await.unwrap();
    // At once, in the session that is open.
    let refused = kari.take(&subject(1), "k1", 0).await.unwrap_err();
    assert!(matches!(refused, RegisterError::NotAdmitted | RegisterError::NotPermitted(_)), "{refused:?}");
    let again = firm.join("kari").await.unwrap_err();
    assert!(matches!(again, RegisterError::NotAdmitted), "{again:?}");
    assert!(again.text(Language::Nb).contains("ikke tilgang"));
    // And back.
    firm.desk("kari").await.take(&subject(1), "k1", 0).await.unwrap();
}

#[tokio::test]
async fn a_server_that_is_restarted_in_the_middle_is_found_again() {
    let mut firm = Firm::new().await;
    let kari = firm.desk("kari").await;
    let Taken::Held { held, .. } = kari.take(&subject(1), "k1", 0).await.unwrap() else { panic!() };
    firm.cluster.down();
    let away = kari.renew(&held, None).await.unwrap_err();
    assert!(away.may_pass(), "{away:?}");
    let away = kari.renew(&held, None).await.unwrap_err();
    assert!(matches!(away, RegisterError::Unreachable { .. }), "{away:?}");
    firm.cluster.up();
    kari.renew(&held, Some("51001/aaa")).await.unwrap().unwrap();
    let delivering = kari.deliver(&held, "51001/aaa").await.unwrap().unwrap();
    kari.delivered(&delivering).await.unwrap().unwrap();
}

#[tokio::test]
async fn a_host_that_says_nothing_is_left_for_the_next() {
    let firm = Firm::new().await;
    firm.admit("kari", &[]).await;
    // It accepts, as a server that is stopped does, and never says a word.
    let silent = AsyncListener::bind("127.0.0.1:0").await.unwrap();
    let port = silent.local_addr().unwrap().port();
    let folder = firm.cluster.folder().to_str().unwrap().replace('/', "%2F");
    let address = format!("postgresql://kari@127.0.0.1:{port},{folder}:5432/momsbud?connect_timeout=5");
    let began = Instant::now();
    Register::join(address.parse().unwrap(), PASSWORD.into(), desk("kari")).await.unwrap();
    assert!(began.elapsed() < Duration::from_secs(60), "{:?}", began.elapsed());
    let alone = format!("postgresql://kari@127.0.0.1:{port}/momsbud?connect_timeout=1");
    let nobody = Register::join(alone.parse().unwrap(), PASSWORD.into(), desk("kari")).await.unwrap_err();
    assert!(
        matches!(&nobody, RegisterError::Unreachable { tried } if tried[0].contains("no answer within 1 s")),
        "{nobody:?}"
    );
}

/// TCP in front of the cluster's socket, which can be cut.
async fn proxy(socket: std::path::PathBuf) -> (u16, tokio::sync::watch::Sender<bool>) {
    let listener = AsyncListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (cut, is_cut) = tokio::sync::watch::channel(false);
    tokio::spawn(async move {
        loop {
            let (mut near, _) = listener.accept().await.unwrap();
            let (socket, mut is_cut) = (socket.clone(), is_cut.clone());
            tokio::spawn(async move {
                let Ok(mut far) = UnixStream::connect(socket).await else { return };
                tokio::select! {
                    () = async { drop(is_cut.wait_for(|cut| *cut).await) } => {}
                    _ = tokio::io::copy_bidirectional(&mut near, &mut far) => {}
                }
            });
        }
    });
    (port, cut)
}

#[tokio::test]
async fn what_one_desk_does_is_heard_at_another_at_once_and_after_a_cut() {
    let firm = Firm::new().await;
    let (kari, _) = (firm.desk("kari").await, firm.desk("ola").await);
    let (port, cut) = proxy(firm.cluster.folder().join(".s.PGSQL.5432")).await;
    let address = format!("postgresql://ola@127.0.0.1:{port}/momsbud?connect_timeout=60");
    let ola = Register::join(address.parse().unwrap(), PASSWORD.into(), desk("ola")).await.unwrap();
    let mut changes = ola.changes().unwrap();
    assert_eq!(changes.next().await, Some(Change::Anything));
    let began = Instant::now();
    kari.take(&subject(1), "k1", 0).await.unwrap();
    while changes.next().await != Some(Change::Table("claims".to_owned())) {}
    eprintln!("heard after {:.0} ms", began.elapsed().as_secs_f64() * 1000.0);
    // Long before the next look, which is a minute's.
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
    // The network is gone, and comes back.
    cut.send_replace(true);
    while !matches!(changes.next().await, Some(Change::Away(_))) {}
    kari.take(&subject(2), "k2", 0).await.unwrap();
    cut.send_replace(false);
    // What was missed is looked at.
    while changes.next().await != Some(Change::Anything) {}
    kari.take(&subject(3), "k3", 0).await.unwrap();
    while changes.next().await != Some(Change::Table("claims".to_owned())) {}
}

struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        let _gone = self.0.kill();
        let _gone = self.0.wait();
    }
}

#[tokio::test]
async fn a_pooler_is_refused_with_words() {
    let firm = Firm::new().await;
    firm.admit("kari", &[]).await;
    let root = firm.superuser().await;
    let verifier: String =
        root.query_one("SELECT rolpassword FROM pg_authid WHERE rolname = 'kari'", &[]).await.unwrap().get(0);
    for (mode, ignored) in [("transaction", ""), ("transaction", "options"), ("session", "options")] {
        let folder = folder("momsbud-pool-");
        let users = folder.path().join("users");
        fs::write(&users, format!("\"kari\" \"{verifier}\"\n")).unwrap();
        let settings = folder.path().join("pgbouncer.ini");
        fs::write(
            &settings,
            format!(
                "[databases]\nmomsbud = host={} port=5432\n[pgbouncer]\nunix_socket_dir = {}\nlisten_port = 6432\n\
                 auth_type = scram-sha-256\nauth_file = {}\npool_mode = {mode}\nignore_startup_parameters = {ignored}\n",
                firm.cluster.folder().display(),
                folder.path().display(),
                users.display()
            ),
        )
        .unwrap();
        give(folder.path());
        let mut command = as_server(Path::new("/usr/sbin/pgbouncer"));
        let pooler = command.arg("-q").arg(&settings).stdout(Stdio::null()).stderr(Stdio::null());
        let _pooler = Ended(pooler.spawn().unwrap());
        let socket = folder.path().join(".s.PGSQL.6432");
        let patience = Instant::now();
        while std::os::unix::net::UnixStream::connect(&socket).is_err() {
            assert!(patience.elapsed() < Duration::from_secs(30), "the pooler does not come up");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let host = folder.path().to_str().unwrap().replace('/', "%2F");
        let address = format!("postgresql://kari@{host}:6432/momsbud?connect_timeout=60");
        let refused = Register::join(address.parse().unwrap(), PASSWORD.into(), desk("kari")).await.unwrap_err();
        assert!(matches!(refused, RegisterError::Pooler { .. }), "{mode} {ignored}: {refused:?}");
        assert!(refused.text(Language::En).contains("PgBouncer"));
    }
}

/// A certificate authority, and what it has signed.
pub(crate) struct Authority(CertificateParams, KeyPair);

impl Authority {
    pub(crate) fn new(name: &str) -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(params, KeyPair::generate().unwrap())
    }

    pub(crate) fn pem(&self) -> String {
        pem("CERTIFICATE", self.0.clone().self_signed(&self.1).unwrap().der())
    }

    /// Certificate and key for a name, which end in that year.
    pub(crate) fn sign(&self, name: &str, until: i32) -> (String, String) {
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(until, 1, 1);
        let key = KeyPair::generate().unwrap();
        let issuer = Issuer::from_params(&self.0, &self.1);
        let certificate = params.signed_by(&key, &issuer).unwrap();
        (pem("CERTIFICATE", certificate.der()), pem("PRIVATE KEY", &key.serialize_der()))
    }
}

fn pem(what: &str, der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let lines: Vec<&str> = text.as_bytes().chunks(64).map(|it| std::str::from_utf8(it).unwrap()).collect();
    format!("-----BEGIN {what}-----\n{}\n-----END {what}-----\n", lines.join("\n"))
}

/// A port that was free a moment ago.
fn port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

#[tokio::test]
async fn a_server_proves_who_it_is_or_is_not_talked_to() {
    let authority = Authority::new("Firma CA");
    let cluster = Cluster::start("");
    Firm::empty(&cluster).await;
    create(cluster.address("admin").parse().unwrap(), PASSWORD.into()).await.unwrap();
    let firm_ca = cluster.folder().join("firma.pem");
    fs::write(&firm_ca, authority.pem()).unwrap();
    let stranger = cluster.folder().join("stranger.pem");
    fs::write(&stranger, Authority::new("Stranger").pem()).unwrap();
    let (data, mut cluster) = (cluster.data(), cluster);
    let before = fs::read_to_string(data.join("postgresql.conf")).unwrap();
    for (name, until, roots, expected) in [
        ("127.0.0.1", 2099, &firm_ca, None),
        ("127.0.0.1", 2021, &firm_ca, Some("expired")),
        ("127.0.0.2", 2099, &firm_ca, Some("not valid for name")),
        ("127.0.0.1", 2099, &stranger, Some("UnknownIssuer")),
    ] {
        let (certificate, key) = authority.sign(name, until);
        fs::write(data.join("server.crt"), certificate).unwrap();
        fs::write(data.join("server.key"), key).unwrap();
        fs::set_permissions(data.join("server.key"), fs::Permissions::from_mode(0o600)).unwrap();
        let port = port();
        let settings = format!("{before}\nlisten_addresses = '127.0.0.1'\nport = {port}\nssl = on\n");
        fs::write(data.join("postgresql.conf"), settings).unwrap();
        give(cluster.folder());
        cluster.down();
        cluster.up();
        let roots = roots.to_str().unwrap().replace('/', "%2F");
        let address = format!(
            "postgresql://admin@127.0.0.1:{port}/momsbud?sslmode=verify-full&sslrootcert={roots}&connect_timeout=60"
        );
        let came = Register::administer(address.parse().unwrap(), PASSWORD.into()).await;
        match (expected, came) {
            (None, Ok(register)) => {
                assert!(register.check().await.unwrap().is_empty());
            }
            (Some(words), Err(RegisterError::Certificate { reason, .. })) => {
                assert!(reason.contains(words), "{reason}");
            }
            (expected, came) => panic!("{name} {until} {expected:?}: {came:?}"),
        }
    }
    // A server without TLS, and a desk that wants it.
    let port = port();
    fs::write(data.join("postgresql.conf"), format!("{before}\nlisten_addresses = '127.0.0.1'\nport = {port}\n"))
        .unwrap();
    give(cluster.folder());
    cluster.down();
    cluster.up();
    let address = format!("postgresql://admin@127.0.0.1:{port}/momsbud?sslmode=verify-full");
    let came = Register::administer(address.parse().unwrap(), PASSWORD.into()).await;
    assert!(matches!(came, Err(RegisterError::Certificate { .. })), "{came:?}");
}

#[tokio::test]
async fn a_full_disk_is_said_and_nothing_is_lost() {
    if !is_root() {
        return needed::absent("disk", "only root makes a small disk");
    }
    struct Mounted(TempDir);
    impl Drop for Mounted {
        fn drop(&mut self) {
            let _gone = Command::new("umount").args(["-l"]).arg(self.0.path()).status();
        }
    }
    let disk = Mounted(folder("momsbud-disk-"));
    let firm = Firm::new().await;
    let kari = firm.desk("kari").await;
    let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", "size=3m", "tmpfs"]).arg(disk.0.path()).status();
    if !mounted.is_ok_and(|status| status.success()) {
        return needed::absent("disk", "no disk can be mounted here");
    }
    give(disk.0.path());
    // The documents lie there, as on a volume of their own.
    let root = firm.superuser().await;
    let place = disk.0.path().display();
    root.batch_execute(&format!("CREATE TABLESPACE small LOCATION '{place}'")).await.unwrap();
    root.batch_execute("ALTER TABLE register.documents SET TABLESPACE small").await.unwrap();
    root.batch_execute(
        "INSERT INTO register.filings (environment, id, org_number, category, period_from, period_to, state, delivered, role, \
         desk, began_at) SELECT 'practice', 'k1', '311797816', 'alminnelig', '2026-01-01', '2026-02-28', 'received', 'yes', \
         role, id, now() FROM register.desks WHERE role = 'kari'",
    )
    .await
    .unwrap();
    let mut full = None;
    let mut kept = 0;
    for number in 0..20_u8 {
        // Not to be compressed.
        let bytes: Vec<u8> = (0..400_000_u32)
            .flat_map(|at| (at.wrapping_mul(2_654_435_761) ^ u32::from(number)).to_le_bytes())
            .take(400_000)
            .collect();
        match kari.keep_document(register::Environment::Practice, "k1", &format!("vedlegg-{number}"), &bytes).await {
            Ok(_) => kept += 1,
            Err(error) => {
                full = Some(error);
                break;
            }
        }
    }
    assert!(matches!(full, Some(RegisterError::Full)), "{full:?} after {kept}");
    assert!(kept > 1);
    assert!(full.unwrap().text(Language::En).contains("full"));
    // What is there is whole, and the rest works.
    assert_eq!(firm.administrator.check().await.unwrap(), []);
    assert!(matches!(kari.take(&subject(1), "k2", 0).await.unwrap(), Taken::Held { .. }));
}

#[tokio::test]
async fn who_reads_and_writes_by_tcp_goes_on_after_the_proxy_is_cut() {
    let firm = Firm::new().await;
    firm.desk("kari").await;
    let (port, cut) = proxy(firm.cluster.folder().join(".s.PGSQL.5432")).await;
    let address = format!("postgresql://kari@127.0.0.1:{port}/momsbud?connect_timeout=60");
    let kari = Register::join(address.parse().unwrap(), PASSWORD.into(), desk("kari")).await.unwrap();
    let Taken::Held { held, .. } = kari.take(&subject(1), "k1", 0).await.unwrap() else { panic!() };
    cut.send_replace(true);
    let lost = kari.renew(&held, None).await.unwrap_err();
    assert!(lost.may_pass(), "{lost:?}");
    cut.send_replace(false);
    kari.renew(&held, None).await.unwrap().unwrap();
    // A stream that ends in the middle of a handshake is no answer either.
    let broken = AsyncListener::bind("127.0.0.1:0").await.unwrap();
    let port = broken.local_addr().unwrap().port();
    tokio::spawn(async move {
        let (mut stream, _) = broken.accept().await.unwrap();
        let mut some = [0; 8];
        let _read = stream.read(&mut some).await;
        let _written = stream.write_all(b"E\0\0").await;
    });
    let address = format!("postgresql://kari@127.0.0.1:{port}/momsbud");
    let came = Register::join(address.parse().unwrap(), PASSWORD.into(), desk("kari")).await.unwrap_err();
    assert!(matches!(came, RegisterError::Unreachable { .. }), "{came:?}");
}
