//! A guest as it was loaded, and an instance of it that is somebody's own.
//!
//! It knows what belongs together, and not how any of it is used.

use std::sync::Arc;

use crate::call::instance::Plan;
use crate::keep::slot::Slot;
use crate::load::world::World;

/// A guest as it was loaded.
pub(crate) struct Loaded<W: World> {
    pub(crate) plan: Plan,
    pub(crate) exports: W::Exports,
    pub(crate) generation: u64,
}

impl<W: World> Loaded<W> {
    /// The name of the guest in errors and logs.
    pub(crate) fn guest(&self) -> &Arc<str> {
        &self.plan.charter.guest
    }
}

/// An instance of a session, and the guest that it is of, which may have been replaced since.
pub(crate) struct Opened<W: World> {
    pub(crate) loaded: Arc<Loaded<W>>,
    pub(crate) slot: Slot,
}
