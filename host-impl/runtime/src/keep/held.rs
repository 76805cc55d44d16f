//! The instance that serves one call: a new one, a kept one, or that of a session.
//!
//! It knows which of the three it is and how each is given back, and not which it is to be.

use std::mem;

use super::exclusive::ByThread;
use super::pool::Kept;
use super::slot::User;
use crate::call::instance::Instance;
use crate::call::request::Request;
use crate::error::outcome::{Outcome, Unserved};

/// The instance that serves a call, and the `V` that it was made from. Dropped before it is
/// [given back](Self::give_back), it drops the instance, wherever that belongs.
pub(crate) enum Held<'a, V> {
    Nothing,
    /// None, and why.
    Refused(Box<Unserved>),
    /// One for this call only.
    Fresh {
        instance: Instance,
        made_from: V,
    },
    /// One that is kept, if all goes well.
    Kept(Kept<'a, V, ByThread>),
    /// That of a session.
    Session {
        user: User<'a>,
        made_from: &'a V,
    },
}

impl<V> Held<'_, V> {
    #[inline(always)]
    pub(crate) fn parts(&mut self) -> Option<(&mut Instance, &V)> {
        match self {
            Self::Nothing | Self::Refused(_) => None,
            Self::Fresh {
                instance,
                made_from,
            } => Some((instance, made_from)),
            Self::Kept(kept) => kept.parts(),
            Self::Session { user, made_from } => Some((user.instance()?, made_from)),
        }
    }

    /// Why there is no instance, for the first who asks.
    #[cold]
    pub(crate) fn refusal(&mut self) -> Outcome {
        match mem::replace(self, Self::Nothing) {
            Self::Refused(unserved) => Err(unserved),
            other => {
                *self = other;
                Ok(())
            }
        }
    }

    /// The call is over, and its instance can be used again. Nothing is left to be dropped.
    #[inline(always)]
    pub(crate) fn give_back(&mut self, request: Request<'_>) {
        match self {
            Self::Nothing => {}
            Self::Refused(_) | Self::Fresh { .. } => self.discard(request),
            Self::Kept(kept) => kept.keep(),
            Self::Session { user, .. } => user.keep().let_go(request),
        }
    }

    /// The call is over, and its instance cannot be used again.
    #[cold]
    pub(crate) fn discard(&mut self, request: Request<'_>) {
        let slot = match self {
            Self::Session { user, .. } => Some(user.slot()),
            _ => None,
        };
        *self = Self::Nothing;
        if let Some(slot) = slot {
            slot.let_go(request);
        }
    }
}
