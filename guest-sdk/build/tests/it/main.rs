//! What `abide-build` does with the folders it is given: guests, and what is none.

mod build_script;
mod common;
mod exports;
mod guest;
mod refusals;
