//! Tasks in the line: who waits without a thread.
//!
//! It knows how a task is woken; the line is the same for all.

use std::future::poll_fn;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::Poll;
use std::time::Duration;

use super::{Denied, Next, Permit, Permits, Place};
use crate::guard::cancel::Cancel;
use crate::guard::clock::{Clock, ticks};

impl Permits {
    /// What [`acquire`](Self::acquire) does, without holding up a thread. Whoever drops the future
    /// leaves the line.
    ///
    /// `clock` says when to look again, besides being told: at each tick, if it is the first or can
    /// be cancelled. There may be thousands behind it, which sleep until their time is over.
    pub(crate) async fn acquire_async(
        permits: &Arc<Self>,
        wanted: u32,
        wait: Duration,
        clock: &Clock,
        make_room: impl Fn() -> bool,
        cancel: Option<&Cancel>,
    ) -> Result<Permit, Denied> {
        let mut place = {
            let mut line = permits.line.lock();
            if let Some(permit) = Self::at_once(permits, &mut line, wanted) {
                return Ok(permit);
            }
            Place::queue(permits, &mut line, wanted, wait)
        };
        let cancelled = || cancel.is_some_and(Cancel::is_cancelled);
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
                Next::Wait(left) => {
                    let leads = place.waiter.leads.load(Ordering::Relaxed);
                    drop(line);
                    let later = match leads || cancel.is_some() {
                        true => 1,
                        false => ticks(left),
                    };
                    alarm = Some(clock.wake_at(clock.now() + later, cx.waker()));
                    Poll::Pending
                }
            }
        })
        .await
    }
}
