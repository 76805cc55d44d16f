//! Ends calls from another thread.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use wasmtime::UpdateDeadline;

use super::clock::Clock;
use crate::error::fault::Fault;

/// Ends the calls that are made through one [cancellable](Self::cancel) handle, from any thread.
///
/// Generated worlds make one with their function `cancellable`, together with a handle to make the
/// calls. Clones end the same calls.
///
/// ```
/// # fn show<W>(notes: impl Fn() -> (W, abide_host::CancelHandle)) {
/// let (_notes, cancel) = notes(); // `notes.cancellable()`
/// let other = cancel.clone();
/// std::thread::spawn(move || other.cancel());
/// # }
/// ```
#[derive(Clone)]
pub struct CancelHandle(pub(crate) Arc<Cancel>);

impl CancelHandle {
    /// Ends the calls that are running, and those that wait for an instance, with
    /// [`Error::Cancelled`](crate::Error::Cancelled). Those that come later end so as well. It can
    /// be called any number of times.
    ///
    /// It does not wait. A guest stops within some 20 ms, also while it waits in WASI or for a
    /// function of `host_async`; if it is inside of a function of `host`, then when that function
    /// returns.
    pub fn cancel(&self) {
        self.0.cancelled.store(true, Ordering::Release);
    }

    /// Whether [`cancel`](Self::cancel) was called.
    pub fn is_cancelled(&self) -> bool {
        self.0.is_cancelled()
    }
}

impl fmt::Debug for CancelHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CancelHandle")
            .field("cancelled", &self.is_cancelled())
            .finish()
    }
}

/// Whether calls are to end.
#[derive(Debug, Default)]
pub(crate) struct Cancel {
    cancelled: AtomicBool,
}

impl Cancel {
    pub(crate) fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Acquire)
    }
}

/// What makes a running call look at each tick whether it is cancelled.
///
/// Other calls are interrupted by the engine at their deadline and never look at anything before.
#[derive(Debug)]
pub(crate) struct Armed {
    pub(crate) cancel: Arc<Cancel>,
    pub(crate) clock: Arc<Clock>,
    /// The tick at which the time of the call is over.
    pub(crate) deadline: u64,
}

impl Armed {
    /// What is to happen with a call whose deadline has come, which is the next tick where it is
    /// armed.
    pub(crate) fn at_tick(armed: Option<&Self>) -> wasmtime::Result<UpdateDeadline> {
        match armed {
            Some(armed) if armed.cancel.is_cancelled() => Err(Fault::Cancelled.into()),
            Some(armed) if armed.clock.now() < armed.deadline => Ok(UpdateDeadline::Continue(1)),
            _ => Ok(UpdateDeadline::Interrupt),
        }
    }
}
