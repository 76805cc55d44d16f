//! What most guests want of their host, as an ABI that others can share: the time, random numbers, a log
//! and an environment.
//!
//! Everything here is made from `wit/common.wit`. The interfaces are meant to be imported by worlds of
//! one's own: put a copy of the WIT into the `deps` folder, `import abide:common/clock@0.1.0;`, and tell
//! `abi!` with its option `with` to use the types and traits of this crate. Hosts then implement them
//! once for all ABIs, or take the ready-made parts of
//! [`abide-common-host`](https://docs.rs/abide-common-host).
//!
//! The world `common` imports all of them, for guests that want nothing else.

abide::abi!("wit");
