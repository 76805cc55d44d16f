//! Events.

use std::collections::{BTreeMap, BTreeSet};

use abide_dapr::host_async::Pubsub as _;
use abide_dapr::pubsub::Message;
use abide_dapr_host::Error;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json as value};
use tonic::Code;

use super::Shared;
use super::answer::{field, json, nothing};
use crate::query::Query;
use crate::refusal::{Call, Refusal};

/// One of many events.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    // Dapr takes names in any case, and an SDK relies on it.
    #[serde(default, alias = "entryID")]
    entry_id: String,
    #[serde(default)]
    event: Value,
    #[serde(default)]
    content_type: String,
    #[serde(default)]
    metadata: Option<BTreeMap<String, String>>,
}

/// One that was not taken.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Failed {
    entry_id: String,
    error: String,
}

pub(super) async fn publish(
    State(api): Shared,
    Path((pubsub, topic)): Path<(String, String)>,
    query: Query,
    head: HeaderMap,
    body: Bytes,
) -> Result<Response, Refusal> {
    let content_type = field(&head, &CONTENT_TYPE).unwrap_or_default();
    let mut host = api.host();
    let published = host.publish(&pubsub, &topic, &body, content_type, query.metadata());
    let published = published.await;
    let call = Call::Publish {
        pubsub: &pubsub,
        topic: &topic,
    };
    published.map_err(|error| api.refusal(call, &error))?;
    Ok(nothing())
}

pub(super) async fn publish_bulk(
    State(api): Shared,
    Path((pubsub, topic)): Path<(String, String)>,
    query: Query,
    body: Bytes,
) -> Result<Response, Refusal> {
    let entries: Vec<Entry> = serde_json::from_slice(&body).map_err(|error| {
        let message = format!(
            "error when unmarshaling the request for topic {topic} pubsub {pubsub}: {error}"
        );
        unserialized(message, "DAPR_PUBSUB_UNMARSHAL_EVENTS")
    })?;
    let ids: BTreeSet<_> = entries.iter().map(|entry| &*entry.entry_id).collect();
    if ids.len() < entries.len() || ids.contains("") {
        let message = format!(
            "error marshaling events to bytes for topic {topic} pubsub {pubsub}. error: entryId \
             is duplicated or not present for entry"
        );
        return Err(unserialized(message, "DAPR_PUBSUB_MARSHAL_EVENTS"));
    }
    let ids = entries.iter().map(|entry| entry.entry_id.clone());
    let ids = ids.collect::<Vec<_>>();
    let messages = entries.into_iter().map(Entry::message);
    let messages = messages.collect::<Result<_, _>>().map_err(|error| {
        let message = format!(
            "error when marshalling cloud event envelope for topic {topic} pubsub {pubsub}: {error}"
        );
        unserialized(message, "DAPR_PUBSUB_MARSHAL_ENVELOPE")
    })?;
    let mut host = api.host();
    let published = host.publish_bulk(&pubsub, &topic, messages, query.metadata());
    let failed = published.await;
    let call = Call::Publish {
        pubsub: &pubsub,
        topic: &topic,
    };
    let failed = match failed {
        Ok(failed) if failed.is_empty() => return Ok(nothing()),
        Ok(failed) => failed,
        Err(error @ (Error::NoComponent(_) | Error::Denied(_) | Error::Invalid(_))) => {
            return Err(api.refusal(call, &error));
        }
        Err(error) => {
            let text = error.to_string();
            (0..)
                .zip(&ids)
                .map(|(index, _)| (index, text.clone()))
                .collect()
        }
    };
    let failed = failed.into_iter().map(|(index, error)| Failed {
        entry_id: ids.get(index as usize).cloned().unwrap_or_default(),
        error,
    });
    let body = value!({
        "failedEntries": failed.collect::<Vec<_>>(),
        "errorCode": "ERR_PUBSUB_PUBLISH_MESSAGE",
    });
    Ok(json(StatusCode::INTERNAL_SERVER_ERROR, &body))
}

pub(super) async fn no_topic(Path(pubsub): Path<String>) -> Refusal {
    let message = format!("topic is empty in pubsub {pubsub}");
    Refusal::new(404, Code::InvalidArgument, "ERR_TOPIC_NAME_EMPTY", message)
        .because("DAPR_PUBSUB_TOPIC_NAME_EMPTY")
}

fn unserialized(message: String, reason: &'static str) -> Refusal {
    Refusal::new(400, Code::InvalidArgument, "ERR_PUBSUB_EVENTS_SER", message).because(reason)
}

impl Entry {
    fn message(self) -> Result<Message, String> {
        Ok(Message {
            id: self.entry_id,
            data: data(self.event, &self.content_type)?,
            content_type: self.content_type,
            metadata: self.metadata.unwrap_or_default().into_iter().collect(),
        })
    }
}

/// An event's bytes: base64 where they are said to be binary, text where they are said to be that.
fn data(event: Value, content_type: &str) -> Result<Vec<u8>, String> {
    let (essence, _) = content_type.split_once(';').unwrap_or((content_type, ""));
    match (event, essence) {
        (Value::String(text), "application/octet-stream") => {
            BASE64.decode(text).map_err(|error| error.to_string())
        }
        (Value::String(text), _) if !essence.ends_with("json") => Ok(text.into_bytes()),
        (event, _) => serde_json::to_vec(&event).map_err(|error| error.to_string()),
    }
}
