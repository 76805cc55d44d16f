//! Runs filters of proxies, of both kinds: unmodified modules of proxy-wasm, and components over the
//! WIT of [`abide_proxy`], on one host.

mod callbacks;
mod codes;
mod contexts;
mod env;
mod host;
mod imports;
mod keeper;
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
pub use plugin::{Configuration, Plugin, ProxyWasm};
pub use vm::{Failure, FilterVm, StreamId};
