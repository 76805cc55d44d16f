//! A web server that keeps notes, whose answers come from a WebAssembly guest over a database.
//!
//! The way of a request: `serve` takes its connection → `watched` numbers and counts it →
//! `gate` lets it through → `routes` finds who answers → `tenants` has the notebook →
//! `notebook` calls the guest → `app` asks the `store` when the guest does → what goes wrong
//! is a `failure`.
//!
//! A library with a thin program on top. It is linked on Unix only, for its signals.

mod answer;
mod app;
mod config;
mod failure;
mod gate;
mod log;
mod metrics;
mod native;
mod notebook;
mod options;
mod page;
mod routes;
mod serve;
mod shutdown;
mod state;
mod store;
mod tenants;
mod watched;

use std::io::{self, Write as _};
use std::sync::Arc;

use anyhow::{Context, Result};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

pub use config::{Config, Incoming, Tenant};
pub use options::{Command, Options};

use crate::metrics::Metrics;
use crate::shutdown::Signals;
use crate::state::State;
use crate::store::Store;

/// Serves, until it is told to end. The address is the first line on standard output.
///
/// # Errors
///
/// It cannot begin: the configuration, the database, the guest or the address is wrong.
pub fn run(options: &Options) -> Result<()> {
    log::show(options.json, options.verbose);
    let config = Config::new(options)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("cannot start threads")?;
    runtime.block_on(serve(config))
}

async fn serve(config: Config) -> Result<()> {
    let signals = Signals::listen().context("cannot listen for signals")?;
    let metrics = Metrics::start()?;
    let store = Store::open(&config.database, config.cache_mib << 20)?;
    let tenants = tenants::load(&config, &store).await?;
    let listener = TcpListener::bind(config.listen)
        .await
        .with_context(|| format!("cannot listen on {}", config.listen))?;
    let address = listener.local_addr()?;
    let state = Arc::new(State {
        tenants,
        store,
        room: Semaphore::new(config.incoming.requests.min(Semaphore::MAX_PERMITS)),
        incoming: config.incoming.clone(),
        metrics,
        leak: config.leak,
    });
    // Whoever started this may not read it.
    let _ = writeln!(io::stdout(), "listening on http://{address}");
    tracing::info!("listening on http://{address}");
    serve::serve(
        listener,
        routes::routes(state),
        &config.incoming,
        signals.stop(),
    )
    .await;
    tracing::info!("ended");
    Ok(())
}
