//! Turns the folder of a guest crate into a WebAssembly component file.
//!
//! It depends on no ABI, not on wasmtime and not on the host that loads the result, so it works for
//! every guest crate.
//!
//! From a test or a program:
//!
//! ```no_run
//! let wasm = abide_build::guest("examples/notes/guest").build()?;
//! println!("{}", wasm.display());
//! # Ok::<(), abide_build::Error>(())
//! ```
//!
//! From a build script, so that the guest is rebuilt when one of its files changes:
//!
//! ```no_run
//! // build.rs
//! fn main() -> Result<(), abide_build::Error> {
//!     let wasm = abide_build::guest("../guest").rerun_if_changed().build()?;
//!     println!("cargo::rustc-env=GUEST={}", wasm.display());
//!     Ok(())
//! }
//! ```
//!
//! # Build scripts of ABI crates and guests
//!
//! [`wit()`] has cargo notice WIT files that are added to an ABI crate, [`only_wasm()`] refuses a
//! guest that is built without `--target`. Both are there without the default feature `guest`, and
//! then bring no other crate along.
//!
//! # Which target
//!
//! [`Target::Wasip2`] (the default) gives the guest the whole standard library; what it asks of the
//! world outside (files, clocks, output) becomes an import that the host must link.
//! [`Target::Unknown`] gives a component without a single WASI import: smaller and faster to start,
//! but without a clock, without files, and with a `println!` that goes nowhere.
//!
//! # Which toolchain
//!
//! The crate uses what the machine has; see [`Toolchain`]. The environment variable
//! `ABIDE_TOOLCHAIN` chooses where it has two, `rustup` or `debian`; see [`Route`]. Where there is
//! nothing to build a guest with, the error says which command to run.

#[cfg(feature = "guest")]
mod guest;
mod only_wasm;
mod target;
mod wit;

#[cfg(feature = "guest")]
pub use guest::{Error, Guest, Route, Std, Toolchain, guest};
pub use only_wasm::only_wasm;
pub use target::{Target, UnknownTarget};
pub use wit::wit;
