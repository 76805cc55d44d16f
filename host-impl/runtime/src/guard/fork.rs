//! Whether this process was forked off one that had an engine.
//!
//! In such a process there is none of the other threads: not those that tick for deadlines and end
//! idle instances, and not those that hold a lock or an instance this very moment. So guests are
//! neither loaded nor called in it, and nothing is waited for.

use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::error::{Error, Result};

static FORKED: AtomicBool = AtomicBool::new(false);

/// Whether this process was forked since [`watch`] was called for the first time.
#[inline]
pub(crate) fn has_happened() -> bool {
    FORKED.load(Ordering::Relaxed)
}

/// Has it found out from now on. `in_child` runs in the new process, on the only thread that it
/// has, where neither a lock may be taken nor memory be allocated.
#[cfg_attr(
    not(unix),
    expect(unused_variables, reason = "no process is forked there")
)]
pub(crate) fn watch(in_child: extern "C" fn()) {
    static WATCHING: Once = Once::new();
    WATCHING.call_once(|| {
        #[cfg(unix)]
        // SAFETY: the functions that are registered are there for as long as the process, and do
        // what may be done between `fork` and the rest: one writes to a static, the other promises
        // it. If they cannot be registered for lack of memory, forks are not found out.
        unsafe {
            libc::pthread_atfork(None, None, Some(note));
            libc::pthread_atfork(None, None, Some(in_child));
        }
    });
}

/// Runs in the new process.
#[cfg(unix)]
extern "C" fn note() {
    FORKED.store(true, Ordering::Relaxed);
}

/// Nothing, unless this process was forked.
///
/// # Errors
/// [`Error::Forked`].
pub(crate) fn refuse() -> Result<()> {
    match has_happened() {
        true => Err(Error::Forked),
        false => Ok(()),
    }
}
