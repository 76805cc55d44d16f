//! A differential test over random WIT: every world that the generator makes is expanded by `abi!`,
//! compiled for host and guest, and random values of all its types go through it both ways.
//!
//! Both sides make the values themselves, from the same numbers: so what the host's half lifts and
//! lowers is compared with what wit-bindgen's code does on the guest's side, and a mistake that
//! undoes itself on the way back is still seen.
//!
//! The way of the data: a seed → `generate` → `model` → `wit` and `rust` → `crates` on disk →
//! `compile` → `run` puts them in order and reports.

mod compile;
mod crates;
mod generate;
mod model;
mod names;
mod options;
mod run;
mod rust;
#[cfg(test)]
mod tests;
mod wit;
mod words;

pub use options::{HELP, Options, Usage};
pub use run::{Failed, Report, run};
