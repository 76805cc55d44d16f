//! What a guest is granted of the system it runs on: what can be chosen, an instance's share of it,
//! and the interfaces by which guests get at it.
//!
//! Of an instance's store it needs only that it [has a share](granted::Grants). What is not granted
//! here, a guest does not have.

mod address;
pub(crate) mod blocking;
mod files;
mod folder;
mod granted;
mod grants;
#[cfg(feature = "http")]
mod http;
mod in_place;
mod inherited;
mod interfaces;
mod lines;
mod listing;
mod names;
mod network;
#[cfg(feature = "async")]
mod on_fibres;
#[cfg(feature = "http")]
mod peer;
#[cfg(feature = "wasip1")]
pub(crate) mod preview1;
mod resolve;
mod sockets;
mod stdio;
mod variables;
mod waiting;
mod withheld;
mod written;

pub(crate) use granted::{Granted, Grants};
pub use grants::Wasi;
#[cfg(feature = "http")]
pub use http::Http;
pub use interfaces::PACKAGES;
#[cfg(feature = "async")]
pub(crate) use interfaces::link_async;
pub(crate) use interfaces::{advice, link, offers};
pub use network::Network;
