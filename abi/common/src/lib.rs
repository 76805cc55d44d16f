//! What most guests want of their host, as an ABI that others can share: the time, random numbers,
//! a log and an environment.
//!
//! Everything here is made from `wit/common.wit`. The interfaces are meant to be imported by worlds
//! of one's own: put a copy of the WIT into the `deps` folder, import what is wanted,
//!
//! ```wit
//! world plugin {
//!   import abide:common/clock@0.1.0;
//! }
//! ```
//!
//! and tell `abi!` to use what is here for it:
//!
//! ```text
//! abide::abi!({
//!     wit: "wit",
//!     with: { "abide:common/clock": abide_common::clock },
//! });
//! ```
//!
//! A host then implements [`host::Clock`] once for all ABIs, or takes the ready-made parts of
//! [`abide-common-host`](https://docs.rs/abide-common-host).
//!
//! The world `common` imports all of them, for guests that want nothing else.

abide::abi!("wit");
