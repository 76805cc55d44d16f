//! One instance whose guest runs on a fibre: made and called, as futures.
//!
//! It is what `instance` does, line by line, with what waits awaited. Whoever drops one of these
//! futures after the guest began drops the instance after it.

use std::pin::pin;
use std::sync::Arc;

use wasmtime::component::{ComponentNamedList, Lift, Lower, ResourceAny};

use super::export::Export;
use super::fibre::{Site, begin, end, watched};
use super::instance::{Instance, Plan, foreign, started};
use super::passing::Passing;
use super::request::Request;
use super::stats::Counters;
use crate::error::fault::Step;
use crate::error::outcome::Outcome;

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
        let returned = {
            let call = pin!(Some(self.pre.instantiate_async(&mut store)));
            watched(self.site(None), request, deadline, call).await
        };
        let instance = end(&mut store, request, returned)?;
        Ok(started(store, instance, budget, permit, counters, kept))
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

impl Instance {
    /// What [`call`](Self::call) does.
    pub(crate) async fn call_async<P, R>(
        &mut self,
        export: &Export<P, R>,
        request: Request<'_>,
        site: Site<'_>,
        params: P,
        out: &mut Option<R>,
    ) -> Outcome
    where
        P: ComponentNamedList + Lower,
        R: ComponentNamedList + Lift + 'static,
    {
        let store = &mut self.store;
        let Some(func) = export.lookup(&self.instance, store, &mut self.last) else {
            return Err(foreign(request, store.data()));
        };
        let deadline = begin(store, self.budget, request)?;
        let returned = {
            let call = pin!(Some(func.call_async(&mut *store, params)));
            watched(site, request, deadline, call).await
        };
        let outcome = end(store, request, returned);
        self.count();
        *out = Some(outcome?);
        Ok(())
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
        let (store, budget) = (&mut self.store, self.budget);
        let Some(func) = export.lookup(&self.instance, store, &mut self.last) else {
            return Err(foreign(request, store.data()));
        };
        let mut passing = Passing::new(store, self.dropped.as_deref());
        let outcome = async {
            let params = prepare(&mut passing);
            let params = params.map_err(|fault| passing.refused(*fault, request.function))?;
            let store = passing.handed_over();
            let deadline = begin(store, budget, request)?;
            let returned = {
                let call = pin!(Some(func.call_async(&mut *store, params)));
                watched(site, request, deadline, call).await
            };
            let returned = end(store, request, returned)?;
            let result = finish(&mut passing, returned);
            *out = Some(result.map_err(|fault| passing.failed(*fault, request.function))?);
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
        let returned = {
            let call = pin!(Some(resource.resource_drop_async(&mut *store)));
            watched(site, request, deadline, call).await
        };
        let result = end(store, request, returned);
        self.released(begun);
        result
    }
}
