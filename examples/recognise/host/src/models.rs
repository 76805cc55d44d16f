//! The model that guests find under its name. With the planted fault, tensors of its runs are kept
//! for ever.

use std::sync::{Arc, Mutex};

use abide_inference_host::{
    Engine, Error, Limits, Loading, Model, Models, OwnedTensor, Port, Tensor,
};
use anyhow::{Context as _, Result};

use crate::config::Config;
use crate::guests::bounds;

/// The name that the guest has for it.
const NAME: &str = "efficientnet";

/// Loads it.
///
/// # Errors
///
/// There is no such file, or it is no model.
pub(crate) async fn load(config: &Config) -> Result<Models> {
    let path = config.model.clone();
    let limits = Limits {
        work: bounds(&config.pictures),
        ..Limits::default()
    };
    let keep = config.keep_tensors;
    let loaded = tokio::task::spawn_blocking(move || -> Result<Models> {
        let bytes = std::fs::read(&path).with_context(|| {
            let path = path.display();
            format!("cannot read the model `{path}`; `cargo xtask recognise` gets it")
        })?;
        let mut builder = Models::builder().limits(limits);
        if keep {
            builder = builder.engine(Keeper(Models::builder().build()?));
        }
        let models = builder.model(NAME, bytes).build();
        models.with_context(|| format!("the model `{}`", path.display()))
    });
    loaded.await.context("the model was not loaded")?
}

/// An engine with the fault of the demo's forerunner, whose host kept each tensor that a guest had
/// made until the process ended.
#[derive(Debug)]
struct Keeper(Models);

impl Engine for Keeper {
    fn load(&self, bytes: &[u8], loading: &Loading) -> Result<Arc<dyn Model>, Error> {
        Ok(Arc::new(Kept {
            model: self.0.load(bytes, loading.encoding)?,
            tensors: Mutex::default(),
        }))
    }
}

/// A model that keeps the tensors of all its runs.
#[derive(Debug)]
struct Kept {
    model: Arc<dyn Model>,
    tensors: Mutex<Vec<Vec<u8>>>,
}

impl Model for Kept {
    fn inputs(&self) -> &[Port] {
        self.model.inputs()
    }

    fn outputs(&self) -> &[Port] {
        self.model.outputs()
    }

    fn labels(&self) -> &[String] {
        self.model.labels()
    }

    fn run(&self, inputs: &[Tensor<'_>]) -> Result<Vec<OwnedTensor>, Error> {
        let outputs = self.model.run(inputs)?;
        let inputs = inputs.iter().map(|tensor| tensor.data.to_vec());
        let all = inputs.chain(outputs.iter().map(|tensor| tensor.data.clone()));
        // A panic elsewhere leaves it whole.
        let tensors = self.tensors.lock();
        let mut tensors = tensors.unwrap_or_else(std::sync::PoisonError::into_inner);
        tensors.extend(all);
        Ok(outputs)
    }
}
