//! Models of TensorFlow Lite: read here, and translated into what an engine reads.

mod constant;
mod flat;
mod labels;
mod model;
mod names;
mod operators;
mod translate;

use abide_inference::model::{Error, Port};

use crate::engine::Loading;

pub(crate) use constant::half;
use model::{Graph, broken};

/// How many inputs and outputs a model may have.
const MOST_PORTS: usize = 64;

/// A model in the form that an engine reads.
#[derive(Debug)]
pub(crate) struct Translated {
    /// With floats throughout. Its inputs and outputs are in the order of the ports.
    pub(crate) onnx: Vec<u8>,
    pub(crate) inputs: Vec<Port>,
    pub(crate) outputs: Vec<Port>,
    pub(crate) labels: Vec<String>,
}

/// Whether bytes begin like such a model.
pub(crate) fn is_one(bytes: &[u8]) -> bool {
    bytes.get(4..8) == Some(model::MARK)
}

pub(crate) fn translate(bytes: &[u8], loading: &Loading) -> Result<Translated, Error> {
    let graph = model::read(bytes)?;
    let (inputs, outputs) = (
        ports(&graph, &graph.inputs)?,
        ports(&graph, &graph.outputs)?,
    );
    if outputs.is_empty() {
        return Err(broken("it has no outputs"));
    }
    Ok(Translated {
        onnx: translate::translate(&graph, loading)?,
        labels: labels::find(bytes),
        inputs,
        outputs,
    })
}

fn ports(graph: &Graph<'_>, tensors: &[usize]) -> Result<Vec<Port>, Error> {
    if tensors.len() > MOST_PORTS {
        return Err(broken(format!("{} inputs or outputs", tensors.len())));
    }
    let mut ports: Vec<Port> = Vec::new();
    for &index in tensors {
        let tensor = &graph.tensors[index];
        let (name, quantization) = (tensor.name(), tensor.quantization());
        if ports.iter().any(|port| port.name == name) {
            return Err(broken("two inputs or two outputs have the same name"));
        }
        let is_float = matches!(tensor.kind, model::Kind::Float32 | model::Kind::Float16);
        if !is_float && quantization.is_none() {
            let text = format!("an input or output of {:?} without a scale", tensor.kind);
            return Err(Error::Unsupported(text));
        }
        let shape = tensor
            .shape
            .iter()
            .map(|length| u32::try_from(*length).ok());
        ports.push(Port {
            name,
            element: tensor.kind.element(),
            shape: shape.collect(),
            quantization: quantization.filter(|_| !is_float),
        });
    }
    Ok(ports)
}
