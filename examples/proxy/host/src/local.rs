//! What hyper starts on its own runs on the thread that it was started on.

use tokio::task::spawn_local;

/// Runs tasks on this thread.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Local;

impl<F> hyper::rt::Executor<F> for Local
where
    F: Future + 'static,
    F::Output: 'static,
{
    fn execute(&self, future: F) {
        spawn_local(future);
    }
}
