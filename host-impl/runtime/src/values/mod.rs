//! Values on their way between a host and a guest: their types, and their forms in memory.
//!
//! The canonical ABI is known here. What a store carries and who calls whom is not.

pub(crate) mod chain;
pub(crate) mod erased;
pub(crate) mod flags;
pub(crate) mod flat;
pub(crate) mod floats;
pub(crate) mod integers;
pub(crate) mod mirrored;
mod named;
pub(crate) mod signature;
pub(crate) mod versions;
pub(crate) mod wire;
