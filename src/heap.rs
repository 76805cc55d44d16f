//! The allocator that guests for `wasm32-unknown-unknown` may ask for.
//!
//! It knows the linker's symbols through `dlmalloc`, and nothing of ABIs.

use std::alloc::{GlobalAlloc, Layout};
use std::fmt;

/// An allocator for guests without WASI, whose calls run in new instances.
///
/// The allocator of Rust's standard library for `wasm32-unknown-unknown` leaves what is left of the
/// last page behind a guest's data unused, and grows the guest's memory at the first allocation.
/// The host has to make that page accessible and take it back again, for each new instance. This
/// one begins with what is left, a few kilobytes in most guests, and grows the memory after that.
/// It is `dlmalloc` like the other.
///
/// ```
/// #[global_allocator]
/// static HEAP: abide::Heap = abide::Heap::new();
/// ```
///
/// For every other target it is the [system's allocator](std::alloc::System): the ones of WASI
/// begin with what is left by themselves.
pub struct Heap(inner::Heap);

impl Heap {
    /// An allocator that has given nothing away yet. There can be one in a program.
    #[must_use]
    pub const fn new() -> Self {
        Self(inner::HEAP)
    }
}

impl Default for Heap {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Heap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Heap").finish_non_exhaustive()
    }
}

// SAFETY: what is asked for is handed on as it is to an allocator that keeps the contract.
unsafe impl GlobalAlloc for Heap {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller keeps the contract.
        unsafe { self.0.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        // SAFETY: the caller keeps the contract.
        unsafe { self.0.dealloc(at, layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller keeps the contract.
        unsafe { self.0.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: the caller keeps the contract.
        unsafe { self.0.realloc(at, layout, size) }
    }
}

#[cfg(not(all(
    target_family = "wasm",
    target_os = "unknown",
    not(target_feature = "atomics")
)))]
mod inner {
    pub(super) use std::alloc::System as Heap;

    pub(super) const HEAP: Heap = Heap;
}

#[cfg(all(
    target_family = "wasm",
    target_os = "unknown",
    not(target_feature = "atomics")
))]
mod inner {
    use std::alloc::{GlobalAlloc, Layout};
    use std::cell::UnsafeCell;

    use dlmalloc::Dlmalloc;

    /// How much it takes at once, in bytes, of what the linker left. Of the memory it takes whole
    /// pages of wasm in any case.
    const STEP: usize = 4096;

    #[expect(
        clippy::declare_interior_mutable_const,
        reason = "each that is made of it is one of its own"
    )]
    pub(super) const HEAP: Heap = {
        let mut heap = Dlmalloc::new();
        assert!(heap.set_granularity(STEP));
        Heap(UnsafeCell::new(heap))
    };

    pub(super) struct Heap(UnsafeCell<Dlmalloc>);

    // SAFETY: a module without atomics has one thread.
    unsafe impl Sync for Heap {}

    impl Heap {
        /// # Safety
        ///
        /// There is no other reference to it. One lives no longer than a call of one of the
        /// functions below, none of which calls back.
        #[expect(clippy::mut_from_ref, reason = "allocators are called by reference")]
        unsafe fn dlmalloc(&self) -> &mut Dlmalloc {
            // SAFETY: as said above.
            unsafe { &mut *self.0.get() }
        }
    }

    // SAFETY: `dlmalloc` keeps the contract.
    unsafe impl GlobalAlloc for Heap {
        unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
            // SAFETY: the reference is gone when this returns.
            unsafe { self.dlmalloc().malloc(layout.size(), layout.align()) }
        }

        unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
            // SAFETY: the reference is gone when this returns; the caller keeps the contract.
            unsafe { self.dlmalloc().free(at, layout.size(), layout.align()) }
        }

        unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
            // SAFETY: the reference is gone when this returns.
            unsafe { self.dlmalloc().calloc(layout.size(), layout.align()) }
        }

        unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
            // SAFETY: the reference is gone when this returns; the caller keeps the contract.
            unsafe {
                self.dlmalloc()
                    .realloc(at, layout.size(), layout.align(), size)
            }
        }
    }
}
