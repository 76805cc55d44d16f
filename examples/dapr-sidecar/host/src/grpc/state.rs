//! State.

use std::sync::Arc;

use abide_dapr::host_async::State as _;
use abide_dapr::state::{Operation, Removal};
use dapr::dapr::proto::runtime::v1::{
    BulkStateItem, DeleteBulkStateRequest, DeleteStateRequest, ExecuteStateTransactionRequest,
    GetBulkStateRequest, GetBulkStateResponse, GetStateRequest, GetStateResponse, SaveStateRequest,
    TransactionalStateOperation,
};
use tonic::Code;

use super::convert;
use crate::api::Api;
use crate::refusal::{Call, Refusal};

pub(super) async fn get(
    api: &Arc<Api>,
    request: GetStateRequest,
) -> Result<GetStateResponse, Refusal> {
    let (store, key) = (&*request.store_name, &*request.key);
    let consistency = convert::consistency(request.consistency);
    let metadata = convert::metadata(request.metadata);
    let found = api.host().get(store, key, consistency, metadata).await;
    let found = found.map_err(|error| api.refusal(Call::StateGet { store, key }, &error))?;
    Ok(
        found.map_or_else(GetStateResponse::default, |entry| GetStateResponse {
            data: entry.value,
            etag: entry.etag,
            metadata: entry.metadata.into_iter().collect(),
        }),
    )
}

pub(super) async fn get_bulk(
    api: &Arc<Api>,
    request: GetBulkStateRequest,
) -> Result<GetBulkStateResponse, Refusal> {
    let store = &*request.store_name;
    let parallelism = u32::try_from(request.parallelism).unwrap_or_default();
    let metadata = convert::metadata(request.metadata);
    let mut host = api.host();
    let found = host
        .get_bulk(store, request.keys, parallelism, metadata)
        .await;
    let found = found.map_err(|error| api.refusal(Call::StateBulkGet { store }, &error))?;
    let items = found.into_iter().map(|found| {
        let mut item = BulkStateItem {
            key: found.key,
            ..BulkStateItem::default()
        };
        match found.found {
            Err(error) => item.error = error,
            Ok(None) => {}
            Ok(Some(entry)) => {
                item.data = entry.value;
                item.etag = entry.etag;
                item.metadata = entry.metadata.into_iter().collect();
            }
        }
        item
    });
    Ok(GetBulkStateResponse {
        items: items.collect(),
    })
}

pub(super) async fn save(api: &Arc<Api>, request: SaveStateRequest) -> Result<(), Refusal> {
    let store = &*request.store_name;
    let items = request.states.into_iter().map(convert::item).collect();
    let saved = api.host().save(store, items).await;
    saved.map_err(|error| api.refusal(Call::StateSave { store }, &error))
}

pub(super) async fn delete(api: &Arc<Api>, request: DeleteStateRequest) -> Result<(), Refusal> {
    let (store, key) = (&*request.store_name, &*request.key);
    let removal = Removal {
        key: key.to_owned(),
        etag: convert::etag(request.etag),
        options: request.options.map(convert::options),
        metadata: convert::metadata(request.metadata),
    };
    let deleted = api.host().delete(store, removal).await;
    deleted.map_err(|error| api.refusal(Call::StateDelete { store, key }, &error))
}

pub(super) async fn delete_bulk(
    api: &Arc<Api>,
    request: DeleteBulkStateRequest,
) -> Result<(), Refusal> {
    let store = &*request.store_name;
    let removals = request.states.into_iter().map(convert::removal).collect();
    let deleted = api.host().delete_bulk(store, removals).await;
    deleted.map_err(|error| api.refusal(Call::StateDeleteBulk { store }, &error))
}

pub(super) async fn transact(
    api: &Arc<Api>,
    request: ExecuteStateTransactionRequest,
) -> Result<(), Refusal> {
    let store = &*request.store_name;
    let operations = request.operations.into_iter().map(operation);
    let operations = operations.collect::<Result<_, _>>()?;
    let metadata = convert::metadata(request.metadata);
    let done = api.host().transact(store, operations, metadata).await;
    done.map_err(|error| api.refusal(Call::StateTransact { store }, &error))
}

fn operation(operation: TransactionalStateOperation) -> Result<Operation, Refusal> {
    let item = operation.request.unwrap_or_default();
    match &*operation.operation_type {
        "upsert" => Ok(Operation::Upsert(convert::item(item))),
        "delete" => Ok(Operation::Delete(convert::removal(item))),
        other => Err(Refusal::new(
            500,
            Code::Unimplemented,
            "ERR_NOT_SUPPORTED_STATE_OPERATION",
            format!("operation type {other} not supported"),
        )),
    }
}
