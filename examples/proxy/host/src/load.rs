//! Loads what a configuration names: filters, once for each worker, and whom to trust. It knows no
//! streams. What it makes goes to the workers.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use abide::{Artefacts, Engine, Limits};
use abide_proxy::host;
use abide_proxy_wasm::{Configuration, Env, Keep, Plugin, ProxyWasm};
use anyhow::{Context, Result};
use tokio_rustls::rustls::ClientConfig;

use crate::app::App;
use crate::config::{Config, Filter, Kind, OnFailure, ms};
use crate::kind::kind_of;
use crate::middleware;
use crate::notes::Notes;
use crate::shared::Shared;
use crate::tls;
use crate::trace::Trace;

/// How many instances there may be: those of all filters on all workers, old ones among them.
const INSTANCES: u32 = 512;

/// What one worker begins with.
pub(crate) struct Seed {
    pub(crate) config: Arc<Config>,
    pub(crate) plugins: Vec<Loaded>,
    /// How to speak TLS, by the names of upstreams that do.
    pub(crate) tls: BTreeMap<String, Arc<ClientConfig>>,
}

/// A filter for one worker.
pub(crate) struct Loaded {
    pub(crate) name: Arc<str>,
    pub(crate) plugin: Plugin<App>,
    pub(crate) configuration: Configuration,
    pub(crate) keep: Keep,
    pub(crate) body_before_headers: bool,
    pub(crate) notes: Arc<Notes>,
}

/// What builders of all kinds are told.
macro_rules! settings {
    ($loader:ident, $builder:ident, $filter:ident) => {{
        let limits = Limits::new()
            .deadline(ms($filter.deadline_ms))
            .memory($filter.memory_mib << 20);
        let builder = $builder
            .engine(&$loader.engine)
            .name(&*$filter.name)
            .limits(limits);
        match &$loader.artefacts {
            Some(artefacts) => builder.artefacts(artefacts),
            None => builder,
        }
    }};
}

/// Loads filters.
#[derive(Debug)]
pub(crate) struct Loader {
    engine: Engine,
    artefacts: Option<Artefacts>,
    trace: Option<Arc<Trace>>,
    pub(crate) shared: Arc<Shared>,
    workers: usize,
}

impl Loader {
    /// What all that is loaded has in common, by the first configuration; the calls of modules are
    /// written to the file `trace`, if there is one.
    ///
    /// # Errors
    ///
    /// There is no engine, no folder for compiled code, or no such file.
    pub(crate) fn new(config: &Config, trace: Option<&Path>) -> Result<Self> {
        let engine = Engine::builder().instances(INSTANCES).build()?;
        let artefacts = config.artefacts.as_ref().map(Artefacts::in_folder);
        Ok(Self {
            engine,
            artefacts: artefacts.transpose()?,
            trace: trace.map(Trace::in_file).transpose()?.map(Arc::new),
            shared: Arc::new(Shared::new(config.limits.shared_bytes)),
            workers: config.workers,
        })
    }

    /// Loads what a configuration names, and starts each filter once, to see whether it takes its
    /// configuration. What is loaded is compiled once for all workers.
    ///
    /// # Errors
    ///
    /// A filter cannot be loaded or does not start, or a certificate cannot be read.
    pub(crate) fn load(&self, config: Config) -> Result<Vec<Seed>> {
        let config = Arc::new(config);
        let nobodys = Arc::new(Shared::new(config.limits.shared_bytes));
        for filter in &config.filters {
            let wrong = || format!("the filter `{}`", filter.name);
            let trial = self.filter(filter, &config, &nobodys).with_context(wrong)?;
            let started = trial.plugin.start(&trial.configuration);
            drop(started.with_context(wrong)?);
        }
        let mut tls = BTreeMap::new();
        for (name, upstream) in config.upstreams.iter().filter(|(_, upstream)| upstream.tls) {
            let wrong = || format!("TLS of the upstream `{name}`");
            let client = tls::client(upstream).with_context(wrong)?;
            tls.insert(name.clone(), Arc::new(client));
        }
        let seed = |_| {
            let plugins = config.filters.iter().map(|filter| {
                let loaded = self.filter(filter, &config, &self.shared);
                loaded.with_context(|| format!("the filter `{}`", filter.name))
            });
            Ok(Seed {
                plugins: plugins.collect::<Result<_>>()?,
                config: Arc::clone(&config),
                tls: tls.clone(),
            })
        };
        (0..self.workers).map(seed).collect()
    }

    fn filter(
        &self,
        filter: &Filter,
        config: &Arc<Config>,
        shared: &Arc<Shared>,
    ) -> Result<Loaded> {
        let name: Arc<str> = Arc::from(filter.name.as_str());
        let notes = Arc::new(Notes::default());
        let app = App {
            filter: Arc::clone(&name),
            config: Arc::clone(config),
            shared: Arc::clone(shared),
            notes: Arc::clone(&notes),
            trace: self.trace.clone(),
        };
        let kind = filter.kind.map_or_else(|| found(filter), Ok)?;
        let plugin: Plugin<App> = match kind {
            Kind::ProxyWasm => {
                let builder = ProxyWasm::builder(traced(app));
                ProxyWasm::of(settings!(self, builder, filter).load(&filter.file)?).into()
            }
            Kind::Component => {
                let builder = host::Filter::builder(app);
                settings!(self, builder, filter).load(&filter.file)?.into()
            }
            Kind::HttpWasm => middleware::load(app, filter, |builder| {
                settings!(self, builder, filter).load(&filter.file)
            })?,
        };
        let on_failure = match filter.on_failure {
            OnFailure::Closed => abide_proxy_wasm::OnFailure::Closed,
            OnFailure::Open => abide_proxy_wasm::OnFailure::Open,
        };
        let mut keep = Keep::new()
            .on_failure(on_failure)
            .drain(ms(config.limits.drain_ms));
        if let Some(streams) = filter.vm_streams {
            keep = keep.max_streams(streams);
        }
        if let Some(mib) = filter.vm_memory_mib {
            keep = keep.max_memory(mib << 20);
        }
        Ok(Loaded {
            name,
            plugin,
            configuration: Configuration {
                vm: filter.vm_configuration.clone().into(),
                plugin: filter.configuration.clone().into(),
            },
            keep,
            // One of http-wasm sees a body only while it holds back the head.
            body_before_headers: filter.body_before_headers || kind == Kind::HttpWasm,
            notes,
        })
    }
}

/// What a file looks like.
fn found(filter: &Filter) -> Result<Kind> {
    let wrong = || format!("`{}`", filter.file.display());
    let file = fs::read(&filter.file).with_context(wrong)?;
    Ok(kind_of(&file))
}

/// What modules are offered, with a trace of it if there is to be one.
fn traced(app: App) -> Env<App> {
    let (trace, filter) = (app.trace.clone(), Arc::clone(&app.filter));
    let env = Env::new(app);
    match trace {
        Some(trace) => env.traced(move |text| trace.line(&filter, text)),
        None => env,
    }
}
