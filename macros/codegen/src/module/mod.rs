//! `#[abide::module]` and `#[abide::module_exports]`: the two sides of an ABI of plain modules, as
//! Rust declares them.
//!
//! They read the user's own Rust and no WIT. What a type is in raw values is found out by the
//! compiler, in the traits of the runtime's module `module`.

mod exports;
mod imports;
mod options;

pub(crate) use exports::expand as exports;
pub(crate) use imports::expand as imports;
