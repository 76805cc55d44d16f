//! What calls that are awaited run on, and what the host waits for. Knows no guest.

use std::future::poll_fn;
use std::task::Poll;

use anyhow::{Context as _, Result};
use tokio::runtime::{Builder, Runtime};

/// The executor: tokio on one thread, as it is made for a small program.
pub(crate) fn executor() -> Result<Runtime> {
    let built = Builder::new_current_thread().enable_time().build();
    built.context("cannot make the runtime that calls are awaited on")
}

/// Waits once: for as long as it takes an executor to look again.
pub(crate) async fn once() {
    let mut has_waited = false;
    poll_fn(|cx| {
        if has_waited {
            return Poll::Ready(());
        }
        has_waited = true;
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}
