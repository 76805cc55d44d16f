//! Connections of clients: taken, served, and ended. Knows nothing of what is answered.

use std::net::{SocketAddr, TcpListener as StdListener};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use metrics::gauge;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::spawn_local;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tracing::{debug, warn};

use crate::config::{Config, ms};
use crate::lingering::Lingering;
use crate::local::Local;
use crate::stream::exchanged;
use crate::worker::Current;

/// How long is waited after a connection could not be taken: most likely there are too many files
/// open, and trying again at once would not help.
const PAUSE: Duration = Duration::from_millis(50);

/// Takes connections.
pub(crate) struct Taker {
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    head: Duration,
    room: Arc<Semaphore>,
    current: Rc<Current>,
    graceful: GracefulShutdown,
}

impl Taker {
    /// Takes connections of a socket.
    ///
    /// # Errors
    ///
    /// The socket is of no use to tokio.
    pub(crate) fn new(
        listener: StdListener,
        tls: Option<Arc<ServerConfig>>,
        config: &Config,
        current: Rc<Current>,
    ) -> std::io::Result<Self> {
        let room = config.limits.connections.min(Semaphore::MAX_PERMITS);
        Ok(Self {
            listener: TcpListener::from_std(listener)?,
            tls: tls.map(TlsAcceptor::from),
            head: ms(config.limits.head_ms),
            room: Arc::new(Semaphore::new(room)),
            current,
            graceful: GracefulShutdown::new(),
        })
    }

    /// Takes all that come.
    pub(crate) async fn take_all(&self) {
        loop {
            // Who finds no room waits in the system's queue.
            let Ok(room) = Arc::clone(&self.room).acquire_owned().await else {
                return;
            };
            match self.listener.accept().await {
                Ok((stream, client)) => {
                    let served = self.served(stream, client);
                    spawn_local(async move {
                        gauge!("proxy_connections").increment(1);
                        served.await;
                        gauge!("proxy_connections").decrement(1);
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

    /// Takes no more: what ends the connections that there are.
    pub(crate) fn end(self) -> GracefulShutdown {
        self.graceful
    }

    /// Serves one connection to its end.
    fn served(&self, stream: TcpStream, client: SocketAddr) -> impl Future<Output = ()> + use<> {
        // Answers are small, and nobody shall wait for the second packet of one.
        let _ = stream.set_nodelay(true);
        let (tls, head) = (self.tls.clone(), self.head);
        let (current, graceful) = (Rc::clone(&self.current), self.graceful.watcher());
        async move {
            let local = stream.local_addr().unwrap_or(client);
            let connection = Connection {
                current,
                graceful,
                head,
                addresses: [client, local],
                is_tls: tls.is_some(),
            };
            let Some(tls) = tls else {
                // Who says nothing at all is not waited for any longer.
                return match timeout(head, stream.peek(&mut [0])).await {
                    Ok(Ok(_)) => connection.serve(Lingering::new(stream)).await,
                    _ => debug!("a connection brought nothing"),
                };
            };
            match timeout(head, tls.accept(Lingering::new(stream))).await {
                Ok(Ok(stream)) => connection.serve(stream).await,
                Ok(Err(error)) => debug!("no TLS: {error}"),
                Err(_) => debug!("no TLS: the client takes too long"),
            }
        }
    }
}

/// A connection.
struct Connection {
    current: Rc<Current>,
    graceful: Watcher,
    head: Duration,
    addresses: [SocketAddr; 2],
    is_tls: bool,
}

impl Connection {
    async fn serve<I>(self, io: I)
    where
        I: AsyncRead + AsyncWrite + Unpin + 'static,
    {
        let (current, addresses, is_tls) = (self.current, self.addresses, self.is_tls);
        let service =
            service_fn(move |request| exchanged(current.get(), request, addresses, is_tls));
        let mut builder = auto::Builder::new(Local);
        builder
            .http1()
            .timer(TokioTimer::new())
            .header_read_timeout(self.head);
        builder.http2().timer(TokioTimer::new());
        let connection = builder.serve_connection(TokioIo::new(io), service);
        let connection = self.graceful.watch(connection.into_owned());
        if let Err(error) = connection.await {
            debug!("a connection broke: {error}");
        }
    }
}
