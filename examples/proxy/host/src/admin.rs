//! What whoever runs the proxy asks it: whether it works, and metrics.

use std::cell::Cell;
use std::convert::Infallible;
use std::rc::Rc;
use std::sync::Arc;

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::net::TcpListener;
use tokio::task::spawn_local;
use tokio::time::sleep;
use tracing::{debug, warn};

use crate::shared::Shared;

/// How long a client may take to say what it wants.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(10);

/// What is told.
pub(crate) struct Admin {
    pub(crate) recorded: PrometheusHandle,
    pub(crate) shared: Arc<Shared>,
    /// How often all was loaded anew since the program began.
    pub(crate) reloads: Cell<u64>,
    pub(crate) is_ending: Cell<bool>,
}

/// Answers whoever asks.
pub(crate) async fn serve(listener: TcpListener, admin: Rc<Admin>) {
    loop {
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            Err(error) => {
                warn!("a connection cannot be taken: {error}");
                sleep(std::time::Duration::from_millis(50)).await;
                continue;
            }
        };
        let admin = Rc::clone(&admin);
        spawn_local(async move {
            let service = service_fn(move |request| {
                let response = admin.answer(&request);
                async move { Ok::<_, Infallible>(response) }
            });
            let connection = http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(PATIENCE)
                .serve_connection(TokioIo::new(stream), service);
            if let Err(error) = connection.await {
                debug!("a connection broke: {error}");
            }
        });
    }
}

impl Admin {
    fn answer(&self, request: &Request<Incoming>) -> Response<Full<Bytes>> {
        let (status, kind, text) = match request.uri().path() {
            "/metrics" => {
                self.shared.figures.tell();
                (
                    StatusCode::OK,
                    "text/plain; version=0.0.4",
                    self.recorded.render(),
                )
            }
            "/healthz" => {
                let reloads = self.reloads.get();
                let (status, word) = match self.is_ending.get() {
                    false => (StatusCode::OK, "ok"),
                    true => (StatusCode::SERVICE_UNAVAILABLE, "ending"),
                };
                let text = format!("{{\"status\":\"{word}\",\"reloads\":{reloads}}}\n");
                (status, "application/json", text)
            }
            _ => (
                StatusCode::NOT_FOUND,
                "text/plain",
                "there is /healthz and /metrics\n".into(),
            ),
        };
        let mut response = Response::new(Full::from(text));
        *response.status_mut() = status;
        let kind = HeaderValue::from_static(kind);
        response.headers_mut().insert(CONTENT_TYPE, kind);
        response
    }
}
