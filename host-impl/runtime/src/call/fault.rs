//! Turns what the engine reports after a failed call into an [`Error`] that says what happened.
//!
//! It knows the engine's error types and, where those are private, its messages; nothing else does.

use std::sync::Arc;
use std::time::Duration;

use wasmtime::component::ResourceTableError;
use wasmtime::{PoolConcurrencyLimitError, Trap};
use wasmtime_wasi::I32Exit;

use crate::error::backtrace::GuestBacktrace;
use crate::error::engine_text::{chain, root};
use crate::error::kinds::{LimitKind, TrapKind};
use crate::error::{Error, boxed};
use crate::store::state::State;
use crate::values::signature::Function;

/// What the failure of a call of `function` was.
#[cold]
pub(crate) fn classify(error: wasmtime::Error, state: &State, function: Function) -> Error {
    let error = match error.downcast::<Error>() {
        Ok(error) => return error.during(&state.terms.guest, &function),
        Err(error) => error,
    };
    let guest = || Arc::clone(&state.terms.guest);
    let trap = error.downcast_ref::<Trap>().copied();

    if trap == Some(Trap::Interrupt) {
        return Error::Timeout {
            guest: guest(),
            function: boxed(&function),
            after: state.terms.limits.deadline,
            backtrace: GuestBacktrace::of(&error),
        };
    }
    if trap == Some(Trap::OutOfFuel) {
        return Error::OutOfFuel {
            guest: guest(),
            function: boxed(&function),
            fuel: state.terms.limits.fuel.unwrap_or(u64::MAX),
        };
    }
    if error.is::<PoolConcurrencyLimitError>() {
        return Error::Busy {
            guest: guest(),
            function: boxed(&function),
            session: false,
            needed: 1,
            free: 0,
            waited: Duration::ZERO,
        };
    }
    if let Some(limit) = limit(&error, trap, state) {
        return Error::Limit {
            guest: guest(),
            function: boxed(&function),
            what: limit.what,
            limit: limit.limit,
            wanted: limit.wanted,
        };
    }
    match kind(&error, trap) {
        Some(kind) => Error::Trap {
            guest: guest(),
            function: boxed(&function),
            kind,
            panic: state.panic.clone(),
            stderr: state
                .wasi
                .as_ref()
                .map_or_else(|| Box::from(""), |wasi| wasi.last_words()),
            backtrace: GuestBacktrace::of(&error),
        },
        // What is left are values that could not be lifted and results of `realloc` that are no
        // good.
        None => Error::AbiViolation {
            guest: guest(),
            function: boxed(&function),
            import: "",
            reason: chain(&error),
        },
    }
}

/// A limit that a guest reached.
struct Reached {
    what: LimitKind,
    limit: u64,
    wanted: Option<u64>,
}

/// The limit behind a failure, if it was one.
fn limit(error: &wasmtime::Error, trap: Option<Trap>, state: &State) -> Option<Reached> {
    let limits = &state.terms.limits;
    let reached = |what, limit: usize| Reached {
        what,
        limit: limit as u64,
        wanted: None,
    };
    if trap.is_none() {
        if let Some(ResourceTableError::Full) = error.downcast_ref() {
            return Some(reached(LimitKind::ResourceTable, limits.resource_table));
        }
        // These have no public type.
        let text = root(error);
        let by_text = if text.contains("fuel allocated for hostcalls has been exhausted") {
            Some(reached(LimitKind::HostAllocation, limits.host_allocation))
        } else if text.contains("store handle limit exceeded") {
            Some(reached(LimitKind::Handles, limits.handles))
        } else if text.starts_with("requested len ") {
            Some(Reached {
                what: LimitKind::Random,
                limit: limits.random,
                wanted: None,
            })
        } else if let Some(text) = text.strip_prefix("resource limit exceeded: ") {
            match text.split(' ').next() {
                Some("instance") => Some(reached(LimitKind::Instances, limits.instances)),
                Some("memory") => Some(reached(LimitKind::Memories, limits.memories)),
                Some("table") => Some(reached(LimitKind::Tables, limits.tables)),
                _ => None,
            }
        } else {
            None
        };
        if by_text.is_some() {
            return by_text;
        }
    }
    // Guests that are refused memory give up by `unreachable`, or hand back what the engine cannot
    // use. Any other trap has another reason.
    if !matches!(trap, None | Some(Trap::UnreachableCodeReached)) {
        return None;
    }
    // A guest that panicked said what about, and it was not about memory: languages report a
    // refused allocation without a panic, since a panic allocates.
    let refusal = state.meter.refused()?;
    if state.panic.is_some() {
        return None;
    }
    Some(Reached {
        what: refusal.what,
        limit: refusal.limit,
        wanted: Some(refusal.wanted),
    })
}

/// How the guest stopped, if it did.
fn kind(error: &wasmtime::Error, trap: Option<Trap>) -> Option<TrapKind> {
    if let Some(I32Exit(code)) = error.downcast_ref::<I32Exit>() {
        return Some(TrapKind::Exit { code: *code });
    }
    Some(match trap? {
        Trap::UnreachableCodeReached => TrapKind::Unreachable,
        Trap::StackOverflow => TrapKind::StackOverflow,
        Trap::MemoryOutOfBounds => TrapKind::MemoryOutOfBounds,
        Trap::TableOutOfBounds | Trap::IndirectCallToNull => TrapKind::BadTableEntry,
        Trap::BadSignature => TrapKind::BadSignature,
        Trap::IntegerDivisionByZero => TrapKind::DivideByZero,
        Trap::IntegerOverflow => TrapKind::IntegerOverflow,
        Trap::BadConversionToInteger => TrapKind::BadConversion,
        other => TrapKind::Other(boxed(&other)),
    })
}
