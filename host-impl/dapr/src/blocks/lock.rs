//! What a lock store is.

use std::fmt::Debug;
use std::time::Duration;

use abide_dapr::lock::Unlocked;
use async_trait::async_trait;

use crate::failure::Result;

/// A lock store.
#[async_trait]
pub trait LockStore: Debug + Send + Sync {
    /// Takes a lock unless somebody has it. `resource` has the prefix, and `expiry` is at least a
    /// second.
    async fn try_lock(&self, resource: &str, owner: &str, expiry: Duration) -> Result<bool>;

    /// Gives it back.
    async fn unlock(&self, resource: &str, owner: &str) -> Result<Unlocked>;
}
