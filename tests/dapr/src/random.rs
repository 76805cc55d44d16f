//! Numbers that look random, the same ones for a seed.

use std::time::{SystemTime, UNIX_EPOCH};

/// Numbers that look random.
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    /// With the seed in `ABIDE_SEED`, or another each time. The seed is printed.
    pub fn new() -> Self {
        let seed = std::env::var("ABIDE_SEED")
            .ok()
            .and_then(|seed| seed.parse().ok());
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        let seed = seed.unwrap_or(now.as_nanos() as u64);
        println!("ABIDE_SEED={seed}");
        Self(seed)
    }

    /// The next one.
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// One less than that.
    pub fn below(&mut self, most: usize) -> usize {
        (self.number() % most as u64) as usize
    }

    /// A name that nobody else has.
    pub fn name(&mut self, begin: &str) -> String {
        format!("{begin}-{:016x}", self.number())
    }
}

impl Default for Random {
    fn default() -> Self {
        Self::new()
    }
}
