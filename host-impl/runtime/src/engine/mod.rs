//! The engine that guests run on, and what all guests on it share.
//!
//! It knows nothing of worlds, hosts or calls.

mod dropper;
mod engine;
pub(crate) mod permits;
pub(crate) mod reaper;

pub(crate) use self::engine::EngineKind;
pub use self::engine::{Engine, EngineBuilder};
