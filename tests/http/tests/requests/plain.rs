//! The tests of both sorts of hosts, for those whose calls block.

#[path = "both.rs"]
mod both;

pub(crate) use abide_http_tests::host::Fetching;

/// What a call comes to, which is there already.
pub(crate) fn wait<T>(called: T) -> T {
    called
}
