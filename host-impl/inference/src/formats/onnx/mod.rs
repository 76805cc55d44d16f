//! ONNX, as far as it is written here.

pub(crate) mod write;
