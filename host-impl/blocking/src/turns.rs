//! Whose turn it is: one line for threads and tasks. Does not know what they do.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::Instant;

#[cfg(feature = "async")]
use tokio::sync::OwnedSemaphorePermit;
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::Bounds;

#[derive(Debug)]
pub(crate) struct Turns {
    bounds: Bounds,
    free: Arc<Semaphore>,
    waiting: AtomicUsize,
}

impl Turns {
    pub(crate) fn new(bounds: Bounds) -> Self {
        let at_a_time = bounds.at_a_time.clamp(1, Semaphore::MAX_PERMITS);
        Self {
            bounds,
            free: Arc::new(Semaphore::new(at_a_time)),
            waiting: AtomicUsize::new(0),
        }
    }

    /// A turn, unless it does not come in time. The thread waits.
    pub(crate) fn wait_here(&self) -> Option<SemaphorePermit<'_>> {
        if let Ok(turn) = self.free.try_acquire() {
            return Some(turn);
        }
        let _place = self.line_up()?;
        // A time that cannot be said is not too long for anybody.
        let end = Instant::now().checked_add(self.bounds.wait);
        let mut turn = pin!(self.free.acquire());
        let waker = Waker::from(Arc::new(Parked(thread::current())));
        let mut context = Context::from_waker(&waker);
        loop {
            if let Poll::Ready(turn) = turn.as_mut().poll(&mut context) {
                return turn.ok();
            }
            match end.map(|end| end.saturating_duration_since(Instant::now())) {
                None => thread::park(),
                Some(left) if left.is_zero() => return None,
                Some(left) => thread::park_timeout(left),
            }
        }
    }

    /// The same for a task, to be taken along to another thread.
    #[cfg(feature = "async")]
    pub(crate) async fn wait(this: &Arc<Self>) -> Option<OwnedSemaphorePermit> {
        let free = || Arc::clone(&this.free);
        if let Ok(turn) = free().try_acquire_owned() {
            return Some(turn);
        }
        let _place = this.line_up()?;
        let turn = tokio::time::timeout(this.bounds.wait, free().acquire_owned());
        turn.await.ok()?.ok()
    }

    /// A place in the line, if it has one.
    fn line_up(&self) -> Option<Place<'_>> {
        let most = self.bounds.waiting;
        let one_more = |waiting| (waiting < most).then_some(waiting + 1);
        let lined_up = self
            .waiting
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_more);
        lined_up.ok().map(|_| Place(&self.waiting))
    }
}

struct Place<'a>(&'a AtomicUsize);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A thread that sleeps until it is woken.
struct Parked(Thread);

impl Wake for Parked {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}
