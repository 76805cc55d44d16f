//! How much of models a guest may have: numbers and their defaults.

use abide_blocking::Bounds;

const MIB: usize = 1024 * 1024;

/// What models may cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// How many bytes a model may have that a guest brings. Default: 64 MiB.
    pub model_bytes: usize,
    /// How many bytes the tensors of one run may have that go in, and that come out. Of a model that
    /// a guest brings, all within it together. Default: 256 MiB.
    pub tensor_bytes: usize,
    /// How many multiplications one run may take of a model that a guest brings. No run can be
    /// interrupted, so this is what bounds its time. Default: 10 billion, some seconds of one
    /// processor.
    pub multiplications: u64,
    /// Whether guests that may bring models may bring such of ONNX, too. What those cost in a run is not
    /// known before, neither memory nor time: it is for guests that the host trusts with both. Default:
    /// no.
    pub onnx: bool,
    /// How many graphs an instance of a guest may have at a time. Default: 8.
    pub graphs: u32,
    /// How many models that guests brought are kept for the next who brings them. Default: 8.
    pub kept: usize,
    /// How many bytes the models may have, as they were brought, that are kept or in use. In memory
    /// they may be five times that. Default: 256 MiB.
    pub kept_bytes: usize,
    /// How many threads one run may use, of an engine that uses several; that of this crate does not.
    /// Default: 1.
    pub threads: usize,
    /// How many models are run and loaded at a time.
    pub work: Bounds,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            model_bytes: 64 * MIB,
            tensor_bytes: 256 * MIB,
            multiplications: 10_000_000_000,
            onnx: false,
            graphs: 8,
            kept: 8,
            kept_bytes: 256 * MIB,
            threads: 1,
            work: Bounds::default(),
        }
    }
}
