//! What a service is written with: handlers by topic, method and binding, and state as values of
//! serde.
//!
//! It knows no host. What has no help here is called as it is: `abide_dapr::guest::pubsub::publish`
//! and its neighbours.

mod routes;
mod state;
mod values;

pub use crate::app::{Event, Verdict};
pub use crate::invocation::{Request, Response, Verb};
pub use crate::types::Error;

pub use self::routes::{Routes, Topic};
pub use self::state::{Store, Stored, Transaction};
pub use self::values::publish_json;

/// Names with values.
pub type Metadata = Vec<(String, String)>;
