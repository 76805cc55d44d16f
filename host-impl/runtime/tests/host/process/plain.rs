//! Calls that block.

#[path = "both.rs"]
mod both;

use abide_host::{Builder, Result, Session, Wasi};

use super::Deed;
use crate::system::System;

fn builder() -> Builder<System> {
    System::builder()
}

fn does(system: &System, deed: Deed, times: u64) -> Result<u64> {
    system.run_raw(deed as u32, times)
}

fn open(system: &System) -> Result<Session<System>> {
    system.session()
}

#[test]
fn streams_of_files_are_read_where_they_are_called() {
    let wasi = Wasi::new().preopen_read(both::folder("streams", 0), "/data");
    let system = both::load(wasi, both::roomy(), None);
    // The first read has it all: nothing was left to a thread.
    assert_eq!(does(&system, Deed::ReadStreams, 500).unwrap(), 500 * 100);
}
