//! Runs filters of proxies, of both kinds: unmodified modules of proxy-wasm, and components over the
//! WIT of [`abide_proxy`], on one host.
//!
//! A proxy implements the traits of [`abide_proxy::host`] for a type of its own. That is its
//! [`Host`]; what filters of either kind ask for comes to it.
//!
//! ```no_run
//! use abide_proxy::host::Filter;
//! use abide_proxy::types::Action;
//! use abide_proxy_wasm::{Configuration, Exchange, Host, Keep, Keeper, Plugin, ProxyWasm};
//!
//! /// Asks a filter about the headers of a request. `exchange` is what the filter gets of it, and
//! /// `app` the host.
//! fn headers<H: Host>(
//!     app: H,
//!     exchange: Exchange<H>,
//! ) -> Result<Action, Box<dyn std::error::Error>> {
//!     // Both are plugins, and nothing that follows knows which of them it has.
//!     let component: Plugin<H> = Filter::load("filter.component.wasm", app.clone())?.into();
//!     let module: Plugin<H> = ProxyWasm::load_module("filter.wasm", app)?.into();
//!     drop(component);
//!
//!     let configuration = Configuration { plugin: b"{}".to_vec(), ..Configuration::default() };
//!     let mut keeper = Keeper::new(module, configuration, Keep::new());
//!     let stream = keeper.open(exchange)?;
//!     let action = keeper.call(stream, |vm, id| vm.request_headers(id, 8, true))?;
//!     keeper.close(stream)?;
//!     Ok(action)
//! }
//! ```
//!
//! - A [`Plugin`] is what was loaded, checked and compiled, once; [`Other`] is for further kinds.
//! - A [`FilterVm`] is one instance of it at work, for one worker: 25 methods, the same for all.
//! - A [`Keeper`] has one VM at a time for a worker. A VM that fails is replaced, with back-off where
//!   it was of no use; its streams are [`Broken`] with the cause, and end or go on by
//!   [choice](OnFailure). A plugin that is replaced keeps its streams for a while; VMs that leak are
//!   recycled.
//!
//! Nothing calls a VM from inside of one of its calls: what a filter asks for, such as an answer, a
//! request of its own or to go on, the host's values note, and the proxy does it when the call has
//! returned. No function that filters import waits.
//!
//! What odd calls answer, and what of proxy-wasm is another, is in
//! [`docs/proxy-wasm.md`](https://github.com/abide-rs/abide/blob/main/docs/proxy-wasm.md).

mod callbacks;
mod codes;
mod contexts;
mod env;
mod host;
mod imports;
mod keeper;
mod offer;
mod pairs;
mod plugin;
mod results;
mod status;
mod vm;
mod wasi;

pub use callbacks::{Callbacks, Decided};
pub use env::Env;
pub use host::{Answer, Connection, Exchange, Host};
pub use keeper::{Broken, Keep, Keeper, KeeperStats, OnFailure, Stream};
pub use plugin::{Configuration, Other, Plugin, ProxyWasm};
pub use vm::{Failure, FilterVm, StreamId};
