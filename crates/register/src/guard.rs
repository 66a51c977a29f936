//! What a server may ask before it is told who signs in: nothing that gives the password away.
//!
//! The client library answers whatever it is asked, the password in the clear and MD5 of it too, and cannot be told not to. So
//! its messages are read here before it reads them, until the sign-in is through: SCRAM alone is answered, which proves the
//! password to a server that knows its verifier, and the server to the desk, and tells neither to anybody else (RFC 5802).
//! Within this machine, where nothing is encrypted, the service at the other end must be no other person's: whoever
//! hands the messages on to the real server would have the session.

use std::{
    io,
    net::SocketAddr,
    pin::Pin,
    task::{Context, Poll},
};

use loopback::Owner;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Longest message before somebody is signed in, bytes. Complaints have some hundreds.
const LONGEST: usize = 64 * 1024;
/// How often SCRAM hashes a password at least (RFC 7677 section 4, PostgreSQL's `scram_iterations`): of fewer the proof is
/// guessed quickly by whoever asked for it.
const FEWEST_ROUNDS: u32 = 4096;

/// Why a server is told nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    /// It asks for the password in the clear, for MD5 of it, for SCRAM of too few rounds, or for what this program does not know.
    #[error("the server asks for the password in a way that gives it away")]
    GivesAway,
    /// It is another person's on this machine.
    #[error("the service belongs to another user of this machine")]
    Stranger,
}

impl From<Refusal> for io::Error {
    fn from(refusal: Refusal) -> Self {
        Self::other(refusal)
    }
}

/// A connection whose messages are looked at until somebody is signed in.
pub(crate) struct Guarded<S> {
    stream: S,
    /// The two ends within this machine, ours first, where nothing but the table of connections tells whose the other is.
    ends: Option<(SocketAddr, SocketAddr)>,
    signing_in: bool,
    /// What has come of a message that is not whole yet.
    half: Vec<u8>,
}

impl<S> Guarded<S> {
    pub(crate) fn new(stream: S, ends: Option<(SocketAddr, SocketAddr)>) -> Self {
        Self { stream, ends, signing_in: true, half: Vec::new() }
    }

    pub(crate) fn stream(&self) -> &S {
        &self.stream
    }

    /// Looks at what has come, before anybody else sees it.
    fn look(&mut self, bytes: &[u8]) -> Result<(), Refusal> {
        // Whoever has answered has accepted, so that the table says whose it is.
        if let Some((here, there)) = self.ends.take()
            && loopback::service(here, there) == Owner::Another
        {
            return Err(Refusal::Stranger);
        }
        self.half.extend_from_slice(bytes);
        while self.signing_in {
            // A letter, the length of what follows with its own four bytes, and that (PostgreSQL, "Message Formats").
            let Some((letter, rest)) = self.half.split_first() else { return Ok(()) };
            let Some((length, _)) = rest.split_first_chunk() else { return Ok(()) };
            let whole = usize::try_from(u32::from_be_bytes(*length)).unwrap_or(usize::MAX);
            if !(4..=LONGEST).contains(&whole) {
                return Err(Refusal::GivesAway);
            }
            let Some(body) = rest.get(4..whole) else { return Ok(()) };
            if *letter == b'R' {
                self.signing_in = !is_through(body)?;
            }
            self.half.drain(..=whole);
        }
        self.half = Vec::new();
        Ok(())
    }
}

/// Whether a message about the sign-in ends it.
fn is_through(body: &[u8]) -> Result<bool, Refusal> {
    let (kind, said) = body.split_first_chunk().ok_or(Refusal::GivesAway)?;
    match u32::from_be_bytes(*kind) {
        // AuthenticationOk.
        0 => Ok(true),
        // AuthenticationSASL, which names SCRAM and nothing else that the library knows, and its end.
        10 | 12 => Ok(false),
        // AuthenticationSASLContinue: "r=…,s=…,i=4096".
        11 => {
            let rounds =
                std::str::from_utf8(said).ok().and_then(|said| said.rsplit(',').find_map(|it| it.strip_prefix("i=")));
            let enough = rounds.and_then(|it| it.parse::<u32>().ok()).is_some_and(|rounds| rounds >= FEWEST_ROUNDS);
            if enough { Ok(false) } else { Err(Refusal::GivesAway) }
        }
        // 3 is the password in the clear, 5 MD5 of it, 2 and 7 to 9 Kerberos and Windows' own.
        _ => Err(Refusal::GivesAway),
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Guarded<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(cx, buf);
        if self.signing_in
            && matches!(read, Poll::Ready(Ok(())))
            && let Err(refusal) = self.look(buf.filled().get(before..).unwrap_or_default())
        {
            buf.set_filled(before);
            return Poll::Ready(Err(refusal.into()));
        }
        read
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Guarded<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn message(letter: u8, body: &[u8]) -> Vec<u8> {
        [&[letter][..], &u32::try_from(body.len() + 4).unwrap().to_be_bytes(), body].concat()
    }

    fn asks(kind: u32, said: &[u8]) -> Vec<u8> {
        message(b'R', &[&kind.to_be_bytes()[..], said].concat())
    }

    /// What becomes of it, handed over in pieces of that length.
    fn looked_at(bytes: &[u8], piece: usize) -> Result<bool, Refusal> {
        let mut guarded = Guarded::new((), None);
        for piece in bytes.chunks(piece) {
            if guarded.signing_in {
                guarded.look(piece)?;
            }
        }
        Ok(!guarded.signing_in)
    }

    #[test]
    fn scram_alone_is_let_through() {
        let scram = [
            message(b'N', b"SNOTICE\0\0"),
            asks(10, b"SCRAM-SHA-256\0\0"),
            asks(11, b"r=abc,s=QSXCR+Q6sek8bf92,i=4096"),
            asks(12, b"v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="),
            asks(0, b""),
            // Not looked at any more.
            asks(3, b""),
        ]
        .concat();
        let trusted = asks(0, b"");
        for piece in [1, 2, 5, 7, 1000] {
            assert_eq!(looked_at(&scram, piece), Ok(true), "{piece}");
            assert_eq!(looked_at(&trusted, piece), Ok(true), "{piece}");
            for kind in [2, 3, 5, 7, 8, 9, 13, u32::MAX] {
                let refused = [message(b'N', b"\0"), asks(kind, b"salt")].concat();
                assert_eq!(looked_at(&refused, piece), Err(Refusal::GivesAway), "{kind} {piece}");
            }
        }
        for few in ["r=a,s=b,i=1", "r=a,s=b,i=4095", "r=a,s=b", "i=", "r=a,s=b,i=-1"] {
            assert_eq!(looked_at(&asks(11, few.as_bytes()), 3), Err(Refusal::GivesAway), "{few}");
        }
    }

    #[test]
    fn nothing_endless_is_kept() {
        let mut guarded = Guarded::new((), None);
        assert_eq!(guarded.look(&[b'N', 0x7f, 0xff, 0xff, 0xff]), Err(Refusal::GivesAway));
        let mut guarded = Guarded::new((), None);
        assert_eq!(guarded.look(&[b'R', 0, 0, 0, 1, 3]), Err(Refusal::GivesAway));
        assert_eq!(looked_at(&message(b'E', &[b'x'; 40_000]), 999), Ok(false));
    }
}
