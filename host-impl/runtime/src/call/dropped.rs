//! The resources of one instance that the host no longer has and the guest still does: they wait to
//! be released until nobody uses the instance.
//!
//! It knows one instance, and nothing of who uses it when.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};

use parking_lot::Mutex;
use wasmtime::component::ResourceAny;

use crate::guard::fork;

/// Resources of the guest that wait to be released. There is one of these for an instance, which is
/// also what tells whose a resource is.
#[derive(Default)]
pub struct Dropped {
    waiting: Mutex<Vec<ResourceAny>>,
    /// Whether there are any: looked at after every use of the instance.
    is_any: AtomicBool,
}

impl Dropped {
    /// One more is to be released.
    pub(crate) fn add(&self, resource: ResourceAny) {
        // Of a process that was forked nobody knows who has the lock, and there are no calls any
        // more.
        if !fork::has_happened() {
            self.waiting.lock().push(resource);
            self.is_any.store(true, Ordering::Release);
        }
    }

    #[inline]
    pub(crate) fn is_any(&self) -> bool {
        self.is_any.load(Ordering::Acquire)
    }

    /// All of them, for the user of the instance.
    pub(crate) fn take(&self) -> Vec<ResourceAny> {
        self.is_any.store(false, Ordering::Release);
        std::mem::take(&mut *self.waiting.lock())
    }
}

impl fmt::Debug for Dropped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dropped")
            .field("is_any", &self.is_any)
            .finish_non_exhaustive()
    }
}
