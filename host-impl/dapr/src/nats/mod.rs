//! NATS: state and locks in buckets of JetStream, events in its streams, and calls by request and
//! reply.
//!
//! It knows the traits of [`blocks`](crate::blocks), and no guest. It needs nats-server 2.9 or
//! later with JetStream; locks need 2.11.

mod broker;
mod bucket;
mod client;
mod error;
mod invocation;
mod locks;
mod names;
mod options;
mod state;

use std::sync::Arc;

pub use broker::NatsBroker;
pub use invocation::NatsInvoker;
pub use locks::NatsLocks;
pub use options::NatsOptions;
pub use state::NatsState;

use bucket::Bucket;
use client::Connection;

/// A server of NATS. Clones share its connection, which is made when it is needed, and again when
/// it is lost.
#[derive(Debug, Clone)]
pub struct Nats(Arc<Connection>);

impl Nats {
    /// A server. Nothing is asked of it yet.
    pub fn new(options: NatsOptions) -> Self {
        Self(Arc::new(Connection::new(options)))
    }

    /// State in a bucket, which is made if there is none: `state.jetstream`.
    pub fn state(&self, bucket: &str) -> NatsState {
        NatsState::new(Bucket::new(Arc::clone(&self.0), bucket))
    }

    /// A broker on streams: `pubsub.jetstream`.
    pub fn broker(&self) -> NatsBroker {
        NatsBroker::new(Arc::clone(&self.0))
    }

    /// Locks in a bucket of their own, which is made if there is none: `lock.jetstream`.
    pub fn locks(&self, bucket: &str) -> NatsLocks {
        NatsLocks::new(Bucket::new(Arc::clone(&self.0), bucket))
    }

    /// Calls between the applications of all hosts that use the server.
    pub fn invoker(&self) -> NatsInvoker {
        NatsInvoker::new(Arc::clone(&self.0))
    }
}
