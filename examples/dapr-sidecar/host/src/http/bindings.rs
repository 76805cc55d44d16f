//! Bindings.

use std::collections::BTreeMap;

use abide_dapr::host_async::Bindings as _;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use serde_json::Value;

use super::Shared;
use super::answer::{JSON, bytes, nothing, put_metadata};
use crate::refusal::{Call, Refusal};

#[derive(Debug, Deserialize)]
struct Asked {
    #[serde(default)]
    data: Value,
    #[serde(default)]
    metadata: Option<BTreeMap<String, String>>,
    #[serde(default)]
    operation: String,
}

pub(super) async fn invoke(
    State(api): Shared,
    Path(name): Path<String>,
    body: Bytes,
) -> Result<Response, Refusal> {
    let asked: Asked = serde_json::from_slice(&body)
        .map_err(|error| Refusal::malformed(format!("failed deserializing HTTP body: {error}")))?;
    // Data are JSON for the binding as well: a text has its quotes there.
    let data = serde_json::to_vec(&asked.data).unwrap_or_default();
    let metadata = asked.metadata.unwrap_or_default().into_iter().collect();
    let answered = api
        .host()
        .invoke(&name, &asked.operation, &data, metadata)
        .await;
    let answered = answered.map_err(|error| api.refusal(Call::Binding { name: &name }, &error))?;
    let mut response = match answered.data.is_empty() {
        true => nothing(),
        false => bytes(StatusCode::OK, JSON, answered.data),
    };
    put_metadata(&mut response, &answered.metadata);
    Ok(response)
}
