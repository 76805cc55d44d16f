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
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};
use tracing::{debug, warn};

/// How long is waited after a connection could not be taken: most likely there are too many files
/// open, and trying again at once would not help.
const PAUSE: Duration = Duration::from_millis(50);

/// The limits of connections.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// The most at a time; more wait to be taken.
    pub connections: usize,
    /// How long a client may take to send the head of a request, and to be idle before it.
    pub head: Duration,
    /// How long is waited for the last answers at the end.
    pub patience: Duration,
}

/// Serves until `stop` is done; then takes no more, finishes what was begun, and returns. What does
/// not finish in time is dropped.
pub async fn serve(
    listener: TcpListener,
    routes: Router,
    bounds: Bounds,
    stop: impl Future<Output = ()>,
) {
    let room = bounds.connections.min(Semaphore::MAX_PERMITS);
    let taker = Taker {
        routes,
        head: bounds.head,
        room: Arc::new(Semaphore::new(room)),
        graceful: GracefulShutdown::new(),
    };
    {
        let mut stop = pin!(stop);
        let mut taking = pin!(taker.take_all(listener));
        poll_fn(|cx| match stop.as_mut().poll(cx) {
            Poll::Ready(()) => Poll::Ready(()),
            Poll::Pending => taking.as_mut().poll(cx),
        })
        .await;
        // With it goes the listener, so nobody connects any more.
    }
    let finished = timeout(bounds.patience, taker.graceful.shutdown());
    if finished.await.is_err() {
        warn!("some requests are given up: they are not answered in time");
    }
}

/// Takes connections.
struct Taker {
    routes: Router,
    head: Duration,
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

    /// Serves one connection to its end. When its client goes, hyper drops the request that is
    /// worked on, and with it the call of a guest.
    fn connection(&self, stream: TcpStream) -> impl Future<Output = ()> + Send + use<> {
        // Answers are small, and nobody shall wait for the second packet of one.
        let _ = stream.set_nodelay(true);
        let service = TowerToHyperService::new(self.routes.clone());
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.head)
            .serve_connection(TokioIo::new(stream), service);
        let connection = self.graceful.watch(connection);
        async move {
            if let Err(error) = connection.await {
                debug!("a connection broke: {error}");
            }
        }
    }
}
