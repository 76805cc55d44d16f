//! Sessions are opened on fibres: the breaker is asked, and an instance made that is kept.
//!
//! It knows no calls.

use std::sync::Arc;
use std::time::Instant;

use crate::call::request::Request;
use crate::error::Result;
use crate::error::outcome::{Outcome, Unserved};
use crate::guard::breaker::Circuit;
use crate::guard::fork;
use crate::handle::admission::{admit, record};
use crate::handle::handle::Handle;
use crate::handle::loaded::Opened;
use crate::handle::session::Session;
use crate::handle::world_handle::WorldHandle;
use crate::keep::slot::Slot;
use crate::values::signature::Function;

impl<W: WorldHandle> Handle<W> {
    /// What [`session`](Self::session) does.
    ///
    /// # Errors
    /// Those of [`session`](Self::session).
    pub async fn session_async(&self) -> Result<Session<W>> {
        let opened = self.open_async().await;
        let opened = opened.map_err(|unserved| self.failed(unserved))?;
        Ok(self.opened(opened))
    }

    async fn open_async(&self) -> Outcome<Opened<W>> {
        fork::refuse().map_err(Unserved::refused)?;
        let loaded = Arc::clone(&self.shared.current.read());
        let plan = &loaded.plan;
        let request = Request::new(Function::START, self.cancel.as_ref());
        let circuit = self.shared.circuit.as_ref();
        admit(loaded.guest(), circuit, request, Instant::now())?;
        let trial = Trial(circuit);
        let started = plan.instantiate_async(request, &self.shared.counters, true);
        let started = started.await;
        let error = started.as_ref().err().map(|unserved| unserved.error());
        record(trial.end(), Instant::now(), error);
        let instance = started?;
        let (wait, stack) = (plan.charter.limits.wait, self.shared.stack);
        let slot = Slot::new(loaded.guest(), wait, stack, instance).on_fibres();
        Ok(Opened { loaded, slot })
    }
}

/// What was admitted, and has to be recorded. Dropped before its [end](Self::end), it says nothing of
/// the guest.
struct Trial<'a>(Option<&'a Circuit>);

impl<'a> Trial<'a> {
    fn end(mut self) -> Option<&'a Circuit> {
        self.0.take()
    }
}

impl Drop for Trial<'_> {
    fn drop(&mut self) {
        if let Some(circuit) = self.0 {
            circuit.record_nothing(Instant::now());
        }
    }
}
