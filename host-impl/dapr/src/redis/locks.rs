//! Locks: a key with its owner for value, which ends by itself.

use std::sync::Arc;
use std::time::Duration;

use abide_dapr::lock::Unlocked;
use async_trait::async_trait;
use redis::Script;

use super::error::strange;
use super::link::Link;
use crate::blocks::LockStore;
use crate::failure::Result;

/// Removes a lock if it is that owner's.
const UNLOCK: &str = "
local owner = redis.call('GET', KEYS[1])
if not owner then return -1 end
if owner ~= ARGV[1] then return -2 end
return redis.call('DEL', KEYS[1])
";

/// Locks of a server: `lock.redis`.
#[derive(Debug, Clone)]
pub struct RedisLocks {
    link: Arc<Link>,
    unlock: Arc<Script>,
}

impl RedisLocks {
    pub(super) fn new(link: Arc<Link>) -> Self {
        let unlock = Arc::new(Script::new(UNLOCK));
        Self { link, unlock }
    }
}

#[async_trait]
impl LockStore for RedisLocks {
    async fn try_lock(&self, resource: &str, owner: &str, expiry: Duration) -> Result<bool> {
        let mut set = redis::cmd("SET");
        let expiry = u64::try_from(expiry.as_millis()).unwrap_or(u64::MAX);
        set.arg(resource).arg(owner).arg("NX").arg("PX").arg(expiry);
        let taken: Option<String> = self.link.query(&set).await?;
        Ok(taken.is_some())
    }

    async fn unlock(&self, resource: &str, owner: &str) -> Result<Unlocked> {
        let (keys, arguments) = ([resource], [owner.as_bytes()]);
        let unlocked = self.link.script(&self.unlock, &keys, &arguments);
        match unlocked.await? {
            0_i64..=1 => Ok(Unlocked::Success),
            -1 => Ok(Unlocked::NotHeld),
            -2 => Ok(Unlocked::OfAnother),
            _ => Err(strange("unlocking")),
        }
    }
}
