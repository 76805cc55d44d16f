//! Modules after wasm-bindgen's command line, without JavaScript: their exports of bytes and text.
//!
//! What their glue code in JavaScript does is in here: arguments by `__wbindgen_malloc`, results by a
//! place on the guest's stack, `__wbindgen_free`, and the few functions of JavaScript values that
//! errors and options need.

mod args;
mod call;
mod handle;
mod javascript;
mod output;

pub use args::{Arg, Args, Js};
pub use handle::{Guest, Session, WasmBindgen};
pub use javascript::JavaScript;
pub use output::Output;
