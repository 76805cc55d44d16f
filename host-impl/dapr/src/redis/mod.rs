//! Redis, in Dapr's own layout: a sidecar of Dapr and a host see one another's state, events, locks
//! and configuration.
//!
//! It knows the traits of [`blocks`](crate::blocks), and no guest. It needs Redis 6.2 or later, or
//! what speaks like it.

mod broker;
mod configuration;
mod error;
mod link;
mod locks;
mod options;
mod state;

use std::sync::Arc;

pub use broker::RedisBroker;
pub use configuration::RedisSettings;
pub use locks::RedisLocks;
pub use options::RedisOptions;
pub use state::RedisState;

use link::Link;

/// A server of Redis. Clones share its connections, which are made when they are needed, and again
/// when they are lost.
#[derive(Debug, Clone)]
pub struct Redis {
    link: Arc<Link>,
    /// Waiting for replicas holds up all that is sent through the same connection.
    waiting: Arc<Link>,
}

impl Redis {
    /// A server. Nothing is asked of it yet.
    pub fn new(options: RedisOptions) -> Self {
        let options = Arc::new(options);
        Self {
            link: Arc::new(Link::new(Arc::clone(&options))),
            waiting: Arc::new(Link::new(options)),
        }
    }

    /// Its state: `state.redis`.
    pub fn state(&self) -> RedisState {
        RedisState::new(self.clone())
    }

    /// Its streams as a broker: `pubsub.redis`.
    pub fn broker(&self) -> RedisBroker {
        RedisBroker::new(Arc::clone(&self.link))
    }

    /// Its locks: `lock.redis`.
    pub fn locks(&self) -> RedisLocks {
        RedisLocks::new(Arc::clone(&self.link))
    }

    /// Its values as configuration: `configuration.redis`.
    pub fn settings(&self) -> RedisSettings {
        RedisSettings::new(Arc::clone(&self.link))
    }
}
