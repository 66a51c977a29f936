//! `multipart/form-data` for creating an instance with its data in one request (apis.md 2.2, "Instances").

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderName, HeaderValue};

/// One part: its name, its headers, its content.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) name: String,
    pub(super) headers: HeaderMap,
    pub(super) bytes: Bytes,
}

/// The boundary of a content type, if it is multipart/form-data.
pub(super) fn boundary(content_type: &str) -> Option<&str> {
    let rest = content_type.strip_prefix("multipart/form-data")?;
    let value = rest.split(';').find_map(|part| part.trim().strip_prefix("boundary="))?;
    Some(value.trim_matches('"')).filter(|boundary| !boundary.is_empty())
}

/// The parts of a body, or nothing when it is not well-formed.
pub(super) fn parse(body: &Bytes, boundary: &str) -> Option<Vec<Part>> {
    let delimiter = format!("--{boundary}");
    let mut parts = Vec::new();
    let mut at = find(body, delimiter.as_bytes(), 0)? + delimiter.len();
    loop {
        let rest = body.get(at..)?;
        if rest.starts_with(b"--") {
            return Some(parts);
        }
        let start = at + rest.strip_prefix(b"\r\n").map(|_| 2)?;
        let next = format!("\r\n{delimiter}");
        let end = find(body, next.as_bytes(), start.saturating_sub(2))?;
        parts.push(part(body, start, end)?);
        at = end + next.len();
    }
}

fn part(body: &Bytes, start: usize, end: usize) -> Option<Part> {
    let head_end = find(body, b"\r\n\r\n", start).filter(|at| at + 4 <= end)?;
    let head = std::str::from_utf8(body.get(start..head_end)?).ok()?;
    let mut headers = HeaderMap::new();
    for line in head.split("\r\n") {
        let (name, value) = line.split_once(':')?;
        headers.insert(
            HeaderName::from_bytes(name.trim().as_bytes()).ok()?,
            HeaderValue::from_bytes(value.trim().as_bytes()).ok()?,
        );
    }
    let disposition = headers.get("content-disposition")?.to_str().ok()?;
    let name = disposition.split(';').find_map(|part| part.trim().strip_prefix("name="))?.trim_matches('"').to_owned();
    Some(Part { name, headers, bytes: body.slice(head_end + 4..end) })
}

fn find(body: &[u8], needle: &[u8], from: usize) -> Option<usize> {
    body.get(from..)?.windows(needle.len()).position(|window| window == needle).map(|at| from + at)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn parts_are_taken_apart_and_nothing_else_is() {
        let body = Bytes::from_static(
            b"--b\r\nContent-Disposition: form-data; name=\"instance\"\r\nContent-Type: application/json\r\n\r\n{}\r\n\
              --b\r\nContent-Disposition: form-data; name=\"x\"; filename=\"a.pdf\"\r\n\r\n\r\n--b--\r\n",
        );
        assert_eq!(boundary("multipart/form-data; boundary=\"b\""), Some("b"));
        let parts = parse(&body, "b").unwrap();
        let seen: Vec<(&str, &[u8])> = parts.iter().map(|part| (part.name.as_str(), part.bytes.as_ref())).collect();
        assert_eq!(seen, [("instance", &b"{}"[..]), ("x", &b""[..])]);
        assert_eq!(parse(&body.slice(..40), "b"), None);
        assert_eq!(boundary("application/json"), None);
    }
}
