//! Secrets.

use std::sync::Arc;

use abide_dapr::host_async::Secrets as _;
use dapr::dapr::proto::runtime::v1::{
    GetBulkSecretRequest, GetBulkSecretResponse, GetSecretRequest, GetSecretResponse,
    SecretResponse,
};

use super::convert;
use crate::api::Api;
use crate::refusal::{Call, Refusal};

pub(super) async fn get(
    api: &Arc<Api>,
    request: GetSecretRequest,
) -> Result<GetSecretResponse, Refusal> {
    let (store, key) = (&*request.store_name, &*request.key);
    let metadata = convert::metadata(request.metadata);
    let secret = api.host().get(store, key, metadata).await;
    let secret = secret.map_err(|error| api.refusal(Call::SecretGet { store, key }, &error))?;
    Ok(GetSecretResponse {
        data: secret.into_iter().collect(),
    })
}

pub(super) async fn get_bulk(
    api: &Arc<Api>,
    request: GetBulkSecretRequest,
) -> Result<GetBulkSecretResponse, Refusal> {
    let store = &*request.store_name;
    let metadata = convert::metadata(request.metadata);
    let all = api.host().get_bulk(store, metadata).await;
    let all = all.map_err(|error| api.refusal(Call::SecretBulk { store }, &error))?;
    let all = all.into_iter().map(|(name, secret)| {
        let secrets = secret.into_iter().collect();
        (name, SecretResponse { secrets })
    });
    Ok(GetBulkSecretResponse {
        data: all.collect(),
    })
}
