//! Locks.

use std::time::Duration;

use abide_dapr::lock::Unlocked;
use async_trait::async_trait;
use dapr::dapr::proto::runtime::v1::unlock_response::Status;
use dapr::dapr::proto::runtime::v1::{TryLockRequest, UnlockRequest};

use super::{Named, error, sent};
use crate::blocks::LockStore;
use crate::failure::{Result, failed};

/// What the host puts before a lock, and the sidecar as well.
const PREFIX: &str = "lock||";

fn resource(key: &str) -> String {
    sent(key.strip_prefix(PREFIX).unwrap_or(key))
}

#[async_trait]
impl LockStore for Named {
    async fn try_lock(&self, key: &str, owner: &str, expiry: Duration) -> Result<bool> {
        let request = self.sidecar.request(TryLockRequest {
            store_name: self.name.clone(),
            resource_id: resource(key),
            lock_owner: owner.to_owned(),
            expiry_in_seconds: expiry.as_secs().try_into().unwrap_or(i32::MAX),
        });
        let taken = self.sidecar.client().try_lock_alpha1(request).await;
        let taken = taken.map_err(|status| error::of(&status, &self.name))?;
        Ok(taken.into_inner().success)
    }

    async fn unlock(&self, key: &str, owner: &str) -> Result<Unlocked> {
        let request = self.sidecar.request(UnlockRequest {
            store_name: self.name.clone(),
            resource_id: resource(key),
            lock_owner: owner.to_owned(),
        });
        let unlocked = self.sidecar.client().unlock_alpha1(request).await;
        let unlocked = unlocked.map_err(|status| error::of(&status, &self.name))?;
        match unlocked.into_inner().status() {
            Status::Success => Ok(Unlocked::Success),
            Status::LockDoesNotExist => Ok(Unlocked::NotHeld),
            Status::LockBelongsToOthers => Ok(Unlocked::OfAnother),
            Status::InternalError => Err(failed("INTERNAL", "the lock store failed")),
        }
    }
}
