//! A call that somebody watches, that can be cancelled, or that a breaker may refuse: whether it is
//! made at all, and who is told how it ended.
//!
//! It knows no instances. Most calls are watched by nobody and never come here.

use std::sync::Arc;
use std::time::Instant;

use crate::call::observe::{Observed, Usage};
use crate::call::request::Request;
use crate::error::Error;
use crate::error::outcome::{Outcome, Unserved};
use crate::guard::breaker::Circuit;
use crate::store::charter::Charter;

/// A watched call, from when it is admitted to its [end](Self::end).
pub(super) struct Admission {
    observed: Observed,
    charter: Arc<Charter>,
    first_tick: u64,
}

impl Admission {
    /// Admits a call of a guest, and begins to observe it.
    #[cold]
    pub(super) fn begin(
        charter: &Arc<Charter>,
        circuit: Option<&Circuit>,
        request: Request<'_>,
    ) -> Outcome<Box<Self>> {
        let start = Instant::now();
        let observed = Observed::new(&charter.guest, request.name(), start);
        let first_tick = charter.clock.now();
        if let Err(unserved) = admit(&charter.guest, circuit, request, start) {
            observed.end(Instant::now(), Some(unserved.error()), None);
            return Err(unserved);
        }
        Ok(Box::new(Self {
            observed: observed.entered(),
            charter: Arc::clone(charter),
            first_tick,
        }))
    }

    /// Tells how the call ended; `usage` is what is known of an instance, if one was called.
    #[cold]
    pub(super) fn end(
        self,
        circuit: Option<&Circuit>,
        error: Option<&Error>,
        usage: Option<Usage>,
    ) {
        let now = Instant::now();
        record(circuit, now, error);
        let ticks = self.charter.clock.now().saturating_sub(self.first_tick);
        let usage = usage.map(|usage| Usage { ticks, ..usage });
        self.observed.end(now, error, usage);
    }
}

/// Whether something may be done at all. What may is [recorded](record) when it is over.
pub(super) fn admit(
    guest: &Arc<str>,
    circuit: Option<&Circuit>,
    request: Request<'_>,
    now: Instant,
) -> Outcome {
    if request.is_cancelled() {
        return Err(Unserved::refused(request.cancelled(guest)));
    }
    let Some(circuit) = circuit else {
        return Ok(());
    };
    circuit.admit(now).map_err(|refused| {
        Unserved::refused(Error::BreakerOpen {
            guest: Arc::clone(guest),
            function: request.name(),
            retry_after: refused.retry_after,
        })
    })
}

/// Tells the breaker how something ended that was [admitted](admit).
pub(super) fn record(circuit: Option<&Circuit>, now: Instant, error: Option<&Error>) {
    if let Some(circuit) = circuit {
        circuit.record(now, error);
    }
}
