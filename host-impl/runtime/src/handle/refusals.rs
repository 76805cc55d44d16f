//! The errors of calls that are not made, or not in this way.
//!
//! It knows why, and not who decides so.

use std::sync::Arc;

use super::Handle;
use crate::error::{Error, boxed};
use crate::export::Export;
use crate::fork;
use crate::nesting::Refused;
use crate::world::World;

impl<W: World> Handle<W> {
    #[cold]
    pub(super) fn refused<P, R>(
        &self,
        refused: Refused,
        pick: impl Fn(&W::Exports) -> &Export<P, R>,
    ) -> Error {
        // Which guest it is stands behind a lock, and a process that was forked does not know who
        // has it.
        if refused == Refused::Forked {
            return fork::error();
        }
        let loaded = self.loaded();
        let function = boxed(&pick(&loaded.exports).function());
        cannot_enter(refused, &loaded.plan.terms.guest, function)
    }

    #[cold]
    pub(super) fn needs_session<P, R>(&self, pick: impl Fn(&W::Exports) -> &Export<P, R>) -> Error {
        let loaded = self.loaded();
        Error::NeedsSession {
            guest: Arc::clone(&loaded.plan.terms.guest),
            function: boxed(&pick(&loaded.exports).function()),
        }
    }
}

/// The error of a call that went well and has no result, which does not happen.
#[cold]
pub(super) fn no_result() -> Error {
    Error::Engine {
        reason: Box::from("a call ended without a result; this is a fault of the host runtime"),
        source: Box::from("no result"),
    }
}

/// The error of a call that its thread cannot make.
#[cold]
pub(super) fn cannot_enter(refused: Refused, guest: &Arc<str>, function: Box<str>) -> Error {
    let guest = Arc::clone(guest);
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
        Refused::Forked => Error::Forked { guest, function },
    }
}
