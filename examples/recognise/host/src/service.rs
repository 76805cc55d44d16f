//! A service as it is called: its guest, watched. Each call is counted, timed and logged, and how
//! the service is doing is answered here, without the guest.

use std::fmt;
use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use abide::Stats;
use abide_dapr::app::{Event, Subscription, Verdict};
use abide_dapr::configuration::Item;
use abide_dapr::invocation::{Request, Response};
use abide_dapr_host::{App, Result, Trace};
use async_trait::async_trait;
use example_service::resident;
use metrics::{counter, gauge, histogram};
use serde::{Deserialize, Serialize};
use tracing::{Instrument as _, info, info_span, warn};

use crate::config::Role;

/// The method that asks how a service is doing.
pub(crate) const FIGURES: &str = "figures";

/// How a service is doing.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Figures {
    /// Its name.
    pub service: String,
    /// The number of its process, which may have other services as well.
    pub process: u32,
    /// The memory of its process, in bytes.
    pub resident_bytes: u64,
    /// Calls that were answered.
    pub calls: u64,
    /// Those of them that were answered with an error, or not at all.
    pub failed: u64,
    /// Calls that are worked on.
    pub in_flight: u64,
    /// Instances of its guest.
    pub instances: u64,
    /// Instances that were made in all.
    pub instances_started: u64,
    /// The most linear memory that an instance had after a call, in bytes.
    pub guest_memory_bytes: u64,
    /// The time of all its calls, in milliseconds.
    pub busy_ms: f64,
}

/// A guest that is watched.
pub(crate) struct Watched {
    role: Role,
    guest: Arc<dyn App>,
    stats: Box<dyn Fn() -> Stats + Send + Sync>,
    calls: AtomicU64,
    failed: AtomicU64,
    in_flight: AtomicU64,
    busy_us: AtomicU64,
}

impl fmt::Debug for Watched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watched")
            .field("role", &self.role)
            .finish_non_exhaustive()
    }
}

impl Watched {
    pub(crate) fn new(
        role: Role,
        guest: Arc<dyn App>,
        stats: impl Fn() -> Stats + Send + Sync + 'static,
    ) -> Arc<Self> {
        Arc::new(Self {
            role,
            guest,
            stats: Box::new(stats),
            calls: AtomicU64::new(0),
            failed: AtomicU64::new(0),
            in_flight: AtomicU64::new(0),
            busy_us: AtomicU64::new(0),
        })
    }

    pub(crate) fn role(&self) -> Role {
        self.role
    }

    pub(crate) fn figures(&self) -> Figures {
        let stats = (self.stats)();
        let read = |count: &AtomicU64| count.load(Ordering::Relaxed);
        Figures {
            service: self.role.name().to_owned(),
            process: process::id(),
            resident_bytes: resident().unwrap_or_default(),
            calls: read(&self.calls),
            failed: read(&self.failed),
            in_flight: read(&self.in_flight),
            instances: stats.instances,
            instances_started: stats.started,
            guest_memory_bytes: stats.memory_peak,
            busy_ms: read(&self.busy_us) as f64 / 1e3,
        }
    }

    /// Has Prometheus see what the guest's handle counts.
    pub(crate) fn record(&self) {
        let figures = self.figures();
        let service = self.role.name();
        gauge!("recognise_guest_instances", "service" => service).set(figures.instances as f64);
        gauge!("recognise_guest_memory_bytes", "service" => service)
            .set(figures.guest_memory_bytes as f64);
        gauge!("recognise_calls_in_flight", "service" => service).set(figures.in_flight as f64);
    }
}

/// A call that is worked on. Dropped without a status, whoever called has gone.
struct Call<'a> {
    of: &'a Watched,
    start: Instant,
    status: u16,
}

/// What a call whose caller has gone is counted as.
const GONE: u16 = 499;

impl<'a> Call<'a> {
    fn begin(of: &'a Watched) -> Self {
        of.in_flight.fetch_add(1, Ordering::Relaxed);
        Self {
            of,
            start: Instant::now(),
            status: GONE,
        }
    }
}

impl Drop for Call<'_> {
    fn drop(&mut self) {
        let took = self.start.elapsed();
        self.of.in_flight.fetch_sub(1, Ordering::Relaxed);
        self.of.calls.fetch_add(1, Ordering::Relaxed);
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        self.of.busy_us.fetch_add(micros, Ordering::Relaxed);
        if self.status >= 400 {
            self.of.failed.fetch_add(1, Ordering::Relaxed);
        }
        let (service, status) = (self.of.role.name(), self.status.to_string());
        counter!("recognise_calls_total", "service" => service, "status" => status).increment(1);
        histogram!("recognise_call_duration_seconds", "service" => service)
            .record(took.as_secs_f64());
        info!(status = self.status, duration_us = micros, "answered");
    }
}

#[async_trait]
impl App for Watched {
    async fn subscriptions(&self) -> Result<Vec<Subscription>> {
        self.guest.subscriptions().await
    }

    async fn on_event(&self, event: &Event) -> Result<Verdict> {
        self.guest.on_event(event).await
    }

    async fn on_invoke(&self, request: &Request) -> Result<Response> {
        if request.method == FIGURES {
            return Ok(json(&self.figures()));
        }
        let trace = Trace::of(&request.metadata);
        let parent = trace.parent().unwrap_or_default();
        let (service, method) = (self.role.name(), &*request.method);
        let span = info_span!("call", service, method, trace = parent);
        let call = async {
            let mut call = Call::begin(self);
            let answer = self.guest.on_invoke(request).await;
            match &answer {
                Ok(response) => call.status = response.status,
                Err(error) => {
                    call.status = 500;
                    warn!("the guest failed: {error}");
                }
            }
            answer
        };
        call.instrument(span).await
    }

    async fn bindings(&self) -> Result<Vec<String>> {
        self.guest.bindings().await
    }

    async fn on_binding(
        &self,
        name: &str,
        data: &[u8],
        metadata: &[(String, String)],
    ) -> Result<Vec<u8>> {
        self.guest.on_binding(name, data, metadata).await
    }

    async fn on_configuration(
        &self,
        store: &str,
        id: &str,
        items: &[(String, Item)],
    ) -> Result<()> {
        self.guest.on_configuration(store, id, items).await
    }
}

fn json(value: &impl Serialize) -> Response {
    match serde_json::to_vec(value) {
        Ok(data) => Response {
            status: 200,
            content_type: "application/json".to_owned(),
            data,
            metadata: Vec::new(),
        },
        Err(error) => Response {
            status: 500,
            content_type: "text/plain".to_owned(),
            data: error.to_string().into_bytes(),
            metadata: Vec::new(),
        },
    }
}
