//! A web server that keeps notes, whose answers come from a WebAssembly guest over a database.
//!
//! The way of a request: `example-service` takes its connection, numbers and counts it →
//! `gate` lets it through → `routes` finds who answers → `tenants` has the notebook →
//! `notebook` calls the guest → `app` asks the `store` when the guest does → what goes wrong
//! is a `failure`.
//!
//! A library with a thin program on top. It is linked on Unix only, for its signals.

mod app;
mod config;
mod failure;
mod gate;
mod metrics;
mod native;
mod notebook;
mod options;
mod page;
mod routes;
mod state;
mod store;
mod tenants;

use std::io::{self, Write as _};
use std::sync::Arc;

use anyhow::{Context, Result};
use example_service::{Bounds, LevelFilter, Signals, room, serve, show_log};
use tokio::net::TcpListener;

pub use config::{Config, Incoming, Tenant};
pub use options::{Command, Options};

use crate::config::ms;
use crate::metrics::Metrics;
use crate::state::State;
use crate::store::Store;

/// Serves, until it is told to end. The address is the first line on standard output.
///
/// # Errors
///
/// It cannot begin: the configuration, the database, the guest or the address is wrong.
pub fn run(options: &Options) -> Result<()> {
    let level = match options.verbose {
        true => LevelFilter::DEBUG,
        false => LevelFilter::INFO,
    };
    show_log(options.json, level);
    let config = Config::new(options)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("cannot start threads")?;
    runtime.block_on(serve_all(config))
}

async fn serve_all(config: Config) -> Result<()> {
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
        room: room(config.incoming.requests),
        incoming: config.incoming.clone(),
        metrics,
        leak: config.leak,
    });
    // Whoever started this may not read it.
    let _ = writeln!(io::stdout(), "listening on http://{address}");
    tracing::info!("listening on http://{address}");
    let bounds = Bounds {
        connections: config.incoming.connections,
        head: ms(config.incoming.head_ms),
        patience: ms(config.incoming.shutdown_ms),
    };
    serve(listener, routes::routes(state), bounds, signals.stop()).await;
    tracing::info!("ended");
    Ok(())
}
