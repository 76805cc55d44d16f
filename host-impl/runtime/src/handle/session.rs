//! What a host holds of an instance of its own.
//!
//! It knows the handle that goes with it. Who may use the instance when is the slot's affair.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use super::loaded::Opened;
use crate::load::world::World;

/// An instance of one's own: what a guest keeps in its memory lasts from one call to the next.
///
/// It can be used like the handle it came from, also by several threads, of which one at a time is
/// served. After any error of a call but [`Reentrant`](crate::Error::Reentrant),
/// [`TooDeep`](crate::Error::TooDeep), [`SmallStack`](crate::Error::SmallStack) and
/// [`Busy`](crate::Error::Busy) the instance is gone, and its state with it: nobody knows what the
/// guest was in the middle of. Later calls then fail with [`Discarded`](crate::Error::Discarded).
/// The error that a guest returns in a WIT `result` is an answer like any other and ends nothing.
pub struct Session<W: World> {
    world: W,
    opened: Arc<Opened<W>>,
}

impl<W: World> Session<W> {
    pub(crate) fn new(world: W, opened: Arc<Opened<W>>) -> Self {
        Self { world, opened }
    }

    /// Whether the instance is still there to be called.
    pub fn is_alive(&self) -> bool {
        self.opened.slot.is_alive()
    }
}

impl<W: World> Deref for Session<W> {
    type Target = W;

    fn deref(&self) -> &W {
        &self.world
    }
}

impl<W: World> fmt::Debug for Session<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("world", &W::DESCRIPTION.name)
            .field("guest", self.opened.loaded.guest())
            .field("alive", &self.is_alive())
            .finish_non_exhaustive()
    }
}
