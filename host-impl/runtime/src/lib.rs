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

mod call;
mod code;
mod engine;
mod error;
mod guard;
mod handle;
mod keep;
mod load;
mod store;
mod values;
mod wasi;

pub use call::stats::Stats;
pub use code::artefacts::{ArtefactStats, Artefacts};
pub use engine::{Engine, EngineBuilder};
pub use error::artefacts::ArtefactsError;
pub use error::backtrace::{Frame, GuestBacktrace};
pub use error::blame::Blame;
pub use error::call::{CallError, GuestError};
pub use error::kinds::{Beyond, LimitKind, TrapKind};
pub use error::load::LoadError;
pub use error::problem::{Problem, ProblemKind};
pub use error::{Error, Result};
pub use guard::breaker::Breaker;
pub use guard::cancel::CancelHandle;
pub use guard::limits::Limits;
pub use handle::{Builder, HostedBy, Session};
#[cfg(feature = "async")]
pub use handle::{GuestHandle, release};
#[cfg(feature = "watch")]
pub use handle::{Watch, watch};
pub use keep::isolation::{Isolation, Warm};
#[cfg(feature = "http")]
pub use wasi::Http;
pub use wasi::{Network, Wasi};

/// Functions between a host and guests that are plain modules of an older ABI.
///
/// A component says what its arguments are; a module has numbers. What they mean is said by the types
/// of a method's parameters and result: each is so many raw values ([`Ty`](module::Ty)), is read from
/// them ([`Param`](module::Param)), and is written where the guest said ([`Out`](module::Out),
/// [`Value`](module::Value)). What a host calls has [`Given`](module::Given) and
/// [`Returned`](module::Returned); what it calls by names that it does not know before, it
/// [visits](module::visit). All of these traits are open, so that the crate of an ABI adds its
/// own.
///
/// A call of an import goes so: all parameters are read, all places for results are looked at, the
/// host's method runs, the result is written. So a bad argument has no effect, and the host never has a
/// reference into memory while the guest runs.
pub mod module {
    pub use crate::call::callback::{CallbackType, Given, RawResult, RawValue, Returned};
    pub use crate::call::visit::{Exported, Val, Visit};
    pub use crate::handle::{exports, visit};
    pub use crate::store::module::*;
}

/// What generated code is written against. It changes without notice: the macro and this crate
/// always come in the same version.
#[doc(hidden)]
pub mod __private {
    pub use bitflags;
    pub use wasmtime;
    pub use wasmtime::component::{
        ComponentType, Lift, Lower, Resource, ResourceAny, WasmList, WasmStr,
    };

    pub use crate::call::body::ModuleAbi;
    pub use crate::call::callback::Callback;
    pub use crate::call::export::Export;
    pub use crate::call::passing::Passing;
    pub use crate::call::stats::Stats;
    pub use crate::component_flags;
    pub use crate::component_mirrored;
    pub use crate::error::abort::aborted;
    pub use crate::error::call::{CallError, GuestError};
    pub use crate::error::fault::Step;
    pub use crate::error::{Error, Result};
    pub use crate::guard::cancel::CancelHandle;
    #[cfg(feature = "async")]
    pub use crate::handle::GuestHandle;
    pub use crate::handle::{Builder, GuestResource, Handle, HostedBy, Session, WorldHandle};
    pub use crate::load::check::Check;
    pub use crate::load::description::Description;
    pub use crate::load::world::World;
    #[cfg(feature = "async")]
    pub use crate::store::awaited::{HostCall, caught};
    pub use crate::store::borrowed::{Borrowed, Memory, Text};
    pub use crate::store::import::{Cx, Guest, Interface, Linker, call_host};
    pub use crate::store::table::{AnyTable, Table, Tables, exclusive};
    pub use crate::values::chain::{Chain, End};
    pub use crate::values::flat::{
        Flat, no_such_case, offsets as flat_offsets, store_all as flat_store_all,
    };
    pub use crate::values::floats::FloatList;
    pub use crate::values::mirrored::{Mirrored, same_layout};
    pub use crate::values::signature::Signature;
    pub use crate::values::wire::{WireList, field_type};
    pub use crate::wasi::PACKAGES as WASI_PACKAGES;
    pub use crate::wire_record;
    pub use crate::{flat_enum, flat_record};
}
