//! Handles whose guests run on fibres: loading, calling and opening, as futures.
//!
//! Each file is the counterpart of the one of its name a folder up. What can be shared is there: the
//! handle, its builder, its sessions and resources are the same types.

mod calls;
mod held;
mod inside;
mod lease;
mod loading;
mod opening;
mod release;

pub use self::release::{GuestHandle, release};
