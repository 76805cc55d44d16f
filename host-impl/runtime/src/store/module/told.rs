//! A host of modules is told of the calls of its guest.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::watch::Watch;
use crate::error::fault::{Fault, Step};
use crate::error::panic::panicked;
use crate::store::state::State;
use crate::values::erased::Erased;

/// A callback begins, with these raw arguments.
#[inline]
pub(crate) fn begins(state: &mut State, name: &'static str, args: &[u64]) -> Step {
    tell(state, |watch, host| (watch.begins)(host, name, args))
}

/// A callback returned.
#[inline]
pub(crate) fn ended(state: &mut State, name: &'static str, result: Option<u64>) -> Step {
    tell(state, |watch, host| (watch.ended)(host, name, result))
}

/// The guest is to make room for so many bytes.
#[cold]
pub(crate) fn allocates(state: &mut State, name: &'static str, len: u32) -> Step {
    tell(state, |watch, host| (watch.allocates)(host, name, len))
}

/// It has made it there.
#[cold]
pub(crate) fn allocated(state: &mut State, name: &'static str, at: u32) -> Step {
    tell(state, |watch, host| (watch.allocated)(host, name, at))
}

#[inline]
fn tell(state: &mut State, tell: impl FnOnce(Watch, &mut (dyn Erased + 'static))) -> Step {
    let (Some(known), Some(host)) = (&state.module, state.host.get()) else {
        return Ok(());
    };
    let told = catch_unwind(AssertUnwindSafe(|| tell(known.watch, &mut **host)));
    told.map_err(|panic| Box::<Fault>::new(panicked("", &*panic)))
}
