//! Turns what the engine reports after a failed call into a [`Fault`] that says what happened.
//!
//! It knows the engine's error types and, where those are private, its messages; nothing else does.

use wasmtime::component::ResourceTableError;
use wasmtime::{PoolConcurrencyLimitError, Trap};
use wasmtime_wasi::I32Exit;

use crate::error::backtrace::GuestBacktrace;
use crate::error::boxed;
use crate::error::engine_text::{chain, root};
use crate::error::fault::Fault;
use crate::error::kinds::{LimitKind, TrapKind};
use crate::store::state::State;

/// What the failure of a call was, which ran in the instance of `state`.
#[cold]
pub(crate) fn classify(error: wasmtime::Error, state: &mut State) -> Fault {
    let error = match error.downcast::<Fault>() {
        Ok(fault) => return fault,
        Err(error) => error,
    };
    let trap = error.downcast_ref::<Trap>().copied();

    if trap == Some(Trap::Interrupt) {
        return Fault::Timeout {
            after: state.charter.limits.deadline,
            import: state.awaited,
            backtrace: GuestBacktrace::of(&error),
        };
    }
    if trap == Some(Trap::OutOfFuel) {
        return Fault::OutOfFuel {
            fuel: state.charter.limits.fuel.unwrap_or(u64::MAX),
        };
    }
    if error.is::<PoolConcurrencyLimitError>() {
        return Fault::Busy;
    }
    if let Some(limit) = limit(&error, trap, state) {
        return limit;
    }
    match kind(&error, trap) {
        Some(kind) => Fault::Trap {
            kind,
            panic: state.panic.clone(),
            stderr: state
                .wasi
                .get()
                .as_ref()
                .map_or_else(|| Box::from(""), |wasi| wasi.last_words()),
            backtrace: GuestBacktrace::of(&error),
        },
        // What is left are values that could not be lifted and results of `realloc` that are no
        // good.
        None => Fault::AbiViolation {
            import: "",
            reason: chain(&error),
        },
    }
}

/// The limit behind a failure, if it was one.
fn limit(error: &wasmtime::Error, trap: Option<Trap>, state: &State) -> Option<Fault> {
    let limits = &state.charter.limits;
    let reached = |what, limit: usize| Fault::Limit {
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
            Some(Fault::Limit {
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
    Some(Fault::Limit {
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
