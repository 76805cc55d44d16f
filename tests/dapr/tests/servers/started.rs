//! Servers with the backends on them.

use std::io::Write as _;
use std::sync::Arc;
use std::time::Duration;

use abide_dapr_host::blocks::{PubSub, StateStore};
use abide_dapr_host::nats::{Nats, NatsOptions};
use abide_dapr_host::redis::{Redis, RedisOptions};
use abide_test_servers::{Namespace, Nats as Version, Server, nats, nats_in, redis, redis_in};

/// How long a call of these backends may take.
pub(crate) const DEADLINE: Duration = Duration::from_secs(1);

/// A server with a store and a broker on it.
pub(crate) struct Started {
    pub(crate) server: Server,
    /// The network that it is in, if that is not this machine's.
    pub(crate) network: Option<Namespace>,
    pub(crate) state: Arc<dyn StateStore>,
    pub(crate) broker: Arc<dyn PubSub>,
}

impl Started {
    /// Has the server say nothing any more: it stands still, or the line to it is cut.
    pub(crate) fn silence(&self) {
        match &self.network {
            Some(network) => network.cut(),
            None => self.server.pause(),
        }
    }

    /// Has it be heard again.
    pub(crate) fn speak(&self) {
        match &self.network {
            Some(network) => network.mend(),
            None => self.server.resume(),
        }
    }
}

pub(crate) fn on_redis() -> Option<Started> {
    on_redis_at(redis().or_else(|| lacking("Redis"))?, None)
}

/// In a network of its own.
pub(crate) fn on_far_redis() -> Option<Started> {
    let network = Namespace::new()?;
    let server = redis_in(&network).or_else(|| lacking("Redis"))?;
    on_redis_at(server, Some(network))
}

fn on_redis_at(server: Server, network: Option<Namespace>) -> Option<Started> {
    let redis = redis_at(&server);
    let broker = redis.broker().patience(DEADLINE);
    let broker = broker.redelivery(Duration::from_millis(100));
    Some(Started {
        state: Arc::new(redis.state()),
        broker: Arc::new(broker),
        server,
        network,
    })
}

pub(crate) fn on_old_nats() -> Option<Started> {
    let server = nats(Version::Debian).or_else(|| lacking("Debian's NATS"))?;
    on_nats(server, None)
}

pub(crate) fn on_current_nats() -> Option<Started> {
    let server = nats(Version::Current).or_else(|| lacking("a current NATS"))?;
    on_nats(server, None)
}

/// In a network of its own.
pub(crate) fn on_far_nats() -> Option<Started> {
    let network = Namespace::new()?;
    let server = nats_in(&network, Version::Current).or_else(|| lacking("a current NATS"))?;
    on_nats(server, Some(network))
}

fn on_nats(server: Server, network: Option<Namespace>) -> Option<Started> {
    let nats = nats_at(&server);
    Some(Started {
        state: Arc::new(nats.state("state")),
        broker: Arc::new(nats.broker().patience(DEADLINE)),
        server,
        network,
    })
}

pub(crate) fn redis_at(server: &Server) -> Redis {
    let options = RedisOptions::new(server.address());
    let options = options.deadline(DEADLINE).connecting(DEADLINE / 2);
    Redis::new(options)
}

pub(crate) fn nats_at(server: &Server) -> Nats {
    let options = NatsOptions::new(server.address());
    let options = options.deadline(DEADLINE).connecting(DEADLINE / 2);
    Nats::new(options)
}

/// Says, where nobody can miss it, what is not there.
pub(crate) fn lacking<T>(name: &str) -> Option<T> {
    let text = format!("\n!!! NOT TESTED: {name}, which cannot be had here\n");
    let _ = std::io::stderr().write_all(text.as_bytes());
    None
}

/// Runs something on a runtime of its own.
pub(crate) fn block_on<T>(what: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_time()
        .enable_io()
        .build();
    runtime.unwrap().block_on(what)
}
