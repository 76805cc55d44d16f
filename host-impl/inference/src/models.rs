//! The models of a host: those that it offers by name, and those that guests bring. Knows nothing of
//! instances; `inference.rs` is what each of these has.

use std::collections::BTreeMap;
use std::sync::Arc;

use abide_blocking::{Undone, Work};
use abide_inference::model::{Encoding, Error, Tensor as OwnedTensor};

use crate::builder::ModelsBuilder;
use crate::check;
use crate::engine::{Engine, Loading, Model, Tensor};
use crate::kept::Kept;
use crate::limits::Limits;

/// Models, and the line of those who want one run. Clones are the same models.
#[derive(Debug, Clone)]
pub struct Models(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    named: BTreeMap<String, Arc<dyn Model>>,
    kept: Kept,
    engine: Arc<dyn Engine>,
    limits: Limits,
    work: Work,
}

impl Models {
    /// None yet, with the engine of this crate.
    pub fn builder() -> ModelsBuilder {
        ModelsBuilder::default()
    }

    pub(crate) fn new(
        named: BTreeMap<String, Arc<dyn Model>>,
        engine: Arc<dyn Engine>,
        limits: Limits,
    ) -> Self {
        Self(Arc::new(Shared {
            named,
            kept: Kept::new(limits.kept, limits.kept_bytes),
            engine,
            work: Work::new(limits.work),
            limits,
        }))
    }

    /// The limits of all of it.
    pub fn limits(&self) -> &Limits {
        &self.0.limits
    }

    /// A model that was given a name.
    ///
    /// # Errors
    ///
    /// `NotFound`.
    pub fn named(&self, name: &str) -> Result<Arc<dyn Model>, Error> {
        let model = self.0.named.get(name).cloned();
        model.ok_or_else(|| Error::NotFound(name.to_owned()))
    }

    /// A model that a guest brought, on this thread. If the same bytes were brought before and are
    /// still kept, it is that one.
    ///
    /// # Errors
    ///
    /// What is wrong with the bytes, or that it is too much, or `Busy`.
    pub fn load(&self, bytes: &[u8], encoding: Encoding) -> Result<Arc<dyn Model>, Error> {
        self.load_for(bytes, encoding, 0)
    }

    /// The same on so many threads, if the limits let it. 0 are as many as they let.
    pub(crate) fn load_for(
        &self,
        bytes: &[u8],
        encoding: Encoding,
        threads: usize,
    ) -> Result<Arc<dyn Model>, Error> {
        let loading = self.loading(bytes, encoding, threads)?;
        if let Some(model) = self.0.kept.find(bytes, &loading) {
            return Ok(model);
        }
        let load = || self.load_now(bytes, &loading);
        self.0
            .work
            .here(load)
            .unwrap_or_else(|error| Err(undone(error)))
    }

    /// [`load`](Self::load), on a thread for such work.
    ///
    /// # Errors
    ///
    /// Those of `load`.
    #[cfg(feature = "async")]
    pub async fn load_async(
        &self,
        bytes: &[u8],
        encoding: Encoding,
    ) -> Result<Arc<dyn Model>, Error> {
        self.load_for_async(bytes, encoding, 0).await
    }

    #[cfg(feature = "async")]
    pub(crate) async fn load_for_async(
        &self,
        bytes: &[u8],
        encoding: Encoding,
        threads: usize,
    ) -> Result<Arc<dyn Model>, Error> {
        let loading = self.loading(bytes, encoding, threads)?;
        // To compare takes less than to copy.
        if let Some(model) = self.0.kept.find(bytes, &loading) {
            return Ok(model);
        }
        let (models, bytes) = (self.clone(), bytes.to_vec());
        let load = move || models.load_now(&bytes, &loading);
        let loaded = self.0.work.away(load).await;
        loaded.unwrap_or_else(|error| Err(undone(error)))
    }

    fn loading(&self, bytes: &[u8], encoding: Encoding, threads: usize) -> Result<Loading, Error> {
        let limits = &self.0.limits;
        if bytes.len() > limits.model_bytes {
            return Err(Error::TooLarge(limits.model_bytes as u64));
        }
        let encoding = check::encoding(bytes, encoding)?;
        if encoding == Encoding::Onnx && !limits.onnx {
            let text = "models of ONNX that a guest brings".to_owned();
            return Err(Error::Unsupported(text));
        }
        let most = limits.threads.max(1);
        Ok(Loading {
            encoding,
            threads: if threads == 0 {
                most
            } else {
                threads.min(most)
            },
            tensor_bytes: limits.tensor_bytes,
            multiplications: limits.multiplications,
        })
    }

    fn load_now(&self, bytes: &[u8], loading: &Loading) -> Result<Arc<dyn Model>, Error> {
        let Shared { kept, engine, .. } = &*self.0;
        kept.get(bytes, loading, || engine.load(bytes, loading))
    }

    /// Runs a model on this thread, when it is its turn. There is a tensor for each input, in order,
    /// and one for each output comes back.
    ///
    /// # Errors
    ///
    /// The inputs do not fit, or it is too much, or it failed, or `Busy`.
    pub fn run(
        &self,
        model: &Arc<dyn Model>,
        inputs: &[Tensor<'_>],
    ) -> Result<Vec<OwnedTensor>, Error> {
        check::inputs(&**model, inputs, self.0.limits.tensor_bytes)?;
        let run = || model.run(inputs);
        let outputs = self.0.work.here(run);
        self.finish(outputs)
    }

    /// [`run`](Self::run), on a thread for such work.
    ///
    /// # Errors
    ///
    /// Those of `run`.
    #[cfg(feature = "async")]
    pub async fn run_async(
        &self,
        model: &Arc<dyn Model>,
        inputs: Vec<OwnedTensor>,
    ) -> Result<Vec<OwnedTensor>, Error> {
        let borrowed: Vec<_> = inputs.iter().map(Tensor::from).collect();
        check::inputs(&**model, &borrowed, self.0.limits.tensor_bytes)?;
        drop(borrowed);
        let model = Arc::clone(model);
        let run = move || {
            let inputs: Vec<_> = inputs.iter().map(Tensor::from).collect();
            model.run(&inputs)
        };
        let outputs = self.0.work.away(run).await;
        self.finish(outputs)
    }

    fn finish(
        &self,
        outputs: Result<Result<Vec<OwnedTensor>, Error>, Undone>,
    ) -> Result<Vec<OwnedTensor>, Error> {
        let outputs = outputs.unwrap_or_else(|error| Err(undone(error)))?;
        check::outputs(&outputs, self.0.limits.tensor_bytes)?;
        Ok(outputs)
    }
}

/// What whoever wanted it is told.
fn undone(undone: Undone) -> Error {
    match undone {
        Undone::Busy => Error::Busy,
        Undone::Panicked(text) => Error::Failed(format!("the engine panicked: {text}")),
        Undone::NoRuntime => Error::Failed("the host is ending".to_owned()),
    }
}
