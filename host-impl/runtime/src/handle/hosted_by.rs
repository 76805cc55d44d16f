//! What ties a world to the hosts that have all its guests may import.

use super::builder::Builder;
use crate::load::world::World;

/// A world whose guests `H` can be the host of: it implements what they import, and is `Clone`,
/// `Send`, `Sync` and `'static`, since every instance has a clone, on whichever thread it is called.
///
/// `abide::abi!` implements it for the handle of a world, once, for all hosts that are enough. A
/// function that takes any host of a world asks for it:
///
/// ```
/// use std::time::Duration;
/// use abide_host::{Builder, HostedBy, Limits};
///
/// /// How this program loads guests of whichever world.
/// fn quick<W: HostedBy<H>, H>(host: H) -> Builder<W> {
///     let limits = Limits::default().deadline(Duration::from_millis(50));
///     W::with_host(host).limits(limits)
/// }
/// ```
pub trait HostedBy<H>: World + Sized {
    /// Makes the builder, as the world's own function `builder` does.
    fn with_host(host: H) -> Builder<Self>;
}
