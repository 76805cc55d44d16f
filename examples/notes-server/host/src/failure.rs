//! What goes wrong, as an answer: one status for each kind, and what a client may know of it.
//!
//! Who asked wrongly is told what is wrong. What is wrong with the guest or the server goes to the
//! log, and the client learns no more than whether to come back.

use std::time::Duration;

use abide::{Blame, CallError, Error};
use axum::http::StatusCode;
use axum::http::header::{HeaderValue, RETRY_AFTER};
use axum::response::{IntoResponse, Response};
use notebook_abi::notes;
use serde::Serialize;
use tracing::{error, warn};

use crate::answer::json;
use crate::store::StoreError;

/// When to come back, where nobody knows better.
const SOON: Duration = Duration::from_secs(1);

/// An answer that is no good news.
#[derive(Debug)]
pub(crate) struct Failure {
    status: StatusCode,
    kind: &'static str,
    message: String,
    /// When the client may come back, where it is to.
    retry_after: Option<Duration>,
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
            retry_after: None,
        }
    }

    /// There is no room for a request now.
    pub(crate) fn busy(message: &str) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy", message).retry_after(SOON)
    }

    fn retry_after(mut self, time: Duration) -> Self {
        self.retry_after = Some(time);
        self
    }
}

/// The guest works, and says no.
impl From<notes::Error> for Failure {
    fn from(error: notes::Error) -> Self {
        use notes::Error::{BadName, Binary, Empty, Full, NoSuchNote, TooLarge};
        let (status, kind, message) = match error {
            NoSuchNote => (
                404,
                "no-such-note",
                "there is no note of that name".to_owned(),
            ),
            BadName => (
                400,
                "bad-name",
                format!(
                    "a name has letters, digits, `-` and `_`, at most {} of them",
                    notebook_logic::MAX_NAME
                ),
            ),
            Empty => (422, "empty", "there is nothing in the note".to_owned()),
            TooLarge(most) => (413, "too-large", format!("a note has at most {most} bytes")),
            Binary(offset) => (
                422,
                "binary",
                format!("the note is no text: it has a NUL at byte {offset}"),
            ),
            Full(most) => (
                507,
                "full",
                format!("there are {most} notes, and may be no more"),
            ),
        };
        // All of them are statuses.
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Self::new(status, kind, message)
    }
}

/// The call did not work.
impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let failure = match &error {
            Error::Timeout { .. } => Self::new(
                StatusCode::GATEWAY_TIMEOUT,
                "timeout",
                "this took too long and was stopped",
            ),
            Error::Busy { .. } => Self::busy("others are served; come back soon"),
            Error::BreakerOpen { retry_after, .. } => Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "paused",
                "the plugin failed repeatedly and is given time",
            )
            .retry_after(*retry_after),
            _ if error.blame() == Blame::Guest => Self::new(
                StatusCode::BAD_GATEWAY,
                "broken",
                "the plugin that answers this is broken",
            ),
            _ if error.blame() == Blame::Resources => Self::busy("there is no room now"),
            _ => Self::ours(),
        };
        // The chain has what the host said where it was the host that ended the call.
        match error.blame() {
            Blame::Host | Blame::Caller => error!("{error:?}"),
            _ => warn!("{error}"),
        }
        failure
    }
}

impl From<CallError<notes::Error>> for Failure {
    fn from(error: CallError<notes::Error>) -> Self {
        match error {
            CallError::Guest(error) => error.into(),
            CallError::Failed(error) => error.into(),
        }
    }
}

/// The store failed where no guest was in between.
impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        error!("{:#}", anyhow::Error::from(error));
        Self::ours()
    }
}

impl Failure {
    fn ours() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "the server failed",
        )
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let told = Told {
            error: self.kind,
            message: &self.message,
        };
        let mut response = json(self.status, &told);
        if let Some(time) = self.retry_after {
            // Whole seconds, and never none: nobody shall come back at once.
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
    use std::time::Duration;

    use abide::Error;
    use axum::response::IntoResponse as _;

    use super::Failure;

    #[test]
    fn whoever_may_come_back_is_told_when() {
        let open = |retry_after| {
            Failure::from(Error::BreakerOpen {
                guest: "demo".into(),
                function: "show".into(),
                retry_after,
            })
            .into_response()
        };
        for (time, expected) in [
            (Duration::from_millis(1), "1"),
            (Duration::from_millis(2_001), "3"),
            (Duration::MAX, "3600"),
        ] {
            let response = open(time);
            assert_eq!(response.status(), 503);
            assert_eq!(response.headers()["retry-after"], expected);
        }
    }

    #[test]
    fn what_the_host_did_is_nobody_elses_fault() {
        let response = Failure::from(Error::host("the disk is full")).into_response();
        assert_eq!(response.status(), 500);
        assert!(response.headers().get("retry-after").is_none());
    }
}
