//! The engine that guests run on, and what all guests on it share.
//!
//! Worlds, hosts and calls are above it.

mod config;
mod dropper;
mod engine;
pub(crate) mod permits;
pub(crate) mod reaper;

pub(crate) use self::engine::EngineKind;
pub use self::engine::{Engine, EngineBuilder};
