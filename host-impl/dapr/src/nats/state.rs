//! State in a bucket. Revisions are etags.

use std::sync::Arc;

use abide_dapr::state::Consistency;
use async_trait::async_trait;
use bytes::Bytes;
use chrono::{DateTime, SecondsFormat};

use super::bucket::{Bucket, Kept, Write};
use crate::blocks::{Condition, Delete, Found, Metadata, Read, Set, StateStore};
use crate::failure::{Error, Result};

/// State in a bucket: `state.jetstream`.
#[derive(Debug, Clone)]
pub struct NatsState {
    bucket: Arc<Bucket>,
}

impl NatsState {
    pub(super) fn new(bucket: Bucket) -> Self {
        let bucket = Arc::new(bucket);
        Self { bucket }
    }

    /// Writes if what is there is as it should be.
    async fn write(&self, condition: &Condition, mut write: Write<'_>) -> Result<()> {
        let key = write.key;
        let conflict = || Error::Conflict(format!("`{key}` is another by now"));
        match condition {
            Condition::Any => {}
            Condition::Absent => {
                let kept = self.bucket.read(key, true).await?;
                if kept.as_ref().is_some_and(|kept| kept.is_live) {
                    return Err(conflict());
                }
                if write.value.is_none() {
                    return Ok(());
                }
                write.expected = Some(kept.map_or(0, |kept| kept.revision));
            }
            Condition::Version(etag) => {
                let revision = etag.parse::<u64>().ok().filter(|revision| *revision != 0);
                let revision = revision
                    .ok_or_else(|| Error::Invalid(format!("`{etag}` is no etag of this store")))?;
                // Where values end by themselves, one that has ended has no revision.
                if !self.bucket.has_ttl().await? {
                    let kept = self.bucket.read(key, true).await?;
                    if !kept.is_some_and(|kept| kept.is_live && kept.revision == revision) {
                        return Err(conflict());
                    }
                }
                write.expected = Some(revision);
            }
        }
        self.bucket.write(write).await.map(drop)
    }
}

#[async_trait]
impl StateStore for NatsState {
    fn features(&self) -> &'static [&'static str] {
        &["ETAG", "TTL"]
    }

    async fn get(&self, key: &str, read: &Read) -> Result<Option<Found>> {
        let at_leader = read.consistency == Consistency::Strong;
        let kept = self.bucket.read(key, at_leader).await?;
        Ok(kept.filter(|kept| kept.is_live).map(found))
    }

    async fn set(&self, set: Set) -> Result<()> {
        let write = Write {
            key: &set.key,
            value: Some(Bytes::from(set.value)),
            ttl: set.ttl,
            expected: None,
        };
        self.write(&set.condition, write).await
    }

    async fn delete(&self, delete: Delete) -> Result<()> {
        let write = Write {
            key: &delete.key,
            value: None,
            ttl: None,
            expected: None,
        };
        self.write(&delete.condition, write).await
    }
}

fn found(kept: Kept) -> Found {
    let end = kept.end.and_then(|end| i64::try_from(end).ok());
    let end = end.and_then(DateTime::from_timestamp_millis);
    let told = |end: DateTime<_>| {
        let end = end.to_rfc3339_opts(SecondsFormat::Millis, true);
        ("ttlExpireTime".to_owned(), end)
    };
    Found {
        value: kept.value.to_vec(),
        etag: kept.revision.to_string(),
        metadata: end.map(told).into_iter().collect::<Metadata>(),
    }
}
