//! What the two sides of a generated world share: random values and their comparison.
//!
//! Host and guest know neither each other's memory nor each other's types. They agree on a number,
//! the round, and make from it the same values: whoever is called knows what it has to be given,
//! and whoever calls knows what has to come back.
//!
//! This crate knows nothing of WIT and nothing of Abide.

mod any;
mod compare;
mod lend;
mod rng;
#[cfg(not(target_family = "wasm"))]
mod run;
mod show;
#[cfg(not(target_family = "wasm"))]
mod thing;

pub use any::Any;
pub use compare::{same, same_shown};
pub use lend::{Lend, lend};
pub use rng::{Rng, label};
pub use show::{Show, show_handle, show_parts};
#[cfg(not(target_family = "wasm"))]
pub use {
    run::{Calls, Failure, Test, main},
    thing::Thing,
};
