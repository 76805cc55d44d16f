//! Runs services on [Dapr](https://dapr.io): guests over the WIT of [`abide_dapr`], with state,
//! events, calls, secrets, bindings, locks and configuration, in one process or on what there is.
//!
//! ```no_run
//! use std::sync::Arc;
//! use std::time::Duration;
//!
//! use abide_dapr::host_async::Service;
//! use abide_dapr_host::{Dapr, files};
//!
//! # async fn serve() -> Result<(), Box<dyn std::error::Error>> {
//! let dapr = Dapr::builder().components(files::read("components").await?).build()?;
//! let guest = Service::builder(dapr.host("shop")).load_async("shop.wasm").await?;
//! let shop = dapr.run("shop", Arc::new(guest)).await?;
//! // Events come and calls are answered until:
//! shop.stop(Duration::from_secs(10)).await;
//! # Ok(())
//! # }
//! ```
//!
//! - [`Dapr`] is what all applications of a process share: components by their names, limits, and
//!   the applications themselves.
//! - [`Host`] is what one application uses: the host of its guests, with the traits of
//!   [`abide_dapr::host_async`]. Everything that is the same for all backends happens there.
//! - [`App`] is what is called: a guest's handle, or whatever else has an application's id.
//!   [`Dapr::run`] has it be called, until the [`Service`] is stopped.
//! - [`blocks`] are the traits that backends implement, one for each building block; [`embedded`]
//!   has backends that need nothing but this process, `redis` and `nats` those on servers, with
//!   the features of these names; [`files`] reads component files.
//!
//! All of it needs a tokio runtime with timers and, for the network, input and output.
//!
//! What each backend can do, and what is the same for all, is in
//! [`docs/dapr.md`](https://github.com/abide-rs/abide/blob/main/docs/dapr.md).

mod app;
#[cfg(any(feature = "nats", feature = "redis"))]
mod backoff;
pub mod blocks;
mod builder;
mod cloud_event;
mod components;
mod dapr;
mod delivery;
pub mod embedded;
mod failure;
pub mod files;
mod host;
mod limits;
mod metadata;
#[cfg(feature = "nats")]
pub mod nats;
#[cfg(feature = "http")]
mod peers;
#[cfg(feature = "redis")]
pub mod redis;
mod retries;
mod running;
mod service;
#[cfg(feature = "sidecar")]
pub mod sidecar;
#[cfg(feature = "tls")]
mod tls;
mod trace;

pub use app::App;
pub use builder::{BuildError, Builder};
pub use components::{Block, BlockKind, Component, KeyPrefix, Provider};
pub use dapr::Dapr;
pub use failure::{Error, Failure, Result, failed, of_guest, unsupported};
pub use host::Host;
pub use limits::Limits;
#[cfg(feature = "http")]
pub use peers::Peers;
pub use retries::Retries;
pub use running::{Running, Stopping};
pub use service::Service;
#[cfg(feature = "tls")]
pub use tls::{Identity, Tls, TlsError};
pub use trace::Trace;

#[doc(hidden)]
pub use app::private as __private;
