//! What comes in with a request: whether there is room for it, and its body, bounded in bytes and in
//! time.

use std::time::Duration;

use axum::body::{Body, HttpBody as _};
use axum::http::StatusCode;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::Failure;

const MIB: usize = 1 << 20;

/// Room for so many requests at a time.
#[must_use]
pub fn room(requests: usize) -> Semaphore {
    Semaphore::new(requests.min(Semaphore::MAX_PERMITS))
}

/// The body that a client sends, of at most this many bytes and in at most this time. `what` is what
/// it is to people, such as "a picture".
///
/// # Errors
///
/// 413 where it is larger, without reading what says so of itself; 408 where it does not come in
/// time; 400 where it breaks off.
pub async fn body(
    body: Body,
    what: &str,
    most: usize,
    patience: Duration,
) -> Result<Vec<u8>, Failure> {
    let too_large = || {
        let most = match most % MIB {
            0 => format!("{} MiB", most / MIB),
            _ => format!("{most} bytes"),
        };
        let message = format!("{what} has at most {most}");
        Failure::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", message)
    };
    if body.size_hint().lower() > most as u64 {
        return Err(too_large());
    }
    let whole = timeout(patience, Limited::new(body, most).collect()).await;
    let whole = whole.map_err(|_| {
        let message = format!("{what} did not come in time");
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
