//! Parameters of a query or a form, where each may stand once (RFC 6749 section 3.1).

use url::form_urlencoded;

/// Parameters in their order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Params(Vec<(String, String)>);

impl Params {
    pub(crate) fn parse(encoded: &[u8]) -> Self {
        Self(form_urlencoded::parse(encoded).into_owned().collect())
    }

    /// The value; an empty one counts as absent, as RFC 6749 says.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, value)| key == name && !value.is_empty()).map(|(_, value)| value.as_str())
    }

    /// The value with upper and lower case taken for the same, as ASP.NET does with query names.
    pub(crate) fn get_any_case(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// Words separated by spaces.
    pub(crate) fn words(&self, name: &str) -> Vec<String> {
        self.get(name).unwrap_or_default().split_whitespace().map(str::to_owned).collect()
    }

    /// A parameter that stands more than once.
    pub(crate) fn repeated(&self) -> Option<&str> {
        self.0
            .iter()
            .enumerate()
            .find(|(n, (key, _))| key != "resource" && self.0.iter().take(*n).any(|(earlier, _)| earlier == key))
            .map(|(_, (key, _))| key.as_str())
    }
}
