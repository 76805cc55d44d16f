//! How many things an application handles at a time.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;

use crate::running::Stopping;

/// The turns of an application, for all that it is called for but calls.
#[derive(Debug, Clone)]
pub(crate) struct Turns {
    free: Arc<Semaphore>,
    stopping: Stopping,
}

impl Turns {
    pub(crate) fn new(count: usize, stopping: Stopping) -> Self {
        let free = Arc::new(Semaphore::new(count.min(Semaphore::MAX_PERMITS)));
        Self { free, stopping }
    }

    /// Does something when it is its turn.
    pub(crate) async fn take<T>(&self, what: impl Future<Output = T>) -> T {
        // Nobody closes it, so there is a permit at some time.
        let _turn = self.free.acquire().await;
        what.await
    }

    /// Waits. False is that the application ends.
    pub(crate) async fn pause(&self, pause: Duration) -> bool {
        let mut stopping = self.stopping.clone();
        stopping.or(tokio::time::sleep(pause)).await.is_some()
    }
}
