//! What there is to know of the sidecar itself.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json as value};
use tonic::Code;

use super::Shared;
use super::answer::{json, nothing};
use crate::api::{Api, Subscribed};
use crate::components::capabilities;
use crate::query::Query;
use crate::refusal::Refusal;
use crate::version;

pub(super) async fn health(State(api): Shared, query: Query) -> Result<Response, Refusal> {
    let unwell = |error_code, message| Err(Refusal::new(500, Code::Internal, error_code, message));
    if !api.is_ready() {
        return unwell("ERR_HEALTH_NOT_READY", "dapr is not ready: [app]");
    }
    match query.get("appid") {
        Some(id) if id != api.id() => {
            unwell("ERR_HEALTH_APPID_NOT_MATCH", "dapr app-id does not match")
        }
        _ => Ok(nothing()),
    }
}

/// Who can be asked, can ask others.
pub(super) async fn outbound_health() -> Response {
    nothing()
}

pub(super) async fn get(State(api): Shared) -> Response {
    json(StatusCode::OK, &told(&api))
}

pub(super) async fn set(State(api): Shared, Path(key): Path<String>, body: String) -> Response {
    api.extend(key, body);
    nothing()
}

pub(super) async fn shutdown(State(api): Shared) -> Response {
    api.shutdown.notify_one();
    nothing()
}

fn told(api: &Api) -> Value {
    let components = api.dapr.components().map(|component| {
        value!({
            "name": component.name(),
            "type": component.type_name(),
            "version": component.version(),
            "capabilities": capabilities(component),
        })
    });
    let mut extended = api.extended();
    extended.insert("daprRuntimeVersion".to_owned(), version().to_owned());
    let mut told = value!({
        "id": api.id(),
        "runtimeVersion": version(),
        "components": components.collect::<Vec<_>>(),
        "extended": extended,
        "subscriptions": api.subscribed().iter().map(subscription).collect::<Vec<_>>(),
        "actorRuntime": { "runtimeStatus": "DISABLED", "hostReady": false },
    });
    if let Some(beside) = &api.beside {
        told["appConnectionProperties"] = value!({
            "port": beside.port,
            "protocol": beside.protocol,
            "channelAddress": "127.0.0.1",
        });
    }
    told
}

fn subscription(subscribed: &Subscribed) -> Value {
    let rules = subscribed.rules.iter().map(|(matching, path)| {
        let mut rule = value!({ "path": path });
        if !matching.is_empty() {
            rule["match"] = value!(matching);
        }
        rule
    });
    value!({
        "pubsubname": subscribed.pubsub,
        "topic": subscribed.topic,
        "rules": rules.collect::<Vec<_>>(),
        "deadLetterTopic": subscribed.dead_letter.clone().unwrap_or_default(),
        "type": if subscribed.streaming { "STREAMING" } else { "PROGRAMMATIC" },
    })
}
