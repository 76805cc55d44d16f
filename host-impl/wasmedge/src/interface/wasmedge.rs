//! The host that modules made for WasmEdge have.

use abide::module::{Imports, Linker};
use abide_inference_host::Models;

use super::sessions::{Alive, Limits, Sessions};

/// The host of modules that use the image and TensorFlow-Lite functions of WasmEdge. Each instance of
/// a module has a clone of it, with sessions and tensors of its own, which end with the instance.
///
/// Any handle on modules takes it: [`Bindgen`](crate::Bindgen), or one of your own, for modules that
/// export something else.
///
/// ```
/// use abide_image_host::Limits as Pictures;
/// use abide_inference_host::Models;
/// use abide_wasmedge::{Bindgen, Limits, WasmEdge};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let host = WasmEdge::new(Models::builder().build()?)
///     .pictures(Pictures { pixels: 20_000_000, ..Pictures::default() })
///     .limits(Limits { sessions: 4, ..Limits::default() });
/// // There is no such file here, and `load_module` says so.
/// let error = Bindgen::load_module("classify.wasm", host.clone()).unwrap_err();
/// assert!(error.to_string().contains("classify.wasm"));
/// assert_eq!(host.alive().sessions, 0);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct WasmEdge {
    pub(super) models: Models,
    pub(super) pictures: abide_image_host::Limits,
    pub(super) sessions: Sessions,
}

impl WasmEdge {
    /// A host whose guests bring their models along. What was loaded before is shared: by all
    /// instances, and all else that these `models` are used for.
    pub fn new(models: Models) -> Self {
        Self {
            models,
            pictures: abide_image_host::Limits::default(),
            sessions: Sessions::new(Limits::default()),
        }
    }

    /// How large pictures may be.
    #[must_use]
    pub fn pictures(mut self, limits: abide_image_host::Limits) -> Self {
        self.pictures = limits;
        self
    }

    /// How much of sessions and tensors one instance may have.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.sessions = Sessions::new(limits);
        self
    }

    /// What all instances of guests that this host and its clones were given to have right now.
    pub fn alive(&self) -> Alive {
        self.sessions.alive()
    }
}

impl Imports for WasmEdge {
    fn offer(linker: &mut Linker<'_, Self>) {
        Self::offer_wasmedge_image(linker);
        Self::offer_wasmedge_tensorflowlite(linker);
        Self::offer_wasmedge_tensorflow(linker);
    }
}
