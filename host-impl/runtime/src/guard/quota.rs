//! What guests hold of the host's process: open files and sockets, and threads that look up names
//! or wait for files.
//!
//! They are counted for each instance and for its whole engine.

use std::sync::Arc;
#[cfg(feature = "async")]
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::limits::Limits;

/// What the guests of an engine may hold together unless its builder says otherwise: half of the
/// files that a process may have open on most systems, and few of the threads that an async runtime
/// starts.
pub(crate) const OPEN_FILES: usize = 512;
pub(crate) const NAME_LOOKUPS: usize = 16;

/// How many threads the guests of an engine may hold together that use files for them, and how many
/// one of them: a guest does one thing at a time. A thread that waits for a pipe or a device cannot
/// be interrupted.
#[cfg(feature = "async")]
const THREADS: usize = 32;
#[cfg(feature = "async")]
const OWN_THREADS: usize = 1;

/// What may be held: by all instances of an engine, or by one of them.
#[derive(Debug)]
pub(crate) struct Quota {
    files: AtomicUsize,
    most_files: usize,
    lookups: Arc<Semaphore>,
    /// Made when the first thread is asked for: guests that block their own ask for none.
    #[cfg(feature = "async")]
    threads: OnceLock<Arc<Semaphore>>,
}

impl Quota {
    pub(crate) fn new(open_files: usize, name_lookups: usize) -> Self {
        Self {
            files: AtomicUsize::new(0),
            most_files: open_files,
            // One of none would make everybody wait for ever.
            lookups: Arc::new(Semaphore::new(
                name_lookups.clamp(1, Semaphore::MAX_PERMITS),
            )),
            #[cfg(feature = "async")]
            threads: OnceLock::new(),
        }
    }

    /// The line of those who want one of `count` threads.
    #[cfg(feature = "async")]
    fn threads(&self, count: usize) -> &Arc<Semaphore> {
        self.threads.get_or_init(|| Arc::new(Semaphore::new(count)))
    }

    /// One more file, unless that is one too many.
    fn open(self: &Arc<Self>) -> Option<Open> {
        let more = |files| (files < self.most_files).then_some(files + 1);
        let counted = self
            .files
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, more);
        counted.is_ok().then(|| Open(Arc::clone(self)))
    }
}

/// One file of a quota, given back when it is dropped.
#[derive(Debug)]
struct Open(Arc<Quota>);

impl Drop for Open {
    fn drop(&mut self) {
        self.0.files.fetch_sub(1, Ordering::Relaxed);
    }
}

/// What one instance may hold, of its own limits and of what its engine has left.
#[derive(Debug, Clone)]
pub(crate) struct Share {
    own: Arc<Quota>,
    engine: Arc<Quota>,
}

/// Whose files are all in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Full {
    Instance,
    Engine,
}

impl Share {
    pub(crate) fn new(engine: &Arc<Quota>, limits: &Limits) -> Self {
        Self {
            own: Arc::new(Quota::new(limits.open_files, limits.name_lookups)),
            engine: Arc::clone(engine),
        }
    }

    /// The right to have one more file or socket open, until it is dropped.
    pub(crate) fn open(&self) -> Result<Ticket, Full> {
        Ok(Ticket {
            _own: self.own.open().ok_or(Full::Instance)?,
            _engine: self.engine.open().ok_or(Full::Engine)?,
        })
    }

    /// The right to look up a name on a thread, until it is dropped. Those who come first get it
    /// first.
    pub(crate) async fn look_up(&self) -> Turn {
        Turn::take(&self.own.lookups, &self.engine.lookups).await
    }

    /// The right to use a file on a thread, until it is dropped. Those who come first get it first.
    #[cfg(feature = "async")]
    pub(crate) async fn thread(&self) -> Turn {
        let engine = self.engine.threads(THREADS);
        Turn::take(self.own.threads(OWN_THREADS), engine).await
    }

    /// The same, if nobody else has to be waited for.
    #[cfg(feature = "async")]
    pub(crate) fn thread_at_once(&self) -> Option<Turn> {
        let at_once = |line: &Arc<Semaphore>| Arc::clone(line).try_acquire_owned().ok();
        Some(Turn {
            _own: Some(at_once(self.own.threads(OWN_THREADS))?),
            _engine: Some(at_once(self.engine.threads(THREADS))?),
        })
    }
}

/// The right to have a file or a socket open.
#[derive(Debug)]
pub(crate) struct Ticket {
    _own: Open,
    _engine: Open,
}

/// The right to use a thread. There is always a permit in it: these lines are never closed.
#[derive(Debug)]
pub(crate) struct Turn {
    _own: Option<OwnedSemaphorePermit>,
    _engine: Option<OwnedSemaphorePermit>,
}

impl Turn {
    async fn take(own: &Arc<Semaphore>, engine: &Arc<Semaphore>) -> Self {
        // Its own first, so that who waits for himself does not stand in the line of all.
        let own = Arc::clone(own).acquire_owned().await;
        let engine = Arc::clone(engine).acquire_owned().await;
        Self {
            _own: own.ok(),
            _engine: engine.ok(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn share(engine: &Arc<Quota>, files: usize) -> Share {
        Share::new(engine, &Limits::new().open_files(files))
    }

    #[test]
    fn files_count_for_the_instance_and_for_the_engine() {
        let engine = Arc::new(Quota::new(3, 1));
        let (one, other) = (share(&engine, 2), share(&engine, 2));
        let first = one.open().unwrap();
        let second = one.open().unwrap();
        assert_eq!(one.open().unwrap_err(), Full::Instance);
        let third = other.open().unwrap();
        assert_eq!(other.open().unwrap_err(), Full::Engine);
        // What was refused was not counted anywhere.
        drop(third);
        let _third = other.open().unwrap();
        drop((first, second));
        let _rest = [one.open().unwrap(), one.open().unwrap()];
        assert_eq!(one.open().unwrap_err(), Full::Instance);
        assert_eq!(other.open().unwrap_err(), Full::Engine);
    }

    #[test]
    fn lookups_wait_in_line() {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        runtime.block_on(async {
            let engine = Arc::new(Quota::new(1, 2));
            let limits = Limits::new().name_lookups(1);
            let (one, other) = (Share::new(&engine, &limits), Share::new(&engine, &limits));
            let third = Share::new(&engine, &limits);
            let waits = async |share: &Share| {
                let wait = std::pin::pin!(share.look_up());
                let ready = wasmtime_wasi::runtime::poll_noop(wait);
                ready.is_none()
            };
            let first = one.look_up().await;
            assert!(waits(&one).await, "one at a time of its own");
            let _second = other.look_up().await;
            assert!(waits(&third).await, "two at a time of all");
            drop(first);
            assert!(!waits(&third).await);
            assert!(!waits(&one).await);
        });
    }
}
