//! Stops calling a guest that fails and fails, until it has had time to recover.

use std::fmt;
use std::time::{Duration, Instant};

use parking_lot::Mutex;

use crate::error::Error;
use crate::error::blame::Blame;

/// When a handle stops making calls because they fail, and when it tries again. Off unless given to
/// [`Builder::breaker`](crate::Builder::breaker).
///
/// After so many [`failures`](Self::failures) in a row calls are refused with
/// [`Error::BreakerOpen`], without the guest being called, for the time of the
/// [`backoff`](Self::backoff). Then one call is let through. If it goes well, all are; if not, the
/// time starts again and is twice as long, up to a bound.
///
/// Errors for which the guest or the host is to [blame](Error::blame) count as failures. A guest's
/// WIT error is an answer and does not, and what the caller did wrong or cancelled, or that there
/// was no room, does not either.
///
/// ```
/// use std::time::Duration;
/// use abide_host::Breaker;
///
/// let breaker = Breaker::new()
///     .failures(10)
///     .backoff(Duration::from_millis(50), Duration::from_secs(5));
/// assert_ne!(breaker, Breaker::default());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
#[must_use]
pub struct Breaker {
    failures: u32,
    first: Duration,
    longest: Duration,
}

impl Default for Breaker {
    fn default() -> Self {
        Self {
            failures: 5,
            first: Duration::from_millis(100),
            longest: Duration::from_secs(30),
        }
    }
}

impl Breaker {
    /// The defaults: 5 failures, then from 100 ms to 30 s.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many failures in a row open the breaker, at least 1. Default: 5.
    pub fn failures(mut self, count: u32) -> Self {
        self.failures = count.max(1);
        self
    }

    /// For how long calls are refused the first time, and at most. Default: 100 ms and 30 s.
    ///
    /// A time too long to be told, such as [`Duration::MAX`], never ends.
    pub fn backoff(mut self, first: Duration, longest: Duration) -> Self {
        self.first = first;
        self.longest = longest.max(first);
        self
    }
}

/// A breaker at work.
pub(crate) struct Circuit {
    breaker: Breaker,
    inner: Mutex<Inner>,
}

#[derive(Debug)]
struct Inner {
    state: CircuitState,
    /// How many trials there were. The last one decides; what is told of others is too late.
    trials: u64,
}

#[derive(Debug, Clone, Copy)]
enum CircuitState {
    /// Calls are made; so many of the last ones failed.
    Closed { failed: u32 },
    /// Calls are refused until a time; `None` never comes.
    Open {
        until: Option<Instant>,
        pause: Duration,
    },
    /// One call is made, to see how it goes, and others are refused meanwhile. Should its caller
    /// never tell, then until a time.
    HalfOpen {
        until: Option<Instant>,
        pause: Duration,
    },
}

/// That a call may be made, and what it is to be [told](Circuit::record) with when it is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Admitted {
    /// Which trial it is, where the circuit is half open.
    trial: Option<u64>,
}

/// That calls are refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Refused {
    pub(crate) retry_after: Duration,
}

impl Circuit {
    pub(crate) fn new(breaker: Breaker) -> Self {
        Self {
            breaker,
            inner: Mutex::new(Inner {
                state: CircuitState::Closed { failed: 0 },
                trials: 0,
            }),
        }
    }

    /// Whether a call may be made at `now`. One that may has to be [told](Self::record) of.
    pub(crate) fn admit(&self, now: Instant) -> Result<Admitted, Refused> {
        let mut inner = self.inner.lock();
        let (until, pause) = match inner.state {
            CircuitState::Closed { .. } => return Ok(Admitted { trial: None }),
            CircuitState::Open { until, pause } | CircuitState::HalfOpen { until, pause } => {
                (until, pause)
            }
        };
        let retry_after = until.map_or(Duration::MAX, |until| until.saturating_duration_since(now));
        if !retry_after.is_zero() {
            return Err(Refused { retry_after });
        }
        inner.trials += 1;
        inner.state = CircuitState::HalfOpen {
            until: now.checked_add(pause),
            pause,
        };
        Ok(Admitted {
            trial: Some(inner.trials),
        })
    }

    /// Tells that a call ended in a way that says nothing of the guest. A trial that ended so is made
    /// again at once.
    pub(crate) fn record_nothing(&self, admitted: Admitted, now: Instant) {
        let mut inner = self.inner.lock();
        if let CircuitState::HalfOpen { pause, .. } = inner.state
            && inner.is_trial(admitted)
        {
            inner.state = CircuitState::Open {
                until: Some(now),
                pause,
            };
        }
    }

    /// Tells how a call ended; `None` is well.
    pub(crate) fn record(&self, admitted: Admitted, now: Instant, error: Option<&Error>) {
        let failed = match error.map(Error::blame) {
            None => false,
            Some(Blame::Guest | Blame::Host) => true,
            Some(Blame::Caller | Blame::Resources) => return self.record_nothing(admitted, now),
        };
        let mut inner = self.inner.lock();
        let pause = match (inner.state, failed) {
            // What began before the breaker opened and ends now changes nothing.
            (CircuitState::Open { .. }, _) => return,
            (CircuitState::HalfOpen { .. }, _) if !inner.is_trial(admitted) => return,
            (_, false) => {
                inner.state = CircuitState::Closed { failed: 0 };
                return;
            }
            (CircuitState::Closed { failed }, true) if failed + 1 < self.breaker.failures => {
                inner.state = CircuitState::Closed { failed: failed + 1 };
                return;
            }
            (CircuitState::Closed { .. }, true) => self.breaker.first,
            (CircuitState::HalfOpen { pause, .. }, true) => {
                pause.saturating_mul(2).min(self.breaker.longest)
            }
        };
        inner.state = CircuitState::Open {
            until: now.checked_add(pause),
            pause,
        };
    }
}

impl Inner {
    /// Whether a call is the trial that decides.
    fn is_trial(&self, admitted: Admitted) -> bool {
        admitted.trial == Some(self.trials)
    }
}

impl fmt::Debug for Circuit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Circuit")
            .field("breaker", &self.breaker)
            .field("state", &self.inner.lock().state)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    const PAUSE: Duration = Duration::from_millis(100);
    const AS_ALWAYS: Admitted = Admitted { trial: None };

    fn circuit() -> Circuit {
        Circuit::new(Breaker::new().failures(2).backoff(PAUSE, PAUSE * 3))
    }

    fn failure() -> Error {
        Error::host("on purpose")
    }

    fn cancelled() -> Error {
        Error::Cancelled {
            guest: Arc::from("guest"),
            function: Box::from("call"),
        }
    }

    fn refused(pause: Duration) -> Result<Admitted, Refused> {
        Err(Refused { retry_after: pause })
    }

    /// Fails until calls are refused.
    fn open(circuit: &Circuit, now: Instant) {
        while let Ok(admitted) = circuit.admit(now) {
            circuit.record(admitted, now, Some(&failure()));
        }
    }

    #[test]
    fn it_opens_after_failures_in_a_row_and_tries_again() {
        let (circuit, start) = (circuit(), Instant::now());
        circuit.record(AS_ALWAYS, start, Some(&failure()));
        circuit.record(AS_ALWAYS, start, None);
        circuit.record(AS_ALWAYS, start, Some(&failure()));
        assert_eq!(circuit.admit(start), Ok(AS_ALWAYS), "not two in a row yet");
        circuit.record(AS_ALWAYS, start, Some(&failure()));
        assert_eq!(circuit.admit(start), refused(PAUSE));
        let later = start + PAUSE;
        let trial = circuit.admit(later).expect("the one that tries");
        assert_eq!(circuit.admit(later), refused(PAUSE), "no second one");
        circuit.record(trial, later, None);
        assert_eq!(circuit.admit(later), Ok(AS_ALWAYS));
        assert_eq!(circuit.admit(later), Ok(AS_ALWAYS));
    }

    #[test]
    fn it_waits_longer_each_time_up_to_a_bound() {
        let (circuit, mut now) = (circuit(), Instant::now());
        open(&circuit, now);
        for pause in [PAUSE, PAUSE * 2, PAUSE * 3, PAUSE * 3] {
            assert_eq!(circuit.admit(now), refused(pause));
            now += pause;
            let trial = circuit.admit(now).expect("the one that tries");
            circuit.record(trial, now, Some(&failure()));
        }
    }

    #[test]
    fn only_the_trial_decides_and_the_last_one_of_them() {
        let (circuit, start) = (circuit(), Instant::now());
        let early = circuit.admit(start).expect("closed");
        open(&circuit, start);
        let first = start + PAUSE;
        let abandoned = circuit.admit(first).expect("the one that tries");
        // What began when all was well and ends only now.
        circuit.record_nothing(early, first);
        circuit.record(early, first, Some(&cancelled()));
        circuit.record(early, first, None);
        circuit.record(early, first, Some(&failure()));
        assert_eq!(
            circuit.admit(first),
            refused(PAUSE),
            "a trial is on its way"
        );
        // It is never told of in time, and so there is another.
        let second = first + PAUSE;
        let trial = circuit.admit(second).expect("another one");
        circuit.record_nothing(abandoned, second);
        circuit.record(abandoned, second, None);
        circuit.record(abandoned, second, Some(&failure()));
        assert_eq!(circuit.admit(second), refused(PAUSE));
        circuit.record(trial, second, None);
        assert_eq!(circuit.admit(second), Ok(AS_ALWAYS));
    }

    #[test]
    fn the_longest_times_never_end_and_the_shortest_are_over_at_once() {
        let now = Instant::now();
        let later = now + Duration::from_secs(1_000_000);
        for longest in [Duration::MAX, Duration::MAX - Duration::from_secs(1)] {
            let circuit = Circuit::new(Breaker::new().failures(1).backoff(longest, longest));
            open(&circuit, now);
            assert_eq!(circuit.admit(now), refused(Duration::MAX));
            assert_eq!(circuit.admit(later), refused(Duration::MAX));
        }
        // Twice as long each time, until that cannot be told.
        let second = Duration::from_secs(1);
        let breaker = Breaker::new().failures(1).backoff(second, Duration::MAX);
        let (circuit, mut now, mut pause) = (Circuit::new(breaker), now, second);
        open(&circuit, now);
        while let Some(next) = now.checked_add(pause) {
            assert_eq!(circuit.admit(now), refused(pause));
            let trial = circuit.admit(next).expect("the one that tries");
            circuit.record(trial, next, Some(&failure()));
            (now, pause) = (next, pause.saturating_mul(2));
        }
        assert_eq!(circuit.admit(now), refused(Duration::MAX));
        let circuit = Circuit::new(
            Breaker::new()
                .failures(0)
                .backoff(Duration::ZERO, Duration::ZERO),
        );
        circuit.record(AS_ALWAYS, now, Some(&failure()));
        assert!(circuit.admit(now).is_ok(), "the trial");
    }

    #[test]
    fn what_says_nothing_of_the_guest_neither_opens_nor_closes_it() {
        let (circuit, now) = (circuit(), Instant::now());
        for _ in 0..10 {
            circuit.record(AS_ALWAYS, now, Some(&cancelled()));
        }
        assert_eq!(circuit.admit(now), Ok(AS_ALWAYS));
        open(&circuit, now);
        let later = now + PAUSE;
        let trial = circuit.admit(later).expect("the one that tries");
        circuit.record(trial, later, Some(&cancelled()));
        assert!(circuit.admit(later).is_ok(), "the trial is made again");
    }
}
