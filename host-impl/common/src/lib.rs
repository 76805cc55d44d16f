//! Ready-made parts of a host, for the interfaces of [`abide_common`]: [`SystemClock`],
//! [`SystemRandom`], [`TracingLog`] and [`Environment`], and for tests [`FixedClock`] and
//! [`SeededRandom`].
//!
//! Each is a plain value that implements the trait of one interface. A host is composed of them and
//! of parts of its own with `#[derive(abide::Host)]`:
//!
//! ```standalone_crate
//! use abide_common::host::{self, Common};
//! use abide_common_host::{Environment, SystemClock, SystemRandom};
//! use abide_common::log::Level;
//!
//! #[derive(Clone, abide::Host)]
//! #[host(abi = abide_common)]
//! struct App {
//!     #[host(clock)]
//!     clock: SystemClock,
//!     #[host(random)]
//!     random: SystemRandom,
//!     #[host(environment)]
//!     environment: Environment,
//!     name: &'static str,
//! }
//!
//! // A part of its own beside them: `TracingLog` would be the ready-made one.
//! impl host::Log for App {
//!     fn log(&mut self, level: Level, target: &str, message: &str) {
//!         eprintln!("{}: {level:?} {target}: {message}", self.name);
//!     }
//! }
//!
//! fn main() {
//!     let app = App {
//!         clock: SystemClock::new(),
//!         random: SystemRandom,
//!         environment: Environment::inherit_only(["LANG"]),
//!         name: "demo",
//!     };
//!     // There is no such file here, and `load` says so.
//!     let error = Common::load("guest.wasm", app).unwrap_err();
//!     assert!(error.to_string().contains("guest.wasm"));
//! }
//! ```
//!
//! - A guest is granted nothing that the host does not put there: an [`Environment`] is empty to
//!   begin with.
//! - What a guest can ask for is bounded: [`MOST_RANDOM_BYTES`] at once, messages of a log are cut.
//! - A host is cloned for every instance of a guest, so all of these are cheap to clone.
//! - With the feature `async` all of them are parts of hosts of `host_async`, too.

#[cfg(feature = "async")]
mod awaited;
mod clock;
mod environment;
mod log;
mod random;

pub use clock::{FixedClock, SystemClock};
pub use environment::Environment;
pub use log::TracingLog;
pub use random::{MOST_RANDOM_BYTES, SeededRandom, SystemRandom};
