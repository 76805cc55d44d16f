//! The host runtime of Abide: loads WebAssembly components as guests of a WIT world, links them
//! with a host, limits what they may use, and calls them.
//!
//! Programs do not use this crate by itself. The macro `abide::abi!` generates a handle for a
//! world, with a method per export and a trait per import, on top of what is here; the crate
//! `abide` re-exports what users name: [`Limits`], [`Wasi`], [`Engine`], [`Session`], [`Error`] and
//! [`CallError`].
//!
//! - A guest is compiled, linked and checked once, when it is loaded. After that no call fails for
//!   a reason that loading could have found.
//! - Every instance has a store of its own, and is dropped after any error. One guest that fails
//!   affects no other.
//! - Limits on time, memory and all else are on unless they are changed, and waiting is bounded.
//! - A guest is granted nothing of the system unless it is asked for.

#[cfg(not(target_endian = "little"))]
compile_error!(
    "abide-host lends the memory of guests to hosts as it is, which is little-endian; \
     hosts with another byte order are not supported"
);

mod allowance;
mod artefacts;
mod backtrace;
mod blame;
mod blocking;
mod breaker;
mod builder;
mod call_error;
mod cancel;
mod candidate;
mod chain;
mod clock;
mod compile;
mod components;
mod decoded;
mod depth;
mod dropped;
mod dropper;
mod engine;
mod engine_text;
mod error;
mod error_kind;
mod error_text;
mod exclusive;
mod export;
mod fault;
mod file;
mod fit;
mod flags;
mod flat;
mod floats;
mod footprint;
mod fork;
mod guest_resource;
mod handle;
mod import;
mod inherited;
mod instance;
mod integers;
mod isolation;
mod lent;
mod limits;
mod lines;
mod load_error;
mod meter;
mod mirrored;
mod nesting;
mod observe;
mod obtain;
mod outcome;
mod panic;
mod passing;
mod permits;
mod pool;
mod preview1;
mod problem;
mod quota;
mod reaper;
mod recipe;
mod request;
mod session;
mod signature;
mod slot;
mod source;
mod state;
mod stats;
mod stdio;
mod survey;
mod table;
mod terms;
mod thread_stack;
mod untrusted;
mod versions;
mod wasi;
#[cfg(feature = "watch")]
mod watch;
mod wire;
mod world;
mod written;

pub use artefacts::{ArtefactStats, Artefacts};
pub use backtrace::{Frame, GuestBacktrace};
pub use blame::Blame;
pub use breaker::Breaker;
pub use builder::Builder;
pub use call_error::{CallError, GuestError};
pub use cancel::CancelHandle;
pub use engine::{Engine, EngineBuilder};
pub use error::artefacts::ArtefactsError;
pub use error::{Error, Result};
pub use error_kind::{Beyond, LimitKind, TrapKind};
pub use isolation::{Isolation, Warm};
pub use limits::Limits;
pub use load_error::LoadError;
pub use problem::{Problem, ProblemKind};
pub use session::Session;
pub use stats::Stats;
#[cfg(feature = "http")]
pub use wasi::Http;
pub use wasi::{Network, Wasi};
#[cfg(feature = "watch")]
pub use watch::{Watch, watch};

/// What generated code is written against. It changes without notice: the macro and this crate
/// always come in the same version.
#[doc(hidden)]
pub mod __private {
    pub use bitflags;
    pub use wasmtime;
    pub use wasmtime::component::{
        ComponentType, Lift, Lower, Resource, ResourceAny, WasmList, WasmStr,
    };

    pub use crate::builder::Builder;
    pub use crate::call_error::{CallError, GuestError};
    pub use crate::cancel::CancelHandle;
    pub use crate::chain::{Chain, End};
    pub use crate::component_flags;
    pub use crate::component_mirrored;
    pub use crate::error::{Error, Result};
    pub use crate::export::Export;
    pub use crate::fit::Check;
    pub use crate::flat::{
        Flat, no_such_case, offsets as flat_offsets, store_all as flat_store_all,
    };
    pub use crate::floats::FloatList;
    pub use crate::guest_resource::GuestResource;
    pub use crate::handle::Handle;
    pub use crate::handle::world_handle::WorldHandle;
    pub use crate::import::{Cx, Guest, Interface, Linker, call_host};
    pub use crate::lent::{Lent, Memory, Text};
    pub use crate::mirrored::{Mirrored, same_layout};
    pub use crate::passing::Passing;
    pub use crate::session::Session;
    pub use crate::signature::Signature;
    pub use crate::stats::Stats;
    pub use crate::table::{AnyTable, Table, Tables, exclusive};
    pub use crate::wasi::PACKAGES as WASI_PACKAGES;
    pub use crate::wire::{WireList, field_type};
    pub use crate::wire_record;
    pub use crate::world::World;
    pub use crate::{flat_enum, flat_record};
}
