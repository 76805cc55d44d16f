//! The formats that models have: TensorFlow Lite is read here, ONNX is written, and numbers are turned
//! from what the one has for them into what the other has.
//!
//! Knows no engine.

pub(crate) mod onnx;
pub(crate) mod real;
pub(crate) mod tflite;
pub(crate) mod translated;
