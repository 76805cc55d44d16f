//! Secrets.

use std::collections::BTreeMap;

use abide_dapr::host_async::Secrets as _;
use abide_dapr_host::Error;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::Shared;
use super::answer::{json, nothing};
use crate::query::Query;
use crate::refusal::{Call, Refusal};

pub(super) async fn get(
    State(api): Shared,
    Path((store, key)): Path<(String, String)>,
    query: Query,
) -> Result<Response, Refusal> {
    match api.host().get(&store, &key, query.metadata()).await {
        Ok(secret) => {
            let secret: BTreeMap<_, _> = secret.into_iter().collect();
            Ok(json(StatusCode::OK, &secret))
        }
        Err(Error::NotFound(_)) => Ok(nothing()),
        Err(error) => {
            let (store, key) = (&*store, &*key);
            Err(api.refusal(Call::SecretGet { store, key }, &error))
        }
    }
}

pub(super) async fn bulk(
    State(api): Shared,
    Path(store): Path<String>,
    query: Query,
) -> Result<Response, Refusal> {
    let all = api.host().get_bulk(&store, query.metadata()).await;
    let store = &*store;
    let all = all.map_err(|error| api.refusal(Call::SecretBulk { store }, &error))?;
    let all = all.into_iter().map(|(name, secret)| {
        let secret: BTreeMap<_, _> = secret.into_iter().collect();
        (name, secret)
    });
    Ok(json(StatusCode::OK, &all.collect::<BTreeMap<_, _>>()))
}
