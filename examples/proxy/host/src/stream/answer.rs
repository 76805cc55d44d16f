//! Answers that no upstream gave: a filter's, or the proxy's own.

use std::rc::Rc;

use abide_proxy::types::{Field, Part, Response as Given};
use bytes::Bytes;
use hyper::Response;

use super::Stream;
use super::body::Body;
use crate::fields::{self, first};
use crate::refusal::Refusal;

/// The fields of a filter's answer, as they are shown to filters on the way back.
pub(crate) fn given(given: &Given, request: &[Field]) -> Vec<Field> {
    let is_grpc =
        first(request, "content-type").is_some_and(|kind| kind.starts_with(b"application/grpc"));
    let field = |name: &str, value: String| (name.to_owned(), value.into_bytes());
    let status = if is_grpc { 200 } else { given.status };
    let mut fields = vec![field(":status", status.to_string())];
    let own = given.fields.iter().cloned().map(|(mut name, value)| {
        name.make_ascii_lowercase();
        (name, value)
    });
    fields.extend(own.filter(|(name, _)| !name.starts_with(':') && name != "content-length"));
    if is_grpc {
        let code = given.grpc_status.unwrap_or(2);
        fields.push(field("grpc-status", code.to_string()));
        fields.push(field("content-type", "application/grpc".to_owned()));
    }
    if !given.body.is_empty() {
        fields.push(field("content-length", given.body.len().to_string()));
        if first(&fields, "content-type").is_none() {
            fields.push(field("content-type", "text/plain".to_owned()));
        }
    }
    fields
}

/// The response of these fields, which are the stream's.
pub(crate) fn of_stream(stream: &Stream, body: Body) -> Result<Response<Body>, Refusal> {
    let state = stream.state.lock();
    fields::response(state.part(Part::ResponseHeaders), body).map_err(|_| Refusal::NoMessage)
}

/// What the proxy itself says, as an answer that passes filters.
pub(crate) fn instead(refusal: &Refusal) -> Given {
    let fields = refusal.fields().into_iter();
    Given {
        status: refusal.status(),
        fields: fields.filter(|(name, _)| name != ":status").collect(),
        body: refusal.text().into(),
        grpc_status: None,
        details: String::new(),
    }
}

/// The same to the client only.
pub(crate) fn refused(refusal: &Refusal, stream: &Rc<Stream>) -> Response<Body> {
    stream.is_answered.set(true);
    stream.access.borrow_mut().refused(refusal);
    let text = Bytes::from(refusal.text());
    let body = || Body::whole(text.clone(), Some(Rc::clone(stream)));
    // Its own fields make a response.
    fields::response(&refusal.fields(), body()).unwrap_or_else(|_| Response::new(body()))
}
