//! The one error of everything here, in Dapr's terms: that of the ABI.

use std::fmt::Display;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;
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

/// Waits for a call out, and not for longer than that. What is there at once, as with backends of this
/// process, is had without a look at the clock.
pub(crate) async fn within<T>(
    deadline: Duration,
    call: impl Future<Output = Result<T>> + Send,
) -> Result<T> {
    let mut call = pin!(call);
    let mut late = pin!(None);
    poll_fn(|cx| {
        if let Poll::Ready(result) = call.as_mut().poll(cx) {
            return Poll::Ready(result);
        }
        if late.is_none() {
            late.set(Some(tokio::time::sleep(deadline)));
        }
        match late.as_mut().as_pin_mut() {
            Some(late) => late.poll(cx).map(|()| Err(Error::Timeout)),
            None => Poll::Pending,
        }
    })
    .await
}
