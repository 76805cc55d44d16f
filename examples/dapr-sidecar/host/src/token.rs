//! Tokens: what clients show this sidecar (`DAPR_API_TOKEN`), and what it shows the program beside it
//! (`APP_API_TOKEN`). Both stand in one field of the head.

use std::fmt;
use std::sync::Arc;

use tonic::metadata::AsciiMetadataValue;
use tonic::service::Interceptor;
use tonic::{Request, Status};

/// The field.
pub(crate) const FIELD: &str = "dapr-api-token";

/// A token. It is not printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(Arc<str>);

impl Token {
    /// A token of a variable of the environment. None is that there is none, or that it is empty.
    pub fn of_variable(name: &str) -> Option<Self> {
        let value = std::env::var(name).ok()?;
        (!value.is_empty()).then(|| Self(value.into()))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is that. How long this takes says nothing of how much of it is right.
    pub(crate) fn is(&self, shown: &[u8]) -> bool {
        let bytes = self.0.as_bytes();
        let pairs = bytes.iter().zip(shown);
        let difference = pairs.fold(0, |all, (is, shown)| all | (is ^ shown));
        bytes.len() == shown.len() && difference == 0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token")
    }
}

/// Lets in who shows the token, over gRPC. Without one, everybody.
#[derive(Debug, Clone)]
pub(crate) struct Wanted(pub(crate) Option<Token>);

impl Interceptor for Wanted {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        // Nobody else learns of it.
        let shown = request.metadata_mut().remove(FIELD);
        match (&self.0, shown) {
            (None, _) => Ok(request),
            (Some(token), Some(shown)) if token.is(shown.as_bytes()) => Ok(request),
            (Some(_), Some(_)) => {
                let text = "authentication error: api token mismatch";
                Err(Status::unauthenticated(text))
            }
            (Some(_), None) => {
                let text = "missing api token in request metadata";
                Err(Status::unauthenticated(text))
            }
        }
    }
}

/// Shows a token, over gRPC.
#[derive(Debug, Clone)]
pub(crate) struct Shown(Option<AsciiMetadataValue>);

impl Shown {
    pub(crate) fn new(token: Option<&Token>) -> Self {
        Self(token.and_then(|token| token.as_str().parse().ok()))
    }
}

impl Interceptor for Shown {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        match &self.0 {
            Some(token) => drop(request.metadata_mut().insert(FIELD, token.clone())),
            None => drop(request.metadata_mut().remove(FIELD)),
        }
        Ok(request)
    }
}

#[cfg(test)]
mod tests {
    use super::Token;

    #[test]
    fn a_token_is_all_of_it() {
        let token = Token("open sesame".into());
        assert!(token.is(b"open sesame"));
        for shown in ["", "open sesam", "open sesame ", "Open sesame"] {
            assert!(!token.is(shown.as_bytes()), "{shown}");
        }
        assert_eq!(format!("{token:?}"), "Token");
    }
}
