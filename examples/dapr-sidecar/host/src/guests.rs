//! Guests: loaded, and called for what they say.

use std::path::Path;

use abide::{Engine, Limits};
use abide_dapr::host_async;
use abide_dapr_host::{Dapr, Service};
use anyhow::{Context as _, Result};

use crate::options::Options;

/// Loads all of them, and has them be called.
///
/// # Errors
///
/// One cannot be loaded, or wants what is not there.
pub(crate) async fn run(options: &Options, dapr: &Dapr) -> Result<Vec<Service>> {
    let engine = Engine::builder().build()?;
    let mut services = Vec::new();
    for (id, file) in &options.guests {
        let service = one(options, dapr, &engine, id, file).await;
        services.push(service.with_context(|| format!("the guest `{id}`"))?);
    }
    Ok(services)
}

async fn one(
    options: &Options,
    dapr: &Dapr,
    engine: &Engine,
    id: &str,
    file: &Path,
) -> Result<Service> {
    let guest = host_async::Service::builder(dapr.host(id))
        .engine(engine)
        .name(id)
        .limits(Limits::new().deadline(options.deadline))
        .load_async(file)
        .await?;
    Ok(dapr.run(id, std::sync::Arc::new(guest)).await?)
}
