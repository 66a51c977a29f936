//! Uploads: the names files are sent under, and bodies streamed from wherever they lie.

use std::{
    io,
    pin::Pin,
    sync::{Arc, Mutex},
    task::{Context, Poll},
};

use bytes::Bytes;
use futures_util::{Stream, StreamExt as _};
use reqwest::header::HeaderValue;
use tokio::io::AsyncRead;
use tokio_util::io::ReaderStream;

/// Bytes read at a time: large enough that a 25 MB attachment takes few system calls, small enough that twenty of them
/// together stay small in memory.
const CHUNK: usize = 64 * 1024;

/// A file name as it travels: without folders, control characters or quotes, and never empty.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct AttachmentName(String);

impl AttachmentName {
    /// Takes a file's name.
    #[must_use]
    pub fn new(name: &str) -> Self {
        let base = name.rsplit(['/', '\\']).next().unwrap_or(name);
        let kept: String =
            base.chars().map(|c| if c.is_control() || matches!(c, '"' | ';') { '_' } else { c }).collect();
        let kept = kept.trim();
        Self(if kept.is_empty() { "vedlegg".to_owned() } else { kept.to_owned() })
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The Content-Disposition header (RFC 6266): the bare name when it is plain, else the name with every other
    /// character as `_`, and the true name beside it in `filename*` (RFC 8187).
    pub(crate) fn content_disposition(&self) -> HeaderValue {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        let header = if self.0.chars().all(plain) {
            format!("attachment; filename={}", self.0)
        } else {
            let ascii: String = self.0.chars().map(|c| if plain(c) || c == ' ' { c } else { '_' }).collect();
            let mut encoded = String::new();
            for byte in self.0.bytes() {
                if plain(char::from(byte)) {
                    encoded.push(char::from(byte));
                } else {
                    encoded.push_str(&format!("%{byte:02X}"));
                }
            }
            format!("attachment; filename=\"{ascii}\"; filename*=UTF-8''{encoded}")
        };
        HeaderValue::from_str(&header).unwrap_or_else(|_| HeaderValue::from_static("attachment; filename=vedlegg"))
    }
}

/// A file to be attached, read while it is sent.
pub struct Attachment<R> {
    /// Its name.
    pub name: AttachmentName,
    /// Its media type, one of those in apis.md 1.4; without `charset`, which the app would refuse.
    pub content_type: String,
    /// Its length in bytes; more or less of it is an error.
    pub length: u64,
    /// Where it is read from.
    pub reader: R,
}

/// What went wrong with the source while it was sent, if anything: the HTTP client hides it among its causes.
pub(crate) type SourceFault = Arc<Mutex<Option<String>>>;

/// Turns a reader into a body of exactly that length, telling the progress in bytes.
pub(crate) fn body<R>(
    reader: R,
    length: u64,
    progress: impl Fn(u64) + Send + Sync + 'static,
) -> (reqwest::Body, SourceFault)
where
    R: AsyncRead + Send + 'static,
{
    let fault = SourceFault::default();
    let stream = Exact {
        inner: Box::pin(ReaderStream::with_capacity(reader, CHUNK)),
        left: length,
        length,
        progress: Box::new(progress),
        fault: Arc::clone(&fault),
        ended: false,
    };
    (reqwest::Body::wrap_stream(stream), fault)
}

struct Exact {
    inner: Pin<Box<dyn Stream<Item = io::Result<Bytes>> + Send>>,
    left: u64,
    length: u64,
    progress: Box<dyn Fn(u64) + Send + Sync>,
    fault: SourceFault,
    ended: bool,
}

impl Exact {
    fn fail(&mut self, reason: String) -> Poll<Option<io::Result<Bytes>>> {
        self.ended = true;
        if let Ok(mut fault) = self.fault.lock() {
            *fault = Some(reason.clone());
        }
        Poll::Ready(Some(Err(io::Error::other(reason))))
    }
}

impl Stream for Exact {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.ended {
            return Poll::Ready(None);
        }
        let length = self.length;
        match self.inner.poll_next_unpin(cx) {
            Poll::Pending => Poll::Pending,
            Poll::Ready(Some(Ok(chunk))) if chunk.len() as u64 > self.left => {
                self.fail(format!("it is longer than the {length} bytes it had"))
            }
            Poll::Ready(Some(Ok(chunk))) => {
                self.left -= chunk.len() as u64;
                (self.progress)(length - self.left);
                Poll::Ready(Some(Ok(chunk)))
            }
            Poll::Ready(Some(Err(error))) => self.fail(error.to_string()),
            Poll::Ready(None) if self.left > 0 => {
                let missing = self.left;
                self.fail(format!("it ended {missing} bytes before its {length} bytes"))
            }
            Poll::Ready(None) => {
                self.ended = true;
                Poll::Ready(None)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(name: &str) -> String {
        AttachmentName::new(name).content_disposition().to_str().unwrap_or_default().to_owned()
    }

    #[test]
    fn plain_names_travel_bare() {
        assert_eq!(header("mvaMelding.xml"), "attachment; filename=mvaMelding.xml");
    }

    #[test]
    fn other_names_travel_twice() {
        assert_eq!(
            header("Årsoppgjør 2026.pdf"),
            "attachment; filename=\"_rsoppgj_r 2026.pdf\"; filename*=UTF-8''%C3%85rsoppgj%C3%B8r%202026.pdf"
        );
    }

    #[test]
    fn a_name_cannot_carry_folders_or_headers() {
        assert_eq!(AttachmentName::new("../../etc/passwd").as_str(), "passwd");
        assert_eq!(AttachmentName::new("C:\\bilag\\kvittering.pdf").as_str(), "kvittering.pdf");
        assert_eq!(AttachmentName::new("a\r\nX-Evil: 1\".pdf").as_str(), "a__X-Evil: 1_.pdf");
        assert_eq!(AttachmentName::new("///").as_str(), "vedlegg");
    }
}
