//! Panics that were caught: what they say, and the fault that one of the host's is.
//!
//! tokio panics on a thread that must not block. Its words are made advice here.

use std::any::Any;

use super::fault::Fault;
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

/// What ends a call in which the host panicked.
#[cold]
pub(crate) fn panicked(import: &'static str, panic: &(dyn Any + Send)) -> Fault {
    Fault::HostPanic {
        import,
        message: shown(panic),
    }
}

/// The message of a panic of the host as an error tells it, with what to do about it where that is
/// known.
#[cold]
pub(crate) fn shown(panic: &(dyn Any + Send)) -> Box<str> {
    let message = match message(panic) {
        refusal if is_refusal(refusal) => {
            "a guest that uses WASI was called on a thread that runs async code and nothing else; \
             call it on a thread where it may block, for instance with `tokio::task::spawn_blocking`"
        }
        other => other,
    };
    untrusted::lines(message, LONGEST)
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
