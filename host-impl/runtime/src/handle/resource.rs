//! A handle on a resource that a guest exports: owned by the host, released when it is dropped.
//!
//! It knows the instance that the resource is of through the session's slot, and nothing of the
//! methods that generated code adds.

use std::fmt;

use wasmtime::component::ResourceAny;

use super::handle::Handle;
use crate::call::dropped::Dropped;
use crate::call::passing::Owned;
use crate::error::fault::Step;
use crate::keep::slot::Slot;
use crate::load::world::World;

/// A resource of a guest of world `W`.
///
/// Dropping it runs the resource's destructor in the guest: at once, or, where the instance is at
/// work for somebody else, as soon as it no longer is. If the instance is gone, there is nothing
/// left to do. Of a guest of `host_async`, whose destructors have to be awaited, they run at the
/// next call of the session.
///
/// All destructors that run between two calls of a session have the time and the fuel of one call
/// together. They are cancelled with the handle that the resource came from, or with that of the
/// call after which they run. Like a call that fails so, this ends the session. Of a handle that
/// was cancelled before, the destructors are left to the next use of the session.
pub struct GuestResource<W: World> {
    /// The handle of the session that the resource came from.
    handle: Handle<W>,
    resource: Option<ResourceAny>,
}

impl<W: World> GuestResource<W> {
    /// Takes over what an export returned.
    ///
    /// # Errors
    /// None: it is a step of a conversion whose other steps can fail.
    pub fn returned(handle: &Handle<W>, resource: ResourceAny) -> Step<Self> {
        Ok(Self {
            handle: handle.clone(),
            resource: Some(resource),
        })
    }

    /// The handle to call the resource's methods with.
    pub fn handle(&self) -> &Handle<W> {
        &self.handle
    }
}

impl<W: World> Owned for GuestResource<W> {
    fn dropped(&self) -> Option<&Dropped> {
        self.handle.slot().map(Slot::dropped)
    }

    fn engine_handle(&self) -> Option<ResourceAny> {
        self.resource
    }

    fn released(mut self) {
        self.resource = None;
    }
}

impl<W: World> Drop for GuestResource<W> {
    fn drop(&mut self) {
        if let (Some(resource), Some(slot)) = (self.resource.take(), self.handle.slot()) {
            slot.release(resource, self.handle.cancel());
        }
    }
}

impl<W: World> fmt::Debug for GuestResource<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GuestResource")
            .field("world", &W::DESCRIPTION.name)
            .finish_non_exhaustive()
    }
}
