//! What a state store is.

use std::fmt::Debug;
use std::time::Duration;

use abide_dapr::state::Consistency;
use async_trait::async_trait;
use futures_util::stream::{self, StreamExt as _};

use super::Metadata;
use crate::failure::{Error, Result};

/// A value that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The bytes.
    pub value: Vec<u8>,
    /// Its version, not empty.
    pub etag: String,
    /// What else there is to say.
    pub metadata: Metadata,
}

/// How values are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    /// What has been seen of the writes before.
    pub consistency: Consistency,
    /// As the guest gave it.
    pub metadata: Metadata,
}

/// What has to be there for a write to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// Anything or nothing.
    Any,
    /// Nothing.
    Absent,
    /// That version. An etag that the store could never have made is [`Error::Invalid`].
    Version(String),
}

/// A value to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Set {
    /// Its key, with the prefix.
    pub key: String,
    /// The bytes.
    pub value: Vec<u8>,
    /// Otherwise it is [`Error::Conflict`].
    pub condition: Condition,
    /// What has to be before it is answered.
    pub consistency: Consistency,
    /// For how long it is kept. A write without it takes away the end that there was.
    pub ttl: Option<Duration>,
    /// As the guest gave it.
    pub metadata: Metadata,
}

/// A value to remove.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delete {
    /// Its key, with the prefix.
    pub key: String,
    /// Otherwise it is [`Error::Conflict`]. A key without a value is no such version.
    pub condition: Condition,
    /// What has to be before it is answered.
    pub consistency: Consistency,
    /// As the guest gave it.
    pub metadata: Metadata,
}

/// A step of a transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Writes.
    Set(Set),
    /// Removes.
    Delete(Delete),
}

/// A state store.
#[async_trait]
pub trait StateStore: Debug + Send + Sync {
    /// What it can do beside reading and writing, in Dapr's words: `ETAG`, `TRANSACTIONAL`, `TTL`.
    fn features(&self) -> &'static [&'static str];

    /// Reads a value.
    async fn get(&self, key: &str, read: &Read) -> Result<Option<Found>>;

    /// Reads many, in the order of the keys; at most `parallelism` at a time, which is at least
    /// one.
    async fn get_bulk(
        &self,
        keys: &[String],
        parallelism: usize,
        read: &Read,
    ) -> Result<Vec<Result<Option<Found>>>> {
        let mut reads = Vec::with_capacity(keys.len());
        for key in keys {
            reads.push(self.get(key, read));
        }
        Ok(stream::iter(reads).buffered(parallelism).collect().await)
    }

    /// Writes a value.
    async fn set(&self, set: Set) -> Result<()>;

    /// Writes many, each for itself. The first error is returned when all have been tried.
    async fn set_many(&self, sets: Vec<Set>) -> Result<()> {
        let mut result = Ok(());
        for set in sets {
            let set = self.set(set).await;
            result = result.and(set);
        }
        result
    }

    /// Removes a value.
    async fn delete(&self, delete: Delete) -> Result<()>;

    /// Removes many, each for itself. The first error is returned when all have been tried.
    async fn delete_many(&self, deletes: Vec<Delete>) -> Result<()> {
        let mut result = Ok(());
        for delete in deletes {
            let deleted = self.delete(delete).await;
            result = result.and(deleted);
        }
        result
    }

    /// Does all or nothing, in that order.
    async fn transact(&self, steps: Vec<Step>, metadata: &Metadata) -> Result<()> {
        let _ = (steps, metadata);
        Err(Error::Unsupported("transactions".to_owned()))
    }
}
