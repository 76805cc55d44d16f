//! What goes wrong, as an answer: one status for each kind, and what a client may know of it.
//!
//! Who asked wrongly is told what is wrong. What is wrong with the guest or the server goes to the
//! log, and the client learns no more than whether to come back.

use abide::{Blame, CallError, Error};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use notebook_abi::notes;
use tracing::{error, warn};

use crate::store::StoreError;

/// An answer that is no good news.
#[derive(Debug)]
pub(crate) struct Failure(example_service::Failure);

impl Failure {
    pub(crate) fn new(status: StatusCode, kind: &'static str, message: impl Into<String>) -> Self {
        Self(example_service::Failure::new(status, kind, message))
    }

    /// There is no room for a request now.
    pub(crate) fn busy(message: &str) -> Self {
        Self(example_service::Failure::busy(message))
    }
}

impl From<example_service::Failure> for Failure {
    fn from(failure: example_service::Failure) -> Self {
        Self(failure)
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
            Error::BreakerOpen { retry_after, .. } => {
                let paused = "the plugin failed repeatedly and is given time";
                let status = StatusCode::SERVICE_UNAVAILABLE;
                let failure = example_service::Failure::new(status, "paused", paused);
                Self(failure.retry_after(*retry_after))
            }
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
        self.0.into_response()
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
        let open = Error::BreakerOpen {
            guest: "demo".into(),
            function: "show".into(),
            retry_after: Duration::from_millis(2_001),
        };
        let response = Failure::from(open).into_response();
        assert_eq!(response.status(), 503);
        assert_eq!(response.headers()["retry-after"], "3");
    }

    #[test]
    fn what_the_host_did_is_nobody_elses_fault() {
        let response = Failure::from(Error::host("the disk is full")).into_response();
        assert_eq!(response.status(), 500);
        assert!(response.headers().get("retry-after").is_none());
    }
}
