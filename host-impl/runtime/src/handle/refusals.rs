//! The errors of calls that are not made, or not in this way.
//!
//! It knows why, and not who decides so.

use std::sync::Arc;

use crate::error::fault::Fault;
use crate::error::{Error, boxed};
use crate::guard::nesting::Refused;
use crate::values::signature::Function;

/// The error of a call that went well and has no result, which does not happen.
#[cold]
pub(super) fn no_result(guest: &Arc<str>, function: Function) -> Error {
    let reason = Box::from("a call ended without a result");
    Fault::Internal { reason }.during(guest, &function)
}

/// The error of a call that its thread cannot make.
#[cold]
pub(super) fn cannot_enter(refused: Refused, guest: &Arc<str>, function: Function) -> Error {
    let (guest, function) = (Arc::clone(guest), boxed(&function));
    match refused {
        Refused::TooDeep { limit } => Error::TooDeep {
            guest,
            function,
            limit,
        },
        Refused::SmallStack { left, needed } => Error::SmallStack {
            guest,
            function,
            left,
            needed,
        },
        Refused::Forked => Error::Forked,
    }
}

/// The error of a call that passes what is of one instance, and is made without one.
#[cold]
pub(super) fn needs_session(guest: &Arc<str>, function: Function) -> Error {
    Error::NeedsSession {
        guest: Arc::clone(guest),
        function: boxed(&function),
    }
}
