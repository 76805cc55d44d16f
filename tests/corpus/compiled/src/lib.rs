//! The host side of every world of the corpus; that it compiles without a warning is the test.
//!
//! The modules are written by `build.rs`. They stand in a file of their own and not in a module,
//! because `abi!` has to know its place in the crate.

include!(concat!(env!("OUT_DIR"), "/worlds.rs"));
