//! An upstream: it answers with what it is asked, or as its path orders.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::frames::{Frames, Step};

/// An upstream, which ends with its runtime.
#[derive(Debug, Clone)]
pub struct Upstream {
    /// Where it listens.
    pub address: SocketAddr,
    /// How many requests came here.
    pub requests: Arc<AtomicU64>,
}

impl Upstream {
    /// Starts one.
    ///
    /// # Panics
    ///
    /// It cannot listen.
    pub async fn start() -> Self {
        Self::listen(None).await
    }

    /// Starts one that speaks TLS, if it is told how.
    ///
    /// # Panics
    ///
    /// It cannot listen.
    pub async fn listen(tls: Option<TlsAcceptor>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let upstream = Self {
            address: listener.local_addr().unwrap(),
            requests: Arc::default(),
        };
        let requests = Arc::clone(&upstream.requests);
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let (tls, requests) = (tls.clone(), Arc::clone(&requests));
                tokio::spawn(async move {
                    match tls {
                        None => serve(stream, requests).await,
                        Some(tls) => {
                            if let Ok(stream) = tls.accept(stream).await {
                                serve(stream, requests).await;
                            }
                        }
                    }
                });
            }
        });
        upstream
    }

    /// How many requests came here.
    #[must_use]
    pub fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }
}

async fn serve(io: impl AsyncRead + AsyncWrite + Unpin + Send + 'static, requests: Arc<AtomicU64>) {
    let service = service_fn(move |request| {
        requests.fetch_add(1, Ordering::Relaxed);
        async { Ok::<_, Infallible>(answer(request).await) }
    });
    let builder = auto::Builder::new(TokioExecutor::new());
    // A client may go, or a body break off: that is what is tested.
    let _ = builder.serve_connection(TokioIo::new(io), service).await;
}

async fn answer(request: Request<Incoming>) -> Response<Frames> {
    let authority = request
        .uri()
        .authority()
        .map(|authority| authority.to_string());
    let host = request
        .headers()
        .get("host")
        .map(|host| host.to_str().unwrap().to_owned());
    let asked = authority.or(host).unwrap_or_default();
    let path = request.uri().path().to_owned();
    if asked == "auth" && path == "/" {
        let body = request.into_body().collect().await.unwrap().to_bytes();
        assert_eq!(body, "who");
        let response = Response::builder().header("x-token", "token-7");
        return response.body(Frames::text("of auth")).unwrap();
    }
    if path == "/s/m" {
        return grpc(request).await;
    }
    let response = Response::builder()
        .header("server", "apache")
        .header("x-powered-by", "coffee");
    let words: Vec<&str> = path.split('/').skip(1).collect();
    let body = match words.as_slice() {
        ["wait", ms] => {
            tokio::time::sleep(Duration::from_millis(ms.parse().unwrap())).await;
            echo(request, &asked).await
        }
        ["bytes", count] => {
            let part = Bytes::from(vec![b'x'; 1024]);
            let count: usize = count.parse().unwrap();
            Frames::of((0..count / 1024).map(|_| Step::Data(part.clone())))
        }
        ["break"] => {
            let wait = Step::Wait(Duration::from_millis(50));
            Frames::of([Step::Data("some".into()), wait, Step::Break])
        }
        ["trailers"] => Frames::text("body").with_trailer("x-checksum", "7"),
        _ => echo(request, &asked).await,
    };
    let response = match words.as_slice() {
        ["trailers"] => response.header("trailer", "x-checksum"),
        ["bytes", length] => response.header("content-length", *length),
        _ => response,
    };
    response.body(body).unwrap()
}

async fn echo(request: Request<Incoming>, asked: &str) -> Frames {
    let (parts, body) = request.into_parts();
    let mut text = format!(
        "{} {} {:?}\nasked: {asked}\n",
        parts.method,
        parts.uri.path(),
        parts.version
    );
    let mut tell = |kind: &str, fields: &hyper::HeaderMap| {
        for (name, value) in fields {
            text.push_str(&format!("{kind}{name}: {}\n", value.to_str().unwrap()));
        }
    };
    tell("", &parts.headers);
    let body = body.collect().await;
    let Ok(body) = body else {
        return Frames::text("broken");
    };
    if let Some(trailers) = body.trailers() {
        tell("trailer ", trailers);
    }
    text.push('\n');
    text.push_str(&String::from_utf8(body.to_bytes().into()).unwrap());
    Frames::text(text)
}

/// The one method that there is: it answers with what it is sent, twice as long.
async fn grpc(request: Request<Incoming>) -> Response<Frames> {
    assert_eq!(request.headers()["content-type"], "application/grpc");
    assert_eq!(request.headers()["a"], "b");
    let frame = request.into_body().collect().await.unwrap().to_bytes();
    assert_eq!(frame[..5], [0, 0, 0, 0, 5]);
    let message = [&frame[5..], &frame[5..]].concat();
    let frame = [&[0, 0, 0, 0, 10][..], &message].concat();
    let response = Response::builder().header("content-type", "application/grpc");
    let body = Frames::text(frame).with_trailer("grpc-status", "0");
    response.body(body).unwrap()
}
