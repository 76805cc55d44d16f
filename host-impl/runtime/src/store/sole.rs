//! A value that is reached by `&mut` only, and so can be shared between threads whatever it is.
//!
//! The data of a store is `Sync` thanks to this. Arguments that are borrowed from the store may
//! then be held across an `await`, by a future that moves between threads. It knows nothing of what
//! is in it.

/// A value without `&`.
pub(crate) struct Sole<T>(T);

// SAFETY: a shared `Sole` gives no access to its value: all there is takes `&mut self`, so that
// whoever gets at the value has the `Sole` to itself, on the one thread where it is.
unsafe impl<T> Sync for Sole<T> {}

impl<T> Sole<T> {
    pub(crate) const fn new(value: T) -> Self {
        Self(value)
    }

    #[inline(always)]
    pub(crate) fn get(&mut self) -> &mut T {
        &mut self.0
    }
}
