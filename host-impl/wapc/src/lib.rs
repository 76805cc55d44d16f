//! A host for [waPC](https://wapc.io/docs/spec/): guests that answer named operations, and may call
//! their host back by name. Guests are plain modules and run unmodified, with the limits,
//! deadlines, errors and everything else that guests of Abide have.
//!
//! ```
//! use abide_wapc::{Host, Wapc};
//!
//! #[derive(Clone)]
//! struct Store;
//!
//! impl Host for Store {
//!     fn call(&mut self, binding: &str, namespace: &str, operation: &str, payload: &[u8])
//!         -> Result<Vec<u8>, String>
//!     {
//!         match (namespace, operation) {
//!             ("store", "get") => Ok(payload.to_ascii_uppercase()),
//!             _ => Err(format!("`{binding}` has no {namespace}/{operation}")),
//!         }
//!     }
//! }
//!
//! # fn main() -> abide::Result<()> {
//! # if false {
//! let guest = Wapc::load_module("guest.wasm", Store)?;
//! match guest.call("greet", b"Ann")? {
//!     Ok(answer) => println!("{}", String::from_utf8_lossy(&answer)),
//!     Err(refused) => println!("the guest says: {refused}"),
//! }
//! # }
//! # assert!(Wapc::load_module("guest.wasm", Store).is_err());
//! # Ok(())
//! # }
//! ```
//!
//! - Each call runs in an instance of its own, unless [`load_with`](Wapc::load_with) says
//!   otherwise; a [`session`](Wapc::session) is one that lasts.
//! - `_initialize` or `_start` is run before anything else, and then `wapc_init`.
//! - What a guest hands over in one call counts against
//!   [`Limits::host_allocation`](abide::Limits::host_allocation), as does what its host answers.
//! - Bad addresses end the guest with [`Error::AbiViolation`](abide::Error::AbiViolation).
//! - What a guest is granted of WASI is what [`Wasi`](abide::Wasi) says, with the feature `wasip1`,
//!   which is on by default.

mod exchange;
mod guest;
mod imports;

pub use guest::{Guest, Session, Wapc};
pub use imports::Host;
