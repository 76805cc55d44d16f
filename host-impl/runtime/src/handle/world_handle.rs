//! What ties a world to the handle through which its guests are called.
//!
//! It knows that there are two, and of neither what it does.

use super::handle::Handle;
use crate::load::world::World;

/// The handle that `abide::abi!` generates for a world, which is the runtime's with names for what
/// can be called.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a handle on the guests of a world",
    note = "these are the types that `abide::abi!` generates in its module `host`"
)]
pub trait WorldHandle: World {
    /// Wraps the runtime's handle.
    fn from_handle(handle: Handle<Self>) -> Self;

    /// The runtime's handle.
    fn handle(&self) -> &Handle<Self>;
}
