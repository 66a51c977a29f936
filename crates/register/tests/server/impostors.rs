//! Who answers in the server's place, and wants the password.

use std::{sync::Arc, time::Duration};

use register::{Language, Register, RegisterError};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::TcpListener,
};

use crate::{
    another_user::AnotherUser,
    cluster::is_root,
    connections::Authority,
    firm::{PASSWORD, desk},
    needed,
};

/// A message about the sign-in.
fn asks(kind: u32, said: &[u8]) -> Vec<u8> {
    let length = u32::try_from(said.len() + 8).unwrap();
    [b"R", &length.to_be_bytes()[..], &kind.to_be_bytes(), said].concat()
}

/// Reads who signs in, asks, and gives back what is answered.
async fn heard(mut stream: impl AsyncRead + AsyncWrite + Unpin, asked: &[u8]) -> Vec<u8> {
    let length = stream.read_u32().await.unwrap();
    let mut startup = vec![0; length as usize - 4];
    stream.read_exact(&mut startup).await.unwrap();
    stream.write_all(asked).await.unwrap();
    stream.flush().await.unwrap();
    let mut answered = Vec::new();
    // Whoever breaks off may do so in the middle of TLS.
    let _ended = tokio::time::timeout(Duration::from_secs(30), stream.read_to_end(&mut answered)).await;
    answered
}

async fn joined(address: &str) -> RegisterError {
    Register::join(address.parse().unwrap(), PASSWORD.into(), desk("kari")).await.unwrap_err()
}

/// In the clear, as MD5, and as SCRAM of one round, which is guessed in no time. Of the last, the desk has said by then only what
/// it says to everybody.
fn greedy() -> [(Vec<u8>, bool); 3] {
    [(asks(3, b""), false), (asks(5, b"salt"), false), (asks(10, b"SCRAM-SHA-256\0\0"), true)]
}

#[tokio::test]
async fn whoever_asks_for_the_password_itself_on_this_machine_gets_none() {
    for (asked, is_scram) in greedy() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let impostor = tokio::spawn(async move {
            let (stream, _) = listener.accept().await.unwrap();
            if is_scram { one_round(stream, &asked).await } else { heard(stream, &asked).await }
        });
        let error = joined(&format!("postgresql://kari@127.0.0.1:{port}/momsbud")).await;
        assert!(matches!(&error, RegisterError::GivesAway { host } if host.contains("127.0.0.1")), "{error:?}");
        assert!(!error.may_pass() && error.text(Language::En).contains("has not been sent"));
        assert_eq!(impostor.await.unwrap(), [0; 0]);
    }
}

/// Takes the first word of SCRAM, and asks for a proof of one round; gives back what is answered to that.
async fn one_round(mut stream: impl AsyncRead + AsyncWrite + Unpin, asked: &[u8]) -> Vec<u8> {
    let length = stream.read_u32().await.unwrap();
    stream.read_exact(&mut vec![0; length as usize - 4]).await.unwrap();
    stream.write_all(asked).await.unwrap();
    stream.flush().await.unwrap();
    assert_eq!(stream.read_u8().await.unwrap(), b'p');
    let length = stream.read_u32().await.unwrap();
    let mut first = vec![0; length as usize - 4];
    stream.read_exact(&mut first).await.unwrap();
    let first = String::from_utf8_lossy(&first).into_owned();
    assert!(!first.contains(PASSWORD));
    let nonce = first.rsplit_once("r=").unwrap().1;
    stream.write_all(&asks(11, format!("r={nonce}more,s=c2FsdA==,i=1").as_bytes())).await.unwrap();
    stream.flush().await.unwrap();
    let mut answered = Vec::new();
    let _ended = tokio::time::timeout(Duration::from_secs(30), stream.read_to_end(&mut answered)).await;
    answered
}

#[tokio::test]
async fn whoever_has_a_certificate_and_asks_for_the_password_itself_gets_none() {
    let authority = Authority::new("Somebody in between");
    let folder = tempfile::tempdir().unwrap();
    let roots = folder.path().join("roots.pem");
    std::fs::write(&roots, authority.pem()).unwrap();
    let (certificate, key) = authority.sign("127.0.0.1", 2099);
    let config = rustls::ServerConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![CertificateDer::from_pem_slice(certificate.as_bytes()).unwrap()],
            PrivateKeyDer::from_pem_slice(key.as_bytes()).unwrap(),
        )
        .unwrap();
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    for (asked, is_scram) in greedy() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let acceptor = acceptor.clone();
        let impostor = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            stream.read_exact(&mut [0; 8]).await.unwrap();
            stream.write_all(b"S").await.unwrap();
            let stream = acceptor.accept(stream).await.unwrap();
            if is_scram { one_round(stream, &asked).await } else { heard(stream, &asked).await }
        });
        let roots = roots.to_str().unwrap().replace('/', "%2F");
        let address = format!("postgresql://kari@127.0.0.1:{port}/momsbud?sslmode=verify-full&sslrootcert={roots}");
        let error = joined(&address).await;
        assert!(matches!(error, RegisterError::GivesAway { .. }), "{error:?}");
        assert_eq!(impostor.await.unwrap(), [0; 0]);
    }
}

/// Another user of this machine, on the port of a server or a tunnel that has ended, hands everything on to the real server: he
/// would have the session.
#[tokio::test(flavor = "multi_thread")]
async fn another_users_service_on_this_machine_is_told_nothing() {
    if !is_root() {
        return needed::absent("root", "only root becomes another user");
    }
    let folder = tempfile::tempdir().unwrap();
    std::fs::set_permissions(folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o777)).unwrap();
    let script = "import socket,sys\n\
                  scram=b'R'+(23).to_bytes(4,'big')+(10).to_bytes(4,'big')+b'SCRAM-SHA-256'+bytes(2)\n\
                  def serve(s):\n c,_=s.accept()\n c.recv(65536)\n c.sendall(scram)\n print(len(c.recv(65536)),flush=True)\n\
                  t=socket.create_server(('127.0.0.1',0))\n\
                  u=socket.socket(socket.AF_UNIX)\nu.bind(sys.argv[1]+'/.s.PGSQL.5432')\nu.listen()\n\
                  print(t.getsockname()[1],flush=True)\nserve(t)\nu.accept()[0].recv(1)\n";
    let mut other = AnotherUser::runs(script, folder.path());
    let port = other.says();
    let socket = folder.path().to_str().unwrap().replace('/', "%2F");
    let error = joined(&format!("postgresql://kari@127.0.0.1:{port}/momsbud")).await;
    assert!(matches!(error, RegisterError::Stranger { .. }), "{error:?}");
    assert_eq!(other.says(), "0", "nothing of SCRAM either");
    let error = joined(&format!("postgresql://kari@{socket}/momsbud")).await;
    assert!(matches!(error, RegisterError::Stranger { .. }), "{error:?}");
    other.ends();
}
