//! What goes wrong outside of the guests, as an answer: one status for each kind, and what a client
//! may know.

use std::time::Duration;

use abide_dapr_host::Error;
use axum::Json;
use axum::http::StatusCode;
use axum::http::header::{HeaderValue, RETRY_AFTER};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use tracing::error;

/// When to come back, where nobody knows better.
const SOON: Duration = Duration::from_secs(1);

/// An answer that is no good news.
#[derive(Debug)]
pub(crate) struct Failure {
    status: StatusCode,
    kind: &'static str,
    message: String,
}

/// How it looks to a client.
#[derive(Serialize)]
struct Told<'a> {
    error: &'a str,
    message: &'a str,
}

impl Failure {
    pub(crate) fn new(status: StatusCode, kind: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            kind,
            message: message.into(),
        }
    }

    /// There is no room for a request now.
    pub(crate) fn busy(message: &str) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy", message)
    }

    pub(crate) fn nothing(message: String) -> Self {
        Self::new(StatusCode::NOT_FOUND, "nothing-here", message)
    }
}

/// The guest of a service was not called, or did not answer.
impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let (status, kind, message) = match &error {
            Error::Timeout => (
                StatusCode::GATEWAY_TIMEOUT,
                "timeout",
                "this took too long and was stopped".to_owned(),
            ),
            Error::Unavailable(why) => (
                StatusCode::SERVICE_UNAVAILABLE,
                "busy",
                format!("{why}; come back soon"),
            ),
            Error::Failed(_) => (
                StatusCode::BAD_GATEWAY,
                "broken",
                "the plugin that answers this is broken".to_owned(),
            ),
            other => {
                error!("a service is called in a wrong way: {other}");
                (
                    StatusCode::INTERNAL_SERVER_ERROR,
                    "failed",
                    "something went wrong here".to_owned(),
                )
            }
        };
        Self::new(status, kind, message)
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let told = Told {
            error: self.kind,
            message: &self.message,
        };
        let mut response = (self.status, Json(told)).into_response();
        if self.status == StatusCode::SERVICE_UNAVAILABLE {
            let soon = HeaderValue::from(SOON.as_secs());
            response.headers_mut().insert(RETRY_AFTER, soon);
        }
        response
    }
}
