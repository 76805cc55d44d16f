//! One connection to a server, for one request after the other.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context as _, Result};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{HOST, HeaderMap};
use hyper::{Method, Request, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

/// Whoever waits for longer waits for ever.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a server answered.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

/// A connection.
#[derive(Debug)]
pub struct Connection {
    address: SocketAddr,
    sender: SendRequest<Full<Bytes>>,
}

impl Connection {
    /// Connects.
    ///
    /// # Errors
    ///
    /// Nobody listens there.
    pub async fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).await;
        let stream = stream.with_context(|| format!("cannot connect to {address}"))?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        // It ends with the sender; what goes wrong is told there.
        tokio::spawn(connection);
        Ok(Self { address, sender })
    }

    /// Asks, and waits for the whole answer.
    ///
    /// # Errors
    ///
    /// The server hangs up, or does not answer within a minute.
    pub async fn ask(
        &mut self,
        method: Method,
        path: &str,
        body: impl Into<Bytes>,
    ) -> Result<Answer> {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(HOST, self.address.to_string())
            .body(Full::new(body.into()))?;
        let answer = timeout(PATIENCE, async {
            self.sender.ready().await?;
            let (head, body) = self.sender.send_request(request).await?.into_parts();
            let body = body.collect().await?.to_bytes();
            anyhow::Ok(Answer {
                status: head.status,
                headers: head.headers,
                body,
            })
        });
        answer
            .await
            .with_context(|| format!("no answer to `{path}`"))?
            .with_context(|| format!("`{path}`"))
    }

    /// Asks for a path.
    ///
    /// # Errors
    ///
    /// Those of [`ask`](Self::ask).
    pub async fn get(&mut self, path: &str) -> Result<Answer> {
        self.ask(Method::GET, path, Bytes::new()).await
    }
}

/// Sends a text to a path and is gone after a while, before it is answered.
///
/// # Errors
///
/// Nobody listens there.
pub async fn go_away(address: SocketAddr, path: &str, body: &str, after: Duration) -> Result<()> {
    let mut stream = TcpStream::connect(address).await?;
    let length = body.len();
    let request = format!(
        "POST {path} HTTP/1.1\r\nhost: {address}\r\ncontent-length: {length}\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes()).await?;
    sleep(after).await;
    Ok(())
}
