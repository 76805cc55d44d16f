//! What is known of a module beside its store: where its memory is, and what makes room in it.

use wasmtime::{AsContextMut, Instance, Memory, TypedFunc};

use super::watch::Watch;

/// What makes room in a guest's memory.
pub(crate) enum Allocate {
    /// It is given a size.
    Sized(TypedFunc<u32, u32>),
    /// It is given a size, and what the place is to be a multiple of.
    Aligned(TypedFunc<(u32, u32), u32>),
}

impl Allocate {
    /// The function of a name, if an instance exports it and it is one that makes room.
    pub(crate) fn find(
        instance: &Instance,
        mut store: impl AsContextMut,
        name: &str,
    ) -> Option<Self> {
        let func = instance.get_func(&mut store, name)?;
        let sized = func.typed(&store).map(Self::Sized);
        let found = sized.or_else(|_| func.typed(&store).map(Self::Aligned));
        found.ok()
    }

    /// Has it make room for so many bytes. Where that is; 0 if there is none.
    #[inline]
    pub(super) fn call(&self, store: impl AsContextMut, len: u32) -> wasmtime::Result<u32> {
        match self {
            Self::Sized(allocate) => allocate.call(store, len),
            // What is passed is bytes.
            Self::Aligned(allocate) => allocate.call(store, (len, 1)),
        }
    }
}

/// What is known of a module's instance once it is there.
pub(crate) struct GuestMemory {
    /// The memory that arguments are in, if the guest exports one.
    pub(crate) memory: Option<Memory>,
    /// What makes room in it, if the guest has that and is not just making some.
    pub(crate) allocate: Option<Allocate>,
    /// What the guest calls it.
    pub(crate) allocator: &'static str,
    /// Whether it is just making some.
    pub(crate) is_allocating: bool,
    /// How many bytes of the host's memory one call of an import may take.
    pub(crate) most_taken: usize,
    /// Whom callbacks are told to.
    pub(crate) watch: Watch,
}
