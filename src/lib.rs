//! Abide: one WIT file becomes the host side and the guest side of a WebAssembly plugin ABI.
//!
//! An **ABI crate** holds WIT and one line, `abide::abi!("wit");`. A **host** depends on it, and
//! calls the exports of a guest like methods of its own; a **guest** depends on the same crate,
//! implements the exports and calls the imports like functions. This crate serves all three: on
//! native targets it is the host's runtime, on `wasm` targets the guest's.
//!
//! ```standalone_crate
//! abide::abi!({
//!     inline: "
//!         package demo:greeter@0.1.0;
//!         world greeter {
//!             import now-ms: func() -> u64;
//!             export greet: func(name: string) -> string;
//!         }
//!     ",
//! });
//!
//! #[derive(Clone)]
//! struct App;
//!
//! impl host::GreeterImports for App {
//!     fn now_ms(&mut self) -> u64 {
//!         0
//!     }
//! }
//!
//! fn main() {
//!     // There is no such file here, and `load` says so.
//!     let error = host::Greeter::load("greeter.wasm", App).unwrap_err();
//!     assert!(error.to_string().contains("greeter.wasm"));
//! }
//! ```
//!
//! Start with the README and the tutorial in `docs/`.

mod about;

pub use about::{Abi, WitFile};

#[cfg(not(target_family = "wasm"))]
pub use abide_host::{
    Builder, CallError, Engine, Error, GuestError, LimitKind, Limits, LoadError, Problem,
    ProblemKind, Result, Session, TrapKind, Wasi,
};

/// Turns a WIT world into the host side (on native targets) and the guest side (on `wasm` targets)
/// of an ABI.
///
/// It stands in a module, at the crate's root or below, not in a function:
///
/// ```standalone_crate
/// mod plain {
///     abide::abi!({ wit: "abi/notes/wit", module: "plain" });
/// }
/// mod chosen {
///     abide::abi!({
///         inline: "
///             package demo:sizes;
///             interface sizes { record size { width: u32, height: u32 } }
///             world one { import sizes; }
///             world two { export area: func() -> u64; }
///         ",
///         world: "one",
///         derives: [PartialOrd, Ord],
///         module: "chosen",
///     });
/// }
///
/// fn main() {
///     assert_eq!(plain::ABI.world, "notes");
///     let (small, large) = (
///         chosen::sizes::Size { width: 1, height: 2 },
///         chosen::sizes::Size { width: 2, height: 1 },
///     );
///     assert!(small < large);
/// }
/// ```
///
/// # Options
///
/// | option | value | meaning |
/// | --- | --- | --- |
/// | `wit` | `"path"` | a `.wit` file or a folder with `deps/`, relative to the crate's Cargo.toml, or absolute |
/// | `inline` | `"package …"` | the WIT itself; with `wit` beside it, that is where its dependencies are |
/// | `world` | `"name"` | which world; not needed where the package has one |
/// | `derives` | `[path, …]` | derives for all generated types, beside `Debug`, `Clone`, `PartialEq` and, where they are possible, `Copy`, `Eq` and `Hash` |
/// | `trappable` | `true` or `["clock.now-ms", …]` | imports whose methods return [`Result`], so that the host can abort the guest |
/// | `features` | `["name", …]` or `all` | items behind `@unstable(feature = name)` that are part of the ABI; the others are left out |
/// | `module` | `"a::b"` | the module that the macro stands in, where that is not the crate's root |
///
/// # What it generates
///
/// - a module per interface with its types, the same on both sides;
/// - `host` (native): a trait per imported interface, the handle of the world, views of the exported
///   interfaces;
/// - `guest` (`wasm`): a trait per exported interface and for the world's own exports, the imports as
///   functions, and the macro `export!`;
/// - `ABI`: the package, its version, a fingerprint and the WIT text.
///
/// With `ABIDE_DEBUG=1` in the environment the expansion is also written to `target/abide/`.
#[macro_export]
macro_rules! abi {
    ($($input:tt)*) => {
        $crate::__private::abi!(($crate) $($input)*);
    };
}

/// What generated code runs on. Not for anybody else: it changes without notice.
#[doc(hidden)]
pub mod __private {
    pub use crate::about::{Abi, WitFile, stands_in};
    #[cfg(not(target_family = "wasm"))]
    pub use abide_host::__private::*;
    pub use abide_macros::abi;

    #[cfg(target_family = "wasm")]
    pub use abide_guest::__private::*;
    #[cfg(target_family = "wasm")]
    pub use abide_macros::{ComponentType, Lift, Lower, bindings};
}
