//! Round trips: values of every type go from host to guest to host and from guest to host to guest.
//!
//! The guest is `tests/fixtures/roundtrip/guest`. Its exports pass what they get to the host's
//! import of the same name, compare what comes back with it, and return it. The modules `params`,
//! `worlds`, `errors`, `sessions` and `debug` have guests and worlds of their own; they stand here
//! because one test program is linked faster than six.

mod debug;
mod echo;
mod edges;
mod errors;
mod params;
mod properties;
mod sessions;
mod strategies;
#[path = "../support/mod.rs"]
mod support;
mod worlds;

use std::sync::OnceLock;
use std::time::Duration;

use abide::Limits;
use abide_build::Target;

abide::abi!("tests/fixtures/roundtrip/wit");

/// The default limits with time enough for a debug build on a busy machine.
fn seconds(seconds: u64) -> Limits {
    Limits::default().deadline(Duration::from_secs(seconds))
}

/// The guest on both targets.
fn guests() -> &'static [host::Roundtrip; 2] {
    static GUESTS: OnceLock<[host::Roundtrip; 2]> = OnceLock::new();
    GUESTS.get_or_init(|| {
        Target::ALL.map(|target| {
            host::Roundtrip::builder(echo::Echo)
                .limits(seconds(60))
                .name(format!("roundtrip on {target}"))
                .load(support::guest("roundtrip", target))
                .unwrap()
        })
    })
}
