//! How much of its stack a thread has promised to guests it is in the middle of calling.
//!
//! A host may call a guest from inside of an import of another. Every such call may stack up to the
//! engine's limit of guest frames on the thread's own stack, and a stack that overflows takes the process
//! down; so there is an end to it. It knows nothing of guests.

use std::cell::Cell;
use std::marker::PhantomData;

/// The most that guests may have of a thread's stack in all, in bytes. It leaves a quarter of the 2 MiB
/// that Rust gives a thread to the host.
pub(crate) const MOST: usize = 1536 * 1024;

thread_local! {
    static PROMISED: Cell<usize> = const { Cell::new(0) };
}

/// One call that this thread is in the middle of.
#[derive(Debug)]
pub(crate) struct Nested {
    stack: usize,
    // Counted on this thread, so it has to end on this thread.
    not_send: PhantomData<*const ()>,
}

impl Nested {
    /// One more call, of a guest that may have `stack` bytes, unless there is no room for it.
    #[inline]
    pub(crate) fn enter(stack: usize) -> Option<Self> {
        PROMISED.with(|promised| {
            let with_this = promised.get() + stack;
            if with_this > MOST {
                return None;
            }
            promised.set(with_this);
            Some(Self {
                stack,
                not_send: PhantomData,
            })
        })
    }
}

impl Drop for Nested {
    #[inline]
    fn drop(&mut self) {
        PROMISED.with(|promised| promised.set(promised.get() - self.stack));
    }
}

#[cfg(test)]
mod tests {
    use super::{MOST, Nested};

    #[test]
    fn calls_nest_up_to_a_limit_and_unnest() {
        let inside: Vec<_> = (0..3).map(|_| Nested::enter(MOST / 3)).collect();
        assert!(inside.iter().all(Option::is_some));
        assert!(Nested::enter(MOST / 3).is_none());
        drop(inside);
        assert!(Nested::enter(MOST).is_some());
    }
}
