//! The building blocks, as what stands behind them implements them: one trait for each. All are
//! object safe, and all of their functions are called with a deadline around them: dropping a
//! future has to leave nothing half done.
//!
//! Names of components, prefixes of keys and limits are not known here.

mod bindings;
mod configuration;
mod invocation;
mod lock;
mod pubsub;
mod secrets;
mod state;

pub use bindings::{Binding, Listener};
pub use configuration::{ConfigurationStore, Follower};
pub use invocation::{Invoked, Invoker};
pub use lock::LockStore;
pub use pubsub::{Delivery, Payload, PubSub, Publication, Receiver, Subscribe};
pub use secrets::{Secret, SecretStore};
pub use state::{Condition, Delete, Found, Read, Set, StateStore, Step};

/// Names with values.
pub type Metadata = Vec<(String, String)>;
