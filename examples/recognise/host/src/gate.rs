//! The limits of what comes in: how much is worked on at a time, and what a picture may be.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use example_service::{Failure, body};
use percent_encoding::percent_decode_str;

use crate::config::{Incoming, ms};
use crate::state::Shared;

/// Lets a request through, if there is room for it.
pub(crate) async fn gate(State(state): State<Shared>, request: Request, next: Next) -> Response {
    let Ok(_room) = state.room.try_acquire() else {
        return Failure::busy("as many pictures are worked on as there may be; come back soon")
            .into_response();
    };
    next.run(request).await
}

/// The bytes that a client sends.
pub(crate) async fn picture(sent: Body, incoming: &Incoming) -> Result<Vec<u8>, Failure> {
    let patience = ms(incoming.body_ms);
    body(sent, "a picture", incoming.body_bytes, patience).await
}

/// What stands behind a question mark.
pub(crate) fn pairs(query: &str) -> Vec<(String, String)> {
    let decoded = |text: &str| {
        let text = text.replace('+', " ");
        percent_decode_str(&text).decode_utf8_lossy().into_owned()
    };
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let pairs = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    pairs
        .map(|(name, value)| (decoded(name), decoded(value)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::pairs;

    #[test]
    fn queries_are_decoded() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(pairs(""), []);
        assert_eq!(
            pairs("name=a%20b+c.png&x&y=%C3%A4%26"),
            [pair("name", "a b c.png"), pair("x", ""), pair("y", "ä&")]
        );
    }
}
