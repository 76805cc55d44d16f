//! The instance that serves one call: a new one, a kept one, or that of a session.
//!
//! It knows which of the three it is and how each is given back, and not which it is to be.

use super::pool::Kept;
use super::slot::User;
use crate::call::instance::Instance;
use crate::call::request::Request;
use crate::error::outcome::{Outcome, leaves_whole};

/// The instance that serves a call, and the `V` that it was made from. Dropped before the call is
/// [settled](Self::settle), it drops the instance, wherever that belongs.
pub(crate) enum Held<'a, V> {
    Nothing,
    /// One for this call only.
    Fresh {
        instance: Instance,
        made_from: V,
    },
    Kept(Kept<'a, V>),
    Session {
        user: User<'a>,
        made_from: &'a V,
    },
}

impl<V> Held<'_, V> {
    #[inline(always)]
    pub(crate) fn parts(&mut self) -> Option<(&mut Instance, &V)> {
        match self {
            Self::Nothing => None,
            Self::Fresh {
                instance,
                made_from,
            } => Some((instance, made_from)),
            Self::Kept(kept) => kept.parts(),
            Self::Session { user, made_from } => Some((user.instance()?, made_from)),
        }
    }

    /// The call is over: lets go of the instance.
    #[inline]
    pub(crate) fn settle(&mut self, outcome: &Outcome, request: Request<'_>) {
        let is_whole = leaves_whole(outcome);
        let slot = match self {
            Self::Nothing | Self::Fresh { .. } => None,
            Self::Kept(kept) => {
                kept.settle(is_whole);
                None
            }
            Self::Session { user, .. } => {
                user.settle(is_whole);
                Some(user.slot())
            }
        };
        *self = Self::Nothing;
        if let Some(slot) = slot {
            slot.let_go(request);
        }
    }
}
