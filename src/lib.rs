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
#[cfg(feature = "heap")]
mod heap;
mod place;
mod shape;

pub use about::{Abi, WitFile};
#[cfg(feature = "heap")]
pub use heap::Heap;

#[cfg(all(feature = "http", not(target_family = "wasm")))]
pub use abide_host::Http;
#[cfg(not(target_family = "wasm"))]
pub use abide_host::{
    ArtefactStats, Artefacts, ArtefactsError, Beyond, Blame, Breaker, Builder, CallError,
    CancelHandle, Engine, EngineBuilder, Error, Frame, GuestBacktrace, GuestError, HostedBy,
    Isolation, LimitKind, Limits, LoadError, Network, Problem, ProblemKind, Result, Session, Stats,
    TrapKind, Warm, Wasi,
};

#[cfg(not(target_family = "wasm"))]
pub use abide_host::module;
/// Offers the methods of an `impl` block to guests that are plain modules of an older ABI.
///
/// What a parameter or a result is in raw values, its type says: see [`Param`](module::Param) and
/// [`Value`](module::Value). Each method is a function of the module whose name stands in the
/// parentheses, and has the method's name. The attribute adds a function `offer_` with the module's
/// name, which [`Imports`](module::Imports) calls.
///
/// ```standalone_crate
/// use abide::module::{Bad, Bytes, Imports, Linker, Status};
///
/// /// What functions of this ABI return.
/// #[derive(Debug, Clone, Copy)]
/// enum Errno {
///     NotFound = 1,
///     Invalid = 2,
/// }
///
/// impl From<Bad> for Errno {
///     fn from(_: Bad) -> Self {
///         Self::Invalid
///     }
/// }
///
/// impl Status for Errno {
///     const OK: u32 = 0;
///
///     fn code(self) -> u32 {
///         self as u32
///     }
/// }
///
/// /// The host. Each instance has a clone.
/// #[derive(Clone)]
/// struct Env {
///     name: String,
/// }
///
/// #[abide::module("env")]
/// impl Env {
///     /// In C: `int32_t get(const char *key, size_t key_len, char **value, size_t *value_len)`.
///     /// Room for the value is made by the guest's own `malloc`.
///     fn get(&mut self, key: &str) -> Result<Bytes, Errno> {
///         match key {
///             "name" => Ok(Bytes(self.name.clone().into_bytes())),
///             _ => Err(Errno::NotFound),
///         }
///     }
/// }
///
/// impl Imports for Env {
///     fn offer(linker: &mut Linker<'_, Self>) {
///         Self::offer_env(linker);
///     }
/// }
///
/// /// What guests export.
/// #[abide::module_exports]
/// pub trait Filter {
///     /// Asked for each request.
///     fn on_request(id: u32) -> bool;
/// }
///
/// fn main() {
///     // There is no such file here, and `load_module` says so.
///     let host = Env { name: "demo".to_owned() };
///     let error = Filter::load_module("filter.wasm", host).unwrap_err();
///     assert!(error.to_string().contains("filter.wasm"));
/// }
/// ```
///
/// # What a method is
///
/// - It has `&mut self`, no type parameters, and no `async`.
/// - What it returns is a [`Result`] of a [`Value`](module::Value) and a
///   [`Refusal`](module::Refusal). A method that returns no `Result` refuses bad arguments by the
///   type that the option `refusal` names, or by [`Trap`](module::Trap), which ends the guest.
/// - Its arguments are read and the places for its results looked at before it runs. So a bad
///   argument has no effect, and is answered by the ABI's own status.
/// - A panic ends the guest, as [`Error::HostPanic`].
///
/// # Options
///
/// | option | meaning |
/// | --- | --- |
/// | `"env"` | the module that guests import from; [`Linker::under`](module::Linker::under) offers the same under another name |
/// | `refusal = Type` | what refuses bad arguments of methods that return no `Result` |
/// | `crate = path` | where this crate is, if it has another name |
#[cfg(not(target_family = "wasm"))]
pub use abide_macros::module;
/// Makes a handle on guests that are plain modules out of a trait of signatures.
///
/// The trait becomes a struct of its name, with `load_module`, `builder`, `session` and whatever else
/// a handle has. Each function becomes a method that calls what the guest exports under that name,
/// and returns `None` if it exports nothing of that name: callbacks are optional. One of another
/// type is refused when the guest is loaded.
///
/// Parameters are integers, floats, `bool` and [`Code`](module::Code); so are results, or nothing.
/// There is an example at [`module`](macro@module).
///
/// All are optional but those with the attribute `#[required]`: a guest without one of these is
/// refused when it is loaded, and the methods for the others return an `Option`.
///
/// # Names that are chosen at run time
///
/// [`module::visit`] calls whatever else a guest exports, as one call of several steps. For a guest that
/// turns bytes over, at a place that it returns:
///
/// ```standalone_crate
/// use abide::module::{Imports, Linker, Trap, Val, visit};
///
/// #[derive(Clone)]
/// struct Nothing;
///
/// impl Imports for Nothing {
///     fn offer(_: &mut Linker<'_, Self>) {}
/// }
///
/// /// Guests with any functions, and `room`, which makes room.
/// #[abide::module_exports(allocate = ["room"])]
/// trait Any {}
///
/// fn turned(guest: &Any, function: &str, bytes: &[u8]) -> abide::Result<Vec<u8>> {
///     visit(guest, function, |visit| {
///         let Some(turn) = visit.function(function) else {
///             return Err(Trap::new("it is not there any more").into());
///         };
///         let (at, len) = (visit.allocate(bytes.len())?, bytes.len() as u32);
///         visit.write(at, bytes)?;
///         let Some(Val::I32(at)) = visit.call(&turn, &[Val::I32(at), Val::I32(len)])? else {
///             return Err(Trap::new("it returned nothing").into());
///         };
///         // What is about to be held counts to `Limits::host_allocation`.
///         visit.charge(bytes.len())?;
///         Ok(visit.read(at, len)?.to_vec())
///     })
/// }
///
/// # fn main() -> abide::Result<()> {
/// # if false {
/// let guest = Any::load_module("guest.wasm", Nothing)?;
/// assert_eq!(turned(&guest, "turn", b"abc")?, b"cba");
/// # }
/// # Ok(())
/// # }
/// ```
///
/// # Options
///
/// | option | default | meaning |
/// | --- | --- | --- |
/// | `memory = "…"` | `"memory"` | the memory that arguments are in |
/// | `allocate = ["…"]` | `["malloc"]` | what makes room in it, given a size, or a size and an alignment: the first of these that a guest exports |
/// | `start = ["…"]` | `["_initialize", "_start"]` | what is called when an instance is made: the first of these that a guest exports |
/// | `init = ["…"]` | none | what is called after that: all of these that a guest exports |
/// | `crate = path` | `::abide` | where this crate is, if it has another name |
#[cfg(not(target_family = "wasm"))]
pub use abide_macros::module_exports;

#[cfg(all(feature = "async", not(target_family = "wasm")))]
pub use abide_host::{GuestHandle, release};
#[cfg(all(feature = "watch", not(target_family = "wasm")))]
pub use abide_host::{Watch, watch};

#[cfg(not(target_family = "wasm"))]
#[doc = include_str!("docs/hosting.md")]
pub mod hosting {}

#[cfg(all(feature = "async", not(target_family = "wasm")))]
#[doc = include_str!("docs/async_hosts.md")]
pub mod async_hosts {}

/// Makes a host out of parts: fields that each provide one or more of the interfaces that guests
/// import.
///
/// What a world's `load` asks for is one value that provides everything. A part is a field whose
/// type implements an interface's trait, or is composed of parts itself. The struct's own `impl`s
/// stand beside them.
///
/// ```standalone_crate
/// mod watch {
///     abide::abi!({
///         inline: "
///             package demo:watch@0.1.0;
///             interface clock { now-ms: func() -> u64; }
///             interface kv { get: func(key: string) -> option<string>; }
///             interface log { write: func(message: string); }
///             world watch { import clock; import kv; import log; }
///         ",
///         module: "watch",
///     });
/// }
/// use watch::host;
///
/// #[derive(Clone)]
/// struct Stopped(u64);
///
/// impl host::Clock for Stopped {
///     fn now_ms(&mut self) -> u64 {
///         self.0
///     }
/// }
///
/// #[derive(Clone)]
/// struct Empty;
///
/// impl host::Kv for Empty {
///     fn get(&mut self, _key: &str) -> Option<String> {
///         None
///     }
/// }
///
/// #[derive(Clone, abide::Host)]
/// #[host(abi = watch)] // where `abi!` stands: most often the name of an ABI crate
/// struct App<C> {
///     #[host(clock)]
///     clock: C,
///     #[host(kv)]
///     store: Empty,
///     seen: Vec<String>,
/// }
///
/// impl<C> host::Log for App<C> {
///     fn write(&mut self, message: &str) {
///         self.seen.push(message.to_owned());
///     }
/// }
///
/// fn main() {
///     let app = App { clock: Stopped(7), store: Empty, seen: Vec::new() };
///     // There is no such file here, and `load` says so.
///     let error = host::Watch::load("watch.wasm", app).unwrap_err();
///     assert!(error.to_string().contains("watch.wasm"));
/// }
/// ```
///
/// # Attributes
///
/// | where | attribute | meaning |
/// | --- | --- | --- |
/// | struct | `#[host(abi = path)]` | the ABI crate, or the module that `abi!` stands in |
/// | struct | `#[host(abi = path, host_async)]` | the traits are those of `host_async`; with `host` beside it, those of both |
/// | field | `#[host(clock, kv)]` | the field provides these interfaces of that ABI, named like their modules |
/// | field | `#[host(other_abi::log)]` | the field provides an interface of another ABI |
/// | field | `#[host(imports)]` | the field provides the functions that the world imports at its own level |
///
/// Structs with parameters work, and so do tuple structs. The type of a part has to be as visible
/// as the struct: in a `pub struct` it is `pub`.
#[cfg(not(target_family = "wasm"))]
pub use abide_macros::Host;

/// Lets a type of your own stand for a WIT type.
///
/// A struct with named fields stands for a record; an enum whose cases have payloads for a variant,
/// and one without for an enum. Which WIT type it is says the option `with` of
/// [`abi!`](crate::abi), which also checks when it is compiled that the two fit:
///
/// ```text
/// abide::abi!({
///     wit: "wit",
///     with: { "demo:shapes/geometry.point": crate::Point },
/// });
/// ```
///
/// ```standalone_crate
/// /// `record point { x: f64, y: f64 }`
/// #[derive(Debug, Clone, Copy, PartialEq, abide::Type)]
/// #[repr(C)]
/// pub struct Point {
///     pub x: f64,
///     pub y: f64,
/// }
///
/// /// `enum line-style { solid, dotted }`
/// #[derive(Debug, Clone, PartialEq, abide::Type)]
/// pub enum LineStyle {
///     Solid,
///     Dotted,
/// }
///
/// /// `variant shape { nothing, dot(point), path(list<point>) }`
/// #[derive(Debug, Clone, PartialEq, abide::Type)]
/// pub enum Shape {
///     Nothing,
///     Dot(Point),
///     Path(Vec<Point>),
/// }
///
/// impl Point {
///     pub fn distance(self, other: Point) -> f64 {
///         (self.x - other.x).hypot(self.y - other.y)
///     }
/// }
///
/// fn main() {
///     let (here, there) = (Point { x: 0.0, y: 0.0 }, Point { x: 3.0, y: 4.0 });
///     assert_eq!(here.distance(there), 5.0);
/// }
/// ```
///
/// # What the type has to be
///
/// - Fields and cases are in the order of the WIT, and have the types that `abi!` would give them:
///   `String`, `Vec<u8>`, `Option<Point>` and so on.
/// - They are called as `abi!` would call them: `line-width` is `line_width`, `not-found` is
///   `NotFound`, `type` is `type_`. The host side takes `r#type` too, and any name with
///   `#[abide(name = "in-wit")]`; the guest side does not.
/// - For a guest, fields are visible where `abi!` stands, and an enum without payloads is
///   [`Clone`].
/// - A record of nothing but numbers is `#[repr(C)]`: guests take lists of it as they lie in
///   memory.
/// - It has no parameters, and holds no handles of resources.
///
/// # Attributes
///
/// | where | attribute | meaning |
/// | --- | --- | --- |
/// | type | `#[abide(variant)]` | an enum without payloads stands for a WIT `variant` and not for an `enum` |
/// | type | `#[abide(error)]` | the type is the error of a WIT `result`; its [`Display`](std::fmt::Display) is shown where a call answers with it |
/// | type | `#[abide(crate = path)]` | where this crate is, if it has another name: an absolute path or one from `crate` |
/// | field, case | `#[abide(name = "in-wit")]` | its name in WIT, where that is not the Rust name in WIT's spelling: `URL-path` |
pub use abide_macros::Type;

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
/// | `wit` | `"path"` | a `.wit` file or a folder with `deps/`, relative to the crate's Cargo.toml, or absolute, or `"$OUT_DIR/…"` for what the crate's build script wrote; names that begin with a dot are left out |
/// | `inline` | `"package …"` | the WIT itself; with `wit` beside it, that is where its dependencies are |
/// | `world` | `"name"` | which world; not needed where the package has one |
/// | `derives` | `[path, …]` | derives for all generated types, beside `Debug`, `Clone`, `PartialEq` and, where they are possible, `Copy`, `Eq` and `Hash` |
/// | `trappable` | `true` or `["clock.now-ms", …]` | imports whose methods return [`Result`], so that the host can abort the guest |
/// | `borrowed` | `true` or `["index.add", …]` | imports whose records and lists are borrowed from the guest's memory: see [below](#borrowing-what-a-guest-lends) |
/// | `with` | `{ "demo:shapes/geometry": shapes_abi::geometry, … }` | interfaces, or all of a package, that another ABI's crate generated, and types of your own: see [below](#sharing-interfaces-and-types) |
/// | `features` | `["name", …]` or `all` | items behind `@unstable(feature = name)` that are part of the ABI; the others are left out |
/// | `module` | `"a::b"` | the module that the macro stands in, where that is not the crate's root |
///
/// # Files that are added
///
/// Cargo compiles the crate again when one of the files changes that `abi!` has read. For one that
/// is added it needs a build script, `fn main() { abide_build::wit("wit"); }`, and `abide-build`
/// with `default-features = false` in the `[build-dependencies]`.
///
/// # Limits
///
/// What a component cannot have is refused with its place in the WIT: types without parts, types
/// nested more than 100 deep or with more than 1,000,000 parts, more than 32 flags. On the host,
/// types nested more than 32 deep need `#![recursion_limit = "512"]` in the crate that `abi!`
/// stands in.
///
/// What only guests cannot have is an error where a guest is compiled, and a warning where a host
/// is: a host can call guests that were written otherwise.
///
/// # What it generates
///
/// - a module per interface with its types, the same on both sides;
/// - `host` (native): a trait per imported interface and imported resource, the handle of the
///   world, views of the exported interfaces, handles on the exported resources;
/// - `guest` (`wasm`): a trait per exported interface and for the world's own exports, the imports
///   as functions, and the macro `export!`, which takes the type that implements the traits. On
///   native targets the module has types alone, and the macro says how a guest is compiled;
/// - `ABI`: the package, its version, a fingerprint and the WIT text.
///
/// With `ABIDE_DEBUG=1` in the environment the expansion is also written to `target/abide/` in the
/// folder of the crate.
///
#[doc = include_str!("docs/resources.md")]
#[doc = ""]
#[doc = include_str!("docs/sharing.md")]
#[doc = ""]
#[doc = include_str!("docs/borrowing.md")]
#[macro_export]
macro_rules! abi {
    ($($input:tt)*) => {
        $crate::__private::abi!(($crate) $($input)*);
    };
}

/// What generated code runs on. Not for anybody else: it changes without notice.
#[doc(hidden)]
pub mod __private {
    pub use crate::about::{Abi, WitFile};
    pub use crate::check_type;
    pub use crate::place::misplaced;
    /// What every crate has in scope by itself, but one with `#![no_implicit_prelude]`.
    pub mod prelude {
        pub use ::core;
        pub use ::std::prelude::rust_2024::*;
        // The methods of traits are there also beside a type with the trait's name.
        pub use ::std::{
            borrow::ToOwned as _,
            clone::Clone as _,
            convert::{AsMut as _, AsRef as _, From as _, Into as _, TryFrom as _, TryInto as _},
            default::Default as _,
            iter::{
                DoubleEndedIterator as _, ExactSizeIterator as _, Extend as _, FromIterator as _,
                IntoIterator as _, Iterator as _,
            },
            string::ToString as _,
        };
    }
    /// What `#[derive(abide::Type)]` says of a type.
    pub mod shape {
        pub use crate::shape::{
            Different, Expected, Found, Holds, Kind, Member, Report, Same, Shape, Wanted, compare,
            compare_interfaces, position,
        };
    }
    #[cfg(not(target_family = "wasm"))]
    pub use abide_host::__private::*;
    pub use abide_macros::abi;

    #[cfg(target_family = "wasm")]
    pub use abide_guest::__private::*;
    #[cfg(target_family = "wasm")]
    pub use abide_macros::{ComponentType, Lift, Lower, bindings};
}
