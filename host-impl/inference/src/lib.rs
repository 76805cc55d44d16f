//! The part of a host for guests that run models, over the WIT of [`abide_inference`].
//!
//! ```standalone_crate
//! use abide_inference_host::{Inference, Models};
//!
//! abide::abi!({
//!     inline: "
//!         package demo:classifier;
//!         world classifier {
//!             import abide:inference/model@0.1.0;
//!             export best: func(pixels: list<u8>) -> result<string, string>;
//!         }
//!     ",
//!     wit: "../../abi/inference/wit",
//!     with: { "abide:inference/model": abide_inference::model },
//! });
//!
//! # fn main() {
//! // There is no such file here, and `build` says so.
//! let error = Models::builder().model("mobilenet", "mobilenet.tflite").build().unwrap_err();
//! assert!(error.to_string().contains("mobilenet.tflite"));
//! // Without models there is nothing to open. There is no such guest, either.
//! let models = Models::builder().build().unwrap();
//! let error = host::Classifier::load("guest.wasm", Inference::new(models)).unwrap_err();
//! assert!(error.to_string().contains("guest.wasm"));
//! # }
//! ```
//!
//! - [`Models`] are what all guests of a host share: models with names, loaded once; models that guests
//!   brought, kept for the next who brings the same bytes; and the line of those who want one run.
//! - [`Inference`] is a host, or a part of one by `#[derive(abide::Host)]` and `#[host(model)]`, for
//!   `host` and, with the feature `async`, for `host_async`.
//! - [`Engine`] and [`Model`] are what stands behind it. `Tract`, with the feature `tract`, is the one of
//!   this crate; `OnnxRuntime`, with the feature `onnxruntime`, has models run by that library, which is
//!   loaded when a program runs.
//!
//! **A run cannot be interrupted.** Its time counts to the deadline of the call that it is part of, and
//! a call whose time is over ends when its run does; where calls are awaited it ends at once, and the
//! run goes on for itself, in its place of the line ([`Limits::work`]). So what a run may cost is
//! bounded before: a model that a guest brings is looked through, and its multiplications and the
//! bytes of its tensors are counted ([`Limits`]).
//!
//! **A model is hostile** if a guest brought it: every offset, shape and number in it is checked, what
//! is wrong is an error with a type, and a panic of the engine is one, too.

#[cfg(feature = "async")]
mod awaited;
mod builder;
mod check;
mod engine;
#[cfg_attr(
    not(any(feature = "onnxruntime", feature = "tract")),
    allow(dead_code, reason = "without an engine nothing is translated")
)]
mod formats;
mod inference;
mod kept;
mod limits;
mod models;
#[cfg(feature = "onnxruntime")]
mod onnxruntime;
mod sync;
#[cfg(feature = "tract")]
mod tract;

pub use abide_blocking::Bounds;
pub use abide_inference::model::{
    Element, Encoding, Error, Port, Quantization, Target, Tensor as OwnedTensor,
};
pub use builder::{BuildError, ModelsBuilder, Source};
pub use engine::{Engine, Loading, Model, Tensor};
pub use inference::{Graph, Inference};
pub use limits::Limits;
pub use models::Models;
#[cfg(feature = "onnxruntime")]
pub use onnxruntime::{OnnxRuntime, OnnxRuntimeError};
#[cfg(feature = "tract")]
pub use tract::Tract;
