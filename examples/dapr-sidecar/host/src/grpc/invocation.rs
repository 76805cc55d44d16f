//! Calls of applications.

use std::sync::Arc;

use abide_dapr::host_async::Invocation as _;
use abide_dapr::invocation::{Request as Invoked, Verb};
use dapr::dapr::proto::common::v1::{InvokeRequest, InvokeResponse};
use dapr::dapr::proto::runtime::v1::InvokeServiceRequest;
use prost_types::Any;
use tonic::metadata::{AsciiMetadataKey, AsciiMetadataValue, KeyAndValueRef, MetadataMap};
use tonic::{Code, Request, Response, Status};

use crate::api::Api;
use crate::query::Query;
use crate::refusal::{Call, Refusal};

/// Where the status of HTTP stands that an application has answered with.
const STATUS: &str = "dapr-http-status";

/// What is of one connection.
const OF_GRPC: [&str; 4] = ["content-type", "te", "user-agent", "grpc-timeout"];

/// How much of what an application says goes into an error.
const TEXT: usize = 4 << 10;

pub(super) async fn invoke(
    api: &Arc<Api>,
    request: Request<InvokeServiceRequest>,
) -> Result<Response<InvokeResponse>, Status> {
    let (head, _, request) = request.into_parts();
    let app = &*request.id;
    let message = request.message.unwrap_or_default();
    let invoked = invoked(message, &head)?;
    let answered = api.host().invoke(app, invoked).await;
    let answered = answered.map_err(|error| api.refusal(Call::Invoke { app }, &error))?;
    let code = code(answered.status);
    if code != Code::Ok {
        let mut status = Status::new(code, text(&answered.data));
        put(status.metadata_mut(), &answered.metadata, answered.status);
        return Err(status);
    }
    let mut response = Response::new(InvokeResponse {
        content_type: answered.content_type,
        data: Some(Any {
            type_url: String::new(),
            value: answered.data,
        }),
    });
    put(response.metadata_mut(), &answered.metadata, answered.status);
    Ok(response)
}

fn invoked(message: InvokeRequest, head: &MetadataMap) -> Result<Invoked, Refusal> {
    let extension = message.http_extension.unwrap_or_default();
    let data = message.data.unwrap_or_default();
    // A method is a path for Dapr, so what stands behind a question mark may be there as well.
    let (method, more) = message
        .method
        .split_once('?')
        .unwrap_or((&message.method, ""));
    let mut query = Query::parse(more).0;
    query.extend(Query::parse(&extension.querystring).0);
    Ok(Invoked {
        // A call without a word of HTTP has data.
        verb: Verb::named(extension.verb().as_str_name()).unwrap_or(Verb::Post),
        method: method.to_owned(),
        query,
        content_type: message.content_type,
        data: data.value,
        metadata: metadata(head),
    })
}

/// What came along that is text and not the connection's.
fn metadata(head: &MetadataMap) -> Vec<(String, String)> {
    let fields = head.iter().filter_map(|field| match field {
        KeyAndValueRef::Ascii(name, value) if !OF_GRPC.contains(&name.as_str()) => {
            let value = value.to_str().ok()?;
            Some((name.as_str().to_owned(), value.to_owned()))
        }
        _ => None,
    });
    fields.collect()
}

fn put(head: &mut MetadataMap, metadata: &[(String, String)], status: u16) {
    for (name, value) in metadata {
        let name = AsciiMetadataKey::from_bytes(name.as_bytes());
        if let (Ok(name), Ok(value)) = (name, AsciiMetadataValue::try_from(value))
            && !OF_GRPC.contains(&name.as_str())
        {
            head.append(name, value);
        }
    }
    head.insert(STATUS, AsciiMetadataValue::from(status));
}

/// What a status of HTTP is in gRPC, in Dapr's view.
fn code(status: u16) -> Code {
    match status {
        200..=299 => Code::Ok,
        400 => Code::Internal,
        401 => Code::Unauthenticated,
        403 => Code::PermissionDenied,
        404 => Code::NotFound,
        408 => Code::Cancelled,
        409 => Code::AlreadyExists,
        429 => Code::ResourceExhausted,
        501 => Code::Unimplemented,
        503 => Code::Unavailable,
        504 => Code::DeadlineExceeded,
        _ => Code::Unknown,
    }
}

fn text(data: &[u8]) -> String {
    let text = String::from_utf8_lossy(data);
    let end = text.floor_char_boundary(TEXT);
    text[..end].to_owned()
}
