//! The ABI and the host of the tests: what its functions do is chosen for each guest.
//!
//! It knows no test.

use std::fmt;
use std::future::{Future, pending};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

abide::abi!({ wit: "wit/lab.wit" });

/// What `put` does before it returns.
#[derive(Clone, Default)]
pub enum Act {
    /// Nothing.
    #[default]
    Return,
    /// Waits once, for nothing.
    Yield,
    /// Waits for so long.
    Sleep(Duration),
    /// Waits for what never comes.
    Never,
    /// Panics after it waited.
    Panic,
    /// Waits for what never comes, and panics when it is dropped.
    Angry,
    /// Whatever a test wants.
    Call(Arc<Called>),
}

/// A function of a test's own, whose result `put` returns.
pub type Called = dyn Fn() -> Pin<Box<dyn Future<Output = u32> + Send>> + Send + Sync;

impl fmt::Debug for Act {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Act")
    }
}

/// The host.
#[derive(Debug, Clone, Default)]
pub struct App {
    /// What `put` does.
    pub act: Act,
    /// How often `put` was called.
    pub called: Arc<AtomicU32>,
    /// How often it returned.
    pub returned: Arc<AtomicU32>,
    /// How often its future was dropped, in the middle or at the end.
    pub dropped: Arc<AtomicU32>,
}

impl App {
    /// A host whose `put` does this.
    pub fn new(act: Act) -> Self {
        Self {
            act,
            ..Self::default()
        }
    }

    /// A host whose `put` returns what a function comes to.
    pub fn calling<F>(call: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = u32> + Send + 'static,
    {
        Self::new(Act::Call(Arc::new(move || Box::pin(call()))))
    }
}

/// Counts when it is dropped.
struct Counted(Arc<AtomicU32>);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

/// Panics when it is dropped.
struct Angry;

impl Drop for Angry {
    fn drop(&mut self) {
        panic!("dropped");
    }
}

impl host_async::Store for App {
    async fn put(&mut self, key: &str, value: &[u8]) -> u32 {
        let _dropped = Counted(Arc::clone(&self.dropped));
        self.called.fetch_add(1, Ordering::Relaxed);
        match &self.act {
            Act::Return => {}
            Act::Yield => tokio::task::yield_now().await,
            Act::Sleep(time) => tokio::time::sleep(*time).await,
            Act::Never => pending().await,
            Act::Panic => {
                tokio::task::yield_now().await;
                panic!("the disk is full");
            }
            Act::Angry => {
                let _angry = Angry;
                pending().await
            }
            Act::Call(call) => return call().await,
        }
        self.returned.fetch_add(1, Ordering::Relaxed);
        // Borrowed from the guest's memory until here.
        (key.len() + value.len()) as u32
    }

    async fn now(&mut self) -> u64 {
        1
    }
}

impl host::Store for App {
    fn put(&mut self, key: &str, value: &[u8]) -> u32 {
        (key.len() + value.len()) as u32
    }

    fn now(&mut self) -> u64 {
        1
    }
}
