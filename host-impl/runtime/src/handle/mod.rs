//! What a host holds: a loaded guest, what was chosen for it, its sessions and resources.
//!
//! It decides which instance serves a call, and knows nothing of how one is made or called.

mod admission;
mod builder;
mod calls;
mod handle;
mod hosted_by;
mod lease;
mod loaded;
#[cfg(feature = "async")]
mod on_fibres;
mod opening;
mod refusals;
mod resource;
mod session;
mod visit;
#[cfg(feature = "watch")]
mod watch;
mod world_handle;

pub use self::builder::Builder;
pub use self::handle::Handle;
pub use self::hosted_by::HostedBy;
#[cfg(feature = "async")]
pub use self::on_fibres::{GuestHandle, release};
pub use self::resource::GuestResource;
pub use self::session::Session;
pub use self::visit::{exports, visit};
#[cfg(feature = "watch")]
pub use self::watch::{Watch, watch};
pub use self::world_handle::WorldHandle;
