//! State.

use std::collections::BTreeMap;

use abide_dapr::host_async::State as _;
use abide_dapr::state::{BulkEntry, Concurrency, Consistency, Item, Operation, Options, Removal};
use abide_dapr_host::blocks::Metadata;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::header::IF_MATCH;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Shared;
use super::answer::{JSON, bytes, field, json, nothing, put_etag, put_metadata};
use crate::query::Query;
use crate::refusal::{Call, Refusal};

/// A value as requests have it.
#[derive(Debug, Deserialize)]
struct Saved {
    #[serde(default)]
    key: String,
    #[serde(default)]
    value: Value,
    #[serde(default)]
    etag: Option<String>,
    #[serde(default)]
    metadata: Option<BTreeMap<String, String>>,
    #[serde(default)]
    options: Option<Choices>,
}

#[derive(Debug, Default, Deserialize)]
struct Choices {
    #[serde(default)]
    concurrency: String,
    #[serde(default)]
    consistency: String,
}

#[derive(Debug, Deserialize)]
struct Bulk {
    #[serde(default)]
    keys: Vec<String>,
    #[serde(default)]
    parallelism: i32,
    #[serde(default)]
    metadata: Option<BTreeMap<String, String>>,
}

#[derive(Debug, Serialize)]
struct Found {
    key: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    etag: Option<String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    metadata: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Transaction {
    #[serde(default)]
    operations: Vec<Step>,
    #[serde(default)]
    metadata: Option<BTreeMap<String, String>>,
}

#[derive(Debug, Deserialize)]
struct Step {
    #[serde(default)]
    operation: String,
    #[serde(default)]
    request: Value,
}

pub(super) async fn get(
    State(api): Shared,
    Path((store, key)): Path<(String, String)>,
    query: Query,
) -> Result<Response, Refusal> {
    plain(&key)?;
    let consistency = consistency(query.get("consistency").unwrap_or_default())?;
    let mut host = api.host();
    let found = host.get(&store, &key, consistency, query.metadata()).await;
    let (store, key) = (&*store, &*key);
    let found = found.map_err(|error| api.refusal(Call::StateGet { store, key }, &error))?;
    let Some(entry) = found else {
        return Ok(nothing());
    };
    let mut response = bytes(StatusCode::OK, JSON, entry.value);
    put_etag(&mut response, &entry.etag);
    put_metadata(&mut response, &entry.metadata);
    Ok(response)
}

pub(super) async fn delete(
    State(api): Shared,
    Path((store, key)): Path<(String, String)>,
    query: Query,
    head: HeaderMap,
) -> Result<Response, Refusal> {
    plain(&key)?;
    let choices = Choices {
        concurrency: query.get("concurrency").unwrap_or_default().to_owned(),
        consistency: query.get("consistency").unwrap_or_default().to_owned(),
    };
    let removal = Removal {
        key: key.clone(),
        etag: etag(field(&head, &IF_MATCH).map(str::to_owned)),
        options: Some(choices.options()?),
        metadata: query.metadata(),
    };
    let deleted = api.host().delete(&store, removal).await;
    let (store, key) = (&*store, &*key);
    deleted.map_err(|error| api.refusal(Call::StateDelete { store, key }, &error))?;
    Ok(nothing())
}

/// A key whose name is also that of another call.
pub(super) async fn get_named(
    api: Shared,
    Path(store): Path<String>,
    uri: Uri,
    query: Query,
) -> Result<Response, Refusal> {
    get(api, Path((store, last(&uri))), query).await
}

/// The same.
pub(super) async fn delete_named(
    api: Shared,
    Path(store): Path<String>,
    uri: Uri,
    query: Query,
    head: HeaderMap,
) -> Result<Response, Refusal> {
    delete(api, Path((store, last(&uri))), query, head).await
}

fn last(uri: &Uri) -> String {
    let path = uri.path();
    path.rsplit('/').next().unwrap_or_default().to_owned()
}

pub(super) async fn save(
    State(api): Shared,
    Path(store): Path<String>,
    query: Query,
    body: Bytes,
) -> Result<Response, Refusal> {
    let saved: Vec<Saved> = parse(&body)?;
    if saved.is_empty() {
        return Ok(nothing());
    }
    let more = query.metadata();
    let items = saved.into_iter().map(|saved| saved.item(&more));
    let items = items.collect::<Result<_, _>>()?;
    let saved = api.host().save(&store, items).await;
    let store = &*store;
    saved.map_err(|error| api.refusal(Call::StateSave { store }, &error))?;
    Ok(nothing())
}

pub(super) async fn bulk(
    State(api): Shared,
    Path(store): Path<String>,
    query: Query,
    body: Bytes,
) -> Result<Response, Refusal> {
    let bulk: Bulk = parse(&body)?;
    for key in &bulk.keys {
        plain(key)?;
    }
    let metadata = merged(bulk.metadata, &query.metadata());
    let parallelism = u32::try_from(bulk.parallelism).unwrap_or_default();
    let mut host = api.host();
    let found = host
        .get_bulk(&store, bulk.keys, parallelism, metadata)
        .await;
    let store = &*store;
    let found = found.map_err(|error| api.refusal(Call::StateBulkGet { store }, &error))?;
    let found = found.into_iter().map(Found::new);
    Ok(json(StatusCode::OK, &found.collect::<Vec<_>>()))
}

pub(super) async fn transact(
    State(api): Shared,
    Path(store): Path<String>,
    query: Query,
    body: Bytes,
) -> Result<Response, Refusal> {
    let transaction: Transaction = parse(&body)?;
    let metadata = merged(transaction.metadata, &query.metadata());
    let steps = transaction.operations.into_iter();
    let steps = steps.map(|step| step.operation(&query.metadata()));
    let steps = steps.collect::<Result<_, _>>()?;
    let done = api.host().transact(&store, steps, metadata).await;
    let store = &*store;
    done.map_err(|error| api.refusal(Call::StateTransact { store }, &error))?;
    Ok(nothing())
}

impl Saved {
    fn item(self, more: &Metadata) -> Result<Item, Refusal> {
        plain(&self.key)?;
        Ok(Item {
            key: self.key,
            // A value that was JSON can be written as such.
            value: serde_json::to_vec(&self.value).unwrap_or_default(),
            etag: etag(self.etag),
            options: self.options.map(|choices| choices.options()).transpose()?,
            metadata: merged(self.metadata, more),
        })
    }
}

impl Step {
    fn operation(self, more: &Metadata) -> Result<Operation, Refusal> {
        let request = |value| serde_json::from_value::<Saved>(value).map_err(malformed);
        match &*self.operation {
            "upsert" => Ok(Operation::Upsert(request(self.request)?.item(more)?)),
            "delete" => {
                let Item {
                    key,
                    etag,
                    options,
                    metadata,
                    ..
                } = request(self.request)?.item(more)?;
                Ok(Operation::Delete(Removal {
                    key,
                    etag,
                    options,
                    metadata,
                }))
            }
            other => Err(Refusal::new(
                400,
                tonic::Code::Unimplemented,
                "ERR_NOT_SUPPORTED_STATE_OPERATION",
                format!("operation type {other} not supported"),
            )),
        }
    }
}

impl Choices {
    fn options(&self) -> Result<Options, Refusal> {
        let concurrency = match &*self.concurrency {
            "" => Concurrency::Unspecified,
            "first-write" => Concurrency::FirstWrite,
            "last-write" => Concurrency::LastWrite,
            other => return Err(unknown("concurrency", other)),
        };
        Ok(Options {
            concurrency,
            consistency: consistency(&self.consistency)?,
        })
    }
}

impl Found {
    fn new(entry: BulkEntry) -> Self {
        let mut found = Self {
            key: entry.key,
            data: None,
            etag: None,
            metadata: BTreeMap::new(),
            error: None,
        };
        match entry.found {
            Err(error) => found.error = Some(error),
            Ok(None) => {}
            Ok(Some(entry)) => {
                found.data = Some(data(entry.value));
                found.etag = Some(entry.etag);
                found.metadata = entry.metadata.into_iter().collect();
            }
        }
        found
    }
}

/// A value among others: as JSON if it is that, as text, or in base64.
fn data(value: Vec<u8>) -> Value {
    if let Ok(value) = serde_json::from_slice(&value) {
        return value;
    }
    let text = String::from_utf8(value);
    Value::String(text.unwrap_or_else(|error| BASE64.encode(error.into_bytes())))
}

fn consistency(text: &str) -> Result<Consistency, Refusal> {
    match text {
        "" => Ok(Consistency::Unspecified),
        "eventual" => Ok(Consistency::Eventual),
        "strong" => Ok(Consistency::Strong),
        other => Err(unknown("consistency", other)),
    }
}

fn unknown(what: &str, value: &str) -> Refusal {
    Refusal::malformed(format!("unrecognized {what} `{value}`"))
}

/// No etag is one that is empty.
fn etag(etag: Option<String>) -> Option<String> {
    etag.filter(|etag| !etag.is_empty())
}

/// What stands behind the question mark holds over what the body says.
fn merged(body: Option<BTreeMap<String, String>>, query: &Metadata) -> Metadata {
    let mut all = body.unwrap_or_default();
    all.extend(query.iter().cloned());
    all.into_iter().collect()
}

/// That a key can be one.
fn plain(key: &str) -> Result<(), Refusal> {
    if key.is_empty() {
        return Err(Refusal::malformed("\"key\" is a required field"));
    }
    if key.contains("||") {
        let message = format!("input key/keyPrefix '{key}' can't contain '||'");
        return Err(Refusal::malformed(message).because("DAPR_STATE_ILLEGAL_KEY"));
    }
    Ok(())
}

fn parse<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, Refusal> {
    serde_json::from_slice(body).map_err(malformed)
}

fn malformed(error: serde_json::Error) -> Refusal {
    Refusal::malformed(format!("failed deserializing HTTP body: {error}"))
}
