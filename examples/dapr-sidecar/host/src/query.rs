//! What stands behind a question mark, of a path or of a message.

use std::convert::Infallible;

use abide_dapr_host::blocks::Metadata;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use percent_encoding::percent_decode_str;

/// What begins the names of metadata there.
const METADATA: &str = "metadata.";

/// Names with values, in their order.
#[derive(Debug, Default)]
pub(crate) struct Query(pub(crate) Vec<(String, String)>);

impl Query {
    pub(crate) fn parse(text: &str) -> Self {
        let pairs = text.split('&').filter(|pair| !pair.is_empty());
        let pairs = pairs.map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decoded(name), decoded(value))
        });
        Self(pairs.collect())
    }

    pub(crate) fn get(&self, wanted: &str) -> Option<&str> {
        let found = self.0.iter().find(|(name, _)| name == wanted);
        found.map(|(_, value)| value.as_str())
    }

    pub(crate) fn all(&self, wanted: &str) -> Vec<String> {
        let all = self.0.iter().filter(|(name, _)| name == wanted);
        all.map(|(_, value)| value.clone()).collect()
    }

    /// What begins with `metadata.`, without that.
    pub(crate) fn metadata(&self) -> Metadata {
        let all = self.0.iter().filter_map(|(name, value)| {
            let name = name.strip_prefix(METADATA)?;
            Some((name.to_owned(), value.clone()))
        });
        all.collect()
    }
}

fn decoded(text: &str) -> String {
    let spaces = text.replace('+', " ");
    percent_decode_str(&spaces).decode_utf8_lossy().into_owned()
}

impl<S: Send + Sync> FromRequestParts<S> for Query {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::parse(parts.uri.query().unwrap_or_default()))
    }
}

#[cfg(test)]
mod tests {
    use super::Query;

    #[test]
    fn metadata_is_what_says_so() {
        let query = Query::parse("metadata.ttlInSeconds=5&key=a&key=b%20c&x&metadata.a+b=%26");
        assert_eq!(query.all("key"), ["a", "b c"]);
        assert_eq!(query.get("x"), Some(""));
        let metadata = [("ttlInSeconds", "5"), ("a b", "&")];
        let metadata = metadata.map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(query.metadata(), metadata);
    }
}
