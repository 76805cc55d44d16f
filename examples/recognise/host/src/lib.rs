//! Image recognition by three services on Dapr, whose logic is WebAssembly: one has a page and asks
//! the others, one says what is on a picture, one makes it grey.
//!
//! The way of a picture: `example-service` takes its connection → `routes` and `gate` let it
//! through → the web service's guest is called (`service` watches each) → it calls the others
//! through Dapr, which are in this process or elsewhere (`backends`; `calls` is how they are called
//! over HTTP) → their guests use what `guests` gave them → the web guest keeps what they said →
//! what goes wrong outside of guests is a `failure`.
//!
//! A library with a thin program on top. It is linked on Unix only, for its signals.

mod backends;
mod calls;
mod config;
mod failure;
mod gate;
mod guests;
mod models;
mod options;
mod page;
mod routes;
mod service;
mod state;
mod trace;

use std::io::{self, Write as _};
use std::sync::Arc;

use abide_dapr_host::App;
use anyhow::{Context as _, Result};
use example_service::{Bounds, LevelFilter, Recorder, Signals, room, serve, show_log};
use futures_util::future::join_all;
use metrics::{describe_counter, describe_gauge, describe_histogram};
use tokio::net::TcpListener;

pub use config::{Config, Guest, Incoming, Over, Pictures, Role};
pub use options::Options;
pub use service::Figures;

use crate::config::ms;
use crate::guests::Loader;
use crate::state::State;

/// Serves, until it is told to end. The address is the first line on standard output.
///
/// # Errors
///
/// It cannot begin: the configuration, a guest, the model, a server or the address is wrong.
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
    let recorder = Recorder::start(&[])?;
    describe();
    let dapr = backends::connect(&config)?;
    let loader = Loader::new(&config, &dapr)?;
    let (mut services, mut running) = (Vec::new(), Vec::new());
    for role in &config.services {
        let service = loader.load(*role).await?;
        let app: Arc<dyn App> = Arc::clone(&service) as _;
        let started = dapr.run(role.name(), app).await;
        let started = started.map_err(|error| anyhow::anyhow!("{error}"));
        running.push(started.with_context(|| format!("the service `{}`", role.name()))?);
        services.push(service);
    }
    let listener = TcpListener::bind(config.listen)
        .await
        .with_context(|| format!("cannot listen on {}", config.listen))?;
    let address = listener.local_addr()?;
    let incoming = &config.incoming;
    let bounds = Bounds {
        connections: incoming.connections,
        head: ms(incoming.head_ms),
        patience: ms(incoming.shutdown_ms),
    };
    let state = Arc::new(State {
        dapr,
        services,
        room: room(incoming.requests),
        incoming: incoming.clone(),
        recorder,
    });
    // Whoever started this may not read it.
    let _ = writeln!(io::stdout(), "listening on http://{address}");
    tracing::info!("listening on http://{address}");
    let routes = routes::routes(state, &config.over);
    serve(listener, routes, bounds, signals.stop()).await;
    // What others called for is finished, too.
    let stopped = running
        .into_iter()
        .map(|service| service.stop(bounds.patience));
    join_all(stopped).await;
    tracing::info!("ended");
    Ok(())
}

fn describe() {
    describe_counter!(
        "recognise_calls_total",
        "Calls of services, by their status; 499 where the caller went"
    );
    describe_histogram!(
        "recognise_call_duration_seconds",
        "Time of calls of services"
    );
    describe_gauge!("recognise_calls_in_flight", "Calls that are worked on");
    describe_gauge!("recognise_guest_instances", "Instances that are there now");
    describe_gauge!(
        "recognise_guest_memory_bytes",
        "The most memory that an instance had after a call"
    );
    describe_counter!("abide_calls_total", "Calls of guests, by how they ended");
    describe_histogram!("abide_call_duration_seconds", "Time of calls of guests");
}
