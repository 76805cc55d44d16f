//! Sessions are opened on fibres: the breaker is asked, and an instance made that is kept.
//!
//! It knows no calls.

use std::sync::Arc;
use std::time::Instant;

use crate::call::request::Request;
use crate::error::outcome::{Outcome, Unserved};
use crate::error::{Error, Result};
use crate::guard::breaker::{Admitted, Circuit};
use crate::guard::fork;
use crate::handle::admission::{admit, record, record_nothing};
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
        let admitted = admit(loaded.guest(), circuit, request, Instant::now())?;
        let opening = Opening(circuit, admitted);
        let started = plan.instantiate_async(request, &self.shared.counters, true);
        let started = started.await;
        let error = started.as_ref().err().map(|unserved| unserved.error());
        opening.end(error);
        let instance = started?;
        let (wait, stack) = (plan.charter.limits.wait, self.shared.stack);
        let slot = Slot::new(loaded.guest(), wait, stack, instance).on_fibres();
        Ok(Opened { loaded, slot })
    }
}

/// What was admitted, and has to be recorded. Dropped before its [end](Self::end), it says nothing of
/// the guest.
struct Opening<'a>(Option<&'a Circuit>, Option<Admitted>);

impl Opening<'_> {
    fn end(mut self, error: Option<&Error>) {
        record(self.0, self.1.take(), Instant::now(), error);
    }
}

impl Drop for Opening<'_> {
    fn drop(&mut self) {
        record_nothing(self.0, self.1, Instant::now());
    }
}
