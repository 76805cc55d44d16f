//! What is between the services and keeps the history, as the configuration names it.

use std::sync::Arc;
use std::time::Duration;

use abide_dapr_host::embedded::{File, Memory};
use abide_dapr_host::nats::{Nats, NatsOptions};
use abide_dapr_host::redis::{Redis, RedisOptions};
use abide_dapr_host::sidecar::Sidecar;
use abide_dapr_host::{BlockKind, Component, Dapr, KeyPrefix, Limits, Peers};
use anyhow::{Context as _, Result};

use crate::config::{Config, Over, ms};

/// The store of the history, by the name that the guest has for it.
const STORE: &str = "statestore";

/// The bucket of it on NATS.
const BUCKET: &str = "recognise";

/// How long a server may take for one thing, so that a store that is away costs no picture.
const PATIENCE: Duration = Duration::from_secs(2);

/// Connects the services of this process with one another and with others.
///
/// # Errors
///
/// A file or an address is none.
pub(crate) fn connect(config: &Config) -> Result<Dapr> {
    let limits = Limits::new()
        .deadline(ms(config.guest.call_ms))
        // What is sent on is the picture as it came.
        .value(config.incoming.body_bytes.max(1 << 20));
    let mut builder = Dapr::builder().limits(limits);
    if !config.peers.is_empty() {
        let peers = config.peers.iter();
        let peers = peers.fold(Peers::new(), |peers, (id, address)| peers.app(id, address));
        builder = builder.invoker(Arc::new(peers));
    }
    let builder = match &config.over {
        Over::Memory => {
            let store = Component::state(STORE, Memory::new());
            builder.component(store.of_type("state.in-memory", "v1"))
        }
        Over::File(path) => {
            let file = File::open(path)
                .with_context(|| format!("cannot open the history `{}`", path.display()))?;
            builder.component(Component::state(STORE, file).of_type("state.redb", "v1"))
        }
        Over::Redis(address) => {
            let redis = Redis::new(
                RedisOptions::new(address)
                    .deadline(PATIENCE)
                    .connecting(PATIENCE),
            );
            builder.component(Component::state(STORE, redis.state()).of_type("state.redis", "v1"))
        }
        Over::Nats(address) => {
            let nats = Nats::new(
                NatsOptions::new(address)
                    .deadline(PATIENCE)
                    .connecting(PATIENCE),
            );
            let store = Component::state(STORE, nats.state(BUCKET));
            builder
                .component(store.of_type("state.jetstream", "v1"))
                .invoker(Arc::new(nats.invoker()))
        }
        Over::Sidecar(address) => {
            let sidecar = Sidecar::builder(address)
                .deadline(ms(config.guest.call_ms))
                .build()
                .with_context(|| format!("cannot use the sidecar at `{address}`"))?;
            let store = sidecar.component(BlockKind::State, STORE);
            builder
                .component(store.key_prefix(KeyPrefix::None))
                .invoker(Arc::new(sidecar))
        }
    };
    Ok(builder.build()?)
}
