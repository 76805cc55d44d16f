//! Locks.

use std::sync::Arc;
use std::time::Duration;

use abide_dapr::host_async;
use abide_dapr::lock::Unlocked;

use super::{Host, other_kind};
use crate::blocks::LockStore;
use crate::components::{Block, BlockKind};
use crate::failure::{Error, Result};

impl Host {
    /// A store, and a lock as it is called there.
    fn lock(
        &self,
        store: &str,
        resource: &str,
        owner: &str,
    ) -> Result<(Arc<dyn LockStore>, String)> {
        let component = self.find(BlockKind::Lock, store)?;
        let Block::Lock(backend) = &component.block else {
            return Err(other_kind(&component));
        };
        self.limits().check_name("a resource's id", resource)?;
        self.limits().check_name("an owner", owner)?;
        let key = component.lock_key(&self.app, resource)?;
        Ok((Arc::clone(backend), key))
    }
}

impl host_async::Lock for Host {
    async fn try_lock(
        &mut self,
        store: &str,
        resource_id: &str,
        owner: &str,
        expiry_seconds: u32,
    ) -> Result<bool> {
        let (store, key) = self.lock(store, resource_id, owner)?;
        if expiry_seconds == 0 {
            return Err(Error::Invalid("a lock is for a second at least".to_owned()));
        }
        let expiry = Duration::from_secs(expiry_seconds.into());
        self.call(store.try_lock(&key, owner, expiry)).await
    }

    async fn unlock(&mut self, store: &str, resource_id: &str, owner: &str) -> Result<Unlocked> {
        let (store, key) = self.lock(store, resource_id, owner)?;
        self.call(store.unlock(&key, owner)).await
    }
}
