//! Calls that are awaited.

#[allow(clippy::duplicate_mod, reason = "one source, two sorts of calls")]
#[path = "both.rs"]
mod both;

use abide_host::{Builder, Result, Session, Wasi};
use tokio::runtime::Runtime;

use super::Deed;
use crate::system::System;

fn builder() -> Builder<System> {
    System::builder().on_fibres()
}

/// A runtime with one thread.
fn single() -> Runtime {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_all().build().unwrap()
}

fn does(system: &System, deed: Deed, times: u64) -> Result<u64> {
    single().block_on(system.run_awaited(deed as u32, times))
}

fn open(system: &System) -> Result<Session<System>> {
    single().block_on(system.session_awaited())
}

#[test]
fn streams_of_files_are_read_elsewhere() {
    let wasi = Wasi::new().preopen_read(both::folder("streams", 0), "/data");
    let system = both::load(wasi, both::roomy(), None);
    // The first read of each begins to read, and has nothing yet. The guest does not wait for more.
    assert_eq!(does(&system, Deed::ReadStreams, 500).unwrap(), 0);
    assert_eq!(does(&system, Deed::OpenAndClose, 10).unwrap(), 10);
}
