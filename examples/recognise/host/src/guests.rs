//! The guests: each is loaded with what its service may use, and no more.

use std::fmt;
use std::sync::Arc;

use abide::{Artefacts, Builder, Engine, Limits, Warm, Wasi};
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
                let guest = self.finish(role, Service::builder(dapr)).await?;
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
                let guest = self.finish(role, Classifier::builder(host)).await?;
                let stats = guest.clone();
                let guest = app!(Classifier, guest);
                Ok(Watched::new(role, guest, move || stats.stats()))
            }
            Role::Grey => {
                let host = Greying { dapr, images };
                let guest = self.finish(role, Greyer::builder(host)).await?;
                let stats = guest.clone();
                let guest = app!(Greyer, guest);
                Ok(Watched::new(role, guest, move || stats.stats()))
            }
        }
    }

    async fn finish<W: abide::GuestHandle>(&self, role: Role, builder: Builder<W>) -> Result<W> {
        let settings = &self.config.guest;
        let limits = Limits::new()
            .deadline(ms(settings.deadline_ms))
            .wait(ms(settings.wait_ms))
            .memory(settings.memory_mib << 20);
        let mut builder = builder
            .engine(&self.engine)
            .name(role.name())
            .limits(limits)
            // To say how long things take, and to have ids that nobody else has.
            .wasi(Wasi::new().clocks().random())
            .isolation(Warm::new());
        if let Some(artefacts) = &self.artefacts {
            builder = builder.artefacts(artefacts);
        }
        let file = format!("recognise_{}.wasm", role.name());
        let guest = builder.load_async(self.config.guests.join(file)).await;
        guest.with_context(|| format!("the guest of the service `{}`", role.name()))
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
