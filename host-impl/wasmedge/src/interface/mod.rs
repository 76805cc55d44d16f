//! What modules on the published crate `wasmedge_tensorflow_interface` import, of both its
//! interfaces: that of 0.2.2, with long names and without statuses, and that of 0.3.0.
//!
//! Pictures and models are the business of `abide-image-host` and `abide-inference-host`. Here is how
//! they are asked for, and what an instance keeps.

mod image;
mod lite;
mod places;
mod port;
mod sessions;
mod status;
mod tensorflow;
mod wasmedge;

pub use sessions::{Alive, Limits};
pub use wasmedge::WasmEdge;
