//! Fields, as filters have them and as HTTP does. Knows no streams.

use abide_proxy::types::Field;
use hyper::body::Body;
use hyper::header::{self, HeaderMap, HeaderName, HeaderValue};
use hyper::http::{request, response, uri};
use hyper::{Method, Request, Response, StatusCode, Uri, Version};

/// Fields of one connection, which a proxy does not pass on.
const HOP_BY_HOP: [HeaderName; 6] = [
    header::CONNECTION,
    header::PROXY_AUTHENTICATE,
    header::PROXY_AUTHORIZATION,
    header::TE,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
];

/// Two more, which the crate `http` has no names of.
const MORE: [&str; 2] = ["keep-alive", "proxy-connection"];

/// Whether a field is of one connection. That a client takes trailers is passed on.
fn is_of_connection(name: &HeaderName, value: &HeaderValue) -> bool {
    let is_hop = HOP_BY_HOP.contains(name) || MORE.contains(&name.as_str());
    is_hop && !(name == header::TE && value == "trailers")
}

/// Filters left fields that make no message of HTTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NoMessage;

/// The fields of a request, those of HTTP/2's own first.
pub(crate) fn of_request(parts: &request::Parts, is_tls: bool) -> Vec<Field> {
    let authority = match parts.uri.authority() {
        Some(authority) => authority.as_str().as_bytes(),
        None => parts
            .headers
            .get(header::HOST)
            .map_or(&b""[..], HeaderValue::as_bytes),
    };
    let path = parts
        .uri
        .path_and_query()
        .map_or("/", uri::PathAndQuery::as_str);
    let scheme = if is_tls { "https" } else { "http" };
    let method = (":method".to_owned(), parts.method.as_str().into());
    let scheme = (":scheme".to_owned(), scheme.into());
    let authority = (":authority".to_owned(), authority.to_vec());
    let path = (":path".to_owned(), path.into());
    // Of HTTP/1 in the order of Envoy, of HTTP/2 in the one in which most clients send them.
    let mut fields = match parts.version < Version::HTTP_2 {
        true => vec![authority, path, method, scheme],
        false => vec![method, scheme, authority, path],
    };
    append(&mut fields, &parts.headers, false);
    fields
}

/// The fields of a response. Filters see those of its connection, too, which go no further, as in
/// Envoy.
pub(crate) fn of_response(parts: &response::Parts) -> Vec<Field> {
    let mut fields = vec![(":status".to_owned(), parts.status.as_str().into())];
    append(&mut fields, &parts.headers, true);
    fields
}

/// The fields of trailers.
pub(crate) fn of_trailers(trailers: &HeaderMap) -> Vec<Field> {
    let field = |(name, value): (&HeaderName, &HeaderValue)| {
        (name.as_str().to_owned(), value.as_bytes().to_vec())
    };
    trailers.iter().map(field).collect()
}

fn append(fields: &mut Vec<Field>, headers: &HeaderMap, with_connection: bool) {
    // What `connection` names is of this connection only, too.
    let named: Vec<&[u8]> = headers
        .get_all(header::CONNECTION)
        .iter()
        .flat_map(|value| value.as_bytes().split(|byte| *byte == b','))
        .map(<[u8]>::trim_ascii)
        .collect();
    let is_chunked = headers.contains_key(header::TRANSFER_ENCODING);
    for (name, value) in headers {
        let is_named = named
            .iter()
            .any(|named| named.eq_ignore_ascii_case(name.as_str().as_bytes()));
        // The host is the authority, and who waited to be told to go on has been told. What a body
        // in chunks says of its length does not count.
        let is_answered = name == header::HOST || name == header::EXPECT;
        let is_void = name == header::CONTENT_LENGTH && is_chunked;
        let is_of_connection = !with_connection && is_of_connection(name, value);
        if is_answered || is_void || is_named || is_of_connection {
            continue;
        }
        fields.push((name.as_str().to_owned(), value.as_bytes().to_vec()));
    }
}

/// The first field of a name, whose case does not matter.
pub(crate) fn first<'a>(fields: &'a [Field], name: &str) -> Option<&'a [u8]> {
    let mut found = fields
        .iter()
        .filter(|(found, _)| found.eq_ignore_ascii_case(name));
    found.next().map(|(_, value)| value.as_slice())
}

/// The same as text, if it is that.
pub(crate) fn text<'a>(fields: &'a [Field], name: &str) -> Option<&'a str> {
    std::str::from_utf8(first(fields, name)?).ok()
}

/// A request of these fields, for an upstream that speaks HTTP/2 or not.
pub(crate) fn request<B>(
    fields: &[Field],
    body: B,
    is_tls: bool,
    is_http2: bool,
) -> Result<Request<B>, NoMessage> {
    let method = first(fields, ":method").ok_or(NoMessage)?;
    let path = text(fields, ":path").ok_or(NoMessage)?;
    // Anything else would be taken for another server's name.
    if !path.starts_with('/') && path != "*" {
        return Err(NoMessage);
    }
    let authority = text(fields, ":authority").unwrap_or_default();
    let mut request = Request::new(body);
    *request.method_mut() = Method::from_bytes(method).map_err(|_| NoMessage)?;
    if is_http2 {
        let scheme = if is_tls { "https" } else { "http" };
        let uri = Uri::builder().scheme(scheme).authority(authority);
        *request.uri_mut() = uri.path_and_query(path).build().map_err(|_| NoMessage)?;
        *request.version_mut() = Version::HTTP_2;
        append_to(request.headers_mut(), fields)?;
    } else {
        *request.uri_mut() = path.parse().map_err(|_| NoMessage)?;
        let host = HeaderValue::from_str(authority).map_err(|_| NoMessage)?;
        request.headers_mut().insert(header::HOST, host);
        append_to(request.headers_mut(), fields)?;
        request.headers_mut().remove(header::TE);
    }
    Ok(request)
}

/// Says of a request without a body that it has none, where its method makes one expect it.
/// Messages of HTTP/2 say it by themselves.
pub(crate) fn tell_of_no_body<B: Body>(request: &mut Request<B>) {
    let has_none = [
        Method::GET,
        Method::HEAD,
        Method::DELETE,
        Method::CONNECT,
        Method::TRACE,
    ];
    let is_told = request.headers().contains_key(header::CONTENT_LENGTH);
    if request.version() < Version::HTTP_2
        && request.body().is_end_stream()
        && !has_none.contains(request.method())
        && !is_told
    {
        let none = HeaderValue::from_static("0");
        request.headers_mut().insert(header::CONTENT_LENGTH, none);
    }
}

/// A response of these fields.
pub(crate) fn response<B>(fields: &[Field], body: B) -> Result<Response<B>, NoMessage> {
    let status = first(fields, ":status").ok_or(NoMessage)?;
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_bytes(status).map_err(|_| NoMessage)?;
    *response.headers_mut() = headers(fields)?;
    Ok(response)
}

/// These fields, without those of HTTP/2's own and those of a connection, which is not theirs.
pub(crate) fn headers(fields: &[Field]) -> Result<HeaderMap, NoMessage> {
    let mut headers = HeaderMap::with_capacity(fields.len());
    append_to(&mut headers, fields)?;
    Ok(headers)
}

fn append_to(headers: &mut HeaderMap, fields: &[Field]) -> Result<(), NoMessage> {
    for (name, value) in fields.iter().filter(|(name, _)| !name.starts_with(':')) {
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| NoMessage)?;
        let value = HeaderValue::from_bytes(value).map_err(|_| NoMessage)?;
        if name != header::HOST && !is_of_connection(&name, &value) {
            headers.append(name, value);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{first, of_request, request};
    use hyper::Request;

    #[test]
    fn what_is_of_one_connection_stays_there() {
        let request = Request::get("/a?b")
            .header("host", "example.org")
            .header("connection", "close, X-Mine")
            .header("x-mine", "1")
            .header("keep-alive", "5")
            .header("accept", "*/*");
        let (parts, ()) = request.body(()).unwrap().into_parts();
        let fields = of_request(&parts, false);
        let names: Vec<&str> = fields.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(
            names,
            [":authority", ":path", ":method", ":scheme", "accept"]
        );
        assert_eq!(first(&fields, ":authority"), Some(&b"example.org"[..]));
        assert_eq!(first(&fields, ":path"), Some(&b"/a?b"[..]));
    }

    #[test]
    fn a_request_is_of_the_upstreams_version() {
        let field = |name: &str, value: &str| (name.to_owned(), value.into());
        let fields = [
            field(":method", "PUT"),
            field(":path", "/a"),
            field(":authority", "b:1"),
            field("c", "d"),
        ];
        let old = request(&fields, (), false, false).unwrap();
        let mut astray = fields.clone();
        astray[1] = field(":path", "elsewhere:80");
        assert!(request(&astray, (), false, false).is_err());
        assert_eq!(
            (old.uri().to_string().as_str(), &old.headers()["host"]),
            ("/a", &"b:1".parse().unwrap())
        );
        let new = request(&fields, (), true, true).unwrap();
        assert_eq!(new.uri().to_string(), "https://b:1/a");
        assert!(!new.headers().contains_key("host"));
        let more = [&fields[..], &[field("connection", "c"), field("host", "x")]].concat();
        let old = request(&more, (), false, false).unwrap();
        assert_eq!(old.headers().len(), 2);
        let bad = [
            field(":method", "GET"),
            field(":path", "/"),
            field("no name", ""),
        ];
        request(&bad, (), false, false).unwrap_err();
    }
}
