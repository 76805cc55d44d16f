//! What is told of each call to those who listen: a span to `tracing`, and, with the feature
//! `metrics`, counts and times to the facade of that name.
//!
//! It knows that a call was made and how it ended. Nobody listening costs one load of a static.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tracing::Span;
use tracing::level_filters::LevelFilter;

use crate::error::Error;

/// The target of the spans.
const TARGET: &str = "abide::call";

/// What a call used, as far as its instance can tell.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Usage {
    /// Instructions, where they are counted.
    pub(crate) fuel: Option<u64>,
    /// Ticks of the engine's clock that began in it.
    pub(crate) ticks: u64,
    /// The linear memory of the instance after it, in bytes. Linear memory never shrinks.
    pub(crate) memory: u64,
}

/// Whether there is anybody to tell.
#[inline(always)]
pub(crate) fn is_listened_to() -> bool {
    let is_wanted = || LevelFilter::current() >= LevelFilter::DEBUG && is_enabled();
    cfg!(feature = "metrics") || is_wanted()
}

/// Whether somebody listens to spans, where some of their level are listened to.
#[cold]
fn is_enabled() -> bool {
    tracing::enabled!(target: TARGET, tracing::Level::DEBUG)
}

/// One call that is told of.
pub(crate) struct Observed {
    guest: Arc<str>,
    function: Box<str>,
    span: Span,
    start: Instant,
}

impl Observed {
    pub(crate) fn new(guest: &Arc<str>, function: Box<str>, start: Instant) -> Self {
        let span = tracing::debug_span!(
            target: TARGET,
            "call",
            guest = &**guest,
            function = &*function,
            outcome = tracing::field::Empty,
            duration_us = tracing::field::Empty,
            fuel = tracing::field::Empty,
            ticks = tracing::field::Empty,
            memory = tracing::field::Empty,
        );
        Self {
            guest: Arc::clone(guest),
            function,
            span,
            start,
        }
    }

    /// The span. The call runs inside of it, so that what the host logs in its imports is seen to
    /// belong to it.
    pub(crate) fn span(&self) -> &Span {
        &self.span
    }

    /// Tells how the call ended. `usage` is what is known of an instance, if one was called.
    pub(crate) fn end(self, now: Instant, error: Option<&Error>, usage: Option<Usage>) {
        self.end_as(now, error.map_or("ok", Error::name), usage);
    }

    /// Tells how the call ended, in a word.
    pub(crate) fn end_as(self, now: Instant, outcome: &'static str, usage: Option<Usage>) {
        let took = now.saturating_duration_since(self.start);
        let span = &self.span;
        span.record("outcome", outcome);
        span.record(
            "duration_us",
            u64::try_from(took.as_micros()).unwrap_or(u64::MAX),
        );
        if let Some(usage) = usage {
            if let Some(fuel) = usage.fuel {
                span.record("fuel", fuel);
            }
            span.record("ticks", usage.ticks);
            span.record("memory", usage.memory);
        }
        measure(&self.guest, &self.function, outcome, took, usage);
    }
}

/// Counts a call where the feature `metrics` is on.
#[cfg(feature = "metrics")]
fn measure(
    guest: &str,
    function: &str,
    outcome: &'static str,
    took: Duration,
    usage: Option<Usage>,
) {
    let (guest, function) = (guest.to_owned(), function.to_owned());
    metrics::counter!(
        "abide_calls_total",
        "guest" => guest.clone(), "function" => function.clone(), "outcome" => outcome
    )
    .increment(1);
    metrics::histogram!(
        "abide_call_duration_seconds",
        "guest" => guest.clone(), "function" => function.clone()
    )
    .record(took.as_secs_f64());
    if let Some(usage) = usage {
        // More than 2^53 bytes no guest has.
        metrics::histogram!("abide_guest_memory_bytes", "guest" => guest.clone())
            .record(usage.memory as f64);
        if let Some(fuel) = usage.fuel {
            metrics::counter!("abide_fuel_total", "guest" => guest, "function" => function)
                .increment(fuel);
        }
    }
}

#[cfg(not(feature = "metrics"))]
fn measure(_: &str, _: &str, _: &'static str, _: Duration, _: Option<Usage>) {}
