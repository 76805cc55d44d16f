//! What `bindgen!` generates, with its default options. Nothing else.

#![allow(
    missing_docs,
    missing_debug_implementations,
    unreachable_pub,
    clippy::all
)]

wasmtime::component::bindgen!({ path: "../wit", world: "bench" });
