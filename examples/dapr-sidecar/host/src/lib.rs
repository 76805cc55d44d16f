//! A Dapr sidecar whose applications are WebAssembly guests: programs with an SDK of Dapr use it over
//! HTTP and gRPC, and call the guests by their ids.
//!
//! The way of a request: `serve` takes its connection → `http` or `grpc` finds who answers → that
//! asks the host that `api` has for the program beside the sidecar → what goes wrong is a `refusal`,
//! in Dapr's words. `components` has what is behind the host, `guests` loads the guests, and `beside`
//! is the program itself, where it wants to be called.
//!
//! A library with a thin program on top. It is linked on Unix only, for its signals.

mod api;
mod beside;
mod components;
mod grpc;
mod guests;
mod http;
mod log;
mod metrics;
mod options;
mod query;
mod refusal;
mod serve;
mod token;

use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;

use abide_dapr_host::Service;
use anyhow::{Context as _, Result};
use axum::Router;
use axum::routing::get;
use example_service::{Signals, show_log};
use futures_util::future::{join, join_all, select};
use tokio::net::TcpListener;
use tracing::{error, info};

pub use options::{Command, Options, Protocol};
pub use token::Token;

use crate::api::{Api, Beside, Listed};
use crate::http::items_as_json;
use crate::serve::Stop;

/// What the sidecar says that it is.
fn version() -> &'static str {
    concat!("abide-", env!("CARGO_PKG_VERSION"))
}

/// Serves, until it is told to end. The addresses are the first lines on standard output.
///
/// # Errors
///
/// It cannot begin: a component, a guest or an address is wrong.
pub fn run(options: &Options) -> Result<()> {
    show_log(options.log_json, log::level(&options.log_level)?);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("cannot start threads")?;
    runtime.block_on(serve_all(options))
}

async fn serve_all(options: &Options) -> Result<()> {
    let signals = Signals::listen().context("cannot listen for signals")?;
    let recorded = match options.metrics_port {
        Some(port) => Some((listen(options, port).await?, metrics::start()?)),
        None => None,
    };
    let dapr = components::build(options).await?;
    let services = guests::run(options, &dapr).await?;
    let (http, grpc) = (options.http_port, options.grpc_port);
    let (http, grpc) = (listen(options, http).await?, listen(options, grpc).await?);
    let addresses = [("http", http.local_addr()?), ("grpc", grpc.local_addr()?)];
    let (end, stop) = Stop::new();
    let beside = options.app_port.map(|port| Beside {
        port,
        protocol: match options.app_protocol {
            Protocol::Http => "http",
            Protocol::Grpc => "grpc",
        },
    });
    let api = Arc::new(Api::new(
        dapr,
        &options.app_id,
        beside,
        options.max_body,
        options.api_token.clone(),
        stop.clone(),
    ));
    api.extend("guests".to_owned(), guest_ids(options));
    if api.beside.is_none() {
        api.set_ready();
    }
    let patience = options.graceful;
    let routes = http::routes(Arc::clone(&api));
    let http = tokio::spawn(serve::http(http, routes, patience, stop.clone()));
    let grpc = tokio::spawn(serve::grpc(grpc, Arc::clone(&api), patience, stop.clone()));
    if let Some((listener, recorder)) = recorded {
        let routes = Router::new().route("/metrics", get(move || async move { recorder.text() }));
        tokio::spawn(serve::http(listener, routes, patience, stop.clone()));
    }
    tell(&addresses);
    let beside = tokio::spawn(run_beside(options.clone(), Arc::clone(&api)));
    select(pin!(signals.stop()), pin!(api.shutdown.notified())).await;
    let _ = end.send(true);
    let beside = stop_beside(beside, patience);
    let guests = services.into_iter().map(|service| service.stop(patience));
    let servers = join(http, grpc);
    let (_, (http, grpc)) = join(join(beside, join_all(guests)), servers).await;
    http.and(grpc).context("a server failed")?;
    info!("ended");
    Ok(())
}

async fn listen(options: &Options, port: u16) -> Result<TcpListener> {
    let address = SocketAddr::from((options.listen, port));
    let listener = TcpListener::bind(address).await;
    listener.with_context(|| format!("cannot listen on {address}"))
}

fn tell(addresses: &[(&str, SocketAddr)]) {
    for (what, address) in addresses {
        // Whoever started this may not read it.
        let _ = writeln!(io::stdout(), "{what} on {address}");
        info!("{what} on {address}");
    }
}

fn guest_ids(options: &Options) -> String {
    let ids = options.guests.iter().map(|(id, _)| id.as_str());
    ids.collect::<Vec<_>>().join(",")
}

/// The program beside the sidecar, as long as both are there.
type Besides = Option<(Service, Vec<Listed>)>;

/// Waits for the program beside this, and has it be called. The sidecar is ready then.
async fn run_beside(options: Options, api: Arc<Api>) -> Besides {
    let port = options.app_port?;
    let run = async {
        let app = beside::app(&options, port, &api).await?;
        let listed = beside::list(&api, &*app).await?;
        let service = api.dapr.run(api.id(), app).await?;
        anyhow::Ok((service, listed))
    };
    match run.await {
        Ok(service) => {
            api.set_ready();
            Some(service)
        }
        Err(error) => {
            error!("the application cannot be called: {error:#}");
            None
        }
    }
}

async fn stop_beside(beside: tokio::task::JoinHandle<Besides>, patience: std::time::Duration) {
    if !beside.is_finished() {
        // It never came.
        beside.abort();
        return;
    }
    if let Ok(Some((service, _listed))) = beside.await {
        service.stop(patience).await;
    }
}
