//! The calls through Abide, as a user of it writes them: the public API, with the limits that it sets by
//! default.

pub(crate) mod flows;

abide::abi!({ wit: "wit", module: "through_abide" });

pub(crate) use host::Bench;

use anyhow::{Context as _, Result};

/// The host: counts what it is given, which keeps the compiler from leaving anything out.
#[derive(Debug, Clone, Default)]
struct App {
    seen: u64,
}

impl host::Sink for App {
    fn take(&mut self, bytes: &[u8]) {
        self.seen = self.seen.wrapping_add(crate::cases::glance(bytes));
    }
}

/// Loads the guest.
pub(crate) fn load(guest: &[u8]) -> Result<Bench> {
    host::Bench::builder(App::default())
        .name("bench")
        .load_bytes(guest)
        .context("Abide cannot load the guest")
}
