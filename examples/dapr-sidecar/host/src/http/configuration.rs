//! Configuration.

use std::collections::BTreeMap;

use abide_dapr::configuration::Item;
use abide_dapr::host_async::Configuration as _;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Map, Value, json as value};
use tonic::Code;

use super::Shared;
use super::answer::{json, nothing};
use crate::query::Query;
use crate::refusal::{Call, Refusal};

pub(super) async fn get(
    State(api): Shared,
    Path(store): Path<String>,
    query: Query,
) -> Result<Response, Refusal> {
    let keys = query.all("key");
    let items = api.host().get(&store, keys.clone(), query.metadata()).await;
    let call = Call::ConfigurationGet {
        store: &store,
        keys: &keys,
    };
    let items = items.map_err(|error| api.refusal(call, &error))?;
    Ok(match items.is_empty() {
        true => nothing(),
        false => json(StatusCode::OK, &items_as_json(&items)),
    })
}

pub(super) async fn subscribe(
    State(api): Shared,
    Path(store): Path<String>,
    query: Query,
) -> Result<Response, Refusal> {
    let keys = query.all("key");
    if api.dapr.app(api.id()).is_none() {
        let message = "app channel is not initialized. cannot subscribe to configuration updates";
        return Err(Refusal::new(
            500,
            Code::Internal,
            "ERR_APP_CHANNEL_NIL",
            message,
        ));
    }
    let id = api
        .host()
        .subscribe(&store, keys.clone(), query.metadata())
        .await;
    let call = Call::ConfigurationSubscribe {
        store: &store,
        keys: &keys,
    };
    let id = id.map_err(|error| api.refusal(call, &error))?;
    Ok(json(StatusCode::OK, &value!({ "id": id })))
}

pub(super) async fn unsubscribe(
    State(api): Shared,
    Path((store, id)): Path<(String, String)>,
) -> Result<Response, Refusal> {
    use abide_dapr_host::Error;
    match api.host().unsubscribe(&store, &id).await {
        Ok(()) => Ok(json(StatusCode::OK, &value!({ "ok": true }))),
        Err(error) => {
            let call = Call::ConfigurationUnsubscribe {
                store: &store,
                id: &id,
            };
            let refusal = api.refusal(call, &error);
            match error {
                Error::NoComponent(_) => Err(refusal),
                // This one has a form of its own.
                _ => {
                    let body = value!({ "ok": false, "message": refusal.message });
                    Ok(json(StatusCode::INTERNAL_SERVER_ERROR, &body))
                }
            }
        }
    }
}

/// Items by their keys.
pub(crate) fn items_as_json(items: &[(String, Item)]) -> Value {
    let items = items.iter().map(|(key, item)| {
        let mut told = Map::new();
        told.insert("value".to_owned(), item.value.clone().into());
        if !item.version.is_empty() {
            told.insert("version".to_owned(), item.version.clone().into());
        }
        let metadata: BTreeMap<_, _> = item.metadata.iter().cloned().collect();
        told.insert("metadata".to_owned(), value!(metadata));
        (key.clone(), Value::Object(told))
    });
    Value::Object(items.collect())
}
