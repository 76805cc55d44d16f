//! What a host of modules is told of its calls of a guest, with the host's type forgotten.

use crate::values::erased::Erased;

/// Whom callbacks are told to.
#[derive(Clone, Copy)]
pub(crate) struct Watch {
    /// A callback of this name begins, with these raw arguments.
    pub(super) begins: fn(&mut (dyn Erased + 'static), &'static str, &[u64]),
    /// It returned, with this raw result.
    pub(super) ended: fn(&mut (dyn Erased + 'static), &'static str, Option<u64>),
    /// The allocator of this name is to make room for so many bytes.
    pub(super) allocates: fn(&mut (dyn Erased + 'static), &'static str, u32),
    /// It has made it there.
    pub(super) allocated: fn(&mut (dyn Erased + 'static), &'static str, u32),
}
