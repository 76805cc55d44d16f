//! The ABI of a Markdown renderer as a plugin: a host that keeps notes on one side, a guest that
//! turns them into HTML on the other.
//!
//! Everything here is made from `wit/notes.wit`. For a host, natively, it is [`host`]; for a guest,
//! on a `wasm` target, the module `guest`; the types of the interfaces are the same on both sides.
//! `examples/notes` has one of each.

abide::abi!("wit");
