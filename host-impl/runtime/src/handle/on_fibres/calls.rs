//! Exports are called and awaited: what every method does that generated code adds to a handle.
//!
//! It knows the order in which a call is made, and nothing of what each step does.

use std::pin::pin;

use wasmtime::component::{ComponentNamedList, Lift, Lower};

use super::inside::inside;
use super::lease::Lease;
use crate::call::export::Export;
use crate::call::passing::Passing;
use crate::error::Result;
use crate::error::fault::Step;
use crate::handle::handle::Handle;
use crate::handle::lease::ServedBy;
use crate::load::world::World;

impl<W: World> Handle<W> {
    /// What [`call`](Self::call) does. Dropping the future drops the instance that it runs on, and
    /// nothing else.
    ///
    /// # Errors
    /// Whatever of [`Error`](crate::Error) can happen after loading.
    pub async fn call_async<P, R>(
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
        let mut lease = Lease::begin(self, function);
        lease.take_parked(ServedBy::Any);
        let span = lease.span();
        let outcome = {
            let call = pin!(Some(async {
                if lease.waits() {
                    lease.take(ServedBy::Any).await;
                }
                match lease.parts() {
                    Some((instance, exports, request, site)) => {
                        let call =
                            instance.call_async(pick(exports), request, site, params, &mut out);
                        call.await
                    }
                    None => lease.refusal(),
                }
            }));
            inside(span.as_ref(), call).await
        };
        lease.settle(outcome)?;
        out.ok_or_else(|| self.without_result(function))
    }

    /// What [`call_with`](Self::call_with) does.
    ///
    /// # Errors
    /// Those of [`call_with`](Self::call_with).
    pub async fn call_with_async<'x, P, R, T>(
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
        let mut lease = Lease::begin(self, function);
        lease.take_parked(by);
        let span = lease.span();
        let outcome = {
            let call = pin!(Some(async {
                if lease.waits() {
                    lease.take(by).await;
                }
                match lease.parts() {
                    Some((instance, exports, request, site)) => {
                        let export = pick(exports);
                        let out = &mut out;
                        let call =
                            instance.call_with_async(export, request, site, prepare, finish, out);
                        call.await
                    }
                    None => lease.refusal(),
                }
            }));
            inside(span.as_ref(), call).await
        };
        lease.settle(outcome)?;
        out.ok_or_else(|| self.without_result(function))
    }
}
