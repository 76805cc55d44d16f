//! Numbers that look random, and can be had again: a test prints its seed, and takes another from
//! the variable `ABIDE_SEED`.

use std::time::{Duration, SystemTime};

/// The numbers of one task.
pub(super) struct Random(u64);

/// The seed of a test, which it prints.
pub(super) fn seed() -> u64 {
    let chosen = std::env::var("ABIDE_SEED").ok();
    let seed = chosen
        .and_then(|seed| seed.parse().ok())
        .unwrap_or_else(|| {
            let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
            now.map_or(1, |now| u64::from(now.subsec_nanos()))
        });
    println!("ABIDE_SEED={seed}");
    seed
}

impl Random {
    /// The numbers of a task of a number.
    pub(super) fn new(seed: u64, task: u64) -> Self {
        // SplitMix64, which makes something of any two seeds.
        let mut random = Self(seed ^ (task << 32));
        random.next();
        random
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(super) fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    /// A time shorter than so many microseconds.
    pub(super) fn micros(&mut self, bound: u64) -> Duration {
        Duration::from_micros(self.below(bound))
    }
}
