//! Calls that may block their thread, on threads that run async code.
//!
//! WASI's functions are async underneath, and wasmtime-wasi waits for them where they are called.
//! On a worker thread of a tokio runtime that is not allowed, unless the runtime hears of it
//! before.

use tokio::runtime::{Handle, RuntimeFlavor};

/// Runs `call`, which may block on WASI.
///
/// On a runtime with several threads this thread's other tasks move elsewhere for the time. On a
/// runtime with one thread, and in a `LocalSet` of any, there is nowhere to move: there tokio
/// panics, which [`panicked`](crate::error::panic::panicked) turns into advice. It does not tell
/// beforehand.
pub(crate) fn may_block<R>(call: impl FnOnce() -> R) -> R {
    match Handle::try_current() {
        Ok(runtime) if runtime.runtime_flavor() == RuntimeFlavor::MultiThread => {
            tokio::task::block_in_place(call)
        }
        _ => call(),
    }
}
