//! Filters that are modules of http-wasm: what they are offered, and how they are loaded. `vm`
//! calls one as all filters are called, `seen` is what it sees of a stream.

mod seen;
mod vm;

use std::sync::Arc;

use abide::Builder;
use abide_http_wasm::{Features, Guest, Host, HttpWasm, Level};
use abide_proxy::host::Log as _;
use abide_proxy::log;
use abide_proxy_wasm::{Configuration, Failure, FilterVm, Other, Plugin};

use crate::app::App;
use crate::config::Filter;
use seen::Seen;
use vm::Vm;

/// The host of one filter on one worker.
#[derive(Debug, Clone)]
struct Server {
    app: App,
    configuration: Arc<[u8]>,
}

impl Host for Server {
    type Exchange = Seen;

    fn config(&self) -> &[u8] {
        &self.configuration
    }

    fn features(&self) -> Features {
        Features::BUFFER_REQUEST | Features::BUFFER_RESPONSE | Features::TRAILERS
    }

    fn is_logged(&self, level: Level) -> bool {
        level != Level::Debug || self.app.clone().lowest() == log::Level::Debug
    }

    fn log(&self, level: Level, message: &str) {
        let level = match level {
            Level::Debug => log::Level::Debug,
            Level::Info => log::Level::Info,
            Level::Warn => log::Level::Warn,
            Level::Error => log::Level::Error,
        };
        self.app.clone().log(level, message);
    }
}

/// A module that was loaded.
struct Middleware {
    loaded: HttpWasm<Server>,
    /// Whether it gets requests when they are here as a whole.
    waits: bool,
}

impl Other<App> for Middleware {
    /// What it is configured with it has from its host.
    fn start(&self, _: &Configuration) -> Result<Box<dyn FilterVm<App>>, Failure> {
        Ok(Box::new(Vm::new(self.loaded.session()?, self.waits)))
    }

    fn stats(&self) -> abide::Stats {
        self.loaded.guest().stats()
    }
}

/// Loads a filter. It gets requests as a whole if it is to, or if it says when it starts that it
/// wants their bodies.
pub(crate) fn load(
    app: App,
    filter: &Filter,
    load: impl FnOnce(Builder<Guest>) -> abide::Result<Guest>,
) -> abide::Result<Plugin<App>> {
    let server = Server {
        app,
        configuration: filter.configuration.as_bytes().into(),
    };
    let loaded = HttpWasm::load_with(server, load)?;
    let waits = loaded.features().contains(Features::BUFFER_REQUEST);
    Ok(Plugin::Other(Arc::new(Middleware {
        waits: waits || filter.body_before_headers,
        loaded,
    })))
}
