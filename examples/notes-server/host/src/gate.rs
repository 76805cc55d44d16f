//! The limits of what comes in: how much is worked on at a time, and what a body may be.

use std::hint::black_box;
use std::mem;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use example_service::body;

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
pub(crate) async fn text(sent: Body, incoming: &Incoming) -> Result<String, Failure> {
    let patience = ms(incoming.body_ms);
    let bytes = body(sent, "a body", incoming.body_bytes, patience).await?;
    let text = String::from_utf8(bytes);
    text.map_err(|error| Failure::new(StatusCode::BAD_REQUEST, "no-text", error.to_string()))
}
