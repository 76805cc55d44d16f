//! The guests: each is loaded with what its service may use, and no more.

use std::fmt;
use std::sync::Arc;

use abide::{Artefacts, Engine, Limits, Warm, Wasi};
use abide_dapr::host_async::Service;
use abide_dapr_host::{Dapr, Host, app};
use abide_image_host::{Bounds, Images};
use abide_inference_host::Inference;
use anyhow::{Context as _, Result};
use recognise_abi::classifier::host_async::Classifier;
use recognise_abi::greyer::host_async::Greyer;

use crate::config::{Config, Pictures, Role, ms};
use crate::models;
use crate::service::Watched;

/// What the guest that classifies may use.
#[derive(Clone, abide::Host)]
#[host(abi = recognise_abi::classifier, host_async)]
struct Classifying {
    #[host(
        abide_dapr::state,
        abide_dapr::pubsub,
        abide_dapr::invocation,
        abide_dapr::secrets,
        abide_dapr::bindings,
        abide_dapr::lock,
        abide_dapr::configuration
    )]
    dapr: Host,
    #[host(abide_image::codec)]
    images: Images,
    #[host(abide_inference::model)]
    inference: Inference,
}

/// What the guest that makes grey may use.
#[derive(Clone, abide::Host)]
#[host(abi = recognise_abi::greyer, host_async)]
struct Greying {
    #[host(
        abide_dapr::state,
        abide_dapr::pubsub,
        abide_dapr::invocation,
        abide_dapr::secrets,
        abide_dapr::bindings,
        abide_dapr::lock,
        abide_dapr::configuration
    )]
    dapr: Host,
    #[host(abide_image::codec)]
    images: Images,
}

/// Loads the guest of a service, with what all guests have in common. No trait that all worlds have
/// says it.
macro_rules! load {
    ($loader:ident, $role:ident, $builder:expr) => {{
        let mut builder = $builder
            .engine(&$loader.engine)
            .name($role.name())
            .limits($loader.limits())
            // To say how long things take, and to have ids that nobody else has.
            .wasi(Wasi::new().clocks().random())
            .isolation(Warm::new());
        if let Some(artefacts) = &$loader.artefacts {
            builder = builder.artefacts(artefacts);
        }
        let file = format!("recognise_{}.wasm", $role.name());
        let guest = builder.load_async($loader.config.guests.join(file)).await;
        guest.with_context(|| format!("the guest of the service `{}`", $role.name()))
    }};
}

/// What the guests of a process share.
pub(crate) struct Loader<'a> {
    config: &'a Config,
    dapr: &'a Dapr,
    engine: Engine,
    artefacts: Option<Artefacts>,
    images: Images,
}

impl fmt::Debug for Loader<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Loader").finish_non_exhaustive()
    }
}

impl<'a> Loader<'a> {
    /// # Errors
    ///
    /// The engine or the folder for compiled guests cannot be had.
    pub(crate) fn new(config: &'a Config, dapr: &'a Dapr) -> Result<Self> {
        let engine = Engine::builder()
            .instances(config.guest.instances)
            .build()?;
        let artefacts = config.artefacts.as_ref().map(Artefacts::in_folder);
        Ok(Self {
            config,
            dapr,
            engine,
            artefacts: artefacts.transpose()?,
            images: Images::new(limits(config)),
        })
    }

    /// Loads the guest of a service.
    ///
    /// # Errors
    ///
    /// It cannot be loaded, or neither can its model.
    pub(crate) async fn load(&self, role: Role) -> Result<Arc<Watched>> {
        let dapr = self.dapr.host(role.name());
        let images = self.images.clone();
        match role {
            Role::Web => {
                let guest = load!(self, role, Service::builder(dapr))?;
                let stats = guest.clone();
                Ok(Watched::new(role, Arc::new(guest), move || stats.stats()))
            }
            Role::Classify => {
                let models = models::load(self.config).await?;
                let host = Classifying {
                    dapr,
                    images,
                    inference: Inference::new(models),
                };
                let guest = load!(self, role, Classifier::builder(host))?;
                let stats = guest.clone();
                let guest = app!(Classifier, guest);
                Ok(Watched::new(role, guest, move || stats.stats()))
            }
            Role::Grey => {
                let host = Greying { dapr, images };
                let guest = load!(self, role, Greyer::builder(host))?;
                let stats = guest.clone();
                let guest = app!(Greyer, guest);
                Ok(Watched::new(role, guest, move || stats.stats()))
            }
        }
    }

    fn limits(&self) -> Limits {
        let guest = &self.config.guest;
        Limits::new()
            .deadline(ms(guest.deadline_ms))
            .wait(ms(guest.wait_ms))
            .memory(guest.memory_mib << 20)
    }
}

/// How much work there may be at a time.
pub(crate) fn bounds(pictures: &Pictures) -> Bounds {
    let bounds = Bounds::default();
    Bounds {
        at_a_time: match pictures.at_a_time {
            0 => bounds.at_a_time,
            number => number,
        },
        waiting: pictures.waiting,
        wait: ms(pictures.wait_ms),
    }
}

fn limits(config: &Config) -> abide_image_host::Limits {
    abide_image_host::Limits {
        pixels: config.pictures.pixels,
        bytes: config.incoming.body_bytes,
        work: bounds(&config.pictures),
        ..abide_image_host::Limits::default()
    }
}
