//! A client: one connection, of either version of HTTP.

use std::io;
use std::net::SocketAddr;

use http_body_util::BodyExt as _;
use hyper::client::conn::{http1, http2};
use hyper::header::HeaderMap;
use hyper::{Request, Response};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;

use crate::frames::Frames;

/// A whole answer.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: String,
    /// The trailers.
    pub trailers: HeaderMap,
}

impl Answer {
    /// The value of a field; empty, if it is not there.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    /// The line of the echo that is about a field, if there is one.
    #[must_use]
    pub fn told(&self, name: &str) -> Option<&str> {
        let start = format!("{name}: ");
        self.body.lines().find_map(|line| line.strip_prefix(&start))
    }

    /// What the echo says of the body.
    #[must_use]
    pub fn echoed(&self) -> &str {
        self.body.split_once("\n\n").map_or("", |(_, body)| body)
    }
}

/// A connection.
#[derive(Debug)]
pub enum Client {
    /// Of HTTP/1.1. There is another one where a server that is known by its address has closed it.
    Http1(http1::SendRequest<Frames>, Option<SocketAddr>),
    /// Of HTTP/2.
    Http2(http2::SendRequest<Frames>),
}

impl Client {
    /// Connects.
    ///
    /// # Errors
    ///
    /// Nobody listens there, as in all that follows: it breaks off, or makes no sense.
    pub async fn open(address: SocketAddr) -> io::Result<Self> {
        Ok(Self::Http1(connected(address).await?, Some(address)))
    }

    /// Connects with HTTP/2.
    pub async fn open_http2(address: SocketAddr) -> io::Result<Self> {
        Self::http2(TcpStream::connect(address).await?).await
    }

    /// Speaks HTTP/1.1 over what is connected.
    pub async fn http1(
        io: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    ) -> io::Result<Self> {
        Ok(Self::Http1(spoken(io).await?, None))
    }

    /// Speaks HTTP/2 over what is connected.
    pub async fn http2(
        io: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    ) -> io::Result<Self> {
        let made = http2::handshake(TokioExecutor::new(), TokioIo::new(io)).await;
        let (sender, connection) = made.map_err(io::Error::other)?;
        tokio::spawn(connection);
        Ok(Self::Http2(sender))
    }

    /// Asks for a path.
    pub async fn get(&mut self, path: &str) -> hyper::Result<Answer> {
        self.ask("GET", path, &[], Frames::default()).await
    }

    /// Sends something to a path.
    pub async fn post(&mut self, path: &str, body: Frames) -> hyper::Result<Answer> {
        self.ask("POST", path, &[], body).await
    }

    /// Asks, and waits for the whole answer.
    pub async fn ask(
        &mut self,
        method: &str,
        path: &str,
        fields: &[(&str, &str)],
        body: Frames,
    ) -> hyper::Result<Answer> {
        let response = self.head(method, path, fields, body).await?;
        let (parts, body) = response.into_parts();
        let body = body.collect().await?;
        let trailers = body.trailers().cloned().unwrap_or_default();
        Ok(Answer {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body: String::from_utf8(body.to_bytes().into()).unwrap(),
            trailers,
        })
    }

    /// Only waits for the head of the answer.
    pub async fn head(
        &mut self,
        method: &str,
        path: &str,
        fields: &[(&str, &str)],
        body: Frames,
    ) -> hyper::Result<Response<hyper::body::Incoming>> {
        let mut request = Request::builder().method(method);
        for (name, value) in fields {
            request = request.header(*name, *value);
        }
        match self {
            Self::Http1(sender, address) => {
                let request = request.uri(path).header("host", "example.org").body(body);
                if let Err(closed) = sender.ready().await {
                    // A server closes what it has answered before it had read all of the request.
                    let Some(address) = *address else {
                        return Err(closed);
                    };
                    let Ok(another) = connected(address).await else {
                        return Err(closed);
                    };
                    *sender = another;
                    sender.ready().await?;
                }
                sender.send_request(request.unwrap()).await
            }
            Self::Http2(sender) => {
                let uri = format!("http://example.org{path}");
                let request = request.uri(uri).body(body);
                sender.ready().await?;
                sender.send_request(request.unwrap()).await
            }
        }
    }
}

/// A connection of HTTP/1.1.
async fn connected(address: SocketAddr) -> io::Result<http1::SendRequest<Frames>> {
    spoken(TcpStream::connect(address).await?).await
}

/// HTTP/1.1 over what is connected.
async fn spoken(
    io: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
) -> io::Result<http1::SendRequest<Frames>> {
    let made = http1::handshake(TokioIo::new(io)).await;
    let (sender, connection) = made.map_err(io::Error::other)?;
    tokio::spawn(connection);
    Ok(sender)
}
