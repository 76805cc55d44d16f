//! The handle on a loaded guest, behind every type that generated code offers to callers.
//!
//! It decides which instance serves a call. It knows nothing of how one is made or called.

use std::fmt;
use std::sync::Arc;

use wasmtime::component::{ComponentNamedList, Lift, Lower};

use crate::error::{Error, Result, boxed};
use crate::export::Export;
use crate::instance::Plan;
use crate::nesting::{self, Nested};
use crate::passing::Passing;
use crate::session::{Session, Slot};
use crate::world::World;

/// What is called where an instance starts before anything of the world is called.
const START: &str = "start";

/// A loaded guest of world `W`: cheap to clone, and callable from any thread.
pub struct Handle<W: World> {
    loaded: Arc<Loaded<W>>,
    policy: Policy,
}

/// A guest as it was loaded, shared by all handles on it.
struct Loaded<W: World> {
    plan: Plan,
    exports: W::Exports,
}

/// Which instance serves a call.
#[derive(Debug, Clone)]
enum Policy {
    /// A new one for each call, dropped after it.
    Fresh,
    /// The one of a session.
    Session(Arc<Slot>),
}

impl<W: World> Handle<W> {
    pub(crate) fn new(plan: Plan, exports: W::Exports) -> Self {
        Self {
            loaded: Arc::new(Loaded { plan, exports }),
            policy: Policy::Fresh,
        }
    }

    /// The world's exports in this guest.
    pub fn exports(&self) -> &W::Exports {
        &self.loaded.exports
    }

    /// Calls an export.
    ///
    /// # Errors
    /// Whatever of [`Error`](crate::Error) can happen after loading.
    pub fn call<P, R>(&self, export: &Export<P, R>, params: P) -> Result<R>
    where
        P: ComponentNamedList + Lower,
        R: ComponentNamedList + Lift + 'static,
    {
        // Before anything else: a call that is refused here leaves a session's instance as it is.
        let _nested = self.enter(&export.signature().path())?;
        match &self.policy {
            Policy::Fresh => {
                let function = export.signature().path();
                let mut instance = self.loaded.plan.instantiate(&function)?;
                instance.call(export, params)
            }
            Policy::Session(slot) => slot.call(export, params),
        }
    }

    /// Calls an export that passes handles on resources: `prepare` makes the parameters, `finish` the
    /// result. `in_session` is whether some are on resources of the guest's.
    ///
    /// # Errors
    /// Those of [`call`](Self::call); [`Error::NeedsSession`] without a session where one is needed; what
    /// [`Passing`] finds wrong with the handles.
    pub fn call_with<'x, P, R, T>(
        &self,
        in_session: bool,
        export: &Export<P, R>,
        prepare: impl FnOnce(&mut Passing<'_, 'x>) -> Result<P>,
        finish: impl FnOnce(&mut Passing<'_, 'x>, R) -> Result<T>,
    ) -> Result<T>
    where
        P: ComponentNamedList + Lower,
        R: ComponentNamedList + Lift + 'static,
    {
        let function = export.signature().path();
        let _nested = self.enter(&function)?;
        match &self.policy {
            Policy::Fresh if in_session => Err(Error::NeedsSession {
                guest: Arc::clone(&self.loaded.plan.guest),
                function: boxed(&function),
            }),
            Policy::Fresh => {
                let mut instance = self.loaded.plan.instantiate(&function)?;
                instance.call_with(None, export, prepare, finish)
            }
            Policy::Session(slot) => Slot::call_with(slot, export, prepare, finish),
        }
    }

    /// The place of the instance, if it is that of a session.
    pub(crate) fn slot(&self) -> Option<&Arc<Slot>> {
        match &self.policy {
            Policy::Fresh => None,
            Policy::Session(slot) => Some(slot),
        }
    }

    #[inline]
    fn enter(&self, function: &dyn fmt::Display) -> Result<Nested> {
        Nested::enter().ok_or_else(|| Error::TooDeep {
            guest: Arc::clone(&self.loaded.plan.guest),
            function: boxed(function),
            limit: nesting::MOST,
        })
    }

    /// An instance of one's own, whose state is kept from call to call.
    ///
    /// # Errors
    /// What can happen when an instance starts: [`Busy`](crate::Error::Busy) if the engine holds as many
    /// as it can, and the failures of the guest's own start-up code.
    pub fn session(&self) -> Result<Session<W>> {
        let plan = &self.loaded.plan;
        let _nested = self.enter(&START)?;
        let instance = plan.instantiate(&START)?;
        let slot = Arc::new(Slot::new(&plan.guest, plan.limits.wait, instance));
        let world = W::from_handle(Self {
            loaded: Arc::clone(&self.loaded),
            policy: Policy::Session(Arc::clone(&slot)),
        });
        Ok(Session::new(world, slot))
    }
}

impl<W: World> Clone for Handle<W> {
    fn clone(&self) -> Self {
        Self {
            loaded: Arc::clone(&self.loaded),
            policy: self.policy.clone(),
        }
    }
}

impl<W: World> fmt::Debug for Handle<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handle")
            .field("world", &W::NAME)
            .field("plan", &self.loaded.plan)
            .field("policy", &self.policy)
            .finish()
    }
}
