//! What an engine is: it makes models of bytes, and models make tensors of tensors. Knows nothing of
//! guests, nor of limits.

use std::fmt::Debug;
use std::sync::Arc;

use abide_inference::model::{Element, Encoding, Error, Port, Tensor as OwnedTensor};

/// A tensor whose numbers are somewhere else.
#[derive(Debug, Clone, Copy)]
pub struct Tensor<'a> {
    /// What it is made of.
    pub element: Element,
    /// The lengths of its dimensions, the slowest first.
    pub shape: &'a [u32],
    /// Little-endian, as many bytes as element and shape say.
    pub data: &'a [u8],
}

impl<'a> From<&'a OwnedTensor> for Tensor<'a> {
    fn from(tensor: &'a OwnedTensor) -> Self {
        Self {
            element: tensor.element,
            shape: &tensor.shape,
            data: &tensor.data,
        }
    }
}

/// How a model is to be made ready.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loading {
    /// How the bytes are to be read.
    pub encoding: Encoding,
    /// How many threads a run may use.
    pub threads: usize,
    /// How many bytes all of its tensors may have together.
    pub tensor_bytes: usize,
    /// How many multiplications a run may take.
    pub multiplications: u64,
}

/// Makes models of bytes.
///
/// What it is given may be hostile. It returns errors for that; a panic is caught by whoever calls.
pub trait Engine: Debug + Send + Sync {
    /// Makes a model ready to run.
    ///
    /// # Errors
    ///
    /// `Broken`, or `Unsupported` with the name of the operator, or `TooLarge`.
    fn load(&self, bytes: &[u8], loading: &Loading) -> Result<Arc<dyn Model>, Error>;
}

/// A model that is ready to run. It keeps nothing between runs, so any number of threads may use it.
pub trait Model: Debug + Send + Sync {
    /// What it takes.
    fn inputs(&self) -> &[Port];

    /// What it gives.
    fn outputs(&self) -> &[Port];

    /// Words for the values of the first output, where the model has some.
    fn labels(&self) -> &[String] {
        &[]
    }

    /// One tensor for each input in order, one for each output comes back. The inputs were checked
    /// against the ports.
    ///
    /// # Errors
    ///
    /// `Failed`, or `Mismatch` where lengths that the model leaves open do not go together.
    fn run(&self, inputs: &[Tensor<'_>]) -> Result<Vec<OwnedTensor>, Error>;
}
