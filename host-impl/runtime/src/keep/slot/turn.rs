//! Tasks that use a session's instance, one after the other, in the order in which they came.
//!
//! Whose turn it is may go on on another thread. It knows nothing of what is called.

use std::fmt;
use std::sync::Arc;

use super::Slot;
use crate::call::fibre::Site;
use crate::call::instance::{Instance, Plan};
use crate::call::request::Request;
use crate::engine::permits::{Denied, Permit, Permits};
use crate::error::outcome::{Outcome, Unserved};
use crate::guard::nesting::Inside;
use crate::keep::exclusive::{ByTask, Use};
use crate::values::signature::Function;

/// The use of a slot's instance by one task. Dropped before the instance is [kept](Self::keep), it
/// discards the instance.
pub(crate) struct Turn<'a> {
    slot: &'a Slot,
    // In the order in which they are dropped: whoever is next finds the instance free, or gone.
    instance: Option<Use<'a, Option<Box<Instance>>, ByTask>>,
    _permit: Permit,
}

impl Slot {
    /// The same place for an instance whose guest runs on fibres.
    pub(crate) fn on_fibres(self) -> Self {
        Self {
            turns: Some(Arc::new(Permits::new(1))),
            ..self
        }
    }

    /// What tells this session from others.
    fn address(&self) -> usize {
        std::ptr::from_ref(self).addr()
    }

    /// What is known of an instance that is made from `plan` and lives here.
    pub(crate) fn site<'a>(&self, plan: &'a Plan) -> Site<'a> {
        plan.site(Some(self.address()))
    }

    /// The use of the instance, alone, as soon as it is this task's turn. Whoever drops the future
    /// leaves the line.
    ///
    /// Resources that were dropped meanwhile are released first. Their destructors have the time of
    /// one call together, like those of a guest that does not run on fibres. If one of them fails,
    /// the session ends.
    pub(crate) async fn turn(&self, request: Request<'_>, plan: &Plan) -> Outcome<Turn<'_>> {
        if Inside::is(self.address()) {
            return Err(self.reentrant(request));
        }
        // Before the line: the host's state may call the session while it is dropped with the
        // instance, on a task whose turn is not over.
        if !self.is_alive() {
            return Err(self.discarded(request));
        }
        let Some(turns) = &self.turns else {
            return Err(self.discarded(request));
        };
        let clock = plan.engine.clock();
        let (no_room, cancel) = (|| false, request.cancel.map(Arc::as_ref));
        let permit = Permits::acquire_async(turns, 1, self.wait, clock, no_room, cancel).await;
        let permit = permit.map_err(|denied| match denied {
            Denied::Cancelled => Unserved::refused(request.cancelled(&self.guest)),
            Denied::TimedOut { .. } => self.busy(request),
        })?;
        // Nobody else looks: whose turn it is finds it free.
        let instance = self.instance.try_use_by();
        if instance.as_deref().is_none_or(Option::is_none) {
            return Err(self.discarded(request));
        }
        let mut turn = Turn {
            slot: self,
            instance,
            _permit: permit,
        };
        if self.dropped.is_any() {
            turn.release_dropped(request, plan).await?;
        }
        Ok(turn)
    }
}

impl Turn<'_> {
    /// The instance.
    pub(crate) fn instance(&mut self) -> Option<&mut Instance> {
        self.instance.as_mut()?.as_deref_mut()
    }

    /// The call is over, and the instance can be used again.
    ///
    /// It is the next one's turn when this is dropped.
    pub(crate) fn keep(&mut self) {
        // What is no longer there cannot be discarded.
        self.instance = None;
    }

    #[cold]
    async fn release_dropped(&mut self, request: Request<'_>, plan: &Plan) -> Outcome {
        let slot = self.slot;
        let release = Request::new(Function::RELEASE, request.cancel);
        for resource in slot.dropped.take() {
            let Some(instance) = self.instance() else {
                break;
            };
            let released = instance.release_async(resource, release, slot.site(plan));
            if let Err(unserved) = released.await {
                tracing::warn!(
                    target: "abide::host",
                    "a session of guest `{}` ends: {}", slot.guest, unserved.error()
                );
                return Err(match request.is_cancelled() {
                    true => Unserved::refused(request.cancelled(&slot.guest)),
                    false => slot.discarded(request),
                });
            }
        }
        Ok(())
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        if let Some(instance) = &mut self.instance {
            self.slot.discard(instance);
        }
    }
}

impl fmt::Debug for Turn<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Turn")
            .field("slot", self.slot)
            .finish_non_exhaustive()
    }
}
