//! Work that takes a processor for a while, such as decoding a picture or running a model: no more
//! of it at a time than was allowed, no more in line than was allowed, and no panic out of it.
//!
//! Hosts whose functions block do it on their own thread ([`Work::here`]), hosts whose functions are
//! awaited on the blocking threads of tokio (`Work::away`, feature `async`). Both stand in one line.
//!
//! Knows nothing of guests, nor of what the work is.

mod turns;

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use turns::Turns;

/// The longest text of a panic that is passed on, in bytes.
const LONGEST_PANIC: usize = 512;

/// How much work there may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// How much is done at a time. At least one.
    pub at_a_time: usize,
    /// How much may wait for its turn.
    pub waiting: usize,
    /// How long it may wait.
    pub wait: Duration,
}

impl Default for Bounds {
    /// As much at a time as there are processors, four times as much in line, for ten seconds.
    fn default() -> Self {
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            at_a_time: processors,
            waiting: 4 * processors,
            wait: Duration::from_secs(10),
        }
    }
}

/// Why work was not done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Undone {
    /// The line is full, or the wait was too long.
    #[error("there is too much to do")]
    Busy,
    /// It panicked. That is the text, cut.
    #[error("it panicked: {0}")]
    Panicked(String),
    /// There is no tokio runtime to do it on, or it is ending.
    #[error("no tokio runtime runs here")]
    NoRuntime,
}

/// The line of those who want something done. Clones are the same line.
#[derive(Debug, Clone)]
pub struct Work(Arc<Turns>);

impl Work {
    /// A line of its own.
    #[must_use]
    pub fn new(bounds: Bounds) -> Self {
        Self(Arc::new(Turns::new(bounds)))
    }

    /// Does something on this thread, which waits for its turn.
    ///
    /// # Errors
    ///
    /// Its turn did not come, or it panicked.
    pub fn here<T>(&self, job: impl FnOnce() -> T) -> Result<T, Undone> {
        let turn = self.0.wait_here().ok_or(Undone::Busy)?;
        let done = contain(job);
        drop(turn);
        done
    }

    /// Does something on another thread. Whoever drops the future gives up its place in the line; what
    /// has begun is finished, and takes its turn until it is.
    ///
    /// # Errors
    ///
    /// Its turn did not come, or it panicked, or this is not polled on a runtime of tokio with
    /// timers.
    #[cfg(feature = "async")]
    pub async fn away<T: Send + 'static>(
        &self,
        job: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Undone> {
        let runtime = tokio::runtime::Handle::try_current().map_err(|_| Undone::NoRuntime)?;
        let turn = Turns::wait(&self.0).await.ok_or(Undone::Busy)?;
        let done = runtime.spawn_blocking(move || {
            let done = contain(job);
            drop(turn);
            done
        });
        done.await.unwrap_or(Err(Undone::NoRuntime))
    }
}

/// Does something at once, whatever it does.
///
/// # Errors
///
/// It panicked.
pub fn contain<T>(job: impl FnOnce() -> T) -> Result<T, Undone> {
    catch_unwind(AssertUnwindSafe(job)).map_err(|panic| Undone::Panicked(text(&*panic)))
}

fn text(panic: &(dyn Any + Send)) -> String {
    let text = panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("without a text");
    text[..text.floor_char_boundary(LONGEST_PANIC)].to_owned()
}
