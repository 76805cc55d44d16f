//! The instance that serves one call, while a task has it: a new one, a kept one, or that of a
//! session.
//!
//! It knows which of the three it is and how each is given back, and not which it is to be.

use std::mem;
use std::sync::Arc;

use crate::call::fibre::Site;
use crate::call::instance::Instance;
use crate::error::outcome::{Outcome, Unserved};
use crate::handle::loaded::{Loaded, Opened};
use crate::keep::exclusive::ByTask;
use crate::keep::pool::Kept;
use crate::keep::slot::turn::Turn;
use crate::load::world::World;

/// The instance that serves a call, and the guest that it is of. Dropped before it is
/// [given back](Self::give_back), it drops the instance, wherever that belongs.
pub(super) enum Held<'h, W: World> {
    Nothing,
    /// None, and why.
    Refused(Box<Unserved>),
    /// One for this call only.
    Fresh(Box<Instance>, Arc<Loaded<W>>),
    /// One that is kept, if all goes well.
    Kept(Kept<'h, Arc<Loaded<W>>, ByTask>),
    /// That of a session.
    Session(Turn<'h>, &'h Opened<W>),
}

impl<W: World> Held<'_, W> {
    /// The instance, what is known of it, and the guest's exports.
    #[inline(always)]
    pub(super) fn parts(&mut self) -> Option<(&mut Instance, Site<'_>, &W::Exports)> {
        let (instance, loaded, site) = match self {
            Self::Nothing | Self::Refused(_) => return None,
            Self::Fresh(instance, loaded) => (&mut **instance, &**loaded, loaded.plan.site(None)),
            Self::Kept(kept) => {
                let (instance, loaded) = kept.parts()?;
                (instance, &**loaded, loaded.plan.site(None))
            }
            Self::Session(turn, opened) => {
                let loaded = &*opened.loaded;
                (turn.instance()?, loaded, opened.slot.site(&loaded.plan))
            }
        };
        Some((instance, site, &loaded.exports))
    }

    /// Why there is no instance, for the first who asks.
    #[cold]
    pub(super) fn refusal(&mut self) -> Outcome {
        match mem::replace(self, Self::Nothing) {
            Self::Refused(unserved) => Err(unserved),
            other => {
                *self = other;
                Ok(())
            }
        }
    }

    /// The call is over, and its instance can be used again.
    #[inline(always)]
    pub(super) fn give_back(&mut self) {
        match self {
            Self::Kept(kept) => kept.keep(),
            Self::Session(turn, _) => turn.keep(),
            Self::Nothing | Self::Refused(_) | Self::Fresh(..) => *self = Self::Nothing,
        }
    }
}
