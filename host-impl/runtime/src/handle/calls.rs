//! Exports are called: what every method does that generated code adds to a handle.
//!
//! It knows the order in which a call is made, and nothing of what each step does.

use wasmtime::component::{ComponentNamedList, Lift, Lower};

use super::handle::Handle;
use super::lease::{Lease, ServedBy};
use super::refusals::no_result;
use crate::call::callback::{Callback, CallbackType};
use crate::call::export::Export;
use crate::call::passing::Passing;
use crate::error::fault::Step;
use crate::error::{Error, Result};
use crate::load::world::World;
use crate::values::signature::Function;

impl<W: World> Handle<W> {
    /// Calls the export of a number, which `pick` picks among those of the guest.
    ///
    /// # Errors
    /// Whatever of [`Error`] can happen after loading.
    #[inline]
    pub fn call<P, R>(
        &self,
        number: usize,
        pick: fn(&W::Exports) -> &Export<P, R>,
        params: P,
    ) -> Result<R>
    where
        P: ComponentNamedList + Lower,
        R: ComponentNamedList + Lift + 'static,
    {
        let function = W::DESCRIPTION.function(number);
        let mut out = None;
        let mut lease = Lease::take(self, function, ServedBy::Any);
        let outcome = lease.call(pick, params, &mut out);
        lease.settle(outcome)?;
        out.ok_or_else(|| self.without_result(function))
    }

    /// Calls an export that passes handles on resources: `prepare` makes the parameters, `finish`
    /// the result. `in_session` is whether some are on resources of the guest's.
    ///
    /// # Errors
    /// Those of [`call`](Self::call); [`Error::NeedsSession`] without a session where one is
    /// needed; what [`Passing`] finds wrong with the handles.
    #[inline]
    pub fn call_with<'x, P, R, T>(
        &self,
        number: usize,
        in_session: bool,
        pick: fn(&W::Exports) -> &Export<P, R>,
        prepare: impl FnOnce(&mut Passing<'_, 'x>) -> Step<P>,
        finish: impl FnOnce(&mut Passing<'_, 'x>, R) -> Step<T>,
    ) -> Result<T>
    where
        P: ComponentNamedList + Lower,
        R: ComponentNamedList + Lift + 'static,
    {
        let function = W::DESCRIPTION.function(number);
        let by = match in_session {
            true => ServedBy::Session,
            false => ServedBy::Any,
        };
        let mut out = None;
        let mut lease = Lease::take(self, function, by);
        let outcome = lease.call_with(pick, prepare, finish, &mut out);
        lease.settle(outcome)?;
        out.ok_or_else(|| self.without_result(function))
    }

    /// Calls the callback of a number, which `pick` picks among those of the guest; `None` if it has
    /// none. Then there is no call.
    ///
    /// # Errors
    /// Those of [`call`](Self::call).
    pub fn call_back<F: CallbackType>(
        &self,
        number: usize,
        pick: fn(&W::Exports) -> &Callback<F>,
        args: F::Args,
    ) -> Result<Option<F::Result>> {
        let is_there = match &self.session {
            Some(opened) => pick(&opened.loaded.exports).is_there(),
            None => pick(&self.shared.current.read().exports).is_there(),
        };
        if !is_there {
            return Ok(None);
        }
        let function = W::DESCRIPTION.function(number);
        let mut out = None;
        let mut lease = Lease::take(self, function, ServedBy::Any);
        let outcome = lease.call_back(pick, args, &mut out);
        lease.settle(outcome)?;
        match out {
            None => Err(self.without_result(function)),
            some => Ok(some),
        }
    }

    #[cold]
    pub(super) fn without_result(&self, function: Function) -> Error {
        no_result(self.loaded().guest(), function)
    }
}
