//! Modules on the published crates, unmodified, and modules that do what none should.

mod bindgen;
mod support;
mod wasm_bindgen;
