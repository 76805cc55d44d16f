//! Modules on the published crates, unmodified, and modules that do what none should.

mod bindgen;
#[cfg(feature = "interface")]
mod engine;
#[cfg(feature = "interface")]
mod interface;
#[cfg(feature = "interface")]
mod recognition;
mod support;
mod wasm_bindgen;
