//! State.

use std::sync::Arc;

use abide_dapr::host_async;
use abide_dapr::state::{
    BulkEntry, Concurrency, Consistency, Entry, Item, Operation, Options, Removal,
};

use super::{Host, other_kind};
use crate::blocks::{Condition, Delete, Found, Metadata, Read, Set, StateStore, Step};
use crate::components::{Block, BlockKind, Component};
use crate::failure::{Error, Result};
use crate::metadata;

/// How many keys are read at a time where nobody says, and at most.
const PARALLELISM: u32 = 10;
const MOST_PARALLELISM: u32 = 100;

/// A store, as one application has it.
struct Store<'a> {
    host: &'a Host,
    component: Arc<Component>,
    backend: Arc<dyn StateStore>,
}

impl Host {
    fn state(&self, name: &str) -> Result<Store<'_>> {
        let component = self.find(BlockKind::State, name)?;
        let Block::State(backend) = &component.block else {
            return Err(other_kind(&component));
        };
        let backend = Arc::clone(backend);
        let host = self;
        Ok(Store {
            host,
            component,
            backend,
        })
    }
}

impl Store<'_> {
    fn key(&self, key: &str) -> Result<String> {
        self.host.limits().check_name("a key", key)?;
        self.component.state_key(&self.host.app, key)
    }

    fn read(&self, consistency: Consistency, metadata: Metadata) -> Result<Read> {
        self.host.limits().check_metadata(&metadata)?;
        Ok(Read {
            consistency,
            metadata,
        })
    }

    fn set(&self, item: Item) -> Result<Set> {
        self.host.limits().check_metadata(&item.metadata)?;
        Ok(Set {
            key: self.key(&item.key)?,
            value: item.value,
            condition: condition(item.etag, item.options)?,
            consistency: consistency(item.options),
            ttl: metadata::ttl(&item.metadata)?,
            metadata: item.metadata,
        })
    }

    fn delete(&self, removal: Removal) -> Result<Delete> {
        self.host.limits().check_metadata(&removal.metadata)?;
        Ok(Delete {
            key: self.key(&removal.key)?,
            condition: condition(removal.etag, removal.options)?,
            consistency: consistency(removal.options),
            metadata: removal.metadata,
        })
    }

    fn step(&self, operation: Operation) -> Result<Step> {
        Ok(match operation {
            Operation::Upsert(item) => Step::Set(self.set(item)?),
            Operation::Delete(removal) => Step::Delete(self.delete(removal)?),
        })
    }

    /// That there are not too many, and not too much of them.
    fn check<'a>(&self, values: impl ExactSizeIterator<Item = &'a [u8]>) -> Result<()> {
        self.host.limits().check_items(values.len())?;
        let bytes = values.fold(0_usize, |sum, value| sum.saturating_add(value.len()));
        self.host.limits().check_value(bytes)
    }
}

impl host_async::State for Host {
    async fn get(
        &mut self,
        store: &str,
        key: &str,
        consistency: Consistency,
        metadata: Metadata,
    ) -> Result<Option<Entry>> {
        let store = self.state(store)?;
        let read = store.read(consistency, metadata)?;
        let wanted = store.key(key)?;
        let found = self.call(store.backend.get(&wanted, &read)).await?;
        Ok(found.map(|found| entry(key.to_owned(), found)))
    }

    async fn get_bulk(
        &mut self,
        store: &str,
        keys: Vec<String>,
        parallelism: u32,
        metadata: Metadata,
    ) -> Result<Vec<BulkEntry>> {
        let store = self.state(store)?;
        self.limits().check_items(keys.len())?;
        let read = store.read(Consistency::Unspecified, metadata)?;
        let wanted = keys.iter().map(|key| store.key(key));
        let wanted = wanted.collect::<Result<Vec<_>>>()?;
        let parallelism = match parallelism {
            0 => PARALLELISM,
            said => said.min(MOST_PARALLELISM),
        };
        let found = store.backend.get_bulk(&wanted, parallelism as usize, &read);
        let found = self.call(found).await?;
        let entries = keys.into_iter().zip(found).map(|(key, found)| BulkEntry {
            found: match found {
                Ok(found) => Ok(found.map(|found| entry(key.clone(), found))),
                Err(error) => Err(error.to_string()),
            },
            key,
        });
        Ok(entries.collect())
    }

    async fn save(&mut self, store: &str, items: Vec<Item>) -> Result<()> {
        let store = self.state(store)?;
        store.check(items.iter().map(|item| &*item.value))?;
        let sets = items.into_iter().map(|item| store.set(item));
        let mut sets = sets.collect::<Result<Vec<_>>>()?;
        match sets.pop() {
            None => Ok(()),
            Some(set) if sets.is_empty() => self.call(store.backend.set(set)).await,
            Some(set) => {
                sets.push(set);
                self.call(store.backend.set_many(sets)).await
            }
        }
    }

    async fn delete(&mut self, store: &str, removal: Removal) -> Result<()> {
        let store = self.state(store)?;
        let delete = store.delete(removal)?;
        self.call(store.backend.delete(delete)).await
    }

    async fn delete_bulk(&mut self, store: &str, removals: Vec<Removal>) -> Result<()> {
        let store = self.state(store)?;
        self.limits().check_items(removals.len())?;
        let deletes = removals.into_iter().map(|removal| store.delete(removal));
        let deletes = deletes.collect::<Result<Vec<_>>>()?;
        self.call(store.backend.delete_many(deletes)).await
    }

    async fn transact(
        &mut self,
        store: &str,
        operations: Vec<Operation>,
        metadata: Metadata,
    ) -> Result<()> {
        let store = self.state(store)?;
        self.limits().check_metadata(&metadata)?;
        store.check(operations.iter().map(|operation| match operation {
            Operation::Upsert(item) => &*item.value,
            Operation::Delete(_) => &[],
        }))?;
        let steps = operations
            .into_iter()
            .map(|operation| store.step(operation));
        let steps = steps.collect::<Result<Vec<_>>>()?;
        if steps.is_empty() {
            return Ok(());
        }
        self.call(store.backend.transact(steps, &metadata)).await
    }
}

fn entry(key: String, found: Found) -> Entry {
    Entry {
        key,
        value: found.value,
        etag: found.etag,
        metadata: found.metadata,
    }
}

fn condition(etag: Option<String>, options: Option<Options>) -> Result<Condition> {
    let concurrency = options.map_or(Concurrency::Unspecified, |options| options.concurrency);
    match (etag, concurrency) {
        (Some(etag), _) if etag.is_empty() => Err(Error::Invalid("an etag is empty".to_owned())),
        (Some(etag), _) => Ok(Condition::Version(etag)),
        (None, Concurrency::FirstWrite) => Ok(Condition::Absent),
        (None, _) => Ok(Condition::Any),
    }
}

fn consistency(options: Option<Options>) -> Consistency {
    options.map_or(Consistency::Unspecified, |options| options.consistency)
}
