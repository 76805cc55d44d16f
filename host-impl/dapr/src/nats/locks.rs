//! Locks in a bucket: a value with the owner, which the server ends. Servers before 2.11 cannot,
//! and the clocks of hosts are none to go by.

use std::sync::Arc;
use std::time::Duration;

use abide_dapr::lock::Unlocked;
use async_trait::async_trait;
use bytes::Bytes;

use super::bucket::{Bucket, Write};
use crate::blocks::LockStore;
use crate::failure::{Error, Result};

/// Locks in a bucket: `lock.jetstream`.
#[derive(Debug, Clone)]
pub struct NatsLocks {
    bucket: Arc<Bucket>,
}

impl NatsLocks {
    pub(super) fn new(bucket: Bucket) -> Self {
        let bucket = Arc::new(bucket);
        Self { bucket }
    }

    async fn check(&self) -> Result<()> {
        match self.bucket.has_ttl().await? {
            true => Ok(()),
            false => {
                let text = "locks on NATS need nats-server 2.11 and a bucket with `allow_msg_ttl`";
                Err(Error::Unsupported(text.to_owned()))
            }
        }
    }
}

#[async_trait]
impl LockStore for NatsLocks {
    async fn try_lock(&self, resource: &str, owner: &str, expiry: Duration) -> Result<bool> {
        self.check().await?;
        let write = Write {
            key: resource,
            value: Some(Bytes::copy_from_slice(owner.as_bytes())),
            ttl: Some(expiry),
            expected: Some(0),
        };
        match self.bucket.write(write).await {
            Ok(_) => Ok(true),
            Err(Error::Conflict(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }

    async fn unlock(&self, resource: &str, owner: &str) -> Result<Unlocked> {
        self.check().await?;
        // As long as the server has it somebody holds it, whatever the clock here says.
        let Some(kept) = self.bucket.read(resource, true).await? else {
            return Ok(Unlocked::NotHeld);
        };
        if kept.value != owner.as_bytes() {
            return Ok(Unlocked::OfAnother);
        }
        match self.bucket.erase(kept.revision).await? {
            true => Ok(Unlocked::Success),
            false => Ok(Unlocked::NotHeld),
        }
    }
}
