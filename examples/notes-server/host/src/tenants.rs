//! The tenants: each has a handle on the guest with limits of its own, and a bound on its calls.
//!
//! All run on one engine, and what they load is compiled once.

use std::collections::BTreeMap;
use std::sync::Arc;

use abide::{Artefacts, Breaker, Engine, Isolation, Limits, Stats, Warm, Watch};
use anyhow::{Context, Result};
use notebook_abi::host_async;
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::app::App;
use crate::config::{Config, Tenant as Settings, ms};
use crate::failure::Failure;
use crate::notebook::Notebook;
use crate::store::Store;

/// One tenant.
#[derive(Debug)]
pub(crate) struct Tenant {
    pub(crate) name: Arc<str>,
    notebook: Notebook,
    calls: Semaphore,
    /// Has the guest loaded anew when its file changes.
    _watch: Option<Watch>,
}

/// A tenant's notebook, for one call.
pub(crate) struct Call<'a> {
    pub(crate) notebook: &'a Notebook,
    _turn: SemaphorePermit<'a>,
}

impl Tenant {
    /// The notebook, unless as many calls run as the tenant may make at a time.
    pub(crate) fn call(&self) -> Result<Call<'_>, Failure> {
        let turn = self.calls.try_acquire();
        let _turn = turn.map_err(|_| Failure::busy("you have too many requests at a time"))?;
        let notebook = &self.notebook;
        Ok(Call { notebook, _turn })
    }

    pub(crate) fn stats(&self) -> Stats {
        self.notebook.stats()
    }
}

/// All of them, by name.
pub(crate) type Tenants = BTreeMap<Arc<str>, Tenant>;

/// Loads the guest for each tenant.
///
/// # Errors
///
/// The guest cannot be loaded or watched, or the engine cannot be had.
pub(crate) async fn load(config: &Config, store: &Store) -> Result<Tenants> {
    let mut tenants = Tenants::new();
    let loader = if config.native {
        None
    } else {
        Some(Loader::new(config)?)
    };
    for (name, settings) in &config.tenants {
        let name: Arc<str> = Arc::from(name.as_str());
        let app = App {
            store: store.clone(),
            tenant: Arc::clone(&name),
            most: settings.notes,
        };
        let (notebook, watch) = match &loader {
            Some(loader) => {
                let guest = loader.load(app, settings).await?;
                let watch = abide::watch(&guest, &config.guest)?;
                (Notebook::Guest(guest), Some(watch))
            }
            None => (Notebook::Native(app), None),
        };
        let tenant = Tenant {
            name: Arc::clone(&name),
            notebook,
            calls: Semaphore::new(settings.calls.min(Semaphore::MAX_PERMITS)),
            _watch: watch,
        };
        tenants.insert(name, tenant);
    }
    Ok(tenants)
}

/// What the guests of all tenants share.
struct Loader<'a> {
    config: &'a Config,
    engine: Engine,
    artefacts: Option<Artefacts>,
}

impl<'a> Loader<'a> {
    fn new(config: &'a Config) -> Result<Self> {
        let engine = Engine::builder().instances(config.instances).build()?;
        let artefacts = config.artefacts.as_ref().map(Artefacts::in_folder);
        Ok(Self {
            config,
            engine,
            artefacts: artefacts.transpose()?,
        })
    }

    async fn load(&self, app: App, settings: &Settings) -> Result<host_async::Notebook> {
        let limits = Limits::new()
            .deadline(ms(settings.deadline_ms))
            .wait(ms(settings.wait_ms))
            .memory(settings.memory_mib << 20);
        let isolation = if settings.fresh {
            Isolation::Fresh
        } else {
            Warm::new().into()
        };
        // In logs and metrics a guest has its tenant's name.
        let mut builder = host_async::Notebook::builder(app.clone())
            .engine(&self.engine)
            .name(&*app.tenant)
            .limits(limits)
            .isolation(isolation);
        if settings.breaker > 0 {
            builder = builder.breaker(Breaker::new().failures(settings.breaker));
        }
        if let Some(artefacts) = &self.artefacts {
            builder = builder.artefacts(artefacts);
        }
        let guest = builder.load_async(&self.config.guest).await;
        guest.with_context(|| format!("the guest of tenant `{}`", app.tenant))
    }
}
