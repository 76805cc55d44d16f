//! The calls through Abide that are awaited, as a user of it writes them: the public API, with the
//! limits that it sets by default.

use abide::Builder;
use anyhow::{Context as _, Result};

use super::{bounds, host_async};
use crate::awaiting::once;

pub(crate) use host_async::Bench;

/// The host: counts what it is given, after it has waited once.
#[derive(Debug, Clone, Default)]
struct App {
    seen: u64,
}

impl host_async::Sink for App {
    async fn take(&mut self, bytes: &[u8]) {
        once().await;
        self.seen = self.seen.wrapping_add(crate::cases::glance(bytes));
    }
}

/// Loads the guest.
pub(crate) fn load(guest: &[u8]) -> Result<Bench> {
    with(guest, |builder| builder)
}

/// Loads the guest, to be served by instances that are kept.
pub(crate) fn warm(guest: &[u8]) -> Result<Bench> {
    with(guest, |builder| builder.isolation(bounds()))
}

fn with(guest: &[u8], choose: impl FnOnce(Builder<Bench>) -> Builder<Bench>) -> Result<Bench> {
    choose(Bench::builder(App::default()).name("bench"))
        .load_bytes(guest)
        .context("Abide cannot load the guest")
}
