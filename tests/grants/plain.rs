//! The tests of both sorts of hosts, for those whose calls block.

#[path = "both/asked.rs"]
mod asked;
#[path = "both/files.rs"]
mod files;
#[path = "both/guests.rs"]
pub(crate) mod guests;
#[path = "both/network.rs"]
mod network;
#[path = "both/output.rs"]
mod output;
#[path = "both/withheld.rs"]
mod withheld;

pub(crate) use test_network_abi::host::Talking;
pub(crate) use test_withheld_abi::host::Looking;

pub(crate) use crate::host::Grants;

/// What a call comes to, which is there already.
pub(crate) fn wait<T>(called: T) -> T {
    called
}
