//! Locks.

use abide_dapr::host_async::Lock as _;
use abide_dapr::lock::Unlocked;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use serde_json::json as value;

use super::Shared;
use super::answer::json;
use crate::refusal::{self, Call, Refusal};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Asked {
    #[serde(default)]
    resource_id: String,
    #[serde(default)]
    lock_owner: String,
    #[serde(default)]
    expiry_in_seconds: i32,
}

pub(super) async fn lock(
    State(api): Shared,
    Path(store): Path<String>,
    body: Bytes,
) -> Result<Response, Refusal> {
    let asked = parse(&body)?;
    let seconds = refusal::expiry(&store, asked.expiry_in_seconds)?;
    refusal::check_lock(&store, &asked.resource_id, &asked.lock_owner)?;
    let (resource, owner) = (&*asked.resource_id, &*asked.lock_owner);
    let taken = api.host().try_lock(&store, resource, owner, seconds).await;
    let store = &*store;
    let taken = taken.map_err(|error| api.refusal(Call::TryLock { store }, &error))?;
    Ok(json(StatusCode::OK, &value!({ "success": taken })))
}

pub(super) async fn unlock(
    State(api): Shared,
    Path(store): Path<String>,
    body: Bytes,
) -> Result<Response, Refusal> {
    let asked = parse(&body)?;
    refusal::check_lock(&store, &asked.resource_id, &asked.lock_owner)?;
    let (resource, owner) = (&*asked.resource_id, &*asked.lock_owner);
    let unlocked = api.host().unlock(&store, resource, owner).await;
    let store = &*store;
    let unlocked = unlocked.map_err(|error| api.refusal(Call::Unlock { store }, &error))?;
    let status = match unlocked {
        Unlocked::Success => 0,
        Unlocked::NotHeld => 1,
        Unlocked::OfAnother => 2,
    };
    Ok(json(StatusCode::OK, &value!({ "status": status })))
}

fn parse(body: &[u8]) -> Result<Asked, Refusal> {
    serde_json::from_slice(body)
        .map_err(|error| Refusal::malformed(format!("failed deserializing HTTP body: {error}")))
}
