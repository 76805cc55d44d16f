//! A host of modules is told of what it calls in them.
//!
//! It knows the host's type, which whoever makes the call does not.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::link::Imports;
use crate::error::fault::{Fault, Step};
use crate::error::panic::panicked;
use crate::store::state::{Host, State};

/// What a host is told of a callback, with its type forgotten.
#[derive(Clone, Copy)]
pub(crate) struct Watch {
    begins: fn(&mut dyn Any, &'static str, &[u64]),
    ended: fn(&mut dyn Any, &'static str, Option<u64>),
}

impl Watch {
    /// For the host `E`.
    pub(crate) fn of<E: Imports>() -> Self {
        Self {
            begins: |host, name, args| {
                if let Some(host) = host.downcast_mut::<Host<E, ()>>() {
                    host.state.begins(name, args);
                }
            },
            ended: |host, name, result| {
                if let Some(host) = host.downcast_mut::<Host<E, ()>>() {
                    host.state.ended(name, result);
                }
            },
        }
    }
}

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

#[inline]
fn tell(state: &mut State, tell: impl FnOnce(Watch, &mut dyn Any)) -> Step {
    let (Some(known), Some(host)) = (&state.module, state.host.get()) else {
        return Ok(());
    };
    let (watch, host): (Watch, &mut dyn Any) = (known.watch, &mut **host);
    let told = catch_unwind(AssertUnwindSafe(|| tell(watch, host)));
    told.map_err(|panic| Box::<Fault>::new(panicked("", &*panic)))
}
