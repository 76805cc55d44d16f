//! Answers in the forms that Dapr's API has.

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::json;

use crate::refusal::Refusal;

/// The type of almost all answers, whatever the data are.
pub(super) const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// What begins the names of metadata where they stand among other things.
const METADATA: &str = "metadata.";

/// That it was done, and that there is nothing to say.
pub(super) fn nothing() -> Response {
    StatusCode::NO_CONTENT.into_response()
}

pub(super) fn bytes(status: StatusCode, content_type: HeaderValue, data: Vec<u8>) -> Response {
    let mut response = Response::new(Body::from(data));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, content_type);
    response
}

pub(super) fn json(status: StatusCode, value: &impl Serialize) -> Response {
    match serde_json::to_vec(value) {
        Ok(data) => bytes(status, JSON, data),
        Err(error) => Refusal::new(
            500,
            tonic::Code::Internal,
            "ERR_INTERNAL",
            format!("failed to encode response as JSON: {error}"),
        )
        .into_response(),
    }
}

/// Metadata in the head of an answer. What HTTP cannot have there is left out.
pub(super) fn put_metadata(response: &mut Response, metadata: &[(String, String)]) {
    for (name, value) in metadata {
        let name = HeaderName::try_from(format!("{METADATA}{name}"));
        if let (Ok(name), Ok(value)) = (name, HeaderValue::try_from(value.as_str())) {
            response.headers_mut().insert(name, value);
        }
    }
}

pub(super) fn put_etag(response: &mut Response, etag: &str) {
    if let Ok(etag) = HeaderValue::try_from(etag) {
        response.headers_mut().insert(header::ETAG, etag);
    }
}

/// The text of a field, if it is there and is one.
pub(super) fn field<'a>(head: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    head.get(name)?.to_str().ok()
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut body = json!({ "errorCode": self.error_code, "message": self.message });
        if let Some(reason) = self.reason {
            body["details"] = json!([{
                "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                "domain": "dapr.io",
                "reason": reason,
            }]);
        }
        json(status, &body)
    }
}
