//! Nothing but what it depends on: the crates below wasmtime whose features differ from one package
//! of this workspace to the next.
//!
//! Cargo compiles a crate once for each set of features, and again all that depends on it. wasmtime
//! takes minutes. What is built together with this package (`cargo xtask demo`) or depends on it
//! (the tutorial's host in its test, those of random worlds) has the same sets as `cargo test
//! --workspace`, and so the same wasmtime. The test of the tutorial fails where that is no longer
//! so; `cargo tree --edges features` shows what is missing.
