//! Connections to upstreams are made here.

use std::sync::Arc;

use anyhow::{Context, Result};
use hyper::client::conn::{http1, http2};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::task::spawn_local;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::ClientConfig;
use tokio_rustls::rustls::pki_types::ServerName;
use tracing::debug;

use super::sender::Sender;
use crate::config::Upstream;
use crate::local::Local;

/// Connects to an upstream.
///
/// # Errors
///
/// It cannot be reached, or is not who it should be.
pub(crate) async fn connect(
    upstream: &Upstream,
    tls: Option<&Arc<ClientConfig>>,
) -> Result<Sender> {
    let stream = TcpStream::connect(&upstream.address).await?;
    // Requests are small, and nobody shall wait for the second packet of one.
    let _ = stream.set_nodelay(true);
    let Some(tls) = tls else {
        return handshake(stream, upstream.http2).await;
    };
    let (host, _) = upstream
        .address
        .rsplit_once(':')
        .context("it has no port")?;
    let name = upstream.server_name.as_deref().unwrap_or(host);
    let name = ServerName::try_from(name.trim_matches(['[', ']']).to_owned())?;
    let connector = TlsConnector::from(Arc::clone(tls));
    let stream = connector.connect(name, stream).await?;
    let is_http2 = stream.get_ref().1.alpn_protocol() == Some(b"h2");
    handshake(stream, is_http2).await
}

async fn handshake<I>(io: I, is_http2: bool) -> Result<Sender>
where
    I: AsyncRead + AsyncWrite + Unpin + 'static,
{
    let io = TokioIo::new(io);
    if is_http2 {
        let mut builder = http2::Builder::new(Local);
        builder.timer(TokioTimer::new());
        let (sender, connection) = builder.handshake(io).await?;
        spawn_local(async move { told(connection.await) });
        return Ok(Sender::Http2(sender));
    }
    let (sender, connection) = http1::handshake(io).await?;
    spawn_local(async move { told(connection.await) });
    Ok(Sender::Http1(sender))
}

fn told(ended: hyper::Result<()>) {
    if let Err(error) = ended {
        debug!("a connection to an upstream broke: {error}");
    }
}
