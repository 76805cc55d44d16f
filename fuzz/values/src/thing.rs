//! What a host has for every resource that it provides, and a count of those there are.

use std::cell::Cell;

use crate::run::Failure;
use crate::show::show_handle;
use crate::{Any, Rng, Show};

/// The value behind a handle. It knows nothing but the number that tells it from others.
#[derive(Debug)]
pub struct Thing(u64);

thread_local! {
    /// A guest's imports run on the thread of its caller, and so do drops.
    static ALIVE: Cell<i64> = const { Cell::new(0) };
}

impl Thing {
    /// The thing of this number.
    #[must_use]
    pub fn new(label: u64) -> Self {
        ALIVE.set(ALIVE.get() + 1);
        Self(label)
    }

    /// Its number.
    #[must_use]
    pub fn label(&self) -> u64 {
        self.0
    }

    /// Fails if this thread has made things that are still there, or that went twice.
    ///
    /// # Errors
    ///
    /// There are some, and how many.
    pub fn all_gone() -> Result<(), Failure> {
        match ALIVE.replace(0) {
            0 => Ok(()),
            alive => Err(format!("{alive} resources are left when the guest is gone").into()),
        }
    }
}

impl Drop for Thing {
    fn drop(&mut self) {
        ALIVE.set(ALIVE.get() - 1);
    }
}

impl Any for Thing {
    fn any(rng: &mut Rng) -> Self {
        Self::new(crate::label(rng))
    }
}

impl Show for Thing {
    fn show(&self, out: &mut String) {
        show_handle(out, self.0);
    }
}
