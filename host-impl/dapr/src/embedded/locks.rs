//! Locks in memory.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;
use std::time::{Duration, Instant};

use abide_dapr::lock::Unlocked;
use async_trait::async_trait;
use parking_lot::Mutex;

use crate::blocks::LockStore;
use crate::failure::Result;

/// After so many locks, those that are over are looked for.
const SWEEP: usize = 1_024;

/// Locks in memory. Clones are the same store.
#[derive(Debug, Clone, Default)]
pub struct Locks(Arc<Mutex<HashMap<String, Held>>>);

#[derive(Debug)]
struct Held {
    owner: String,
    since: Instant,
    expiry: Duration,
}

impl Held {
    fn is_over(&self) -> bool {
        self.since.elapsed() >= self.expiry
    }
}

impl Locks {
    /// A store without a lock.
    pub fn new() -> Self {
        Self::default()
    }
}

#[async_trait]
impl LockStore for Locks {
    async fn try_lock(&self, resource: &str, owner: &str, expiry: Duration) -> Result<bool> {
        let held = Held {
            owner: owner.to_owned(),
            since: Instant::now(),
            expiry,
        };
        let mut all = self.0.lock();
        if all.len() >= SWEEP && all.len().is_power_of_two() {
            all.retain(|_, held| !held.is_over());
        }
        match all.entry(resource.to_owned()) {
            Entry::Occupied(other) if !other.get().is_over() => Ok(false),
            Entry::Occupied(mut over) => {
                over.insert(held);
                Ok(true)
            }
            Entry::Vacant(free) => {
                free.insert(held);
                Ok(true)
            }
        }
    }

    async fn unlock(&self, resource: &str, owner: &str) -> Result<Unlocked> {
        let mut all = self.0.lock();
        match all.get(resource) {
            None => Ok(Unlocked::NotHeld),
            Some(held) if held.is_over() => {
                all.remove(resource);
                Ok(Unlocked::NotHeld)
            }
            Some(held) if held.owner != owner => Ok(Unlocked::OfAnother),
            Some(_) => {
                all.remove(resource);
                Ok(Unlocked::Success)
            }
        }
    }
}
