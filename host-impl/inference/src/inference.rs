//! The part of a host: what one instance of a guest has of the models. Both colours call what is here.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use abide_inference::model::{Encoding, Error, Options, Port, Target, Tensor as OwnedTensor};

use crate::check;
use crate::engine::{Model, Tensor};
use crate::models::Models;

/// Models for guests: a host for worlds that import `abide:inference/model`, or a part of one.
///
/// Unless it is said otherwise guests have all models that have names, and may not bring any. A host is
/// cloned for each instance of a guest, and each clone counts its own graphs.
#[derive(Debug)]
pub struct Inference {
    models: Models,
    policy: Arc<Policy>,
    graphs: Arc<AtomicU32>,
}

#[derive(Debug, Clone, Default)]
struct Policy {
    /// None are all.
    offered: Option<Vec<String>>,
    accepts: bool,
}

impl Inference {
    /// All models that have names.
    #[must_use]
    pub fn new(models: Models) -> Self {
        Self {
            models,
            policy: Arc::default(),
            graphs: Arc::default(),
        }
    }

    /// Only these of the models that have names. For the guest there are no others.
    #[must_use]
    pub fn only<T: Into<String>>(mut self, names: impl IntoIterator<Item = T>) -> Self {
        let names = names.into_iter().map(Into::into).collect();
        Arc::make_mut(&mut self.policy).offered = Some(names);
        self
    }

    /// Guests may bring models, within the limits.
    #[must_use]
    pub fn accept_models(mut self) -> Self {
        Arc::make_mut(&mut self.policy).accepts = true;
        self
    }

    /// The models that it offers some of.
    pub fn models(&self) -> &Models {
        &self.models
    }

    pub(crate) fn open(&self, name: &str) -> Result<Graph, Error> {
        let offered = self.policy.offered.as_ref();
        if offered.is_some_and(|offered| !offered.iter().any(|one| one == name)) {
            return Err(Error::NotFound(name.to_owned()));
        }
        let place = self.place()?;
        Ok(self.graph(self.models.named(name)?, place))
    }

    /// Before a guest's model is loaded.
    pub(crate) fn admit(&self, options: Options) -> Result<(Place, Encoding, usize), Error> {
        if !self.policy.accepts {
            return Err(Error::Refused);
        }
        if options.target != Target::Cpu {
            return Err(Error::Unsupported("a graphics processor".to_owned()));
        }
        Ok((self.place()?, options.encoding, options.threads.into()))
    }

    /// A place for a graph.
    fn place(&self) -> Result<Place, Error> {
        let most = self.models.limits().graphs;
        let one_more = |graphs| (graphs < most).then_some(graphs + 1);
        let counted = self
            .graphs
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_more);
        match counted {
            Ok(_) => Ok(Place(Arc::clone(&self.graphs))),
            Err(_) => Err(Error::TooMany(most)),
        }
    }

    pub(crate) fn graph(&self, model: Arc<dyn Model>, place: Place) -> Graph {
        Graph {
            models: self.models.clone(),
            model,
            _place: place,
        }
    }
}

impl Clone for Inference {
    fn clone(&self) -> Self {
        Self {
            models: self.models.clone(),
            policy: Arc::clone(&self.policy),
            graphs: Arc::default(),
        }
    }
}

/// A graph's place among those of its instance.
#[derive(Debug)]
pub(crate) struct Place(Arc<AtomicU32>);

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A model in the hands of a guest.
pub struct Graph {
    models: Models,
    model: Arc<dyn Model>,
    _place: Place,
}

impl fmt::Debug for Graph {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Graph").field(&self.model).finish()
    }
}

impl Graph {
    pub(crate) fn models(&self) -> &Models {
        &self.models
    }

    pub(crate) fn model(&self) -> &Arc<dyn Model> {
        &self.model
    }

    /// The tensors in the order of the inputs.
    pub(crate) fn in_order(
        &self,
        named: Vec<(String, OwnedTensor)>,
    ) -> Result<Vec<OwnedTensor>, Error> {
        let ports = self.model.inputs();
        let mut tensors: Vec<Option<OwnedTensor>> = ports.iter().map(|_| None).collect();
        for (name, tensor) in named {
            let place = ports.iter().position(|port| port.name == name);
            let place = place.and_then(|place| tensors.get_mut(place));
            match place.filter(|place| place.is_none()) {
                Some(place) => *place = Some(tensor),
                None => return Err(Error::NoPort(name)),
            }
        }
        let tensors = tensors.into_iter().zip(ports);
        let tensors = tensors.map(|(tensor, port)| {
            let missing = || Error::NoPort(port.name.clone());
            tensor.ok_or_else(missing)
        });
        tensors.collect()
    }

    /// The outputs with their names.
    pub(crate) fn named(&self, outputs: Vec<OwnedTensor>) -> Vec<(String, OwnedTensor)> {
        let names = self.model.outputs().iter().map(|port| port.name.clone());
        names.zip(outputs).collect()
    }

    /// The one input, of a model that has one output, too.
    pub(crate) fn only_port(&self) -> Result<&Port, Error> {
        match (self.model.inputs(), self.model.outputs()) {
            ([input], [_]) => Ok(input),
            (inputs, outputs) => Err(Error::Mismatch(format!(
                "the model has {} inputs and {} outputs",
                inputs.len(),
                outputs.len()
            ))),
        }
    }

    /// The bytes of the one output.
    pub(crate) fn only_output(outputs: Vec<OwnedTensor>) -> Result<Vec<u8>, Error> {
        let output = outputs.into_iter().next();
        let missing = || Error::Failed("the model gave nothing".to_owned());
        output.map(|output| output.data).ok_or_else(missing)
    }

    pub(crate) fn apply_here(&self, input: &[u8]) -> Result<Vec<u8>, Error> {
        let port = self.only_port()?;
        let shape = check::shape_for(port, input.len())?;
        let input = Tensor {
            element: port.element,
            shape: &shape,
            data: input,
        };
        Self::only_output(self.models.run(&self.model, &[input])?)
    }
}
