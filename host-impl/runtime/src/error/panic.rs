//! Panics that were caught: what they say, and the error that one of the host's becomes.
//!
//! It knows tokio's words for a thread that must not block, and nothing of who caught what.

use std::any::Any;
use std::sync::Arc;

use super::error::Error;
use super::untrusted;

/// The longest message of a panic that is kept, in bytes.
pub(crate) const LONGEST: usize = 4 * 1024;

/// The message of a panic, however long.
pub(crate) fn message(panic: &(dyn Any + Send)) -> &str {
    match (panic.downcast_ref::<&str>(), panic.downcast_ref::<String>()) {
        (Some(text), _) => text,
        (None, Some(text)) => text,
        (None, None) => "(a panic without a message)",
    }
}

/// The error of a call that ended in a panic of the host.
#[cold]
pub(crate) fn panicked(import: &'static str, panic: &(dyn Any + Send)) -> Error {
    let message = match message(panic) {
        refusal if is_refusal(refusal) => {
            "a guest that uses WASI was called on a thread that runs async code and nothing else; \
             call it on a thread where it may block, for instance with `tokio::task::spawn_blocking`"
        }
        other => other,
    };
    Error::HostPanic {
        guest: Arc::from(""),
        function: Box::from(""),
        import,
        message: untrusted::lines(message, LONGEST),
    }
}

/// Whether the message of a panic is tokio's, about a thread that must not block.
fn is_refusal(message: &str) -> bool {
    [
        // A runtime with one thread.
        "Cannot start a runtime from within a runtime",
        // A `LocalSet`.
        "can call blocking only when running on the multi-threaded runtime",
    ]
    .iter()
    .any(|start| message.starts_with(start))
}
