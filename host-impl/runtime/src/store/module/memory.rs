//! What is known of a module beside its store: where its memory is, and what makes room in it.

use wasmtime::{Memory, TypedFunc};

use super::watch::Watch;

/// What is known of a module's instance once it is there.
pub(crate) struct GuestMemory {
    /// The memory that arguments are in, if the guest exports one.
    pub(crate) memory: Option<Memory>,
    /// What makes room in it, if the guest has that and is not just making some.
    pub(crate) allocate: Option<TypedFunc<u32, u32>>,
    /// What the guest calls it.
    pub(crate) allocator: &'static str,
    /// Whether it is just making some.
    pub(crate) is_allocating: bool,
    /// How many bytes of the host's memory one call of an import may take.
    pub(crate) most_taken: usize,
    /// Whom callbacks are told to.
    pub(crate) watch: Watch,
}
