//! The limits of what comes in: how much is worked on at a time, and what a picture may be.

use axum::body::{Body, HttpBody as _};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use percent_encoding::percent_decode_str;
use tokio::time::timeout;

use crate::config::{Incoming, ms};
use crate::failure::Failure;
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
pub(crate) async fn picture(body: Body, incoming: &Incoming) -> Result<Vec<u8>, Failure> {
    let most = incoming.body_bytes;
    let too_large = || {
        let message = format!("a picture has at most {} MiB here", most >> 20);
        Failure::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", message)
    };
    // What says of itself that it is too large need not be read.
    if body.size_hint().lower() > most as u64 {
        return Err(too_large());
    }
    let whole = timeout(ms(incoming.body_ms), Limited::new(body, most).collect()).await;
    let whole = whole.map_err(|_| {
        let message = "the picture did not come in time";
        Failure::new(StatusCode::REQUEST_TIMEOUT, "slow", message)
    })?;
    let whole = whole.map_err(|error| {
        if error.is::<LengthLimitError>() {
            return too_large();
        }
        Failure::new(StatusCode::BAD_REQUEST, "broken-off", error.to_string())
    })?;
    Ok(whole.to_bytes().into())
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
