//! Models of TensorFlow Lite on engines that know ONNX: translated when they are loaded, with floats
//! throughout. Numbers are made real where they come in, and stored again where they go out.
//!
//! Knows no engine.

use std::fmt;
use std::sync::Arc;

use abide_inference::model::{Element, Encoding, Error, Port, Tensor as OwnedTensor};

use crate::engine::{Loading, Model, Tensor};
use crate::formats::real::{real, stored};
use crate::formats::tflite::{self, Translated};

/// The longest text of an engine that is passed on, in bytes.
const LONGEST_TEXT: usize = 512;

/// Loads a model. The engine is given ONNX in any case.
pub(crate) fn load<M: Model + 'static>(
    bytes: &[u8],
    loading: &Loading,
    load: impl FnOnce(&[u8]) -> Result<M, Error>,
) -> Result<Arc<dyn Model>, Error> {
    if loading.encoding != Encoding::Tflite {
        return Ok(Arc::new(load(bytes)?));
    }
    let Translated {
        onnx,
        inputs,
        outputs,
        labels,
    } = tflite::translate(bytes, loading)?;
    Ok(Arc::new(TranslatedModel {
        model: load(&onnx)?,
        inputs,
        outputs,
        labels,
    }))
}

/// Anything that an engine says: with its chain of reasons in one line, and cut.
pub(crate) fn said(error: impl fmt::Display) -> String {
    let mut text = format!("{error:#}");
    text.truncate(text.floor_char_boundary(LONGEST_TEXT));
    text
}

/// That an engine cannot read a model.
pub(crate) fn broken(error: impl fmt::Display) -> Error {
    Error::Broken(said(error))
}

/// A model of floats, under ports that may say whole numbers.
#[derive(Debug)]
struct TranslatedModel<M> {
    model: M,
    inputs: Vec<Port>,
    outputs: Vec<Port>,
    labels: Vec<String>,
}

impl<M: Model> Model for TranslatedModel<M> {
    fn inputs(&self) -> &[Port] {
        &self.inputs
    }

    fn outputs(&self) -> &[Port] {
        &self.outputs
    }

    fn labels(&self) -> &[String] {
        &self.labels
    }

    fn run(&self, inputs: &[Tensor<'_>]) -> Result<Vec<OwnedTensor>, Error> {
        let reals = self.inputs.iter().zip(inputs);
        let reals = reals.map(|(port, tensor)| real(port, tensor));
        let reals = reals.collect::<Result<Vec<_>, Error>>()?;
        let inputs = inputs.iter().zip(&reals).map(|(tensor, data)| Tensor {
            element: Element::F32,
            shape: tensor.shape,
            data,
        });
        let outputs = self.model.run(&inputs.collect::<Vec<_>>())?;
        let outputs = self.outputs.iter().zip(outputs);
        outputs.map(|(port, real)| stored(port, real)).collect()
    }
}
