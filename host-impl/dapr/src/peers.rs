//! Applications of other hosts, called over HTTP at addresses that are known: no broker and no
//! sidecar is between them.
//!
//! The path is that of Dapr's own API, `/v1.0/invoke/APP/method/METHOD`. So a peer is a host that
//! serves that path, or any sidecar of Dapr.

use std::collections::BTreeMap;

use abide_dapr::invocation::{Request, Response};
use async_trait::async_trait;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1;
use hyper::header::{CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, HOST, TRANSFER_ENCODING};
use hyper::header::{HeaderMap, HeaderName, HeaderValue};
use hyper_util::rt::TokioIo;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use tokio::net::TcpStream;

use crate::blocks::{Invoker, Metadata};
use crate::failure::{Error, Result, failed};

/// The most bytes of an answer.
const MOST_BYTES: usize = 16 << 20;

/// Fields that are of one connection, or said in another place.
const OF_HTTP: [HeaderName; 5] = [
    CONNECTION,
    CONTENT_LENGTH,
    CONTENT_TYPE,
    HOST,
    TRANSFER_ENCODING,
];

/// What stands for itself in an id.
const ID: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// What does in a method, which may be a path, and behind a question mark.
const PLAIN: &AsciiSet = &ID.remove(b'/');

/// Calls applications at addresses such as `10.0.0.7:3500`. Each call has a connection of its own:
/// there is none to go stale, and one that breaks is `unavailable`.
#[derive(Debug, Clone, Default)]
pub struct Peers {
    apps: BTreeMap<String, String>,
}

impl Peers {
    /// Nobody.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an application, by its id and the host and port where it is called.
    #[must_use]
    pub fn app(mut self, id: impl Into<String>, address: impl Into<String>) -> Self {
        self.apps.insert(id.into(), address.into());
        self
    }
}

#[async_trait]
impl Invoker for Peers {
    async fn invoke(&self, app: &str, request: Request) -> Result<Response> {
        let Some(address) = self.apps.get(app) else {
            return Err(Error::NotFound(app.to_owned()));
        };
        let request = encode(app, address, request)?;
        let answer = send(address, request).await?;
        decode(answer).await
    }
}

async fn send(
    address: &str,
    request: hyper::Request<Full<Bytes>>,
) -> Result<hyper::Response<Incoming>> {
    let stream = TcpStream::connect(address).await.map_err(unavailable)?;
    // A request is more than one packet, and nobody shall wait for the last one.
    let _ = stream.set_nodelay(true);
    let handshake = http1::handshake(TokioIo::new(stream)).await;
    let (mut sender, connection) = handshake.map_err(unavailable)?;
    // It ends with the answer, or when whoever waits for the answer goes.
    tokio::spawn(async move {
        let _ = connection.await;
    });
    sender.send_request(request).await.map_err(unavailable)
}

fn encode(app: &str, address: &str, request: Request) -> Result<hyper::Request<Full<Bytes>>> {
    let id = utf8_percent_encode(app, ID);
    let plain = |text| utf8_percent_encode(text, PLAIN);
    let mut path = format!("/v1.0/invoke/{id}/method/{}", plain(&request.method));
    for (at, (name, value)) in request.query.iter().enumerate() {
        let sign = if at == 0 { '?' } else { '&' };
        path += &format!("{sign}{}={}", plain(name), plain(value));
    }
    let strange = |what: &str| Error::Invalid(format!("{what} cannot be sent over HTTP"));
    let mut sent = hyper::Request::new(Full::new(Bytes::from(request.data)));
    *sent.method_mut() = (request.verb.name().parse()).map_err(|_| strange("the verb"))?;
    *sent.uri_mut() = path.parse().map_err(|_| strange("the method"))?;
    let fields = sent.headers_mut();
    for (name, value) in &request.metadata {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value))
            && !OF_HTTP.contains(&name)
        {
            fields.append(name, value);
        }
    }
    if !request.content_type.is_empty() {
        let kind = HeaderValue::try_from(&request.content_type);
        fields.insert(CONTENT_TYPE, kind.map_err(|_| strange("the content type"))?);
    }
    let host = HeaderValue::try_from(address);
    fields.insert(HOST, host.map_err(|_| strange("the address"))?);
    Ok(sent)
}

async fn decode(answer: hyper::Response<Incoming>) -> Result<Response> {
    let (head, body) = answer.into_parts();
    let body = Limited::new(body, MOST_BYTES).collect().await;
    let body = body.map_err(
        |error| match error.is::<http_body_util::LengthLimitError>() {
            true => failed(
                "TOO_LARGE",
                format!("an answer has more than {MOST_BYTES} bytes"),
            ),
            false => unavailable(error),
        },
    )?;
    let content_type = head.headers.get(CONTENT_TYPE);
    let content_type = content_type.and_then(|kind| kind.to_str().ok());
    Ok(Response {
        status: head.status.as_u16(),
        content_type: content_type.unwrap_or_default().to_owned(),
        data: body.to_bytes().into(),
        metadata: metadata(&head.headers),
    })
}

fn metadata(fields: &HeaderMap) -> Metadata {
    let fields = fields.iter().filter(|(name, _)| !OF_HTTP.contains(name));
    let fields = fields.filter_map(|(name, value)| {
        let value = value.to_str().ok()?;
        Some((name.as_str().to_owned(), value.to_owned()))
    });
    fields.collect()
}

fn unavailable(error: impl std::fmt::Display) -> Error {
    Error::Unavailable(error.to_string())
}

#[cfg(test)]
mod tests {
    use abide_dapr::invocation::{Request, Verb};

    use super::encode;

    fn request(method: &str, query: &[(&str, &str)], metadata: &[(&str, &str)]) -> Request {
        let owned = |pairs: &[(&str, &str)]| {
            let pairs = pairs.iter();
            pairs
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect()
        };
        Request {
            verb: Verb::Put,
            method: method.to_owned(),
            query: owned(query),
            content_type: "text/plain".to_owned(),
            data: b"data".to_vec(),
            metadata: owned(metadata),
        }
    }

    #[test]
    fn a_call_is_a_request_of_daprs_own_api() {
        let call = request(
            "orders/7 ä",
            &[("a", "b&c"), ("d", "")],
            &[("traceparent", "00-1"), ("host", "evil"), ("x", "a\r\nb")],
        );
        let sent = encode("shop", "10.0.0.1:3500", call).unwrap();
        let uri = "/v1.0/invoke/shop/method/orders/7%20%C3%A4?a=b%26c&d=";
        assert_eq!(sent.uri().to_string(), uri);
        assert_eq!(sent.method(), "PUT");
        assert_eq!(sent.headers()["host"], "10.0.0.1:3500");
        assert_eq!(sent.headers()["traceparent"], "00-1");
        assert_eq!(sent.headers()["content-type"], "text/plain");
        assert!(!sent.headers().contains_key("x"));
    }

    #[test]
    fn an_application_cannot_leave_its_place_in_the_path() {
        let sent = encode("a/../b?c", "x:1", request("", &[], &[])).unwrap();
        assert_eq!(sent.uri().path(), "/v1.0/invoke/a%2F..%2Fb%3Fc/method/");
    }
}
