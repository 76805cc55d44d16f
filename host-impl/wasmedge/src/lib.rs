//! Runs modules that were made for WasmEdge, and modules after wasm-bindgen's command line: plain
//! modules of three ABIs, as they were published, with the limits, deadlines, errors and everything
//! else that guests of Abide have.
//!
//! | what a module was made with | who runs it |
//! | --- | --- |
//! | crates.io `wasmedge_tensorflow_interface` 0.2.2, 0.3.0 | [`WasmEdge`] is its host, with the feature `interface`, which is on by default |
//! | crates.io `wasmedge-bindgen` 0.4.1 | [`Bindgen`] calls its functions |
//! | wasm-bindgen's command line | [`WasmBindgen`] calls its functions |
//!
//! ```no_run
//! use abide_inference_host::Models;
//! use abide_wasmedge::{Bindgen, WasmEdge};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // Pictures and models are the host's; the guest brings its model along, as was usual.
//! let models = Models::builder().build()?;
//! let classify = Bindgen::load_module("classify.wasm", WasmEdge::new(models))?;
//! let (model, photo) = (std::fs::read("model.tflite")?, std::fs::read("cat.jpg")?);
//! let scores: Vec<u8> = classify.call("classify", (&model, &photo))?;
//! # Ok(())
//! # }
//! ```
//!
//! - Each call runs in an instance of its own, unless `load_with` says otherwise; a `session` is one
//!   that lasts. What a module has of its host ends with the instance.
//! - `_initialize` or `_start` is run before anything else. For modules that export neither functions
//!   of wasmedge-bindgen nor of wasm-bindgen, make a handle with
//!   [`abide::module_exports`](macro@abide::module_exports), and give it [`WasmEdge`] as its host.
//! - What a guest is granted of WASI is what [`Wasi`](abide::Wasi) says, with the feature `wasip1`,
//!   which is on by default.

pub mod bindgen;
#[cfg(feature = "interface")]
mod interface;
mod nothing;
pub mod wasm_bindgen;

pub use bindgen::Bindgen;
#[cfg(feature = "interface")]
pub use interface::{Alive, Limits, WasmEdge};
pub use nothing::Nothing;
pub use wasm_bindgen::WasmBindgen;
