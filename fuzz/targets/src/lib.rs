//! What the fuzzers run: one function per target, which takes any bytes and panics if it finds a
//! fault.
//!
//! `fuzz/libfuzzer` calls them from libFuzzer, with coverage; this package's test calls them on
//! stable Rust with [seeds] that are [changed](mutate) at random. `docs/fuzzing.md` says what they
//! cover and how to run them.

#[cfg(feature = "runtime")]
mod component;
pub mod drive;
#[cfg(feature = "runtime")]
mod guest;
pub mod mutate;
#[cfg(feature = "runtime")]
mod runtime;
pub mod seeds;
mod wit;

use std::time::{Duration, Instant};

#[cfg(feature = "runtime")]
pub use component::component;
#[cfg(feature = "runtime")]
pub use guest::guest;
pub use wit::wit;

/// How long one input may take. Every limit that the targets set is far below, so more is a hang,
/// even on a busy machine.
pub const LONGEST: Duration = Duration::from_secs(10);

/// A function that fuzzers call, and what it needs to be known by.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// Its name, also that of the file in `fuzz/libfuzzer/fuzz_targets`.
    pub name: &'static str,
    /// The function. It panics if it finds a fault.
    pub run: fn(&[u8]),
    /// Valid inputs, from which others are made.
    pub seeds: fn() -> anyhow::Result<Vec<Vec<u8>>>,
    /// Parts of inputs that random bytes would not hit upon.
    pub words: &'static [&'static str],
}

/// All targets that this package was compiled with.
pub const TARGETS: &[Target] = &[
    Target {
        name: "wit",
        run: wit,
        seeds: seeds::wit,
        words: wit::WORDS,
    },
    #[cfg(feature = "runtime")]
    Target {
        name: "component",
        run: component,
        seeds: seeds::component,
        words: component::WORDS,
    },
    #[cfg(feature = "runtime")]
    Target {
        name: "guest",
        run: guest,
        seeds: seeds::guest,
        words: &[],
    },
];

/// Runs `work` and checks that it ended in time.
///
/// # Panics
/// If it did not.
fn in_time<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let result = work();
    let taken = start.elapsed();
    assert!(
        taken < LONGEST,
        "{what} took {taken:?}, expected less than {LONGEST:?}"
    );
    result
}
