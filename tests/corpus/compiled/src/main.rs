//! The host side of every world of the corpus; that it compiles without a warning is the test.
//!
//! It takes two minutes and no test needs it, so `cargo test` leaves it out. `cargo clippy --all-targets`, which `.ci/run`
//! begins with, checks it; `cargo xtask corpus` does, before it writes the table of what compiles.
//!
//! The modules are written by `build.rs`. They stand in a file of their own and not in a module,
//! because `abi!` has to know its place in the crate.

#![allow(dead_code, reason = "nothing is called")]

include!(concat!(env!("OUT_DIR"), "/worlds.rs"));

fn main() {}
