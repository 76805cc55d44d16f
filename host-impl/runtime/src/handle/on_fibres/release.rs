//! Resources of guests are released, and it is waited for.
//!
//! It knows the handles that generated code makes by their trait only.

use super::lease::Lease;
use crate::call::passing::Owned as _;
use crate::error::Result;
use crate::handle::lease::ServedBy;
use crate::handle::resource::GuestResource;
use crate::load::world::World;
use crate::values::signature::Function;

/// A handle of `host_async` on a resource that a guest exports, for [`release`].
pub trait GuestHandle {
    /// The world of the guest.
    #[doc(hidden)]
    type World: World;

    /// The runtime's handle.
    #[doc(hidden)]
    fn into_resource(self) -> GuestResource<Self::World>;
}

/// Releases a resource of a guest now, and waits until its destructor has run.
///
/// A handle on a resource that is dropped is released too, but at the next call of its session: a
/// destructor on a fibre has to be awaited, which a drop cannot do.
///
/// If the session is gone, so is the resource, and there is nothing to do.
///
/// # Errors
/// What can happen when an export is called, as the destructor is one of a kind. Like after any
/// other call that failed, the session is gone then. [`Busy`](crate::Error::Busy),
/// [`Cancelled`](crate::Error::Cancelled) or [`Reentrant`](crate::Error::Reentrant) if its turn did
/// not come: then the resource is released at the next call after all.
pub async fn release<R: GuestHandle>(resource: R) -> Result<()> {
    let resource = resource.into_resource();
    let handle = resource.handle();
    let Some(engines) = resource.engine_handle() else {
        return Ok(());
    };
    if handle.slot().is_none_or(|slot| !slot.is_alive()) {
        return Ok(());
    }
    let mut lease = Lease::begin(handle, Function::RELEASE);
    lease.take(ServedBy::Session).await;
    let outcome = lease.release(engines).await;
    let is_settled = lease.settle(outcome);
    // Dropping it would have it released once more, if it was.
    if is_settled.is_ok() {
        resource.released();
    }
    Ok(is_settled?)
}
