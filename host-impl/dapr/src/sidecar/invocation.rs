//! Calls of applications that the sidecar knows.
//!
//! Over gRPC a sidecar tells of an answer that is an error no more than its status and the beginning
//! of its text.

use abide_dapr::invocation::{Request, Response};
use async_trait::async_trait;
use dapr::dapr::proto::common::v1::http_extension::Verb as Said;
use dapr::dapr::proto::common::v1::{HttpExtension, InvokeRequest};
use dapr::dapr::proto::runtime::v1::InvokeServiceRequest;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, PercentEncode, utf8_percent_encode};
use prost_types::Any;
use tonic::metadata::{KeyAndValueRef, MetadataMap};

use super::{Sidecar, error, put};
use crate::blocks::{Invoker, Metadata};
use crate::failure::Result;

/// Where the status of HTTP stands that an application has answered with.
const STATUS: &str = "dapr-http-status";

/// What is of the connection.
const OF_GRPC: [&str; 6] = [
    "content-type",
    "content-length",
    "date",
    "te",
    "host",
    "user-agent",
];

#[async_trait]
impl Invoker for Sidecar {
    async fn invoke(&self, app: &str, request: Request) -> Result<Response> {
        let mut metadata = request.metadata;
        metadata.retain(|(name, _)| !OF_GRPC.iter().any(|of| name.eq_ignore_ascii_case(of)));
        let extension = HttpExtension {
            // They have the same names.
            verb: Said::from_str_name(request.verb.name())
                .unwrap_or(Said::Post)
                .into(),
            querystring: query(&request.query),
        };
        let mut message = self.request(InvokeServiceRequest {
            id: app.to_owned(),
            message: Some(InvokeRequest {
                method: request.method,
                data: Some(Any {
                    type_url: String::new(),
                    value: request.data,
                }),
                content_type: request.content_type,
                http_extension: Some(extension),
            }),
        });
        put(&mut message, &metadata);
        match self.client().invoke_service(message).await {
            Ok(answer) => {
                let (head, answer, _) = answer.into_parts();
                Ok(Response {
                    status: status(&head).unwrap_or(200),
                    content_type: answer.content_type,
                    data: answer.data.unwrap_or_default().value,
                    metadata: fields(&head),
                })
            }
            Err(refused) => match status(refused.metadata()) {
                Some(status) => Ok(Response {
                    status,
                    content_type: "text/plain".to_owned(),
                    data: refused.message().as_bytes().to_vec(),
                    metadata: fields(refused.metadata()),
                }),
                None => Err(error::of_call(&refused, app)),
            },
        }
    }
}

fn status(head: &MetadataMap) -> Option<u16> {
    head.get(STATUS)?.to_str().ok()?.parse().ok()
}

fn fields(head: &MetadataMap) -> Metadata {
    let fields = head.iter().filter_map(|field| match field {
        KeyAndValueRef::Ascii(name, value) => {
            let name = name.as_str();
            let is_more = name != STATUS && !name.starts_with("grpc-") && !OF_GRPC.contains(&name);
            let value = value.to_str().ok()?;
            is_more.then(|| (name.to_owned(), value.to_owned()))
        }
        KeyAndValueRef::Binary(..) => None,
    });
    fields.collect()
}

/// What stands behind a question mark.
fn query(pairs: &[(String, String)]) -> String {
    let pairs = pairs
        .iter()
        .map(|(name, value)| format!("{}={}", encoded(name), encoded(value)));
    pairs.collect::<Vec<_>>().join("&")
}

/// What stands for itself there: letters, digits and the four marks that mean nothing.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

fn encoded(text: &str) -> PercentEncode<'_> {
    utf8_percent_encode(text, PLAIN)
}

#[cfg(test)]
mod tests {
    use super::query;

    #[test]
    fn queries_are_encoded() {
        let pairs = [("a", "b c"), ("ü&", "=")];
        let pairs = pairs.map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(query(&pairs), "a=b%20c&%C3%BC%26=%3D");
    }
}
