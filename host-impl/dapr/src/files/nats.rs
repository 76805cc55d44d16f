//! Types of NATS: what their metadata says.

use std::sync::Arc;

use super::settings::Settings;
use crate::components::Block;
use crate::nats::{Nats, NatsOptions};

/// Makes a backend of a type. None is that something is wrong, which is told.
pub(super) fn make(type_: &str, settings: &mut Settings<'_>) -> Option<Block> {
    let nats = Nats::new(options(settings)?);
    Some(match type_ {
        "state.jetstream" => Block::State(Arc::new(nats.state(&settings.required("bucket")?))),
        "lock.jetstream" => Block::Lock(Arc::new(nats.locks(&settings.required("bucket")?))),
        _ => {
            let mut broker = nats.broker();
            if let Some(stream) = settings.text("streamName") {
                broker = broker.stream(stream);
            }
            if let Some(patience) = settings.time("ackWait").filter(|wait| !wait.is_zero()) {
                broker = broker.patience(patience);
            }
            Block::PubSub(Arc::new(broker))
        }
    })
}

fn options(settings: &mut Settings<'_>) -> Option<NatsOptions> {
    let mut options = NatsOptions::new(settings.required("natsURL")?);
    if let Some(name) = settings.text("name") {
        options = options.name(name);
    }
    if let Some(token) = settings.text("token").filter(|token| !token.is_empty()) {
        options = options.token(token);
    }
    let replicas = settings.number("replicas");
    if let Some(replicas) = replicas.and_then(|replicas| usize::try_from(replicas).ok()) {
        options = options.replicas(replicas);
    }
    Some(options)
}
