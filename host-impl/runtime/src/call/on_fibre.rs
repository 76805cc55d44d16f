//! One instance whose guest runs on a fibre: made and called, as futures.
//!
//! It is what `instance` does, line by line, with what waits awaited. Whoever drops one of these
//! futures after the guest began drops the instance after it.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;

use wasmtime::component::{ComponentNamedList, Lift, Lower, ResourceAny};

use super::export::Export;
use super::fibre::{Site, begin, end, watched};
use super::instance::{Instance, Plan, foreign, started};
use super::passing::Passing;
use super::request::Request;
use super::stats::Counters;
use crate::error::fault::{Fault, Step};
use crate::error::outcome::{Outcome, Unserved};
use crate::store::state::State;

impl Plan {
    /// What [`instantiate`](Self::instantiate) does.
    pub(crate) async fn instantiate_async(
        &self,
        request: Request<'_>,
        counters: &Arc<Counters>,
        kept: bool,
    ) -> Outcome<Instance> {
        let wait = self.charter.limits.wait;
        let permit = self
            .engine
            .permit_async(self.room, wait, request.cancel.map(Arc::as_ref));
        let permit = permit.await;
        let permit = permit.map_err(|denied| self.denied(denied, request))?;
        let (mut store, budget) = self.store(request)?;
        let deadline = begin(&mut store, budget, request)?;
        let mut body = None;
        let came_back = {
            let call = pin!(Some(async {
                body = Some(self.pre.instantiate_async(&mut store).await?);
                Ok(())
            }));
            watched(self.site(None), request, deadline, call).await
        };
        end(&mut store, request, came_back)?;
        match body {
            Some(body) => Ok(started(store, body, budget, permit, counters, kept)),
            None => Err(absent(request, store.data())),
        }
    }

    /// What is known of its instances.
    pub(crate) fn site(&self, session: Option<usize>) -> Site<'_> {
        Site {
            charter: &self.charter,
            stack: self.engine.kind().stack,
            session,
        }
    }
}

/// What comes of an instance that the engine says it made and did not give, which it never does.
#[cold]
fn absent(request: Request<'_>, state: &State) -> Box<Unserved> {
    let reason = Box::from("the engine made an instance and gave none");
    let fault = Fault::Internal { reason };
    Unserved::failed(fault.during(&state.charter.guest, &request.function))
}

impl Instance {
    /// What [`call`](Self::call) does.
    #[expect(
        clippy::manual_async_fn,
        reason = "an `async fn` moves its arguments once more than this does"
    )]
    #[inline(always)]
    pub(crate) fn call_async<'a, P, R>(
        &'a mut self,
        export: &'a Export<P, R>,
        request: Request<'a>,
        site: Site<'a>,
        params: P,
        out: &'a mut Option<R>,
    ) -> impl Future<Output = Outcome> + use<'a, P, R>
    where
        P: ComponentNamedList + Lower,
        R: ComponentNamedList + Lift + 'static,
    {
        async move {
            let Some(func) = self.func(export) else {
                return Err(foreign(request, self.store.data()));
            };
            let store = &mut self.store;
            let deadline = begin(store, self.budget, request)?;
            let came_back = {
                // As where it is not awaited, what is returned is not moved on the way up.
                let call = pin!(Some(async {
                    *out = Some(func.call_async(&mut *store, params).await?);
                    Ok(())
                }));
                watched(site, request, deadline, call).await
            };
            let outcome = end(store, request, came_back);
            self.count();
            outcome
        }
    }

    /// What [`call_with`](Self::call_with) does.
    pub(crate) async fn call_with_async<'x, P, R, T>(
        &mut self,
        export: &Export<P, R>,
        request: Request<'_>,
        site: Site<'_>,
        prepare: impl FnOnce(&mut Passing<'_, 'x>) -> Step<P>,
        finish: impl FnOnce(&mut Passing<'_, 'x>, R) -> Step<T>,
        out: &mut Option<T>,
    ) -> Outcome
    where
        P: ComponentNamedList + Lower,
        R: ComponentNamedList + Lift + 'static,
    {
        let Some(func) = self.func(export) else {
            return Err(foreign(request, self.store.data()));
        };
        let (store, budget) = (&mut self.store, self.budget);
        let mut passing = Passing::new(store, self.dropped.as_deref());
        let outcome = async {
            let params = prepare(&mut passing);
            let params = params.map_err(|fault| passing.refused(*fault, request.function))?;
            let store = passing.handed_over();
            let deadline = begin(store, budget, request)?;
            let mut returned = None;
            let came_back = {
                let call = pin!(Some(async {
                    returned = Some(func.call_async(&mut *store, params).await?);
                    Ok(())
                }));
                watched(site, request, deadline, call).await
            };
            end(store, request, came_back)?;
            if let Some(returned) = returned {
                let result = finish(&mut passing, returned);
                *out = Some(result.map_err(|fault| passing.failed(*fault, request.function))?);
            }
            Ok(())
        };
        let outcome = outcome.await;
        drop(passing);
        self.count();
        outcome
    }

    /// What [`release`](Self::release) does.
    pub(crate) async fn release_async(
        &mut self,
        resource: ResourceAny,
        request: Request<'_>,
        site: Site<'_>,
    ) -> Outcome {
        let (left, begun) = self.left_for_releases();
        let store = &mut self.store;
        let deadline = begin(store, left, request)?;
        let came_back = {
            let call = pin!(Some(resource.resource_drop_async(&mut *store)));
            watched(site, request, deadline, call).await
        };
        let result = end(store, request, came_back);
        self.released(begun);
        result
    }
}
