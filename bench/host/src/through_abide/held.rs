//! The world of guests that are loaded by the thousand.

abide::abi!({ wit: "../held", module: "through_abide::held" });

use anyhow::{Context as _, Result};

pub(crate) use host::Held;

#[derive(Debug, Clone)]
struct App;

/// Loads one.
pub(crate) fn load(guest: &[u8]) -> Result<Held> {
    let builder = Held::builder(App).name("held");
    builder
        .load_bytes(guest)
        .context("Abide cannot load the guest")
}
