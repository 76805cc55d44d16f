//! Values on their way between a host and a guest: their types, and their forms in memory.
//!
//! It knows the canonical ABI, and nothing of what a store carries or of who calls whom.

pub(crate) mod chain;
pub(crate) mod flags;
pub(crate) mod flat;
pub(crate) mod floats;
pub(crate) mod integers;
pub(crate) mod mirrored;
pub(crate) mod signature;
pub(crate) mod versions;
pub(crate) mod wire;
