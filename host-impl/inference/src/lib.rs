//! The part of a host for guests that run models, over the WIT of [`abide_inference`].
mod engine;
mod limits;

pub use abide_blocking::Bounds;
pub use abide_inference::model::{
    Element, Encoding, Error, Port, Quantization, Target, Tensor as OwnedTensor,
};
pub use engine::{Engine, Model, Tensor};
pub use limits::Limits;
