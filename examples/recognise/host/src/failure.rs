//! What goes wrong outside of the guests, as an answer: one status for each kind, and what a client
//! may know.

use abide_dapr_host::Error;
use axum::http::StatusCode;
use example_service::Failure;
use tracing::error;

/// The guest of a service was not called, or did not answer.
pub(crate) fn of_call(error: Error) -> Failure {
    match error {
        Error::Timeout => Failure::new(
            StatusCode::GATEWAY_TIMEOUT,
            "timeout",
            "this took too long and was stopped",
        ),
        Error::Unavailable(why) => Failure::busy(format!("{why}; come back soon")),
        Error::Failed(_) => Failure::new(
            StatusCode::BAD_GATEWAY,
            "broken",
            "the plugin that answers this is broken",
        ),
        other => {
            error!("a service is called in a wrong way: {other}");
            Failure::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                "failed",
                "something went wrong here",
            )
        }
    }
}
