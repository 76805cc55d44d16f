//! What a guest gets in the place of what it is not granted: clocks that stand still, and numbers
//! that are not random.
//!
//! Guests are written for systems that have these, and would not start without them.

use std::time::Duration;

use wasmtime_wasi::{Deterministic, HostMonotonicClock, HostWallClock, WasiCtxBuilder};

/// Takes the clocks away.
pub(super) fn clocks(builder: &mut WasiCtxBuilder) {
    builder
        .wall_clock(StoppedClock)
        .monotonic_clock(StoppedClock);
}

/// Takes the random numbers away.
pub(super) fn random(builder: &mut WasiCtxBuilder) {
    builder
        .secure_random(Deterministic::new(NOT_RANDOM.to_vec()))
        .insecure_random(Deterministic::new(NOT_RANDOM.to_vec()))
        .insecure_random_seed(0);
}

/// A clock that always says zero.
struct StoppedClock;

impl HostWallClock for StoppedClock {
    fn resolution(&self) -> Duration {
        Duration::from_secs(1)
    }

    fn now(&self) -> Duration {
        Duration::ZERO
    }
}

impl HostMonotonicClock for StoppedClock {
    fn resolution(&self) -> u64 {
        1_000_000_000
    }

    fn now(&self) -> u64 {
        0
    }
}

/// The bytes that stand for random ones where those are not granted, over and over again.
const NOT_RANDOM: [u8; 256] = {
    let mut bytes = [0; 256];
    // A linear congruential generator; any sequence without an obvious pattern would do.
    let mut state: u32 = 0x2545_f491;
    let mut position = 0;
    while position < bytes.len() {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        bytes[position] = (state >> 24) as u8;
        position += 1;
    }
    bytes
};
