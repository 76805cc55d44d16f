//! What the store of one instance carries: the host's own state and the runtime's beside it.
//!
//! It knows no types of the host or of the world; both are behind `dyn Any` and closures.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use crate::limits::Limits;
use crate::meter::Meter;
use crate::wasi::Granted;

/// The data of an instance's store.
#[doc(hidden)]
pub struct State {
    /// The host. Taken out while an import runs, so that the import may borrow from the store.
    pub(crate) host: Option<Box<dyn Any + Send>>,
    pub(crate) guest: Arc<str>,
    pub(crate) limits: Arc<Limits>,
    pub(crate) meter: Meter,
    /// The message of the guest's last panic, where the guest sent one.
    pub(crate) panic: Option<Box<str>>,
    pub(crate) wasi: Option<Box<Granted>>,
}

impl State {
    pub(crate) fn new(
        guest: &Arc<str>,
        limits: &Arc<Limits>,
        host: Box<dyn Any + Send>,
        wasi: Option<Box<Granted>>,
    ) -> Self {
        Self {
            host: Some(host),
            guest: Arc::clone(guest),
            limits: Arc::clone(limits),
            meter: Meter::new(limits),
            panic: None,
            wasi,
        }
    }

    /// Forgets what only the error of a failed call would have told.
    pub(crate) fn settle(&mut self) {
        if self.panic.is_some() {
            self.panic = None;
        }
        self.meter.forgive();
        if let Some(wasi) = &self.wasi {
            wasi.stderr.forget();
        }
    }
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("State")
            .field("guest", &self.guest)
            .finish_non_exhaustive()
    }
}

/// A host that instances are made for: each gets a clone of its own.
pub(crate) trait HostState: Send + Sync {
    fn fresh(&self) -> Box<dyn Any + Send>;
}

impl<H: Clone + Send + Sync + 'static> HostState for H {
    fn fresh(&self) -> Box<dyn Any + Send> {
        Box::new(self.clone())
    }
}
