//! A server that answers with what it is asked: something to put behind the proxy.

use std::convert::Infallible;
use std::fmt::Write as _;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use hyper_util::server::conn::auto;
use tokio::net::TcpListener;
use tokio::task::spawn_local;
use tracing::debug;

use crate::local::Local;

/// Answers until it is dropped.
pub(crate) async fn serve(listener: TcpListener) {
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            continue;
        };
        spawn_local(async move {
            let service =
                service_fn(|request| async { Ok::<_, Infallible>(answer(request).await) });
            let builder = auto::Builder::new(Local);
            if let Err(error) = builder
                .serve_connection(TokioIo::new(stream), service)
                .await
            {
                debug!("a connection of the echo broke: {error}");
            }
        });
    }
}

/// The method and the path, the fields whose names begin with `x-`, and the body.
async fn answer(request: Request<Incoming>) -> Response<Full<Bytes>> {
    let mut text = format!("{} {}\n", request.method(), request.uri().path());
    for (name, value) in request.headers() {
        if name.as_str().starts_with("x-") {
            // Writing to text does not fail.
            let _ = writeln!(
                text,
                "{name}: {}",
                String::from_utf8_lossy(value.as_bytes())
            );
        }
    }
    match request.into_body().collect().await {
        Ok(body) => text.push_str(&String::from_utf8_lossy(&body.to_bytes())),
        Err(error) => debug!("a request broke off: {error}"),
    }
    if !text.ends_with('\n') {
        text.push('\n');
    }
    Response::new(Full::from(text))
}
