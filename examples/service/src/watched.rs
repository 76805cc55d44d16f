//! Each request as it is seen from outside: a number, a span, counts and times.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::http::header::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use metrics::{counter, gauge, histogram};
use tracing::{Instrument as _, Span, field, info, info_span};

/// Where a request's number is told to whoever made it.
const NUMBER: HeaderName = HeaderName::from_static("x-request-id");

/// What a request whose client has gone is counted as; no server sends it.
const GONE: u16 = 499;

/// Answers a request, and tells of it.
pub async fn watched(request: Request, next: Next) -> Response {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let method = request.method().as_str().to_owned();
    // Paths as they were asked for would be as many as there are clients who make some up.
    let route = request.extensions().get::<MatchedPath>();
    let route = route.map_or("other", |route| route.as_str()).to_owned();
    let path = request.uri().path();
    let span = info_span!("request", number, method, path, status = field::Empty);
    let mut watch = Watch::new(method, route, span.clone());
    let mut response = next.run(request).instrument(span).await;
    watch.status = response.status().as_u16();
    response
        .headers_mut()
        .insert(NUMBER, HeaderValue::from(number));
    response
}

/// One request. Dropped without a status, it was given up: its client has gone.
struct Watch {
    method: String,
    route: String,
    span: Span,
    start: Instant,
    status: u16,
}

impl Watch {
    fn new(method: String, route: String, span: Span) -> Self {
        gauge!("http_requests_in_flight").increment(1);
        Self {
            method,
            route,
            span,
            start: Instant::now(),
            status: GONE,
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let took = self.start.elapsed();
        gauge!("http_requests_in_flight").decrement(1);
        let (method, route) = (self.method.clone(), self.route.clone());
        let status = self.status.to_string();
        counter!(
            "http_requests_total",
            "method" => method.clone(), "route" => route.clone(), "status" => status
        )
        .increment(1);
        histogram!("http_request_duration_seconds", "method" => method, "route" => route)
            .record(took.as_secs_f64());
        self.span.record("status", self.status);
        let _span = self.span.enter();
        info!(duration_us = took.as_micros() as u64, "answered");
    }
}
