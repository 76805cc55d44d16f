//! Tasks in the line: who waits without a thread.
//!
//! It knows how a task is woken; the line is the same for all.

use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use super::{Denied, Next, Permit, Permits, Place};
use crate::guard::clock::Clock;

impl Permits {
    /// What [`acquire`](Self::acquire) does, without holding up a thread. Whoever drops the future
    /// leaves the line.
    ///
    /// `clock` says when to look again, besides being told.
    pub(crate) async fn acquire_async(
        permits: &Arc<Self>,
        wanted: u32,
        wait: Duration,
        clock: &Clock,
        make_room: impl Fn() -> bool,
        cancelled: impl Fn() -> bool,
    ) -> Result<Permit, Denied> {
        let mut place = {
            let mut line = permits.line.lock();
            if let Some(permit) = Self::at_once(permits, &mut line, wanted) {
                return Ok(permit);
            }
            Place::queue(permits, &mut line, wanted, wait)
        };
        let mut alarm = None;
        poll_fn(|cx| {
            // Before it is looked whether there is a permit, so that nobody is woken too early to
            // notice. And without the lock: cloning and dropping wakers runs code of the executor.
            let waker = cx.waker().clone();
            let before = place.waiter.task.lock().replace(waker);
            drop(before);
            let mut line = permits.line.lock();
            match place.look(&mut line, &make_room, &cancelled) {
                Next::Over(outcome) => {
                    alarm = None;
                    Poll::Ready(outcome)
                }
                Next::Wait(_) => {
                    drop(line);
                    alarm = Some(clock.wake_at(clock.now() + 1, cx.waker()));
                    Poll::Pending
                }
            }
        })
        .await
    }
}
