//! What every backend of `abide-dapr-host` has to do, in one place.
//!
//! A backend is tested with one line, [`suite!`], and a function that makes it. Components have the
//! names that [`suite!`] says. What a backend cannot do it says in [`Can`]; then the suite wants the
//! clear answer that this is so.

mod guest;
mod random;
mod recorder;
pub mod suite;

use std::any::Any;
use std::fmt;
use std::future::Future;
use std::io::Write as _;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use abide_dapr_host::embedded::Cron;
use abide_dapr_host::{Builder, Component, Dapr, Retries};

pub use guest::guest;
pub use random::Random;
pub use recorder::Recorder;

/// A backend, ready to be used.
pub struct Backend {
    /// The components: `store`, `pubsub`, `lock`, and `configuration` and `secrets` where there
    /// are.
    pub dapr: Dapr,
    /// What they can do.
    pub can: Can,
    /// What has to live as long, such as a server.
    pub keep: Box<dyn Any + Send + Sync>,
}

/// What a backend can do.
#[derive(Clone, Default)]
pub struct Can {
    /// Writes of several keys, all or nothing.
    pub transactions: bool,
    /// Values that end.
    pub ttl: bool,
    /// Locks.
    pub locks: bool,
    /// How many bytes a value may have at least; ten million where nobody says.
    pub value: Option<usize>,
    /// Sets an item of `configuration`, from outside.
    pub configure: Option<Arc<Configure>>,
}

/// Sets an item to a value.
pub type Configure =
    dyn Fn(String, String) -> Pin<Box<dyn Future<Output = ()> + Send>> + Send + Sync;

impl Can {
    /// Everything but to be configured.
    pub fn everything() -> Self {
        Self {
            transactions: true,
            ttl: true,
            locks: true,
            value: None,
            configure: None,
        }
    }
}

impl fmt::Debug for Backend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Backend")
            .field("dapr", &self.dapr)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Can {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Can")
            .field("transactions", &self.transactions)
            .field("ttl", &self.ttl)
            .field("locks", &self.locks)
            .field("value", &self.value)
            .field("configure", &self.configure.is_some())
            .finish()
    }
}

/// Runs a test on a backend. One that cannot be had here is said where nobody can miss it.
///
/// # Panics
///
/// The test does.
pub fn run<B, T>(name: &str, backend: impl FnOnce(Builder) -> B, test: impl FnOnce(Backend) -> T)
where
    B: Future<Output = Option<Backend>>,
    T: Future<Output = ()>,
{
    let retries = Retries::new()
        .attempts(3)
        .backoff(Duration::from_millis(5), Duration::from_millis(50));
    // The guest of the tests wants to be told of it, whatever the backend.
    let ticks = Cron::new("@every 1s").expect("that is a schedule");
    let builder = Dapr::builder()
        .retries(retries)
        .component(Component::binding("ticks", ticks));
    block_on(async {
        match backend(builder).await {
            Some(backend) => test(backend).await,
            None => {
                let text = format!("\n!!! NOT TESTED: {name}, which cannot be had here\n");
                let _ = std::io::stderr().write_all(text.as_bytes());
            }
        }
    });
}

/// Runs something on a runtime of its own.
///
/// # Panics
///
/// What is run does, or there is no runtime.
pub fn block_on<T>(what: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_time()
        .enable_io()
        .build();
    let runtime = runtime.expect("there are threads");
    let result = runtime.block_on(what);
    // Work that blocks is not waited for.
    runtime.shutdown_timeout(Duration::from_secs(1));
    result
}

/// Waits until something is so, but not for ever.
///
/// # Panics
///
/// It never is.
pub async fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    for _ in 0..6_000 {
        if is_so() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("it never was that {what}");
}

/// The tests of a backend: `suite!(memory, make);`, where `make` is an `async fn(Builder) ->
/// Option<Backend>`, and none is that the backend cannot be had here.
#[macro_export]
macro_rules! suite {
    ($name:ident, $make:expr) => {
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            $crate::__tests! { $name, $make,
                state: follows_its_model, loses_no_increment, takes_odd_keys_and_values,
                    values_end, applications_have_their_own, unknown_names_are_told;
                transactions: transactions_are_whole, transactions_follow_their_model;
                pubsub: every_application_has_every_event, events_are_retried, dead_letters,
                    a_subscriber_that_goes_loses_nothing, data_without_an_event, rules_choose;
                lock: never_two_holders, locks_expire;
                configuration: changes_are_told;
                invocation: applications_call_one_another;
                guests: a_guest_increments, a_guest_handles_events, a_guest_that_traps,
                    a_guest_calls_and_locks,
                    a_guest_has_the_time;
            }
        }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __tests {
    ($name:ident, $make:expr, $($part:ident: $($test:ident),+;)+) => {
        $(mod $part {
            #[allow(unused_imports)]
            use super::super::*;

            $(#[test]
            fn $test() {
                $crate::run(stringify!($name), $make, $crate::suite::$part::$test);
            })+
        })+
    };
}
