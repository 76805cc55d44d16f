//! Work that blocks whoever does it, done on another thread.
//!
//! A thread that waits for the system cannot be interrupted: it goes on when nobody waits for it
//! any more. So guests wait in line for one. It knows nothing of what is done there.

use std::future::{Future, poll_fn};
use std::mem;
use std::panic::resume_unwind;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::task::{JoinError, JoinHandle};
use wasmtime::format_err;
use wasmtime_wasi::runtime::{AbortOnDropJoinHandle, with_ambient_tokio_runtime};

use crate::guard::quota::{Share, Turn};

/// Does some work on another thread, as soon as one may be had. Work that has not begun when this
/// is dropped is not done.
pub(super) async fn on_thread<R: Send + 'static>(
    share: &Share,
    work: impl FnOnce() -> R + Send + 'static,
) -> wasmtime::Result<R> {
    let turn = share.thread().await;
    let working =
        with_ambient_tokio_runtime(|| tokio::task::spawn_blocking(move || done_with(turn, work)));
    let mut working = AbortOnDropJoinHandle::from(working);
    let done = poll_fn(|cx| Pin::new(&mut *working).poll(cx)).await;
    done.map_err(over)
}

/// Does some work, and gives the turn back after it.
fn done_with<R>(turn: Turn, work: impl FnOnce() -> R) -> R {
    let done = work();
    drop(turn);
    done
}

/// Why some work has no result. Its panic goes on where it is awaited.
fn over(error: JoinError) -> wasmtime::Error {
    match error.try_into_panic() {
        Ok(panic) => resume_unwind(panic),
        Err(_) => format_err!("the runtime whose thread worked for the guest was shut down"),
    }
}

/// Something that blocks whoever uses it, and is used on another thread: for one piece of work at a
/// time, which comes to an `R`.
pub(super) struct Apart<S, R> {
    place: Place<S, R>,
    share: Share,
}

enum Place<S, R> {
    Here(S),
    Away(JoinHandle<wasmtime::Result<(S, R)>>),
    /// What it was used for panicked, or never happened.
    Lost,
}

impl<S: Send + 'static, R: Send + 'static> Apart<S, R> {
    pub(super) fn new(it: S, share: &Share) -> Self {
        Self {
            place: Place::Here(it),
            share: share.clone(),
        }
    }

    /// The thing itself, where it is not in use.
    pub(super) fn here(&mut self) -> Option<&mut S> {
        match &mut self.place {
            Place::Here(it) => Some(it),
            Place::Away(_) | Place::Lost => None,
        }
    }

    /// Uses it, unless it is in use. That goes on when this is dropped.
    pub(super) fn start(&mut self, work: impl FnOnce(&mut S) -> R + Send + 'static) {
        match mem::replace(&mut self.place, Place::Lost) {
            Place::Here(mut it) => {
                let share = self.share.clone();
                let work = move || {
                    let done = work(&mut it);
                    (it, done)
                };
                let working = with_ambient_tokio_runtime(|| match share.thread_at_once() {
                    Some(turn) => tokio::task::spawn_blocking(move || Ok(done_with(turn, work))),
                    None => tokio::task::spawn(async move { on_thread(&share, work).await }),
                });
                self.place = Place::Away(working);
            }
            place => self.place = place,
        }
    }

    /// What it was used for came to this, told once. `None` if it is not in use.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<wasmtime::Result<R>>> {
        let Place::Away(working) = &mut self.place else {
            return Poll::Ready(None);
        };
        let Poll::Ready(joined) = Pin::new(working).poll(cx) else {
            return Poll::Pending;
        };
        self.place = Place::Lost;
        let done = joined.map_err(over).flatten().map(|(it, done)| {
            self.place = Place::Here(it);
            done
        });
        Poll::Ready(Some(done))
    }

    /// What [`poll`](Self::poll) comes to.
    pub(super) async fn done(&mut self) -> Option<wasmtime::Result<R>> {
        poll_fn(|cx| self.poll(cx)).await
    }

    /// Does not begin what has not begun.
    pub(super) fn give_up(&self) {
        if let Place::Away(working) = &self.place {
            working.abort();
        }
    }
}
