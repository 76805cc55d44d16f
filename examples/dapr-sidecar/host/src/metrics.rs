//! What Prometheus reads: requests and calls, by how they ended, and what the host counts of guests.

use std::time::Instant;

use anyhow::Result;
use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use example_service::Recorder;
use metrics::{counter, describe_counter, describe_histogram, histogram};
use tonic::Code;
use tracing::{Instrument as _, info_span};

/// Begins to record, for all of this process.
///
/// # Errors
///
/// Somebody else records already.
pub(crate) fn start() -> Result<Recorder> {
    let recorder = Recorder::start(&[])?;
    describe_counter!("dapr_http_requests_total", "Requests of the API over HTTP");
    describe_histogram!("dapr_http_request_duration_seconds", "Time to answer one");
    describe_counter!("dapr_grpc_calls_total", "Calls of the API over gRPC");
    describe_histogram!("dapr_grpc_call_duration_seconds", "Time to answer one");
    Ok(recorder)
}

/// Answers a request, and counts it.
pub(crate) async fn watched(request: Request, next: Next) -> Response {
    let start = Instant::now();
    let method = request.method().as_str().to_owned();
    // Paths as they were asked for would be as many as there are clients who make some up.
    let route = request.extensions().get::<MatchedPath>();
    let route = route.map_or("other", MatchedPath::as_str).to_owned();
    let span = info_span!("request", method, path = request.uri().path());
    let response = next.run(request).instrument(span).await;
    let status = response.status().as_str().to_owned();
    let time = start.elapsed().as_secs_f64();
    counter!("dapr_http_requests_total", "route" => route.clone(), "method" => method,
        "status" => status)
    .increment(1);
    histogram!("dapr_http_request_duration_seconds", "route" => route).record(time);
    response
}

/// A call of gRPC that is answered. Dropped without an end, its client has gone.
pub(crate) struct Call {
    name: &'static str,
    start: Instant,
    code: Code,
}

impl Call {
    pub(crate) fn new(name: &'static str) -> Self {
        Self {
            name,
            start: Instant::now(),
            code: Code::Cancelled,
        }
    }

    pub(crate) fn ended(mut self, code: Code) {
        self.code = code;
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        let code = format!("{:?}", self.code);
        counter!("dapr_grpc_calls_total", "call" => self.name, "code" => code).increment(1);
        let time = self.start.elapsed().as_secs_f64();
        histogram!("dapr_grpc_call_duration_seconds", "call" => self.name).record(time);
    }
}
