//! What an upload's headers must say (apis.md 2.2, "Upload checks"; 1.4, step 5).

use axum::http::HeaderMap;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};

const BASE: &str = "Invalid data provided. Error:";
/// 25 MB (apis.md 1.4, step 5).
pub(super) const ATTACHMENT_LIMIT: usize = 25 * 1024 * 1024;
/// At most this many attachments (API documentation: 0–57).
pub(super) const MOST_ATTACHMENTS: usize = 57;

/// Ending and the content types that fit it.
const TYPES: [(&str, &[&str]); 16] = [
    ("xml", &["text/xml", "application/xml"]),
    ("pdf", &["application/pdf"]),
    ("odf", &["application/vnd.oasis.opendocument.formula"]),
    ("odt", &["application/vnd.oasis.opendocument.text"]),
    ("ods", &["application/vnd.oasis.opendocument.spreadsheet"]),
    ("odp", &["application/vnd.oasis.opendocument.presentation"]),
    ("odg", &["application/vnd.oasis.opendocument.graphics"]),
    ("docx", &["application/vnd.openxmlformats-officedocument.wordprocessingml.document"]),
    ("xlsx", &["application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"]),
    ("pptx", &["application/vnd.openxmlformats-officedocument.presentationml.presentation"]),
    ("doc", &["application/msword"]),
    ("xls", &["application/vnd.ms-excel"]),
    ("ppt", &["application/vnd.ms-powerpoint"]),
    ("jpg", &["image/jpeg"]),
    ("jpeg", &["image/jpeg"]),
    ("png", &["image/png"]),
];

/// What a data type accepts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Accepts {
    pub(super) content_types: &'static [&'static str],
    pub(super) most_bytes: Option<usize>,
}

/// The return: `text/xml`, as documented.
pub(super) const RETURN: Accepts = Accepts { content_types: &["text/xml"], most_bytes: None };

/// Attachments.
pub(super) const ATTACHMENT: Accepts = Accepts {
    content_types: &[
        "text/xml",
        "application/pdf",
        "application/vnd.oasis.opendocument.formula",
        "application/vnd.oasis.opendocument.text",
        "application/vnd.oasis.opendocument.spreadsheet",
        "application/vnd.oasis.opendocument.presentation",
        "application/vnd.oasis.opendocument.graphics",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "application/msword",
        "application/vnd.ms-excel",
        "application/vnd.ms-powerpoint",
        "image/jpeg",
        "image/png",
    ],
    most_bytes: Some(ATTACHMENT_LIMIT),
};

/// A file that may be stored.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct File {
    pub(super) name: String,
    pub(super) content_type: String,
}

/// Checks in the app library's order; the text is the library's.
pub(super) fn check(accepts: Accepts, headers: &HeaderMap, size: usize) -> Result<File, String> {
    let Some(disposition) = headers.get(CONTENT_DISPOSITION) else {
        return Err(format!("{BASE} The request must include a Content-Disposition header"));
    };
    if let Some(limit) = accepts.most_bytes.filter(|limit| size > *limit) {
        return Err(format!("{BASE} Binary attachment exceeds limit of {limit}"));
    }
    let disposition = String::from_utf8_lossy(disposition.as_bytes()).into_owned();
    let Some(name) = filename(&disposition).filter(|name| !name.is_empty()) else {
        return Err(format!("{BASE} The Content-Disposition header must contain a filename"));
    };
    let Some((_, ending)) = name.rsplit_once('.') else {
        return Err(format!(
            "{BASE} Invalid format for filename: {name}. Filename is expected to end with '.{{filetype}}'."
        ));
    };
    let Some(content_type) = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()) else {
        return Err(format!("{BASE} Content-Type header must be included in request."));
    };
    let fitting = TYPES
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(ending))
        .map_or(&["application/octet-stream"][..], |(_, types)| types);
    let mime = fitting.first().copied().unwrap_or_default();
    // Exactly, without "; charset=": a parameter is already a difference.
    let Some(matching) = fitting.iter().find(|known| known.eq_ignore_ascii_case(content_type)) else {
        return Err(format!(
            "{BASE} Content type header {content_type} does not match mime type {mime} for uploaded file. \
             Please fix header or upload another file."
        ));
    };
    if !accepts.content_types.contains(&mime) {
        return Err(format!(
            "{BASE} Invalid content type: {mime}. Please try another file. Permitted content types include: {}",
            accepts.content_types.join(", ")
        ));
    }
    if size == 0 {
        return Err(format!("{BASE} The file is zero bytes."));
    }
    // The element keeps the type it was sent as, in lower case.
    Ok(File { name: safe(&name), content_type: (*matching).to_owned() })
}

/// Illegal characters of a file name become `_`.
fn safe(name: &str) -> String {
    name.chars().map(|c| if c.is_control() || "\\/:*?\"<>|".contains(c) { '_' } else { c }).collect()
}

/// `filename*` (RFC 6266), or `filename` with or without quotes.
fn filename(disposition: &str) -> Option<String> {
    let mut plain = None;
    for part in parameters(disposition) {
        let Some((key, value)) = part.trim().split_once('=') else { continue };
        match key.trim().to_ascii_lowercase().as_str() {
            "filename*" => {
                let (_, encoded) = value.trim().split_once("''")?;
                // Form decoding differs from percent decoding in the plus sign only.
                let encoded = encoded.replace('+', "%2B");
                return url::form_urlencoded::parse(encoded.as_bytes()).next().map(|(name, _)| name.into_owned());
            }
            "filename" => {
                let value = value.trim();
                let inner = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
                plain = Some(inner.map_or_else(|| value.to_owned(), |inner| inner.replace("\\\"", "\"")));
            }
            _ => {}
        }
    }
    plain
}

/// The parts between semicolons outside quotes.
fn parameters(disposition: &str) -> Vec<&str> {
    let (mut parts, mut start, mut quoted) = (Vec::new(), 0, false);
    for (at, c) in disposition.char_indices() {
        match c {
            '"' => quoted = !quoted,
            ';' if !quoted => {
                parts.extend(disposition.get(start..at));
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.extend(disposition.get(start..));
    parts
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn headers(disposition: &str, content_type: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in [(CONTENT_DISPOSITION, disposition), (CONTENT_TYPE, content_type)] {
            if !value.is_empty() {
                headers.insert(name, axum::http::HeaderValue::from_bytes(value.as_bytes()).unwrap());
            }
        }
        headers
    }

    fn complaint(disposition: &str, content_type: &str, size: usize) -> String {
        check(ATTACHMENT, &headers(disposition, content_type), size).unwrap_err()
    }

    #[test]
    fn the_documented_upload_of_a_return_passes() {
        let file = check(RETURN, &headers("attachment; filename=mvaMelding.xml", "text/xml"), 10).unwrap();
        assert_eq!(file, File { name: "mvaMelding.xml".into(), content_type: "text/xml".into() });
    }

    #[test]
    fn every_complaint_has_its_own_words() {
        assert!(complaint("", "application/pdf", 1).ends_with("must include a Content-Disposition header"));
        assert!(
            complaint("attachment; filename=a.pdf", "application/pdf", ATTACHMENT_LIMIT + 1)
                .ends_with("limit of 26214400")
        );
        assert!(complaint("attachment", "application/pdf", 1).ends_with("must contain a filename"));
        assert!(complaint("attachment; filename=a", "application/pdf", 1).contains("Invalid format for filename: a."));
        assert!(complaint("attachment; filename=a.pdf", "", 1).contains("Content-Type header must be included"));
        assert!(
            complaint("attachment; filename=a.pdf", "image/png", 1)
                .contains("does not match mime type application/pdf")
        );
        assert!(complaint("attachment; filename=a.xml", "text/xml; charset=utf-8", 1).contains("does not match"));
        assert!(
            complaint("attachment; filename=a.exe", "application/octet-stream", 1).contains("Invalid content type")
        );
        assert!(complaint("attachment; filename=a.pdf", "application/pdf", 0).ends_with("The file is zero bytes."));
    }

    #[test]
    fn names_come_quoted_encoded_and_with_semicolons() {
        assert_eq!(filename("attachment; filename=\"a; b.pdf\"").unwrap(), "a; b.pdf");
        assert_eq!(filename("attachment; filename=x.pdf; filename*=UTF-8''%C3%B8ving+1.pdf").unwrap(), "øving+1.pdf");
        assert_eq!(safe("a/b:c.pdf"), "a_b_c.pdf");
    }
}
