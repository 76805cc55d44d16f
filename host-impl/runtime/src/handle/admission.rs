//! A call that somebody watches, that can be cancelled, or that a breaker may refuse: whether it is
//! made at all, and who is told how it ended.
//!
//! It knows no instances. Most calls are watched by nobody and never come here.

use std::sync::Arc;
use std::time::Instant;

#[cfg(feature = "async")]
use tracing::Span;
use tracing::span::EnteredSpan;

use crate::call::observe::{Observed, Usage};
use crate::call::request::Request;
use crate::error::Error;
use crate::error::outcome::{Outcome, Unserved};
use crate::guard::breaker::{Admitted, Circuit};
use crate::store::charter::Charter;

/// What is told of a call whose future was dropped.
#[cfg(feature = "async")]
const ABANDONED: &str = "dropped";

/// A watched call whose thread is in it, from when it is admitted to its [end](Self::end).
pub(super) struct Entered {
    // In the order in which they are dropped.
    inside: EnteredSpan,
    admission: Admission,
}

/// A watched call, from when it is admitted to its [end](Self::end).
pub(super) struct Admission {
    observed: Observed,
    charter: Arc<Charter>,
    admitted: Option<Admitted>,
    first_tick: u64,
}

impl Admission {
    /// Admits a call of a guest, and begins to observe it.
    #[cold]
    pub(super) fn begin(
        charter: &Arc<Charter>,
        circuit: Option<&Circuit>,
        request: Request<'_>,
    ) -> Outcome<Self> {
        let start = Instant::now();
        let observed = Observed::new(&charter.guest, request.name(), start);
        let first_tick = charter.clock.now();
        let admitted = match admit(&charter.guest, circuit, request, start) {
            Ok(admitted) => admitted,
            Err(unserved) => {
                observed.end(Instant::now(), Some(unserved.error()), None);
                return Err(unserved);
            }
        };
        Ok(Self {
            observed,
            charter: Arc::clone(charter),
            admitted,
            first_tick,
        })
    }

    /// The thread is in the call from now on.
    #[cold]
    pub(super) fn entered(self) -> Box<Entered> {
        Box::new(Entered {
            inside: self.observed.span().clone().entered(),
            admission: self,
        })
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
        record(circuit, self.admitted, now, error);
        let ticks = self.charter.clock.now().saturating_sub(self.first_tick);
        let usage = usage.map(|usage| Usage { ticks, ..usage });
        self.observed.end(now, error, usage);
    }
}

#[cfg(feature = "async")]
impl Admission {
    /// The span that the call runs in.
    pub(super) fn span(&self) -> &Span {
        self.observed.span()
    }

    /// Tells that the call will not end: nobody waits for it any more.
    #[cold]
    pub(super) fn abandoned(self, circuit: Option<&Circuit>, usage: Option<Usage>) {
        let now = Instant::now();
        record_nothing(circuit, self.admitted, now);
        self.observed.end_as(now, ABANDONED, usage);
    }
}

impl Entered {
    /// Tells how the call ended; `usage` is what is known of an instance, if one was called.
    #[cold]
    pub(super) fn end(
        self,
        circuit: Option<&Circuit>,
        error: Option<&Error>,
        usage: Option<Usage>,
    ) {
        drop(self.inside);
        self.admission.end(circuit, error, usage);
    }
}

/// Whether something may be done at all. What may is [recorded](record) when it is over.
pub(super) fn admit(
    guest: &Arc<str>,
    circuit: Option<&Circuit>,
    request: Request<'_>,
    now: Instant,
) -> Outcome<Option<Admitted>> {
    if request.is_cancelled() {
        return Err(Unserved::refused(request.cancelled(guest)));
    }
    let admitted = circuit.map(|circuit| circuit.admit(now)).transpose();
    admitted.map_err(|refused| {
        Unserved::refused(Error::BreakerOpen {
            guest: Arc::clone(guest),
            function: request.name(),
            retry_after: refused.retry_after,
        })
    })
}

/// Tells the breaker how something ended that was [admitted](admit).
pub(super) fn record(
    circuit: Option<&Circuit>,
    admitted: Option<Admitted>,
    now: Instant,
    error: Option<&Error>,
) {
    if let (Some(circuit), Some(admitted)) = (circuit, admitted) {
        circuit.record(admitted, now, error);
    }
}

/// Tells the breaker that something that was [admitted](admit) ended in a way that says nothing of
/// the guest.
#[cfg(feature = "async")]
pub(super) fn record_nothing(circuit: Option<&Circuit>, admitted: Option<Admitted>, now: Instant) {
    if let (Some(circuit), Some(admitted)) = (circuit, admitted) {
        circuit.record_nothing(admitted, now);
    }
}
