//! A proxy for HTTP whose filters are WebAssembly: components over `abide:proxy`, and unmodified
//! modules of proxy-wasm and of http-wasm.
//!
//! The way of a request: `connection` takes it on one of the `worker`s → `stream` passes it on,
//! through the filters of its `generation` → every call of one goes through its `filter` → `app`
//! is what it is offered, and `exchange` what it sees of the stream (`middleware` has the same for
//! modules of http-wasm) → `upstream` answers → the response passes the filters backwards.
//!
//! A filter is called and returns; nothing waits meanwhile, and nothing calls it from inside of a
//! call. What it asks for is noted, in the `exchange` or in the `notes`, and done when it has
//! returned.
//!
//! A library with a thin program on top. It is linked on Unix only, for its signals.

mod admin;
mod answer;
mod app;
mod callout;
mod config;
mod connection;
mod control;
mod echo;
mod exchange;
mod fields;
mod files;
mod filter;
mod generation;
mod grpc;
mod kind;
mod lingering;
mod listen;
mod load;
mod local;
mod log;
mod middleware;
mod notes;
mod options;
mod recorded;
mod refusal;
mod shared;
mod shutdown;
mod stream;
mod tls;
mod trace;
mod upstream;
mod worker;

use anyhow::{Context, Result};
use tokio::task::LocalSet;

pub use config::{Config, Filter, Kind, Limits, OnFailure, Route, Tls, Upstream};
pub use options::{Command, Options};

/// Passes on requests, until it is told to end. Its addresses are the first lines on standard
/// output.
///
/// # Errors
///
/// It cannot begin: the configuration, a filter, a certificate or an address is wrong.
pub fn run(options: &Options) -> Result<()> {
    log::show(options.json, options.verbose);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("cannot start")?;
    LocalSet::new().block_on(&runtime, control::run(options))
}
