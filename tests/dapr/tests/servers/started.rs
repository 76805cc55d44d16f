//! Servers with the backends on them.

use std::io::Write as _;
use std::sync::Arc;
use std::time::Duration;

use abide_dapr_host::blocks::{PubSub, StateStore};
use abide_dapr_host::nats::{Nats, NatsOptions};
use abide_dapr_host::redis::{Redis, RedisOptions};
use abide_test_servers::{Nats as Version, Server, nats, redis};

/// How long a call of these backends may take.
pub(crate) const DEADLINE: Duration = Duration::from_secs(1);

/// A server with a store and a broker on it.
pub(crate) struct Started {
    pub(crate) server: Server,
    pub(crate) state: Arc<dyn StateStore>,
    pub(crate) broker: Arc<dyn PubSub>,
}

pub(crate) fn on_redis() -> Option<Started> {
    let server = redis().or_else(|| lacking("Redis"))?;
    let redis = redis_at(&server);
    let broker = redis.broker().patience(DEADLINE);
    let broker = broker.redelivery(Duration::from_millis(100));
    Some(Started {
        state: Arc::new(redis.state()),
        broker: Arc::new(broker),
        server,
    })
}

pub(crate) fn on_old_nats() -> Option<Started> {
    on_nats(nats(Version::Debian), "Debian's NATS")
}

pub(crate) fn on_current_nats() -> Option<Started> {
    on_nats(nats(Version::Current), "a current NATS")
}

fn on_nats(server: Option<Server>, name: &str) -> Option<Started> {
    let server = server.or_else(|| lacking(name))?;
    let nats = nats_at(&server);
    Some(Started {
        state: Arc::new(nats.state("state")),
        broker: Arc::new(nats.broker().patience(DEADLINE)),
        server,
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
fn lacking<T>(name: &str) -> Option<T> {
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
