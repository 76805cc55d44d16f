//! The tests. Each has a backend of its own, but not a server of its own: names are made up.

pub mod configuration;
pub mod guests;
pub mod invocation;
pub mod lock;
pub mod pubsub;
pub mod state;
pub mod transactions;
