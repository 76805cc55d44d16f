//! The one error of everything here, in Dapr's terms: that of the ABI.

use std::fmt::Display;
use std::future::Future;
use std::time::Duration;

use abide::Error as GuestFailed;

pub use abide_dapr::types::{Error, Failure};

/// What most functions here return.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// The code of what failed in this process.
pub(crate) const INTERNAL: &str = "INTERNAL";

/// What the other side said.
pub fn failed(code: impl Into<String>, message: impl Display) -> Error {
    Error::Failed(Failure {
        code: code.into(),
        message: message.to_string(),
    })
}

/// What `component` does not do.
pub fn unsupported(component: &str, what: &str) -> Error {
    Error::Unsupported(format!("{component}: {what}"))
}

/// What a call of a guest failed with, as others are told of it. What the guest's own text is stays
/// in the log.
pub fn of_guest(error: &GuestFailed) -> Error {
    match error {
        GuestFailed::Timeout { .. } => Error::Timeout,
        GuestFailed::Busy { .. } | GuestFailed::BreakerOpen { .. } => {
            Error::Unavailable("the application is busy".to_owned())
        }
        GuestFailed::Cancelled { .. } => Error::Unavailable("the application ends".to_owned()),
        GuestFailed::Trap { .. } => failed(INTERNAL, "the application trapped"),
        _ => failed(INTERNAL, "the application failed"),
    }
}

/// Waits for a call out, and not for longer than that.
pub(crate) async fn within<T>(
    deadline: Duration,
    call: impl Future<Output = Result<T>> + Send,
) -> Result<T> {
    let call = tokio::time::timeout(deadline, call);
    call.await.unwrap_or(Err(Error::Timeout))
}
