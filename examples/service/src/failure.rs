//! What goes wrong, as an answer: a status, a word for programs, a sentence for people, and when to
//! come back.

use std::time::Duration;

use axum::Json;
use axum::http::StatusCode;
use axum::http::header::{HeaderValue, RETRY_AFTER};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// When to come back, where nobody knows better.
const SOON: Duration = Duration::from_secs(1);

/// An answer that is no good news. Its body is JSON with `error` and `message`.
#[derive(Debug)]
pub struct Failure {
    status: StatusCode,
    kind: &'static str,
    message: String,
    retry_after: Option<Duration>,
}

/// How it looks to a client.
#[derive(Serialize)]
struct Told<'a> {
    error: &'a str,
    message: &'a str,
}

impl Failure {
    /// With this status, this word for programs and this sentence for people.
    pub fn new(status: StatusCode, kind: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            kind,
            message: message.into(),
            retry_after: None,
        }
    }

    /// There is no room for a request now: 503, and to come back in a second.
    pub fn busy(message: impl Into<String>) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy", message).retry_after(SOON)
    }

    /// There is nothing of that name or at that path: 404.
    pub fn nothing(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "nothing-here", message)
    }

    /// Tells the client when it may come back, in whole seconds from 1 to 3600.
    #[must_use]
    pub fn retry_after(mut self, time: Duration) -> Self {
        self.retry_after = Some(time);
        self
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let told = Told {
            error: self.kind,
            message: &self.message,
        };
        let mut response = (self.status, Json(told)).into_response();
        if let Some(time) = self.retry_after {
            // Never none: nobody shall come back at once.
            let seconds = time
                .as_secs()
                .saturating_add(u64::from(time.subsec_nanos() > 0));
            let seconds = HeaderValue::from(seconds.clamp(1, 3600));
            response.headers_mut().insert(RETRY_AFTER, seconds);
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_may_come_back_is_told_when() {
        for (time, expected) in [
            (Duration::ZERO, "1"),
            (Duration::from_millis(1), "1"),
            (Duration::from_millis(2_001), "3"),
            (Duration::MAX, "3600"),
        ] {
            let failure = Failure::busy("later").retry_after(time);
            let response = failure.into_response();
            assert_eq!(response.status(), 503);
            assert_eq!(response.headers()["retry-after"], expected);
        }
        let nothing = Failure::nothing("not here").into_response();
        assert!(nothing.headers().get("retry-after").is_none());
    }
}
