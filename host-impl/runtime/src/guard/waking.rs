//! Wakes tasks, which runs code of whatever executor it is, on a thread that has other things to
//! do.
//!
//! It knows nothing of what they wait for.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::task::Waker;

use crate::error::panic;

/// Wakes a task. Should that panic, it is nobody's affair but that executor's: who wakes it is the
/// clock of all guests, or another tenant.
pub(crate) fn wake(task: Waker) {
    if let Err(panic) = catch_unwind(AssertUnwindSafe(|| task.wake())) {
        let message = panic::shown(&*panic);
        tracing::error!(target: "abide::host", "waking a task panicked: {message}");
    }
}
