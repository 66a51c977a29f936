//! What is wrong with a file of JSON, without anything that stands in it.
//!
//! serde's own messages quote the value that does not fit: a password in an address, a client's secret in the wrong
//! place. Errors are logged and sent to helpers, so they say where the file is wrong and in what way, and no value.

use std::fmt;

use serde_json::error::Category;

/// Where and how a file is not as expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misread {
    /// In what way.
    pub fault: Fault,
    /// The line and the column, counted from one, where they are known.
    pub at: Option<(usize, usize)>,
    /// What is allowed there, in serde's English; names that the program knows, nothing of the file's.
    pub expected: Option<String>,
}

/// In what way a file is not as expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// It is no JSON.
    Syntax,
    /// It ends too early.
    Cut,
    /// A name that the program does not know; itself only where it looks like a name.
    UnknownName(Option<String>),
    /// A name that must be there is not.
    MissingName(String),
    /// A value is none of those that are allowed.
    Value,
}

impl std::error::Error for Misread {}

impl fmt::Display for Misread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.fault {
            Fault::Syntax => f.write_str("it is not JSON")?,
            Fault::Cut => f.write_str("it ends too early")?,
            Fault::UnknownName(Some(name)) => write!(f, "the name “{name}” is not known")?,
            Fault::UnknownName(None) => f.write_str("a name is not known")?,
            Fault::MissingName(name) => write!(f, "“{name}” is missing")?,
            Fault::Value => f.write_str("a value does not fit")?,
        }
        if let Some((line, column)) = self.at {
            write!(f, " at line {line}, column {column}")?;
        }
        match &self.expected {
            Some(expected) => write!(f, "; expected {expected}"),
            None => Ok(()),
        }
    }
}

impl From<serde_json::Error> for Misread {
    fn from(error: serde_json::Error) -> Self {
        Self::from(&error)
    }
}

impl From<&serde_json::Error> for Misread {
    fn from(error: &serde_json::Error) -> Self {
        let text = error.to_string();
        let fault = match error.classify() {
            Category::Eof => Fault::Cut,
            Category::Syntax | Category::Io => Fault::Syntax,
            Category::Data => {
                let named = |start: &str| Some(text.strip_prefix(start)?.split('`').next()?.to_owned());
                match (named("unknown field `"), named("missing field `")) {
                    (Some(name), _) => Fault::UnknownName(Some(name).filter(|name| is_name(name))),
                    // The program's own name.
                    (None, Some(name)) => Fault::MissingName(name),
                    (None, None) => Fault::Value,
                }
            }
        };
        // A file that was put together of two has no lines.
        let at = (error.line() > 0).then(|| (error.line(), error.column()));
        Self { fault, at, expected: expected(&text) }
    }
}

/// What serde's own messages say was expected. It stands last; other messages may end with anything.
fn expected(text: &str) -> Option<String> {
    let own = ["invalid type: ", "invalid value: ", "unknown variant `", "unknown field `"];
    if !own.iter().any(|start| text.starts_with(start)) {
        return None;
    }
    let (_, expected) = text.rsplit_once(", expected ")?;
    let expected = expected.rsplit_once(" at line ").map_or(expected, |(expected, _)| expected);
    // How a type is called in the program says nothing to whoever writes a file.
    Some(if expected.starts_with("struct ") { "an object".to_owned() } else { expected.to_owned() })
}

/// Whether it can be taken for a misspelt name: letters, as all names of the program are.
fn is_name(text: &str) -> bool {
    (1..=40).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_')
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::environment::Overrides;

    fn misread(content: &str) -> Misread {
        match Overrides::parse(content.as_bytes()) {
            Err(crate::EnvironmentError::Content(_, misread)) => Some(misread),
            _ => None,
        }
        .unwrap()
    }

    #[test]
    fn it_is_said_where_and_how() {
        assert_eq!(misread("{").to_string(), "it ends too early at line 1, column 1");
        assert_eq!(misread("{x").fault, Fault::Syntax);
        let unknown = misread("{\"test\":\n {\"ap\": 1}}");
        assert_eq!((&unknown.fault, unknown.at), (&Fault::UnknownName(Some("ap".into())), Some((2, 6))));
        assert!(unknown.expected.unwrap().contains("`app`"));
        let variant = misread(r#"{"test": {"integration": {"authentication": "secret_post"}}}"#);
        assert_eq!(variant.fault, Fault::Value);
        assert!(variant.expected.unwrap().contains("`client_secret_post`"));
        let missing = misread(r#"{"test": {"integration": {"redirect": {"kind": "hosted_page"}}}}"#);
        assert_eq!(missing.fault, Fault::MissingName("page".into()));
    }

    #[test]
    fn nothing_of_the_file_is_quoted() {
        for content in [
            r#""Hemmelig""#,
            r#"{"test": "Hemmelig"}"#,
            r#"{"test": "x, expected Hemmelig"}"#,
            r#"{"Hemmelig": {}}"#,
            r#"{"test": {"Hemmelig-123": 1}}"#,
            r#"{"test": {"14038112345": 1}}"#,
            r#"{"test": {"integration": {"issuer": "http://ola:Hemmelig@x.no"}}}"#,
            r#"{"test": {"integration": {"issuer": "x, expected Hemmelig"}}}"#,
            r#"{"test": {"integration": {"postLogoutRedirectUri": "x, expected Hemmelig"}}}"#,
            r#"{"test": {"integration": {"authentication": "a`, expected Hemmelig"}}}"#,
            r#"{"test": {"integration": {"redirect": {"kind": "unknown field `Hemmelig"}}}}"#,
        ] {
            let said = format!("{0} {0:?}", misread(content));
            assert!(!said.contains("Hemmelig") && !said.contains("14038112345"), "{content}: {said}");
        }
    }
}
