//! TLS as the rest of the program does it (rustls on aws-lc-rs), for the client library of PostgreSQL.
//!
//! The server's name is always verified. Its certificate is bound to the sign-in where the server knows how (RFC 5929,
//! `tls-server-end-point`): who stands in between with a certificate of his own, which the system trusts, cannot hand the sign-in
//! on to the server, since a desk that could bind says so in what both sides prove. It is not asked of every server:
//! what some providers put in front of theirs does not know it. The password itself goes to nobody ([`crate::guard`]).

use std::{
    fmt, io,
    path::Path,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, InvalidDnsNameError, ServerName, pem::PemObject},
};
use sha2::{Digest as _, Sha256, Sha384, Sha512};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_postgres::tls::{ChannelBinding, MakeTlsConnect, TlsConnect, TlsStream};
use tokio_rustls::TlsConnector;

use crate::guard::Guarded;

/// A file of certificates is not larger than this.
const LARGEST: u64 = 4 * 1024 * 1024;

/// Makes connections that are verified against the system's certificates, or those of one file.
#[derive(Clone)]
pub(crate) struct Tls(TlsConnector);

/// Why no certificates are trusted.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RootsError {
    /// The file cannot be read.
    #[error("the file of trusted certificates cannot be read")]
    File(#[source] io::Error),
    /// It has no certificate in it, or one that is none.
    #[error("the file of trusted certificates has none")]
    None,
    /// The cryptographic library refuses.
    #[error("TLS cannot be set up")]
    Setup(#[source] rustls::Error),
}

impl Tls {
    /// # Errors
    /// [`RootsError`].
    pub(crate) fn new(roots: Option<&Path>) -> Result<Self, RootsError> {
        let mut store = RootCertStore::empty();
        match roots {
            Some(path) => {
                let bytes = disk::place::read_regular(path, LARGEST).map_err(RootsError::File)?;
                for certificate in CertificateDer::pem_slice_iter(&bytes) {
                    store.add(certificate.map_err(|_| RootsError::None)?).map_err(|_| RootsError::None)?;
                }
            }
            None => {
                store.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
            }
        }
        if store.is_empty() {
            return Err(RootsError::None);
        }
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(RootsError::Setup)?
            .with_root_certificates(store)
            .with_no_client_auth();
        Ok(Self(TlsConnector::from(Arc::new(config))))
    }
}

/// One handshake to come.
pub(crate) struct Handshake(TlsConnector, ServerName<'static>);

/// An encrypted connection.
pub(crate) struct Encrypted<S>(Guarded<tokio_rustls::client::TlsStream<S>>);

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tls")
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin + Send + 'static> MakeTlsConnect<S> for Tls {
    type Stream = Encrypted<S>;
    type TlsConnect = Handshake;
    type Error = InvalidDnsNameError;

    fn make_tls_connect(&mut self, domain: &str) -> Result<Handshake, InvalidDnsNameError> {
        Ok(Handshake(self.0.clone(), ServerName::try_from(domain.to_owned())?))
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin + Send + 'static> TlsConnect<S> for Handshake {
    type Stream = Encrypted<S>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Encrypted<S>>> + Send>>;

    fn connect(self, stream: S) -> Self::Future {
        Box::pin(
            async move { self.0.connect(self.1, stream).await.map(|stream| Encrypted(Guarded::new(stream, None))) },
        )
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> TlsStream for Encrypted<S> {
    fn channel_binding(&self) -> ChannelBinding {
        let (_, session) = self.0.stream().get_ref();
        let certificate = session.peer_certificates().and_then(|chain| chain.first());
        match certificate.and_then(|it| end_point(it)) {
            Some(hash) => ChannelBinding::tls_server_end_point(hash),
            None => ChannelBinding::none(),
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for Encrypted<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, buf)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Encrypted<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }
}

/// What the sign-in is bound to: the certificate, hashed as its own signature is (RFC 5929, 4.1; MD5 and SHA-1 count as
/// SHA-256). Of a signature that hashes in its own way, as Ed25519 does, nothing is defined, and nothing is bound.
fn end_point(certificate: &[u8]) -> Option<Vec<u8>> {
    // Certificate ::= SEQUENCE { tbsCertificate, signatureAlgorithm SEQUENCE { OID, … }, signature }
    let (whole, _) = element(certificate)?;
    let (_, after) = element(whole)?;
    let (algorithm, _) = element(after)?;
    let (oid, _) = element(algorithm)?;
    const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01];
    const ECDSA_SHA2: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03];
    let (last, family) = oid.split_last()?;
    match (*last, family) {
        (4 | 5 | 11, RSA) | (2, ECDSA_SHA2) => Some(Sha256::digest(certificate).to_vec()),
        (12, RSA) | (3, ECDSA_SHA2) => Some(Sha384::digest(certificate).to_vec()),
        (13, RSA) | (4, ECDSA_SHA2) => Some(Sha512::digest(certificate).to_vec()),
        _ => None,
    }
}

/// The content of the first DER element, and what comes after it.
fn element(der: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = match *der.get(1)? {
        short @ 0..0x80 => (usize::from(short), der.get(2..)?),
        long => {
            let count = usize::from(long & 0x7f);
            let bytes = der.get(2..2 + count).filter(|_| count <= 4)?;
            let length = bytes.iter().fold(0_usize, |length, byte| (length << 8) | usize::from(*byte));
            (length, der.get(2 + count..)?)
        }
    };
    Some((rest.get(..length)?, rest.get(length..)?))
}
