//! What listens, for HTTP and for gRPC, until the sidecar ends. Knows nothing of what is answered.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use axum::Router;
use example_service::{Bounds, serve};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::time::sleep;
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;
use tracing::warn;

use crate::api::Api;
use crate::grpc;

/// How long a client may take for the head of a request.
const HEAD: Duration = Duration::from_secs(10);

/// Connections at a time.
const CONNECTIONS: usize = 1_024;

/// Calls at a time of one connection.
const CALLS: usize = 256;

/// How often it is looked whether a client of gRPC is still there.
const ALIVE: Duration = Duration::from_secs(30);

/// Ends when the sidecar does.
#[derive(Debug, Clone)]
pub(crate) struct Stop(watch::Receiver<bool>);

impl Stop {
    pub(crate) fn new() -> (watch::Sender<bool>, Self) {
        let (stop, stopping) = watch::channel(false);
        (stop, Self(stopping))
    }

    /// Waits for it.
    pub(crate) async fn wait(mut self) {
        // Who would say it is gone: then it is over as well.
        let _ = self.0.wait_for(|stop| *stop).await;
    }
}

/// Serves HTTP until it is over; then takes no more, finishes what was begun, and returns.
pub(crate) async fn http(listener: TcpListener, routes: Router, patience: Duration, stop: Stop) {
    let bounds = Bounds {
        connections: CONNECTIONS,
        head: HEAD,
        patience,
    };
    serve(listener, routes, bounds, stop.wait()).await;
}

/// Serves gRPC, in the same way.
pub(crate) async fn grpc(listener: TcpListener, api: Arc<Api>, patience: Duration, stop: Stop) {
    let server = Server::builder()
        .concurrency_limit_per_connection(CALLS)
        .http2_keepalive_interval(Some(ALIVE))
        .add_service(grpc::service(api))
        .serve_with_incoming_shutdown(
            TcpIncoming::from(listener).with_nodelay(Some(true)),
            stop.clone().wait(),
        );
    let late = async {
        stop.wait().await;
        sleep(patience).await;
    };
    let mut late = pin!(late);
    let mut server = pin!(server);
    let ended = poll_fn(|cx| match server.as_mut().poll(cx) {
        Poll::Ready(ended) => Poll::Ready(Some(ended)),
        Poll::Pending => late.as_mut().poll(cx).map(|()| None),
    });
    match ended.await {
        Some(Ok(())) => {}
        Some(Err(error)) => warn!("gRPC: {error}"),
        None => warn!("some calls are given up: they are not answered in time"),
    }
}
