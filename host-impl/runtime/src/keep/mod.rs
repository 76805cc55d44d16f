//! Instances that are kept for more than one call, and who has one when.
//!
//! It knows nothing of worlds, nor of what is called.

pub(crate) mod exclusive;
pub(crate) mod held;
pub(crate) mod isolation;
pub(crate) mod pool;
pub(crate) mod slot;
