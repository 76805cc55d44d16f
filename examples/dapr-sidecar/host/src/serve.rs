//! Connections: taken, served, and ended. Knows nothing of what is answered.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::time::{sleep, timeout};
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;
use tracing::{debug, warn};

use crate::api::Api;
use crate::grpc;

/// How long is waited after a connection could not be taken: most likely there are too many files
/// open, and trying again at once would not help.
const PAUSE: Duration = Duration::from_millis(50);

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
    let taker = Taker {
        routes,
        room: Arc::new(Semaphore::new(CONNECTIONS)),
        graceful: GracefulShutdown::new(),
    };
    {
        let mut stop = pin!(stop.wait());
        let mut taking = pin!(taker.take_all(listener));
        poll_fn(|cx| match stop.as_mut().poll(cx) {
            Poll::Ready(()) => Poll::Ready(()),
            Poll::Pending => taking.as_mut().poll(cx),
        })
        .await;
        // With it goes the listener, so nobody connects any more.
    }
    if timeout(patience, taker.graceful.shutdown()).await.is_err() {
        warn!("some requests are given up: they are not answered in time");
    }
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

/// Takes connections.
struct Taker {
    routes: Router,
    room: Arc<Semaphore>,
    graceful: GracefulShutdown,
}

impl Taker {
    async fn take_all(&self, listener: TcpListener) {
        loop {
            // Who finds no room waits in the system's queue.
            let Ok(room) = Arc::clone(&self.room).acquire_owned().await else {
                return;
            };
            match listener.accept().await {
                Ok((stream, _)) => {
                    let connection = self.connection(stream);
                    tokio::spawn(async move {
                        connection.await;
                        drop(room);
                    });
                }
                Err(error) => {
                    warn!("a connection cannot be taken: {error}");
                    sleep(PAUSE).await;
                }
            }
        }
    }

    fn connection(&self, stream: TcpStream) -> impl Future<Output = ()> + Send + use<> {
        // Answers are small, and nobody shall wait for the second packet of one.
        let _ = stream.set_nodelay(true);
        let service = TowerToHyperService::new(self.routes.clone());
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD)
            .serve_connection(TokioIo::new(stream), service);
        let connection = self.graceful.watch(connection);
        async move {
            if let Err(error) = connection.await {
                debug!("a connection broke: {error}");
            }
        }
    }
}
