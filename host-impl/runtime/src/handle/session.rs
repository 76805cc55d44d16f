//! What a host holds of an instance of its own.
//!
//! It knows the handle that goes with it. Who may use the instance when is the slot's affair.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use super::loaded::Opened;
use crate::call::instance::Instance;
use crate::call::request::Request;
use crate::error::Result;
use crate::error::fault::Fault;
use crate::load::world::World;
use crate::values::signature::Function;

/// An instance of one's own: what a guest keeps in its memory lasts from one call to the next.
///
/// It can be used like the handle it came from, also by several threads, of which one at a time is
/// served. After any error of a call but [`Reentrant`](crate::Error::Reentrant),
/// [`TooDeep`](crate::Error::TooDeep), [`SmallStack`](crate::Error::SmallStack) and
/// [`Busy`](crate::Error::Busy) the instance is gone, and its state with it: nobody knows what the
/// guest was in the middle of. Later calls then fail with [`Discarded`](crate::Error::Discarded).
/// The error that a guest returns in a WIT `result` is an answer like any other and ends nothing.
pub struct Session<W: World> {
    world: W,
    opened: Arc<Opened<W>>,
}

impl<W: World> Session<W> {
    pub(crate) fn new(world: W, opened: Arc<Opened<W>>) -> Self {
        Self { world, opened }
    }

    /// Works on the host that the instance has, between its calls: on the clone of the host that the
    /// guest was loaded with, if the guest is a plain module. A panic ends the session.
    ///
    /// # Errors
    /// [`Discarded`](crate::Error::Discarded) if the instance is gone, and the errors of waiting for
    /// it. [`Engine`](crate::Error::Engine) if its host is of another type, as that of a component is.
    pub fn with_host<E: 'static, R>(&self, work: impl FnOnce(&mut E) -> R) -> Result<R> {
        self.look(|instance| match instance.host() {
            Some(host) => Ok(work(host)),
            None => Err(Fault::Misuse {
                problem: Box::from("its host is of another type, or it is no module"),
            }),
        })
    }

    /// How many bytes of memory the instance has.
    ///
    /// # Errors
    /// [`Discarded`](crate::Error::Discarded) if it is gone, and the errors of waiting for it.
    pub fn memory(&self) -> Result<usize> {
        self.look(|instance| Ok(instance.memory()))
    }

    /// Looks at the instance, which no call is using.
    fn look<R>(
        &self,
        look: impl FnOnce(&mut Instance) -> std::result::Result<R, Fault>,
    ) -> Result<R> {
        let request = Request::new(Function::HOST, None);
        let mut user = self.opened.slot.enter(request)?;
        let looked = match user.instance() {
            Some(instance) => look(instance),
            // Entering has found it there.
            None => Err(Fault::Internal {
                reason: Box::from("a session's instance went away while it was in use"),
            }),
        };
        user.keep().let_go(request);
        looked.map_err(|fault| fault.during(self.opened.loaded.guest(), &Function::HOST))
    }

    /// Whether the instance is still there to be called.
    pub fn is_alive(&self) -> bool {
        self.opened.slot.is_alive()
    }
}

impl<W: World> Deref for Session<W> {
    type Target = W;

    fn deref(&self) -> &W {
        &self.world
    }
}

impl<W: World> fmt::Debug for Session<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("world", &W::DESCRIPTION.name)
            .field("guest", self.opened.loaded.guest())
            .field("alive", &self.is_alive())
            .finish_non_exhaustive()
    }
}
