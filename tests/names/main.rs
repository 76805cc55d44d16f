//! Packages and names: what a WIT may call things, and where it may have them from.
//!
//! The guests are in `tests/fixtures/{names,packages,gates,large,deep}`. Their exports pass what
//! they get to the imports of the same names, which change it so that a mix-up shows.

// Types are a hundred deep in `deep`; the macro says that they need this.
#![recursion_limit = "512"]

mod deep;
mod gates;
mod keywords;
mod large;
mod packages;
mod resources;
#[path = "../support/mod.rs"]
mod support;

use std::time::Duration;

use abide::Limits;

/// The default limits with time enough for a debug build on a busy machine.
fn patient() -> Limits {
    Limits::default().deadline(Duration::from_secs(60))
}
