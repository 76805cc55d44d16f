//! What `abide-build` does with the folders it is given: guests, and what is none.

mod build_script;
mod clash;
mod common;
mod exports;
mod guest;
mod only_wasm;
mod refusals;
mod route;
mod wit;
