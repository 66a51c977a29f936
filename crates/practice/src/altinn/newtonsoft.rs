//! JSON as the app's library reads it (Newtonsoft.Json with its defaults): single quotes, names without quotes or in any
//! case, comments and a comma at the end are taken, and a number does for a text.

use serde_json::{Map, Number, Value};

/// How deep values may lie within values; the library's own limit is the same.
const DEPTH: usize = 64;

/// Reads a value and nothing after it.
pub(super) fn parse(text: &str) -> Option<Value> {
    let mut reader = Reader { rest: text.trim_start_matches('\u{feff}') };
    let value = reader.value(0)?;
    reader.space()?;
    reader.rest.is_empty().then_some(value)
}

/// A member by its name in any case.
pub(super) fn member<'v>(value: &'v Value, name: &str) -> Option<&'v Value> {
    let object = value.as_object()?;
    object.get(name).or_else(|| object.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value))
}

/// A member as a text: a string, or a number's digits.
pub(super) fn text(value: &Value, name: &str) -> Option<String> {
    match member(value, name)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

struct Reader<'t> {
    rest: &'t str,
}

impl<'t> Reader<'t> {
    fn space(&mut self) -> Option<()> {
        loop {
            self.rest = self.rest.trim_start();
            if let Some(comment) = self.rest.strip_prefix("/*") {
                self.rest = comment.split_once("*/")?.1;
            } else if let Some(comment) = self.rest.strip_prefix("//") {
                self.rest = comment.split_once('\n').map_or("", |(_, after)| after);
            } else {
                return Some(());
            }
        }
    }

    fn take(&mut self, sign: char) -> bool {
        match self.rest.strip_prefix(sign) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn value(&mut self, depth: usize) -> Option<Value> {
        if depth > DEPTH {
            return None;
        }
        self.space()?;
        match self.rest.chars().next()? {
            '{' => self.object(depth),
            '[' => self.array(depth),
            quote @ ('"' | '\'') => self.string(quote).map(Value::String),
            _ => self.word(),
        }
    }

    fn object(&mut self, depth: usize) -> Option<Value> {
        self.take('{');
        let mut object = Map::new();
        loop {
            self.space()?;
            if self.take('}') {
                return Some(Value::Object(object));
            }
            let name = match self.rest.chars().next()? {
                quote @ ('"' | '\'') => self.string(quote)?,
                _ => self.bare().filter(|name| !name.is_empty())?.to_owned(),
            };
            self.space()?;
            if !self.take(':') {
                return None;
            }
            let value = self.value(depth + 1)?;
            object.insert(name, value);
            self.space()?;
            if !self.take(',') && !self.rest.starts_with('}') {
                return None;
            }
        }
    }

    fn array(&mut self, depth: usize) -> Option<Value> {
        self.take('[');
        let mut list = Vec::new();
        loop {
            self.space()?;
            if self.take(']') {
                return Some(Value::Array(list));
            }
            list.push(self.value(depth + 1)?);
            self.space()?;
            if !self.take(',') && !self.rest.starts_with(']') {
                return None;
            }
        }
    }

    fn string(&mut self, quote: char) -> Option<String> {
        self.take(quote);
        let mut text = String::new();
        let mut letters = self.rest.char_indices();
        while let Some((at, letter)) = letters.next() {
            match letter {
                letter if letter == quote => {
                    self.rest = self.rest.get(at + letter.len_utf8()..)?;
                    return Some(text);
                }
                '\\' => match letters.next()?.1 {
                    'n' => text.push('\n'),
                    'r' => text.push('\r'),
                    't' => text.push('\t'),
                    'b' => text.push('\u{8}'),
                    'f' => text.push('\u{c}'),
                    'u' => {
                        let digits: String = letters.by_ref().take(4).map(|(_, digit)| digit).collect();
                        text.push(char::from_u32(u32::from_str_radix(&digits, 16).ok()?).unwrap_or('\u{fffd}'));
                    }
                    other => text.push(other),
                },
                other => text.push(other),
            }
        }
        None
    }

    fn bare(&mut self) -> Option<&'t str> {
        let end = self.rest.find(|letter: char| !(letter.is_alphanumeric() || "_$.+-".contains(letter)));
        let (word, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        self.rest = rest;
        Some(word)
    }

    fn word(&mut self) -> Option<Value> {
        Some(match self.bare()? {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            "null" | "undefined" => Value::Null,
            number => Value::Number(number.parse::<Number>().ok()?),
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_the_library_takes_is_taken() {
        let org = |body: &str| text(member(&parse(body)?, "instanceOwner")?, "organisationNumber");
        for body in [
            r#"{"instanceOwner":{"organisationNumber":"311797816"}}"#,
            "{'instanceOwner': {'organisationNumber': 311797816}}",
            "{instanceOwner:{organisationNumber:'311797816',},}",
            "/* to */ {\"InstanceOwner\":{\"ORGANISATIONNUMBER\":\"311797816\"}} // end",
        ] {
            assert_eq!(org(body).as_deref(), Some("311797816"), "{body}");
        }
        assert_eq!(parse("{\"a\":\"\\u00e6\\n\"}").unwrap()["a"], "æ\n");
        for body in ["{", "{a:1", "{'a':1}}", "{'a' 1}", "'", "/* "] {
            assert_eq!(parse(body), None, "{body}");
        }
        assert_eq!(parse(&"[".repeat(1000)), None);
    }
}
