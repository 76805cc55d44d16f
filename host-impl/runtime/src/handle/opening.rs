//! Sessions are opened: the breaker is asked, and an instance made that is kept.
//!
//! It knows no calls.

use std::sync::Arc;
use std::time::Instant;

use super::admission::{admit, record};
use super::handle::Handle;
use super::loaded::Opened;
use super::refusals::cannot_enter;
use super::session::Session;
use super::world_handle::WorldHandle;
use crate::call::request::Request;
use crate::error::Result;
use crate::error::outcome::{Outcome, Unserved};
use crate::guard::fork;
use crate::guard::nesting::Nested;
use crate::keep::slot::Slot;
use crate::values::signature::Function;

impl<W: WorldHandle> Handle<W> {
    /// An instance of one's own, whose state is kept from call to call.
    ///
    /// # Errors
    /// What can happen when an instance starts: [`Busy`](crate::Error::Busy) if the engine holds as
    /// many as it can, and the failures of the guest's own start-up code.
    /// [`Cancelled`](crate::Error::Cancelled) if the handle is, and
    /// [`BreakerOpen`](crate::Error::BreakerOpen) if its breaker is: an opening counts for the
    /// breaker like a call.
    pub fn session(&self) -> Result<Session<W>> {
        let opened = self.open().map_err(|unserved| self.failed(unserved))?;
        Ok(self.opened(opened))
    }

    /// The session of an instance that was made for one.
    pub(super) fn opened(&self, opened: Opened<W>) -> Session<W> {
        let opened = Arc::new(opened);
        let mut handle = self.clone();
        handle.session = Some(Arc::clone(&opened));
        Session::new(W::from_handle(handle), opened)
    }

    fn open(&self) -> Outcome<Opened<W>> {
        fork::refuse().map_err(Unserved::refused)?;
        let loaded = Arc::clone(&self.shared.current.read());
        let plan = &loaded.plan;
        let stack = self.shared.stack;
        let request = Request::new(Function::START, self.cancel.as_ref());
        let _nested = Nested::enter(stack).map_err(|refused| {
            Unserved::refused(cannot_enter(refused, loaded.guest(), request.function))
        })?;
        let circuit = self.shared.circuit.as_ref();
        let admitted = admit(loaded.guest(), circuit, request, Instant::now())?;
        let started = plan.instantiate(request, &self.shared.counters, true);
        let error = started.as_ref().err().map(|unserved| unserved.error());
        record(circuit, admitted, Instant::now(), error);
        let instance = started?;
        let slot = Slot::new(loaded.guest(), plan.charter.limits.wait, stack, instance);
        Ok(Opened { loaded, slot })
    }
}
