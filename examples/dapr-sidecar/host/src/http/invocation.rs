//! Calls of applications, by the path or by a field of the head.

use abide_dapr::host_async::Invocation as _;
use abide_dapr::invocation::{Request as Invoked, Verb};
use axum::body::{Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::{
    AUTHORIZATION, CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, HOST, HeaderMap, HeaderName,
    HeaderValue, TRANSFER_ENCODING, UPGRADE,
};
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use percent_encoding::percent_decode_str;
use tonic::Code;

use super::Shared;
use super::answer::{JSON, bytes, field};
use crate::api::Api;
use crate::query::Query;
use crate::refusal::{Call, Refusal};

/// Where an application's id stands if it is not in the path.
const APP_ID: &str = "dapr-app-id";

/// What is of one connection, and the data's own.
const OF_HTTP: [HeaderName; 6] = [
    CONNECTION,
    CONTENT_LENGTH,
    CONTENT_TYPE,
    HOST,
    TRANSFER_ENCODING,
    UPGRADE,
];

/// `/v1.0/invoke/APP/method/METHOD`.
pub(super) async fn by_path(State(api): Shared, request: Request) -> Result<Response, Refusal> {
    let path = request.uri().path();
    let rest = path.strip_prefix("/v1.0/invoke/").unwrap_or(path);
    let Some((app, method)) = rest.split_once("/method/") else {
        return by_field(&api, request).await;
    };
    let (app, method) = (decoded(app), decoded(method));
    invoke(&api, &app, &method, request).await
}

/// Any other path is a method, if the head says of which application.
pub(super) async fn by_head(State(api): Shared, request: Request) -> Result<Response, Refusal> {
    by_field(&api, request).await
}

async fn by_field(api: &Api, request: Request) -> Result<Response, Refusal> {
    let Some(app) = app_of(request.headers()) else {
        let message = "failed getting app id either from the URL path or the header dapr-app-id";
        return Err(Refusal::new(
            404,
            Code::NotFound,
            "ERR_DIRECT_INVOKE",
            message,
        ));
    };
    let method = decoded(request.uri().path().trim_start_matches('/'));
    invoke(api, &app, &method, request).await
}

fn app_of(head: &HeaderMap) -> Option<String> {
    if let Some(app) = field(head, &HeaderName::from_static(APP_ID)) {
        return Some(app.to_owned());
    }
    let encoded = field(head, &AUTHORIZATION)?.strip_prefix("Basic ")?;
    let pair = String::from_utf8(BASE64.decode(encoded).ok()?).ok()?;
    let (name, app) = pair.split_once(':')?;
    name.eq_ignore_ascii_case(APP_ID).then(|| app.to_owned())
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

async fn invoke(api: &Api, app: &str, method: &str, request: Request) -> Result<Response, Refusal> {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, api.max_body).await;
    let body: Bytes = body.map_err(|error| {
        let message = format!("failed to read request body: {error}");
        Refusal::new(413, Code::InvalidArgument, "ERR_BODY_READ", message)
    })?;
    let verb = parts.method.as_str();
    let invoked = Invoked {
        verb: Verb::named(verb)
            .ok_or_else(|| Refusal::malformed(format!("`{verb}` is no method")))?,
        method: method.to_owned(),
        query: Query::parse(parts.uri.query().unwrap_or_default()).0,
        content_type: field(&parts.headers, &CONTENT_TYPE)
            .unwrap_or_default()
            .to_owned(),
        data: body.into(),
        metadata: metadata(&parts.headers),
    };
    let answered = api.host().invoke(app, invoked).await;
    let answered = answered.map_err(|error| api.refusal(Call::Invoke { app }, &error))?;
    let content_type = HeaderValue::try_from(&answered.content_type);
    let content_type = content_type.ok().filter(|text| !text.is_empty());
    let status = StatusCode::from_u16(answered.status).unwrap_or(StatusCode::BAD_GATEWAY);
    let mut response = bytes(status, content_type.unwrap_or(JSON), answered.data);
    for (name, value) in &answered.metadata {
        let name = HeaderName::try_from(name.as_str());
        if let (Ok(name), Ok(value)) = (name, HeaderValue::try_from(value.as_str()))
            && !OF_HTTP.contains(&name)
        {
            response.headers_mut().append(name, value);
        }
    }
    Ok(response)
}

/// The fields of a head that are not the connection's or this sidecar's.
fn metadata(head: &HeaderMap) -> Vec<(String, String)> {
    let fields = head.iter().filter_map(|(name, value)| {
        let is_ours = OF_HTTP.contains(name) || name == APP_ID;
        let value = value.to_str().ok()?;
        (!is_ours).then(|| (name.as_str().to_owned(), value.to_owned()))
    });
    fields.collect()
}
