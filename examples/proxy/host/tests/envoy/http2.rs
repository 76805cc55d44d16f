//! HTTP/2, of which the bytes of two proxies are never the same: a client and an upstream that put into
//! words what they get.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::fmt::Write as _;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::thread;

use bytes::Bytes;
use http_body_util::BodyExt as _;
use hyper::body::{Body, Frame, Incoming};
use hyper::header::HeaderMap;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use tokio::net::{TcpListener, TcpStream};

type Fields = &'static [(&'static str, &'static str)];

/// What a client asks.
#[derive(Debug, Clone)]
pub(crate) struct Ask {
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    pub(crate) fields: Fields,
    pub(crate) parts: &'static [&'static str],
    pub(crate) trailers: Fields,
}

fn runtime() -> tokio::runtime::Runtime {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    builder.enable_all().build().unwrap()
}

fn map(fields: Fields) -> HeaderMap {
    let field = |(name, value): &(&'static str, &'static str)| {
        (name.parse().unwrap(), value.parse().unwrap())
    };
    fields.iter().map(field).collect()
}

/// A body of some frames.
struct Frames(VecDeque<Frame<Bytes>>);

impl Frames {
    fn new(parts: impl IntoIterator<Item = Bytes>, trailers: Fields) -> Self {
        let mut frames: VecDeque<_> = parts.into_iter().map(Frame::data).collect();
        if !trailers.is_empty() {
            frames.push_back(Frame::trailers(map(trailers)));
        }
        Self(frames)
    }
}

impl Body for Frames {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.0.pop_front().map(Ok))
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_empty()
    }
}

/// What is said of a message's fields, body and trailers.
async fn told(fields: &HeaderMap, body: Incoming) -> String {
    let mut text = String::new();
    let mut tell = |fields: &HeaderMap| {
        for (name, value) in fields {
            let _ = writeln!(text, "{name}: {}", value.to_str().unwrap_or("?"));
        }
        text.push('\n');
    };
    tell(fields);
    match body.collect().await {
        Ok(body) => {
            if let Some(trailers) = body.trailers() {
                tell(trailers);
            }
            text.push_str(&String::from_utf8_lossy(&body.to_bytes()));
            text.push('\n');
        }
        Err(_) => text.push_str("[broken off]\n"),
    }
    text
}

/// Asks, and says what the answer was.
pub(crate) fn ask(address: SocketAddr, ask: &Ask) -> String {
    runtime().block_on(async {
        let stream = TcpStream::connect(address).await.unwrap();
        let io = TokioIo::new(stream);
        let executor = TokioExecutor::new();
        let (mut sender, connection) = hyper::client::conn::http2::handshake(executor, io)
            .await
            .unwrap();
        tokio::spawn(connection);
        let mut request = Request::builder()
            .method(ask.method)
            .uri(format!("http://example.org{}", ask.path))
            .header("user-agent", "curl/7.88.1")
            .header("x-forwarded-proto", "http");
        for (name, value) in ask.fields {
            request = request.header(*name, *value);
        }
        let parts = ask.parts.iter().map(|part| Bytes::from(*part));
        let request = request.body(Frames::new(parts, ask.trailers)).unwrap();
        match sender.send_request(request).await {
            Ok(response) => {
                let (parts, body) = response.into_parts();
                let status = parts.status.as_u16();
                format!("{status}\n{}", told(&parts.headers, body).await)
            }
            Err(_) => "[broken off]\n".to_owned(),
        }
    })
}

/// Answers what it is asked, on a thread of its own.
pub(crate) fn serve() -> SocketAddr {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    listener.set_nonblocking(true).unwrap();
    thread::spawn(move || {
        runtime().block_on(async move {
            let listener = TcpListener::from_std(listener).unwrap();
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(async move {
                    let builder = auto::Builder::new(TokioExecutor::new());
                    let io = TokioIo::new(stream);
                    // Whoever asks may go.
                    let _ = builder.serve_connection(io, service_fn(answer)).await;
                });
            }
        });
    });
    address
}

async fn answer(request: Request<Incoming>) -> Result<Response<Frames>, Infallible> {
    let (parts, asked) = request.into_parts();
    let with_trailers = parts.headers.contains_key("x-up");
    let text = format!(
        "{} {}\n{}",
        parts.method,
        parts.uri,
        told(&parts.headers, asked).await
    );
    let trailers: Fields = match with_trailers {
        true => &[("x-sum", "7"), ("x-other", "8")],
        false => &[],
    };
    let response = Response::builder()
        .header("server", "up")
        .header("x-powered-by", "coffee");
    Ok(response.body(Frames::new([text.into()], trailers)).unwrap())
}
