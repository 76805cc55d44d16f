//! Configuration in memory, which whoever runs the host changes.

use std::collections::BTreeMap;
use std::sync::{Arc, Weak};

use abide_dapr::configuration::Item;
use async_trait::async_trait;
use parking_lot::Mutex;
use tokio::sync::Notify;

use crate::blocks::{ConfigurationStore, Follower, Metadata};
use crate::failure::Result;
use crate::running::Running;

/// Configuration in memory. Clones are the same store.
#[derive(Debug, Clone, Default)]
pub struct Settings(Arc<Mutex<All>>);

/// A store that ends without this.
#[derive(Debug)]
pub(super) struct WeakSettings(Weak<Mutex<All>>);

impl WeakSettings {
    /// The store, if somebody has it.
    pub(super) fn upgrade(&self) -> Option<Settings> {
        self.0.upgrade().map(Settings)
    }
}

#[derive(Debug, Default)]
struct All {
    items: BTreeMap<String, Item>,
    version: u64,
    followers: Vec<Weak<Untold>>,
}

/// What a follower is still to be told: of each item the newest.
#[derive(Debug, Default)]
struct Untold {
    keys: Vec<String>,
    items: Mutex<BTreeMap<String, Item>>,
    more: Notify,
}

impl Settings {
    /// Without an item.
    pub fn new() -> Self {
        Self::default()
    }

    pub(super) fn downgrade(&self) -> WeakSettings {
        WeakSettings(Arc::downgrade(&self.0))
    }

    /// Sets an item, and tells those who follow it.
    pub fn set(&self, key: &str, value: &str) {
        let mut all = self.0.lock();
        all.version += 1;
        let item = Item {
            value: value.to_owned(),
            version: all.version.to_string(),
            metadata: Vec::new(),
        };
        all.items.insert(key.to_owned(), item.clone());
        all.tell(key, item);
    }

    /// Removes an item, and tells those who follow it.
    pub fn remove(&self, key: &str) {
        let mut all = self.0.lock();
        if all.items.remove(key).is_some() {
            let gone = Item {
                value: String::new(),
                version: String::new(),
                metadata: Vec::new(),
            };
            all.tell(key, gone);
        }
    }
}

impl All {
    /// Tells all who want to know.
    fn tell(&mut self, key: &str, item: Item) {
        self.followers.retain(|follower| {
            let Some(untold) = follower.upgrade() else {
                return false;
            };
            let keys = &untold.keys;
            if keys.is_empty() || keys.iter().any(|wanted| wanted == key) {
                untold.items.lock().insert(key.to_owned(), item.clone());
                untold.more.notify_one();
            }
            true
        });
    }
}

#[async_trait]
impl ConfigurationStore for Settings {
    async fn get(&self, keys: &[String], _: &Metadata) -> Result<Vec<(String, Item)>> {
        let all = self.0.lock();
        let pair = |(key, item): (&String, &Item)| (key.clone(), item.clone());
        if keys.is_empty() {
            return Ok(all.items.iter().map(pair).collect());
        }
        let found = keys.iter().filter_map(|key| all.items.get_key_value(key));
        Ok(found.map(pair).collect())
    }

    async fn subscribe(
        &self,
        keys: Vec<String>,
        _: Metadata,
        follower: Arc<dyn Follower>,
    ) -> Result<Running> {
        let untold = Arc::new(Untold {
            keys,
            ..Untold::default()
        });
        self.0.lock().followers.push(Arc::downgrade(&untold));
        Ok(Running::spawn(|mut stopping| async move {
            while stopping.or(untold.more.notified()).await.is_some() {
                let items = std::mem::take(&mut *untold.items.lock());
                if !items.is_empty() {
                    follower.changed(items.into_iter().collect()).await;
                }
            }
        }))
    }
}
