//! A filter of a proxy through `abide-proxy-wasm`: what a proxy calls for one request.

mod app;
mod exchange;

use abide_proxy::host;
use abide_proxy_wasm::{Configuration, Env, FilterVm, Plugin, ProxyWasm};
use anyhow::Result;

use self::app::App;
use self::exchange::Exchange;
use crate::filters::{BODY, Kind, REQUEST, RESPONSE};

/// A filter at work, and the exchange that it is given again and again.
pub(crate) struct Filter {
    kind: Kind,
    app: App,
    vm: Box<dyn FilterVm<App>>,
    exchange: Exchange,
}

impl std::fmt::Debug for Filter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Filter")
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

impl Filter {
    /// The module. Default limits, as for the component.
    pub(crate) fn module(module: &[u8], kind: Kind) -> Result<Self> {
        let app = App::default();
        let builder = ProxyWasm::builder(Env::new(app.clone()));
        let callbacks = builder.load_bytes(module)?;
        Self::start(ProxyWasm::of(callbacks).into(), app, kind)
    }

    /// The component.
    pub(crate) fn component(component: &[u8], kind: Kind) -> Result<Self> {
        let app = App::default();
        let builder = host::Filter::builder(app.clone());
        Self::start(builder.load_bytes(component)?.into(), app, kind)
    }

    fn start(plugin: Plugin<App>, app: App, kind: Kind) -> Result<Self> {
        let configuration = Configuration {
            plugin: kind.name().into(),
            ..Configuration::default()
        };
        Ok(Self {
            kind,
            app,
            vm: plugin.start(&configuration)?,
            exchange: Exchange::new(),
        })
    }

    /// A whole request.
    pub(crate) fn request(&mut self) -> Result<()> {
        self.exchange.begin();
        let id = self.vm.open(self.exchange.clone())?;
        let is_all = !self.kind.sees_response();
        self.vm.request_headers(id, REQUEST.len() as u32, true)?;
        if !is_all {
            self.vm.response_headers(id, RESPONSE.len() as u32, false)?;
        }
        if self.kind.sees_body() {
            self.vm.response_body(id, BODY, true)?;
        }
        Ok(self.vm.close(id)?)
    }

    /// How many messages were logged.
    pub(crate) fn logged(&self) -> u64 {
        self.app.logged()
    }

    /// A field of the request, as the upstream gets it.
    pub(crate) fn field(&self, name: &str) -> Option<Vec<u8>> {
        self.exchange.field(name)
    }

    /// The response's body, as the client gets it.
    pub(crate) fn body(&self) -> Vec<u8> {
        self.exchange.sent()
    }
}
