//! State.

use std::collections::HashMap;

use abide_dapr::state::Consistency;
use async_trait::async_trait;
use dapr::dapr::proto::common::v1::state_options::{StateConcurrency, StateConsistency};
use dapr::dapr::proto::common::v1::{Etag, StateItem, StateOptions};
use dapr::dapr::proto::runtime::v1::{
    DeleteBulkStateRequest, DeleteStateRequest, ExecuteStateTransactionRequest,
    GetBulkStateRequest, GetStateRequest, SaveStateRequest, TransactionalStateOperation,
};

use super::{Named, error, map, not_empty, sent};
use crate::blocks::{Condition, Delete, Found, Metadata, Read, Set, StateStore, Step};
use crate::failure::{Error, Result, failed};

#[async_trait]
impl StateStore for Named {
    /// What it cannot do it says when it is asked to.
    fn features(&self) -> &'static [&'static str] {
        &["ETAG", "TRANSACTIONAL", "TTL"]
    }

    async fn get(&self, key: &str, read: &Read) -> Result<Option<Found>> {
        not_empty("a key", key)?;
        let request = self.sidecar.request(GetStateRequest {
            store_name: self.name.clone(),
            key: sent(key),
            consistency: consistency(read.consistency),
            metadata: map(read.metadata.clone()),
        });
        let found = self.sidecar.client().get_state(request).await;
        let found = found.map_err(|status| error::of(&status, &self.name))?;
        let found = found.into_inner();
        Ok(self::found(found.data, found.etag, found.metadata))
    }

    async fn get_bulk(
        &self,
        keys: &[String],
        parallelism: usize,
        read: &Read,
    ) -> Result<Vec<Result<Option<Found>>>> {
        let sent: Vec<String> = keys.iter().map(|key| sent(key)).collect();
        let request = self.sidecar.request(GetBulkStateRequest {
            store_name: self.name.clone(),
            keys: sent.clone(),
            parallelism: parallelism.try_into().unwrap_or(i32::MAX),
            metadata: map(read.metadata.clone()),
        });
        let items = self.sidecar.client().get_bulk_state(request).await;
        let items = items.map_err(|status| error::of(&status, &self.name))?;
        // They come in any order, and a key that was asked for twice may come once.
        let mut all = HashMap::new();
        for item in items.into_inner().items {
            let found = match item.error.is_empty() {
                true => Ok(found(item.data, item.etag, item.metadata)),
                false => Err(failed("INTERNAL", item.error)),
            };
            all.insert(item.key, found);
        }
        let missing = || Err(failed("INTERNAL", "the sidecar has left out a key"));
        let found = sent.iter().map(|key| all.get(key).cloned());
        Ok(found.map(|found| found.unwrap_or_else(missing)).collect())
    }

    async fn set(&self, set: Set) -> Result<()> {
        self.set_many(vec![set]).await
    }

    async fn set_many(&self, sets: Vec<Set>) -> Result<()> {
        let request = self.sidecar.request(SaveStateRequest {
            store_name: self.name.clone(),
            states: sets.into_iter().map(upserted).collect(),
        });
        let saved = self.sidecar.client().save_state(request).await;
        self.done(saved)
    }

    async fn delete(&self, delete: Delete) -> Result<()> {
        let item = deleted(delete);
        let request = self.sidecar.request(DeleteStateRequest {
            store_name: self.name.clone(),
            key: item.key,
            etag: item.etag,
            options: item.options,
            metadata: item.metadata,
        });
        let deleted = self.sidecar.client().delete_state(request).await;
        self.done(deleted)
    }

    async fn delete_many(&self, deletes: Vec<Delete>) -> Result<()> {
        let request = self.sidecar.request(DeleteBulkStateRequest {
            store_name: self.name.clone(),
            states: deletes.into_iter().map(deleted).collect(),
        });
        let deleted = self.sidecar.client().delete_bulk_state(request).await;
        self.done(deleted)
    }

    async fn transact(&self, steps: Vec<Step>, metadata: &Metadata) -> Result<()> {
        let operations = steps.into_iter().map(|step| match step {
            Step::Set(set) => operation("upsert", upserted(set)),
            Step::Delete(delete) => operation("delete", deleted(delete)),
        });
        let request = self.sidecar.request(ExecuteStateTransactionRequest {
            store_name: self.name.clone(),
            operations: operations.collect(),
            metadata: map(metadata.clone()),
        });
        let done = self
            .sidecar
            .client()
            .execute_state_transaction(request)
            .await;
        self.done(done)
    }
}

impl Named {
    /// That something was done that has no answer.
    fn done(&self, done: Result<tonic::Response<()>, tonic::Status>) -> Result<(), Error> {
        let done = done.map_err(|status| error::of(&status, &self.name));
        done.map(tonic::Response::into_inner)
    }
}

/// None is a key without a value: that has neither data nor an etag.
fn found(data: Vec<u8>, etag: String, metadata: HashMap<String, String>) -> Option<Found> {
    if data.is_empty() && etag.is_empty() {
        return None;
    }
    Some(Found {
        value: data,
        // A store without etags takes any.
        etag: match etag.is_empty() {
            true => "0".to_owned(),
            false => etag,
        },
        metadata: metadata.into_iter().collect(),
    })
}

fn upserted(set: Set) -> StateItem {
    item(
        set.key,
        set.value,
        set.condition,
        set.consistency,
        set.metadata,
    )
}

fn deleted(delete: Delete) -> StateItem {
    let Delete {
        key,
        condition,
        consistency,
        metadata,
    } = delete;
    item(key, Vec::new(), condition, consistency, metadata)
}

fn item(
    key: String,
    value: Vec<u8>,
    condition: Condition,
    of: Consistency,
    metadata: Metadata,
) -> StateItem {
    let (etag, concurrency) = match condition {
        Condition::Any => (None, StateConcurrency::ConcurrencyLastWrite),
        Condition::Absent => (None, StateConcurrency::ConcurrencyFirstWrite),
        Condition::Version(etag) => (Some(etag), StateConcurrency::ConcurrencyFirstWrite),
    };
    StateItem {
        key: sent(&key),
        value,
        etag: etag.map(|value| Etag { value }),
        metadata: map(metadata),
        options: Some(StateOptions {
            concurrency: concurrency.into(),
            consistency: consistency(of),
        }),
    }
}

fn operation(kind: &str, item: StateItem) -> TransactionalStateOperation {
    TransactionalStateOperation {
        operation_type: kind.to_owned(),
        request: Some(item),
    }
}

fn consistency(of: Consistency) -> i32 {
    let consistency = match of {
        Consistency::Unspecified => StateConsistency::ConsistencyUnspecified,
        Consistency::Eventual => StateConsistency::ConsistencyEventual,
        Consistency::Strong => StateConsistency::ConsistencyStrong,
    };
    consistency.into()
}
