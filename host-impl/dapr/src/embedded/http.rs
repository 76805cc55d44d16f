//! A binding that calls a server of HTTP, as Dapr's has it.

use abide_dapr::bindings::Answer;
use async_trait::async_trait;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1;
use hyper::header::{HOST, HeaderName, HeaderValue};
use hyper::http::uri::{Scheme, Uri};
use hyper::{Method, Request, Response};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;

use crate::blocks::{Binding, Metadata};
use crate::failure::{Error, Result, failed};
use crate::metadata;
use crate::tls::{Tls, TlsError};

/// The most bytes of an answer.
const MOST_BYTES: usize = 16 << 20;

/// What is no field, though it is in the metadata.
const PATH: &str = "path";
/// Fields that are passed on though they are in lower case.
const TRACE: [&str; 2] = ["traceparent", "tracestate"];

/// Calls a server. Operations are HTTP's methods in lower case; `create` is `post`. `path` of the
/// metadata goes behind the URL, and what begins with a capital letter is a field.
///
/// Each call has a connection of its own: there is none to go stale.
#[derive(Debug, Clone)]
pub struct Http {
    url: Uri,
    error_if_not_2xx: bool,
    fields: Vec<(HeaderName, HeaderValue)>,
    tls: Option<Tls>,
}

/// Why a URL is of no use.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum HttpError {
    /// It is none, or not one of HTTP.
    #[error("`{0}` is no URL of HTTP")]
    Url(String),
    /// It is no name of a field, or no value of one.
    #[error("`{0}` is no field")]
    Field(String),
    /// TLS cannot be had.
    #[error(transparent)]
    Tls(#[from] TlsError),
}

impl Http {
    /// A server by its URL.
    ///
    /// # Errors
    ///
    /// It is no URL of HTTP.
    pub fn new(url: &str) -> Result<Self, HttpError> {
        let parsed = url.parse::<Uri>().ok().filter(|uri| {
            let scheme = uri.scheme();
            uri.host().is_some()
                && (scheme == Some(&Scheme::HTTP) || scheme == Some(&Scheme::HTTPS))
        });
        let parsed = parsed.ok_or_else(|| HttpError::Url(url.to_owned()))?;
        let tls = match parsed.scheme() == Some(&Scheme::HTTPS) {
            true => Some(Tls::public()?),
            false => None,
        };
        Ok(Self {
            url: parsed,
            error_if_not_2xx: true,
            fields: Vec::new(),
            tls,
        })
    }

    /// Whether an answer with another status than 2xx is an error. It is, unless this says
    /// otherwise.
    #[must_use]
    pub fn error_if_not_2xx(mut self, is_error: bool) -> Self {
        self.error_if_not_2xx = is_error;
        self
    }

    /// Adds a field to each request, such as a token.
    ///
    /// # Errors
    ///
    /// It is no field.
    pub fn field(mut self, name: &str, value: &str) -> Result<Self, HttpError> {
        let field = field(name, value).ok_or_else(|| HttpError::Field(name.to_owned()))?;
        self.fields.push(field);
        Ok(self)
    }

    fn request(
        &self,
        operation: &str,
        data: Vec<u8>,
        metadata: &Metadata,
    ) -> Result<Request<Full<Bytes>>> {
        let method = match operation {
            "create" => Method::POST,
            other => Method::from_bytes(other.to_ascii_uppercase().as_bytes())
                .map_err(|_| Error::Invalid(other.to_owned()))?,
        };
        let base = self.url.path_and_query().map_or("/", |path| path.as_str());
        let path = metadata::value(metadata, PATH).unwrap_or_default();
        let target = match path.is_empty() {
            true => base.to_owned(),
            false => format!(
                "{}/{}",
                base.trim_end_matches('/'),
                path.trim_start_matches('/')
            ),
        };
        let target = target.parse::<Uri>();
        let target = target.map_err(|_| Error::Invalid(format!("`{path}` is no path")))?;
        let mut request = Request::new(Full::new(Bytes::from(data)));
        *request.method_mut() = method;
        *request.uri_mut() = target;
        let authority = self
            .url
            .authority()
            .map_or("", |authority| authority.as_str());
        // Whoever is called need not learn of a user and a password in the URL.
        let (_, authority) = authority.rsplit_once('@').unwrap_or(("", authority));
        let host = HeaderValue::from_str(authority);
        let host = host.map_err(|error| Error::Invalid(error.to_string()))?;
        let headers = request.headers_mut();
        for (name, value) in metadata {
            let is_field = name.starts_with(|c: char| c.is_ascii_uppercase());
            if is_field || TRACE.contains(&&**name) {
                let (name, value) = field(name, value)
                    .ok_or_else(|| Error::Invalid(format!("`{name}` is no field")))?;
                headers.append(name, value);
            }
        }
        for (name, value) in &self.fields {
            headers.insert(name, value.clone());
        }
        headers.insert(HOST, host);
        Ok(request)
    }

    async fn send(&self, request: Request<Full<Bytes>>) -> Result<Response<Incoming>> {
        let host = self.url.host().unwrap_or_default();
        let host = host.trim_matches(['[', ']']);
        let port = match (self.url.port_u16(), &self.tls) {
            (Some(port), _) => port,
            (None, Some(_)) => 443,
            (None, None) => 80,
        };
        let stream = TcpStream::connect((host, port))
            .await
            .map_err(unavailable)?;
        let Some(tls) = &self.tls else {
            return exchange(stream, request).await;
        };
        exchange(tls.connect(host, stream).await?, request).await
    }
}

async fn exchange(
    stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
    request: Request<Full<Bytes>>,
) -> Result<Response<Incoming>> {
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream))
        .await
        .map_err(unavailable)?;
    // It ends with the answer, or when whoever waits for the answer goes.
    tokio::spawn(async move {
        let _ = connection.await;
    });
    sender.send_request(request).await.map_err(unavailable)
}

fn unavailable(error: impl std::fmt::Display) -> Error {
    Error::Unavailable(error.to_string())
}

fn field(name: &str, value: &str) -> Option<(HeaderName, HeaderValue)> {
    let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
    Some((name, HeaderValue::from_str(value).ok()?))
}

#[async_trait]
impl Binding for Http {
    fn operations(&self) -> &'static [&'static str] {
        &[
            "create", "get", "head", "post", "put", "patch", "delete", "options", "trace",
        ]
    }

    async fn invoke(&self, operation: &str, data: Vec<u8>, metadata: Metadata) -> Result<Answer> {
        let request = self.request(operation, data, &metadata)?;
        let response = self.send(request).await?;
        let status = response.status();
        let mut said = vec![
            ("statusCode".to_owned(), status.as_str().to_owned()),
            ("status".to_owned(), status.to_string()),
        ];
        for (name, value) in response.headers() {
            let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
            said.push((name.as_str().to_owned(), value));
        }
        let body = Limited::new(response.into_body(), MOST_BYTES)
            .collect()
            .await;
        let body = body.map_err(unavailable)?.to_bytes();
        if self.error_if_not_2xx && !status.is_success() {
            return Err(failed(
                status.as_str(),
                format!("the server answered {status}"),
            ));
        }
        Ok(Answer {
            data: body.to_vec(),
            metadata: said,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Http, HttpError};

    #[test]
    fn a_request_goes_where_the_url_says() {
        let http = Http::new("http://user:pass@example.test:8080/base?x=1").unwrap();
        let metadata = |pairs: &[(&str, &str)]| {
            let pairs = pairs.iter();
            pairs
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect()
        };
        let request = http.request("create", Vec::new(), &metadata(&[])).unwrap();
        assert_eq!(
            (
                request.method().as_str(),
                request.uri().to_string().as_str()
            ),
            ("POST", "/base?x=1")
        );
        let http = Http::new("http://example.test").unwrap();
        let said = metadata(&[("path", "@evil.test/a"), ("X-A", "b"), ("ttl", "1")]);
        let request = http.request("get", Vec::new(), &said).unwrap();
        assert_eq!(request.uri().to_string(), "/@evil.test/a");
        assert_eq!(request.headers()["host"], "example.test");
        assert_eq!(request.headers()["x-a"], "b");
        assert!(!request.headers().contains_key("ttl"));
        for said in [
            ("path", "a b"),
            ("path", "a\r\nX: y"),
            ("X-A", "b\r\nc"),
            ("X A", "b"),
        ] {
            assert!(
                http.request("get", Vec::new(), &metadata(&[said])).is_err(),
                "{said:?}"
            );
        }
    }

    #[test]
    fn urls_are_of_http() {
        assert!(Http::new("https://example.test").is_ok());
        for url in ["", "example.test", "ftp://example.test", "http://"] {
            assert_eq!(Http::new(url).unwrap_err(), HttpError::Url(url.to_owned()));
        }
    }
}
