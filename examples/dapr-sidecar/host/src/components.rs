//! What is behind the host: components of files, or a set of them in memory; and sidecars with
//! others' applications.

use std::sync::Arc;

use abide_dapr_host::embedded::{Broker, Environment, Locks, Memory, Settings};
use abide_dapr_host::{Block, Component, Dapr, Limits, Peers, files};
use anyhow::Result;

use crate::options::Options;

/// Builds the host.
///
/// # Errors
///
/// A component is not known, or makes no sense.
pub(crate) async fn build(options: &Options) -> Result<Dapr> {
    let mut components = match options.resources.is_empty() {
        true => in_memory(),
        false => Vec::new(),
    };
    for path in &options.resources {
        components.extend(files::read(path).await?);
    }
    let settings = match &options.settings {
        Some(file) => Settings::of_file(file)?,
        None => Settings::new(),
    };
    let type_ = "configuration.in-memory";
    components.push(Component::configuration("configstore", settings).of_type(type_, "v1"));
    let peers = options.peers.iter();
    let peers = peers.fold(Peers::new(), |peers, (id, address)| peers.app(id, address));
    let dapr = Dapr::builder()
        .components(components)
        .invoker(Arc::new(peers))
        .limits(Limits::new().value(options.max_body))
        .build()?;
    Ok(dapr)
}

/// What there is where nobody says: one of each kind that needs nothing.
fn in_memory() -> Vec<Component> {
    vec![
        Component::state("statestore", Memory::new()).of_type("state.in-memory", "v1"),
        Component::pubsub("pubsub", Broker::new()).of_type("pubsub.in-memory", "v1"),
        Component::lock("lockstore", Locks::new()).of_type("lock.in-memory", "v1"),
        Component::secrets("secretstore", Environment::with_prefix(""))
            .of_type("secretstores.local.env", "v1"),
    ]
}

/// What a component can do, in Dapr's words.
pub(crate) fn capabilities(component: &Component) -> &'static [&'static str] {
    match component.block() {
        Block::State(store) => store.features(),
        Block::PubSub(broker) => broker.features(),
        _ => &[],
    }
}
