//! How many calls of guests a thread is in the middle of.
//!
//! A host may call a guest from inside of an import of another. Every such call stacks up to 512 KiB of
//! guest frames on the thread's own stack, and a stack that overflows takes the process down; so there is
//! an end to it. It knows nothing of guests.

use std::cell::Cell;
use std::marker::PhantomData;

/// The most calls inside of one another, the outermost included. Three full stacks of guests leave a
/// quarter of the 2 MiB that Rust gives a thread to the host.
pub(crate) const MOST: u32 = 3;

thread_local! {
    static DEPTH: Cell<u32> = const { Cell::new(0) };
}

/// One call that this thread is in the middle of.
#[derive(Debug)]
pub(crate) struct Nested {
    // Counted on this thread, so it has to end on this thread.
    not_send: PhantomData<*const ()>,
}

impl Nested {
    /// One more call, unless there are too many.
    #[inline]
    pub(crate) fn enter() -> Option<Self> {
        DEPTH.with(|depth| {
            if depth.get() >= MOST {
                return None;
            }
            depth.set(depth.get() + 1);
            Some(Self {
                not_send: PhantomData,
            })
        })
    }
}

impl Drop for Nested {
    #[inline]
    fn drop(&mut self) {
        DEPTH.with(|depth| depth.set(depth.get() - 1));
    }
}

#[cfg(test)]
mod tests {
    use super::{MOST, Nested};

    #[test]
    fn calls_nest_up_to_a_limit_and_unnest() {
        let inside: Vec<_> = (0..MOST).map(|_| Nested::enter()).collect();
        assert!(inside.iter().all(Option::is_some));
        assert!(Nested::enter().is_none());
        drop(inside);
        assert!(Nested::enter().is_some());
    }
}
