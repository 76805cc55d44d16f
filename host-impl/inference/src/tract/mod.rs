//! The engine of this crate: [`tract`](https://docs.rs/tract-onnx), which is Rust with kernels in
//! assembler, and reads ONNX. Models of TensorFlow Lite are translated for it.
//!
//! A model can do nothing here but compute. How much it computes the engine does not bound; so what
//! guests bring is translated, with all of its costs known, or has to be trusted.

mod values;

use std::fmt;
use std::sync::Arc;

use abide_inference::model::{Error, Port, Tensor as OwnedTensor};
use tract_onnx::prelude::{
    Framework as _, InferenceModelExt as _, IntoRunnable as _, OutletId, TypedRunnableModel,
};

use crate::engine::{Engine, Loading, Model, Tensor};
use crate::formats::translated::{self, broken, said};

/// Runs models of ONNX and of TensorFlow Lite on the processor.
///
/// Of TensorFlow Lite it has these operators: `ADD`, `SUB`, `MUL`, `DIV`, `MAXIMUM`, `MINIMUM`,
/// `AVERAGE_POOL_2D`, `MAX_POOL_2D`, `CONCATENATION`, `CONV_2D`, `DEPTHWISE_CONV_2D`,
/// `FULLY_CONNECTED`, `DEQUANTIZE`, `QUANTIZE`, `LOGISTIC`, `TANH`, `RELU`, `RELU_N1_TO_1`, `RELU6`,
/// `HARD_SWISH`, `RESHAPE`, `SQUEEZE`, `EXPAND_DIMS`, `SOFTMAX`, `PAD`, `TRANSPOSE`, `MEAN`. Quantised
/// models are computed in floats, which rounds less than their own arithmetic does.
///
/// A run has the thread that it is on: where there are more processors, more runs go on at a time.
#[derive(Debug, Clone, Copy, Default)]
pub struct Tract;

impl Engine for Tract {
    fn load(&self, bytes: &[u8], loading: &Loading) -> Result<Arc<dyn Model>, Error> {
        translated::load(bytes, loading, load)
    }
}

fn load(onnx: &[u8]) -> Result<TractModel, Error> {
    let model = tract_onnx::onnx();
    let model = model.model_for_read(&mut &*onnx).map_err(broken)?;
    for node in model.nodes() {
        let operator = node.op.name();
        let unknown = operator.strip_prefix("Unimplemented(");
        if let Some(name) = unknown.and_then(|name| name.strip_suffix(')')) {
            return Err(Error::Unsupported(said(name)));
        }
    }
    let name = |outlet: &OutletId| match model.outlet_label(*outlet) {
        Some(label) => label.to_owned(),
        None => model.node(outlet.node).name.clone(),
    };
    let names = |outlets: &[OutletId]| -> Vec<String> { outlets.iter().map(name).collect() };
    let inputs = names(model.input_outlets().map_err(broken)?);
    let outputs = names(model.output_outlets().map_err(broken)?);
    let model = model.into_optimized().map_err(broken)?;
    let inputs = inputs.into_iter().enumerate().map(|(number, name)| {
        let fact = model.input_fact(number).map_err(broken)?;
        values::port(name, fact)
    });
    let outputs = outputs.into_iter().enumerate().map(|(number, name)| {
        let fact = model.output_fact(number).map_err(broken)?;
        values::port(name, fact)
    });
    let (inputs, outputs) = (
        inputs.collect::<Result<_, Error>>()?,
        outputs.collect::<Result<_, Error>>()?,
    );
    let model = model.into_runnable().map_err(broken)?;
    Ok(TractModel {
        model,
        inputs,
        outputs,
    })
}

struct TractModel {
    model: Arc<TypedRunnableModel>,
    inputs: Vec<Port>,
    outputs: Vec<Port>,
}

impl fmt::Debug for TractModel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = |ports: &[Port]| -> Vec<String> {
            ports.iter().map(|port| port.name.clone()).collect()
        };
        f.debug_struct("TractModel")
            .field("inputs", &names(&self.inputs))
            .field("outputs", &names(&self.outputs))
            .finish_non_exhaustive()
    }
}

impl Model for TractModel {
    fn inputs(&self) -> &[Port] {
        &self.inputs
    }

    fn outputs(&self) -> &[Port] {
        &self.outputs
    }

    fn run(&self, inputs: &[Tensor<'_>]) -> Result<Vec<OwnedTensor>, Error> {
        let values = inputs.iter().map(|tensor| Ok(values::like(tensor)?.into()));
        let run = self.model.run(values.collect::<Result<_, Error>>()?);
        let outputs = run.map_err(|error| Error::Failed(said(error)))?;
        let outputs = outputs.iter().map(|value| values::tensor(value));
        outputs.collect()
    }
}
