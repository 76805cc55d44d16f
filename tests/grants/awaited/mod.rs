//! The tests of both sorts of hosts, for those whose calls are awaited, and what only those can do.

#[allow(clippy::duplicate_mod, reason = "one source, two sorts of hosts")]
#[path = "../both/asked.rs"]
mod asked;
#[allow(clippy::duplicate_mod, reason = "one source, two sorts of hosts")]
#[path = "../both/files.rs"]
mod files;
#[allow(clippy::duplicate_mod, reason = "one source, two sorts of hosts")]
#[path = "../both/guests.rs"]
mod guests;
#[allow(clippy::duplicate_mod, reason = "one source, two sorts of hosts")]
#[path = "../both/network.rs"]
mod network;
#[allow(clippy::duplicate_mod, reason = "one source, two sorts of hosts")]
#[path = "../both/output.rs"]
mod output;
#[allow(clippy::duplicate_mod, reason = "one source, two sorts of hosts")]
#[path = "../both/withheld.rs"]
mod withheld;

mod beats;
mod ended;
mod executors;

use std::future::Future;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};

pub(crate) use test_network_abi::host_async::Talking;
pub(crate) use test_withheld_abi::host_async::Looking;

pub(crate) use crate::host_async::Grants;

/// However busy the machine is, it is in time.
const LONG: Duration = Duration::from_secs(60);
/// Too short for what never comes.
const SHORT: Duration = Duration::from_millis(100);

/// A runtime with one thread.
fn single() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

/// What a call comes to.
pub(crate) fn wait<F: Future>(called: F) -> F::Output {
    single().block_on(called)
}
