//! What a guest gets of the system it runs on: by default nothing, and with each grant what it
//! grants.
//!
//! The guest is `tests/fixtures/grants/guest`; it asks for everything that Rust's standard library
//! offers. The tests in `both` are there for hosts whose calls block and for those whose calls are
//! awaited: `asked` is about the guest's surroundings, `files` about folders, `network` about
//! sockets, `output` about what is written, `withheld` about what nobody granted. What only one of
//! the two can do stands beside them.

#[cfg(feature = "async")]
mod awaited;
mod listener;
mod packages;
mod plain;
#[path = "../support/mod.rs"]
mod support;
mod tasks;

abide::abi!("tests/fixtures/grants/wit");

/// The world has no imports, so the host needs nothing.
#[derive(Clone)]
struct NoHost;

/// The name of a test of some module, as the test runner has it.
fn full_name(module: &str, test: &str) -> String {
    let inner = module.split_once("::").map_or("", |(_, inner)| inner);
    format!("{inner}::{test}")
}
