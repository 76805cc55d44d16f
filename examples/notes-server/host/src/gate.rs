//! The limits of what comes in: how much is worked on at a time, and what a body may be.

use std::hint::black_box;
use std::mem;

use axum::body::{Body, HttpBody as _};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use tokio::time::timeout;

use crate::config::{Incoming, ms};
use crate::failure::Failure;
use crate::state::Shared;

/// Lets a request through, if there is room for it.
pub(crate) async fn gate(State(state): State<Shared>, request: Request, next: Next) -> Response {
    let Ok(_room) = state.room.try_acquire() else {
        return Failure::busy("too many requests are worked on").into_response();
    };
    if state.leak > 0 {
        // What nobody looks at the compiler would not even allocate.
        mem::forget(black_box(vec![1_u8; state.leak]));
    }
    next.run(request).await
}

/// The text that a client sends.
pub(crate) async fn text(body: Body, incoming: &Incoming) -> Result<String, Failure> {
    let most = incoming.body_bytes;
    let too_large = || {
        let message = format!("a body has at most {most} bytes");
        Failure::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", message)
    };
    // What says of itself that it is too large need not be read.
    if body.size_hint().lower() > most as u64 {
        return Err(too_large());
    }
    let whole = timeout(ms(incoming.body_ms), Limited::new(body, most).collect()).await;
    let whole = whole.map_err(|_| {
        let message = "the body of the request did not come in time";
        Failure::new(StatusCode::REQUEST_TIMEOUT, "slow", message)
    })?;
    let whole = whole.map_err(|error| {
        if error.is::<LengthLimitError>() {
            return too_large();
        }
        Failure::new(StatusCode::BAD_REQUEST, "broken-off", error.to_string())
    })?;
    String::from_utf8(whole.to_bytes().into())
        .map_err(|error| Failure::new(StatusCode::BAD_REQUEST, "no-text", error.to_string()))
}
