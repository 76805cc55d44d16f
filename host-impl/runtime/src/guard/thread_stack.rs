//! Where the stack of a thread is.

/// The addresses that a stack has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Bounds {
    /// The lowest that may be written to.
    pub(crate) low: usize,
    /// Behind the highest.
    pub(crate) high: usize,
}

/// The bounds of this thread's stack, where the operating system tells them.
#[cfg(any(target_os = "linux", target_os = "android"))]
pub(crate) fn bounds() -> Option<Bounds> {
    let mut attributes = std::mem::MaybeUninit::<libc::pthread_attr_t>::uninit();
    let (mut low, mut size, mut guard) = (std::ptr::null_mut(), 0, 0);
    // SAFETY: `pthread_getattr_np` fills in the attributes of the thread that calls it, or says
    // that it did not; only what it filled in is read and then destroyed, once. The other pointers
    // are to locals of the right types.
    let told = unsafe {
        let attributes = attributes.as_mut_ptr();
        if libc::pthread_getattr_np(libc::pthread_self(), attributes) != 0 {
            return None;
        }
        let told = libc::pthread_attr_getstack(attributes, &raw mut low, &raw mut size) == 0
            && libc::pthread_attr_getguardsize(attributes, &raw mut guard) == 0;
        libc::pthread_attr_destroy(attributes);
        told
    };
    // Some C libraries count the guard page as part of the stack; where it is not, a page is no
    // loss.
    told.then(|| Bounds {
        low: low.addr() + guard,
        high: low.addr() + size,
    })
}

/// The bounds of this thread's stack, where the operating system tells them.
#[cfg(target_os = "macos")]
pub(crate) fn bounds() -> Option<Bounds> {
    // SAFETY: both ask about the thread that calls them, and cannot fail.
    let (high, size) = unsafe {
        let thread = libc::pthread_self();
        (
            libc::pthread_get_stackaddr_np(thread),
            libc::pthread_get_stacksize_np(thread),
        )
    };
    let high = high.addr();
    Some(Bounds {
        low: high.checked_sub(size)?,
        high,
    })
}

/// The bounds of this thread's stack, where the operating system tells them.
#[cfg(not(any(target_os = "linux", target_os = "android", target_os = "macos")))]
pub(crate) fn bounds() -> Option<Bounds> {
    None
}

#[cfg(all(test, any(target_os = "linux", target_os = "macos")))]
mod tests {
    use super::bounds;

    #[test]
    fn a_stack_is_at_least_as_large_as_was_asked_for_and_around_its_locals() {
        for size in [128 * 1024, 1 << 20, 64 << 20] {
            let thread = std::thread::Builder::new().stack_size(size);
            let thread = thread.spawn(move || {
                let local = 0_u8;
                let here = std::ptr::from_ref(&local).addr();
                let Some(bounds) = bounds() else {
                    panic!("it is not told");
                };
                assert!(bounds.low < here && here < bounds.high, "{bounds:?}");
                // Threads may be given the stack of one that has ended, which may be larger.
                let found = bounds.high - bounds.low;
                assert!((size - 64 * 1024..=size * 5).contains(&found), "{found}");
            });
            assert!(thread.is_ok_and(|thread| thread.join().is_ok()));
        }
    }
}
