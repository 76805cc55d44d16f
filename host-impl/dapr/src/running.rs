//! Work that goes on beside the calls: a subscription, a clock, a server. Knows nothing of what it
//! does.

use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use futures_util::future::{Either, select};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// Work in a task of its own. Dropping it ends the task where it is; what was not acknowledged
/// comes again.
#[derive(Debug)]
#[must_use = "dropping it ends the work"]
pub struct Running {
    stop: StopHandle,
    task: JoinHandle<()>,
}

/// What work is told by that it is to end.
#[derive(Debug, Clone)]
pub struct Stopping(watch::Receiver<bool>);

/// What tells work to end.
#[derive(Debug)]
pub(crate) struct StopHandle(watch::Sender<bool>);

impl StopHandle {
    pub(crate) fn new() -> (Self, Stopping) {
        let (stop, stopping) = watch::channel(false);
        (Self(stop), Stopping(stopping))
    }

    pub(crate) fn set(&self) {
        let _ = self.0.send(true);
    }
}

impl Running {
    /// Starts work that ends by itself when it is told to.
    pub fn spawn<F>(work: impl FnOnce(Stopping) -> F) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let (stop, stopping) = StopHandle::new();
        let task = tokio::spawn(work(stopping));
        Self { stop, task }
    }

    /// Tells the work to begin nothing more.
    pub fn begin_to_stop(&self) {
        self.stop.set();
    }

    /// Has the work end, and waits for what it has begun, but no longer than that.
    pub async fn stop(mut self, patience: Duration) {
        self.begin_to_stop();
        let _ = tokio::time::timeout(patience, &mut self.task).await;
    }

    /// Whether the work has ended, which it does by itself only where it cannot go on.
    pub fn is_over(&self) -> bool {
        self.task.is_finished()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Stopping {
    /// Whether the work is to end.
    pub fn is_set(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits until it is.
    pub async fn wait(&mut self) {
        if self.0.wait_for(|stop| *stop).await.is_err() {
            // Nobody is there any more to tell: whoever ends this drops it.
            std::future::pending().await
        }
    }

    /// What is never set.
    pub(crate) fn never() -> Self {
        StopHandle::new().1
    }

    /// Waits for something, or until the work is to end: then there is nothing.
    pub async fn or<T>(&mut self, what: impl Future<Output = T>) -> Option<T> {
        match select(pin!(self.wait()), pin!(what)).await {
            Either::Left(_) => None,
            Either::Right((what, _)) => Some(what),
        }
    }
}
